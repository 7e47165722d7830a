//! What would change what a contact shows: examples, each tried before it is told. Pure.

use std::time::Duration;

use directory_model::id::ContactId;
use directory_model::presence::{Activity, Availability, Claim, ClaimKind};
use directory_model::timestamp::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Lever, Subject};
use crate::merge::{Current, is_occupied};
use crate::standing::{Standing, standing};

/// For how long the claims of examples count.
const EXAMPLE: Duration = Duration::from_hours(1);

/// Something that would change the result: a claim that is made, or one that ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PresenceChange)]
pub struct Change {
    /// Of what kind it is.
    pub lever: Lever,
    /// The claim that is made, in place of one of the same source and device.
    #[schema(required)]
    pub claim: Option<Claim>,
    /// The claim that ends.
    #[schema(required)]
    pub ends: Option<ClaimName>,
    /// What the contact shows then.
    pub then: Availability,
}

/// What a claim is known by among those of its contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClaimName {
    /// The kind.
    pub kind: ClaimKind,
    /// The source.
    pub source: String,
    /// The device.
    pub device: String,
}

impl ClaimName {
    fn of(claim: &Claim) -> Self {
        Self { kind: claim.kind, source: claim.source.clone(), device: claim.device.clone() }
    }

    fn names(&self, claim: &Claim) -> bool {
        claim.slot() == (self.kind, self.source.as_str(), self.device.as_str())
    }
}

impl Change {
    /// The claims as they are after it.
    pub fn applied_to(&self, claims: &[Claim]) -> Vec<Claim> {
        let is_gone = |held: &Claim| {
            let is_replaced = self.claim.as_ref().is_some_and(|claim| claim.slot() == held.slot());
            is_replaced || self.ends.as_ref().is_some_and(|ends| ends.names(held))
        };
        let staying = claims.iter().filter(|held| !is_gone(held));
        staying.chain(&self.claim).cloned().collect()
    }
}

/// What would change `present`, at most one example for each kind and state.
pub(super) fn changes(
    subject: Subject<'_>,
    present: Availability,
    now: Timestamp,
    shows: impl Fn(&[Claim]) -> Availability,
) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    for (lever, step) in steps(subject, now) {
        let (claim, ends) = match step {
            Step::Make(claim) => (Some(*claim), None),
            Step::End(name) => (None, Some(name)),
        };
        let mut change = Change { lever, claim, ends, then: present };
        change.then = shows(&change.applied_to(subject.claims));
        let is_news = found.iter().all(|known| (known.lever, known.then) != (lever, change.then));
        if change.then != present && is_news {
            found.push(change);
        }
    }
    found
}

enum Step {
    Make(Box<Claim>),
    End(ClaimName),
}

/// What is worth trying, by kind, in the order of [`Lever`].
fn steps(subject: Subject<'_>, now: Timestamp) -> Vec<(Lever, Step)> {
    let Subject { contact, claims, rules, .. } = subject;
    let live: Vec<&Claim> = Current::new(claims, rules, now).live;
    let make = |lever, claim| (lever, Step::Make(Box::new(claim)));
    let end = |lever, claim: &Claim| (lever, Step::End(ClaimName::of(claim)));
    let mut steps = Vec::new();
    for availability in Availability::ALL.into_iter().filter(|state| *state != Availability::Unknown) {
        let own = Claim { expires_at: None, ..example(contact, ClaimKind::Manual, availability, now) };
        steps.push(make(Lever::ManualClaim, own));
    }
    let own = live.iter().filter(|claim| claim.kind == ClaimKind::Manual && !claim.is_mark());
    steps.extend(own.map(|claim| end(Lever::ManualReset, claim)));
    for availability in [Availability::Available, Availability::Away, Availability::Offline] {
        steps.push(make(Lever::DeviceClaim, example(contact, ClaimKind::Computer, availability, now)));
        let devices = live.iter().filter(|claim| matches!(claim.kind, ClaimKind::Computer | ClaimKind::Mobile));
        let said =
            |claim: &&Claim| Claim { availability, activity: None, since: now, heard_at: now, ..(*claim).clone() };
        steps.extend(devices.map(said).map(|claim| make(Lever::DeviceClaim, claim)));
    }
    let is_said = |claim: &Claim| matches!(claim.kind, ClaimKind::Manual | ClaimKind::Profile);
    let is_occupation = |claim: &&&Claim| is_occupied(claim.availability) && !is_said(claim);
    steps.extend(live.iter().filter(is_occupation).map(|claim| end(Lever::EndOfOccupation, claim)));
    let meeting = example(contact, ClaimKind::Calendar, Availability::Busy, now);
    steps.push(make(Lever::CalendarBusy, Claim { activity: Some(Activity::InAMeeting), ..meeting }));
    let call = example(contact, ClaimKind::Telephone, Availability::Busy, now);
    steps.push(make(Lever::Call, Claim { activity: Some(Activity::OnThePhone), ..call }));
    let silent = claims.iter().filter(|claim| standing(claim, rules, now) == Standing::Silent);
    let again = silent.map(|claim| Claim { heard_at: now, expires_at: Some(now.plus(EXAMPLE)), ..claim.clone() });
    steps.extend(again.map(|claim| make(Lever::SourceSpeaks, claim)));
    steps
}

fn example(contact: ContactId, kind: ClaimKind, availability: Availability, now: Timestamp) -> Claim {
    Claim {
        contact,
        kind,
        source: if kind == ClaimKind::Manual { "manual".into() } else { "example".into() },
        device: String::new(),
        version: 1,
        availability,
        activity: None,
        is_out_of_office: false,
        is_tentative: false,
        is_ringing: false,
        is_repeated: !kind.is_call() && kind != ClaimKind::Manual,
        custom: None,
        since: now,
        heard_at: now,
        expires_at: Some(now.plus(EXAMPLE)),
    }
}
