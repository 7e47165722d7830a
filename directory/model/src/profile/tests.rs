use proptest::prelude::*;

use super::built_in::BuiltIn;
use super::calls::{
    CallChoices, CallSettings, Forwarding, OwnedSettings, PersonalSettings, Ring, plan, ringing_devices, settings_for,
};
use super::target::{NotApplied, Situation, again_at, check, decide};
use super::*;
use crate::id::CountedIds;

fn now() -> Timestamp {
    Timestamp::from_millis(1_795_339_800_000)
}

#[test]
fn the_eleven_profiles_are_those_of_the_table() {
    let told: Vec<String> = BuiltIn::ALL
        .into_iter()
        .map(|built_in| {
            let fields = built_in.profile().fields;
            let [free, in_call] = [false, true].map(|is_in_call| fields.status.colour(is_in_call));
            format!("{} | {} | {:?} | {free:?} | {in_call:?}", built_in.code(), fields.name, fields.availability())
        })
        .collect();

    assert_eq!(
        told,
        [
            "available | Available | Available | Available | Busy",
            "away | Away | Away | Away | Away",
            "comfort | Comfort | Away | Away | Away",
            "in_a_meeting | In a Meeting | DoNotDisturb | Away | Away",
            "in_the_office | In the Office | Available | Available | Busy",
            "lunch | Lunch | Away | Away | Away",
            "on_holiday | On Holiday | Away | Away | Away",
            "on_the_road | On the Road | Available | Available | Busy",
            "out_of_the_office | Out of the Office | Away | Away | Away",
            "working_from_home | Working from Home | Available | Available | Busy",
            "working_remotely | Working Remotely | Available | Available | Busy",
        ]
    );
    for built_in in BuiltIn::ALL {
        assert_eq!(built_in.code().parse(), Ok(ProfileName::BuiltIn(built_in)));
        assert_eq!(BuiltIn::labels_of(built_in.name()).len(), 1, "{built_in:?} has a German name");
    }
}

#[test]
fn each_profile_does_to_calls_what_the_table_says() {
    for built_in in BuiltIn::ALL {
        let profile = built_in.profile();
        let settings = settings_for(&profile, &CallChoices::default(), PresenceMode::Active).expect("settings");
        let is_unavailable = profile.fields.status == ProfileStatus::Unavailable;

        assert_eq!(settings, OwnedSettings { do_not_disturb: is_unavailable, ..OwnedSettings::default() });
        assert_eq!(settings_for(&profile, &CallChoices::default(), PresenceMode::Passive), None, "{built_in:?}");
    }
}

#[test]
fn a_profile_of_a_tenant_has_a_name_of_its_own() {
    let named = |name: &str| ProfileFields { name: name.to_owned(), ..ProfileFields::default() }.check();

    assert_eq!(named(" Site visit ").expect("valid").name, "Site visit");
    for taken in ["", "lunch", "LUNCH ", "In a Meeting"] {
        assert!(named(taken).is_err(), "{taken}");
    }
    let calls = CallChoices { forwarding: Some(to("nobody")), ..CallChoices::default() };
    let refused = ProfileFields { name: "Visit".into(), calls, ..ProfileFields::default() }.check();
    assert_eq!(
        refused.expect_err("a target").first().map(|it| it.field.clone()),
        Some("calls.forwarding.target".into())
    );
}

fn to(target: &str) -> Forwarding {
    Forwarding::To { target: target.to_owned() }
}

#[test]
fn numbers_and_devices_are_checked_where_they_are_entered() {
    let forwards = |target: &str| CallChoices { forwarding: Some(to(target)), ..CallChoices::default() }.check();
    for allowed in ["204", " +493012345600 ", "sip:anna@example.com"] {
        assert!(forwards(allowed).is_ok(), "{allowed}");
    }
    for refused in ["", "2", "+", "030 123", "anna", "sip:anna", "12345678901234567", "٣٤٥"] {
        assert!(forwards(refused).is_err(), "{refused}");
    }
    let device = |name: &str, seconds| Ring::Device { name: name.to_owned(), seconds };
    let rings = |rings: &[Ring]| CallChoices { rings: Some(rings.to_vec()), ..CallChoices::default() }.check();
    assert!(rings(&[device("Desk", 20), device("Mobile", 120)]).is_ok());
    assert!(rings(&[]).is_ok(), "all of them ring");
    for refused in [
        vec![device("", 20)],
        vec![device("Desk", 4)],
        vec![device("Desk", 121)],
        vec![device("Desk", 20), device("desk", 30)],
        vec![Ring::Number { target: "x".into(), seconds: 20 }],
        (0..11).map(|at| device(&at.to_string(), 20)).collect(),
    ] {
        assert!(rings(&refused).is_err(), "{refused:?}");
    }
}

