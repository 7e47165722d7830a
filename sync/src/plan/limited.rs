//! Pure: whose entries a run looks for that is about some contacts, and which of those that it finds
//! are theirs.

use std::collections::{HashMap, HashSet};

use directory_model::address::{AddressKind, ContactKey};
use directory_model::contact::Contact;
use directory_model::id::ContactId;
use directory_model::record::{KnownContact, Reported, Sought};
use directory_model::run::{PlanStep, RunAction};
use directory_model::source::Connection;
use directory_store::source_records::OwnEntry;

/// A contact that a run is about.
#[derive(Debug)]
pub(crate) struct Attended {
    pub(crate) contact: Contact,
    /// Its entry, when it is linked to one of the source.
    pub(crate) record: Option<OwnEntry>,
}

impl Attended {
    /// By what its entry is asked for in a source as it is configured; nothing when nothing would come of it.
    ///
    /// A source that lists everybody knows an entry by its identity for ever. Where people are looked up, the identity is
    /// an address, which is somebody else's once the contact has another one: there the contact's addresses count.
    pub(crate) fn asked(&self, source: &Connection) -> Vec<Sought> {
        let entry = self.record.as_ref().map(|record| Sought::Entry(record.external_id.clone()));
        let by_addresses = self.by_addresses(|kind, address| source.may_know(kind, address));
        let Some(record) = &self.record else { return by_addresses.into_iter().collect() };
        if source.lists_everybody() {
            return entry.into_iter().collect();
        }
        let keys = by_addresses.as_ref().map(Sought::keys).unwrap_or_default();
        let is_asked = std::str::from_utf8(&record.external_id).is_ok_and(|id| {
            [AddressKind::Sip, AddressKind::Mail].iter().any(|kind| keys.contains(&ContactKey::new(*kind, id)))
        });
        entry.filter(|_| !is_asked).into_iter().chain(by_addresses).collect()
    }

    /// Its addresses of which `is_known` holds. Who is out of service has given them up, so an entry with them is
    /// another's.
    fn by_addresses(&self, is_known: impl Fn(AddressKind, &str) -> bool) -> Option<Sought> {
        let fields = &self.contact.fields;
        let of = |kind, address: &Option<String>| address.clone().filter(|address| is_known(kind, address));
        let (sip, mail) = (of(AddressKind::Sip, &fields.sip), of(AddressKind::Mail, &fields.mail));
        let is_there = self.contact.disabled_by.is_none() && (sip.is_some() || mail.is_some());
        is_there.then_some(Sought::Addresses { sip, mail })
    }

    /// The addresses by which entries without a contact are its own.
    fn keys(&self, is_looking_up: bool) -> Vec<ContactKey> {
        let by_addresses = self.by_addresses(|_, _| true).filter(|_| self.record.is_none() || is_looking_up);
        by_addresses.as_ref().map(Sought::keys).unwrap_or_default()
    }

    /// What was looked for, as a person can find it.
    fn shown(&self) -> String {
        let fields = &self.contact.fields;
        match &self.record {
            Some(record) => record.locator.clone(),
            None => fields.sip.as_ref().or(fields.mail.as_ref()).cloned().unwrap_or_default(),
        }
    }

    fn known(&self) -> KnownContact {
        let Contact { id, revision, disabled_by, .. } = self.contact;
        KnownContact { id, revision, disabled_by }
    }

    fn not_found(&self) -> PlanStep {
        let external_id = self.record.as_ref().map(|record| record.external_id.clone());
        let step = PlanStep::new(RunAction::NotFound, self.shown());
        PlanStep { external_id, contact: Some(self.known()), ..step }
    }
}

/// The contact that an entry belongs to.
#[derive(Debug)]
pub(crate) struct Owner {
    pub(crate) contact: ContactId,
    /// Where people are looked up, the addresses of a contact that the entry gives a photo alone: with none of them it is
    /// somebody else's by now.
    pub(crate) bound_to: Option<HashSet<ContactKey>>,
}

impl Owner {
    /// Whether the entry has nothing to do with the contact any more.
    fn has_lost(&self, entry: &Reported) -> bool {
        let bound_to = self.bound_to.as_ref().filter(|_| matches!(entry, Reported::Entry(_)));
        bound_to.is_some_and(|bound_to| !entry.keys().iter().any(|key| bound_to.contains(key)))
    }

    /// Whether nobody can tell by the contact's addresses, because it has none, or has given them up.
    fn is_unaddressed(&self) -> bool {
        self.bound_to.as_ref().is_some_and(HashSet::is_empty)
    }
}

/// What was read, by whose it is.
#[derive(Debug, Default)]
pub(crate) struct Division {
    /// The entries of the contacts.
    pub(crate) entries: Vec<Reported>,
    /// The contact of each, or the first of several, by the entry's locator.
    whose: HashMap<String, KnownContact>,
    /// A line for each contact that has none.
    pub(crate) missing: Vec<PlanStep>,
    /// The identities of the entries that these belonged to.
    pub(crate) unfound: Vec<Vec<u8>>,
    /// The identities of those of `entries` that belonged to somebody else before.
    pub(crate) strayed: Vec<Vec<u8>>,
}

impl Division {
    /// Says of entries that are left out about whom they are.
    pub(crate) fn attribute(&self, steps: &mut [PlanStep]) {
        for step in steps.iter_mut().filter(|step| step.action == RunAction::SetAside && step.contact.is_none()) {
            step.contact = self.whose.get(&step.locator).copied();
        }
    }
}

/// Keeps of what was read the entries of the contacts, and says of whom there is none. `owners` are
/// the contacts that entries of the source belong to: what belongs to another one stays its own.
pub(crate) fn divide(
    attended: &[Attended],
    owners: &HashMap<Vec<u8>, Owner>,
    reported: Vec<Reported>,
    is_looking_up: bool,
) -> Division {
    let by_id: HashMap<ContactId, usize> =
        attended.iter().enumerate().map(|(at, attended)| (attended.contact.id, at)).collect();
    let by_key: HashMap<ContactKey, usize> = attended
        .iter()
        .enumerate()
        .flat_map(|(at, attended)| attended.keys(is_looking_up).into_iter().map(move |key| (key, at)))
        .collect();
    let mut division = Division::default();
    let mut found = HashSet::new();
    for entry in reported {
        let owner = entry.external_id().and_then(|id| owners.get(id));
        let is_lost = owner.is_some_and(|owner| owner.has_lost(&entry));
        let whose: Vec<usize> = match owner.filter(|_| !is_lost) {
            Some(owner) => by_id.get(&owner.contact).copied().into_iter().collect(),
            None => entry.keys().iter().filter_map(|key| by_key.get(key).copied()).collect(),
        };
        if let Some(first) = whose.first() {
            division.whose.insert(entry.locator().to_owned(), attended[*first].known());
            division.strayed.extend(entry.external_id().filter(|_| is_lost).map(<[u8]>::to_vec));
            division.entries.push(entry);
        } else if let Some(owner) = owner.filter(|owner| is_lost && owner.is_unaddressed()) {
            found.extend(by_id.get(&owner.contact));
        }
        found.extend(whose);
    }
    for (_, attended) in attended.iter().enumerate().filter(|(at, _)| !found.contains(at)) {
        division.missing.push(attended.not_found());
        division.unfound.extend(attended.record.as_ref().map(|record| record.external_id.clone()));
    }
    division
}

#[cfg(test)]
mod tests;
