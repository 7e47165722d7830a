//! Pure: what a run will do, from what the store knows and what the source reports.
//!
//! The planner takes the entries in portions, so that a directory of any size fits. What can be
//! decided at once is; an entry that wants an address which somebody holds, or that may belong to
//! a contact made by hand, waits until everything was read, because only then is it known whether
//! the holder gives the address up and whether another entry claims the same contact.

pub(crate) mod limited;
mod marked;
mod peer;
mod portion;
pub(crate) mod settle;
mod steps;

use std::collections::{HashMap, HashSet};

use directory_model::address::ContactKey;
use directory_model::contact::{Contact, ContactFields, DisabledBy};
use directory_model::id::ContactId;
use directory_model::invalid::Invalid;
use directory_model::record::{KnownContact, KnownRecord, MappedRecord, Reported, SetAside, SourceRecord, place_of};
use directory_model::run::{PlanStep, RunAction, RunProblem};
use directory_model::undo::Holds;
use directory_model::valid::{Check, Valid};
use directory_store::source_records::{MarkChanges, Marks, OwnEntry};

use crate::merge;
use crate::plan::peer::By;
use crate::plan::portion::Case;
pub use crate::plan::portion::{Facts, Portion};
use crate::plan::settle::{Places, Want, Wish};
use crate::plan::steps::{ambiguous, aside_step, left_out, refused, step, twice};

/// How many entries a plan has seen, and what it does to contacts in service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Entries read.
    pub read: u64,
    /// Entries that change nothing.
    pub unchanged: u64,
    /// Contacts of the source that are in service.
    pub known: u64,
    /// Contacts that the plan takes out of service, or removes after that.
    pub removals: u64,
    /// Entries with the identity of another one.
    pub duplicates: u64,
}

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what is known of an entry, each by itself")]
struct Known {
    digest: [u8; 16],
    contact: KnownContact,
    // Reported at all, so the entry is still there; and reported with values.
    is_seen: bool,
    is_read: bool,
    // The source says that the entry is gone.
    is_gone: bool,
    // Another source says what the contact's fields are, and whether it is in service.
    is_extra: bool,
    // Where it was found last.
    place: u64,
}

/// An entry that may belong to a contact that is there.
#[derive(Debug)]
struct Candidate {
    entry: Box<SourceRecord>,
    contacts: Vec<KnownContact>,
    wants: Vec<Want>,
    by: By,
    // The entry of this source that the contact belongs to already.
    taken_by: Option<OwnEntry>,
}

/// Decides, portion by portion.
#[derive(Debug)]
pub struct Planner {
    known: HashMap<Box<[u8]>, Known>,
    fresh: HashSet<Box<[u8]>>,
    places: Places,
    candidates: Vec<Candidate>,
    matches: HashMap<ContactId, u32>,
    // Entries without identity: any of the known may be among them, so nobody counts as gone.
    nameless: u64,
    // Whether entries that belong to no contact make one.
    is_creating: bool,
    // Whether people are looked up by the addresses of contacts, also of those that other sources speak for.
    is_looking_up: bool,
    // Whether a contact whose entry is not reported keeps its place.
    leaves_absent: bool,
    tally: Tally,
    // What is noted of entries, as far as it still holds, and what is to be noted.
    marks: Marks,
    mark_changes: MarkChanges,
}

impl Planner {
    /// A planner that knows the source's records so far.
    pub fn new(records: impl IntoIterator<Item = KnownRecord>) -> Self {
        let mut planner = Self {
            known: HashMap::new(),
            fresh: HashSet::new(),
            places: Places::default(),
            candidates: Vec::new(),
            matches: HashMap::new(),
            nameless: 0,
            is_creating: true,
            is_looking_up: false,
            leaves_absent: false,
            tally: Tally::default(),
            marks: Marks::default(),
            mark_changes: MarkChanges::default(),
        };
        planner.learn(records);
        planner
    }

    /// Hears of more of the source's records; of one that it knows already it hears nothing new.
    pub fn learn(&mut self, records: impl IntoIterator<Item = KnownRecord>) {
        for KnownRecord { external_id, digest, contact, is_extra, place } in records {
            self.known.entry(external_id.into()).or_insert_with(|| {
                self.tally.known += u64::from(contact.disabled_by.is_none() && !is_extra);
                Known { digest, contact, is_seen: false, is_read: false, is_gone: false, is_extra, place }
            });
        }
    }

    /// How many of the source's records it knows.
    pub fn records(&self) -> u64 {
        self.known.len() as u64
    }

