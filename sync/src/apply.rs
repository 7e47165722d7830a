//! Writes the steps of a plan, a batch in each transaction.
//!
//! What a step makes of its contact follows from the contact as it is now and from what the entry
//! says, so doing a step again, or after somebody edited the contact, is right as well. Whatever
//! cannot be done any more, because an address was taken meanwhile, is left out and the run goes on.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use directory_model::change::ObjectKind;
use directory_model::contact::{Contact, ContactFields, DisabledBy, Provenance, SyncedField};
use directory_model::id::ContactId;
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::MappedRecord;
use directory_model::run::{Counts, FieldChange, PlanStep, RunAction, RunEntry};
use directory_model::undo::{GroupDeed, Holds};
use directory_model::valid::{Check, Valid};
use directory_store::contacts;
use directory_store::contacts::synced::{Batch, ContactWrite, ExtraEntry, write_batch};
use directory_store::error::StoreResult;
use directory_store::read_cursors;
use directory_store::source_records::{self, RecordWrite};
use directory_store::sync_runs::OpenRun;
use directory_store::tx::Tx;

use crate::plan::settle::{self, Wish};
use crate::plan::{Facts, wants};
use crate::undo::apply as undo;
use crate::{hold, merge};

/// How long others may have to wait for one batch.
const PACE: Duration = Duration::from_millis(25);
/// A batch is never smaller, so that a slow or busy machine does not spend its time on commits.
const SMALLEST: usize = 100;
/// Nor larger, so that it fits into memory.
const LARGEST: usize = 1000;

/// How much the steps may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Nobody else wrote in the tenant's line since they were decided.
    Certain,
    /// They were decided some time ago.
    Planned,
    /// Somebody approved exactly these changes.
    Approved,
}

/// The size of the next batch, from the time that the last one took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace(usize);

impl Default for Pace {
    fn default() -> Self {
        Self(250)
    }
}

impl Pace {
    pub(crate) fn size(self) -> usize {
        self.0
    }

    /// Learns that a batch of `count` took `elapsed`.
    pub(crate) fn learn(&mut self, count: usize, elapsed: Duration) {
        let micros = elapsed.as_micros().max(1);
        let fits = count as u128 * PACE.as_micros() / micros;
        // Not more than twice as many at once: one quick batch proves little.
        let fits = usize::try_from(fits).unwrap_or(LARGEST).min(self.0 * 2);
        // A batch that was smaller than asked for says nothing against larger ones.
        if count >= self.0 || fits < self.0 {
            self.0 = fits.clamp(SMALLEST, LARGEST);
        }
    }
}

/// A numbered step, and of a creation what is created, which needs nothing from the store.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) number: i64,
    pub(crate) step: PlanStep,
    created: Option<Result<Valid<ContactFields>, Invalid>>,
}

impl Ready {
    pub(crate) fn new(number: i64, step: PlanStep) -> Self {
        let record = step.record.as_deref().filter(|_| step.action == RunAction::Create);
        let created = record.map(|record| merge::created(record).check().map_err(first));
        Self { number, step, created }
    }
}

fn first(refusals: Vec<Invalid>) -> Invalid {
    refusals.into_iter().next().unwrap_or_else(|| Invalid::new("contact", "", Rule::Required))
}

/// A step as it is about to be written.
struct Work {
    number: i64,
    step: PlanStep,
    write: Option<Target>,
    // Who is removed, with the addresses that others may then have.
    gone: Option<Contact>,
    // It was to be written, but something came between.
    is_late: bool,
}

struct Target {
    before: Option<Contact>,
    fields: Valid<ContactFields>,
    disabled_by: Option<DisabledBy>,
}

