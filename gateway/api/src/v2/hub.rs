//! Everybody who is signed in with a client: how many users that are, which is what licences are counted
//! by, and who asks to see whom.
//!
//! In memory, for there is one gateway for each database: whoever is signed in is signed in here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory_model::id::{ContactId, TenantId, UserId};
use gateway_rose::detail::LogOn;
use tokio::sync::{Notify, broadcast};

/// How many clients one user may have.
const CLIENTS_OF_USER: usize = 16;
/// By how many one contact may be asked for.
const ASKERS: usize = 100;
/// How many contacts of a tenant may be asked for.
const ASKED: usize = 10_000;

/// How many changes of what people allow each other may wait for who looks on without a client.
const CHANGES: usize = 64;

/// Everybody who is signed in with a client.
#[derive(Debug)]
pub(crate) struct Hub {
    rooms: Mutex<HashMap<TenantId, Room>>,
    /// Whose sight has changed.
    changed: broadcast::Sender<(TenantId, ContactId)>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { rooms: Mutex::default(), changed: broadcast::Sender::new(CHANGES) }
    }
}

/// Those of one tenant.
#[derive(Debug, Default)]
struct Room {
    /// Each user with the number of their clients, who came first before who came later.
    users: Vec<(UserId, usize)>,
    clients: Vec<Arc<Client>>,
    /// Who asks to see whom.
    asked: BTreeMap<ContactId, BTreeSet<ContactId>>,
}

/// One client.
#[derive(Debug)]
struct Client {
    contact: Option<ContactId>,
    signals: Mutex<Signals>,
    woken: Notify,
}

/// What a client is to look at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signals {
    /// What it may see may have changed.
    pub(super) rights: bool,
    /// Somebody asks to see its contact, or does not any more.
    pub(super) challenges: bool,
}

/// The right of one client to be there; given back when dropped.
#[derive(Debug)]
pub(super) struct Ticket {
    hub: Arc<Hub>,
    tenant: TenantId,
    user: UserId,
    client: Arc<Client>,
}

impl Hub {
    /// Lets a client of `user` in, if there is a licence for the user.
    pub(super) fn enter(
        self: &Arc<Self>,
        tenant: TenantId,
        user: UserId,
        contact: Option<ContactId>,
        licences: u32,
    ) -> Result<Ticket, LogOn> {
        let mut rooms = self.lock();
        let (taken, own) = rooms.get(&tenant).map_or((0, 0), |room| (room.users.len(), room.clients_of(user)));
        if own >= CLIENTS_OF_USER {
            return Err(LogOn::TooManyClients);
        }
        if own == 0 && taken >= limit(licences) {
            return Err(LogOn::NoLicence);
        }
        let room = rooms.entry(tenant).or_default();
        match room.users.iter_mut().find(|(known, _)| *known == user) {
            Some((_, clients)) => *clients += 1,
            None => room.users.push((user, 1)),
        }
        let client = Arc::new(Client { contact, signals: Mutex::default(), woken: Notify::new() });
        room.clients.push(Arc::clone(&client));
        metrics::gauge!("client_connections").increment(1.0);
        Ok(Ticket { hub: Arc::clone(self), tenant, user, client })
    }

    /// How many clients there are, of all tenants.
    pub(crate) fn clients(&self) -> usize {
        self.lock().values().map(|room| room.clients.len()).sum()
    }

    /// The users of the tenant who are signed in, each with the number of their clients, in the order in which they came.
    pub(crate) fn users(&self, tenant: TenantId) -> Vec<(UserId, usize)> {
        self.lock().get(&tenant).map_or_else(Vec::new, |room| room.users.clone())
    }

    /// Has the clients of `watcher` look again at what they may see: nobody else's sight depends on what that one is
    /// allowed.
    pub(super) fn rights_changed(&self, tenant: TenantId, watcher: ContactId) {
        self.signal(tenant, |client| client.contact == Some(watcher), |signals| signals.rights = true);
        // Nobody need look on.
        let _ = self.changed.send((tenant, watcher));
    }

    /// Tells, from now on, whose sight changes because of what they are allowed.
    pub(crate) fn sight_changes(&self) -> broadcast::Receiver<(TenantId, ContactId)> {
        self.changed.subscribe()
    }

