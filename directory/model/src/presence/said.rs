//! What each kind of source can say, and what that means as a claim. Pure.

use serde::{Deserialize, Serialize};

use super::lync::{self, LowNumbers, LyncState};
use super::{Activity, Availability};

/// What a source said, as a claim holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The state.
    pub availability: Availability,
    /// The activity, when it is known.
    pub activity: Option<Activity>,
    /// Out of office, whatever the state.
    pub is_out_of_office: bool,
    /// An appointment that is not certain yet.
    pub is_tentative: bool,
    /// A telephone that rings.
    pub is_ringing: bool,
}

impl From<Availability> for Said {
    fn from(availability: Availability) -> Self {
        Self { availability, activity: None, is_out_of_office: false, is_tentative: false, is_ringing: false }
    }
}

fn doing(availability: Availability, activity: Activity) -> Said {
    Said { activity: Some(activity), ..availability.into() }
}

/// What a telephone or softphone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// Not registered.
    SignedOut,
    /// On the hook.
    Idle,
    /// It rings; nobody has answered yet.
    Ringing,
    /// A call goes on.
    InCall,
    /// A call is on hold.
    OnHold,
    /// The work after a call.
    AfterCall,
    /// No call is put through.
    DoNotDisturb,
}

impl LineState {
    /// What it means.
    pub fn says(self) -> Said {
        match self {
            Self::SignedOut => Availability::Offline.into(),
            Self::Idle => Availability::Available.into(),
            Self::Ringing => Said { is_ringing: true, ..Availability::Available.into() },
            Self::InCall | Self::OnHold => doing(Availability::Busy, Activity::OnThePhone),
            Self::AfterCall => Availability::Busy.into(),
            Self::DoNotDisturb => Availability::DoNotDisturb.into(),
        }
    }
}

/// What an audio or video client says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConferenceState {
    /// Nothing goes on.
    Idle,
    /// A call between two.
    InCall,
    /// A conference.
    InConference,
    /// The screen or a presentation is shown to others.
    Presenting,
}

impl ConferenceState {
    /// What it means.
    pub fn says(self) -> Said {
        match self {
            Self::Idle => Availability::Available.into(),
            Self::InCall => doing(Availability::Busy, Activity::OnThePhone),
            Self::InConference => doing(Availability::Busy, Activity::InAConference),
            Self::Presenting => doing(Availability::DoNotDisturb, Activity::Presenting),
        }
    }
}

/// What a calendar shows the time as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShowAs {
    /// Free.
    Free,
    /// An appointment that is not certain yet.
    Tentative,
    /// An appointment.
    Busy,
    /// Out of office; says nothing about the state.
    OutOfOffice,
    /// Working at another place.
    WorkingElsewhere,
}

impl ShowAs {
    /// What it means.
    pub fn says(self) -> Said {
        let free = Said::from(Availability::Available);
        match self {
            Self::Free | Self::WorkingElsewhere => free,
            Self::OutOfOffice => Said { is_out_of_office: true, ..free },
            Self::Busy => doing(Availability::Busy, Activity::InAMeeting),
            Self::Tentative => Said { is_tentative: true, ..doing(Availability::Busy, Activity::InAMeeting) },
        }
    }
}

/// What a Bluetooth device at a client says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BluetoothState {
    /// The device, and so the person, is near the client.
    Near,
    /// It was near, and is no more.
    Gone,
}

impl BluetoothState {
    /// What it means.
    pub fn says(self) -> Said {
        match self {
            Self::Near => Availability::Available.into(),
            Self::Gone => Availability::Away.into(),
        }
    }
}

/// What a computer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComputerState {
    /// Signed in and used.
    Active,
    /// Signed in and not used for a while.
    Idle,
    /// Signed in and locked.
    Locked,
    /// Signed out.
    SignedOut,
}

