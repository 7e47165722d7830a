use std::time::Duration;

use directory_model::id::{ContactId, CountedIds};
use directory_model::presence::Activity;
use directory_model::profile::NO_CLIENT;
use directory_model::profile::built_in::BuiltIn;
use directory_model::profile::fixed_claim;
use proptest::prelude::*;

use super::*;

const NOW: i64 = 1_795_339_800_000;

fn now() -> Timestamp {
    Timestamp::from_millis(NOW)
}

fn claim(kind: ClaimKind, availability: Availability) -> Claim {
    Claim {
        contact: ContactId::new(&CountedIds::default()),
        kind,
        source: format!("{kind:?}"),
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
        expires_at: (kind != ClaimKind::Manual).then(|| now().plus(Duration::from_mins(1))),
    }
}

fn rules() -> PresenceRules {
    PresenceRules::default()
}

fn merged(claims: &[(ClaimKind, Availability)]) -> (Availability, Rule) {
    let claims: Vec<Claim> = claims.iter().map(|(kind, availability)| claim(*kind, *availability)).collect();
    let current: Vec<&Claim> = claims.iter().collect();
    (merge(&claims, &rules(), now()).availability, decide(&current, &rules()).rule)
}

#[test]
fn each_rule_decides_where_it_should() {
    use Availability::{Available, Away, Busy, DoNotDisturb, Inactive, Offline, Unknown};
    use ClaimKind::{AudioVideo, Bluetooth, Calendar, Computer, Manual, Mobile, Platform, Softphone, Telephone};
    for (claims, expected) in [
        (&[][..], (Unknown, Rule::NothingKnown)),
        (&[(Computer, Available)], (Available, Rule::BestDevice)),
        (&[(Computer, Away), (Mobile, Inactive), (Bluetooth, Offline)], (Inactive, Rule::BestDevice)),
        (&[(Computer, Offline), (Platform, Available)], (Available, Rule::BestDevice)),
        // A call counts only if the merge without it is free.
        (&[(Computer, Available), (Telephone, Busy)], (Busy, Rule::Call)),
        (&[(Computer, Inactive), (Softphone, Busy)], (Busy, Rule::Call)),
        (&[(Computer, Away), (Telephone, Busy)], (Away, Rule::BestDevice)),
        (&[(Computer, Available), (AudioVideo, DoNotDisturb)], (DoNotDisturb, Rule::Call)),
        (&[(Computer, Available), (Calendar, Busy), (Telephone, Busy)], (Busy, Rule::Calendar)),
        // A meeting goes over free, and over nothing else.
        (&[(Computer, Available), (Calendar, Busy)], (Busy, Rule::Calendar)),
        (&[(Computer, Offline), (Calendar, Busy)], (Offline, Rule::BestDevice)),
        (&[(Calendar, Busy)], (Busy, Rule::Calendar)),
        (&[(Calendar, Available)], (Unknown, Rule::NothingKnown)),
        (&[(Computer, Available), (Calendar, Away)], (Available, Rule::BestDevice)),
        // The own word outlives everything that is not more than it.
        (&[(Manual, Away), (Computer, Available)], (Away, Rule::OwnWord)),
        (&[(Manual, DoNotDisturb), (Calendar, Busy), (Telephone, Busy)], (DoNotDisturb, Rule::OwnWord)),
        (&[(Manual, Available), (Computer, Offline)], (Available, Rule::OwnWord)),
        (&[(Manual, Available), (Calendar, Busy)], (Busy, Rule::Calendar)),
        (&[(Manual, Available), (Platform, DoNotDisturb)], (Available, Rule::OwnWord)),
        (&[(Manual, Unknown), (Computer, Available)], (Available, Rule::BestDevice)),
        // A platform knows more than a device that is merely there.
        (&[(Computer, Available), (Platform, DoNotDisturb)], (DoNotDisturb, Rule::Platform)),
        // With telephones only, they speak for the person.
        (&[(Telephone, Available)], (Available, Rule::IdleTelephone)),
        (&[(Telephone, Available), (Softphone, Busy)], (Busy, Rule::Call)),
        (&[(Telephone, Busy)], (Busy, Rule::Call)),
    ] {
        assert_eq!(merged(claims), expected, "{claims:?}");
    }
}

