//! The number of an event.

use std::fmt;
use std::str::FromStr;

/// Which event: `epoch.seq`, the epoch in hexadecimal. Numbers of different epochs are unrelated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedId {
    /// Random for each life of a topic.
    pub epoch: u64,
    /// Counts up by one with each delta.
    pub seq: u64,
}

/// The text is not an event number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an event number: expected epoch.seq, such as 1f3a9c.42")]
pub struct NotAFeedId;

impl fmt::Display for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{}", self.epoch, self.seq)
    }
}

impl FromStr for FeedId {
    type Err = NotAFeedId;

    fn from_str(text: &str) -> Result<Self, NotAFeedId> {
        let (epoch, seq) = text.split_once('.').ok_or(NotAFeedId)?;
        let epoch = u64::from_str_radix(epoch, 16).map_err(|_| NotAFeedId)?;
        Ok(Self { epoch, seq: seq.parse().map_err(|_| NotAFeedId)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_survives_its_text() {
        let id = FeedId { epoch: 0x001f_3a9c, seq: 42 };

        assert_eq!(id.to_string(), "1f3a9c.42");
        assert_eq!("1f3a9c.42".parse(), Ok(id));
        for text in ["", "1", "x.1", "1.x", "1.2.3", "1.-1", "ffffffffffffffffff.1"] {
            assert_eq!(text.parse::<FeedId>(), Err(NotAFeedId), "{text}");
        }
    }
}
