//! The words of presence: states, activities, claims.

pub mod custom;
pub mod lync;
pub mod rules;
pub mod said;

use serde::{Deserialize, Serialize};

use crate::id::ContactId;
use crate::profile::NO_CLIENT;
use crate::timestamp::Timestamp;

/// The longest text of a note or custom state, in characters.
pub const NOTE_CHARS: usize = 500;
/// The most notes of one contact.
pub const MAX_NOTES: usize = 20;
/// The longest language tag that need be understood (RFC 5646, 4.4.1).
pub const LANGUAGE_CHARS: usize = 35;

/// How available somebody is (DESIGN "Words"; seed 002's *Absent* is `away`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// Here and free.
    Available,
    /// Free, but not at the device for a while.
    Inactive,
    /// Occupied: a call, a meeting, or by own word.
    Busy,
    /// Wants no contact.
    DoNotDisturb,
    /// Away for a moment.
    BeRightBack,
    /// Away.
    Away,
    /// Signed out everywhere.
    Offline,
    /// Nothing unexpired is known.
    Unknown,
}

impl Availability {
    /// Every state, most available first.
    pub const ALL: [Self; 8] = [
        Self::Available,
        Self::Inactive,
        Self::Busy,
        Self::DoNotDisturb,
        Self::BeRightBack,
        Self::Away,
        Self::Offline,
        Self::Unknown,
    ];

    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Inactive => "inactive",
            Self::Busy => "busy",
            Self::DoNotDisturb => "do_not_disturb",
            Self::BeRightBack => "be_right_back",
            Self::Away => "away",
            Self::Offline => "offline",
            Self::Unknown => "unknown",
        }
    }
}

/// What somebody is doing, finer than [`Availability`] (Lync activity tokens, features.md §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// `on-the-phone`
    OnThePhone,
    /// `in-a-conference`
    InAConference,
    /// `in-a-meeting`
    InAMeeting,
    /// `out-of-office`
    OutOfOffice,
    /// `urgent-interruptions-only`
    UrgentInterruptionsOnly,
    /// `off-work`
    OffWork,
    /// `presenting`
    Presenting,
}

impl Activity {
    /// Every activity.
    pub const ALL: [Self; 7] = [
        Self::OnThePhone,
        Self::InAConference,
        Self::InAMeeting,
        Self::OutOfOffice,
        Self::UrgentInterruptionsOnly,
        Self::OffWork,
        Self::Presenting,
    ];
}

/// What kind of system makes a claim (seed 002).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// The person's own word.
    Manual,
    /// A telephone, by CTI or SIP.
    Telephone,
    /// A calendar.
    Calendar,
    /// An audio or video conference.
    AudioVideo,
    /// A softphone.
    Softphone,
    /// A Bluetooth device at a client.
    Bluetooth,
    /// A computer: signed in, idle, signed out.
    Computer,
    /// A mobile client.
    Mobile,
    /// A unified-communications platform or directory.
    Platform,
    /// The profile that the person chose, or that is fixed because they may use no client.
    Profile,
}

impl ClaimKind {
    /// Whether such claims are about calls.
    pub fn is_call(self) -> bool {
        matches!(self, Self::Telephone | Self::Softphone | Self::AudioVideo)
    }
}

/// What one source and device says about one contact, until `expires_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "what a source says, each by itself")]
pub struct Claim {
    /// Whom it is about.
    pub contact: ContactId,
    /// What kind of system says it.
    pub kind: ClaimKind,
    /// Which system says it: a source's name, at most 128 characters.
    pub source: String,
    /// Which device of it, empty when the source has none; at most 128 characters.
    pub device: String,
    /// Counts up with each claim of the same source and device; an older version never replaces a newer.
    pub version: i64,
    /// The state.
    pub availability: Availability,
    /// The activity, when the source knows one.
    #[schema(required)]
    pub activity: Option<Activity>,
    /// The person is out of office, whatever the state.
    #[serde(default)]
    #[schema(required)]
    pub is_out_of_office: bool,
    /// What it says is not certain yet: a tentative appointment.
    #[serde(default)]
    #[schema(required)]
    pub is_tentative: bool,
    /// A telephone that nobody has answered yet. It says nothing about the state, and is over in seconds, so it is
    /// kept in memory only.
    #[serde(default)]
    #[schema(required)]
    pub is_ringing: bool,
    /// Its source repeats it until it says something else, so that its end says only that nothing
    /// was heard any more. Otherwise its end is the end of what it says, such as a meeting's.
    #[serde(default)]
    #[schema(required)]
    pub is_repeated: bool,
    /// A named state such as "Coffee break", at most 500 characters.
    #[schema(required)]
    pub custom: Option<String>,
    /// Since when the state holds.
    pub since: Timestamp,
    /// When it was last said, by the gateway's clock.
    pub heard_at: Timestamp,
    /// When the claim ceases to count; `None` only for manual claims and profiles, which stay until
    /// they are taken back.
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
}

