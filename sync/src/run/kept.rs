//! Keeps what entries say before they are mapped, while they are read.
//!
//! It is written as it comes, whatever becomes of the run: it is what the source said. What did not change costs a
//! look at a digest and no writing.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use directory_model::record::Reported;
use directory_model::source::SourceFields;
use directory_source::mapping::Remapper;
use directory_store::connection::Connection;
use directory_store::database::Database;
use directory_store::error::{StoreError, StoreResult};
use directory_store::source_values::{self, EntryValues};
use directory_store::sync_runs::OpenRun;
use ring::digest::{Context, SHA256};
use tokio::task::JoinHandle;

use super::Running;

/// How many entries are written together.
const BATCH: usize = 500;

/// What is kept of a source, and what is to be written of it.
pub(super) struct Keeper {
    list: i64,
    known: Known,
    // What is to be written of each entry; nothing is left of one that says nothing any more. An entry that is
    // reported twice has the last word.
    pending: HashMap<Vec<u8>, Option<EntryValues>>,
    // What is being written while more is read: one batch at most.
    writing: Option<JoinHandle<StoreResult<()>>>,
}

/// The digests of what is kept and was not seen yet, by a hash of the entry's identity: should two entries share one,
/// one of them is written once more.
#[derive(Default)]
struct Known {
    seed: RandomState,
    digests: HashMap<u64, i64>,
    // Of every entry of the source; else of those that are asked about.
    is_all: bool,
}

impl Known {
    fn learn(&mut self, id: &[u8], digest: i64) {
        self.digests.insert(self.seed.hash_one(id), digest);
    }

    fn see(&mut self, id: &[u8]) -> Option<i64> {
        self.digests.remove(&self.seed.hash_one(id))
    }

    fn is_unseen(&self, id: &[u8]) -> bool {
        self.digests.contains_key(&self.seed.hash_one(id))
    }
}

impl Keeper {
    /// Takes the values out of what is reported, and notes those that are to be written.
    fn take(&mut self, reported: &mut [Reported]) {
        for reported in reported {
            match reported {
                Reported::Entry(entry) => {
                    let values = entry.values.take();
                    self.note(&entry.external_id, &entry.locator, entry.origin_id.as_ref(), values);
                }
                Reported::SetAside(aside) => {
                    let values = aside.values.take();
                    if let Some(id) = &aside.external_id {
                        self.note(id, &aside.locator, None, values);
                    }
                }
                Reported::Unchanged(id) => {
                    self.known.see(id);
                }
                Reported::Gone(id) => {
                    self.known.see(id);
                    self.pending.insert(id.clone(), None);
                }
            }
        }
    }

    /// Begins to write what is pending, once what was being written is there.
    async fn write(&mut self, database: &Database, run: &OpenRun) -> StoreResult<()> {
        self.written().await?;
        if self.pending.is_empty() {
            return Ok(());
        }
        let (pending, run, database) = (std::mem::take(&mut self.pending), run.clone(), database.clone());
        let write = async move { database.write_unnumbered(move |conn| write(conn, &run, pending)).await };
        self.writing = Some(tokio::spawn(write));
        Ok(())
    }

    /// Waits until what was being written is there.
    async fn written(&mut self) -> StoreResult<()> {
        let Some(writing) = self.writing.take() else { return Ok(()) };
        writing.await.unwrap_or_else(|reason| Err(StoreError::Unavailable(reason.to_string())))
    }

    fn note(&mut self, id: &[u8], locator: &str, origin_id: Option<&Vec<u8>>, values: Option<Box<str>>) {
        let known = self.known.see(id);
        let Some(values) = values else {
            // What it said before is no longer what it says.
            if known.is_some() || self.pending.contains_key(id) {
                self.pending.insert(id.to_vec(), None);
            }
            return;
        };
        let digest = digest(self.list, locator, origin_id, &values);
        if known != Some(digest) {
            let (locator, origin_id) = (locator.to_owned(), origin_id.cloned());
            let (external_id, list) = (id.to_vec(), self.list);
            let said = EntryValues { external_id, locator, origin_id, list, digest, values };
            self.pending.insert(id.to_vec(), Some(said));
        }
    }
}

/// Writes a batch, all or none.
fn write(conn: &mut Connection, run: &OpenRun, pending: HashMap<Vec<u8>, Option<EntryValues>>) -> StoreResult<()> {
    let (mut said, mut forgotten) = (Vec::new(), Vec::new());
    for (id, values) in pending {
        match values {
            Some(values) => said.push(values),
            None => forgotten.push(id),
        }
    }
    source_values::write(conn, run, &said, &forgotten)
}

