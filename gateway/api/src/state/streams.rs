//! Room for streams to administrators, and reports, and their end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory_model::id::TenantId;
use tokio::sync::watch;

/// How many there are at once.
const MOST: usize = 256;
/// How many of them of one tenant, so that none takes the room of all.
const MOST_OF_TENANT: usize = 32;

/// The streams that there are.
#[derive(Debug)]
pub(crate) struct Streams {
    taken: Arc<Mutex<HashMap<TenantId, usize>>>,
    ended: watch::Sender<bool>,
}

/// Room for one stream, as long as it is kept.
#[derive(Debug)]
pub(crate) struct Seat {
    tenant: TenantId,
    taken: Arc<Mutex<HashMap<TenantId, usize>>>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { taken: Arc::default(), ended: watch::Sender::new(false) }
    }
}

impl Streams {
    /// Room for a stream of the tenant, if there is any.
    pub(crate) fn take(&self, tenant: TenantId) -> Option<Seat> {
        let mut taken = lock(&self.taken);
        let is_full = taken.values().sum::<usize>() >= MOST;
        let of_tenant = taken.entry(tenant).or_default();
        if is_full || *of_tenant >= MOST_OF_TENANT {
            if *of_tenant == 0 {
                taken.remove(&tenant);
            }
            return None;
        }
        *of_tenant += 1;
        Some(Seat { tenant, taken: Arc::clone(&self.taken) })
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

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        if let Some(of_tenant) = taken.get_mut(&self.tenant) {
            *of_tenant -= 1;
            if *of_tenant == 0 {
                taken.remove(&self.tenant);
            }
        }
    }
}

fn lock(taken: &Mutex<HashMap<TenantId, usize>>) -> MutexGuard<'_, HashMap<TenantId, usize>> {
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
        seats.pop();
        assert!(streams.take(first).is_some(), "whoever leaves makes room");
        let others: Vec<Seat> = std::iter::repeat_with(|| streams.take(new())).map_while(|seat| seat).collect();
        assert_eq!(seats.len() + others.len(), MOST);
        drop((seats, others));
        assert!(lock(&streams.taken).is_empty(), "nothing is kept of those who left");
    }
}
