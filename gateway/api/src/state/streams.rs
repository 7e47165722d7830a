//! Room for streams to those who are signed in, and reports, and their end.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory_model::id::{TenantId, UserId};
use tokio::sync::watch;

/// How many streams about runs, and reports, there are at once.
const MOST: usize = 256;
/// How many of them of one tenant, so that none takes the room of all.
const MOST_OF_TENANT: usize = 32;
/// How many streams of presence there are at once.
const MOST_LOOKS: usize = 4_096;
/// How many of them of one tenant.
const MOST_LOOKS_OF_TENANT: usize = 1_024;
/// How many of them of one user, so that nobody takes the room of the others.
const MOST_LOOKS_OF_USER: usize = 8;

/// The streams that there are.
#[derive(Debug)]
pub(crate) struct Streams {
    room: Room<TenantId>,
    looks: Room<TenantId>,
    looks_of_users: Room<UserId>,
    ended: watch::Sender<bool>,
}

/// Room for so many, and for so many of each.
#[derive(Debug)]
struct Room<K: Hash + Eq> {
    most: usize,
    most_of_each: usize,
    taken: Arc<Mutex<HashMap<K, usize>>>,
}

/// Room for one stream, as long as it is kept.
#[derive(Debug)]
pub(crate) struct Seat<K: Hash + Eq = TenantId> {
    of: K,
    taken: Arc<Mutex<HashMap<K, usize>>>,
}

/// Room for one stream of presence, as long as it is kept.
#[derive(Debug)]
pub(crate) struct Look {
    _of_tenant: Seat<TenantId>,
    _of_user: Seat<UserId>,
}

impl Default for Streams {
    fn default() -> Self {
        Self {
            room: Room::new(MOST, MOST_OF_TENANT),
            looks: Room::new(MOST_LOOKS, MOST_LOOKS_OF_TENANT),
            looks_of_users: Room::new(MOST_LOOKS, MOST_LOOKS_OF_USER),
            ended: watch::Sender::new(false),
        }
    }
}

impl Streams {
    /// Room for a stream of the tenant, if there is any.
    pub(crate) fn take(&self, tenant: TenantId) -> Option<Seat> {
        self.room.take(tenant)
    }

    /// Room for a stream of presence to the user of the tenant, if there is any.
    pub(crate) fn look(&self, tenant: TenantId, user: UserId) -> Option<Look> {
        Some(Look { _of_tenant: self.looks.take(tenant)?, _of_user: self.looks_of_users.take(user)? })
    }

    /// How many streams about runs and reports there are, and may be.
    pub(crate) fn occupied(&self) -> (usize, usize) {
        self.room.occupied()
    }

    /// How many streams of presence there are, and may be.
    pub(crate) fn looks_occupied(&self) -> (usize, usize) {
        self.looks.occupied()
    }

    /// Ends every stream, those that come later as well.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Waits until they are to end.
    pub(crate) async fn ended(&self) {
        let mut ended = self.ended.subscribe();
        // The sender is ours and does not go before.
        let _ = ended.wait_for(|ended| *ended).await;
    }
}

impl<K: Hash + Eq + Copy> Room<K> {
    fn new(most: usize, most_of_each: usize) -> Self {
        Self { most, most_of_each, taken: Arc::default() }
    }

    fn occupied(&self) -> (usize, usize) {
        (lock(&self.taken).values().sum(), self.most)
    }

    fn take(&self, of: K) -> Option<Seat<K>> {
        let mut taken = lock(&self.taken);
        let is_full = taken.values().sum::<usize>() >= self.most;
        let held = taken.entry(of).or_default();
        if is_full || *held >= self.most_of_each {
            if *held == 0 {
                taken.remove(&of);
            }
            return None;
        }
        *held += 1;
        Some(Seat { of, taken: Arc::clone(&self.taken) })
    }
}

impl<K: Hash + Eq> Drop for Seat<K> {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        if let Some(held) = taken.get_mut(&self.of) {
            *held -= 1;
            if *held == 0 {
                taken.remove(&self.of);
            }
        }
    }
}

fn lock<K>(taken: &Mutex<HashMap<K, usize>>) -> MutexGuard<'_, HashMap<K, usize>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use directory_model::id::{CountedIds, IdSource};

    use super::*;

    #[test]
    fn no_tenant_takes_the_room_of_all_and_nobody_more_than_there_is() {
        let (streams, ids) = (Streams::default(), CountedIds::default());
        let new = || TenantId::new(&ids as &dyn IdSource);
        let first = new();

        let mut seats: Vec<Seat> = std::iter::from_fn(|| streams.take(first)).collect();
        assert_eq!(seats.len(), MOST_OF_TENANT);
        assert_eq!((streams.occupied(), streams.looks_occupied()), ((MOST_OF_TENANT, MOST), (0, MOST_LOOKS)));
        seats.pop();
        assert!(streams.take(first).is_some(), "whoever leaves makes room");
        let others: Vec<Seat> = std::iter::repeat_with(|| streams.take(new())).map_while(|seat| seat).collect();
        assert_eq!(seats.len() + others.len(), MOST);
        drop((seats, others));
        assert!(lock(&streams.room.taken).is_empty(), "nothing is kept of those who left");
    }

    #[test]
    fn nobody_takes_the_room_of_their_colleagues() {
        let (streams, ids) = (Streams::default(), CountedIds::default());
        let (tenant, anna, bert) = (TenantId::new(&ids), UserId::new(&ids), UserId::new(&ids));

        let looks: Vec<Look> = std::iter::from_fn(|| streams.look(tenant, anna)).collect();

        assert_eq!(looks.len(), MOST_LOOKS_OF_USER);
        assert_eq!(lock(&streams.looks.taken)[&tenant], MOST_LOOKS_OF_USER, "what is refused takes no room");
        assert!(streams.look(tenant, bert).is_some());
        drop(looks);
        assert!(lock(&streams.looks_of_users.taken).is_empty());
    }
}
