use std::time::Duration;

use directory_model::contact::ContactFields;
use directory_model::enquiry::WhenUnreachable;
use directory_model::opening::{Interval, OpeningHours};
use directory_model::presence::{Availability, ClaimKind};
use directory_model::publication::{PublicationEntry, PublicationFields};
use serde_json::{Value, json};

use super::*;
use crate::coding::Coding;
use crate::facts::FactChange;
use crate::fixture::{KEY, World, settings};

/// What somebody at `seq` is sent, as (event, data).
pub(super) fn events(topic: &Topic, seq: u64) -> Vec<(String, Value)> {
    match topic.after(seq) {
        Tail::Events { bytes, .. } => parse(&bytes),
        Tail::Nothing => Vec::new(),
        Tail::Gone => vec![("gone".into(), Value::Null)],
    }
}

fn parse(bytes: &[u8]) -> Vec<(String, Value)> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let blocks = text.split("\n\n").filter(|block| !block.is_empty());
    blocks
        .map(|block| {
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            let data: Value = serde_json::from_str(field("data: ")).expect("JSON");
            assert_eq!(data["id"], field("id: "));
            (field("event: ").to_owned(), data)
        })
        .collect()
}

fn workday() -> OpeningHours {
    let day = vec![Interval { from: 9 * 60, to: 17 * 60 }];
    OpeningHours { time_zone: "Europe/Berlin".into(), weekly: vec![day; 7], holidays: Vec::new() }
}

#[test]
fn a_change_is_one_numbered_delta_with_the_changed_card_only() {
    let world = World::new();
    let [anna, ben] = ["Anna", "Ben"].map(|name| world.person(name));
    world.publish(&[PublicationEntry::Contact(anna), PublicationEntry::Contact(ben)]);
    // Somebody can be reached all the time.
    world.say(ben, Availability::Available);
    let topic = world.feed.topic(KEY).expect("served");
    let before = world.feed.snapshot(KEY).expect("served");

    world.say(anna, Availability::Away);
    world.say(anna, Availability::Available);
    world.feed.pump();

    let deltas = events(&topic, 0);
    assert_eq!(deltas.len(), 1);
    let (event, delta) = &deltas[0];
    assert_eq!((event.as_str(), &delta["v"]), ("delta", &json!(1)));
    assert_eq!((&delta["changed"][0]["name"], delta["changed"].as_array().map(Vec::len)), (&json!("Anna"), Some(1)));
    assert_eq!((&delta["removed"], delta.get("order"), delta.get("publication")), (&json!([]), None, None));
    let after = world.feed.snapshot(KEY).expect("served");
    assert_eq!((before.id.seq, after.id.seq, after.id.epoch), (0, 1, before.id.epoch));
    assert_eq!(world.snapshot()["cards"][0], delta["changed"][0]);
}

#[test]
fn what_looks_the_same_is_no_delta() {
    let world = World::new();
    let [anna, hidden] = ["Anna", "Hidden"].map(|name| world.person(name));
    world.publish(&[PublicationEntry::Contact(anna)]);
    world.say(anna, Availability::Available);
    let topic = world.feed.topic(KEY).expect("served");

    for _ in 0..5 {
        world.clock.advance(Duration::from_mins(1));
        world.say(anna, Availability::Available);
        world.say(hidden, Availability::Away);
        world.publish(&[PublicationEntry::Contact(anna)]);
        world.feed.pump();
    }

    assert_eq!(topic.after(0), Tail::Nothing);
}

#[test]
fn entries_that_come_go_and_move_are_told() {
    let world = World::new();
    let [anna, ben, carl] = ["Anna", "Ben", "Carl"].map(|name| world.person(name));
    let entries = |ids: &[_]| ids.iter().map(|id| PublicationEntry::Contact(*id)).collect::<Vec<_>>();
    world.publish(&entries(&[anna, ben]));
    let topic = world.feed.topic(KEY).expect("served");
    let mut seq = 0;
    let mut next = |ids: &[_]| {
        world.publish(&entries(ids));
        world.feed.pump();
        let (_, delta) = events(&topic, seq).remove(0);
        seq += 1;
        delta
    };

    let come = next(&[anna, ben, carl]);
    assert_eq!((&come["changed"][0]["name"], come["changed"].as_array().map(Vec::len)), (&json!("Carl"), Some(1)));
    assert_eq!(come["order"], json!([anna.to_string(), ben.to_string(), carl.to_string()]));
    let moved = next(&[carl, anna, ben]);
    assert_eq!((&moved["changed"], &moved["removed"]), (&json!([]), &json!([])));
    assert_eq!(moved["order"], json!([carl.to_string(), anna.to_string(), ben.to_string()]));
    let gone = next(&[carl, ben]);
    assert_eq!((&gone["removed"], gone.get("order")), (&json!([anna.to_string()]), None));

    world.apply(FactChange::ContactRemoved(ben));
    world.feed.pump();
    assert_eq!(events(&topic, 3)[0].1["removed"], json!([ben.to_string()]));
}

