//! Whether a visitor may contact somebody now, how, and until when that answer holds. Pure.
//!
//! | presence | allowed |
//! |---|---|
//! | available, inactive | yes |
//! | busy, also from a calendar or a call | only with "can be contacted on busy" |
//! | do not disturb | no |
//! | be right back, away | as the tenant's "reachable when away" says |
//! | offline, unknown | no |
//! | a profile that is unavailable, whatever it shows | as the home site's "reachable when unavailable" says |
//!
//! Before that: a disabled contact is never reachable, nobody is while the publication is
//! closed, and a modality must be enabled by the tenant and, if it names any, the publication.
//!
//! The presence of a **service**: its own claims that count or are remembered, if there are any. Else, if a group
//! staffs it, *available* when a person of the group is available or inactive, otherwise the most
//! available state among them (all busy: busy), and *offline* without anybody. Else, with neither
//! claims nor a group, *available*: a persistent endpoint is there until something says otherwise.

use std::collections::BTreeSet;
use std::time::Duration;

use directory_model::opening::OpeningHours;
use directory_model::presence::rules::PresenceRules;
use directory_model::presence::{Availability, Claim, ClaimKind, Presence};
use directory_model::tenant::Modality;
use directory_model::timestamp::Timestamp;
use serde::Serialize;

use crate::merge::merge;
use crate::opening::{Opening, SEARCH_DAYS, state_at};
use crate::standing::{Standing, standing};

/// How many future moments are tried to find when somebody can be reached next.
const MAX_TRIES: usize = 12;

/// Everything that the answer depends on besides the moment.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The contact itself.
    pub contact: ContactRules,
    /// What is claimed about it.
    pub claims: &'a [Claim],
    /// How claims become presence.
    pub rules: &'a PresenceRules,
    /// Who staffs it; [`Staff::None`] for persons.
    pub staff: Staff<'a>,
    /// The tenant's "reachable when away".
    pub is_reachable_when_away: bool,
    /// The tenant's modalities.
    pub tenant_modalities: &'a BTreeSet<Modality>,
    /// The publication's modalities; the tenant's when absent.
    pub publication_modalities: Option<&'a BTreeSet<Modality>>,
    /// When the publication is open; always when absent.
    pub hours: Option<&'a OpeningHours>,
}

/// What the contact's own fields say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, of the contact or its site")]
pub struct ContactRules {
    /// A service instead of a person.
    pub is_service: bool,
    /// Taken out of service.
    pub is_disabled: bool,
    /// A second call is put through.
    pub can_be_contacted_on_busy: bool,
    /// The home site says that a profile which is unavailable stops nobody.
    pub is_reachable_when_unavailable: bool,
}

/// Who answers for a service.
#[derive(Debug, Clone, Copy)]
pub enum Staff<'a> {
    /// No group: the service stands for itself.
    None,
    /// The claims of each person in its group.
    Persons(&'a [&'a [Claim]]),
}

/// The answer for one modality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// The visitor may.
    pub is_allowed: bool,
    /// Why not.
    pub reason: Option<Reason>,
    /// Until when this very answer holds, if nobody claims anything new; `None` without end.
    pub valid_until: Option<Timestamp>,
    /// When the answer will be yes by what is known now: the next opening, the end of a meeting.
    pub next_reachable: Option<Timestamp>,
}

/// Why somebody cannot be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The contact is out of service.
    Disabled,
    /// The tenant or publication does not offer the modality.
    NotOffered,
    /// Outside opening hours.
    Closed,
    /// Busy, and a second call is not put through.
    Busy,
    /// Wants no contact.
    DoNotDisturb,
    /// Away, and the tenant does not allow that.
    Away,
    /// Signed out.
    Offline,
    /// Nothing is known.
    Unknown,
    /// There is nobody, or no way, to be reached.
    Nobody,
}

/// Answers for `modality` at `now`.
pub fn admit(facts: &Facts<'_>, modality: Modality, now: Timestamp) -> Admission {
    Situation::at(facts, now).admit(facts, modality)
}

