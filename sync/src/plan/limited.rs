//! Pure: whose entries a run looks for that is about some contacts, and which of those that it finds
//! are theirs.

use std::collections::{HashMap, HashSet};

use directory_model::address::{AddressKind, ContactKey};
use directory_model::contact::Contact;
use directory_model::id::ContactId;
use directory_model::record::{KnownContact, Reported, Sought};
use directory_model::run::{PlanStep, RunAction};
use directory_model::source::Connection;

/// A contact that a run is about.
#[derive(Debug)]
pub(crate) struct Attended {
    pub(crate) contact: Contact,
    /// The identity of its entry, and where that was last, when it is linked to one of the source.
    pub(crate) record: Option<(Vec<u8>, String)>,
}

impl Attended {
    /// By what its entry is looked for.
    pub(crate) fn sought(&self) -> Sought {
        match &self.record {
            Some((external_id, _)) => Sought::Entry(external_id.clone()),
            // What is out of service has given its addresses up, so an entry with them is another's.
            None if self.contact.disabled_by.is_some() => Sought::Addresses { sip: None, mail: None },
            None => {
                let fields = &self.contact.fields;
                Sought::Addresses { sip: fields.sip.clone(), mail: fields.mail.clone() }
            }
        }
    }

    /// By what its entry is asked for in a source as it is configured; `None` when nothing would come of it.
    pub(crate) fn asked(&self, source: &Connection) -> Option<Sought> {
        let of = |kind, address: Option<String>| address.filter(|address| source.may_know(kind, address));
        match self.sought() {
            Sought::Entry(id) => Some(Sought::Entry(id)),
            Sought::Addresses { sip, mail } => {
                let (sip, mail) = (of(AddressKind::Sip, sip), of(AddressKind::Mail, mail));
                (sip.is_some() || mail.is_some()).then_some(Sought::Addresses { sip, mail })
            }
        }
    }

    /// What was looked for, as a person can find it.
    fn shown(&self) -> String {
        let fields = &self.contact.fields;
        match &self.record {
            Some((_, locator)) => locator.clone(),
            None => fields.sip.as_ref().or(fields.mail.as_ref()).cloned().unwrap_or_default(),
        }
    }

    fn known(&self) -> KnownContact {
        let Contact { id, revision, disabled_by, .. } = self.contact;
        KnownContact { id, revision, disabled_by }
    }

    fn not_found(&self) -> PlanStep {
        PlanStep { contact: Some(self.known()), ..PlanStep::new(RunAction::NotFound, self.shown()) }
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
pub(crate) fn divide(attended: &[Attended], owners: &HashMap<Vec<u8>, ContactId>, reported: Vec<Reported>) -> Division {
    let by_id: HashMap<ContactId, usize> =
        attended.iter().enumerate().map(|(at, attended)| (attended.contact.id, at)).collect();
    let by_key: HashMap<ContactKey, usize> = attended
        .iter()
        .enumerate()
        .flat_map(|(at, attended)| attended.sought().keys().into_iter().map(move |key| (key, at)))
        .collect();
    let mut division = Division::default();
    let mut found = HashSet::new();
    for entry in reported {
        let owner = entry.external_id().and_then(|id| owners.get(id));
        let whose: Vec<usize> = match owner {
            Some(owner) => by_id.get(owner).copied().into_iter().collect(),
            None => entry.keys().iter().filter_map(|key| by_key.get(key).copied()).collect(),
        };
        if let Some(first) = whose.first() {
            division.whose.insert(entry.locator().to_owned(), attended[*first].known());
            division.entries.push(entry);
        }
        found.extend(whose);
    }
    for (_, attended) in attended.iter().enumerate().filter(|(at, _)| !found.contains(at)) {
        division.missing.push(attended.not_found());
        division.unfound.extend(attended.record.as_ref().map(|(external_id, _)| external_id.clone()));
    }
    division
}

#[cfg(test)]
mod tests;
