//! What a user's call settings are to become, and when that is tried. Pure.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::built_in::BuiltIn;
use super::calls::{CallChoices, Forwarding, OwnedSettings, Ring, ringing_devices, settings_for};
use super::{PresenceMode, PresenceProfile, ProfileName, ProfileStatus};
use crate::address::{AddressKind, ContactKey};
use crate::timestamp::Timestamp;

/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_mins(5);

/// Why settings could not be made what the profile wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotApplied {
    /// Calls would go to the user's own number or address, and so in a circle.
    ForwardsToItself,
}

/// How far settings follow the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Following {
    /// Profiles do not drive this user's calls.
    Unmanaged,
    /// They are as the profile wants.
    Applied,
    /// They will be, in a moment.
    Pending,
    /// They are not, because of a problem, and it is tried again.
    NotApplied,
}

/// What is known of a user when it is decided what calls do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, from another place")]
pub struct Situation {
    /// The reseller's mode, or passive while the user may use no client.
    pub mode: PresenceMode,
    /// The profile that the user selected, or the default.
    pub selected: PresenceProfile,
    /// What the user chose for it.
    pub choices: CallChoices,
    /// What the user chose for meetings.
    pub meeting_choices: CallChoices,
    /// A calendar or platform says that the user is in a meeting.
    pub is_in_meeting: bool,
    /// The tenant lets meetings drive calls.
    pub follows_meetings: bool,
    /// The tenant has lists of users' devices for calls to groups.
    pub has_extension_lists: bool,
    /// The user has such a list.
    pub has_list: bool,
    /// The user's own numbers and addresses.
    pub own_addresses: Vec<String>,
    /// A profile has driven the user's calls before.
    pub was_managed: bool,
}

/// What a user's call settings are to become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The profile that decides.
    pub profile: ProfileName,
    /// It is a meeting that decides, and the user's profile comes back after it.
    pub is_meeting: bool,
    /// What is wanted; nothing where the settings are left alone.
    pub settings: Option<OwnedSettings>,
    /// Whether profiles drive the settings from now on.
    pub is_managed: bool,
    /// The devices in the user's list for calls to groups; no list when absent.
    pub list: Option<Vec<String>>,
}

/// Decides what a user's call settings are to become.
///
/// | mode | the user | settings |
/// |---|---|---|
/// | active | is in a meeting, in a profile that is available | as *In a Meeting* |
/// | active | otherwise | as the profile |
/// | passive | whose calls a profile has driven | as without any profile, once |
/// | passive | otherwise | left alone |
pub fn decide(situation: &Situation) -> Target {
    let Situation { mode, selected, .. } = situation;
    let is_open = selected.fields.status == ProfileStatus::Available;
    let is_meeting = *mode == PresenceMode::Active && situation.is_in_meeting && situation.follows_meetings && is_open;
    let meeting = BuiltIn::InAMeeting.profile();
    let (profile, choices) =
        if is_meeting { (&meeting, &situation.meeting_choices) } else { (selected, &situation.choices) };
    let driven = settings_for(profile, choices, *mode);
    let is_managed = driven.is_some();
    let is_listed = situation.has_extension_lists && (situation.has_list || choices.is_routing());
    let list = driven.as_ref().filter(|_| is_listed).map(ringing_devices);
    let settings = driven.or_else(|| situation.was_managed.then(OwnedSettings::default));
    Target { profile: profile.id, is_meeting, settings, is_managed, list }
}

/// Refuses settings by which calls would come back to the user.
pub fn check(settings: &OwnedSettings, own_addresses: &[String]) -> Result<(), NotApplied> {
    let own: Vec<String> = own_addresses.iter().map(|address| dialled(address)).collect();
    let is_own = |target: &str| own.contains(&dialled(target));
    let forwarded = match &settings.forwarding {
        Forwarding::To { target } => Some(target.as_str()),
        Forwarding::Off => None,
    };
    let number = |ring: &Ring| matches!(ring, Ring::Number { target, .. } if is_own(target));
    let is_circle = forwarded.is_some_and(is_own) || settings.rings.iter().any(number);
    if is_circle { Err(NotApplied::ForwardsToItself) } else { Ok(()) }
}

/// An address as it is dialled: without scheme, case, and what numbers are written with.
fn dialled(address: &str) -> String {
    let is_written = |c: char| " ()-./\u{a0}".contains(c);
    if address.contains('@') {
        return ContactKey::new(AddressKind::Sip, address).folded;
    }
    address.chars().filter(|c| !is_written(*c)).collect()
}

/// When a try that failed is repeated: after 1, 2, 4 … 300 seconds.
pub fn again_at(attempts: u32, now: Timestamp) -> Timestamp {
    let seconds = 1_u64.checked_shl(attempts.saturating_sub(1).min(20)).unwrap_or(u64::MAX);
    now.plus(Duration::from_secs(seconds).min(LONGEST))
}
