//! What a contact shows, whichever publication shows it.

use directory_model::id::{ContactId, GroupId};
use directory_model::presence::{Availability, Claim, Note, Presence};
use directory_model::timestamp::Timestamp;

use super::live::Live;
use super::tenant::TenantBook;
use crate::facts::ContactFacts;
use crate::merge::{Current, Rule};
use crate::reachability::{Staff, of_service, speaks_for_itself};
use crate::standing::{Standing, standing};
use crate::why::{Subject, Why, why};

/// All that is known of a contact at one moment.
#[derive(Debug, Clone)]
pub struct Portrait {
    /// What it is called and how it is reached.
    pub facts: ContactFacts,
    /// How available it is.
    pub presence: Presence,
    /// The claims that count.
    pub claims: Vec<Claim>,
    /// The notes that count, first the one to show.
    pub notes: Vec<Note>,
}

impl TenantBook {
    /// All that is known of a contact in service.
    pub(super) fn portrait(&self, id: ContactId, now: Timestamp) -> Option<Portrait> {
        let facts = self.contact(id).filter(|contact| !contact.flags.is_disabled)?.clone();
        let counts = |claim: &&Claim| standing(claim, self.rules(), now) == Standing::Live;
        let claims = self.claims_of(id).iter().filter(counts).cloned().collect();
        let notes = self.live(id).into_iter().flat_map(|live| live.notes(now)).cloned().collect();
        Some(Portrait { facts, presence: self.presence(id, now), claims, notes })
    }

    /// The claims of each person in service of the group. Services do not staff services.
    pub(crate) fn staff(&self, group: GroupId) -> Vec<&[Claim]> {
        let is_person = |contact: &ContactFacts| !contact.flags.is_service && !contact.flags.is_disabled;
        let persons = self.members(group).into_iter().filter(|id| self.contact(*id).is_some_and(is_person));
        persons.map(|id| self.claims_of(id)).collect()
    }

    fn claims_of(&self, id: ContactId) -> &[Claim] {
        self.live(id).map(Live::claims).unwrap_or_default()
    }

    /// How available a contact is, whichever publication shows it.
    pub(super) fn presence(&self, id: ContactId, now: Timestamp) -> Presence {
        self.with_claims(id, self.claims_of(id), now).0
    }

    /// What the contact would show with these claims, and by which rule.
    fn with_claims(&self, id: ContactId, claims: &[Claim], now: Timestamp) -> (Presence, Rule) {
        let rules = self.rules();
        let current = Current::new(claims, rules, now);
        let decision = current.decide();
        let own = current.presence(decision);
        let Some(service) = self.contact(id).filter(|contact| contact.flags.is_service) else {
            return (own, decision.rule);
        };
        if speaks_for_itself(claims, rules, now) {
            return (own, decision.rule);
        }
        let staff = service.staffed_by.map(|group| self.staff(group));
        let presence = of_service(own, staff.as_deref().map_or(Staff::None, Staff::Persons), rules, now);
        let is_known = presence.availability != Availability::Unknown;
        (presence, if is_known { Rule::Service } else { decision.rule })
    }

    /// Why a contact's presence is what it is.
    pub(super) fn why(&self, id: ContactId, now: Timestamp) -> Why {
        let subject = Subject { contact: id, claims: self.claims_of(id), rules: self.rules() };
        why(subject, now, |claims, at| self.with_claims(id, claims, at))
    }
}
