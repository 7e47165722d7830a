//! Writes what is taken back.

use std::collections::{BTreeMap, HashMap, HashSet};

use directory_model::avatar::PictureHash;
use directory_model::contact::{Contact, ContactFields, DisabledBy, Provenance, SyncedField};
use directory_model::id::ContactId;
use directory_model::invalid::{Invalid, Rule};
use directory_model::run::{PlanStep, RunAction};
use directory_model::undo::{GroupDeed, PhotoReversal, Reversal, TakenBack};
use directory_store::contacts::synced::Batch;
use directory_store::error::StoreResult;
use directory_store::groups::undone::{self, GroupNow};
use directory_store::source_records::{HoldWrite, Link};
use directory_store::sync_runs::OpenRun;
use directory_store::tx::Tx;
use directory_store::{avatars, contacts};

use crate::apply::{Ready, Trust};

/// Whether the step changes the fields of a contact that is there.
pub(crate) fn writes(step: &PlanStep) -> bool {
    match step.action {
        RunAction::Link => !step.is_extra,
        RunAction::Create | RunAction::Update | RunAction::Disable | RunAction::Enable | RunAction::Unlink => true,
        RunAction::SetAside
        | RunAction::SetPhoto
        | RunAction::RemovePhoto
        | RunAction::CreateGroup
        | RunAction::RenameGroup
        | RunAction::RemoveGroup
        | RunAction::JoinGroup
        | RunAction::LeaveGroup
        | RunAction::NotFound
        | RunAction::Remove
        | RunAction::Restore => false,
    }
}

/// What the store says of what steps are about to take back.
#[derive(Debug)]
pub(crate) struct Now {
    photos: HashMap<ContactId, PictureHash>,
    in_use: HashSet<ContactId>,
    groups: HashMap<Vec<u8>, GroupNow>,
}

/// Asks for it, in the transaction that takes them back: a plan may have waited for days.
pub(crate) fn now(tx: &mut Tx<'_>, run: &OpenRun, steps: &[Ready]) -> StoreResult<Now> {
    let steps = || steps.iter().map(|ready| &ready.step);
    let contacts = |is_one: fn(&PlanStep) -> bool| -> Vec<ContactId> {
        steps().filter(|step| is_one(step)).filter_map(|step| Some(step.contact?.id)).collect()
    };
    let groups: Vec<Vec<u8>> =
        steps().filter(|step| unmakes(step)).filter_map(|step| step.external_id.clone()).collect();
    Ok(Now {
        photos: avatars::photos_of(tx.conn, tx.tenant, &contacts(|step| photo(step).is_some()))?,
        in_use: contacts::in_use(tx.conn, tx.tenant, &contacts(removes_unused), tx.now())?,
        groups: undone::now(tx.conn, run, &groups)?,
    })
}

/// Why the step is not done any more, when something came between: the contact has another photo by now
/// than the one that is taken, or what is to be removed was put to use.
pub(crate) fn came_between(step: &PlanStep, contact: Option<&Contact>, now: &Now) -> Option<Invalid> {
    let changed = |field: &str, name: &str| Some(Invalid::new(field, name, Rule::ChangedMeanwhile));
    let photo_now = step.contact.and_then(|contact| now.photos.get(&contact.id).copied());
    if photo(step).is_some_and(|photo| photo.given != photo_now) {
        return changed("photo", "");
    }
    if let Some(contact) = contact.filter(|contact| removes_unused(step) && now.in_use.contains(&contact.id)) {
        return changed("contact", &contact.fields.shown_name());
    }
    let group = step.external_id.as_ref().filter(|_| unmakes(step)).and_then(|id| now.groups.get(id));
    group.filter(|group| group.is_used).and_then(|group| changed("group", &group.name))
}

/// Whether the step removes a contact that a run has made, which it may as long as nobody uses it.
fn removes_unused(step: &PlanStep) -> bool {
    step.action == RunAction::Remove && step.undo.is_some()
}