#[test]
fn somebody_taken_out_of_service_goes_and_comes_back_in_place() {
    let world = World::new();
    let [anna, ben] = ["Anna", "Ben"].map(|name| world.person(name));
    world.publish(&[PublicationEntry::Contact(anna), PublicationEntry::Contact(ben)]);
    let topic = world.feed.topic(KEY).expect("served");
    let set = |is_disabled| {
        let fields = ContactFields { display_name: Some("Anna".into()), is_disabled, ..ContactFields::default() };
        world.set_contact(anna, &fields);
        world.feed.pump();
    };

    set(true);
    let (_, gone) = events(&topic, 0).remove(0);
    assert_eq!((&gone["removed"], &gone["changed"], gone.get("order")), (&json!([anna.to_string()]), &json!([]), None));
    set(false);
    let (_, back) = events(&topic, 1).remove(0);
    assert_eq!(back["changed"][0]["name"], "Anna");
    assert_eq!(back["order"], json!([anna.to_string(), ben.to_string()]));
}

#[test]
fn closing_time_is_a_delta_like_any_other() {
    let world = World::new();
    let anna = world.person("Anna");
    let fields = PublicationFields { opening_hours: Some(workday()), ..PublicationFields::default() };
    world.publish_as(fields, &[PublicationEntry::Contact(anna)]);
    let manual = directory_model::presence::Claim {
        expires_at: None,
        ..world.claim(anna, ClaimKind::Manual, Availability::Available)
    };
    let _ = world.book.offer_claim(world.tenant, manual);
    let topic = world.feed.topic(KEY).expect("served");
    world.feed.pump();
    let closing: Timestamp = "2026-11-23T16:00:00Z".parse().expect("a moment");
    let head = world.feed.snapshot(KEY).expect("served").id.seq;

    assert_eq!(world.feed.next_wake(), Some(closing));
    world.clock.set(closing);
    world.feed.pump();

    let (_, delta) = events(&topic, head).remove(0);
    assert_eq!(delta["publication"]["is_open"], false);
    assert_eq!(delta["publication"]["opens_at"], "2026-11-24T08:00:00Z");
    assert_eq!(
        (&delta["changed"][0]["reason"], &delta["changed"][0]["state"]),
        (&json!("closed"), &json!("available"))
    );
    assert_eq!(delta["changed"][0]["next_reachable"], "2026-11-24T08:00:00Z");
    assert_eq!(world.feed.next_wake(), "2026-11-24T08:00:00Z".parse().ok());
}

#[test]
fn the_head_says_whether_anybody_can_be_reached_and_when_next() {
    let world = World::new();
    let [anna, ben] = ["Anna", "Ben"].map(|name| world.person(name));
    let fields = PublicationFields {
        opening_hours: Some(workday()),
        when_unreachable: WhenUnreachable::Callback,
        ..PublicationFields::default()
    };
    world.publish_as(fields, &[PublicationEntry::Contact(anna), PublicationEntry::Contact(ben)]);
    let topic = world.feed.topic(KEY).expect("served");
    let head = |key: &str| world.snapshot()["publication"][key].clone();
    assert_eq!((head("is_reachable"), head("when_unreachable")), (json!(false), json!("callback")));
    assert!(!world.book.is_anybody_reachable(KEY));

    world.say(ben, Availability::Available);
    world.feed.pump();
    assert_eq!(events(&topic, 0)[0].1["publication"]["is_reachable"], true);
    assert!(world.book.is_anybody_reachable(KEY));

    // A second one changes nothing of the head.
    world.say(anna, Availability::Available);
    world.feed.pump();
    assert_eq!(events(&topic, 1)[0].1.get("publication"), None);

    world.clock.set("2026-11-23T16:00:00Z".parse().expect("a moment"));
    world.say(anna, Availability::Available);
    world.feed.pump();
    assert_eq!((head("is_reachable"), head("next_reachable")), (json!(false), json!("2026-11-24T08:00:00Z")));
    assert_eq!(world.book.shown_name(KEY, PublicationEntry::Contact(anna)).as_deref(), Some("Anna"));
    let elsewhere = PublicationEntry::Contact(world.person("Carla"));
    assert_eq!(world.book.shown_name(KEY, elsewhere), None);
}

#[test]
fn an_expired_claim_is_a_delta_too() {
    let world = World::new();
    let anna = world.person("Anna");
    world.publish(&[PublicationEntry::Contact(anna)]);
    world.say(anna, Availability::Available);
    world.feed.pump();
    let topic = world.feed.topic(KEY).expect("served");

    world.clock.set(world.feed.next_wake().expect("it expires"));
    world.feed.pump();

    assert_eq!(events(&topic, 0)[0].1["changed"][0]["state"], "unknown");
    assert_eq!(world.feed.next_wake(), None);
}

