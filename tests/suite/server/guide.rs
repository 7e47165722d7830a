//! `docs/directory-sync.md`, followed from its first section to its eighth: in the portal with a real Chromium, on the
//! command line, against a real Active Directory domain, a mail server and a web server. See
//! `web/e2e/guide-live-acts.mjs` for the clicks.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use suite::emulator::{Emulator, Reply};
use suite::process::wait_until;
use suite::program::{PASSWORD, Program};
use suite::samba::{self, Account, Unit};
use suite::smtp::Smtp;
use suite::tls::{Authority, Validity};
use suite::webhook::{SECRET, signature};

use super::place::{PROGRAM, errors};
use crate::portal::driven;

/// What is followed.
const GUIDE: &str = include_str!("../../../docs/directory-sync.md");
/// How many people there are, and how many of them leave.
const PEOPLE: usize = 26;
const LEAVERS: usize = 12;
/// The mail address that two people have.
const SHARED: &str = "shared.guide@contoso.test";
/// Somebody who is there all the time, and two who are not.
const SOMEBODY: &str = "anna.guide";
const LEAVER: &str = "p03.guide";
const FIRST_LEAVER: &str = "p23.guide";
/// The account of the guide's first section.
const ACCOUNT: &str = "svc-switchboard";
const ACCOUNT_PASSWORD: &str = "Guide!Pass1";
/// Who is told.
const TOLD: &str = "night.watch@contoso.test";

async fn domain() -> Unit {
    let unit = samba::server().unit().await;
    // A domain in which nobody was ever deleted has nobody to show.
    unit.remove(&unit.person("left.guide").await).await;
    let anna = unit.person(SOMEBODY).await;
    unit.set(&anna, "title", &[b"Chemist"]).await;
    for number in 1..PEOPLE {
        let person = unit.person(&format!("p{number:02}.guide")).await;
        if number > PEOPLE - 3 {
            unit.set(&person, "mail", &[SHARED.as_bytes()]).await;
        }
    }
    unit
}

/// 1. An account that may read, and that sees deleted objects.
async fn account(unit: &Unit) -> Account {
    let account = samba::server().account(unit, ACCOUNT, ACCOUNT_PASSWORD).await;
    unit.shows_deleted_to(&account).await;
    account
}

/// Who is told: whoever reads a mailbox, and a web server.
struct Desk {
    smtp: Smtp,
    server: Emulator,
    authority: Authority,
}

impl Desk {
    async fn open() -> Self {
        let authority = Authority::new();
        let smtp = Smtp::start(&authority.certificate(&["DNS:localhost"], Validity::Valid)).await;
        Self { smtp, server: Emulator::start(|_| Reply::empty(204)).await, authority }
    }

    /// The gateway that hands mail in there.
    async fn gateway(&self) -> Program {
        let file = suite::backend::new_folder().join("authority.pem");
        fs::write(&file, self.authority.pem()).expect("the authority can be written");
        let mail = format!(
            "[mail]\nhost = \"localhost\"\nport = {}\nfrom = \"switchboard@contoso.test\"\nca_file = \"{}\"",
            self.smtp.port(),
            file.display()
        );
        let start = move || Program::start(PROGRAM, &format!("{mail}\n[sources.outbound]\nis_loopback_allowed = true"));
        tokio::task::spawn_blocking(start).await.expect("it starts")
    }

    /// Waits until the mailbox and the web server were told something of which both say `word`, or `kind`.
    fn was_told(&self, word: &str, kind: &str) {
        let is_mailed = || self.smtp.mails().iter().any(|mail| mail.to == [TOLD] && mail.data.contains(word));
        wait_until(&format!("a mail that says {word}"), is_mailed);
        let kind = json!(kind);
        let is_posted = || {
            let seen = self.server.seen();
            assert!(seen.iter().all(|seen| seen.header("webhook-signature") == signature(seen)), "{seen:?}");
            let bodies = seen.iter().map(|seen| serde_json::from_str::<Value>(&seen.body).expect("JSON"));
            bodies.into_iter().any(|body| body["kind"] == kind)
        };
        wait_until(&format!("a request that says {kind}"), is_posted);
    }
}

