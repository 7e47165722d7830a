//! From a Skype for Business server to the book: subscriptions, the event channel, and everything that goes wrong there.

use std::collections::BTreeSet;

use directory_model::port::ChangeSink;
use directory_model::presence::NoteKind;
use directory_model::source::{Publishing, UcwaConnection};
use directory_model::upkeep::UpkeepCounts;
use gateway_presence::facts::PresenceFacts;
use suite::ucwa::{self, Person, Told, Twist, USER, Ucwa};

use super::*;

/// An address of the number.
fn address(number: usize) -> String {
    format!("user{number}@example.com")
}

async fn server(count: usize) -> Ucwa {
    let person = |number| Person {
        presence: ("Online".into(), None),
        ..Person::new(&address(number), &address(number), &format!("User {number}"))
    };
    Ucwa::start((0..count).map(person).collect()).await
}

/// A tenant that has the first `count` people of the server as contacts, and watches them.
async fn world_over(server: &Ucwa, connection: UcwaConnection, count: usize) -> (World, Vec<ContactId>) {
    let (db, reading) = (TestDatabase::sqlite().await, json!({"reads_presence": true}));
    let world = World::new(db, Connection::Ucwa(connection), server.secret(), reading).await;
    let mut people = Vec::new();
    for number in 0..count {
        people.push(world.sip(&address(number)).await);
    }
    world.begin();
    (world, people)
}

async fn world(server: &Ucwa, count: usize) -> (World, Vec<ContactId>) {
    world_over(server, server.connection(), count).await
}

impl World {
    async fn sip(&self, address: &str) -> ContactId {
        let (display_name, sip) = (Some(address.to_owned()), Some(format!("sip:{address}")));
        self.contact(ContactFields { display_name, sip, ..ContactFields::default() }).await
    }

    /// Waits until somebody shows this; time passes as far as is said for each look.
    async fn comes_to_show(&self, contact: ContactId, availability: Availability, step: Duration) {
        let coming = async {
            while self.shows(contact).availability != availability {
                self.pass(step);
                a_moment().await;
            }
        };
        timeout(PATIENCE, coming).await.unwrap_or_else(|_| panic!("{:?} {:?}", self.shows(contact), self.health()));
    }

    async fn settles(&self, is_so: impl Fn(UpkeepCounts) -> bool) {
        self.until(|health| is_so(health.counts)).await;
    }

    /// The same, with a second passing for each look.
    async fn settles_in_time(&self, is_so: impl Fn(UpkeepCounts) -> bool) {
        let settling = async {
            while !self
                .watch
                .health(self.tenant, self.source, &PageRequest::default())
                .aspects
                .first()
                .is_some_and(|it| is_so(it.counts))
            {
                self.pass(Duration::from_secs(1));
                a_moment().await;
            }
        };
        timeout(PATIENCE, settling).await.unwrap_or_else(|_| panic!("{:?}", self.health()));
    }

    /// Has what was written to the store looked at.
    fn follow(&self) {
        self.grown.changed(self.tenant, 0);
    }

    fn notes(&self, contact: ContactId) -> Vec<String> {
        self.book.noted(self.tenant, contact).into_iter().flat_map(|noted| noted.notes).map(|note| note.text).collect()
    }
}

/// Lets client and server, who share this thread, do whatever they can do without time passing.
async fn a_moment() {
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
}

async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, waiting).await.expect("it becomes so");
}

const NO_TIME: Duration = Duration::ZERO;

