//! When users are busy by their calendars, up to twenty in a request (features.md §6.6).
//!
//! Whoever is asked about need not be the one in whose name it is asked: that is the first of them whose
//! mailbox there is.

use std::collections::HashMap;

use directory_model::presence::said::ShowAs;
use directory_model::secret::Secret;
use directory_model::source::GraphConnection;
use directory_model::timestamp::Timestamp;
use reqwest::StatusCode;
use reqwest::header::HeaderName;
use serde_json::{Value, json};

use super::service::Service;
use super::user::text_of_id;
use crate::error::SourceError;
use crate::free_busy::{Block, Calendar, INTERVAL, NoAnswer, block, merged, read, window, written};
use crate::policy::SourcePolicy;

/// How many calendars one request may name.
pub const MOST_CALENDARS: usize = 20;
/// What is in twenty calendars of a day has a tenth of it.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;
/// In whose names it is tried, one after the other.
const MAX_ASKERS: usize = 3;
/// How many pieces of one calendar are read.
const MAX_ITEMS: usize = 1000;
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// Asks when users are busy.
#[derive(Debug)]
pub struct GraphSchedules {
    service: Service,
}

/// A user whose calendar is asked about.
#[derive(Debug, Clone, Copy)]
pub struct CalendarOf<'a> {
    /// The identity of the user's entry.
    pub external_id: &'a [u8],
    /// The user's mail address.
    pub mail: &'a str,
}

impl GraphSchedules {
    /// Prepares to ask; fails when it is clear without a connection that nothing would come of it.
    pub fn new(
        connection: &GraphConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        Ok(Self { service: Service::new(connection, secret, &policy.outbound)? })
    }

