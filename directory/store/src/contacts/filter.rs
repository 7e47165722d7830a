//! Which of the contacts a list holds.
//!
//! Every filter is answered by the index of the list, so a page that finds nobody costs what a search that
//! finds nobody costs: one look through it. What is known in memory only is asked row by row, as
//! far as [`sift`] may look.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use directory_model::contact::Contact;
use directory_model::id::{ContactId, GroupId, SiteId, SourceId, TenantId};
use directory_model::page::{Cursor, MAX_LIMIT, Page, PageRequest};

use super::page;
use crate::column::Column;
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::page::{keyset, nothing};
use crate::schema::{contacts, group_members, groups as group_rows, source_records};
use crate::{groups, sites, sources, tenants};

/// Which contacts are wanted; all of them when nothing is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ContactFilter {
    /// Those at home in this site.
    pub home_site: Option<SiteId>,
    /// The members of this group, home contacts included.
    pub group: Option<GroupId>,
    /// Those whose fields come from there.
    pub source: Option<ReadFrom>,
    /// Services, or persons.
    pub is_service: Option<bool>,
    /// Those who are in the cloud as well, or those who are not.
    pub is_hybrid: Option<bool>,
    /// Those whose vCard is given away, or the others.
    pub is_vcard_enabled: Option<bool>,
    /// Those out of service, or those in service.
    pub is_disabled: Option<bool>,
}

/// Where contacts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadFrom {
    /// This source.
    Source(SourceId),
    /// No source: they were made by hand.
    Nowhere,
}

/// The row key of where contacts come from.
#[derive(Clone, Copy)]
enum KeyedFrom {
    Source(i64),
    Nowhere,
}

/// The row keys of what a filter names.
struct Keys {
    home_site: Option<i64>,
    /// A group, and the site whose root it is; no site has the row key 0.
    group: Option<(i64, i64)>,
    source: Option<KeyedFrom>,
}

impl ContactFilter {
    /// `None` when it names something that the tenant does not have.
    fn keys(&self, conn: &mut Connection, tenant: TenantId, tenant_key: i64) -> StoreResult<Option<Keys>> {
        let mut keys = Keys { home_site: None, group: None, source: None };
        if let Some(site) = self.home_site {
            let Some(key) = sites::key(conn, tenant_key, site)? else { return Ok(None) };
            keys.home_site = Some(key);
        }
        if let Some(group) = self.group {
            let Some(key) = groups::key(conn, tenant_key, group)? else { return Ok(None) };
            let site: Option<i64> = group_rows::table.find(key).select(group_rows::root_of_site_id).get_result(conn)?;
            keys.group = Some((key, site.unwrap_or(0)));
        }
        match self.source {
            None => {}
            Some(ReadFrom::Nowhere) => keys.source = Some(KeyedFrom::Nowhere),
            Some(ReadFrom::Source(source)) => {
                let Some(key) = sources::key(conn, tenant, source)? else { return Ok(None) };
                keys.source = Some(KeyedFrom::Source(key));
            }
        }
        Ok(Some(keys))
    }
}

/// Narrows a boxed query over `contacts`.
macro_rules! narrowed {
    ($query:expr, $filter:expr, $keys:expr) => {{
        let (mut query, filter, keys): (_, &ContactFilter, &Keys) = ($query, $filter, $keys);
        if let Some(site) = keys.home_site {
            query = query.filter(contacts::home_site_id.eq(site));
        }
        if let Some((group, site)) = keys.group {
            let listed =
                group_members::table.filter(group_members::group_id.eq(group)).select(group_members::contact_id);
            let is_at_home =
                contacts::home_site_id.is_not_null().and(contacts::home_site_id.assume_not_null().eq(site));
            query = query.filter(contacts::id.eq_any(listed).or(is_at_home));
        }
        if let Some(source) = keys.source {
            let entries = source_records::table
                .filter(source_records::contact_id.eq(contacts::id.nullable()))
                .filter(source_records::is_extra.eq(false));
            query = match source {
                KeyedFrom::Source(source) => query.filter(exists(entries.filter(source_records::source_id.eq(source)))),
                KeyedFrom::Nowhere => query.filter(not(exists(entries))),
            };
        }
        if let Some(is_service) = filter.is_service {
            query = query.filter(contacts::is_ucma_endpoint.eq(is_service));
        }
        if let Some(is_hybrid) = filter.is_hybrid {
            query = query.filter(contacts::is_hybrid.eq(is_hybrid));
        }
        if let Some(is_given) = filter.is_vcard_enabled {
            query = query.filter(contacts::is_vcard_enabled.eq(is_given));
        }
        match filter.is_disabled {
            Some(true) => query.filter(contacts::disabled_by.is_not_null()),
            Some(false) => query.filter(contacts::disabled_by.is_null()),
            None => query,
        }
    }};
}

