//! What a contact showed at a moment of the last day, worked out by the same merge as what it shows now.

use directory_model::id::{ContactId, TenantId};
use directory_model::presence::{Availability, ClaimKind};
use directory_model::timestamp::Timestamp;
use serde::Serialize;

use super::Book;
use super::log::{NoAnswer, Past};
use super::tenant::TenantBook;
use crate::merge::Rule;
use crate::why::{Subject, Why, why};

/// From `at` on a contact showed this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PastState {
    /// From when on.
    pub at: Timestamp,
    /// What it showed.
    pub availability: Availability,
    /// The kind of claim that decided.
    #[schema(required)]
    pub decided_by: Option<ClaimKind>,
    /// The rule that won.
    pub rule: Rule,
}

/// How many turns that nobody said, such as expiries, are followed between two changes.
const MOST_TURNS: usize = 64;

impl Book {
    /// Why a contact's presence was at `at` what it was, a service's by those who staff it now.
    pub fn why_at(&self, tenant: TenantId, contact: ContactId, at: Timestamp) -> Result<Why, NoAnswer> {
        let now = self.clock.now();
        let state = self.read();
        state.tenants.get(&tenant).ok_or(NoAnswer::NotRecorded)?.why_at(contact, at, now)
    }

    /// What a contact showed in the last day, oldest first, and since when that is known.
    pub fn past(&self, tenant: TenantId, contact: ContactId) -> Result<(Timestamp, Vec<PastState>), NoAnswer> {
        let now = self.clock.now();
        let state = self.read();
        state.tenants.get(&tenant).ok_or(NoAnswer::NotRecorded)?.past(contact, now)
    }
}

impl TenantBook {
    /// What is so now of everybody on whom the contact's presence depends.
    fn present(&self, speakers: &[ContactId]) -> Past {
        Past::new(speakers.iter().map(|id| (*id, self.claims_of(*id))), self.rules())
    }

    fn why_at(&self, contact: ContactId, at: Timestamp, now: Timestamp) -> Result<Why, NoAnswer> {
        let speakers = self.speakers(contact);
        let past = self.log.history(&speakers, now)?.at(self.present(&speakers), at)?.as_of(at);
        let is_hybrid = self.is_hybrid(contact);
        let subject = Subject { contact, claims: past.claims(contact), rules: past.rules(), is_hybrid };
        let others = |of| past.claims(of);
        let staff = self.staff_part(contact, subject.claims, past.rules(), others, at);
        Ok(Why { staff, ..why(subject, at, |claims, at| self.shows(contact, claims, past.rules(), others, at)) })
    }

    fn past(&self, contact: ContactId, now: Timestamp) -> Result<(Timestamp, Vec<PastState>), NoAnswer> {
        let speakers = self.speakers(contact);
        let mut stretches = Vec::new();
        let history = self.log.history(&speakers, now)?;
        let from = history.walk(self.present(&speakers), |begin, end, past| {
            stretches.push(self.follow(contact, (begin, end), past));
        });
        let mut states: Vec<PastState> = Vec::new();
        for state in stretches.into_iter().rev().flatten() {
            let shown = |state: &PastState| (state.availability, state.decided_by, state.rule);
            if states.last().is_none_or(|last| shown(last) != shown(&state)) {
                states.push(state);
            }
        }
        Ok((from, states))
    }

    /// What the contact showed from `begin` until before `end`, in which nobody said anything.
    fn follow(&self, contact: ContactId, (begin, end): (Timestamp, Timestamp), past: &Past) -> Vec<PastState> {
        let mut states = Vec::new();
        let mut next = Some(begin);
        while let Some(at) = next.filter(|at| *at < end && states.len() < MOST_TURNS) {
            let past = past.as_of(at);
            let others = |of| past.claims(of);
            let (presence, rule) = self.shows(contact, past.claims(contact), past.rules(), others, at);
            let (availability, decided_by) = (presence.availability, presence.decided_by);
            states.push(PastState { at, availability, decided_by, rule });
            next = presence.valid_until.filter(|until| *until > at);
        }
        states
    }
}

#[cfg(test)]
mod tests;
