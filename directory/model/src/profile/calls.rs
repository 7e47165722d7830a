//! What profiles do to calls where they are active: do not disturb, forwarding, and find me follow me.
//!
//! A profile owns these three settings and no other; what else a user has set stays as it is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{PresenceMode, PresenceProfile, ProfileStatus};
use crate::address::{AddressKind, check_address};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::valid::{Check, trimmed};

/// The most devices and numbers of one rule.
pub const MAX_RINGS: usize = 10;
/// How long a device or number may ring, in seconds.
pub const RING_SECONDS: std::ops::RangeInclusive<u16> = 5..=120;
/// The longest name of a device, in characters.
const DEVICE_CHARS: usize = 128;
/// What numbers and addresses look like.
const TARGET: &str =
    "an extension such as 204, a number such as +493012345600, or an address such as sip:anna@example.com";

/// Where all calls go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Forwarding {
    /// Nowhere else.
    #[default]
    Off,
    /// To another number or address.
    To {
        /// An extension, a number or a SIP address.
        target: String,
    },
}

/// What rings, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ring {
    /// One of the user's devices.
    Device {
        /// As the telephone system calls it, 1 to 128 characters.
        name: String,
        /// For how long, 5 to 120.
        seconds: u16,
    },
    /// Another number.
    Number {
        /// An extension, a number or a SIP address.
        target: String,
        /// For how long, 5 to 120.
        seconds: u16,
    },
}

impl Ring {
    /// What rings.
    pub fn target(&self) -> &str {
        match self {
            Self::Device { name, .. } => name,
            Self::Number { target, .. } => target,
        }
    }

    fn seconds(&self) -> u16 {
        match self {
            Self::Device { seconds, .. } | Self::Number { seconds, .. } => *seconds,
        }
    }
}

/// What is chosen for calls, by a profile or by a user for a profile; what is absent is as without it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CallChoices {
    /// Whether no call rings; else as the profile's status says.
    pub do_not_disturb: Option<bool>,
    /// Where all calls go; else nowhere.
    pub forwarding: Option<Forwarding>,
    /// What rings, one after the other; all devices when empty or absent. At most 10.
    pub rings: Option<Vec<Ring>>,
}

impl CallChoices {
    /// These choices, and those of `below` where these leave something open.
    fn over(&self, below: &Self) -> Self {
        Self {
            do_not_disturb: self.do_not_disturb.or(below.do_not_disturb),
            forwarding: self.forwarding.clone().or_else(|| below.forwarding.clone()),
            rings: self.rings.clone().or_else(|| below.rings.clone()),
        }
    }

    /// Whether a user who chose this has said which devices ring.
    pub fn is_routing(&self) -> bool {
        self.rings.as_ref().is_some_and(|rings| !rings.is_empty())
    }
}

impl Check for CallChoices {
    fn normal(mut self) -> Self {
        if let Some(Forwarding::To { target }) = &mut self.forwarding {
            *target = target.trim().to_owned();
        }
        for ring in self.rings.iter_mut().flatten() {
            match ring {
                Ring::Device { name: text, .. } | Ring::Number { target: text, .. } => *text = text.trim().to_owned(),
            }
        }
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        if let Some(Forwarding::To { target }) = &self.forwarding {
            refuse_target(&mut refusals, "forwarding.target", target);
        }
        let rings = self.rings.as_deref().unwrap_or_default();
        let rule = Rule::TooLong { max: MAX_RINGS as u64, unit: "elements".into() };
        refusals.require(rings.len() <= MAX_RINGS, "rings", rings.len(), rule);
        let mut known = BTreeSet::new();
        for (at, ring) in rings.iter().enumerate().take(MAX_RINGS) {
            let field = |name: &str| format!("rings[{at}].{name}");
            match ring {
                Ring::Device { name, .. } => refusals.required_text(&field("name"), name, DEVICE_CHARS),
                Ring::Number { target, .. } => refuse_target(&mut refusals, &field("target"), target),
            }
            let (min, max) = (i64::from(*RING_SECONDS.start()), i64::from(*RING_SECONDS.end()));
            let is_in_range = RING_SECONDS.contains(&ring.seconds());
            refusals.require(is_in_range, &field("seconds"), ring.seconds(), Rule::OutOfRange { min, max });
            let is_new = known.insert(crate::text::fold(ring.target()));
            refusals.require(is_new, &format!("rings[{at}]"), ring.target(), Rule::Duplicate);
        }
        refusals.finish()
    }
}

