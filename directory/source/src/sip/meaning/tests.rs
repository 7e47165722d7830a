use proptest::prelude::*;

use super::*;

fn now() -> Timestamp {
    "2026-11-27T09:30:00Z".parse().expect("a time")
}

fn meaning(inside: &str) -> Meaning {
    by(LowNumbers::Unknown, inside)
}

fn by(low: LowNumbers, inside: &str) -> Meaning {
    let text = format!("<presence entity='sip:anna@example.com'>{inside}</presence>");
    of_presence(&Pidf::parse(text.as_bytes()).expect("a document"), now(), low)
}

fn states(inside: &str) -> Vec<(String, Availability, Option<Activity>)> {
    let stated = meaning(inside).stated;
    stated.into_iter().map(|stated| (stated.device, stated.said.availability, stated.said.activity)).collect()
}

/// What an open tuple with a person who does `activity` is.
fn open(activity: &str) -> (Availability, Option<Activity>, bool) {
    let inside = format!(
        "<tuple id='t'><status><basic>open</basic></status></tuple><person id='p'><activities>{activity}</activities></person>"
    );
    let stated = meaning(&inside).stated;
    assert_eq!(stated.len(), 1, "{activity}");
    assert_eq!((stated[0].kind, stated[0].device.as_str()), (ClaimKind::Platform, "t"));
    (stated[0].said.availability, stated[0].said.activity, stated[0].said.is_out_of_office)
}

#[test]
fn each_activity_means_one_thing() {
    use Availability::{Available, Away, BeRightBack, Busy, DoNotDisturb, Offline};
    for (word, availability, activity, is_out) in [
        ("on-the-phone", Busy, Some(Activity::OnThePhone), false),
        ("meeting", Busy, Some(Activity::InAMeeting), false),
        ("appointment", Busy, Some(Activity::InAMeeting), false),
        ("presentation", DoNotDisturb, Some(Activity::Presenting), false),
        ("busy", Busy, None, false),
        ("away", Away, None, false),
        ("in-transit", Away, None, false),
        ("steering", Away, None, false),
        ("performance", Away, None, false),
        ("playing", Away, None, false),
        ("shopping", Away, None, false),
        ("spectator", Away, None, false),
        ("tv", Away, None, false),
        ("worship", Away, None, false),
        ("breakfast", BeRightBack, None, false),
        ("lunch", BeRightBack, None, false),
        ("dinner", BeRightBack, None, false),
        ("meal", BeRightBack, None, false),
        ("holiday", Away, Some(Activity::OffWork), false),
        ("sleeping", Away, Some(Activity::OffWork), false),
        ("vacation", Away, None, true),
        ("travel", Away, None, true),
        ("permanent-absence", Offline, None, true),
        ("working", Available, None, false),
        ("looking-for-work", Available, None, false),
        ("unknown", Available, None, false),
        ("gardening", Available, None, false),
    ] {
        assert_eq!(open(&format!("<{word}/>")), (availability, activity, is_out), "{word}");
    }
    assert_eq!(open("<other>Out of Office</other>"), (Available, None, true));
    assert_eq!(
        open("<other>urgent-interruptions-only</other>"),
        (DoNotDisturb, Some(Activity::UrgentInterruptionsOnly), false)
    );
}

#[test]
fn who_does_several_things_is_occupied_before_away() {
    use Availability::{Away, Busy};
    assert_eq!(open("<away/><on-the-phone/>"), (Busy, Some(Activity::OnThePhone), false));
    assert_eq!(open("<vacation/><busy/>"), (Busy, None, true));
    assert_eq!(open("<away/><lunch/>").0, Availability::BeRightBack);
    assert_eq!(open("<away/><unknown/>"), (Away, None, false));
}

