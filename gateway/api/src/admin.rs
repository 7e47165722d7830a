//! What administrators and their programs do: one file for each kind of object.

pub(crate) mod alerts;
pub(crate) mod audit;
pub(crate) mod avatars;
pub(crate) mod changes;
pub(crate) mod client_profiles;
pub(crate) mod clients;
pub(crate) mod contacts;
pub(crate) mod custom_states;
pub(crate) mod domains;
pub(crate) mod enquiries;
pub(crate) mod extension_lists;
pub(crate) mod grants;
pub(crate) mod groups;
pub(crate) mod identity_providers;
pub(crate) mod pins;
pub(crate) mod presence;
pub(crate) mod presence_profiles;
pub(crate) mod presence_rules;
pub(crate) mod publications;
pub(crate) mod removed_contacts;
pub(crate) mod resellers;
pub(crate) mod resubscribe;
pub(crate) mod runs;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod sites;
pub(crate) mod sources;
pub(crate) mod synchronize;
pub(crate) mod system;
pub(crate) mod templates;
pub(crate) mod tenants;
pub(crate) mod tokens;
pub(crate) mod user_profile;
pub(crate) mod user_sessions;
pub(crate) mod users;
pub(crate) mod vcards;

use directory_model::id::TenantId;
use directory_model::page::{Page, PageRequest};
use directory_store::connection::Connection;
use directory_store::error::StoreResult;

use crate::problem::Problem;
use crate::scope::permission::Permission;
use crate::scope::{Node, Somewhere};

/// How many pages in a row are searched for something that the caller may see.
const ROUNDS: usize = 9;

/// A page of what the caller may see. For those with part of a tenant it may hold fewer items than
/// asked for, and still have a next one.
pub(crate) async fn visible<P: Permission, T: Send + 'static, N: Node>(
    scope: &Somewhere<P>,
    page: PageRequest,
    list: impl Fn(&mut Connection, TenantId, &PageRequest) -> StoreResult<Page<T>> + Send + 'static,
    id: fn(&T) -> N,
) -> Result<Page<T>, Problem> {
    visible_within(scope, ROUNDS, page, list, id).await
}

/// The same, of at most so many pages in a row, for pages that cost more than their items.
pub(crate) async fn visible_within<P: Permission, T: Send + 'static, N: Node>(
    scope: &Somewhere<P>,
    rounds: usize,
    mut page: PageRequest,
    list: impl Fn(&mut Connection, TenantId, &PageRequest) -> StoreResult<Page<T>> + Send + 'static,
    id: fn(&T) -> N,
) -> Result<Page<T>, Problem> {
    let is_everywhere = scope.is_everywhere();
    let (caller, base) = (scope.caller().clone(), scope.target().clone());
    let reading = scope.read(move |conn, tenant| {
        for _ in 0..rounds {
            let found = list(conn, tenant, &page)?;
            if is_everywhere {
                return Ok(found);
            }
            let mut items = Vec::new();
            for item in found.items {
                let target = id(&item).target(conn, tenant, base.clone())?;
                if target.is_some_and(|target| caller.may(P::ACTION, &target)) {
                    items.push(item);
                }
            }
            if !items.is_empty() || found.next.is_none() {
                return Ok(Page { items, next: found.next });
            }
            page.after = found.next;
        }
        Ok(Page { items: Vec::new(), next: page.after })
    });
    reading.await
}
