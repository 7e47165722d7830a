//! How available contacts are, what is claimed about them, and why the result is what it is.

use std::collections::BTreeMap;

use directory_model::id::{ContactId, CustomStateId};
use directory_model::invalid::{Refusals, Rule};
use directory_model::presence::custom::refuse_unknown;
use directory_model::presence::lync::{self, LyncState};
use directory_model::presence::{Activity, Availability, NOTE_CHARS, Presence};
use directory_model::timestamp::Timestamp;
use directory_store::presence_rows::{self, ManualPresence};
use directory_store::tenants;
use gateway_presence::facts::{FactChange, PresenceFacts};
use gateway_presence::why::Why;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::body::Input;
use crate::problem::Problem;
use crate::scope::permission::{ReadContacts, SetPresence};
use crate::scope::{Access, Authorized};
use crate::state::looks::Look;
use crate::view::Done;

pub(crate) mod claims;
pub(crate) mod notes;
pub(crate) mod past;

/// The own word of a person, or of somebody who may speak for them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManualFields {
    /// The state; may be left out with a named state, which says it.
    #[serde(default)]
    availability: Option<Availability>,
    /// A named state of the tenant.
    #[serde(default)]
    custom_state: Option<CustomStateId>,
    /// What the person is doing.
    #[serde(default)]
    activity: Option<Activity>,
    /// The person is out of office, whatever the state.
    #[serde(default)]
    is_out_of_office: bool,
    /// A name for the state that the tenant has none for, at most 500 characters.
    #[serde(default)]
    custom: Option<String>,
    /// When it ceases to count; until it is taken back when absent.
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

/// That somebody is out of office.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutOfOfficeFields {
    /// When the person is back; until it is taken back when absent.
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

/// How available a contact is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct PresenceView {
    #[serde(flatten)]
    presence: Presence,
    /// What the named state is called in other languages, by language.
    custom_labels: BTreeMap<String, String>,
    /// The same as Lync writes it, from 3500 to 18500; absent when nothing is known.
    lync_availability: Option<u32>,
    /// What Lync calls the activity.
    lync_activity: Option<&'static str>,
}

/// Shows how available a contact is now.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/presence", operation_id = "get_presence",
    tag = "presence", responses((status = 200, body = PresenceView)))]
pub(crate) async fn get(scope: Authorized<ReadContacts, ContactId>) -> axum::Json<PresenceView> {
    let book = scope.state().book();
    let presence = book.presence(scope.tenant(), scope.id);
    axum::Json(PresenceView::of(presence, |name| book.custom_labels(scope.tenant(), name)))
}

impl PresenceView {
    /// The same with what it is called elsewhere; `labels` says what a named state is.
    pub(crate) fn of(presence: Presence, labels: impl Fn(&str) -> BTreeMap<String, String>) -> Self {
        Self {
            custom_labels: presence.custom.as_deref().map(labels).unwrap_or_default(),
            lync_availability: LyncState::from(presence.availability).number(),
            lync_activity: presence.activity.map(lync::token),
            presence,
        }
    }
}

/// Explains how available a contact is: every claim, its part, and what would change the result.
///
/// Who looks is recorded, once for as long as they go on looking.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/presence/why", operation_id = "explain_presence",
    tag = "presence", responses((status = 200, body = Why)))]
pub(crate) async fn why(scope: Authorized<ReadContacts, ContactId>) -> Result<axum::Json<Why>, Problem> {
    let (looks, now) = (scope.state().looks(), scope.now());
    let look = Look { actor: scope.caller().actor, tenant: scope.tenant(), contact: scope.id };
    if !looks.is_recorded(look, now) {
        scope.change(presence_rows::looked_into).await?;
        looks.recorded(look, now);
    }
    Ok(axum::Json(scope.state().book().why(scope.tenant(), scope.id)))
}

/// Sets a contact's presence by hand; it stays until it expires or is taken back.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/presence/manual",
    operation_id = "set_manual_presence", tag = "presence", request_body = ManualFields,
    responses((status = 204)))]
