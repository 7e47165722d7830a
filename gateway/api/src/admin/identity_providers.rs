//! Identity providers: by whose word a tenant's users may sign in.

use directory_model::id::{IdentityProviderId, TenantId, UserId};
use directory_model::identity::{IdentityProvider, IdentityProviderFields};
use directory_model::invalid::Rule;
use directory_model::secret::Secret;
use directory_model::source::SecretState;
use directory_store::identity_providers;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::session::provider::redirect_uri;
use crate::admin::users::require_above;
use crate::extract::body::{Checked, Input, Patch};
use crate::extract::pages::{PageQuery, Pages};
use crate::extract::revision::{IfMatch, IfMatchAtAll};
use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::{ManageIdentityProviders, ManageUsers, ReadIdentityProviders};
use crate::view::{Done, Made, Revised, Shown, list_of, view_of};

/// The longest secret, in characters.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 1..=1024;

view_of! {
    /// By whose word users may sign in.
    IdentityProvider as IdentityProviderView { IdentityProviderFields, IdentityProviderId,
        /// Whether a secret is kept and can be opened.
        secret: SecretState = |it| it.secret }
}
list_of!(IdentityProviderView as IdentityProviderList);

/// An identity provider, with what it must be told about the gateway.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegisteredProviderView {
    #[serde(flatten)]
    provider: IdentityProviderView,
    /// The address to which the provider sends browsers back; it must be registered there.
    redirect_uri: String,
}

impl Revised for RegisteredProviderView {
    fn revision(&self) -> i64 {
        self.provider.revision()
    }
}

fn registered<P, N>(scope: &Authorized<P, N>, provider: IdentityProvider) -> RegisteredProviderView {
    RegisteredProviderView { provider: provider.into(), redirect_uri: redirect_uri(scope.state()) }
}

/// Lists identity providers.
#[utoipa::path(get, path = "/tenants/{tenant}/identity_providers", operation_id = "list_identity_providers",
    tag = "identity_providers", params(PageQuery), responses((status = 200, body = IdentityProviderList)))]
pub(crate) async fn list(
    scope: Authorized<ReadIdentityProviders, TenantId>,
    Pages(page): Pages,
) -> Result<IdentityProviderList, Problem> {
    let key = scope.state().sealing_key();
    Ok(scope.read(move |conn, tenant| identity_providers::list(conn, &key, tenant, &page)).await?.into())
}

/// Adds an identity provider.
#[utoipa::path(post, path = "/tenants/{tenant}/identity_providers", operation_id = "create_identity_provider",
    tag = "identity_providers", request_body = IdentityProviderFields,
    responses((status = 201, body = RegisteredProviderView)))]
pub(crate) async fn create(
    scope: Authorized<ManageIdentityProviders, TenantId>,
    Checked(fields): Checked<IdentityProviderFields>,
) -> Result<Made<RegisteredProviderView>, Problem> {
    let provider = scope.write(move |tx| identity_providers::insert(tx, &fields)).await?;
    Ok(Made { at: scope.address("identity_providers", provider.id), object: registered(&scope, provider) })
}

/// Shows an identity provider.
#[utoipa::path(get, path = "/tenants/{tenant}/identity_providers/{identity_provider}",
    operation_id = "get_identity_provider", tag = "identity_providers",
    responses((status = 200, body = RegisteredProviderView)))]
pub(crate) async fn get(
    scope: Authorized<ReadIdentityProviders, IdentityProviderId>,
) -> Result<Shown<RegisteredProviderView>, Problem> {
    let key = scope.state().sealing_key();
    let provider = scope.find(move |conn, tenant, id| identity_providers::find(conn, &key, tenant, id)).await?;
    Ok(Shown(registered(&scope, provider)))
}

/// Changes an identity provider. With another issuer its secret goes; then, or when it is switched off, the
/// sessions that began by it end.
#[utoipa::path(patch, path = "/tenants/{tenant}/identity_providers/{identity_provider}",
    operation_id = "update_identity_provider", tag = "identity_providers",
    request_body(content = IdentityProviderFields, content_type = "application/merge-patch+json"),
    responses((status = 200, body = RegisteredProviderView)))]
pub(crate) async fn update(
    scope: Authorized<ManageIdentityProviders, IdentityProviderId>,
    expected: IfMatch,
    patch: Patch,
) -> Result<Shown<RegisteredProviderView>, Problem> {
    let (key, same_key) = (scope.state().sealing_key(), scope.state().sealing_key());
    let provider = scope.find(move |conn, tenant, id| identity_providers::find(conn, &key, tenant, id)).await?;
    let revision = expected.against(provider.revision)?;
    let fields = patch.onto(&provider.fields)?;
    let changing = scope.change(move |tx, id| identity_providers::update(tx, &same_key, id, revision, &fields));
    let provider = changing.await?;
    Ok(Shown(registered(&scope, provider)))
}

/// Removes an identity provider, and ends the sessions that began by it.
#[utoipa::path(delete, path = "/tenants/{tenant}/identity_providers/{identity_provider}",
    operation_id = "delete_identity_provider", tag = "identity_providers", responses((status = 204)))]
pub(crate) async fn remove(
    scope: Authorized<ManageIdentityProviders, IdentityProviderId>,
    IfMatchAtAll(revision): IfMatchAtAll,
) -> Result<Done, Problem> {
    scope.change(move |tx, id| identity_providers::remove(tx, id, revision)).await?;
    Ok(Done)
}

/// The secret with which the gateway proves itself to a provider.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProviderSecretFields {
    /// 1 to 1024 characters.
    #[schema(value_type = String)]
    secret: Secret,
}

/// Keeps the secret of an identity provider. It is never shown again.
#[utoipa::path(put, path = "/tenants/{tenant}/identity_providers/{identity_provider}/secret",
    operation_id = "set_identity_provider_secret", tag = "identity_providers", request_body = ProviderSecretFields,
    responses((status = 204)))]
pub(crate) async fn set_secret(
    scope: Authorized<ManageIdentityProviders, IdentityProviderId>,
    Input(ProviderSecretFields { secret }): Input<ProviderSecretFields>,
) -> Result<Done, Problem> {
    if !SECRET_CHARS.contains(&secret.expose().chars().count()) {
        let rule = Rule::OutOfRange { min: 1, max: 1024 };
        return Err(Problem::invalid_field("secret", "(not shown)", rule));
    }
    let key = scope.state().sealing_key();
    scope.change(move |tx, id| identity_providers::set_secret(tx, &key, id, Some(&secret))).await?;
    Ok(Done)
}

/// Forgets the secret of an identity provider.
#[utoipa::path(delete, path = "/tenants/{tenant}/identity_providers/{identity_provider}/secret",
    operation_id = "delete_identity_provider_secret", tag = "identity_providers", responses((status = 204)))]
pub(crate) async fn remove_secret(
    scope: Authorized<ManageIdentityProviders, IdentityProviderId>,
) -> Result<Done, Problem> {
    let key = scope.state().sealing_key();
    scope.change(move |tx, id| identity_providers::set_secret(tx, &key, id, None)).await?;
    Ok(Done)
}

/// Forgets what identity providers call a user: whoever next comes under the user's name is linked anew,
/// where that is allowed.
#[utoipa::path(delete, path = "/tenants/{tenant}/users/{user}/identities", operation_id = "delete_identities",
    tag = "users", responses((status = 204)))]
pub(crate) async fn unlink(scope: Authorized<ManageUsers, UserId>) -> Result<Done, Problem> {
    require_above(&scope, scope.id).await?;
    scope.change(identity_providers::unlink).await?;
    Ok(Done)
}