/// Whether the step removes a group that a run has made, likewise.
fn unmakes(step: &PlanStep) -> bool {
    step.action == RunAction::RemoveGroup && step.undo.is_some()
}

/// What the step takes back of what was done with a group.
pub(crate) fn group(step: &PlanStep) -> Option<&GroupDeed> {
    step.undo.as_ref()?.reversal.group.as_ref()
}

fn photo(step: &PlanStep) -> Option<&PhotoReversal> {
    step.undo.as_ref()?.reversal.photo.as_ref()
}

/// Whether a step that changes no fields can still be done, given its `contact` as it is now.
pub(crate) fn stands(step: &PlanStep, contact: Option<&Contact>, trust: Trust) -> Result<(), Invalid> {
    let planned = step.contact.map(|contact| contact.id.to_string()).unwrap_or_default();
    let changed = Err(Invalid::new("contact", &planned, Rule::ChangedMeanwhile));
    match (step.action, contact) {
        _ if group(step).is_some() => Ok(()),
        (RunAction::Restore, Some(_)) => changed,
        (RunAction::Restore, None) | (RunAction::SetAside | RunAction::NotFound, _) => Ok(()),
        (_, None) => Err(Invalid::new("contact", planned, Rule::Unknown)),
        (_, Some(contact)) => {
            let is_as_planned = step.contact.is_some_and(|known| known.revision == contact.revision);
            // Who has left is removed only as long as nobody took them back into service or out of it by hand.
            let is_leaver = contact.disabled_by == Some(DisabledBy::Sync);
            let stands = match step.action {
                RunAction::Remove if removes_unused(step) => is_as_planned,
                RunAction::Remove => is_leaver && (is_as_planned || trust != Trust::Approved),
                // A photo is no field: the same plan may change these as well.
                _ => true,
            };
            if stands { Ok(()) } else { changed }
        }
    }
}

/// The fields of the contact once the step's changes are made.
pub(crate) fn restored(before: &Contact, step: &PlanStep) -> ContactFields {
    let mut fields = before.fields.clone();
    for change in &step.changes {
        change.field.of_mut(&mut fields).clone_from(&change.new);
    }
    let filled = step.undo.as_ref().map(|undo| &undo.reversal.filled);
    for field in filled.into_iter().flat_map(BTreeMap::keys) {
        *field.of_mut(&mut fields) = None;
    }
    fields
}

/// Says of fields that they come again from where they came before.
pub(crate) fn trace(provenance: &mut BTreeMap<SyncedField, Provenance>, reversal: &Reversal) {
    for (field, before) in &reversal.provenance {
        match before {
            Some(before) => {
                provenance.insert(*field, before.clone());
            }
            None => {
                provenance.remove(field);
            }
        }
    }
}

/// Adds to the batch what the step does besides changing fields.
pub(crate) fn add(batch: &mut Batch, step: &PlanStep, entry: usize) {
    if let (Some(deed), Some(external_id)) = (group(step), &step.external_id) {
        batch.groups.push((external_id.clone(), deed.clone()));
    }
    let Some(contact) = step.contact.map(|contact| contact.id) else { return };
    if step.action == RunAction::Remove {
        batch.removals.push((contact, step.external_id.clone(), entry));
    }
    let Some(TakenBack { reversal, holds }) = step.undo.as_deref() else { return };
    if let Some(removed) = &reversal.removed {
        batch.restores.push((contact, (**removed).clone()));
    }
    let Some(external_id) = step.external_id.clone() else { return };
    if let Some(photo) = &reversal.photo {
        batch.photos.push((contact, external_id.clone(), photo.clone()));
    }
    let link = match step.action {
        RunAction::Unlink => Link::Cut,
        RunAction::Restore => Link::Made(contact),
        _ => Link::Kept,
    };
    if link != Link::Kept || !holds.is_empty() {
        batch.holds.push(HoldWrite { external_id, holds: holds.clone(), link });
    }
}
