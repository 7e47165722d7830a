//! What a watcher may see of a contact (`AsnPresenceRightsFlags` and `AsnPresenceCommonRights`).

use serde::{Deserialize, Serialize};

use crate::flags::Flags;

/// How much a watcher may see and do: a level and what comes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
pub enum Level {
    /// Nothing: as if the contact did not exist.
    Blocked,
    /// State, own word and notes.
    Public,
    /// Also lines, calls, and when there are appointments.
    Company,
    /// Also set own word and notes.
    Team,
    /// Also what appointments are about, once a calendar says it, and one's own settings.
    Personal,
}

/// A number that is no level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALevel;

impl std::fmt::Display for NotALevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a level of rights")
    }
}

/// The contact is seen.
pub const VISIBLE: u32 = 1;
/// Its own word and notes may be set.
pub const CHANGEABLE: u32 = 2;
/// Appointments are seen with what they are about.
pub const APPOINTMENTS_PRIVATE: u32 = 16;
/// Appointments are seen.
pub const APPOINTMENTS_PUBLIC: u32 = 32;
/// The bits are those of a level.
const OF_A_LEVEL: u32 = 0x8000;

impl Level {
    /// Every level, least first.
    pub const ALL: [Self; 5] = [Self::Blocked, Self::Public, Self::Company, Self::Team, Self::Personal];

    /// Its number on the wire, without what comes with it.
    pub fn number(self) -> u32 {
        match self {
            Self::Blocked => 0,
            Self::Public => 0x1_0000,
            Self::Company => 0x2_0000,
            Self::Team => 0x4_0000,
            Self::Personal => 0x8_0000,
        }
    }

    /// The level and what comes with it, as `iStaticRights` says it.
    pub fn rights(self) -> u32 {
        let extra = match self {
            Self::Blocked => return 0,
            Self::Public => VISIBLE,
            Self::Company => VISIBLE | APPOINTMENTS_PUBLIC,
            Self::Team => VISIBLE | CHANGEABLE | APPOINTMENTS_PUBLIC,
            Self::Personal => VISIBLE | CHANGEABLE | APPOINTMENTS_PUBLIC | APPOINTMENTS_PRIVATE,
        };
        self.number() | OF_A_LEVEL | extra
    }

    /// The level of `bits`, whatever comes with it; an error when they name none or several.
    pub fn of(bits: u32) -> Result<Self, NotALevel> {
        let named = bits & 0xF_0000;
        Self::ALL.into_iter().find(|level| level.number() == named).ok_or(NotALevel)
    }

    /// The sections that it shows.
    pub fn sections(self) -> Flags {
        let own = Flags::MY_CHALLENGES | Flags::DYNAMIC_RIGHTS;
        let of_work = Flags::APPOINTMENT
            | Flags::PHONE_LINES
            | Flags::CALLS
            | Flags::FORWARDS
            | Flags::AGENT_STATE
            | Flags::MONITOR_GROUPING;
        match self {
            Self::Blocked => Flags::NONE,
            Self::Public => !(own | of_work),
            Self::Company | Self::Team => !own,
            Self::Personal => !Flags::NONE,
        }
    }
}

impl From<Level> for u32 {
    fn from(level: Level) -> Self {
        level.number()
    }
}

impl TryFrom<u32> for Level {
    type Error = NotALevel;

    fn try_from(bits: u32) -> Result<Self, NotALevel> {
        Self::of(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_the_published_numbers() {
        let rights = Level::ALL.map(Level::rights);

        assert_eq!(rights, [0, 98_305, 163_873, 294_947, 557_107]);
        assert_eq!(Level::ALL.map(Level::number), [0, 65_536, 131_072, 262_144, 524_288]);
        for level in Level::ALL {
            assert_eq!(Level::of(level.rights()), Ok(level));
        }
        assert_eq!(Level::of(0x3_0000), Err(NotALevel));
    }

    #[test]
    fn a_higher_level_shows_whatever_a_lower_one_shows() {
        for pair in Level::ALL.windows(2) {
            let [lower, higher] = pair else { continue };
            assert_eq!(lower.sections() & higher.sections(), lower.sections(), "{lower:?} {higher:?}");
        }
        assert!(!Level::Public.sections().has(Flags::APPOINTMENT | Flags::CALLS | Flags::PHONE_LINES));
        assert!(!Level::Team.sections().has(Flags::MY_CHALLENGES));
    }
}