/// Writes numbered steps, and counts them. What could not be done any more is read again.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    run: &OpenRun,
    steps: Vec<Ready>,
    counts: &mut Counts,
    trust: Trust,
) -> StoreResult<()> {
    let ids: Vec<ContactId> = steps.iter().filter_map(|ready| Some(ready.step.contact?.id)).collect();
    let contacts = contacts::many(tx.conn, tx.tenant, &ids)?;
    let mut contacts: HashMap<_, _> = contacts.into_iter().map(|contact| (contact.id, contact)).collect();
    let linking = steps.iter().filter(|ready| ready.step.action == RunAction::Link);
    let linking: Vec<ContactId> = linking.filter_map(|ready| Some(ready.step.contact?.id)).collect();
    let linked = source_records::linked(tx.conn, tx.tenant, &linking)?;
    let mut works: Vec<Work> = Vec::with_capacity(steps.len());
    let now = undo::now(tx, run, &steps)?;
    for ready in steps {
        let id = ready.step.contact.map(|contact| contact.id);
        // A contact's fields change once in a plan; besides there may be lines about it, and, in a plan that takes a
        // run back, its photo, before or after.
        let contact = match (id, undo::writes(&ready.step) && run.undoes.is_none()) {
            (Some(id), true) => contacts.remove(&id),
            (Some(id), false) => contacts.get(&id).cloned(),
            (None, _) => None,
        };
        works.push(match undo::came_between(&ready.step, contact.as_ref(), &now) {
            Some(reason) => left_out(ready.number, ready.step, reason),
            None => prepare(ready, contact, &linked, trust),
        });
    }
    if trust != Trust::Certain {
        deny(tx, &mut works)?;
    }
    if works.iter().any(|work| work.is_late) {
        read_cursors::hold(tx.conn, run)?;
    }
    let batch = batch(run, tx, works, counts);
    if batch.writes.is_empty() {
        // Lines of the record alone have to be kept as well.
        tx.changed(ObjectKind::Run, run.id);
    }
    write_batch(tx, run, batch)
}

fn prepare(ready: Ready, contact: Option<Contact>, linked: &HashSet<ContactId>, trust: Trust) -> Work {
    let Ready { number, step, created } = ready;
    let gone = contact.clone().filter(|_| step.action == RunAction::Remove);
    let target = match created {
        Some(fields) => fields.map(|fields| Some(Target { before: None, fields, disabled_by: None })),
        None if !undo::writes(&step) => undo::stands(&step, contact.as_ref(), trust).map(|()| None),
        None => target(&step, contact, linked, trust),
    };
    match target {
        Ok(write) => Work { number, step, write, gone, is_late: false },
        Err(reason) => left_out(number, step, reason),
    }
}

fn left_out(number: i64, step: PlanStep, reason: Invalid) -> Work {
    let step = PlanStep {
        action: RunAction::SetAside,
        record: None,
        changes: Vec::new(),
        is_extra: false,
        was: None,
        undo: None,
        reason: Some(reason),
        ..step
    };
    Work { number, step, write: None, gone: None, is_late: true }
}

fn target(
    step: &PlanStep,
    contact: Option<Contact>,
    linked: &HashSet<ContactId>,
    trust: Trust,
) -> Result<Option<Target>, Invalid> {
    let record = step.record.as_deref();
    let planned = step.contact.map(|contact| contact.id.to_string()).unwrap_or_default();
    let before = contact.ok_or_else(|| Invalid::new("contact", &planned, Rule::Unknown))?;
    let is_as_planned = step.contact.is_some_and(|contact| contact.revision == before.revision);
    if trust == Trust::Approved && !is_as_planned {
        return Err(Invalid::new("contact", planned, Rule::ChangedMeanwhile));
    }
    let undo = step.undo.as_deref();
    let mut fields = match (step.action, record) {
        _ if undo.is_some() => undo::restored(&before, step),
        (RunAction::Link, _) if linked.contains(&before.id) => {
            return Err(Invalid::new("contact", planned, Rule::ChangedMeanwhile));
        }
        (RunAction::Link, Some(record)) => merge::linked(&before, record),
        (_, Some(record)) => merge::updated(&before, record, step.holds.as_deref()),
        (_, None) => before.fields.clone(),
    };
    // What was done by hand since the plan was made stands.
    let disabled_by = match (step.action, before.disabled_by) {
        (_, by) if undo.is_some() => by,
        (RunAction::Disable, None) => Some(DisabledBy::Sync),
        (RunAction::Enable, Some(DisabledBy::Sync)) => None,
        (_, by) => by,
    };
    let back = undo.and_then(|undo| undo.reversal.service);
    let disabled_by = back.map_or(disabled_by, |service| service.disabled_by);
    fields.is_disabled = disabled_by.is_some();
    let fields = fields.check().map_err(first)?;
    Ok(Some(Target { before: Some(before), fields, disabled_by }))
}

