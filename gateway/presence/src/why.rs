//! Why a contact shows what it shows: every claim with its part in the decision, and what would
//! change it. Codes and moments only; wording is the reader's.
//!
//! What is given away is enough to check it: merging the returned claims by the returned rules at the
//! returned moment gives the returned presence, and each returned change was tried before it is told.

use directory_model::id::{ContactId, GroupId};
use directory_model::presence::rules::PresenceRules;
use directory_model::presence::{Availability, Claim, ClaimKind, Presence};
use directory_model::timestamp::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::merge::{Current, Rule, start};
use crate::standing::{Standing, standing};

mod change;

pub use change::{Change, ClaimName};

/// How many future moments are looked at.
const MAX_TURNS: usize = 16;

/// The explanation of a contact's presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PresenceWhy)]
pub struct Why {
    /// When this was worked out.
    pub at: Timestamp,
    /// What the contact shows.
    pub presence: Presence,
    /// The rule that won.
    pub rule: Rule,
    /// The tenant's rules by which it won.
    pub rules: PresenceRules,
    /// Whether the contact is marked as hybrid. What sources in the cloud say is taken only then, and so is the photo
    /// that they have: without the mark there are no claims of theirs.
    pub is_hybrid: bool,
    /// Who staffs the service; null for persons, and for services that no group staffs.
    #[schema(required)]
    pub staff: Option<StaffPart>,
    /// Every claim that is held, those that count first.
    pub claims: Vec<ClaimPart>,
    /// What it will show as claims expire, if nobody claims anything new.
    pub turns: Vec<Turn>,
    /// What a new claim would have to be to change it now.
    pub would_change: Vec<Lever>,
    /// The same with an example of each, and what it would come to.
    pub changes: Vec<Change>,
}

/// What those who staff a service show. Each of them has an explanation of their own, with rights of its own, so here they
/// are only counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StaffOfService)]
pub struct StaffPart {
    /// The group; its persons in service count.
    pub group: GroupId,
    /// Whether they decide: the first of their states is shown, *inactive* as *available*, and *offline* when there is
    /// nobody. Otherwise what is claimed about the service itself goes before them.
    pub decides: bool,
    /// How many show which state, the most available first.
    pub states: Vec<StaffState>,
}

/// How many of those who staff a service show a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct StaffState {
    /// The state.
    pub availability: Availability,
    /// How many persons, one at least.
    pub persons: u64,
}

/// One claim's part in the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClaimPart {
    /// The claim.
    pub claim: Claim,
    /// For how many seconds the claimed state has held.
    pub age_seconds: u64,
    /// How many seconds ago it was last said.
    pub heard_seconds_ago: u64,
    /// In how many seconds the claim expires by the tenant's rules; null when it does not.
    #[schema(required)]
    pub expires_in_seconds: Option<u64>,
    /// Its part.
    pub part: Part,
}

/// What a claim did to the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PartOfClaim)]
pub enum Part {
    /// It is the result.
    Decides,
    /// It would be the result, but a meeting, a call, a platform or silence lies over it.
    Covered,
    /// It is valid, but the result does not depend on it.
    Overruled,
    /// It says nothing about the state and marks that somebody is out of office.
    Marks,
    /// Its source fell silent. As long as it would make the contact less available than the other claims
    /// do, the contact is unknown.
    Silent,
    /// The tenant's rules leave such claims out.
    Ignored,
    /// It has expired, or its source fell silent and an own word has settled it since.
    Expired,
}

/// From `at` on the contact shows `availability`, unless something new is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PresenceTurn)]
pub struct Turn {
    /// From when on.
    pub at: Timestamp,
    /// What it shows then.
    pub availability: Availability,
    /// The kind of claim that decides then.
    #[schema(required)]
    pub decided_by: Option<ClaimKind>,
}

/// A kind of claim that would change the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PresenceLever)]
pub enum Lever {
    /// Another own word.
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
    /// A source that fell silent says again what it said last.
    SourceSpeaks,
}

/// What is known about one contact.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) contact: ContactId,
    pub(crate) claims: &'a [Claim],
    pub(crate) rules: &'a PresenceRules,
    pub(crate) is_hybrid: bool,
}

/// Explains what the contact's claims come to at `now`. `shows` says what a contact with other claims
/// would show at another moment: for a service that depends on more than its own claims.
pub(crate) fn why(
    subject: Subject<'_>,
    now: Timestamp,
    shows: impl Fn(&[Claim], Timestamp) -> (Presence, Rule),
) -> Why {
    let Subject { claims, rules, is_hybrid, .. } = subject;
    let current = Current::new(claims, rules, now);
    let (presence, rule) = shows(claims, now);
    let decision = current.decide();
    let part = |claim| part_of(claim, &current, decision.claim, subject, now);
    let mut parts: Vec<ClaimPart> = claims
        .iter()
        .map(|claim| ClaimPart {
            claim: claim.clone(),
            age_seconds: now.since(claim.since).as_secs(),
            heard_seconds_ago: now.since(claim.heard_at).as_secs(),
            expires_in_seconds: rules.end_of(claim).map(|end| end.since(now).as_secs()),
            part: part(claim),
        })
        .collect();
    parts.sort_by(|one, other| {
        let rank = |part: &ClaimPart| part.part as u8;
        rank(one).cmp(&rank(other)).then_with(|| one.claim.slot().cmp(&other.claim.slot()))
    });
    let changes = change::changes(subject, presence.availability, now, |claims| shows(claims, now).0.availability);
    let mut would_change: Vec<Lever> = changes.iter().map(|change| change.lever).collect();
    would_change.dedup();
    let turns = turns(&presence, |at| shows(claims, at).0);
    let (rules, staff) = (rules.clone(), None);
    Why { at: now, presence, rule, rules, is_hybrid, staff, claims: parts, turns, would_change, changes }
}

fn part_of(claim: &Claim, current: &Current<'_>, winner: Option<&Claim>, of: Subject<'_>, now: Timestamp) -> Part {
    let is = |other: Option<&Claim>| other.is_some_and(|other| std::ptr::eq(other, claim));
    match standing(claim, of.rules, now) {
        Standing::Ignored => Part::Ignored,
        Standing::Silent if current.remembers(claim) => Part::Silent,
        Standing::Silent | Standing::Over => Part::Expired,
        Standing::Live if claim.is_mark() => Part::Marks,
        Standing::Live if is(winner) => Part::Decides,
        Standing::Live if is(start(&current.live, of.rules).and_then(|start| start.claim)) => Part::Covered,
        Standing::Live => Part::Overruled,
    }
}

fn turns(shown: &Presence, shows_at: impl Fn(Timestamp) -> Presence) -> Vec<Turn> {
    let mut last = (shown.availability, shown.decided_by);
    let mut next = shown.valid_until;
    let mut turns = Vec::new();
    for _ in 0..MAX_TURNS {
        let Some(at) = next else { break };
        let then = shows_at(at);
        let result = (then.availability, then.decided_by);
        if std::mem::replace(&mut last, result) != result {
            turns.push(Turn { at, availability: then.availability, decided_by: then.decided_by });
        }
        next = then.valid_until.filter(|next| *next > at);
    }
    turns
}

#[cfg(test)]
mod tests;
