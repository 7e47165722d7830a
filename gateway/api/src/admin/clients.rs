//! Who uses clients now, and what licences that takes.

use axum::Json;
use directory_model::id::{TenantId, UserId};
use directory_store::{tenants, users};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::scope::Authorized;
use crate::scope::permission::ReadClientProfiles;

/// A user who is signed in with clients.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectedUser {
    /// Who.
    user: UserId,
    /// With how many clients; together they take one licence.
    clients: u64,
}

/// How a tenant's client licences are used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientsView {
    /// How many licences the tenant has.
    licences: u32,
    /// How many users who may sign in may use clients. It may be more than there are licences: a licence is taken only as
    /// long as a client is signed in.
    permitted: u64,
    /// Who is signed in now and takes a licence each, who came first before who came later.
    connected: Vec<ConnectedUser>,
}

/// Shows how a tenant's client licences are used now.
#[utoipa::path(get, path = "/tenants/{tenant}/clients", operation_id = "get_clients", tag = "profiles",
    responses((status = 200, body = ClientsView)))]
pub(crate) async fn get(scope: Authorized<ReadClientProfiles, TenantId>) -> Result<Json<ClientsView>, Problem> {
    let (tenant, permitted) = scope
        .find(|conn, _, id| {
            let found = tenants::find(conn, id)?;
            found.map(|tenant| Ok((tenant, users::count_permitted(conn, id)?))).transpose()
        })
        .await?;
    let present = scope.state().hub().users(scope.tenant());
    let connected = present.into_iter().map(|(user, clients)| ConnectedUser { user, clients: clients as u64 });
    Ok(Json(ClientsView { licences: tenant.fields.client_licences, permitted, connected: connected.collect() }))
}