/// Leaves those out whose addresses somebody holds.
fn deny(tx: &mut Tx<'_>, works: &mut [Work]) -> StoreResult<()> {
    let keys = works.iter().filter_map(|work| work.write.as_ref()).flat_map(|write| {
        let held = write.before.as_ref().map(|before| before.fields.keys()).unwrap_or_default();
        write.fields.keys().into_iter().filter(move |key| !held.contains(key))
    });
    let keys: Vec<_> = keys.collect();
    if keys.is_empty() {
        return Ok(());
    }
    let facts = Facts { holders: source_records::holders(tx.conn, tx.tenant, &keys)?, ..Facts::default() };
    let unique: HashSet<_> = keys.iter().collect();
    if facts.holders.is_empty() && unique.len() == keys.len() {
        return Ok(());
    }
    let wishes: Vec<Wish> = works.iter().map(|work| wish(work, &facts)).collect();
    for (work, reason) in works.iter_mut().zip(settle::reasons(&wishes)) {
        if let Some(reason) = reason {
            *work = left_out(work.number, work.step.clone(), reason);
        }
    }
    Ok(())
}

fn wish(work: &Work, facts: &Facts) -> Wish {
    let Some(Target { before, fields, .. }) = &work.write else {
        let all = |contact: &Contact| contact.fields.keys().into_iter().map(|key| (contact.id, key)).collect();
        let frees = work.gone.as_ref().map(all).unwrap_or_default();
        return Wish { step: work.step.clone(), wants: Vec::new(), frees, name: String::new() };
    };
    let held: HashSet<_> = before.iter().flat_map(|before| before.fields.keys()).collect();
    let kept: HashSet<_> = fields.keys().into_iter().collect();
    let gives = |before: &Contact| held.difference(&kept).map(|key| (before.id, key.clone())).collect();
    let frees = before.as_ref().map(gives).unwrap_or_default();
    Wish { step: work.step.clone(), wants: wants(fields, &held, facts), frees, name: fields.shown_name() }
}

fn batch(run: &OpenRun, tx: &Tx<'_>, works: Vec<Work>, counts: &mut Counts) -> Batch {
    let mut batch = Batch::default();
    for Work { number, mut step, write, .. } in works {
        count(counts, &step);
        let entry = batch.entries.len();
        undo::add(&mut batch, &step, entry);
        let mut changes = Vec::new();
        batch.moved.extend(step.was.take().zip(step.external_id.clone()));
        if step.is_extra
            && let Some(contact) = step.contact
        {
            let record = record_write(&mut step, 0, true);
            batch.extras.extend(record.map(|record| ExtraEntry { contact: contact.id, record, entry }));
        }
        if let Some(write) = write {
            changes = changed(&write);
            batch.writes.push(contact_write(run, tx, write, &mut step, entry));
        }
        let PlanStep { action, locator, external_id, contact, reason, .. } = step;
        let contact = contact.map(|contact| contact.id);
        let left_out = external_id.filter(|_| action == RunAction::SetAside && contact.is_some());
        batch.set_aside.extend(left_out.map(|external_id| (external_id, entry)));
        batch.entries.push(RunEntry { number, action, locator, contact, changes, reason });
    }
    batch
}

/// The changes for the record; every value of a new contact is new and not repeated there.
fn changed(write: &Target) -> Vec<FieldChange> {
    write.before.as_ref().map(|before| merge::changes(&before.fields, &write.fields)).unwrap_or_default()
}

