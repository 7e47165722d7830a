//! The sections of a presence, which are subscribed to and change one by one
//! (`AsnPresenceSubscriptionFlags`, features.md §8.3).

use std::ops::{BitAnd, BitOr, Not};

use serde::{Deserialize, Serialize};

/// A set of sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flags(u32);

impl Flags {
    /// No section.
    pub const NONE: Self = Self(0);
    /// The merged state.
    pub const PRESENCE: Self = Self(1);
    /// What the contact is called and how it is reached.
    pub const DATA: Self = Self(2);
    /// The same, with its picture.
    pub const DATA_WITH_IMAGE: Self = Self(4);
    /// What may be done and seen.
    pub const CONFIGURATION: Self = Self(8);
    /// The own word.
    pub const ABSENT_STATE: Self = Self(16);
    /// The notes.
    pub const NOTE: Self = Self(32);
    /// The appointments.
    pub const APPOINTMENT: Self = Self(64);
    /// The lines.
    pub const PHONE_LINES: Self = Self(128);
    /// The calls.
    pub const CALLS: Self = Self(256);
    /// The forwards.
    pub const FORWARDS: Self = Self(512);
    /// Who asks to see one's own contact.
    pub const MY_CHALLENGES: Self = Self(1024);
    /// What colleagues were allowed to see of one's own contact.
    pub const DYNAMIC_RIGHTS: Self = Self(2048);
    /// The same of groups, of which there is none.
    pub const DYNAMIC_GROUP_RIGHTS: Self = Self(4096);
    /// The same of everybody, of which there is none.
    pub const DYNAMIC_GLOBAL_RIGHTS: Self = Self(8192);
    /// What an agent is ready for.
    pub const AGENT_STATE: Self = Self(32_768);
    /// How a monitor groups contacts.
    pub const MONITOR_GROUPING: Self = Self(65_536);
    /// What is meant when nothing is said: everything from 1 to 512.
    pub const DEFAULT: Self = Self(1023);

    /// Every section by itself.
    pub const ALL: [Self; 16] = [
        Self::PRESENCE,
        Self::DATA,
        Self::DATA_WITH_IMAGE,
        Self::CONFIGURATION,
        Self::ABSENT_STATE,
        Self::NOTE,
        Self::APPOINTMENT,
        Self::PHONE_LINES,
        Self::CALLS,
        Self::FORWARDS,
        Self::MY_CHALLENGES,
        Self::DYNAMIC_RIGHTS,
        Self::DYNAMIC_GROUP_RIGHTS,
        Self::DYNAMIC_GLOBAL_RIGHTS,
        Self::AGENT_STATE,
        Self::MONITOR_GROUPING,
    ];

    /// The sections of `bits`; bits that mean nothing are kept and mean nothing.
    pub const fn of(bits: u32) -> Self {
        Self(bits)
    }

    /// The bits on the wire.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether it has one of the sections of `other`.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it is no section.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Also `other`, if `is_so`.
    #[must_use]
    pub fn with(self, other: Self, is_so: bool) -> Self {
        if is_so { self | other } else { self }
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Flags {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Flags {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}
