//! Contacts that are looked at by those who are signed in, as they change.

use std::time::Duration;

use axum::body::BodyDataStream;
use directory_model::id::ContactId;
use directory_model::port::Interest as _;
use directory_model::rights::{Role, Scope};
use directory_model::tenant::TenantFields;
use directory_store::allowances;
use futures_util::StreamExt;
use gateway_api::{ApiSettings, ClientPatience};
use gateway_presence::facts::{FactChange, TenantFacts};
use http::{Method, Request};
use serde_json::{Value, json};
use suite::app::{As, TestGateway};
use suite::on_each_backend;

use super::{Office, PASSWORD, signed_in};

/// The numbers of levels, as what people allow each other is kept.
const PUBLIC: i64 = 0x1_0000;
const TEAM: i64 = 0x4_0000;

/// A stream, read event by event.
struct Told {
    body: BodyDataStream,
    rest: String,
}

impl Told {
    /// The next event but pings, as its name and data.
    async fn next(&mut self) -> (String, Value) {
        loop {
            while let Some((block, rest)) =
                self.rest.split_once("\n\n").map(|(block, rest)| (block.to_owned(), rest.to_owned()))
            {
                let field =
                    |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
                let (event, data) = (field("event: "), field("data: "));
                self.rest = rest;
                if !event.is_empty() && event != "ping" {
                    return (event, serde_json::from_str(&data).expect("JSON"));
                }
            }
            let part = self.body.next().await.expect("the stream goes on").expect("a part");
            self.rest.push_str(std::str::from_utf8(&part).expect("UTF-8"));
        }
    }

    /// Whatever comes until the end.
    async fn last(&mut self) -> String {
        let mut last = std::mem::take(&mut self.rest);
        while let Some(part) = self.body.next().await {
            last.push_str(std::str::from_utf8(&part.expect("a part")).expect("UTF-8"));
        }
        last
    }
}

impl Office {
    /// Looks at `contacts` as `who`.
    async fn look(&self, who: &As, contacts: &[&str]) -> Told {
        let path = self.at(&format!("/presence/stream?contacts={}", contacts.join(",")));
        let request = match (&who.token, &who.cookie) {
            (Some(token), _) => Request::get(path).header("authorization", format!("Bearer {token}")),
            (None, cookie) => Request::get(path).header("cookie", cookie.as_deref().expect("a session")),
        };
        let response = self.gateway.app.answer(request.body(axum::body::Body::empty()).expect("a request")).await;
        assert_eq!(response.status(), 200);
        Told { body: response.into_body().into_data_stream(), rest: String::new() }
    }

    /// Has the book know the tenant and a contact, which nobody else tells it here.
    async fn person(&self, name: &str) -> String {
        let id = self.make("/contacts", json!({"display_name": name})).await;
        let facts = TenantFacts::new(&TenantFields::default());
        let fields = directory_model::contact::ContactFields { display_name: Some(name.into()), ..Default::default() };
        let contact = gateway_presence::facts::ContactFacts::new(id.parse().expect("an identity"), &fields, Vec::new());
        self.gateway.book.apply(self.tenant, vec![FactChange::Tenant(facts), FactChange::Contact(contact)]);
        id
    }

    /// A user who is the contact, without rights over others.
    async fn employee(&self, name: &str, contact: &str) -> As {
        let contact: ContactId = contact.parse().expect("an identity");
        self.gateway.token_of(self.tenant, name, Role::Employee, Scope::Tenant(self.tenant), Some(contact)).await
    }

    async fn says(&self, contact: &str, version: i64, availability: &str) {
        let claim = json!({"kind": "computer", "source": "pc", "version": version, "availability": availability, "ttl_seconds": 600});
        assert_eq!(self.ask(Method::PUT, &format!("/contacts/{contact}/claims"), Some(claim)).await.status, 204);
    }

    /// What `owner` lets `watcher` see; nothing any more when absent.
    async fn allow(&self, owner: &str, watcher: &str, level: Option<i64>) {
        let [owner, watcher]: [ContactId; 2] = [owner, watcher].map(|id| id.parse().expect("an identity"));
        let origin = self.db.origin();
        let allowed = self.db.database.write(self.tenant, origin, move |tx| match level {
            Some(level) => allowances::set(tx, owner, watcher, level),
            None => allowances::remove(tx, owner, watcher),
        });
        allowed.await.expect("it is written").expect("there are such contacts").expect("they are contacts");
    }
}

