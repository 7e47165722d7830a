//! Client profiles: what users may do with their clients.

use directory_model::id::TenantId;
use directory_model::profile::client::{ClientProfile, ClientProfileFields, ClientProfileName};
use directory_model::timestamp::Timestamp;
use directory_store::client_profiles;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::body::{Checked, Patch};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::{ManageClientProfiles, ReadClientProfiles};
use crate::view::{Done, Made, Revised, Shown};

/// A client profile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientProfileView {
    /// Its identity, or `default`.
    id: ClientProfileName,
    #[serde(flatten)]
    fields: ClientProfileFields,
    /// Every tenant has it, and nobody changes or removes it.
    is_built_in: bool,
    /// The number of changes; the entity tag. Zero for the default.
    revision: i64,
    /// When it was made; null for the default.
    created_at: Option<Timestamp>,
    /// When it last changed; null for the default.
    updated_at: Option<Timestamp>,
}

impl From<ClientProfile> for ClientProfileView {
    fn from(profile: ClientProfile) -> Self {
        Self {
            id: profile.id,
            is_built_in: profile.id == ClientProfileName::Default,
            fields: profile.fields,
            revision: profile.revision,
            created_at: profile.created_at,
            updated_at: profile.updated_at,
        }
    }
}

impl Revised for ClientProfileView {
    fn revision(&self) -> i64 {
        self.revision
    }
}

/// The client profiles of a tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientProfileList {
    /// The default, and then the tenant's own by name. At most 101.
    items: Vec<ClientProfileView>,
}

/// Lists the client profiles of the tenant, the default first.
#[utoipa::path(get, path = "/tenants/{tenant}/client_profiles", operation_id = "list_client_profiles",
    tag = "profiles", responses((status = 200, body = ClientProfileList)))]
pub(crate) async fn list(
    scope: Authorized<ReadClientProfiles, TenantId>,
) -> Result<axum::Json<ClientProfileList>, Problem> {
    let found = scope.read(client_profiles::all).await?;
    Ok(axum::Json(ClientProfileList { items: found.into_iter().map(ClientProfileView::from).collect() }))
}

/// Makes a client profile.
#[utoipa::path(post, path = "/tenants/{tenant}/client_profiles", operation_id = "create_client_profile",
    tag = "profiles", request_body = ClientProfileFields, responses((status = 201, body = ClientProfileView)))]
pub(crate) async fn create(
    scope: Authorized<ManageClientProfiles, TenantId>,
    Checked(fields): Checked<ClientProfileFields>,
) -> Result<Made<ClientProfileView>, Problem> {
    let profile = scope.write(move |tx| client_profiles::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("client_profiles", profile.id), object: profile.into() })
}

/// Shows a client profile.
#[utoipa::path(get, path = "/tenants/{tenant}/client_profiles/{client_profile}", operation_id = "get_client_profile",
    tag = "profiles", responses((status = 200, body = ClientProfileView)))]
pub(crate) async fn get(
    scope: Authorized<ReadClientProfiles, ClientProfileName>,
) -> Result<Shown<ClientProfileView>, Problem> {
    Ok(Shown(scope.find(client_profiles::find).await?.into()))
}

/// Changes a client profile. Users who may not select a presence profile any more are *Available* again; who may not
/// choose for profiles any more loses what they chose. The default does not change.
#[utoipa::path(patch, path = "/tenants/{tenant}/client_profiles/{client_profile}",
    operation_id = "update_client_profile", tag = "profiles",
    request_body(content = ClientProfileFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = ClientProfileView)))]
pub(crate) async fn update(
    scope: Authorized<ManageClientProfiles, ClientProfileName>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<ClientProfileView>, Problem> {
    let profile = scope.find(client_profiles::find_own).await?;
    let revision = expected.against(profile.revision)?;
    let fields = patch.onto(&profile.fields)?;
    let profile = scope.change(move |tx, id| client_profiles::update(tx, id, revision, &fields)).await?;
    Ok(Shown(profile.into()))
}

/// Removes a client profile that no user has. The default stays.
#[utoipa::path(delete, path = "/tenants/{tenant}/client_profiles/{client_profile}",
    operation_id = "delete_client_profile", tag = "profiles", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageClientProfiles, ClientProfileName>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| client_profiles::remove(tx, id, revision)).await?;
    Ok(Done)
}
