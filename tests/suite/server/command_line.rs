//! `switchboard sync` against a running gateway, and what every command says of itself.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use reqwest::Method;
use serde_json::json;
use suite::backend::new_folder;
use suite::emulator::Reply;
use suite::ews::{Ews, Kind, Person};
use suite::program::{Client, Program};

use super::place::{PROGRAM, Place, errors, name, place_of};

/// A gateway with a tenant, and a terminal whose commands have a token.
pub(super) struct Desk {
    pub(super) admin: Client,
    pub(super) tenant: String,
    pub(super) place: Place,
    files: PathBuf,
    pub(super) token: PathBuf,
    program: Program,
}

impl Desk {
    pub(super) async fn open() -> Self {
        let folder = new_folder();
        let outbound = "[sources.outbound]\nis_loopback_allowed = true";
        let settings = format!("[sources]\nfile_folder = \"{}\"\n{outbound}", folder.join("files").display());
        let start = move || Program::start_in(folder, Command::new(PROGRAM), "", &settings);
        let program = tokio::task::spawn_blocking(start).await.unwrap();
        let (admin, tenant) = Client::of_new_tenant(&program).await;
        let place = place_of(&program);
        let (files, token) = (place.file("files").join(&tenant), place.file("token"));
        fs::create_dir_all(&files).unwrap();
        fs::write(&token, admin.token(&tenant).await).unwrap();
        Self { admin, tenant, place, files, token, program }
    }

    /// Makes a source called as its file.
    pub(super) async fn source(&self, file: &str) -> String {
        let connection = json!({ "kind": "file", "path": file, "format": "csv" });
        let source = json!({ "name": file, "connection": connection, "approval_threshold_percent": 10 });
        self.admin.make(&format!("/tenants/{}/sources", self.tenant), source).await
    }

    pub(super) fn says(&self, file: &str, people: u32) {
        let person = |number: u32| format!("{number},Person {number},p{number}@example.com\n");
        let lines: String = (0..people).map(person).collect();
        fs::write(self.files.join(file), format!("external_id,display_name,mail\n{lines}")).unwrap();
    }

    /// `switchboard sync …` with token and tenant.
    pub(super) fn sync(&self, arguments: &[&str]) -> Output {
        let (first, rest) = arguments.split_first().unwrap();
        let who = ["sync", first, "--token-file", name(&self.token), "--tenant", &self.tenant];
        self.place.run(&[&who, rest].concat())
    }
}