/// Does `acts` in the portal, and says what they told.
async fn portal(given: &Value, acts: &[&str]) -> Value {
    let mut given = given.clone();
    given["acts"] = json!(acts);
    let count = acts.len();
    let said = tokio::task::spawn_blocking(move || driven("guide-live.mjs", &given)).await.expect("it ends");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok ")).count(), count, "{said}");
    let told = said.lines().filter_map(|line| line.strip_prefix("told  ")?.split_once(' '));
    told.map(|(name, value)| (name.to_owned(), json!(value))).collect::<serde_json::Map<_, _>>().into()
}

/// A terminal with a token in its environment, in which `switchboard` is a command.
struct Terminal<'a> {
    program: &'a Program,
    tenant: String,
    token: String,
    http: reqwest::Client,
}

impl<'a> Terminal<'a> {
    fn of(program: &'a Program, told: &Value) -> Self {
        // Fails only when another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().expect("a client");
        let text = |name: &str| told[name].as_str().unwrap_or_else(|| panic!("{name}: {told}")).to_owned();
        Self { program, tenant: text("tenant"), token: text("token"), http }
    }
}

impl Terminal<'_> {
    fn shell(&self, line: &str) -> Output {
        let folder = &self.program.folder;
        let command = folder.join("switchboard");
        if !command.exists() {
            std::os::unix::fs::symlink(Path::new(PROGRAM), &command).expect("the command can be made");
        }
        let listen = self.program.url.trim_start_matches("http://");
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("PATH=$PWD:$PATH; {line}")]).current_dir(folder);
        shell.env("SWITCHBOARD_TOKEN", &self.token).env("SWITCHBOARD__SERVER__LISTEN", listen);
        shell.output().expect("a shell")
    }

    /// What a line of the guide prints, in whose place the tenant and the people of this company stand.
    fn ask(&self, line: &str) -> String {
        let line = line.replace("TENANT", &self.tenant).replace("anna@contoso.com", "anna.guide@contoso.test");
        let output = self.shell(&line);
        assert!(output.status.success(), "{line}: {}", errors(&output));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Asks the API for something of the tenant, or to make it.
    async fn api(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/api/v1/tenants/{}{path}", self.program.url, self.tenant);
        let asked = self.http.request(method, &url).bearer_auth(&self.token).json(&body);
        let answer = asked.send().await.and_then(reqwest::Response::error_for_status).expect("it is answered");
        answer.json().await.unwrap_or_default()
    }

    /// A group with somebody in it.
    async fn group(&self, name: &str) {
        let group = self.api(Method::POST, "/groups", json!({ "name": name })).await;
        let found = self.api(Method::GET, &format!("/contacts?q={SOMEBODY}"), Value::Null).await;
        let (group, contact) = (group["id"].as_str().expect("made"), found["items"][0]["id"].as_str().expect("found"));
        self.api(Method::PUT, &format!("/groups/{group}/members/{contact}"), Value::Null).await;
    }

    /// The run of the list whose line says `words`.
    fn run(&self, words: &str) -> String {
        let list = self.ask("switchboard sync list --tenant TENANT");
        let line = list.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{words}: {list}"));
        line.split_whitespace().next().expect("its identity").to_owned()
    }
}

/// The lines of the guide that begin with `switchboard sync`.
fn lines_of_the_guide() -> impl Iterator<Item = &'static str> {
    GUIDE.lines().filter(|line| line.starts_with("switchboard sync "))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_comes_from_nothing_to_a_guarded_nightly_synchronization() {
    let (unit, desk) = (domain().await, Desk::open().await);
    let account = account(&unit).await;
    let program = desk.gateway().await;
    let given = given(&program, &unit, &account, &desk);

    let acts = [
        "the_first_user_makes_a_tenant_and_its_administrator",
        "the_administrator_signs_in",
        "the_source_is_entered_and_its_connection_tested",
        "an_entry_is_tried_out",
        "the_schedule_is_what_the_guide_says",
        "the_first_run_is_watched",
        "a_token_is_made",
        "somebody_is_told",
    ];
    let told = portal(&given, &acts).await;
    desk.was_told("Subject: Switchboard: a test", "test");
    let terminal = Terminal::of(&program, &told);
    commands(&terminal, &unit).await;

    leave(&unit).await;
    let acts = [
        "the_administrator_signs_in",
        "a_plan_that_waits_is_looked_at_and_thrown_away",
        "what_was_told_is_said",
        "a_plan_is_approved",
        "a_field_says_when_it_is_overwritten_and_is_pinned",
        "a_pinned_field_outlives_a_run_and_follows_again",
        "a_run_is_undone",
    ];
    portal(&given, &acts).await;
    desk.was_told("waits for approval", "run_waiting");
    undone(&terminal);
    portal(&given, &["the_administrator_signs_in", "a_run_starts_by_itself"]).await;
}

