//! Which attribute gives which field, applied to one entry at a time.
//!
//! Attribute names are compared without case. Options (`;lang-de`, `;binary`) are dropped, but a
//! value without options goes before one with. Of several values the first counts. What a rule makes
//! of values is in `transform`, and of telephone numbers in `number`.

mod default;
mod explain;
mod kept;
pub(crate) mod number;
mod photo;
mod rule;
#[cfg(test)]
mod tests;
mod transform;

use std::borrow::Cow;

use directory_model::address::{AddressKind, ContactKey};
use directory_model::contact::ContactFields;
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{MappedRecord, Reported, SetAside, SourceRecord};
use directory_model::source::{Connection, FieldRule, Mapping};
use directory_model::valid::Check;
use phonenumber::country::Id;

pub use self::default::default_mapping;
pub(crate) use self::explain::{Explained, cut, fields_of};
pub use self::kept::{KeptEntry, KeptPlaces, Remapper};
pub(crate) use self::photo::{MAX_PHOTO_BYTES, PhotoMapper, too_large};
pub(crate) use self::rule::AddressAttribute;
use self::rule::Prepared;
use crate::secret_names::is_secret;

/// The longest value that is looked at; everything that is mapped is far shorter.
pub(crate) const MAX_VALUE_BYTES: usize = 64 * 1024;
/// The longest identity of an entry.
const MAX_ID_BYTES: usize = 256;
/// `userAccountControl`: ACCOUNTDISABLE.
const ACCOUNT_DISABLED: i64 = 0x2;

/// A field of text: its name, where its rules are in a mapping, and its place in a contact.
struct TextField {
    name: &'static str,
    rules: fn(&Mapping) -> &[FieldRule],
    place: fn(&mut ContactFields) -> &mut Option<String>,
}

macro_rules! text_fields {
    ($($field:ident),* $(,)?) => {
        [$(TextField { name: stringify!($field), rules: |mapping| &mapping.$field, place: |contact| &mut contact.$field }),*]
    };
}

const TEXT_FIELDS: [TextField; 15] = text_fields![
    sip,
    mail,
    skype,
    first_name,
    last_name,
    display_name,
    company,
    job_title,
    office,
    work_phone,
    work_country,
    work_state,
    work_zip_code,
    work_city,
    work_street,
];

/// One attribute that the mapping names.
struct Slot {
    /// As it is shown when a value is refused, and asked for.
    name: String,
    /// Its values carry their kind in front: `SMTP:anna@example.com`.
    is_proxy_addresses: bool,
}

/// The values of one entry, as far as the mapping asks for them.
#[derive(Clone, Default)]
pub(crate) struct RawEntry<'a> {
    plain: Vec<(usize, Cow<'a, [u8]>)>,
    optioned: Vec<(usize, Cow<'a, [u8]>)>,
}

impl<'a> RawEntry<'a> {
    /// Adds a value of the attribute at `place`.
    pub(crate) fn push(&mut self, place: Place, value: impl Into<Cow<'a, [u8]>>) {
        let values = if place.has_options { &mut self.optioned } else { &mut self.plain };
        values.push((place.slot, value.into()));
    }

    /// Whether there is a value of the attribute at `place`.
    pub(crate) fn has(&self, place: Place) -> bool {
        let values = if place.has_options { &self.optioned } else { &self.plain };
        values.iter().any(|(slot, value)| *slot == place.slot && !value.is_empty())
    }

    fn of(&self, slot: usize) -> impl Iterator<Item = &[u8]> {
        self.all(slot).map(<[u8]>::trim_ascii).filter(|value| !value.is_empty())
    }

    /// The first value with all its bytes, also those that look like white space.
    fn whole(&self, slot: usize) -> Option<&[u8]> {
        self.all(slot).find(|value| !value.is_empty())
    }

    fn all(&self, slot: usize) -> impl Iterator<Item = &[u8]> {
        let values = self.plain.iter().chain(&self.optioned);
        values.filter(move |(of, _)| *of == slot).map(|(_, value)| &**value)
    }
}

/// Where the values of an attribute go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    slot: usize,
    has_options: bool,
}

/// A mapping, prepared for many entries.
pub(crate) struct Mapper {
    slots: Vec<Slot>,
    /// Folded names and the slots they stand for; other names of the same attribute included.
    names: Vec<(String, usize)>,
    external_id: Vec<usize>,
    texts: Vec<Vec<Prepared>>,
    /// Work telephone numbers are written internationally, as numbers of this country.
    numbers: Option<Id>,
    service_marker: Vec<usize>,
    disabled_marker: Vec<usize>,
    sip_marker: Vec<usize>,
    hybrid_marker: Vec<usize>,
    /// Where each slot stands in what is kept of an entry; nothing is kept when absent.
    kept: Option<Vec<Option<usize>>>,
}

