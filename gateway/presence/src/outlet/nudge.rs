//! How thousands of sockets wake one task: each has a waker that notes which socket it was.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

use tokio::sync::Notify;

/// The sockets of a shard that have something to do.
#[derive(Debug, Default)]
pub(super) struct Nudges {
    tokens: Mutex<Vec<u32>>,
    wake: Notify,
}

/// One socket's waker.
struct Nudge {
    nudges: Arc<Nudges>,
    token: u32,
}

impl Nudges {
    pub(super) fn waker(self: &Arc<Self>, token: u32) -> Waker {
        Waker::from(Arc::new(Nudge { nudges: self.clone(), token }))
    }

    /// Waits until a socket has something to do.
    pub(super) async fn some(&self) {
        self.wake.notified().await;
    }

    /// The sockets that have something to do, in exchange for an empty list to note more in.
    pub(super) fn take(&self, empty: Vec<u32>) -> Vec<u32> {
        std::mem::replace(&mut self.tokens.lock().unwrap_or_else(PoisonError::into_inner), empty)
    }
}

impl Wake for Nudge {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let is_first = {
            let mut tokens = self.nudges.tokens.lock().unwrap_or_else(PoisonError::into_inner);
            tokens.push(self.token);
            tokens.len() == 1
        };
        if is_first {
            self.nudges.wake.notify_one();
        }
    }
}
