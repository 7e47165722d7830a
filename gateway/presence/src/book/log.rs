//! What was claimed in the last day, so that "why did visitors see this at 10:42" has an answer.
//!
//! Kept are not the claims, which the book holds, but what undoes each change of them: the answer is worked
//! out backwards from now, and then merged by the same rules as anything else. A source that says again what
//! it said changes nothing and is not written down, so the log grows with what happens and not with time.
//! Bounded by a day and by a number of changes for each tenant; it says how far back it reaches.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use directory_model::id::ContactId;
use directory_model::presence::rules::PresenceRules;
use directory_model::presence::{Claim, ClaimKind};
use directory_model::timestamp::Timestamp;

/// For how long changes are kept.
const KEPT: Duration = Duration::from_hours(24);
/// How many changes of one tenant are kept.
pub(super) const MOST: usize = 100_000;
/// How many stretches without a change are told of one contact.
const MOST_STRETCHES: usize = 1000;

/// Why there is no answer about a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The tenant has nothing recorded.
    #[error("presence is not recorded")]
    NotRecorded,
    /// The log begins later, or the moment has not come.
    #[error("the log reaches from {from} to now")]
    OutOfReach {
        /// The first moment about which there are answers.
        from: Timestamp,
    },
}

/// What undoes one change.
#[derive(Debug)]
enum Undo {
    /// A claim came that had not been there.
    Take(ClaimKind, Box<str>, Box<str>),
    /// A claim was replaced or went.
    Put(Box<Claim>),
    /// The tenant's rules were these.
    Rules(Box<PresenceRules>),
}

/// A change of one contact's claims, or of the rules.
#[derive(Debug)]
struct Change {
    at: Timestamp,
    contact: Option<ContactId>,
    undo: Undo,
}

/// The changes of one tenant, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Log {
    changes: VecDeque<Change>,
    // The first moment about which it knows; absent while nothing is recorded.
    from: Option<Timestamp>,
}

impl Log {
    /// Records from now on, or forgets everything.
    pub(super) fn record(&mut self, is_recorded: bool, now: Timestamp) {
        if !is_recorded {
            *self = Self::default();
        } else if self.from.is_none() {
            self.from = Some(now);
        }
    }

    /// Knows nothing of before `now`: what the book held then was not what was so.
    pub(super) fn begin(&mut self, now: Timestamp) {
        self.changes.clear();
        self.from = self.from.map(|_| now);
    }

    /// Writes changes of a contact's claims down.
    pub(super) fn of(&mut self, contact: ContactId, now: Timestamp) -> Trail<'_> {
        Trail { log: self, contact, now }
    }

    /// The rules were others until now.
    pub(super) fn rules(&mut self, before: PresenceRules, now: Timestamp) {
        self.push(Change { at: now, contact: None, undo: Undo::Rules(Box::new(before)) });
    }

    /// Nothing is known of contacts that are gone. All at once, for the whole log is gone through.
    pub(super) fn forget(&mut self, gone: &HashSet<ContactId>) {
        if !gone.is_empty() {
            self.changes.retain(|change| change.contact.is_none_or(|contact| !gone.contains(&contact)));
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.changes.len()
    }

    fn push(&mut self, change: Change) {
        let Some(from) = &mut self.from else { return };
        // Where the clock stepped back, it is no order any more: the log begins anew.
        if self.changes.back().is_some_and(|last| change.at < last.at) {
            self.changes.clear();
            *from = change.at;
        }
        let day = change.at.minus(KEPT);
        while let Some(oldest) = self.changes.front()
            && (self.changes.len() >= MOST || oldest.at < day)
        {
            *from = oldest.at;
            self.changes.pop_front();
        }
        self.changes.push_back(change);
    }

    /// The first moment about which there are answers at `now`.
    pub(super) fn reach(&self, now: Timestamp) -> Result<Timestamp, NoAnswer> {
        let from = self.from.ok_or(NoAnswer::NotRecorded)?;
        Ok(from.max(now.minus(KEPT)))
    }

    /// What changed about these contacts.
    pub(super) fn history(&self, contacts: &[ContactId], now: Timestamp) -> Result<History<'_>, NoAnswer> {
        let from = self.reach(now)?;
        let contacts: HashSet<ContactId> = contacts.iter().copied().collect();
        let is_about = |change: &&Change| change.contact.is_none_or(|about| contacts.contains(&about));
        let changes = self.changes.iter().rev().filter(is_about).take_while(|change| change.at >= from);
        Ok(History { from, now, changes: changes.collect() })
    }
}

