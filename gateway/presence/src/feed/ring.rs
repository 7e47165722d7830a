//! The deltas that can still be had by somebody who missed them.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};

use crate::coding::Coding;

/// How many deltas are kept.
pub(super) const MAX_EVENTS: usize = 1_000;

/// How many bytes of deltas are kept. Whoever missed more is better served with a snapshot.
const MAX_BYTES: u64 = 8 << 20;

/// What somebody must be sent who has everything up to a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tail {
    /// Nothing is missing.
    Nothing,
    /// These bytes, and then has everything up to `head`.
    Events {
        /// One event or several, ready to be written.
        bytes: Bytes,
        /// The number of the last.
        head: u64,
    },
    /// What is missing is no longer kept.
    Gone,
}

impl Tail {
    /// The same, written as `coding` says.
    pub(crate) fn coded(self, coding: Coding) -> Self {
        match self {
            Self::Events { bytes, head } => Self::Events { bytes: coding.piece(bytes), head },
            other => other,
        }
    }
}

/// The latest deltas of a topic, each with the number of bytes up to its end.
#[derive(Debug, Default)]
pub(super) struct Ring {
    events: VecDeque<(u64, Bytes)>,
    head: u64,
    written: u64,
}

impl Ring {
    /// The number of the latest delta; 0 before the first.
    pub(super) fn head(&self) -> u64 {
        self.head
    }

    pub(super) fn push(&mut self, event: Bytes) {
        self.head += 1;
        self.written += event.len() as u64;
        self.events.push_back((self.written, event));
        while self.events.len() > MAX_EVENTS || (self.kept() > MAX_BYTES && self.events.len() > 1) {
            self.events.pop_front();
        }
    }

    pub(super) fn after(&self, seq: u64) -> Tail {
        let Some(missing) = self.head.checked_sub(seq).and_then(|missing| usize::try_from(missing).ok()) else {
            return Tail::Gone;
        };
        let Some(start) = self.events.len().checked_sub(missing) else { return Tail::Gone };
        let mut events = self.events.range(start..).map(|(_, event)| event);
        match (missing, events.next()) {
            (1, Some(only)) => Tail::Events { bytes: only.clone(), head: self.head },
            (_, Some(first)) => {
                let mut bytes = BytesMut::from(first.as_ref());
                events.for_each(|event| bytes.extend_from_slice(event));
                Tail::Events { bytes: bytes.freeze(), head: self.head }
            }
            (_, None) => Tail::Nothing,
        }
    }

    /// How many bytes somebody who has everything up to `seq` has still to be sent.
    pub(super) fn bytes_after(&self, seq: u64) -> u64 {
        let missing = usize::try_from(self.head.saturating_sub(seq)).unwrap_or(usize::MAX);
        let had = self.events.len().checked_sub(missing + 1).and_then(|at| self.events.get(at));
        self.written - had.map_or_else(|| self.written - self.kept(), |(end, _)| *end)
    }

    /// Whether somebody who has everything up to `seq`, except for `waiting` bytes on their way, is
    /// more than `limit` bytes behind. The largest piece is left out: a large delta comes for all at
    /// once, and says nothing about how fast anybody reads.
    pub(super) fn is_behind(&self, seq: u64, waiting: u64, limit: u64) -> bool {
        let missing = self.bytes_after(seq) + waiting;
        if missing <= limit {
            return false;
        }
        let count = usize::try_from(self.head.saturating_sub(seq)).unwrap_or(usize::MAX);
        let largest = self.events.iter().rev().take(count).map(|(_, event)| event.len() as u64).max().unwrap_or(0);
        missing - largest.max(waiting) > limit.max(largest)
    }

    fn kept(&self) -> u64 {
        self.events.front().map_or(0, |(end, first)| self.written - (end - first.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(events: usize) -> Ring {
        let mut ring = Ring::default();
        (1..=events).for_each(|at| ring.push(Bytes::from(format!("<{at}>"))));
        ring
    }

    #[test]
    fn the_tail_is_exactly_what_was_missed() {
        let ring = filled(5);

        assert_eq!(ring.after(5), Tail::Nothing);
        assert_eq!(ring.after(4), Tail::Events { bytes: Bytes::from("<5>"), head: 5 });
        assert_eq!(ring.after(2), Tail::Events { bytes: Bytes::from("<3><4><5>"), head: 5 });
        assert_eq!(ring.after(6), Tail::Gone);
        assert_eq!([5, 4, 2, 0].map(|seq| ring.bytes_after(seq)), [0, 3, 9, 15]);
    }

    #[test]
    fn a_thousand_are_kept() {
        let ring = filled(MAX_EVENTS + 7);

        assert_eq!(ring.after(6), Tail::Gone);
        assert!(matches!(ring.after(7), Tail::Events { head: 1007, .. }));
        assert_eq!(ring.bytes_after(1006), 6);
        assert_eq!(ring.bytes_after(0), ring.bytes_after(7));
    }

    #[test]
    fn one_large_delta_leaves_nobody_behind() {
        let mut ring = filled(3);
        ring.push(Bytes::from(vec![b'x'; 100]));

        assert!(!ring.is_behind(3, 0, 10));
        assert!(!ring.is_behind(0, 0, 10));
        assert!(!ring.is_behind(4, 100, 10));
        (0..8).for_each(|_| ring.push(Bytes::from(vec![b'x'; 20])));
        assert!(ring.is_behind(3, 0, 10));
        assert!(ring.is_behind(4, 0, 10));
        assert!(!ring.is_behind(10, 0, 10));
    }

    #[test]
    fn large_deltas_do_not_fill_the_memory() {
        let mut ring = Ring::default();
        (0..20).for_each(|_| ring.push(Bytes::from(vec![b'x'; 1 << 20])));

        assert_eq!(ring.after(11), Tail::Gone);
        assert!(matches!(ring.after(12), Tail::Events { .. }));
    }
}
