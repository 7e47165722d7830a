//! Who is told what happens to runs.

use std::time::Duration;

use directory_model::alert::{Alert, AlertChannel, AlertFields, AlertKind, AlertMessage, DeliveryFailure};
use directory_model::id::AlertId;
use directory_source::outbound::OutboundPolicy;
use directory_source::webhook::Webhooks;
use directory_store::error::{Conflict, StoreError};
use directory_store::{alert_outbox, alerts, audit};
use gateway_alerts::mail::Mailer;
use gateway_alerts::{Courier, Parts as CourierParts};
use serde_json::Value;
use suite::emulator::{Emulator, Reply, Seen};
use suite::on_each_backend;
use suite::webhook::{SECRET, signature};

use super::*;

pub(super) fn to_webhook(url: impl Into<String>) -> AlertFields {
    AlertFields {
        name: "Desk".into(),
        channel: AlertChannel::Webhook { url: url.into() },
        is_on_failure: true,
        is_on_waiting: true,
        silent_hours: None,
        is_disabled: false,
    }
}

/// A receiver that answers with each status in turn, the last one for ever.
async fn receiver(statuses: &'static [u16]) -> Emulator {
    let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    Emulator::start(move |_| {
        let at = count.fetch_add(1, Ordering::Relaxed).min(statuses.len() - 1);
        Reply::empty(statuses[at])
    })
    .await
}

fn message(seen: &Seen) -> AlertMessage {
    serde_json::from_str(&seen.body).expect("an envelope")
}

impl World {
    pub(super) async fn tell(&self, fields: AlertFields) -> AlertId {
        self.tell_of(self.tenant, fields).await
    }

    async fn tell_of(&self, tenant: TenantId, fields: AlertFields) -> AlertId {
        let (fields, key) = (fields.check().expect("valid"), Arc::clone(self.db.database.sealing_key()));
        self.db
            .write(tenant, move |tx| {
                let alert = alerts::insert(tx, &fields)?;
                alerts::set_secret(tx, &key, alert.id, Some(&Secret::new(SECRET)))?;
                Ok(alert.id)
            })
            .await
    }

    pub(super) async fn alert(&self, id: AlertId) -> Alert {
        let (tenant, key) = (self.tenant, Arc::clone(self.db.database.sealing_key()));
        self.db.read(move |conn| alerts::find(conn, &key, tenant, id)).await.expect("the alert")
    }

    async fn change_alert(&self, id: AlertId, change: impl FnOnce(&mut AlertFields) + Send + 'static) {
        let (alert, key) = (self.alert(id).await, Arc::clone(self.db.database.sealing_key()));
        let mut fields = alert.fields;
        change(&mut fields);
        let fields = fields.check().expect("valid");
        let update = move |tx: &mut directory_store::tx::Tx<'_>| alerts::update(tx, &key, id, alert.revision, &fields);
        self.db.write(self.tenant, update).await.expect("the alert");
    }

    pub(super) async fn ask_for_test(&self, id: AlertId) -> Result<(), StoreError> {
        self.ask_for_test_of(self.tenant, id).await
    }

    async fn ask_for_test_of(&self, tenant: TenantId, id: AlertId) -> Result<(), StoreError> {
        let origin = Origin { actor: Actor::System, request: None, at: self.db.clock.now() };
        let asked = self.db.database.write(tenant, origin, move |tx| alert_outbox::test(tx, id)).await?;
        asked.expect("the alert");
        Ok(())
    }

    pub(super) fn courier(&self, mailer: Option<Mailer>) -> Courier {
        self.courier_within(mailer, &OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() })
    }

    pub(super) fn courier_within(&self, mailer: Option<Mailer>, outbound: &OutboundPolicy) -> Courier {
        let (database, clock) = (self.db.database.clone(), Arc::new(self.db.clock.clone()));
        let webhooks = Webhooks::new(outbound).expect("a client");
        Courier::new(CourierParts { database, clock, mailer, webhooks })
    }

    pub(super) async fn ends_as(&self, problem: RunProblem) -> Run {
        *self.script.end.lock().unwrap() = Some(Err(problem));
        let run = self.run(&entries(&["anna"])).await;
        *self.script.end.lock().unwrap() = None;
        run
    }
}

/// How many messages arrive now.
pub(super) async fn brought(courier: &Courier) -> usize {
    courier.deliver().await.expect("the store writes")
}

/// How many sources are told to be silent now.
async fn silent(courier: &Courier) -> usize {
    courier.look_for_silence().await.expect("the store writes")
}