/// What changed about some contacts, newest first.
pub(super) struct History<'a> {
    pub(super) from: Timestamp,
    now: Timestamp,
    changes: Vec<&'a Change>,
}

impl History<'_> {
    /// What was so at `at`, from what is so now.
    pub(super) fn at(&self, mut past: Past, at: Timestamp) -> Result<Past, NoAnswer> {
        if at < self.from || at > self.now {
            return Err(NoAnswer::OutOfReach { from: self.from });
        }
        self.changes.iter().take_while(|change| change.at > at).for_each(|change| past.undo(change));
        Ok(past)
    }

    /// Has every stretch of time in which nothing changed looked at, newest first: when it begins and ends, and
    /// what was so in it. Says since when that is all.
    pub(super) fn walk(&self, mut past: Past, mut look: impl FnMut(Timestamp, Timestamp, &Past)) -> Timestamp {
        let mut end = self.now.plus(Duration::from_millis(1));
        let mut stretches = 0;
        for changes in self.changes.chunk_by(|one, next| one.at == next.at) {
            let Some(begin) = changes.first().map(|change| change.at) else { continue };
            if stretches == MOST_STRETCHES {
                return end;
            }
            look(begin, end, &past);
            for change in changes {
                past.undo(change);
            }
            (end, stretches) = (begin, stretches + 1);
        }
        look(self.from, end, &past);
        self.from
    }
}

/// What was so, while it is worked out.
pub(super) struct Past {
    claims: HashMap<ContactId, Vec<Claim>>,
    rules: PresenceRules,
}

impl Past {
    /// It begins with what is so now.
    pub(super) fn new<'a>(now: impl Iterator<Item = (ContactId, &'a [Claim])>, rules: &PresenceRules) -> Self {
        Self { claims: now.map(|(contact, claims)| (contact, claims.to_vec())).collect(), rules: rules.clone() }
    }

    pub(super) fn rules(&self) -> &PresenceRules {
        &self.rules
    }

    pub(super) fn claims(&self, contact: ContactId) -> &[Claim] {
        self.claims.get(&contact).map(Vec::as_slice).unwrap_or_default()
    }

    /// The same as it was at `at`: what was heard since had not been heard, and said the same, or it would have
    /// been undone.
    pub(super) fn as_of(&self, at: Timestamp) -> Self {
        let as_of = |claim: &Claim| Claim { heard_at: claim.heard_at.min(at), ..claim.clone() };
        let claims = self.claims.iter().map(|(contact, claims)| (*contact, claims.iter().map(as_of).collect()));
        Self { claims: claims.collect(), rules: self.rules.clone() }
    }

    fn undo(&mut self, change: &Change) {
        let (Some(contact), undo) = (change.contact, &change.undo) else {
            if let Undo::Rules(rules) = &change.undo {
                self.rules = (**rules).clone();
            }
            return;
        };
        let claims = self.claims.entry(contact).or_default();
        match undo {
            Undo::Take(kind, source, device) => claims.retain(|claim| claim.slot() != (*kind, source, device)),
            Undo::Put(claim) => {
                claims.retain(|held| held.slot() != claim.slot());
                claims.push((**claim).clone());
            }
            Undo::Rules(_) => {}
        }
    }
}

/// Where changes of one contact's claims are written down.
pub(super) struct Trail<'a> {
    log: &'a mut Log,
    contact: ContactId,
    now: Timestamp,
}

impl Trail<'_> {
    /// A claim came, and in its slot there was none.
    pub(super) fn came(&mut self, claim: &Claim) {
        self.push(|| Undo::Take(claim.kind, claim.source.as_str().into(), claim.device.as_str().into()));
    }

    /// A claim went, or another one is in its slot.
    pub(super) fn went(&mut self, claim: &Claim) {
        self.push(|| Undo::Put(Box::new(claim.clone())));
    }

    /// One claim took another's place. `is_live` as long as the old one had counted until then.
    pub(super) fn replaced(&mut self, before: &Claim, after: &Claim, is_live: bool) {
        if !is_live || !says_the_same(before, after) {
            self.went(before);
        }
    }

    fn push(&mut self, undo: impl FnOnce() -> Undo) {
        if self.log.from.is_some() {
            self.log.push(Change { at: self.now, contact: Some(self.contact), undo: undo() });
        }
    }
}

/// Whether nothing but the times of the two differs, so that one stands for both.
fn says_the_same(one: &Claim, other: &Claim) -> bool {
    let said = |claim: &Claim| {
        let marks = (claim.is_out_of_office, claim.is_tentative, claim.is_ringing, claim.is_repeated);
        (claim.availability, claim.activity, marks, claim.since)
    };
    said(one) == said(other) && one.custom == other.custom
}