/// What holds at one moment for every modality; worked out once for a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    now: Timestamp,
    /// What the contact shows.
    pub presence: Presence,
    /// Whether the publication is open.
    pub opening: Opening,
    /// Why not, before modalities are looked at.
    pub reason: Option<Reason>,
    /// Until when all of this holds.
    pub valid_until: Option<Timestamp>,
}

impl Situation {
    /// The situation of `facts` at `now`.
    pub fn at(facts: &Facts<'_>, now: Timestamp) -> Self {
        Self::under(facts, opening_at(facts.hours, now), now)
    }

    /// The same, when the opening at `now` is known already.
    pub fn under(facts: &Facts<'_>, opening: Opening, now: Timestamp) -> Self {
        let presence = presence_of(facts, now);
        let reason = refusal(facts, &presence, opening);
        let valid_until = presence.valid_until.into_iter().chain(opening_holds_until(facts.hours, opening, now)).min();
        Self { now, presence, opening, reason, valid_until }
    }

    /// The answer for `modality`.
    pub fn admit(&self, facts: &Facts<'_>, modality: Modality) -> Admission {
        if !is_offered(facts, modality) {
            // Nothing that time brings changes this.
            let reason = Some(Reason::NotOffered);
            return Admission { is_allowed: false, reason, valid_until: None, next_reachable: None };
        }
        Admission {
            is_allowed: self.reason.is_none(),
            reason: self.reason,
            valid_until: self.valid_until,
            next_reachable: self.next_reachable(facts),
        }
    }

    /// When the answer will be yes by what is known now; `None` when it is, or is not known.
    ///
    /// Meetings and own words end when they say. A device's claim is repeated before it expires,
    /// so its expiry says nothing about the person and is not counted on.
    pub fn next_reachable(&self, facts: &Facts<'_>) -> Option<Timestamp> {
        if self.reason.is_none() || facts.contact.is_disabled {
            return None;
        }
        let lasting = Lasting::new(facts, self.now);
        let staff: Vec<&[Claim]> = lasting.staff.iter().map(Vec::as_slice).collect();
        let staff = if matches!(facts.staff, Staff::None) { Staff::None } else { Staff::Persons(&staff) };
        let facts = Facts { claims: &lasting.own, staff, ..*facts };
        let (mut at, mut opening) = (self.now, self.opening);
        for _ in 0..MAX_TRIES {
            let presence = presence_of(&facts, at);
            if refusal(&facts, &presence, opening).is_none() {
                return (at > self.now).then_some(at);
            }
            let ends = presence.valid_until.into_iter().filter(|_| opening.is_open());
            at = ends.chain(opening.until()).filter(|end| *end > at).min()?;
            if opening.until().is_some_and(|until| until <= at) {
                opening = opening_at(facts.hours, at);
            }
        }
        None
    }
}

/// Whether `hours` are open; always without any.
pub fn opening_at(hours: Option<&OpeningHours>, now: Timestamp) -> Opening {
    hours.map_or(Opening::Open { until: None }, |hours| state_at(hours, now))
}

/// The presence of a service from that of the persons who staff it.
pub fn staffed(persons: impl IntoIterator<Item = Presence>) -> Presence {
    let mut best: Option<Presence> = None;
    let mut valid_until = None;
    for person in persons {
        valid_until = [valid_until, person.valid_until].into_iter().flatten().min();
        if best.as_ref().is_none_or(|best| (person.availability, person.since) < (best.availability, best.since)) {
            best = Some(person);
        }
    }
    let availability = match best.as_ref().map_or(Availability::Offline, |best| best.availability) {
        Availability::Inactive => Availability::Available,
        other => other,
    };
    Presence {
        availability,
        activity: None,
        is_out_of_office: false,
        custom: None,
        since: best.as_ref().and_then(|best| best.since),
        decided_by: best.and_then(|best| best.decided_by),
        valid_until,
    }
}

/// What the contact shows at `now`: the table of the module's text.
pub fn presence_of(facts: &Facts<'_>, now: Timestamp) -> Presence {
    let own = merge(facts.claims, facts.rules, now);
    if !facts.contact.is_service || speaks_for_itself(facts.claims, facts.rules, now) {
        return own;
    }
    of_service(own, facts.staff, facts.rules, now)
}

