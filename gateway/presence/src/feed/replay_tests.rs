//! Whoever applies every delta to the snapshot sees what a new visitor sees.

use std::time::Duration;

use directory_model::contact::ContactFields;
use directory_model::id::{ContactId, GroupId};
use directory_model::opening::{Interval, OpeningHours};
use directory_model::presence::{Availability, ClaimKind};
use directory_model::publication::{PublicationEntry, PublicationFields};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::facts::{FactChange, PresenceFacts};
use crate::fixture::{KEY, World, note, settings};

/// Something that happens to the small company of the test.
#[derive(Debug, Clone)]
enum Act {
    Say(usize, usize, bool),
    Note(usize, bool),
    Disable(usize, bool),
    Group(usize, Vec<usize>),
    Entries(Vec<(bool, usize)>, bool, bool),
    Away(bool),
    Wait(u64),
}

const PEOPLE: usize = 5;

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..=PEOPLE, 0..8_usize, any::<bool>()).prop_map(|(who, state, is_calendar)| Act::Say(who, state, is_calendar)),
        1 => (0..=PEOPLE, any::<bool>()).prop_map(|(who, has)| Act::Note(who, has)),
        2 => (0..PEOPLE, any::<bool>()).prop_map(|(who, is_disabled)| Act::Disable(who, is_disabled)),
        1 => (0..2_usize, proptest::collection::vec(0..PEOPLE, 0..4)).prop_map(|(group, members)| Act::Group(group, members)),
        1 => (proptest::collection::vec((any::<bool>(), 0..=PEOPLE), 0..6), any::<bool>(), any::<bool>())
            .prop_map(|(entries, has_hours, is_coarse)| Act::Entries(entries, has_hours, is_coarse)),
        1 => any::<bool>().prop_map(Act::Away),
        3 => (1_u64..40_000).prop_map(Act::Wait),
    ]
}

struct Company {
    world: World,
    people: Vec<ContactId>,
    groups: [GroupId; 2],
}

impl Company {
    fn new() -> Self {
        let world = World::new();
        let mut people: Vec<ContactId> = (0..PEOPLE).map(|at| world.person(&format!("Person {at}"))).collect();
        let groups = [world.group("Staff", &people[..2]), world.group("Team", &people[1..4])];
        people.push(world.contact(ContactFields {
            display_name: Some("Line".into()),
            is_ucma_endpoint: true,
            staffed_by: Some(groups[0]),
            ..ContactFields::default()
        }));
        let entries = [people[0], people[PEOPLE], people[3]].map(PublicationEntry::Contact);
        world.publish(&[&entries[..], &[PublicationEntry::Group(groups[1])]].concat());
        Self { world, people, groups }
    }

    fn act(&self, act: &Act) {
        let world = &self.world;
        match act {
            Act::Say(who, state, is_calendar) => {
                let kind = if *is_calendar { ClaimKind::Calendar } else { ClaimKind::Computer };
                let claim = world.claim(self.people[*who], kind, Availability::ALL[*state]);
                let _ = world.book.offer_claim(world.tenant, claim);
            }
            Act::Note(who, has) => {
                let until = world.now().plus(Duration::from_secs(90));
                let note = note("Note", Some(until));
                let notes = if *has { vec![note] } else { vec![] };
                world.apply(FactChange::Presence(PresenceFacts {
                    contact: self.people[*who],
                    as_of: 0,
                    stored: vec![],
                    notes,
                }));
            }
            Act::Disable(who, is_disabled) => {
                let name = Some(format!("Person {who}"));
                let fields =
                    ContactFields { display_name: name, is_disabled: *is_disabled, ..ContactFields::default() };
                world.set_contact(self.people[*who], &fields);
            }
            Act::Group(group, members) => {
                let members: Vec<ContactId> = members.iter().map(|at| self.people[*at]).collect();
                world.set_group(self.groups[*group], "Group", &members);
            }
            Act::Entries(entries, has_hours, is_coarse) => self.publish(entries, *has_hours, *is_coarse),
            Act::Away(is_reachable) => world.apply(settings(|tenant| tenant.is_reachable_when_away = *is_reachable)),
            Act::Wait(seconds) => world.clock.advance(Duration::from_secs(*seconds)),
        }
    }

    fn publish(&self, entries: &[(bool, usize)], has_hours: bool, is_coarse: bool) {
        let day = vec![Interval { from: 9 * 60, to: 17 * 60 }];
        let hours = OpeningHours { time_zone: "Europe/Berlin".into(), weekly: vec![day; 7], holidays: Vec::new() };
        let mut chosen: Vec<PublicationEntry> = Vec::new();
        for (is_group, at) in entries {
            let group = PublicationEntry::Group(self.groups[at % 2]);
            let entry = if *is_group { group } else { PublicationEntry::Contact(self.people[*at]) };
            if !chosen.contains(&entry) {
                chosen.push(entry);
            }
        }
        let opening_hours = has_hours.then_some(hours);
        self.world.publish_as(
            PublicationFields { is_coarse, is_group_result: has_hours, opening_hours, ..PublicationFields::default() },
            &chosen,
        );
    }
}

/// What a widget does with an event.
fn replay(shown: &mut Value, delta: &Value) {
    if let Some(heading) = delta.get("publication") {
        shown["publication"] = heading.clone();
    }
    let Some(cards) = shown["cards"].as_array_mut() else { return };
    cards.retain(|card| !delta["removed"].as_array().is_some_and(|removed| removed.contains(&card["id"])));
    for changed in delta["changed"].as_array().into_iter().flatten() {
        match cards.iter_mut().find(|card| card["id"] == changed["id"]) {
            Some(card) => *card = changed.clone(),
            None => cards.push(changed.clone()),
        }
    }
    if let Some(order) = delta.get("order").and_then(Value::as_array) {
        cards.sort_by_key(|card| order.iter().position(|id| *id == card["id"]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_snapshot_and_every_delta_after_it_are_a_new_snapshot(acts in proptest::collection::vec(act(), 1..40)) {
        let company = Company::new();
        let world = &company.world;
        let mut shown = world.snapshot();
        let topic = world.feed.topic(KEY).expect("served");
        let mut seq = 0;
        for act in &acts {
            company.act(act);
            world.feed.pump();
            if let Tail::Events { bytes, head } = topic.after(seq) {
                let text = std::str::from_utf8(&bytes).expect("UTF-8");
                let deltas = text.lines().filter_map(|line| line.strip_prefix("data: "));
                deltas.for_each(|delta| replay(&mut shown, &serde_json::from_str(delta).expect("JSON")));
                seq = head;
            }

            let fresh = Feed::new(world.book.clone(), Arc::new(world.clock.clone()));
            let fresh: Value = serde_json::from_slice(&fresh.snapshot(KEY).expect("served").body).expect("JSON");
            prop_assert_eq!(&shown["cards"], &fresh["cards"], "after {:?}", act);
            prop_assert_eq!(&shown["publication"], &fresh["publication"], "after {:?}", act);
            prop_assert!(world.feed.next_wake().is_none_or(|at| at > world.now()));
        }
    }
}
