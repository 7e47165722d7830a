//! The append-only record of who did what.

use serde::{Deserialize, Serialize};

use crate::change::ObjectKind;
use crate::id::{AuditId, RequestId, RunId, TokenId, UserId};
use crate::timestamp::Timestamp;

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A signed-in user.
    User(UserId),
    /// A program with an API token.
    Token(TokenId),
    /// A synchronisation run.
    Run(RunId),
    /// The gateway itself, or its operator at the command line.
    System,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Something was made.
    Create,
    /// Something was changed.
    Update,
    /// Something was removed.
    Remove,
    /// A user signed in.
    SignIn,
    /// A user signed out.
    SignOut,
    /// A run was applied.
    Synchronize,
    /// A key or password was replaced.
    Rotate,
    /// What is kept about somebody was looked at.
    Look,
    /// Sources were asked anew how available somebody is.
    Resubscribe,
}

/// Who acts and why, passed to every write.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    /// Who acts.
    pub actor: Actor,
    /// The request, when there is one.
    pub request: Option<RequestId>,
    /// When.
    pub at: Timestamp,
}

/// One entry of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its public identity.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub act: Act,
    /// To what kind of object.
    pub kind: ObjectKind,
    /// To which object.
    pub object: String,
    /// The changed fields, `{"field": [old, new]}`, secrets masked, as JSON.
    pub changes: serde_json::Value,
    /// The request.
    pub request: Option<RequestId>,
}
