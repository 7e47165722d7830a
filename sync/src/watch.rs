//! Keeps presence of sources alive: who is watched where, and what sources say becomes claims.
//!
//! For each source that gives presence or calendars there is a task of its own ([`task`]), so that none
//! disturbs another. It follows the store: a contact is watched from the moment at which it is added. When
//! a request is sent is decided by [`crate::upkeep`], what is claimed by [`told`], and how a source is
//! spoken with by a [`connector`]; a new kind of source is one more of those, in [`connect`].

mod calendar;
mod connect;
pub mod connector;
mod graph;
mod people;
mod shared;
mod sip;
mod supervise;
mod task;
mod told;
mod ucwa;
pub mod whom;

use std::collections::{BTreeMap, HashSet};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory_model::clock::Clock;
use directory_model::id::{ContactId, SourceId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::port::{ChangeSink, ClaimSink, Interest, PresenceUpkeep};
use directory_model::secret::Secret;
use directory_model::source::{Aspect, Source};
use directory_model::system::UpkeepTotals;
use directory_model::upkeep::{Upkeep, UpkeepHealth};
use directory_store::database::Database;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::connect::SourceConnectors;
use self::connector::Connectors;
use self::shared::Shared;

/// What watching is built from.
pub struct Parts {
    /// Who is to be watched.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who is told what sources say.
    pub sink: Arc<dyn ClaimSink>,
    /// Who knows at whom somebody looks.
    pub interest: Arc<dyn Interest>,
    /// Who speaks with sources.
    pub connectors: Arc<dyn Connectors>,
    /// Whose line of changes has grown.
    pub grown: Arc<Grown>,
}

/// Remembers whose line of changes has grown until somebody looks.
#[derive(Debug, Default)]
pub struct Grown {
    tenants: Mutex<HashSet<TenantId>>,
    notify: Notify,
}

impl Grown {
    fn take(&self) -> HashSet<TenantId> {
        std::mem::take(&mut *lock(&self.tenants))
    }

    fn add(&self, tenant: TenantId) {
        lock(&self.tenants).insert(tenant);
        self.notify.notify_one();
    }
}

impl ChangeSink for Grown {
    fn changed(&self, tenant: TenantId, _seq: i64) {
        self.add(tenant);
    }
}

/// A source as it is asked, about one aspect.
#[derive(Debug)]
struct Watched {
    tenant: TenantId,
    source: Source,
    secret: Option<Secret>,
    aspect: Aspect,
}

/// Which source and aspect.
type Key = (TenantId, SourceId, Aspect);

/// A task that goes on.
struct Running {
    watched: Arc<Watched>,
    shared: Arc<Shared>,
    cancel: CancellationToken,
}

/// Watches whoever sources of all tenants know. Clones share everything.
#[derive(Clone)]
pub struct Watch {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Arc<Parts>,
    running: Mutex<BTreeMap<Key, Running>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Watch {
    /// One that watches nobody yet.
    pub fn new(parts: Parts) -> Self {
        let (parts, running) = (Arc::new(parts), Mutex::default());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        Self { inner: Arc::new(Inner { parts, running, tasks, stop }) }
    }

    /// Ends every task and waits for that. What was said counts as long as it said.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// Has everything look at the time and at who looks on now, and not within half a minute.
    pub fn look(&self) {
        self.look_at_interest();
        self.running().values().for_each(|running| running.shared.wake.notify_one());
    }

    fn running(&self) -> MutexGuard<'_, BTreeMap<Key, Running>> {
        lock(&self.inner.running)
    }

    /// Those of one source, or of all of a tenant.
    fn shared(&self, tenant: TenantId, source: Option<SourceId>) -> Vec<Arc<Shared>> {
        let running = self.running();
        let is_meant = |(of, which, _): &Key| *of == tenant && source.is_none_or(|source| source == *which);
        running.iter().filter(|(key, _)| is_meant(key)).map(|(_, running)| Arc::clone(&running.shared)).collect()
    }
}

impl PresenceUpkeep for Watch {
    fn health(&self, tenant: TenantId, source: SourceId, page: &PageRequest) -> UpkeepHealth {
        let shared = self.shared(tenant, Some(source));
        let size = usize::try_from(page.size()).unwrap_or(usize::MAX);
        let after = page.after.as_ref().and_then(|cursor| Some((cursor.sort.parse().ok()?, cursor.key)));
        let mut aspects: Vec<_> = shared.iter().map(|shared| shared.health()).collect();
        aspects.sort_by_key(|health| health.aspect);
        let rank = |aspect: Aspect| aspect as i64;
        let mut found: Vec<Upkeep> = Vec::new();
        for shared in shared {
            let aspect = shared.health().aspect;
            // The other aspect of the contact that the last page ended with may still come.
            let from = match after {
                None => Bound::Unbounded,
                Some((contact, last)) if last < rank(aspect) => Bound::Included(contact),
                Some((contact, _)) => Bound::Excluded(contact),
            };
            found.extend(shared.page(from, size + 1));
        }
        found.sort_by_key(|one| (one.contact, one.aspect));
        let is_more = found.len() > size;
        found.truncate(size);
        let cursor = |last: &Upkeep| Cursor { sort: last.contact.to_string(), key: rank(last.aspect) };
        let next = found.last().filter(|_| is_more).map(cursor);
        UpkeepHealth { aspects, contacts: Page { items: found, next } }
    }

    fn resubscribe(&self, tenant: TenantId, contacts: Option<&[ContactId]>) -> u64 {
        let (now, mut count) = (self.inner.parts.clock.now(), 0);
        for shared in self.shared(tenant, None) {
            match contacts {
                None => {
                    let mut keeper = shared.keeper();
                    keeper.resubscribe_all(now);
                    count += keeper.counts().total();
                    drop(keeper);
                    shared.all_changed();
                }
                Some(contacts) => {
                    let mut keeper = shared.keeper();
                    count += contacts.iter().filter(|contact| keeper.resubscribe(**contact, now)).count() as u64;
                    drop(keeper);
                    // What keeps them from being asked about may be gone as well.
                    shared.changed(contacts.iter().copied());
                }
            }
        }
        count
    }

    fn totals(&self) -> UpkeepTotals {
        let asked: Vec<((TenantId, SourceId), Arc<Shared>)> = {
            let running = self.running();
            running.iter().map(|((tenant, source, _), task)| ((*tenant, *source), Arc::clone(&task.shared))).collect()
        };
        let mut totals = UpkeepTotals::default();
        let mut has_problem: BTreeMap<(TenantId, SourceId), bool> = BTreeMap::new();
        for (source, shared) in asked {
            let health = shared.health();
            *has_problem.entry(source).or_default() |= health.problem.is_some();
            totals.counts.add(health.counts);
        }
        totals.asked = has_problem.len() as u64;
        totals.with_problem = has_problem.values().filter(|has_problem| **has_problem).count() as u64;
        totals
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
