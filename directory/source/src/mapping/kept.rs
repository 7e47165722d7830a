//! What entries say, kept so that a changed mapping can be applied without asking their source again.
//!
//! Of an entry the values of those attributes are kept that its mapping names, as JSON: for each value the place of
//! its attribute in the sorted list of names, the value, and a third part when the attribute had options. The list
//! stands beside them, once for many entries, so it is known of each which attributes were asked for: one that is in
//! the list and has no value has none in the source.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use directory_model::record::{Reported, SetAside};
use directory_model::source::SourceFields;
use serde::{Deserialize, Serialize};

use super::{Mapper, Place, RawEntry};
use crate::secret_names::is_secret;

/// The most that is kept of one entry, in bytes; of one that says more nothing is kept.
const MAX_KEPT_BYTES: usize = 16 * 1024;

/// A value: the place of its attribute, the value, and whether the attribute had options.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept<T> {
    Plain(usize, T),
    Optioned(usize, T, u8),
}

/// What a value is written as: as it is, or in Base64 when it is no text.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written<T> {
    Text(T),
    Bytes { b64: String },
}

/// What is kept of an entry.
#[derive(Debug, Clone, Copy)]
pub struct KeptEntry<'a> {
    /// Where it was found.
    pub locator: &'a str,
    /// What identifies it in the directory that it was copied from.
    pub origin_id: Option<&'a [u8]>,
    /// Its values.
    pub values: &'a str,
}

/// Where a mapping finds the attributes of a list.
#[derive(Debug, Clone)]
pub struct KeptPlaces(Vec<Option<Place>>);

/// Maps what is kept of entries.
pub struct Remapper(Mapper);

/// The attributes that are kept, sorted.
fn attributes(mapper: &Mapper) -> Vec<String> {
    let mut names: Vec<String> = mapper.attributes().map(str::to_lowercase).collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl Mapper {
    /// The same, which also says what is to be kept of each entry.
    pub(crate) fn keeping(self) -> Self {
        let names = attributes(&self);
        let place = |name: &String| names.binary_search(&name.to_lowercase()).ok();
        let kept = self.slots.iter().map(|slot| place(&slot.name)).collect();
        Self { kept: Some(kept), ..self }
    }

    /// What is to be kept of the entry; `None` when nothing is, or it would be too much.
    pub(super) fn values_of(&self, entry: &RawEntry<'_>) -> Option<Box<str>> {
        let kept = self.kept.as_ref()?;
        let mut values = Vec::with_capacity(entry.plain.len() + entry.optioned.len());
        for (slot, value) in &entry.plain {
            values.extend(kept[*slot].map(|at| (at, Kept::Plain(at, written(value)))));
        }
        for (slot, value) in &entry.optioned {
            values.extend(kept[*slot].map(|at| (at, Kept::Optioned(at, written(value), 1))));
        }
        // A server may name attributes in any order; that of the values of one is theirs.
        values.sort_by_key(|(at, _)| *at);
        let length: usize = entry.plain.iter().chain(&entry.optioned).map(|(_, value)| value.len()).sum();
        if length > MAX_KEPT_BYTES {
            return None;
        }
        let values: Vec<_> = values.into_iter().map(|(_, value)| value).collect();
        let text = serde_json::to_string(&values).ok()?;
        (text.len() <= MAX_KEPT_BYTES).then(|| text.into())
    }
}

fn written(value: &[u8]) -> Written<&str> {
    match std::str::from_utf8(value) {
        Ok(text) => Written::Text(text),
        Err(_) => Written::Bytes { b64: STANDARD_NO_PAD.encode(value) },
    }
}

impl Remapper {
    /// One that maps as the source is set.
    pub fn new(fields: &SourceFields) -> Self {
        Self(Mapper::of(&fields.connection, fields.mapping.as_ref(), fields.normalize_numbers.as_deref()))
    }

    /// The attributes that a read of the source keeps.
    pub fn attributes(&self) -> Vec<String> {
        attributes(&self.0)
    }

    /// Where the attributes of the list `names` are; `None` when it lacks one that the mapping asks for.
    pub fn places(&self, names: &[String]) -> Option<KeptPlaces> {
        let places: Vec<Option<Place>> = names.iter().map(|name| self.0.place(name.as_bytes())).collect();
        let is_there = |slot: usize| places.iter().flatten().any(|place| place.slot == slot);
        // Secrets are in no list, and of no entry.
        let is_kept = |slot: &usize| !is_secret(&self.0.slots[*slot].name);
        (0..self.0.slots.len()).filter(is_kept).all(is_there).then_some(KeptPlaces(places))
    }

    /// The entry as its source would report it; `None` when what is kept of it cannot be read.
    pub fn map(&self, places: &KeptPlaces, entry: KeptEntry<'_>) -> Option<Reported> {
        let values: Vec<Kept<Written<String>>> = serde_json::from_str(entry.values).ok()?;
        let mut raw = RawEntry::default();
        for value in values {
            let (at, value, has_options) = match value {
                Kept::Plain(at, value) => (at, value, false),
                Kept::Optioned(at, value, _) => (at, value, true),
            };
            let bytes = match value {
                Written::Text(text) => text.into_bytes(),
                Written::Bytes { b64 } => STANDARD_NO_PAD.decode(b64).ok()?,
            };
            if let Some(place) = *places.0.get(at)? {
                raw.push(Place { has_options, ..place }, bytes);
            }
        }
        Some(match self.0.map(entry.locator.to_owned(), &raw) {
            Reported::Entry(mut record) => {
                record.origin_id = entry.origin_id.map(<[u8]>::to_vec);
                Reported::Entry(record)
            }
            Reported::SetAside(aside) => Reported::SetAside(SetAside { values: None, ..aside }),
            other => other,
        })
    }
}

#[cfg(test)]
mod tests;
