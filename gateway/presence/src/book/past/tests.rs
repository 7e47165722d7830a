use std::time::Duration;

use directory_model::contact::ContactFields;
use directory_model::presence::rules::{ManualReset, PresenceRules};
use directory_model::presence::{Availability, Claim, ClaimKind, Presence};
use proptest::prelude::*;

use super::*;
use crate::book::log;
use crate::facts::{FactChange, PresenceFacts, RulesFacts};
use crate::fixture::{World, settings};
use crate::merge::merge;

/// Something that happens after some seconds.
#[derive(Debug, Clone)]
enum Deed {
    /// A device of one of two people says something for so many seconds.
    Say { whose: usize, kind: ClaimKind, availability: Availability, lasts: u64, is_repeated: bool },
    /// A device is gone.
    Lose { whose: usize, kind: ClaimKind },
    /// One of them says something by hand, or takes it back.
    Word { whose: usize, availability: Option<Availability> },
    /// The rules change.
    Rules(PresenceRules),
    /// Nothing.
    Wait,
}

fn deeds() -> impl Strategy<Value = Vec<(u64, Deed)>> {
    let kinds = prop::sample::select(vec![
        ClaimKind::Computer,
        ClaimKind::Mobile,
        ClaimKind::Telephone,
        ClaimKind::Calendar,
        ClaimKind::Platform,
    ]);
    let states = || prop::sample::select(Availability::ALL.to_vec());
    let rules = (any::<bool>(), any::<bool>(), prop::option::of(1_u32..3)).prop_map(|(resets, ignores, hours)| {
        let manual_resets = if resets { [ManualReset::Call, ManualReset::Meeting].into() } else { [].into() };
        let ignored_kinds = if ignores { [ClaimKind::Calendar].into() } else { [].into() };
        PresenceRules { manual_resets, ignored_kinds, manual_hours: hours, silence_minutes: 10, ..Default::default() }
    });
    let deed = prop_oneof![
        6 => (0..2_usize, kinds.clone(), states(), 30..900_u64, any::<bool>()).prop_map(
            |(whose, kind, availability, lasts, is_repeated)| Deed::Say { whose, kind, availability, lasts, is_repeated }
        ),
        1 => (0..2_usize, kinds).prop_map(|(whose, kind)| Deed::Lose { whose, kind }),
        2 => (0..2_usize, prop::option::of(states())).prop_map(|(whose, availability)| Deed::Word { whose, availability }),
        1 => rules.prop_map(Deed::Rules),
        2 => Just(Deed::Wait),
    ];
    prop::collection::vec((1..600_u64, deed), 1..60)
}

fn carry_out(world: &World, people: &[ContactId], number: i64, deed: Deed) {
    match deed {
        Deed::Say { whose, kind, availability, lasts, is_repeated } => {
            let expires_at = Some(world.now().plus(Duration::from_secs(lasts)));
            let claim = world.claim(people[whose], kind, availability);
            world.book.offer_claim(world.tenant, Claim { expires_at, is_repeated, ..claim });
        }
        Deed::Lose { whose, kind } => {
            world.book.lose(world.tenant, people[whose], kind, "source", "");
        }
        Deed::Word { whose, availability } => {
            let contact = people[whose];
            let spoken =
                |availability| Claim { expires_at: None, ..world.claim(contact, ClaimKind::Manual, availability) };
            let stored = availability.map(spoken).into_iter().collect();
            world.apply(FactChange::Presence(PresenceFacts { contact, as_of: number, stored, notes: vec![] }));
        }
        Deed::Rules(rules) => world.apply(FactChange::PresenceRules(RulesFacts { revision: number, rules })),
        Deed::Wait => {}
    }
}

