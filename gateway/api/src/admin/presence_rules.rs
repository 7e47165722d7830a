//! How a tenant's claims become presence.

use directory_model::id::TenantId;
use directory_model::presence::rules::PresenceRules;
use directory_model::timestamp::Timestamp;
use directory_store::presence_rules::{self, KeptRules};
use gateway_presence::facts::{FactChange, RulesFacts};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::body::Checked;
use crate::extract::revision::IfMatch;
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::{ChangeTenant, ReadTenant};
use crate::view::{Revised, Shown};

/// A tenant's rules.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PresenceRulesView {
    #[serde(flatten)]
    rules: PresenceRules,
    /// The number of changes; the entity tag. Zero for the default.
    revision: i64,
    /// When they last changed; null for the default.
    updated_at: Option<Timestamp>,
}

impl Revised for PresenceRulesView {
    fn revision(&self) -> i64 {
        self.revision
    }
}

impl From<KeptRules> for PresenceRulesView {
    fn from(kept: KeptRules) -> Self {
        Self { rules: kept.rules, revision: kept.revision, updated_at: kept.updated_at }
    }
}

/// Shows by which rules the tenant's claims become presence.
#[utoipa::path(get, path = "/tenants/{tenant}/presence_rules", operation_id = "get_presence_rules", tag = "presence",
    responses((status = 200, body = PresenceRulesView)))]
pub(crate) async fn get(scope: Authorized<ReadTenant, TenantId>) -> Result<Shown<PresenceRulesView>, Problem> {
    Ok(Shown(scope.read(presence_rules::find).await?.into()))
}

/// Sets the rules as a whole; what is left out is as by default. They hold at once.
#[utoipa::path(put, path = "/tenants/{tenant}/presence_rules", operation_id = "set_presence_rules", tag = "presence",
    request_body = PresenceRules, responses((status = 200, body = PresenceRulesView)),
    params(("If-Match" = String, Header, description = "The entity tag of the rules that were read.")))]
pub(crate) async fn set(
    scope: Authorized<ChangeTenant, TenantId>,
    expected: IfMatch,
    Checked(rules): Checked<PresenceRules>,
) -> Result<Shown<PresenceRulesView>, Problem> {
    let known = scope.read(presence_rules::find).await?;
    let revision = expected.against(known.revision)?;
    let kept = scope.write(move |tx| presence_rules::set(tx, revision, &rules)).await?;
    let facts = RulesFacts { revision: kept.revision, rules: kept.rules.clone() };
    scope.state().book().apply(scope.tenant(), vec![FactChange::PresenceRules(facts)]);
    Ok(Shown(kept.into()))
}
