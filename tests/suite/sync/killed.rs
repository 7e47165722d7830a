//! A gateway that is killed while a run writes: the next one restarts it and nothing is lost or made twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ::sync::reader::SourceReader;
use directory_source::SourcePolicy;
use suite::on_each_backend;
use suite::random::Random;
use tempfile::TempDir;

use super::*;

/// How often the gateway is killed, on each of the two databases.
const DEATHS: u32 = 25;
/// People that there ever are.
const PEOPLE: u64 = 400;

/// What a file of one moment says: identity, name, mail and company.
type Said = BTreeMap<String, (String, String, String)>;

/// Most of the people, each with another company, and some with each other's mail address.
fn people(random: &mut Random) -> Said {
    let shift = random.below(20);
    let mut said = Said::new();
    for number in 0..PEOPLE {
        if number > 0 && random.below(10) == 0 {
            continue;
        }
        // Neighbours within a block exchange their addresses in a circle.
        let owner = number / 20 * 20 + (number % 20 + shift) % 20;
        let company = format!("Company {}", random.below(1000));
        said.insert(format!("id{number:04}"), (format!("Person {number}"), format!("p{owner}@example.com"), company));
    }
    said
}

fn write_file(folder: &Path, tenant: TenantId, said: &Said) {
    let mut text = "employeeNumber,displayName,mail,company\n".to_owned();
    for (id, (name, mail, company)) in said {
        writeln!(text, "{id},{name},{mail},{company}").expect("a string takes it");
    }
    let folder = folder.join(tenant.to_string());
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("people.csv"), text).expect("a file");
}

/// Starts a gateway that runs the source, and kills it at some moment; says whether it had ended by then.
fn run_and_die(arguments: &[String], moment: Duration) -> bool {
    let mut child = Command::new(env!("CARGO_BIN_EXE_suite-child"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let started = lines.next().expect("it says something").expect("text");
    assert_eq!(started, "started .");
    let deadline = Instant::now() + moment;
    // Time alone says when: wherever the run is by then.
    std::thread::park_timeout(deadline.saturating_duration_since(Instant::now()));
    child.kill().expect("killed");
    child.wait().expect("gone");
    lines.any(|line| line.is_ok_and(|line| line == "ended ."))
}

impl World {
    async fn mapped_by_columns(db: TestDatabase, folder: &Path) -> Self {
        let tenant = db.tenant("Acme").await;
        let connection = serde_json::json!({"kind": "file", "path": "people.csv", "format": "csv"});
        let mapping = serde_json::json!({
            "external_id": ["employeeNumber"], "display_name": ["displayName"], "mail": ["mail"], "company": ["company"],
        });
        let fields = SourceFields {
            mapping: Some(serde_json::from_value(mapping).expect("a mapping")),
            approval_threshold_percent: 100,
            ..source_fields(serde_json::from_value(connection).expect("a connection"))
        };
        let source = add_source(&db, tenant, fields).await;
        let policy = SourcePolicy { file_folder: Some(folder.into()), ..SourcePolicy::default() };
        let engine = engine(&db, Arc::new(SourceReader::new(policy)));
        Self { db, tenant, source, script: Arc::default(), engine }
    }

    /// What the store says of those in service, by name, and that nobody is there twice.
    async fn in_service(&self) -> BTreeMap<String, (String, String)> {
        let all = self.contacts().await;
        let names: BTreeSet<_> = all.iter().filter_map(|contact| contact.fields.display_name.clone()).collect();
        assert_eq!(names.len(), all.len(), "nobody is there twice");
        let shown = |contact: Contact| {
            let ContactFields { display_name, mail, company, .. } = contact.fields;
            (display_name.unwrap_or_default(), (mail.unwrap_or_default(), company.unwrap_or_default()))
        };
        all.into_iter().filter(|contact| contact.disabled_by.is_none()).map(shown).collect()
    }
}

on_each_backend! {
    async fn a_killed_run_leaves_a_store_that_the_next_one_brings_in_step(db: TestDatabase) {
        let folder = TempDir::new().expect("a folder");
        let world = World::mapped_by_columns(db, folder.path()).await;
        let mut random = Random::new(20_261_126);
        let mut longest = Duration::from_millis(400);
        let mut in_the_middle = 0;
        for death in 0..DEATHS {
            let said = people(&mut random);
            write_file(folder.path(), world.tenant, &said);
            let moment = Duration::from_micros(random.below(longest.as_micros().try_into().expect("short")));
            let database = world.db.url.clone();
            let folder = folder.path().display().to_string();
            let arguments = ["synchronize".into(), database, world.tenant.to_string(), world.source.to_string(), folder];
            let killed = tokio::task::spawn_blocking(move || run_and_die(&arguments, moment));
            let has_ended = killed.await.expect("the child ran");
            // As long as runs take on this machine, so that few of them end before.
            longest = if has_ended { longest * 3 / 4 } else { longest * 21 / 20 };
            in_the_middle += u32::from(!has_ended);
            // Whatever was written by then is whole.
            world.in_service().await;
            world.engine.recover().await.expect("the store reads");

            let run = world.finish().await;

            assert_eq!((run.state, &run.problem), (RunState::Succeeded, &None), "death {death}");
            let expected: BTreeMap<_, _> =
                said.into_values().map(|(name, mail, company)| (name, (mail, company))).collect();
            assert_eq!(world.in_service().await, expected, "death {death}");
        }
        assert!(in_the_middle >= DEATHS / 2, "{in_the_middle} of {DEATHS} were killed in the middle");
    }
}
