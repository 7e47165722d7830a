//! Avatars: pictures of a contact, each for some of its states, and which of them is shown.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{AvatarId, SourceId};
use crate::presence::Availability;
use crate::timestamp::Timestamp;

/// The SHA-256 hash of a picture's bytes: its name for ever, wherever it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PictureHash([u8; 32]);

/// The text is not the hash of a picture (64 hexadecimal digits in lower case).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the hash of a picture: expected 64 hexadecimal digits")]
pub struct NotAHash;

impl PictureHash {
    /// The hash with these bytes; `None` unless there are 32.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for PictureHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for PictureHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let is_plain = text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if !is_plain || !rest.is_empty() {
            return Err(NotAHash);
        }
        let value = |digit: u8| if digit.is_ascii_digit() { digit - b'0' } else { digit - b'a' + 10 };
        let bytes: Vec<u8> = pairs.iter().map(|[high, low]| value(*high) << 4 | value(*low)).collect();
        Self::from_slice(&bytes).ok_or(NotAHash)
    }
}

impl From<PictureHash> for String {
    fn from(hash: PictureHash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for PictureHash {
    type Error = NotAHash;

    fn try_from(text: String) -> Result<Self, NotAHash> {
        text.parse()
    }
}

/// A picture of a contact, or one that a domain shows for contacts without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avatar {
    /// Its identity.
    pub id: AvatarId,
    /// The large rendition.
    pub large: PictureHash,
    /// The small rendition.
    pub small: PictureHash,
    /// The states in which it is shown; the default when there are none.
    pub statuses: BTreeSet<Availability>,
    /// It came from a directory, not from somebody's hand.
    pub is_synced: bool,
    /// The source that it came from, as long as there is that source.
    pub source: Option<SourceId>,
    /// When it came.
    pub created_at: Timestamp,
}

/// A state that was taken from one avatar because another was given it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MovedStatus {
    /// The state.
    pub status: Availability,
    /// The avatar that is not shown in it any more.
    pub from: AvatarId,
}

/// A set of states in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatusSet(u8);

impl StatusSet {
    fn bit(status: Availability) -> u8 {
        1 << (status as u8)
    }

    /// Whether it holds `status`.
    pub fn contains(self, status: Availability) -> bool {
        self.0 & Self::bit(status) != 0
    }

    /// Whether it holds none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Availability> for StatusSet {
    fn from_iter<I: IntoIterator<Item = Availability>>(statuses: I) -> Self {
        Self(statuses.into_iter().fold(0, |all, status| all | Self::bit(status)))
    }
}

/// What must be known of an avatar to choose one: kept in memory for each contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face {
    /// The states in which it is shown.
    pub statuses: StatusSet,
    /// It came from a directory.
    pub is_synced: bool,
    /// Its large rendition.
    pub picture: PictureHash,
}

impl Face {
    /// What must be known of `avatar`.
    pub fn of(avatar: &Avatar) -> Self {
        let statuses = avatar.statuses.iter().copied().collect();
        Self { statuses, is_synced: avatar.is_synced, picture: avatar.large }
    }
}

/// The picture that is shown in `status` (features.md §2.6): one that was given that state, else
/// one that somebody gave no state, else the directory's photo. Of several the first counts.
///
/// A contact that is inactive looks as if available unless it has a picture for that.
pub fn choose(faces: &[Face], status: Availability) -> Option<PictureHash> {
    let given = |status: Availability| faces.iter().find(|face| face.statuses.contains(status));
    let stand_in = (status == Availability::Inactive).then_some(Availability::Available);
    let default = |is_synced: bool| faces.iter().find(|face| face.statuses.is_empty() && face.is_synced == is_synced);
    let chosen =
        given(status).or_else(|| stand_in.and_then(given)).or_else(|| default(false)).or_else(|| default(true));
    chosen.map(|face| face.picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(number: u8, statuses: &[Availability], is_synced: bool) -> Face {
        Face { statuses: statuses.iter().copied().collect(), is_synced, picture: PictureHash([number; 32]) }
    }

    #[test]
    fn a_picture_for_the_state_comes_first_then_the_default_then_the_photo() {
        use Availability::{Available, Away, Busy, Inactive, Offline, Unknown};
        let photo = face(1, &[], true);
        let default = face(2, &[], false);
        let available = face(3, &[Available], false);
        let busy = face(4, &[Busy, Away], false);
        let inactive = face(5, &[Inactive], false);
        let cases: [(&[Face], Availability, Option<u8>); 11] = [
            (&[], Busy, None),
            (&[photo], Busy, Some(1)),
            (&[photo, default], Busy, Some(2)),
            (&[photo, default, available, busy], Busy, Some(4)),
            (&[photo, default, available, busy], Away, Some(4)),
            (&[photo, default, available, busy], Available, Some(3)),
            (&[photo, default, available, busy], Inactive, Some(3)),
            (&[photo, default, available, inactive], Inactive, Some(5)),
            (&[photo, default, available, busy], Unknown, Some(2)),
            (&[available, busy], Offline, None),
            (&[default, face(6, &[], false)], Busy, Some(2)),
        ];

        for (faces, status, expected) in cases {
            let expected = expected.map(|number| PictureHash([number; 32]));
            assert_eq!(choose(faces, status), expected, "{faces:?} in {status:?}");
        }
    }

    #[test]
    fn a_hash_is_read_as_it_was_written_and_in_no_other_way() {
        let hash = PictureHash(std::array::from_fn(|at| u8::try_from(at * 7).unwrap_or(255)));
        let text = hash.to_string();

        assert_eq!(text.len(), 64);
        assert_eq!(text.parse(), Ok(hash));
        for wrong in ["", "00", &text[1..], &text.to_uppercase(), &format!("{text}00"), &text.replace('0', "é")] {
            assert_eq!(wrong.parse::<PictureHash>(), Err(NotAHash), "{wrong}");
        }
    }

    #[test]
    fn every_state_has_a_bit_of_its_own() {
        for one in Availability::ALL {
            let set: StatusSet = [one].into_iter().collect();

            assert_eq!(Availability::ALL.map(|other| set.contains(other)), Availability::ALL.map(|other| other == one));
        }
    }
}
