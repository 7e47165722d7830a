//! At whom somebody looks now.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use directory_model::id::{ContactId, TenantId};
use directory_model::port::Interest;

use super::Feed;

/// For how long somebody looks who asked once and follows no stream.
const GLANCE: Duration = Duration::from_mins(2);

impl Interest for Feed {
    fn watched(&self, tenant: TenantId) -> Vec<ContactId> {
        let since = self.clock.now().minus(GLANCE);
        let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
        // Whoever looks on holds a reference besides ours.
        let looked_at = topics.values().filter(|topic| Arc::strong_count(topic) > 1 || topic.used_at() >= since);
        let served: Vec<_> = looked_at.map(|topic| topic.served()).filter(|served| served.tenant == tenant).collect();
        drop(topics);
        let watched: BTreeSet<ContactId> =
            served.into_iter().flat_map(|served| self.book.contacts_behind(served)).collect();
        watched.into_iter().collect()
    }
}
