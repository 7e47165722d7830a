//! The objects that paths name, and what contains each of them.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use directory_model::contact::SyncedField;
use directory_model::id::{
    AlertId, AvatarId, ContactId, CustomStateId, DomainId, EnquiryId, ExtensionListId, GrantId, GroupId,
    IdentityProviderId, NoteId, PublicationId, ResellerId, RunId, SessionId, SiteId, SourceId, TenantId, TokenId,
    UserId,
};
use directory_model::profile::ProfileName;
use directory_model::profile::client::ClientProfileName;
use directory_model::publication::PublicationEntry;
use directory_model::rights::{Scope, Target};
use directory_model::template::TemplateName;
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::{
    PLATFORM, alerts, client_profiles, contacts, custom_states, domains, enquiries, grants, groups, identity_providers,
    presence_profiles, publications, resellers, sites, sources, sync_runs, templates, tenants, tokens, users,
};

use super::Caller;

/// An identity that stands in paths.
pub(crate) trait InPath: Copy + Send + Sync + Display + FromStr + 'static {
    /// What the path calls it.
    const PARAM: &'static str;
}

/// An object of a tenant, or the tenant, or a reseller.
pub(crate) trait Node: InPath {
    /// It is the tenant that the rest of the path is in.
    const IS_TENANT: bool = false;

    /// What contains the object, given what contains its tenant; `None` when there is none.
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>>;

    /// Whether it is the caller.
    fn is_own(self, _: &Caller) -> bool {
        false
    }
}

macro_rules! in_path {
    ($($name:ident = $param:literal),+ $(,)?) => {$(
        impl InPath for $name {
            const PARAM: &'static str = $param;
        }
    )+};
}

in_path! {
    ResellerId = "reseller",
    TenantId = "tenant",
    SiteId = "site",
    GroupId = "group",
    DomainId = "domain",
    PublicationId = "publication",
    ContactId = "contact",
    UserId = "user",
    GrantId = "grant",
    TokenId = "token",
    SessionId = "session",
    IdentityProviderId = "identity_provider",
    SourceId = "source",
    RunId = "run",
    AlertId = "alert",
    NoteId = "note",
    AvatarId = "avatar",
    CustomStateId = "custom_state",
    ProfileName = "presence_profile",
    ClientProfileName = "client_profile",
    ExtensionListId = "extension_list",
    EnquiryId = "enquiry",
    TemplateName = "template",
}

impl InPath for SyncedField {
    const PARAM: &'static str = "field";
}

/// Objects that belong to the tenant as a whole.
macro_rules! of_the_whole_tenant {
    ($($name:ident: $find:path),+ $(,)?) => {$(
        impl Node for $name {
            fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
                Ok($find(conn, tenant, self)?.map(|_| base))
            }
        }
    )+};
}

of_the_whole_tenant! {
    CustomStateId: custom_states::find,
    DomainId: domains::find,
    GrantId: grants::find,
    TokenId: tokens::find,
}

/// A run that is about some contacts is wherever one of them is: who may see one of them may see it,
/// but nothing of the others in it (see `admin::runs::sight`).
impl Node for RunId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        let Some(run) = sync_runs::find(conn, tenant, self)? else { return Ok(None) };
        let mut target = base;
        for contact in run.contacts.unwrap_or_default() {
            target = contact.target(conn, tenant, target.clone())?.unwrap_or(target);
        }
        Ok(Some(target))
    }
}

impl Node for AlertId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        Ok(alerts::is_there(conn, tenant, self)?.then_some(base))
    }
}

impl Node for IdentityProviderId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        Ok(identity_providers::is_there(conn, tenant, self)?.then_some(base))
    }
}

impl Node for SourceId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        Ok(sources::is_there(conn, tenant, self)?.then_some(base))
    }
}

impl Node for UserId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        Ok(users::find(conn, tenant, self)?.map(|_| base))
    }

    fn is_own(self, caller: &Caller) -> bool {
        caller.user == self
    }
}

impl Node for ProfileName {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        Ok(presence_profiles::find(conn, tenant, self)?.map(|_| base))
    }
}

impl Node for ClientProfileName {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        Ok(client_profiles::find(conn, tenant, self)?.map(|_| base))
    }
}

impl Node for TenantId {
    const IS_TENANT: bool = true;

    fn target(self, _: &mut Connection, _: TenantId, base: Target) -> StoreResult<Option<Target>> {
        Ok(Some(base))
    }
}

