//! From what is claimed about a contact to what it shows. Pure; the order of the claims is
//! without influence.
//!
//! The tenant's [`PresenceRules`] say what counts and what goes before what; this is their default.
//! Only claims that have not expired take part. The rules, the first that applies decides:
//!
//! | step | rule | takes part |
//! |---|---|---|
//! | 1 | [`Rule::OwnWord`] | the newest manual claim. It is the *start*, whatever devices say |
//! | 2 | [`Rule::Profile`] | without one: the profile that the person selected, which is an own word as well |
//! | 3 | [`Rule::BestDevice`] | without an own word: the most available of computers, mobiles, Bluetooth devices and platforms is the start |
//! | 4 | [`Rule::FixedProfile`] | without any of these: *available*, for somebody who may use no client |
//! | 5 | [`Rule::IdleTelephone`] | without any of these: the most available telephone, softphone or conference that is not in a call is the start |
//! | 6 | [`Rule::NothingKnown`] | without a start it is *unknown* |
//! | 7 | [`Rule::Platform`] | over a start that is available, inactive or unknown: a platform that says busy or do not disturb |
//! | 8 | [`Rule::Calendar`] | the same, for a calendar; tentative appointments do not count |
//! | 9 | [`Rule::Call`] | the same, for a telephone, softphone or conference |
//! | 10 | [`Rule::Silence`] | a source that fell silent, and without whose last word the contact would now seem more available: *unknown* |
//!
//! Steps 7 to 9 look at the result so far: in a meeting a call changes nothing, and a *busy*, *do not
//! disturb* or *away* by hand or by a profile outlives meetings and calls, because neither removes it.
//! Over an own word that is *available* only steps 8 and 9 apply: somebody who says so
//! overrules a platform's idea of the same thing. Over a fixed profile only step 9 applies. Among claims
//! of one step the most available wins (steps 7 to 9: do not disturb before busy), then the newer one,
//! then the order of slots.
//!
//! Step 10: silence never makes anybody more available. What was said before an own word was given
//! is no longer remembered then, and nothing is remembered for longer than the tenant's rules say.

use std::cmp::Reverse;

use directory_model::presence::rules::{CallRule, Layer, PresenceRules};
use directory_model::presence::{Activity, Availability, Claim, ClaimKind, Presence};
use directory_model::timestamp::Timestamp;
use serde::Serialize;

use crate::standing::{Standing, next_change, standing};

/// The rule that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WinningRule)]
pub enum Rule {
    /// What somebody said by hand.
    OwnWord,
    /// The profile that somebody selected.
    Profile,
    /// The profile of somebody who may use no client.
    FixedProfile,
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
    /// A source fell silent, and only for that the contact would seem more available.
    Silence,
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
    /// What is shown: what the claim says, unless the rules make something else of it.
    pub availability: Availability,
    /// The activity that is shown.
    pub activity: Option<Activity>,
}

/// The claims of one contact, sorted by what they are worth now.
pub(crate) struct Current<'a> {
    /// Those that count.
    pub(crate) live: Vec<&'a Claim>,
    /// The last words of sources that fell silent.
    silent: Vec<&'a Claim>,
    rules: &'a PresenceRules,
    valid_until: Option<Timestamp>,
}

/// What `claims` come to at `now` by a tenant's `rules`.
pub fn merge(claims: &[Claim], rules: &PresenceRules, now: Timestamp) -> Presence {
    let current = Current::new(claims, rules, now);
    current.presence(current.decide())
}

impl<'a> Current<'a> {
    pub(crate) fn new(claims: &'a [Claim], rules: &'a PresenceRules, now: Timestamp) -> Self {
        let mut current = Self { live: Vec::with_capacity(claims.len()), silent: Vec::new(), rules, valid_until: None };
        for claim in claims {
            match standing(claim, rules, now) {
                Standing::Live => current.live.push(claim),
                Standing::Silent => current.silent.push(claim),
                Standing::Over | Standing::Ignored => continue,
            }
            let change = next_change(claim, rules, now);
            current.valid_until = current.valid_until.into_iter().chain(change).min();
        }
        current
    }

    /// Applies the rules.
    pub(crate) fn decide(&self) -> Decision<'a> {
        let decision = decide(&self.live, self.rules);
        if self.silent.is_empty() {
            return decision;
        }
        let mut heard = self.live.clone();
        heard.extend(self.silent.iter().copied().filter(|claim| self.remembers(claim)));
        if decide(&heard, self.rules).availability <= decision.availability {
            return decision;
        }
        Decision { rule: Rule::Silence, claim: None, availability: Availability::Unknown, activity: None }
    }

    /// Whether the last word of a source that fell silent still stands: an own word that was given since
    /// settles it.
    pub(crate) fn remembers(&self, silent: &Claim) -> bool {
        let spoken = own_word(&self.live).and_then(|own| own.claim).map(|own| own.since);
        spoken.is_none_or(|since| silent.expires_at.is_none_or(|end| since < end))
    }

    /// What the contact shows by `decision`.
    pub(crate) fn presence(&self, decision: Decision<'a>) -> Presence {
        let claim = decision.claim;
        Presence {
            availability: decision.availability,
            activity: decision.activity,
            is_out_of_office: self.live.iter().any(|claim| claim.is_out_of_office),
            custom: claim.and_then(|claim| claim.custom.clone()),
            since: claim.map(|claim| claim.since),
            decided_by: claim.map(|claim| claim.kind),
            valid_until: self.valid_until,
        }
    }
}