fn situation(selected: BuiltIn) -> Situation {
    Situation {
        mode: PresenceMode::Active,
        selected: selected.profile(),
        choices: CallChoices::default(),
        meeting_choices: CallChoices::default(),
        is_in_meeting: false,
        follows_meetings: true,
        has_extension_lists: false,
        has_list: false,
        own_addresses: Vec::new(),
        was_managed: false,
    }
}

#[test]
fn a_meeting_drives_calls_of_whoever_is_available_and_the_profile_comes_back() {
    let quiet = |situation: &Situation| {
        let target = decide(situation);
        (target.profile.to_string(), target.is_meeting, target.settings.map(|settings| settings.do_not_disturb))
    };
    let office = situation(BuiltIn::InTheOffice);
    let meeting = Situation { is_in_meeting: true, ..office.clone() };

    assert_eq!(quiet(&office), ("in_the_office".into(), false, Some(false)));
    assert_eq!(quiet(&meeting), ("in_a_meeting".into(), true, Some(true)));
    let lunch = Situation { is_in_meeting: true, ..situation(BuiltIn::Lunch) };
    assert_eq!(quiet(&lunch), ("lunch".into(), false, Some(true)), "who is away stays away");
    let unwanted = Situation { follows_meetings: false, ..meeting.clone() };
    assert_eq!(quiet(&unwanted), ("in_the_office".into(), false, Some(false)));
    let passive = Situation { mode: PresenceMode::Passive, ..meeting.clone() };
    assert_eq!(quiet(&passive), ("in_the_office".into(), false, None));
    let chosen = CallChoices { forwarding: Some(to("204")), ..CallChoices::default() };
    let own = decide(&Situation { meeting_choices: chosen, ..meeting }).settings.expect("settings");
    assert_eq!(own.forwarding, to("204"), "what the user chose for meetings");
}

#[test]
fn where_profiles_become_passive_they_give_back_what_they_had_taken() {
    let passive = Situation { mode: PresenceMode::Passive, was_managed: true, ..situation(BuiltIn::Lunch) };

    let target = decide(&passive);

    assert_eq!((target.settings, target.is_managed), (Some(OwnedSettings::default()), false));
    assert_eq!(decide(&Situation { was_managed: false, ..passive }).settings, None);
}

#[test]
fn a_list_of_devices_is_made_when_somebody_chooses_them_and_follows_from_then_on() {
    let device = Ring::Device { name: "Desk".into(), seconds: 20 };
    let number = Ring::Number { target: "204".into(), seconds: 20 };
    let choices =
        CallChoices { rings: Some(vec![device, number]), forwarding: Some(to("205")), ..CallChoices::default() };
    let listed = |enabled, chosen: &CallChoices, has_list| {
        let it = situation(BuiltIn::Available);
        decide(&Situation { has_extension_lists: enabled, choices: chosen.clone(), has_list, ..it }).list
    };
    let nothing = CallChoices::default();

    assert_eq!(listed(true, &choices, false), Some(vec!["Desk".into()]), "forwards and numbers are left out");
    assert_eq!(listed(true, &nothing, false), None, "nobody chose devices yet");
    assert_eq!(listed(true, &nothing, true), Some(Vec::new()), "all devices ring again");
    assert_eq!(listed(false, &choices, true), None, "off by default");
}

#[test]
fn calls_that_would_come_back_are_refused_however_the_number_is_written() {
    let own = ["+49 (30) 123-456".to_owned(), "sip:Anna@Example.com".to_owned()];
    let forwards = |target: &str| check(&OwnedSettings { forwarding: to(target), ..OwnedSettings::default() }, &own);
    assert_eq!(forwards("+4930123456"), Err(NotApplied::ForwardsToItself));
    assert_eq!(forwards("sip:anna@example.com"), Err(NotApplied::ForwardsToItself));
    assert_eq!(forwards("+4930123457"), Ok(()));
    let rings = vec![Ring::Number { target: "+4930123456".into(), seconds: 20 }];
    assert!(check(&OwnedSettings { rings, ..OwnedSettings::default() }, &own).is_err());
}