impl ComputerState {
    /// What it means.
    pub fn says(self) -> Said {
        match self {
            Self::Active => Availability::Available.into(),
            Self::Idle => Availability::Inactive.into(),
            Self::Locked => Availability::Away.into(),
            Self::SignedOut => Availability::Offline.into(),
        }
    }
}

/// What a mobile client says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MobileState {
    /// In use.
    Active,
    /// In a pocket: it can be woken, but nobody looks at it.
    Background,
    /// Signed out.
    SignedOut,
}

impl MobileState {
    /// What it means.
    pub fn says(self) -> Said {
        match self {
            Self::Active => Availability::Available.into(),
            Self::Background => Availability::Away.into(),
            Self::SignedOut => Availability::Offline.into(),
        }
    }
}

/// What Lync says: a number and, if it knows one, an activity. `low` is what numbers below 3000 mean.
pub fn by_lync(number: u32, token: Option<&str>, low: LowNumbers) -> Said {
    let activity = token.and_then(lync::activity);
    let is_out_of_office = activity == Some(Activity::OutOfOffice);
    Said { activity, is_out_of_office, ..LyncState::of_number(number, low).availability().into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: u32, token: &str) -> Said {
        by_lync(number, Some(token), LowNumbers::Unknown)
    }

    #[test]
    fn each_word_of_each_source_means_one_thing() {
        use Availability::{Available, Away, Busy, DoNotDisturb, Inactive, Offline};
        for (said, availability, activity) in [
            (LineState::SignedOut.says(), Offline, None),
            (LineState::Idle.says(), Available, None),
            (LineState::Ringing.says(), Available, None),
            (LineState::InCall.says(), Busy, Some(Activity::OnThePhone)),
            (LineState::OnHold.says(), Busy, Some(Activity::OnThePhone)),
            (LineState::AfterCall.says(), Busy, None),
            (LineState::DoNotDisturb.says(), DoNotDisturb, None),
            (ConferenceState::Idle.says(), Available, None),
            (ConferenceState::InCall.says(), Busy, Some(Activity::OnThePhone)),
            (ConferenceState::InConference.says(), Busy, Some(Activity::InAConference)),
            (ConferenceState::Presenting.says(), DoNotDisturb, Some(Activity::Presenting)),
            (ShowAs::Free.says(), Available, None),
            (ShowAs::WorkingElsewhere.says(), Available, None),
            (ShowAs::OutOfOffice.says(), Available, None),
            (ShowAs::Busy.says(), Busy, Some(Activity::InAMeeting)),
            (ShowAs::Tentative.says(), Busy, Some(Activity::InAMeeting)),
            (BluetoothState::Near.says(), Available, None),
            (BluetoothState::Gone.says(), Away, None),
            (ComputerState::Active.says(), Available, None),
            (ComputerState::Idle.says(), Inactive, None),
            (ComputerState::Locked.says(), Away, None),
            (ComputerState::SignedOut.says(), Offline, None),
            (MobileState::Active.says(), Available, None),
            (MobileState::Background.says(), Away, None),
            (MobileState::SignedOut.says(), Offline, None),
            (number(6900, "urgent-interruptions-only"), Busy, Some(Activity::UrgentInterruptionsOnly)),
            (number(3500, "gardening"), Available, None),
        ] {
            assert_eq!((said.availability, said.activity), (availability, activity), "{said:?}");
        }
    }

    #[test]
    fn out_of_office_is_said_beside_the_state() {
        assert!(ShowAs::OutOfOffice.says().is_out_of_office);
        assert_eq!(number(3500, "out-of-office").availability, Availability::Available);
        assert!(number(3500, "out-of-office").is_out_of_office);
        assert!(ShowAs::Tentative.says().is_tentative && !ShowAs::Busy.says().is_tentative);
    }

    #[test]
    fn only_a_telephone_that_nobody_answered_rings() {
        assert!(LineState::Ringing.says().is_ringing);
        assert!(!LineState::Idle.says().is_ringing && !LineState::InCall.says().is_ringing);
    }
}
