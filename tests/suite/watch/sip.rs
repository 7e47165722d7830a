//! From a SIP server that is hard to please to the book: lifetimes that it wants longer, people who are elsewhere, and
//! subscriptions that it forgets or says nothing about.

use directory_model::presence::lync::LowNumbers;
use directory_model::presence::rules::PresenceRules;
use directory_model::source::SipTransport;
use directory_model::upkeep::Upkeep;
use gateway_presence::facts::RulesFacts;
use suite::sip_peer::{Listening, Peer};

use super::*;

const HOUR: Duration = Duration::from_hours(1);
/// The latest moment at which a subscription of an hour is renewed.
const RENEWED: Duration = Duration::from_mins(48);
const ANNA: &str = "sip:anna@example.com";

/// A server, the client that watches Anna there, and what was granted last.
struct Stage {
    world: World,
    anna: ContactId,
    peer: Peer,
    /// How many notifications were sent.
    told: u32,
}

impl Stage {
    async fn open() -> Self {
        let listening = Listening::start(SipTransport::Tcp).await;
        let (connection, reading) = (Connection::Sip(listening.connection()), json!({"reads_presence": true}));
        let world = World::new(TestDatabase::sqlite().await, connection, Secret::new("password"), reading).await;
        let (display_name, sip) = (Some("Anna".into()), Some(ANNA.into()));
        let anna = world.contact(ContactFields { display_name, sip, ..ContactFields::default() }).await;
        let accepting = tokio::spawn(listening.accept());
        world.begin();
        let peer = timeout(PATIENCE, accepting).await.expect("a client comes").expect("it is accepted");
        Self { world, anna, peer, told: 0 }
    }

    /// The next request of the client.
    async fn request(&mut self) -> String {
        timeout(PATIENCE, self.peer.receive()).await.expect("a request comes")
    }

    /// Grants what is asked for.
    async fn grant(&mut self, request: &str) {
        let more = format!("Expires: {}\r\nContact: <sip:anna@127.0.0.1:5060>\r\n", header(request, "Expires"));
        self.peer.answer(request, "200 OK", &more).await;
    }

    /// Tells in the dialog of a request that Anna is available.
    async fn tell(&mut self, request: &str) {
        self.told += 1;
        let notify = self.peer.presence(request, "server", self.told, true);
        assert_eq!(timeout(PATIENCE, self.peer.ask(&notify)).await.expect("an answer comes"), "200 OK");
    }

    /// A server with a subscription of an hour; the request that it was asked for with.
    async fn subscribed() -> (Self, String) {
        let mut stage = Self::open().await;
        let request = stage.request().await;
        stage.grant(&request).await;
        stage.tell(&request).await;
        stage.holds_for(HOUR).await;
        (stage, request)
    }

