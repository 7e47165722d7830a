//! Pure: what it takes to take a run back, line by line.
//!
//! What the run wrote becomes what it was, where nobody changed it since: a field that somebody or a
//! later run changed is listed and left. What the source still says is held from then on, so that the
//! next run does not write it again before the source says something else.

pub(crate) mod apply;
mod group;

use std::collections::{HashMap, HashSet};

use directory_model::avatar::PictureHash;
use directory_model::contact::{Contact, ContactFields, DisabledBy, Provenance, SyncedField};
use directory_model::id::{ContactId, RunId};
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{KnownContact, MappedRecord};
use directory_model::run::{FieldChange, PlanStep, RunAction};
use directory_model::undo::{Holds, Removed, Reversal, TakenBack};
use directory_model::valid::Check;
use directory_store::groups::undone::GroupNow;
use directory_store::source_records::refused_value;
use directory_store::sync_runs::Line;

use crate::hold;

/// What the store says about the contacts of some lines.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The contacts, as far as they are there.
    pub(crate) contacts: HashMap<ContactId, Contact>,
    /// The entries of the source that they belong to, and what these said last.
    pub(crate) said: HashMap<ContactId, (Vec<u8>, MappedRecord)>,
    /// Those of them that somebody has begun to use.
    pub(crate) in_use: HashSet<ContactId>,
    /// The photos that they have from a directory.
    pub(crate) photos: HashMap<ContactId, PictureHash>,
    /// The mirrored groups, by what identifies them.
    pub(crate) groups: HashMap<Vec<u8>, GroupNow>,
}

/// What becomes of one line.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// What is done, if anything is left to do.
    pub(crate) step: Option<PlanStep>,
    /// What the contact then is; `None` when it is removed or its fields stay.
    pub(crate) fields: Option<ContactFields>,
    /// A line for everything that stays.
    pub(crate) left: Vec<PlanStep>,
}

/// Takes back one line of the record of `run`.
pub(crate) fn take_back(run: RunId, line: &Line, facts: &Facts) -> Taken {
    if let (Some(deed), Some(external_id)) = (&line.reversal.group, &line.reversal.entry) {
        return group::take_back(line, external_id, deed, &facts.groups);
    }
    let Some(id) = line.entry.contact else { return Taken::default() };
    let undoing = Undoing { run, line, id, facts };
    match line.entry.action {
        RunAction::Create => undoing.created(),
        RunAction::Update | RunAction::Link | RunAction::Disable | RunAction::Enable => undoing.changed(),
        RunAction::SetPhoto | RunAction::RemovePhoto => undoing.photo(),
        RunAction::Remove => undoing.removed(),
        RunAction::CreateGroup
        | RunAction::RenameGroup
        | RunAction::RemoveGroup
        | RunAction::JoinGroup
        | RunAction::LeaveGroup
        | RunAction::SetAside
        | RunAction::NotFound
        | RunAction::Unlink
        | RunAction::Restore => Taken::default(),
    }
}

struct Undoing<'a> {
    run: RunId,
    line: &'a Line,
    id: ContactId,
    facts: &'a Facts,
}

/// What a contact becomes again, as far as it was decided.
struct Back<'a> {
    contact: &'a Contact,
    fields: ContactFields,
    disabled_by: Option<DisabledBy>,
    changes: Vec<FieldChange>,
    reversal: Reversal,
    holds: Holds,
}

