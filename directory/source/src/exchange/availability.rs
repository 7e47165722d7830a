//! When people are busy by their calendars, up to a hundred mailboxes in a request (`GetUserAvailability`,
//! features.md §6.4).
//!
//! What is in a calendar is asked for together with how it looks from afar, which is what is told where
//! nobody may see more. Who is asked about need not be the one in whose name it is asked.

use directory_model::secret::Secret;
use directory_model::source::ExchangeConnection;
use directory_model::timestamp::Timestamp;

use super::envelope::{self, Outcome};
use super::service::Service;
use super::xml::Element;
use crate::error::SourceError;
use crate::free_busy::{Block, Calendar, INTERVAL, NoAnswer, block, merged, read, window};
use crate::policy::SourcePolicy;

/// How many mailboxes one request may name.
pub const MOST_MAILBOXES: usize = 100;
/// In whose names it is tried, one after the other, where a name is needed.
const MAX_ASKERS: usize = 3;
/// How many pieces of one calendar are read.
const MAX_EVENTS: usize = 1000;

/// Asks one server when people are busy.
#[derive(Debug)]
pub struct ExchangeAvailability {
    service: Service,
}

impl ExchangeAvailability {
    /// Prepares to ask; fails when it is clear without a connection that nothing would come of it.
    pub fn new(
        connection: &ExchangeConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        Ok(Self { service: Service::new(connection, secret, &policy.outbound)? })
    }

    /// The calendars of these mail addresses for the next day, at most [`MOST_MAILBOXES`], in the same
    /// order. The server is asked once: when it is busy, that is what is told.
    pub async fn of(&self, addresses: &[&str], now: Timestamp) -> Result<Vec<Calendar>, NoAnswer> {
        let (start, end) = window(now);
        for asker in addresses.iter().take(MAX_ASKERS) {
            // Without an answer there is no mailbox of the one in whose name it was asked.
            if let Some(answer) = self.service.availability(addresses, asker, (start, end)).await? {
                return Ok(calendars(&answer, addresses.len(), start));
            }
        }
        let tried = |place| if place < MAX_ASKERS { Calendar::NotKnown } else { Calendar::Busy };
        Ok((0..addresses.len()).map(tried).collect())
    }
}

/// What an answer says of so many mailboxes, in the order in which they were asked about.
fn calendars(answer: &Element, count: usize, start: Timestamp) -> Vec<Calendar> {
    let responses = answer.child("FreeBusyResponseArray").map(Element::children).unwrap_or_default();
    let mut found: Vec<Calendar> = responses.iter().take(count).map(|response| calendar(response, start)).collect();
    found.resize(count, Calendar::Unreadable);
    found
}

fn calendar(response: &Element, start: Timestamp) -> Calendar {
    if let Some(message) = response.child("ResponseMessage").filter(|message| is_error(message)) {
        let code = message.child("ResponseCode").map_or("", Element::text);
        return match envelope::failure(code, "", message) {
            Outcome::Nobody => Calendar::NotKnown,
            Outcome::Refused { .. } if code.ends_with("Access") || code.ends_with("Denied") => Calendar::Refused,
            Outcome::Refused { .. } | Outcome::Busy { .. } | Outcome::Done(_) => Calendar::Busy,
        };
    }
    let Some(view) = response.child("FreeBusyView") else { return Calendar::Unreadable };
    let merged_view = view.child("MergedFreeBusy").map_or("", Element::text);
    if let Some(events) = view.child("CalendarEventArray").filter(|events| !events.children().is_empty()) {
        return Calendar::Blocks(events.children().iter().take(MAX_EVENTS).filter_map(event).collect());
    }
    // Only fours: the server knows nothing, which is not that there is nothing.
    if !merged_view.is_empty() && merged_view.chars().all(|digit| digit == '4') {
        return Calendar::Busy;
    }
    let is_told = !merged_view.is_empty() || view.child("FreeBusyViewType").is_some_and(|kind| kind.text() != "None");
    match merged(merged_view, start, INTERVAL, None) {
        Some(blocks) if is_told => Calendar::Blocks(blocks),
        _ => Calendar::Unreadable,
    }
}

fn is_error(message: &Element) -> bool {
    message.attribute("ResponseClass") == Some("Error")
}

