//! What is claimed and noted about one contact.

use std::time::Duration;

use directory_model::presence::rules::{ManualReset, PresenceRules};
use directory_model::presence::{Availability, Claim, ClaimKind, Note, NoteKind, SourceNotes};
use directory_model::timestamp::Timestamp;

use super::log::Trail;
use crate::merge::occupies;
use crate::standing::{Standing, in_time, next_change, standing};

/// How many sources and devices may speak about one contact.
pub(super) const MAX_CLAIMS: usize = 64;
/// How many devices of one source may, so that no source leaves the others without room.
pub(super) const MAX_DEVICES: usize = 16;

/// What ends another claim too late counts for so long, because it has to count to be held.
const AT_ONCE: Duration = Duration::from_millis(1);
/// How many sources may note something beside one contact's state.
const MAX_NOTING: usize = 16;

/// What became of a claim that was offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It is held now.
    Accepted,
    /// A claim of the same source and device with this or a later version is held.
    Older,
    /// It had expired when it came.
    Expired,
    /// It has no expiry, which only manual claims may lack.
    Endless,
    /// Too many sources and devices speak about the contact already.
    TooMany,
    /// There is no such tenant.
    UnknownTenant,
}

/// The own word that the tenant's rules took back, until the store has forgotten it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reset {
    /// Its version.
    pub version: i64,
    /// When it was given.
    pub since: Timestamp,
}

/// The claims and notes of one contact.
#[derive(Debug, Default)]
pub(crate) struct Live {
    claims: Vec<Claim>,
    /// How many of the first claims are stored ones; sources do not replace these.
    stored: usize,
    notes: Vec<Note>,
    /// What sources note, one of each.
    noted: Vec<SourceNotes>,
    reset: Option<Reset>,
    /// The earliest moment for which the book was asked to look here again.
    pub(super) wake: Option<Timestamp>,
}

impl Live {
    /// Every claim that is held, expired ones included until they are swept.
    pub(crate) fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The note that visitors see at `now`: the latest personal one, or while the person is out of
    /// office the latest about that.
    pub(crate) fn note(&self, is_out_of_office: bool, now: Timestamp) -> Option<&Note> {
        let of_kind = |kind| {
            let mut notes = self.notes.iter().filter(move |note| note.kind == kind);
            notes.find(|note| note.expires_at.is_none_or(|end| now < end))
        };
        let absence = || of_kind(NoteKind::OutOfOffice).filter(|_| is_out_of_office);
        absence().or_else(|| of_kind(NoteKind::Personal))
    }

    /// The notes that count at `now`, first the one to show.
    pub(super) fn notes(&self, now: Timestamp) -> impl Iterator<Item = &Note> {
        self.notes.iter().filter(move |note| note.expires_at.is_none_or(|end| now < end))
    }

    /// What sources note and counts at `now`.
    pub(super) fn noted(&self, now: Timestamp) -> impl Iterator<Item = &SourceNotes> {
        self.noted.iter().filter(move |noted| now < noted.expires_at)
    }

    /// Takes what a source notes, in the place of what it noted before.
    pub(super) fn take_notes(&mut self, notes: SourceNotes, now: Timestamp) {
        self.noted.retain(|noted| noted.source != notes.source && now < noted.expires_at);
        let notes = notes.within_limits();
        if now < notes.expires_at && !notes.notes.is_empty() && self.noted.len() < MAX_NOTING {
            self.noted.push(notes);
        }
    }

    /// The claims that sources made, without the stored ones.
    pub(super) fn offered(&self) -> &[Claim] {
        self.claims.get(self.stored..).unwrap_or_default()
    }

    /// The own word that was taken back and is still stored.
    pub(super) fn reset(&self) -> Option<Reset> {
        self.reset
    }