impl Undoing<'_> {
    fn step(&self, action: RunAction, contact: KnownContact, undo: TakenBack) -> PlanStep {
        PlanStep {
            contact: Some(contact),
            external_id: self.facts.said.get(&self.id).map(|(external_id, _)| external_id.clone()),
            undo: Some(Box::new(undo)),
            ..PlanStep::new(action, self.line.entry.locator.clone())
        }
    }

    fn left(&self, field: &str, value: &str, rule: Rule) -> PlanStep {
        let disabled_by = self.facts.contacts.get(&self.id).and_then(|contact| contact.disabled_by);
        let revision = self.facts.contacts.get(&self.id).map_or(0, |contact| contact.revision);
        PlanStep {
            contact: Some(KnownContact { id: self.id, revision, disabled_by }),
            reason: Some(Invalid::new(field.to_owned(), value, rule)),
            ..PlanStep::new(RunAction::SetAside, self.line.entry.locator.clone())
        }
    }

    fn only_left(&self, field: &str, value: &str, rule: Rule) -> Taken {
        Taken { left: vec![self.left(field, value, rule)], ..Taken::default() }
    }

    /// The entry as a whole, as it is refused from now on.
    fn refused_entry(&self) -> Holds {
        let said = self.facts.said.get(&self.id);
        Holds { entry: said.map(|(_, record)| hold::of_entry(record)), ..Holds::default() }
    }

    fn created(&self) -> Taken {
        // Whoever removed it already has done the same.
        let Some(contact) = self.facts.contacts.get(&self.id) else { return Taken::default() };
        if contact.revision != 1 || self.facts.in_use.contains(&self.id) {
            return self.only_left("contact", &contact.fields.shown_name(), Rule::ChangedMeanwhile);
        }
        let undo = TakenBack { holds: self.refused_entry(), ..TakenBack::default() };
        Taken { step: Some(self.step(RunAction::Remove, known(contact), undo)), ..Taken::default() }
    }

    fn changed(&self) -> Taken {
        let Some(contact) = self.facts.contacts.get(&self.id) else {
            return self.only_left("contact", &self.id.to_string(), Rule::Unknown);
        };
        let is_link = self.line.entry.action == RunAction::Link;
        if is_link {
            let now = self.facts.said.get(&self.id).map(|(external_id, _)| external_id);
            if now.is_none() {
                return Taken::default();
            }
            if now != self.line.reversal.entry.as_ref() {
                return self.only_left("contact", &contact.fields.shown_name(), Rule::ChangedMeanwhile);
            }
        }
        let mut left = Vec::new();
        let mut back = Back {
            contact,
            fields: contact.fields.clone(),
            disabled_by: contact.disabled_by,
            changes: Vec::new(),
            reversal: Reversal::default(),
            holds: Holds::default(),
        };
        self.fields(&mut back, &mut left);
        self.filled(&mut back, &mut left);
        let has_moved = self.service(&mut back, &mut left);
        if is_link {
            back.holds = self.refused_entry();
        } else if back.changes.is_empty() && back.reversal.is_empty() {
            return Taken { left, ..Taken::default() };
        }
        let action = match (is_link, has_moved, back.disabled_by) {
            (true, ..) => RunAction::Unlink,
            (false, true, None) => RunAction::Enable,
            (false, true, Some(_)) => RunAction::Disable,
            (false, false, _) => RunAction::Update,
        };
        back.fields.is_disabled = back.disabled_by.is_some();
        if let Err(refusals) = back.fields.clone().check() {
            let reason = refusals.into_iter().next();
            let step = self.left("contact", "", Rule::ChangedMeanwhile);
            left.push(PlanStep { reason: reason.or(step.reason.clone()), ..step });
            return Taken { left, ..Taken::default() };
        }
        let undo = TakenBack { reversal: back.reversal, holds: back.holds };
        let step = PlanStep { changes: back.changes, ..self.step(action, known(contact), undo) };
        Taken { step: Some(step), fields: Some(back.fields), left }
    }

    /// The synchronised fields, and where they came from.
    fn fields(&self, back: &mut Back<'_>, left: &mut Vec<PlanStep>) {
        let reversal = &self.line.reversal;
        for change in &self.line.entry.changes {
            let (field, now) = (change.field, change.field.of(&back.contact.fields));
            if *now == change.old {
                continue;
            }
            let from = back.contact.provenance.get(&field);
            let is_ours = from.map_or(change.new.is_none(), |from| self.wrote(from));
            if *now != change.new || !is_ours {
                left.push(self.left(field.name(), now.as_deref().unwrap_or_default(), Rule::ChangedMeanwhile));
                continue;
            }
            field.of_mut(&mut back.fields).clone_from(&change.old);
            back.changes.push(FieldChange { field, old: now.clone(), new: change.old.clone() });
            // The source may say something else by now, which a run was not to write either.
            let said = self.facts.said.get(&self.id).map(|(_, record)| record.synced(field));
            let said = said.unwrap_or(change.new.as_deref());
            back.holds.fields.insert(field, refused_value(said));
            self.provenance(back, field);
        }
        let is_changed = |field: SyncedField| self.line.entry.changes.iter().any(|change| change.field == field);
        for field in reversal.provenance.keys().filter(|field| !is_changed(**field)) {
            if back.contact.provenance.get(field).is_some_and(|from| self.wrote(from)) {
                self.provenance(back, *field);
            }
        }
    }

    fn provenance(&self, back: &mut Back<'_>, field: SyncedField) {
        if let Some(before) = self.line.reversal.provenance.get(&field) {
            back.reversal.provenance.insert(field, before.clone());
        }
    }

    fn wrote(&self, from: &Provenance) -> bool {
        from.run == Some(self.run) && !from.is_pinned
    }

    /// The fields that were filled when the contact was linked.
    fn filled(&self, back: &mut Back<'_>, left: &mut Vec<PlanStep>) {
        for (field, value) in &self.line.reversal.filled {
            match field.of(&back.contact.fields) {
                Some(now) if now == value => {
                    *field.of_mut(&mut back.fields) = None;
                    back.reversal.filled.insert(*field, value.clone());
                }
                Some(now) => left.push(self.left(field.name(), now, Rule::ChangedMeanwhile)),
                None => {}
            }
        }
    }

    /// Whether the contact is in service; says whether that changes.
    fn service(&self, back: &mut Back<'_>, left: &mut Vec<PlanStep>) -> bool {
        let Some(before) = self.line.reversal.service else { return false };
        let now = back.contact.disabled_by;
        let written = match self.line.entry.action {
            RunAction::Enable => None,
            _ => Some(DisabledBy::Sync),
        };
        if now == before.disabled_by {
            return false;
        }
        if now != written {
            let value = if now.is_some() { "true" } else { "false" };
            left.push(self.left("is_disabled", value, Rule::ChangedMeanwhile));
            return false;
        }
        back.disabled_by = before.disabled_by;
        back.reversal.service = Some(before);
        back.holds.in_service = Some(written.is_none());
        true
    }

    fn photo(&self) -> Taken {
        let (Some(contact), Some(photo)) = (self.facts.contacts.get(&self.id), &self.line.reversal.photo) else {
            return Taken::default();
        };
        let now = self.facts.photos.get(&self.id).copied();
        let before = photo.before.as_ref().map(|before| before.large);
        if now == before {
            return Taken::default();
        }
        if now != photo.given || !self.facts.said.contains_key(&self.id) {
            return self.only_left("photo", "", Rule::ChangedMeanwhile);
        }
        let action = if before.is_some() { RunAction::SetPhoto } else { RunAction::RemovePhoto };
        let reversal = Reversal { photo: Some(photo.clone()), ..Reversal::default() };
        let undo = TakenBack { reversal, holds: Holds::default() };
        Taken { step: Some(self.step(action, known(contact), undo)), ..Taken::default() }
    }

    fn removed(&self) -> Taken {
        let Some(removed) = self.line.reversal.removed.as_deref() else { return Taken::default() };
        if self.facts.contacts.contains_key(&self.id) {
            return Taken::default();
        }
        let Removed { revision, disabled_by, .. } = *removed;
        let reversal = Reversal { removed: Some(Box::new(removed.clone())), ..Reversal::default() };
        let undo = TakenBack { reversal, holds: Holds { is_kept: true, ..Holds::default() } };
        let step = self.step(RunAction::Restore, KnownContact { id: self.id, revision, disabled_by }, undo);
        let step = PlanStep { external_id: removed.external_id.clone(), ..step };
        Taken { step: Some(step), fields: Some(removed.fields.clone()), left: Vec::new() }
    }
}

fn known(contact: &Contact) -> KnownContact {
    KnownContact { id: contact.id, revision: contact.revision, disabled_by: contact.disabled_by }
}
