use directory_model::id::{ContactId, CountedIds};
use directory_model::presence::Presence as Merged;

use super::*;

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_339_800_000 + seconds * 1000)
}

pub(crate) fn presence(availability: Availability) -> Merged {
    Merged {
        availability,
        activity: None,
        is_out_of_office: false,
        custom: None,
        since: None,
        decided_by: None,
        valid_until: None,
    }
}

pub(crate) fn claim(kind: ClaimKind, availability: Availability, activity: Option<Activity>) -> Claim {
    Claim {
        contact: ContactId::new(&CountedIds::default()),
        kind,
        source: "pbx".into(),
        device: "4711".into(),
        version: 1,
        availability,
        activity,
        is_out_of_office: false,
        is_tentative: false,
        is_ringing: false,
        is_repeated: true,
        custom: None,
        since: moment(0),
        heard_at: moment(0),
        expires_at: Some(moment(600)),
    }
}

fn by_hand(availability: Availability) -> Claim {
    Claim { source: "manual".into(), device: String::new(), ..claim(ClaimKind::Manual, availability, None) }
}

fn mark() -> Claim {
    Claim { source: OUT_OF_OFFICE.into(), is_out_of_office: true, ..by_hand(Availability::Unknown) }
}

fn note(kind: NoteKind, text: &str) -> Note {
    Note { text: text.into(), kind, source: "manual".into(), expires_at: Some(moment(900)) }
}

/// What is known of a contact of a test.
struct Known {
    presence: Merged,
    claims: Vec<Claim>,
    notes: Vec<Note>,
}

impl Known {
    fn of(availability: Availability) -> Self {
        Self { presence: presence(availability), claims: Vec::new(), notes: Vec::new() }
    }

    fn claims(claims: impl IntoIterator<Item = Claim>) -> Self {
        Self { claims: claims.into_iter().collect(), ..Self::of(Availability::Available) }
    }

    fn notes(notes: impl IntoIterator<Item = Note>) -> Self {
        Self { notes: notes.into_iter().collect(), ..Self::of(Availability::Available) }
    }

    fn seen(&self, level: Level, sections: Flags) -> Presence {
        let contact = RemoteContact {
            entry_id: "01".into(),
            display_name: "Anna Berg".into(),
            phone: Some("+49 30 1234".into()),
            image_hash: Some("ab".into()),
            ..RemoteContact::default()
        };
        let subject = Subject { contact, presence: &self.presence, claims: &self.claims, notes: &self.notes };
        let least = Level::Company;
        fill(&subject, &Watcher { calls_it: "sip:anna@x.org", level, least, allowed: None, sections })
    }

    /// What somebody sees who may see everything and asked for one section.
    fn section(&self, section: Flags) -> Presence {
        self.seen(Level::Personal, section)
    }
}

/// The members of `presence` as JSON, without the contact's identity.
fn members(presence: &Presence) -> Vec<String> {
    let value = serde_json::to_value(presence).expect("JSON");
    let object = value.as_object().expect("an object");
    object.keys().filter(|key| *key != "u8sContactId").cloned().collect()
}

#[test]
fn what_the_state_is_called_is_for_everybody_and_since_when_for_who_sees_appointments() {
    let mut known = Known::of(Availability::Away);
    known.presence.custom = Some("Lunch".into());
    known.presence.since = Some(moment(0));
    for (level, since) in [
        (Level::Public, None),
        (Level::Company, Some(moment(0))),
        (Level::Team, Some(moment(0))),
        (Level::Personal, Some(moment(0))),
    ] {
        let seen = known.seen(level, Flags::PRESENCE);
        assert_eq!((seen.since, seen.shown_as.as_deref()), (since, Some("Lunch")), "{level:?}");
    }
    assert_eq!(members(&known.section(Flags::NOTE)), ["asnCustomNote"]);
    assert_eq!(known.seen(Level::Blocked, Flags::PRESENCE).shown_as, None);
}

#[test]
fn every_section_has_its_members_and_no_other() {
    let known = Known::of(Availability::Available);
    for (section, expected) in [
        (Flags::PRESENCE, &["iPresenceState"][..]),
        (Flags::DATA, &["asnRemoteContact"]),
        (Flags::DATA_WITH_IMAGE, &["asnRemoteContact"]),
        (Flags::CONFIGURATION, &["iMonitorAccessRights", "iStaticRights"]),
        (Flags::ABSENT_STATE, &["asnAbsentState"]),
        (Flags::NOTE, &["asnCustomNote"]),
        (Flags::APPOINTMENT, &["seqActualAppointments"]),
        (Flags::PHONE_LINES, &["seqPhoneLines"]),
        (Flags::CALLS, &["seqCalls"]),
        // Forwards are shown to nobody.
        (Flags::FORWARDS, &[]),
        // Told by an event of its own.
        (Flags::MY_CHALLENGES, &[]),
        (Flags::DYNAMIC_RIGHTS, &["asnCurrentUserDynamicRights"]),
        (Flags::DYNAMIC_GROUP_RIGHTS, &[]),
        (Flags::DYNAMIC_GLOBAL_RIGHTS, &[]),
        (Flags::AGENT_STATE, &["asnAgentState"]),
        (Flags::MONITOR_GROUPING, &[]),
    ] {
        let mut found = members(&known.section(section));
        found.sort();
        assert_eq!(found, expected, "{section:?}");
    }
}