impl Mapper {
    /// Prepares the mapping of a source, or the usual one of its kind.
    pub(crate) fn of(connection: &Connection, mapping: Option<&Mapping>, numbers: Option<&str>) -> Self {
        let usual = default_mapping(connection);
        let mut mapping = mapping.unwrap_or(&usual).clone();
        if matches!(connection, Connection::Graph(_)) {
            // Users are found again by their identity in Graph alone.
            mapping.external_id.clear();
        }
        Self::new(&mapping, &usual).normalizing(numbers)
    }

    /// Prepares `mapping`; without any attribute for the identity it takes those of `fallback`.
    pub(crate) fn new(mapping: &Mapping, fallback: &Mapping) -> Self {
        let mut mapper = Self {
            slots: Vec::new(),
            names: Vec::new(),
            external_id: Vec::new(),
            texts: Vec::new(),
            numbers: None,
            service_marker: Vec::new(),
            disabled_marker: Vec::new(),
            sip_marker: Vec::new(),
            hybrid_marker: Vec::new(),
            kept: None,
        };
        let ids = if mapping.external_id.is_empty() { &fallback.external_id } else { &mapping.external_id };
        mapper.external_id = mapper.slots_for(ids);
        mapper.texts = TEXT_FIELDS.iter().map(|field| mapper.prepared((field.rules)(mapping))).collect();
        mapper.service_marker = mapper.slots_for(&mapping.service_marker);
        mapper.disabled_marker = mapper.slots_for(&mapping.disabled_marker);
        mapper.sip_marker = mapper.slots_for(&mapping.sip_marker);
        mapper.hybrid_marker = mapper.slots_for(&mapping.hybrid_marker);
        for index in 0..mapper.names.len() {
            let (name, slot) = &mapper.names[index];
            let other = default::other_name(name).filter(|other| mapper.names.iter().all(|(name, _)| name != other));
            if let Some(other) = other {
                let slot = *slot;
                mapper.names.push((other.to_owned(), slot));
            }
        }
        mapper
    }

    /// The same, with work telephone numbers written internationally, as numbers of `country`.
    pub(crate) fn normalizing(self, country: Option<&str>) -> Self {
        Self { numbers: country.and_then(number::country), ..self }
    }

    fn slots_for(&mut self, attributes: &[String]) -> Vec<usize> {
        let named = attributes.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
        named.map(|name| self.slot_for(name)).collect()
    }

    fn slot_for(&mut self, name: &str) -> usize {
        let folded = name.to_lowercase();
        if let Some((_, slot)) = self.names.iter().find(|(known, _)| *known == folded) {
            return *slot;
        }
        let slot = self.slots.len();
        self.slots.push(Slot { name: name.to_owned(), is_proxy_addresses: folded == "proxyaddresses" });
        self.names.push((folded, slot));
        slot
    }