    /// Waits until Anna's subscription is so.
    async fn until(&self, is_so: impl Fn(&Upkeep) -> bool) -> Upkeep {
        let World { watch, tenant, source, .. } = &self.world;
        let looking = async {
            loop {
                let page = watch.health(*tenant, *source, &PageRequest::default()).contacts.items;
                if let Some(found) = page.into_iter().next().filter(&is_so) {
                    return found;
                }
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("it never becomes so: {:?}", self.world.health()))
    }

    /// Waits until Anna's subscription holds for so long from now on, and she is shown by it.
    async fn holds_for(&self, lifetime: Duration) {
        let end = self.world.db.clock.now().plus(lifetime);
        self.until(|one| one.state == UpkeepState::Subscribed && one.expires_at == Some(end)).await;
        let shown = async {
            while self.world.shows(self.anna).availability != Availability::Available {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, shown).await.expect("she is shown as available");
    }
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let value = request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    value.unwrap_or_else(|| panic!("no {name} in {request}"))
}

/// Whom a request to subscribe is about, for how many seconds, and whether it is about a subscription that there is.
fn asked(request: &str) -> (&str, &str, bool) {
    let target = request.strip_prefix("SUBSCRIBE ").and_then(|rest| rest.split(' ').next());
    let target = target.unwrap_or_else(|| panic!("no subscription is asked for: {request}"));
    (target, header(request, "Expires"), header(request, "To").contains(";tag="))
}

#[tokio::test]
async fn a_server_that_wants_a_longer_lifetime_is_asked_for_it_each_time() {
    const TWO_HOURS: &str = "Min-Expires: 7200\r\n";
    let mut stage = Stage::open().await;
    let request = stage.request().await;
    assert_eq!(asked(&request), (ANNA, "3600", false));
    stage.peer.answer(&request, "423 Interval Too Brief", TWO_HOURS).await;
    let first = stage.request().await;
    assert_eq!(asked(&first), (ANNA, "7200", false));
    stage.grant(&first).await;
    stage.tell(&first).await;
    stage.holds_for(2 * HOUR).await;

    stage.world.pass(2 * RENEWED);
    let renewal = stage.request().await;
    assert_eq!((asked(&renewal).1, asked(&renewal).2), ("3600", true));
    stage.peer.answer(&renewal, "423 Interval Too Brief", TWO_HOURS).await;
    let renewal = stage.request().await;
    assert_eq!((asked(&renewal).1, asked(&renewal).2), ("7200", true));
    assert_eq!(header(&renewal, "Call-ID"), header(&first, "Call-ID"));
    stage.grant(&renewal).await;
    stage.holds_for(2 * HOUR).await;
}

#[tokio::test]
async fn who_is_elsewhere_is_asked_about_there() {
    const ELSEWHERE: &str = "sip:anna@pool2.example.com";
    let mut stage = Stage::open().await;
    let request = stage.request().await;
    stage.peer.answer(&request, "302 Moved Temporarily", &format!("Contact: <{ELSEWHERE}>\r\n")).await;

    let there = stage.request().await;

    assert_eq!(asked(&there), (ELSEWHERE, "3600", false));
    stage.grant(&there).await;
    stage.tell(&there).await;
    stage.holds_for(HOUR).await;
}

#[tokio::test]
async fn a_server_that_is_never_content_is_asked_three_times_and_no_more() {
    for (status, more, times) in [
        ("423 Interval Too Brief", "Min-Expires: 7200\r\n", 3),
        ("302 Moved Temporarily", "Contact: <sip:anna@pool2.example.com>\r\n", 3),
        // More than a day is not asked for, nor is anybody who has no address.
        ("423 Interval Too Brief", "Min-Expires: 86401\r\n", 1),
        ("302 Moved Temporarily", "Contact: <tel:+49301234>\r\n", 1),
    ] {
        let mut stage = Stage::open().await;
        for _ in 0..times {
            let request = stage.request().await;
            stage.peer.answer(&request, status, more).await;
        }

        let failed = stage.until(|one| one.state == UpkeepState::Failed).await;

        assert_eq!(failed.reason, Some(UpkeepReason::Refused), "{status} {more}");
        // Who presses the button has it tried anew, as at the first time.
        assert_eq!(stage.world.watch.resubscribe(stage.world.tenant, Some(&[stage.anna])), 1);
        let request = stage.request().await;
        assert_eq!(asked(&request), (ANNA, "3600", false), "{status} {more}");
    }
}

#[tokio::test]
async fn a_subscription_that_the_server_does_not_know_any_more_is_made_anew() {
    for status in ["404 Not Found", "410 Gone", "481 Subscription Does Not Exist"] {
        let (mut stage, first) = Stage::subscribed().await;
        stage.world.pass(RENEWED);
        let renewal = stage.request().await;
        assert_eq!(header(&renewal, "Call-ID"), header(&first, "Call-ID"));
        stage.peer.answer(&renewal, status, "").await;
        let waiting = stage.until(|one| one.state == UpkeepState::WaitingToRetry).await;
        assert_eq!(waiting.reason, Some(UpkeepReason::Ended), "{status}");

        stage.world.pass(Duration::from_secs(1));

        let anew = stage.request().await;
        assert_eq!(asked(&anew), (ANNA, "3600", false), "{status}");
        assert_ne!(header(&anew, "Call-ID"), header(&first, "Call-ID"), "{status}");
        // It says nothing about Anna that the server forgot who wants to know.
        assert_eq!(stage.world.shows(stage.anna).availability, Availability::Available);
        stage.told = 0;
        stage.grant(&anew).await;
        stage.tell(&anew).await;
        stage.holds_for(HOUR).await;
    }
}

/// Each renewal is to be answered with a notification as well (RFC 6665, 4.2.1.2).
#[tokio::test]
async fn a_subscription_that_is_renewed_and_tells_nothing_for_two_lifetimes_is_made_anew() {
    for tells in [true, false] {
        let (mut stage, first) = Stage::subscribed().await;
        for _ in 0..2 {
            stage.world.pass(RENEWED);
            let renewal = stage.request().await;
            assert_eq!(asked(&renewal).1, "3600");
            stage.grant(&renewal).await;
            if tells {
                stage.tell(&renewal).await;
            }
            stage.holds_for(HOUR).await;
        }

        // Two hours since it was granted.
        stage.world.pass((2 * HOUR).saturating_sub(2 * RENEWED));

        if tells {
            stage.world.pass((3 * RENEWED).saturating_sub(2 * HOUR));
            let renewal = stage.request().await;
            assert_eq!((asked(&renewal).1, header(&renewal, "Call-ID")), ("3600", header(&first, "Call-ID")));
            continue;
        }
        let end = stage.request().await;
        assert_eq!((asked(&end).1, header(&end, "Call-ID")), ("0", header(&first, "Call-ID")));
        stage.grant(&end).await;
        let anew = stage.request().await;
        assert_eq!(asked(&anew), (ANNA, "3600", false));
        assert_ne!(header(&anew, "Call-ID"), header(&first, "Call-ID"));
        stage.told = 0;
        stage.grant(&anew).await;
        stage.tell(&anew).await;
        stage.holds_for(HOUR).await;
    }
}

#[tokio::test]
async fn a_low_number_of_lync_means_what_the_rules_of_the_tenant_say() {
    let (mut stage, request) = Stage::subscribed().await;
    let body = "<presence><tuple id=\"t\"><status><basic>open</basic></status>\
                <state type=\"aggregateState\"><availability>2999</availability></state></tuple>\
                <person id=\"p\"><activities><away/></activities></person></presence>";
    let length = body.len();
    let more = format!(
        "Subscription-State: active\r\nContent-Type: application/pidf+xml\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    for (revision, low_lync_numbers, shown) in [
        (1, LowNumbers::Unknown, Availability::Away),
        (2, LowNumbers::Available, Availability::Available),
        (3, LowNumbers::Unknown, Availability::Away),
    ] {
        let rules = RulesFacts { revision, rules: PresenceRules { low_lync_numbers, ..PresenceRules::default() } };
        stage.world.book.apply(stage.world.tenant, vec![FactChange::PresenceRules(rules)]);
        stage.told += 1;
        let notify = stage.peer.notify(&request, "server", stage.told, &more);
        assert_eq!(timeout(PATIENCE, stage.peer.ask(&notify)).await.expect("an answer comes"), "200 OK");
        let coming = async {
            while stage.world.shows(stage.anna).availability != shown {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, coming).await.unwrap_or_else(|_| panic!("{low_lync_numbers:?} does not come to {shown:?}"));
    }
}
