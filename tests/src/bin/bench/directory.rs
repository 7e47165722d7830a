//! Synchronizing a directory with 100,000 people into SQLite and into PostgreSQL: the first time, with
//! nothing changed, with one person in a hundred changed, and with everybody changed; and reading its
//! groups; against `ldapsearch` that reads the same attributes in pages of the same size and throws them
//! away.

pub(crate) mod child;
mod groups;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

use directory_model::source::{Connection, LdapConnection};
use directory_source::mapping::default_mapping;
use suite::postgres;
use suite::process::scratch;
use suite::slapd::{BIND_DN, Options, PASSWORD, PEOPLE, Slapd, people};

use self::child::Report;
use crate::measure::median;

/// How many people there are.
pub(crate) const ENTRIES: usize = 100_000;
const PAGE_SIZE: u32 = 1000;
const ROUNDS: usize = 3;

/// How many people change between two runs.
const CHANGED: usize = ENTRIES / 100;

/// What is measured, in the order in which it is printed.
const LINES: [&str; 6] = [
    "first sync (at most 2)",
    "full compare with nothing changed (at most 2)",
    "following 1,000 changes (at most 0.2)",
    "100,000 changes, planned and applied (at most 4)",
    "peak memory in MiB",
    "peak memory above idle in MiB (at most 64)",
];

/// Prints the ratios and the peak memory, the medians of three interleaved rounds.
pub(crate) fn run() {
    let (mut figures, mut closed) = (BTreeMap::<(&str, usize), Vec<f64>>::new(), [Vec::new(), Vec::new()]);
    for round in 1..=ROUNDS {
        let mut slapd = serve();
        let theirs = ldapsearch(&slapd);
        println!("round {round}: ldapsearch {theirs:.2} s");
        for (store, url) in stores(round) {
            let report = measure(&slapd, &url);
            // Everybody was changed; the next one begins as this one did.
            slapd = serve();
            println!("round {round}: {store}: {report:?}");
            let Report { first, whole, changes, all, idle_kib, peaks_kib } = report;
            let peak_kib = peaks_kib.into_iter().max().unwrap_or(0);
            let memory = [peak_kib, peak_kib.saturating_sub(idle_kib)].map(mib);
            let values = [first, whole, changes, all].map(|seconds| seconds / theirs).into_iter().chain(memory);
            for (line, value) in values.enumerate() {
                figures.entry((store, line)).or_default().push(value);
            }
        }
        let (read, close) = (groups::read(&slapd, connection(&slapd.url())), groups::close());
        println!("round {round}: groups read in {read:.2} s, closed in {close:.3} s");
        closed[0].push(read / theirs);
        closed[1].push(close / theirs);
    }
    for ((store, line), mut values) in figures {
        println!("{store}: {}: {:.2}{}", LINES[line], median(&mut values), if line < 4 { " x ldapsearch" } else { "" });
    }
    let [mut read, mut close] = closed;
    println!("1,000 groups with 100,000 memberships, closed: {:.3} x ldapsearch (at most 0.2)", median(&mut close));
    println!("the same, read from the directory with everybody's names: {:.2} x ldapsearch", median(&mut read));
}

#[expect(clippy::cast_precision_loss, reason = "far below 2⁵² KiB")]
fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

/// A directory with everybody and their groups.
pub(crate) fn serve() -> Slapd {
    let entries = people(ENTRIES) + &groups::ldif();
    let session_log = u32::try_from(ENTRIES * 2).ok();
    Slapd::start(&Options { entries, is_synchronizing: true, session_log, ..Options::default() })
}

/// Empty stores, of both kinds.
fn stores(round: usize) -> [(&'static str, String); 2] {
    let folder = scratch().join(format!("first-sync-{round}"));
    fs::create_dir(&folder).expect("a folder");
    let server = postgres::server();
    let file = format!("sqlite:{}", folder.join("store.db").display());
    [("SQLite", file), ("PostgreSQL", server.url(&server.create()))]
}

/// Has a process of its own do everything, so that its memory is seen apart.
fn measure(slapd: &Slapd, store: &str) -> Report {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args([child::NAME, &slapd.url(), store])
        .output()
        .expect("this program starts itself");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a report")
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

/// How the directory is asked.
pub(crate) fn connection(url: &str) -> LdapConnection {
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
