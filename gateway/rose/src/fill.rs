//! From what is known of a contact to its presence, as one watcher may see it. Pure.

use directory_model::presence::{self as model, Activity, Availability, Claim, ClaimKind, Note, NoteKind};
use directory_model::timestamp::Timestamp;

use crate::flags::Flags;
use crate::presence::{
    AbsentState, AgentState, Appointment, CONFERENCED, CONNECTED, Call, CustomNote, DynamicRights, DynamicRightsRange,
    Line, OFFERING, Presence, RemoteContact, action,
};
use crate::rights::{APPOINTMENTS_PUBLIC, Level};
use crate::state;

/// The source of the claim that marks who is out of office.
const OUT_OF_OFFICE: &str = "out_of_office";

/// What is known of a contact.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// What it is called and how it is reached, with the hash of its picture.
    pub contact: RemoteContact,
    /// The merged presence.
    pub presence: &'a model::Presence,
    /// The claims that count.
    pub claims: &'a [Claim],
    /// The notes that count, first the one to show.
    pub notes: &'a [Note],
}

/// Who looks, and at what.
#[derive(Debug, Clone)]
pub struct Watcher<'a> {
    /// What the watcher calls the contact.
    pub calls_it: &'a str,
    /// What the watcher may see.
    pub level: Level,
    /// What the watcher may see whatever the contact allows.
    pub least: Level,
    /// What the contact allows the watcher, if it said so.
    pub allowed: Option<Level>,
    /// What the watcher asked for.
    pub sections: Flags,
}

/// The presence of a contact of which a watcher may know nothing, or that there is not: both look alike.
pub fn hidden(calls_it: &str) -> Presence {
    let blocked = Some(Level::Blocked.rights());
    Presence { contact_id: calls_it.to_owned(), static_rights: blocked, ..Presence::default() }
}

/// The presence of `subject` as `watcher` may see it.
pub fn fill(subject: &Subject<'_>, watcher: &Watcher<'_>) -> Presence {
    if watcher.level == Level::Blocked {
        return hidden(watcher.calls_it);
    }
    let calls_it = watcher.calls_it.to_owned();
    let state = state::number(subject.presence, subject.claims, note(subject).is_some());
    let sees_when = watcher.level.rights() & APPOINTMENTS_PUBLIC != 0;
    Presence {
        state: Some(state),
        since: subject.presence.since.filter(|_| sees_when),
        shown_as: subject.presence.custom.clone(),
        remote_contact: Some(subject.contact.clone()),
        static_rights: Some(watcher.level.rights()),
        monitor_rights: Some(0),
        // The state is told by itself: here it would be news whenever anything is.
        absent_state: Some(absent_state(subject.claims, &calls_it, None)),
        custom_note: Some(shown_notes(subject, watcher.calls_it, watcher.level)),
        appointments: Some(shown_appointments(subject.claims)),
        lines: Some(lines(subject)),
        calls: Some(calls(subject)),
        dynamic_rights: Some(dynamic_rights(watcher)),
        agent_state: Some(AgentState { state: 0 }),
        contact_id: calls_it,
        ..Presence::default()
    }
    .restricted_to(watcher.sections & watcher.level.sections())
}

/// The own word among `claims`: a state, else that somebody is out of office, else that nothing is said.
pub fn absent_state(claims: &[Claim], contact_id: &str, presence_state: Option<u32>) -> AbsentState {
    let by_hand = || claims.iter().filter(|claim| claim.kind == ClaimKind::Manual);
    let word = by_hand().filter(|claim| !claim.is_mark()).max_by_key(|claim| (claim.since, claim.version));
    let mark = by_hand().find(|claim| claim.is_mark() && claim.source == OUT_OF_OFFICE);
    let said = word.or(mark);
    AbsentState {
        contact_id: contact_id.to_owned(),
        state: said.map_or(NOT_SET, absence),
        presence_state,
        from: said.map(|claim| claim.since),
        to: said.and_then(|claim| claim.expires_at),
        custom_state: said.and_then(|claim| claim.custom.clone()),
    }
}

/// Nothing is said.
pub const NOT_SET: u8 = 4;

/// An own word in the numbers of `AsnAbsentStateEnum`.
fn absence(claim: &Claim) -> u8 {
    match claim.availability {
        _ if claim.is_out_of_office => 1,
        Availability::Available | Availability::Inactive => 0,
        Availability::Busy => 2,
        Availability::DoNotDisturb => 3,
        // There is no number for who is only away: this one comes nearest.
        Availability::BeRightBack | Availability::Away | Availability::Offline | Availability::Unknown => 1,
    }
}

/// The note that is shown: like a card's, the absence goes before while somebody is out of office.
fn note<'a>(subject: &Subject<'a>) -> Option<&'a Note> {
    let of_kind = |kind| subject.notes.iter().find(move |note| note.kind == kind);
    let absence = of_kind(NoteKind::OutOfOffice).filter(|_| subject.presence.is_out_of_office);
    absence.or_else(|| of_kind(NoteKind::Personal))
}