#[test]
fn the_own_word_returns_after_a_meeting() {
    let own = claim(ClaimKind::Manual, Availability::Available);
    let meeting = Claim {
        activity: Some(Activity::InAMeeting),
        expires_at: Some(now().plus(Duration::from_hours(1))),
        ..claim(ClaimKind::Calendar, Availability::Busy)
    };
    let claims = [own, meeting];

    let during = merge(&claims, &rules(), now());
    let after = merge(&claims, &rules(), now().plus(Duration::from_hours(1)));

    assert_eq!((during.availability, during.activity), (Availability::Busy, Some(Activity::InAMeeting)));
    assert_eq!(during.valid_until, Some(now().plus(Duration::from_hours(1))));
    assert_eq!((after.availability, after.decided_by), (Availability::Available, Some(ClaimKind::Manual)));
    assert_eq!(after.valid_until, None);
}

#[test]
fn the_newest_own_word_counts_and_brings_its_text() {
    let older = claim(ClaimKind::Manual, Availability::Available);
    let newer = Claim {
        source: "b".into(),
        custom: Some("Coffee break".into()),
        since: now().plus(Duration::from_secs(1)),
        ..claim(ClaimKind::Manual, Availability::Away)
    };

    let presence = merge(&[older, newer], &rules(), now());

    assert_eq!((presence.availability, presence.custom.as_deref()), (Availability::Away, Some("Coffee break")));
}

#[test]
fn out_of_office_is_said_by_any_claim_that_has_not_expired() {
    let free = claim(ClaimKind::Computer, Availability::Available);
    let away = Claim { is_out_of_office: true, ..claim(ClaimKind::Calendar, Availability::Available) };
    let claims = [free, away];

    assert!(merge(&claims, &rules(), now()).is_out_of_office);
    assert!(!merge(&claims, &rules(), now().plus(Duration::from_mins(1))).is_out_of_office);
}

/// Rules that differ from the default in `change`.
fn ruled(change: impl FnOnce(&mut PresenceRules)) -> PresenceRules {
    let mut rules = PresenceRules::default();
    change(&mut rules);
    rules
}

#[test]
fn the_tenants_rules_decide_what_counts() {
    use Availability::{Available, Away, Busy, DoNotDisturb, Unknown};
    use ClaimKind::{Calendar, Computer, Manual, Platform, Telephone};
    let by = |rules: &PresenceRules, claims: &[(ClaimKind, Availability)]| {
        let claims: Vec<Claim> = claims.iter().map(|(kind, availability)| claim(*kind, *availability)).collect();
        let current = Current::new(&claims, rules, now());
        (current.decide().availability, current.decide().rule)
    };
    let meeting_and_call = [(Computer, Available), (Calendar, Busy), (Telephone, DoNotDisturb)];

    assert_eq!(by(&rules(), &meeting_and_call), (Busy, Rule::Calendar));
    let call_first = ruled(|rules| rules.precedence = vec![Layer::Call, Layer::Calendar, Layer::Platform]);
    assert_eq!(by(&call_first, &meeting_and_call), (DoNotDisturb, Rule::Call));
    let without_calendar = ruled(|rules| rules.ignored_kinds = [Calendar].into());
    assert_eq!(by(&without_calendar, &meeting_and_call), (DoNotDisturb, Rule::Call));
    let quiet = ruled(|rules| rules.calls = CallRule::DoNotDisturb);
    assert_eq!(by(&quiet, &[(Computer, Available), (Telephone, Busy)]), (DoNotDisturb, Rule::Call));
    let no_calls = ruled(|rules| rules.calls = CallRule::Ignored);
    assert_eq!(by(&no_calls, &[(Computer, Available), (Telephone, Busy)]), (Available, Rule::BestDevice));
    assert_eq!(by(&no_calls, &[(Telephone, Busy)]), (Available, Rule::IdleTelephone));
    let own_word_first = ruled(|rules| rules.manual_yields_to.clear());
    assert_eq!(by(&own_word_first, &[(Manual, Available), (Calendar, Busy)]), (Available, Rule::OwnWord));
    let to_platform = ruled(|rules| rules.manual_yields_to = [Layer::Platform].into());
    assert_eq!(by(&to_platform, &[(Manual, Available), (Platform, DoNotDisturb)]), (DoNotDisturb, Rule::Platform));
    assert_eq!(by(&to_platform, &[(Manual, Away), (Platform, DoNotDisturb)]), (Away, Rule::OwnWord));
    let no_own_word = ruled(|rules| rules.ignored_kinds = [Manual].into());
    assert_eq!(by(&no_own_word, &[(Manual, Available)]), (Unknown, Rule::NothingKnown));
}

