//! Entries that need a decision, and what has to be known for it.

use std::collections::HashMap;

use directory_model::address::ContactKey;
use directory_model::contact::{Contact, ContactFields};
use directory_model::id::ContactId;
use directory_model::record::{AddressHolder, KnownContact, SourceRecord};
use directory_model::run::PlanStep;
use directory_model::valid::Valid;
use directory_store::source_records::OwnEntry;

use super::target;

/// What the store says about the entries of one portion.
#[derive(Debug, Default)]
pub struct Facts {
    /// The contacts of [`Portion::contacts`].
    pub contacts: HashMap<ContactId, Contact>,
    /// Who holds the addresses of [`Portion::keys`].
    pub holders: HashMap<ContactKey, AddressHolder>,
    /// Who has their fields from the entries of other sources with the identities of [`Portion::origins`].
    pub peers: HashMap<Vec<u8>, Vec<KnownContact>>,
    /// The entries of this source that such contacts, and holders where people are looked up, belong to.
    pub entries: HashMap<ContactId, OwnEntry>,
}

/// Entries that need a decision.
#[derive(Debug)]
pub struct Portion {
    pub(super) cases: Vec<Case>,
}

#[derive(Debug)]
pub(super) enum Case {
    Aside(Box<PlanStep>),
    New(Box<SourceRecord>, Box<Valid<ContactFields>>),
    Changed(Box<SourceRecord>, KnownContact),
}

impl Portion {
    /// Whether nothing needs a decision.
    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// The contacts that have to be looked at.
    pub fn contacts(&self) -> Vec<ContactId> {
        let changed = |case: &Case| match case {
            Case::Changed(_, contact) => Some(contact.id),
            Case::Aside(_) | Case::New(..) => None,
        };
        self.cases.iter().filter_map(changed).collect()
    }

    /// The identities in other directories of entries that are new.
    pub fn origins(&self) -> Vec<Vec<u8>> {
        let origin = |case: &Case| match case {
            Case::New(entry, _) => entry.origin_id.clone(),
            Case::Aside(_) | Case::Changed(..) => None,
        };
        self.cases.iter().filter_map(origin).collect()
    }

    /// The addresses whose holders have to be known, given `contacts`.
    pub fn keys(&self, contacts: &HashMap<ContactId, Contact>) -> Vec<ContactKey> {
        let mut keys = Vec::new();
        for case in &self.cases {
            match case {
                Case::Aside(_) => {}
                Case::New(_, fields) => keys.extend(fields.keys()),
                Case::Changed(entry, known) => {
                    if let Some(target) =
                        contacts.get(&known.id).and_then(|contact| target(contact, &entry.mapped, None).ok())
                    {
                        keys.extend(target.fields.keys());
                    }
                }
            }
        }
        keys
    }
}
