use proptest::prelude::*;
use serde_json::json;

use super::*;

fn ask(operation: Operation, argument: Value) -> Result<Request, Problem> {
    read(&Invoke { invoke_id: 1, operation, argument }).map_err(|reject| reject.problem)
}

#[test]
fn a_subscription_without_flags_means_the_usual_ones() {
    let argument = json!({"seqContactIDs": ["sip:anna@x.org"]});
    let asked = ask(Operation::GetAndSubscribePresenceV2, argument.clone());

    let expected = Subscribe {
        contacts: vec!["sip:anna@x.org".into()],
        events: Flags::DEFAULT,
        shown: Flags::DEFAULT,
        is_without_challenge: false,
        is_v1: false,
    };
    assert_eq!(asked, Ok(Request::Subscribe(expected.clone())));
    let v1 = ask(Operation::GetAndSubscribePresence, argument);
    assert_eq!(v1, Ok(Request::Subscribe(Subscribe { is_v1: true, ..expected })));
}

#[test]
fn a_subscription_says_what_is_shown_and_what_is_told() {
    let argument = json!({"seqContactIDs": ["a"], "iEventFlagsToSubscribe": 33, "iContactDetailsReturnFilter": 1,
        "bOpenOnlyInternalContacts": true, "bDontRequestPermissions": true, "somethingNew": {}});

    let Ok(Request::Subscribe(asked)) = ask(Operation::GetAndSubscribePresenceV2, argument) else {
        panic!("a subscription");
    };
    assert_eq!((asked.events.bits(), asked.shown.bits(), asked.is_without_challenge), (33, 1, true));
}

#[test]
fn an_own_word_is_one_of_five() {
    let set = |state: Value, until: Value| {
        let absentstate = json!({"u8sContactId": "a", "eAbsentState": state, "stTimeTo": until});
        ask(Operation::SetUserAbsentState, json!({ "absentstate": absentstate }))
    };
    let words = [Word::NotAbsent, Word::OutOfOffice, Word::Busy, Word::DoNotDisturb, Word::NotSet];
    for (state, expected) in words.into_iter().enumerate() {
        let Ok(Request::SetAbsentState(asked)) = set(json!(state), json!("")) else { panic!("{state}") };
        assert_eq!((asked.word, asked.until), (expected, None));
    }
    let Ok(Request::SetAbsentState(asked)) = set(json!(2), json!("2026-11-27T17:00:00Z")) else { panic!("a time") };
    assert_eq!(asked.until, "2026-11-27T17:00:00Z".parse().ok());
    for (state, until) in [(json!(5), json!("")), (json!("2"), json!("")), (json!(2), json!("soon"))] {
        assert_eq!(set(state, until), Err(Problem::MistypedArgument));
    }
}

#[test]
fn notes_are_trimmed_and_each_is_there_once() {
    let set = |note: &str, notes: Value| {
        ask(
            Operation::CustomNoteSet,
            json!({"customnote": {"u8sContactID": "a", "u8sUsername": "", "u8sNote": note, "seqNotes": notes}}),
        )
    };
    let notes = |asked: Result<Request, Problem>| match asked {
        Ok(Request::SetNote(asked)) => Ok(asked.notes),
        Ok(_) => panic!("notes"),
        Err(problem) => Err(problem),
    };

    assert_eq!(notes(set(" Back at 4 ", Value::Null)), Ok(vec!["Back at 4".to_owned()]));
    assert_eq!(notes(set("", Value::Null)), Ok(Vec::new()));
    assert_eq!(notes(set("a", json!(["a", "b", " "]))), Ok(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(notes(set(&"ä".repeat(NOTE_CHARS), Value::Null)).map(|notes| notes.len()), Ok(1));
    assert_eq!(notes(set(&"ä".repeat(NOTE_CHARS + 1), Value::Null)), Err(Problem::ResourceLimitation));
    let many: Vec<String> = (0..=MAX_NOTES).map(|at| at.to_string()).collect();
    assert_eq!(notes(set("", json!(many))), Err(Problem::ResourceLimitation));
}

#[test]
fn a_picture_is_asked_for_by_contact_or_entry() {
    for argument in [
        json!({"u8sContactID": "a", "u8sKnownHash": "cd"}),
        json!({"netDatabaseContactID": {"u8sEntryID": "a"}, "u8sKnownHash": "cd"}),
    ] {
        let expected = Image { contact: "a".into(), known: "cd".into() };
        assert_eq!(ask(Operation::RequestContactImage, argument), Ok(Request::Image(expected)));
    }
    assert_eq!(ask(Operation::RequestLargeProfileImage, json!({})), Err(Problem::MistypedArgument));
}

#[test]
fn rights_are_one_of_the_levels() {
    let set = |level: Value| {
        ask(
            Operation::SetDynamicRights,
            json!({"u8sOwnerContactID": "a", "u8sRemoteContactID": "b", "iDynamicRights": level}),
        )
    };
    for level in Level::ALL {
        let expected = SetRights { owner: "a".into(), watcher: "b".into(), level };
        assert_eq!(set(json!(level.number())), Ok(Request::SetRights(expected.clone())));
        assert_eq!(set(json!(level.rights())), Ok(Request::SetRights(expected)), "with what comes with it");
    }
    for wrong in [json!(0x30000), json!(-1), Value::Null] {
        assert_eq!(set(wrong), Err(Problem::MistypedArgument));
    }
}

#[test]
fn what_only_the_server_tells_is_not_to_be_asked() {
    for operation in [
        Operation::UpdatePresence,
        Operation::UpdatePresenceV2,
        Operation::RemovePresence,
        Operation::UpdateMyAbsentStateV2,
        Operation::UpdateMyCustomNote,
        Operation::MyPresenceRightsChallenge,
    ] {
        assert_eq!(ask(operation, nothing()), Err(Problem::UnrecognisedOperation), "{operation:?}");
    }
}

#[test]
fn nobody_names_too_many_contacts_or_one_that_is_too_long() {
    let named =
        |contacts: Vec<String>| ask(Operation::UnsubscribePresence, json!({ "seqContactIDs": contacts })).map(|_| ());

    assert_eq!(named(vec!["a".into(); MAX_CONTACTS]), Ok(()));
    assert_eq!(named(vec!["a".into(); MAX_CONTACTS + 1]), Err(Problem::ResourceLimitation));
    assert_eq!(named(vec!["a".repeat(MAX_NAME)]), Ok(()));
    assert_eq!(named(vec!["a".repeat(MAX_NAME + 1)]), Err(Problem::MistypedArgument));
    assert_eq!(named(vec![String::new()]), Err(Problem::MistypedArgument));
}

proptest! {
    #[test]
    fn no_argument_is_more_than_refused(
        operation in proptest::sample::select(Operation::all().collect::<Vec<_>>()),
        name in "seqContactIDs|absentstate|customnote|u8sContactID|iDynamicRights",
        text in ".{0,20}",
        number in any::<i64>(),
    ) {
        for argument in [json!({ &name: text }), json!({ &name: number }), json!({ &name: [text] }), json!([text]), json!(number), json!({ &name: { &name: number } })] {
            let read = read(&Invoke { invoke_id: 1, operation, argument });
            prop_assert!(read.is_ok() || read.is_err_and(|reject| reject.invoke_id == Some(1)));
        }
    }
}