impl Claim {
    /// The slot that the claim fills: at most one claim of a contact for each source and device.
    pub fn slot(&self) -> (ClaimKind, &str, &str) {
        (self.kind, &self.source, &self.device)
    }

    /// Whether it says nothing about the state, and is made by hand to mark out of office only.
    pub fn is_mark(&self) -> bool {
        self.kind == ClaimKind::Manual && self.availability == Availability::Unknown
    }

    /// Whether it is the fixed profile of somebody who may use no client.
    pub fn is_fixed(&self) -> bool {
        self.kind == ClaimKind::Profile && self.source == NO_CLIENT
    }

    /// Whether the claim has not expired at `now`.
    pub fn counts_at(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// What was merged from a contact's claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Presence {
    /// The state.
    pub availability: Availability,
    /// The activity of the claim that decided.
    #[schema(required)]
    pub activity: Option<Activity>,
    /// Out of office by any unexpired claim.
    pub is_out_of_office: bool,
    /// The named state of the claim that decided.
    #[schema(required)]
    pub custom: Option<String>,
    /// Since when the deciding claim holds.
    #[schema(required)]
    pub since: Option<Timestamp>,
    /// The kind of the claim that decided; `None` when nothing is known.
    #[schema(required)]
    pub decided_by: Option<ClaimKind>,
    /// When this may change by itself, because a claim expires.
    #[schema(required)]
    pub valid_until: Option<Timestamp>,
}

/// What a note is about.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// What the person wants to say.
    #[default]
    Personal,
    /// An appointment, for colleagues; visitors never see it.
    Appointment,
    /// What is said while the person is out of office.
    OutOfOffice,
}

/// A text beside the state of a contact, which may have several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Note {
    /// What it says, at most 500 characters.
    pub text: String,
    /// What it is about.
    #[serde(default)]
    pub kind: NoteKind,
    /// Who says it: `manual`, or a program's source; at most 160 characters.
    #[serde(default)]
    pub source: String,
    /// When it disappears; `None` until removed.
    pub expires_at: Option<Timestamp>,
}

/// A text that a source gives beside the state of a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SourceNote {
    /// What it says, at most 500 characters.
    pub text: String,
    /// What it is about.
    pub kind: NoteKind,
    /// In which language, as a tag of BCP 47, when the source says so; at most 35 characters.
    pub language: Option<String>,
}

/// What one source notes beside the state of one contact, all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceNotes {
    /// Whom it is about.
    pub contact: ContactId,
    /// Which source says it, named as in its claims.
    pub source: String,
    /// The notes, at most [`MAX_NOTES`]; none when there are none any more.
    pub notes: Vec<SourceNote>,
    /// Until when they count, unless the source repeats them.
    pub expires_at: Timestamp,
}

impl SourceNotes {
    /// The same within the limits of notes.
    #[must_use]
    pub fn within_limits(mut self) -> Self {
        self.notes.truncate(MAX_NOTES);
        for note in &mut self.notes {
            note.text = note.text.chars().take(NOTE_CHARS).collect();
            // A tag that is too long is none.
            note.language.take_if(|tag| tag.chars().count() > LANGUAGE_CHARS);
        }
        self.notes.retain(|note| !note.text.trim().is_empty());
        self
    }
}
