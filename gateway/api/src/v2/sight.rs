//! Which contacts a client, or who looks on from a page, means, and what they may see of them.

use std::collections::HashMap;

use directory_model::address::{AddressKind, ContactKey};
use directory_model::id::{ContactId, TenantId};
use directory_model::rights::{Action, Target};
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::{allowances, contacts};
use gateway_rose::rights::Level;

use crate::problem::Problem;
use crate::scope::{Access, Caller, Node};

/// What a client means by a name, and may see of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sight {
    /// The contact, if there is one, whether it may be seen or not.
    pub(crate) contact: Option<ContactId>,
    /// What the client's roles let it see.
    pub(crate) least: Level,
    /// What the contact lets it see, if it said so.
    pub(crate) allowed: Option<Level>,
}

impl Sight {
    /// Nobody.
    const NOTHING: Self = Self { contact: None, least: Level::Blocked, allowed: None };

    /// What the client may see.
    pub(crate) fn level(&self) -> Level {
        self.allowed.map_or(self.least, |allowed| allowed.max(self.least))
    }

    /// The contact, if the client may see it.
    pub(crate) fn seen(&self) -> Option<ContactId> {
        self.contact.filter(|_| self.level() > Level::Blocked)
    }
}

/// What the caller means by each of `names`, and may see of it.
pub(crate) async fn of_all(access: &Access, names: Vec<String>) -> Result<Vec<Sight>, Problem> {
    let (caller, base) = (access.caller().clone(), access.target().clone());
    access.read(move |conn, tenant| sights(conn, tenant, &caller, &base, &names)).await
}

/// The same for one name.
pub(crate) async fn of_one(access: &Access, name: String) -> Result<Sight, Problem> {
    Ok(of_all(access, vec![name]).await?.pop().unwrap_or(Sight::NOTHING))
}

fn sights(
    conn: &mut Connection,
    tenant: TenantId,
    caller: &Caller,
    base: &Target,
    names: &[String],
) -> StoreResult<Vec<Sight>> {
    let wanted: Vec<ContactKey> = names.iter().flat_map(|name| keys(name)).collect();
    let holders: HashMap<ContactKey, ContactId> = contacts::holding(conn, tenant, &wanted)?.into_iter().collect();
    let allowed = match caller.contact {
        Some(own) => allowances::of_watcher(conn, tenant, own)?,
        None => HashMap::new(),
    };
    let sight = |name: &String| {
        let by_address = || keys(name).into_iter().find_map(|key| holders.get(&key).copied());
        let Some(id) = name.parse::<ContactId>().ok().or_else(by_address) else { return Ok(Sight::NOTHING) };
        let Some(target) = id.target(conn, tenant, base.clone())? else { return Ok(Sight::NOTHING) };
        let said = allowed.get(&id).and_then(|bits| u32::try_from(*bits).ok()).and_then(|bits| Level::of(bits).ok());
        Ok(Sight { contact: Some(id), least: by_roles(caller, id, &target), allowed: said })
    };
    names.iter().map(sight).collect()
}

/// The keys under which a contact may be known by this name, the likelier one first.
fn keys(name: &str) -> Vec<ContactKey> {
    let is_address = name.contains('@');
    let kinds = [AddressKind::Sip, AddressKind::Mail].into_iter().filter(|_| is_address);
    kinds.map(|kind| ContactKey::new(kind, name)).collect()
}

/// What the caller's roles show of a contact; of one's own contact everything.
fn by_roles(caller: &Caller, contact: ContactId, target: &Target) -> Level {
    let is_own = caller.contact == Some(contact) && caller.may_anywhere(Action::SetOwnPresence);
    match (caller.may(Action::ReadContacts, target), caller.may(Action::SetPresence, target)) {
        _ if is_own => Level::Personal,
        (true, true) => Level::Team,
        (true, false) => Level::Company,
        (false, _) => Level::Blocked,
    }
}
