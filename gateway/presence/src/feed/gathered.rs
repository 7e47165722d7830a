//! What may look different in topics that rest.

use std::collections::HashMap;

use directory_model::id::PublicationId;
use tokio::time::Instant;

use crate::book::Dirt;

/// What waits until its topic has rested.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    dirt: HashMap<PublicationId, Dirt>,
    /// Until when topics rest.
    resting: HashMap<PublicationId, Instant>,
}

impl Gathered {
    /// Adds what may look different now.
    pub(super) fn add(&mut self, fresh: HashMap<PublicationId, Dirt>) {
        for (publication, dirt) in fresh {
            match self.dirt.get_mut(&publication) {
                Some(held) => held.add(dirt),
                None => {
                    self.dirt.insert(publication, dirt);
                }
            }
        }
    }

    /// Takes what need not wait any more.
    pub(super) fn rested(&mut self, now: Instant) -> HashMap<PublicationId, Dirt> {
        self.resting.retain(|_, until| *until > now);
        if self.resting.is_empty() {
            return std::mem::take(&mut self.dirt);
        }
        let all = std::mem::take(&mut self.dirt).into_iter();
        let (waiting, rested) = all.partition(|(publication, _)| self.resting.contains_key(publication));
        self.dirt = waiting;
        rested
    }

    /// Has the topic of `publication` rest.
    pub(super) fn rest(&mut self, publication: PublicationId, until: Instant) {
        self.resting.insert(publication, until);
    }

    /// When something has waited long enough; `None` while nothing waits.
    pub(super) fn next(&self) -> Option<Instant> {
        self.dirt.keys().filter_map(|publication| self.resting.get(publication)).min().copied()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::Duration;

    use directory_model::id::{ContactId, CountedIds};

    use super::*;

    #[test]
    fn what_changes_while_a_topic_rests_waits_and_is_one() {
        let ids = CountedIds::default();
        let (one, other) = (PublicationId::new(&ids), PublicationId::new(&ids));
        let contacts: Vec<ContactId> = (0..3).map(|_| ContactId::new(&ids)).collect();
        let touched = |at: usize| Dirt::Contacts(HashSet::from([contacts[at]]));
        let now = Instant::now();
        let until = now + Duration::from_millis(10);
        let mut gathered = Gathered::default();

        gathered.add(HashMap::from([(one, touched(0))]));
        assert_eq!(gathered.rested(now), HashMap::from([(one, touched(0))]), "the first is told at once");
        gathered.rest(one, until);
        gathered.add(HashMap::from([(one, touched(1)), (other, touched(0))]));
        gathered.add(HashMap::from([(one, touched(2))]));
        assert_eq!(gathered.rested(now), HashMap::from([(other, touched(0))]));
        assert_eq!(gathered.next(), Some(until));
        let both = Dirt::Contacts(HashSet::from([contacts[1], contacts[2]]));
        assert_eq!(gathered.rested(until), HashMap::from([(one, both)]));
        assert_eq!((gathered.next(), gathered.resting.len()), (None, 0));
    }
}
