//! How many client licences a reseller has left for its tenants.

use diesel::prelude::*;
use directory_model::invalid::Rule;
use directory_model::tenant::TenantFields;

use crate::column::Column;
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::schema::{resellers, tenants};

/// How many licences the reseller's tenants hold together, without the one with the key `except`.
pub(crate) fn given(conn: &mut Connection, reseller: i64, except: Option<i64>) -> StoreResult<u64> {
    let settings: Vec<String> = tenants::table
        .filter(tenants::reseller_id.eq(reseller))
        .filter(tenants::id.ne(except.unwrap_or(0)))
        .select(tenants::settings)
        .load(conn)?;
    let column = Column("tenants", "settings");
    settings.iter().map(|text| Ok(u64::from(column.json::<TenantFields>(text)?.client_licences))).sum()
}

/// How many licences the reseller has. Writing the row holds off whoever gives some to another of its tenants, or takes
/// some from the reseller, at the same moment.
pub(crate) fn hold(conn: &mut Connection, reseller: i64) -> StoreResult<i64> {
    let all = diesel::update(resellers::table.filter(resellers::id.eq(reseller)))
        .set(resellers::client_licences.eq(resellers::client_licences))
        .returning(resellers::client_licences)
        .get_result(conn)?;
    Ok(all)
}

/// Refuses a tenant more licences than its reseller has left. Without a reseller there is no limit.
pub(crate) fn refuse_more(
    conn: &mut Connection,
    reseller: Option<i64>,
    tenant: Option<i64>,
    wanted: u32,
) -> StoreResult<()> {
    let Some(reseller) = reseller.filter(|_| wanted > 0) else { return Ok(()) };
    let all = hold(conn, reseller)?;
    let given = given(conn, reseller, tenant)?;
    let left = all.saturating_sub_unsigned(given).max(0);
    if i64::from(wanted) <= left {
        return Ok(());
    }
    Err(StoreError::refused("client_licences", wanted, Rule::OutOfRange { min: 0, max: left }))
}

/// Refuses a reseller fewer licences than its tenants hold.
pub(crate) fn refuse_less(wanted: u32, given: u64) -> StoreResult<()> {
    if u64::from(wanted) >= given {
        return Ok(());
    }
    let range = Rule::OutOfRange { min: i64::try_from(given).unwrap_or(i64::MAX), max: i64::from(u32::MAX) };
    Err(StoreError::refused("client_licences", wanted, range))
}
