//! Who may do what where: a closed list of actions, a tree of scopes, roles as bundles of actions.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, PublicationId, ResellerId, SiteId, TenantId};

/// Everything that needs a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
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
    /// See what visitors left.
    ReadEnquiries,
    /// Say that what visitors left is answered.
    AnswerEnquiries,
    /// See the audit trail.
    ReadAudit,
}

/// A node under which rights hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
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

/// The kind of a node under which rights hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    /// Everything above tenants.
    Platform,
    /// A reseller's tenants.
    Reseller,
    /// A tenant.
    Tenant,
    /// A site.
    Site,
    /// A group.
    Group,
    /// A publication.
    Publication,
}

/// A named bundle of actions (features.md §2.1, DESIGN "Rights").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
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

use Action as A;

/// What runs every part of a tenant.
const TENANT_ACTIONS: &[Action] = &[
    A::ReadTenant,
    A::ChangeTenantSettings,
    A::ManageUsers,
    A::ReadUsers,
    A::ManageDomains,
    A::ReadDomains,
    A::ManageSites,
    A::ChangeSite,
    A::ReadSites,
    A::ManageGroups,
    A::ReadGroups,
    A::ManagePublications,
    A::ReadPublications,
    A::ManageContacts,
    A::ReadContacts,
    A::SetPresence,
    A::SetOwnPresence,
    A::ManageSources,
    A::ReadSources,
    A::Synchronize,
    A::ReadEnquiries,
    A::AnswerEnquiries,
    A::ReadAudit,
];

/// What runs sites and what is in them.
const SITE_ACTIONS: &[Action] = &[
    A::ReadTenant,
    A::ReadDomains,
    A::ManageSites,
    A::ChangeSite,
    A::ReadSites,
    A::ManageGroups,
    A::ReadGroups,
    A::ManagePublications,
    A::ReadPublications,
    A::ManageContacts,
    A::ReadContacts,
    A::SetPresence,
    A::SetOwnPresence,
    A::ReadSources,
    A::Synchronize,
    A::ReadEnquiries,
    A::AnswerEnquiries,
];

/// What keeps contacts and groups.
const GROUP_ACTIONS: &[Action] = &[
    A::ManageGroups,
    A::ReadGroups,
    A::ReadPublications,
    A::ManageContacts,
    A::ReadContacts,
    A::SetPresence,
    A::SetOwnPresence,
    A::ReadSources,
    A::Synchronize,
];

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

    /// What the role may do below the scope on which it is given (features.md §2.1).
    pub fn actions(self) -> &'static [Action] {
        match self {
            Self::Platform => {
                &[A::ManagePlatform, A::ManageTenants, A::ReadTenant, A::ManageUsers, A::ReadUsers, A::ReadAudit]
            }
            Self::Reseller => &[A::ManageTenants, A::ReadTenant, A::ManageUsers, A::ReadUsers, A::ReadAudit],
            Self::Tenant => TENANT_ACTIONS,
            Self::Site => SITE_ACTIONS,
            Self::Group | Self::Contact => GROUP_ACTIONS,
            Self::Supervisor => &[
                A::ReadGroups,
                A::ReadPublications,
                A::ReadContacts,
                A::SetPresence,
                A::SetOwnPresence,
                A::ReadEnquiries,
                A::AnswerEnquiries,
            ],
            Self::Agent => &[A::ReadGroups, A::ReadContacts, A::SetOwnPresence, A::ReadEnquiries, A::AnswerEnquiries],
            Self::Employee => &[A::SetOwnPresence],
        }
    }

    /// The roles that the role may give away.
    ///
    /// They are below the role, and what they may do the role may do itself, with two exceptions:
    /// the platform makes its own equals, for there is nobody above it, and platform and resellers
    /// appoint those who run tenants without doing so themselves.
    pub fn may_give(self) -> &'static [Role] {
        match self {
            Self::Platform => &[Self::Platform, Self::Reseller, Self::Tenant],
            Self::Reseller => &[Self::Tenant],
            Self::Tenant => &[Self::Site, Self::Group, Self::Contact, Self::Supervisor, Self::Agent, Self::Employee],
            Self::Site | Self::Group | Self::Contact | Self::Supervisor | Self::Agent | Self::Employee => &[],
        }
    }

    /// Whether the role makes sense on `scope`: the platform's on the platform, the others at or
    /// below where their objects are.
    pub fn fits(self, scope: Scope) -> bool {
        match self {
            Self::Platform => scope == Scope::Platform,
            Self::Reseller => matches!(scope, Scope::Reseller(_)),
            Self::Tenant => matches!(scope, Scope::Tenant(_)),
            Self::Site => matches!(scope, Scope::Tenant(_) | Scope::Site(_) | Scope::Publication(_)),
            Self::Group | Self::Contact | Self::Supervisor | Self::Agent | Self::Employee => {
                matches!(scope, Scope::Tenant(_) | Scope::Site(_) | Scope::Group(_))
            }
        }
    }
}

/// The nodes that contain an object, from the platform down to itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(BTreeSet<Scope>);

impl Target {
    /// The platform itself.
    pub fn platform() -> Self {
        Self(BTreeSet::from([Scope::Platform]))
    }

    /// A reseller.
    pub fn reseller(reseller: ResellerId) -> Self {
        Self::platform().inside(Scope::Reseller(reseller))
    }

    /// A tenant, or something of it that is in none of its sites, groups and publications.
    pub fn tenant(tenant: TenantId, reseller: Option<ResellerId>) -> Self {
        reseller.map_or_else(Self::platform, Self::reseller).inside(Scope::Tenant(tenant))
    }

    /// The same object, also contained in `node`.
    #[must_use]
    pub fn inside(mut self, node: Scope) -> Self {
        self.0.insert(node);
        self
    }

    /// Whether the object is in, or is, `node`.
    pub fn is_inside(&self, node: Scope) -> bool {
        self.0.contains(&node)
    }
}

/// A role on a scope, as somebody holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Held {
    /// What.
    pub role: Role,
    /// Where.
    pub scope: Scope,
}

impl Held {
    /// Whether this alone allows `action` on `target`.
    pub fn allows(&self, action: Action, target: &Target) -> bool {
        self.role.actions().contains(&action) && target.is_inside(self.scope)
    }
}

impl Scope {
    /// Whether it holds tenants, rather than being one or a part of one.
    pub fn is_above_tenants(self) -> bool {
        matches!(self, Self::Platform | Self::Reseller(_))
    }
}

/// Whether one of `held` in the tenant itself, rather than above it, allows `action` on `target`.
pub fn allows_within(held: &[Held], action: Action, target: &Target) -> bool {
    held.iter().any(|held| !held.scope.is_above_tenants() && held.allows(action, target))
}

/// Whether one of `held` allows `action` on `target`.
pub fn allows(held: &[Held], action: Action, target: &Target) -> bool {
    held.iter().any(|held| held.allows(action, target))
}

/// Whether somebody who has `held` may give `role` on a scope whose nodes are `target`.
pub fn may_give(held: &[Held], role: Role, target: &Target) -> bool {
    held.iter().any(|held| held.allows(Action::ManageUsers, target) && held.role.may_give().contains(&role))
}

/// Whether somebody who has `held` may change, or take `role` from, those who have it on a scope
/// whose nodes are `target`: a role that they could give, or any below their own.
pub fn may_take(held: &[Held], role: Role, target: &Target) -> bool {
    let is_above = |held: &Held| role > held.role && held.allows(Action::ManageUsers, target);
    may_give(held, role, target) || held.iter().any(is_above)
}

#[cfg(test)]
mod tests;
