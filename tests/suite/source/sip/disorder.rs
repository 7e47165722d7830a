//! What a well-behaved server does not show: notifications in any order, twice, from several, and of any kind.

use std::sync::Arc;
use std::time::Duration;

use directory_model::secret::Secret;
use directory_model::source::SipTransport;
use directory_source::SourceError;
use directory_source::sip::{Agent, Notice, Outcome, Package, Standing, SubscriptionId, Told, Unusable};
use suite::sip_peer::{Listening, Peer};
use tokio::task::JoinHandle;

use super::{HOUR, Subscriber, TRANSPORTS, policy};

const ANNA: &str = "sip:anna@example.com";
const GRANTED: &str = "Expires: 600\r\nContact: <sip:anna@127.0.0.1:5060>\r\n";
const TEN_MINUTES: Outcome = Outcome::Granted { lifetime: Duration::from_mins(10), is_pending: false };

/// A client that is about to be answered.
struct Asked {
    client: Subscriber,
    id: SubscriptionId,
    peer: Peer,
    /// What it asked.
    request: String,
    outcome: JoinHandle<Outcome>,
}

async fn asked(transport: SipTransport, package: Package) -> Asked {
    let listening = Listening::start(transport).await;
    let connection = listening.connection();
    let accepting = tokio::spawn(listening.accept());
    let secret = Secret::new("password");
    let connected = Agent::connect(&connection, Some(&secret), &policy().outbound).await;
    let (agent, notices) = connected.expect("the server is there");
    let agent = Arc::new(agent);
    let (id, asking) = (agent.new_id(), Arc::clone(&agent));
    let outcome = tokio::spawn(async move { asking.subscribe(id, ANNA, package, HOUR).await });
    let mut peer = accepting.await.expect("a client");
    let request = peer.receive().await;
    Asked { client: Subscriber { agent, notices }, id, peer, request, outcome }
}

/// The same, granted.
async fn granted(transport: SipTransport, package: Package) -> Asked {
    let mut asked = asked(transport, package).await;
    asked.peer.answer(&asked.request, "200 OK", GRANTED).await;
    assert_eq!((&mut asked.outcome).await.expect("an outcome"), TEN_MINUTES);
    asked
}

impl Asked {
    /// Whether the next notice says that somebody is available.
    async fn is_open(&mut self) -> Option<bool> {
        match self.client.told(self.id).await {
            (Standing::Active { .. }, Some(Told::Presence(pidf))) => pidf.tuples[0].is_open,
            other => panic!("{other:?}"),
        }
    }