    pub(super) fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.notes.is_empty() && self.noted.is_empty() && self.reset.is_none()
    }

    pub(super) fn offer(
        &mut self,
        mut claim: Claim,
        rules: &PresenceRules,
        trail: &mut Trail<'_>,
        now: Timestamp,
    ) -> Offer {
        if !claim.counts_at(now) {
            if !self.is_ended_by(&claim, now) {
                return Offer::Expired;
            }
            claim.expires_at = Some(now.plus(AT_ONCE));
        }
        if claim.expires_at.is_none() && claim.kind != ClaimKind::Manual {
            return Offer::Endless;
        }
        let offered = self.claims.get_mut(self.stored..).unwrap_or_default();
        let Some(held) = offered.iter_mut().find(|held| held.slot() == claim.slot()) else {
            return self.add(claim, rules, trail, now);
        };
        let worth = in_time(held, rules, now);
        if worth == Standing::Live && held.version >= claim.version {
            return Offer::Older;
        }
        // Repeating a state does not make it younger, nor does silence in between: a source that speaks again
        // and says the same has nothing new to tell.
        let is_remembered = worth != Standing::Over;
        let says = |claim: &Claim| (claim.availability, claim.activity);
        if is_remembered && says(held) == says(&claim) && held.custom == claim.custom {
            claim.since = claim.since.min(held.since);
        }
        let ends = ends_own_word(rules, Some(&*held).filter(|_| is_remembered), &claim, now).then_some(claim.since);
        trail.replaced(held, &claim, worth == Standing::Live);
        *held = claim;
        self.end_own_word(ends, trail);
        Offer::Accepted
    }

    /// Whether the claim says, however late it comes, that nothing is known any more in the place of one that counts.
    fn is_ended_by(&self, claim: &Claim, now: Timestamp) -> bool {
        let is_end = |held: &Claim| held.slot() == claim.slot() && held.version < claim.version && held.counts_at(now);
        claim.availability == Availability::Unknown && claim.expires_at.is_some() && self.offered().iter().any(is_end)
    }

    fn add(&mut self, claim: Claim, rules: &PresenceRules, trail: &mut Trail<'_>, now: Timestamp) -> Offer {
        let is_same = |held: &Claim| held.kind == claim.kind && held.source == claim.source;
        let is_source_full = self.offered().iter().filter(|held| is_same(held)).count() >= MAX_DEVICES;
        if is_source_full || self.offered().len() >= MAX_CLAIMS {
            // Whoever speaks goes before whoever fell silent.
            let offered = self.claims.iter().enumerate().skip(self.stored);
            let silent = offered.filter(|(_, held)| in_time(held, rules, now) != Standing::Live);
            let yielding = silent.filter(|(_, held)| !is_source_full || is_same(held));
            let Some((at, _)) = yielding.min_by_key(|(_, held)| held.heard_at) else { return Offer::TooMany };
            trail.went(&self.claims.remove(at));
        }
        let ends = ends_own_word(rules, None, &claim, now).then_some(claim.since);
        trail.came(&claim);
        // Most contacts have one claim or two; room for four would be most of the memory.
        self.claims.reserve_exact(1);
        self.claims.push(claim);
        self.end_own_word(ends, trail);
        Offer::Accepted
    }

    /// Takes the own word back that had been given when something began at `since`: what had begun before
    /// somebody spoke is known to them.
    fn end_own_word(&mut self, since: Option<Timestamp>, trail: &mut Trail<'_>) {
        let Some(since) = since else { return };
        let mut stored = self.claims.iter().take(self.stored);
        if let Some(at) = stored.position(|claim| is_own_word(claim) && claim.since <= since) {
            self.take_back(at, trail);
        }
    }

    /// Takes a stored own word back, here at once and soon in the store.
    fn take_back(&mut self, at: usize, trail: &mut Trail<'_>) {
        let claim = self.claims.remove(at);
        trail.went(&claim);
        self.stored -= 1;
        self.reset = Some(Reset { version: claim.version, since: claim.since });
    }

    /// Puts back a claim of before a restart, unless nothing is to be remembered of it.
    pub(super) fn put_back(&mut self, claim: Claim, rules: &PresenceRules, now: Timestamp) -> bool {
        let is_known = self.offered().iter().any(|held| held.slot() == claim.slot());
        let is_over = in_time(&claim, rules, now) == Standing::Over;
        if is_known || is_over || self.offered().len() >= MAX_CLAIMS {
            return false;
        }
        self.claims.push(claim);
        true
    }

    /// A device is gone: its last word counts for the grace of the rules, and is then remembered like
    /// that of any source that fell silent. Whether there was such a word.
    pub(super) fn lose(
        &mut self,
        slot: (ClaimKind, &str, &str),
        rules: &PresenceRules,
        trail: &mut Trail<'_>,
        now: Timestamp,
    ) -> bool {
        let offered = self.claims.get_mut(self.stored..).unwrap_or_default();
        let is_live = |held: &Claim| in_time(held, rules, now) == Standing::Live;
        let Some(held) = offered.iter_mut().find(|held| held.slot() == slot && is_live(held)) else { return false };
        trail.went(held);
        let grace = now.plus(rules.grace());
        held.expires_at = Some(held.expires_at.map_or(grace, |end| end.min(grace)));
        held.is_repeated = true;
        true
    }

    /// Replaces the stored claims and the notes.
    pub(super) fn store(&mut self, stored: Vec<Claim>, notes: Vec<Note>, trail: &mut Trail<'_>) {
        let is_reset = |claim: &Claim| {
            let name = Reset { version: claim.version, since: claim.since };
            is_own_word(claim) && self.reset == Some(name)
        };
        let is_pending = stored.iter().any(is_reset);
        let stored: Vec<Claim> = stored.into_iter().filter(|claim| !is_reset(claim)).collect();
        if !is_pending {
            self.reset = None;
        }
        let old = std::mem::replace(&mut self.stored, stored.len());
        let held = self.claims.get(..old).unwrap_or_default();
        // In this order: where one word takes another's place, undoing it backwards ends with the old one.
        held.iter().filter(|claim| !stored.contains(claim)).for_each(|claim| trail.went(claim));
        stored.iter().filter(|claim| !held.contains(claim)).for_each(|claim| trail.came(claim));
        self.claims.splice(..old, stored);
        self.notes = notes;
    }

    /// Drops what is not remembered any more. An own word that is over by the rules alone is taken back: it
    /// would be there again after a restart, or with other rules.
    pub(super) fn sweep(&mut self, rules: &PresenceRules, trail: &mut Trail<'_>, now: Timestamp) {
        let is_overdue = |claim: &Claim| claim.counts_at(now) && in_time(claim, rules, now) == Standing::Over;
        if let Some(at) = self.claims.iter().take(self.stored).position(is_overdue) {
            self.take_back(at, trail);
        }
        let is_held = |claim: &Claim| in_time(claim, rules, now) != Standing::Over;
        self.stored = self.claims.iter().take(self.stored).filter(|claim| is_held(claim)).count();
        self.claims.retain(|claim| {
            let is_held = is_held(claim);
            if !is_held {
                trail.went(claim);
            }
            is_held
        });
        self.notes.retain(|note| note.expires_at.is_none_or(|end| now < end));
        self.noted.retain(|noted| now < noted.expires_at);
    }

    /// When something here will be worth something else.
    pub(super) fn next_end(&self, rules: &PresenceRules, now: Timestamp) -> Option<Timestamp> {
        let claims = self.claims.iter().filter_map(|claim| next_change(claim, rules, now));
        let notes = self.notes.iter().filter_map(|note| note.expires_at);
        claims.chain(notes).chain(self.noted.iter().map(|noted| noted.expires_at)).min()
    }
}

