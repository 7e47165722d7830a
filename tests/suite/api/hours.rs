//! Opening hours with holidays: kept as they were said, and what they do to reachability.

use directory_model::id::{ContactId, PublicationId};
use directory_model::tenant::TenantFields;
use directory_store::{contacts, publications};
use gateway_presence::facts::{ContactFacts, FactChange, PublicationFacts, TenantFacts};
use http::Method;
use serde_json::{Value, json};
use suite::app::{As, TestGateway};
use suite::on_each_backend;

use super::Office;

/// What visitors see of a publication and the one contact that it shows. The clock shows half past
/// ten in Berlin, on Sunday, 22 November 2026.
async fn seen(office: &Office, page: &str, contact: &str) -> Value {
    let (page, contact): (PublicationId, ContactId) = (page.parse().unwrap(), contact.parse().unwrap());
    let tenant = office.tenant;
    let (page, contact) = office
        .db
        .read(move |conn| Ok((publications::find(conn, tenant, page)?, contacts::find(conn, tenant, contact)?)))
        .await;
    let (page, contact) = (page.expect("the publication"), contact.expect("the contact"));
    let facts = vec![
        FactChange::Tenant(TenantFacts::new(&TenantFields::default())),
        FactChange::Contact(ContactFacts::new(contact.id, &contact.fields, Vec::new())),
        FactChange::Publication(Box::new(PublicationFacts::new(&page, std::collections::BTreeMap::new()))),
    ];
    // A gateway that has just started, so that nothing is shown of what was before.
    let gateway = TestGateway::over(&office.db.database, &office.db.clock);
    gateway.book.apply(tenant, facts);
    let snapshot = format!("/api/v1/visitor/publications/{}/snapshot", page.key);
    let shown = gateway.ask(&As::default(), Method::GET, &snapshot, None).await;
    let (head, card) = (&shown.json["publication"], &shown.json["cards"][0]);
    json!({
        "is_open": head["is_open"],
        "opens_at": head["opens_at"],
        "closes_at": head["closes_at"],
        "is_reachable": card["is_reachable"],
        "reason": card["reason"],
    })
}

fn hours(holidays: &Value) -> Value {
    let day = json!([{"from": 540, "to": 720}, {"from": 780, "to": 1020}]);
    json!({"time_zone": "Europe/Berlin", "weekly": [day, day, day, day, day, day, day], "holidays": holidays})
}

on_each_backend! {
    async fn holidays_are_made_shown_changed_and_removed_and_close_the_page(db: TestDatabase) {
        let office = Office::open(db).await;
        let service = json!({"display_name": "Help", "is_ucma_endpoint": true, "sip": "help@x.org"});
        let help = office.make("/contacts", service).await;
        let closed = hours(&json!([
            {"date": "2026-12-25", "name": "Christmas", "intervals": []},
            {"date": "2026-11-22", "name": "Remembrance", "intervals": []},
        ]));
        let body = json!({"title": "Sales", "opening_hours": closed});
        let page = office.make("/publications", body).await;
        let path = format!("/publications/{page}");
        let entries = json!({"entries": [{"contact": help}]});
        assert_eq!(office.ask(Method::PUT, &format!("{path}/entries"), Some(entries)).await.status, 200);

        let read = office.ask(Method::GET, &path, None).await;
        let holidays = &read.json["opening_hours"]["holidays"];
        assert_eq!(read.json["opening_hours"]["weekly"], closed["weekly"]);
        assert_eq!(*holidays, json!([closed["holidays"][1], closed["holidays"][0]]), "in the order of days");
        let on_the_holiday = seen(&office, &page, &help).await;
        assert_eq!(on_the_holiday, json!({
            "is_open": false, "opens_at": "2026-11-23T08:00:00Z", "closes_at": null,
            "is_reachable": false, "reason": "closed",
        }));

        let partly = hours(&json!([{"date": "2026-11-22", "name": "", "intervals": [{"from": 600, "to": 660}]}]));
        let tag = read.header("etag").trim_matches('"').to_owned();
        let changed = office.patch(&path, &tag, json!({"opening_hours": partly})).await;
        assert_eq!(changed.json["opening_hours"], partly);
        assert_eq!(seen(&office, &page, &help).await, json!({
            "is_open": true, "opens_at": null, "closes_at": "2026-11-22T10:00:00Z",
            "is_reachable": true, "reason": null,
        }));

        let tag = changed.header("etag").trim_matches('"').to_owned();
        let without = office.patch(&path, &tag, json!({"opening_hours": hours(&json!([]))})).await;
        assert_eq!(without.json["opening_hours"]["holidays"], json!([]));
        assert_eq!(seen(&office, &page, &help).await["closes_at"], "2026-11-22T11:00:00Z");

        let tag = without.header("etag").trim_matches('"').to_owned();
        let always = office.patch(&path, &tag, json!({"opening_hours": null})).await;
        assert_eq!(always.json["opening_hours"], json!(null));
        assert_eq!(seen(&office, &page, &help).await["closes_at"], json!(null));
    }

    async fn hours_that_make_no_sense_are_refused_with_their_place(db: TestDatabase) {
        let office = Office::open(db).await;
        let day = |date: &str| json!({"date": date});
        let late = json!([{"date": "2026-12-24", "intervals": [{"from": 600, "to": 600}]}]);
        for (hours, problem) in [
            (hours(&json!([day("2026-12-24"), day("2026-12-24")])), "opening_hours.holidays[1].date:duplicate"),
            (hours(&json!([day("24.12.2026")])), "opening_hours:format"),
            (hours(&late), "opening_hours.holidays[0].intervals[0].to:out_of_range"),
            (json!({"time_zone": "Mars", "weekly": []}), "opening_hours.time_zone:format opening_hours.weekly:format"),
        ] {
            let body = json!({"title": "Sales", "opening_hours": hours});
            let refused = office.ask(Method::POST, "/publications", Some(body)).await;
            assert!(refused.problem().starts_with(&format!("422 invalid_value {problem}")), "{} {problem}", refused.json);
        }
    }
}
