//! The rules of the reference for contacts, tenants and domains, each by its name: what the API takes
//! and what it refuses.

use directory_model::address::ADDRESS_CHARS;
use directory_model::contact::SyncedField;
use http::Method;
use serde_json::{Map, Value, json};
use suite::on_each_backend;

use super::Office;

/// The rule, what is said besides a name, and what is answered.
type Case = (&'static str, Value, &'static str);

/// What persons and services may be.
fn kinds() -> Vec<Case> {
    let (person, service) = (json!({}), json!({"is_ucma_endpoint": true}));
    let with = |base: &Value, more: Value| {
        let mut all = base.as_object().cloned().unwrap_or_default();
        all.extend(more.as_object().cloned().unwrap_or_default());
        Value::Object(all)
    };
    vec![
        ("a person is hybrid", with(&person, json!({"is_hybrid": true})), "201"),
        (
            "hybrid is only for persons",
            with(&service, json!({"is_hybrid": true})),
            "422 invalid_value is_hybrid:only_for_persons",
        ),
        (
            "a service overwrites its name",
            with(&service, json!({"is_display_name_overwrite_enabled": true, "service_display_name": "Help"})),
            "201",
        ),
        (
            "the overwrite is only for services",
            with(&person, json!({"is_display_name_overwrite_enabled": true})),
            "422 invalid_value is_display_name_overwrite_enabled:only_for_services",
        ),
        (
            "the overwrite needs a name",
            with(&service, json!({"is_display_name_overwrite_enabled": true})),
            "422 invalid_value is_display_name_overwrite_enabled:needs",
        ),
        (
            "a service's name is only for services",
            with(&person, json!({"service_display_name": "Help"})),
            "422 invalid_value service_display_name:only_for_services",
        ),
        (
            "staff is only for services",
            with(&person, json!({"staffed_by": "01ARZ3NDEKTSV4RRFFQ69G5FAV"})),
            "422 invalid_value staffed_by:only_for_services",
        ),
        (
            "consumer Skype by Skype name",
            json!({"is_contactable_through_consumer_skype": true, "skype": "live:a"}),
            "201",
        ),
        (
            "consumer Skype by SIP address",
            json!({"is_contactable_through_consumer_skype": true, "sip": "s@x.org"}),
            "201",
        ),
        (
            "consumer Skype needs an address",
            json!({"is_contactable_through_consumer_skype": true}),
            "422 invalid_value is_contactable_through_consumer_skype:needs",
        ),
        ("contactable on busy", json!({"can_be_contacted_on_busy": true}), "201"),
        ("vCard per contact", json!({"is_vcard_enabled": true}), "201"),
    ]
}

/// What values look like.
fn values() -> Vec<Case> {
    let long = format!("{}@x.org", "a".repeat(ADDRESS_CHARS - 5));
    vec![
        ("a name is required", json!({"display_name": "  "}), "422 invalid_value display_name:required"),
        ("a first name is a name", json!({"display_name": null, "first_name": "Anna"}), "201"),
        ("SIP addresses have a form", json!({"sip": "anna"}), "422 invalid_value sip:format"),
        ("mail addresses have a form", json!({"mail": "a@b@c"}), "422 invalid_value mail:format"),
        ("Skype names have a form", json!({"skype": "two words"}), "422 invalid_value skype:format"),
        ("SIP addresses have a length", json!({"sip": long}), "422 invalid_value sip:too_long"),
        ("mail addresses have a length", json!({"mail": long}), "422 invalid_value mail:too_long"),
        ("first names have a length", json!({"first_name": "a".repeat(129)}), "422 invalid_value first_name:too_long"),
        ("last names have a length", json!({"last_name": "a".repeat(129)}), "422 invalid_value last_name:too_long"),
        ("the longest first name", json!({"first_name": "a".repeat(128)}), "201"),
        (
            "services' names have a length",
            json!({"is_ucma_endpoint": true, "service_display_name": "a".repeat(257)}),
            "422 invalid_value service_display_name:too_long",
        ),
        (
            "every refusal is said at once",
            json!({"sip": "x", "is_hybrid": true, "is_ucma_endpoint": true}),
            "422 invalid_value sip:format is_hybrid:only_for_persons",
        ),
    ]
}

