//! Cursor pages.

use serde::{Deserialize, Serialize};

/// How many items a page holds when nothing is said.
pub const DEFAULT_LIMIT: u32 = 50;
/// How many items a page holds at most.
pub const MAX_LIMIT: u32 = 500;

/// Where a page starts: after the item with this sort key and row key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sort key of the last item seen.
    pub sort: String,
    /// The row key of the last item seen, which orders items with equal sort keys.
    pub key: i64,
}

/// What page of a list is wanted.
#[derive(Debug, Clone, Default)]
pub struct PageRequest {
    /// Items after this one; from the start when absent.
    pub after: Option<Cursor>,
    /// At most this many items, 1 to [`MAX_LIMIT`]; [`DEFAULT_LIMIT`] when absent.
    pub limit: Option<u32>,
    /// Folded words that each must occur in the item's search key.
    pub words: Vec<String>,
}

impl PageRequest {
    /// The number of items to return.
    pub fn size(&self) -> u32 {
        self.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The same page with each item turned into another.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }
}