#[test]
fn somebody_who_comes_back_gets_what_was_missed_or_a_snapshot() {
    let world = World::new();
    let anna = world.person("Anna");
    world.publish(&[PublicationEntry::Contact(anna)]);
    let topic = world.feed.topic(KEY).expect("served");
    for at in 0..=ring::MAX_EVENTS {
        world.say(anna, if at % 2 == 0 { Availability::Away } else { Availability::Busy });
        world.feed.pump();
    }
    let id = world.feed.snapshot(KEY).expect("served").id;
    let begin = |seq: u64, epoch: u64| parse(&topic.begin(Some(FeedId { epoch, seq }), Coding::Plain).0);

    assert_eq!(id.seq, 1_001);
    assert_eq!(begin(id.seq, id.epoch).len(), 0);
    let missed = begin(1, id.epoch);
    assert_eq!(missed.len(), 1_000);
    for (at, (event, delta)) in missed.iter().enumerate() {
        assert_eq!((event.as_str(), &delta["id"]), ("delta", &json!(format!("{:x}.{}", id.epoch, at + 2))));
    }
    for (seq, epoch) in [(0, id.epoch), (id.seq + 1, id.epoch), (5, id.epoch + 1)] {
        let start = begin(seq, epoch);
        assert_eq!((start.len(), start[0].0.as_str()), (1, "snapshot"), "{seq}");
        assert_eq!(start[0].1, world.snapshot());
    }
}

#[test]
fn a_publication_that_is_no_longer_served_ends_its_topic() {
    let world = World::new();
    world.publish(&[]);
    let topic = world.feed.topic(KEY).expect("served");
    let epoch = world.feed.snapshot(KEY).expect("served").id.epoch;

    world.apply(settings(|tenant| tenant.is_disabled = true));
    world.feed.pump();
    assert!(topic.is_closed());
    assert!(world.feed.snapshot(KEY).is_none());
    assert_eq!(world.feed.topic_count(), 0);

    world.apply(settings(|_| {}));
    world.feed.pump();
    assert_ne!(world.feed.snapshot(KEY).expect("served").id.epoch, epoch);
}

#[tokio::test(start_paused = true)]
async fn the_driver_gathers_changes_and_keeps_time() {
    let world = World::new();
    let anna = world.person("Anna");
    world.publish(&[PublicationEntry::Contact(anna)]);
    let topic = world.feed.topic(KEY).expect("served");
    world.feed.pump();
    let mut news = topic.watch();
    let driver = tokio::spawn(world.feed.clone().run());

    // The first is told at once, what follows within ten milliseconds together.
    world.say(anna, Availability::Away);
    news.changed().await.expect("told");
    assert_eq!(events(&topic, 0)[0].1["changed"][0]["state"], "away");
    for availability in [Availability::Busy, Availability::Inactive, Availability::Available] {
        world.say(anna, availability);
        tokio::time::advance(Duration::from_millis(2)).await;
        assert_eq!(events(&topic, 1).len(), 0);
    }
    news.changed().await.expect("told");
    assert_eq!(events(&topic, 1).len(), 1);
    assert_eq!(world.snapshot()["cards"][0]["state"], "available");

    // The claim expires without anybody saying so.
    world.clock.advance(Duration::from_hours(1));
    tokio::time::advance(LONGEST_WAIT).await;
    news.changed().await.expect("told");
    assert_eq!(world.snapshot()["cards"][0]["state"], "unknown");
    driver.abort();
}

#[test]
fn for_a_moment_after_its_key_was_changed_both_topics_are_told() {
    // Which of the two is looked at first is chance.
    for _ in 0..16 {
        let world = World::new();
        let anna = world.person("Anna");
        world.publish(&[PublicationEntry::Contact(anna)]);
        let old = world.feed.topic(KEY).expect("served");
        world.apply(FactChange::Publication(Box::new(crate::facts::PublicationFacts {
            id: world.publication,
            key: "another".into(),
            fields: PublicationFields { title: "Team".into(), ..PublicationFields::default() },
            entries: vec![PublicationEntry::Contact(anna)],
            templates: std::collections::BTreeMap::new(),
        })));
        let new = world.feed.topic("another").expect("served");

        world.say(anna, Availability::Busy);
        world.feed.pump();

        assert!(old.is_closed(), "the old one is over");
        assert!(!events(&new, 0).is_empty(), "so is the new one");
    }
}

#[test]
fn topics_nobody_looks_at_are_forgotten() {
    let world = World::new();
    world.publish(&[]);
    let topic = world.feed.topic(KEY).expect("served");
    world.clock.advance(IDLE + Duration::from_secs(1));

    world.feed.forget_idle();
    assert_eq!(world.feed.topic_count(), 1);
    drop(topic);
    world.feed.forget_idle();
    assert_eq!(world.feed.topic_count(), 0);
}
