//! What visitors leave when nobody can be reached, and who gets to see it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::contact::ContactFields;
use directory_model::enquiry::{ANONYMISED_ADDRESS, ANONYMISED_TEXT};
use directory_model::id::{ContactId, PublicationId};
use directory_model::presence::{Availability, Claim, ClaimKind};
use directory_model::publication::{PublicationEntry, PublicationFields};
use directory_model::rights::{Role, Scope};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;
use directory_store::{alert_outbox, enquiries};
use gateway_presence::facts::{ContactFacts, FactChange, PublicationFacts, TenantFacts};
use http::Method;
use serde_json::{Value, json};
use suite::app::{Answer, As};
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::Office;

/// A tenant with one page that one contact is on.
struct Page {
    office: Office,
    id: String,
    contact: ContactId,
    hook: String,
}

impl Page {
    async fn open(db: TestDatabase, when_unreachable: &str) -> Self {
        let office = Office::open(db).await;
        let contact = office.make("/contacts", json!({"display_name": "Anna Berg"})).await;
        let mail = json!({"kind": "mail", "addresses": ["desk@example.com"]});
        let mail = office.make("/alerts", json!({"name": "Desk", "channel": mail})).await;
        let hook = json!({"kind": "webhook", "url": "https://hooks.example.com/"});
        let hook = office.make("/alerts", json!({"name": "Hook", "channel": hook})).await;
        let fields = json!({"title": "Help", "when_unreachable": when_unreachable, "alerts": [mail, hook],
            "enquiries": {"country": "DE", "days": 7, "consent_de": "Ja, gern."}});
        let made = office.ask(Method::POST, "/publications", Some(fields)).await;
        assert_eq!(made.status, 201, "{}", made.json);
        let page = Self { id: made.id(), contact: contact.parse().expect("an identity"), office, hook };
        page.is_followed(&made.json);
        page
    }

    /// Tells the book what the store has, as the follower does in the program.
    fn is_followed(&self, kept: &Value) {
        let mut fields = kept.as_object().expect("an object").clone();
        for name in ["id", "key", "revision", "created_at", "updated_at"] {
            fields.remove(name);
        }
        let fields: PublicationFields = serde_json::from_value(fields.into()).expect("fields");
        let id: PublicationId = self.id.parse().expect("an identity");
        let contact = ContactFields {
            display_name: Some("Anna Berg".into()),
            sip: Some("sip:a@b.c".into()),
            ..ContactFields::default()
        };
        let entries = vec![PublicationEntry::Contact(self.contact)];
        let facts = vec![
            FactChange::Tenant(TenantFacts::new(&TenantFields::default())),
            FactChange::Contact(ContactFacts::new(self.contact, &contact, Vec::new())),
            FactChange::Publication(Box::new(PublicationFacts {
                id,
                key: "KEY".into(),
                fields,
                entries,
                templates: std::collections::BTreeMap::new(),
            })),
        ];
        self.office.gateway.book.apply(self.office.tenant, facts);
    }

    async fn visit(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let path = format!("/api/v1/visitor/publications/KEY/{path}");
        self.office.gateway.ask_with(&As::default(), method, &path, headers, body).await
    }

    /// A form that is old enough to come back.
    async fn form(&self) -> String {
        let given = self.visit(Method::GET, "form?language=de", &[], None).await;
        assert_eq!(given.status, 200, "{}", given.json);
        self.office.db.clock.advance(Duration::from_secs(3));
        given.json["form"].as_str().expect("a form").to_owned()
    }

    async fn leave(&self, body: &Value) -> Answer {
        self.visit(Method::POST, "enquiries", &[], Some(body)).await
    }

    /// Leaves a message, and says its identity.
    async fn message(&self) -> String {
        let body = entered(&self.form().await);
        let left = self.leave(&body).await;
        assert_eq!(left.status, 201, "{}", left.json);
        left.json["enquiry"].as_str().expect("an identity").to_owned()
    }

