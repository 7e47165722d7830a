use directory_model::id::{ContactId, CountedIds};
use directory_model::opening::Interval;
use directory_model::profile::built_in::BuiltIn;
use proptest::prelude::*;

use super::*;

static RULES: std::sync::LazyLock<PresenceRules> = std::sync::LazyLock::new(PresenceRules::default);

fn now() -> Timestamp {
    // A Monday, 10:30 in Berlin.
    "2026-11-23T09:30:00Z".parse().expect("a moment")
}

fn in_minutes(minutes: u64) -> Timestamp {
    now().plus(Duration::from_mins(minutes))
}

fn claim(kind: ClaimKind, availability: Availability, minutes: Option<u64>) -> Claim {
    Claim {
        contact: ContactId::new(&CountedIds::default()),
        kind,
        source: "source".into(),
        device: String::new(),
        version: 1,
        availability,
        activity: None,
        is_out_of_office: false,
        is_tentative: false,
        is_ringing: false,
        is_repeated: false,
        custom: None,
        since: now(),
        heard_at: now(),
        expires_at: minutes.map(in_minutes),
    }
}

fn workday() -> OpeningHours {
    let day = vec![Interval { from: 9 * 60, to: 17 * 60 }];
    OpeningHours { time_zone: "Europe/Berlin".into(), weekly: vec![day; 7], holidays: Vec::new() }
}

const PERSON: ContactRules = ContactRules {
    is_service: false,
    is_disabled: false,
    can_be_contacted_on_busy: false,
    is_reachable_when_unavailable: false,
};
const PERSON_ON_BUSY: ContactRules = ContactRules { can_be_contacted_on_busy: true, ..PERSON };
const SERVICE: ContactRules = ContactRules { is_service: true, ..PERSON };

fn facts<'a>(contact: ContactRules, claims: &'a [Claim], modalities: &'a BTreeSet<Modality>) -> Facts<'a> {
    Facts {
        contact,
        claims,
        rules: &RULES,
        staff: Staff::None,
        is_reachable_when_away: true,
        tenant_modalities: modalities,
        publication_modalities: None,
        hours: None,
    }
}

fn all() -> BTreeSet<Modality> {
    Modality::ALL.into_iter().collect()
}

#[test]
fn a_profile_that_is_unavailable_stops_visitors_unless_the_home_site_says_otherwise() {
    let all = Modality::ALL.into_iter().collect();
    let contact = ContactId::new(&CountedIds::default());
    let open = ContactRules { is_reachable_when_unavailable: true, ..PERSON };
    for (profile, reason) in [
        (BuiltIn::Lunch, Some(Reason::Away)),
        (BuiltIn::InAMeeting, Some(Reason::DoNotDisturb)),
        (BuiltIn::OutOfTheOffice, Some(Reason::Away)),
        (BuiltIn::OnTheRoad, None),
    ] {
        let claims = [profile.profile().claim(contact, now())];
        let asked = |rules| admit(&facts(rules, &claims, &all), Modality::Chat, now()).reason;
        assert_eq!((asked(PERSON), asked(open)), (reason, None), "{profile:?}");
    }
    // What is said by hand is no profile.
    let word = [claim(ClaimKind::Manual, Availability::DoNotDisturb, None)];
    assert_eq!(admit(&facts(open, &word, &all), Modality::Chat, now()).reason, Some(Reason::DoNotDisturb));
}

#[test]
fn the_busy_truth_table_holds_for_every_modality() {
    use Availability::{Available, Away, BeRightBack, Busy, DoNotDisturb, Inactive, Offline, Unknown};
    let all = all();
    for (availability, plain, on_busy) in [
        (Available, None, None),
        (Inactive, None, None),
        (Busy, Some(Reason::Busy), None),
        (DoNotDisturb, Some(Reason::DoNotDisturb), Some(Reason::DoNotDisturb)),
        (BeRightBack, None, None),
        (Away, None, None),
        (Offline, Some(Reason::Offline), Some(Reason::Offline)),
        (Unknown, Some(Reason::Unknown), Some(Reason::Unknown)),
    ] {
        let claims = [claim(ClaimKind::Computer, availability, Some(60))];
        for (contact, reason) in [(PERSON, plain), (PERSON_ON_BUSY, on_busy)] {
            for modality in Modality::ALL {
                let admission = admit(&facts(contact, &claims, &all), modality, now());
                assert_eq!((admission.is_allowed, admission.reason), (reason.is_none(), reason), "{availability:?}");
                assert_eq!(admission.valid_until, Some(in_minutes(60)));
            }
        }
    }
}

