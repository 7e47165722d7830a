//! A numbered write: one transaction in one tenant's line of changes.

use std::collections::BTreeMap;
use std::fmt::Display;

use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, RunQueryDsl};
use directory_model::audit::{Act, Actor, Origin};
use directory_model::change::ObjectKind;
use directory_model::id::{AuditId, IdSource, TenantId};
use directory_model::timestamp::Timestamp;
use serde_json::Value;

use crate::column::word;
use crate::connection::Connection;
use crate::connection::rows::{insert_rows, sqlite_row};
use crate::error::StoreResult;
use crate::schema::{audit, changes, tenants};

/// Rows in one batch: six columns each, well below PostgreSQL's 65,535 parameters.
const BATCH: usize = 1000;

/// A transaction of one tenant. It ends when the closure it was given to ends.
pub struct Tx<'a> {
    /// The connection, for query functions that only read.
    pub conn: &'a mut Connection,
    /// The tenant.
    pub tenant: TenantId,
    /// The tenant's row key.
    pub(crate) tenant_key: i64,
    /// The number of this transaction in the tenant's line.
    pub seq: i64,
    /// Who acts, why and when.
    pub origin: Origin,
    ids: &'a dyn IdSource,
    changes: BTreeMap<(ObjectKind, String), bool>,
}

impl<'a> Tx<'a> {
    /// Takes the tenant's next number, and with it the tenant's write lock. `None` when there is no
    /// such tenant.
    pub(crate) fn begin(
        conn: &'a mut Connection,
        ids: &'a dyn IdSource,
        tenant: TenantId,
        origin: Origin,
    ) -> StoreResult<Option<Self>> {
        let row: Option<(i64, i64)> = diesel::update(tenants::table.filter(tenants::public_id.eq(tenant.to_string())))
            .set(tenants::change_seq.eq(tenants::change_seq + 1))
            .returning((tenants::id, tenants::change_seq))
            .get_result(conn)
            .optional()?;
        Ok(row.map(|(tenant_key, seq)| Self { conn, tenant, tenant_key, seq, origin, ids, changes: BTreeMap::new() }))
    }

    /// Where new identities come from.
    pub fn ids(&self) -> &'a dyn IdSource {
        self.ids
    }

    /// The moment of the transaction.
    pub fn now(&self) -> Timestamp {
        self.origin.at
    }

    /// Records that the object is no longer as it was.
    pub fn changed(&mut self, kind: ObjectKind, id: impl Display) {
        self.changes.entry((kind, id.to_string())).or_insert(false);
    }

    /// Records that the object is gone.
    pub fn removed(&mut self, kind: ObjectKind, id: impl Display) {
        self.changes.insert((kind, id.to_string()), true);
    }

    /// Records the act in the audit trail, and the object's change or removal in the line.
    /// `changed_fields` is `{"field": [old, new]}`; the caller masks secrets.
    pub fn audit(&mut self, act: Act, kind: ObjectKind, id: impl Display, changed_fields: &Value) -> StoreResult<()> {
        match act {
            Act::Remove => self.removed(kind, &id),
            _ => self.changed(kind, &id),
        }
        let (actor_kind, actor_id) = actor_columns(self.origin.actor);
        diesel::insert_into(audit::table)
            .values((
                audit::tenant_id.eq(self.tenant_key),
                audit::public_id.eq(AuditId::new(self.ids).to_string()),
                audit::seq.eq(self.seq),
                audit::at.eq(self.origin.at.millis()),
                audit::actor_kind.eq(actor_kind),
                audit::actor_id.eq(actor_id),
                audit::act.eq(word(act)),
                audit::kind.eq(word(kind)),
                audit::object.eq(id.to_string()),
                audit::changes.eq(changed_fields.to_string()),
                audit::request.eq(self.origin.request.map(|request| request.to_string())),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Writes the recorded changes and says the number they have; `None` when there are none.
    pub(crate) fn finish(self) -> StoreResult<Option<i64>> {
        let (tenant_id, seq, at) = (self.tenant_key, self.seq, self.origin.at.millis());
        let rows: Vec<ChangeRow> = self
            .changes
            .into_iter()
            .map(|((kind, object), is_removal)| ChangeRow { tenant_id, seq, kind: word(kind), object, at, is_removal })
            .collect();
        insert_rows!(self.conn, changes::table, &rows, BATCH);
        Ok(if rows.is_empty() { None } else { Some(seq) })
    }
}

#[derive(Insertable)]
#[diesel(table_name = changes)]
struct ChangeRow {
    tenant_id: i64,
    seq: i64,
    kind: String,
    object: String,
    at: i64,
    is_removal: bool,
}

sqlite_row!(ChangeRow, changes, |row| {
    tenant_id: row.tenant_id,
    seq: row.seq,
    kind: row.kind,
    object: row.object,
    at: row.at,
    is_removal: row.is_removal,
});

fn actor_columns(actor: Actor) -> (&'static str, Option<String>) {
    match actor {
        Actor::User(id) => ("user", Some(id.to_string())),
        Actor::Token(id) => ("token", Some(id.to_string())),
        Actor::Run(id) => ("run", Some(id.to_string())),
        Actor::System => ("system", None),
    }
}
