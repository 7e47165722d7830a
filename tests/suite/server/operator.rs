//! What an operator does with the program, in processes of its own.

use std::fs;
use std::process::{ExitStatus, Stdio};

use suite::postgres;
use suite::process::{signal, wait_until};

use super::place::{Place, errors, is_listening, name, rows};

#[test]
fn a_mistake_in_the_configuration_is_named_with_file_line_and_key() {
    let place = Place::new();
    let file = place.file("switchboard.toml");
    fs::write(&file, "[log]\nlevel = \"info\"\nformat = \"xml\"\n").unwrap();

    let refusal = place.refusal(&["serve"]);

    let expected =
        format!("switchboard: {}:3: `log.format`: unknown variant `xml`, expected `text` or `json`\n", file.display());
    assert_eq!(refusal, expected);
}

#[test]
fn check_config_says_where_values_come_from_and_hides_secrets() {
    let place = Place::new();
    let mut command = place.command(&["check-config"]);

    let output = command.env("SWITCHBOARD__LOG__FORMAT", "json").output().unwrap();

    let report = String::from_utf8(output.stdout).unwrap();
    let line = |key: &str| report.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{report}"));
    assert!(line("log.format").ends_with("# environment variable SWITCHBOARD__LOG__FORMAT"), "{report}");
    assert!(line("server.listen").ends_with("switchboard.toml:2"), "{report}");
    assert!(line("database.url").starts_with("database.url = (set)"), "{report}");
    assert!(line("metrics.allowed").ends_with("# default"), "{report}");
}

#[test]
fn a_second_gateway_refuses_in_one_sentence() {
    let place = Place::new();
    let first = place.serve();

    let refusal = place.refusal(&["serve"]);
    let offline = place.refusal(&["migrate"]);

    let expected = format!("switchboard: another gateway serves this database: process {}\n", first.id());
    assert_eq!(refusal, expected);
    assert_eq!(offline, expected);
}

#[test]
fn a_killed_gateway_does_not_keep_the_next_one_waiting() {
    let place = Place::new();
    let mut first = place.serve();
    first.kill();

    let second = place.serve();

    assert!(second.log().contains("serving HTTP"), "{}", second.log());
}

#[test]
fn sigterm_ends_the_program_in_order() {
    let place = Place::new();
    let mut child = place.command(&["serve"]).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("the program to listen", || is_listening(place.port));

    assert!(signal(child.id(), "TERM"), "it is there");
    let mut ended: Option<ExitStatus> = None;
    wait_until("the program to end", || {
        ended = child.try_wait().unwrap();
        ended.is_some()
    });

    let mut log = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut log).unwrap();
    assert!(ended.unwrap().success(), "{log}");
    assert!(log.contains("stopping") && log.trim_end().ends_with("stopped"), "{log}");
    assert!(!is_listening(place.port));
}

#[test]
fn everything_survives_backup_and_restore() {
    let place = Place::new();
    let backup = place.file("kept.backup");
    assert!(place.ask(&["migrate"]).starts_with("ran "));
    assert_eq!(place.ask(&["migrate"]), "the database is up to date\n");
    assert!(place.ask(&["admin", "set-up-link"]).contains("/setup#"));

    let made = place.ask(&["backup", name(&backup)]);
    let again = place.refusal(&["backup", name(&backup)]);
    let other = Place::new();
    let restored = other.ask(&["restore", name(&backup)]);
    let twice = other.refusal(&["restore", name(&backup)]);

    assert!(made.contains("schema version"), "{made}");
    assert!(again.contains("exists already"), "{again}");
    assert!(rows(&restored, "setup_tokens") == 1 && rows(&restored, "tenants") == 1, "{restored}");
    assert!(!twice.is_empty());
}

#[test]
fn everything_moves_to_postgresql() {
    let place = Place::new();
    place.ask(&["migrate"]);
    place.ask(&["admin", "set-up-link"]);
    let server = postgres::server();
    let database = server.create();

    let copied = place.ask(&["copy-store", "--to", &server.url(&database)]);

    assert_eq!(rows(&copied, "setup_tokens"), 1, "{copied}");
    let mut moved = place.command(&["admin", "set-up-link"]);
    // Without a database file there is no folder beside it, and the key is named.
    moved.env("SWITCHBOARD__SECRETS__KEY_FILE", place.file("secret.key"));
    let output = moved.env("SWITCHBOARD__DATABASE__URL", server.url(&database)).output().unwrap();
    assert!(output.status.success(), "{}", errors(&output));
    server.remove(&database);
}

#[test]
fn a_key_is_changed_while_nobody_serves() {
    let place = Place::new();
    place.ask(&["migrate"]);
    let before = fs::read(place.file("secret.key")).unwrap();

    let said = place.ask(&["admin", "rekey"]);

    assert!(said.starts_with("0 secrets are sealed with a new key; the old key is in "), "{said}");
    assert_ne!(fs::read(place.file("secret.key")).unwrap(), before);
    assert_eq!(fs::read(place.file("secret.key.old")).unwrap(), before);
}
