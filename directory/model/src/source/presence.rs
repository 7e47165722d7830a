//! What a source also says about how available people are.

use serde::{Deserialize, Serialize};

use super::Connection;
use crate::invalid::{Refusals, Rule};
use crate::presence::ClaimKind;

/// What is read of a source besides its entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PresenceReading {
    /// How available people are, as the source's own platform says.
    pub reads_presence: bool,
    /// When people are busy by their calendars.
    pub reads_calendar: bool,
    /// Whether people are on the telephone, as the source's telephones say.
    pub reads_calls: bool,
}

/// One of the things that a source may say about somebody again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// How available somebody is.
    Presence,
    /// When somebody is busy by the calendar.
    Calendar,
    /// Whether somebody is on the telephone.
    Calls,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Presence, Self::Calendar, Self::Calls];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Presence => "presence",
            Self::Calendar => "calendar",
            Self::Calls => "calls",
        }
    }

    /// What kind of claim comes of it.
    pub fn kind(self) -> ClaimKind {
        match self {
            Self::Presence => ClaimKind::Platform,
            Self::Calendar => ClaimKind::Calendar,
            Self::Calls => ClaimKind::Telephone,
        }
    }

    /// The field of [`PresenceReading`] that asks for it.
    fn field(self) -> &'static str {
        match self {
            Self::Presence => "presence.reads_presence",
            Self::Calendar => "presence.reads_calendar",
            Self::Calls => "presence.reads_calls",
        }
    }
}

impl PresenceReading {
    /// Whether this is read.
    pub fn reads(self, aspect: Aspect) -> bool {
        match aspect {
            Aspect::Presence => self.reads_presence,
            Aspect::Calendar => self.reads_calendar,
            Aspect::Calls => self.reads_calls,
        }
    }

    /// Refuses what a source of this kind cannot say.
    pub(super) fn refuse(self, connection: &Connection, refusals: &mut Refusals) {
        for aspect in Aspect::ALL {
            let rule = Rule::Excludes { other: "this kind of source".into() };
            refusals.require(!self.reads(aspect) || connection.can_say(aspect), aspect.field(), true, rule);
        }
    }
}

impl Connection {
    /// Whether sources of this kind can say it. A new kind of connection says here what it gives, and
    /// `sync/src/watch/connect.rs` how it is asked.
    pub fn can_say(&self, aspect: Aspect) -> bool {
        match self {
            Self::Graph(_) => matches!(aspect, Aspect::Presence | Aspect::Calendar),
            Self::Sip(_) => matches!(aspect, Aspect::Presence | Aspect::Calls),
            Self::Exchange(_) => aspect == Aspect::Calendar,
            Self::Ucwa(_) => aspect == Aspect::Presence,
            Self::Ldap(_) | Self::File(_) => false,
        }
    }

    /// Whether such a person's photo is taken from here; of somebody whose fields come from here it always is, else
    /// (`is_extra`) as presence is.
    pub fn gives_photo_to(&self, is_hybrid: bool, is_extra: bool) -> bool {
        !is_extra || self.gives_to(is_hybrid)
    }

    /// Whether such a person's presence and calendar are taken from here: from the cloud only when the person is
    /// marked as hybrid, from the company's own machines always (seed 001, "Is Hybrid").
    pub fn gives_to(&self, is_hybrid: bool) -> bool {
        is_hybrid || self.is_on_premises()
    }

    /// Whether people live in the company's own machines there, and not in somebody's cloud.
    pub fn is_on_premises(&self) -> bool {
        !matches!(self, Self::Graph(_))
    }
}