    /// The attributes that the mapping names, each once, without those that may hold a secret: no field is one.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map(|slot| slot.name.as_str()).filter(|name| !is_secret(name))
    }

    /// The attributes that may give the identity.
    pub(crate) fn id_attributes(&self) -> impl Iterator<Item = &str> {
        self.external_id.iter().map(|slot| self.slots[*slot].name.as_str())
    }

    /// Where values of the attribute `description` go; nowhere unless the mapping names it.
    pub(crate) fn place(&self, description: &[u8]) -> Option<Place> {
        let name = description.split(|byte| *byte == b';').next()?;
        let (_, slot) = self.names.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name))?;
        Some(Place { slot: *slot, has_options: name.len() < description.len() })
    }

    /// What the attribute at `place` is called where a refusal is shown.
    pub(crate) fn name(&self, place: Place) -> &str {
        &self.slots[place.slot].name
    }

    /// What identifies the entry, if anything does.
    pub(crate) fn identity(&self, entry: &RawEntry<'_>) -> Option<Vec<u8>> {
        self.external_id(entry).ok()
    }

    /// The entry as a contact would take it, or the first reason against it.
    pub(crate) fn map(&self, locator: String, entry: &RawEntry<'_>) -> Reported {
        match self.external_id(entry) {
            Err(invalid) => self.aside(None, locator, entry, invalid),
            Ok(external_id) => match (self.mapped(entry), self.values_of(entry)) {
                (Ok(mapped), values) => {
                    let record = SourceRecord { external_id, locator, mapped, origin_id: None, values };
                    Reported::Entry(Box::new(record))
                }
                (Err(invalid), values) => match self.aside(Some(external_id), locator, entry, invalid) {
                    // Another mapping may be able to use it.
                    Reported::SetAside(aside) => Reported::SetAside(SetAside { values, ..aside }),
                    other => other,
                },
            },
        }
    }

    /// The entry, set aside for a reason that lies outside the mapping.
    pub(crate) fn set_aside(&self, locator: String, entry: &RawEntry<'_>, invalid: Invalid) -> Reported {
        self.aside(self.external_id(entry).ok(), locator, entry, invalid)
    }

    fn aside(&self, external_id: Option<Vec<u8>>, locator: String, entry: &RawEntry<'_>, invalid: Invalid) -> Reported {
        let keys = [AddressKind::Sip, AddressKind::Mail].into_iter().filter_map(|kind| self.key(kind, entry));
        Reported::SetAside(SetAside { external_id, locator, keys: keys.collect(), invalid, values: None })
    }

    /// The address of `kind` that the entry would have, in the form in which addresses are compared.
    fn key(&self, kind: AddressKind, entry: &RawEntry<'_>) -> Option<ContactKey> {
        if self.is_without(kind.field(), entry) {
            return None;
        }
        let found = self.rules_of(kind).iter().find_map(|rule| rule.value(self, entry, kind.field()).transpose())?;
        let key = ContactKey::new(kind, &found.ok()?.text);
        (!key.folded.is_empty()).then_some(key)
    }

    fn rules_of(&self, kind: AddressKind) -> &[Prepared] {
        let field = TEXT_FIELDS.iter().position(|field| field.name == kind.field());
        field.and_then(|field| self.texts.get(field)).map_or(&[], Vec::as_slice)
    }

    /// Which attribute gives the entry's identity.
    pub(crate) fn identified_by(&self, entry: &RawEntry<'_>) -> Option<&str> {
        let slot = self.external_id.iter().find(|slot| entry.whole(**slot).is_some())?;
        Some(&self.slots[*slot].name)
    }

    fn external_id(&self, entry: &RawEntry<'_>) -> Result<Vec<u8>, Invalid> {
        // Not trimmed: the bytes of an objectGUID may look like white space.
        let found = self.external_id.iter().find_map(|slot| Some((slot, entry.whole(*slot)?)));
        let Some((slot, value)) = found else {
            let named = self.id_attributes().collect::<Vec<_>>().join(", ");
            return Err(Invalid::new(named, "", Rule::Required));
        };
        if value.len() > MAX_ID_BYTES {
            let rule = Rule::TooLong { max: MAX_ID_BYTES as u64, unit: "bytes".into() };
            return Err(Invalid::new(&self.slots[*slot].name, value[..MAX_ID_BYTES].escape_ascii(), rule));
        }
        Ok(uuid_bytes(value).map_or_else(|| value.to_vec(), |uuid| uuid.to_vec()))
    }

    fn mapped(&self, entry: &RawEntry<'_>) -> Result<MappedRecord, Invalid> {
        let is_service = self.service_marker.iter().any(|slot| entry.of(*slot).next().is_some());
        let mut contact = ContactFields { is_ucma_endpoint: is_service, ..ContactFields::default() };
        let mut chosen = [None; TEXT_FIELDS.len()];
        for ((field, rules), chosen) in TEXT_FIELDS.iter().zip(&self.texts).zip(&mut chosen) {
            if self.is_without(field.name, entry) {
                continue;
            }
            let found = rules.iter().find_map(|rule| rule.value(self, entry, field.name).transpose());
            if let Some(found) = found.transpose()? {
                *(field.place)(&mut contact) = Some(self.normalized(field.name, found.text));
                *chosen = Some(found.slot);
            }
        }
        let mut synced = contact.check().map_err(|refusals| self.blame(refusals, &chosen))?.into_inner();
        synced.is_ucma_endpoint = false;
        Ok(MappedRecord {
            sip: synced.sip.take(),
            skype: synced.skype.take(),
            first_name: synced.first_name.take(),
            last_name: synced.last_name.take(),
            synced,
            is_service,
            is_hybrid: self.hybrid_marker.iter().any(|slot| entry.of(*slot).any(says_hybrid)),
            is_disabled: self.disabled_marker.iter().any(|slot| entry.of(*slot).any(says_disabled)),
        })
    }

    /// Whether the entry says that it is not enabled for what `field` is about. Accounts that Lync was
    /// taken from keep their address.
    fn is_without(&self, field: &str, entry: &RawEntry<'_>) -> bool {
        let said = self.sip_marker.iter().find_map(|slot| entry.of(*slot).next());
        field == "sip" && said.is_some_and(|value| value.eq_ignore_ascii_case(b"FALSE"))
    }

    /// The value as the source's settings want it.
    fn normalized(&self, field: &str, value: String) -> String {
        let country = self.numbers.filter(|_| field == "work_phone");
        country.and_then(|country| number::e164(&value, country)).unwrap_or(value)
    }

    /// The value of the attribute that `field` would take.
    fn pick<'e>(&self, entry: &'e RawEntry<'_>, slot: usize, field: &str) -> Option<&'e [u8]> {
        if !self.slots[slot].is_proxy_addresses {
            return entry.of(slot).next();
        }
        let find = |matches: fn(&[u8]) -> bool| {
            entry.of(slot).find(|value| matches(value)).map(|value| after_scheme(value).trim_ascii())
        };
        match field {
            "sip" => find(|value| has_scheme(value, "sip:")),
            // Capitals mark the primary address.
            "mail" => find(|value| value.starts_with(b"SMTP:")).or_else(|| find(|value| has_scheme(value, "smtp:"))),
            _ => None,
        }
    }

    fn text(&self, slot: usize, field: &str, value: &[u8]) -> Result<String, Invalid> {
        let name = &self.slots[slot].name;
        if value.len() > MAX_VALUE_BYTES {
            return Err(too_long(name, value));
        }
        let text = std::str::from_utf8(value);
        let text = text.map_err(|_| Invalid::new(name, value.escape_ascii(), Rule::NotUtf8))?;
        let text = if field == "work_phone" && has_scheme(value, "tel:") { &text[4..] } else { text };
        // Directories keep the lines of a street apart as Windows does.
        Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() })
    }

    /// The first refusal, with the attribute that gave the value instead of the field.
    fn blame(&self, refusals: Vec<Invalid>, chosen: &[Option<usize>]) -> Invalid {
        let Some(mut invalid) = refusals.into_iter().next() else {
            return Invalid::new("entry", "", Rule::Required);
        };
        let field = TEXT_FIELDS.iter().position(|field| field.name == invalid.field);
        let slot = field.and_then(|field| chosen[field].or_else(|| self.texts[field].first()?.first_slot()));
        if let Some(slot) = slot {
            invalid.field.clone_from(&self.slots[slot].name);
        }
        invalid
    }
}