#[test]
fn each_tuple_is_a_device() {
    use Availability::{Available, Away, Busy, Inactive, Offline};
    let closed = "<tuple id='c'><status><basic>closed</basic></status></tuple>";
    let desk = "<tuple id='d'><status><basic>open</basic></status><deviceID>1</deviceID></tuple>";
    let away = "<person id='p'><activities><away/></activities></person>";
    let busy = "<person id='q'><activities><busy/></activities></person>";
    let free = "<person id='r'/>";
    let device = |id: &str, availability| (id.to_owned(), availability, None);

    assert_eq!(states(&format!("{closed}{desk}")), [device("d", Available), device("c", Offline)]);
    assert_eq!(states(&format!("{closed}{desk}{away}")), [device("d", Away), device("c", Offline)]);
    assert_eq!(states(&format!("{desk}{away}{busy}")), [device("d", Busy)]);
    assert_eq!(states(&format!("{desk}{away}{free}")), [device("d", Available)]);
    assert_eq!(states(away), [device("", Away)]);
    assert_eq!(states(free), []);
    assert_eq!(states("<tuple id='t'/>"), []);
    let own = "<tuple id='o'><status><basic>open</basic></status><activities><away/></activities></tuple>";
    assert_eq!(states(&format!("{own}{desk}{busy}")), [device("d", Busy), device("o", Away)]);
    let idle = "<device id='x'><user-idle>idle</user-idle><deviceID>1</deviceID></device>";
    assert_eq!(states(&format!("{desk}{idle}")), [device("d", Inactive)]);
    let person_idle = "<person id='p'><user-idle>idle</user-idle></person>";
    assert_eq!(states(&format!("{desk}{person_idle}")), [device("d", Inactive)]);
    assert_eq!(states(&format!("{desk}{person_idle}{free}")), [device("d", Available)]);
}

#[test]
fn the_number_of_lync_goes_before_activities() {
    let state = "<state type='aggregateState'><availability>12500</availability></state>";
    let inside = format!(
        "<tuple id='t'><status><basic>open</basic></status>{state}</tuple><person><activities><busy/></activities></person>"
    );
    assert_eq!(states(&inside)[0].1, Availability::BeRightBack);
    for low in ["0", "2999"] {
        let nothing = inside.replace("12500", low);
        assert_eq!(states(&nothing)[0].1, Availability::Busy, "such a number says nothing");
        let available = by(LowNumbers::Available, &nothing).stated.remove(0);
        assert_eq!(available.said.availability, Availability::Available, "unless the tenant says what it does");
    }
    let higher = by(LowNumbers::Available, &inside).stated.remove(0);
    assert_eq!(higher.said.availability, Availability::BeRightBack);
}

#[test]
fn an_activity_holds_for_its_time() {
    let at = |from: &str, until: &str| {
        let inside = format!(
            "<tuple id='t'><status><basic>open</basic></status></tuple><person><activities from='2026-11-27T{from}:00Z' until='2026-11-27T{until}:00Z'><meeting/></activities></person>"
        );
        let meaning = meaning(&inside);
        (meaning.stated[0].said.availability, meaning.stated[0].since, meaning.changes_at)
    };
    let time = |text: &str| format!("2026-11-27T{text}:00Z").parse().ok();

    assert_eq!(at("09:00", "10:00"), (Availability::Busy, time("09:00"), time("10:00")));
    assert_eq!(at("10:00", "11:00"), (Availability::Available, None, time("10:00")));
    assert_eq!(at("08:00", "09:30"), (Availability::Available, None, None));
}

#[test]
fn notes_are_told_apart() {
    let person = "<person><activities><meeting/><note>Budget</note></activities><note xml:lang='de'>Gleich zurück</note></person>";
    let notes = meaning(&format!("{person}<tuple id='t'><note>Gleich zurück</note></tuple><note>All</note>")).notes;
    let told: Vec<_> = notes.iter().map(|note| (note.text.as_str(), note.kind, note.language.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("Gleich zurück", NoteKind::Personal, Some("de")),
            ("Budget", NoteKind::Appointment, None),
            ("All", NoteKind::Personal, None),
        ]
    );
    let vacation = "<person><activities><vacation/></activities><note>Back on Monday</note></person>";
    assert_eq!(meaning(vacation).notes[0].kind, NoteKind::OutOfOffice);
}

