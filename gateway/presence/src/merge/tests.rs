use std::time::Duration;

use directory_model::id::{ContactId, CountedIds};
use directory_model::presence::Activity;
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
        custom: None,
        since: now(),
        expires_at: (kind != ClaimKind::Manual).then(|| now().plus(Duration::from_mins(1))),
    }
}

fn merged(claims: &[(ClaimKind, Availability)]) -> (Availability, Rule) {
    let claims: Vec<Claim> = claims.iter().map(|(kind, availability)| claim(*kind, *availability)).collect();
    let current: Vec<&Claim> = claims.iter().collect();
    (merge(&claims, now()).availability, decide(&current).rule)
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

    let during = merge(&claims, now());
    let after = merge(&claims, now().plus(Duration::from_hours(1)));

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

    let presence = merge(&[older, newer], now());

    assert_eq!((presence.availability, presence.custom.as_deref()), (Availability::Away, Some("Coffee break")));
}

#[test]
fn out_of_office_is_said_by_any_claim_that_has_not_expired() {
    let free = claim(ClaimKind::Computer, Availability::Available);
    let away = Claim { is_out_of_office: true, ..claim(ClaimKind::Calendar, Availability::Available) };
    let claims = [free, away];

    assert!(merge(&claims, now()).is_out_of_office);
    assert!(!merge(&claims, now().plus(Duration::from_mins(1))).is_out_of_office);
}

const KINDS: [ClaimKind; 9] = [
    ClaimKind::Manual,
    ClaimKind::Telephone,
    ClaimKind::Calendar,
    ClaimKind::AudioVideo,
    ClaimKind::Softphone,
    ClaimKind::Bluetooth,
    ClaimKind::Computer,
    ClaimKind::Mobile,
    ClaimKind::Platform,
];

/// Claims of one contact: at most one for each slot, as the book holds them.
pub(crate) fn claims() -> impl Strategy<Value = Vec<Claim>> {
    let one = (0..KINDS.len(), 0..2_u8, 0..8_usize, -3..3_i64, -2..6_i64, any::<bool>());
    proptest::collection::vec(one, 0..8).prop_map(|parts| {
        let mut claims: Vec<Claim> = Vec::new();
        for (kind, device, availability, since, end, is_out) in parts {
            let kind = KINDS[kind];
            let claim = Claim {
                device: device.to_string(),
                is_out_of_office: is_out,
                since: Timestamp::from_millis(NOW + since * 1_000),
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

proptest! {
    #[test]
    fn the_order_of_claims_is_without_influence(claims in claims(), seed in any::<u64>()) {
        let mut shuffled = claims.clone();
        shuffled.sort_by_key(|claim| (claim.since.millis().cast_unsigned() ^ seed).wrapping_mul(seed | 1) ^ claim.slot().0 as u64);

        prop_assert_eq!(merge(&claims, now()), merge(&shuffled, now()));
        shuffled.reverse();
        prop_assert_eq!(merge(&claims, now()), merge(&shuffled, now()));
    }

    #[test]
    fn a_presence_holds_as_long_as_it_says(claims in claims(), later in 0..5_000_i64) {
        let presence = merge(&claims, now());
        let then = Timestamp::from_millis(NOW + later);

        if presence.valid_until.is_none_or(|end| then < end) {
            prop_assert_eq!(merge(&claims, then), presence);
        }
    }

    #[test]
    fn expired_claims_are_as_if_never_made(claims in claims()) {
        let current: Vec<Claim> = claims.iter().filter(|claim| claim.counts_at(now())).cloned().collect();

        prop_assert_eq!(merge(&claims, now()), merge(&current, now()));
        prop_assert!(!current.is_empty() || merge(&claims, now()).availability == Availability::Unknown);
    }

    #[test]
    fn an_own_word_that_is_not_free_is_never_overruled(claims in claims()) {
        let own = claim(ClaimKind::Manual, Availability::BeRightBack);
        let own = Claim { source: "own".into(), since: now().plus(Duration::from_hours(1)), ..own };
        let all: Vec<Claim> = claims.into_iter().chain([own]).collect();

        prop_assert_eq!(merge(&all, now()).availability, Availability::BeRightBack);
    }
}