pub(super) fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_started_by_name_or_identity_and_listed() {
    let desk = Desk::open().await;
    let id = desk.source("people.csv").await;
    desk.says("people.csv", 3);

    let (code, out, err) = said(&desk.sync(&["run", "--source", "people.csv"]));
    let (again, unchanged, _) = said(&desk.sync(&["run", "--source", &id]));
    let (_, list, _) = said(&desk.sync(&["list"]));

    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.ends_with("  succeeded  3 read, 3 created\n"), "{out}");
    assert_eq!(again, Some(0));
    assert!(unchanged.ends_with("  succeeded  3 read, 3 unchanged\n"), "{unchanged}");
    assert_eq!(list, format!("{unchanged}{out}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_looked_up_from_the_terminal() {
    let desk = Desk::open().await;
    let server = Ews::start(vec![Person::anna()]).await;
    let mut connection = serde_json::to_value(server.connection()).unwrap();
    connection["kind"] = "exchange".into();
    let base = format!("/tenants/{}", desk.tenant);
    let source = json!({ "name": "Exchange", "connection": connection });
    let source = desk.admin.make(&format!("{base}/sources"), source).await;
    let secret = Some(json!({ "secret": server.secret().expose() }));
    desk.admin.ask(Method::PUT, &format!("{base}/sources/{source}/secret"), secret).await;
    for mail in ["anna.berg@example.com", "nobody@example.com"] {
        desk.admin.make(&format!("{base}/contacts"), json!({ "mail": mail })).await;
    }

    let (code, out, err) = said(&desk.sync(&["run", "--source", "Exchange"]));
    let (again, same, _) = said(&desk.sync(&["run", "--source", "Exchange"]));
    server.reply_next(Kind::Soap, Reply::empty(403));
    let (refused, none, why) = said(&desk.sync(&["run", "--source", "Exchange"]));

    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.ends_with("  succeeded  1 read, 1 linked, 1 not found\n"), "{out}");
    assert!(again == Some(0) && same.ends_with("  succeeded  1 read, 1 unchanged, 1 not found\n"), "{same}");
    assert!(refused == Some(1) && none.contains("  failed  "), "{none}");
    assert!(
        why.starts_with("switchboard: the run did not succeed: ") && why.ends_with("so no contact was changed.\n"),
        "{why}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_fails_is_one_sentence_and_no_success() {
    let desk = Desk::open().await;
    desk.source("none.csv").await;

    let (code, out, err) = said(&desk.sync(&["run", "--source", "none.csv"]));

    let expected = "switchboard: the run did not succeed: The file `none.csv` was refused (there is no such file in \
                    the tenant's folder for file sources), so no contact was changed.\n";
    assert_eq!((code, err.as_str()), (Some(1), expected));
    assert!(out.contains("  failed  0 read"), "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_tested_and_tried_from_the_terminal() {
    let desk = Desk::open().await;
    desk.source("people.csv").await;
    let missing = said(&desk.sync(&["test", "--source", "people.csv"]));
    desk.says("people.csv", 3);

    let (code, out, err) = said(&desk.sync(&["test", "--source", "people.csv"]));
    let entry = said(&desk.sync(&["try", "--source", "people.csv", "--mail", "p1@example.com"]));
    let nobody = said(&desk.sync(&["try", "--source", "people.csv", "--sip", "nobody@example.com"]));
    let mapping = json!({"external_id": ["external_id"], "display_name": [{"attributes": ["display_name"],
        "transforms": [{"kind": "upper_case"}]}]});
    let connection = json!({"kind": "file", "path": "people.csv", "format": "csv"});
    let definition = json!({"name": "Other", "connection": connection, "mapping": mapping});
    let file = desk.place.file("source.json");
    fs::write(&file, definition.to_string()).unwrap();
    let unsaved = said(&desk.sync(&["try", "--definition", name(&file), "--dn", "people.csv:2"]));

    assert!(missing.0 == Some(1) && missing.2.contains("there is no such file"), "{missing:?}");
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("passed   entries     3 entries were found."), "{out}");
    assert!(out.contains("people.csv:2: Person 0"), "{out}");
    assert!(entry.0 == Some(0) && entry.1.contains("display_name: Person 1"), "{entry:?}");
    assert!(entry.1.contains("taken [display_name=Person 1]"), "{entry:?}");
    assert_eq!((nobody.0, nobody.2.as_str()), (Some(1), "switchboard: the source has no such entry\n"));
    assert!(unsaved.1.contains("taken [display_name=Person 0] > upper_case: PERSON 0"), "{unsaved:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_waits_is_approved_or_cancelled() {
    let desk = Desk::open().await;
    desk.source("people.csv").await;
    desk.says("people.csv", 20);
    desk.sync(&["run", "--source", "people.csv"]);
    desk.says("people.csv", 10);

    let (code, out, err) = said(&desk.sync(&["run", "--source", "people.csv"]));
    let first = out.split_whitespace().next().unwrap().to_owned();
    let cancelled = said(&desk.sync(&["cancel", "--run", &first]));
    let (twice, _, refused) = said(&desk.sync(&["cancel", "--run", &first]));
    let (_, out, _) = said(&desk.sync(&["run", "--source", "people.csv"]));
    let second = out.split_whitespace().next().unwrap().to_owned();
    let approved = said(&desk.sync(&["approve", "--run", &second]));

    assert_eq!(code, Some(1));
    assert!(err.starts_with("switchboard: the run waits for `switchboard sync approve`: "), "{err}");
    assert!(cancelled.0 == Some(0) && cancelled.1.contains("  cancelled  "), "{cancelled:?}");
    assert!(twice == Some(1) && refused.lines().count() == 1 && refused.contains("409 Conflict"), "{refused}");
    assert!(approved.0 == Some(0) && approved.1.contains("10 disabled"), "{approved:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_seen_before_anything_is_written() {
    let desk = Desk::open().await;
    desk.source("people.csv").await;
    desk.says("people.csv", 3);

    let (code, out, err) = said(&desk.sync(&["run", "--source", "people.csv", "--preview"]));
    let before = desk.admin.get(&format!("/tenants/{}/contacts", desk.tenant)).await;
    let run = out.lines().nth(3).and_then(|line| line.split_whitespace().next()).unwrap().to_owned();
    let approved = said(&desk.sync(&["approve", "--run", &run]));
    let unchanged = said(&desk.sync(&["run", "--source", "people.csv", "--preview"]));
    let of_all = said(&desk.sync(&["run", "--all", "--preview"]));

    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("  create  people.csv:2\n  create  people.csv:3\n  create  people.csv:4\n"), "{out}");
    assert!(out.contains("  awaiting_approval  3 read, 3 created  Nothing was written yet"), "{out}");
    assert!(out.contains(&format!("`switchboard sync approve --run {run}` does it")), "{out}");
    assert_eq!(before["items"], json!([]));
    assert!(approved.0 == Some(0) && approved.1.ends_with("  succeeded  3 read, 3 created\n"), "{approved:?}");
    assert!(unchanged.0 == Some(0) && unchanged.1.ends_with("  succeeded  3 read, 3 unchanged\n"), "{unchanged:?}");
    assert!(of_all.0 == Some(2) && of_all.2.contains("'--all' cannot be used with '--preview'"), "{of_all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_a_run_is_written_to_the_terminal_or_a_file() {
    let desk = Desk::open().await;
    desk.source("people.csv").await;
    desk.says("people.csv", 3);
    let (_, out, _) = said(&desk.sync(&["run", "--source", "people.csv"]));
    let run = out.split_whitespace().next().unwrap().to_owned();
    let file = desk.place.file("report.json");

    let (code, lines, err) = said(&desk.sync(&["report", &run]));
    let written = said(&desk.sync(&["report", &run, "--format", "json", "--output", name(&file)]));
    let missing = said(&desk.sync(&["report", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"]));

    assert_eq!((code, err.as_str()), (Some(0), ""), "{lines}");
    let rows: Vec<&str> = lines.split("\r\n").collect();
    assert!(rows[0].starts_with("number,action,locator,"), "{lines}");
    assert!(rows[1].starts_with("1,create,people.csv:2,"), "{lines}");
    assert_eq!(rows.len(), 5, "{lines}");
    assert_eq!(written, (Some(0), String::new(), String::new()));
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(report["run"]["id"], json!(run));
    assert_eq!(report["entries"].as_array().map(Vec::len), Some(3));
    assert!(missing.0 == Some(1) && missing.2.contains("404 Not Found"), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_one_sentence() {
    let desk = Desk::open().await;
    let run = ["sync", "run", "--tenant", &desk.tenant, "--source", "people.csv"];
    let wrong = desk.place.file("wrong");
    fs::write(&wrong, "sbt_not-a-token").unwrap();
    let nobody_listens = format!("http://127.0.0.1:{}", suite::process::free_port());

    for (more, expected) in [
        (&[][..], "needs an API token: `--token-file`, or the environment variable SWITCHBOARD_TOKEN"),
        (&["--token-file", "/missing"], "/missing: No such file or directory"),
        (&["--token-file", name(&wrong)], "401 Unauthorized"),
        (&["--token-file", name(&desk.token)], "the tenant has no source `people.csv`"),
        (&["--token-file", name(&desk.token), "--gateway", &nobody_listens], "Connection refused"),
    ] {
        let refusal = desk.place.refusal(&[&run, more].concat());
        assert!(refusal.starts_with("switchboard: ") && refusal.contains(expected), "{refusal}");
        assert_eq!(refusal.lines().count(), 1, "{refusal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_sees_how_far_a_run_has_come() {
    let desk = Desk::open().await;
    desk.source("people.csv").await;
    desk.says("people.csv", 3);
    let words = [
        PROGRAM,
        "--config",
        name(&desk.place.file("switchboard.toml")),
        "sync",
        "run",
        "--token-file",
        name(&desk.token),
        "--tenant",
        &desk.tenant,
        "--source",
        "people.csv",
    ]
    .map(|word| format!("'{word}'"));

    // `script` gives the program a terminal.
    let mut command = Command::new("script");
    let output = command.args(["-q", "-e", "-c", &words.join(" "), "/dev/null"]).output().unwrap();

    let (code, seen, _) = said(&output);
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("00:00:00 "), "{seen}");
    assert!(seen.contains("succeeded  3 read, 3 created"), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_the_database_for_itself_is_refused_while_a_gateway_serves() {
    let desk = Desk::open().await;
    let (backup, elsewhere) = (desk.place.file("kept.backup"), desk.place.file("elsewhere.db"));
    let to = format!("sqlite:{}", elsewhere.display());
    desk.place.ask(&["backup", name(&backup)]);

    let expected = format!("switchboard: another gateway serves this database: process {}\n", desk.program.id());
    for command in [
        &["migrate"][..],
        &["restore", name(&backup)],
        &["copy-store", "--to", &to],
        &["admin", "rekey"],
        &["admin", "reset-password", "--user", "root"],
        &["serve"],
    ] {
        assert_eq!(desk.place.refusal(command), expected, "{command:?}");
    }
    assert!(!elsewhere.exists(), "a refused copy leaves nothing behind");
    assert!(desk.place.ask(&["admin", "set-up-link"]).contains("/setup#"));
    assert!(desk.place.ask(&["check-config"]).contains("server.listen"));
}

#[test]
fn every_command_says_what_it_is_for() {
    let place = Place::new();
    for (command, expected) in [
        (&[][..], "copy-store"),
        (&["serve"], "Serves until told to stop"),
        (&["migrate"], "Brings the database to this program's version"),
        (&["check-config"], "Prints the configuration in force"),
        (&["sync"], "cancel"),
        (&["sync", "run"], "--source <SOURCE>"),
        (&["sync", "run"], "--stored"),
        (&["sync", "run"], "--preview"),
        (&["sync", "undo"], "--yes"),
        (&["sync", "list"], "Lists a tenant's latest runs"),
        (&["sync", "approve"], "--run <ID>"),
        (&["sync", "cancel"], "--run <ID>"),
        (&["sync", "report"], "--format <FORMAT>"),
        (&["admin"], "rekey"),
        (&["admin", "set-up-link"], "within 24 hours"),
        (&["admin", "reset-password"], "--user <NAME>"),
        (&["admin", "rekey"], "The gateway must not run"),
        (&["backup"], "there must be none yet"),
        (&["restore"], "The configured database must be empty"),
        (&["copy-store"], "--to <URL>"),
        (&["openapi"], "Prints the OpenAPI document"),
        (&["demo"], "--seed <SEED>"),
    ] {
        let help = place.ask(&[command, &["--help"]].concat());
        assert!(help.contains(expected) && help.contains("Usage: switchboard"), "{command:?}: {help}");
    }
    let wrong = place.run(&["sync", "run"]);
    assert!(wrong.status.code() == Some(2) && errors(&wrong).contains("--source <SOURCE>"), "{}", errors(&wrong));
    assert_eq!(place.ask(&["--version"]), format!("switchboard {}\n", env!("CARGO_PKG_VERSION")));
}
