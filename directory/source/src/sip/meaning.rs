//! What presence documents and calls mean as claims. Pure.
//!
//! A presence document is a **platform**'s: each tuple is a device. A closed one is *offline*. An open one is as
//! Lync's number says, else as the activities say, its own before those of the person, else *available*, or *inactive* when
//! nobody uses it. Where several persons are in one document, because the server puts together what devices sent,
//! somebody who is busy in one of them is busy; else who is free in one of them is free.
//!
//! | activity (RFC 4480, 3.2) | state | activity here | out of office |
//! |---|---|---|---|
//! | `on-the-phone` | busy | on the phone | |
//! | `meeting`, `appointment` | busy | in a meeting | |
//! | `presentation` | do not disturb | presenting | |
//! | `busy` | busy | | |
//! | `away`, `in-transit`, `steering`, `performance`, `playing`, `shopping`, `spectator`, `tv`, `worship` | away | | |
//! | `breakfast`, `lunch`, `dinner`, `meal` | be right back | | |
//! | `holiday`, `sleeping` | away | off work | |
//! | `vacation`, `travel` | away | | yes |
//! | `permanent-absence` | offline | | yes |
//! | `other` with one of Lync's tokens | as the token says | the token's | if it says so |
//! | `other` with another text | none | | that text is the name of the state |
//! | `working`, `looking-for-work`, `unknown` and all others | none | | |
//!
//! Calls are a **telephone**'s: each one is a device of its own, and without any the telephone is idle.

use std::collections::HashSet;

use directory_model::presence::lync::LowNumbers;
use directory_model::presence::said::{LineState, Said, by_lync};
use directory_model::presence::{Activity, Availability, ClaimKind, NOTE_CHARS, NoteKind, SourceNote, lync};
use directory_model::timestamp::Timestamp;
use ring::digest::{SHA256, digest};

use super::dialog_info::{Call, CallState, Direction};
use super::hex;
use super::pidf::{Activities, Doing, Pidf, Text, Tuple, Word};

/// A contact has at most so many devices of one source.
const MAX_DEVICES: usize = 16;
/// The longest name of a device, in characters.
const DEVICE_CHARS: usize = 128;

/// What one device says, as a claim is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// What kind of system says it.
    pub kind: ClaimKind,
    /// Which device of it.
    pub device: String,
    /// The state.
    pub said: Said,
    /// What the state is called there, when it has a name of its own.
    pub custom: Option<String>,
    /// Since when it holds, when that is said.
    pub since: Option<Timestamp>,
}

/// What a document means at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meaning {
    /// The claims, one for each device.
    pub stated: Vec<Stated>,
    /// The notes beside them.
    pub notes: Vec<SourceNote>,
    /// When the same document will mean something else, because an activity in it begins or ends.
    pub changes_at: Option<Timestamp>,
}

/// When a document is read, and how.
#[derive(Debug, Clone, Copy)]
struct Reading {
    now: Timestamp,
    low: LowNumbers,
}

/// What a presence document means at `now`; `low` is what numbers of Lync below 3000 mean.
pub fn of_presence(pidf: &Pidf, now: Timestamp, low: LowNumbers) -> Meaning {
    let reading = Reading { now, low };
    let person = person(pidf, reading);
    let mut stated: Vec<Stated> =
        pidf.tuples.iter().filter_map(|tuple| of_tuple(tuple, pidf, person.as_ref(), reading)).collect();
    if pidf.tuples.is_empty() {
        stated.extend(person.map(|found| found.stated("")));
    }
    // Of two devices of one name the more available one.
    stated.sort_by_key(|stated| stated.said.availability);
    let mut names = HashSet::new();
    stated.retain(|stated| names.insert(stated.device.clone()));
    stated.truncate(MAX_DEVICES);
    let doings = || pidf.tuples.iter().map(|tuple| &tuple.doing).chain(pidf.persons.iter().map(|person| &person.doing));
    let moments = doings().flat_map(|doing| &doing.activities).flat_map(|list| [list.from, list.until]).flatten();
    Meaning { stated, notes: notes(pidf, reading), changes_at: moments.filter(|at| *at > now).min() }
}

