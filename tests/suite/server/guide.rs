//! `docs/directory-sync.md`, followed from its second to its sixth section and in what its eighth says of plans: in the portal with a real Chromium, on
//! the command line, against a real Active Directory domain. See `web/e2e/guide-live-acts.mjs` for the clicks.

use std::process::Output;

use serde_json::{Value, json};
use suite::program::{PASSWORD, Program};
use suite::samba::{self, Unit};

use super::place::{PROGRAM, Place, errors, place_of};
use crate::portal::driven;

/// How many people there are, and how many of them leave.
const PEOPLE: usize = 26;
const LEAVERS: usize = 12;
/// The mail address that two people have.
const SHARED: &str = "shared.guide@contoso.test";
/// Somebody who is there all the time, and somebody who is not.
const SOMEBODY: &str = "anna.guide";
const LEAVER: &str = "p03.guide";

async fn domain() -> Unit {
    let unit = samba::server().unit().await;
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

/// A terminal with a token in its environment.
struct Terminal {
    place: Place,
    tenant: String,
    token: String,
}

impl Terminal {
    fn sync(&self, arguments: &[&str]) -> Output {
        let (first, rest) = arguments.split_first().expect("a command");
        let mut command = self.place.command(&[&["sync", first, "--tenant", &self.tenant], rest].concat());
        command.env("SWITCHBOARD_TOKEN", &self.token).output().expect("the program starts")
    }

    fn ask(&self, arguments: &[&str]) -> String {
        let output = self.sync(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", errors(&output));
        String::from_utf8(output.stdout).expect("text")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_comes_from_nothing_to_a_guarded_synchronization() {
    let unit = domain().await;
    let start = || Program::start(PROGRAM, "[sources.outbound]\nis_loopback_allowed = true");
    let program = tokio::task::spawn_blocking(start).await.expect("it starts");
    let (connection, secret) = samba::server().as_reader(&unit.dn);
    let given = json!({
        "url": program.url,
        "token": program.setup_token(),
        "password": PASSWORD,
        "host": connection.url.trim_start_matches("ldaps://"),
        "account": connection.bind_dn,
        "secret": secret.expose(),
        "base": unit.dn,
        "certificate": connection.trusted_certificates,
        "people": PEOPLE,
        "leavers": LEAVERS,
        "shared": SHARED,
        "somebody": SOMEBODY,
        "leaver": LEAVER,
    });

    let acts = [
        "the_first_user_makes_a_tenant_and_its_administrator",
        "the_administrator_signs_in",
        "the_source_is_entered_and_its_connection_tested",
        "an_entry_is_tried_out",
        "the_schedule_is_what_the_guide_says",
        "the_first_run_is_watched",
        "a_token_is_made",
    ];
    let told = portal(&given, &acts).await;
    let text = |name: &str| told[name].as_str().unwrap_or_else(|| panic!("{name}: {told}")).to_owned();
    let terminal = Terminal { place: place_of(&program), tenant: text("tenant"), token: text("token") };
    commands(&terminal);

    leave(&unit).await;
    let acts = [
        "the_administrator_signs_in",
        "a_plan_that_waits_is_looked_at_and_thrown_away",
        "a_plan_is_approved",
        "a_field_says_when_it_is_overwritten_and_is_pinned",
        "a_pinned_field_outlives_a_run_and_follows_again",
        "a_run_is_undone",
    ];
    portal(&given, &acts).await;
}

/// What section 6 says of the command line.
fn commands(terminal: &Terminal) {
    let of_source = |first, rest: &[&'static str]| [&[first, "--source", "Head office"], rest].concat();
    let tested = terminal.ask(&of_source("test", &[]));
    assert!(tested.contains("answers on port 636"), "{tested}");
    let tried = terminal.ask(&of_source("try", &["--mail", "anna.guide@contoso.test"]));
    assert!(tried.contains("Chemist"), "{tried}");
    let again = terminal.ask(&of_source("run", &[]));
    assert!(again.contains(&format!("{} unchanged", PEOPLE - 1)), "{again}");
    terminal.ask(&of_source("run", &["--changes"]));
    let list = terminal.ask(&["list"]);
    let first = list.lines().find(|line| line.contains("created")).unwrap_or_else(|| panic!("{list}"));
    let run = first.split_whitespace().next().expect("its identity");
    let file = terminal.place.file("run.csv");
    let report = ["report", run, "--format", "csv", "--output", file.to_str().expect("text")];
    terminal.ask(&report);
    let report = std::fs::read_to_string(file).expect("the report");
    assert!(report.contains("anna.guide") && report.contains(SHARED), "{report}");
}

/// Many leave, and one gets another title.
async fn leave(unit: &Unit) {
    for number in 1..=LEAVERS {
        unit.remove(&unit.name(&format!("p{number:02}.guide"))).await;
    }
    unit.set(&unit.name(SOMEBODY), "title", &[b"Head of research"]).await;
}