/// What is asked of the past; moments at which it would have turned depend on what was said since.
fn shown(presence: &Presence) -> (Availability, Option<ClaimKind>, Option<Timestamp>, Option<String>) {
    (presence.availability, presence.decided_by, presence.since, presence.custom.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 128 } else { 1024 }))]

    #[test]
    fn the_log_tells_what_was_shown(deeds in deeds()) {
        let world = World::new();
        let people = [world.person("Anna"), world.person("Ben")];
        let group = world.group("Desk", &people);
        let desk = ContactFields { is_ucma_endpoint: true, staffed_by: Some(group), ..ContactFields::default() };
        let asked = [people[0], people[1], world.contact(ContactFields { display_name: Some("Desk".into()), ..desk })];
        let mut seen = Vec::new();
        let look = |seen: &mut Vec<_>| {
            world.book.tick(world.now());
            for contact in asked {
                seen.push((world.now(), contact, world.book.presence(world.tenant, contact)));
            }
        };

        for (number, (seconds, deed)) in deeds.into_iter().enumerate() {
            // Somebody looks in between as well, when nothing was said but something may have expired.
            world.clock.advance(Duration::from_secs(seconds) / 2);
            look(&mut seen);
            world.clock.advance(Duration::from_secs(seconds) / 2);
            carry_out(&world, &people, i64::try_from(number).expect("few"), deed);
            look(&mut seen);
        }

        let now = world.now();
        let pasts: Vec<_> = asked.iter().map(|id| world.book.past(world.tenant, *id).expect("recorded").1).collect();
        for (at, contact, presence) in seen {
            let why = world.book.why_at(world.tenant, contact, at).expect("within a day");
            prop_assert_eq!(shown(&why.presence), shown(&presence), "{:?} of {} at {}", contact, at, now);
            prop_assert_eq!(why.presence.is_out_of_office, presence.is_out_of_office);
            if contact == asked[2] {
                // The people of the desk are as they were at that moment, and the best of them is what it shows.
                let staff = why.staff.expect("a group staffs it");
                prop_assert_eq!(staff.states.iter().map(|state| state.persons).sum::<u64>(), 2);
                let best = match staff.states[0].availability {
                    Availability::Inactive => Availability::Available,
                    other => other,
                };
                prop_assert!(staff.decides && why.claims.is_empty());
                prop_assert_eq!(best, why.presence.availability);
            } else {
                let told: Vec<Claim> = why.claims.iter().map(|part| part.claim.clone()).collect();
                prop_assert_eq!(&merge(&told, &why.rules, at), &why.presence);
                prop_assert!(why.staff.is_none());
            }
            let states = &pasts[asked.iter().position(|id| *id == contact).expect("asked")];
            let state = states.iter().rev().find(|state| state.at <= at).expect("it is known from the start");
            prop_assert_eq!((state.availability, state.decided_by), (presence.availability, presence.decided_by));
        }
    }
}

#[test]
fn nothing_is_told_of_what_is_not_recorded() {
    let world = World::new();
    let anna = world.person("Anna");
    let began = world.now();
    world.say(anna, Availability::Busy);
    let at = |moment| world.book.why_at(world.tenant, anna, moment).map(|why| why.presence.availability);

    assert_eq!(at(began.minus(Duration::from_secs(1))), Err(NoAnswer::OutOfReach { from: began }));
    assert_eq!(at(began.plus(Duration::from_secs(1))), Err(NoAnswer::OutOfReach { from: began }));
    assert_eq!(at(began), Ok(Availability::Busy));
    assert_eq!(world.book.why_at(world.tenant_id(), anna, began).err(), Some(NoAnswer::NotRecorded));

    // Without history it is forgotten, and when it is switched on again it begins anew.
    world.apply(settings(|facts| facts.is_no_history = true));
    assert_eq!(at(began), Err(NoAnswer::NotRecorded));
    world.clock.advance(Duration::from_secs(5));
    world.apply(settings(|_| {}));
    assert_eq!(at(began), Err(NoAnswer::OutOfReach { from: world.now() }));
    assert_eq!(at(world.now()), Ok(Availability::Busy));
}

#[test]
fn what_is_older_than_a_day_or_too_much_is_forgotten() {
    let world = World::new();
    let anna = world.person("Anna");
    let began = world.now();
    for turn in 0..u64::try_from(log::MOST + 10).expect("few") {
        world.clock.advance(Duration::from_millis(10));
        world.say(anna, if turn % 2 == 0 { Availability::Busy } else { Availability::Available });
    }
    let from = match world.book.why_at(world.tenant, anna, began) {
        Err(NoAnswer::OutOfReach { from }) => from,
        answer => panic!("{answer:?}"),
    };
    assert_eq!(from, began.plus(Duration::from_millis(100)));
    let (known, states) = world.book.past(world.tenant, anna).expect("recorded");
    assert!(known > from && states.len() == 1000, "{} states", states.len());

    world.clock.advance(Duration::from_hours(25));
    world.say(anna, Availability::Away);
    let day = world.now().minus(Duration::from_hours(24));
    assert_eq!(world.book.past(world.tenant, anna).expect("recorded").0, day);
    assert_eq!(
        world.book.why_at(world.tenant, anna, day).map(|why| why.presence.availability),
        Ok(Availability::Unknown)
    );
}

#[test]
fn repeating_the_same_for_a_day_takes_no_room() {
    let world = World::new();
    let anna = world.person("Anna");
    let began = world.now();
    for _ in 0..1_000 {
        world.say(anna, Availability::Available);
        world.clock.advance(Duration::from_mins(1));
    }

    let (_, states) = world.book.past(world.tenant, anna).expect("recorded");
    assert_eq!(states.iter().map(|state| state.at).collect::<Vec<_>>(), [began]);
    assert_eq!(world.book.read().tenants[&world.tenant].log.len(), 1);
}

#[test]
fn a_contact_that_is_gone_leaves_nothing() {
    let world = World::new();
    let anna = world.person("Anna");
    world.say(anna, Availability::Busy);
    world.say(anna, Availability::Available);

    world.apply(FactChange::ContactRemoved(anna));

    assert_eq!(world.book.read().tenants[&world.tenant].log.len(), 0);
}
