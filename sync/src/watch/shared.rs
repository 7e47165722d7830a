//! What a task shares with those who ask about it and tell it something.

use std::collections::{BTreeSet, HashSet};
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory_model::id::ContactId;
use directory_model::run::RunProblem;
use directory_model::source::Aspect;
use directory_model::timestamp::Timestamp;
use directory_model::upkeep::{AspectHealth, Upkeep};
use tokio::sync::Notify;

use crate::upkeep::keeper::Keeper;

/// Whose addresses are to be read anew.
#[derive(Debug, Default)]
pub(super) enum Inbox {
    /// Nobody's.
    #[default]
    Nothing,
    /// Theirs.
    Some(BTreeSet<ContactId>),
    /// Everybody's.
    All,
}

/// One source, one aspect, as others see it.
#[derive(Debug)]
pub(super) struct Shared {
    /// Told of whatever the task should look at.
    pub(super) wake: Notify,
    aspect: Aspect,
    since: Timestamp,
    keeper: Mutex<Keeper>,
    inbox: Mutex<Inbox>,
    interest: Mutex<Arc<HashSet<ContactId>>>,
    last: Mutex<Last>,
    is_over: AtomicBool,
}

/// How the source answered last.
#[derive(Debug, Default)]
struct Last {
    problem: Option<RunProblem>,
    answered_at: Option<Timestamp>,
}

impl Shared {
    pub(super) fn new(aspect: Aspect, keeper: Keeper, now: Timestamp) -> Self {
        Self {
            wake: Notify::new(),
            aspect,
            since: now,
            keeper: Mutex::new(keeper),
            inbox: Mutex::new(Inbox::All),
            interest: Mutex::default(),
            last: Mutex::default(),
            is_over: AtomicBool::new(false),
        }
    }

    pub(super) fn keeper(&self) -> MutexGuard<'_, Keeper> {
        lock(&self.keeper)
    }

    /// These contacts may have other addresses now, or have come or gone.
    pub(super) fn changed(&self, contacts: impl IntoIterator<Item = ContactId>) {
        match &mut *lock(&self.inbox) {
            Inbox::All => {}
            Inbox::Some(known) => known.extend(contacts),
            nothing @ Inbox::Nothing => *nothing = Inbox::Some(contacts.into_iter().collect()),
        }
        self.wake.notify_one();
    }

    /// Everybody is to be looked at.
    pub(super) fn all_changed(&self) {
        *lock(&self.inbox) = Inbox::All;
        self.wake.notify_one();
    }

    pub(super) fn take_inbox(&self) -> Inbox {
        std::mem::take(&mut *lock(&self.inbox))
    }

    /// What could not be read is to be read again.
    pub(super) fn put_back(&self, inbox: Inbox) {
        match inbox {
            Inbox::Nothing => {}
            Inbox::Some(contacts) => self.changed(contacts),
            Inbox::All => self.all_changed(),
        }
    }

    /// At whom somebody looks now.
    pub(super) fn interest(&self) -> Arc<HashSet<ContactId>> {
        Arc::clone(&lock(&self.interest))
    }

    /// Somebody looks at these contacts now, and at no others.
    pub(super) fn set_interest(&self, watched: &Arc<HashSet<ContactId>>) {
        let mut interest = lock(&self.interest);
        if **interest != **watched {
            *interest = Arc::clone(watched);
            self.wake.notify_one();
        }
    }

    pub(super) fn answered(&self, now: Timestamp) {
        *lock(&self.last) = Last { problem: None, answered_at: Some(now) };
    }

    pub(super) fn failed(&self, problem: RunProblem) {
        lock(&self.last).problem = Some(problem);
    }

    /// What was said is over: the source is not asked any more.
    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::Release);
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    pub(super) fn health(&self) -> AspectHealth {
        let counts = self.keeper().counts();
        let last = lock(&self.last);
        let (problem, answered_at) = (last.problem.clone(), last.answered_at);
        AspectHealth { aspect: self.aspect, counts, problem, since: self.since, answered_at }
    }

    pub(super) fn page(&self, from: Bound<ContactId>, size: usize) -> Vec<Upkeep> {
        self.keeper().page(self.aspect, from, size)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
