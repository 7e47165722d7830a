//! A gateway that is stopped and started again knows what programs said before, as far as it still counts.

use std::sync::Arc;

use directory_model::clock::{Clock, SystemClock};
use directory_model::timestamp::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use suite::postgres;
use suite::process::{Server, wait_until};
use suite::program::{Client, setup_token};
use tokio::time::Duration;

use super::place::{Place, serve};

/// For how long something counts that is over after the restart: long enough to be seen before.
const SHORT: Duration = Duration::from_secs(6);

struct Office {
    admin: Client,
    base: String,
}

impl Office {
    async fn open(place: &Place, server: &Server) -> Self {
        let (admin, tenant) = Client::of_new_tenant_at(&place.url(), &setup_token(&server.log())).await;
        Self { admin, base: format!("/tenants/{tenant}/contacts") }
    }

    async fn contact(&self, name: &str) -> String {
        let contact = self.admin.make(&self.base, json!({ "display_name": name })).await;
        format!("{}/{contact}", self.base)
    }

    /// Says something as a program does; the status of the answer.
    async fn say(&self, contact: &str, kind: &str, device: &str, version: u64, more: Value) -> u16 {
        let mut body = json!({ "origin": { "source": "program", "device": device, "version": version } });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.admin.try_ask(Method::PUT, &format!("{contact}/claims/{kind}"), Some(body)).await.0
    }

    async fn why(&self, contact: &str) -> Value {
        self.admin.get(&format!("{contact}/presence/why")).await
    }

    async fn shows(&self, contact: &str) -> Value {
        self.why(contact).await["presence"]["availability"].clone()
    }
}

/// The claims of an explanation and their parts, without what goes on with the time.
fn claims(why: &Value) -> Vec<(Value, Value)> {
    let parts = why["claims"].as_array().unwrap().iter();
    parts.map(|part| (part["claim"].clone(), part["part"].clone())).collect()
}

async fn stop_and_start(place: Place) {
    let place = Arc::new(place);
    let mut server = serve(&place).await;
    let office = Office::open(&place, &server).await;
    let (anna, ben, carl) = (office.contact("Anna").await, office.contact("Ben").await, office.contact("Carl").await);
    let in_an_hour = SystemClock.now().plus(Duration::from_hours(1));
    for (kind, device, said) in [
        ("computer", "desk", json!({ "state": "active", "ttl_seconds": 3600 })),
        ("computer", "laptop", json!({ "state": "idle", "ttl_seconds": 3600 })),
        ("mobile", "", json!({ "state": "background", "ttl_seconds": 3600 })),
        ("calendar", "", json!({ "show_as": "busy", "ends_at": in_an_hour })),
    ] {
        assert_eq!(office.say(&anna, kind, device, 7, said).await, 204, "{kind} {device}");
    }
    let soon = SystemClock.now().plus(SHORT);
    let seconds = SHORT.as_secs();
    office.say(&ben, "calendar", "", 1, json!({ "show_as": "busy", "ends_at": soon })).await;
    office.say(&carl, "computer", "desk", 1, json!({ "state": "locked", "ttl_seconds": seconds })).await;
    let before = office.why(&anna).await;
    assert_eq!((&before["presence"]["availability"], &before["rule"]), (&json!("busy"), &json!("calendar")));
    assert_eq!((office.shows(&ben).await, office.shows(&carl).await), (json!("busy"), json!("away")));

    server.signal("TERM");
    let (ended, end) = tokio::task::spawn_blocking(move || (server.ended(), past(soon))).await.unwrap();
    assert_eq!(ended, Some(0));
    assert!(end >= soon);
    let _server = serve(&place).await;

    let after = office.why(&anna).await;
    assert_eq!(claims(&after), claims(&before), "versions, devices, moments and ends");
    assert_eq!(after["presence"], before["presence"]);
    assert_eq!(office.say(&anna, "computer", "desk", 7, json!({ "state": "locked", "ttl_seconds": 9 })).await, 409);
    // An appointment that has ended is gone; of a computer that fell silent the last word is remembered and counts no more.
    let of_ben = office.why(&ben).await;
    assert_eq!((&of_ben["presence"]["availability"], claims(&of_ben)), (&json!("unknown"), Vec::new()));
    let of_carl = office.why(&carl).await;
    assert_eq!(
        (&of_carl["presence"]["availability"], &of_carl["claims"][0]["part"]),
        (&json!("unknown"), &json!("silent"))
    );
    office.say(&carl, "telephone", "", 1, json!({ "state": "idle", "ttl_seconds": 60 })).await;
    let of_carl = office.why(&carl).await;
    assert_eq!((&of_carl["presence"]["availability"], &of_carl["rule"]), (&json!("unknown"), &json!("silence")));
}

/// Waits until a moment is over; when that was.
fn past(moment: Timestamp) -> Timestamp {
    wait_until("claims to expire", || SystemClock.now() >= moment);
    SystemClock.now()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_programs_said_survives_a_restart_as_far_as_it_counts() {
    stop_and_start(Place::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_programs_said_survives_a_restart_over_postgresql_as_well() {
    let server = postgres::server();
    let name = server.create();
    stop_and_start(Place::of(&server.url(&name), "")).await;
    server.remove(&name);
}