#[tokio::test]
async fn what_changes_is_told_shown_and_explained() {
    let server = server(2).await;
    let (world, people) = world(&server, 2).await;
    world.comes_to_show(people[1], Availability::Available, NO_TIME).await;
    world.settles(|counts| counts.subscribed == 2).await;
    assert_eq!(server.subscribed().len(), 1, "both are in one subscription");

    server.set_presence(&address(0), "Busy", Some("in-a-meeting"));
    server.set_note(&address(0), Some(("Back at 4", "Personal")));
    world.comes_to_show(people[0], Availability::Busy, NO_TIME).await;
    until(|| world.notes(people[0]) == ["Back at 4"]).await;

    let shown = world.shows(people[0]);
    assert_eq!((shown.activity, shown.decided_by), (Some(Activity::InAMeeting), Some(ClaimKind::Platform)));
    let why = world.book.why(world.tenant, people[0]);
    assert_eq!((why.claims.len(), why.claims[0].claim.source.clone()), (1, world.source.to_string()));
    let noted = world.book.noted(world.tenant, people[0]);
    assert_eq!((noted[0].source.clone(), noted[0].notes[0].kind), (world.source.to_string(), NoteKind::Personal));
    let portrait = world.book.portrait(world.tenant, people[0]).expect("a contact");
    assert_eq!(portrait.notes, [], "it is nobody's own word");

    server.set_note(&address(0), Some(("On holiday", "OutOfOffice")));
    until(|| world.shows(people[0]).is_out_of_office && world.notes(people[0]) == ["On holiday"]).await;
    server.set_note(&address(0), None);
    until(|| !world.shows(people[0]).is_out_of_office && world.notes(people[0]).is_empty()).await;
}

#[tokio::test]
async fn many_are_subscribed_to_a_hundred_at_a_time_and_whoever_is_refused_alone_is_left_out() {
    let server = server(230).await;
    server.refuse(&address(7));
    let (world, people) = world(&server, 230).await;

    // Requests are paced, so it takes some time.
    world.settles_in_time(|counts| counts.subscribed == 229).await;
    for contact in [people[0], people[229]] {
        world.comes_to_show(contact, Availability::Available, NO_TIME).await;
    }

    let health = world.health();
    assert_eq!((health.counts.failed, health.problem), (1, None));
    let groups = server.subscribed();
    assert_eq!(groups.iter().map(BTreeSet::len).sum::<usize>(), 229);
    assert!(groups.iter().all(|group| group.len() <= 100) && groups.len() <= 12, "{}", groups.len());

    // Whoever comes later is put where there is room.
    let late = world.sip("late@example.com").await;
    world.follow();
    world.settles_in_time(|counts| counts.subscribed == 230).await;
    assert_eq!((server.subscribed().len(), world.shows(late).availability), (groups.len(), Availability::Unknown));
}

#[tokio::test]
async fn subscriptions_go_on_for_as_long_as_somebody_is_asked_about() {
    let server = server(3).await;
    let connection = UcwaConnection { subscription_minutes: 10, ..server.connection() };
    let (world, people) = world_over(&server, connection, 3).await;
    world.comes_to_show(people[2], Availability::Available, NO_TIME).await;
    world.settles(|counts| counts.subscribed == 3).await;
    assert_eq!(server.minutes(), [10]);

    // One request for all of them, somewhere between half and four fifths of the time.
    for _ in 0..9 {
        world.pass(MINUTE);
        a_moment().await;
    }
    until(|| server.minutes().len() == 2).await;
    world.settles(|counts| counts.subscribed == 3).await;
    assert_eq!(world.shows(people[0]).availability, Availability::Available);

    // The server wants it to be renewed sooner.
    server.shorten_subscriptions();
    until(|| server.minutes().len() == 3).await;
    assert_eq!(server.minutes(), [10, 10, 10]);
}

#[tokio::test]
async fn what_expired_or_was_forgotten_is_made_anew_and_nobody_seems_more_available_meanwhile() {
    let server = server(2).await;
    let (world, people) = world(&server, 2).await;
    server.set_presence(&address(0), "DoNotDisturb", Some("presenting"));
    world.comes_to_show(people[0], Availability::DoNotDisturb, NO_TIME).await;

    // Told by the server, and found at the renewal, which is refused in the words for a lost application.
    for is_told in [true, false] {
        world.settles(|counts| counts.subscribed == 2).await;
        server.expire_subscriptions(is_told);
        // By then all of them are due to be renewed, and none is over.
        world.pass(if is_told { NO_TIME } else { 25 * MINUTE });
        let coming = async {
            while server.subscribed().iter().map(BTreeSet::len).sum::<usize>() < 2 {
                world.pass(Duration::from_secs(1));
                assert_eq!(world.shows(people[0]).availability, Availability::DoNotDisturb);
                a_moment().await;
            }
        };
        timeout(PATIENCE, coming).await.unwrap_or_else(|_| panic!("{:?}", world.health()));
    }
    assert_eq!(server.given(), (1, 1), "the application is the same");
    server.set_presence(&address(0), "Online", None);
    world.comes_to_show(people[0], Availability::Available, NO_TIME).await;
}

