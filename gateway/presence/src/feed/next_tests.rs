//! When somebody can be reached next is told, and told anew when that changes.

use directory_model::opening::{Holiday, Interval, OpeningHours};
use directory_model::presence::{Availability, ClaimKind};
use directory_model::publication::{PublicationEntry, PublicationFields};
use serde_json::{Value, json};

use super::tests::events;
use super::*;
use crate::fixture::{KEY, World};

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// Nine to five in Berlin on every day but Tuesday, the 24th, which is a holiday.
fn hours() -> OpeningHours {
    let day = vec![Interval { from: 9 * 60, to: 17 * 60 }];
    let holiday = Holiday { date: "2026-11-24".parse().expect("a date"), name: String::new(), intervals: Vec::new() };
    OpeningHours { time_zone: "Europe/Berlin".into(), weekly: vec![day; 7], holidays: vec![holiday] }
}

/// A page that shows one person, Anna, at 10:30 on a Monday.
struct Page {
    world: World,
    anna: directory_model::id::ContactId,
    topic: Arc<Topic>,
    seq: u64,
}

impl Page {
    fn new(is_coarse: bool) -> Self {
        let world = World::new();
        let anna = world.person("Anna");
        let fields = PublicationFields { opening_hours: Some(hours()), is_coarse, ..PublicationFields::default() };
        world.publish_as(fields, &[PublicationEntry::Contact(anna)]);
        world.say_for_good(anna, Availability::Available);
        world.feed.pump();
        let topic = world.feed.topic(KEY).expect("served");
        let seq = world.feed.snapshot(KEY).expect("served").id.seq;
        Self { world, anna, topic, seq }
    }

    /// Anna is in a meeting until then, as her calendar says.
    fn meets(&self, until: &str) {
        let meeting = self.world.claim(self.anna, ClaimKind::Calendar, Availability::Busy);
        let claim = directory_model::presence::Claim { expires_at: Some(moment(until)), ..meeting };
        let _ = self.world.book.offer_claim(self.world.tenant, claim);
    }

    /// What Anna's card says after one more delta: whether she can be reached, until when that holds, and when
    /// she can be next.
    fn told(&mut self) -> (bool, Value, Value) {
        self.world.feed.pump();
        let deltas = events(&self.topic, self.seq);
        assert_eq!(deltas.len(), 1, "one thing happened: {deltas:?}");
        self.seq += 1;
        let card = &deltas[0].1["changed"][0];
        (card["is_reachable"] == true, card["valid_until"].clone(), card["next_reachable"].clone())
    }

    fn is_told_nothing(&self) -> bool {
        self.world.feed.pump();
        events(&self.topic, self.seq).is_empty()
    }
}

#[test]
fn the_end_of_a_meeting_is_told_when_it_begins_and_when_it_moves() {
    let mut page = Page::new(false);
    let (half, full, closing) = ("2026-11-23T10:00:00Z", "2026-11-23T10:30:00Z", "2026-11-23T16:00:00Z");

    page.meets(half);
    assert_eq!(page.told(), (false, json!(half), json!(half)));
    page.meets(half);
    assert!(page.is_told_nothing(), "the calendar was read again and says the same");
    page.meets(full);
    assert_eq!(page.told(), (false, json!(full), json!(full)));

    // Nobody says anything: the time does.
    page.world.clock.set(moment(full));
    assert_eq!(page.told(), (true, json!(closing), Value::Null));
}

#[test]
fn a_meeting_until_after_closing_time_leaves_the_day_after_the_holiday() {
    let mut page = Page::new(false);
    let (closing, after_holiday) = ("2026-11-23T16:00:00Z", "2026-11-25T08:00:00Z");

    page.meets("2026-11-23T17:00:00Z");
    assert_eq!(page.told(), (false, json!(closing), json!(after_holiday)));
    page.world.clock.set(moment(closing));
    assert_eq!(page.told(), (false, json!("2026-11-23T17:00:00Z"), json!(after_holiday)));
    page.world.clock.set(moment("2026-11-24T12:00:00Z"));
    page.world.feed.pump();
    assert_eq!(page.world.snapshot()["publication"]["is_open"], false, "a holiday");
    page.seq = page.world.feed.snapshot(KEY).expect("served").id.seq;
    page.world.clock.set(moment(after_holiday));
    assert_eq!(page.told(), (true, json!("2026-11-25T16:00:00Z"), Value::Null));
}

#[test]
fn the_coarse_view_does_not_tell_when_a_meeting_ends() {
    let mut page = Page::new(true);
    let closing = "2026-11-23T16:00:00Z";

    page.meets("2026-11-23T10:00:00Z");
    assert_eq!(page.told(), (false, json!(closing), Value::Null));
    page.meets("2026-11-23T11:00:00Z");
    assert!(page.is_told_nothing());
}
