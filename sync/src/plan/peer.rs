//! Entries of contacts that have their fields from another source: they give photos and nothing else.
//!
//! A contact has one main source, so that two directories never take turns at its fields.

use std::collections::HashSet;

use directory_model::contact::Contact;
use directory_model::record::{KnownContact, SourceRecord};
use directory_model::run::{PlanStep, RunAction};

use super::settle::{Want, Wish};
use super::steps::{aside_step, refused, step};
use super::{Candidate, Facts, Planner, Target, target};
use crate::merge;

/// By what an entry was recognized as that of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// An address of a contact made by hand, which the entry becomes the main one of.
    Address,
    /// The identity of the entry that it is a copy of.
    Origin,
    /// An address of a contact that another source speaks for; where people are looked up.
    AddressElsewhere,
}

impl Planner {
    /// Keeps an entry that is one of a contact with another main source until everything was read; gives any
    /// other one back.
    pub(super) fn take_peers(
        &mut self,
        entry: Box<SourceRecord>,
        wants: Vec<Want>,
        facts: &Facts,
    ) -> Option<(Box<SourceRecord>, Vec<Want>)> {
        let of_origin = entry.origin_id.as_ref().and_then(|id| facts.peers.get(id)).cloned().unwrap_or_default();
        let (contacts, by) = if of_origin.is_empty() {
            (self.holders_elsewhere(&wants), By::AddressElsewhere)
        } else {
            (of_origin, By::Origin)
        };
        if contacts.is_empty() {
            return Some((entry, wants));
        }
        let taken_by = contacts.first().and_then(|contact| facts.entries.get(&contact.id)).cloned();
        self.wait(Candidate { entry, contacts, wants, by, taken_by });
        None
    }

    /// The contacts that other sources speak for and that have one of the addresses, where people are looked up by
    /// these; none when a contact made by hand has one as well, which goes before.
    fn holders_elsewhere(&self, wants: &[Want]) -> Vec<KnownContact> {
        let mut contacts: Vec<KnownContact> = Vec::new();
        let holders = wants.iter().filter(|want| self.is_looking_up && want.links());
        for holder in holders.filter_map(|want| want.holder.as_ref()) {
            if !holder.is_linked {
                return Vec::new();
            }
            if contacts.iter().all(|known| known.id != holder.contact.id) {
                contacts.push(holder.contact);
            }
        }
        contacts
    }

    /// The entry that says what its contact's fields are goes on saying so under another identity: an address was
    /// exchanged for another one, where people are looked up by their addresses.
    pub(super) fn move_main(
        &mut self,
        entry: SourceRecord,
        (contact, known): (&Contact, KnownContact),
        mut wants: Vec<Want>,
        was: Vec<u8>,
    ) -> Option<PlanStep> {
        let holds = self.held(&was).cloned().map(Box::new);
        let Target { fields, action } = match target(contact, &entry.mapped, holds.as_deref()) {
            Ok(target) => target,
            Err(refusals) => return aside_step(refused(entry, Some(known), refusals)),
        };
        let (held, kept): (HashSet<_>, HashSet<_>) =
            (contact.fields.keys().into_iter().collect(), fields.keys().into_iter().collect());
        wants.retain(|want| kept.contains(&want.key) && !held.contains(&want.key));
        let frees = held.difference(&kept).map(|key| (contact.id, key.clone())).collect();
        let changes = merge::changes(&contact.fields, &fields);
        let action = action.unwrap_or(RunAction::Update);
        self.tally.removals += u64::from(action == RunAction::Disable);
        let step = PlanStep { holds, was: Some(was), ..step(action, entry, Some(known), changes) };
        self.places.place(Wish { step, wants, frees, name: fields.shown_name() })
    }

    /// The entry is its contact's no more, which it gave a photo alone: somebody else has its addresses now.
    pub(crate) fn forget(&mut self, id: &[u8]) {
        self.known.remove(id);
    }

    /// Whether an entry of this source is surely not there any more, or, where people are looked up, was not found by
    /// anything that is known of its contact.
    pub(super) fn has_left(&self, id: &[u8]) -> bool {
        if self.is_looking_up {
            return self.known.get(id).is_none_or(|known| !known.is_seen);
        }
        self.known.get(id).is_some_and(|known| !known.is_seen && (known.is_gone || !self.leaves_absent))
    }
}