#[tokio::test]
async fn a_channel_that_breaks_loses_nothing() {
    let server = server(2).await;
    let (world, people) = world(&server, 2).await;
    world.comes_to_show(people[0], Availability::Available, NO_TIME).await;

    // The connection breaks in the middle of an answer: it is asked for again.
    server.twist(Twist::Broken);
    server.set_presence(&address(0), "Away", None);
    world.comes_to_show(people[0], Availability::Away, NO_TIME).await;

    // The server says that something was missed: everybody is read anew.
    server.change_secretly(&address(1), "BeRightBack");
    server.twist(Twist::Resync);
    world.comes_to_show(people[1], Availability::BeRightBack, NO_TIME).await;

    // It has forgotten the subscriptions.
    server.change_secretly(&address(1), "Busy");
    server.twist(Twist::Resume);
    world.comes_to_show(people[1], Availability::Busy, Duration::from_secs(1)).await;

    // Somebody else listens as the same application, once.
    server.twist(Twist::Replaced);
    a_moment().await;
    server.set_presence(&address(0), "Offline", None);
    world.comes_to_show(people[0], Availability::Offline, NO_TIME).await;
    assert_eq!(server.given().1, 1, "the application is the same");
}

#[tokio::test]
async fn an_application_that_is_taken_over_forgotten_or_moved_is_made_anew() {
    let server = server(1).await;
    let (world, people) = world(&server, 1).await;
    world.comes_to_show(people[0], Availability::Available, NO_TIME).await;
    let mut expected = 1;
    let again = async |what: &str, availability: &str, shown: Availability, expected: u32| {
        server.change_secretly(&address(0), availability);
        let made = async {
            while server.given().1 < expected {
                world.pass(Duration::from_secs(1));
                a_moment().await;
            }
        };
        timeout(PATIENCE, made).await.unwrap_or_else(|_| panic!("{what}: {:?}", world.health()));
        world.comes_to_show(people[0], shown, Duration::from_secs(1)).await;
        world.settles(|counts| counts.subscribed == 1).await;
    };

    // Somebody else who is this application does not let go.
    for _ in 0..2 {
        server.reply_next("/events", ucwa::error(409, "Conflict", "PGetReplaced"));
    }
    expected += 1;
    again("taken over", "Busy", Availability::Busy, expected).await;
    server.forget_applications();
    expected += 1;
    again("forgotten", "Away", Availability::Away, expected).await;
    server.move_account();
    server.release();
    expected += 1;
    again("moved", "Online", Availability::Available, expected).await;
    let before = server.given().0;
    server.revoke_tokens();
    server.set_presence(&address(0), "Busy", None);
    world.comes_to_show(people[0], Availability::Busy, NO_TIME).await;
    assert_eq!(server.given(), (before + 1, expected), "another token is enough");
}

#[tokio::test]
async fn a_throttled_server_is_left_alone_for_as_long_as_it_says() {
    let server = server(2).await;
    server.reply_next("/presenceSubscriptions", ucwa::error(429, "TooManyRequests", "").with("retry-after", "100"));
    let (world, people) = world(&server, 2).await;
    let health = world.until(|health| health.problem.is_some()).await;
    assert!(matches!(health.problem, Some(RunProblem::Busy { .. })), "{health:?}");
    let asked = || server.seen().into_iter().filter(|seen| seen.path.ends_with("/presenceSubscriptions")).count();
    assert_eq!((health.counts.waiting_to_retry, asked()), (2, 1));

    world.pass(Duration::from_secs(99));
    world.watch.resubscribe(world.tenant, None);
    a_moment().await;
    assert_eq!(asked(), 1);
    world.pass(Duration::from_secs(12));
    world.comes_to_show(people[0], Availability::Available, NO_TIME).await;
    assert_eq!(world.until(|health| health.problem.is_none()).await.counts.subscribed, 2);
}

