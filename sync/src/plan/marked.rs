//! What is noted of entries besides what they said: the planner obeys it, and says what of it is over.

use directory_model::contact::{Contact, DisabledBy};
use directory_model::record::{MappedRecord, SourceRecord};
use directory_model::run::{PlanStep, RunAction};
use directory_model::timestamp::Timestamp;
use directory_model::undo::Holds;
use directory_store::source_records::{MarkChanges, Marks, Said};

use super::Planner;
use crate::{hold, merge};

/// How much is noted in one run of entries by which nothing changes; the next comparison notes the others.
const MOST_SAID: usize = 20_000;
/// The same of entries whose contacts have pinned fields, which are not to wait.
const MOST_SAID_OF_PINNED: usize = 5 * MOST_SAID;

impl Planner {
    /// Hears what is noted of the source's entries.
    pub fn heed(&mut self, marks: Marks) {
        self.marks = marks;
    }

    /// Notes that the entry is there and says `record`, or that nothing changed; what is held of it
    /// from now on stays.
    pub(super) fn sees(&mut self, id: &[u8], record: Option<&MappedRecord>) {
        if !self.marks.gone.is_empty() && self.marks.gone.remove(id).is_some() {
            self.mark_changes.returned.push(id.to_vec());
        }
        let (Some(record), Some(held)) = (record, self.marks.holds.get(id)) else { return };
        let standing = hold::standing(held, record);
        if standing != *held {
            self.mark_changes.holds.push((id.to_vec(), standing.clone()));
            self.marks.holds.insert(id.into(), standing);
        }
    }

    /// Notes what the entry says by which nothing changes of its `contact`: a pin that is let go, and a run that is
    /// taken back, go by what the source said last.
    pub(super) fn hears(&mut self, entry: SourceRecord, contact: &Contact) {
        let SourceRecord { external_id, locator, mapped, .. } = entry;
        let is_pinned = contact.provenance.values().any(|written| written.is_pinned);
        if self.has_room() || is_pinned && self.mark_changes.said.len() < MOST_SAID_OF_PINNED {
            let digest = merge::digest(&mapped, contact.revision);
            self.mark_changes.said.push(Said { external_id, locator, record: Some((Box::new(mapped), digest)) });
        }
    }

    /// Notes that the entry, which says what it said, is elsewhere.
    pub(super) fn finds(&mut self, external_id: Vec<u8>, locator: String) {
        if self.has_room() {
            self.mark_changes.said.push(Said { external_id, locator, record: None });
        }
    }

    /// Whether more may be noted of what changes nothing.
    fn has_room(&self) -> bool {
        self.mark_changes.said.len() < MOST_SAID
    }

    /// What is held of the entry.
    pub(super) fn held(&self, id: &[u8]) -> Option<&Holds> {
        self.marks.holds.get(id).filter(|holds| !holds.is_empty())
    }

    /// Whether the contact of the missing entry stays in service nevertheless.
    pub(super) fn is_kept_in_service(&self, id: &[u8]) -> bool {
        self.held(id).is_some_and(|holds| holds.in_service == Some(false))
    }

    /// The steps for contacts that are out of service because their entries have been missing since
    /// `deadline` or longer, and notes since when the others are. Ask once, after everything was read.
    pub fn overdue(&mut self, now: Timestamp, deadline: Timestamp) -> Vec<PlanStep> {
        if self.keeps_absent() {
            return Vec::new();
        }
        let mut steps = Vec::new();
        for (id, known) in &self.known {
            let is_out = known.contact.disabled_by == Some(DisabledBy::Sync);
            let is_kept = self.marks.holds.get(id).is_some_and(|holds| holds.is_kept);
            if known.is_seen || known.is_extra || !is_out || is_kept {
                continue;
            }
            let since = self.marks.gone.get(id).copied();
            if since.unwrap_or(now) <= deadline {
                let step = PlanStep::new(RunAction::Remove, String::new());
                steps.push(PlanStep { external_id: Some(id.to_vec()), contact: Some(known.contact), ..step });
            } else if since.is_none() {
                self.mark_changes.missing.push(id.to_vec());
            }
        }
        steps.sort_by(|one, other| one.external_id.cmp(&other.external_id));
        self.tally.removals += steps.len() as u64;
        steps
    }

    /// What is to be noted of the source's entries from now on.
    pub fn mark_changes(&mut self) -> MarkChanges {
        std::mem::take(&mut self.mark_changes)
    }
}