#[test]
fn tries_are_further_and_further_apart() {
    let waits = [1, 2, 3, 8, 9, 10, u32::MAX].map(|attempts| again_at(attempts, now()).since(now()).as_secs());

    assert_eq!(waits, [1, 2, 4, 128, 256, 300, 300]);
}

#[test]
fn a_claim_names_its_profile() {
    let contact = ContactId::new(&CountedIds::default());
    let lunch = BuiltIn::Lunch.profile().claim(contact, now());
    let default = BuiltIn::Available.profile().claim(contact, now());

    assert_eq!(
        (lunch.kind, lunch.device.as_str(), lunch.custom.as_deref()),
        (ClaimKind::Profile, "lunch", Some("Lunch"))
    );
    assert_eq!((default.availability, default.custom, default.expires_at), (Availability::Available, None, None));
    assert!(!lunch.is_fixed() && fixed_claim(contact, now()).is_fixed());
}

fn rings() -> impl Strategy<Value = Vec<Ring>> {
    let ring = ("[A-C]", 5_u16..120, any::<bool>()).prop_map(|(name, seconds, is_device)| {
        let target = "204".to_owned();
        if is_device { Ring::Device { name, seconds } } else { Ring::Number { target, seconds } }
    });
    prop::collection::vec(ring, 0..4)
}

fn forwarding() -> impl Strategy<Value = Forwarding> {
    prop_oneof![Just(Forwarding::Off), "[0-9]{3}".prop_map(|target| Forwarding::To { target })]
}

prop_compose! {
    fn settings()(do_not_disturb in any::<bool>(), forwarding in forwarding(), rings in rings(), busy in any::<bool>()) -> CallSettings {
        let forward_on_busy = busy.then(|| "300".to_owned());
        let personal = PersonalSettings { forward_on_busy, ..PersonalSettings::default() };
        CallSettings { owned: OwnedSettings { do_not_disturb, forwarding, rings }, personal }
    }
}

prop_compose! {
    fn choices()(
        do_not_disturb in prop::option::of(any::<bool>()),
        forwarding in prop::option::of(forwarding()),
        rings in prop::option::of(rings()),
    ) -> CallChoices {
        CallChoices { do_not_disturb, forwarding, rings }
    }
}

proptest! {
    #[test]
    fn what_is_planned_is_wanted_is_done_once_and_touches_nothing_else(
        before in settings(),
        chosen in choices(),
        built_in in prop::sample::select(BuiltIn::ALL.to_vec()),
    ) {
        let wanted = settings_for(&built_in.profile(), &chosen, PresenceMode::Active).expect("active");
        let mut after = before.clone();
        after.apply(plan(&before, &wanted));

        prop_assert_eq!(&after.owned, &wanted);
        prop_assert_eq!(after.personal.clone(), before.personal.clone());
        prop_assert!(plan(&after, &wanted).is_empty());
        prop_assert!(plan(&before, &before.owned).is_empty());
        if let Some(is_on) = chosen.do_not_disturb {
            prop_assert_eq!(wanted.do_not_disturb, is_on);
        }
        let devices = ringing_devices(&wanted);
        prop_assert!(devices.len() <= wanted.rings.len());
    }

    #[test]
    fn whatever_happened_meanwhile_the_last_selection_decides(
        before in settings(),
        steps in prop::collection::vec((prop::sample::select(BuiltIn::ALL.to_vec()), any::<bool>()), 1..6),
    ) {
        let mut at_each_step = before.clone();
        let mut last = None;
        for (selected, is_in_meeting) in steps {
            let target = decide(&Situation { is_in_meeting, ..situation(selected) });
            let wanted = target.settings.expect("active");
            at_each_step.apply(plan(&at_each_step, &wanted));
            last = Some(wanted);
        }
        let mut at_the_end = before.clone();
        let last = last.expect("a step");
        at_the_end.apply(plan(&before, &last));

        prop_assert_eq!(at_each_step, at_the_end);
    }

    #[test]
    fn names_are_read_as_they_are_written(text in "[a-z_0-9A-Z]{0,30}") {
        if let Ok(name) = text.parse::<ProfileName>() {
            prop_assert_eq!(name.to_string().parse::<ProfileName>(), Ok(name));
        }
    }
}