pub(crate) async fn set_manual(
    scope: Authorized<SetPresence, ContactId>,
    Input(fields): Input<ManualFields>,
) -> Result<Done, Problem> {
    let now = scope.state().clock().now();
    let mut refusals = Refusals::default();
    let is_named = fields.custom_state.is_some();
    refusals.require(is_named || fields.availability.is_some(), "availability", "", Rule::Required);
    if let Some(availability) = fields.availability {
        refuse_unknown(&mut refusals, availability);
    }
    let other = || Rule::Excludes { other: "custom_state".into() };
    refusals.require(!is_named || fields.availability.is_none(), "availability", "", other());
    refusals.require(!is_named || fields.custom.is_none(), "custom", "", other());
    refusals.text("custom", fields.custom.as_deref().unwrap_or_default(), NOTE_CHARS);
    require_future(&mut refusals, fields.expires_at, now);
    refusals.finish().map_err(Problem::invalid)?;
    let set = fields.set();
    scope.change(move |tx, contact| presence_rows::set_manual(tx, contact, &set)).await?;
    refresh(&scope).await
}

/// Takes a contact's own word back.
#[utoipa::path(delete, path = "/tenants/{tenant}/contacts/{contact}/presence/manual",
    operation_id = "delete_manual_presence", tag = "presence", responses((status = 204)))]
pub(crate) async fn remove_manual(scope: Authorized<SetPresence, ContactId>) -> Result<Done, Problem> {
    scope.change(presence_rows::remove_manual).await?;
    refresh(&scope).await
}

/// Marks a contact as out of office. That changes nothing about its state.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/presence/out_of_office",
    operation_id = "set_out_of_office", tag = "presence", request_body = OutOfOfficeFields,
    responses((status = 204)))]
pub(crate) async fn set_out_of_office(
    scope: Authorized<SetPresence, ContactId>,
    Input(OutOfOfficeFields { expires_at }): Input<OutOfOfficeFields>,
) -> Result<Done, Problem> {
    let mut refusals = Refusals::default();
    require_future(&mut refusals, expires_at, scope.state().clock().now());
    refusals.finish().map_err(Problem::invalid)?;
    scope.change(move |tx, contact| presence_rows::set_out_of_office(tx, contact, expires_at)).await?;
    refresh(&scope).await
}

/// Takes back that a contact is out of office.
#[utoipa::path(delete, path = "/tenants/{tenant}/contacts/{contact}/presence/out_of_office",
    operation_id = "delete_out_of_office", tag = "presence", responses((status = 204)))]
pub(crate) async fn remove_out_of_office(scope: Authorized<SetPresence, ContactId>) -> Result<Done, Problem> {
    scope.change(presence_rows::remove_out_of_office).await?;
    refresh(&scope).await
}

impl ManualFields {
    fn set(self) -> ManualPresence {
        let Self { availability, custom_state, activity, is_out_of_office, custom, expires_at } = self;
        let availability = availability.unwrap_or(Availability::Unknown);
        ManualPresence { availability, custom_state, activity, is_out_of_office, custom, expires_at }
    }
}

fn require_future(refusals: &mut Refusals, moment: Option<Timestamp>, now: Timestamp) {
    let Some(moment) = moment else { return };
    refusals.require(moment > now, "expires_at", moment, Rule::Format { expected: "a moment in the future".into() });
}

/// Tells the book at once what the follower would tell it soon: whoever changed something sees it.
async fn refresh(scope: &Authorized<SetPresence, ContactId>) -> Result<Done, Problem> {
    refresh_book(scope, scope.id).await?;
    Ok(Done)
}

/// The same for whoever proved otherwise that they may change the contact's presence.
pub(crate) async fn refresh_book(access: &Access, contact: ContactId) -> Result<(), Problem> {
    let now = access.state().clock().now();
    let reading = access.read(move |conn, tenant| {
        let as_of = tenants::change_seq(conn, tenant)?.unwrap_or_default();
        let stored = presence_rows::stored(conn, tenant, contact, now)?;
        // The store keeps notes oldest first; the latest word is shown first.
        let notes = presence_rows::notes(conn, tenant, contact, now)?.into_iter().rev();
        Ok(PresenceFacts { contact, as_of, stored, notes: notes.map(|kept| kept.note).collect() })
    });
    let facts = reading.await?;
    access.state().book().apply(access.tenant(), vec![FactChange::Presence(facts)]);
    Ok(())
}
