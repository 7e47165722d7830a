//! Starts and ends tasks as sources come, change and go, and tells them who changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, TenantId};
use directory_model::source::Aspect;
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::seal::OpenedSecret;
use directory_store::sources;
use directory_store::{PLATFORM, changes, tenants};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::shared::Shared;
use super::task::Task;
use super::{Key, Parts, Running, Watch, Watched};
use crate::schedule::Schedule;
use crate::upkeep::keeper::Keeper;

/// How often it is asked at whom somebody looks.
const LOOK: Duration = Duration::from_secs(5);
/// How often everybody is looked at, whatever the line of changes says: a link between a contact and an
/// entry is no change of the contact.
const LOOK_AT_ALL: Duration = Duration::from_hours(1);
/// How many changes are read at once.
const CHUNK: u32 = 500;
/// A task that broke off begins anew after this time.
const PAUSE: Duration = Duration::from_mins(1);
/// When subscriptions are made anew, in the source's time zone: after the nightly runs have begun.
const NIGHT: &str = "0 2 * * *";

impl Watch {
    /// Watches until [`Watch::stop`].
    pub async fn run(&self) {
        // What changes from here on is followed; tasks that begin now read everything by themselves.
        let mut known = self.lines().await.inspect_err(unread).unwrap_or_default();
        let mut looked_at_all = Instant::now();
        let mut is_stale = true;
        loop {
            if is_stale {
                is_stale = self.reconcile().await.inspect_err(unread).is_err();
            }
            if looked_at_all.elapsed() >= LOOK_AT_ALL {
                looked_at_all = Instant::now();
                self.running().values().for_each(|running| running.shared.all_changed());
            }
            self.look_at_interest();
            tokio::select! {
                () = self.inner.stop.cancelled() => return,
                () = self.inner.parts.grown.notify.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
            for tenant in self.inner.parts.grown.take() {
                match self.catch_up(tenant, &mut known).await {
                    Ok(has_sources_changed) => is_stale |= has_sources_changed,
                    Err(reason) => {
                        unread(&reason);
                        // Looked at again with the next look.
                        super::lock(&self.inner.parts.grown.tenants).insert(tenant);
                    }
                }
            }
        }
    }

    /// How far each tenant's line of changes reaches.
    async fn lines(&self) -> StoreResult<HashMap<TenantId, i64>> {
        let reading = self.inner.parts.database.read(|conn| {
            let mut lines = HashMap::new();
            for tenant in tenants::all(conn)?.into_iter().map(|tenant| tenant.id).chain([PLATFORM]) {
                lines.extend(tenants::change_seq(conn, tenant)?.map(|seq| (tenant, seq)));
            }
            Ok(lines)
        });
        reading.await
    }

    /// Tells the tenant's tasks who changed; whether its sources may have.
    async fn catch_up(&self, tenant: TenantId, known: &mut HashMap<TenantId, i64>) -> StoreResult<bool> {
        let Some(mut seen) = known.get(&tenant).copied() else {
            // Tasks that begin now read everything; what began before is told to look.
            let seq = self.inner.parts.database.read(move |conn| tenants::change_seq(conn, tenant)).await?;
            known.extend(seq.map(|seq| (tenant, seq)));
            self.shared(tenant, None).iter().for_each(|shared| shared.all_changed());
            return Ok(true);
        };
        let mut has_sources_changed = false;
        loop {
            let line = self.inner.parts.database.read(move |conn| changes::list(conn, tenant, seen, CHUNK)).await?;
            let Some(last) = line.last() else { return Ok(has_sources_changed) };
            seen = last.seq;
            let of = |kind: ObjectKind| line.iter().filter(move |change| change.kind == kind);
            // The platform's line tells of tenants.
            has_sources_changed |= tenant == PLATFORM || of(ObjectKind::Source).next().is_some();
            let contacts: BTreeSet<ContactId> =
                of(ObjectKind::Contact).filter_map(|change| change.object.parse().ok()).collect();
            if !contacts.is_empty() {
                for shared in self.shared(tenant, None) {
                    shared.changed(contacts.iter().copied());
                }
            }
            known.insert(tenant, seen);
        }
    }

    /// Makes the tasks those of the sources that are in service.
    async fn reconcile(&self) -> StoreResult<()> {
        let key = Arc::clone(self.inner.parts.database.sealing_key());
        let reading = self.inner.parts.database.read(move |conn| wanted(conn, &key));
        let wanted = reading.await?;
        let mut running = self.running();
        running.retain(|key, running| {
            let goes_on = wanted.get(key);
            if goes_on.is_none() {
                running.shared.end();
            }
            let is_same = goes_on.is_some_and(|watched| is_same(watched, &running.watched));
            if !is_same {
                running.cancel.cancel();
            }
            is_same
        });
        for (key, watched) in wanted {
            if !self.inner.stop.is_cancelled() {
                running.entry(key).or_insert_with(|| self.start(watched));
            }
        }
        Ok(())
    }

    fn start(&self, watched: Watched) -> Running {
        let (parts, watched) = (Arc::clone(&self.inner.parts), Arc::new(watched));
        let now = parts.clock.now();
        let terms = parts.connectors.terms(&watched.source, watched.aspect);
        // A time zone that is none was refused when it was entered.
        let night = Schedule::new(NIGHT, &watched.source.fields.time_zone).ok();
        let keeper = Keeper::new(terms, night, seed(), now);
        let shared = Arc::new(Shared::new(watched.aspect, keeper, now));
        let cancel = self.inner.stop.child_token();
        let task = supervised(parts, Arc::clone(&watched), Arc::clone(&shared), cancel.clone());
        self.inner.tasks.spawn(task);
        Running { watched, shared, cancel }
    }

    pub(super) fn look_at_interest(&self) {
        let mut of_tenants: HashMap<TenantId, Arc<HashSet<ContactId>>> = HashMap::new();
        for ((tenant, ..), running) in &*self.running() {
            let interest = || Arc::new(self.inner.parts.interest.watched(*tenant).into_iter().collect());
            running.shared.set_interest(of_tenants.entry(*tenant).or_insert_with(interest));
        }
    }
}

/// Runs a task, in one of its own, and again when it breaks off.
async fn supervised(parts: Arc<Parts>, watched: Arc<Watched>, shared: Arc<Shared>, cancel: CancellationToken) {
    while !cancel.is_cancelled() {
        let task = Task::new(Arc::clone(&parts), Arc::clone(&watched), Arc::clone(&shared), cancel.clone());
        let Err(reason) = tokio::spawn(task.run()).await else { return };
        error!(source.id = %watched.source.id, %reason, "watching a source broke off");
        shared.all_changed();
        tokio::select! {
            () = cancel.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// What is to be watched.
fn wanted(conn: &mut Connection, key: &directory_store::seal::SealingKey) -> StoreResult<BTreeMap<Key, Watched>> {
    let mut wanted = BTreeMap::new();
    for (tenant, source) in sources::all_enabled(conn, key)? {
        let Some(reading) = source.fields.presence else { continue };
        let secret = match sources::open_secret(conn, key, tenant, source.id)? {
            Some(OpenedSecret::Opened(secret)) => Some(secret),
            Some(OpenedSecret::Absent | OpenedSecret::EnterAgain) | None => None,
        };
        for aspect in Aspect::ALL.into_iter().filter(|aspect| reading.reads(*aspect)) {
            let watched = Watched { tenant, source: source.clone(), secret: secret.clone(), aspect };
            wanted.insert((tenant, source.id, aspect), watched);
        }
    }
    Ok(wanted)
}

/// Whether a task may go on as it is.
fn is_same(one: &Watched, other: &Watched) -> bool {
    let (mine, theirs) = (&one.source.fields, &other.source.fields);
    mine.connection == theirs.connection && mine.time_zone == theirs.time_zone && one.secret == other.secret
}

/// Where the chances of a task begin, so that gateways do not do the same at the same time.
fn seed() -> u64 {
    let mut bytes = [0; 8];
    // Without randomness pauses are the same everywhere, which is no reason to watch nobody.
    let _ = SystemRandom::new().fill(&mut bytes);
    u64::from_be_bytes(bytes)
}

fn unread(reason: &directory_store::error::StoreError) {
    warn!(%reason, "what is to be watched could not be read; trying again");
}