/// What calls mean.
pub fn of_calls(calls: &[Call]) -> Meaning {
    let of_line = |device: &str, line: LineState| Stated {
        kind: ClaimKind::Telephone,
        device: device_name(device),
        said: line.says(),
        custom: None,
        since: None,
    };
    let mut lines: Vec<(&str, LineState)> =
        calls.iter().filter_map(|call| line_of(call).map(|line| (call.id.as_str(), line))).collect();
    // Those that count come first, should there be too many.
    lines.sort_by_key(|(_, line)| *line == LineState::Ringing);
    let mut stated: Vec<Stated> = lines.into_iter().take(MAX_DEVICES).map(|(id, line)| of_line(id, line)).collect();
    if stated.is_empty() {
        stated.push(of_line("", LineState::Idle));
    }
    Meaning { stated, ..Meaning::default() }
}

fn line_of(call: &Call) -> Option<LineState> {
    match (call.state, call.direction) {
        (CallState::Terminated, _) => None,
        (CallState::Confirmed, _) if call.is_held => Some(LineState::OnHold),
        // Whoever calls is on the telephone before somebody answers.
        (CallState::Confirmed, _) | (_, Some(Direction::Initiator)) => Some(LineState::InCall),
        (CallState::Trying | CallState::Proceeding | CallState::Early, _) => Some(LineState::Ringing),
    }
}

/// What was found about a person or device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Found {
    said: Option<Said>,
    custom: Option<String>,
    since: Option<Timestamp>,
    is_out_of_office: bool,
    is_idle: bool,
}

impl Found {
    fn says_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn stated(&self, device: &str) -> Stated {
        let free = if self.is_idle { Availability::Inactive } else { Availability::Available };
        let said = self.said.unwrap_or_else(|| free.into());
        Stated {
            kind: ClaimKind::Platform,
            device: device_name(device),
            said: Said { is_out_of_office: said.is_out_of_office || self.is_out_of_office, ..said },
            custom: self.custom.clone(),
            since: self.since,
        }
    }
}

fn of_tuple(tuple: &Tuple, pidf: &Pidf, person: Option<&Found>, reading: Reading) -> Option<Stated> {
    let since = tuple.timestamp.filter(|at| *at <= reading.now);
    if tuple.is_open == Some(false) {
        let said = Availability::Offline.into();
        return Some(Stated { said, since, ..Found::default().stated(&tuple.id) });
    }
    let mut own = found(&tuple.doing, reading);
    let says_itself = own.said.is_some();
    if let Some(person) = person.filter(|_| !says_itself) {
        own = Found { is_idle: own.is_idle || person.is_idle, ..person.clone() };
    }
    let device = tuple.device_id.as_deref().and_then(|id| pidf.devices.iter().find(|device| device.device_id == id));
    own.is_idle |= device.and_then(|device| device.is_idle).unwrap_or(false);
    // Who is neither open nor doing something has said nothing.
    if tuple.is_open.is_none() && own.says_nothing() {
        return None;
    }
    own.since = own.since.or(since);
    Some(own.stated(&tuple.id))
}

/// What the persons of a document come to; `None` when there are none, or none says anything.
fn person(pidf: &Pidf, reading: Reading) -> Option<Found> {
    let persons: Vec<Found> = pidf
        .persons
        .iter()
        .map(|person| {
            let found = found(&person.doing, reading);
            let since = found.since.or(person.timestamp.filter(|at| *at <= reading.now && found.said.is_some()));
            Found { since, ..found }
        })
        .collect();
    let best = persons.iter().min_by_key(|found| rank(found))?;
    let is_out_of_office = persons.iter().any(|found| found.is_out_of_office);
    // Somebody is idle who is idle everywhere.
    let is_idle = persons.iter().all(|found| found.is_idle || found.said.is_some()) && best.is_idle;
    let found = Found { is_out_of_office, is_idle, ..best.clone() };
    (!found.says_nothing()).then_some(found)
}

/// Occupied before free, and free before away.
fn rank(found: &Found) -> u8 {
    use Availability::{Available, Away, BeRightBack, Busy, DoNotDisturb, Inactive, Offline, Unknown};
    match found.said.map(|said| said.availability) {
        Some(DoNotDisturb) => 0,
        Some(Busy) => 1,
        Some(Available) => 2,
        None if !found.is_idle => 2,
        None | Some(Inactive) => 3,
        Some(BeRightBack) => 4,
        Some(Away) => 5,
        Some(Offline) => 6,
        Some(Unknown) => 7,
    }
}