/// Whether something is known of the contact's own state, be it that its sources fell silent.
pub fn speaks_for_itself(claims: &[Claim], rules: &PresenceRules, now: Timestamp) -> bool {
    let is_known = |claim: &Claim| matches!(standing(claim, rules, now), Standing::Live | Standing::Silent);
    claims.iter().any(|claim| !claim.is_mark() && is_known(claim))
}

/// What a service shows about which nothing is claimed but that, `own`, itself.
pub fn of_service(own: Presence, staff: Staff<'_>, rules: &PresenceRules, now: Timestamp) -> Presence {
    match staff {
        Staff::None => Presence { availability: Availability::Available, ..own },
        Staff::Persons(persons) => staffed(persons.iter().map(|claims| merge(claims, rules, now))),
    }
}

/// Whether tenant and publication offer `modality` at all.
pub fn is_offered(facts: &Facts<'_>, modality: Modality) -> bool {
    facts.tenant_modalities.contains(&modality)
        && facts.publication_modalities.is_none_or(|offered| offered.contains(&modality))
}

fn refusal(facts: &Facts<'_>, presence: &Presence, opening: Opening) -> Option<Reason> {
    if facts.contact.is_disabled {
        return Some(Reason::Disabled);
    }
    if !opening.is_open() {
        return Some(Reason::Closed);
    }
    let is_by_profile = presence.decided_by == Some(ClaimKind::Profile);
    match presence.availability {
        Availability::Available | Availability::Inactive => None,
        _ if is_by_profile && facts.contact.is_reachable_when_unavailable => None,
        Availability::BeRightBack | Availability::Away if is_by_profile => Some(Reason::Away),
        Availability::Busy => (!facts.contact.can_be_contacted_on_busy).then_some(Reason::Busy),
        Availability::DoNotDisturb => Some(Reason::DoNotDisturb),
        Availability::BeRightBack | Availability::Away => (!facts.is_reachable_when_away).then_some(Reason::Away),
        // Only a service without staff is offline although nobody said so.
        Availability::Offline if presence.decided_by.is_none() => Some(Reason::Nobody),
        Availability::Offline => Some(Reason::Offline),
        Availability::Unknown => Some(Reason::Unknown),
    }
}

/// Until when the opening holds for certain: beyond the days that were searched it may change.
fn opening_holds_until(hours: Option<&OpeningHours>, opening: Opening, now: Timestamp) -> Option<Timestamp> {
    const SEARCHED: Duration = Duration::from_secs((SEARCH_DAYS as u64 - 2) * 86_400);
    hours.map(|_| opening.until().unwrap_or_else(|| now.plus(SEARCHED)))
}

/// The claims as they are if devices go on saying what they say.
struct Lasting {
    own: Vec<Claim>,
    staff: Vec<Vec<Claim>>,
}

impl Lasting {
    fn new(facts: &Facts<'_>, now: Timestamp) -> Self {
        let staff = match facts.staff {
            Staff::None => &[],
            Staff::Persons(persons) => persons,
        };
        let lasting = |claims: &[Claim]| lasting(claims, facts.rules, now);
        Self { own: lasting(facts.claims), staff: staff.iter().map(|claims| lasting(claims)).collect() }
    }
}

fn lasting(claims: &[Claim], rules: &PresenceRules, now: Timestamp) -> Vec<Claim> {
    let goes_on = |claim: &Claim| !is_scheduled(claim.kind) && standing(claim, rules, now) == Standing::Live;
    let lasting = |claim: &Claim| Claim { expires_at: claim.expires_at.filter(|_| !goes_on(claim)), ..claim.clone() };
    claims.iter().map(lasting).collect()
}

/// Whether the expiry of such claims is the end of what they say.
pub fn is_scheduled(kind: ClaimKind) -> bool {
    matches!(kind, ClaimKind::Manual | ClaimKind::Profile | ClaimKind::Calendar)
}

#[cfg(test)]
mod tests;