#[tokio::test]
async fn where_there_are_too_many_subscriptions_people_are_polled() {
    let server = server(2).await;
    server.limit_subscriptions(0);
    let (world, people) = world(&server, 2).await;
    world.settles(|counts| counts.polling == 2).await;
    world.comes_to_show(people[1], Availability::Available, Duration::from_secs(10)).await;

    server.change_secretly(&address(1), "Away");
    world.comes_to_show(people[1], Availability::Away, MINUTE).await;
    assert_eq!(server.subscribed().len(), 0);
}

#[tokio::test]
async fn a_subscription_that_has_stopped_to_work_is_found_by_comparing() {
    let server = server(1).await;
    let (world, people) = world(&server, 1).await;
    world.comes_to_show(people[0], Availability::Available, NO_TIME).await;
    world.settles(|counts| counts.subscribed == 1).await;

    server.change_secretly(&address(0), "Busy");
    world.comes_to_show(people[0], Availability::Busy, MINUTE / 6).await;
    assert!(world.db.clock.now() >= world.health().since.plus(Duration::from_mins(50)), "not without need");
}

#[tokio::test]
async fn who_is_asked_about_no_more_is_left_and_says_nothing_more() {
    let server = server(2).await;
    let (world, people) = world(&server, 2).await;
    world.comes_to_show(people[0], Availability::Available, NO_TIME).await;
    world.settles(|counts| counts.subscribed == 2).await;

    for contact in people.clone() {
        let fields = world.by_id(contact).await;
        let gone = ContactFields { is_disabled: true, ..fields.fields }.check().expect("valid");
        let change = move |tx: &mut directory_store::tx::Tx<'_>| contacts::update(tx, contact, fields.revision, &gone);
        world.db.write(world.tenant, change).await.expect("the contact");
    }
    world.follow();
    world.settles_in_time(|counts| counts.total() == 0).await;
    // Taking leave is paced as well.
    world.pass(Duration::from_secs(1));
    until(|| server.subscribed().is_empty()).await;
}

impl World {
    async fn by_id(&self, id: ContactId) -> Contact {
        let tenant = self.tenant;
        self.db.read(move |conn| contacts::find(conn, tenant, id)).await.expect("the contact")
    }

    /// Somebody says this of themselves here, or takes it back.
    fn speak(&self, contact: ContactId, as_of: i64, availability: Option<Availability>) {
        let now = self.db.clock.now();
        let claim = |availability| Claim {
            contact,
            kind: ClaimKind::Manual,
            source: "manual".into(),
            device: String::new(),
            version: as_of,
            availability,
            activity: None,
            is_out_of_office: false,
            is_tentative: false,
            is_ringing: false,
            is_repeated: false,
            custom: None,
            since: now,
            heard_at: now,
            expires_at: None,
        };
        let stored = availability.map(claim).into_iter().collect();
        let facts = PresenceFacts { contact, as_of, stored, notes: Vec::new() };
        self.book.apply(self.tenant, vec![FactChange::Presence(facts)]);
    }
}

#[tokio::test]
async fn the_server_is_told_what_somebody_says_of_themselves_and_nothing_without_being_asked_to() {
    let quiet = server(1).await;
    let (other, _) = world(&quiet, 1).await;
    let server = server(1).await;
    let connection = UcwaConnection { publishes: Publishing::OwnWord, ..server.connection() };
    let (world, people) = world_over(&server, connection, 1).await;
    let gateway = world.sip(USER).await;
    world.follow();
    world.settles(|counts| counts.subscribed == 2).await;

    world.speak(people[0], 1, Some(Availability::Away));
    world.speak(gateway, 1, Some(Availability::Busy));
    until(|| server.said().len() == 2).await;
    assert_eq!(server.said(), [Told::Available("Busy".into()), Told::Presence(Some("Busy".into()))]);
    world.speak(gateway, 2, None);
    until(|| server.said().len() == 3).await;
    assert_eq!(server.said()[2], Told::Presence(None));
    assert_eq!(quiet.said(), []);
    other.watch.stop().await;
}

#[tokio::test]
async fn an_account_that_is_to_be_there_is_active() {
    let server = server(1).await;
    let connection = UcwaConnection { publishes: Publishing::Activity, ..server.connection() };
    let (_world, _) = world_over(&server, connection, 1).await;

    until(|| server.said() == [Told::Available("Online".into())]).await;
}