/// What the acts in the portal need.
fn given(program: &Program, unit: &Unit, account: &Account, desk: &Desk) -> Value {
    let connection = samba::server().connection(&unit.dn);
    json!({
        "url": program.url,
        "token": program.setup_token(),
        "password": PASSWORD,
        "host": connection.url.trim_start_matches("ldaps://"),
        "account": account.name,
        "secret": ACCOUNT_PASSWORD,
        "base": unit.dn,
        "certificate": connection.trusted_certificates,
        "people": PEOPLE,
        "leavers": LEAVERS,
        "shared": SHARED,
        "somebody": SOMEBODY,
        "leaver": LEAVER,
        "told": TOLD,
        "hook": format!("{}/night", desk.server.origin()),
        "hookSecret": SECRET,
    })
}

/// What section 6 says of the command line, each line as it stands there.
async fn commands(terminal: &Terminal<'_>, unit: &Unit) {
    // Where a part of the domain moves meanwhile, everything is read.
    let _places = samba::server().places.read().await;
    terminal.group("Support").await;
    let first = terminal.run("created");
    let mut said = Vec::new();
    for line in lines_of_the_guide() {
        if line.ends_with("--changes") {
            unit.remove(&unit.name(FIRST_LEAVER)).await;
        }
        said.push((line, terminal.ask(&line.replace("RUN", &first))));
    }
    let of = |part: &str| {
        let found = said.iter().find(|(line, _)| line.contains(part));
        found.map_or_else(|| panic!("no line with {part}"), |(_, said)| said.as_str())
    };
    assert_eq!(said.len(), 11, "{said:?}");
    assert!(of("sync test").contains("answers on port 636"), "{}", of("sync test"));
    assert!(of("sync test").contains("can say what has changed"), "{}", of("sync test"));
    assert!(of("sync try").contains("Chemist"), "{}", of("sync try"));
    assert!(of("sync run").contains(&format!("{} unchanged", PEOPLE - 1)), "{}", of("sync run"));
    assert!(of("--changes").contains("1 disabled"), "{}", of("--changes"));
    // Who left was found by the tombstone: it was not everything that was read.
    let run = terminal.api(Method::GET, &format!("/runs/{}", terminal.run("1 disabled")), Value::Null).await;
    assert_eq!((&run["extent"], &run["whole_because"]), (&json!("changes"), &Value::Null), "{run}");
    // Nothing is left to be shown before it is done.
    assert!(of("--preview").contains(&format!("{} unchanged", PEOPLE - 2)), "{}", of("--preview"));
    for part in ["--stored", "--preview", "--contact", "--group", "--all"] {
        assert!(of(part).contains("succeeded"), "{part}: {}", of(part));
    }
    let report = fs::read_to_string(terminal.program.folder.join("run.csv")).expect("the report");
    assert!(report.contains(SOMEBODY) && report.contains(SHARED), "{report}");
}

/// Many leave, and one gets another title.
async fn leave(unit: &Unit) {
    for number in 1..=LEAVERS {
        unit.remove(&unit.name(&format!("p{number:02}.guide"))).await;
    }
    unit.set(&unit.name(SOMEBODY), "title", &[b"Head of research"]).await;
}

/// 8, on the command line: the run that was done with `--changes` is taken back.
fn undone(terminal: &Terminal<'_>) {
    let line = "switchboard sync undo --tenant TENANT --run RUN";
    assert!(GUIDE.contains(&format!("`{line}`")) && GUIDE.contains("carries it out with `--yes`"));
    let line = line.replace("RUN", &terminal.run("1 disabled"));
    let plan = terminal.ask(&line);
    assert!(plan.contains(FIRST_LEAVER), "{plan}");
    let waiting = plan.lines().find(|line| line.contains("awaiting_approval")).unwrap_or_else(|| panic!("{plan}"));
    let waiting = waiting.split_whitespace().next().expect("its identity");
    terminal.ask(&format!("switchboard sync cancel --tenant TENANT --run {waiting}"));
    let done = terminal.ask(&format!("{line} --yes"));
    assert!(done.contains("succeeded"), "{done}");
}