/// A page of the contacts that `filter` wants, by the name they are shown with; empty when it names
/// something that does not exist.
pub fn list_where(
    conn: &mut Connection,
    tenant: TenantId,
    filter: &ContactFilter,
    request: &PageRequest,
) -> StoreResult<Page<Contact>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(nothing()) };
    let Some(keys) = filter.keys(conn, tenant, tenant_key)? else { return Ok(nothing()) };
    let all = contacts::table.filter(contacts::tenant_id.eq(tenant_key)).select((contacts::id, contacts::sort_key));
    let query = keyset!(all, request, sort: contacts::sort_key, id: contacts::id, search: contacts::search_key);
    let found: Vec<(i64, String)> = narrowed!(query, filter, &keys).load(conn)?;
    page(conn, found, request)
}

/// The same, and of these only whom `keep` keeps. At most about `looks` contacts are looked at, so a page
/// may hold fewer than asked for, or nobody, and still have a next one.
pub fn sift(
    conn: &mut Connection,
    tenant: TenantId,
    (filter, request): (&ContactFilter, &PageRequest),
    looks: usize,
    keep: impl Fn(ContactId) -> bool,
) -> StoreResult<Page<Contact>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(nothing()) };
    let Some(keys) = filter.keys(conn, tenant, tenant_key)? else { return Ok(nothing()) };
    let mut step = PageRequest { limit: Some(MAX_LIMIT), ..request.clone() };
    let (mut kept, mut looked) = (Vec::new(), 0);
    let next = loop {
        let all = contacts::table.filter(contacts::tenant_id.eq(tenant_key)).select((
            contacts::id,
            contacts::sort_key,
            contacts::public_id,
        ));
        let query = keyset!(all, &step, sort: contacts::sort_key, id: contacts::id, search: contacts::search_key);
        let rows: Vec<(i64, String, String)> = narrowed!(query, filter, &keys).load(conn)?;
        let is_last = rows.len() <= MAX_LIMIT as usize;
        let count = rows.len();
        for (at, (key, sort, id)) in rows.into_iter().take(MAX_LIMIT as usize).enumerate() {
            looked += 1;
            step.after = Some(Cursor { sort: sort.clone(), key });
            if keep(Column("contacts", "public_id").id(&id)?) {
                kept.push((key, sort));
            }
            if kept.len() >= request.size() as usize {
                let is_end = is_last && at + 1 == count;
                return Ok(Page { items: page(conn, kept, request)?.items, next: step.after.filter(|_| !is_end) });
            }
        }
        if is_last {
            break None;
        }
        if looked >= looks {
            break step.after;
        }
    };
    Ok(Page { items: page(conn, kept, request)?.items, next })
}

/// How many contacts `filter` wants, of those in which every word occurs.
pub fn count_where(
    conn: &mut Connection,
    tenant: TenantId,
    filter: &ContactFilter,
    words: &[String],
) -> StoreResult<u64> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(0) };
    let Some(keys) = filter.keys(conn, tenant, tenant_key)? else { return Ok(0) };
    let mut query =
        contacts::table.filter(contacts::tenant_id.eq(tenant_key)).select(diesel::dsl::count_star()).into_boxed();
    for word in words {
        query = query.filter(contacts::search_key.like(crate::column::like_pattern(word)).escape('\\'));
    }
    let count: i64 = narrowed!(query, filter, &keys).get_result(conn)?;
    Ok(count.unsigned_abs())
}
