//! A gateway that is killed while a run writes: the next one restarts it and nothing is lost or made twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use ::sync::reader::SourceReader;
use directory_source::SourcePolicy;
use suite::on_each_backend;
use suite::random::Random;
use tempfile::TempDir;

use super::*;
use crate::process::child;

/// How often the gateway is killed while it applies, on each of the two databases: what is written is decided by the
/// same code for both, so that 50 deaths in all are 50 of it.
const DEATHS: u32 = 25;
/// People that there ever are where it is killed while it applies: so many that this takes many transactions.
const MANY: u64 = 2000;
/// People that there ever are where it dies at a point that is counted.
const PEOPLE: u64 = 400;
/// The fewest entries that a file of them has, by far.
const READS: u64 = 250;
/// The fewest transactions of a run that changes anything: its start, what it does, its end.
const WRITES: u64 = 3;

/// What a file of one moment says: identity, name, mail and company.
type Said = BTreeMap<String, (String, String, String)>;

/// Most of the people, each with another company, and some with each other's mail address.
fn people(count: u64, random: &mut Random) -> Said {
    let shift = random.below(20);
    let mut said = Said::new();
    for number in 0..count {
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

/// When a gateway dies.
#[derive(Debug, Clone, Copy)]
enum Death {
    /// So long after it began to apply.
    Applying(Duration),
    /// When its source has said so many entries.
    Read(u64),
    /// When it has written so many transactions.
    Write(u64),
}

/// Starts a gateway that runs the source and dies; says whether the run had ended by then.
fn run_and_die(world: &World, folder: &Path, death: Death) -> impl Future<Output = bool> + use<> {
    let (what, count) = match death {
        Death::Applying(_) => ("never", 0),
        Death::Read(count) => ("read", count),
        Death::Write(count) => ("write", count),
    };
    let (tenant, source) = (world.tenant.to_string(), world.source.to_string());
    let (url, folder) = (world.db.url.clone(), folder.to_str().expect("text").to_owned());
    let dying = tokio::task::spawn_blocking(move || {
        let (mut child, mut lines) = child(&["synchronize", &url, &tenant, &source, &folder, what, &count.to_string()]);
        if let Death::Applying(moment) = death {
            let applying = lines.next().expect("it says something").expect("text");
            assert_eq!(applying, "applying .");
            let deadline = Instant::now() + moment;
            std::thread::park_timeout(deadline.saturating_duration_since(Instant::now()));
            child.kill().expect("killed");
        }
        child.wait().expect("gone");
        lines.any(|line| line.is_ok_and(|line| line == "ended ."))
    });
    async { dying.await.expect("the child ran") }
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

impl World {
    /// Whatever was written is whole, and the next run does the rest.
    async fn is_brought_in_step(&self, said: &Said, when: &str) {
        self.in_service().await;
        self.engine.recover().await.expect("the store reads");

        let run = self.finish().await;

        assert_eq!((run.state, &run.problem), (RunState::Succeeded, &None), "{when}");
        let said = said.values().cloned().map(|(name, mail, company)| (name, (mail, company)));
        assert_eq!(self.in_service().await, said.collect(), "{when}");
    }

    /// Of those who are in both files with different companies: how many have the new one, and how many the old one.
    /// Nobody has anything else.
    async fn progress_between(&self, before: &Said, said: &Said) -> (usize, usize) {
        let now: BTreeMap<_, _> = self
            .contacts()
            .await
            .into_iter()
            .map(|contact| {
                (contact.fields.display_name.unwrap_or_default(), contact.fields.company.unwrap_or_default())
            })
            .collect();
        let (mut done, mut left) = (0, 0);
        for (id, (name, _, old)) in before {
            let Some((_, _, new)) = said.get(id).filter(|(_, _, new)| new != old) else { continue };
            let company = now.get(name).expect("nobody is lost");
            assert!(company == new || company == old, "{name} has {company} instead of {old} or {new}");
            done += usize::from(company == new);
            left += usize::from(company == old);
        }
        (done, left)
    }
}

on_each_backend! {
    async fn a_run_killed_while_it_applies_leaves_a_store_that_the_next_one_brings_in_step(db: TestDatabase) {
        let folder = TempDir::new().expect("a folder");
        let world = World::mapped_by_columns(db, folder.path()).await;
        let mut random = Random::new(20_261_126);
        let mut before = people(MANY, &mut random);
        write_file(folder.path(), world.tenant, &before);
        succeeded(&world.finish().await);
        let mut longest = Duration::from_millis(400);
        let (mut in_the_middle, mut partial) = (0, 0);
        for death in 0..DEATHS {
            let said = people(MANY, &mut random);
            write_file(folder.path(), world.tenant, &said);
            let moment = Duration::from_micros(random.below(longest.as_micros().try_into().expect("short")));
            let has_ended = run_and_die(&world, folder.path(), Death::Applying(moment)).await;
            // As long as plans take to be applied on this machine, so that few of them are done before.
            longest = if has_ended { longest * 3 / 4 } else { longest * 21 / 20 };
            in_the_middle += u32::from(!has_ended);
            let (done, left) = world.progress_between(&before, &said).await;
            partial += u32::from(done > 0 && left > 0);
            world.is_brought_in_step(&said, &format!("death {death}, {done} done, {left} left")).await;
            before = said;
        }
        assert!(in_the_middle >= DEATHS / 2, "{in_the_middle} of {DEATHS} were killed in the middle");
        assert!(partial >= DEATHS / 5, "{partial} of {DEATHS} left a plan of which some was done and some was not");
    }

    async fn one_that_dies_reading_writing_and_again_at_once_loses_nothing_either(db: TestDatabase) {
        let folder = TempDir::new().expect("a folder");
        let world = World::mapped_by_columns(db, folder.path()).await;
        let mut random = Random::new(20_261_127);
        for round in 0..2 {
            for kinds in ["r", "w", "wr", "rw", "ww", "rrww"] {
                let mut death = |kind| match kind {
                    'r' => Death::Read(1 + random.below(READS)),
                    // Before its end is written.
                    _ => Death::Write(1 + random.below(WRITES - 1)),
                };
                let deaths: Vec<Death> = kinds.chars().map(&mut death).collect();
                let said = people(PEOPLE, &mut random);
                write_file(folder.path(), world.tenant, &said);
                for death in &deaths {
                    let has_ended = run_and_die(&world, folder.path(), *death).await;
                    assert!(!has_ended, "round {round}: {deaths:?}");
                }
                world.is_brought_in_step(&said, &format!("round {round}: {deaths:?}")).await;
            }
        }
    }
}
