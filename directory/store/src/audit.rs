//! The audit trail. Written by [`Tx::audit`](crate::tx::Tx::audit) only; nothing changes or removes
//! a row.

use diesel::prelude::*;
use directory_model::audit::{Actor, AuditEntry};
use directory_model::id::TenantId;
use directory_model::page::{Cursor, Page, PageRequest};

use crate::column::{Column, moment};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::page::{limit, nothing, page_of};
use crate::schema::audit;
use crate::tenants;

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit)]
struct AuditRow {
    id: i64,
    public_id: String,
    at: i64,
    actor_kind: String,
    actor_id: Option<String>,
    act: String,
    kind: String,
    object: String,
    changes: String,
    request: Option<String>,
}

/// A page of the trail, newest first; a search looks for the identity of an object.
pub fn list(conn: &mut Connection, tenant: TenantId, request: &PageRequest) -> StoreResult<Page<AuditEntry>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(nothing()) };
    let mut query = audit::table.filter(audit::tenant_id.eq(tenant_key)).into_boxed();
    if let Some(after) = &request.after {
        query = query.filter(audit::id.lt(after.key));
    }
    for word in &request.words {
        query = query.filter(audit::object.eq(word.to_uppercase()));
    }
    let rows: Vec<AuditRow> =
        query.select(AuditRow::as_select()).order(audit::id.desc()).limit(limit(request)).load(conn)?;
    page_of(rows, request, |row| Cursor { sort: String::new(), key: row.id }, AuditRow::read)
}

impl AuditRow {
    fn read(self) -> StoreResult<AuditEntry> {
        let actor_id = self.actor_id.unwrap_or_default();
        let column = Column("audit", "actor_id");
        let actor = match self.actor_kind.as_str() {
            "user" => Actor::User(column.id(&actor_id)?),
            "token" => Actor::Token(column.id(&actor_id)?),
            "run" => Actor::Run(column.id(&actor_id)?),
            "system" => Actor::System,
            other => return Err(Column("audit", "actor_kind").inconsistent(other)),
        };
        Ok(AuditEntry {
            id: Column("audit", "public_id").id(&self.public_id)?,
            at: moment(self.at),
            actor,
            act: Column("audit", "act").word(&self.act)?,
            kind: Column("audit", "kind").word(&self.kind)?,
            object: self.object,
            changes: Column("audit", "changes").json(&self.changes)?,
            request: self.request.map(|id| Column("audit", "request").id(&id)).transpose()?,
        })
    }
}
