//! Which template each publication shows, of all that a tenant has.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use directory_model::id::{SiteId, TemplateId, TenantId};
use directory_model::publication::PublicationFields;
use directory_model::template::{TemplateKind, TemplateName};

use crate::column::Column;
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::templates;
use crate::{sites, tenants};

const ID: Column = Column("templates", "public_id");
const DEFAULT_FOR: Column = Column("templates", "default_for");

/// A template that a publication shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// Which.
    pub id: TemplateId,
    /// Another one after each change of what it looks like.
    pub tag: String,
}

/// A tenant's templates, without what they look like.
#[derive(Debug, Default)]
pub struct Shelf {
    tags: HashMap<TemplateId, String>,
    defaults: HashMap<(Option<SiteId>, TemplateKind), TemplateId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = templates)]
struct Light {
    id: i64,
    public_id: String,
    site_id: Option<i64>,
    base_id: Option<i64>,
    default_for: Option<String>,
    revision: i64,
}

impl Shelf {
    /// All templates of the tenant.
    pub fn of(conn: &mut Connection, tenant: TenantId) -> StoreResult<Self> {
        let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Self::default()) };
        let of_tenant = templates::table.filter(templates::tenant_id.eq(tenant_key)).select(Light::as_select());
        let rows: Vec<Light> = of_tenant.load(conn)?;
        let sites = sites::ids(conn, rows.iter().filter_map(|row| row.site_id))?;
        let revisions: HashMap<i64, i64> = rows.iter().map(|row| (row.id, row.revision)).collect();
        let mut shelf = Self::default();
        for row in &rows {
            let id: TemplateId = ID.id(&row.public_id)?;
            let base = row.base_id.and_then(|base| revisions.get(&base)).copied().unwrap_or_default();
            shelf.tags.insert(id, format!("{id}.{}.{base}", row.revision));
            if let Some(kind) = &row.default_for {
                let site = row.site_id.and_then(|site| sites.get(&site).copied());
                shelf.defaults.insert((site, DEFAULT_FOR.word(kind)?), id);
            }
        }
        Ok(shelf)
    }

    /// What a publication shows that is not built in: what it chose, else the default of its site, else of the tenant.
    pub fn shown(&self, fields: &PublicationFields) -> BTreeMap<TemplateKind, InUse> {
        let shown = |kind: TemplateKind| {
            let default = |site: Option<SiteId>| self.defaults.get(&(site, kind)).copied();
            let id = match fields.templates.get(&kind) {
                Some(TemplateName::BuiltIn(_)) => None,
                Some(TemplateName::Own(id)) => Some(*id),
                None => fields.site.and_then(|site| default(Some(site))).or_else(|| default(None)),
            }?;
            Some((kind, InUse { id, tag: self.tags.get(&id)?.clone() }))
        };
        TemplateKind::ALL.into_iter().filter_map(shown).collect()
    }
}
