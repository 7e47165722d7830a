//! Notes beside the state of a contact.

use directory_model::id::{ContactId, NoteId};
use directory_model::invalid::Refusals;
use directory_model::presence::{NOTE_CHARS, Note, NoteKind, SourceNote, SourceNotes};
use directory_model::timestamp::Timestamp;
use directory_store::presence_rows::{self, KeptNote, MANUAL_SOURCE};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{refresh, require_future};
use crate::extract::body::Input;
use crate::problem::Problem;
use crate::scope::permission::{ReadContacts, SetPresence};
use crate::scope::{Access, Authorized, Named};
use crate::view::Done;

/// A note to show.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteFields {
    /// What it says, 1 to 500 characters.
    text: String,
    /// What it is about; what the person wants to say when absent. Visitors see the latest personal
    /// note, or while the person is out of office the latest about that; never appointments.
    #[serde(default)]
    kind: NoteKind,
    /// Which program says it, 1 to 128 characters, kept as `<user>/<source>`; written by hand when
    /// absent. A note that is changed keeps its source.
    #[serde(default)]
    source: Option<String>,
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
    /// What it is about.
    kind: NoteKind,
    /// Who says it: `manual`, or a program of a user as `<user>/<source>`.
    source: String,
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
    /// What sources note beside the contact's state, for colleagues: no website shows it, nobody edits it here,
    /// and it goes when the source says something else or falls silent.
    of_sources: Vec<SourceNoteView>,
}

/// A note of a source.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceNoteView {
    /// Which source says it, named as in its claims.
    source: String,
    #[serde(flatten)]
    note: SourceNote,
    /// Until when it counts, unless the source repeats it.
    expires_at: Timestamp,
}

/// Lists a contact's notes.
#[utoipa::path(get, path = "/tenants/{tenant}/contacts/{contact}/notes", operation_id = "list_notes",
    tag = "presence", responses((status = 200, body = NoteList)))]
pub(crate) async fn list(scope: Authorized<ReadContacts, ContactId>) -> Result<axum::Json<NoteList>, Problem> {
    let now = scope.state().clock().now();
    let contact = scope.id;
    let found = scope.read(move |conn, tenant| presence_rows::notes(conn, tenant, contact, now)).await?;
    let noted = scope.state().book().noted(scope.tenant(), contact);
    let of_sources = noted.into_iter().flat_map(SourceNoteView::all).collect();
    Ok(axum::Json(NoteList { items: found.into_iter().map(NoteView::from).collect(), of_sources }))
}

/// Adds a note to a contact, which may have twenty.
#[utoipa::path(post, path = "/tenants/{tenant}/contacts/{contact}/notes", operation_id = "create_note",
    tag = "presence", request_body = NoteFields, responses((status = 201, body = NoteView)))]
pub(crate) async fn create(
    scope: Authorized<SetPresence, ContactId>,
    Input(fields): Input<NoteFields>,
) -> Result<(http::StatusCode, axum::Json<NoteView>), Problem> {
    let note = fields.note(&scope)?;
    let made = scope.change(move |tx, contact| presence_rows::insert_note(tx, contact, &note)).await?;
    refresh(&scope).await?;
    Ok((http::StatusCode::CREATED, axum::Json(made.into())))
}

/// Changes a note.
#[utoipa::path(put, path = "/tenants/{tenant}/contacts/{contact}/notes/{note}", operation_id = "update_note",
    tag = "presence", request_body = NoteFields, responses((status = 200, body = NoteView)))]
pub(crate) async fn update(
    scope: Authorized<SetPresence, ContactId>,
    Named(id): Named<NoteId>,
    Input(fields): Input<NoteFields>,
) -> Result<axum::Json<NoteView>, Problem> {
    let note = fields.note(&scope)?;
    let changed = scope.change(move |tx, contact| presence_rows::update_note(tx, contact, id, &note)).await?;
    refresh(&scope).await?;
    Ok(axum::Json(changed.into()))
}

/// Removes a note.
#[utoipa::path(delete, path = "/tenants/{tenant}/contacts/{contact}/notes/{note}", operation_id = "delete_note",
    tag = "presence", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<SetPresence, ContactId>,
    Named(note): Named<NoteId>,
) -> Result<Done, Problem> {
    scope.change(move |tx, contact| presence_rows::remove_note(tx, contact, note)).await?;
    refresh(&scope).await
}

impl NoteFields {
    fn note(self, access: &Access) -> Result<Note, Problem> {
        let Self { text, kind, source, expires_at } = self;
        let mut refusals = Refusals::default();
        refusals.required_text("text", &text, NOTE_CHARS);
        if let Some(source) = &source {
            refusals.required_text("source", source, 128);
        }
        require_future(&mut refusals, expires_at, access.state().clock().now());
        refusals.finish().map_err(Problem::invalid)?;
        let by_program = source.map(|source| format!("{}/{source}", access.caller().user));
        Ok(Note { text, kind, source: by_program.unwrap_or_else(|| MANUAL_SOURCE.to_owned()), expires_at })
    }
}

impl SourceNoteView {
    fn all(noted: SourceNotes) -> impl Iterator<Item = Self> {
        let SourceNotes { source, notes, expires_at, .. } = noted;
        notes.into_iter().map(move |note| Self { source: source.clone(), note, expires_at })
    }
}

impl From<KeptNote> for NoteView {
    fn from(kept: KeptNote) -> Self {
        let KeptNote { id, note: Note { text, kind, source, expires_at }, created_at } = kept;
        Self { id, text, kind, source, expires_at, created_at }
    }
}