fn found(doing: &Doing, reading: Reading) -> Found {
    let mut best = Found { is_idle: doing.is_idle == Some(true), ..Found::default() };
    for list in doing.activities.iter().filter(|list| holds(list, reading.now)) {
        for word in &list.words {
            let meant = meant(word);
            best.is_out_of_office |= meant.is_out_of_office;
            best.custom = best.custom.take().or_else(|| meant.custom.clone());
            if meant.said.is_some() && (best.said.is_none() || rank(&meant) < rank(&best)) {
                (best.said, best.since) = (meant.said, list.from);
            }
        }
    }
    let lync = doing.lync.as_ref().map(|says| by_lync(says.availability, says.token.as_deref(), reading.low));
    if let Some(said) = lync.filter(|said| said.availability != Availability::Unknown) {
        best.said = Some(said);
    }
    best
}

fn holds(list: &Activities, now: Timestamp) -> bool {
    list.from.is_none_or(|from| from <= now) && list.until.is_none_or(|until| now < until)
}

/// What one activity means, by the table above.
fn meant(word: &Word) -> Found {
    use Availability::{Away, BeRightBack, Busy, DoNotDisturb, Offline};
    let says = |availability: Availability, activity: Option<Activity>| Found {
        said: Some(Said { activity, ..availability.into() }),
        ..Found::default()
    };
    let out = |found: Found| Found { is_out_of_office: true, ..found };
    match word.name.as_str() {
        "on-the-phone" => says(Busy, Some(Activity::OnThePhone)),
        "meeting" | "appointment" => says(Busy, Some(Activity::InAMeeting)),
        "presentation" => says(DoNotDisturb, Some(Activity::Presenting)),
        "busy" => says(Busy, None),
        "away" | "in-transit" | "steering" | "performance" | "playing" | "shopping" | "spectator" | "tv"
        | "worship" => says(Away, None),
        "breakfast" | "lunch" | "dinner" | "meal" => says(BeRightBack, None),
        "holiday" | "sleeping" => says(Away, Some(Activity::OffWork)),
        "vacation" | "travel" => out(says(Away, None)),
        "permanent-absence" => out(says(Offline, None)),
        "other" => other(&word.text),
        _ => Found::default(),
    }
}

/// An activity that the standard has no word for.
fn other(text: &str) -> Found {
    let token = text.trim().to_lowercase().replace([' ', '_'], "-");
    let said = |availability: Availability, activity| Some(Said { activity: Some(activity), ..availability.into() });
    let Some(activity) = lync::activity(&token) else {
        let custom: String = text.chars().take(NOTE_CHARS).collect();
        return Found { custom: (!custom.is_empty()).then_some(custom), ..Found::default() };
    };
    let state = match activity {
        Activity::OnThePhone | Activity::InAConference | Activity::InAMeeting => said(Availability::Busy, activity),
        Activity::UrgentInterruptionsOnly | Activity::Presenting => said(Availability::DoNotDisturb, activity),
        Activity::OffWork => said(Availability::Away, activity),
        Activity::OutOfOffice => None,
    };
    Found { said: state, is_out_of_office: activity == Activity::OutOfOffice, ..Found::default() }
}

/// Each different text once: what is said of the person, then of devices, then of the whole.
fn notes(pidf: &Pidf, reading: Reading) -> Vec<SourceNote> {
    let lists =
        |doing: &Doing| doing.activities.iter().filter(|list| holds(list, reading.now)).cloned().collect::<Vec<_>>();
    let mut notes: Vec<SourceNote> = Vec::new();
    let mut add = |texts: &[Text], kind: NoteKind| {
        for Text { text, language } in texts {
            if !notes.iter().any(|known| known.text == *text) {
                let text = text.chars().take(NOTE_CHARS).collect();
                notes.push(SourceNote { text, kind, language: language.clone() });
            }
        }
    };
    for person in &pidf.persons {
        let is_out = found(&person.doing, reading).is_out_of_office;
        let kind = if is_out { NoteKind::OutOfOffice } else { NoteKind::Personal };
        add(&person.notes, kind);
        for list in lists(&person.doing) {
            let is_appointment = list.words.iter().any(|word| matches!(word.name.as_str(), "meeting" | "appointment"));
            add(&list.notes, if is_appointment { NoteKind::Appointment } else { kind });
        }
    }
    for tuple in &pidf.tuples {
        add(&tuple.notes, NoteKind::Personal);
    }
    add(&pidf.notes, NoteKind::Personal);
    notes.truncate(directory_model::presence::MAX_NOTES);
    notes
}

/// The name of a device; one that is too long is named by its hash.
fn device_name(id: &str) -> String {
    if id.chars().count() <= DEVICE_CHARS {
        return id.to_owned();
    }
    hex(digest(&SHA256, id.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests;