    /// The calendars of these users for the next day, at most [`MOST_CALENDARS`], in the same order. The
    /// service is asked once: when it is busy, that is what is told.
    pub async fn of(&self, users: &[CalendarOf<'_>], now: Timestamp) -> Result<Vec<Calendar>, NoAnswer> {
        let (start, end) = window(now);
        let moment = |at| json!({"dateTime": written(at), "timeZone": "UTC"});
        let body = json!({
            "schedules": users.iter().map(|user| user.mail).collect::<Vec<_>>(),
            "startTime": moment(start), "endTime": moment(end), "availabilityViewInterval": INTERVAL.as_secs() / 60,
        });
        let askers = users.iter().filter_map(|user| text_of_id(user.external_id));
        for asker in askers.take(MAX_ASKERS) {
            let path = format!("users/{asker}/calendar/getSchedule");
            let call = self.service.posting(&path, &body, MAX_ANSWER_BYTES).with(PREFER, "outlook.timezone=\"UTC\"");
            let answer = self.service.once(&call).await?;
            match answer.status {
                StatusCode::OK => {
                    let mut found = calendars(&answer.body, start)?;
                    let mut of = |user: &CalendarOf<'_>| found.remove(&user.mail.to_lowercase());
                    return Ok(users.iter().map(|user| of(user).unwrap_or(Calendar::Unreadable)).collect());
                }
                // The one in whose name it was asked has no mailbox.
                StatusCode::NOT_FOUND => {}
                _ => return Err(self.service.no_answer(&call, &answer)),
            }
        }
        // Nobody says which of the others have one: those in whose names it was tried have none.
        let tried = |place| if place < MAX_ASKERS { Calendar::NotKnown } else { Calendar::Busy };
        Ok((0..users.len()).map(tried).collect())
    }
}

/// What an answer says, by the address that was asked about.
fn calendars(body: &[u8], start: Timestamp) -> Result<HashMap<String, Calendar>, SourceError> {
    let malformed = || SourceError::CutShort { read: 0, detail: "the answer is no list of calendars".into() };
    let answer: Value = serde_json::from_slice(body).map_err(|_| malformed())?;
    let values = answer.get("value").and_then(Value::as_array).ok_or_else(malformed)?;
    let mut found = HashMap::new();
    for value in values.iter().take(MOST_CALENDARS * 2) {
        if let Some(address) = value["scheduleId"].as_str() {
            found.entry(address.to_lowercase()).or_insert_with(|| calendar(value, start));
        }
    }
    Ok(found)
}

fn calendar(value: &Value, start: Timestamp) -> Calendar {
    if let Some(code) = value["error"]["responseCode"].as_str() {
        return match code {
            "ErrorMailRecipientNotFound" | "ErrorInvalidSmtpAddress" | "ErrorNonExistentMailbox" => Calendar::NotKnown,
            "ErrorNoFreeBusyAccess" | "ErrorAccessDenied" => Calendar::Refused,
            _ => Calendar::Busy,
        };
    }
    let items = value["scheduleItems"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !items.is_empty() {
        return Calendar::Blocks(items.iter().take(MAX_ITEMS).filter_map(item).collect());
    }
    // Where nobody may see what is in it, there is how it looks from afar.
    let view = value["availabilityView"].as_str();
    let blocks = view.and_then(|view| merged(view, start, INTERVAL, Some(ShowAs::WorkingElsewhere)));
    blocks.map_or(Calendar::Unreadable, Calendar::Blocks)
}

fn item(item: &Value) -> Option<Block> {
    let moment = |name: &str| read(item[name]["dateTime"].as_str()?);
    block(item["status"].as_str()?, moment("start")?, moment("end")?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn start() -> Timestamp {
        at("2026-11-27T08:00:00Z")
    }

    #[test]
    fn what_is_in_a_calendar_goes_before_how_it_looks_from_afar() {
        let moment = |text: &str| json!({"dateTime": text, "timeZone": "UTC"});
        let item = |status: &str| json!({"status": status, "start": moment("2026-11-27T08:05:00.0000000"), "end": moment("2026-11-27T08:25:00.0000000")});
        let known = |shows| {
            Calendar::Blocks(vec![Block { from: at("2026-11-27T08:05:00Z"), until: at("2026-11-27T08:25:00Z"), shows }])
        };
        for (value, expected) in [
            (json!({"availabilityView": "22", "scheduleItems": [item("busy")]}), known(ShowAs::Busy)),
            (json!({"availabilityView": "33", "scheduleItems": [item("oof")]}), known(ShowAs::OutOfOffice)),
            (json!({"scheduleItems": [item("workingElsewhere")]}), known(ShowAs::WorkingElsewhere)),
            (json!({"scheduleItems": [item("unknown")]}), Calendar::Blocks(vec![])),
            (
                json!({"availabilityView": "02", "scheduleItems": []}),
                Calendar::Blocks(vec![
                    Block { from: start(), until: at("2026-11-27T08:15:00Z"), shows: ShowAs::Free },
                    Block { from: at("2026-11-27T08:15:00Z"), until: at("2026-11-27T08:30:00Z"), shows: ShowAs::Busy },
                ]),
            ),
            (json!({"availabilityView": ""}), Calendar::Blocks(vec![])),
            (json!({"availabilityView": "x"}), Calendar::Unreadable),
            (json!({}), Calendar::Unreadable),
            (json!({"error": {"responseCode": "ErrorMailRecipientNotFound"}}), Calendar::NotKnown),
            (json!({"error": {"responseCode": "ErrorNoFreeBusyAccess"}}), Calendar::Refused),
            (json!({"error": {"responseCode": "ErrorServerBusy"}, "availabilityView": "0"}), Calendar::Busy),
        ] {
            assert_eq!(calendar(&value, start()), expected, "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = calendars(&bytes, start());
        }

        #[test]
        fn any_calendar_is_read_without_a_panic(text in "[\\[\\]{}:,\"a-zA-Z0-9]{0,80}") {
            let value: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
            let _ = calendar(&value, start());
            let items = json!({"scheduleItems": [{"status": value, "start": value, "end": value}], "error": value});
            let _ = calendar(&items, start());
        }
    }
}
