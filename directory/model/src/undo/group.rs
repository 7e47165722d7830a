//! Taking back what a run did with mirrored groups.

use serde::{Deserialize, Serialize};

use crate::id::{ContactId, GroupId, PublicationId};
use crate::timestamp::Timestamp;

/// What a run did with one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum GroupDeed {
    /// It was made.
    Made,
    /// It got another name.
    Renamed {
        /// What it was called before.
        old: String,
        /// What it is called since.
        new: String,
    },
    /// It was removed.
    Removed(Box<RemovedGroup>),
    /// People came into it.
    Joined {
        /// Who.
        contacts: Vec<ContactId>,
    },
    /// People went from it.
    Left {
        /// Who.
        contacts: Vec<ContactId>,
    },
}

/// A mirrored group as it was when a run removed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedGroup {
    /// Its identity.
    pub id: GroupId,
    /// What it was called.
    pub name: String,
    /// Its revision.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who was in it.
    pub members: Vec<ContactId>,
    /// The services that its members answered for.
    pub staffed: Vec<ContactId>,
    /// The publications that listed it, and at which place.
    pub publications: Vec<(PublicationId, i64)>,
}
