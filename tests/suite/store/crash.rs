//! What was acknowledged survives the sudden death of the process that wrote it.

use std::collections::BTreeSet;
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use directory_model::id::TenantId;
use directory_store::avatars::{self, Owner};
use directory_store::{changes, contacts, presence_rows, tenants};
use suite::backend::TestDatabase;
use suite::on_each_backend;
use suite::random::Random;

use crate::process::child;

/// How often the writer is killed; as often again a whole gateway is (`server/crash.rs`).
const DEATHS: u32 = 40;
/// Every second writer is killed after at most so many acknowledgements.
const MOST_WRITES: u64 = 24;
/// The others at some moment after their first acknowledgement: at most so many microseconds.
const LONGEST_MICROS: u64 = 60_000;
/// More rows than are ever written.
const ALL: u32 = 100_000;

/// When a writer is killed.
#[derive(Clone, Copy)]
enum Death {
    /// After so many acknowledgements.
    After(u64),
    /// So much later than its first acknowledgement, whatever it does then.
    At(Duration),
}

/// A process that writes, and what it acknowledges.
fn writer(url: &str, tenant: TenantId, round: u32) -> (Child, Receiver<String>) {
    let (child, lines) = child(&["write", url, &tenant.to_string(), &round.to_string()]);
    let (said, heard) = channel();
    thread::spawn(move || lines.map(Result::unwrap).try_for_each(|line| said.send(line)));
    (child, heard)
}

/// Lets a process write, kills it, and says what it had acknowledged until then.
fn write_and_die(url: &str, tenant: TenantId, round: u32, death: Death) -> Vec<String> {
    let (mut child, heard) = writer(url, tenant, round);
    let mut acknowledged = Vec::new();
    match death {
        Death::After(writes) => {
            acknowledged.extend((0..writes).map(|_| heard.recv().expect("the writer ended by itself")));
        }
        Death::At(moment) => {
            acknowledged.push(heard.recv().expect("the writer ended by itself"));
            let deadline = Instant::now() + moment;
            while let Ok(line) = heard.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                acknowledged.push(line);
            }
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What it said before it died counts as well; its last line may be cut off.
    acknowledged.extend(heard.into_iter().filter(|line| line.ends_with(" .")));
    acknowledged
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    answer: String,
}

/// Asserts that all that was acknowledged is there, whole, and that the line of changes has no gap.
async fn require_whole(db: &TestDatabase, tenant: TenantId, acknowledged: &BTreeSet<String>) {
    let is_sqlite = db.database.file().is_some();
    let now = directory_model::clock::Clock::now(&db.clock);
    let (said, line, last) = db
        .read(move |conn| {
            if is_sqlite {
                let query = "SELECT integrity_check AS answer FROM pragma_integrity_check";
                let found: Answer = diesel::sql_query(query).get_result(conn)?;
                assert_eq!(found.answer, "ok");
            }
            let mut said = Vec::new();
            for (_, contact) in contacts::all(conn, tenant, 0, ALL)? {
                said.push(format!("contact {} .", contact.id));
            }
            for manual in presence_rows::all_manual(conn, tenant, now)? {
                said.push(format!("presence {} .", manual.contact));
            }
            for (owner, face) in avatars::all_faces(conn, tenant)? {
                let Owner::Contact(contact) = owner else { panic!("only contacts were given pictures") };
                let picture = avatars::find_picture(conn, tenant, face.picture)?.expect("a picture has its bytes");
                assert_eq!(picture.bytes.len(), 20_000);
                said.push(format!("avatar {contact} {} .", face.picture));
            }
            Ok((said, changes::list(conn, tenant, 0, ALL)?, tenants::change_seq(conn, tenant)?))
        })
        .await;
    let stored: BTreeSet<String> = said.into_iter().collect();
    let missing: Vec<&String> = acknowledged.difference(&stored).collect();
    assert_eq!(missing, Vec::<&String>::new(), "acknowledged and lost");
    let numbers: Vec<i64> = line.iter().map(|change| change.seq).collect();
    assert_eq!(numbers, (1..=last.unwrap()).collect::<Vec<_>>(), "numbers without gaps, one for each write");
    assert_eq!(numbers.len(), stored.len(), "each write has its change and each change its write");
}

on_each_backend! {
    async fn nothing_acknowledged_is_lost_when_the_writer_is_killed(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let mut random = Random::new(20_261_122);
        let mut acknowledged = BTreeSet::new();

        for round in 0..DEATHS {
            let death = match round % 2 {
                0 => Death::After(random.below(MOST_WRITES)),
                _ => Death::At(Duration::from_micros(random.below(LONGEST_MICROS))),
            };
            let url = db.url.clone();
            let write = tokio::task::spawn_blocking(move || write_and_die(&url, tenant, round, death));
            acknowledged.extend(write.await.expect("the round ends"));
            require_whole(&db, tenant, &acknowledged).await;
        }

        for kind in ["contact ", "presence ", "avatar "] {
            let count = acknowledged.iter().filter(|line| line.starts_with(kind)).count();
            assert!(count >= DEATHS as usize, "{count} × {kind}");
        }
    }
}
