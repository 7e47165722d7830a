//! Who is told when synchronization needs somebody.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use directory_model::alert::{Alert, AlertFields, DeliveryFailure};
use directory_model::id::{AlertId, TenantId};
use directory_model::invalid::Rule;
use directory_model::secret::Secret;
use directory_model::source::SecretState;
use directory_model::timestamp::Timestamp;
use directory_store::{alert_outbox, alerts};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::body::{Checked, Input, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::{ManageSources, ReadSources};
use crate::view::{Done, Made, Shown, list_of, view_of};

/// The shortest secret, in characters: what signs must not be guessed.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 24..=512;

view_of! {
    /// A way to tell somebody.
    Alert as AlertView { AlertFields, AlertId,
        /// Whether a secret is kept and can be opened.
        secret: SecretState = |it| it.secret,
        /// When something last arrived.
        delivered_at: Option<Timestamp> = |it| it.delivered_at,
        /// Why the last attempt failed, when it did.
        failure: Option<DeliveryFailure> = |it| it.failure.clone() }
}
list_of!(AlertView as AlertList);

/// Lists who is told.
#[utoipa::path(get, path = "/tenants/{tenant}/alerts", operation_id = "list_alerts", tag = "alerts",
    params(PageQuery), responses((status = 200, body = AlertList)))]
pub(crate) async fn list(scope: Authorized<ReadSources, TenantId>, Pages(page): Pages) -> Result<AlertList, Problem> {
    let key = scope.state().sealing_key();
    Ok(scope.read(move |conn, tenant| alerts::list(conn, &key, tenant, &page)).await?.into())
}

/// Adds somebody who is told.
#[utoipa::path(post, path = "/tenants/{tenant}/alerts", operation_id = "create_alert", tag = "alerts",
    request_body = AlertFields, responses((status = 201, body = AlertView)))]
pub(crate) async fn create(
    scope: Authorized<ManageSources, TenantId>,
    Checked(fields): Checked<AlertFields>,
) -> Result<Made<AlertView>, Problem> {
    let alert = scope.write(move |tx| alerts::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("alerts", alert.id), object: alert.into() })
}

/// Shows who is told about what, and whether that arrives.
#[utoipa::path(get, path = "/tenants/{tenant}/alerts/{alert}", operation_id = "get_alert", tag = "alerts",
    responses((status = 200, body = AlertView)))]
pub(crate) async fn get(scope: Authorized<ReadSources, AlertId>) -> Result<Shown<AlertView>, Problem> {
    let key = scope.state().sealing_key();
    Ok(Shown(scope.find(move |conn, tenant, id| alerts::find(conn, &key, tenant, id)).await?.into()))
}

/// Changes who is told about what. With another address of a web server the secret goes.
#[utoipa::path(patch, path = "/tenants/{tenant}/alerts/{alert}", operation_id = "update_alert", tag = "alerts",
    request_body(content = AlertFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = AlertView)))]
pub(crate) async fn update(
    scope: Authorized<ManageSources, AlertId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<AlertView>, Problem> {
    let (key, same_key) = (scope.state().sealing_key(), scope.state().sealing_key());
    let alert = scope.find(move |conn, tenant, id| alerts::find(conn, &key, tenant, id)).await?;
    let revision = expected.against(alert.revision)?;
    let fields = patch.onto(&alert.fields)?;
    let alert = scope.change(move |tx, id| alerts::update(tx, &same_key, id, revision, &fields)).await?;
    Ok(Shown(alert.into()))
}

/// Tells somebody no more; what is on its way does not arrive.
#[utoipa::path(delete, path = "/tenants/{tenant}/alerts/{alert}", operation_id = "delete_alert", tag = "alerts",
    responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageSources, AlertId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| alerts::remove(tx, id, revision)).await?;
    Ok(Done)
}

/// What signs requests to a web server.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlertSecretFields {
    /// 24 to 512 characters; after `whsec_` the key in base64, as Standard Webhooks writes it.
    #[schema(value_type = String)]
    secret: Secret,
}

/// Keeps the secret that signs requests to a web server. It is never shown again.
#[utoipa::path(put, path = "/tenants/{tenant}/alerts/{alert}/secret", operation_id = "set_alert_secret",
    tag = "alerts", request_body = AlertSecretFields, responses((status = 204)))]
pub(crate) async fn set_secret(
    scope: Authorized<ManageSources, AlertId>,
    Input(AlertSecretFields { secret }): Input<AlertSecretFields>,
) -> Result<Done, Problem> {
    let text = secret.expose();
    let is_key = text.strip_prefix("whsec_").is_none_or(|encoded| STANDARD.decode(encoded).is_ok());
    if !SECRET_CHARS.contains(&text.chars().count()) || !is_key {
        let expected = "24 to 512 characters; after `whsec_` base64";
        return Err(Problem::invalid_field("secret", "(not shown)", Rule::Format { expected: expected.into() }));
    }
    let key = scope.state().sealing_key();
    scope.change(move |tx, id| alerts::set_secret(tx, &key, id, Some(&secret))).await?;
    Ok(Done)
}

/// Forgets the secret.
#[utoipa::path(delete, path = "/tenants/{tenant}/alerts/{alert}/secret", operation_id = "delete_alert_secret",
    tag = "alerts", responses((status = 204)))]
pub(crate) async fn remove_secret(scope: Authorized<ManageSources, AlertId>) -> Result<Done, Problem> {
    let key = scope.state().sealing_key();
    scope.change(move |tx, id| alerts::set_secret(tx, &key, id, None)).await?;
    Ok(Done)
}

/// Sends a message that says nothing, to see whether it arrives: `delivered_at` and `failure` then say.
///
/// It is tried once, also when the alert is switched off. While one is on its way another one is a 409.
#[utoipa::path(post, path = "/tenants/{tenant}/alerts/{alert}/test", operation_id = "test_alert", tag = "alerts",
    responses((status = 204)))]
pub(crate) async fn test(scope: Authorized<ManageSources, AlertId>) -> Result<Done, Problem> {
    scope.change(alert_outbox::test).await?;
    Ok(Done)
}