#[test]
fn a_tentative_appointment_counts_where_the_rules_say_so() {
    let claims = [
        claim(ClaimKind::Computer, Availability::Available),
        Claim { is_tentative: true, ..claim(ClaimKind::Calendar, Availability::Busy) },
    ];

    assert_eq!(merge(&claims, &rules(), now()).availability, Availability::Available);
    let counted = ruled(|rules| rules.is_tentative_busy = true);
    assert_eq!(merge(&claims, &counted, now()).availability, Availability::Busy);
}

/// A claim that its source should repeat and that ended a minute ago.
fn silent(kind: ClaimKind, availability: Availability) -> Claim {
    let end = now().minus(Duration::from_mins(1));
    Claim { is_repeated: true, expires_at: Some(end), since: end, heard_at: end, ..claim(kind, availability) }
}

#[test]
fn silence_never_makes_anybody_more_available() {
    use Availability::{Available, Away, Busy, Unknown};
    use ClaimKind::{Computer, Manual, Mobile, Telephone};
    for (claims, expected) in [
        // The line is dead in the middle of a call.
        (vec![claim(Computer, Available), silent(Telephone, Busy)], (Unknown, Rule::Silence)),
        // A telephone does not stand in for a computer that was locked.
        (vec![claim(Telephone, Available), silent(Computer, Away)], (Unknown, Rule::Silence)),
        // What is worse than the last word needs no caution.
        (vec![claim(Mobile, Away), silent(Computer, Available)], (Away, Rule::BestDevice)),
        // The best of several devices was and is the mobile.
        (vec![claim(Mobile, Available), silent(Computer, Away)], (Available, Rule::BestDevice)),
        (vec![silent(Computer, Available)], (Unknown, Rule::NothingKnown)),
        // Whoever speaks after the silence began knows better.
        (vec![claim(Manual, Available), silent(Telephone, Busy)], (Available, Rule::OwnWord)),
    ] {
        let (all, table) = (&claims, rules());
        let current = Current::new(all, &table, now());
        assert_eq!((current.decide().availability, current.decide().rule), expected, "{claims:?}");
    }
}

fn profile(built_in: BuiltIn) -> Claim {
    built_in.profile().claim(ContactId::new(&CountedIds::default()), now())
}

fn without_client() -> Claim {
    fixed_claim(ContactId::new(&CountedIds::default()), now())
}

#[test]
fn a_profile_is_an_own_word_that_gives_way_to_what_is_said_by_hand() {
    use Availability::{Available, Away, Busy, DoNotDisturb};
    use ClaimKind::{Calendar, Computer, Manual, Telephone};
    let (lunch, office) = (profile(BuiltIn::Lunch), profile(BuiltIn::InTheOffice));
    for (claims, expected) in [
        (vec![lunch.clone()], (Away, Rule::Profile)),
        (vec![lunch.clone(), claim(Computer, Available)], (Away, Rule::Profile)),
        (vec![lunch.clone(), claim(Telephone, Busy)], (Away, Rule::Profile)),
        (vec![lunch.clone(), claim(Calendar, Busy)], (Away, Rule::Profile)),
        (vec![office.clone(), claim(Computer, Away)], (Available, Rule::Profile)),
        (vec![office.clone(), claim(Telephone, Busy)], (Busy, Rule::Call)),
        (vec![office.clone(), claim(Calendar, Busy)], (Busy, Rule::Calendar)),
        (vec![profile(BuiltIn::InAMeeting)], (DoNotDisturb, Rule::Profile)),
        // What is taken back by hand brings the profile back.
        (vec![lunch.clone(), claim(Manual, Available)], (Available, Rule::OwnWord)),
        (vec![office, claim(Manual, Busy)], (Busy, Rule::OwnWord)),
    ] {
        let current = Current::new(&claims, &RULES_BY_DEFAULT, now());
        assert_eq!((current.decide().availability, current.decide().rule), expected, "{claims:?}");
    }
    assert_eq!(merge(&[lunch], &rules(), now()).custom.as_deref(), Some("Lunch"));
}

