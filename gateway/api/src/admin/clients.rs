//! Who uses clients now, and what licences that takes.

use axum::Json;
use directory_model::id::{TenantId, UserId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::rights::Action;
use directory_store::{tenants, users};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::pages::{TurnQuery, Turned, seal};
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
    /// How many users are signed in now and take a licence each.
    connected: u64,
    /// Who they are, by identity; null for callers without a role in the tenant that sees users.
    users: Option<Vec<ConnectedUser>>,
    /// What to send as `after` for the next of them; null on the last page.
    next: Option<String>,
}

/// Shows how a tenant's client licences are used now. Whoever looks after the tenant from above sees how many, and not who.
#[utoipa::path(get, path = "/tenants/{tenant}/clients", operation_id = "get_clients", tag = "profiles",
    params(TurnQuery), responses((status = 200, body = ClientsView)))]
pub(crate) async fn get(
    scope: Authorized<ReadClientProfiles, TenantId>,
    Turned(page): Turned,
) -> Result<Json<ClientsView>, Problem> {
    let (tenant, permitted) = scope
        .find(|conn, _, id| {
            let found = tenants::find(conn, id)?;
            found.map(|tenant| Ok((tenant, users::count_permitted(conn, id)?))).transpose()
        })
        .await?;
    let present = scope.state().hub().users(scope.tenant());
    let (licences, connected) = (tenant.fields.client_licences, present.len() as u64);
    let may_name = scope.caller().may_within(Action::ReadUsers, scope.target());
    let named = may_name.then(|| page_of(present, &page));
    let next = named.as_ref().and_then(|page| page.next.as_ref()).map(seal);
    Ok(Json(ClientsView { licences, permitted, connected, users: named.map(|page| page.items), next }))
}

/// The page that is asked for, by identity: who comes or goes meanwhile moves nobody else to another page.
fn page_of(mut present: Vec<(UserId, usize)>, asked: &PageRequest) -> Page<ConnectedUser> {
    present.sort_unstable();
    let is_after = |user: UserId| asked.after.as_ref().is_none_or(|after| user.to_string() > after.sort);
    let mut rest = present.into_iter().filter(|(user, _)| is_after(*user));
    let shown = |(user, clients)| ConnectedUser { user, clients: clients as u64 };
    let items: Vec<ConnectedUser> = rest.by_ref().take(asked.size() as usize).map(shown).collect();
    let last = items.last().filter(|_| rest.next().is_some());
    let next = last.map(|last| Cursor { sort: last.user.to_string(), key: 0 });
    Page { items, next }
}

#[cfg(test)]
mod tests {
    use ulid::Ulid;

    use super::*;

    #[test]
    fn every_user_is_on_one_page_whoever_leaves_meanwhile() {
        let user = |number: u128| UserId::from(Ulid(number));
        let present = |numbers: &[u128]| numbers.iter().map(|number| (user(*number), 1)).collect();
        let mut asked = PageRequest { limit: Some(2), ..PageRequest::default() };
        let mut shown = Vec::new();

        for numbers in [&[5, 1, 3, 2, 4][..], &[5, 3, 2, 4], &[5, 2]] {
            let Page { items, next } = page_of(present(numbers), &asked);
            shown.push(items.into_iter().map(|one| one.user).collect::<Vec<_>>());
            asked.after = next;
        }

        assert_eq!(shown, [vec![user(1), user(2)], vec![user(3), user(4)], vec![user(5)]]);
        assert_eq!(asked.after, None);
    }
}