#[test]
fn busy_by_a_calendar_or_a_call_is_busy() {
    let all = all();
    for kind in [ClaimKind::Calendar, ClaimKind::Telephone] {
        let claims =
            [claim(ClaimKind::Computer, Availability::Available, Some(60)), claim(kind, Availability::Busy, Some(30))];

        assert_eq!(admit(&facts(PERSON, &claims, &all), Modality::Audio, now()).reason, Some(Reason::Busy));
        assert!(admit(&facts(PERSON_ON_BUSY, &claims, &all), Modality::Audio, now()).is_allowed);
    }
}

#[test]
fn the_tenant_decides_whether_away_may_be_contacted() {
    let all = all();
    for availability in [Availability::Away, Availability::BeRightBack] {
        let claims = [claim(ClaimKind::Computer, availability, Some(60))];
        let facts = Facts { is_reachable_when_away: false, ..facts(PERSON, &claims, &all) };

        assert_eq!(admit(&facts, Modality::Chat, now()).reason, Some(Reason::Away));
    }
}

#[test]
fn a_modality_must_be_offered_by_tenant_and_publication() {
    let claims = [claim(ClaimKind::Computer, Availability::Available, Some(60))];
    let tenant = BTreeSet::from([Modality::Chat, Modality::Mail]);
    let publication = BTreeSet::from([Modality::Chat, Modality::Phone]);
    let facts = Facts { publication_modalities: Some(&publication), ..facts(PERSON, &claims, &tenant) };

    let allowed = Modality::ALL.map(|modality| admit(&facts, modality, now()).is_allowed);

    assert_eq!(allowed, [true, false, false, false, false]);
    assert_eq!(admit(&facts, Modality::Mail, now()).reason, Some(Reason::NotOffered));
}

#[test]
fn a_disabled_contact_is_never_reachable() {
    let all = all();
    let claims = [claim(ClaimKind::Computer, Availability::Available, Some(60))];
    let facts = facts(ContactRules { is_disabled: true, ..PERSON }, &claims, &all);

    let admission = admit(&facts, Modality::Chat, now());

    assert_eq!((admission.reason, admission.next_reachable), (Some(Reason::Disabled), None));
}

#[test]
fn closing_time_ends_the_answer_and_the_next_opening_is_known() {
    let all = all();
    let hours = workday();
    let claims = [claim(ClaimKind::Manual, Availability::Available, None)];
    let facts = Facts { hours: Some(&hours), ..facts(PERSON, &claims, &all) };
    let closing: Timestamp = "2026-11-23T16:00:00Z".parse().expect("a moment");
    let opening: Timestamp = "2026-11-24T08:00:00Z".parse().expect("a moment");

    let open = admit(&facts, Modality::Chat, now());
    let closed = admit(&facts, Modality::Chat, closing);

    assert_eq!((open.is_allowed, open.valid_until, open.next_reachable), (true, Some(closing), None));
    assert_eq!((closed.reason, closed.valid_until), (Some(Reason::Closed), Some(opening)));
    assert_eq!(closed.next_reachable, Some(opening));
}

#[test]
fn the_end_of_a_meeting_is_when_somebody_is_reachable_next() {
    let all = all();
    let hours = workday();
    let meeting = claim(ClaimKind::Calendar, Availability::Busy, Some(30));
    let long_meeting = claim(ClaimKind::Calendar, Availability::Busy, Some(10 * 60));
    let device = claim(ClaimKind::Computer, Availability::Available, Some(1));
    let gone = claim(ClaimKind::Computer, Availability::Offline, Some(1));
    for (claims, next) in [
        (vec![device.clone(), meeting.clone()], Some(in_minutes(30))),
        // After closing time: the next morning.
        (vec![device, long_meeting], "2026-11-24T08:00:00Z".parse().ok()),
        // Nobody knows when a device comes back.
        (vec![gone, meeting], None),
        (vec![], None),
    ] {
        let facts = Facts { hours: Some(&hours), ..facts(PERSON, &claims, &all) };

        assert_eq!(admit(&facts, Modality::Chat, now()).next_reachable, next, "{claims:?}");
    }
}

