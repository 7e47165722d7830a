//! Who may do what where: a closed list of actions, a tree of scopes, roles as bundles of actions.

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, PublicationId, ResellerId, SiteId, TenantId};

/// Everything that needs a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See and change the platform: resellers, health, jobs.
    ManagePlatform,
    /// Make, see, change and remove tenants.
    ManageTenants,
    /// See the tenant and its settings.
    ReadTenant,
    /// Change the tenant's own settings.
    ChangeTenantSettings,
    /// Make, change and remove users and grants.
    ManageUsers,
    /// See users and grants.
    ReadUsers,
    /// Make, change and remove domains.
    ManageDomains,
    /// See domains.
    ReadDomains,
    /// Make and remove sites.
    ManageSites,
    /// Change a site.
    ChangeSite,
    /// See sites.
    ReadSites,
    /// Make, change and remove groups and their members.
    ManageGroups,
    /// See groups and their members.
    ReadGroups,
    /// Make, change and remove publications and what they show.
    ManagePublications,
    /// See publications.
    ReadPublications,
    /// Make, change and remove contacts.
    ManageContacts,
    /// See contacts, and why their presence is what it is.
    ReadContacts,
    /// Set presence and notes of other people's contacts.
    SetPresence,
    /// Set one's own presence and notes.
    SetOwnPresence,
    /// Configure directory sources and their secrets.
    ManageSources,
    /// See sources and runs.
    ReadSources,
    /// Start, approve and cancel runs.
    Synchronize,
    /// See the audit trail.
    ReadAudit,
}

/// A node under which rights hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Scope {
    /// Everything above tenants.
    Platform,
    /// A reseller's tenants.
    Reseller(ResellerId),
    /// A tenant.
    Tenant(TenantId),
    /// A site: its root group and what is below.
    Site(SiteId),
    /// A group and what is below.
    Group(GroupId),
    /// A publication.
    Publication(PublicationId),
}

/// A named bundle of actions (features.md §2.1, DESIGN "Rights").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the platform: tenants and their users, not their contacts.
    Platform,
    /// Runs the tenants of one reseller.
    Reseller,
    /// Runs a tenant.
    Tenant,
    /// Runs sites.
    Site,
    /// Runs a part of the group tree.
    Group,
    /// Keeps contacts.
    Contact,
    /// Watches agents.
    Supervisor,
    /// Serves customers.
    Agent,
    /// Has an account.
    Employee,
}

impl Role {
    /// Every role, highest first.
    pub const ALL: [Self; 9] = [
        Self::Platform,
        Self::Reseller,
        Self::Tenant,
        Self::Site,
        Self::Group,
        Self::Contact,
        Self::Supervisor,
        Self::Agent,
        Self::Employee,
    ];
}
