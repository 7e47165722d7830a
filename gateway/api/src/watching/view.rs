//! A contact as a colleague of some level may see it. Pure.
//!
//! | level | sees |
//! |---|---|
//! | public | state, activity, named state, personal notes; that somebody is out of office, and the note about that as long as it is so |
//! | company | also notes about appointments, which of them go on, since when and by what the state holds, when it changes by what is known, and when somebody can be contacted next |
//! | team | the same, and may set it |
//! | personal | the same |

use std::collections::BTreeMap;

use directory_model::id::ContactId;
use directory_model::timestamp::Timestamp;
use gateway_presence::book::Portrait;
use gateway_presence::reachability::is_scheduled;
use gateway_rose::fill::{Subject, shown_appointments, shown_notes};
use gateway_rose::rights::{APPOINTMENTS_PUBLIC, CHANGEABLE, Level};
use serde::Serialize;
use utoipa::ToSchema;

use crate::admin::presence::PresenceView;
use crate::v2::subscriptions::called;

/// How much of a contact a colleague may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SightLevel {
    /// State, own word and notes.
    Public,
    /// Also when there are appointments.
    Company,
    /// Also set own word and notes.
    Team,
    /// Everything.
    Personal,
}

/// A contact as one who is signed in may see it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ColleagueView {
    /// The contact.
    id: ContactId,
    /// How much may be seen of it.
    level: SightLevel,
    /// Own word and notes may be set.
    may_set: bool,
    #[serde(flatten)]
    presence: PresenceView,
    /// The notes, first the one to show.
    notes: Vec<String>,
    /// The appointments that go on; null where they may not be seen.
    #[schema(required)]
    appointments: Option<Vec<AppointmentView>>,
    /// When somebody can be contacted next by what is known; null where that may not be seen, or they can now.
    #[schema(required)]
    next_reachable: Option<Timestamp>,
}

/// An appointment that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AppointmentView {
    /// Since when.
    since: Timestamp,
    /// Until when.
    until: Timestamp,
    /// It is not certain yet.
    is_tentative: bool,
    /// The person is out of office meanwhile.
    is_out_of_office: bool,
}

impl SightLevel {
    /// The level's word; `None` where nothing may be seen.
    pub(crate) fn of(level: Level) -> Option<Self> {
        match level {
            Level::Blocked => None,
            Level::Public => Some(Self::Public),
            Level::Company => Some(Self::Company),
            Level::Team => Some(Self::Team),
            Level::Personal => Some(Self::Personal),
        }
    }
}

impl ColleagueView {
    /// Whom it shows.
    pub(crate) fn id(&self) -> ContactId {
        self.id
    }

    /// The contact as somebody of `level` may see it; `labels` says what a named state is called elsewhere. `None`
    /// where nothing may be seen.
    pub(crate) fn of(
        portrait: &Portrait,
        level: Level,
        labels: impl Fn(&str) -> BTreeMap<String, String>,
    ) -> Option<Self> {
        let sees_appointments = level.rights() & APPOINTMENTS_PUBLIC != 0;
        let Portrait { facts, presence, claims, notes, next_reachable } = portrait;
        let contact = called(portrait);
        let subject = Subject { contact, presence, claims, notes };
        let mut presence = presence.clone();
        // When a device's claim expires is nothing about the person, and would be news with each renewal.
        presence.valid_until =
            claims.iter().filter(|claim| is_scheduled(claim.kind)).filter_map(|claim| claim.expires_at).min();
        if !sees_appointments {
            (presence.since, presence.decided_by, presence.valid_until) = (None, None, None);
        }
        let appointment = |shown: gateway_rose::presence::Appointment| AppointmentView {
            since: shown.start,
            until: shown.end,
            is_tentative: shown.status == 1,
            is_out_of_office: shown.status == 3,
        };
        Some(Self {
            id: facts.id,
            level: SightLevel::of(level)?,
            may_set: level.rights() & CHANGEABLE != 0,
            presence: PresenceView::of(presence, labels),
            notes: shown_notes(&subject, "", level).notes.unwrap_or_default(),
            appointments: sees_appointments.then(|| shown_appointments(claims).into_iter().map(appointment).collect()),
            next_reachable: next_reachable.filter(|_| sees_appointments),
        })
    }
}

#[cfg(test)]
mod tests;