#[test]
fn a_service_is_what_it_claims_else_what_its_staff_is_else_there() {
    use Availability::{Available, Away, Busy, Inactive, Offline, Unknown};
    let all = all();
    let busy = [claim(ClaimKind::Platform, Busy, Some(60))];
    let expired = [claim(ClaimKind::Platform, Busy, Some(0))];
    let (here, idle) =
        ([claim(ClaimKind::Computer, Available, Some(60))], [claim(ClaimKind::Computer, Inactive, Some(60))]);
    let away = [claim(ClaimKind::Computer, Away, Some(60))];
    let none: &[Claim] = &[];
    for (own, staff, shown, reason) in [
        (none, None, Available, None),
        (&expired[..], None, Available, None),
        (&busy[..], None, Busy, Some(Reason::Busy)),
        (&busy[..], Some(vec![&here[..]]), Busy, Some(Reason::Busy)),
        (none, Some(vec![&busy[..], &here[..]]), Available, None),
        (none, Some(vec![&away[..], &idle[..]]), Available, None),
        (none, Some(vec![&busy[..], &busy[..]]), Busy, Some(Reason::Busy)),
        (none, Some(vec![&busy[..], &away[..]]), Busy, Some(Reason::Busy)),
        (&expired[..], Some(vec![&away[..]]), Away, None),
        (none, Some(vec![none]), Unknown, Some(Reason::Unknown)),
        (none, Some(vec![]), Offline, Some(Reason::Nobody)),
        (&expired[..], Some(vec![]), Offline, Some(Reason::Nobody)),
    ] {
        let staff = staff.unwrap_or_else(|| vec![&[]; 99]);
        let staff = if staff.len() == 99 { Staff::None } else { Staff::Persons(&staff) };
        let facts = Facts { staff, ..facts(SERVICE, own, &all) };

        assert_eq!(presence_of(&facts, now()).availability, shown, "{own:?} {:?}", facts.staff);
        assert_eq!(admit(&facts, Modality::Chat, now()).reason, reason, "{own:?} {:?}", facts.staff);
    }
}

#[test]
fn a_service_is_closed_when_its_publication_is() {
    let all = all();
    let hours = workday();
    let facts = Facts { hours: Some(&hours), ..facts(SERVICE, &[], &all) };

    assert!(admit(&facts, Modality::Chat, now()).is_allowed);
    assert_eq!(admit(&facts, Modality::Chat, in_minutes(12 * 60)).reason, Some(Reason::Closed));
}

proptest! {
    #[test]
    fn an_answer_holds_as_long_as_it_says(
        own in crate::merge::tests::claims(),
        staff in proptest::collection::vec(crate::merge::tests::claims(), 0..3),
        (is_service, is_staffed, is_disabled, on_busy, when_away) in any::<(bool, bool, bool, bool, bool)>(),
        (has_hours, start_minutes, part) in (any::<bool>(), 0_u64..3_000, 0.0..1.0_f64),
    ) {
        let all = all();
        let hours = workday();
        let staff: Vec<&[Claim]> = staff.iter().map(Vec::as_slice).collect();
        let facts = Facts {
            contact: ContactRules { is_service, is_disabled, can_be_contacted_on_busy: on_busy, ..PERSON },
            rules: &RULES,
            claims: &own,
            staff: if is_staffed { Staff::Persons(&staff) } else { Staff::None },
            is_reachable_when_away: when_away,
            tenant_modalities: &all,
            publication_modalities: None,
            hours: has_hours.then_some(&hours),
        };
        // The claims of the generator begin and end within seconds of this moment.
        let start = Timestamp::from_millis(1_795_339_800_000 + i64::try_from(start_minutes % 7).unwrap_or(0) * 1_000);

        let first = admit(&facts, Modality::Chat, start);
        let span = first.valid_until.map_or(Duration::from_hours(48), |end| end.since(start));
        let later = start.plus(span.mul_f64(part));

        if first.valid_until.is_none_or(|end| later < end) {
            let second = admit(&facts, Modality::Chat, later);
            prop_assert_eq!(second.is_allowed, first.is_allowed);
            prop_assert_eq!(second.reason, first.reason);
            prop_assert_eq!(second.valid_until, first.valid_until);
        }
        prop_assert!(first.valid_until.is_none_or(|end| end > start));
        prop_assert!(first.next_reachable.is_none_or(|next| next > start && !first.is_allowed));
    }
}