    /// From now on only those count as gone of whom the source said so: what was reported is not
    /// everything. Of the source's contacts `in_service` are in service, known here or not.
    pub fn leave_absent(&mut self, in_service: u64) {
        self.leaves_absent = true;
        self.tally.known = in_service;
    }

    /// A planner for some contacts, which knows their records: what is read makes no other contact,
    /// and nobody leaves.
    pub fn for_contacts(records: impl IntoIterator<Item = KnownRecord>) -> Self {
        Self { is_creating: false, ..Self::new(records) }
    }

    /// The same for contacts that are looked up in a source that cannot list anybody.
    pub fn for_look_up(records: impl IntoIterator<Item = KnownRecord>) -> Self {
        Self { is_looking_up: true, ..Self::for_contacts(records) }
    }

    /// Whether people are looked up.
    pub fn is_looking_up(&self) -> bool {
        self.is_looking_up
    }

    /// Whether an entry with this identity was taken already.
    pub fn has_read(&self, id: &[u8]) -> bool {
        self.fresh.contains(id) || self.known.get(id).is_some_and(|known| known.is_read)
    }

    /// What was seen so far.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Takes reported entries and keeps those that need a decision.
    pub fn take(&mut self, reported: impl IntoIterator<Item = Reported>) -> Portion {
        let cases = reported.into_iter().filter_map(|reported| {
            if let Reported::Gone(id) = reported {
                self.take_gone(&id);
                return None;
            }
            self.tally.read += 1;
            match reported {
                Reported::Unchanged(id) => {
                    self.take_unchanged(&id);
                    None
                }
                Reported::Gone(_) => None,
                Reported::SetAside(aside) => Some(self.take_aside(aside)),
                Reported::Entry(entry) => {
                    let case = self.take_entry(entry);
                    self.tally.unchanged += u64::from(case.is_none());
                    case
                }
            }
        });
        Portion { cases: cases.collect() }
    }

    fn take_gone(&mut self, id: &[u8]) {
        if let Some(known) = self.known.get_mut(id) {
            known.is_gone = true;
        }
    }

    fn take_unchanged(&mut self, id: &[u8]) {
        self.tally.unchanged += 1;
        self.sees(id, None);
        if let Some(known) = self.known.get_mut(id) {
            known.is_seen = true;
        }
    }

    fn take_aside(&mut self, aside: SetAside) -> Case {
        let SetAside { external_id, locator, invalid, .. } = aside;
        if let Some(id) = &external_id {
            self.sees(id, None);
        }
        let known = external_id.as_deref().and_then(|id| self.known.get_mut(id));
        self.nameless += u64::from(external_id.is_none());
        let contact = known.map(|known| {
            known.is_seen = true;
            known.contact
        });
        Case::Aside(Box::new(left_out(external_id, locator, contact, invalid)))
    }

    fn take_entry(&mut self, entry: Box<SourceRecord>) -> Option<Case> {
        self.sees(&entry.external_id, Some(&entry.mapped));
        if let Some(known) = self.known.get_mut(entry.external_id.as_slice()) {
            known.is_seen = true;
            if std::mem::replace(&mut known.is_read, true) {
                self.tally.duplicates += 1;
                return Some(twice(*entry, Some(known.contact)));
            }
            if known.is_extra || known.digest == merge::digest(&entry.mapped, known.contact.revision) {
                if known.place != place_of(&entry.locator) {
                    self.finds(entry.external_id, entry.locator);
                }
                return None;
            }
            return Some(Case::Changed(entry, known.contact));
        }
        if !self.fresh.insert(entry.external_id.as_slice().into()) {
            self.tally.duplicates += 1;
            return Some(twice(*entry, None));
        }
        // An account that was never seen enabled is nobody's contact, and one that was taken back stays so.
        if entry.mapped.is_disabled || self.held(&entry.external_id).is_some_and(|holds| holds.entry.is_some()) {
            return None;
        }
        Some(match merge::created(&entry.mapped).check() {
            Ok(fields) => Case::New(entry, Box::new(fields)),
            Err(refusals) => refused(*entry, None, refusals),
        })
    }

    /// Decides what can be decided at once.
    pub fn decide(&mut self, portion: Portion, facts: &Facts) -> Vec<PlanStep> {
        let mut steps = Vec::new();
        for case in portion.cases {
            match case {
                Case::Aside(step) => steps.push(*step),
                Case::New(entry, fields) => steps.extend(self.decide_new(entry, &fields, facts)),
                Case::Changed(entry, known) => match facts.contacts.get(&known.id) {
                    Some(contact) => steps.extend(self.decide_changed(*entry, contact, facts)),
                    // Deleted since the run began; the next comparison of everything finds the entry without a contact.
                    None => self.tally.unchanged += 1,
                },
            }
        }
        steps
    }

