//! `switchboard sync` as somebody works with it: what is started, how far it has come, how it ended, and taking it back.

use std::fs;
use std::process::{Command, Output, Stdio};

use reqwest::Method;
use serde_json::{Value, json};
use suite::emulator::{Manner, Reply};
use suite::ews::{Ews, Kind, Person};

use super::command_line::{Desk, said};
use super::place::{PROGRAM, name};

impl Desk {
    /// `switchboard sync …` in a terminal.
    fn in_terminal(&self, arguments: &[&str]) -> Output {
        let configuration = self.place.file("switchboard.toml");
        let (first, rest) = arguments.split_first().unwrap();
        let who = [PROGRAM, "--config", name(&configuration), "sync", first];
        let as_whom = ["--token-file", name(&self.token), "--tenant", &self.tenant];
        let words: Vec<String> = who.iter().chain(&as_whom).chain(rest).map(|word| format!("'{word}'")).collect();
        // `script` gives the program a terminal.
        Command::new("script").args(["-q", "-e", "-c", &words.join(" "), "/dev/null"]).output().unwrap()
    }

    async fn post(&self, path: &str, body: Option<Value>) -> Value {
        self.admin.ask(Method::POST, &format!("/tenants/{}{path}", self.tenant), body).await
    }

    async fn contacts(&self) -> Vec<Value> {
        let list = self.admin.ask(Method::GET, &format!("/tenants/{}/contacts?limit=500", self.tenant), None).await;
        list["items"].as_array().cloned().unwrap_or_default()
    }
}

