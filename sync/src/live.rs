//! The runs that go on in this process, and how they are told to end.
//!
//! A run can go on twice: until its plan waits, and again once it is approved, which may be before
//! the task of the first time is quite done. So each time is an entry of its own, and a task takes
//! nothing but its own entry away.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use directory_model::id::{RunId, TenantId};
use directory_model::progress::Progress;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A run that goes on.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) tenant: TenantId,
    pub(crate) cancel: CancellationToken,
    pub(crate) progress: watch::Receiver<Progress>,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct LiveRuns(Mutex<HashMap<RunId, Live>>);

impl LiveRuns {
    /// The run goes on from now on, under this entry.
    pub(crate) fn enter(&self, run: RunId, live: Live) {
        self.lock().insert(run, live);
    }

    /// The run, if it goes on.
    pub(crate) fn find(&self, run: RunId) -> Option<Live> {
        self.lock().get(&run).cloned()
    }

    /// The entry's task is done with the run; whether it was cancelled until now. Whoever cancels it
    /// later learns from [`LiveRuns::cancel`] that nobody heard it.
    pub(crate) fn leave(&self, run: RunId, mine: &Live) -> bool {
        let mut runs = self.lock();
        if runs.get(&run).is_some_and(|live| live.is(mine)) {
            runs.remove(&run);
        }
        mine.cancel.is_cancelled()
    }

    /// Cancels the entry; `false` when its task had left, so that nobody heard it.
    pub(crate) fn cancel(&self, run: RunId, live: &Live) -> bool {
        let runs = self.lock();
        let is_there = runs.get(&run).is_some_and(|there| there.is(live));
        if is_there {
            live.cancel.cancel();
        }
        is_there
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RunId, Live>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    /// How far the run is once it is elsewhere than at `seen`; `None` when it does not go on any more.
    pub(crate) async fn after(mut self, seen: Option<Progress>) -> Option<Progress> {
        let is_news = |progress: &Progress| seen.as_ref() != Some(progress);
        self.progress.wait_for(is_news).await.ok().map(|progress| *progress)
    }

    fn is(&self, other: &Self) -> bool {
        self.progress.same_channel(&other.progress)
    }
}

#[cfg(test)]
mod tests {
    use directory_model::run::Counts;
    use directory_model::timestamp::Timestamp;

    use super::*;

    fn live() -> Live {
        let begun = Progress::begun(Counts::default(), Timestamp::from_millis(0));
        let (_, progress) = watch::channel(begun);
        Live { tenant: TenantId::NIL, cancel: CancellationToken::new(), progress }
    }

    #[test]
    fn a_task_that_ends_late_leaves_the_approved_run_alone() {
        let (runs, planning, applying) = (LiveRuns::default(), live(), live());
        runs.enter(RunId::NIL, planning.clone());
        runs.enter(RunId::NIL, applying.clone());

        assert!(!runs.leave(RunId::NIL, &planning));

        let found = runs.find(RunId::NIL).expect("the approved run goes on");
        assert!(found.is(&applying) && !found.is(&planning));
        runs.leave(RunId::NIL, &applying);
        assert!(runs.find(RunId::NIL).is_none());
    }

    #[test]
    fn a_cancellation_is_heard_by_the_task_or_by_who_asked() {
        let (runs, early, late) = (LiveRuns::default(), live(), live());

        runs.enter(RunId::NIL, early.clone());
        assert!(runs.cancel(RunId::NIL, &early));
        assert!(runs.leave(RunId::NIL, &early));

        runs.enter(RunId::NIL, late.clone());
        assert!(!runs.leave(RunId::NIL, &late));
        assert!(!runs.cancel(RunId::NIL, &late));
        assert!(!late.cancel.is_cancelled());
    }
}
