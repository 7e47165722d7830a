//! One entry of a file with all its attributes, and why it is mapped as it is.

use std::collections::BTreeMap;

use directory_model::address::{AddressKind, ContactKey};
use directory_model::probe::{EntryName, Look, NamedBy, RawAttribute};
use directory_model::record::Reported;
use directory_model::source::{FileConnection, FileFormat, Mapping};

use super::config::{open, refused};
use super::csv::CsvEntries;
use super::ldif::{LdifEntries, Purpose};
use super::people::mapped;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::look::{hidden, look_at, shown};
use crate::mapping::{Mapper, RawEntry};
use crate::policy::SourcePolicy;
use crate::secret_names::is_secret;

/// A file in which an entry is looked for.
pub(crate) struct Looking {
    connection: FileConnection,
    policy: SourcePolicy,
    mapper: Mapper,
    mapping: Mapping,
    wanted: Wanted,
}

/// An entry with everything that the file says about it.
struct Peeked {
    reported: Reported,
    values: RawEntry<'static>,
    all: Vec<(String, Vec<u8>)>,
}

impl Looking {
    /// Prepares to look; nothing is opened yet.
    pub(crate) fn new(connection: &FileConnection, request: ReadRequest<'_>, entry: &EntryName) -> Self {
        Self {
            connection: connection.clone(),
            policy: request.policy.clone(),
            mapper: request.mapper(),
            mapping: request.mapping_in_force(),
            wanted: Wanted::new(entry),
        }
    }

    /// The first entry that the mapping gives this name; without one, the first that has it anywhere.
    pub(crate) fn look(&self) -> Result<Option<Look>, SourceError> {
        let input = open(&self.connection, &self.policy)?;
        let found = match self.connection.format {
            FileFormat::Ldif => {
                let entries = LdifEntries::new(input, &self.mapper, Purpose::Look);
                self.first(entries.map(|entry| {
                    let mut entry = entry?;
                    let all = std::mem::take(&mut entry.all);
                    let values = entry.values.clone();
                    Ok(Peeked { reported: mapped(&self.mapper, entry), values, all })
                }))
            }
            FileFormat::Csv => CsvEntries::new(input, &self.connection.path, &self.mapper).and_then(|mut entries| {
                self.first(std::iter::from_fn(|| {
                    let row = entries.row().transpose()?;
                    Some(row.map(|row| Peeked { reported: row.reported, values: row.values, all: row.all }))
                }))
            }),
        };
        let found = found.map_err(|detail| refused(&self.connection, &detail))?;
        Ok(found.map(|peeked| self.explain(peeked)))
    }

    fn first(&self, entries: impl Iterator<Item = Result<Peeked, String>>) -> Result<Option<Peeked>, String> {
        let mut similar = None;
        for peeked in entries {
            let peeked = peeked?;
            if self.wanted.is(&peeked.reported) {
                return Ok(Some(peeked));
            }
            if similar.is_none() && peeked.all.iter().any(|(_, value)| self.wanted.is_in(value)) {
                similar = Some(peeked);
            }
        }
        Ok(similar)
    }

    fn explain(&self, peeked: Peeked) -> Look {
        let locator = peeked.reported.locator().to_owned();
        let explained = self.mapper.explain(&self.mapping, locator.clone(), &peeked.values);
        let mut values: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        for (name, value) in peeked.all {
            let values = values.entry(name).or_default();
            values.extend((!value.is_empty()).then_some(value));
        }
        let attribute = |(name, values): (&String, &Vec<Vec<u8>>)| -> RawAttribute {
            if is_secret(name) { hidden(name) } else { shown(name, values) }
        };
        let look = look_at(locator, values.iter().map(attribute).collect(), explained);
        // What a file does not hold as it should is known before anything is mapped.
        match peeked.reported {
            Reported::SetAside(aside) => Look { refusal: Some(aside.invalid), ..look },
            _ => look,
        }
    }
}

/// By what the entry is known.
enum Wanted {
    Locator(String),
    Key(ContactKey),
}

impl Wanted {
    fn new(entry: &EntryName) -> Self {
        match entry.by {
            NamedBy::Dn => Self::Locator(folded(&entry.value)),
            NamedBy::Mail => Self::Key(ContactKey::new(AddressKind::Mail, entry.value.trim())),
            NamedBy::Sip => Self::Key(ContactKey::new(AddressKind::Sip, entry.value.trim())),
        }
    }

    fn is(&self, reported: &Reported) -> bool {
        match self {
            Self::Locator(wanted) => folded(reported.locator()) == *wanted,
            Self::Key(wanted) => reported.keys().contains(wanted),
        }
    }

    /// Whether a value is the address, whatever it is mapped to.
    fn is_in(&self, value: &[u8]) -> bool {
        match (self, std::str::from_utf8(value)) {
            (Self::Key(wanted), Ok(text)) => ContactKey::new(wanted.kind, text.trim()) == *wanted,
            _ => false,
        }
    }
}

/// A name, without what makes no difference between two of them.
fn folded(name: &str) -> String {
    name.split(',').map(|part| part.trim().to_lowercase()).collect::<Vec<_>>().join(",")
}
