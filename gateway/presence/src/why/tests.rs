use std::time::Duration;

use directory_model::id::{ContactId, CountedIds};
use proptest::prelude::*;

use super::*;
use crate::merge::merge;

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
        is_tentative: false,
        is_ringing: false,
        is_repeated: false,
        custom: None,
        since: now().minus(Duration::from_secs(90)),
        heard_at: now().minus(Duration::from_secs(30)),
        expires_at: lasts.map(|seconds| now().plus(Duration::from_secs(seconds))),
    }
}

/// Explains the claims of a person by `rules`.
fn explain(claims: &[Claim], rules: &PresenceRules) -> Why {
    let contact = claims.first().map_or_else(|| ContactId::new(&CountedIds::default()), |claim| claim.contact);
    why(Subject { contact, claims, rules, is_hybrid: false }, now(), |claims, at| {
        let current = Current::new(claims, rules, at);
        (current.presence(current.decide()), current.decide().rule)
    })
}

#[test]
fn every_claim_has_its_part_and_the_future_is_told() {
    let claims = [
        claim(ClaimKind::Mobile, Availability::Away, Some(100)),
        claim(ClaimKind::Computer, Availability::Available, Some(200)),
        claim(ClaimKind::Calendar, Availability::Busy, Some(50)),
        claim(ClaimKind::Telephone, Availability::Busy, Some(0)),
    ];

    let why = explain(&claims, &PresenceRules::default());

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
    assert_eq!(why.would_change, [Lever::ManualClaim, Lever::DeviceClaim, Lever::EndOfOccupation]);
}

#[test]
fn nothing_known_is_explained_too() {
    let why = explain(&[], &PresenceRules::default());

    assert_eq!((why.rule, why.presence.availability), (Rule::NothingKnown, Availability::Unknown));
    assert!(why.claims.is_empty() && why.turns.is_empty());
    assert!(why.would_change.contains(&Lever::DeviceClaim));
}

#[test]
fn a_source_that_fell_silent_is_named_and_would_help() {
    let lost = Claim { is_repeated: true, ..claim(ClaimKind::Telephone, Availability::Busy, Some(0)) };
    let claims = [claim(ClaimKind::Computer, Availability::Available, Some(100)), lost];

    let why = explain(&claims, &PresenceRules::default());

    assert_eq!((why.rule, why.presence.availability), (Rule::Silence, Availability::Unknown));
    assert_eq!(why.claims.last().map(|part| (part.claim.kind, part.part)), Some((ClaimKind::Telephone, Part::Silent)));
    let speaks = why.changes.iter().find(|change| change.lever == Lever::SourceSpeaks).expect("it would help");
    assert_eq!(speaks.then, Availability::Busy);
}

#[test]
fn only_what_lies_below_something_is_covered() {
    let word = |availability| claim(ClaimKind::Manual, availability, None);
    let device = |kind, availability| claim(kind, availability, Some(100));
    let computer = device(ClaimKind::Computer, Availability::Available);
    let settled = Claim {
        is_repeated: true,
        expires_at: Some(now().minus(Duration::from_secs(95))),
        ..claim(ClaimKind::Telephone, Availability::Busy, Some(0))
    };
    let meeting =
        |device: &str| Claim { device: device.into(), ..claim(ClaimKind::Calendar, Availability::Busy, Some(100)) };
    for (claims, expected) in [
        (vec![computer.clone(), device(ClaimKind::Mobile, Availability::Away)], vec![Part::Decides, Part::Overruled]),
        (vec![word(Availability::Away), computer], vec![Part::Decides, Part::Overruled]),
        (
            vec![word(Availability::Available), meeting("a"), meeting("b")],
            vec![Part::Decides, Part::Covered, Part::Overruled],
        ),
        (vec![word(Availability::Available), settled], vec![Part::Decides, Part::Expired]),
    ] {
        let parts: Vec<Part> =
            explain(&claims, &PresenceRules::default()).claims.iter().map(|part| part.part).collect();
        assert_eq!(parts, expected, "{claims:?}");
    }
}

#[test]
fn what_marks_and_what_is_ignored_is_said_to() {
    let rules = PresenceRules { ignored_kinds: [ClaimKind::Calendar].into(), ..PresenceRules::default() };
    let claims = [
        claim(ClaimKind::Calendar, Availability::Busy, Some(50)),
        Claim { is_out_of_office: true, ..claim(ClaimKind::Manual, Availability::Unknown, None) },
    ];

    let parts: Vec<Part> = explain(&claims, &rules).claims.iter().map(|part| part.part).collect();

    assert_eq!(parts, [Part::Marks, Part::Ignored]);
}

proptest! {
    #[test]
    fn the_explanation_can_be_checked(claims in crate::merge::tests::claims(), rules in crate::merge::tests::rule_tables()) {
        let why = explain(&claims, &rules);

        let told: Vec<Claim> = why.claims.iter().map(|part| part.claim.clone()).collect();
        prop_assert_eq!(&merge(&told, &why.rules, why.at), &why.presence);
        prop_assert_eq!(why.claims.len(), claims.len());
        let deciding: Vec<_> = why.claims.iter().filter(|part| part.part == Part::Decides).collect();
        prop_assert_eq!(deciding.first().map(|part| part.claim.kind), why.presence.decided_by);
        prop_assert!(deciding.len() <= 1);
    }

    #[test]
    fn each_change_that_is_told_changes_it(claims in crate::merge::tests::claims(), rules in crate::merge::tests::rule_tables()) {
        let why = explain(&claims, &rules);
        let told: Vec<Claim> = why.claims.iter().map(|part| part.claim.clone()).collect();

        for change in &why.changes {
            let then = merge(&change.applied_to(&told), &why.rules, why.at).availability;
            prop_assert_eq!(then, change.then, "{:?}", change);
            prop_assert_ne!(then, why.presence.availability, "{:?}", change);
            prop_assert!(change.claim.is_some() != change.ends.is_some());
        }
        let levers: std::collections::BTreeSet<Lever> = why.changes.iter().map(|change| change.lever).collect();
        prop_assert_eq!(levers.into_iter().collect::<Vec<_>>(), why.would_change);
    }

    #[test]
    fn the_future_comes_as_it_is_told(claims in crate::merge::tests::claims(), rules in crate::merge::tests::rule_tables()) {
        let why = explain(&claims, &rules);

        for turn in &why.turns {
            let then = merge(&claims, &rules, turn.at);
            prop_assert_eq!((then.availability, then.decided_by), (turn.availability, turn.decided_by));
        }
        // Where own words count, a first one always changes something.
        let is_first = claims.iter().all(|claim| claim.kind != ClaimKind::Manual);
        let may_speak = is_first && !rules.ignored_kinds.contains(&ClaimKind::Manual);
        prop_assert!(!may_speak || why.would_change.contains(&Lever::ManualClaim));
    }
}