on_each_backend! {
    async fn a_colleague_is_shown_and_what_changes_is_told(db: TestDatabase) {
        let office = Office::open(db).await;
        let (anna, bert) = (office.person("Anna").await, office.person("Bert").await);
        office.says(&anna, 1, "available").await;
        let agent = office.gateway.token(office.tenant, "agent", Role::Agent, Scope::Tenant(office.tenant)).await;
        let nobody = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";
        let mut told = office.look(&agent, &[&bert, &anna, nobody]).await;

        let (event, snapshot) = told.next().await;
        let shown: Vec<_> = snapshot["contacts"].as_array().expect("contacts").iter().map(|one| (one["id"].clone(), one["availability"].clone(), one["level"].clone())).collect();
        assert_eq!(event, "snapshot");
        assert_eq!(shown, [(json!(bert), json!("unknown"), json!("company")), (json!(anna), json!("available"), json!("company"))]);

        office.says(&anna, 2, "available").await;
        office.says(&anna, 3, "away").await;
        let (event, delta) = told.next().await;
        assert_eq!((event.as_str(), &delta["removed"]), ("delta", &json!([])));
        assert_eq!((&delta["changed"][0]["id"], &delta["changed"][0]["availability"]), (&json!(anna), &json!("away")));
        assert_eq!(delta["changed"].as_array().map(Vec::len), Some(1));

        // Who is looked at here is of interest to what asks sources.
        let watched = office.gateway.feed.watched(office.tenant);
        assert_eq!(watched.iter().map(ToString::to_string).collect::<Vec<_>>(), [anna, bert]);
    }

    async fn what_a_colleague_allows_is_seen_at_that_level_and_taken_back(db: TestDatabase) {
        let mut office = Office::open(db).await;
        let clients = ClientPatience { prove_after: Duration::from_millis(20), ..ClientPatience::default() };
        let settings = ApiSettings { clients, ..ApiSettings::default() };
        office.gateway = TestGateway::with(&office.db.database, &office.db.clock, settings);
        let (anna, bert) = (office.person("Anna").await, office.person("Bert").await);
        let watcher = office.employee("bert", &bert).await;
        office.says(&anna, 1, "available").await;
        let note = |kind: &str, text: &str| json!({"kind": kind, "text": text});
        for (kind, text) in [("personal", "At the fair"), ("appointment", "Board meeting"), ("out_of_office", "Ill")] {
            assert_eq!(office.ask(Method::POST, &format!("/contacts/{anna}/notes"), Some(note(kind, text))).await.status, 201);
        }
        let refused = office.look(&watcher, &[&anna, &bert]).await.next().await.1;
        assert_eq!(refused["contacts"].as_array().map(Vec::len), Some(1), "only oneself: {refused}");
        assert_eq!(refused["contacts"][0]["level"], "personal");

        office.allow(&anna, &bert, Some(PUBLIC)).await;
        let mut told = office.look(&watcher, &[&anna]).await;
        let public = told.next().await.1["contacts"][0].clone();
        assert_eq!((&public["level"], &public["notes"], &public["may_set"]), (&json!("public"), &json!(["At the fair"]), &json!(false)));

        office.allow(&anna, &bert, Some(TEAM)).await;
        let team = told.next().await.1["changed"][0].clone();
        assert_eq!((&team["level"], &team["notes"], &team["may_set"]), (&json!("team"), &json!(["At the fair", "Board meeting"]), &json!(true)));

        office.allow(&anna, &bert, None).await;
        let (_, gone) = told.next().await;
        assert_eq!((&gone["removed"], &gone["changed"]), (&json!([anna]), &json!([])));
        office.says(&anna, 2, "away").await;
        office.says(&bert, 1, "busy").await;
        office.gateway.state.end_streams();
        let last = told.last().await;
        assert!(!last.contains("event: delta"), "nothing more is told of who may not be seen: {last}");
    }

    async fn a_stream_that_goes_on_keeps_nobody_signed_in(db: TestDatabase) {
        let mut office = Office::open(db).await;
        let clients = ClientPatience { prove_after: Duration::from_millis(20), ..ClientPatience::default() };
        let settings = ApiSettings { clients, ..ApiSettings::default() };
        office.gateway = TestGateway::with(&office.db.database, &office.db.clock, settings);
        let (anna, bert) = (office.user("anna").await, office.person("Bert").await);
        let body = json!({"tenant": "Acme", "name": "anna", "password": PASSWORD});
        let who = office.gateway.ask(&As::default(), Method::POST, "/api/v1/session", Some(&body)).await;
        let mut told = office.look(&signed_in(&who), &[&bert]).await;
        assert_eq!(told.next().await.1["contacts"], json!([]), "she may not see him yet");

        office.db.clock.advance(Duration::from_mins(20));
        let scope = json!({"kind": "tenant", "id": office.tenant});
        office.make("/grants", json!({"user": anna, "role": "agent", "scope": scope})).await;
        assert_eq!(told.next().await.1["changed"][0]["id"], json!(bert), "she was proven once more");

        // Half an hour after she did something herself.
        office.db.clock.advance(Duration::from_mins(11));
        let ended = tokio::time::timeout(Duration::from_secs(30), told.last()).await;
        assert!(ended.is_ok(), "the stream ends with the session");
    }

    async fn what_cannot_be_looked_at_is_refused(db: TestDatabase) {
        let office = Office::open(db).await;
        let bad = office.ask(Method::GET, "/presence/stream?contacts=anna", None).await;
        assert_eq!(bad.problem(), "422 invalid_value contacts:format");
        let many: Vec<String> = (0..201).map(|at| format!("7ZZZZZZZZZZZZZZZZZZZZZ{at:04}")).collect();
        let bad = office.ask(Method::GET, &format!("/presence/stream?contacts={}", many.join(",")), None).await;
        assert_eq!(bad.problem(), "422 invalid_value contacts:too_long");
        let bad = office.ask(Method::GET, "/presence/stream?people=x", None).await;
        assert_eq!(bad.status, 400, "{}", bad.json);
        let nobody = office.gateway.ask(&As::default(), Method::GET, &office.at("/presence/stream"), None).await;
        assert_eq!(nobody.status, 401);
    }

    async fn one_user_has_so_many_looks_and_no_more(db: TestDatabase) {
        let office = Office::open(db).await;
        let mut looks = Vec::new();
        for _ in 0..8 {
            looks.push(office.look(&office.admin, &[]).await);
        }
        let full = office.ask(Method::GET, "/presence/stream", None).await;
        assert_eq!(full.status, 429, "{}", full.json);
        let mut last = looks.pop().expect("eight");
        last.next().await;
        drop(last);
        // The room is given back when the stream finds out that nobody listens.
        let mut others = Vec::new();
        for mut look in looks {
            others.push(look.next().await.0);
        }
        assert_eq!(others, ["snapshot"; 7]);
    }
}
