//! Where a contact appears.

use std::collections::HashSet;

use diesel::prelude::*;
use directory_model::id::{ContactId, GroupId, PublicationId, SiteId, TenantId};
use directory_model::timestamp::Timestamp;

use crate::column::Column;
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{
    avatars, contacts as contact_rows, group_members, groups, manual_presence, out_of_office, presence_notes,
    publication_entries, publications, sites, users,
};
use crate::{groups as group_tree, tenants};

/// Where a contact appears, and therefore what its removal changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// Groups that it was made a member of, with their names.
    pub groups: Vec<(GroupId, String)>,
    /// Sites that it belongs to, because it is at home there or in one of their groups.
    pub sites: Vec<UsedSite>,
    /// Publications that list it, with their titles.
    pub publications: Vec<(PublicationId, String)>,
}

/// A site that a contact belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedSite {
    /// Its identity.
    pub id: SiteId,
    /// Its name.
    pub name: String,
    /// Whether it is the contact's home site.
    pub is_home: bool,
}

/// Where the contact appears; `None` when there is no such contact.
pub fn uses(conn: &mut Connection, tenant: TenantId, id: ContactId) -> StoreResult<Option<Uses>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    let Some(key) = super::key(conn, tenant_key, id)? else { return Ok(None) };
    let in_groups: Vec<(String, String)> = group_members::table
        .inner_join(groups::table.on(groups::id.eq(group_members::group_id)))
        .filter(group_members::contact_id.eq(key))
        .select((groups::public_id, groups::name))
        .order((groups::name_key.asc(), groups::id.asc()))
        .load(conn)?;
    let shown_in: Vec<(String, String)> = publication_entries::table
        .inner_join(publications::table.on(publications::id.eq(publication_entries::publication_id)))
        .filter(publication_entries::contact_id.eq(key))
        .select((publications::public_id, publications::title))
        .order((publications::title_key.asc(), publications::id.asc()))
        .load(conn)?;
    let mut uses = Uses { sites: sites_of(conn, key)?, ..Uses::default() };
    for (id, name) in in_groups {
        uses.groups.push((Column("groups", "public_id").id(&id)?, name));
    }
    for (id, title) in shown_in {
        uses.publications.push((Column("publications", "public_id").id(&id)?, title));
    }
    Ok(Some(uses))
}

/// The sites in whose part of the tree the contact is, by name.
fn sites_of(conn: &mut Connection, contact: i64) -> StoreResult<Vec<UsedSite>> {
    let home: Option<i64> = contact_rows::table.find(contact).select(contact_rows::home_site_id).get_result(conn)?;
    let within: Vec<i64> = group_tree::keys_of_contact(conn, contact)?.into_iter().collect();
    let mut found: Vec<(i64, String, String, String)> = Vec::new();
    for keys in within.chunks(CHUNK) {
        let rows = groups::table
            .inner_join(sites::table.on(groups::root_of_site_id.eq(sites::id.nullable())))
            .filter(groups::id.eq_any(keys))
            .select((sites::id, sites::public_id, sites::name, sites::name_key));
        found.extend(rows.load::<(i64, String, String, String)>(conn)?);
    }
    found.sort_by(|a, b| a.3.cmp(&b.3).then(a.0.cmp(&b.0)));
    let site = |(key, id, name, _): (i64, String, String, String)| {
        Ok(UsedSite { id: Column("sites", "public_id").id(&id)?, name, is_home: home == Some(key) })
    };
    found.into_iter().map(site).collect()
}

/// What does not end, or ends later.
macro_rules! lasts {
    ($table:ident, $now:expr) => {
        $table::expires_at.is_null().or($table::expires_at.gt($now.millis()))
    };
}

/// Those of the contacts that somebody has begun to use: in groups and publications, with avatars, a
/// presence, notes or a user of their own. What has ended by `now` is no use any more.
pub fn in_use(
    conn: &mut Connection,
    tenant: TenantId,
    ids: &[ContactId],
    now: Timestamp,
) -> StoreResult<HashSet<ContactId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(HashSet::new()) };
    let keys = super::keys(conn, tenant_key, ids)?;
    let all: Vec<i64> = keys.values().copied().collect();
    let mut used: HashSet<i64> = HashSet::new();
    for keys in all.chunks(CHUNK) {
        let grouped = group_members::table
            .inner_join(groups::table.on(groups::id.eq(group_members::group_id)))
            .filter(group_members::contact_id.eq_any(keys))
            // Into those that mirror a directory nobody put it.
            .filter(groups::synced_from_id.is_null());
        used.extend(grouped.select(group_members::contact_id).load::<i64>(conn)?);
        let present = manual_presence::table
            .filter(manual_presence::contact_id.eq_any(keys))
            .filter(lasts!(manual_presence, now));
        used.extend(present.select(manual_presence::contact_id).load::<i64>(conn)?);
        let absent =
            out_of_office::table.filter(out_of_office::contact_id.eq_any(keys)).filter(lasts!(out_of_office, now));
        used.extend(absent.select(out_of_office::contact_id).load::<i64>(conn)?);
        let noted =
            presence_notes::table.filter(presence_notes::contact_id.eq_any(keys)).filter(lasts!(presence_notes, now));
        used.extend(noted.select(presence_notes::contact_id).load::<i64>(conn)?);
        let shown = publication_entries::table.filter(publication_entries::contact_id.eq_any(keys));
        used.extend(shown.select(publication_entries::contact_id).load::<Option<i64>>(conn)?.into_iter().flatten());
        let owned = users::table.filter(users::contact_id.eq_any(keys));
        used.extend(owned.select(users::contact_id).load::<Option<i64>>(conn)?.into_iter().flatten());
        let pictured = avatars::table.filter(avatars::contact_id.eq_any(keys).and(avatars::is_synced.eq(false)));
        used.extend(pictured.select(avatars::contact_id).load::<Option<i64>>(conn)?.into_iter().flatten());
    }
    Ok(keys.into_iter().filter(|(_, key)| used.contains(key)).map(|(id, _)| id).collect())
}
