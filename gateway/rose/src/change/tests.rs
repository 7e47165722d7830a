use proptest::option::of;
use proptest::prelude::*;

use super::*;
use crate::presence::{
    AbsentState, AgentState, Appointment, CONNECTED, CustomNote, DynamicRights, DynamicRightsRange, Line,
};
use directory_model::timestamp::Timestamp;

fn word(state: u8) -> AbsentState {
    AbsentState { contact_id: "a".into(), state, presence_state: None, from: None, to: None, custom_state: None }
}

fn note(text: &str) -> CustomNote {
    CustomNote { contact_id: "a".into(), user_name: String::new(), note: text.into(), notes: None }
}

fn call(id: &str, state: u32) -> Call {
    Call {
        action: action::ADDED,
        connection_id: id.into(),
        line: "l".into(),
        number: "1".into(),
        current_number: String::new(),
        tracker_id: String::new(),
        state,
        features: 0,
        is_outbound: false,
        is_internal: false,
        call_type: 0,
        journal_type: 0,
    }
}

fn range(current: Option<u32>) -> DynamicRightsRange {
    let of = |rights| DynamicRights::of("a", rights);
    DynamicRightsRange { least: of(0), most: of(1), current: current.map(of) }
}

fn appointment(status: u8) -> Appointment {
    let (start, end) = (Timestamp::from_millis(0), Timestamp::from_millis(1));
    Appointment { source: "c".into(), start, end, subject: String::new(), status }
}

fn line(name: &str) -> Line {
    Line { line: name.into(), number: String::new(), state: 1, do_not_disturb: 0, forward_features: 0 }
}

fn contacts() -> impl Strategy<Value = Option<RemoteContact>> {
    let fields = (prop_oneof!["Anna", "Bert"], of(prop_oneof!["ab", "cd"]));
    of(fields.prop_map(|(display_name, image_hash)| RemoteContact {
        display_name,
        image_hash,
        ..RemoteContact::default()
    }))
}

fn all_calls() -> impl Strategy<Value = Option<Vec<Call>>> {
    let known = proptest::collection::btree_map("[a-e]", prop_oneof![Just(CONNECTED), Just(64)], 0..4);
    of(known.prop_map(|calls| calls.into_iter().map(|(id, state)| call(&id, state)).collect()))
}

prop_compose! {
    fn presences()(
        contact in contacts(),
        calls in all_calls(),
        (state, static_rights, monitor_rights) in (of(0..4_u32), of(0..3_u32), of(0..2_u32)),
        absent in of(0..5_u8),
        text in of("[a-c]{0,2}"),
        status in of(0..4_u8),
        lines in of(proptest::collection::vec("[a-c]", 0..3)),
        rights in of(of(0..3_u32)),
        agent in of(0..5_u32),
        (since, shown_as) in (of(0..3_i64), of("[a-c]")),
    ) -> Presence {
        Presence {
            contact_id: "a".into(),
            state,
            since: since.map(Timestamp::from_millis),
            shown_as,
            remote_contact: contact,
            static_rights,
            monitor_rights,
            absent_state: absent.map(word),
            custom_note: text.map(|text| note(&text)),
            appointments: status.map(|status| vec![appointment(status)]),
            lines: lines.map(|names| names.iter().map(|name| line(name)).collect()),
            calls,
            dynamic_rights: rights.map(range),
            agent_state: agent.map(|state| AgentState { state }),
            ..Presence::default()
        }
    }
}

/// No calls, and calls that are not told, are the same to whoever keeps a list of them.
fn known(presence: Presence) -> Presence {
    Presence { calls: Some(presence.calls.unwrap_or_default()), ..presence }
}