on_each_backend! {
    async fn the_rules_of_contacts_hold(db: TestDatabase) {
        let office = Office::open(db).await;
        let mut wrong = Vec::new();
        for (rule, said, expected) in kinds().into_iter().chain(values()) {
            let mut body = Map::from_iter([("display_name".to_owned(), json!("Somebody"))]);
            body.extend(said.as_object().cloned().unwrap_or_default());
            let answer = office.ask(Method::POST, "/contacts", Some(Value::Object(body.clone()))).await;
            if answer.problem() != expected {
                wrong.push(format!("{rule}: {} {}", answer.problem(), answer.json));
            }
            let kept = body.iter().filter(|(field, _)| *field != "sip");
            let differing: Vec<&String> = kept.filter(|(name, value)| answer.json[name] != **value).map(|(name, _)| name).collect();
            if expected == "201" && !differing.is_empty() {
                wrong.push(format!("{rule}: {differing:?} are not kept"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn each_synchronized_field_takes_its_longest_value_and_no_more(db: TestDatabase) {
        let office = Office::open(db).await;
        for field in SyncedField::ALL.into_iter().filter(|field| *field != SyncedField::Mail) {
            let name = field.name();
            for (more, expected) in [(0, "201".to_owned()), (1, format!("422 invalid_value {name}:too_long"))] {
                // Characters, not bytes.
                let value = "ß".repeat(field.max_chars() + more);
                let mut body = json!({"display_name": "Somebody"});
                body[name] = json!(value);
                let answer = office.ask(Method::POST, "/contacts", Some(body)).await;
                assert_eq!(answer.problem(), expected, "{name}");
            }
        }
    }

    async fn a_person_that_becomes_a_service_gives_up_what_persons_have(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna", "is_hybrid": true})).await;
        let path = format!("/contacts/{anna}");

        let both = office.patch(&path, "1", json!({"is_ucma_endpoint": true})).await;
        let service = json!({"is_ucma_endpoint": true, "is_hybrid": false, "is_display_name_overwrite_enabled": true, "service_display_name": "Help"});
        let changed = office.patch(&path, "1", service).await;
        let back = office.patch(&path, "2", json!({"is_ucma_endpoint": false})).await;

        assert_eq!(both.problem(), "422 invalid_value is_hybrid:only_for_persons");
        assert_eq!((&changed.json["shown_name"], &changed.json["display_name"]), (&json!("Help"), &json!("Anna")));
        assert_eq!(back.problem(), "422 invalid_value is_display_name_overwrite_enabled:only_for_services service_display_name:only_for_services");
    }

    async fn the_rules_of_domains_and_tenants_hold(db: TestDatabase) {
        let office = Office::open(db).await;
        for (rule, said, expected) in [
            ("a domain has a title", json!({"hosts": ["a.x.org"]}), "422 invalid_value title:required"),
            ("a domain has hosts", json!({"title": "Web"}), "422 invalid_value hosts:required"),
            ("no wildcards", json!({"title": "Web", "hosts": ["*.x.org"]}), "422 invalid_value hosts[0]:format"),
            ("a host once", json!({"title": "Web", "hosts": ["a.x", "A.x"]}), "422 invalid_value hosts[1]:duplicate"),
            (
                "http or https",
                json!({"title": "Web", "hosts": ["a.x.org"], "is_http_allowed": false, "is_https_allowed": false}),
                "422 invalid_value is_https_allowed:needs",
            ),
        ] {
            assert_eq!(office.ask(Method::POST, "/domains", Some(said)).await.problem(), expected, "{rule}");
        }
        for (rule, said, expected) in [
            ("a tenant has a name", json!({"name": " "}), "422 invalid_value name:required"),
            ("a header's value needs its key", json!({"header_value": "x"}), "422 invalid_value header_value:needs"),
            ("a header's key needs its value", json!({"header_key": "X-Key"}), "422 invalid_value header_value:required"),
            ("a header's key is one", json!({"header_key": "X Key", "header_value": "x"}), "422 invalid_value header_key:format"),
            ("addresses are addresses", json!({"base_api_internal_urls": ["ftp://x"]}), "422 invalid_value base_api_internal_urls[0]:format"),
            ("a header", json!({"header_key": "X-Key", "header_value": "x"}), "200"),
        ] {
            assert_eq!(office.patch("", "1", said).await.problem(), expected, "{rule}");
        }
    }

    async fn what_the_reference_sets_by_default_is_set(db: TestDatabase) {
        let office = Office::open(db).await;
        let file = json!({"kind": "file", "path": "people.csv", "format": "csv"});
        let source = office.make("/sources", json!({"name": "HR", "connection": file})).await;

        let source = office.ask(Method::GET, &format!("/sources/{source}"), None).await.json;
        let tenant = office.ask(Method::GET, "", None).await.json;

        assert_eq!((&source["schedule"], &source["is_disabled"]), (&json!("30 1 * * *"), &json!(false)));
        let others = ["leavers", "change_threshold_percent", "approval_threshold_percent", "keep_days", "poll_minutes"];
        assert_eq!(
            others.map(|field| source[field].clone()),
            [json!({"rule": "remove", "after_days": 30}), json!(20), json!(10), json!(30), Value::Null],
            "who is gone is disabled, and removed after 30 days"
        );
        assert_eq!((&source["time_zone"], &source["mapping"]), (&json!("UTC"), &Value::Null));
        assert_eq!(tenant["is_directory_sync_enabled"], true, "later-added contacts are synchronized by themselves");
        assert_eq!(tenant["is_auto_sync_on_adding_enabled"], false);
    }
}
