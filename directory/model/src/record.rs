//! What a source says about one entry, before anything is believed.

mod group;

use std::hash::{DefaultHasher, Hasher};

use serde::{Deserialize, Serialize};

pub use self::group::{SourceGroup, SourceGroups};
use crate::address::{AddressKind, ContactKey};
use crate::contact::{ContactFields, DisabledBy, SyncedField};
use crate::id::ContactId;
use crate::invalid::Invalid;

/// The mapped values of one directory entry. `None` means that the directory has no value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MappedRecord {
    /// SIP address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sip: Option<String>,
    /// Consumer Skype name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skype: Option<String>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The eleven synchronised fields, by [`SyncedField::of`]; other fields are not used.
    #[serde(serialize_with = "only_synced")]
    pub synced: ContactFields,
    /// The entry is a service (a UCMA endpoint).
    pub is_service: bool,
    /// The person also lives in the cloud.
    pub is_hybrid: bool,
    /// The account is disabled in the directory.
    pub is_disabled: bool,
}

/// Records are kept by the hundred thousand, so what has no value is not written.
fn only_synced<S: serde::Serializer>(fields: &ContactFields, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        SyncedField::ALL.into_iter().filter_map(|field| field.of(fields).as_ref().map(|value| (field.name(), value))),
    )
}

impl MappedRecord {
    /// The value of a synchronised field.
    pub fn synced(&self, field: SyncedField) -> Option<&str> {
        field.of(&self.synced).as_deref()
    }
}

/// One entry of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// What identifies the entry through renames: entryUUID or objectGUID bytes, a CSV key.
    pub external_id: Vec<u8>,
    /// Where the entry is found by a person: its DN, or file and line.
    pub locator: String,
    /// What it says.
    pub mapped: MappedRecord,
    /// What identifies the same entry in the directory that it was copied from, where the source tells.
    pub origin_id: Option<Vec<u8>>,
    /// What it said before it was mapped; absent when that is not kept.
    pub values: Option<Box<str>>,
}

/// One thing that a read reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reported {
    /// An entry that could be mapped.
    Entry(Box<SourceRecord>),
    /// An entry that could not; the rest goes on.
    SetAside(SetAside),
    /// The entry with this identity is still there and says what it said last.
    Unchanged(Vec<u8>),
    /// The source says that the entry with this identity is there no longer, or is no longer one of
    /// those that are asked for.
    Gone(Vec<u8>),
}

/// An entry that was left out, and why: DN, attribute, value and rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The entry's identity when it has one: such an entry is still there and nobody has left.
    pub external_id: Option<Vec<u8>>,
    /// Its DN, or file and line.
    pub locator: String,
    /// The addresses by which contacts are matched, as far as the entry has them.
    pub keys: Vec<ContactKey>,
    /// The attribute (as field), its value and the rule it breaks.
    pub invalid: Invalid,
    /// What it said before it was mapped; absent when that is not kept, or when no mapping could help.
    #[serde(skip)]
    pub values: Option<Box<str>>,
}

/// The photo of one entry, as the source holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcePhoto {
    /// What identifies the entry.
    pub external_id: Vec<u8>,
    /// Where the entry is found by a person: its DN.
    pub locator: String,
    /// The attribute that held it.
    pub attribute: String,
    /// The file; nothing is known yet of what is in it.
    pub bytes: Vec<u8>,
    /// What to send next time, to learn whether it changed.
    pub tag: Option<String>,
}

/// One thing that a read of photos reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportedPhoto {
    /// A photo that may be looked at.
    Photo(SourcePhoto),
    /// A photo that is not carried; the rest goes on.
    SetAside(SetAside),
    /// A photo of an entry without identity, which the read of entries sets aside.
    Nameless,
    /// The photo of the entry with this identity is the one whose tag was sent.
    Unchanged(Vec<u8>),
}

impl ReportedPhoto {
    /// What identifies the entry, if anything does.
    pub fn external_id(&self) -> Option<&[u8]> {
        match self {
            Self::Photo(photo) => Some(&photo.external_id),
            Self::SetAside(aside) => aside.external_id.as_deref(),
            Self::Unchanged(id) => Some(id),
            Self::Nameless => None,
        }
    }

    /// Where the entry is found by a person; nowhere in particular without identity.
    pub fn locator(&self) -> &str {
        match self {
            Self::Photo(photo) => &photo.locator,
            Self::SetAside(aside) => &aside.locator,
            Self::Nameless | Self::Unchanged(_) => "",
        }
    }
}

/// By what the entry of one contact is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// The identity of the entry that the contact is linked to.
    Entry(Vec<u8>),
    /// The addresses of a contact that is linked to none, as they are kept; an entry with one of them
    /// may be its own.
    Addresses {
        /// Its SIP address.
        sip: Option<String>,
        /// Its mail address.
        mail: Option<String>,
    },
}

impl Sought {
    /// The addresses in the form in which they are compared.
    pub fn keys(&self) -> Vec<ContactKey> {
        let Self::Addresses { sip, mail } = self else { return Vec::new() };
        let key = |kind, address: &Option<String>| address.as_deref().map(|address| ContactKey::new(kind, address));
        [key(AddressKind::Sip, sip), key(AddressKind::Mail, mail)].into_iter().flatten().collect()
    }

