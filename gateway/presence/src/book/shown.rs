//! What a contact shows, whichever publication shows it.

use directory_model::id::{ContactId, GroupId};
use directory_model::presence::{Claim, Presence};
use directory_model::timestamp::Timestamp;

use super::live::Live;
use super::tenant::TenantBook;
use crate::facts::ContactFacts;
use crate::merge::{Rule, merge};
use crate::reachability::{Staff, of_service};
use crate::why::{Why, why};

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
        let claims = self.claims_of(id);
        let own = merge(claims, now);
        let Some(service) = self.contact(id).filter(|contact| contact.flags.is_service) else { return own };
        if claims.iter().any(|claim| claim.counts_at(now)) {
            return own;
        }
        let staff = service.staffed_by.map(|group| self.staff(group));
        of_service(own, staff.as_deref().map_or(Staff::None, Staff::Persons), now)
    }

    /// Why a contact's presence is what it is.
    pub(super) fn why(&self, id: ContactId, now: Timestamp) -> Why {
        let why = why(self.claims_of(id), now);
        let presence = self.presence(id, now);
        if presence == why.presence {
            return why;
        }
        Why { rule: Rule::Service, presence, ..why }
    }
}
