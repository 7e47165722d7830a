//! How available contacts are, what is claimed about them, and why the result is what it is.

use std::time::Duration;

use directory_model::id::{ContactId, NoteId, UserId};
use directory_model::invalid::{Refusals, Rule};
use directory_model::presence::{Activity, Availability, Claim, ClaimKind, NOTE_CHARS, Note, Presence};
use directory_model::timestamp::Timestamp;
use directory_store::presence_rows::{self, KeptNote, ManualPresence};
use directory_store::tenants;
use gateway_presence::book::Offer;
use gateway_presence::facts::{FactChange, PresenceFacts};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::body::Input;
use crate::problem::{Problem, ProblemKind};
use crate::scope::permission::{ReadContacts, SetPresence};
use crate::scope::{Authorized, Named};
use crate::view::Done;

/// How long a claim of a program counts at most without being repeated.
const CLAIM_SECONDS: u64 = 24 * 60 * 60;

/// The last version of a claim: what every JSON reader still holds exactly.
const MAX_VERSION: u64 = 1 << 53;

/// The own word of a person, or of somebody who may speak for them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManualFields {
    /// The state.
    availability: Availability,
    /// What the person is doing.
    #[serde(default)]
    activity: Option<Activity>,
    /// The person is out of office, whatever the state.
    #[serde(default)]
    is_out_of_office: bool,
    /// A named state such as "Coffee break", at most 500 characters.
    #[serde(default)]
    custom: Option<String>,
    /// When it ceases to count; until it is taken back when absent.
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

/// What a program claims about a contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimFields {
    /// What kind of system says it; not `manual`, which has its own route.
    kind: ClaimKind,
    /// Which system says it, 1 to 128 characters. The identity of the user whose program says it is
    /// put before it, as in `<user>/<source>`, so that nobody replaces the claims of somebody else.
    source: String,
    /// Which device of it, at most 128 characters.
    #[serde(default)]
    device: String,
    /// Counts up with each claim of the same source and device, 0 to 9,007,199,254,740,992.
    version: i64,
    /// The state.
    availability: Availability,
    /// What the person is doing.
    #[serde(default)]
    activity: Option<Activity>,
    /// The person is out of office, whatever the state.
    #[serde(default)]
    is_out_of_office: bool,
    /// A named state, at most 500 characters.
    #[serde(default)]
    custom: Option<String>,
    /// For how long it counts without being repeated, 1 to 86,400.
    ttl_seconds: u64,
}

/// A note to show.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteFields {
    /// What it says, 1 to 500 characters.
    text: String,
    /// When it disappears; when it is removed if absent.
    #[serde(default)]
    expires_at: Option<Timestamp>,
}

/// A note.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoteView {
    /// Its identity.
    id: NoteId,
    /// What it says.
    text: String,
    /// When it disappears.
    expires_at: Option<Timestamp>,
    /// When it was written.
    created_at: Timestamp,
}

/// The notes of a contact.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoteList {
    /// The notes, oldest first.
    items: Vec<NoteView>,
}

/// Shows how available a contact is now.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/presence", operation_id = "get_presence",
    tag = "presence", responses((status = 200, body = Presence)))]
pub(crate) async fn get(scope: Authorized<ReadContacts, ContactId>) -> axum::Json<Presence> {
    axum::Json(scope.state().book().presence(scope.tenant(), scope.id))
}

/// Explains how available a contact is: every claim, its part, and what would change the result.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/presence/why", operation_id = "explain_presence",
    tag = "presence", responses((status = 200, body = serde_json::Value)))]
pub(crate) async fn why(scope: Authorized<ReadContacts, ContactId>) -> axum::Json<gateway_presence::why::Why> {
    axum::Json(scope.state().book().why(scope.tenant(), scope.id))
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

/// Offers what a program knows about a contact. It counts until it expires or the same user replaces it.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/claims", operation_id = "set_claim",
    tag = "presence", request_body = ClaimFields, responses((status = 204)))]
pub(crate) async fn claim(
    scope: Authorized<SetPresence, ContactId>,
    Input(fields): Input<ClaimFields>,
) -> Result<Done, Problem> {
    fields.require().map_err(Problem::invalid)?;
    let claim = fields.claim(scope.id, scope.caller().user, scope.state().clock().now());
    match scope.state().book().offer_claim(scope.tenant(), claim) {
        Offer::Accepted => Ok(Done),
        refused => Err(Problem::new(ProblemKind::NotPossibleNow, sentence(refused))),
    }
}

/// Lists a contact's notes.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/notes", operation_id = "list_notes",
    tag = "presence", responses((status = 200, body = NoteList)))]
pub(crate) async fn notes(scope: Authorized<ReadContacts, ContactId>) -> Result<axum::Json<NoteList>, Problem> {
    let now = scope.state().clock().now();
    let contact = scope.id;
    let found = scope.read(move |conn, tenant| presence_rows::notes(conn, tenant, contact, now)).await?;
    Ok(axum::Json(NoteList { items: found.into_iter().map(NoteView::from).collect() }))
}