    /// Whether this may be the entry that is looked for.
    pub fn is_found_in(&self, reported: &Reported) -> bool {
        match self {
            Self::Entry(id) => reported.external_id() == Some(id),
            Self::Addresses { .. } => self.keys().iter().any(|key| reported.keys().contains(key)),
        }
    }
}

impl Reported {
    /// What identifies the entry, if anything does.
    pub fn external_id(&self) -> Option<&[u8]> {
        match self {
            Self::Entry(entry) => Some(&entry.external_id),
            Self::SetAside(aside) => aside.external_id.as_deref(),
            Self::Unchanged(id) | Self::Gone(id) => Some(id),
        }
    }

    /// Where the entry is found by a person; nowhere in particular when only its identity is told.
    pub fn locator(&self) -> &str {
        match self {
            Self::Entry(entry) => &entry.locator,
            Self::SetAside(aside) => &aside.locator,
            Self::Unchanged(_) | Self::Gone(_) => "",
        }
    }

    /// The addresses by which contacts are matched.
    pub fn keys(&self) -> Vec<ContactKey> {
        match self {
            Self::Entry(entry) => {
                let key = |kind, address: Option<&str>| address.map(|address| ContactKey::new(kind, address));
                let mapped = &entry.mapped;
                let mail = key(AddressKind::Mail, mapped.synced(SyncedField::Mail));
                [key(AddressKind::Sip, mapped.sip.as_deref()), mail].into_iter().flatten().collect()
            }
            Self::SetAside(aside) => aside.keys.clone(),
            Self::Unchanged(_) | Self::Gone(_) => Vec::new(),
        }
    }
}

/// Where a later read of the same source continues. Only the connector that made it understands it;
/// it is kept with what was read, and never while that is not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReadCursor(pub String);

/// How a read ended that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadEnd {
    /// How many entries, or photos, were reported, set-aside ones included.
    pub entries: u64,
    /// The source said that this was all.
    pub is_complete: bool,
    /// What was reported.
    pub extent: Extent,
    /// Where the next read may continue; `None` when it has to be of everything.
    pub cursor: Option<ReadCursor>,
}

impl ReadEnd {
    /// The end of a read of everything, with `entries` entries, after which none can continue.
    pub fn whole(entries: u64) -> Self {
        Self { entries, is_complete: true, extent: Extent::Whole { may_lag: false }, cursor: None }
    }
}

/// What a read reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every entry: one that was not reported is not in the source.
    Whole {
        /// Another server answered than the one that was read last; it may not have heard of
        /// everything yet, so nobody counts as gone because they were not reported.
        may_lag: bool,
    },
    /// What changed since the cursor: one that was not reported is as it was.
    Changes,
}

/// Why everything was read although changes would have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WholeBecause {
    /// The source cannot tell changes.
    Unsupported,
    /// Nothing was read before, or it was read with other settings.
    NoCursor,
    /// The source does not know any more where the last read ended.
    CursorExpired,
    /// Another server answers than the one that was read last.
    ServerChanged,
    /// The server's data was restored from a backup since the last read.
    ServerRestored,
    /// The account may not see which entries were deleted.
    DeletionsUnreadable,
    /// A part of the directory was moved, renamed or changed, and with it perhaps who is in it.
    PlacesChanged,
    /// More changed than the source tells at once.
    TooManyChanges,
}

/// What is known of an entry that a source reported before and that has a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRecord {
    /// What identifies the entry.
    pub external_id: Vec<u8>,
    /// The digest of what was last written for it, contact revision included.
    pub digest: [u8; 16],
    /// Its contact.
    pub contact: KnownContact,
    /// Another source says what the contact's fields are; this one gives its photo.
    pub is_extra: bool,
    /// Where it was found last, as [`place_of`] has it.
    pub place: u64,
}

/// A hash of where an entry is found, to tell whether it moved. It is only good within one process.
pub fn place_of(locator: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(locator.as_bytes());
    hasher.finish()
}

/// What is known of an entry's photo and of the contact that it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPhoto {
    /// What identifies the entry.
    pub external_id: Vec<u8>,
    /// The SHA-256 hash of the photo that was applied last; `None` without one.
    pub digest: Option<[u8; 32]>,
    /// The tag that it came with.
    pub tag: Option<String>,
    /// The entry's contact.
    pub contact: ContactId,
    /// The contact is in service.
    pub is_in_service: bool,
    /// The contact's photo is taken from the source: from a cloud that does not speak for it only when it is hybrid.
    pub is_taken: bool,
    /// It was taken back into service against the word of its source, which may know nothing of it any more.
    pub is_held: bool,
}

/// A contact as a plan knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownContact {
    /// Its public identity.
    pub id: ContactId,
    /// Its revision when the plan was made.
    pub revision: i64,
    /// Who took it out of service.
    pub disabled_by: Option<DisabledBy>,
}

/// The contact that holds an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressHolder {
    /// The contact.
    pub contact: KnownContact,
    /// Its name, as conflicts show it.
    pub name: String,
    /// It belongs to an entry of a source; a contact without one was made by hand.
    pub is_linked: bool,
}
