//! The tenant's gap-free, commit-ordered line of changes (DESIGN invariant 3).

use serde::{Deserialize, Serialize};

use crate::id::TenantId;
use crate::timestamp::Timestamp;

/// The kinds of things whose changes are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A reseller (numbered in the platform's tenant).
    Reseller,
    /// A tenant and its settings.
    Tenant,
    /// A site.
    Site,
    /// A group and its members.
    Group,
    /// A domain.
    Domain,
    /// A publication and its entries.
    Publication,
    /// A contact.
    Contact,
    /// A contact's manual presence and notes.
    Presence,
    /// The tenant's rules of presence.
    PresenceRules,
    /// A state that the tenant gave a name.
    CustomState,
    /// A presence profile that a tenant made.
    PresenceProfile,
    /// A client profile that a tenant made.
    ClientProfile,
    /// The profile that a user selected, and what the user chose for profiles.
    ProfileSelection,
    /// How calls for a user ring.
    CallSettings,
    /// A user's list of devices that ring for calls to groups.
    ExtensionList,
    /// A contact's avatars.
    Avatar,
    /// A user.
    User,
    /// A grant.
    Grant,
    /// A session.
    Session,
    /// An API token.
    Token,
    /// Who says of users who they are.
    IdentityProvider,
    /// A directory source.
    Source,
    /// A synchronisation run.
    Run,
    /// Somebody who is told when synchronization needs somebody.
    Alert,
    /// What a visitor left when nobody could be reached.
    Enquiry,
    /// A template that a tenant made.
    Template,
}

/// One change: this object is no longer as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose line.
    pub tenant: TenantId,
    /// Its number: one for each committed transaction, without gaps, in the order of commits. The
    /// changes of one transaction share it.
    pub seq: i64,
    /// When it was made.
    pub at: Timestamp,
    /// The kind of object.
    pub kind: ObjectKind,
    /// The object's public identity.
    pub object: String,
    /// The object is gone.
    pub is_removal: bool,
}
