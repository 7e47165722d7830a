//! What a user chose for calls in each profile.

use directory_model::id::UserId;
use directory_model::profile::ProfileName;
use directory_model::profile::calls::CallChoices;
use directory_store::profile_overrides;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::body::Checked;
use crate::problem::Problem;
use crate::scope::permission::{ReadUserProfile, SetUserProfile};
use crate::scope::{Authorized, Named};
use crate::view::Done;

/// What a user chose for a profile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProfileOverrideView {
    /// The profile.
    profile: ProfileName,
    #[serde(flatten)]
    choices: CallChoices,
}

/// What a user chose for profiles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProfileOverrideList {
    /// For each profile for which something was chosen, at most 111.
    items: Vec<ProfileOverrideView>,
}

/// Lists what a user chose for calls in profiles.
#[utoipa::path(get, path = "/tenants/{tenant}/users/{user}/profile_overrides",
    operation_id = "list_profile_overrides", tag = "profiles", responses((status = 200, body = ProfileOverrideList)))]
pub(crate) async fn list(
    scope: Authorized<ReadUserProfile, UserId>,
) -> Result<axum::Json<ProfileOverrideList>, Problem> {
    let found = scope.find(profile_overrides::list).await?.into_iter();
    let items = found.map(|(profile, choices)| ProfileOverrideView { profile, choices }).collect();
    Ok(axum::Json(ProfileOverrideList { items }))
}

/// Sets what a user chose for calls in a profile, as a whole; what is left out is as the profile says. It counts where
/// profiles are active.
#[utoipa::path(put, path = "/tenants/{tenant}/users/{user}/profile_overrides/{presence_profile}",
    operation_id = "set_profile_override", tag = "profiles", request_body = CallChoices,
    responses((status = 204)))]
pub(crate) async fn set(
    scope: Authorized<SetUserProfile, UserId>,
    Named(profile): Named<ProfileName>,
    Checked(choices): Checked<CallChoices>,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| profile_overrides::set(tx, id, profile, &choices)).await?;
    Ok(Done)
}

/// Takes back what a user chose for calls in a profile.
#[utoipa::path(delete, path = "/tenants/{tenant}/users/{user}/profile_overrides/{presence_profile}",
    operation_id = "delete_profile_override", tag = "profiles", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<SetUserProfile, UserId>,
    Named(profile): Named<ProfileName>,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| profile_overrides::remove(tx, id, profile)).await?;
    Ok(Done)
}
