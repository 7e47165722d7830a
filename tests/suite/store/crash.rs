//! What was acknowledged survives the sudden death of the process that wrote it.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use diesel::prelude::*;
use diesel::sql_types::Text;
use directory_model::id::TenantId;
use directory_store::{changes, contacts, tenants};
use suite::backend::TestDatabase;
use suite::on_each_backend;

/// How often the writer is killed.
const DEATHS: u32 = 50;
/// The writer is killed after at most so many acknowledgements.
const MOST_WRITES: u64 = 12;
/// More rows than are ever written.
const ALL: u32 = 100_000;

/// Numbers that are the same in every run of the test (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// Lets a process write contacts, kills it after `writes` acknowledgements, and says what it had
/// acknowledged until then.
fn write_and_die(url: &str, tenant: TenantId, round: u32, writes: u64) -> Vec<String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_suite-child"))
        .args(["write-contacts", url, &tenant.to_string(), &round.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut acknowledged: Vec<String> = lines.by_ref().take(usize::try_from(writes).unwrap()).collect();
    assert_eq!(acknowledged.len() as u64, writes, "the writer ended by itself");
    child.kill().unwrap();
    // What it said before it died counts as well; its last line may be cut off.
    acknowledged.extend(lines.filter(|line| line.len() == 26));
    child.wait().unwrap();
    acknowledged
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    answer: String,
}

/// Asserts that all that was acknowledged is there, and that the line of changes has no gap.
async fn require_whole(db: &TestDatabase, tenant: TenantId, acknowledged: &BTreeSet<String>) {
    let is_sqlite = db.database.file().is_some();
    db.read(move |conn| {
        if is_sqlite {
            let query = "SELECT integrity_check AS answer FROM pragma_integrity_check";
            let found: Answer = diesel::sql_query(query).get_result(conn)?;
            assert_eq!(found.answer, "ok");
        }
        Ok(())
    })
    .await;
    let (stored, line, last) = db
        .read(move |conn| {
            let stored = contacts::all(conn, tenant, 0, ALL)?;
            Ok((stored, changes::list(conn, tenant, 0, ALL)?, tenants::change_seq(conn, tenant)?))
        })
        .await;
    let stored: BTreeSet<String> = stored.into_iter().map(|(_, contact)| contact.id.to_string()).collect();
    let missing: Vec<&String> = acknowledged.difference(&stored).collect();
    assert_eq!(missing, Vec::<&String>::new(), "acknowledged and lost");
    let numbers: Vec<i64> = line.iter().map(|change| change.seq).collect();
    assert_eq!(numbers, (1..=last.unwrap()).collect::<Vec<_>>(), "numbers without gaps, one for each write");
    let changed: BTreeSet<String> = line.into_iter().map(|change| change.object).collect();
    assert_eq!(changed, stored, "each contact has its change and each change its contact");
}

on_each_backend! {
    async fn nothing_acknowledged_is_lost_when_the_writer_is_killed(db: TestDatabase) {
        let tenant = db.tenant("Acme").await;
        let mut random = Random(20_261_122);
        let mut acknowledged = BTreeSet::new();

        for round in 0..DEATHS {
            let (url, writes) = (db.url.clone(), random.below(MOST_WRITES));
            let write = tokio::task::spawn_blocking(move || write_and_die(&url, tenant, round, writes));
            acknowledged.extend(write.await.expect("the round ends"));
            require_whole(&db, tenant, &acknowledged).await;
        }

        assert!(acknowledged.len() >= DEATHS as usize);
    }
}