    async fn shown(&self, id: &str) -> Answer {
        self.office.ask(Method::GET, &format!("/enquiries/{id}"), None).await
    }

    /// The messages that wait to be sent.
    async fn outbox(&self) -> Vec<Value> {
        let (key, now) = (Arc::clone(self.office.db.database.sealing_key()), self.office.db.clock.now());
        let most = alert_outbox::Most { tenants: 9, of_each: 99 };
        let due = self.office.db.read(move |conn| alert_outbox::due(conn, &key, now, most)).await;
        let mut due: Vec<_> = due.into_iter().map(|due| (due.alert.fields.name, due.message)).collect();
        due.sort_by(|one, other| one.0.cmp(&other.0));
        due.into_iter().map(|(_, message)| serde_json::to_value(message).expect("JSON")).collect()
    }

    async fn set_tenant(&self, change: Value) {
        let shown = self.office.ask(Method::GET, "", None).await;
        let changed = self.office.patch("", &shown.json["revision"].to_string(), change).await;
        assert_eq!(changed.status, 200, "{}", changed.json);
    }
}

fn entered(form: &str) -> Value {
    json!({"form": form, "name": "Erika Muster", "mail": "erika@example.com", "phone": "030 1234567",
        "text": "Where is my parcel?", "has_consented": true})
}