on_each_backend! {
    async fn a_run_that_fails_is_told_once_signed_and_as_what_it_is(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[204]).await;
        let alert = world.tell(to_webhook(format!("{}/hook?team=1", receiver.origin()))).await;

        let run = world.ends_as(RunProblem::Empty).await;
        let courier = world.courier(None);
        assert_eq!((brought(&courier).await, brought(&courier).await), (1, 0));

        let [seen] = &receiver.seen()[..] else { panic!("one request") };
        assert_eq!((seen.path.as_str(), seen.asked("team")), ("/hook", "1"));
        assert_eq!(seen.header("webhook-signature"), signature(seen));
        assert_eq!(seen.header("webhook-timestamp"), (world.db.clock.now().millis() / 1000).to_string());
        let told = message(seen);
        assert_eq!((told.v, &told.kind, told.tenant), (1, &AlertKind::RunFailed, world.tenant));
        assert_eq!(told.id, seen.header("webhook-id"));
        assert_eq!((told.object.run, told.object.problem), (Some(run.id), Some(RunProblem::Empty)));
        assert_eq!((told.object.source_name.as_deref(), told.object.tenant_name.as_str()), (Some("Directory"), "Acme"));
        assert_eq!(world.alert(alert).await.delivered_at, Some(world.db.clock.now()));
    }

    async fn the_same_failure_again_is_no_news_and_another_one_is(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200]).await;
        world.tell(to_webhook(receiver.origin())).await;

        world.ends_as(RunProblem::Empty).await;
        world.ends_as(RunProblem::Empty).await;
        world.ends_as(RunProblem::LookupOnly).await;
        world.run(&entries(&["anna"])).await;
        world.ends_as(RunProblem::LookupOnly).await;
        let courier = world.courier(None);
        assert_eq!((brought(&courier).await, brought(&courier).await), (2, 1), "two of a tenant at a time");

        let told: Vec<_> = receiver.seen().iter().map(|seen| message(seen).object.problem).collect();
        // They are sent at the same time, so in any order.
        assert_eq!(told.iter().filter(|problem| **problem == Some(RunProblem::Empty)).count(), 1);
        assert_eq!(told.iter().filter(|problem| **problem == Some(RunProblem::LookupOnly)).count(), 2);
    }

    async fn a_run_that_waits_is_told_to_those_who_want_to_know(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200]).await;
        world.tell(to_webhook(receiver.origin())).await;
        let uninterested = AlertFields { name: "Other".into(), is_on_waiting: false, ..to_webhook(receiver.origin()) };
        world.tell(uninterested).await;
        let off = AlertFields { name: "Off".into(), is_disabled: true, ..to_webhook(receiver.origin()) };
        world.tell(off).await;
        world.run(&entries(&["anna", "ben", "carl"])).await;

        let waiting = world.run(&entries(&["anna"])).await;
        assert_eq!(brought(&world.courier(None)).await, 1);

        assert_eq!(waiting.state, RunState::AwaitingApproval);
        let told = message(&receiver.seen()[0]);
        assert_eq!((told.kind, told.object.problem), (AlertKind::RunWaiting, waiting.problem));
        assert_eq!(told.object.counts.map(|counts| counts.disabled), Some(2));
    }

    async fn nobody_is_told_of_what_somebody_watches(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200]).await;
        world.tell(to_webhook(receiver.origin())).await;
        let courier = world.courier(None);
        let first = world.run(&entries(&["anna", "ben", "carl"])).await;
        let waiting = world.run(&entries(&["anna"])).await;
        assert_eq!(brought(&courier).await, 1, "the plan waits");
        world.edit(world.contact("ben").await.id, |fields| fields.is_vcard_enabled = true).await;
        let stale = world.engine.approve(world.tenant, waiting.id, world.origin()).await;
        assert_eq!(stale, Err(StartRefused::Stale));

        let undoing = world.engine.undo(world.tenant, first.id, world.origin()).await.expect("starts");
        world.engine.ended(undoing).await;
        assert_eq!(world.found(undoing).await.state, RunState::AwaitingApproval);

        assert_eq!(brought(&courier).await, 0, "neither of the stale plan nor of the undoing");
    }

    async fn a_source_that_is_silent_is_told_once_until_it_succeeds(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200]).await;
        world.tell(AlertFields { silent_hours: Some(24), ..to_webhook(receiver.origin()) }).await;
        world.run(&entries(&["anna"])).await;
        let succeeded_at = world.db.clock.now();
        let courier = world.courier(None);

        world.db.clock.advance(Duration::from_hours(23));
        assert_eq!(silent(&courier).await, 0);
        world.db.clock.advance(Duration::from_hours(2));
        assert_eq!((silent(&courier).await, silent(&courier).await), (1, 0));
        courier.deliver().await.expect("the store writes");
        world.run(&entries(&["anna"])).await;
        assert_eq!(silent(&courier).await, 0);
        world.db.clock.advance(Duration::from_hours(25));
        assert_eq!(silent(&courier).await, 1);
        world.run(&entries(&["anna"])).await;
        assert_eq!(silent(&courier).await, 0);
        world.db.clock.advance(Duration::from_hours(100));
        world.switch_sync(false).await;
        assert_eq!(silent(&courier).await, 0, "its tenant wants no runs");
        world.switch_sync(true).await;
        world.edit_source(|source| source.is_disabled = true).await;
        assert_eq!(silent(&courier).await, 0);
        world.edit_source(|source| (source.is_disabled, source.schedule) = (false, None)).await;
        assert_eq!(silent(&courier).await, 0, "it does not run by itself");
        world.edit_source(|source| source.poll_minutes = Some(5)).await;
        assert_eq!(silent(&courier).await, 1);

        let told = message(&receiver.seen()[0]);
        assert_eq!((told.kind, told.object.hours), (AlertKind::SourceSilent, Some(24)));
        assert_eq!((told.object.succeeded_at, told.object.source), (Some(succeeded_at), Some(world.source)));
    }

    async fn what_does_not_arrive_is_tried_again_later_and_later(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[500, 503, 200]).await;
        let alert = world.tell(to_webhook(receiver.origin())).await;
        world.ends_as(RunProblem::Empty).await;

        assert_eq!(brought(&world.courier(None)).await, 0);
        let failure = world.alert(alert).await.failure;
        assert_eq!(failure, Some(DeliveryFailure::Refused { detail: "the server answered 500".into() }));
        assert_eq!(brought(&world.courier(None)).await, 0, "not at once");
        world.db.clock.advance(Duration::from_secs(13));
        assert_eq!(brought(&world.courier(None)).await, 0);
        world.db.clock.advance(Duration::from_secs(13));
        assert_eq!(brought(&world.courier(None)).await, 0, "and later the second time");
        world.db.clock.advance(Duration::from_secs(50));
        // Another courier, as after a restart.
        assert_eq!(brought(&world.courier(None)).await, 1);

        let seen = receiver.seen();
        assert_eq!(seen.len(), 3);
        assert!(seen.iter().all(|one| one.body == seen[0].body), "the same message, however often");
        assert!(seen.iter().all(|one| one.header("webhook-signature") == signature(one)));
        assert_ne!(seen[0].header("webhook-timestamp"), seen[2].header("webhook-timestamp"));
        assert_eq!(world.alert(alert).await.failure, None);
    }

    async fn a_message_is_given_up_in_the_end(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[500]).await;
        world.tell(to_webhook(receiver.origin())).await;
        world.ends_as(RunProblem::Empty).await;

        for _ in 0..20 {
            world.courier(None).deliver().await.expect("the store writes");
            world.db.clock.advance(Duration::from_hours(8));
        }

        assert_eq!(receiver.seen().len(), 12);
    }

    async fn a_server_that_is_gone_is_asked_once(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[410]).await;
        world.tell(to_webhook(receiver.origin())).await;
        world.ends_as(RunProblem::Empty).await;

        for _ in 0..3 {
            world.courier(None).deliver().await.expect("the store writes");
            world.db.clock.advance(Duration::from_hours(8));
        }

        assert_eq!(receiver.seen().len(), 1);
    }

    async fn nothing_goes_where_the_platform_does_not_allow(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200]).await;
        let alert = world.tell(to_webhook(receiver.origin())).await;
        world.ends_as(RunProblem::Empty).await;

        let courier = world.courier_within(None, &OutboundPolicy::default());
        assert_eq!(brought(&courier).await, 0);

        assert!(receiver.seen().is_empty());
        let Some(DeliveryFailure::Unanswered { detail }) = world.alert(alert).await.failure else { panic!("a failure") };
        assert!(detail.contains("has no address that the gateway may connect to"), "{detail}");
    }

    async fn nothing_is_sent_unsigned_and_a_secret_does_not_move(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200]).await;
        let alert = world.tell(to_webhook("https://elsewhere.example.com/")).await;
        let url = receiver.origin().to_owned();
        world.change_alert(alert, move |fields| fields.channel = AlertChannel::Webhook { url }).await;
        world.ends_as(RunProblem::Empty).await;

        assert_eq!(brought(&world.courier(None)).await, 0);

        assert!(receiver.seen().is_empty());
        assert_eq!(world.alert(alert).await.failure, Some(DeliveryFailure::NoSecret));
    }

    async fn an_alert_that_goes_elsewhere_begins_anew(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200, 500]).await;
        let url = format!("{}/hush/secret", receiver.origin());
        let alert = world.tell(to_webhook(&url)).await;
        for _ in 0..2 {
            world.ask_for_test(alert).await.expect("asked");
            world.courier(None).deliver().await.expect("the store writes");
        }
        let before = world.alert(alert).await;
        assert!(before.delivered_at.is_some() && before.failure.is_some());

        world.change_alert(alert, |fields| fields.name = "Other desk".into()).await;
        let renamed = world.alert(alert).await;
        assert_eq!((renamed.delivered_at, renamed.failure), (before.delivered_at, before.failure));
        world.change_alert(alert, move |fields| fields.channel = AlertChannel::Webhook { url: format!("{url}/moved") }).await;

        let moved = world.alert(alert).await;
        assert_eq!((moved.delivered_at, moved.failure), (None, None));
        let (tenant, page) = (world.tenant, PageRequest::default());
        let audited = world.db.read(move |conn| audit::list(conn, tenant, &page)).await;
        let audited = format!("{:?}", audited.items);
        assert!(audited.contains(receiver.origin()) && !audited.contains("hush"), "{audited}");
    }

    async fn nothing_that_is_kept_of_a_failure_says_more_than_where(db: TestDatabase) {
        let world = World::new(db).await;
        let alert = world.tell(to_webhook("https://127.0.0.1:1/T0/secret?key=hush")).await;
        world.ask_for_test(alert).await.expect("asked");

        world.courier_within(None, &OutboundPolicy::default()).deliver().await.expect("the store writes");

        let Some(DeliveryFailure::Unanswered { detail }) = world.alert(alert).await.failure else { panic!("a failure") };
        assert!(detail.starts_with("`https://127.0.0.1:1` cannot be reached"), "{detail}");
    }

    async fn a_test_is_tried_once_and_asked_for_one_at_a_time(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[500, 200]).await;
        let alert = world.tell(to_webhook(receiver.origin())).await;
        world.change_alert(alert, |fields| fields.is_disabled = true).await;
        world.ask_for_test(alert).await.expect("asked");
        let again = world.ask_for_test(alert).await;
        assert!(matches!(again, Err(StoreError::Conflict(Conflict::TestOnItsWay))), "{again:?}");

        let courier = world.courier(None);
        assert_eq!(brought(&courier).await, 0);
        world.db.clock.advance(Duration::from_hours(8));
        assert_eq!(brought(&courier).await, 0);
        assert_eq!(receiver.seen().len(), 1, "once, although it is switched off");

        world.ask_for_test(alert).await.expect("asked again");
        assert_eq!(brought(&courier).await, 1);
    }

    async fn nobody_waits_for_all_that_another_tenant_has_to_say(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200]).await;
        for number in 0..20 {
            let name = format!("Desk {number}");
            let alert = world.tell(AlertFields { name, ..to_webhook(receiver.origin()) }).await;
            world.ask_for_test(alert).await.expect("asked");
        }
        world.db.clock.advance(Duration::from_secs(1));
        let other = world.db.tenant("Other").await;
        let alert = world.tell_of(other, to_webhook(receiver.origin())).await;
        world.ask_for_test_of(other, alert).await.expect("asked");

        assert_eq!(brought(&world.courier(None)).await, 3);

        let of_other = receiver.seen().iter().filter(|seen| message(seen).tenant == other).count();
        assert_eq!(of_other, 1);
    }

    async fn a_test_arrives_and_says_nothing(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200]).await;
        let alert = world.tell(to_webhook(receiver.origin())).await;
        world.ask_for_test(alert).await.expect("asked");

        assert_eq!(brought(&world.courier(None)).await, 1);

        let told = message(&receiver.seen()[0]);
        assert_eq!((told.kind, told.object.source), (AlertKind::Test, None));
        let body: Value = serde_json::from_str(&receiver.seen()[0].body).expect("JSON");
        assert_eq!(body["kind"], "test");
    }
}
