//! Both databases are tested alike.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

#[test]
fn whatever_is_tested_on_one_database_is_tested_on_the_other() {
    let listed = Command::new(env::current_exe().unwrap()).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let on = |database: &str| {
        let ending = format!("::{database}: test");
        listed.lines().filter_map(|line| line.strip_suffix(&ending)).map(str::to_owned).collect::<BTreeSet<_>>()
    };

    let (sqlite, postgres) = (on("sqlite"), on("postgres"));

    assert!(!sqlite.is_empty(), "no test runs on SQLite");
    assert_eq!(sqlite, postgres);
}
