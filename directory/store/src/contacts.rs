//! Contacts: what can be reached, by which addresses.
//!
//! Addresses are unique in the tenant and for their kind; the table `contact_keys` holds those in
//! use. A disabled contact keeps its addresses as fields, but has none there.

use diesel::prelude::*;
use directory_model::contact::Contact;
use directory_model::id::{ContactId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};

use crate::connection::Connection;
use crate::error::StoreResult;
use crate::page::page_of;
use crate::refs::{CHUNK, refs};
use crate::schema::contacts;
use crate::tenants;

pub mod synced;

mod addresses;
mod filter;
mod pins;
mod provenance;
mod removal;
mod removed;
mod row;
mod uses;
mod write;

pub use filter::{ContactFilter, ReadFrom, count_where, list_where, sift};
pub use pins::{pin, unpin};
pub use removal::remove;
pub use removed::{bring_back, purge_removed, removed};
pub use uses::{UsedSite, Uses, in_use, uses};
pub use write::{insert, update};

pub(crate) use addresses::holders;
pub use addresses::holding;
pub(crate) use row::{ContactRow, read_all};
pub(crate) use write::detach;

refs!(contacts, ContactId: key, keys, ids);

/// The contact, if the tenant has it.
pub fn find(conn: &mut Connection, tenant: TenantId, id: ContactId) -> StoreResult<Option<Contact>> {
    Ok(many(conn, tenant, &[id])?.into_iter().next())
}

/// Those of the contacts that the tenant has, in no particular order.
pub fn many(conn: &mut Connection, tenant: TenantId, wanted: &[ContactId]) -> StoreResult<Vec<Contact>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let mut rows: Vec<ContactRow> = Vec::with_capacity(wanted.len());
    for wanted in wanted.chunks(CHUNK) {
        let found = contacts::table
            // As a sum, so that SQLite does not look through the tenant's whole list for a few of it.
            .filter((contacts::tenant_id + 0).eq(tenant_key))
            .filter(contacts::public_id.eq_any(wanted.iter().map(ToString::to_string)))
            .select(ContactRow::as_select());
        rows.extend(found.load::<ContactRow>(conn)?);
    }
    read_all(conn, rows)
}

/// A page of contacts by the name they are shown with. A search reads one index, and only the rows
/// that it found.
pub fn list(conn: &mut Connection, tenant: TenantId, request: &PageRequest) -> StoreResult<Page<Contact>> {
    list_where(conn, tenant, &ContactFilter::default(), request)
}

/// Up to `limit` contacts in the order of their row keys, after the row key `after`, each with its
/// own: for loading everything at start-up.
pub fn all(conn: &mut Connection, tenant: TenantId, after: i64, limit: u32) -> StoreResult<Vec<(i64, Contact)>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<ContactRow> = contacts::table
        .filter(contacts::tenant_id.eq(tenant_key).and(contacts::id.gt(after)))
        .select(ContactRow::as_select())
        .order(contacts::id.asc())
        .limit(i64::from(limit))
        .load(conn)?;
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    Ok(keys.into_iter().zip(read_all(conn, rows)?).collect())
}

/// How many contacts the tenant has, disabled ones included.
pub fn count(conn: &mut Connection, tenant: TenantId) -> StoreResult<u64> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(0) };
    let count: i64 = contacts::table.filter(contacts::tenant_id.eq(tenant_key)).count().get_result(conn)?;
    Ok(count.unsigned_abs())
}

/// The page of the found rows, one more than the page holds, in their order.
pub(crate) fn page(
    conn: &mut Connection,
    found: Vec<(i64, String)>,
    request: &PageRequest,
) -> StoreResult<Page<Contact>> {
    let order = page_of(found, request, |row| Cursor { sort: row.1.clone(), key: row.0 }, |row| Ok(row.0))?;
    let mut rows: Vec<ContactRow> =
        contacts::table.filter(contacts::id.eq_any(&order.items)).select(ContactRow::as_select()).load(conn)?;
    let places: std::collections::HashMap<i64, usize> =
        order.items.iter().enumerate().map(|(place, key)| (*key, place)).collect();
    rows.sort_unstable_by_key(|row| places.get(&row.id).copied());
    Ok(Page { items: read_all(conn, rows)?, next: order.next })
}
