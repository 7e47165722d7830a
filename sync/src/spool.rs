//! The steps of a plan while it is being made: in a file without a name beside the store.
//!
//! Nothing of a plan is done before the source said that this was all, so the steps have to wait
//! somewhere; a directory of any size fits on the disk. The file is gone when it is closed, however
//! that happens. A plan that waits for approval moves into the store, where it survives a restart.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::{thread, vec};

use directory_model::run::{Counts, PlanStep};
use directory_store::error::{StoreError, StoreResult};

use crate::apply::{self, Ready};

/// Bytes that are written or read at once.
const BUFFER: usize = 256 << 10;
/// Steps that are read from the file together.
const PORTION: usize = 100;
/// How many portions are read ahead of the writer.
const AHEAD: usize = 10;

/// Steps that are still being added.
#[derive(Debug)]
pub(crate) struct Spool {
    file: BufWriter<File>,
    line: Vec<u8>,
    planned: Counts,
    count: i64,
}

impl Spool {
    /// An empty one, in the folder of the store, or where temporary files are kept when the store
    /// has none.
    pub(crate) fn new(store: Option<&Path>) -> StoreResult<Self> {
        let folder = store.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
        let file = match (folder, store) {
            (Some(folder), _) => tempfile::tempfile_in(folder),
            (None, Some(_)) => tempfile::tempfile_in("."),
            (None, None) => tempfile::tempfile(),
        };
        let file = BufWriter::with_capacity(BUFFER, file.map_err(failed)?);
        Ok(Self { file, line: Vec::new(), planned: Counts::default(), count: 0 })
    }

    /// Adds steps at the end.
    pub(crate) fn append(&mut self, steps: &[PlanStep]) -> StoreResult<()> {
        apply::planned(&mut self.planned, steps);
        for step in steps {
            self.line.clear();
            serde_json::to_writer(&mut self.line, step).map_err(failed)?;
            self.line.push(b'\n');
            self.file.write_all(&self.line).map_err(failed)?;
            self.count += 1;
        }
        Ok(())
    }

    /// Everything that was added, from the beginning, and what it would do.
    pub(crate) fn finish(self) -> StoreResult<(Spooled, Counts)> {
        let mut file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.seek(SeekFrom::Start(0)).map_err(failed)?;
        let (out, portions) = sync_channel(AHEAD);
        let replay = Replay { file: BufReader::with_capacity(BUFFER, file), line: self.line, number: 0 };
        // Reading and checking a step takes about as long as writing it takes the store.
        thread::Builder::new().name("plan".into()).spawn(move || replay.run(&out)).map_err(failed)?;
        let spooled = Spooled { portions, portion: Vec::new().into_iter(), next: None, left: self.count };
        Ok((spooled, self.planned))
    }
}

/// Steps that are taken out again, in the order in which they were added.
#[derive(Debug)]
pub(crate) struct Spooled {
    portions: Receiver<StoreResult<Vec<Ready>>>,
    portion: vec::IntoIter<Ready>,
    // Taken already, to see whether it is tied to the one before.
    next: Option<Ready>,
    left: i64,
}

impl Spooled {
    /// Whether nothing was added.
    pub(crate) fn is_empty(&self) -> bool {
        self.left == 0 && self.next.is_none()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> u64 {
        u64::try_from(self.left).unwrap_or(0)
    }

    /// The next steps, numbered from 1: about `size` of them, and all that are tied to the last one.
    pub(crate) fn next(&mut self, size: usize) -> StoreResult<Vec<Ready>> {
        let mut steps = Vec::with_capacity(size);
        while let Some(ready) = self.take()? {
            if steps.len() >= size && !ready.step.is_tied {
                self.next = Some(ready);
                break;
            }
            steps.push(ready);
        }
        Ok(steps)
    }

    fn take(&mut self) -> StoreResult<Option<Ready>> {
        if let Some(ready) = self.next.take() {
            return Ok(Some(ready));
        }
        if self.left == 0 {
            return Ok(None);
        }
        loop {
            if let Some(ready) = self.portion.next() {
                self.left -= 1;
                return Ok(Some(ready));
            }
            // A part of a plan must never pass for the whole.
            self.portion = self.portions.recv().map_err(|_| failed("it ended early"))??.into_iter();
        }
    }
}

/// The thread that reads the file.
struct Replay {
    file: BufReader<File>,
    line: Vec<u8>,
    number: i64,
}

impl Replay {
    fn run(mut self, out: &SyncSender<StoreResult<Vec<Ready>>>) {
        loop {
            let portion = self.portion();
            let is_last = portion.as_ref().map_or(true, Vec::is_empty);
            // Nobody takes it any more when the run was cancelled.
            if out.send(portion).is_err() || is_last {
                return;
            }
        }
    }

    fn portion(&mut self) -> StoreResult<Vec<Ready>> {
        let mut portion = Vec::with_capacity(PORTION);
        while portion.len() < PORTION {
            self.line.clear();
            if self.file.read_until(b'\n', &mut self.line).map_err(failed)? == 0 {
                break;
            }
            self.number += 1;
            portion.push(Ready::new(self.number, serde_json::from_slice(&self.line).map_err(failed)?));
        }
        Ok(portion)
    }
}

fn failed(reason: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("the file of the plan: {reason}"))
}

#[cfg(test)]
mod tests {
    use directory_model::run::RunAction;

    use super::*;

    fn step(locator: &str, is_tied: bool) -> PlanStep {
        PlanStep { external_id: Some(vec![0, b'\n', 255]), is_tied, ..PlanStep::new(RunAction::Update, locator.into()) }
    }

    #[test]
    fn steps_come_back_numbered_and_tied_ones_together() {
        let steps = [step("a", false), step("b\nb", false), step("c", true), step("d", true), step("e", false)];
        let mut spool = Spool::new(None).expect("a file");
        spool.append(&steps[..2]).expect("written");
        spool.append(&steps[2..]).expect("written");

        let (mut spooled, planned) = spool.finish().expect("readable");

        assert_eq!(planned, Counts { updated: 5, ..Counts::default() });
        let mut portions = Vec::new();
        loop {
            let portion = spooled.next(2).expect("read");
            if portion.is_empty() {
                break;
            }
            portions.push(portion);
        }
        assert_eq!(portions.iter().map(Vec::len).collect::<Vec<_>>(), [4, 1]);
        let back = portions.into_iter().flatten().map(|ready| (ready.number, ready.step));
        let (numbers, back): (Vec<i64>, Vec<PlanStep>) = back.unzip();
        assert_eq!((numbers, back), ((1..=5).collect(), steps.to_vec()));
    }
}
