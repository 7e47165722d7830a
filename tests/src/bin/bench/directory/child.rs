//! The process that synchronizes.

use std::fs;
use std::sync::Arc;
use std::time::Instant;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, SystemClock};
use directory_model::id::{RunId, SourceId, SystemIds, TenantId};
use directory_model::port::SyncHandle;
use directory_model::run::{Run, RunExtent, Trigger};
use directory_model::secret::Secret;
use directory_model::source::{Connection, Leavers, SourceFields};
use directory_model::tenant::TenantFields;
use directory_model::valid::Check;
use directory_source::SourcePolicy;
use directory_source::outbound::OutboundPolicy;
use directory_store::database::{Database, OpenOptions};
use directory_store::{PLATFORM, sources, sync_runs, tenants};
use serde::{Deserialize, Serialize};
use suite::slapd::{PASSWORD, retitle};
use sync::engine::Engine;
use sync::reader::SourceReader;
use sync::run::Parts;
use tokio::runtime::Runtime;

use super::{CHANGED, ENTRIES, connection};

/// How this program is called when it starts itself to have its memory measured apart.
pub(crate) const NAME: &str = "first-sync";

/// What was measured: seconds of each run, and the memory of the process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) first: f64,
    pub(super) whole: f64,
    pub(super) changes: f64,
    pub(super) all: f64,
    pub(super) idle_kib: u64,
    /// The most during each of the four.
    pub(super) peaks_kib: [u64; 4],
}

/// Synchronizes into the new store at `store`, again and again, and prints what that took.
pub(crate) fn run(url: &str, store: &str) {
    let report = Runtime::new().expect("a runtime").block_on(synchronize(url, store));
    println!("{}", serde_json::to_string(&report).expect("plain data"));
}

async fn synchronize(url: &str, store: &str) -> Report {
    let bench = Bench::start(url, store).await;
    let idle_kib = memory_kib("VmRSS:");
    let (first, created, first_kib) = bench.run(RunExtent::Whole).await;
    assert_eq!(usize::try_from(created.counts.created).ok(), Some(ENTRIES), "everybody was written: {created:?}");
    let (whole, compared, whole_kib) = bench.run(RunExtent::Whole).await;
    assert_eq!(usize::try_from(compared.counts.unchanged).ok(), Some(ENTRIES), "nothing was written: {compared:?}");
    retitle(url, CHANGED).await;
    let (changes, followed, changes_kib) = bench.run(RunExtent::Changes).await;
    assert_eq!((followed.extent, followed.counts.updated), (RunExtent::Changes, CHANGED as u64), "{followed:?}");
    retitle(url, ENTRIES).await;
    let (all, retitled, all_kib) = bench.run(RunExtent::Whole).await;
    assert_eq!(usize::try_from(retitled.counts.updated).ok(), Some(ENTRIES), "everybody was changed: {retitled:?}");
    Report { first, whole, changes, all, idle_kib, peaks_kib: [first_kib, whole_kib, changes_kib, all_kib] }
}

/// What the kernel says of this process's memory.
fn memory_kib(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("this process lives");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a size");
    line.trim().trim_end_matches(" kB").parse().expect("a number of KiB")
}

struct Bench {
    database: Database,
    engine: Engine,
    tenant: TenantId,
    source: SourceId,
}

impl Bench {
    async fn start(url: &str, store: &str) -> Self {
        let options = OpenOptions::new(store, Arc::new(SystemIds::new(SystemClock)));
        let database = Database::open(&options).await.expect("the store opens");
        database.migrate().await.expect("the store is migrated");
        let tenant = TenantFields { name: "Example".into(), ..TenantFields::default() }.check().expect("valid");
        let tenant = database.write(PLATFORM, origin(), move |tx| tenants::insert(tx, &tenant)).await;
        let tenant = tenant.expect("the store writes").expect("the platform is there").id;
        let source = source_fields(url).check().expect("valid");
        let key = Arc::clone(database.sealing_key());
        let source = database.write(tenant, origin(), move |tx| {
            let source = sources::insert(tx, &source)?;
            sources::set_secret(tx, &key, source.id, Some(&Secret::new(PASSWORD)))?;
            Ok(source)
        });
        let source = source.await.expect("the store writes").expect("the tenant is there").id;
        let outbound = OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() };
        let reader = Arc::new(SourceReader::new(SourcePolicy { outbound, ..SourcePolicy::default() }));
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let engine = Engine::new(Parts { database: database.clone(), clock, reader });
        Self { database, engine, tenant, source }
    }

    /// Runs once; says how many seconds that took, what the record says, and the most memory meanwhile, in KiB.
    async fn run(&self, extent: RunExtent) -> (f64, Run, u64) {
        // What changes people in the directory works in this process as well, and does not count.
        fs::write("/proc/self/clear_refs", "5").expect("the kernel forgets the most so far");
        let (tenant, started) = (self.tenant, Instant::now());
        let run = self.engine.start(tenant, self.source, Trigger::Manual, extent, origin()).await;
        let run: RunId = run.expect("the run starts");
        self.engine.ended(run).await;
        let (seconds, peak) = (started.elapsed().as_secs_f64(), memory_kib("VmHWM:"));
        let found = self.database.read(move |conn| sync_runs::find(conn, tenant, run)).await;
        (seconds, found.expect("the store reads").expect("the run is recorded"), peak)
    }
}

fn origin() -> Origin {
    Origin { actor: Actor::System, request: None, at: SystemClock.now() }
}

fn source_fields(url: &str) -> SourceFields {
    SourceFields {
        name: "Directory".into(),
        connection: Connection::Ldap(connection(url)),
        mapping: None,
        normalize_numbers: None,
        schedule: None,
        poll_minutes: None,
        time_zone: "UTC".into(),
        approval_threshold_percent: 10,
        change_threshold_percent: None,
        leavers: Leavers::default(),
        keep_days: 30,
        presence: None,
        is_disabled: false,
    }
}
