//! How a tenant's claims become presence: its table of rules. The merge itself is in presence.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lync::LowNumbers;
use super::{Claim, ClaimKind};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// The longest time that an own word may count: 30 days.
pub const MAX_MANUAL_HOURS: u32 = 720;
/// The longest grace of a lost device: an hour.
pub const MAX_GRACE_SECONDS: u32 = 3600;
/// The longest time that silence is remembered: a day.
pub const MAX_SILENCE_MINUTES: u32 = 1440;

/// What can lie over what a person or device says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// A platform that says busy or do not disturb.
    Platform,
    /// An appointment.
    Calendar,
    /// A call, on whatever telephone, softphone or conference.
    Call,
}

impl Layer {
    /// Every layer, in the order of the default.
    pub const ALL: [Self; 3] = [Self::Platform, Self::Calendar, Self::Call];
}

/// What a call does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallRule {
    /// What the telephone says: busy, or do not disturb.
    #[default]
    AsSaid,
    /// Whoever is in a call wants no other.
    DoNotDisturb,
    /// Calls change nothing.
    Ignored,
}

/// What takes an own word back for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ManualReset {
    /// A computer was signed out and is signed in again.
    SignIn,
    /// A computer is signed out.
    SignOut,
    /// An appointment begins.
    Meeting,
    /// A call begins.
    Call,
}

/// A tenant's rules. Everything that is left out is as in the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PresenceRules {
    /// Kinds of sources that do not count; none by default.
    pub ignored_kinds: BTreeSet<ClaimKind>,
    /// What lies over somebody who is free, the first that applies: each of platform, calendar and
    /// call once. By default in this order.
    pub precedence: Vec<Layer>,
    /// Appointments that are not certain yet count; not by default.
    pub is_tentative_busy: bool,
    /// What a call does; by default what the telephone says.
    pub calls: CallRule,
    /// What lies over an own word that is *available*; calendar and call by default. Other own words
    /// stand above everything.
    pub manual_yields_to: BTreeSet<Layer>,
    /// What takes an own word back for good; nothing by default, so it returns after a meeting.
    pub manual_resets: BTreeSet<ManualReset>,
    /// For how many hours an own word counts at most, 1 to 720; by default until it is taken back.
    pub manual_hours: Option<u32>,
    /// For how many seconds the last word of a lost device counts, 0 to 3600; 60 by default.
    pub grace_seconds: u32,
    /// For how many minutes a source that fell silent keeps anybody from being shown as more
    /// available than it last said, 0 to 1440; 120 by default.
    pub silence_minutes: u32,
    /// What numbers of Lync below 3000 mean, of which Microsoft's schema says that somebody is available and older
    /// clients that nobody is there: nothing by default.
    pub low_lync_numbers: LowNumbers,
}

impl Default for PresenceRules {
    fn default() -> Self {
        Self {
            ignored_kinds: BTreeSet::new(),
            precedence: Layer::ALL.to_vec(),
            is_tentative_busy: false,
            calls: CallRule::AsSaid,
            manual_yields_to: BTreeSet::from([Layer::Calendar, Layer::Call]),
            manual_resets: BTreeSet::new(),
            manual_hours: None,
            grace_seconds: 60,
            silence_minutes: 120,
            low_lync_numbers: LowNumbers::Unknown,
        }
    }
}

impl PresenceRules {
    /// When `claim` ceases to count: when it says, or when an own word has counted for long enough.
    pub fn end_of(&self, claim: &Claim) -> Option<Timestamp> {
        let hours = self.manual_hours.filter(|_| claim.kind == ClaimKind::Manual && !claim.is_mark());
        let longest = hours.map(|hours| claim.since.plus(Duration::from_hours(u64::from(hours))));
        claim.expires_at.into_iter().chain(longest).min()
    }

    /// For how long silence is remembered.
    pub fn silence(&self) -> Duration {
        Duration::from_mins(u64::from(self.silence_minutes))
    }

    /// For how long the last word of a lost device counts.
    pub fn grace(&self) -> Duration {
        Duration::from_secs(u64::from(self.grace_seconds))
    }
}

impl Check for PresenceRules {
    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        let named: BTreeSet<Layer> = self.precedence.iter().copied().collect();
        let is_complete = named.len() == Layer::ALL.len() && self.precedence.len() == Layer::ALL.len();
        let expected = "each of platform, calendar and call once";
        let shown = serde_json::to_string(&self.precedence).unwrap_or_default();
        refusals.require(is_complete, "precedence", shown, Rule::Format { expected: expected.into() });
        let hours = self.manual_hours.unwrap_or(1);
        range(&mut refusals, "manual_hours", hours, 1, MAX_MANUAL_HOURS);
        range(&mut refusals, "grace_seconds", self.grace_seconds, 0, MAX_GRACE_SECONDS);
        range(&mut refusals, "silence_minutes", self.silence_minutes, 0, MAX_SILENCE_MINUTES);
        refusals.finish()
    }
}

fn range(refusals: &mut Refusals, field: &str, value: u32, min: u32, max: u32) {
    let rule = Rule::OutOfRange { min: min.into(), max: max.into() };
    refusals.require((min..=max).contains(&value), field, value, rule);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_valid_and_stands_for_what_is_left_out() {
        let read: PresenceRules = serde_json::from_str("{}").expect("JSON");

        assert_eq!(read, PresenceRules::default());
        assert!(read.check().is_ok());
    }

    #[test]
    fn what_cannot_be_followed_is_refused() {
        let refused = |change: fn(&mut PresenceRules)| {
            let mut rules = PresenceRules::default();
            change(&mut rules);
            let refusals = rules.check().err().unwrap_or_default();
            refusals.into_iter().map(|refusal| refusal.field).collect::<Vec<_>>()
        };

        assert_eq!(refused(|rules| rules.precedence = vec![Layer::Call]), ["precedence"]);
        assert_eq!(refused(|rules| rules.precedence = vec![Layer::Call; 3]), ["precedence"]);
        assert_eq!(refused(|rules| rules.manual_hours = Some(0)), ["manual_hours"]);
        assert_eq!(refused(|rules| rules.manual_hours = Some(721)), ["manual_hours"]);
        assert_eq!(refused(|rules| rules.grace_seconds = 3601), ["grace_seconds"]);
        assert_eq!(refused(|rules| rules.silence_minutes = 1441), ["silence_minutes"]);
    }
}