#[test]
fn a_state_without_a_word_keeps_its_name() {
    let inside = "<tuple id='t'><status><basic>open</basic></status></tuple><person><activities><other>Gardening</other></activities></person>";
    let stated = &meaning(inside).stated[0];
    assert_eq!((stated.said.availability, stated.custom.as_deref()), (Availability::Available, Some("Gardening")));
}

#[test]
fn calls_are_a_telephone() {
    let call = |id: &str, state, direction, is_held| Call { id: id.into(), state, direction, is_held };
    let said = |calls: &[Call]| {
        let stated = of_calls(calls).stated;
        assert!(stated.iter().all(|stated| stated.kind == ClaimKind::Telephone));
        stated.into_iter().map(|stated| (stated.device, stated.said)).collect::<Vec<_>>()
    };
    let is = |id: &str, line: LineState| (id.to_owned(), line.says());

    assert_eq!(said(&[]), [is("", LineState::Idle)]);
    for (state, direction, is_held, line) in [
        (CallState::Trying, Some(Direction::Recipient), false, LineState::Ringing),
        (CallState::Early, None, false, LineState::Ringing),
        (CallState::Early, Some(Direction::Recipient), false, LineState::Ringing),
        (CallState::Trying, Some(Direction::Initiator), false, LineState::InCall),
        (CallState::Proceeding, Some(Direction::Initiator), false, LineState::InCall),
        (CallState::Confirmed, Some(Direction::Recipient), false, LineState::InCall),
        (CallState::Confirmed, None, true, LineState::OnHold),
    ] {
        assert_eq!(said(&[call("a", state, direction, is_held)]), [is("a", line)], "{state:?} {direction:?}");
    }
    assert_eq!(said(&[call("a", CallState::Terminated, None, false)]), [is("", LineState::Idle)]);
    let mut many: Vec<Call> = (0..20).map(|n| call(&format!("r{n}"), CallState::Early, None, false)).collect();
    many.push(call("c", CallState::Confirmed, None, false));
    let many = said(&many);
    assert_eq!((many.len(), &many[0]), (MAX_DEVICES, &is("c", LineState::InCall)));
}

#[test]
fn a_long_name_is_a_short_one() {
    let long = "x".repeat(129);
    assert_eq!(device_name(&long).len(), 64);
    assert_ne!(device_name(&long), device_name(&"x".repeat(130)));
    assert_eq!(device_name(&"ä".repeat(128)).chars().count(), 128);
}

proptest! {
    #[test]
    fn any_document_means_something_bounded(parts in proptest::collection::vec(0u8..8, 0..60)) {
        let inside: String = parts.iter().enumerate().map(|(at, part)| match part {
            0 => format!("<tuple id='{at}'><status><basic>open</basic></status></tuple>"),
            1 => format!("<tuple id='{at}'><status><basic>closed</basic></status></tuple>"),
            2 => "<person><activities><away/></activities></person>".into(),
            3 => "<person><activities><busy/></activities></person>".into(),
            4 => "<person><user-idle>idle</user-idle></person>".into(),
            5 => format!("<note>{at}</note>"),
            6 => "<state><availability>9500</availability></state>".into(),
            _ => "<person/>".into(),
        }).collect();
        let meaning = meaning(&inside);
        prop_assert!(meaning.stated.len() <= MAX_DEVICES && meaning.notes.len() <= 20);
        // Who is occupied in one of them is occupied wherever messages are taken.
        if parts.contains(&3) && !parts.contains(&6) {
            let states = meaning.stated.iter().map(|stated| stated.said.availability);
            prop_assert!(states.into_iter().all(|state| matches!(state, Availability::Busy | Availability::Offline)));
        }
    }
}