fn digest(list: i64, locator: &str, origin_id: Option<&Vec<u8>>, values: &str) -> i64 {
    let mut context = Context::new(&SHA256);
    context.update(&list.to_le_bytes());
    for part in [locator.as_bytes(), origin_id.map_or(&[], Vec::as_slice), values.as_bytes()] {
        context.update(&(part.len() as u64).to_le_bytes());
        context.update(part);
    }
    let mut first = [0; 8];
    first.copy_from_slice(&context.finish().as_ref()[..8]);
    i64::from_le_bytes(first)
}

impl Running {
    /// Begins to keep what entries of the source say, of all of it or of some.
    pub(super) async fn begin_keeping(&mut self, fields: &SourceFields, is_all: bool) -> StoreResult<()> {
        // What an earlier read of this run still writes is there before it is looked at.
        if let Some(mut keeper) = self.keeper.take() {
            keeper.written().await?;
        }
        if !fields.connection.lists_everybody() {
            return Ok(());
        }
        let (run, names) = (self.run.clone(), Remapper::new(fields).attributes());
        let list = self.parts.database.write_unnumbered(move |conn| source_values::list(conn, &run, &names)).await?;
        let run = self.run.clone();
        let load = move |conn: &mut Connection| {
            let mut known = Known { is_all, ..Known::default() };
            if is_all {
                source_values::each_digest(conn, &run, |id, digest| known.learn(id, digest))?;
            }
            Ok(known)
        };
        let known = self.parts.database.read(load).await?;
        self.keeper = Some(Keeper { list, known, pending: HashMap::new(), writing: None });
        Ok(())
    }

    /// Keeps what these entries say, as far as it differs from what is kept.
    pub(super) async fn keep(&mut self, reported: &mut [Reported]) -> StoreResult<()> {
        let Some(mut keeper) = self.keeper.take() else { return Ok(()) };
        if !keeper.known.is_all {
            let run = self.run.clone();
            let ids: Vec<Vec<u8>> =
                reported.iter().filter_map(|entry| entry.external_id().map(<[u8]>::to_vec)).collect();
            let digests = self.parts.database.read(move |conn| source_values::digests(conn, &run, &ids)).await?;
            for (id, digest) in digests {
                keeper.known.learn(&id, digest);
            }
        }
        keeper.take(reported);
        if keeper.pending.len() >= BATCH {
            keeper.write(&self.parts.database, &self.run).await?;
        }
        self.keeper = Some(keeper);
        Ok(())
    }

    /// Writes what is left of what was read.
    pub(super) async fn write_rest(&mut self) -> StoreResult<()> {
        let Some(keeper) = &mut self.keeper else { return Ok(()) };
        keeper.write(&self.parts.database, &self.run).await?;
        keeper.written().await
    }

    /// Forgets what was not in a read of everything, once it is clear that it may be believed.
    pub(super) async fn forget_unseen(&mut self) -> StoreResult<()> {
        let Some(Keeper { known, .. }) = self.keeper.take().filter(|keeper| keeper.known.is_all) else {
            return Ok(());
        };
        if !known.digests.is_empty() {
            let run = self.run.clone();
            let find = move |conn: &mut Connection| {
                let mut unseen = Vec::new();
                source_values::each_digest(conn, &run, |id, _| {
                    unseen.extend(known.is_unseen(id).then(|| id.to_vec()));
                })?;
                Ok(unseen)
            };
            let unseen = self.parts.database.read(find).await?;
            for ids in unseen.chunks(BATCH) {
                let (run, ids) = (self.run.clone(), ids.to_vec());
                let forget = move |conn: &mut Connection| source_values::write(conn, &run, &[], &ids);
                self.parts.database.write_unnumbered(forget).await?;
            }
        }
        let run = self.run.clone();
        self.parts.database.write_unnumbered(move |conn| source_values::tidy(conn, &run)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_tells_apart_what_differs() {
        let id = b"x".to_vec();
        let digests = [
            digest(1, "a", None, "[]"),
            digest(2, "a", None, "[]"),
            digest(1, "ab", None, "[]"),
            digest(1, "a", Some(&id), "[]"),
            digest(1, "a", None, "[[0,\"a\"]]"),
            digest(1, "", None, "a[]"),
        ];

        for (at, one) in digests.iter().enumerate() {
            assert!(digests[at + 1..].iter().all(|other| other != one), "{at}");
        }
        assert_eq!(digests[0], digest(1, "a", None, "[]"));
    }
}