    /// `watcher` asks to see `owner`.
    pub(super) fn ask(&self, tenant: TenantId, owner: ContactId, watcher: ContactId) {
        let is_new = self.lock().get_mut(&tenant).is_some_and(|room| {
            let has_room = room.asked.len() < ASKED || room.asked.contains_key(&owner);
            let askers = has_room.then(|| room.asked.entry(owner).or_default());
            askers.is_some_and(|askers| askers.len() < ASKERS && askers.insert(watcher))
        });
        if is_new {
            self.challenged(tenant, owner);
        }
    }

    /// What `watcher` asked was answered.
    pub(super) fn answered(&self, tenant: TenantId, owner: ContactId, watcher: ContactId) {
        let is_known = self.lock().get_mut(&tenant).is_some_and(|room| {
            let is_known = room.asked.get_mut(&owner).is_some_and(|askers| askers.remove(&watcher));
            room.asked.retain(|_, askers| !askers.is_empty());
            is_known
        });
        if is_known {
            self.challenged(tenant, owner);
        }
    }

    /// Nobody asks to see `owner` any more.
    pub(super) fn forget(&self, tenant: TenantId, owner: ContactId) {
        if self.lock().get_mut(&tenant).is_some_and(|room| room.asked.remove(&owner).is_some()) {
            self.challenged(tenant, owner);
        }
    }

    /// Who asks to see `owner`.
    pub(super) fn askers(&self, tenant: TenantId, owner: ContactId) -> BTreeSet<ContactId> {
        self.lock().get(&tenant).and_then(|room| room.asked.get(&owner).cloned()).unwrap_or_default()
    }

    fn challenged(&self, tenant: TenantId, owner: ContactId) {
        self.signal(tenant, |client| client.contact == Some(owner), |signals| signals.challenges = true);
    }