fn refuse_target(refusals: &mut Refusals, field: &str, target: &str) {
    refusals.require(is_target(target), field, target, Rule::Format { expected: TARGET.into() });
}

/// Whether `text` is an extension, a number or a SIP address.
fn is_target(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let is_number = (2..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number || (text.starts_with("sip:") && check_address(AddressKind::Sip, text).is_ok())
}

/// The settings that a profile owns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OwnedSettings {
    /// No call rings.
    pub do_not_disturb: bool,
    /// Where all calls go.
    pub forwarding: Forwarding,
    /// What rings, one after the other; all devices when empty.
    pub rings: Vec<Ring>,
}

/// What a user sets for themselves and no profile touches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PersonalSettings {
    /// Where calls go while the line is busy: an extension, a number or a SIP address.
    pub forward_on_busy: Option<String>,
    /// Where calls go that nobody answers.
    pub forward_on_no_answer: Option<String>,
}

impl Check for PersonalSettings {
    fn normal(self) -> Self {
        Self {
            forward_on_busy: trimmed(self.forward_on_busy),
            forward_on_no_answer: trimmed(self.forward_on_no_answer),
        }
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        let both = [("forward_on_busy", &self.forward_on_busy), ("forward_on_no_answer", &self.forward_on_no_answer)];
        for (field, target) in both {
            if let Some(target) = target {
                refuse_target(&mut refusals, field, target);
            }
        }
        refusals.finish()
    }
}

/// All that decides how calls for a user ring.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CallSettings {
    /// What the profile owns.
    #[serde(flatten)]
    pub owned: OwnedSettings,
    /// What is the user's own.
    #[serde(flatten)]
    pub personal: PersonalSettings,
}

/// One setting that becomes another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CallChange {
    /// Do not disturb.
    DoNotDisturb(bool),
    /// Forwarding.
    Forwarding(Forwarding),
    /// Find me follow me.
    Rings(Vec<Ring>),
}

impl CallSettings {
    /// Carries changes out.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = CallChange>) {
        for change in changes {
            match change {
                CallChange::DoNotDisturb(is_on) => self.owned.do_not_disturb = is_on,
                CallChange::Forwarding(forwarding) => self.owned.forwarding = forwarding,
                CallChange::Rings(rings) => self.owned.rings = rings,
            }
        }
    }
}

/// What calls of somebody in `profile` do who chose `choices` for it. Where profiles are passive they own
/// nothing.
pub fn settings_for(profile: &PresenceProfile, choices: &CallChoices, mode: PresenceMode) -> Option<OwnedSettings> {
    let chosen = choices.over(&profile.fields.calls);
    let is_unavailable = profile.fields.status == ProfileStatus::Unavailable;
    (mode == PresenceMode::Active).then(|| OwnedSettings {
        do_not_disturb: chosen.do_not_disturb.unwrap_or(is_unavailable),
        forwarding: chosen.forwarding.unwrap_or_default(),
        rings: chosen.rings.unwrap_or_default(),
    })
}

/// What must change for `present` to become what is wanted; nothing when it is so already.
pub fn plan(present: &CallSettings, wanted: &OwnedSettings) -> Vec<CallChange> {
    let owned = &present.owned;
    let quiet = (owned.do_not_disturb != wanted.do_not_disturb).then_some(wanted.do_not_disturb);
    let forwarding = (owned.forwarding != wanted.forwarding).then(|| wanted.forwarding.clone());
    let rings = (owned.rings != wanted.rings).then(|| wanted.rings.clone());
    let quiet = quiet.map(CallChange::DoNotDisturb);
    let forwarding = forwarding.map(CallChange::Forwarding);
    quiet.into_iter().chain(forwarding).chain(rings.map(CallChange::Rings)).collect()
}

/// The devices that ring for calls to a group: those that are chosen, without numbers and forwards; all of
/// them when empty.
pub fn ringing_devices(settings: &OwnedSettings) -> Vec<String> {
    let device = |ring: &Ring| match ring {
        Ring::Device { name, .. } => Some(name.clone()),
        Ring::Number { .. } => None,
    };
    settings.rings.iter().filter_map(device).collect()
}