/// The identity that a line begins with, after what stands before it.
fn run_of(line: &str, before: &str) -> String {
    line.trim_start_matches(before).split_whitespace().next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_is_told_phase_counts_rate_and_time_left() {
    const PEOPLE: u32 = 6000;
    let desk = Desk::open().await;
    desk.source("people.csv").await;
    desk.says("people.csv", PEOPLE);
    assert_eq!(desk.sync(&["run", "--source", "people.csv"]).status.code(), Some(0));
    let file = desk.place.file("files").join(&desk.tenant).join("people.csv");
    let renamed = fs::read_to_string(&file).unwrap().replace("Person ", "Somebody ");
    fs::write(&file, renamed).unwrap();

    let run = desk.in_terminal(&["run", "--source", "people.csv"]);

    let (code, seen, _) = said(&run);
    assert_eq!(code, Some(1), "so many changes wait");
    assert!(
        seen.contains(&format!("reading, {PEOPLE} of about {PEOPLE}")) || seen.contains(" of about 6000, "),
        "{seen}"
    );
    let (_, list, _) = said(&desk.sync(&["list"]));
    let id = run_of(&list, "");
    let (code, seen, _) = said(&desk.in_terminal(&["approve", "--run", &id]));
    assert_eq!(code, Some(0), "{seen}");
    for part in ["applying, ", " of about 6000", " a second", " s left", " updated"] {
        assert!(seen.contains(part), "no `{part}` in {seen}");
    }
    // Whoever is no terminal gets what came of it, and nothing on the way.
    let (_, out, err) = said(&desk.sync(&["run", "--source", "people.csv"]));
    assert!(out.ends_with("  succeeded  6000 read, 6000 unchanged\n") && err.is_empty(), "{out}{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_taken_back_once_that_is_said() {
    let desk = Desk::open().await;
    desk.source("people.csv").await;
    desk.says("people.csv", 3);
    let (_, out, _) = said(&desk.sync(&["run", "--source", "people.csv"]));
    let run = run_of(&out, "");

    let (code, plan, err) = said(&desk.sync(&["undo", "--run", &run]));
    assert_eq!((code, err.as_str()), (Some(0), ""), "{plan}");
    assert_eq!(plan.lines().filter(|line| line.starts_with("  remove  people.csv:")).count(), 3, "{plan}");
    assert!(plan.contains("  awaiting_approval  "), "{plan}");
    assert!(plan.contains("Nothing is taken back yet: `switchboard sync approve --run "), "{plan}");
    assert_eq!(desk.contacts().await.len(), 3);
    let waiting = plan.lines().find(|line| line.contains("  awaiting_approval  ")).unwrap();
    assert_eq!(desk.sync(&["cancel", "--run", &run_of(waiting, "")]).status.code(), Some(0));

    let (code, done, err) = said(&desk.sync(&["undo", "--run", &run, "--yes"]));
    assert_eq!((code, err.as_str()), (Some(0), ""), "{done}");
    assert!(done.lines().next_back().unwrap().ends_with("  succeeded  0 read, 3 removed"), "{done}");
    assert_eq!(desk.contacts().await.len(), 0);
    let (code, _, refused) = said(&desk.sync(&["undo", "--run", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "--yes"]));
    assert!(code == Some(1) && refused.lines().count() == 1, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_success_ends_with_a_code_and_one_sentence() {
    let desk = Desk::open().await;
    desk.source("people.csv").await;
    desk.says("people.csv", 20);
    assert_eq!(desk.sync(&["run", "--source", "people.csv"]).status.code(), Some(0));

    // The guard stops the plan.
    desk.says("people.csv", 10);
    let (guarded, out, stopped) = said(&desk.sync(&["run", "--source", "people.csv"]));
    assert_eq!(guarded, Some(1));
    assert!(stopped.starts_with("switchboard: the run waits for `switchboard sync approve`: "), "{stopped}");
    // Somebody ends it while it is followed: whoever approves it afterwards is told.
    let run = run_of(&out, "");
    assert_eq!(desk.sync(&["cancel", "--run", &run]).status.code(), Some(0));
    let (late, _, refused) = said(&desk.sync(&["approve", "--run", &run]));
    assert!(late == Some(1) && refused.contains("409 Conflict"), "{refused}");
    // The source cannot be read.
    fs::remove_file(desk.place.file("files").join(&desk.tenant).join("people.csv")).unwrap();
    let (failed, _, why) = said(&desk.sync(&["run", "--source", "people.csv"]));
    assert!(failed == Some(1) && why.starts_with("switchboard: the run did not succeed: The file"), "{why}");
    // What cannot be asked for is another code.
    for wrong in [&["run"][..], &["run", "--source", "a", "--all"], &["run", "--contact", "a", "--changes"]] {
        assert_eq!(desk.sync(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_somebody_cancels_ends_with_a_failure_for_whoever_follows_it() {
    let desk = Desk::open().await;
    let server = Ews::start(vec![Person::anna()]).await;
    let mut connection = serde_json::to_value(server.connection()).unwrap();
    connection["kind"] = "exchange".into();
    let base = format!("/tenants/{}", desk.tenant);
    let source =
        desk.admin.make(&format!("{base}/sources"), json!({"name": "Exchange", "connection": connection})).await;
    let secret = Some(json!({"secret": server.secret().expose()}));
    desk.admin.ask(Method::PUT, &format!("{base}/sources/{source}/secret"), secret).await;
    desk.admin.make(&format!("{base}/contacts"), json!({"mail": "anna.berg@example.com"})).await;
    // It never gets an answer.
    let never = Reply::empty(200).sent(Manner::Never);
    server.reply_next(Kind::Soap, never);

    let who = ["sync", "run", "--token-file", name(&desk.token), "--tenant", &desk.tenant, "--source", "Exchange"];
    let following = desk.place.command(&who).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let run = loop {
        let runs = desk.admin.ask(Method::GET, &format!("{base}/runs"), None).await;
        if let Some(run) = runs["items"][0]["id"].as_str() {
            break run.to_owned();
        }
        tokio::task::yield_now().await;
    };
    let (cancelled, out, _) = said(&desk.sync(&["cancel", "--run", &run]));
    let (code, _, err) = said(&following.wait_with_output().unwrap());

    assert!(cancelled == Some(0) && out.contains("  cancelled  "), "{out}");
    assert_eq!((code, err.as_str()), (Some(1), "switchboard: the run did not succeed: It was cancelled.\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_a_group_and_all_sources_are_synchronized() {
    let desk = Desk::open().await;
    for file in ["people.csv", "more.csv"] {
        desk.source(file).await;
    }
    desk.says("people.csv", 3);
    let more = "external_id,display_name,mail\n1,More,more@example.com\n";
    fs::write(desk.place.file("files").join(&desk.tenant).join("more.csv"), more).unwrap();

    let (code, out, err) = said(&desk.sync(&["run", "--all"]));
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.contains("people.csv  01") && out.contains("  succeeded  3 read, 3 created"), "{out}");
    assert!(out.contains("more.csv  01") && out.contains("  succeeded  1 read, 1 created"), "{out}");

    let (code, out, err) = said(&desk.sync(&["run", "--contact", "p1@example.com"]));
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("Could not load photo: Not found\npeople.csv  01"), "{out}");
    assert!(out.ends_with("  succeeded  1 read, 1 unchanged  for 1 contacts only\n"), "{out}");
    let missing = said(&desk.sync(&["run", "--contact", "nobody@example.com"]));
    assert_eq!(missing.2, "switchboard: the tenant has no contact `nobody@example.com`\n");

    let group = desk.post("/groups", Some(json!({"name": "Team"}))).await;
    let group = group["id"].as_str().unwrap().to_owned();
    let hand = desk.post("/contacts", Some(json!({"display_name": "By hand"}))).await;
    for contact in desk.contacts().await.iter().chain([&hand]) {
        let path = format!("/tenants/{}/groups/{group}/members/{}", desk.tenant, contact["id"].as_str().unwrap());
        desk.admin.ask(Method::PUT, &path, None).await;
    }
    let (code, out, err) = said(&desk.sync(&["run", "--group", "Team"]));
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(out.starts_with("1 contacts come from no source and are left as they are\n"), "{out}");
    assert!(out.contains("3 read, 3 unchanged  for 3 contacts only"), "{out}");
    assert!(out.contains("1 read, 1 unchanged  for 1 contacts only"), "{out}");

    // One that is not to be doubled is named, and the rest goes on.
    desk.says("people.csv", 1);
    assert_eq!(desk.sync(&["run", "--source", "people.csv"]).status.code(), Some(1), "it waits for approval");
    let (code, out, _) = said(&desk.sync(&["run", "--all", "--stored"]));
    assert_eq!(code, Some(0), "{out}");
    assert!(out.starts_with("left out  people.csv: run 01") && out.contains(" of it has not ended\n"), "{out}");
    assert!(out.contains("more.csv  01") && out.ends_with("1 read, 1 unchanged\n"), "{out}");
}
