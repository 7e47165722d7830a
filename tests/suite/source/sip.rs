//! Presence of a real Kamailio, told by sipp.

mod disorder;
mod shown;

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use directory_model::clock::{Clock, SystemClock};
use directory_model::presence::lync::LowNumbers;
use directory_model::presence::{Activity, Availability, ClaimKind};
use directory_model::secret::Secret;
use directory_model::source::{SipConnection, SipTransport};
use directory_source::SourceError;
use directory_source::outbound::OutboundPolicy;
use directory_source::sip::meaning::{self, Meaning};
use directory_source::sip::{Agent, Notice, Outcome, Package, Reason, Standing, SubscriptionId, Told};
use suite::kamailio::{Kamailio, NOBODY, Options, Publication, dialog_info, pidf};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::policy;

const HOUR: Duration = Duration::from_hours(1);
const TRANSPORTS: [SipTransport; 3] = [SipTransport::Udp, SipTransport::Tcp, SipTransport::Tls];

/// An agent and what it is told.
struct Subscriber {
    agent: Arc<Agent>,
    notices: mpsc::Receiver<Notice>,
}

impl Subscriber {
    async fn at(server: &Kamailio, transport: SipTransport) -> Self {
        Self::over(&server.connection(transport), &server.secret()).await
    }

    async fn over(connection: &SipConnection, secret: &Secret) -> Self {
        let connected = Agent::connect(connection, Some(secret), &policy().outbound).await;
        let (agent, notices) = connected.expect("the server is there");
        Self { agent: Arc::new(agent), notices }
    }

    async fn subscribe(&self, target: &str, package: Package) -> SubscriptionId {
        let id = self.agent.new_id();
        let outcome = self.agent.subscribe(id, target, package, HOUR).await;
        assert!(matches!(outcome, Outcome::Granted { lifetime, is_pending: false } if lifetime == HOUR), "{outcome:?}");
        id
    }

    async fn outcome(&self, target: &str, expires: Duration) -> Outcome {
        self.agent.subscribe(self.agent.new_id(), target, Package::Presence, expires).await
    }

    /// The next notice.
    async fn next(&mut self) -> Notice {
        let notice = timeout(Duration::from_mins(1), self.notices.recv()).await;
        notice.expect("a notice comes").expect("the agent lives")
    }

    /// The next thing that is told of `id`.
    async fn told(&mut self, id: SubscriptionId) -> (Standing, Option<Told>) {
        match self.next().await {
            Notice::Told { subscription, standing, told } if subscription == id => (standing, told),
            other => panic!("{other:?}"),
        }
    }

    /// What the next notice with a document means.
    async fn meaning(&mut self, id: SubscriptionId) -> Meaning {
        match self.told(id).await {
            (Standing::Active { .. }, Some(Told::Presence(pidf))) => {
                meaning::of_presence(&pidf, SystemClock.now(), LowNumbers::Unknown)
            }
            (Standing::Active { .. }, Some(Told::Calls { calls, is_whole: true })) => meaning::of_calls(&calls),
            other => panic!("{other:?}"),
        }
    }

    /// The states of the devices in the next notice.
    async fn states(&mut self, id: SubscriptionId) -> Vec<(String, Availability, Option<Activity>)> {
        let stated = self.meaning(id).await.stated;
        stated.into_iter().map(|stated| (stated.device, stated.said.availability, stated.said.activity)).collect()
    }

    async fn lost(&mut self) -> SourceError {
        loop {
            if let Notice::Lost(why) = self.next().await {
                return why;
            }
        }
    }
}

