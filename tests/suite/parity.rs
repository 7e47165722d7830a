//! Both databases are tested alike.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

/// Tests that do not run once on each database, and why.
const EXCEPTIONS: [(&str, &str); 10] = [
    ("api::report::a_report_of_a_hundred_thousand_entries_is_written_page_by_page", "about memory, not about SQL"),
    ("store::changes::connections_lost_while_idle_are_replaced_unnoticed", "SQLite has no connection to lose"),
    ("store::contacts::a_service_cannot_be_hybrid", "a rule about fields, which asks no database"),
    ("store::copy::a_filled_store_moves_to_postgresql_and_back_unchanged", "uses both databases at once"),
    ("store::copy::more_rows_than_one_batch_holds_arrive_in_order", "uses both databases at once"),
    ("store::copy::a_moved_store_goes_on_counting", "uses both databases at once"),
    ("store::copy::nothing_is_copied_into_a_database_in_use", "uses both databases at once"),
    ("store::copy::a_backup_of_an_older_version_is_brought_up_to_date", "uses both databases at once"),
    ("store::copy::what_is_no_backup_is_refused", "a backup is a SQLite file"),
    (
        "sync::results::after_a_large_run_postgresql_knows_how_large_its_tables_are",
        "SQLite chooses by its indexes alone",
    ),
];

#[test]
fn whatever_is_tested_on_one_database_is_tested_on_the_other() {
    let listed = listed();
    let on = |database: &str| {
        let ending = format!("::{database}: test");
        listed.lines().filter_map(|line| line.strip_suffix(&ending)).map(str::to_owned).collect::<BTreeSet<_>>()
    };

    let (sqlite, postgres) = (on("sqlite"), on("postgres"));

    assert!(!sqlite.is_empty(), "no test runs on SQLite");
    assert_eq!(sqlite, postgres);
}

#[test]
fn the_store_synchronization_and_the_api_are_tested_on_a_named_database() {
    let listed = listed();
    let names = listed.lines().filter_map(|line| line.strip_suffix(": test"));
    let areas = ["store::", "sync::", "api::", "isolation::nobody_reaches_"];
    let of_a_store = names.filter(|name| areas.iter().any(|area| name.starts_with(area)));
    let is_named = |name: &str| name.ends_with("::sqlite") || name.ends_with("::postgres");

    let unnamed: BTreeSet<&str> = of_a_store.filter(|name| !is_named(name)).collect();

    let excepted: BTreeSet<&str> = EXCEPTIONS.iter().map(|(name, _)| *name).collect();
    assert_eq!(unnamed, excepted, "each other test ends in ::sqlite or ::postgres");
    assert!(EXCEPTIONS.iter().all(|(_, reason)| !reason.is_empty()));
}

/// What the test binary says it has.
fn listed() -> String {
    let listed = Command::new(env::current_exe().unwrap()).arg("--list").output().unwrap();
    String::from_utf8(listed.stdout).unwrap()
}