    fn signal(&self, tenant: TenantId, whom: impl Fn(&Client) -> bool, set: impl Fn(&mut Signals)) {
        let rooms = self.lock();
        let clients = rooms.get(&tenant).into_iter().flat_map(|room| &room.clients);
        for client in clients.filter(|client| whom(client)) {
            set(&mut client.lock());
            client.woken.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Room>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn clients_of(&self, user: UserId) -> usize {
        self.users.iter().find(|(known, _)| *known == user).map_or(0, |(_, clients)| *clients)
    }
}

impl Client {
    fn lock(&self) -> MutexGuard<'_, Signals> {
        self.signals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// Whether there is still a licence for the user, who came when they came.
    pub(super) fn may_stay(&self, licences: u32) -> bool {
        let rooms = self.hub.lock();
        let place = rooms.get(&self.tenant).and_then(|room| room.users.iter().position(|(user, _)| *user == self.user));
        place.is_some_and(|place| place < limit(licences))
    }

    /// Has this client told who asks to see its contact.
    pub(super) fn challenge_me(&self) {
        let Some(own) = self.client.contact else { return };
        if !self.hub.askers(self.tenant, own).is_empty() {
            self.client.lock().challenges = true;
            self.client.woken.notify_one();
        }
    }

    /// Completes when there is something to look at.
    pub(super) async fn woken(&self) {
        self.client.woken.notified().await;
    }

    /// What there is to look at since this was asked last.
    pub(super) fn signals(&self) -> Signals {
        std::mem::take(&mut *self.client.lock())
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut rooms = self.hub.lock();
        if let Some(room) = rooms.get_mut(&self.tenant) {
            room.clients.retain(|client| !Arc::ptr_eq(client, &self.client));
            if let Some((_, clients)) = room.users.iter_mut().find(|(user, _)| *user == self.user) {
                *clients -= 1;
            }
            room.users.retain(|(_, clients)| *clients > 0);
            if room.clients.is_empty() {
                rooms.remove(&self.tenant);
            }
        }
        metrics::gauge!("client_connections").decrement(1.0);
    }
}

fn limit(licences: u32) -> usize {
    usize::try_from(licences).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use directory_model::id::CountedIds;

    use super::*;

    struct Place {
        hub: Arc<Hub>,
        ids: CountedIds,
        tenant: TenantId,
    }

    impl Place {
        fn new() -> Self {
            let ids = CountedIds::default();
            Self { hub: Arc::default(), tenant: TenantId::new(&ids), ids }
        }

        fn user(&self) -> UserId {
            UserId::new(&self.ids)
        }

        fn enter(&self, user: UserId, licences: u32) -> Result<Ticket, LogOn> {
            self.hub.enter(self.tenant, user, None, licences)
        }
    }

    #[test]
    fn licences_are_counted_by_users_and_not_by_their_clients() {
        let place = Place::new();
        let (anna, bert, carla) = (place.user(), place.user(), place.user());
        let first = place.enter(anna, 2).expect("a licence");
        let second = place.enter(anna, 2).expect("the same licence");
        let bert = place.enter(bert, 2).expect("a licence");

        assert_eq!(place.enter(carla, 2).err(), Some(LogOn::NoLicence));
        drop(first);
        assert_eq!(place.enter(carla, 2).err(), Some(LogOn::NoLicence), "the other client is still there");
        drop(second);
        assert!(place.enter(carla, 2).is_ok());
        assert!(bert.may_stay(1));
        let other = place.hub.enter(TenantId::new(&place.ids), carla, None, 0);
        assert_eq!(other.err(), Some(LogOn::NoLicence), "no tenant has a licence of another");
    }

    #[test]
    fn when_there_are_fewer_licences_those_who_came_last_go() {
        let place = Place::new();
        let first = place.enter(place.user(), 2).expect("a licence");
        let last = place.enter(place.user(), 2).expect("a licence");

        assert_eq!([first.may_stay(1), last.may_stay(1)], [true, false]);
        assert!(!first.may_stay(0));
    }

    #[test]
    fn one_user_has_so_many_clients_and_nothing_is_kept_of_who_left() {
        let place = Place::new();
        let user = place.user();
        let clients: Vec<Ticket> = std::iter::from_fn(|| place.enter(user, 1).ok()).collect();

        assert_eq!(clients.len(), CLIENTS_OF_USER);
        assert_eq!(place.enter(user, 1).err(), Some(LogOn::TooManyClients));
        drop(clients);
        assert!(place.hub.lock().is_empty());
    }

    #[test]
    fn who_is_asked_for_is_told_once_and_when_it_is_answered() {
        let place = Place::new();
        let (owner, watcher) = (ContactId::new(&place.ids), ContactId::new(&place.ids));
        let theirs = place.hub.enter(place.tenant, place.user(), Some(owner), 9).expect("a licence");
        let other = place.hub.enter(place.tenant, place.user(), Some(watcher), 9).expect("a licence");
        let told = Signals { challenges: true, rights: false };

        place.hub.ask(place.tenant, owner, watcher);
        assert_eq!((theirs.signals(), other.signals()), (told, Signals::default()));
        assert_eq!(place.hub.askers(place.tenant, owner), BTreeSet::from([watcher]));
        place.hub.ask(place.tenant, owner, watcher);
        assert_eq!(theirs.signals(), Signals::default());
        place.hub.answered(place.tenant, owner, watcher);
        assert_eq!(theirs.signals(), told);
        assert!(place.hub.askers(place.tenant, owner).is_empty());
    }

    #[test]
    fn who_looks_on_without_a_client_is_told_that_their_sight_changed() {
        let place = Place::new();
        let watcher = ContactId::new(&place.ids);
        let mut changes = place.hub.sight_changes();

        place.hub.rights_changed(place.tenant, watcher);

        assert_eq!(changes.try_recv(), Ok((place.tenant, watcher)));
        assert!(changes.try_recv().is_err());
    }

    #[test]
    fn nobody_is_asked_for_by_more_than_can_be_shown() {
        let place = Place::new();
        let owner = ContactId::new(&place.ids);
        let _theirs = place.hub.enter(place.tenant, place.user(), Some(owner), 9).expect("a licence");

        for _ in 0..2 * ASKERS {
            place.hub.ask(place.tenant, owner, ContactId::new(&place.ids));
        }

        assert_eq!(place.hub.askers(place.tenant, owner).len(), ASKERS);
    }
}
