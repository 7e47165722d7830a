//! What people allow each other to see, and who asks for it.

use directory_model::id::{ContactId, TenantId};
use directory_store::allowances;
use gateway_rose::detail::Detail;
use gateway_rose::message::write_event;
use gateway_rose::operation::Operation;
use gateway_rose::presence::{DynamicRights, RemoteContact};
use gateway_rose::request::{RemoveRights, SetRights};
use gateway_rose::rights::Level;
use serde_json::{Value, json};

use super::requests::Refusal;
use super::sight::{self, Sight};
use super::subscriptions::called;
use crate::scope::Access;
use crate::state::ApiState;

/// Asks somebody whom the caller may not see, unless they said so themselves. To the caller it looks as if
/// there were nobody.
pub(super) fn challenge(access: &Access, sight: &Sight) {
    let (Some(owner), Some(watcher)) = (sight.contact, access.caller().contact) else { return };
    if sight.allowed.is_none() && owner != watcher {
        access.state().hub().ask(access.tenant(), owner, watcher);
    }
}

/// The event that tells who asks to see `own`.
pub(super) fn challenges(state: &ApiState, tenant: TenantId, own: ContactId) -> String {
    let askers = state.hub().askers(tenant, own).into_iter();
    let asking: Vec<RemoteContact> =
        askers.filter_map(|asker| Some(called(&state.book().portrait(tenant, asker)?))).collect();
    write_event(Operation::MyPresenceRightsChallenge, &json!({ "contactsChallenging": asking }))
}

/// Says what a colleague may see of one's own contact.
pub(super) async fn set(access: &Access, asked: SetRights) -> Result<Value, Refusal> {
    let (owner, watcher) = own_and_other(access, asked.owner, asked.watcher.clone()).await?;
    let level = i64::from(asked.level.number());
    let writing = access.write(move |tx| allowances::set(tx, owner, watcher, level));
    writing.await?.ok_or(Detail::UnknownContact)?;
    answered(access, owner, watcher);
    Ok(json!({"iResult": 0, "dynamicRights": DynamicRights::of(asked.watcher, asked.level.rights())}))
}

/// Takes that back.
pub(super) async fn remove(access: &Access, asked: RemoveRights) -> Result<Value, Refusal> {
    let (owner, watcher) = own_and_other(access, asked.owner, asked.watcher).await?;
    access.write(move |tx| allowances::remove(tx, owner, watcher)).await?;
    answered(access, owner, watcher);
    Ok(json!({"iResult": 0}))
}

fn answered(access: &Access, owner: ContactId, watcher: ContactId) {
    let (hub, tenant) = (access.state().hub(), access.tenant());
    hub.answered(tenant, owner, watcher);
    hub.rights_changed(tenant, watcher);
}

/// The caller's own contact, and somebody of whom the caller knows: whom they may see, or who asks to see
/// them. Everybody else is as if they were not there.
async fn own_and_other(access: &Access, owner: String, other: String) -> Result<(ContactId, ContactId), Refusal> {
    let sights = sight::of_all(access, vec![owner, other]).await?;
    let [owner, other] = sights.as_slice() else { return Err(Detail::General.into()) };
    let own = owner.seen().ok_or(Detail::UnknownContact)?;
    if access.caller().contact != Some(own) || owner.least != Level::Personal {
        return Err(Detail::PermissionDenied.into());
    }
    let asks = |contact: &ContactId| access.state().hub().askers(access.tenant(), own).contains(contact);
    let is_allowed = match other.contact {
        Some(contact) => {
            access
                .read(move |conn, tenant| Ok(allowances::of_watcher(conn, tenant, contact)?.contains_key(&own)))
                .await?
        }
        None => false,
    };
    let known = other.contact.filter(|contact| other.seen().is_some() || is_allowed || asks(contact));
    Ok((own, known.ok_or(Detail::UnknownContact)?))
}
