//! How available users are, and when they are busy.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::{State, User, error, reply};
use crate::emulator::{Reply, Seen};

/// The most users that one request may name.
const MOST_USERS: usize = 650;
/// The most calendars that one request may name.
const MOST_CALENDARS: usize = 20;

/// What is said about users.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) presences: BTreeMap<String, Value>,
    pub(super) calendars: BTreeMap<String, Vec<Item>>,
    /// Whether one user who is not there has the whole request refused, instead of being left out.
    pub(super) is_strict: bool,
    /// Of these addresses only what is seen from afar is told.
    pub(super) hidden: Vec<String>,
}

/// An entry of a calendar, in UTC.
#[derive(Debug, Clone)]
pub struct Item {
    /// `busy`, `tentative`, `oof` and so on.
    pub status: String,
    /// When it begins: `2026-11-22T10:00:00`.
    pub from: String,
    /// When it ends.
    pub until: String,
}

impl Item {
    /// An entry from one moment to another.
    pub fn new(status: &str, from: &str, until: &str) -> Self {
        Self { status: status.into(), from: from.into(), until: until.into() }
    }
}

fn body(request: &Seen) -> Option<Value> {
    let is_json = request.header("content-type").starts_with("application/json");
    serde_json::from_str(&request.body).ok().filter(|_| is_json)
}

/// The answer to `getPresencesByUserId`.
pub(super) fn presences(state: &State, request: &Seen) -> Reply {
    let Some(body) = body(request) else { return error(400, "BadRequest") };
    let Some(ids) = body["ids"].as_array() else { return error(400, "BadRequest") };
    if ids.is_empty() || ids.len() > MOST_USERS {
        return error(400, "BadRequest");
    }
    let is_there = |id: &&Value| state.users.iter().any(|user: &User| id.as_str() == Some(user.id.as_str()));
    if state.said.is_strict && !ids.iter().all(|id| is_there(&id)) {
        return error(404, "NotFound");
    }
    let offline = json!({"availability": "Offline", "activity": "Offline"});
    let told = ids.iter().filter(is_there).map(|id| {
        let mut presence = state.said.presences.get(id.as_str().unwrap_or_default()).unwrap_or(&offline).clone();
        presence["id"] = id.clone();
        presence
    });
    reply(200, &json!({"value": told.collect::<Vec<_>>()}))
}

/// The answer to `getSchedule` in the name of the user `asker`.
pub(super) fn schedules(state: &State, asker: &str, request: &Seen) -> Reply {
    if !state.users.iter().any(|user| user.id == asker) {
        return error(404, "ErrorInvalidUser");
    }
    let Some(body) = body(request) else { return error(400, "BadRequest") };
    let addresses: Vec<&str> = body["schedules"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let moment = |name: &str| -> Option<DateTime> { body[name]["dateTime"].as_str()?.parse().ok() };
    let (Some(start), Some(end)) = (moment("startTime"), moment("endTime")) else { return error(400, "BadRequest") };
    let minutes = body["availabilityViewInterval"].as_i64().unwrap_or(30);
    if addresses.is_empty() || addresses.len() > MOST_CALENDARS || !(5..=1440).contains(&minutes) {
        return error(400, "ErrorInvalidRequest");
    }
    let told: Vec<Value> = addresses.iter().map(|address| schedule(state, address, start, end, minutes)).collect();
    reply(200, &json!({"value": told}))
}

fn schedule(state: &State, address: &str, start: DateTime, end: DateTime, minutes: i64) -> Value {
    let is_at = |user: &&User| user.other["mail"].as_str().is_some_and(|mail| mail.eq_ignore_ascii_case(address));
    if !state.users.iter().any(|user| is_at(&user)) {
        let text = "The mail recipient was not found.";
        return json!({"scheduleId": address, "error": {"message": text, "responseCode": "ErrorMailRecipientNotFound"}});
    }
    let items = state.said.calendars.get(&address.to_lowercase()).cloned().unwrap_or_default();
    let parsed: Vec<(DateTime, DateTime, &str)> = items
        .iter()
        .filter_map(|item| Some((item.from.parse().ok()?, item.until.parse().ok()?, item.status.as_str())))
        .collect();
    let mut view = String::new();
    let mut at = start;
    while at < end {
        let next = at + jiff::Span::new().minutes(minutes);
        let over = |status: &str| parsed.iter().any(|(from, until, of)| *of == status && *from < next && *until > at);
        view.push(match () {
            () if over("oof") => '3',
            () if over("busy") => '2',
            () if over("tentative") => '1',
            () if over("workingElsewhere") => '4',
            () => '0',
        });
        at = next;
    }
    let moment = |text: &str| json!({"dateTime": format!("{text}.0000000"), "timeZone": "UTC"});
    let is_hidden = state.said.hidden.iter().any(|hidden| hidden.eq_ignore_ascii_case(address));
    let shown = items.iter().filter(|_| !is_hidden).map(|item| {
        json!({"status": item.status, "start": moment(&item.from), "end": moment(&item.until), "isPrivate": false})
    });
    json!({"scheduleId": address, "availabilityView": view, "scheduleItems": shown.collect::<Vec<_>>(),
        "workingHours": {"startTime": "08:00:00.0000000"}})
}
