//! From what is claimed about a contact to what it shows. Pure; the order of the claims is
//! without influence.
//!
//! Only claims that have not expired take part. The rules, the first that applies decides:
//!
//! | step | rule | takes part |
//! |---|---|---|
//! | 1 | [`Rule::OwnWord`] | the newest manual claim. It is the *start*, whatever devices say |
//! | 2 | [`Rule::BestDevice`] | without an own word: the most available of computers, mobiles, Bluetooth devices and platforms is the start |
//! | 3 | [`Rule::IdleTelephone`] | without any of these: the most available telephone, softphone or conference that is not in a call is the start |
//! | 4 | [`Rule::NothingKnown`] | without a start it is *unknown* |
//! | 5 | [`Rule::Platform`] | over a start that is available, inactive or unknown: a platform that says busy or do not disturb |
//! | 6 | [`Rule::Calendar`] | the same, for a calendar |
//! | 7 | [`Rule::Call`] | the same, for a telephone, softphone or conference |
//!
//! Steps 5 to 7 look at the result so far: in a meeting a call changes nothing, and a manual
//! *busy*, *do not disturb* or *away* outlives meetings and calls, because neither removes it.
//! Over an own word that is *available* only steps 6 and 7 apply: somebody who says so by hand
//! overrules a platform's idea of the same thing. Among claims of one step the most available
//! wins (steps 5 to 7: do not disturb before busy), then the newer one, then the order of slots.

use std::cmp::Reverse;

use directory_model::presence::{Availability, Claim, ClaimKind, Presence};
use directory_model::timestamp::Timestamp;
use serde::Serialize;

/// The rule that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// What somebody said by hand.
    OwnWord,
    /// The most available device.
    BestDevice,
    /// A telephone that is not in a call, when no device is known.
    IdleTelephone,
    /// Nothing unexpired is known.
    NothingKnown,
    /// A platform says that somebody who seems free is occupied.
    Platform,
    /// A calendar says so.
    Calendar,
    /// A call says so.
    Call,
    /// Nothing unexpired is known about a service: it shows who staffs it, or that it is there.
    Service,
}

/// The claim that decided, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision<'a> {
    /// The rule.
    pub rule: Rule,
    /// The claim; `None` only when nothing is known.
    pub claim: Option<&'a Claim>,
}

/// What `claims` come to at `now`.
pub fn merge<'a>(claims: impl IntoIterator<Item = &'a Claim>, now: Timestamp) -> Presence {
    let current: Vec<&Claim> = claims.into_iter().filter(|claim| claim.counts_at(now)).collect();
    let claim = decide(&current).claim;
    Presence {
        availability: claim.map_or(Availability::Unknown, |claim| claim.availability),
        activity: claim.and_then(|claim| claim.activity),
        is_out_of_office: current.iter().any(|claim| claim.is_out_of_office),
        custom: claim.and_then(|claim| claim.custom.clone()),
        since: claim.map(|claim| claim.since),
        decided_by: claim.map(|claim| claim.kind),
        valid_until: current.iter().filter_map(|claim| claim.expires_at).min(),
    }
}

/// Applies the rules to claims that have not expired.
pub fn decide<'a>(current: &[&'a Claim]) -> Decision<'a> {
    let start = own_word(current).or_else(|| best_device(current)).or_else(|| idle_telephone(current));
    let mut decision = start.unwrap_or(Decision { rule: Rule::NothingKnown, claim: None });
    let by_hand = decision.rule == Rule::OwnWord;
    for (rule, kinds) in OCCUPATIONS {
        let is_free = decision.claim.is_none_or(|claim| is_open_to_occupation(claim.availability));
        if !is_free || (by_hand && *rule == Rule::Platform) {
            continue;
        }
        if let Some(claim) = occupied(current, kinds) {
            decision = Decision { rule: *rule, claim: Some(claim) };
        }
    }
    decision
}

const DEVICES: &[ClaimKind] = &[ClaimKind::Computer, ClaimKind::Mobile, ClaimKind::Bluetooth, ClaimKind::Platform];
const CALLS: &[ClaimKind] = &[ClaimKind::Telephone, ClaimKind::Softphone, ClaimKind::AudioVideo];
const OCCUPATIONS: &[(Rule, &[ClaimKind])] =
    &[(Rule::Platform, &[ClaimKind::Platform]), (Rule::Calendar, &[ClaimKind::Calendar]), (Rule::Call, CALLS)];

fn own_word<'a>(current: &[&'a Claim]) -> Option<Decision<'a>> {
    let spoken = current.iter().copied().filter(|claim| claim.kind == ClaimKind::Manual);
    let said = spoken.filter(|claim| claim.availability != Availability::Unknown);
    let claim = said.min_by_key(|claim| (Reverse(claim.since), tie(claim)))?;
    Some(Decision { rule: Rule::OwnWord, claim: Some(claim) })
}

fn best_device<'a>(current: &[&'a Claim]) -> Option<Decision<'a>> {
    let devices = current.iter().copied().filter(|claim| DEVICES.contains(&claim.kind));
    let claim = devices.min_by_key(|claim| (claim.availability, Reverse(claim.since), tie(claim)))?;
    Some(Decision { rule: Rule::BestDevice, claim: Some(claim) })
}

fn idle_telephone<'a>(current: &[&'a Claim]) -> Option<Decision<'a>> {
    let idle = current.iter().copied().filter(|claim| CALLS.contains(&claim.kind) && !is_occupied(claim.availability));
    let claim = idle.min_by_key(|claim| (claim.availability, Reverse(claim.since), tie(claim)))?;
    Some(Decision { rule: Rule::IdleTelephone, claim: Some(claim) })
}

fn occupied<'a>(current: &[&'a Claim], kinds: &[ClaimKind]) -> Option<&'a Claim> {
    let saying = current.iter().copied().filter(|claim| kinds.contains(&claim.kind) && is_occupied(claim.availability));
    saying.min_by_key(|claim| (Reverse(claim.availability), Reverse(claim.since), tie(claim)))
}

/// Breaks every tie that two different claims of one contact can have.
fn tie(claim: &Claim) -> ((ClaimKind, &str, &str), Reverse<i64>) {
    (claim.slot(), Reverse(claim.version))
}

fn is_occupied(availability: Availability) -> bool {
    matches!(availability, Availability::Busy | Availability::DoNotDisturb)
}

fn is_open_to_occupation(availability: Availability) -> bool {
    matches!(availability, Availability::Available | Availability::Inactive | Availability::Unknown)
}

#[cfg(test)]
pub(crate) mod tests;
