//! Templates that tenants made. The built-in ones have no rows.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{SiteId, TemplateId, TenantId};
use directory_model::invalid::Rule;
use directory_model::template::{MAX_TEMPLATES, Template, TemplateFields, TemplateKind, TemplateName};
use directory_model::valid::Valid;

use crate::column::{difference, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::named::named_rows;
use crate::refs::refs;
use crate::schema::{publications as publication_rows, templates};
use crate::sites;
use crate::tx::Tx;

mod choice;
mod shelf;

pub(crate) use choice::{Choice, choices, choose, chosen};
pub use shelf::{InUse, Shelf};

named_rows!(templates, TemplateFields, at most MAX_TEMPLATES, "templates");
refs!(templates, TemplateId: ids);

fn read(row: &Row) -> StoreResult<Template> {
    Ok(Template {
        id: TemplateName::Own(row.public_id()?),
        fields: row.fields()?,
        revision: row.revision,
        created_at: Some(moment(row.created_at)),
        updated_at: Some(moment(row.updated_at)),
    })
}

fn built_in(kind: TemplateKind) -> Template {
    let id = TemplateName::BuiltIn(kind);
    Template { id, fields: TemplateFields::built_in(kind), revision: 0, created_at: None, updated_at: None }
}

/// The template.
pub fn find(conn: &mut Connection, tenant: TenantId, name: TemplateName) -> StoreResult<Option<Template>> {
    match name {
        TemplateName::BuiltIn(kind) => Ok(Some(built_in(kind))),
        TemplateName::Own(id) => find_row(conn, tenant, id)?.as_ref().map(read).transpose(),
    }
}

/// The template, if it can be changed. Conflicts for built-in ones.
pub fn find_own(conn: &mut Connection, tenant: TenantId, name: TemplateName) -> StoreResult<Option<Template>> {
    match name {
        TemplateName::BuiltIn(_) => Err(Conflict::BuiltIn.into()),
        TemplateName::Own(_) => find(conn, tenant, name),
    }
}

/// All templates of the tenant: the built-in ones, and then its own by name.
pub fn all(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<Template>> {
    let own: Vec<Template> = rows(conn, tenant)?.iter().map(read).collect::<StoreResult<_>>()?;
    Ok(TemplateKind::ALL.into_iter().map(built_in).chain(own).collect())
}

/// A template and what it is derived from, without the built-in one; `None` when there is none.
pub fn layers(conn: &mut Connection, tenant: TenantId, id: TemplateId) -> StoreResult<Option<Vec<TemplateFields>>> {
    let Some(row) = find_row(conn, tenant, id)? else { return Ok(None) };
    let own = row.fields()?;
    let base = own.derived_from.map(|base| find_row(conn, tenant, base)).transpose()?.flatten();
    let base = base.map(|row| row.fields()).transpose()?;
    Ok(Some([own].into_iter().chain(base).collect()))
}

/// What a template is derived from, unless that is the built-in one. Refuses what cannot be that, and placeholders
/// of texts that neither of them has.
pub fn base_of(
    conn: &mut Connection,
    tenant: TenantId,
    fields: &TemplateFields,
) -> StoreResult<Option<TemplateFields>> {
    let base = match fields.derived_from {
        Some(id) => {
            let found = find_row(conn, tenant, id)?.map(|row| row.fields()).transpose()?;
            let may_be =
                |base: &TemplateFields| base.kind == fields.kind && base.site.is_none() && base.derived_from.is_none();
            let base = found.filter(may_be).ok_or_else(|| StoreError::refused("derived_from", id, Rule::Unknown))?;
            Some(base)
        }
        None => None,
    };
    fields.refuse_unknown_texts(base.as_ref()).map_err(StoreError::Refused)?;
    Ok(base)
}

/// Makes a template. Conflicts when the name is taken, refuses a site that does not exist, what it cannot be derived
/// from, and more than a tenant may have.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<TemplateFields>) -> StoreResult<Template> {
    let (id, now) = (TemplateId::new(tx.ids()), tx.now());
    let site = site_key(tx, fields.site)?;
    base_of(tx.conn, tx.tenant, fields)?;
    let base = match fields.derived_from {
        Some(base) => find_row(tx.conn, tx.tenant, base)?.map(|row| row.id),
        None => None,
    };
    insert_row(tx, id, fields)?;
    diesel::update(templates::table.filter(templates::public_id.eq(id.to_string())))
        .set((templates::site_id.eq(site), templates::base_id.eq(base), templates::default_for.eq(default_for(fields))))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::Template, id, &difference(None, Some(&**fields)))?;
    take_over(tx, id, fields)?;
    if fields.is_default {
        all_are_shown_anew(tx)?;
    }
    let (created_at, updated_at) = (Some(now), Some(now));
    Ok(Template { id: TemplateName::Own(id), fields: (**fields).clone(), revision: 1, created_at, updated_at })
}

/// Changes a template; pages that show it follow. Fails when the name is taken, when it is built in or changed since
/// `expected_revision`, and refuses to change what is fixed.
pub fn update(
    tx: &mut Tx<'_>,
    name: TemplateName,
    expected_revision: i64,
    fields: &Valid<TemplateFields>,
) -> StoreResult<Option<Template>> {
    let TemplateName::Own(id) = name else { return Err(Conflict::BuiltIn.into()) };
    let Some(row) = require_row(tx, id, Some(expected_revision))? else { return Ok(None) };
    let old = read(&row)?;
    if old.fields == **fields {
        return Ok(Some(old));
    }
    refuse_fixed(&old.fields, fields)?;
    base_of(tx.conn, tx.tenant, fields)?;
    write(tx, row.id, id, &old.fields, fields)?;
    take_over(tx, id, fields)?;
    is_shown_anew(tx, row.id, old.fields.is_default || fields.is_default)?;
    find(tx.conn, tx.tenant, name)
}

