//! An application at a Skype for Business server: what it subscribes to, hears, and says.

use std::pin::pin;
use std::time::Duration;

use directory_model::presence::{Activity, Availability, NoteKind};
use directory_source::SourceError;
use directory_source::ucwa::{Agent, Batch, Event, Facet, Next, Preferred, Refused, Url};
use suite::emulator::Reply;
use suite::ucwa::{Person, Told, Twist, USER, Ucwa, error};

use super::{ANNA, policy};

const BEN: &str = "ben@example.com";

async fn server() -> Ucwa {
    let anna =
        Person { presence: ("Busy".into(), Some("in-a-meeting".into())), ..Person::new(ANNA, "a@x.org", "Anna") };
    let note = Some(("Back at 4".into(), "Personal".into()));
    let ben =
        Person { note, presence: ("Away".into(), Some("Kaffeepause".into())), ..Person::new(BEN, "b@x.org", "Ben") };
    Ucwa::start(vec![anna, ben]).await
}

async fn agent(server: &Ucwa) -> Agent {
    Agent::connect(&server.connection(), Some(&server.secret()), &policy()).await.expect("it is let in")
}

/// Listens at the place, and says where it goes on.
async fn next(agent: &Agent, at: &Url) -> (Vec<Event>, Url) {
    let Batch { next, events } = agent.listen(at).await.expect("something happens");
    (events, next.url().clone())
}

/// Each event about a contact: whom, what, and what is read then.
async fn told(agent: &Agent, events: &[Event]) -> Vec<String> {
    let mut told = Vec::new();
    for event in events {
        let Event::Contact { contact, what, at, embedded } = event else { panic!("{event:?}") };
        let address = agent.address_of(contact).await.expect("an answer").expect("an address");
        told.push(match what {
            Facet::Presence => {
                let stated = agent.presence_at(at, embedded.as_ref()).await.expect("an answer").expect("a state");
                format!("{address} {:?} {:?} {:?}", stated.said.availability, stated.said.activity, stated.custom)
            }
            Facet::Note => match agent.note_at(at, embedded.as_ref()).await.expect("an answer") {
                Some(note) => format!("{address} {:?} {}", note.kind, note.text),
                None => format!("{address} no note"),
            },
        });
    }
    told
}

#[tokio::test]
async fn whom_it_subscribes_to_it_is_told_of() {
    for is_numbered in [false, true] {
        let server = server().await;
        if is_numbered {
            server.number_people();
        }
        let agent = agent(&server).await;
        assert_eq!(agent.account(), Some(USER));
        let channel = agent.channel().expect("a channel");
        agent.subscribe(&[ANNA, BEN], 30).await.expect("it is granted");

        let (events, at) = next(&agent, &channel).await;
        assert_eq!(
            told(&agent, &events).await,
            [
                format!("{ANNA} {:?} {:?} None", Availability::Busy, Some(Activity::InAMeeting)),
                format!("{ANNA} no note"),
                format!("{BEN} {:?} None {:?}", Availability::Away, Some("Kaffeepause")),
                format!("{BEN} {:?} Back at 4", NoteKind::Personal),
            ]
        );

        server.set_presence(ANNA, "Online", None);
        let (events, at) = next(&agent, &at).await;
        assert_eq!(told(&agent, &events).await, [format!("{ANNA} {:?} None None", Availability::Available)]);
        server.set_note(ANNA, Some(("On holiday", "OutOfOffice")));
        let (events, _) = next(&agent, &at).await;
        assert_eq!(told(&agent, &events).await, [format!("{ANNA} {:?} On holiday", NoteKind::OutOfOffice)]);
        // The number of a contact is looked up once.
        let paths = server.seen().into_iter().filter(|seen| seen.path.ends_with("/people/200")).count();
        assert_eq!(paths, usize::from(is_numbered));
        let asked = server.seen().into_iter().find(|seen| seen.path.ends_with("/events")).expect("it listened");
        assert_eq!((asked.asked("ack"), asked.asked("medium"), asked.asked("timeout")), ("1", "5", "180"));
    }
}

#[tokio::test]
async fn subscriptions_are_of_ten_to_thirty_minutes_and_go_on() {
    let server = server().await;
    let agent = agent(&server).await;
    for minutes in [9, 31] {
        let refused = agent.subscribe(&[ANNA], minutes).await.expect_err("it is refused");
        assert!(matches!(refused, Refused::Rejected(SourceError::RequestRefused { status: 400, .. })), "{refused:?}");
    }
    let first = agent.subscribe(&[ANNA], 10).await.expect("it is granted");
    agent.extend(&first, 30).await.expect("it goes on");
    agent.add(&first, &[BEN]).await.expect("there is room");
    assert_eq!(server.minutes(), [10, 30]);
    assert_eq!(server.subscribed().iter().map(std::collections::BTreeSet::len).collect::<Vec<_>>(), [2]);

    server.limit_subscriptions(1);
    assert_eq!(agent.subscribe(&[BEN], 30).await, Err(Refused::Limited));
    agent.end(&first).await.expect("it is ended");
    agent.end(&first).await.expect("it is gone, which is as good");
    // What has expired is refused in the words for a lost application, which it is not.
    assert_eq!(agent.extend(&first, 30).await, Err(Refused::NotKnown));
    assert_eq!(agent.add(&first, &[BEN]).await, Err(Refused::NotKnown));
    agent.subscribe(&[BEN], 30).await.expect("the application is there");
}