fn terminated(standing: Standing) -> Reason {
    match standing {
        Standing::Terminated { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_published_is_told_over_every_transport() {
    let server = Kamailio::new();
    for transport in TRANSPORTS {
        let user = format!("anna-{}", transport.word());
        let mut desk = Publication::presence(&user);
        let mut subscriber = Subscriber::at(&server, transport).await;
        let id = subscriber.subscribe(&desk.address(), Package::Presence).await;
        assert_eq!(subscriber.told(id).await.1, Some(Told::Nothing), "{transport:?}");

        server.publish(&mut desk, &pidf(&user, "desk", true, "<rpid:on-the-phone/>"), 60);
        let on_the_phone = ("desk".to_owned(), Availability::Busy, Some(Activity::OnThePhone));
        assert_eq!(subscriber.states(id).await, [on_the_phone], "{transport:?}");
        server.publish(&mut desk, &pidf(&user, "desk", true, ""), 60);
        assert_eq!(subscriber.states(id).await, [("desk".to_owned(), Availability::Available, None)], "{transport:?}");
        server.publish(&mut desk, &pidf(&user, "desk", false, ""), 60);
        assert_eq!(subscriber.states(id).await, [("desk".to_owned(), Availability::Offline, None)], "{transport:?}");

        let ended = subscriber.agent.unsubscribe(id).await;
        assert!(matches!(ended, Outcome::Granted { lifetime: Duration::ZERO, .. }), "{ended:?}");
        let (standing, _) = subscriber.told(id).await;
        assert_eq!(terminated(standing), Reason::Timeout, "{transport:?}");
        let gone = subscriber.agent.refresh(id, HOUR).await;
        assert!(gone.is_gone(), "{gone:?}");
    }
}

#[tokio::test]
async fn several_devices_are_told_together() {
    let server = Kamailio::new();
    let mut subscriber = Subscriber::at(&server, SipTransport::Tcp).await;
    let (mut desk, mut soft) = (Publication::presence("anna"), Publication::presence("anna"));
    server.publish(&mut desk, &pidf("anna", "desk", true, "<rpid:away/>"), 60);
    let id = subscriber.subscribe(&desk.address(), Package::Presence).await;
    assert_eq!(subscriber.states(id).await, [("desk".to_owned(), Availability::Away, None)]);

    server.publish(&mut soft, &pidf("anna", "soft", true, "<rpid:busy/>"), 60);
    let mut both = subscriber.states(id).await;
    both.sort();
    assert_eq!(both, [("desk".to_owned(), Availability::Busy, None), ("soft".to_owned(), Availability::Busy, None)]);
    server.publish(&mut soft, "", 0);
    // Kamailio shows once that a device is gone.
    let gone = [("desk".to_owned(), Availability::Away, None), ("soft".to_owned(), Availability::Offline, None)];
    assert_eq!(subscriber.states(id).await, gone);
}

#[tokio::test]
async fn calls_are_told() {
    let server = Kamailio::new();
    let mut subscriber = Subscriber::at(&server, SipTransport::Udp).await;
    let mut telephone = Publication::calls("anna");
    server.publish(&mut telephone, &dialog_info("anna", &[("1", "early", "")]), 60);
    let id = subscriber.subscribe(&telephone.address(), Package::Calls).await;
    let ringing = subscriber.meaning(id).await.stated;
    assert_eq!((ringing[0].kind, ringing[0].said.availability), (ClaimKind::Telephone, Availability::Available));

    let held =
        "<local><target uri=\"sip:anna@127.0.0.1\"><param pname=\"+sip.rendering\" pval=\"no\"/></target></local>";
    server.publish(&mut telephone, &dialog_info("anna", &[("1", "confirmed", held)]), 60);
    assert_eq!(subscriber.states(id).await, [("1".to_owned(), Availability::Busy, Some(Activity::OnThePhone))]);
    server.publish(&mut telephone, &dialog_info("anna", &[("1", "terminated", "")]), 60);
    assert_eq!(subscriber.states(id).await, [(String::new(), Availability::Available, None)]);
}

#[tokio::test]
async fn a_subscription_is_refreshed_and_told_anew() {
    let server = Kamailio::new();
    for transport in TRANSPORTS {
        let mut subscriber = Subscriber::at(&server, transport).await;
        let id = subscriber.subscribe("sip:anna@example.com", Package::Presence).await;
        subscriber.told(id).await;

        for _ in 0..3 {
            let refreshed = subscriber.agent.refresh(id, Duration::from_mins(10)).await;
            assert!(
                matches!(refreshed, Outcome::Granted { lifetime, .. } if lifetime == Duration::from_mins(10)),
                "{refreshed:?}"
            );
            let (standing, _) = subscriber.told(id).await;
            let expires = Duration::from_mins(10);
            assert!(matches!(standing, Standing::Active { expires: Some(told) } if told <= expires), "{standing:?}");
        }
    }
}

#[tokio::test]
async fn a_subscription_that_is_not_refreshed_ends() {
    let server = Kamailio::new();
    let mut subscriber = Subscriber::at(&server, SipTransport::Tcp).await;
    let id = subscriber.agent.new_id();
    let short = Duration::from_secs(1);
    let outcome = subscriber.agent.subscribe(id, "sip:anna@example.com", Package::Presence, short).await;
    assert!(matches!(outcome, Outcome::Granted { lifetime, .. } if lifetime == short), "{outcome:?}");

    assert!(matches!(subscriber.told(id).await.0, Standing::Active { .. }));
    assert_eq!(terminated(subscriber.told(id).await.0), Reason::Timeout);
    assert!(subscriber.agent.refresh(id, HOUR).await.is_gone());
}

#[tokio::test]
async fn a_lifetime_is_what_the_server_grants() {
    let server = Kamailio::start(&Options { min_expires: 120, max_expires: 600, ..Options::default() });
    let subscriber = Subscriber::at(&server, SipTransport::Tcp).await;

    let brief = subscriber.outcome("sip:anna@example.com", Duration::from_mins(1)).await;
    assert_eq!(brief, Outcome::TooBrief { at_least: Duration::from_mins(2) });
    let long = subscriber.outcome("sip:anna@example.com", HOUR).await;
    assert!(matches!(long, Outcome::Granted { lifetime, .. } if lifetime == Duration::from_mins(10)), "{long:?}");
}

#[tokio::test]
async fn a_server_that_starts_again_knows_no_subscription() {
    let mut server = Kamailio::new();
    let mut subscriber = Subscriber::at(&server, SipTransport::Udp).await;
    let id = subscriber.subscribe("sip:anna@example.com", Package::Presence).await;
    subscriber.told(id).await;

    server.kill();
    server.start_again();
    let refreshed = subscriber.agent.refresh(id, HOUR).await;
    assert!(refreshed.is_gone(), "{refreshed:?}");
    let again = subscriber.subscribe("sip:anna@example.com", Package::Presence).await;
    assert_eq!(subscriber.told(again).await.1, Some(Told::Nothing));
}

#[tokio::test]
async fn a_connection_that_ends_is_told_at_once() {
    let mut server = Kamailio::new();
    for transport in [SipTransport::Tcp, SipTransport::Tls] {
        let mut subscriber = Subscriber::at(&server, transport).await;
        subscriber.subscribe("sip:anna@example.com", Package::Presence).await;
        server.kill();
        let why = subscriber.lost().await;
        assert!(matches!(why, SourceError::Unreachable { .. }), "{why}");
        assert_eq!(subscriber.agent.ask().await, Outcome::Lost);
        let refused =
            Agent::connect(&server.connection(transport), None, &policy().outbound).await.expect_err("it is gone");
        assert!(refused.to_string().contains("refused"), "{refused}");
        server.start_again();
    }
}

#[tokio::test]
async fn who_is_wrong_is_told_so() {
    let server = Kamailio::new();
    for transport in TRANSPORTS {
        let connection = server.connection(transport);
        let wrong = Subscriber::over(&connection, &Secret::new("wrong")).await;
        assert_eq!(wrong.outcome("sip:anna@example.com", HOUR).await, Outcome::Unauthorized);
        let other = SipConnection { user_name: Some("other".into()), ..connection.clone() };
        let right = Subscriber::over(&other, &server.secret()).await;
        let outcome = right.outcome("sip:anna@example.com", HOUR).await;
        assert!(matches!(outcome, Outcome::Granted { .. }), "any name goes with the password: {outcome:?}");
        let (nameless, _notices) = Agent::connect(&connection, None, &policy().outbound).await.expect("it is there");
        let id = nameless.new_id();
        assert_eq!(
            nameless.subscribe(id, "sip:anna@example.com", Package::Presence, HOUR).await,
            Outcome::Unauthorized
        );
        assert!(matches!(nameless.ask().await, Outcome::Granted { .. }));
    }
}

#[tokio::test]
async fn a_stronger_hash_is_used_where_the_server_wants_it() {
    let server = Kamailio::start(&Options { algorithm: "SHA-256", is_proxy: true, ..Options::default() });
    let subscriber = Subscriber::at(&server, SipTransport::Tls).await;
    subscriber.subscribe("sip:anna@example.com", Package::Presence).await;
    let wrong = Subscriber::over(&server.connection(SipTransport::Tls), &Secret::new("wrong")).await;
    assert_eq!(wrong.outcome("sip:anna@example.com", HOUR).await, Outcome::Unauthorized);
}

#[tokio::test]
async fn a_target_that_is_wrong_is_refused() {
    let server = Kamailio::new();
    let subscriber = Subscriber::at(&server, SipTransport::Tcp).await;

    let refused = subscriber.outcome(NOBODY, HOUR).await;
    assert_eq!(refused, Outcome::Refused { status: 404, retry_after: None });
    for target in ["anna@example.com", "sip:anna@example.com>\r\nX: y", "tel:+4930"] {
        assert_eq!(subscriber.outcome(target, HOUR).await, Outcome::NotSent, "{target}");
    }
    assert!(matches!(subscriber.outcome("sip:anna@example.com", HOUR).await, Outcome::Granted { .. }));
}

#[tokio::test]
async fn a_certificate_must_be_the_servers() {
    let server = Kamailio::new();
    let other = Kamailio::start(&Options { names: vec!["DNS:other.example.com"], ..Options::default() });
    let refused = async |connection: &SipConnection| {
        let refused = Agent::connect(connection, None, &policy().outbound).await.expect_err("it is not trusted");
        assert!(matches!(refused, SourceError::CertificateRefused { .. }), "{refused}");
        refused.to_string()
    };
    let connection = SipConnection { trusted_certificates: None, ..server.connection(SipTransport::Tls) };
    assert!(refused(&connection).await.contains("its issuer is not trusted"));
    assert!(refused(&other.connection(SipTransport::Tls)).await.contains("it is not for the name `127.0.0.1`"));
    let plain = SipConnection {
        port: server.connection(SipTransport::Tcp).port,
        timeout_seconds: 1,
        ..server.connection(SipTransport::Tls)
    };
    let unreachable = Agent::connect(&plain, None, &policy().outbound).await.expect_err("it speaks no TLS there");
    assert!(matches!(unreachable, SourceError::Unreachable { .. }), "{unreachable}");
}

#[tokio::test]
async fn nothing_goes_where_the_platform_forbids() {
    let server = Kamailio::new();
    for transport in TRANSPORTS {
        let refused = Agent::connect(&server.connection(transport), None, &OutboundPolicy::default()).await;
        let refused = refused.expect_err("loopback is not allowed by default").to_string();
        assert!(refused.contains("has no address that the gateway may connect to"), "{refused}");
    }
}

#[test]
fn a_telephone_in_a_network_of_its_own_is_heard() {
    // It opens sockets on every address; as somebody else than root such a network needs a name space of users, too.
    let in_network = "ip link set lo up && exec \"$0\" telephone";
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"));
    let mut command = Command::new("unshare");
    command.arg(if is_root { "-n" } else { "-rn" }).args(["sh", "-c", in_network, env!("CARGO_BIN_EXE_suite-child")]);

    let output = command.output().expect("`unshare` is there");

    let (said, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(said, "Some(Available) .\nSome(Offline) .\n", "{errors}");
}