#[test]
fn what_nothing_is_known_of_is_absent() {
    let all = Known::of(Availability::Busy).seen(Level::Personal, !Flags::NONE);
    let found = members(&all);

    for absent in [
        "asnUserPropertyBag",
        "iContactFeatureSet",
        "asnNextAppointment",
        "seqLineForwards",
        "asnContactCapabilitiesEx",
        "iStaticRights2",
        "asnMonitorGroupingAttribute",
        "asnNextAppointments",
    ] {
        assert!(!found.iter().any(|member| member == absent), "{absent}");
    }
    assert_eq!(found.len(), 11, "{found:?}");
}

#[test]
fn field_0_is_the_state() {
    assert_eq!(Known::of(Availability::Inactive).section(Flags::PRESENCE).state, Some(0x2000_0001));
    let noted = Known::notes([note(NoteKind::Personal, "Back at 4")]);
    assert_eq!(noted.section(Flags::PRESENCE).state, Some(0x1000_0001));
    let appointment = Known::notes([note(NoteKind::Appointment, "Board")]);
    assert_eq!(appointment.section(Flags::PRESENCE).state, Some(1), "an appointment is no note to show");
}

#[test]
fn field_1_is_what_the_contact_is_called_and_its_picture_only_if_asked_for() {
    let known = Known::of(Availability::Available);
    let image = |sections| known.section(sections).remote_contact.expect("a contact").image_hash;

    assert_eq!(image(Flags::DATA), None);
    assert_eq!(image(Flags::DATA_WITH_IMAGE), Some("ab".into()));
    assert_eq!(image(Flags::DATA | Flags::DATA_WITH_IMAGE), Some("ab".into()));
    assert_eq!(known.section(Flags::DATA).remote_contact.expect("a contact").display_name, "Anna Berg");
}

#[test]
fn field_4_is_what_the_watcher_may() {
    let known = Known::of(Availability::Available);
    for level in [Level::Public, Level::Company, Level::Team, Level::Personal] {
        assert_eq!(known.seen(level, Flags::CONFIGURATION).static_rights, Some(level.rights()));
    }
}

#[test]
fn field_5_allows_nothing_with_telephones() {
    assert_eq!(Known::of(Availability::Available).section(Flags::CONFIGURATION).monitor_rights, Some(0));
}

#[test]
fn field_6_is_the_own_word() {
    let word = |claims: &[Claim]| {
        let seen = Known::claims(claims.to_vec()).section(Flags::ABSENT_STATE);
        seen.absent_state.expect("an own word")
    };

    assert_eq!((word(&[]).state, word(&[]).from), (4, None));
    for (availability, state) in [
        (Availability::Available, 0),
        (Availability::Busy, 2),
        (Availability::DoNotDisturb, 3),
        (Availability::Away, 1),
        (Availability::BeRightBack, 1),
    ] {
        assert_eq!(word(&[by_hand(availability)]).state, state, "{availability:?}");
    }
    let out = word(&[mark()]);
    assert_eq!((out.state, out.from, out.to), (1, Some(moment(0)), Some(moment(600))));
    assert_eq!(word(&[mark(), by_hand(Availability::Busy)]).state, 2, "a state goes before the mark");
    let named = Claim { custom: Some("Coffee break".into()), ..by_hand(Availability::Away) };
    assert_eq!(word(&[named]).custom_state.as_deref(), Some("Coffee break"));
    assert_eq!(word(&[claim(ClaimKind::Telephone, Availability::Busy, None)]).state, 4, "a telephone is no own word");
}

#[test]
fn field_7_is_the_notes() {
    let noted = |known: &Known| known.section(Flags::NOTE).custom_note.expect("notes");
    let mut known = Known::notes([
        note(NoteKind::Personal, "Back at 4"),
        note(NoteKind::OutOfOffice, "On holiday"),
        note(NoteKind::Appointment, "Board"),
        note(NoteKind::Personal, "In Graz"),
    ]);

    let here = noted(&known);
    assert_eq!((here.note.as_str(), here.user_name.as_str()), ("Back at 4", "Anna Berg"));
    assert_eq!(here.notes, Some(vec!["Back at 4".into(), "Board".into(), "In Graz".into()]));
    let public = known.seen(Level::Public, Flags::NOTE).custom_note.expect("notes");
    assert_eq!(public.notes, Some(vec!["Back at 4".into(), "In Graz".into()]), "appointments are not for everybody");
    known.presence.is_out_of_office = true;
    assert_eq!(noted(&known).note, "On holiday");
    assert_eq!(noted(&Known::of(Availability::Busy)).note, "");
}