/// The refusal of a value that is longer than anything that is mapped.
pub(crate) fn too_long(name: &str, value: &[u8]) -> Invalid {
    let shown = value.get(..MAX_ID_BYTES).unwrap_or(value);
    Invalid::new(name, shown.escape_ascii(), Rule::TooLong { max: MAX_VALUE_BYTES as u64, unit: "bytes".into() })
}

fn has_scheme(value: &[u8], scheme: &str) -> bool {
    value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
}

fn after_scheme(value: &[u8]) -> &[u8] {
    value.iter().position(|byte| *byte == b':').map_or(value, |colon| &value[colon + 1..])
}

/// `TRUE`, or a pool of Skype for Business Online; pools of one's own are `SRV:` and a name.
fn says_hybrid(value: &[u8]) -> bool {
    let online = b"online.lync.com";
    let end = value.len().saturating_sub(online.len());
    value.eq_ignore_ascii_case(b"true") || value[end..].eq_ignore_ascii_case(online)
}

fn says_disabled(value: &[u8]) -> bool {
    let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<i64>().ok());
    number.map_or_else(|| value.eq_ignore_ascii_case(b"TRUE"), |bits| bits & ACCOUNT_DISABLED != 0)
}

/// The sixteen bytes of a UUID written as text, with or without braces.
pub(crate) fn uuid_bytes(value: &[u8]) -> Option<[u8; 16]> {
    let bare = value.strip_prefix(b"{").and_then(|value| value.strip_suffix(b"}")).unwrap_or(value);
    let is_uuid = bare.len() == 36 && [8, 13, 18, 23].iter().all(|at| bare[*at] == b'-');
    let mut digits = bare.iter().filter(|byte| **byte != b'-').map(|byte| (*byte as char).to_digit(16));
    let mut uuid = [0; 16];
    for byte in uuid.iter_mut().filter(|_| is_uuid) {
        let (high, low) = (digits.next()??, digits.next()??);
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    (is_uuid && digits.next().is_none()).then_some(uuid)
}
