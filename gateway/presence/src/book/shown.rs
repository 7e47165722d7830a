//! What a contact shows, whichever publication shows it.

use directory_model::id::{ContactId, GroupId};
use directory_model::presence::{Availability, Claim, Presence};
use directory_model::timestamp::Timestamp;

use super::live::Live;
use super::tenant::TenantBook;
use crate::facts::ContactFacts;
use crate::merge::{Current, Rule};
use crate::reachability::{Staff, of_service, speaks_for_itself};
use crate::why::{Subject, Why, why};

impl TenantBook {
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
        let is_hybrid = self.contact(id).is_some_and(|facts| facts.flags.is_hybrid);
        let subject = Subject { contact: id, claims: self.claims_of(id), rules: self.rules(), is_hybrid };
        why(subject, now, |claims, at| self.with_claims(id, claims, at))
    }
}