on_each_backend! {
    async fn what_a_visitor_leaves_is_kept_and_on_its_way_when_it_is_answered(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        let mut body = entered(&page.form().await);
        body["about"] = json!({"contact": page.contact});

        let left = page.leave(&body).await;

        assert_eq!((left.status.as_u16(), &left.json["v"]), (201, &json!(1)));
        let id = left.json["enquiry"].as_str().expect("an identity");
        let shown = page.shown(id).await.json;
        assert_eq!(shown["asker"], json!({"name": "Erika Muster", "phone": "+49301234567", "mail": "erika@example.com",
            "text": "Where is my parcel?", "wished_at": null}));
        assert_eq!((&shown["kind"], &shown["publication_title"], &shown["about_name"]), (&json!("message"), &json!("Help"), &json!("Anna Berg")));
        assert_eq!((&shown["language"], &shown["consent"], &shown["done_at"]), (&json!("de"), &json!("Ja, gern."), &Value::Null));
        let days = |text: &Value| text.as_str().expect("a moment").parse::<Timestamp>().expect("a moment");
        assert_eq!(days(&shown["expires_at"]).since(days(&shown["created_at"])), Duration::from_hours(7 * 24));
        let [desk, hook] = &page.outbox().await[..] else { panic!("a message for each channel") };
        assert_eq!((&desk["kind"], &desk["object"]["enquiry"]["id"]), (&json!("enquiry"), &json!(id)));
        assert_eq!(desk["object"]["enquiry"]["asker"]["text"], "Where is my parcel?");
        assert_eq!(hook["object"]["enquiry"]["asker"]["text"], ANONYMISED_TEXT);
        assert_eq!(hook["object"]["enquiry"]["asker"]["phone"], "+49301234567");
    }

    async fn addresses_and_words_are_kept_only_where_the_tenant_keeps_them(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        let first = page.message().await;
        page.set_tenant(json!({"is_client_ip_saved": true, "is_chat_history_saved": true})).await;
        let second = page.message().await;

        assert_eq!(page.shown(&first).await.json["client_address"], ANONYMISED_ADDRESS);
        assert_eq!(page.shown(&second).await.json["client_address"], "127.0.0.1");
        let texts: Vec<_> = page.outbox().await.iter().map(|told| told["object"]["enquiry"]["asker"]["text"].clone()).collect();
        assert_eq!(texts, ["Where is my parcel?", "Where is my parcel?", ANONYMISED_TEXT, "Where is my parcel?"]);
        // What is kept stays when it is answered.
        let done = page.office.ask(Method::PUT, &format!("/enquiries/{second}/done"), None).await;
        assert_eq!((&done.json["asker"]["name"], done.json["done_at"].is_string()), (&json!("Erika Muster"), true));
        page.set_tenant(json!({"is_chat_history_saved": false})).await;
        let done = page.office.ask(Method::PUT, &format!("/enquiries/{first}/done"), None).await;
        let nothing = json!({"name": ANONYMISED_TEXT, "phone": null, "mail": null, "text": ANONYMISED_TEXT, "wished_at": null});
        assert_eq!(done.json["asker"], nothing);
        let reopened = page.office.ask(Method::DELETE, &format!("/enquiries/{first}/done"), None).await;
        assert_eq!((&reopened.json["asker"], &reopened.json["done_at"]), (&nothing, &Value::Null));
    }

    async fn a_form_is_taken_once_however_often_it_is_sent(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        let body = entered(&page.form().await);
        let once = [("idempotency-key", "a-key")];

        let first = page.visit(Method::POST, "enquiries", &once, Some(&body)).await;
        let again = page.visit(Method::POST, "enquiries", &once, Some(&body)).await;
        let without = page.leave(&body).await;

        assert_eq!((first.status.as_u16(), &first.json), (201, &again.json));
        assert_eq!(first.json, without.json);
        assert_eq!(page.outbox().await.len(), 2, "told once");
        let mut other = body.clone();
        other["text"] = json!("Something else");
        assert_eq!(page.leave(&other).await.problem(), "409 not_possible_now");
        let fresh = entered(&page.form().await);
        let under_the_same_key = page.visit(Method::POST, "enquiries", &once, Some(&fresh)).await;
        assert_eq!(under_the_same_key.problem(), "409 not_possible_now");
        assert_eq!(page.leave(&fresh).await.status, 201);
    }

    async fn forms_are_given_out_only_while_nobody_can_be_reached(db: TestDatabase) {
        let page = Page::open(db, "callback").await;
        let given = page.visit(Method::GET, "form", &[], None).await;
        assert_eq!((&given.json["kind"], &given.json["days"], &given.json["min_seconds"]), (&json!("callback"), &json!(7), &json!(3)));
        assert!(given.json["consent"].as_str().expect("a text").contains("after 7 days"), "{}", given.json);
        let form = page.form().await;

        let now = page.office.db.clock.now();
        let claim = Claim {
            contact: page.contact,
            kind: ClaimKind::Platform,
            source: "test".into(),
            device: String::new(),
            version: 1,
            availability: Availability::Available,
            activity: None,
            is_out_of_office: false,
            is_tentative: false,
            is_ringing: false,
            is_repeated: false,
            custom: None,
            since: now,
            heard_at: now,
            expires_at: Some(now.plus(Duration::from_hours(1))),
        };
        page.office.gateway.book.offer_claim(page.office.tenant, claim);

        assert_eq!(page.visit(Method::GET, "form", &[], None).await.problem(), "409 not_possible_now");
        let late = page.leave(&entered(&form)).await;
        assert_eq!(late.status, 201, "who has begun to write may end: {}", late.json);
    }

    async fn pages_that_offer_nothing_give_out_no_form(db: TestDatabase) {
        let page = Page::open(db, "hide").await;
        assert_eq!(page.visit(Method::GET, "form", &[], None).await.problem(), "409 not_possible_now");
        assert_eq!(page.visit(Method::GET, "form?language=fr", &[], None).await.problem(), "400 malformed_request");
    }

    async fn refusals_name_every_field_and_keep_nothing(db: TestDatabase) {
        let page = Page::open(db, "callback").await;
        let form = page.form().await;
        for (change, expected) in [
            (json!({"phone": ""}), "422 invalid_value phone:required"),
            (json!({"phone": "110"}), "422 invalid_value phone:format"),
            (json!({"name": "", "has_consented": false}), "422 invalid_value name:required has_consented:required"),
            (json!({"mail": "nobody"}), "422 invalid_value mail:format"),
            (json!({"text": "x".repeat(501)}), "422 invalid_value text:too_long"),
            (json!({"website": "https://spam.example"}), "422 invalid_value website:format"),
            (json!({"about": {"contact": PublicationId::NIL}}), "422 invalid_value about:unknown"),
            (json!({"form": "v1:nonsense"}), "409 not_possible_now"),
            (json!({"text": "x".repeat(40_000)}), "413 too_large"),
        ] {
            let mut body = entered(&form);
            body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
            let refused = page.leave(&body).await;
            assert_eq!(refused.problem(), expected, "{change}");
            page.office.db.clock.advance(Duration::from_mins(1));
        }
        assert!(page.office.ask(Method::GET, "/enquiries", None).await.json["items"].as_array().expect("items").is_empty());
        assert!(page.outbox().await.is_empty());
    }

    async fn what_comes_too_fast_or_too_often_waits(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        let given = page.visit(Method::GET, "form", &[], None).await;
        let body = entered(given.json["form"].as_str().expect("a form"));

        let fast = page.leave(&body).await;
        assert_eq!((fast.problem().as_str(), fast.header("retry-after")), ("429 too_many_requests", "3"));
        page.office.db.clock.advance(Duration::from_secs(3));
        assert_eq!(page.leave(&body).await.status, 201);
        for _ in 0..8 {
            page.leave(&body).await;
        }
        let often = page.leave(&body).await;
        assert_eq!(often.problem(), "429 too_many_requests");
        assert_eq!(often.header("access-control-expose-headers"), "retry-after");
    }

    async fn only_pages_of_the_publications_domains_may_send(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        let evil = [("origin", "https://evil.test")];
        let path = "/api/v1/visitor/publications/KEY/enquiries";
        for (method, path) in [(Method::OPTIONS, "enquiries"), (Method::GET, "form"), (Method::POST, "enquiries")] {
            let body = entered("x");
            let asked = page.visit(method, path, &evil, Some(&body)).await;
            assert_eq!(asked.problem(), "403 origin_not_allowed");
            assert_eq!(asked.header("access-control-allow-origin"), "");
        }
        let allowed = page.office.gateway.send(&As::default(), Method::OPTIONS, path, &[], Body::empty()).await;
        assert_eq!((allowed.status.as_u16(), allowed.header("access-control-allow-methods")), (204, "POST"));
        assert_eq!(allowed.header("access-control-allow-headers"), "content-type, idempotency-key");
    }

    async fn lists_are_newest_first_and_told_apart_by_what_is_done(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        let first = page.message().await;
        let second = page.message().await;
        page.office.ask(Method::PUT, &format!("/enquiries/{first}/done"), None).await;
        let listed = async |query: &str| {
            let list = page.office.ask(Method::GET, &format!("/enquiries{query}"), None).await;
            let ids = list.json["items"].as_array().unwrap_or_else(|| panic!("{}", list.json)).iter();
            ids.map(|one| one["id"].as_str().expect("an identity").to_owned()).collect::<Vec<_>>()
        };

        assert_eq!(listed("").await, [second.clone(), first.clone()]);
        assert_eq!(listed("?state=open").await, std::slice::from_ref(&second));
        assert_eq!(listed("?state=done").await, [first]);
        assert_eq!(listed("?limit=1").await, std::slice::from_ref(&second));
        assert_eq!(page.office.ask(Method::GET, "/enquiries?state=x", None).await.problem(), "400 malformed_request");
        let removed = page.office.ask(Method::DELETE, &format!("/enquiries/{second}"), None).await;
        assert_eq!(removed.status, 204);
        assert_eq!(page.shown(&second).await.problem(), "404 not_found");
        assert_eq!(page.outbox().await.len(), 2, "what is about it goes with it");
    }

    async fn the_trail_and_the_line_say_that_and_never_what(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        let id = page.message().await;
        page.office.ask(Method::PUT, &format!("/enquiries/{id}/done"), None).await;

        let trail = page.office.ask(Method::GET, &format!("/audit?q={id}"), None).await.json;
        let acts: Vec<_> = trail["items"].as_array().expect("items").iter().map(|one| one["act"].clone()).collect();
        assert_eq!(acts, ["update", "create"]);
        assert!(!trail.to_string().contains("Erika") && !trail.to_string().contains("parcel"), "{trail}");
        let line = page.office.ask(Method::GET, "/changes", None).await.json;
        let changes = line["items"].as_array().expect("items").iter().filter(|one| one["kind"] == "enquiry").count();
        assert_eq!(changes, 2);
    }

    async fn what_is_old_is_forgotten_with_what_was_to_be_told_of_it(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        page.message().await;
        page.office.db.clock.advance(Duration::from_hours(6 * 24));
        let young = page.message().await;
        page.office.db.clock.advance(Duration::from_hours(24));

        let now = page.office.db.clock.now();
        let due = page.office.db.read(move |conn| enquiries::tenants_with_expired(conn, now)).await;
        assert_eq!(due, [page.office.tenant]);
        let origin = Origin { actor: Actor::System, request: None, at: now };
        let forgotten = page.office.db.database.write(page.office.tenant, origin, enquiries::remove_expired).await;
        assert_eq!(forgotten.expect("written"), Some(1));

        let left = page.office.ask(Method::GET, "/enquiries", None).await.json;
        assert_eq!(left["items"].as_array().expect("items").len(), 1);
        assert_eq!(left["items"][0]["id"], json!(young));
        assert_eq!(page.outbox().await.len(), 2);
    }

    async fn a_page_that_is_gone_leaves_what_was_left_on_it(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        let id = page.message().await;

        page.office.ask(Method::DELETE, &format!("/publications/{}", page.id), None).await;

        let shown = page.shown(&id).await.json;
        assert_eq!((&shown["publication"], &shown["publication_title"]), (&Value::Null, &json!("Help")));
        assert_eq!(page.outbox().await.len(), 2, "and still tells of it");
    }

    async fn channels_of_a_page_must_be_the_tenants_and_in_the_sight_of_who_names_them(db: TestDatabase) {
        let page = Page::open(db, "form").await;
        let other = page.office.make("/alerts", json!({"name": "Other", "channel": {"kind": "mail", "addresses": ["a@b.c"]}})).await;
        let id: PublicationId = page.id.parse().expect("an identity");
        let keeper = page.office.gateway.token(page.office.tenant, "keeper", Role::Site, Scope::Publication(id)).await;
        let path = page.office.at(&format!("/publications/{id}"));
        let change = async |who: &As, body: Value| {
            let tag = page.office.gateway.ask(who, Method::GET, &path, None).await.header("etag").to_owned();
            page.office.gateway.ask_with(who, Method::PATCH, &path, &[("if-match", &tag)], Some(&body)).await
        };

        let kept = change(&keeper, json!({"alerts": [page.hook]})).await;
        assert_eq!(kept.json["alerts"], json!([page.hook]), "{}", kept.json);
        assert_eq!(change(&keeper, json!({"alerts": [other]})).await.problem(), "422 invalid_value alerts[0]:unknown");
        let admin = &page.office.admin;
        assert_eq!(change(admin, json!({"alerts": [other]})).await.json["alerts"], json!([other]));
        assert_eq!(change(admin, json!({"alerts": [other, other]})).await.problem(), "422 invalid_value alerts[1]:duplicate");
        page.office.ask(Method::DELETE, &format!("/alerts/{other}"), None).await;
        assert_eq!(page.office.gateway.ask(admin, Method::GET, &path, None).await.json["alerts"], json!([]));
    }
}
