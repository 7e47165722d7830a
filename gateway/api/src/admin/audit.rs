//! The audit trail.

use directory_model::audit::{Act, Actor, AuditEntry};
use directory_model::change::ObjectKind;
use directory_model::id::{AuditId, RequestId, TenantId};
use directory_model::timestamp::Timestamp;
use directory_store::audit;
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::pages::{PageQuery, Pages};
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::ReadAudit;
use crate::view::list_of;

/// Who did what to which object.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditView {
    /// Its identity.
    id: AuditId,
    /// When.
    at: Timestamp,
    /// Who.
    actor: Actor,
    /// What.
    act: Act,
    /// To what kind of object.
    kind: ObjectKind,
    /// To which object.
    object: String,
    /// The changed fields, `{"field": [old, new]}`, secrets masked.
    #[schema(value_type = Object)]
    changes: serde_json::Value,
    /// The request.
    request: Option<RequestId>,
}

impl From<AuditEntry> for AuditView {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, at, actor, act, kind, object, changes, request } = entry;
        Self { id, at, actor, act, kind, object, changes, request }
    }
}

list_of!(AuditView as AuditList);

/// Lists what was done in the tenant, latest first; `q` is the identity of what it was done to.
#[utoipa::path(get, path = "/tenants/{tenant}/audit", operation_id = "list_audit", tag = "audit",
    params(PageQuery), responses((status = 200, body = AuditList)))]
pub(crate) async fn list(scope: Authorized<ReadAudit, TenantId>, Pages(page): Pages) -> Result<AuditList, Problem> {
    Ok(scope.read(move |conn, tenant| audit::list(conn, tenant, &page)).await?.into())
}