proptest! {
    #[test]
    fn updates_that_are_taken_in_give_the_whole(steps in proptest::collection::vec(presences(), 2..6)) {
        let mut watched = steps[0].clone();
        for pair in steps.windows(2) {
            let (changed, update) = diff(&pair[0], &pair[1]);
            apply(&mut watched, changed, &update);
            prop_assert_eq!(known(watched.clone()), known(pair[1].clone()));
        }
    }

    #[test]
    fn an_update_holds_only_what_changed(old in presences(), new in presences()) {
        let (changed, update) = diff(&old, &new);
        prop_assert_eq!(update.clone(), update.clone().restricted_to(changed));
        let (unchanged, nothing) = diff(&new, &new);
        prop_assert!(unchanged.is_empty());
        prop_assert_eq!(nothing, Presence { contact_id: "a".into(), ..Presence::default() });
    }

    #[test]
    fn updates_survive_the_wire(old in presences(), new in presences()) {
        let (_, update) = diff(&old, &new);
        let text = serde_json::to_string(&update).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Presence>(&text).expect("a presence"), update);
    }

    #[test]
    fn who_subscribed_to_some_sections_is_told_of_those(old in presences(), new in presences(), bits in any::<u32>()) {
        let subscribed = Flags::of(bits);
        let (old, new) = (old.restricted_to(subscribed), new.restricted_to(subscribed));
        let (changed, update) = diff(&old, &new);
        let named = told(changed, subscribed);
        prop_assert_eq!(named & subscribed, named);
        prop_assert_eq!(named.is_empty(), changed.is_empty());
        let mut watched = old;
        apply(&mut watched, named, &update);
        prop_assert_eq!(known(watched), known(new));
    }
}

fn changed_by(change: impl FnOnce(&mut Presence)) -> (Flags, Presence) {
    let old = Presence { contact_id: "a".into(), calls: Some(vec![call("x", CONNECTED)]), ..Presence::default() };
    let mut new = old.clone();
    change(&mut new);
    diff(&old, &new)
}

#[test]
fn each_section_sets_its_own_bit() {
    type Change = fn(&mut Presence);
    let contact = |image: Option<&str>| RemoteContact { image_hash: image.map(Into::into), ..RemoteContact::default() };
    let _ = contact;
    let cases: [(u32, Change); 14] = [
        (1, |new| new.state = Some(1)),
        (2, |new| new.remote_contact = Some(RemoteContact::default())),
        (6, |new| {
            new.remote_contact = Some(RemoteContact { image_hash: Some("ab".into()), ..RemoteContact::default() });
        }),
        (8, |new| new.static_rights = Some(1)),
        (8, |new| new.feature_set = Some(1)),
        (16, |new| new.absent_state = Some(word(2))),
        (32, |new| new.custom_note = Some(note("x"))),
        (64, |new| new.appointments = Some(Vec::new())),
        (64, |new| new.next_appointment = Some(appointment(2))),
        (128, |new| new.lines = Some(Vec::new())),
        (256, |new| new.calls = Some(Vec::new())),
        (512, |new| new.forwards = Some(Vec::new())),
        (2048, |new| new.dynamic_rights = Some(range(None))),
        (32_768, |new| new.agent_state = Some(AgentState { state: 1 })),
    ];
    for (bit, change) in cases {
        assert_eq!(changed_by(change).0.bits(), bit);
    }
    assert_eq!(changed_by(|new| new.monitor_grouping = Some(serde_json::json!({}))).0.bits(), 65_536);
}

#[test]
fn another_picture_alone_is_bit_4() {
    let with = |hash: &str| Presence {
        remote_contact: Some(RemoteContact { image_hash: Some(hash.into()), ..RemoteContact::default() }),
        ..Presence::default()
    };

    assert_eq!(diff(&with("ab"), &with("cd")).0, Flags::DATA_WITH_IMAGE);
}

/// features.md §11, T5.
#[test]
fn changed_flags_of_33_are_presence_and_note_only() {
    let (changed, update) = changed_by(|new| {
        new.state = Some(0x1000_0001);
        new.custom_note = Some(note("Back at 4"));
    });

    assert_eq!(changed.bits(), 33);
    let value = serde_json::to_value(update).expect("JSON");
    let members: Vec<&String> = value.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["asnCustomNote", "iPresenceState", "u8sContactId"]);
}

#[test]
fn calls_are_told_as_added_changed_and_deleted() {
    let (_, added) = changed_by(|new| new.calls.get_or_insert_default().push(call("y", CONNECTED)));
    let (_, altered) = changed_by(|new| new.calls = Some(vec![call("x", 64)]));
    let (_, ended) = changed_by(|new| new.calls = Some(Vec::new()));

    let told = |update: Presence| {
        let calls = update.calls.unwrap_or_default();
        calls.into_iter().map(|call| (call.connection_id, call.action, call.state)).collect::<Vec<_>>()
    };
    assert_eq!(told(added), [("y".to_owned(), 0, CONNECTED)]);
    assert_eq!(told(altered), [("x".to_owned(), 1, 64)]);
    assert_eq!(told(ended), [("x".to_owned(), 2, DISCONNECTED)]);
}
