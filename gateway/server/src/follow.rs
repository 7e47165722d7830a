//! Follows the store: tells presence what is so at the start, and what has changed ever since.
//!
//! A notice after a commit is only a wake-up. What changed is read from the tenant's numbered line,
//! and what it is like now from the object itself, in the same transaction.

mod facts;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use directory_model::change::{Change, ObjectKind};
use directory_model::clock::Clock;
use directory_model::id::TenantId;
use directory_model::port::ChangeSink;
use directory_store::connection::Connection;
use directory_store::database::Database;
use directory_store::error::StoreResult;
use directory_store::{PLATFORM, changes, tenants};
use gateway_presence::book::Book;
use gateway_presence::facts::FactChange;
use tokio::sync::Notify;

/// How many changes are read at once.
const CHUNK: u32 = 500;

/// How long to wait before trying again when the store does not answer.
const PAUSE: Duration = Duration::from_secs(1);

/// Remembers whose line has grown until the follower looks.
#[derive(Default)]
pub(crate) struct Wake {
    grown: Mutex<HashSet<TenantId>>,
    notify: Notify,
}

impl Wake {
    fn take(&self) -> HashSet<TenantId> {
        std::mem::take(&mut *self.grown.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, tenant: TenantId) {
        self.grown.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
        self.notify.notify_one();
    }
}

impl ChangeSink for Wake {
    fn changed(&self, tenant: TenantId, _seq: i64) {
        self.add(tenant);
    }
}

/// Keeps a book in step with the store.
pub(crate) struct Follower {
    database: Database,
    book: Arc<Book>,
    clock: Arc<dyn Clock>,
    wake: Arc<Wake>,
    /// Up to which number each tenant's line is known.
    known: HashMap<TenantId, i64>,
}

/// What one look at the store found.
struct Look {
    facts: Vec<FactChange>,
    seq: i64,
    /// Tenants that have been made or changed; only the platform's line names any.
    tenants: BTreeSet<TenantId>,
    is_all: bool,
}

impl Follower {
    /// A follower that knows nothing yet and is woken by `wake`.
    pub(crate) fn new(database: Database, book: Arc<Book>, clock: Arc<dyn Clock>, wake: Arc<Wake>) -> Self {
        Self { database, book, clock, wake, known: HashMap::new() }
    }

    /// Tells the book everything.
    pub(crate) async fn load(&mut self) -> StoreResult<()> {
        let (platform, all) =
            self.database.read(|conn| Ok((tenants::change_seq(conn, PLATFORM)?, tenants::all(conn)?))).await?;
        self.known.insert(PLATFORM, platform.unwrap_or(0));
        for tenant in all {
            self.load_tenant(tenant.id).await?;
        }
        Ok(())
    }

    /// Follows until the process ends.
    pub(crate) async fn run(mut self) {
        let wake = Arc::clone(&self.wake);
        loop {
            wake.notify.notified().await;
            for tenant in wake.take() {
                if let Err(error) = self.catch_up(tenant).await {
                    tracing::warn!(%error, tenant.id = %tenant, "changes could not be read; trying again");
                    tokio::time::sleep(PAUSE).await;
                    wake.add(tenant);
                }
            }
        }
    }

    async fn catch_up(&mut self, tenant: TenantId) -> StoreResult<()> {
        loop {
            let Some(known) = self.known.get(&tenant).copied() else {
                return self.load_tenant(tenant).await;
            };
            let now = self.clock.now();
            let look = self.database.read(move |conn| look(conn, tenant, known, now)).await?;
            if tenant != PLATFORM {
                self.book.apply(tenant, look.facts);
            }
            for changed in look.tenants {
                self.load_settings(changed).await?;
            }
            // Not before: what could not be read is looked for again.
            self.known.insert(tenant, look.seq);
            if look.is_all {
                return Ok(());
            }
        }
    }

    /// Takes in a tenant that is not known yet, page by page of one moment.
    async fn load_tenant(&mut self, tenant: TenantId) -> StoreResult<()> {
        let (book, now) = (Arc::clone(&self.book), self.clock.now());
        let loading = self.database.read(move |conn| {
            let seq = tenants::change_seq(conn, tenant)?;
            facts::all(conn, tenant, now, |facts| book.apply(tenant, facts))?;
            Ok(seq)
        });
        if let Some(seq) = loading.await? {
            self.known.insert(tenant, seq);
        }
        Ok(())
    }

    /// Takes in the settings of a tenant, all of it if it is new, or that it is gone.
    async fn load_settings(&mut self, tenant: TenantId) -> StoreResult<()> {
        let Some(found) = self.database.read(move |conn| tenants::find(conn, tenant)).await? else {
            self.known.remove(&tenant);
            self.book.apply(tenant, vec![FactChange::TenantRemoved]);
            return Ok(());
        };
        if !self.known.contains_key(&tenant) {
            return self.load_tenant(tenant).await;
        }
        let now = self.clock.now();
        let users = self.database.read(move |conn| facts::all_presence(conn, tenant, now)).await?;
        self.book.apply(tenant, [facts::tenant(&found)].into_iter().chain(users).collect());
        Ok(())
    }
}

fn look(
    conn: &mut Connection,
    tenant: TenantId,
    known: i64,
    now: directory_model::timestamp::Timestamp,
) -> StoreResult<Look> {
    let line = changes::list(conn, tenant, known, CHUNK)?;
    let seq = line.last().map_or(known, |change| change.seq);
    let is_all = tenants::change_seq(conn, tenant)?.is_none_or(|newest| newest <= seq);
    let (mut facts, mut tenants) = (Vec::new(), BTreeSet::new());
    // Each object once, however often it changed: what counts is how it is now.
    let objects: BTreeSet<(ObjectKind, String)> = line.into_iter().map(object).collect();
    for (kind, object) in objects {
        match (kind, object.parse()) {
            (ObjectKind::Tenant, Ok(named)) => drop(tenants.insert(named)),
            (ObjectKind::Tenant, Err(_)) => {}
            _ => facts.extend(facts::of(conn, tenant, kind, &object, now)?),
        }
    }
    Ok(Look { facts, seq, tenants, is_all })
}

fn object(change: Change) -> (ObjectKind, String) {
    (change.kind, change.object)
}
