//! What is claimed and noted about one contact.

use directory_model::presence::{Claim, ClaimKind, Note};
use directory_model::timestamp::Timestamp;

/// How many sources and devices may speak about one contact.
pub(super) const MAX_CLAIMS: usize = 64;

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

/// The claims and notes of one contact.
#[derive(Debug, Default)]
pub(crate) struct Live {
    claims: Vec<Claim>,
    /// The first claim is the stored one; sources do not replace it.
    is_first_stored: bool,
    notes: Vec<Note>,
    /// The earliest moment for which the book was asked to look here again.
    pub(super) wake: Option<Timestamp>,
}

impl Live {
    /// Every claim that is held, expired ones included until they are swept.
    pub(crate) fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The note to show at `now`.
    pub(crate) fn note(&self, now: Timestamp) -> Option<&Note> {
        self.notes.iter().find(|note| note.expires_at.is_none_or(|end| now < end))
    }

    /// The claims that sources made, without the stored one.
    pub(super) fn offered(&self) -> &[Claim] {
        self.claims.get(usize::from(self.is_first_stored)..).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.notes.is_empty()
    }

    pub(super) fn offer(&mut self, mut claim: Claim, now: Timestamp) -> Offer {
        if !claim.counts_at(now) {
            return Offer::Expired;
        }
        if claim.expires_at.is_none() && claim.kind != ClaimKind::Manual {
            return Offer::Endless;
        }
        let is_full = self.offered().len() >= MAX_CLAIMS;
        let offered = self.claims.get_mut(usize::from(self.is_first_stored)..).unwrap_or_default();
        match offered.iter_mut().find(|held| held.slot() == claim.slot()) {
            Some(held) if held.counts_at(now) && held.version >= claim.version => Offer::Older,
            Some(held) => {
                // Repeating a state does not make it younger.
                let says = |claim: &Claim| (claim.availability, claim.activity);
                if held.counts_at(now) && says(held) == says(&claim) && held.custom == claim.custom {
                    claim.since = claim.since.min(held.since);
                }
                *held = claim;
                Offer::Accepted
            }
            None if is_full => Offer::TooMany,
            None => {
                // Most contacts have one claim or two; room for four would be most of the memory.
                self.claims.reserve_exact(1);
                self.claims.push(claim);
                Offer::Accepted
            }
        }
    }

    /// Replaces the stored claim and the notes.
    pub(super) fn store(&mut self, manual: Option<Claim>, notes: Vec<Note>) {
        if std::mem::replace(&mut self.is_first_stored, manual.is_some()) {
            self.claims.remove(0);
        }
        if let Some(manual) = manual {
            self.claims.insert(0, manual);
        }
        self.notes = notes;
    }

    /// Drops what has expired.
    pub(super) fn sweep(&mut self, now: Timestamp) {
        self.is_first_stored &= self.claims.first().is_some_and(|claim| claim.counts_at(now));
        self.claims.retain(|claim| claim.counts_at(now));
        self.notes.retain(|note| note.expires_at.is_none_or(|end| now < end));
    }

    /// When something expires next.
    pub(super) fn next_end(&self) -> Option<Timestamp> {
        let claims = self.claims.iter().filter_map(|claim| claim.expires_at);
        claims.chain(self.notes.iter().filter_map(|note| note.expires_at)).min()
    }
}
