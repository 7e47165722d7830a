//! Sign-ins that were begun at an identity provider: each is finished once, soon, and by the browser that
//! began it. They are kept in memory, bounded: when there is no room, the oldest goes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use directory_model::id::IdentityProviderId;
use directory_model::identity::AuthorizationRequest;
use directory_model::timestamp::Timestamp;

use super::secret::hash;

/// How long somebody may take at the provider.
pub(crate) const PATIENCE: Duration = Duration::from_mins(10);
/// How many are kept; some ten megabytes.
const MAX_PENDING: usize = 20_000;

/// A sign-in that was begun.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) provider: IdentityProviderId,
    pub(crate) request: AuthorizationRequest,
    /// What the browser that began it keeps in a cookie.
    pub(crate) binding: String,
    /// The address in the portal to go on at.
    pub(crate) to: String,
    pub(crate) begun_at: Timestamp,
}

/// All that were begun, by the hash of their state.
#[derive(Default)]
pub(crate) struct PendingSignIns(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_state: HashMap<[u8; 32], Pending>,
    in_order: VecDeque<[u8; 32]>,
}

impl PendingSignIns {
    /// Keeps one until it is finished.
    pub(crate) fn keep(&self, pending: Pending) {
        let now = pending.begun_at;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(oldest) = kept.in_order.front().copied()
            && (kept.in_order.len() >= MAX_PENDING || kept.by_state.get(&oldest).is_none_or(|one| one.is_over(now)))
        {
            kept.in_order.pop_front();
            kept.by_state.remove(&oldest);
        }
        let state = hash(&pending.request.state);
        kept.in_order.push_back(state);
        kept.by_state.insert(state, pending);
    }

    /// The sign-in of this state, which is over with that, whoever asks.
    pub(crate) fn take(&self, state: &str, now: Timestamp) -> Option<Pending> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_state.remove(&hash(state)).filter(|pending| !pending.is_over(now))
    }
}

impl Pending {
    fn is_over(&self, now: Timestamp) -> bool {
        now.since(self.begun_at) >= PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use directory_model::id::CountedIds;
    use directory_model::secret::Secret;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn pending(state: &str, begun_at: Timestamp) -> Pending {
        let request = AuthorizationRequest {
            redirect_uri: "https://x.test/".into(),
            state: state.into(),
            nonce: "nonce".into(),
            verifier: Secret::new("verifier"),
        };
        let provider = IdentityProviderId::new(&CountedIds::default());
        Pending { provider, request, binding: "cookie".into(), to: "/".into(), begun_at }
    }

    #[test]
    fn a_sign_in_is_finished_once_and_soon() {
        let all = PendingSignIns::default();
        all.keep(pending("one", at(0)));
        all.keep(pending("two", at(0)));

        assert!(all.take("three", at(1)).is_none());
        assert!(all.take("one", at(599)).is_some());
        assert!(all.take("one", at(599)).is_none(), "used");
        assert!(all.take("two", at(600)).is_none(), "too late");
    }

    #[test]
    fn memory_stays_bounded_and_the_oldest_goes() {
        let all = PendingSignIns::default();
        for number in 0..=MAX_PENDING {
            all.keep(pending(&number.to_string(), at(0)));
        }
        assert!(all.take("0", at(0)).is_none());
        assert!(all.take("1", at(0)).is_some());
        assert_eq!(all.0.lock().expect("lock").in_order.len(), MAX_PENDING);

        all.keep(pending("later", at(600)));
        let kept = all.0.lock().expect("lock");
        assert_eq!((kept.in_order.len(), kept.by_state.len()), (1, 1));
    }
}