/// Adds a note to a contact.
#[utoipa::path(post, path = "/tenants/{tenant}/contacts/{contact}/notes", operation_id = "create_note",
    tag = "presence", request_body = NoteFields, responses((status = 201, body = NoteView)))]
pub(crate) async fn add_note(
    scope: Authorized<SetPresence, ContactId>,
    Input(fields): Input<NoteFields>,
) -> Result<(http::StatusCode, axum::Json<NoteView>), Problem> {
    let mut refusals = Refusals::default();
    refusals.required_text("text", &fields.text, NOTE_CHARS);
    require_future(&mut refusals, fields.expires_at, scope.state().clock().now());
    refusals.finish().map_err(Problem::invalid)?;
    let note = Note { text: fields.text, expires_at: fields.expires_at };
    let made = scope.change(move |tx, contact| presence_rows::insert_note(tx, contact, &note)).await?;
    refresh(&scope).await?;
    Ok((http::StatusCode::CREATED, axum::Json(made.into())))
}

/// Removes a note.
#[utoipa::path(delete, path = "/tenants/{tenant}/contacts/{contact}/notes/{note}", operation_id = "delete_note",
    tag = "presence", responses((status = 204)))]
pub(crate) async fn remove_note(
    scope: Authorized<SetPresence, ContactId>,
    Named(note): Named<NoteId>,
) -> Result<Done, Problem> {
    scope.change(move |tx, contact| presence_rows::remove_note(tx, contact, note)).await?;
    refresh(&scope).await
}

impl ManualFields {
    fn set(self) -> ManualPresence {
        let Self { availability, activity, is_out_of_office, custom, expires_at } = self;
        ManualPresence { availability, activity, is_out_of_office, custom, expires_at }
    }
}

impl From<KeptNote> for NoteView {
    fn from(kept: KeptNote) -> Self {
        Self { id: kept.id, text: kept.note.text, expires_at: kept.note.expires_at, created_at: kept.created_at }
    }
}

impl ClaimFields {
    fn require(&self) -> Result<(), Vec<directory_model::invalid::Invalid>> {
        let mut refusals = Refusals::default();
        let rule = Rule::OneOf {
            allowed: "telephone, calendar, audio_video, softphone, bluetooth, computer, mobile, platform".into(),
        };
        refusals.require(self.kind != ClaimKind::Manual, "kind", "manual", rule);
        refusals.required_text("source", &self.source, 128);
        refusals.text("device", &self.device, 128);
        refusals.text("custom", self.custom.as_deref().unwrap_or_default(), NOTE_CHARS);
        let is_counted = u64::try_from(self.version).is_ok_and(|version| version <= MAX_VERSION);
        refusals.require(is_counted, "version", self.version, Rule::OutOfRange { min: 0, max: 9_007_199_254_740_992 });
        let is_near = (1..=CLAIM_SECONDS).contains(&self.ttl_seconds);
        refusals.require(is_near, "ttl_seconds", self.ttl_seconds, Rule::OutOfRange { min: 1, max: 86_400 });
        refusals.finish()
    }

    fn claim(self, contact: ContactId, owner: UserId, now: Timestamp) -> Claim {
        Claim {
            contact,
            kind: self.kind,
            source: format!("{owner}/{}", self.source),
            device: self.device,
            version: self.version,
            availability: self.availability,
            activity: self.activity,
            is_out_of_office: self.is_out_of_office,
            custom: self.custom,
            since: now,
            expires_at: Some(now.plus(Duration::from_secs(self.ttl_seconds))),
        }
    }
}

fn require_future(refusals: &mut Refusals, moment: Option<Timestamp>, now: Timestamp) {
    let Some(moment) = moment else { return };
    refusals.require(moment > now, "expires_at", moment, Rule::Format { expected: "a moment in the future".into() });
}

/// Tells the book at once what the follower would tell it soon: whoever changed something sees it.
async fn refresh(scope: &Authorized<SetPresence, ContactId>) -> Result<Done, Problem> {
    let (contact, now) = (scope.id, scope.state().clock().now());
    let reading = scope.read(move |conn, tenant| {
        let as_of = tenants::change_seq(conn, tenant)?.unwrap_or_default();
        let manual = presence_rows::manual(conn, tenant, contact)?.filter(|claim| claim.counts_at(now));
        // The store keeps notes oldest first; the latest word is shown first.
        let notes = presence_rows::notes(conn, tenant, contact, now)?.into_iter().rev();
        Ok(PresenceFacts { contact, as_of, manual, notes: notes.map(|kept| kept.note).collect() })
    });
    let facts = reading.await?;
    scope.state().book().apply(scope.tenant(), vec![FactChange::Presence(facts)]);
    Ok(Done)
}

fn sentence(refused: Offer) -> &'static str {
    match refused {
        Offer::Accepted => "The claim is held.",
        Offer::Older => "A claim of this source and device with this or a later version is held.",
        Offer::Expired => "The claim had expired when it came.",
        Offer::Endless => "The claim has no expiry.",
        Offer::TooMany => "Too many sources and devices speak about this contact already.",
        Offer::UnknownTenant => "The tenant is not served at the moment.",
    }
}