    fn decide_new(&mut self, entry: Box<SourceRecord>, fields: &ContactFields, facts: &Facts) -> Option<PlanStep> {
        let wants = wants(fields, &HashSet::new(), facts);
        let (entry, wants) = self.take_peers(entry, wants, facts)?;
        let mut contacts: Vec<KnownContact> = Vec::new();
        for want in &wants {
            let manual = want.holder.as_ref().filter(|holder| !holder.is_linked && want.links());
            if let Some(holder) = manual.filter(|holder| contacts.iter().all(|known| known.id != holder.contact.id)) {
                contacts.push(holder.contact);
            }
        }
        if !contacts.is_empty() {
            self.wait(Candidate { entry, contacts, wants, by: By::Address, taken_by: None });
            return None;
        }
        if !self.is_creating {
            self.tally.unchanged += 1;
            return None;
        }
        let step = step(RunAction::Create, *entry, None, Vec::new());
        self.places.place(Wish { step, wants, frees: Vec::new(), name: fields.shown_name() })
    }

    /// Keeps a candidate until everything was read.
    fn wait(&mut self, candidate: Candidate) {
        for contact in &candidate.contacts {
            *self.matches.entry(contact.id).or_default() += 1;
        }
        self.candidates.push(candidate);
    }

    fn decide_changed(&mut self, entry: SourceRecord, contact: &Contact, facts: &Facts) -> Option<PlanStep> {
        let known = KnownContact { id: contact.id, revision: contact.revision, disabled_by: contact.disabled_by };
        let holds = self.held(&entry.external_id).cloned().map(Box::new);
        let Target { fields, action } = match target(contact, &entry.mapped, holds.as_deref()) {
            Ok(target) => target,
            Err(refusals) => return aside_step(refused(entry, Some(known), refusals)),
        };
        let changes = merge::changes(&contact.fields, &fields);
        let Some(action) = action.or((!changes.is_empty()).then_some(RunAction::Update)) else {
            self.tally.unchanged += 1;
            self.hears(entry, contact);
            return None;
        };
        self.tally.removals += u64::from(action == RunAction::Disable);
        let held: HashSet<_> = contact.fields.keys().into_iter().collect();
        let kept: HashSet<_> = fields.keys().into_iter().collect();
        let frees = held.difference(&kept).map(|key| (contact.id, key.clone())).collect();
        let step = PlanStep { holds, ..step(action, entry, Some(known), changes) };
        let name = fields.shown_name();
        self.places.place(Wish { step, wants: wants(&fields, &held, facts), frees, name })
    }

    /// The steps for contacts whose entries are gone, without their locators. Ask once, after
    /// everything was read.
    pub fn leavers(&mut self) -> Vec<PlanStep> {
        let gone = self.missing().filter(|(_, known)| known.is_gone || !self.keeps_absent());
        let disable = |(external_id, known): (&[u8], &Known)| PlanStep {
            external_id: Some(external_id.to_vec()),
            contact: Some(known.contact),
            ..PlanStep::new(RunAction::Disable, String::new())
        };
        let mut steps: Vec<_> = gone.map(disable).collect();
        steps.sort_by(|one, other| one.external_id.cmp(&other.external_id));
        self.tally.removals += steps.len() as u64;
        steps
    }

    /// Those in service whose entries were not found.
    fn missing(&self) -> impl Iterator<Item = (&[u8], &Known)> {
        let missing = self.known.iter().filter(|(_, known)| !known.is_seen && !known.is_extra);
        let missing = missing.filter(|(_, known)| known.contact.disabled_by.is_none());
        let missing = missing.filter(|(id, _)| !self.is_kept_in_service(id));
        missing.map(|(id, known)| (&**id, known))
    }

    /// Whether somebody who was not found may be there nevertheless: unread, or among the entries
    /// without identity.
    fn keeps_absent(&self) -> bool {
        self.leaves_absent || self.nameless > 0
    }

    /// How many in service were not found but stay, because the source did not say that they are
    /// gone; `None` when nothing keeps anybody.
    pub fn kept(&self) -> Option<u64> {
        self.keeps_absent().then(|| self.missing().filter(|(_, known)| !known.is_gone).count() as u64)
    }

    /// What keeps those in service whose entries were not found, when entries without identity do.
    pub fn kept_leavers(&self) -> Option<RunProblem> {
        let (entries, contacts) = (self.nameless, self.kept()?);
        (entries > 0 && contacts > 0).then_some(RunProblem::LeaversKept { entries, contacts })
    }

