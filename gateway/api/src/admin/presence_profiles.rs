//! Presence profiles: eleven that every tenant has, and those that it made.

use directory_model::id::TenantId;
use directory_model::presence::Availability;
use directory_model::profile::{Colour, PresenceProfile, ProfileFields, ProfileName};
use directory_model::timestamp::Timestamp;
use directory_store::presence_profiles;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::body::{Checked, Patch};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::{ManagePresenceProfiles, ReadPresenceProfiles};
use crate::scope::{Authorized, Named, Somewhere};
use crate::view::{Done, Made, Revised, Shown};

/// A presence profile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PresenceProfileView {
    /// Its identity, or the code of a built-in one such as `lunch`.
    id: ProfileName,
    #[serde(flatten)]
    fields: ProfileFields,
    /// Every tenant has it, and nobody changes or removes it.
    is_built_in: bool,
    /// As what somebody in it shows who is in no call and no meeting.
    availability: Availability,
    /// The colour of somebody in it.
    colour: Colour,
    /// The colour of somebody in it who is in a call.
    colour_in_call: Colour,
    /// The number of changes; the entity tag. Zero for a built-in one.
    revision: i64,
    /// When it was made; null for a built-in one.
    created_at: Option<Timestamp>,
    /// When it last changed; null for a built-in one.
    updated_at: Option<Timestamp>,
}

impl From<PresenceProfile> for PresenceProfileView {
    fn from(profile: PresenceProfile) -> Self {
        Self {
            id: profile.id,
            is_built_in: matches!(profile.id, ProfileName::BuiltIn(_)),
            availability: profile.fields.availability(),
            colour: profile.fields.status.colour(false),
            colour_in_call: profile.fields.status.colour(true),
            fields: profile.fields,
            revision: profile.revision,
            created_at: profile.created_at,
            updated_at: profile.updated_at,
        }
    }
}

impl Revised for PresenceProfileView {
    fn revision(&self) -> i64 {
        self.revision
    }
}

/// The presence profiles of a tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PresenceProfileList {
    /// The built-in ones in their order, and then the tenant's own by name. At most 111.
    items: Vec<PresenceProfileView>,
}

/// Lists the presence profiles of the tenant, built-in ones first.
#[utoipa::path(get, path = "/tenants/{tenant}/presence_profiles", operation_id = "list_presence_profiles",
    tag = "profiles", responses((status = 200, body = PresenceProfileList)))]
pub(crate) async fn list(scope: Somewhere<ReadPresenceProfiles>) -> Result<axum::Json<PresenceProfileList>, Problem> {
    let found = scope.read(presence_profiles::all).await?;
    Ok(axum::Json(PresenceProfileList { items: found.into_iter().map(PresenceProfileView::from).collect() }))
}

/// Makes a presence profile.
#[utoipa::path(post, path = "/tenants/{tenant}/presence_profiles", operation_id = "create_presence_profile",
    tag = "profiles", request_body = ProfileFields, responses((status = 201, body = PresenceProfileView)))]
pub(crate) async fn create(
    scope: Authorized<ManagePresenceProfiles, TenantId>,
    Checked(fields): Checked<ProfileFields>,
) -> Result<Made<PresenceProfileView>, Problem> {
    let profile = scope.write(move |tx| presence_profiles::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("presence_profiles", profile.id), object: profile.into() })
}

/// Shows a presence profile.
#[utoipa::path(get, path = "/tenants/{tenant}/presence_profiles/{presence_profile}",
    operation_id = "get_presence_profile", tag = "profiles", responses((status = 200, body = PresenceProfileView)))]
pub(crate) async fn get(
    scope: Somewhere<ReadPresenceProfiles>,
    Named(id): Named<ProfileName>,
) -> Result<Shown<PresenceProfileView>, Problem> {
    let found = scope.read(move |conn, tenant| presence_profiles::find(conn, tenant, id)).await?;
    Ok(Shown(found.ok_or_else(Problem::not_found)?.into()))
}

/// Changes a presence profile; whoever is in it follows. Built-in ones do not change.
#[utoipa::path(patch, path = "/tenants/{tenant}/presence_profiles/{presence_profile}",
    operation_id = "update_presence_profile", tag = "profiles",
    request_body(content = ProfileFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = PresenceProfileView)))]
pub(crate) async fn update(
    scope: Authorized<ManagePresenceProfiles, ProfileName>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<PresenceProfileView>, Problem> {
    let profile = scope.find(presence_profiles::find_own).await?;
    let revision = expected.against(profile.revision)?;
    let fields = patch.onto(&profile.fields)?;
    let profile = scope.change(move |tx, id| presence_profiles::update(tx, id, revision, &fields)).await?;
    Ok(Shown(profile.into()))
}

/// Removes a presence profile that nobody is in, with what users chose for it. Built-in ones stay.
#[utoipa::path(delete, path = "/tenants/{tenant}/presence_profiles/{presence_profile}",
    operation_id = "delete_presence_profile", tag = "profiles", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManagePresenceProfiles, ProfileName>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| presence_profiles::remove(tx, id, revision)).await?;
    Ok(Done)
}