/// Whether the claim is a state that was given by hand. A profile is none: it stays until another one is selected.
fn is_own_word(claim: &Claim) -> bool {
    claim.kind == ClaimKind::Manual && !claim.is_mark()
}

/// Whether the rules say that this takes the own word back: that a source said `before`, if it is remembered, and
/// says `after` now.
fn ends_own_word(rules: &PresenceRules, before: Option<&Claim>, after: &Claim, now: Timestamp) -> bool {
    let mut resets = rules.manual_resets.iter();
    resets.any(|by| is_by(*by, rules, before, after)) && standing(after, rules, now) == Standing::Live
}

/// Whether a source that said `before`, if anything, and says `after` now is what `by` means.
fn is_by(by: ManualReset, rules: &PresenceRules, before: Option<&Claim>, after: &Claim) -> bool {
    let is_out = |claim: &Claim| claim.availability == Availability::Offline;
    let begins = occupies(after, rules) && !before.is_some_and(|before| occupies(before, rules));
    match by {
        ManualReset::SignIn => after.kind == ClaimKind::Computer && before.is_some_and(is_out) && !is_out(after),
        ManualReset::SignOut => {
            after.kind == ClaimKind::Computer && before.is_some_and(|before| !is_out(before)) && is_out(after)
        }
        ManualReset::Meeting => after.kind == ClaimKind::Calendar && begins,
        ManualReset::Call => after.kind.is_call() && begins,
    }
}