/// Removes a template; publications that chose it have the default again. Conflicts while others are derived from
/// it, and for built-in ones. Fails when it changed since `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, name: TemplateName, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let TemplateName::Own(id) = name else { return Err(Conflict::BuiltIn.into()) };
    let Some(row) = require_row(tx, id, expected_revision)? else { return Ok(None) };
    let fields = row.fields()?;
    let derived: i64 = templates::table.filter(templates::base_id.eq(row.id)).count().get_result(tx.conn)?;
    if derived > 0 {
        return Err(Conflict::InUse { by: "templates" }.into());
    }
    let chosen_by = choice::chosen_by(tx.conn, &[row.id])?;
    diesel::delete(templates::table.find(row.id)).execute(tx.conn)?;
    crate::publications::touch(tx, &chosen_by)?;
    if fields.is_default {
        all_are_shown_anew(tx)?;
    }
    tx.audit(Act::Remove, ObjectKind::Template, id, &difference(Some(&fields), None))?;
    Ok(Some(()))
}

/// The publications that chose a template of the site: they have another one once the site is gone.
pub(crate) fn chosen_of_site(conn: &mut Connection, site: i64) -> StoreResult<Vec<i64>> {
    let keys: Vec<i64> = templates::table.filter(templates::site_id.eq(site)).select(templates::id).load(conn)?;
    choice::chosen_by(conn, &keys)
}

fn site_key(tx: &mut Tx<'_>, site: Option<SiteId>) -> StoreResult<Option<i64>> {
    let Some(id) = site else { return Ok(None) };
    let key = sites::key(tx.conn, tx.tenant_key, id)?;
    key.map(Some).ok_or_else(|| StoreError::refused("site", id, Rule::Unknown))
}

fn refuse_fixed(old: &TemplateFields, new: &TemplateFields) -> StoreResult<()> {
    let shown = |id: Option<String>| id.unwrap_or_default();
    let site = || shown(new.site.map(|id| id.to_string()));
    let base = || shown(new.derived_from.map(|id| id.to_string()));
    if old.kind != new.kind {
        return Err(StoreError::refused("kind", new.kind.code(), Rule::Fixed));
    }
    if old.site != new.site {
        return Err(StoreError::refused("site", site(), Rule::Fixed));
    }
    if old.derived_from != new.derived_from {
        return Err(StoreError::refused("derived_from", base(), Rule::Fixed));
    }
    Ok(())
}

fn default_for(fields: &TemplateFields) -> Option<&'static str> {
    fields.is_default.then(|| fields.kind.code())
}

fn write(tx: &mut Tx<'_>, key: i64, id: TemplateId, old: &TemplateFields, new: &TemplateFields) -> StoreResult<()> {
    update_row(tx, key, new)?;
    diesel::update(templates::table.find(key)).set(templates::default_for.eq(default_for(new))).execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::Template, id, &difference(Some(old), Some(new)))
}

/// There is one default of a kind for a site, and one for the tenant: the one before is none any more.
fn take_over(tx: &mut Tx<'_>, id: TemplateId, fields: &TemplateFields) -> StoreResult<()> {
    let Some(kind) = default_for(fields) else { return Ok(()) };
    let of_tenant = templates::table.filter(templates::tenant_id.eq(tx.tenant_key)).select(Row::as_select());
    let others = of_tenant.filter(templates::default_for.eq(kind)).filter(templates::public_id.ne(id.to_string()));
    for row in others.load::<Row>(tx.conn)? {
        let old = row.fields()?;
        if old.site == fields.site {
            let new = TemplateFields { is_default: false, ..old.clone() };
            write(tx, row.id, row.public_id()?, &old, &new)?;
        }
    }
    Ok(())
}

/// Says that publications that show the template, or one derived from it, look different.
fn is_shown_anew(tx: &mut Tx<'_>, key: i64, is_default: bool) -> StoreResult<()> {
    let derived: Vec<(i64, Option<String>)> = templates::table
        .filter(templates::base_id.eq(key))
        .select((templates::id, templates::default_for))
        .load(tx.conn)?;
    if is_default || derived.iter().any(|(_, default_for)| default_for.is_some()) {
        return all_are_shown_anew(tx);
    }
    let keys: Vec<i64> = derived.into_iter().map(|(key, _)| key).chain([key]).collect();
    let chosen_by = choice::chosen_by(tx.conn, &keys)?;
    for id in crate::publications::ids(tx.conn, chosen_by)?.into_values() {
        tx.changed(ObjectKind::Publication, id);
    }
    Ok(())
}

fn all_are_shown_anew(tx: &mut Tx<'_>) -> StoreResult<()> {
    let of_tenant = publication_rows::table.filter(publication_rows::tenant_id.eq(tx.tenant_key));
    let ids: Vec<String> = of_tenant.select(publication_rows::public_id).load(tx.conn)?;
    for id in ids {
        tx.changed(ObjectKind::Publication, id);
    }
    Ok(())
}
