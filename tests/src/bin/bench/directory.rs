//! The first synchronization of a directory with 100,000 people, against `ldapsearch` that reads
//! the same attributes in pages of the same size and throws them away.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, SystemClock};
use directory_model::id::SystemIds;
use directory_model::port::SyncHandle;
use directory_model::run::{RunExtent, Trigger};
use directory_model::secret::Secret;
use directory_model::source::{Connection, LdapConnection, SourceFields};
use directory_model::tenant::TenantFields;
use directory_model::valid::Check;
use directory_source::SourcePolicy;
use directory_source::mapping::default_mapping;
use directory_source::outbound::OutboundPolicy;
use directory_store::database::{Database, OpenOptions};
use directory_store::{PLATFORM, contacts, sources, tenants};
use suite::process::scratch;
use suite::slapd::{BIND_DN, PASSWORD, PEOPLE, Slapd};
use sync::engine::Engine;
use sync::reader::SourceReader;
use sync::run::Parts;
use tokio::runtime::Runtime;

use crate::measure::median;

/// How this program is called when it starts itself to have its memory measured apart.
pub(crate) const CHILD: &str = "first-sync";

const ENTRIES: usize = 100_000;
const PAGE_SIZE: u32 = 1000;
const ROUNDS: usize = 3;

/// Prints the ratio and the peak memory, the median of three interleaved rounds.
pub(crate) fn run() {
    let slapd = Slapd::with_people(ENTRIES);
    let (mut ratios, mut peaks) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let theirs = ldapsearch(&slapd);
        let folder = scratch().join(format!("first-sync-{round}"));
        fs::create_dir(&folder).expect("a folder");
        let output = Command::new(std::env::current_exe().expect("this program"))
            .args([CHILD, &slapd.url()])
            .arg(&folder)
            .output()
            .expect("this program starts itself");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        let (ours, peak) = report.trim().split_once(' ').expect("seconds and KiB");
        let (ours, peak): (f64, f64) = (ours.parse().expect("seconds"), peak.parse().expect("KiB"));
        println!("round {round}: first sync {ours:.2} s with {:.0} MiB, ldapsearch {theirs:.2} s", peak / 1024.0);
        ratios.push(ours / theirs);
        peaks.push(peak / 1024.0);
    }
    println!("first sync of {ENTRIES}: {:.2} x ldapsearch (at most 4)", median(&mut ratios));
    println!("peak memory of it: {:.0} MiB (at most 128)", median(&mut peaks));
}

/// Seconds of one paged search.
fn ldapsearch(slapd: &Slapd) -> f64 {
    let mapping = default_mapping(&Connection::Ldap(connection(&slapd.url())));
    let fields = serde_json::to_value(mapping).expect("a mapping is plain data");
    let entries = fields.as_object().expect("fields").iter().filter(|(field, _)| *field != "photo");
    let lists = entries.filter_map(|(_, list)| list.as_array());
    let attributes = lists.flatten().filter_map(|name| name.as_str()).collect::<BTreeSet<_>>();
    let started = Instant::now();
    let status = Command::new("ldapsearch")
        .args(["-LLL", "-x", "-D", BIND_DN, "-w", PASSWORD, "-H", &slapd.url(), "-b", PEOPLE])
        .args(["-E", &format!("pr={PAGE_SIZE}/noprompt"), "(objectClass=inetOrgPerson)"])
        .args(attributes)
        .stdout(Stdio::null())
        .status();
    let status = status.unwrap_or_else(|_| panic!("ldapsearch is missing: `apt-get install ldap-utils`"));
    assert!(status.success(), "ldapsearch reads everything");
    started.elapsed().as_secs_f64()
}

fn connection(url: &str) -> LdapConnection {
    LdapConnection {
        url: url.into(),
        is_starttls: false,
        trusted_certificates: None,
        bind_dn: Some(BIND_DN.into()),
        base_dn: PEOPLE.into(),
        filter: "(objectClass=inetOrgPerson)".into(),
        page_size: PAGE_SIZE,
        timeout_seconds: 60,
    }
}

/// One first synchronization into a new SQLite file; prints its seconds and this process's peak.
pub(crate) fn first_sync(url: &str, folder: &str) {
    let seconds = Runtime::new().expect("a runtime").block_on(synchronize(url, Path::new(folder)));
    let status = fs::read_to_string("/proc/self/status").expect("this process lives");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    println!("{seconds} {}", peak.trim().trim_end_matches(" kB"));
}

async fn synchronize(url: &str, folder: &Path) -> f64 {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let origin = || Origin { actor: Actor::System, request: None, at: SystemClock.now() };
    let file = format!("sqlite:{}", folder.join("store.db").display());
    let options = OpenOptions::new(file, Arc::new(SystemIds::new(SystemClock)));
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
    let engine = Engine::new(Parts { database: database.clone(), clock, reader });
    let started = Instant::now();
    let run = engine.start(tenant, source, Trigger::Manual, RunExtent::Whole, origin()).await.expect("the run starts");
    engine.ended(run).await;
    let seconds = started.elapsed().as_secs_f64();
    let written = database.read(move |conn| contacts::count(conn, tenant)).await.expect("the store reads");
    assert_eq!(usize::try_from(written).ok(), Some(ENTRIES), "everybody was written");
    seconds
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
        is_disabled: false,
    }
}
