//! The calendars of an Exchange Server, as `GetUserAvailability` tells of them.

use std::fmt::Write as _;

use jiff::civil::DateTime;

use super::soap::{inner, text_of};
use super::{Person, State};

/// The most mailboxes that one request may name.
pub(super) const MOST: usize = 100;

/// An appointment, in UTC.
#[derive(Debug, Clone)]
pub struct Appointment {
    /// Whose: the mail address.
    pub of: String,
    /// `Busy`, `Tentative`, `OOF` and so on.
    pub kind: String,
    /// When it begins: `2026-11-22T10:00:00`.
    pub from: String,
    /// When it ends.
    pub until: String,
}

impl Appointment {
    /// An appointment of somebody from one moment to another.
    pub fn new(of: &str, kind: &str, from: &str, until: &str) -> Self {
        Self { of: of.into(), kind: kind.into(), from: from.into(), until: until.into() }
    }
}

/// The mailboxes that a request names, in its order.
pub(super) fn mailboxes(body: &str) -> Vec<String> {
    let parts = body.split("MailboxData>").filter(|part| part.contains("Address>"));
    parts.filter_map(|part| text_of(part, "Address")).collect()
}

/// The message that answers.
pub(super) fn message(state: &State, body: &str, mailboxes: &[String]) -> Option<String> {
    let window = inner(body, "TimeWindow").map(|_| body)?;
    // Moments may say that they are in UTC, which is the zone that is asked for here anyway.
    let moment = |name: &str| -> Option<DateTime> {
        text_of(window.split("TimeWindow>").nth(1)?, name)?.trim_end_matches('Z').parse().ok()
    };
    let (start, end) = (moment("StartTime")?, moment("EndTime")?);
    let minutes: i64 = text_of(body, "MergedFreeBusyIntervalInMinutes")?.parse().ok()?;
    let mut told = String::new();
    for address in mailboxes {
        told.push_str(&response(state, address, start, end, minutes));
    }
    Some(format!(
        "<m:GetUserAvailabilityResponse xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\" \
         xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\"><m:FreeBusyResponseArray>{told}\
         </m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>"
    ))
}

fn response(state: &State, address: &str, start: DateTime, end: DateTime, minutes: i64) -> String {
    let Some(person) = state.people.iter().find(|person: &&Person| person.is_at(address)) else {
        return refused("ErrorMailRecipientNotFound", "The mail recipient was not found.");
    };
    if state.closed.contains(&person.address) {
        return refused("ErrorNoFreeBusyAccess", "The caller has no access to free/busy data.");
    }
    let of_person = state.appointments.iter().filter(|appointment| person.is_at(&appointment.of));
    let events: Vec<(DateTime, DateTime, &str)> = of_person
        .filter_map(|one| Some((one.from.parse().ok()?, one.until.parse().ok()?, one.kind.as_str())))
        .filter(|(from, until, _)| *from < end && *until > start)
        .collect();
    let mut merged = String::new();
    let mut at = start;
    while at < end {
        let next = at + jiff::Span::new().minutes(minutes);
        let over = |kind: &str| events.iter().any(|(from, until, of)| *of == kind && *from < next && *until > at);
        merged.push(match () {
            () if state.unread.contains(&person.address) => '4',
            () if over("OOF") => '3',
            () if over("Busy") => '2',
            () if over("Tentative") => '1',
            () => '0',
        });
        at = next;
    }
    let is_detailed = !state.hidden.contains(&person.address) && !state.unread.contains(&person.address);
    let mut array = String::new();
    for (from, until, kind) in events.iter().filter(|_| is_detailed) {
        let _ = write!(
            array,
            "<t:CalendarEvent><t:StartTime>{from}</t:StartTime><t:EndTime>{until}</t:EndTime>\
             <t:BusyType>{kind}</t:BusyType></t:CalendarEvent>"
        );
    }
    let array =
        if array.is_empty() { String::new() } else { format!("<t:CalendarEventArray>{array}</t:CalendarEventArray>") };
    let kind = if is_detailed { "DetailedMerged" } else { "MergedOnly" };
    format!(
        "<m:FreeBusyResponse><m:ResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode>\
         </m:ResponseMessage><m:FreeBusyView><t:FreeBusyViewType>{kind}</t:FreeBusyViewType>\
         <t:MergedFreeBusy>{merged}</t:MergedFreeBusy>{array}</m:FreeBusyView></m:FreeBusyResponse>"
    )
}

fn refused(code: &str, text: &str) -> String {
    format!(
        "<m:FreeBusyResponse><m:ResponseMessage ResponseClass=\"Error\"><m:MessageText>{text}</m:MessageText>\
         <m:ResponseCode>{code}</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey></m:ResponseMessage>\
         <m:FreeBusyView><t:FreeBusyViewType>None</t:FreeBusyViewType></m:FreeBusyView></m:FreeBusyResponse>"
    )
}