#[tokio::test]
async fn a_channel_goes_on_where_it_broke() {
    let server = server().await;
    let agent = agent(&server).await;
    let channel = agent.channel().expect("a channel");
    agent.subscribe(&[ANNA], 30).await.expect("it is granted");

    server.twist(Twist::Broken);
    let broken = agent.listen(&channel).await.expect_err("it breaks");
    assert!(matches!(broken, Refused::Lost(SourceError::Unreachable { .. })), "{broken:?}");
    let (events, at) = next(&agent, &channel).await;
    assert_eq!(events.len(), 2, "nothing was missed");

    server.twist(Twist::Resync);
    let resync = agent.listen(&at).await.expect("an answer").next;
    assert!(matches!(&resync, Next::Resync(url) if url.path() == at.path()), "{resync:?}");
    server.release();
    let (events, at) = next(&agent, resync.url()).await;
    assert_eq!(events, []);
    server.twist(Twist::Resume);
    let resume = agent.listen(&at).await.expect("an answer").next;
    assert!(matches!(&resume, Next::Resume(_)) && server.subscribed().is_empty(), "{resume:?}");
    assert!(agent.on_terms(resume.url().clone()).query().is_some_and(|query| query.contains("timeout=180")));

    // Who listens twice is answered the second time only.
    let (mut one, mut other) = (pin!(agent.listen(resume.url())), pin!(agent.listen(resume.url())));
    let (first, waiting) = tokio::select! {
        first = &mut one => (first, other.as_mut()),
        first = &mut other => (first, one.as_mut()),
    };
    assert_eq!(first, Err(Refused::Replaced));
    server.release();
    waiting.await.expect("it still listens");
}

#[tokio::test]
async fn an_application_that_is_gone_is_told_from_a_server_that_is_busy() {
    let server = server().await;
    let agent = agent(&server).await;
    let channel = agent.channel().expect("a channel");
    server.revoke_tokens();
    agent.subscribe(&[ANNA], 30).await.expect("another token is got");
    assert_eq!(server.given(), (2, 1));

    server.reply_next("/presenceSubscriptions", Reply::empty(503).with("retry-after", "17"));
    let Err(Refused::Busy(busy)) = agent.subscribe(&[BEN], 30).await else { panic!("it is busy") };
    assert_eq!(busy.retry_after, Some(Duration::from_secs(17)));
    server.reply_next("/events", error(409, "Conflict", "PGetReplaced"));
    assert_eq!(agent.listen(&channel).await, Err(Refused::Replaced));

    server.forget_applications();
    for refused in [agent.listen(&channel).await.map(drop), agent.subscribe(&[BEN], 30).await.map(drop)] {
        assert!(matches!(refused, Err(Refused::Lost(SourceError::RequestRefused { status: 404, .. }))), "{refused:?}");
    }
}

#[tokio::test]
async fn who_is_moved_to_another_pool_is_lost_and_found_there() {
    let server = server().await;
    let before = agent(&server).await;
    server.move_account();

    let refused = before.subscribe(&[ANNA], 30).await.expect_err("the account is elsewhere");
    assert!(matches!(refused, Refused::Lost(SourceError::RequestRefused { status: 401, .. })), "{refused:?}");
    agent(&server).await.subscribe(&[ANNA], 30).await.expect("it was found");
}

#[tokio::test]
async fn somebody_may_also_be_asked_about() {
    let server = server().await;
    let agent = agent(&server).await;

    let ben = agent.look_up(BEN).await.expect("an answer");
    assert_eq!(ben.note.map(|note| note.text).as_deref(), Some("Back at 4"));
    assert_eq!(agent.look_up("nobody@example.com").await, Err(Refused::NotKnown));
    assert_eq!(agent.look_up(&format!("{}@x.org", "x".repeat(300))).await, Err(Refused::NotKnown));
    server.change_secretly(BEN, "Dancing");
    assert_eq!(agent.look_up(BEN).await.expect("an answer").stated, None);
    let searches = server.seen().into_iter().filter(|seen| seen.path.ends_with("/search")).count();
    assert_eq!(searches, 2, "where somebody is found is known");
    server.reply_next("/presence", error(404, "NotFound", ""));
    assert_eq!(agent.look_up(BEN).await, Err(Refused::NotKnown));
    agent.look_up(BEN).await.expect("it was searched for anew");
}

#[tokio::test]
async fn the_account_is_made_available_before_anything_is_said_of_it() {
    let server = server().await;
    let agent = agent(&server).await;
    assert_eq!(agent.publish(Some(Preferred::Busy)).await, Err(Refused::NotAvailable));
    assert_eq!(agent.report_activity().await, Err(Refused::NotAvailable));

    agent.make_available(Preferred::Away).await.expect("it appears");
    agent.make_available(Preferred::Away).await.expect("it is there already");
    agent.report_activity().await.expect("it is told");
    agent.publish(Some(Preferred::Offwork)).await.expect("it is told");
    agent.publish(None).await.expect("it is taken back");

    let told =
        [Told::Available("Away".into()), Told::Activity, Told::Presence(Some("Offwork".into())), Told::Presence(None)];
    assert_eq!(server.said(), told);
}