impl Node for ResellerId {
    fn target(self, conn: &mut Connection, _: TenantId, _: Target) -> StoreResult<Option<Target>> {
        Ok(resellers::find(conn, self)?.map(|_| Target::reseller(self)))
    }
}

impl Node for SiteId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        let Some(site) = sites::find(conn, tenant, self)? else { return Ok(None) };
        Ok(Some(base.inside(Scope::Site(self)).inside(Scope::Group(site.root_group))))
    }
}

impl Node for GroupId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        let Some(above) = groups::ancestors(conn, tenant, self)? else { return Ok(None) };
        within(conn, tenant, base, above.into_iter().chain([self])).map(Some)
    }
}

impl Node for PublicationId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        let Some(publication) = publications::find(conn, tenant, self)? else { return Ok(None) };
        let target = base.inside(Scope::Publication(self));
        Ok(Some(publication.fields.site.into_iter().fold(target, |target, site| target.inside(Scope::Site(site)))))
    }
}

impl Node for TemplateName {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        let Some(template) = templates::find(conn, tenant, self)? else { return Ok(None) };
        Ok(Some(template.fields.site.into_iter().fold(base, |target, site| target.inside(Scope::Site(site)))))
    }
}

/// What a visitor left is where the page is, and with the contact or group that it is about.
impl Node for EnquiryId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        let Some(enquiry) = enquiries::find(conn, tenant, self)? else { return Ok(None) };
        let mut target = base;
        if let Some(publication) = enquiry.publication {
            target = publication.target(conn, tenant, target.clone())?.unwrap_or(target);
        }
        let about = match enquiry.about {
            Some(PublicationEntry::Contact(id)) => id.target(conn, tenant, target.clone())?,
            Some(PublicationEntry::Group(id)) => id.target(conn, tenant, target.clone())?,
            None => None,
        };
        Ok(Some(about.unwrap_or(target)))
    }
}

impl Node for ContactId {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        let Some(contact) = contacts::find(conn, tenant, self)? else { return Ok(None) };
        let base = match contact.fields.home_site {
            Some(site) => site.target(conn, tenant, base.clone())?.unwrap_or(base),
            None => base,
        };
        let member_of = groups::of_contact(conn, tenant, self)?;
        within(conn, tenant, base, member_of).map(Some)
    }

    fn is_own(self, caller: &Caller) -> bool {
        caller.contact == Some(self)
    }
}

/// A contact that was removed by hand and may still come back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RemovedContact(pub(crate) ContactId);

impl Display for RemovedContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RemovedContact {
    type Err = <ContactId as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl InPath for RemovedContact {
    const PARAM: &'static str = "removed_contact";
}

/// It is where it was: at its home site and in its groups, as far as these are still there.
impl Node for RemovedContact {
    fn target(self, conn: &mut Connection, tenant: TenantId, base: Target) -> StoreResult<Option<Target>> {
        let Some(was) = contacts::removed(conn, tenant, self.0)? else { return Ok(None) };
        let base = match was.fields.home_site {
            Some(site) => site.target(conn, tenant, base.clone())?.unwrap_or(base),
            None => base,
        };
        let mut member_of = BTreeSet::new();
        for group in was.groups {
            if let Some(above) = groups::ancestors(conn, tenant, group)? {
                member_of.extend(above.into_iter().chain([group]));
            }
        }
        within(conn, tenant, base, member_of).map(Some)
    }
}

/// What contains the tenant itself; `None` when there is none.
pub(super) fn tenant_target(conn: &mut Connection, tenant: TenantId) -> StoreResult<Option<Target>> {
    if tenant == PLATFORM {
        return Ok(Some(Target::platform()));
    }
    Ok(tenants::find(conn, tenant)?.map(|found| Target::tenant(tenant, found.fields.reseller)))
}

/// `base`, also inside `groups` and the sites whose root groups are among them.
fn within(
    conn: &mut Connection,
    tenant: TenantId,
    base: Target,
    groups: impl IntoIterator<Item = GroupId>,
) -> StoreResult<Target> {
    let mut target = base;
    for id in groups {
        target = target.inside(Scope::Group(id));
        let site = groups::find(conn, tenant, id)?.and_then(|group| group.root_of);
        target = site.into_iter().fold(target, |target, site| target.inside(Scope::Site(site)));
    }
    Ok(target)
}
