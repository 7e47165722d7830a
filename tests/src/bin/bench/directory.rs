//! Synchronizing a directory with 100,000 people: the first time, with nothing changed, and with one
//! person in a hundred changed, and reading its groups; against `ldapsearch` that reads the same attributes in pages of the
//! same size and throws them away.

mod groups;

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
use directory_store::{PLATFORM, sources, sync_runs, tenants};
use suite::process::scratch;
use suite::slapd::{BIND_DN, Options, PASSWORD, PEOPLE, Slapd, people, retitle};
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

/// How many people change between two runs.
const CHANGED: usize = ENTRIES / 100;

/// Prints the ratios and the peak memory, the medians of three interleaved rounds.
pub(crate) fn run() {
    let entries = people(ENTRIES) + &groups::ldif();
    let session_log = u32::try_from(ENTRIES).ok();
    let slapd = Slapd::start(&Options { entries, is_synchronizing: true, session_log, ..Options::default() });
    let (mut first, mut whole, mut changes, mut peaks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut closed = Vec::new();
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
        let numbers: Vec<f64> = report.split_whitespace().map(|number| number.parse().expect("a number")).collect();
        let [created, compared, followed, peak] = numbers[..] else { panic!("seconds and KiB: {report}") };
        println!(
            "round {round}: first sync {created:.2} s, nothing changed {compared:.2} s, {CHANGED} changed {followed:.2} s, \
             {:.0} MiB, ldapsearch {theirs:.2} s",
            peak / 1024.0
        );
        let grouped = groups::read(&slapd, connection(&slapd.url()));
        println!("round {round}: groups {grouped:.2} s");
        closed.push(grouped / theirs);
        first.push(created / theirs);
        whole.push(compared / theirs);
        changes.push(followed / theirs);
        peaks.push(peak / 1024.0);
    }
    println!("first sync of {ENTRIES}: {:.2} x ldapsearch (at most 4, better 2)", median(&mut first));
    println!("full compare with nothing changed: {:.2} x ldapsearch (at most 2)", median(&mut whole));
    println!("following {CHANGED} changes: {:.2} x ldapsearch (at most 0.2)", median(&mut changes));
    println!("1,000 groups with 100,000 memberships: {:.2} x ldapsearch (at most 0.2)", median(&mut closed));
    println!("peak memory of all: {:.0} MiB (at most 128)", median(&mut peaks));
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
        group_filter: None,
        group_base_dn: None,
        page_size: PAGE_SIZE,
        timeout_seconds: 60,
    }
}

/// Synchronizes three times into a new SQLite file; prints the seconds of each and this process's peak.
pub(crate) fn first_sync(url: &str, folder: &str) {
    let [first, whole, changes] = Runtime::new().expect("a runtime").block_on(synchronize(url, Path::new(folder)));
    let status = fs::read_to_string("/proc/self/status").expect("this process lives");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    println!("{first} {whole} {changes} {}", peak.trim().trim_end_matches(" kB"));
}

async fn synchronize(url: &str, folder: &Path) -> [f64; 3] {
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
    let run = async |extent| {
        let started = Instant::now();
        let run = engine.start(tenant, source, Trigger::Manual, extent, origin()).await.expect("the run starts");
        engine.ended(run).await;
        let seconds = started.elapsed().as_secs_f64();
        let found = database.read(move |conn| sync_runs::find(conn, tenant, run)).await.expect("the store reads");
        (seconds, found.expect("the run is recorded"))
    };
    let (first, created) = run(RunExtent::Whole).await;
    assert_eq!(usize::try_from(created.counts.created).ok(), Some(ENTRIES), "everybody was written: {created:?}");
    let (whole, compared) = run(RunExtent::Whole).await;
    assert_eq!(usize::try_from(compared.counts.unchanged).ok(), Some(ENTRIES), "nothing was written: {compared:?}");
    retitle(url, CHANGED).await;
    let (changes, followed) = run(RunExtent::Changes).await;
    assert_eq!((followed.extent, followed.counts.updated), (RunExtent::Changes, CHANGED as u64), "{followed:?}");
    [first, whole, changes]
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
        leavers: directory_model::source::Leavers::default(),
        keep_days: 30,
        is_disabled: false,
    }
}