#[test]
fn whoever_may_use_no_client_is_available_until_a_call_says_otherwise() {
    use Availability::{Available, Away, Busy};
    use ClaimKind::{Calendar, Computer, Manual, Telephone};
    let fixed = without_client;
    for (claims, expected) in [
        (vec![fixed()], (Available, Rule::FixedProfile)),
        (vec![fixed(), claim(Telephone, Available)], (Available, Rule::FixedProfile)),
        (vec![fixed(), claim(Telephone, Busy)], (Busy, Rule::Call)),
        (vec![fixed(), claim(Calendar, Busy)], (Available, Rule::FixedProfile)),
        // Whoever has a device after all is what the device says.
        (vec![fixed(), claim(Computer, Away)], (Away, Rule::BestDevice)),
        (vec![fixed(), claim(Manual, Away)], (Away, Rule::OwnWord)),
    ] {
        let current = Current::new(&claims, &RULES_BY_DEFAULT, now());
        assert_eq!((current.decide().availability, current.decide().rule), expected, "{claims:?}");
    }
}

static RULES_BY_DEFAULT: std::sync::LazyLock<PresenceRules> = std::sync::LazyLock::new(PresenceRules::default);

const KINDS: [ClaimKind; 10] = [
    ClaimKind::Manual,
    ClaimKind::Telephone,
    ClaimKind::Calendar,
    ClaimKind::AudioVideo,
    ClaimKind::Softphone,
    ClaimKind::Bluetooth,
    ClaimKind::Computer,
    ClaimKind::Mobile,
    ClaimKind::Platform,
    ClaimKind::Profile,
];

/// Claims of one contact: at most one for each slot, as the book holds them.
pub(crate) fn claims() -> impl Strategy<Value = Vec<Claim>> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let one = (0..KINDS.len(), 0..2_u8, 0..8_usize, -3..3_i64, -2..6_i64, flags, -3..9_i64);
    proptest::collection::vec(one, 0..8).prop_map(|parts| {
        let mut claims: Vec<Claim> = Vec::new();
        for (kind, device, availability, since, end, (is_out, is_tentative, is_repeated), heard) in parts {
            let kind = KINDS[kind];
            let claim = Claim {
                source: if kind == ClaimKind::Profile && device == 1 { NO_CLIENT.into() } else { format!("{kind:?}") },
                device: device.to_string(),
                is_out_of_office: is_out,
                is_tentative: is_tentative && kind == ClaimKind::Calendar,
                is_ringing: false,
                is_repeated: is_repeated && !matches!(kind, ClaimKind::Manual | ClaimKind::Calendar),
                since: Timestamp::from_millis(NOW + since * 1_000),
                heard_at: Timestamp::from_millis(NOW + heard * 1_000),
                expires_at: (kind != ClaimKind::Manual || end < 3).then(|| Timestamp::from_millis(NOW + end * 1_000)),
                ..claim(kind, Availability::ALL[availability])
            };
            if claims.iter().all(|known| known.slot() != claim.slot()) {
                claims.push(claim);
            }
        }
        claims
    })
}

/// Rules of all sorts.
pub(crate) fn rule_tables() -> impl Strategy<Value = PresenceRules> {
    let layers = proptest::sample::subsequence(Layer::ALL.to_vec(), 0..=3);
    let order = Just(Layer::ALL.to_vec()).prop_shuffle();
    let kinds = proptest::sample::subsequence(KINDS.to_vec(), 0..=2);
    let calls = proptest::sample::select(vec![CallRule::AsSaid, CallRule::DoNotDisturb, CallRule::Ignored]);
    (kinds, order, any::<bool>(), calls, layers, 0..3_u32).prop_map(
        |(kinds, precedence, is_tentative_busy, calls, layers, silence_minutes)| PresenceRules {
            ignored_kinds: kinds.into_iter().collect(),
            precedence,
            is_tentative_busy,
            calls,
            manual_yields_to: layers.into_iter().collect(),
            silence_minutes,
            ..PresenceRules::default()
        },
    )
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(NOW + millis)
}

/// The best that any claim says that is held at `then`.
fn best_said(claims: &[Claim], rules: &PresenceRules, then: Timestamp) -> Availability {
    let live = claims.iter().filter(|claim| standing(claim, rules, then) == Standing::Live);
    live.map(|claim| claim.availability).min().unwrap_or(Availability::Unknown)
}

