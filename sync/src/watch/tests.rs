//! The tasks, in virtual time and with sources that say what a test wants.

mod world;

use std::time::Duration;

use directory_model::contact::ContactFields;
use directory_model::page::PageRequest;
use directory_model::port::PresenceUpkeep;
use directory_model::presence::{Availability, NoteKind, SourceNote};
use directory_model::run::RunProblem;
use directory_model::upkeep::{UpkeepReason, UpkeepState};
use tokio::time::{Instant, sleep};

use self::world::{Mood, World, nobody, polled, subscribed};
use super::connector::{News, Statement, Word};
use crate::upkeep::{Act, Notice, Termination, Terms};

const MINUTE: Duration = Duration::from_mins(1);

fn state(availability: Availability) -> Statement {
    Statement::words(vec![Word { device: String::new(), said: availability.into(), custom: None, since: None }])
}

#[tokio::test(start_paused = true)]
async fn a_contact_is_watched_from_the_moment_at_which_it_is_added() {
    let world = World::new(polled()).await;
    let exchange = world.source("Exchange").await;
    let anna = world.contact("anna").await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.said_about(anna), [Availability::Busy]);

    let asked_at = Instant::now();
    let bert = world.contact("bert").await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.said_about(bert), [Availability::Busy], "{:?}", asked_at.elapsed());
    assert_eq!(world.counts(exchange).polling, 2);

    // Who has no address any more, or is out of service, says nothing more, and that is no silence.
    world.edit(anna, |fields| fields.mail = None).await;
    world.edit(bert, |fields| fields.is_disabled = true).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.counts(exchange).total(), 0);
    for contact in [anna, bert] {
        let last = world.last_claim(contact);
        assert_eq!((last.availability, last.is_repeated), (Availability::Unknown, false));
    }
    let before = world.asks(exchange).len();
    sleep(30 * MINUTE).await;
    assert_eq!(world.asks(exchange).len(), before, "nobody is asked about any more");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_in_whatever_way_disturbs_no_other() {
    for mood in [Mood::Gone, Mood::Mute, Mood::Broken, Mood::Absurd] {
        let world = World::new(polled()).await;
        let (bad, good) = (world.source("Bad").await, world.source("Good").await);
        world.set_mood(bad, mood);
        let anna = world.contact("anna").await;

        sleep(30 * MINUTE).await;

        assert!(world.claims(anna).iter().all(|claim| claim.source == good.to_string()), "{mood:?}");
        // Every five minutes, and once more or less for chance.
        let asked = world.asks(good).len();
        assert!((6..=8).contains(&asked), "{mood:?}: {asked}");
        assert_eq!(world.counts(good).polling, 1, "{mood:?}");
        // It is tried again and again, but not without a pause.
        let tries = world.asks(bad).len();
        assert!((5..=40).contains(&tries), "{mood:?}: {tries}");

        world.set_mood(bad, Mood::Well);
        sleep(10 * MINUTE).await;
        assert!(world.claims(anna).iter().any(|claim| claim.source == bad.to_string()), "{mood:?}");
        assert_eq!(world.counts(bad).polling, 1, "{mood:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_source_that_is_gone_for_an_hour_the_claims_end_and_come_back() {
    let world = World::new(polled()).await;
    let exchange = world.source("Exchange").await;
    let anna = world.contact("anna").await;
    sleep(11 * MINUTE).await;
    let last = world.last_claim(anna);
    assert!(last.is_repeated);

    world.set_mood(exchange, Mood::Gone);
    let before = world.asks(exchange).len();
    sleep(60 * MINUTE).await;

    // Its last word is over after three polls, which leads to the rule of silence.
    assert_eq!(world.last_claim(anna).version, last.version);
    let end = last.expires_at.expect("it ends");
    assert!(end <= last.heard_at.plus(18 * MINUTE) && end < world.now(), "{last:?}");
    let health = world.health(exchange);
    assert_eq!(health.aspects[0].counts.waiting_to_retry, 1);
    assert_eq!(health.aspects[0].problem, Some(RunProblem::LookupOnly));
    assert_eq!(health.contacts.items[0].reason, Some(UpkeepReason::NoAnswer));
    let tries = world.asks(exchange).len() - before;
    assert!((12..=40).contains(&tries), "{tries} tries in an hour");

    world.set_mood(exchange, Mood::Well);
    sleep(5 * MINUTE).await;
    assert!(world.last_claim(anna).version > last.version);
    assert_eq!(world.health(exchange).aspects[0].problem, None);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_is_renewed_and_what_was_said_repeated_with_it() {
    let world = World::new(subscribed()).await;
    let sip = world.source("SIP").await;
    world.set_lifetime(Duration::from_mins(10));
    let anna = world.contact("anna").await;
    sleep(Duration::from_secs(5)).await;
    assert_eq!(world.counts(sip).subscribed, 1);
    world.news(sip, News { contact: Some(anna), notice: Notice::Heard, said: Some(state(Availability::Away)) }).await;
    sleep(Duration::from_secs(1)).await;
    let first = world.last_claim(anna);
    assert_eq!(first.availability, Availability::Away);

    // For an hour the person does nothing, and is away all the time.
    for _ in 0..60 {
        sleep(MINUTE).await;
        let last = world.last_claim(anna);
        assert!(last.availability == Availability::Away && last.counts_at(world.now()), "{last:?}");
    }
    let renewals = world.asks(sip).iter().filter(|(act, _)| *act == Act::Renew).count();
    // Between 60 minutes / 8 and 60 / 5.
    assert!((7..=13).contains(&renewals), "{renewals}");

    // The source grants less from now on.
    world.set_lifetime(MINUTE);
    sleep(30 * MINUTE).await;
    let renewals = world.asks(sip).iter().filter(|(act, _)| *act == Act::Renew).count() - renewals;
    assert!((24..=60).contains(&renewals), "{renewals}");
    assert_eq!(world.counts(sip).subscribed, 1);
}

#[tokio::test(start_paused = true)]
async fn notes_are_repeated_with_what_was_said_and_go_with_it() {
    let world = World::new(subscribed()).await;
    let sip = world.source("SIP").await;
    world.set_lifetime(Duration::from_mins(10));
    let anna = world.contact("anna").await;
    sleep(Duration::from_secs(5)).await;
    let note = SourceNote { text: "Bin in Graz".into(), kind: NoteKind::Personal, language: Some("de".into()) };
    let since = world.now().minus(MINUTE);
    let away = Word { device: String::new(), said: Availability::Away.into(), custom: None, since: Some(since) };
    let said = Statement::State { words: vec![away], notes: vec![note.clone()] };
    world.news(sip, News { contact: Some(anna), notice: Notice::Heard, said: Some(said) }).await;

    sleep(30 * MINUTE).await;

    let (claim, noted) = (world.last_claim(anna), world.last_notes(anna).expect("notes"));
    assert_eq!((claim.since, noted.source.clone(), noted.notes.clone()), (since, sip.to_string(), vec![note]));
    assert!(noted.expires_at > world.now() && Some(noted.expires_at) == claim.expires_at, "{noted:?}");
    world.edit(anna, |fields| fields.is_disabled = true).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.last_notes(anna).expect("they are over").notes, []);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_forgot_its_subscriptions_says_nothing_about_people() {
    let world = World::new(subscribed()).await;
    let sip = world.source("SIP").await;
    world.set_lifetime(Duration::from_mins(10));
    let anna = world.contact("anna").await;
    sleep(Duration::from_secs(5)).await;
    world.news(sip, News { contact: Some(anna), notice: Notice::Heard, said: Some(state(Availability::Away)) }).await;
    sleep(Duration::from_secs(1)).await;
    let subscriptions = || world.asks(sip).iter().filter(|(act, _)| *act == Act::Subscribe).count();
    assert_eq!(subscriptions(), 1);

    world.set_mood(sip, Mood::Forgetful);
    while subscriptions() == 1 {
        sleep(Duration::from_secs(1)).await;
    }

    let said = world.said_about(anna);
    assert!(said.iter().all(|said| *said == Availability::Away), "nothing else is said: {said:?}");
    assert!(world.last_claim(anna).counts_at(world.now()));
}

#[tokio::test(start_paused = true)]
async fn what_a_source_ends_is_made_anew_and_what_nobody_asked_for_is_ignored() {
    let world = World::new(subscribed()).await;
    let sip = world.source("SIP").await;
    let anna = world.contact("anna").await;
    sleep(Duration::from_secs(5)).await;
    let asked = |act| world.asks(sip).iter().filter(|(of, _)| *of == act).count();
    assert_eq!(asked(Act::Subscribe), 1);

    let (reason, retry_after) = (Termination::Deactivated, None);
    let notice = Notice::Terminated { reason, retry_after };
    world.news(sip, News { contact: Some(anna), notice, said: None }).await;
    sleep(Duration::from_secs(5)).await;
    assert_eq!((asked(Act::Subscribe), world.counts(sip).subscribed), (2, 1));

    // The connection breaks over which all of them came.
    world.news(sip, News { contact: None, notice: Notice::Lost, said: None }).await;
    sleep(Duration::from_secs(10)).await;
    assert_eq!((asked(Act::Subscribe), world.counts(sip).subscribed), (3, 1));

    // Somebody whom nobody watches.
    let stranger = nobody();
    let news = News { contact: Some(stranger), notice: Notice::Heard, said: Some(state(Availability::Available)) };
    world.news(sip, news).await;
    sleep(Duration::from_secs(1)).await;
    assert!(world.claims(stranger).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_has_stopped_to_work_is_found_out_and_made_anew() {
    let world = World::new(Terms { stale_after: 20 * MINUTE, ..subscribed() }).await;
    let sip = world.source("SIP").await;
    world.set_lifetime(Duration::from_hours(24));
    let anna = world.contact("anna").await;
    sleep(Duration::from_secs(5)).await;
    let acts = || world.asks(sip).iter().map(|(act, _)| *act).collect::<Vec<_>>();

    // Nothing is heard, and a poll says the same: it works, there was nothing to hear.
    world.news(sip, News { contact: Some(anna), notice: Notice::Heard, said: Some(state(Availability::Busy)) }).await;
    sleep(21 * MINUTE).await;
    assert_eq!(acts(), [Act::Subscribe, Act::Poll]);

    // Nothing is heard, and a poll says something else.
    world.news(sip, News { contact: Some(anna), notice: Notice::Heard, said: Some(state(Availability::Away)) }).await;
    sleep(21 * MINUTE).await;
    assert_eq!(acts(), [Act::Subscribe, Act::Poll, Act::Poll, Act::Subscribe]);
    assert_eq!(world.last_claim(anna).availability, Availability::Busy);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_news_leaves_room_for_the_rest() {
    let world = World::new(subscribed()).await;
    let sip = world.source("SIP").await;
    let (anna, bert) = (world.contact("anna").await, world.contact("bert").await);
    sleep(Duration::from_secs(5)).await;
    for number in 0..20_000 {
        let availability = if number % 2 == 0 { Availability::Busy } else { Availability::Available };
        let news = News { contact: Some(anna), notice: Notice::Heard, said: Some(state(availability)) };
        world.news(sip, news).await;
    }
    world.news(sip, News { contact: Some(bert), notice: Notice::Heard, said: Some(state(Availability::Away)) }).await;
    sleep(Duration::from_secs(5)).await;

    assert_eq!(world.last_claim(bert).availability, Availability::Away);
    assert_eq!(world.last_claim(anna).availability, Availability::Available);
    let versions: Vec<i64> = world.claims(anna).iter().map(|claim| claim.version).collect();
    assert!(versions.is_sorted_by(|one, other| one < other), "each claim replaces the one before");
}

#[tokio::test(start_paused = true)]
async fn what_expired_while_the_machine_slept_is_asked_for_anew() {
    let world = World::new(subscribed()).await;
    let sip = world.source("SIP").await;
    world.set_lifetime(Duration::from_hours(1));
    let anna = world.contact("anna").await;
    sleep(Duration::from_secs(5)).await;

    world.step_clock(8 * 3600);
    sleep(MINUTE).await;

    let acts: Vec<Act> = world.asks(sip).iter().map(|(act, _)| *act).collect();
    assert_eq!(acts, [Act::Subscribe, Act::Subscribe]);

    // A clock that is set back is no reason to forget anybody.
    world.step_clock(-5 * 3600);
    sleep(2 * MINUTE).await;
    let acts: Vec<Act> = world.asks(sip).iter().map(|(act, _)| *act).collect();
    assert_eq!(acts, [Act::Subscribe, Act::Subscribe, Act::Renew]);
    assert!(world.health(sip).contacts.items.iter().any(|one| one.contact == anna));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_is_switched_off_or_changed_is_followed() {
    let world = World::new(polled()).await;
    let exchange = world.source("Exchange").await;
    let anna = world.contact("anna").await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.said_about(anna), [Availability::Busy]);

    // A new name changes nothing, a new secret has it connected anew.
    world.edit_source(exchange, |fields| fields.name = "Renamed".into()).await;
    sleep(Duration::from_secs(10)).await;
    assert_eq!((world.connections(exchange), world.asks(exchange).len()), (1, 1));
    world.set_secret(exchange, "other").await;
    sleep(Duration::from_secs(10)).await;
    assert_eq!((world.connections(exchange), world.asks(exchange).len()), (2, 2));

    world.edit_source(exchange, |fields| fields.is_disabled = true).await;
    sleep(Duration::from_secs(10)).await;
    let last = world.last_claim(anna);
    assert_eq!((last.availability, last.is_repeated), (Availability::Unknown, false), "what it said is over");
    assert!(world.health(exchange).aspects.is_empty());

    world.edit_source(exchange, |fields| fields.is_disabled = false).await;
    sleep(Duration::from_secs(10)).await;
    assert_eq!(world.last_claim(anna).availability, Availability::Busy);
    world.edit_source(exchange, |fields| fields.presence = None).await;
    sleep(Duration::from_secs(10)).await;
    assert!(world.health(exchange).aspects.is_empty());
}

#[tokio::test(start_paused = true)]
async fn health_comes_in_pages_and_whoever_is_wanted_is_asked_about_anew() {
    let world = World::new(polled()).await;
    let exchange = world.source("Exchange").await;
    let mut all = Vec::new();
    for number in 0..7 {
        all.push(world.contact(&format!("p{number}")).await);
    }
    sleep(MINUTE).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest { limit: Some(3), after, ..PageRequest::default() };
        let health = world.watch.health(world.tenant, exchange, &page);
        assert!(health.contacts.items.len() <= 3 && health.aspects[0].counts.polling == 7);
        assert!(health.contacts.items.iter().all(|one| one.state == UpkeepState::Polling));
        seen.extend(health.contacts.items.iter().map(|one| one.contact));
        after = health.contacts.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, all);

    let before = world.asks(exchange).len();
    assert_eq!(world.watch.resubscribe(world.tenant, Some(&[all[2], nobody()])), 1);
    sleep(Duration::from_secs(1)).await;
    let asked: Vec<_> = world.asks(exchange)[before..].iter().map(|(_, contact)| *contact).collect();
    assert!(asked.contains(&all[2]), "{asked:?}");
    let before = world.asks(exchange).len();
    assert_eq!(world.watch.resubscribe(world.tenant, None), 7);
    assert_eq!(world.watch.resubscribe(directory_store::PLATFORM, None), 0, "of another tenant nobody is asked about");
    sleep(Duration::from_secs(2)).await;
    assert_eq!(world.asks(exchange).len(), before + 7);
}

#[tokio::test(start_paused = true)]
async fn at_whom_somebody_looks_is_asked_about_more_often() {
    let world = World::new(polled()).await;
    let exchange = world.source("Exchange").await;
    let (anna, bert) = (world.contact("anna").await, world.contact("bert").await);
    sleep(MINUTE).await;
    let asked = |of| world.asks(exchange).iter().filter(|(_, contact)| *contact == of).count();

    world.look_at(&[anna]);
    let before = (asked(anna), asked(bert));
    sleep(30 * MINUTE).await;

    let (often, seldom) = (asked(anna) - before.0, asked(bert) - before.1);
    assert!((50..=75).contains(&often) && (5..=9).contains(&seldom), "{often} and {seldom}");
    world.look_at(&[]);
    let before = asked(anna);
    sleep(30 * MINUTE).await;
    assert!(asked(anna) - before <= 9);
}

#[tokio::test(start_paused = true)]
async fn another_address_is_another_question() {
    let world = World::new(polled()).await;
    let exchange = world.source("Exchange").await;
    let anna = world.contact("anna").await;
    sleep(Duration::from_secs(1)).await;
    let before = world.asks(exchange).len();

    world.edit(anna, |fields: &mut ContactFields| fields.mail = Some("anna.berg@example.com".into())).await;
    sleep(Duration::from_secs(1)).await;

    assert_eq!(world.asks(exchange).len(), before + 1);
    world.edit(anna, |fields| fields.job_title = Some("Head".into())).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.asks(exchange).len(), before + 1, "a title is none");
}
