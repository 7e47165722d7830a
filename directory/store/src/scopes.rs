//! On which nodes there may be grants and tokens, and that these go with their node.

use diesel::prelude::*;
use directory_model::change::ObjectKind;
use directory_model::invalid::Rule;
use directory_model::rights::Scope;

use crate::error::{StoreError, StoreResult};
use crate::refs;
use crate::schema::{api_tokens, grants, groups, tenants};
use crate::tx::Tx;

/// Refuses a group that mirrors one of a source: whoever may change the directory would give rights here.
pub(crate) fn refuse_mirrored(tx: &mut Tx<'_>, scope: Scope) -> StoreResult<()> {
    let Scope::Group(id) = scope else { return Ok(()) };
    let source: Option<Option<i64>> = groups::table
        .filter(groups::public_id.eq(id.to_string()))
        .select(groups::synced_from_id)
        .get_result(tx.conn)
        .optional()?;
    if source.flatten().is_some() { Err(StoreError::refused("scope", id, Rule::Mirrored)) } else { Ok(()) }
}

/// Removes grants and tokens on the given nodes of one kind. Those of this tenant are recorded in
/// its line; those of others (platform users have grants on tenants) just go, with what they open.
pub(crate) fn forget(tx: &mut Tx<'_>, scope_kind: &str, nodes: &[String]) -> StoreResult<()> {
    for nodes in nodes.chunks(refs::CHUNK) {
        let on_nodes = || grants::scope_kind.eq(scope_kind).and(grants::scope_id.eq_any(nodes));
        let found: Vec<(String, String)> = grants::table
            .inner_join(tenants::table.on(tenants::id.eq(grants::tenant_id)))
            .filter(on_nodes())
            .select((tenants::public_id, grants::public_id))
            .load(tx.conn)?;
        diesel::delete(grants::table.filter(on_nodes())).execute(tx.conn)?;
        record(tx, ObjectKind::Grant, found);

        let on_nodes = || api_tokens::scope_kind.eq(scope_kind).and(api_tokens::scope_id.eq_any(nodes));
        let found: Vec<(String, String)> = api_tokens::table
            .inner_join(tenants::table.on(tenants::id.eq(api_tokens::tenant_id)))
            .filter(on_nodes())
            .select((tenants::public_id, api_tokens::public_id))
            .load(tx.conn)?;
        diesel::delete(api_tokens::table.filter(on_nodes())).execute(tx.conn)?;
        record(tx, ObjectKind::Token, found);
    }
    Ok(())
}

fn record(tx: &mut Tx<'_>, kind: ObjectKind, found: Vec<(String, String)>) {
    let own = tx.tenant.to_string();
    for (_, id) in found.into_iter().filter(|(tenant, _)| *tenant == own) {
        tx.removed(kind, id);
    }
}