    /// The contacts that [`Planner::link`] needs to see.
    pub fn candidates(&self) -> Vec<ContactId> {
        let clear = self.candidates.iter().filter(|candidate| self.is_clear(candidate));
        clear.flat_map(|candidate| candidate.contacts.iter().map(|contact| contact.id)).collect()
    }

    fn is_clear(&self, candidate: &Candidate) -> bool {
        let is_one = matches!(candidate.contacts.as_slice(), [contact] if self.matches.get(&contact.id) == Some(&1));
        is_one && candidate.taken_by.as_ref().is_none_or(|own| self.has_left(&own.external_id))
    }

    /// Links entries to those of the candidates that are in `contacts`, where exactly one entry and exactly
    /// one contact belong together.
    pub fn link(&mut self, contacts: &HashMap<ContactId, Contact>) -> Vec<PlanStep> {
        let mut steps = Vec::new();
        for candidate in std::mem::take(&mut self.candidates) {
            let contact = candidate.contacts.first().and_then(|contact| contacts.get(&contact.id));
            match contact.filter(|_| self.is_clear(&candidate)) {
                Some(contact) => steps.extend(self.link_one(candidate, contact)),
                None => self.candidates.push(candidate),
            }
        }
        steps
    }

    fn link_one(&mut self, candidate: Candidate, contact: &Contact) -> Option<PlanStep> {
        let Candidate { entry, mut wants, by, taken_by, .. } = candidate;
        let known = KnownContact { id: contact.id, revision: contact.revision, disabled_by: contact.disabled_by };
        if let Some(own) = taken_by.filter(|own| !own.is_extra && self.is_looking_up) {
            return self.move_main(*entry, (contact, known), wants, own.external_id);
        }
        if by != By::Address {
            return Some(PlanStep { is_extra: true, ..step(RunAction::Link, *entry, Some(known), Vec::new()) });
        }
        let fields = match merge::linked(contact, &entry.mapped).check() {
            Ok(fields) => fields,
            Err(refusals) => return aside_step(refused(*entry, Some(known), refusals)),
        };
        let held: HashSet<_> = contact.fields.keys().into_iter().collect();
        let kept: HashSet<_> = fields.keys().into_iter().collect();
        wants.retain(|want| kept.contains(&want.key) && !held.contains(&want.key));
        let changes = merge::changes(&contact.fields, &fields);
        let frees = held.difference(&kept).map(|key| (contact.id, key.clone())).collect();
        let step = step(RunAction::Link, *entry, Some(known), changes);
        self.places.place(Wish { step, wants, frees, name: fields.shown_name() })
    }

    /// Decides everything that waited, after [`Planner::leavers`] and [`Planner::link`].
    pub fn settle(self, leavers: &[PlanStep]) -> Vec<PlanStep> {
        let mut steps: Vec<_> = self.candidates.into_iter().map(ambiguous).collect();
        steps.extend(self.places.settle(leavers));
        steps
    }
}

struct Target {
    fields: Valid<ContactFields>,
    action: Option<RunAction>,
}

/// What a linked contact becomes, and whether it enters or leaves service by that. A contact that
/// was taken out of service by hand stays out.
fn target(contact: &Contact, record: &MappedRecord, holds: Option<&Holds>) -> Result<Target, Vec<Invalid>> {
    let mut fields = merge::updated(contact, record, holds);
    let is_refused = holds.is_some_and(|holds| holds.in_service == Some(!record.is_disabled));
    let action = match (record.is_disabled, contact.disabled_by) {
        _ if is_refused => None,
        (true, None) => Some(RunAction::Disable),
        (false, Some(DisabledBy::Sync)) => Some(RunAction::Enable),
        (true, Some(_)) | (false, Some(DisabledBy::Manual) | None) => None,
    };
    match action {
        Some(RunAction::Disable) => fields.is_disabled = true,
        Some(RunAction::Enable) => fields.is_disabled = false,
        _ => {}
    }
    Ok(Target { fields: fields.check()?, action })
}

/// The addresses in `fields` beyond those that the contact already has.
pub(crate) fn wants(fields: &ContactFields, held: &HashSet<ContactKey>, facts: &Facts) -> Vec<Want> {
    let missing = fields.keys().into_iter().filter(|key| !held.contains(key));
    missing
        .map(|key| Want {
            address: fields.address(key.kind).unwrap_or_default().to_owned(),
            holder: facts.holders.get(&key).cloned(),
            key,
        })
        .collect()
}

#[cfg(test)]
mod tests;
