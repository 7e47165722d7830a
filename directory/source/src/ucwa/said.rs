//! What a server says about a contact, in our words. Pure.

use directory_model::presence::lync::{self, LyncState};
use directory_model::presence::said::Said;
use directory_model::presence::{Activity, NOTE_CHARS, NoteKind, SourceNote};
use serde_json::Value;

/// How somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The state.
    pub said: Said,
    /// What the state is called there, when it has a name of its own.
    pub custom: Option<String>,
}

/// What a `contactPresence` says; `None` when its state is none.
pub(super) fn presence(value: &Value) -> Option<Stated> {
    let state = state(value["availability"].as_str()?)?;
    let written = value["activity"].as_str().unwrap_or_default().trim();
    let activity = lync::activity(&plain(written));
    let is_named = activity.is_none() && !written.is_empty() && !is_usual(&plain(written));
    let said =
        Said { activity, is_out_of_office: activity == Some(Activity::OutOfOffice), ..state.availability().into() };
    Some(Stated { said, custom: is_named.then(|| written.chars().take(NOTE_CHARS).collect()) })
}

/// What a `contactNote` says; `None` when it says nothing.
pub(super) fn note(value: &Value) -> Option<SourceNote> {
    let text: String = value["message"].as_str()?.trim().chars().take(NOTE_CHARS).collect();
    let kind = match value["type"].as_str() {
        Some("OutOfOffice") => NoteKind::OutOfOffice,
        _ => NoteKind::Personal,
    };
    (!text.is_empty()).then_some(SourceNote { text, kind, language: None })
}

/// The state of a word for it; nothing is known of a word that is not.
fn state(word: &str) -> Option<LyncState> {
    Some(match word {
        "Online" => LyncState::Online,
        "IdleOnline" => LyncState::IdleOnline,
        "Busy" => LyncState::Busy,
        "IdleBusy" => LyncState::IdleBusy,
        "DoNotDisturb" => LyncState::DoNotDisturb,
        "BeRightBack" => LyncState::BeRightBack,
        "Away" => LyncState::Away,
        "Offline" => LyncState::Offline,
        _ => return None,
    })
}

/// `Off Work` as the token that it is in words.
fn plain(written: &str) -> String {
    written.to_lowercase().replace([' ', '_'], "-")
}

/// What clients write beside a state that has no name of its own.
fn is_usual(activity: &str) -> bool {
    matches!(
        activity,
        "available"
            | "online"
            | "inactive"
            | "idle"
            | "busy"
            | "do-not-disturb"
            | "be-right-back"
            | "away"
            | "offline"
            | "unknown"
            | "presence-unknown"
    )
}

#[cfg(test)]
mod tests {
    use directory_model::presence::Availability;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn each_word_of_a_server_means_one_thing() {
        use Availability::{Available, Away, BeRightBack, Busy, DoNotDisturb, Inactive, Offline};
        for (word, doing, availability, activity, custom) in [
            ("Online", None, Available, None, None),
            ("IdleOnline", Some("Inactive"), Inactive, None, None),
            ("Busy", Some("on-the-phone"), Busy, Some(Activity::OnThePhone), None),
            ("Busy", Some("in-a-meeting"), Busy, Some(Activity::InAMeeting), None),
            ("Busy", Some("In a conference"), Busy, Some(Activity::InAConference), None),
            ("IdleBusy", Some("Busy"), Busy, None, None),
            ("DoNotDisturb", Some("presenting"), DoNotDisturb, Some(Activity::Presenting), None),
            (
                "DoNotDisturb",
                Some("urgent-interruptions-only"),
                DoNotDisturb,
                Some(Activity::UrgentInterruptionsOnly),
                None,
            ),
            ("BeRightBack", None, BeRightBack, None, None),
            ("Away", Some("Off Work"), Away, Some(Activity::OffWork), None),
            ("Away", Some("Kaffeepause"), Away, None, Some("Kaffeepause")),
            ("Offline", Some(""), Offline, None, None),
        ] {
            let stated = presence(&json!({"availability": word, "activity": doing, "deviceType": "PC"}));
            let said = Said { activity, ..availability.into() };
            assert_eq!(stated, Some(Stated { said, custom: custom.map(str::to_owned) }), "{word} {doing:?}");
        }
        let away = presence(&json!({"availability": "Away", "activity": "out-of-office"})).expect("a state");
        assert!(away.said.is_out_of_office);
        for value in [json!({}), json!({"availability": "Dancing"}), json!({"availability": 3500}), json!(null)] {
            assert_eq!(presence(&value), None, "{value}");
        }
    }

    #[test]
    fn a_note_is_a_text_of_a_kind() {
        let of = |value: Value| note(&value).map(|note| (note.text, note.kind));
        assert_eq!(
            of(json!({"message": " Back at 4 ", "type": "Personal"})),
            Some(("Back at 4".into(), NoteKind::Personal))
        );
        let away = json!({"message": "On holiday", "type": "OutOfOffice"});
        assert_eq!(of(away), Some(("On holiday".into(), NoteKind::OutOfOffice)));
        for value in [json!({"message": " "}), json!({"type": "Personal"}), json!({"message": 1}), json!([])] {
            assert_eq!(of(value.clone()), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_contact_is_read_within_the_limits(availability in ".{0,12}", text in ".{0,600}") {
            for word in [availability.as_str(), "Busy"] {
                if let Some(stated) = presence(&json!({"availability": word, "activity": text})) {
                    prop_assert!(stated.custom.is_none_or(|name| name.chars().count() <= NOTE_CHARS && !name.is_empty()));
                }
            }
            let note = note(&json!({"message": text, "type": availability}));
            prop_assert!(note.is_none_or(|note| note.text.chars().count() <= NOTE_CHARS && !note.text.is_empty()));
        }
    }
}