fn event(event: &Element) -> Option<Block> {
    let moment = |name: &str| read(event.child(name)?.text());
    let word = match event.child("BusyType")?.text() {
        "NoData" => return None,
        // As it is written since Exchange 2013.
        "WorkingElsewhere" => "workingElsewhere",
        word => word,
    };
    block(word, moment("StartTime")?, moment("EndTime")?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use directory_model::presence::said::ShowAs;

    use super::super::xml;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect(text)
    }

    fn start() -> Timestamp {
        at("2026-11-27T08:00:00Z")
    }

    fn told(inner: &str) -> Vec<Calendar> {
        let text = format!("<R><FreeBusyResponseArray>{inner}</FreeBusyResponseArray></R>");
        calendars(&xml::parse(text.as_bytes()).expect("XML"), 1, start())
    }

    fn view(inner: &str) -> String {
        format!(
            "<FreeBusyResponse><ResponseMessage ResponseClass=\"Success\"><ResponseCode>NoError</ResponseCode>\
             </ResponseMessage><FreeBusyView><FreeBusyViewType>DetailedMerged</FreeBusyViewType>{inner}</FreeBusyView>\
             </FreeBusyResponse>"
        )
    }

    fn failed(code: &str) -> String {
        format!(
            "<FreeBusyResponse><ResponseMessage ResponseClass=\"Error\"><ResponseCode>{code}</ResponseCode>\
             </ResponseMessage><FreeBusyView><FreeBusyViewType>None</FreeBusyViewType></FreeBusyView></FreeBusyResponse>"
        )
    }

    fn event(kind: &str) -> String {
        format!(
            "<CalendarEventArray><CalendarEvent><StartTime>2026-11-27T08:05:00</StartTime><EndTime>2026-11-27T08:25:00\
             </EndTime><BusyType>{kind}</BusyType></CalendarEvent></CalendarEventArray>"
        )
    }

    fn known(shows: ShowAs) -> Calendar {
        Calendar::Blocks(vec![Block { from: at("2026-11-27T08:05:00Z"), until: at("2026-11-27T08:25:00Z"), shows }])
    }

    #[test]
    fn each_answer_about_a_mailbox_means_one_thing() {
        let free = Block { from: start(), until: at("2026-11-27T08:15:00Z"), shows: ShowAs::Free };
        for (inner, expected) in [
            (view(&format!("<MergedFreeBusy>22</MergedFreeBusy>{}", event("Busy"))), known(ShowAs::Busy)),
            (view(&event("Tentative")), known(ShowAs::Tentative)),
            (view(&event("OOF")), known(ShowAs::OutOfOffice)),
            (view(&event("WorkingElsewhere")), known(ShowAs::WorkingElsewhere)),
            (view(&event("NoData")), Calendar::Blocks(vec![])),
            (view("<MergedFreeBusy>0</MergedFreeBusy>"), Calendar::Blocks(vec![free])),
            (view("<MergedFreeBusy>0</MergedFreeBusy><CalendarEventArray/>"), Calendar::Blocks(vec![free])),
            (view("<MergedFreeBusy>4444</MergedFreeBusy>"), Calendar::Busy),
            (view("<MergedFreeBusy>?</MergedFreeBusy>"), Calendar::Unreadable),
            (failed("ErrorMailRecipientNotFound"), Calendar::NotKnown),
            (failed("ErrorNoFreeBusyAccess"), Calendar::Refused),
            (failed("ErrorServerBusy"), Calendar::Busy),
            (failed("ErrorProxyRequestProcessingFailed"), Calendar::Busy),
            ("<FreeBusyResponse/>".into(), Calendar::Unreadable),
            (String::new(), Calendar::Unreadable),
        ] {
            assert_eq!(told(&inner), [expected], "{inner}");
        }
    }

    #[test]
    fn who_is_left_out_is_not_taken_for_another() {
        let answer = format!("<R><FreeBusyResponseArray>{}</FreeBusyResponseArray></R>", view(&event("Busy")));
        let found = calendars(&xml::parse(answer.as_bytes()).expect("XML"), 3, start());

        assert_eq!(found, [known(ShowAs::Busy), Calendar::Unreadable, Calendar::Unreadable]);
    }

    proptest! {
        #[test]
        fn any_answer_is_read_without_a_panic(
            inner in "(<(FreeBusyResponse|FreeBusyView|CalendarEventArray|CalendarEvent|BusyType|StartTime)>|[0-9:TZ-]{0,9}|</[A-Za-z]{0,9}>){0,14}",
        ) {
            if let Ok(tree) = xml::parse(format!("<R>{inner}</R>").as_bytes()) {
                let _ = calendars(&tree, 2, start());
                let _ = calendar(&tree, start());
            }
        }
    }
}