#[test]
fn field_8_is_the_appointments_that_go_on() {
    let busy = claim(ClaimKind::Calendar, Availability::Busy, Some(Activity::InAMeeting));
    let tentative = Claim { is_tentative: true, source: "b".into(), ..busy.clone() };
    let out = Claim {
        is_out_of_office: true,
        source: "c".into(),
        ..claim(ClaimKind::Calendar, Availability::Available, None)
    };
    let free = Claim { source: "d".into(), ..claim(ClaimKind::Calendar, Availability::Available, None) };
    let known = Known::claims([busy, tentative, out, free]);
    let seen = |level| known.seen(level, Flags::APPOINTMENT).appointments;

    let shown = seen(Level::Company).expect("appointments");
    let statuses: Vec<_> = shown.iter().map(|one| (one.source.as_str(), one.status)).collect();
    assert_eq!(statuses, [("b", 1), ("c", 3), ("pbx", 2)]);
    assert_eq!((shown[0].start, shown[0].end), (moment(0), moment(600)));
    assert_eq!(seen(Level::Public), None);
}

#[test]
fn field_10_is_the_lines() {
    let offline = Claim { device: "a".into(), ..claim(ClaimKind::Telephone, Availability::Offline, None) };
    let quiet = Claim { device: "b".into(), ..claim(ClaimKind::Softphone, Availability::DoNotDisturb, None) };
    let bare = Claim { device: String::new(), ..claim(ClaimKind::Telephone, Availability::Available, None) };
    let computer = claim(ClaimKind::Computer, Availability::Available, None);
    let lines = Known::claims([offline, quiet, bare, computer]).section(Flags::PHONE_LINES).lines.expect("lines");

    let shown: Vec<_> = lines.iter().map(|l| (l.line.as_str(), l.number.as_str(), l.state, l.do_not_disturb)).collect();
    assert_eq!(shown, [("pbx", "+49 30 1234", 1, 0), ("pbx/a", "a", 0, 0), ("pbx/b", "b", 1, 1)]);
    assert!(lines.iter().all(|line| line.forward_features == 0));
}

#[test]
fn field_11_is_the_calls() {
    let on_phone = claim(ClaimKind::Telephone, Availability::Busy, Some(Activity::OnThePhone));
    let conference = claim(ClaimKind::AudioVideo, Availability::Busy, Some(Activity::InAConference));
    let after = claim(ClaimKind::Softphone, Availability::Busy, None);
    let rings = claim(ClaimKind::Telephone, Availability::Available, None);
    let rings = Claim { device: "4712".into(), is_ringing: true, ..rings };
    let calls = Known::claims([on_phone, conference, after, rings]).section(Flags::CALLS).calls.expect("calls");

    let shown: Vec<_> = calls.iter().map(|call| (call.connection_id.as_str(), call.state, call.action)).collect();
    let at = moment(0).millis();
    let [av, telephone, rings] =
        ["av:pbx/4711", "telephone:pbx/4711", "telephone:pbx/4712"].map(|id| format!("{id}@{at}"));
    assert_eq!(shown, [(&*av, CONFERENCED, 0), (&*telephone, CONNECTED, 0), (&*rings, OFFERING, 0)]);
}

#[test]
fn field_15_is_what_was_allowed_and_could_be() {
    let known = Known::of(Availability::Available);
    let subject = Subject { contact: RemoteContact::default(), presence: &known.presence, claims: &[], notes: &[] };
    let watcher = Watcher {
        calls_it: "x",
        level: Level::Personal,
        least: Level::Company,
        allowed: Some(Level::Team),
        sections: Flags::DYNAMIC_RIGHTS,
    };

    let range = fill(&subject, &watcher).dynamic_rights.expect("rights");

    assert_eq!(range.least.presence, Level::Company.rights());
    assert_eq!(range.most.presence, Level::Personal.rights());
    assert_eq!(range.current.map(|rights| rights.presence), Some(Level::Team.rights()));
}

#[test]
fn field_17_says_that_nobody_is_an_agent() {
    assert_eq!(Known::of(Availability::Busy).section(Flags::AGENT_STATE).agent_state, Some(AgentState { state: 0 }));
    assert!(!Flags::DEFAULT.has(Flags::AGENT_STATE | Flags::MONITOR_GROUPING), "only who asks for it is told");
}

#[test]
fn who_may_see_nothing_learns_nothing() {
    let mut known = Known::claims([by_hand(Availability::Busy)]);
    known.notes = vec![note(NoteKind::Personal, "secret")];

    let seen = known.seen(Level::Blocked, !Flags::NONE);

    assert_eq!(seen, hidden("sip:anna@x.org"), "as if there were no such contact");
    assert_eq!(members(&seen), ["iStaticRights"]);
}

#[test]
fn a_level_shows_its_sections_only() {
    let known = Known::of(Availability::Busy);
    let public = members(&known.seen(Level::Public, !Flags::NONE));
    let company = members(&known.seen(Level::Company, !Flags::NONE));

    for kept in ["seqCalls", "seqPhoneLines", "seqActualAppointments", "asnAgentState"] {
        assert!(!public.iter().any(|member| member == kept), "{kept}");
        assert!(company.iter().any(|member| member == kept), "{kept}");
    }
    assert!(!company.iter().any(|member| member == "asnCurrentUserDynamicRights"));
}