fn contact_write(run: &OpenRun, tx: &Tx<'_>, write: Target, step: &mut PlanStep, entry: usize) -> ContactWrite {
    let Target { before, fields, disabled_by } = write;
    let mut provenance = before.as_ref().map(|before| before.provenance.clone()).unwrap_or_default();
    if let Some(undo) = &step.undo {
        undo::trace(&mut provenance, &undo.reversal);
    }
    if let Some(record) = &step.record {
        let written = Provenance { source: Some(run.source), run: Some(run.id), at: tx.now(), is_pinned: false };
        trace(&mut provenance, before.as_ref(), &fields, (record, step.holds.as_deref()), &written);
    }
    let revision = before.as_ref().map_or(1, |before| before.revision + 1);
    let record = record_write(step, revision, false);
    ContactWrite { before, fields, disabled_by, provenance, record, entry }
}

/// What is kept of the entry of a step.
fn record_write(step: &mut PlanStep, revision: i64, is_extra: bool) -> Option<RecordWrite> {
    let (mapped, external_id) = step.record.take().zip(step.external_id.take())?;
    let digest = merge::digest(&mapped, revision);
    Some(RecordWrite { external_id, locator: step.locator.clone(), digest, mapped, is_extra })
}

/// Notes which fields the entry says, and since which run it says what they hold.
fn trace(
    provenance: &mut BTreeMap<SyncedField, Provenance>,
    before: Option<&Contact>,
    fields: &ContactFields,
    (record, holds): (&MappedRecord, Option<&Holds>),
    written: &Provenance,
) {
    for field in SyncedField::ALL {
        if holds.is_some_and(|holds| hold::refuses(holds, field, record.synced(field))) {
            continue;
        }
        let held = before.and_then(|before| field.of(&before.fields).as_deref());
        let is_kept = provenance.contains_key(&field) && held == field.of(fields).as_deref();
        match record.synced(field) {
            Some(_) if !is_kept => {
                provenance.insert(field, written.clone());
            }
            None if !is_kept => {
                provenance.remove(&field);
            }
            _ => {}
        }
    }
}

fn count(counts: &mut Counts, step: &PlanStep) {
    let place = match step.action {
        RunAction::Create => &mut counts.created,
        RunAction::Link => &mut counts.linked,
        RunAction::Update => &mut counts.updated,
        RunAction::Disable => &mut counts.disabled,
        RunAction::Enable => &mut counts.enabled,
        RunAction::SetAside => &mut counts.set_aside,
        // No plan but one that takes them back has these: photos are counted where they are given.
        RunAction::SetPhoto => &mut counts.photos,
        // Nothing is done about who is not found: they were counted when they were looked for.
        RunAction::RemovePhoto | RunAction::NotFound => return,
        // No plan but one that takes them back has these: groups are followed after the plan.
        RunAction::CreateGroup => &mut counts.groups_created,
        RunAction::RenameGroup => &mut counts.groups_renamed,
        RunAction::RemoveGroup => &mut counts.groups_removed,
        RunAction::JoinGroup => return counts.memberships_added += people(step),
        RunAction::LeaveGroup => return counts.memberships_removed += people(step),
        RunAction::Remove => &mut counts.removed,
        RunAction::Unlink => &mut counts.unlinked,
        RunAction::Restore => &mut counts.restored,
    };
    *place += 1;
}

/// How many people the step brings into a group, or out of it.
fn people(step: &PlanStep) -> u64 {
    match undo::group(step) {
        Some(GroupDeed::Joined { contacts } | GroupDeed::Left { contacts }) => contacts.len() as u64,
        _ => 0,
    }
}

/// How many entries the steps give which fate.
pub(crate) fn planned(counts: &mut Counts, steps: &[PlanStep]) {
    for step in steps {
        count(counts, step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_shrink_at_once_and_grow_step_by_step() {
        let mut pace = Pace::default();

        pace.learn(250, Duration::from_millis(1));
        assert_eq!(pace.size(), 500);
        pace.learn(50, Duration::from_millis(1));
        assert_eq!(pace.size(), 500, "a last, small batch proves nothing");
        pace.learn(500, Duration::from_millis(50));
        assert_eq!(pace.size(), 250);
        pace.learn(50, Duration::from_mins(1));
        assert_eq!(pace.size(), SMALLEST);
        for _ in 0..20 {
            pace.learn(pace.size(), Duration::ZERO);
        }
        assert_eq!(pace.size(), LARGEST);
    }
}
