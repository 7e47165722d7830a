//! The profiles that every tenant has.

use std::collections::BTreeMap;

use super::calls::CallChoices;
use super::{Absence, PresenceProfile, ProfileFields, ProfileName, ProfileStatus};
use crate::presence::Activity;

/// A profile that every tenant has, and that nobody changes or removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuiltIn {
    /// The default.
    Available,
    /// Away for a while.
    Away,
    /// A break.
    Comfort,
    /// In a meeting; also what meetings of the calendar do to calls.
    InAMeeting,
    /// At the desk.
    InTheOffice,
    /// At lunch.
    Lunch,
    /// On holiday.
    OnHoliday,
    /// Travelling, and reachable.
    OnTheRoad,
    /// Out of the office.
    OutOfTheOffice,
    /// At home, and reachable.
    WorkingFromHome,
    /// Elsewhere, and reachable.
    WorkingRemotely,
}

use ProfileStatus::{Available, Unavailable};

impl BuiltIn {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::Available,
        Self::Away,
        Self::Comfort,
        Self::InAMeeting,
        Self::InTheOffice,
        Self::Lunch,
        Self::OnHoliday,
        Self::OnTheRoad,
        Self::OutOfTheOffice,
        Self::WorkingFromHome,
        Self::WorkingRemotely,
    ];

    /// Its code, its name, its German name and its status. Codes never change.
    fn row(self) -> (&'static str, &'static str, &'static str, ProfileStatus) {
        match self {
            Self::Available => ("available", "Available", "Verfügbar", Available),
            Self::Away => ("away", "Away", "Abwesend", Unavailable),
            Self::Comfort => ("comfort", "Comfort", "Kurze Pause", Unavailable),
            Self::InAMeeting => ("in_a_meeting", "In a Meeting", "In einer Besprechung", Unavailable),
            Self::InTheOffice => ("in_the_office", "In the Office", "Im Büro", Available),
            Self::Lunch => ("lunch", "Lunch", "Mittagspause", Unavailable),
            Self::OnHoliday => ("on_holiday", "On Holiday", "Im Urlaub", Unavailable),
            Self::OnTheRoad => ("on_the_road", "On the Road", "Unterwegs", Available),
            Self::OutOfTheOffice => ("out_of_the_office", "Out of the Office", "Außer Haus", Unavailable),
            Self::WorkingFromHome => ("working_from_home", "Working from Home", "Im Homeoffice", Available),
            Self::WorkingRemotely => ("working_remotely", "Working Remotely", "Mobiles Arbeiten", Available),
        }
    }

    /// What it is called on the wire and in the store.
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// What it is called in English.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What the profile that is called `name` in English is called in other languages; nothing when there is no
    /// built-in profile of this name.
    pub fn labels_of(name: &str) -> BTreeMap<String, String> {
        let found = Self::ALL.into_iter().find(|profile| profile.name() == name);
        found.map(|profile| profile.profile().fields.labels).unwrap_or_default()
    }

    /// The profile.
    pub fn profile(self) -> PresenceProfile {
        let (_, name, german, status) = self.row();
        let (absence, activity) = match self {
            Self::InAMeeting => (Absence::DoNotDisturb, Some(Activity::InAMeeting)),
            Self::OnHoliday => (Absence::Away, Some(Activity::OffWork)),
            Self::OutOfTheOffice => (Absence::Away, Some(Activity::OutOfOffice)),
            _ => (Absence::Away, None),
        };
        let labels = BTreeMap::from([("de".to_owned(), german.to_owned())]);
        let name = name.to_owned();
        let fields = ProfileFields { name, status, absence, activity, labels, calls: CallChoices::default() };
        let id = ProfileName::BuiltIn(self);
        PresenceProfile { id, fields, revision: 0, created_at: None, updated_at: None }
    }
}
