//! What a contact shows, whichever publication shows it.

use std::collections::BTreeMap;

use directory_model::id::{ContactId, GroupId};
use directory_model::presence::rules::PresenceRules;
use directory_model::presence::{Availability, Claim, Note, Presence};
use directory_model::timestamp::Timestamp;

use super::live::Live;
use super::tenant::TenantBook;
use crate::facts::ContactFacts;
use crate::merge::{Current, Rule, merge};
use crate::reachability::{Facts, Situation, Staff, of_service, speaks_for_itself};
use crate::standing::{Standing, standing};
use crate::why::{StaffPart, StaffState, Subject, Why, why};

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
    /// When it can be contacted next by what is known, if it cannot now.
    pub next_reachable: Option<Timestamp>,
}

impl TenantBook {
    /// All that is known of a contact in service.
    pub(super) fn portrait(&self, id: ContactId, now: Timestamp) -> Option<Portrait> {
        let facts = self.contact(id).filter(|contact| !contact.flags.is_disabled)?.clone();
        let counts = |claim: &&Claim| standing(claim, self.rules(), now) == Standing::Live;
        let claims = self.claims_of(id).iter().filter(counts).cloned().collect();
        let notes = self.live(id).into_iter().flat_map(|live| live.notes(now)).cloned().collect();
        let next_reachable = self.next_reachable(&facts, now);
        Some(Portrait { facts, presence: self.presence(id, now), claims, notes, next_reachable })
    }

    /// When colleagues can contact somebody next, whom no opening hours keep from it.
    fn next_reachable(&self, contact: &ContactFacts, now: Timestamp) -> Option<Timestamp> {
        let settings = self.settings.as_ref()?;
        let staff = contact.staffed_by.map(|group| self.staff(group));
        let facts = Facts {
            contact: self.contact_rules(contact),
            claims: self.claims_of(contact.id),
            rules: self.rules(),
            staff: staff.as_deref().map_or(Staff::None, Staff::Persons),
            is_reachable_when_away: settings.is_reachable_when_away,
            tenant_modalities: &settings.modalities,
            publication_modalities: None,
            hours: None,
        };
        Situation::at(&facts, now).next_reachable(&facts)
    }

    /// The persons in service of the group. Services do not staff services.
    fn staff_of(&self, group: GroupId) -> impl Iterator<Item = ContactId> {
        let is_person = |contact: &ContactFacts| !contact.flags.is_service && !contact.flags.is_disabled;
        self.members(group).into_iter().filter(move |id| self.contact(*id).is_some_and(is_person))
    }

    /// The claims of each person in service of the group.
    pub(crate) fn staff(&self, group: GroupId) -> Vec<&[Claim]> {
        self.staff_of(group).map(|id| self.claims_of(id)).collect()
    }

    pub(super) fn claims_of(&self, id: ContactId) -> &[Claim] {
        self.live(id).map(Live::claims).unwrap_or_default()
    }

    /// On whose claims the contact's presence depends, its own first.
    pub(super) fn speakers(&self, id: ContactId) -> Vec<ContactId> {
        let service = self.contact(id).filter(|contact| contact.flags.is_service);
        let staff = service.and_then(|service| service.staffed_by).into_iter().flat_map(|group| self.staff_of(group));
        std::iter::once(id).chain(staff).collect()
    }

    /// How available a contact is, whichever publication shows it.
    pub(super) fn presence(&self, id: ContactId, now: Timestamp) -> Presence {
        self.shows(id, self.claims_of(id), self.rules(), |of| self.claims_of(of), now).0
    }

    /// What the contact would show with these claims of its own, and by which of the rules; the claims of those
    /// who staff it are what `others` says.
    pub(super) fn shows<'a>(
        &self,
        id: ContactId,
        claims: &[Claim],
        rules: &PresenceRules,
        others: impl Fn(ContactId) -> &'a [Claim],
        now: Timestamp,
    ) -> (Presence, Rule) {
        let current = Current::new(claims, rules, now);
        let decision = current.decide();
        let own = current.presence(decision);
        let Some(service) = self.contact(id).filter(|contact| contact.flags.is_service) else {
            return (own, decision.rule);
        };
        if speaks_for_itself(claims, rules, now) {
            return (own, decision.rule);
        }
        let staff = service.staffed_by.map(|group| self.staff_of(group).map(others).collect::<Vec<_>>());
        let presence = of_service(own, staff.as_deref().map_or(Staff::None, Staff::Persons), rules, now);
        let is_known = presence.availability != Availability::Unknown;
        (presence, if is_known { Rule::Service } else { decision.rule })
    }

    /// What those who staff a service show, and whether they decide what a service of which this is claimed shows.
    pub(super) fn staff_part<'a>(
        &self,
        id: ContactId,
        claims: &[Claim],
        rules: &PresenceRules,
        others: impl Fn(ContactId) -> &'a [Claim],
        now: Timestamp,
    ) -> Option<StaffPart> {
        let group = self.contact(id).filter(|contact| contact.flags.is_service)?.staffed_by?;
        let mut persons: BTreeMap<Availability, u64> = BTreeMap::new();
        for person in self.staff_of(group) {
            *persons.entry(merge(others(person), rules, now).availability).or_default() += 1;
        }
        let state = |(availability, persons)| StaffState { availability, persons };
        let decides = !speaks_for_itself(claims, rules, now);
        Some(StaffPart { group, decides, states: persons.into_iter().map(state).collect() })
    }

    /// Whether the contact is in the cloud as well.
    pub(super) fn is_hybrid(&self, id: ContactId) -> bool {
        self.contact(id).is_some_and(|facts| facts.flags.is_hybrid)
    }

    /// Why a contact's presence is what it is.
    pub(super) fn why(&self, id: ContactId, now: Timestamp) -> Why {
        let is_hybrid = self.is_hybrid(id);
        let subject = Subject { contact: id, claims: self.claims_of(id), rules: self.rules(), is_hybrid };
        let others = |of| self.claims_of(of);
        let staff = self.staff_part(id, subject.claims, self.rules(), others, now);
        Why { staff, ..why(subject, now, |claims, at| self.shows(id, claims, self.rules(), others, at)) }
    }
}
