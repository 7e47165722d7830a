//! How Lync and Skype for Business write presence, and what it is here: numbers, words, tokens. Pure.
//!
//! | state | numbers | written as | here |
//! |---|---|---|---|
//! | `Unknown` | below 3000 | never | unknown, or available |
//! | `Online` | 3000–4499 | 3500 | available |
//! | `IdleOnline` | 4500–5999 | 5000 | inactive |
//! | `Busy` | 6000–7499 | 6500 | busy |
//! | `IdleBusy` | 7500–8999 | 7500 | busy |
//! | `DoNotDisturb` | 9000–11999 | 9500 | do not disturb |
//! | `BeRightBack` | 12000–14999 | 12500 | be right back |
//! | `Away` | 15000–17999 | 15500 | away |
//! | `Offline` | from 18000 on | 18500 | offline |
//!
//! Below 3000 Microsoft's schema says available and older clients say offline, so nothing is concluded unless the tenant's
//! rules say which of them is meant ([`LowNumbers`]).

use serde::{Deserialize, Serialize};

use super::{Activity, Availability};

/// What numbers below 3000 mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LowNumbers {
    /// Nothing.
    #[default]
    Unknown,
    /// Available, as Microsoft's schema says.
    Available,
}

/// A state as Lync knows it; its idle busy is *busy* here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LyncState {
    /// Available.
    Online,
    /// Available, but the computer has been idle.
    IdleOnline,
    /// Busy.
    Busy,
    /// Busy, and the computer has been idle.
    IdleBusy,
    /// Wants no contact.
    DoNotDisturb,
    /// Away for a moment.
    BeRightBack,
    /// Away.
    Away,
    /// Signed out.
    Offline,
    /// A number that says nothing.
    Unknown,
}

impl LyncState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Online,
        Self::IdleOnline,
        Self::Busy,
        Self::IdleBusy,
        Self::DoNotDisturb,
        Self::BeRightBack,
        Self::Away,
        Self::Offline,
        Self::Unknown,
    ];

    /// The state that `number` stands for.
    pub fn of_number(number: u32, low: LowNumbers) -> Self {
        match number {
            0..=2999 if low == LowNumbers::Unknown => Self::Unknown,
            0..=4499 => Self::Online,
            4500..=5999 => Self::IdleOnline,
            6000..=7499 => Self::Busy,
            7500..=8999 => Self::IdleBusy,
            9000..=11_999 => Self::DoNotDisturb,
            12_000..=14_999 => Self::BeRightBack,
            15_000..=17_999 => Self::Away,
            _ => Self::Offline,
        }
    }

    /// The number that is usually published for it; none for [`LyncState::Unknown`].
    pub fn number(self) -> Option<u32> {
        Some(match self {
            Self::Online => 3500,
            Self::IdleOnline => 5000,
            Self::Busy => 6500,
            Self::IdleBusy => 7500,
            Self::DoNotDisturb => 9500,
            Self::BeRightBack => 12_500,
            Self::Away => 15_500,
            Self::Offline => 18_500,
            Self::Unknown => return None,
        })
    }

    /// The state as it is called here.
    pub fn availability(self) -> Availability {
        match self {
            Self::Online => Availability::Available,
            Self::IdleOnline => Availability::Inactive,
            Self::Busy | Self::IdleBusy => Availability::Busy,
            Self::DoNotDisturb => Availability::DoNotDisturb,
            Self::BeRightBack => Availability::BeRightBack,
            Self::Away => Availability::Away,
            Self::Offline => Availability::Offline,
            Self::Unknown => Availability::Unknown,
        }
    }
}

impl From<Availability> for LyncState {
    fn from(availability: Availability) -> Self {
        match availability {
            Availability::Available => Self::Online,
            Availability::Inactive => Self::IdleOnline,
            Availability::Busy => Self::Busy,
            Availability::DoNotDisturb => Self::DoNotDisturb,
            Availability::BeRightBack => Self::BeRightBack,
            Availability::Away => Self::Away,
            Availability::Offline => Self::Offline,
            Availability::Unknown => Self::Unknown,
        }
    }
}

/// What Lync calls an activity.
pub fn token(activity: Activity) -> &'static str {
    match activity {
        Activity::OnThePhone => "on-the-phone",
        Activity::InAConference => "in-a-conference",
        Activity::InAMeeting => "in-a-meeting",
        Activity::OutOfOffice => "out-of-office",
        Activity::UrgentInterruptionsOnly => "urgent-interruptions-only",
        Activity::OffWork => "off-work",
        Activity::Presenting => "presenting",
    }
}

/// The activity that a token stands for; some clients write `in-presentation` for presenting.
pub fn activity(written: &str) -> Option<Activity> {
    if written == "in-presentation" {
        return Some(Activity::Presenting);
    }
    Activity::ALL.into_iter().find(|activity| token(*activity) == written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_mean_what_the_ranges_say() {
        use LyncState::{Away, BeRightBack, Busy, DoNotDisturb, IdleBusy, IdleOnline, Offline, Online, Unknown};
        for (number, state) in [
            (0, Unknown),
            (2999, Unknown),
            (3000, Online),
            (3500, Online),
            (4499, Online),
            (4500, IdleOnline),
            (5999, IdleOnline),
            (6000, Busy),
            (6900, Busy),
            (7499, Busy),
            (7500, IdleBusy),
            (8999, IdleBusy),
            (9000, DoNotDisturb),
            (11_999, DoNotDisturb),
            (12_000, BeRightBack),
            (14_999, BeRightBack),
            (15_000, Away),
            (17_999, Away),
            (18_000, Offline),
            (u32::MAX, Offline),
        ] {
            assert_eq!(LyncState::of_number(number, LowNumbers::Unknown), state, "{number}");
            let is_low = number < 3000;
            let switched = if is_low { Online } else { state };
            assert_eq!(LyncState::of_number(number, LowNumbers::Available), switched, "{number}");
        }
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        for state in LyncState::ALL {
            for low in [LowNumbers::Unknown, LowNumbers::Available] {
                let read = |number| LyncState::of_number(number, low);
                assert_eq!(state.number().map_or(LyncState::Unknown, read), state);
                assert!(state.number().is_none_or(|number| number >= 3000), "what may be misread is not written");
            }
        }
        for availability in Availability::ALL {
            assert_eq!(LyncState::from(availability).availability(), availability);
        }
        for known in Activity::ALL {
            assert_eq!(activity(token(known)), Some(known));
        }
        assert_eq!(activity("in-presentation"), Some(Activity::Presenting));
        assert_eq!(activity("on-the-moon"), None);
    }

    #[test]
    fn idle_busy_is_busy_here() {
        assert_eq!(LyncState::of_number(8000, LowNumbers::Unknown).availability(), Availability::Busy);
        assert_eq!(LyncState::from(Availability::Busy).number(), Some(6500));
    }
}
