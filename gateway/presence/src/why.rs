//! Why a contact shows what it shows: every claim with its part in the decision, and what would
//! change it. Codes and moments only; wording is the reader's.

use directory_model::presence::{Availability, Claim, ClaimKind, Presence};
use directory_model::timestamp::Timestamp;
use serde::Serialize;

use crate::merge::{Rule, decide, merge};

/// How many future moments are looked at.
const MAX_TURNS: usize = 16;

/// The explanation of a contact's presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// When this was worked out.
    pub at: Timestamp,
    /// What the contact shows.
    pub presence: Presence,
    /// The rule that won.
    pub rule: Rule,
    /// Every claim that is held, those that count first.
    pub claims: Vec<ClaimPart>,
    /// What it will show as claims expire, if nobody claims anything new.
    pub turns: Vec<Turn>,
    /// What a new claim would have to be to change it now.
    pub would_change: Vec<Lever>,
}

/// One claim's part in the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimPart {
    /// The claim.
    pub claim: Claim,
    /// For how many seconds the claimed state has held.
    pub age_seconds: u64,
    /// In how many seconds the claim expires; absent when it does not.
    pub expires_in_seconds: Option<u64>,
    /// Its part.
    pub part: Part,
}

/// What a claim did to the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// It is the result.
    Decides,
    /// It was the start, until a meeting, a call or a platform went over it.
    Covered,
    /// It is valid, but the result does not depend on it.
    Overruled,
    /// It has expired.
    Expired,
}

/// From `at` on the contact shows `availability`, unless something new is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Turn {
    /// From when on.
    pub at: Timestamp,
    /// What it shows then.
    pub availability: Availability,
    /// The kind of claim that decides then.
    pub decided_by: Option<ClaimKind>,
}

/// A kind of claim that would change the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lever {
    /// Any other own word.
    ManualClaim,
    /// Taking the own word back.
    ManualReset,
    /// Another state of the device that decides, or a more available device.
    DeviceClaim,
    /// The end of the deciding call or meeting, or of the platform's statement.
    EndOfOccupation,
    /// A calendar that says busy.
    CalendarBusy,
    /// A call.
    Call,
}

/// Explains what `claims` come to at `now`.
pub fn why<'a>(claims: impl IntoIterator<Item = &'a Claim>, now: Timestamp) -> Why {
    let held: Vec<&Claim> = claims.into_iter().collect();
    let current: Vec<&Claim> = held.iter().copied().filter(|claim| claim.counts_at(now)).collect();
    let decision = decide(&current);
    let presence = merge(held.iter().copied(), now);
    let mut parts: Vec<ClaimPart> = held
        .iter()
        .map(|claim| ClaimPart {
            claim: (*claim).clone(),
            age_seconds: now.since(claim.since).as_secs(),
            expires_in_seconds: claim.expires_at.map(|end| end.since(now).as_secs()),
            part: part_of(claim, &current, decision.claim, now),
        })
        .collect();
    parts.sort_by(|one, other| {
        let rank = |part: &ClaimPart| part.part as u8;
        rank(one).cmp(&rank(other)).then_with(|| one.claim.slot().cmp(&other.claim.slot()))
    });
    Why {
        at: now,
        rule: decision.rule,
        would_change: levers(decision.rule, presence.availability),
        turns: turns(&held, &presence, now),
        claims: parts,
        presence,
    }
}

fn part_of(claim: &Claim, current: &[&Claim], winner: Option<&Claim>, now: Timestamp) -> Part {
    let is = |other: Option<&Claim>| other.is_some_and(|other| std::ptr::eq(other, claim));
    if !claim.counts_at(now) {
        Part::Expired
    } else if is(winner) {
        Part::Decides
    } else {
        let without: Vec<&Claim> = current.iter().copied().filter(|other| !is_same(winner, other)).collect();
        if is(decide(&without).claim) { Part::Covered } else { Part::Overruled }
    }
}

fn is_same(one: Option<&Claim>, other: &Claim) -> bool {
    one.is_some_and(|one| std::ptr::eq(one, other))
}

fn turns(held: &[&Claim], shown: &Presence, now: Timestamp) -> Vec<Turn> {
    let mut ends: Vec<Timestamp> =
        held.iter().filter(|claim| claim.counts_at(now)).filter_map(|claim| claim.expires_at).collect();
    ends.sort_unstable();
    ends.dedup();
    let mut last = (shown.availability, shown.decided_by);
    let mut turns = Vec::new();
    for at in ends.into_iter().take(MAX_TURNS) {
        let then = merge(held.iter().copied(), at);
        let next = (then.availability, then.decided_by);
        if std::mem::replace(&mut last, next) != next {
            turns.push(Turn { at, availability: then.availability, decided_by: then.decided_by });
        }
    }
    turns
}

fn levers(rule: Rule, shown: Availability) -> Vec<Lever> {
    let is_free = matches!(shown, Availability::Available | Availability::Inactive);
    let occupations: &[Lever] = if is_free { &[Lever::CalendarBusy, Lever::Call] } else { &[] };
    let own: &[Lever] = match rule {
        Rule::OwnWord => &[Lever::ManualClaim, Lever::ManualReset],
        Rule::BestDevice | Rule::IdleTelephone => &[Lever::ManualClaim, Lever::DeviceClaim],
        Rule::NothingKnown | Rule::Service => {
            &[Lever::ManualClaim, Lever::DeviceClaim, Lever::CalendarBusy, Lever::Call]
        }
        Rule::Platform | Rule::Calendar | Rule::Call => &[Lever::ManualClaim, Lever::EndOfOccupation],
    };
    own.iter().chain(occupations).copied().collect()
}

#[cfg(test)]
mod tests;