proptest! {
    #[test]
    fn the_order_of_claims_is_without_influence(claims in claims(), rules in rule_tables(), seed in any::<u64>()) {
        let mut shuffled = claims.clone();
        shuffled.sort_by_key(|claim| (claim.since.millis().cast_unsigned() ^ seed).wrapping_mul(seed | 1) ^ claim.slot().0 as u64);

        prop_assert_eq!(merge(&claims, &rules, now()), merge(&shuffled, &rules, now()));
        shuffled.reverse();
        prop_assert_eq!(merge(&claims, &rules, now()), merge(&shuffled, &rules, now()));
    }

    #[test]
    fn what_is_said_twice_counts_once(claims in claims(), rules in rule_tables()) {
        let twice: Vec<Claim> = claims.iter().chain(&claims).cloned().collect();

        prop_assert_eq!(merge(&claims, &rules, now()), merge(&twice, &rules, now()));
    }

    #[test]
    fn a_presence_holds_as_long_as_it_says(claims in claims(), rules in rule_tables(), later in 0..200_000_i64) {
        let presence = merge(&claims, &rules, now());

        if presence.valid_until.is_none_or(|end| at(later) < end) {
            prop_assert_eq!(merge(&claims, &rules, at(later)), presence);
        }
    }

    #[test]
    fn nobody_is_more_available_than_the_claims_that_are_left_say(
        claims in claims(), rules in rule_tables(), later in 0..200_000_i64,
    ) {
        // Where calls change nothing, a telephone in a call is as good as one that is not.
        prop_assume!(rules.calls != CallRule::Ignored);

        let presence = merge(&claims, &rules, at(later));

        prop_assert!(presence.availability >= best_said(&claims, &rules, at(later)));
    }

    #[test]
    fn no_silence_makes_anybody_more_available(
        claims in claims(), rules in rule_tables(), later in 0..60_000_i64,
    ) {
        let rules = PresenceRules { silence_minutes: 60, ..rules };
        // What is said once, or until a moment, may end; what is repeated only falls silent.
        let repeated: Vec<Claim> = claims
            .into_iter()
            .filter(|claim| claim.is_repeated && claim.heard_at <= now())
            .map(|claim| Claim { expires_at: claim.expires_at.map(|end| end.max(at(1))), ..claim })
            .collect();

        let (before, after) = (merge(&repeated, &rules, now()), merge(&repeated, &rules, at(later)));

        prop_assert!(after.availability >= before.availability, "{before:?} {after:?}");
    }

    #[test]
    fn what_is_not_remembered_is_as_if_never_said(claims in claims(), rules in rule_tables()) {
        let is_held = |claim: &&Claim| matches!(standing(claim, &rules, now()), Standing::Live | Standing::Silent);
        let current: Vec<Claim> = claims.iter().filter(is_held).cloned().collect();

        prop_assert_eq!(merge(&claims, &rules, now()), merge(&current, &rules, now()));
        prop_assert!(!current.is_empty() || merge(&claims, &rules, now()).availability == Availability::Unknown);
    }

    #[test]
    fn an_own_word_that_is_not_free_is_never_overruled(claims in claims()) {
        let own = claim(ClaimKind::Manual, Availability::BeRightBack);
        let own = Claim { source: "own".into(), since: now().plus(Duration::from_hours(1)), ..own };
        let all: Vec<Claim> = claims.into_iter().chain([own]).collect();

        prop_assert_eq!(merge(&all, &rules(), now()).availability, Availability::BeRightBack);
    }

    #[test]
    fn that_somebody_is_out_of_office_changes_no_state(claims in claims(), rules in rule_tables()) {
        let mark = Claim { is_out_of_office: true, source: "out_of_office".into(), ..claim(ClaimKind::Manual, Availability::Unknown) };
        let marked: Vec<Claim> = claims.iter().cloned().chain([mark]).collect();

        let (plain, marked) = (merge(&claims, &rules, now()), merge(&marked, &rules, now()));

        prop_assert!(marked.is_out_of_office);
        let valid_until = plain.valid_until;
        prop_assert_eq!(Presence { is_out_of_office: plain.is_out_of_office, valid_until, ..marked }, plain);
    }
}
