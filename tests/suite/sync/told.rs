//! How far runs have come, told as it happens.

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Body;
use directory_model::rights::{Role, Scope};
use gateway_api::{ApiSettings, Peer};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use suite::app::{As, TestGateway};
use suite::on_each_backend;

use super::*;

/// A gateway whose runs are the world's, and somebody who may look at them.
struct Window {
    world: World,
    gateway: TestGateway,
    admin: As,
}

/// A stream that somebody reads.
struct Told {
    body: Body,
    rest: String,
}

impl Window {
    async fn open(db: TestDatabase) -> Self {
        let world = World::new(db).await;
        let engine = Arc::new(world.engine.clone());
        let gateway = TestGateway::with_sync(&world.db.database, &world.db.clock, ApiSettings::default(), engine);
        let admin = gateway.token(world.tenant, "admin", Role::Tenant, Scope::Tenant(world.tenant)).await;
        Self { world, gateway, admin }
    }

    /// Follows the run.
    async fn follow(&self, run: RunId) -> Told {
        let token = self.admin.token.as_ref().expect("a token");
        let request = Request::get(format!("/api/v1/tenants/{}/runs/{run}/progress", self.world.tenant))
            .header("authorization", format!("Bearer {token}"))
            .extension(Peer(SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000))))
            .body(Body::empty())
            .expect("a request");
        let response = self.gateway.app.answer(request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Told { body: response.into_body(), rest: String::new() }
    }
}

impl Told {
    /// The next event by its name; `None` at the end.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((block, rest)) = self.rest.split_once("\n\n") {
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
                let (name, data) = (field("event: "), field("data: "));
                let rest = rest.to_owned();
                self.rest = rest;
                if let Some(data) = data {
                    return Some((name.expect("a name"), serde_json::from_str(&data).expect("JSON")));
                }
                continue;
            }
            let part = self.body.frame().await?.expect("it does not break off").into_data().expect("data");
            self.rest.push_str(std::str::from_utf8(&part).expect("text"));
        }
    }

    /// The next event for which `holds`.
    async fn until(&mut self, holds: impl Fn(&Value) -> bool) -> Value {
        loop {
            let (_, data) = self.next().await.expect("it goes on");
            if holds(&data) {
                return data;
            }
        }
    }
}

on_each_backend! {
    async fn a_run_is_told_from_reading_to_its_end(db: TestDatabase) {
        let window = Window::open(db).await;
        let world = &window.world;
        world.run(&entries(&["anna", "ben"])).await;
        let gate = Arc::new(Notify::new());
        *world.script.gate.lock().unwrap() = Some(gate.clone());
        world.says(&entries(&["anna", "ben", "carl"]));

        let run = world.start().await.expect("starts");
        let mut told = window.follow(run).await;
        let reading = told.until(|data| data["phase"] == "reading").await;
        gate.notify_one();
        let ended = told.until(|data| data["state"] != Value::Null).await;

        assert_eq!((&reading["phase"], &reading["expected"]), (&Value::from("reading"), &Value::from(2)));
        // The clock of tests stands still: no rate follows from that.
        assert_eq!((&reading["per_second"], &reading["seconds_left"]), (&Value::Null, &Value::Null));
        assert_eq!((&ended["state"], &ended["id"]), (&Value::from("succeeded"), &Value::from(run.to_string())));
        assert_eq!(ended["counts"]["created"], 1);
        assert_eq!(told.next().await, None);
    }

    async fn the_pace_is_told_once_time_has_passed(db: TestDatabase) {
        let window = Window::open(db).await;
        let world = &window.world;
        let names: Vec<String> = (0..1000).map(|number| format!("p{number}")).collect();
        let all: Vec<SourceRecord> = names.iter().map(|name| entry(name)).collect();
        world.run(&all).await;
        let (told, mut reads) = mpsc::channel(1);
        *world.script.on_read.lock().unwrap() = Some(told);
        *world.script.gate.lock().unwrap() = Some(Arc::new(Notify::new()));
        // Of these a full portion is compared, and the rest waits for the end of the read.
        world.says(&all[..600]);

        let run = world.start().await.expect("starts");
        reads.recv().await.expect("it reads");
        world.db.clock.advance(std::time::Duration::from_secs(5));
        let reading = window.follow(run).await.until(|data| data["done"] == 500).await;

        assert_eq!((&reading["per_second"], &reading["seconds_left"]), (&Value::from(100), &Value::from(5)));
        world.engine.stop().await;
    }

    async fn a_run_that_has_ended_is_told_at_once(db: TestDatabase) {
        let window = Window::open(db).await;
        let run = window.world.run(&entries(&["anna"])).await;

        let mut told = window.follow(run.id).await;

        let (name, shown) = told.next().await.expect("the run");
        assert_eq!((name.as_str(), &shown["state"]), ("run", &Value::from("succeeded")));
        assert_eq!(told.next().await, None);
    }

    async fn a_plan_that_waits_ends_the_stream_and_its_approval_begins_another(db: TestDatabase) {
        let window = Window::open(db).await;
        let world = &window.world;
        world.run(&entries(&["anna", "ben", "carl"])).await;
        let gate = Arc::new(Notify::new());
        *world.script.gate.lock().unwrap() = Some(gate.clone());
        world.says(&entries(&["anna"]));

        let run = world.start().await.expect("starts");
        let mut told = window.follow(run).await;
        gate.notify_one();
        let waiting = told.until(|data| data["state"] != Value::Null).await;
        assert_eq!(waiting["state"], "awaiting_approval");
        assert_eq!(told.next().await, None);
        world.engine.approve(world.tenant, run, world.origin()).await.expect("approved");
        let ended = window.follow(run).await.until(|data| data["state"] != Value::Null).await;

        assert_eq!((&ended["state"], &ended["counts"]["disabled"]), (&Value::from("succeeded"), &Value::from(2)));
    }

    async fn streams_end_when_the_gateway_stops(db: TestDatabase) {
        let window = Window::open(db).await;
        let world = &window.world;
        *world.script.gate.lock().unwrap() = Some(Arc::new(Notify::new()));
        world.says(&entries(&["anna"]));
        let run = world.start().await.expect("starts");
        let mut told = window.follow(run).await;
        told.until(|data| data["phase"] == "reading").await;

        window.gateway.state.end_streams();

        assert_eq!(told.next().await, None);
        world.engine.stop().await;
    }
}
