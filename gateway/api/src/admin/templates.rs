//! Templates: the built-in one of each kind, and those that tenants derived from them.

use axum::extract::Query;
use directory_model::id::{SiteId, TemplateId};
use directory_model::template::{Placement, Resolved, Template, TemplateFields, TemplateKind, TemplateName, resolve};
use directory_model::timestamp::Timestamp;
use directory_store::templates;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::extract::body::{Checked, Patch};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::permission::{ManagePublications, ReadPublications};
use crate::scope::{Authorized, Named, Somewhere};
use crate::view::{Done, Made, Revised, Shown};

/// A template.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateView {
    /// Its identity, or the kind of a built-in one.
    id: TemplateName,
    #[serde(flatten)]
    fields: TemplateFields,
    /// Every tenant has it, and nobody changes or removes it.
    is_built_in: bool,
    /// The number of changes; the entity tag. Zero for a built-in one.
    revision: i64,
    /// When it was made; null for a built-in one.
    created_at: Option<Timestamp>,
    /// When it last changed; null for a built-in one.
    updated_at: Option<Timestamp>,
}

impl From<Template> for TemplateView {
    fn from(template: Template) -> Self {
        Self {
            id: template.id,
            is_built_in: matches!(template.id, TemplateName::BuiltIn(_)),
            fields: template.fields,
            revision: template.revision,
            created_at: template.created_at,
            updated_at: template.updated_at,
        }
    }
}

impl Revised for TemplateView {
    fn revision(&self) -> i64 {
        self.revision
    }
}

/// A template in a list, without what it looks like.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateItem {
    /// Its identity, or the kind of a built-in one.
    id: TemplateName,
    /// What it is of.
    kind: TemplateKind,
    /// Unique in the tenant when folded.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// The site whose publications may have it; all publications when null.
    site: Option<SiteId>,
    /// What it is derived from; the built-in one when null.
    derived_from: Option<TemplateId>,
    /// Publications of its site, or all, have it unless they say otherwise.
    is_default: bool,
    /// Where on the page it stands; as in what it is derived from when null.
    placement: Option<Placement>,
    /// Every tenant has it, and nobody changes or removes it.
    is_built_in: bool,
    /// The number of changes.
    revision: i64,
    /// When it last changed; null for a built-in one.
    updated_at: Option<Timestamp>,
}

impl From<Template> for TemplateItem {
    fn from(Template { id, fields, revision, updated_at, .. }: Template) -> Self {
        Self {
            id,
            kind: fields.kind,
            name: fields.name,
            description: fields.description,
            site: fields.site,
            derived_from: fields.derived_from,
            is_default: fields.is_default,
            placement: fields.placement,
            is_built_in: matches!(id, TemplateName::BuiltIn(_)),
            revision,
            updated_at,
        }
    }
}

/// The templates of a tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateList {
    /// The built-in ones in their order, and then the tenant's own by name. At most 204.
    items: Vec<TemplateItem>,
}

/// For whom a preview is.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// The visitor's language, such as `de-AT`; English when absent.
    #[serde(default)]
    language: String,
}

/// Lists the templates of the tenant, built-in ones first.
#[utoipa::path(get, path = "/tenants/{tenant}/templates", operation_id = "list_templates", tag = "publications",
    responses((status = 200, body = TemplateList)))]
pub(crate) async fn list(scope: Somewhere<ReadPublications>) -> Result<axum::Json<TemplateList>, Problem> {
    let found = scope.read(templates::all).await?;
    Ok(axum::Json(TemplateList { items: found.into_iter().map(TemplateItem::from).collect() }))
}

/// Makes a template: derives it from another one, or from the built-in one of its kind.
#[utoipa::path(post, path = "/tenants/{tenant}/templates", operation_id = "create_template", tag = "publications",
    request_body = TemplateFields, responses((status = 201, body = TemplateView)))]
pub(crate) async fn create(
    scope: Somewhere<ManagePublications>,
    Checked(fields): Checked<TemplateFields>,
) -> Result<Made<TemplateView>, Problem> {
    scope.require_place("site", fields.site).await?;
    let template = scope.write(move |tx| templates::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("templates", template.id), object: template.into() })
}

/// Shows a template.
#[utoipa::path(get, path = "/tenants/{tenant}/templates/{template}", operation_id = "get_template",
    tag = "publications", responses((status = 200, body = TemplateView)))]
pub(crate) async fn get(
    scope: Somewhere<ReadPublications>,
    Named(id): Named<TemplateName>,
) -> Result<Shown<TemplateView>, Problem> {
    let found = scope.read(move |conn, tenant| templates::find(conn, tenant, id)).await?;
    Ok(Shown(found.ok_or_else(Problem::not_found)?.into()))
}

/// Changes a template; pages that show it follow. Built-in ones do not change.
#[utoipa::path(patch, path = "/tenants/{tenant}/templates/{template}", operation_id = "update_template",
    tag = "publications",
    request_body(content = TemplateFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = TemplateView)))]
pub(crate) async fn update(
    scope: Authorized<ManagePublications, TemplateName>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<TemplateView>, Problem> {
    let template = scope.find(templates::find_own).await?;
    let revision = expected.against(template.revision)?;
    let fields = patch.onto(&template.fields)?;
    let template = scope.change(move |tx, id| templates::update(tx, id, revision, &fields)).await?;
    Ok(Shown(template.into()))
}

/// Removes a template; publications that chose it have the default again. Built-in ones stay, and those that others
/// are derived from.
#[utoipa::path(delete, path = "/tenants/{tenant}/templates/{template}", operation_id = "delete_template",
    tag = "publications", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManagePublications, TemplateName>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| templates::remove(tx, id, revision)).await?;
    Ok(Done)
}

/// Says what visitors would get of a template, and keeps nothing.
#[utoipa::path(post, path = "/tenants/{tenant}/templates/preview", operation_id = "preview_template",
    tag = "publications", params(PreviewQuery), request_body = TemplateFields,
    responses((status = 200, body = Resolved)))]
pub(crate) async fn preview(
    scope: Somewhere<ReadPublications>,
    Query(PreviewQuery { language }): Query<PreviewQuery>,
    Checked(fields): Checked<TemplateFields>,
) -> Result<axum::Json<Resolved>, Problem> {
    let of = fields.clone();
    let base = scope.read(move |conn, tenant| templates::base_of(conn, tenant, &of)).await?;
    let layers: Vec<&TemplateFields> = [&*fields].into_iter().chain(base.as_ref()).collect();
    Ok(axum::Json(resolve(fields.kind, &layers, &language)))
}
