//! What else goes when the node of a scope goes: grants and tokens on it.

use diesel::prelude::*;
use directory_model::change::ObjectKind;

use crate::error::StoreResult;
use crate::refs;
use crate::schema::{api_tokens, grants, tenants};
use crate::tx::Tx;

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
