//! The presence profile that a user is in.

use std::collections::BTreeMap;

use directory_model::id::{ContactId, UserId};
use directory_model::invalid::{Refusals, Rule};
use directory_model::presence::{Availability, ClaimKind, NOTE_CHARS};
use directory_model::profile::{Colour, PresenceMode, ProfileName, ProfileStatus};
use directory_model::timestamp::Timestamp;
use directory_store::profile_selections::{self, Selection, UserProfile};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::presence::refresh_book;
use crate::extract::body::Input;
use crate::problem::Problem;
use crate::scope::permission::{Permission, ReadUserProfile, SetUserProfile};
use crate::scope::{Access, Authorized};

pub(crate) mod call_settings;
pub(crate) mod overrides;

/// What a user selects.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SelectionFields {
    /// The profile: its identity, or the code of a built-in one.
    profile: ProfileName,
    /// What the user says beside it, 1 to 500 characters; nothing when absent.
    #[serde(default)]
    message: Option<String>,
    /// When the message disappears; with the next selection when absent.
    #[serde(default)]
    message_expires_at: Option<Timestamp>,
}

/// The profile that a user is in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserProfileView {
    /// The profile.
    profile: ProfileName,
    /// What it is called.
    name: String,
    /// What it is called in other languages.
    labels: BTreeMap<String, String>,
    /// What it says of the user.
    status: ProfileStatus,
    /// The colour of the user now.
    colour: Colour,
    /// Since when the user is in it; null as long as none was selected.
    selected_at: Option<Timestamp>,
    /// The user may use no client, so the profile is always `available`.
    is_fixed: bool,
    /// The user may select another one.
    may_select: bool,
    /// The user may choose for each profile what calls do.
    may_override: bool,
    /// What profiles do to calls, as the reseller says.
    mode: PresenceMode,
    /// The contact that the user is; without one nobody sees the profile.
    contact: Option<ContactId>,
    /// What the user says beside the profile.
    message: Option<String>,
    /// When the message disappears.
    message_expires_at: Option<Timestamp>,
}

/// Shows the presence profile that a user is in.
#[utoipa::path(get, path = "/tenants/{tenant}/users/{user}/profile", operation_id = "get_user_profile",
    tag = "profiles", responses((status = 200, body = UserProfileView)))]
pub(crate) async fn get(scope: Authorized<ReadUserProfile, UserId>) -> Result<axum::Json<UserProfileView>, Problem> {
    shown(&scope).await
}

/// Selects a presence profile for a user, with a status message or without one. What was said by hand before is taken
/// back. Refused for users who may use no client, and where the client profile does not allow it.
#[utoipa::path(put, path = "/tenants/{tenant}/users/{user}/profile", operation_id = "set_user_profile",
    tag = "profiles", request_body = SelectionFields, responses((status = 200, body = UserProfileView)))]
pub(crate) async fn set(
    scope: Authorized<SetUserProfile, UserId>,
    Input(fields): Input<SelectionFields>,
) -> Result<axum::Json<UserProfileView>, Problem> {
    let selection = checked(&scope, fields)?;
    scope.change(move |tx, id| profile_selections::select(tx, id, &selection)).await?;
    let found = find(&scope).await?;
    if let Some(contact) = found.contact {
        refresh_book(&scope, contact).await?;
    }
    shown(&scope).await
}

fn checked(access: &Access, fields: SelectionFields) -> Result<Selection, Problem> {
    let SelectionFields { profile, message, message_expires_at } = fields;
    let mut refusals = Refusals::default();
    if let Some(message) = &message {
        refusals.required_text("message", message, NOTE_CHARS);
    }
    if let Some(moment) = message_expires_at {
        let rule = Rule::Format { expected: "a moment in the future".into() };
        refusals.require(moment > access.now(), "message_expires_at", moment, rule);
    }
    refusals.finish().map_err(Problem::invalid)?;
    Ok(Selection { profile, message, message_expires_at })
}

async fn find<P: Permission>(scope: &Authorized<P, UserId>) -> Result<UserProfile, Problem> {
    let now = scope.now();
    scope.find(move |conn, tenant, id| profile_selections::find(conn, tenant, id, now)).await
}

async fn shown<P: Permission>(scope: &Authorized<P, UserId>) -> Result<axum::Json<UserProfileView>, Problem> {
    let found = find(scope).await?;
    let (profile, message) = (found.profile, found.message);
    let is_in_call = found.contact.is_some_and(|contact| is_in_call(scope, contact));
    Ok(axum::Json(UserProfileView {
        profile: profile.id,
        name: profile.fields.name,
        labels: profile.fields.labels,
        status: profile.fields.status,
        colour: profile.fields.status.colour(is_in_call),
        selected_at: found.selected_at,
        is_fixed: !found.has_client,
        may_select: found.has_client && found.rights.may_select_presence,
        may_override: found.has_client && found.rights.may_override_profiles,
        mode: found.mode,
        contact: found.contact,
        message_expires_at: message.as_ref().and_then(|note| note.expires_at),
        message: message.map(|note| note.text),
    }))
}

/// Whether a call decides what the contact shows.
fn is_in_call(access: &Access, contact: ContactId) -> bool {
    let presence = access.state().book().presence(access.tenant(), contact);
    presence.decided_by.is_some_and(ClaimKind::is_call)
        && matches!(presence.availability, Availability::Busy | Availability::DoNotDisturb)
}
