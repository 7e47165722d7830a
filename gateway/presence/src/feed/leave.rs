//! Which web origins look on at a topic, so that one that may no more can be cut.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The leave of pages of one origin to look on; all their connections share it.
#[derive(Debug, Default)]
pub(crate) struct Leave {
    is_withdrawn: AtomicBool,
}

/// Every leave that a topic has given and that somebody uses.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    by_origin: Mutex<HashMap<Box<str>, Weak<Leave>>>,
}

impl Leave {
    /// Whether pages of the origin may no longer look on.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.is_withdrawn.load(Ordering::Acquire)
    }
}

impl Leaves {
    /// The leave of `origin`, if that is `covered`. That is asked while no review goes on: a change
    /// after the answer is reviewed with the leave in the list.
    pub(super) fn give(&self, origin: &str, covered: impl FnOnce() -> bool) -> Option<Arc<Leave>> {
        let mut by_origin = self.by_origin.lock().unwrap_or_else(PoisonError::into_inner);
        if !covered() {
            return None;
        }
        if let Some(leave) = by_origin.get(origin).and_then(Weak::upgrade) {
            return Some(leave);
        }
        // Before it would grow, so that pages that have gone do not add up.
        if by_origin.len() == by_origin.capacity() {
            by_origin.retain(|_, leave| leave.strong_count() > 0);
        }
        let leave = Arc::new(Leave::default());
        by_origin.insert(origin.into(), Arc::downgrade(&leave));
        Some(leave)
    }

    /// Withdraws the leaves of origins that are not `covered`; whether there was one in use.
    pub(super) fn review(&self, covered: impl Fn(&str) -> bool) -> bool {
        let mut by_origin = self.by_origin.lock().unwrap_or_else(PoisonError::into_inner);
        let mut has_withdrawn = false;
        by_origin.retain(|origin, leave| {
            let Some(leave) = leave.upgrade() else { return false };
            let is_covered = covered(origin);
            if !is_covered {
                leave.is_withdrawn.store(true, Ordering::Release);
                has_withdrawn = true;
            }
            is_covered
        });
        has_withdrawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leave_is_shared_and_ends_for_all_its_connections() {
        let leaves = Leaves::default();
        let first = leaves.give("https://a.example", || true).expect("covered");
        let second = leaves.give("https://a.example", || true).expect("covered");
        let other = leaves.give("https://b.example", || true).expect("covered");
        assert!(leaves.give("https://c.example", || false).is_none());

        assert!(leaves.review(|origin| origin == "https://b.example"));

        assert!(first.is_withdrawn() && second.is_withdrawn() && !other.is_withdrawn());
        assert!(!leaves.review(|_| true));
        let again = leaves.give("https://a.example", || true).expect("covered again");
        assert!(!again.is_withdrawn());
    }

    #[test]
    fn pages_that_have_gone_do_not_add_up() {
        let leaves = Leaves::default();
        for number in 0..10_000 {
            let _gone = leaves.give(&format!("https://{number}.example"), || true);
        }

        assert!(leaves.by_origin.lock().expect("not poisoned").capacity() < 100);
    }
}
