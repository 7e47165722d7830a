//! Who is told what happens to runs.

use std::process::Command;
use std::time::Duration;

use directory_model::alert::{Alert, AlertChannel, AlertFields, AlertKind, AlertMessage, DeliveryFailure, Language};
use directory_model::id::AlertId;
use directory_source::outbound::OutboundPolicy;
use directory_store::{alert_outbox, alerts};
use gateway_alerts::mail::{Encryption, MailServer, Mailer};
use gateway_alerts::{Courier, Parts as CourierParts};
use serde_json::Value;
use suite::emulator::{Emulator, Reply, Seen};
use suite::on_each_backend;
use suite::smtp::Smtp;
use suite::tls::{Authority, Validity};

use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn to_webhook(url: impl Into<String>) -> AlertFields {
    AlertFields {
        name: "Desk".into(),
        channel: AlertChannel::Webhook { url: url.into() },
        is_on_failure: true,
        is_on_waiting: true,
        silent_hours: None,
        is_disabled: false,
    }
}

fn to_mail(language: Language) -> AlertFields {
    let addresses = vec!["anna@example.com".into(), "ben@example.com".into()];
    AlertFields { channel: AlertChannel::Mail { addresses, language }, ..to_webhook("") }
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

/// What somebody else makes of id, time and body, with a library that is not ours.
fn signed_elsewhere(seen: &Seen) -> String {
    let program = "import sys,hmac,hashlib,base64\n\
        secret,id,at,body=sys.argv[1:]\n\
        key=base64.b64decode(secret[len('whsec_'):])\n\
        mac=hmac.new(key,f'{id}.{at}.{body}'.encode(),hashlib.sha256).digest()\n\
        print('v1,'+base64.b64encode(mac).decode(),end='')";
    let arguments = [SECRET, seen.header("webhook-id"), seen.header("webhook-timestamp"), &seen.body];
    let output = Command::new("python3").arg("-c").arg(program).args(arguments).output().expect("python3 is there");
    String::from_utf8(output.stdout).expect("text")
}

/// A mail as another library reads it: its subject and its text.
fn read_elsewhere(data: &str) -> (String, String) {
    let program = "import sys,email,email.policy,json\n\
        mail=email.message_from_string(sys.argv[1],policy=email.policy.default)\n\
        print(json.dumps([mail['subject'],mail.get_content()]))";
    let output = Command::new("python3").arg("-c").arg(program).arg(data).output().expect("python3 is there");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

impl World {
    async fn tell(&self, fields: AlertFields) -> AlertId {
        let (fields, key) = (fields.check().expect("valid"), Arc::clone(self.db.database.sealing_key()));
        self.db
            .write(self.tenant, move |tx| {
                let alert = alerts::insert(tx, &fields)?;
                alerts::set_secret(tx, &key, alert.id, Some(&Secret::new(SECRET)))?;
                Ok(alert.id)
            })
            .await
    }

    async fn alert(&self, id: AlertId) -> Alert {
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

    fn courier(&self, mailer: Option<Mailer>) -> Courier {
        self.courier_within(mailer, OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() })
    }

    fn courier_within(&self, mailer: Option<Mailer>, outbound: OutboundPolicy) -> Courier {
        let (database, clock) = (self.db.database.clone(), Arc::new(self.db.clock.clone()));
        Courier::new(CourierParts { database, clock, mailer, outbound })
    }

    async fn ends_as(&self, problem: RunProblem) -> Run {
        *self.script.end.lock().unwrap() = Some(Err(problem));
        let run = self.run(&entries(&["anna"])).await;
        *self.script.end.lock().unwrap() = None;
        run
    }
}

/// How many messages arrive now.
async fn brought(courier: &Courier) -> usize {
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
        assert_eq!(seen.header("webhook-signature"), signed_elsewhere(seen));
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
        world.courier(None).deliver().await.expect("the store writes");

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
        world.edit_source(|source| source.is_disabled = true).await;
        world.db.clock.advance(Duration::from_hours(100));
        assert_eq!(silent(&courier).await, 0);

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
        assert!(seen.iter().all(|one| one.header("webhook-signature") == signed_elsewhere(one)));
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

        let courier = world.courier_within(None, OutboundPolicy::default());
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

    async fn mails_go_encrypted_to_all_in_their_language(db: TestDatabase) {
        let world = World::new(db).await;
        let authority = Authority::new();
        let smtp = Smtp::start(&authority.certificate(&["IP:127.0.0.1"], Validity::Valid)).await;
        let server = MailServer {
            host: "127.0.0.1".into(),
            port: smtp.port(),
            encryption: Encryption::Starttls,
            credentials: Some(("gateway".into(), Secret::new("hunter2"))),
            trusted_certificates: Some(authority.pem().into_bytes()),
            from: "Switchboard <switchboard@example.com>".into(),
        };
        let mailer = Mailer::new(server, "https://contacts.example.com".into()).expect("a mailer");
        world.tell(to_mail(Language::De)).await;
        let run = world.ends_as(RunProblem::Empty).await;
        smtp.refuse("451 come back later");

        let courier = world.courier(Some(mailer));
        assert_eq!(brought(&courier).await, 0);
        world.db.clock.advance(Duration::from_secs(13));
        assert_eq!(brought(&courier).await, 1);

        let [mail] = &smtp.mails()[..] else { panic!("one mail") };
        assert!(mail.is_encrypted);
        assert_eq!(mail.user, Some(("gateway".into(), "hunter2".into())));
        assert_eq!((mail.from.as_str(), &mail.to[..]), ("switchboard@example.com", &["anna@example.com".to_owned(), "ben@example.com".to_owned()][..]));
        let (subject, text) = read_elsewhere(&mail.data);
        assert_eq!(subject, "Switchboard: Abgleich von Directory ist fehlgeschlagen");
        assert!(text.starts_with("Die Quelle antwortete ohne einen einzigen Eintrag"), "{text}");
        assert!(text.contains(&format!("https://contacts.example.com/portal/t/{}/runs/{}", world.tenant, run.id)), "{text}");
        assert!(mail.data.contains("Auto-Submitted: auto-generated"), "{}", mail.data);
    }

    async fn a_mail_server_that_nobody_vouches_for_gets_nothing(db: TestDatabase) {
        let world = World::new(db).await;
        let smtp = Smtp::start(&Authority::new().certificate(&["IP:127.0.0.1"], Validity::Valid)).await;
        let server = MailServer {
            host: "127.0.0.1".into(),
            port: smtp.port(),
            encryption: Encryption::Starttls,
            credentials: Some(("gateway".into(), Secret::new("hunter2"))),
            trusted_certificates: None,
            from: "switchboard@example.com".into(),
        };
        let alert = world.tell(to_mail(Language::En)).await;
        world.ends_as(RunProblem::Empty).await;

        let courier = world.courier(Some(Mailer::new(server, String::new()).expect("a mailer")));
        assert_eq!(brought(&courier).await, 0);

        assert!(smtp.mails().is_empty());
        assert!(matches!(world.alert(alert).await.failure, Some(DeliveryFailure::Unanswered { .. })));
    }

    async fn without_a_mail_server_the_channel_says_so(db: TestDatabase) {
        let world = World::new(db).await;
        let alert = world.tell(to_mail(Language::En)).await;
        let tenant = world.tenant;
        world.db.write(tenant, move |tx| alert_outbox::test(tx, alert)).await.expect("the alert");

        assert_eq!(brought(&world.courier(None)).await, 0);

        assert_eq!(world.alert(alert).await.failure, Some(DeliveryFailure::NoMail));
    }

    async fn a_test_arrives_and_says_nothing(db: TestDatabase) {
        let world = World::new(db).await;
        let receiver = receiver(&[200]).await;
        let alert = world.tell(to_webhook(receiver.origin())).await;
        world.db.write(world.tenant, move |tx| alert_outbox::test(tx, alert)).await.expect("the alert");

        assert_eq!(brought(&world.courier(None)).await, 1);

        let told = message(&receiver.seen()[0]);
        assert_eq!((told.kind, told.object.source), (AlertKind::Test, None));
        let body: Value = serde_json::from_str(&receiver.seen()[0].body).expect("JSON");
        assert_eq!(body["kind"], "test");
    }
}
