use std::time::Duration;

use directory_model::id::{ContactId, CountedIds};
use proptest::prelude::*;

use super::*;

fn now() -> Timestamp {
    Timestamp::from_millis(1_795_339_800_000)
}

fn claim(kind: ClaimKind, availability: Availability, lasts: Option<u64>) -> Claim {
    Claim {
        contact: ContactId::new(&CountedIds::default()),
        kind,
        source: "source".into(),
        device: String::new(),
        version: 1,
        availability,
        activity: None,
        is_out_of_office: false,
        custom: None,
        since: now().minus(Duration::from_secs(90)),
        expires_at: lasts.map(|seconds| now().plus(Duration::from_secs(seconds))),
    }
}

#[test]
fn every_claim_has_its_part_and_the_future_is_told() {
    let claims = [
        claim(ClaimKind::Mobile, Availability::Away, Some(100)),
        claim(ClaimKind::Computer, Availability::Available, Some(200)),
        claim(ClaimKind::Calendar, Availability::Busy, Some(50)),
        claim(ClaimKind::Telephone, Availability::Busy, Some(0)),
    ];

    let why = why(&claims, now());

    assert_eq!((why.rule, why.presence.availability), (Rule::Calendar, Availability::Busy));
    let parts: Vec<_> = why.claims.iter().map(|part| (part.claim.kind, part.part, part.expires_in_seconds)).collect();
    assert_eq!(
        parts,
        [
            (ClaimKind::Calendar, Part::Decides, Some(50)),
            (ClaimKind::Computer, Part::Covered, Some(200)),
            (ClaimKind::Mobile, Part::Overruled, Some(100)),
            (ClaimKind::Telephone, Part::Expired, Some(0)),
        ]
    );
    assert_eq!(why.claims[0].age_seconds, 90);
    let turns: Vec<_> = why.turns.iter().map(|turn| (turn.at.since(now()).as_secs(), turn.availability)).collect();
    assert_eq!(turns, [(50, Availability::Available), (200, Availability::Unknown)]);
    assert_eq!(why.would_change, [Lever::ManualClaim, Lever::EndOfOccupation]);
}

#[test]
fn nothing_known_is_explained_too() {
    let why = why(&[], now());

    assert_eq!((why.rule, why.presence.availability), (Rule::NothingKnown, Availability::Unknown));
    assert!(why.claims.is_empty() && why.turns.is_empty());
    assert!(why.would_change.contains(&Lever::DeviceClaim));
}

proptest! {
    #[test]
    fn the_explanation_agrees_with_the_merge(claims in crate::merge::tests::claims()) {
        let why = why(&claims, now());

        prop_assert_eq!(&why.presence, &merge(&claims, now()));
        prop_assert_eq!(why.claims.len(), claims.len());
        let deciding: Vec<_> = why.claims.iter().filter(|part| part.part == Part::Decides).collect();
        prop_assert_eq!(deciding.first().map(|part| part.claim.kind), why.presence.decided_by);
        prop_assert!(deciding.len() <= 1);
    }
}