/// The notes, as somebody of `level` may see them: those about appointments are for whoever may see
/// appointments.
pub fn shown_notes(subject: &Subject<'_>, contact_id: &str, level: Level) -> CustomNote {
    let first = note(subject);
    let has_appointments = level.rights() & APPOINTMENTS_PUBLIC != 0;
    let is_shown = |note: &&Note| match note.kind {
        NoteKind::Personal => true,
        NoteKind::Appointment => has_appointments,
        NoteKind::OutOfOffice => false,
    };
    let others = subject.notes.iter().filter(is_shown).filter(|note| Some(*note) != first);
    let all: Vec<String> = first.into_iter().chain(others).map(|note| note.text.clone()).collect();
    CustomNote {
        contact_id: contact_id.to_owned(),
        user_name: subject.contact.display_name.clone(),
        note: first.map(|note| note.text.clone()).unwrap_or_default(),
        notes: Some(all),
    }
}

/// What calendars say goes on. They do not say what it is about.
pub fn shown_appointments(claims: &[Claim]) -> Vec<Appointment> {
    let said = claims.iter().filter(|claim| claim.kind == ClaimKind::Calendar).filter_map(by_calendar);
    let mut all: Vec<Appointment> = said.collect();
    all.sort_by(|one, other| (one.start, &one.source).cmp(&(other.start, &other.source)));
    all
}

fn by_calendar(claim: &Claim) -> Option<Appointment> {
    let status = match claim.availability {
        _ if claim.is_out_of_office => 3,
        _ if claim.is_tentative => 1,
        Availability::Busy => 2,
        // Free is no appointment.
        _ => return None,
    };
    let end = claim.expires_at.unwrap_or(Timestamp::MAX);
    Some(Appointment { source: claim.source.clone(), start: claim.since, end, subject: String::new(), status })
}

/// Each telephone is a line.
fn lines(subject: &Subject<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> =
        subject.claims.iter().filter(|claim| is_line(claim)).map(|claim| line(subject, claim)).collect();
    lines.sort_by(|one, other| one.line.cmp(&other.line));
    lines
}

fn is_line(claim: &Claim) -> bool {
    matches!(claim.kind, ClaimKind::Telephone | ClaimKind::Softphone)
}

/// What a line is called: by its source and device, so that no two are called the same.
fn line_name(claim: &Claim) -> String {
    if claim.device.is_empty() { claim.source.clone() } else { format!("{}/{}", claim.source, claim.device) }
}

fn line_number(subject: &Subject<'_>, claim: &Claim) -> String {
    let of_contact = || subject.contact.phone.clone().unwrap_or_default();
    if claim.device.is_empty() { of_contact() } else { claim.device.clone() }
}

fn line(subject: &Subject<'_>, claim: &Claim) -> Line {
    Line {
        line: line_name(claim),
        number: line_number(subject, claim),
        state: u8::from(claim.availability != Availability::Offline),
        do_not_disturb: u8::from(claim.availability == Availability::DoNotDisturb),
        forward_features: 0,
    }
}

/// Each telephone and conference in a call has one.
fn calls(subject: &Subject<'_>) -> Vec<Call> {
    let has_call = |claim: &&Claim| is_line(claim) || claim.kind == ClaimKind::AudioVideo;
    let mut calls: Vec<Call> =
        subject.claims.iter().filter(has_call).filter_map(|claim| call(subject, claim)).collect();
    calls.sort_by(|one, other| one.connection_id.cmp(&other.connection_id));
    calls
}

fn call(subject: &Subject<'_>, claim: &Claim) -> Option<Call> {
    let state = match claim.activity {
        _ if claim.is_ringing => OFFERING,
        Some(Activity::OnThePhone) => CONNECTED,
        Some(Activity::InAConference) => CONFERENCED,
        _ => return None,
    };
    let kind = match claim.kind {
        ClaimKind::AudioVideo => "av",
        ClaimKind::Softphone => "softphone",
        _ => "telephone",
    };
    Some(Call {
        action: action::ADDED,
        // The next call of the same line is another one: it began later.
        connection_id: format!("{kind}:{}@{}", line_name(claim), claim.since.millis()),
        line: line_name(claim),
        number: line_number(subject, claim),
        current_number: String::new(),
        tracker_id: String::new(),
        state,
        features: 0,
        is_outbound: false,
        is_internal: false,
        call_type: 0,
        journal_type: 0,
    })
}

fn dynamic_rights(watcher: &Watcher<'_>) -> DynamicRightsRange {
    let of = |level: Level| DynamicRights::of(watcher.calls_it, level.rights());
    DynamicRightsRange { least: of(watcher.least), most: of(Level::Personal), current: watcher.allowed.map(of) }
}

#[cfg(test)]
pub(crate) mod tests;
