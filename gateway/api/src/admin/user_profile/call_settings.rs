//! How calls for a user ring, and how far that follows the profile.

use directory_model::id::{ExtensionListId, UserId};
use directory_model::profile::ProfileName;
use directory_model::profile::calls::{CallSettings, PersonalSettings};
use directory_model::profile::target::{Following, NotApplied};
use directory_model::timestamp::Timestamp;
use directory_store::call_settings::{self, KeptSettings};
use directory_store::extension_lists::{self, ExtensionList};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::body::Checked;
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::{Permission, ReadUserProfile, SetUserProfile};

/// How calls for a user ring.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallSettingsView {
    #[serde(flatten)]
    settings: CallSettings,
    /// How far they follow the profile.
    state: Following,
    /// Why they do not.
    problem: Option<NotApplied>,
    /// How often that was tried.
    attempts: u32,
    /// When it is tried again.
    next_try_at: Option<Timestamp>,
    /// The profile that they follow; *In a Meeting* during a meeting.
    profile: Option<ProfileName>,
    /// It is a meeting that they follow; the user's profile comes back after it.
    is_meeting: bool,
    /// When they last followed another wish.
    applied_at: Option<Timestamp>,
    /// The user's list of devices that ring for calls to groups.
    extension_list: Option<ExtensionListView>,
}

/// The devices of a user that ring for calls to groups, without forwards.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExtensionListView {
    /// Its identity, which groups know it by.
    id: ExtensionListId,
    /// Whose it is.
    user: UserId,
    /// The devices, as the telephone system calls them; all of the user's when empty.
    devices: Vec<String>,
}

impl From<ExtensionList> for ExtensionListView {
    fn from(list: ExtensionList) -> Self {
        Self { id: list.id, user: list.user, devices: list.devices }
    }
}

impl CallSettingsView {
    fn new(kept: KeptSettings, list: Option<ExtensionList>) -> Self {
        Self {
            state: kept.following(),
            settings: kept.settings,
            problem: kept.problem,
            attempts: kept.attempts,
            next_try_at: kept.due_at,
            profile: kept.profile,
            is_meeting: kept.is_meeting,
            applied_at: kept.applied_at,
            extension_list: list.map(ExtensionListView::from),
        }
    }
}

/// Shows how calls for a user ring, and how far that follows the profile.
#[utoipa::path(get, path = "/tenants/{tenant}/users/{user}/call_settings", operation_id = "get_call_settings",
    tag = "profiles", responses((status = 200, body = CallSettingsView)))]
pub(crate) async fn get(scope: Authorized<ReadUserProfile, UserId>) -> Result<axum::Json<CallSettingsView>, Problem> {
    shown(&scope).await
}

/// Sets what of a user's call settings is the user's own: no profile touches it.
#[utoipa::path(put, path = "/tenants/{tenant}/users/{user}/call_settings", operation_id = "set_call_settings",
    tag = "profiles", request_body = PersonalSettings, responses((status = 200, body = CallSettingsView)))]
pub(crate) async fn set(
    scope: Authorized<SetUserProfile, UserId>,
    Checked(personal): Checked<PersonalSettings>,
) -> Result<axum::Json<CallSettingsView>, Problem> {
    scope.change(move |tx, id| call_settings::set_personal(tx, id, &personal)).await?;
    shown(&scope).await
}

async fn shown<P: Permission>(scope: &Authorized<P, UserId>) -> Result<axum::Json<CallSettingsView>, Problem> {
    let reading = scope.find(|conn, tenant, id| {
        let list = extension_lists::of_user(conn, tenant, id)?;
        Ok(call_settings::find(conn, tenant, id)?.map(|kept| CallSettingsView::new(kept, list)))
    });
    Ok(axum::Json(reading.await?))
}
