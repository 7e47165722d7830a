//! Publications and what they show.

use directory_model::id::{AlertId, PublicationId};
use directory_model::invalid::{Invalid, Rule};
use directory_model::publication::{Publication, PublicationEntry, PublicationFields};
use directory_model::rights::Action;
use directory_store::publications;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::visible;
use crate::extract::body::{Checked, Input, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::{ManagePublications, ReadPublications};
use crate::scope::{Access, Authorized, Somewhere};
use crate::view::{Done, Made, Shown, list_of, view_of};

view_of! {
    /// What one web page shows.
    Publication as PublicationView { PublicationFields, PublicationId,
        /// The unguessable key that web pages carry.
        key: String = |it| it.key.clone() }
}
list_of!(PublicationView as PublicationList);

/// Lists publications.
#[utoipa::path(get, path = "/tenants/{tenant}/publications", operation_id = "list_publications", tag = "publications",
    params(PageQuery), responses((status = 200, body = PublicationList)))]
pub(crate) async fn list(scope: Somewhere<ReadPublications>, Pages(page): Pages) -> Result<PublicationList, Problem> {
    Ok(visible(&scope, page, publications::list, |publication| publication.id).await?.into())
}

/// Makes a publication.
#[utoipa::path(post, path = "/tenants/{tenant}/publications", operation_id = "create_publication", tag = "publications",
    request_body = PublicationFields, responses((status = 201, body = PublicationView)))]
pub(crate) async fn create(
    scope: Somewhere<ManagePublications>,
    Checked(fields): Checked<PublicationFields>,
) -> Result<Made<PublicationView>, Problem> {
    scope.require_place("site", fields.site).await?;
    require_alerts(&scope, &[], &fields.alerts)?;
    let publication = scope.write(move |tx| publications::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("publications", publication.id), object: publication.into() })
}

/// Shows a publication.
#[utoipa::path(get, path = "/tenants/{tenant}/publications/{publication}", operation_id = "get_publication", tag = "publications",
    responses((status = 200, body = PublicationView)))]
pub(crate) async fn get(scope: Authorized<ReadPublications, PublicationId>) -> Result<Shown<PublicationView>, Problem> {
    Ok(Shown(scope.find(publications::find).await?.into()))
}

/// Changes a publication.
#[utoipa::path(patch, path = "/tenants/{tenant}/publications/{publication}", operation_id = "update_publication", tag = "publications",
    request_body(content = PublicationFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = PublicationView)))]
pub(crate) async fn update(
    scope: Authorized<ManagePublications, PublicationId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<PublicationView>, Problem> {
    let publication = scope.find(publications::find).await?;
    let revision = expected.against(publication.revision)?;
    let fields = patch.onto(&publication.fields)?;
    if fields.site != publication.fields.site {
        scope.require_place("site", fields.site).await?;
    }
    require_alerts(&scope, &publication.fields.alerts, &fields.alerts)?;
    let publication = scope.change(move |tx, id| publications::update(tx, id, revision, &fields)).await?;
    Ok(Shown(publication.into()))
}

/// Removes a publication; pages that carry its key show nothing any more.
#[utoipa::path(delete, path = "/tenants/{tenant}/publications/{publication}", operation_id = "delete_publication", tag = "publications",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManagePublications, PublicationId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| publications::remove(tx, id, revision)).await?;
    Ok(Done)
}

/// What a publication shows.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entries {
    /// Contacts and groups, in order; at most 500 cards, members of groups included.
    entries: Vec<PublicationEntry>,
}

/// Shows what a publication shows.
#[utoipa::path(get, path = "/tenants/{tenant}/publications/{publication}/entries", operation_id = "get_entries",
    tag = "publications", responses((status = 200, body = Entries)))]
pub(crate) async fn entries(
    scope: Authorized<ReadPublications, PublicationId>,
) -> Result<axum::Json<Entries>, Problem> {
    let publication = scope.find(publications::find).await?;
    Ok(axum::Json(Entries { entries: publication.entries }))
}

/// Replaces what a publication shows.
#[utoipa::path(put, path = "/tenants/{tenant}/publications/{publication}/entries", operation_id = "set_entries",
    tag = "publications", request_body = Entries, responses((status = 200, body = Entries)))]
pub(crate) async fn set_entries(
    scope: Authorized<ManagePublications, PublicationId>,
    IfMatchAtAll(revision): IfMatchAtAll,
    Input(Entries { entries }): Input<Entries>,
) -> Result<axum::Json<Entries>, Problem> {
    let shown = scope.find(publications::find).await?.entries;
    require_sight(&scope, &shown, &entries).await?;
    let publication = scope.change(move |tx, id| publications::set_entries(tx, id, revision, &entries)).await?;
    Ok(axum::Json(Entries { entries: publication.entries }))
}

/// Replaces a publication's key; pages that carry the old one show nothing any more.
#[utoipa::path(post, path = "/tenants/{tenant}/publications/{publication}/key/rotate",
    operation_id = "rotate_publication_key", tag = "publications",
    responses((status = 200, body = PublicationView)))]
pub(crate) async fn rotate_key(
    scope: Authorized<ManagePublications, PublicationId>,
) -> Result<Shown<PublicationView>, Problem> {
    Ok(Shown(scope.change(publications::rotate_key).await?.into()))
}

/// Refuses new channels of somebody who may not see the tenant's, as if they did not exist: where visitors'
/// words go is for those who know where that is.
fn require_alerts(access: &Access, told: &[AlertId], alerts: &[AlertId]) -> Result<(), Problem> {
    if access.caller().may(Action::ReadSources, access.target()) {
        return Ok(());
    }
    let new = alerts.iter().enumerate().filter(|(_, alert)| !told.contains(alert));
    let refused: Vec<_> = new.map(|(at, id)| Invalid::new(format!("alerts[{at}]"), id, Rule::Unknown)).collect();
    if refused.is_empty() { Ok(()) } else { Err(Problem::invalid(refused)) }
}

/// Refuses new entries that the caller cannot see, as if they did not exist.
async fn require_sight(
    access: &Access,
    shown: &[PublicationEntry],
    entries: &[PublicationEntry],
) -> Result<(), Problem> {
    let mut refused = Vec::new();
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| !shown.contains(entry)) {
        let (target, action, id) = match *entry {
            PublicationEntry::Contact(id) => (access.locate(id).await?, Action::ReadContacts, id.to_string()),
            PublicationEntry::Group(id) => (access.locate(id).await?, Action::ReadGroups, id.to_string()),
        };
        if !target.is_some_and(|target| access.caller().may(action, &target)) {
            refused.push(Invalid::new(format!("entries[{at}]"), id, Rule::Unknown));
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Problem::invalid(refused)) }
}
