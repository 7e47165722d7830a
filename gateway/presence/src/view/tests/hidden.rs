//! Where a group shows one result, nothing that a visitor gets tells who of it is away.

use directory_model::presence::{Activity, Note, NoteKind};
use proptest::prelude::*;

use super::*;

/// What somebody may be about.
#[derive(Debug, Clone, Copy)]
struct Doing {
    state: Availability,
    is_in_a_meeting: bool,
    is_out_of_office: bool,
    has_notes: bool,
}

fn doing() -> impl Strategy<Value = Doing> {
    (0..Availability::ALL.len(), any::<(bool, bool, bool)>()).prop_map(|(state, (meets, is_out, has_notes))| Doing {
        state: Availability::ALL[state],
        is_in_a_meeting: meets,
        is_out_of_office: is_out,
        has_notes,
    })
}

/// Has `who` be about `what`, with what a source, a calendar and the person themselves may say.
fn be(world: &World, who: ContactId, what: Doing) {
    world.say(who, what.state);
    let mut meeting = world.claim(who, ClaimKind::Calendar, Availability::Unknown);
    if what.is_in_a_meeting {
        meeting.availability = Availability::Busy;
        meeting.activity = Some(Activity::InAMeeting);
        meeting.custom = Some("Review".into());
    }
    meeting.is_out_of_office = what.is_out_of_office;
    let _ = world.book.offer_claim(world.tenant, meeting);
    let away = Note { kind: NoteKind::OutOfOffice, ..note("Ill until Friday", None) };
    let notes = if what.has_notes { vec![note("Back at five", None), away] } else { vec![] };
    world.apply(FactChange::Presence(PresenceFacts { contact: who, as_of: 0, stored: vec![], notes }));
}

/// People with names, addresses and pictures of their own.
fn team(world: &World, count: usize) -> Vec<ContactId> {
    let one = |at: usize| {
        let fields = ContactFields { display_name: Some(format!("Person {at}")), ..ContactFields::default() };
        let mark = u8::try_from(at).unwrap_or(0) * 2;
        pictured(world, fields, &[face(mark, &[]), face(mark + 1, &[Availability::Available, Availability::Busy])])
    };
    (0..count).map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_cards_of_a_group_are_the_same_whoever_of_it_is_away(
        (all, other) in proptest::collection::vec(doing(), 1..6).prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        (is_coarse, is_staffed) in any::<(bool, bool)>(),
    ) {
        let world = World::new();
        let people = team(&world, all.len());
        let group = world.group("Team", &people);
        let mut entries = vec![PublicationEntry::Group(group)];
        if is_staffed {
            let line = ContactFields { is_ucma_endpoint: true, staffed_by: Some(group), ..ContactFields::default() };
            entries.push(PublicationEntry::Contact(world.contact(line)));
        }
        let fields = PublicationFields { is_coarse, is_group_result: !is_coarse, opening_hours: Some(workday()), ..PublicationFields::default() };
        world.publish_as(fields, &entries);

        people.iter().zip(&all).for_each(|(who, what)| be(&world, *who, *what));
        world.feed.pump();
        let before = world.feed.snapshot(KEY).expect("served");
        people.iter().zip(&other).for_each(|(who, what)| be(&world, *who, *what));
        world.feed.pump();
        let after = world.feed.snapshot(KEY).expect("served");

        // Not even a delta: there is nothing different to be told.
        prop_assert_eq!(before.id, after.id);
        prop_assert_eq!(String::from_utf8_lossy(&before.body), String::from_utf8_lossy(&after.body));
        let fresh = crate::feed::Feed::new(world.book.clone(), std::sync::Arc::new(world.clock.clone()));
        let fresh: Value = serde_json::from_slice(&fresh.snapshot(KEY).expect("served").body).expect("JSON");
        let shown: Value = serde_json::from_slice(&after.body).expect("JSON");
        prop_assert_eq!(&fresh["cards"], &shown["cards"]);
    }
}

#[test]
fn members_show_what_the_group_does_and_their_ways_with_it() {
    let world = World::new();
    let people = team(&world, 2);
    let group = world.group("Team", &people);
    let fields = PublicationFields { is_group_result: true, ..PublicationFields::default() };
    world.publish_as(fields, &[PublicationEntry::Group(group)]);
    let shown = || {
        let card = world.card();
        let member = |at: usize| {
            let member = &card["members"][at];
            let ways = member["modalities"].as_array().expect("ways").clone();
            (member["state"].clone(), member["is_reachable"].clone(), ways.iter().all(|way| way["is_enabled"] == true))
        };
        assert_eq!(card["is_shared"], true);
        (card["state"].clone(), member(0), member(1))
    };

    world.say(people[0], Availability::Offline);
    world.say(people[1], Availability::Available);
    let free = (json!("available"), json!(true), true);
    assert_eq!(shown(), (json!("available"), free.clone(), free));
    world.say(people[1], Availability::Busy);
    let busy = (json!("busy"), json!(false), false);
    assert_eq!(shown(), (json!("busy"), busy.clone(), busy));
    assert!(world.snapshot()["cards"][0]["members"][0]["note"].is_null());
}

#[test]
fn somebody_who_is_also_shown_alone_keeps_their_own_state_there() {
    let world = World::new();
    let people = team(&world, 2);
    let group = world.group("Team", &people);
    let fields = PublicationFields { is_group_result: true, ..PublicationFields::default() };
    world.publish_as(fields, &[PublicationEntry::Group(group), PublicationEntry::Contact(people[0])]);
    world.say(people[0], Availability::Away);
    world.say(people[1], Availability::Available);
    world.feed.pump();

    let cards = world.snapshot()["cards"].clone();

    assert_eq!((&cards[0]["members"][0]["state"], &cards[1]["state"]), (&json!("available"), &json!("away")));
}
