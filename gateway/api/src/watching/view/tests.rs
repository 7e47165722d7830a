use std::time::Duration;

use directory_model::contact::ContactFields;
use directory_model::id::CountedIds;
use directory_model::presence::rules::PresenceRules;
use directory_model::presence::{Activity, Availability, Claim, ClaimKind, Note, NoteKind, Presence};
use gateway_presence::facts::ContactFacts;
use gateway_presence::merge::merge;
use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn now() -> Timestamp {
    "2026-11-23T09:30:00Z".parse().expect("a moment")
}

/// What a text says that is about one kind of thing, so that it is found wherever it is shown.
fn word(kind: NoteKind, at: usize) -> String {
    match kind {
        NoteKind::Personal => format!("personal-{at}"),
        NoteKind::Appointment => format!("appointment-{at}"),
        NoteKind::OutOfOffice => format!("absence-{at}"),
    }
}

fn note() -> impl Strategy<Value = NoteKind> {
    prop_oneof![Just(NoteKind::Personal), Just(NoteKind::Appointment), Just(NoteKind::OutOfOffice)]
}

fn claim(kind: ClaimKind, availability: Availability, minutes: u64) -> Claim {
    Claim {
        contact: ContactId::new(&CountedIds::default()),
        kind,
        source: "secret-source".into(),
        device: "secret-device".into(),
        version: 1,
        availability,
        activity: (kind == ClaimKind::Calendar).then_some(Activity::InAMeeting),
        is_out_of_office: false,
        is_tentative: false,
        is_ringing: false,
        is_repeated: kind == ClaimKind::Computer,
        custom: None,
        since: now().minus(Duration::from_mins(minutes)),
        heard_at: now(),
        expires_at: Some(now().plus(Duration::from_mins(minutes))),
    }
}

fn portrait(claims: Vec<Claim>, kinds: &[NoteKind]) -> Portrait {
    let facts = ContactFacts::new(ContactId::new(&CountedIds::default()), &ContactFields::default(), Vec::new());
    let presence: Presence = merge(&claims, &PresenceRules::default(), now());
    let text = |(at, kind): (usize, &NoteKind)| Note {
        text: word(*kind, at),
        kind: *kind,
        source: "manual".into(),
        expires_at: None,
    };
    let notes = kinds.iter().enumerate().map(text).collect();
    let next_reachable =
        claims.iter().find(|claim| claim.kind == ClaimKind::Calendar).and_then(|claim| claim.expires_at);
    Portrait { facts, presence, claims, notes, next_reachable }
}

fn seen(portrait: &Portrait, level: Level) -> Option<Value> {
    let view = ColleagueView::of(portrait, level, |_| BTreeMap::new())?;
    Some(serde_json::to_value(view).expect("JSON"))
}

#[test]
fn each_level_sees_what_its_row_says() {
    let meeting = claim(ClaimKind::Calendar, Availability::Busy, 20);
    let portrait = portrait(
        vec![claim(ClaimKind::Computer, Availability::Available, 1), meeting.clone()],
        &[NoteKind::Personal, NoteKind::Appointment, NoteKind::OutOfOffice],
    );
    let until = serde_json::json!(meeting.expires_at);

    assert_eq!(seen(&portrait, Level::Blocked), None);
    let public = seen(&portrait, Level::Public).expect("seen");
    assert_eq!((&public["availability"], &public["activity"]), (&"busy".into(), &"in_a_meeting".into()));
    assert_eq!(
        (&public["appointments"], &public["valid_until"], &public["since"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!(public["notes"], serde_json::json!(["personal-0"]));
    let company = seen(&portrait, Level::Company).expect("seen");
    assert_eq!((&company["valid_until"], &company["next_reachable"]), (&until, &until));
    assert_eq!(company["appointments"][0]["until"], until);
    assert_eq!(company["notes"], serde_json::json!(["personal-0", "appointment-1"]));
    let may_set = [Level::Public, Level::Company, Level::Team, Level::Personal]
        .map(|level| seen(&portrait, level).expect("seen")["may_set"] == true);
    assert_eq!(may_set, [false, false, true, true]);
}

proptest! {
    #[test]
    fn no_note_and_no_appointment_is_shown_below_its_level(
        kinds in proptest::collection::vec(note(), 0..8),
        (is_out, meets, minutes) in (any::<bool>(), any::<bool>(), 1_u64..600),
    ) {
        let mut claims = vec![claim(ClaimKind::Computer, Availability::Available, minutes + 601)];
        if meets {
            claims.push(claim(ClaimKind::Calendar, Availability::Busy, minutes));
        }
        claims[0].is_out_of_office = is_out;
        let portrait = portrait(claims.clone(), &kinds);

        let shown = Level::ALL.map(|level| seen(&portrait, level).map(|view| view.to_string()).unwrap_or_default());

        let [blocked, public, company, ..] = &shown;
        prop_assert!(blocked.is_empty());
        prop_assert!(!public.contains("appointment-"));
        for claim in &claims {
            let moments = [Some(claim.since), claim.expires_at].map(|at| at.expect("there").to_string());
            prop_assert!(moments.iter().all(|at| !public.contains(at)), "{public} tells {moments:?}");
        }
        for text in shown.iter().skip(1) {
            prop_assert!(is_out || !text.contains("absence-"), "nobody is out of office: {text}");
            prop_assert!(!text.contains("secret-"), "where it comes from is for `why`: {text}");
        }
        prop_assert_eq!(kinds.contains(&NoteKind::Appointment), company.contains("appointment-"));
        // A higher level sees whatever a lower one sees.
        for pair in shown.windows(2).skip(1) {
            let notes = |text: &str| serde_json::from_str::<Value>(text).expect("JSON")["notes"].as_array().cloned().unwrap_or_default();
            let higher = notes(&pair[1]);
            prop_assert!(notes(&pair[0]).iter().all(|note| higher.contains(note)));
        }
    }
}
