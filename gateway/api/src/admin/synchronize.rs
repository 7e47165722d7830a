//! Synchronizing some contacts now.

use std::collections::HashSet;
use std::sync::Arc;

use axum::response::Response;
use directory_model::id::{ContactId, GroupId};
use directory_model::invalid::{Invalid, Refusals, Rule};
use directory_model::rights::Action;
use directory_model::run::{Asked, LeftOut, LeftOutBecause, MAX_CONTACTS};
use directory_model::source::gives_photos;
use directory_model::valid::Check;
use directory_store::sync_requests::{self, Subjects};
use directory_store::{groups, sources};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::once::{Once, OnceChecked};
use crate::problem::Problem;
use crate::scope::permission::{ManageContacts, Permission};
use crate::scope::{Access, Authorized, Node, Somewhere};
use crate::view::Accepted;

/// How many contacts of a group are synchronized at once. Beyond it a run over all of the source is quicker.
const MAX_OF_GROUP: usize = 1000;

/// The wording of seed 001, to the letter.
const NO_PHOTO: &str = "Could not load photo: Not found";

/// Contacts that are to be synchronized.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SomeContacts {
    /// 1 to 100 contacts, each once.
    contacts: Vec<ContactId>,
}

impl Check for SomeContacts {
    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let (mut refusals, count) = (Refusals::default(), self.contacts.len());
        refusals.require(count > 0, "contacts", "", Rule::Required);
        let rule = Rule::TooLong { max: MAX_CONTACTS as u64, unit: "contacts".into() };
        refusals.require(count <= MAX_CONTACTS, "contacts", count, rule);
        let mut known = HashSet::new();
        for (at, contact) in self.contacts.iter().enumerate().take(MAX_CONTACTS) {
            refusals.require(known.insert(contact), &format!("contacts[{at}]"), contact, Rule::Duplicate);
        }
        refusals.finish()
    }
}

/// Who sees to contacts that are to be synchronized.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SynchronizationView {
    /// For each source that may know them, its run; none when no source may. A source stands twice when
    /// several runs of it see to them.
    runs: Vec<Asked>,
    /// What cannot be had for them, in English; null when nothing stands against it.
    message: Option<String>,
}

/// Synchronizes a contact with every source that may know it: at once, or as soon as no other run of
/// the source is in the way. A request that is repeated with the same `Idempotency-Key` within 24 hours
/// is answered as before and starts nothing.
#[utoipa::path(post, path = "/tenants/{tenant}/contacts/{contact}/synchronize", operation_id = "synchronize_contact",
    tag = "synchronization", responses((status = 202, body = SynchronizationView)),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters that \
        name this request among those of its user.")))]
pub(crate) async fn one(scope: Authorized<ManageContacts, ContactId>, once: Once) -> Result<Response, Problem> {
    let scope = Arc::new(scope);
    once.run(&scope.clone(), async move { begin(&scope, vec![scope.id]).await }).await
}

/// Synchronizes several contacts, as one is; all of them, or, when one is unknown, none.
#[utoipa::path(post, path = "/tenants/{tenant}/contacts/synchronize", operation_id = "synchronize_contacts",
    tag = "synchronization", request_body = SomeContacts, responses((status = 202, body = SynchronizationView)),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters that \
        name this request among those of its user.")))]
pub(crate) async fn several(
    scope: Somewhere<ManageContacts>,
    OnceChecked(once, some): OnceChecked<SomeContacts>,
) -> Result<Response, Problem> {
    let contacts = some.into_inner().contacts;
    require_all::<ManageContacts>(&scope, &contacts).await?;
    let scope = Arc::new(scope);
    once.run(&scope.clone(), async move { begin(&scope, contacts).await }).await
}

async fn begin(access: &Access, contacts: Vec<ContactId>) -> Result<Accepted<SynchronizationView>, Problem> {
    let runs = access.state().sync().synchronize(access.tenant(), contacts, access.origin()).await?;
    let key = access.state().sealing_key();
    let in_service = access.read(move |conn, tenant| sources::in_service(conn, &key, tenant)).await?;
    let message = (!in_service.iter().any(gives_photos)).then(|| NO_PHOTO.to_owned());
    Ok(Accepted(SynchronizationView { runs, message }))
}

/// Who sees to the contacts of a group that are to be synchronized.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupSynchronizationView {
    /// How many contacts are asked for.
    contacts: u64,
    /// How many come from no source, and are left as they are.
    manual: u64,
    /// For each source that may know them, its run. A source stands twice when several runs of it see to them, once
    /// without a run when others of them wait for that.
    runs: Vec<Asked>,
    /// The sources that some of them come from and that are not asked.
    left_out: Vec<LeftOut>,
}

/// Synchronizes the contacts of a group and of those below it that come from a source, at most 1,000, as several
/// contacts are: a hundred in each run. Who was made by hand is left alone.
#[utoipa::path(post, path = "/tenants/{tenant}/groups/{group}/synchronize", operation_id = "synchronize_group",
    tag = "synchronization", responses((status = 202, body = GroupSynchronizationView)),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters that \
        name this request among those of its user.")))]
pub(crate) async fn group(scope: Authorized<ManageContacts, GroupId>, once: Once) -> Result<Response, Problem> {
    let scope = Arc::new(scope);
    once.run(&scope.clone(), async move { begin_group(&scope).await }).await
}

async fn begin_group(
    scope: &Authorized<ManageContacts, GroupId>,
) -> Result<Accepted<GroupSynchronizationView>, Problem> {
    let looking = scope.find(|conn, tenant, group| match groups::contacts_within(conn, tenant, group)? {
        Some(within) => sync_requests::subjects(conn, tenant, &within).map(Some),
        None => Ok(None),
    });
    let Subjects { contacts, manual, silent } = looking.await?;
    let count = contacts.len();
    if count > MAX_OF_GROUP {
        let rule = Rule::TooLong { max: MAX_OF_GROUP as u64, unit: "contacts that come from a source".into() };
        return Err(Problem::invalid_field("group", count, rule));
    }
    let runs = scope.state().sync().synchronize(scope.tenant(), contacts, scope.origin()).await?;
    let left_out = silent.into_iter().map(|source| LeftOut { source, because: LeftOutBecause::SwitchedOff, run: None });
    Ok(Accepted(GroupSynchronizationView { contacts: count as u64, manual, runs, left_out: left_out.collect() }))
}

/// Refuses those contacts to which the caller may not do `P`. What they cannot see is answered like
/// what does not exist.
async fn require_all<P: Permission>(access: &Access, contacts: &[ContactId]) -> Result<(), Problem> {
    let (caller, base, contacts) = (access.caller().clone(), access.target().clone(), contacts.to_vec());
    let looking = access.read(move |conn, tenant| {
        let mut refused = Vec::new();
        for (at, contact) in contacts.into_iter().enumerate() {
            let target = contact.target(conn, tenant, base.clone())?;
            let may = |action: Action| target.as_ref().is_some_and(|target| caller.may(action, target));
            if !may(P::ACTION) {
                let rule = if may(P::SIGHT) { Rule::BeyondOwnRights } else { Rule::Unknown };
                refused.push(Invalid::new(format!("contacts[{at}]"), contact, rule));
            }
        }
        Ok(refused)
    });
    let refused = looking.await?;
    if refused.is_empty() { Ok(()) } else { Err(Problem::invalid(refused)) }
}
