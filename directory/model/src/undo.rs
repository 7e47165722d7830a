//! Taking back what a run did: what is kept for it, and what later runs then leave alone.

mod group;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use self::group::{GroupDeed, RemovedGroup};
use crate::avatar::PictureHash;
use crate::contact::{Contact, ContactFields, DisabledBy, Provenance, SyncedField};
use crate::id::{AvatarId, GroupId, PublicationId, SourceId, UserId};
use crate::presence::Availability;
use crate::timestamp::Timestamp;

/// How many days after its start a run can be undone.
pub const UNDO_DAYS: u64 = 30;

/// What it takes to undo one line of a run's record, beyond what the line shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reversal {
    /// Where fields came from before that come from elsewhere since; `None` stands for nowhere.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub provenance: BTreeMap<SyncedField, Option<Provenance>>,
    /// The fields that were empty and were filled, with what they were filled with.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub filled: BTreeMap<FilledField, String>,
    /// Who kept the contact out of service before, when that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// The photo that was given or taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<PhotoReversal>,
    /// The contact that was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed: Option<Box<Removed>>,
    /// What identifies the entry that the contact was linked to, or the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Vec<u8>>,
    /// What was done with a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupDeed>,
}

impl Reversal {
    /// What leads from `after` back to `before`.
    pub fn of(before: &Contact, after: &Contact) -> Self {
        let provenance = SyncedField::ALL.into_iter().filter_map(|field| {
            let (old, new) = (before.provenance.get(&field), after.provenance.get(&field));
            (old != new).then(|| (field, old.cloned()))
        });
        let filled = FilledField::ALL.into_iter().filter_map(|field| {
            let (old, new) = (field.of(&before.fields), field.of(&after.fields));
            new.clone().filter(|_| old.is_none()).map(|new| (field, new))
        });
        let has_moved = before.disabled_by != after.disabled_by;
        Self {
            provenance: provenance.collect(),
            filled: filled.collect(),
            service: has_moved.then_some(Service { disabled_by: before.disabled_by }),
            photo: None,
            removed: None,
            entry: None,
            group: None,
        }
    }

    /// Whether the line shows everything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether a contact is in service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Who keeps it out; `None` when it is in.
    pub disabled_by: Option<DisabledBy>,
}

/// A field that a contact is given once, when it is linked to its entry, and that is nobody's but the
/// administrators' afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilledField {
    /// `sip`
    Sip,
    /// `skype`
    Skype,
    /// `first_name`
    FirstName,
    /// `last_name`
    LastName,
}

impl FilledField {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Sip, Self::Skype, Self::FirstName, Self::LastName];

    /// The field's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sip => "sip",
            Self::Skype => "skype",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
        }
    }

    /// Its value.
    pub fn of(self, fields: &ContactFields) -> &Option<String> {
        match self {
            Self::Sip => &fields.sip,
            Self::Skype => &fields.skype,
            Self::FirstName => &fields.first_name,
            Self::LastName => &fields.last_name,
        }
    }

    /// Its value, to be changed.
    pub fn of_mut(self, fields: &mut ContactFields) -> &mut Option<String> {
        match self {
            Self::Sip => &mut fields.sip,
            Self::Skype => &mut fields.skype,
            Self::FirstName => &mut fields.first_name,
            Self::LastName => &mut fields.last_name,
        }
    }
}

/// A synchronised photo that was given or taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoReversal {
    /// The large rendition that the contact was given; `None` when its photo was taken.
    pub given: Option<PictureHash>,
    /// The hash of the file that it was given; `None` when its photo was taken.
    pub refused: Option<PictureHash>,
    /// The photo before.
    pub before: Option<KeptAvatar>,
}

/// An avatar as it was. Its pictures are kept as long as the run can be undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAvatar {
    /// Its identity.
    pub id: AvatarId,
    /// When it came.
    pub created_at: Timestamp,
    /// The large rendition.
    pub large: PictureHash,
    /// The small one.
    pub small: PictureHash,
    /// The states in which it was shown.
    pub statuses: BTreeSet<Availability>,
    /// It was a directory's photo.
    pub is_synced: bool,
    /// The directory that it came from.
    pub source: Option<SourceId>,
}

/// A contact as it was when a run removed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// What could be set.
    pub fields: ContactFields,
    /// Where its synchronised fields came from.
    pub provenance: BTreeMap<SyncedField, Provenance>,
    /// Who had it taken out of service.
    pub disabled_by: Option<DisabledBy>,
    /// Its revision.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// The groups that it was a member of.
    pub groups: Vec<GroupId>,
    /// The publications that listed it, and at which place.
    pub publications: Vec<(PublicationId, i64)>,
    /// The users that it belonged to.
    pub users: Vec<UserId>,
    /// What identifies the entry that it belonged to.
    #[serde(default)]
    pub external_id: Option<Vec<u8>>,
    /// Its avatars.
    pub avatars: Vec<KeptAvatar>,
}

/// What was taken back and is not done again as long as the source goes on saying it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Holds {
    /// Values of fields.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<SyncedField, Refused>,
    /// The entry as a whole: it makes no contact and is linked to none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Refused>,
    /// Whether its contact is in service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_service: Option<bool>,
    /// Its contact was removed for being gone, and is not removed again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_kept: bool,
    /// The file of a photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<PictureHash>,
}

impl Holds {
    /// All that either of the two holds; `newer` knows better.
    #[must_use]
    pub fn joined(self, newer: Self) -> Self {
        let mut fields = self.fields;
        fields.extend(newer.fields);
        Self {
            fields,
            entry: newer.entry.or(self.entry),
            in_service: newer.in_service.or(self.in_service),
            is_kept: newer.is_kept || self.is_kept,
            photo: newer.photo.or(self.photo),
        }
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The hash of something that a source said, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refused(pub String);

/// What a step of a plan takes back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TakenBack {
    /// What becomes as it was, besides the step's changes.
    #[serde(flatten)]
    pub reversal: Reversal,
    /// What is held from now on, besides what is held already.
    #[serde(skip_serializing_if = "Holds::is_empty")]
    pub holds: Holds,
}