/// Applies the rules to claims that count.
pub(crate) fn decide<'a>(live: &[&'a Claim], rules: &PresenceRules) -> Decision<'a> {
    let mut decision = start(live, rules).unwrap_or(Decision {
        rule: Rule::NothingKnown,
        claim: None,
        availability: Availability::Unknown,
        activity: None,
    });
    let below = decision.rule;
    for layer in &rules.precedence {
        let is_covered = match below {
            Rule::OwnWord | Rule::Profile => rules.manual_yields_to.contains(layer),
            Rule::FixedProfile => *layer == Layer::Call,
            _ => true,
        };
        if is_covered && is_open_to_occupation(decision.availability) {
            decision = occupied(live, *layer, rules).unwrap_or(decision);
        }
    }
    decision
}

/// What lies below meetings, calls and platforms that say busy.
pub(crate) fn start<'a>(live: &[&'a Claim], rules: &PresenceRules) -> Option<Decision<'a>> {
    let own = own_word(live).or_else(|| best_device(live));
    own.or_else(|| fixed_profile(live)).or_else(|| idle_telephone(live, rules))
}

fn is_device(kind: ClaimKind) -> bool {
    matches!(kind, ClaimKind::Computer | ClaimKind::Mobile | ClaimKind::Bluetooth | ClaimKind::Platform)
}

/// The newest own word, which says more than that somebody is out of office, or else the profile that somebody
/// selected.
pub(crate) fn own_word<'a>(live: &[&'a Claim]) -> Option<Decision<'a>> {
    let newest = |rule, is_of: fn(&Claim) -> bool| {
        let spoken = live.iter().copied().filter(|claim| is_of(claim));
        said(rule, spoken.min_by_key(|claim| (Reverse(claim.since), tie(claim))))
    };
    let by_hand = newest(Rule::OwnWord, |claim| claim.kind == ClaimKind::Manual && !claim.is_mark());
    by_hand.or_else(|| newest(Rule::Profile, |claim| claim.kind == ClaimKind::Profile && !claim.is_fixed()))
}

fn fixed_profile<'a>(live: &[&'a Claim]) -> Option<Decision<'a>> {
    let fixed = live.iter().copied().filter(|claim| claim.is_fixed());
    said(Rule::FixedProfile, fixed.min_by_key(|claim| (Reverse(claim.since), tie(claim))))
}

fn best_device<'a>(live: &[&'a Claim]) -> Option<Decision<'a>> {
    let devices = live.iter().copied().filter(|claim| is_device(claim.kind));
    said(Rule::BestDevice, devices.min_by_key(|claim| (claim.availability, Reverse(claim.since), tie(claim))))
}

fn idle_telephone<'a>(live: &[&'a Claim], rules: &PresenceRules) -> Option<Decision<'a>> {
    let calls = live.iter().copied().filter(|claim| claim.kind.is_call());
    if rules.calls != CallRule::Ignored {
        let idle = calls.filter(|claim| !is_occupied(claim.availability));
        return said(
            Rule::IdleTelephone,
            idle.min_by_key(|claim| (claim.availability, Reverse(claim.since), tie(claim))),
        );
    }
    // Where calls change nothing, a telephone in a call is as good as one that is not.
    let free =
        |claim: &Claim| if is_occupied(claim.availability) { Availability::Available } else { claim.availability };
    let claim = calls.min_by_key(|claim| (free(claim), Reverse(claim.since), tie(claim)))?;
    Some(Decision { rule: Rule::IdleTelephone, claim: Some(claim), availability: free(claim), activity: None })
}

fn occupied<'a>(live: &[&'a Claim], layer: Layer, rules: &PresenceRules) -> Option<Decision<'a>> {
    let says = |claim: &&Claim| {
        let is_of_layer = match layer {
            Layer::Platform => claim.kind == ClaimKind::Platform,
            Layer::Calendar => claim.kind == ClaimKind::Calendar,
            Layer::Call => claim.kind.is_call(),
        };
        is_of_layer && occupies(claim, rules)
    };
    let saying = live.iter().copied().filter(says);
    let claim = saying.min_by_key(|claim| (Reverse(claim.availability), Reverse(claim.since), tie(claim)))?;
    let rule = match layer {
        Layer::Platform => Rule::Platform,
        Layer::Calendar => Rule::Calendar,
        Layer::Call => Rule::Call,
    };
    let is_quiet = layer == Layer::Call && rules.calls == CallRule::DoNotDisturb;
    let availability = if is_quiet { Availability::DoNotDisturb } else { claim.availability };
    Some(Decision { rule, claim: Some(claim), availability, activity: claim.activity })
}

fn said(rule: Rule, claim: Option<&Claim>) -> Option<Decision<'_>> {
    let claim = claim?;
    Some(Decision { rule, claim: Some(claim), availability: claim.availability, activity: claim.activity })
}

/// Breaks every tie that two different claims of one contact can have.
fn tie(claim: &Claim) -> ((ClaimKind, &str, &str), Reverse<i64>) {
    (claim.slot(), Reverse(claim.version))
}

/// Whether what a claim that counts says is a call, a meeting or the like by the rules.
pub(crate) fn occupies(claim: &Claim, rules: &PresenceRules) -> bool {
    let is_left_out = claim.kind.is_call() && rules.calls == CallRule::Ignored;
    is_occupied(claim.availability) && !is_left_out && (rules.is_tentative_busy || !claim.is_tentative)
}

/// Whether the state is one that calls, meetings and platforms say.
pub(crate) fn is_occupied(availability: Availability) -> bool {
    matches!(availability, Availability::Busy | Availability::DoNotDisturb)
}

fn is_open_to_occupation(availability: Availability) -> bool {
    matches!(availability, Availability::Available | Availability::Inactive | Availability::Unknown)
}

#[cfg(test)]
pub(crate) mod tests;