    /// How the client answers a notification with a body of some kind, and what it tells of it.
    async fn unusable(&mut self, number: u32, kind: &str, body: &str) -> (String, Unusable) {
        let more = format!("Subscription-State: active\r\n{kind}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let notify = self.peer.notify(&self.request, "pa", number, &more);
        let status = self.peer.ask(&notify).await;
        match self.client.told(self.id).await {
            (Standing::Active { .. }, Some(Told::Unusable(why))) => (status, why),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_notification_before_the_answer_counts() {
    for transport in TRANSPORTS {
        let mut asked = asked(transport, Package::Presence).await;
        let notify = asked.peer.presence(&asked.request, "server", 1, true);
        assert_eq!(asked.peer.ask(&notify).await, "200 OK", "{transport:?}");
        assert_eq!(asked.is_open().await, Some(true));
        assert!(!asked.outcome.is_finished());
        asked.peer.answer(&asked.request, "200 OK", GRANTED).await;
        assert_eq!((&mut asked.outcome).await.expect("an outcome"), TEN_MINUTES);
    }
}

#[tokio::test]
async fn what_comes_late_or_twice_is_told_once() {
    for transport in TRANSPORTS {
        let mut asked = granted(transport, Package::Presence).await;
        let [old, new, newer] = [(5, false), (6, true), (7, false)]
            .map(|(number, is_open)| asked.peer.presence(&asked.request, "pa", number, is_open));
        assert_eq!(asked.peer.ask(&new).await, "200 OK");
        assert_eq!(asked.peer.ask(&old).await, "500 Server Internal Error", "{transport:?}");
        assert_eq!(asked.peer.ask(&new).await, "200 OK", "sent again");
        assert_eq!(asked.is_open().await, Some(true));
        assert_eq!(asked.peer.ask(&newer).await, "200 OK");
        assert_eq!(asked.is_open().await, Some(false), "nothing in between");
    }
}

#[tokio::test]
async fn of_several_answers_to_one_request_the_first_tells_of_presence() {
    let mut asked = granted(SipTransport::Tcp, Package::Presence).await;
    let (one, two) =
        (asked.peer.presence(&asked.request, "one", 1, true), asked.peer.presence(&asked.request, "two", 1, false));
    assert_eq!(asked.peer.ask(&one).await, "200 OK");
    assert_eq!(asked.peer.ask(&two).await, "481 Subscription Does Not Exist");
    assert_eq!(asked.is_open().await, Some(true));
}

#[tokio::test]
async fn each_telephone_is_refreshed_and_one_may_go() {
    let mut asked = granted(SipTransport::Udp, Package::Calls).await;
    let body = "<dialog-info version=\"0\" state=\"full\" entity=\"x\"><dialog id=\"1\"><state>confirmed</state></dialog></dialog-info>";
    let more = format!(
        "Subscription-State: active\r\nContent-Type: application/dialog-info+xml\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for tag in ["server", "soft"] {
        let notify = asked.peer.notify(&asked.request, tag, 1, &more);
        assert_eq!(asked.peer.ask(&notify).await, "200 OK");
    }
    let (agent, id) = (Arc::clone(&asked.client.agent), asked.id);
    let refreshing = tokio::spawn(async move { agent.refresh(id, HOUR).await });
    for _ in 0..2 {
        let refresh = asked.peer.receive().await;
        let is_soft = refresh.lines().any(|line| line.starts_with("To: ") && line.ends_with(";tag=soft"));
        let status = if is_soft { "481 Gone" } else { "200 OK" };
        asked.peer.answer(&refresh, status, "Expires: 300\r\n").await;
    }
    let refreshed = refreshing.await.expect("an outcome");
    assert_eq!(refreshed, Outcome::Granted { lifetime: Duration::from_mins(5), is_pending: false });
    let gone = asked.peer.notify(
        &asked.request,
        "server",
        2,
        "Subscription-State: terminated;reason=probation;retry-after=9\r\nContent-Length: 0\r\n\r\n",
    );
    assert_eq!(asked.peer.ask(&gone).await, "200 OK");
    assert!(asked.client.agent.refresh(id, HOUR).await.is_gone());
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_told() {
    for transport in TRANSPORTS {
        let mut asked = granted(transport, Package::Presence).await;
        let text = asked.unusable(1, "Content-Type: text/plain", "hello").await;
        assert_eq!(text, ("415 Unsupported Media Type".into(), Unusable::OtherKind), "{transport:?}");
        let packed = asked.unusable(2, "Content-Type: application/pidf+xml\r\nContent-Encoding: gzip", "...").await;
        assert_eq!(packed, ("415 Unsupported Media Type".into(), Unusable::OtherKind));
        let broken = asked.unusable(3, "Content-Type: application/pidf+xml", "<presence>").await;
        assert_eq!(broken, ("400 Bad Request".into(), Unusable::Malformed));
        let bomb = format!("<!DOCTYPE p [<!ENTITY a \"{}\">]><presence>&a;</presence>", "x".repeat(1000));
        let bomb = asked.unusable(4, "Content-Type: application/pidf+xml", &bomb).await;
        assert_eq!(bomb, ("400 Bad Request".into(), Unusable::Malformed));
        let notify = asked.peer.presence(&asked.request, "pa", 5, true);
        assert_eq!(asked.peer.ask(&notify).await, "200 OK");
        assert_eq!(asked.is_open().await, Some(true));
    }
}

#[tokio::test]
async fn ten_megabytes_are_refused_before_they_have_come() {
    const LENGTH: usize = 10 * 1024 * 1024;
    for transport in TRANSPORTS {
        let mut asked = granted(transport, Package::Presence).await;
        let more = format!(
            "Subscription-State: active\r\nContent-Type: application/pidf+xml\r\nContent-Length: {LENGTH}\r\n\r\n"
        );
        let head = asked.peer.notify(&asked.request, "pa", 1, &more);
        assert_eq!(asked.peer.ask(&head).await, "413 Request Entity Too Large", "{transport:?}");
        let (_, told) = asked.client.told(asked.id).await;
        assert_eq!(told, Some(Told::Unusable(Unusable::TooLarge)));
        if transport != SipTransport::Udp {
            let piece = vec![b'x'; 64 * 1024];
            for _ in 0..LENGTH / piece.len() {
                asked.peer.send(&piece).await;
            }
        }
        let notify = asked.peer.presence(&asked.request, "pa", 2, true);
        assert_eq!(asked.peer.ask(&notify).await, "200 OK", "{transport:?}");
        assert_eq!(asked.is_open().await, Some(true));
    }
}

#[tokio::test]
async fn requests_that_are_nobodys_are_answered_and_change_nothing() {
    let mut asked = granted(SipTransport::Tcp, Package::Presence).await;
    let presence = |number| asked.peer.presence(&asked.request, "pa", number, false);
    let (stranger, other) =
        (presence(1).replace("Call-ID: ", "Call-ID: x"), presence(2).replace("Event: presence", "Event: reg"));
    let untagged = presence(3).replace("Subscription-State: active;expires=600\r\n", "");
    let message = presence(4).replace("NOTIFY", "MESSAGE");
    let options = presence(5).replace("NOTIFY", "OPTIONS");
    let fine = asked.peer.presence(&asked.request, "pa", 6, true);
    for (request, status) in [
        (stranger, "481 Subscription Does Not Exist"),
        (other, "489 Bad Event"),
        (untagged, "400 Bad Request"),
        (message, "405 Method Not Allowed"),
        (options, "200 OK"),
        (fine, "200 OK"),
    ] {
        assert_eq!(asked.peer.ask(&request).await, status, "{request}");
    }
    assert_eq!(asked.is_open().await, Some(true));
}

#[tokio::test]
async fn a_server_that_speaks_something_else_is_lost() {
    let mut asked = granted(SipTransport::Tcp, Package::Presence).await;
    asked.peer.send(b"220 mail.example.com ESMTP\r\n\r\n").await;
    let why = asked.client.lost().await;
    assert!(matches!(&why, SourceError::Unreachable { detail, .. } if detail.contains("not SIP")), "{why}");
    assert_eq!(asked.client.agent.ask().await, Outcome::Lost);
    assert!(asked.client.notices.recv().await.is_none());
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_undone() {
    let mut asked = asked(SipTransport::Tcp, Package::Presence).await;
    asked.outcome.abort();
    assert!((&mut asked.outcome).await.is_err());
    asked.peer.answer(&asked.request, "200 OK", GRANTED).await;

    let undone = asked.peer.receive().await;
    assert!(undone.starts_with("SUBSCRIBE ") && undone.contains("\r\nExpires: 0\r\n"), "{undone}");
    assert!(undone.contains(";tag=server\r\n"), "{undone}");
}

#[tokio::test]
async fn refusals_are_told_apart() {
    for (status, more, expected) in [
        ("423 Too Brief", "Min-Expires: 7200\r\n", Outcome::TooBrief { at_least: Duration::from_hours(2) }),
        (
            "302 Moved",
            "Contact: <sip:anna@other.example.com>\r\n",
            Outcome::Moved { to: "sip:anna@other.example.com".into() },
        ),
        ("302 Moved", "Contact: <tel:+49>\r\n", Outcome::Refused { status: 302, retry_after: None }),
        (
            "503 Busy",
            "Retry-After: 120 (soon)\r\n",
            Outcome::Refused { status: 503, retry_after: Some(Duration::from_mins(2)) },
        ),
        ("480 Away", "", Outcome::Refused { status: 480, retry_after: None }),
        ("489 Bad Event", "", Outcome::Refused { status: 489, retry_after: None }),
        ("401 Unauthorized", "", Outcome::Unauthorized),
        ("202 Accepted", GRANTED, Outcome::Granted { lifetime: Duration::from_mins(10), is_pending: true }),
    ] {
        let mut asked = asked(SipTransport::Tcp, Package::Presence).await;
        asked.peer.answer(&asked.request, "100 Trying", "").await;
        asked.peer.answer(&asked.request, status, more).await;
        assert_eq!((&mut asked.outcome).await.expect("an outcome"), expected, "{status}");
    }
}

#[tokio::test]
async fn a_nonce_that_is_too_old_is_no_wrong_password() {
    let mut asked = asked(SipTransport::Tcp, Package::Presence).await;
    let challenge = |nonce: &str, more: &str| {
        format!("WWW-Authenticate: Digest realm=\"r\", nonce=\"{nonce}\", qop=\"auth\"{more}\r\n")
    };
    asked.peer.answer(&asked.request, "401 Who", &challenge("1", "")).await;
    let signed = asked.peer.receive().await;
    assert!(signed.contains("nonce=\"1\"") && signed.contains("\r\nCSeq: 2 SUBSCRIBE\r\n"), "{signed}");
    asked.peer.answer(&signed, "401 Who", &challenge("2", ", stale=true")).await;
    let signed = asked.peer.receive().await;
    assert!(signed.contains("nonce=\"2\""), "{signed}");
    asked.peer.answer(&signed, "200 OK", GRANTED).await;
    assert_eq!((&mut asked.outcome).await.expect("an outcome"), TEN_MINUTES);

    let (agent, id) = (Arc::clone(&asked.client.agent), asked.id);
    let refreshing = tokio::spawn(async move { agent.refresh(id, HOUR).await });
    let refresh = asked.peer.receive().await;
    assert!(refresh.contains("nonce=\"2\"") && refresh.contains("nc=00000002"), "no new question: {refresh}");
    asked.peer.answer(&refresh, "401 Who", &challenge("3", "")).await;
    let signed = asked.peer.receive().await;
    asked.peer.answer(&signed, "401 Who", &challenge("4", "")).await;
    assert_eq!(refreshing.await.expect("an outcome"), Outcome::Unauthorized);
}

#[tokio::test]
async fn who_takes_no_notices_holds_up_nobody() {
    let mut asked = granted(SipTransport::Tcp, Package::Presence).await;
    for number in 1..=1000 {
        let notify = asked.peer.presence(&asked.request, "pa", number, number % 2 == 0);
        assert_eq!(asked.peer.ask(&notify).await, "200 OK");
    }
    let mut last = None;
    while let Ok(Notice::Told { told: Some(Told::Presence(pidf)), .. }) = asked.client.notices.try_recv() {
        last = pidf.tuples[0].is_open;
    }
    // There may be one left that had to wait for room.
    let notify = asked.peer.presence(&asked.request, "pa", 1001, true);
    assert_eq!(asked.peer.ask(&notify).await, "200 OK");
    assert!(last.is_some());
    while asked.is_open().await != Some(true) {}
}
