//! What comes over the event channel (features.md §4.6). Pure.

use std::collections::HashMap;

use reqwest::Url;
use serde_json::Value;

use super::application::{broken, joined, json_of};
use crate::error::SourceError;

/// How many events of one answer are taken in; of more, the last ones.
const MAX_EVENTS: usize = 10_000;

/// One answer of the event channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Where it goes on.
    pub next: Next,
    /// What happened, in its order; of several changes of one thing the last.
    pub events: Vec<Event>,
}

/// How the channel goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// With what happens next.
    Next(Url),
    /// The server was asked for another place than it is at: what happened between may have been missed.
    Resync(Url),
    /// Nobody listened for long: subscriptions are gone.
    Resume(Url),
}

impl Next {
    /// Where it goes on.
    pub fn url(&self) -> &Url {
        match self {
            Self::Next(url) | Self::Resync(url) | Self::Resume(url) => url,
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Something about a contact is another now.
    Contact {
        /// Which contact.
        contact: Url,
        /// What.
        what: Facet,
        /// Where it is read.
        at: Url,
        /// What is read there, when it came along.
        embedded: Option<Value>,
    },
    /// A subscription will expire soon.
    Expiring(Url),
    /// A subscription has ended.
    Ended(Url),
}

/// What is told of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// How available it is.
    Presence,
    /// Its note.
    Note,
}

/// Reads an answer that came from `at`. Only one that says how it goes on is an answer; an event that cannot be
/// understood is left out.
pub(super) fn read(body: &[u8], at: &Url) -> Result<Batch, SourceError> {
    let body = json_of(body)?;
    let link = |name: &str| Some(joined(at, body["_links"][name]["href"].as_str()?));
    let next = if let Some(url) = link("resync") {
        Next::Resync(url?)
    } else if let Some(url) = link("resume") {
        Next::Resume(url?)
    } else {
        let unsaid = || broken("the server does not say how its events go on");
        Next::Next(link("next").ok_or_else(unsaid)??)
    };
    let senders = body["sender"].as_array().into_iter().flatten();
    let events = senders.flat_map(|sender| sender["events"].as_array().into_iter().flatten());
    let mut found: Vec<Event> = events.filter_map(|value| event(value, at)).collect();
    found.drain(..found.len().saturating_sub(MAX_EVENTS));
    Ok(Batch { next, events: last_of_each(found) })
}

fn event(value: &Value, at: &Url) -> Option<Event> {
    let link = &value["link"];
    let target = joined(at, link["href"].as_str()?).ok()?;
    let (rel, kind) = (link["rel"].as_str()?, value["type"].as_str()?);
    let what = match (rel, kind) {
        ("contactPresence", "added" | "updated") => Facet::Presence,
        ("contactNote", "added" | "updated" | "deleted") => Facet::Note,
        ("presenceSubscription", "updated") => return Some(Event::Expiring(target)),
        ("presenceSubscription", "deleted") => return Some(Event::Ended(target)),
        _ => return None,
    };
    let contact = match value["in"]["href"].as_str() {
        Some(contact) => joined(at, contact).ok()?,
        // What is told of a contact lies below it.
        None => target.join(".").ok()?,
    };
    let embedded = value["_embedded"].get(rel).filter(|embedded| embedded.is_object()).cloned();
    Some(Event::Contact { contact, what, at: target, embedded })
}

fn last_of_each(events: Vec<Event>) -> Vec<Event> {
    let name = |event: &Event| match event {
        Event::Contact { at, what, .. } => (at.clone(), Some(*what)),
        Event::Expiring(url) | Event::Ended(url) => (url.clone(), None),
    };
    let last: HashMap<_, usize> = events.iter().enumerate().map(|(at, event)| (name(event), at)).collect();
    let counts = |(at, event): (usize, Event)| (last.get(&name(&event)) == Some(&at)).then_some(event);
    events.into_iter().enumerate().filter_map(counts).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn at() -> Url {
        "https://pool.example.com/ucwa/v1/applications/1/events?ack=1".parse().expect("an address")
    }

    fn url(path: &str) -> Url {
        at().join(path).expect("an address")
    }

    fn of(events: &Value) -> Result<Batch, SourceError> {
        let sender = json!([{"rel": "people", "href": "/a/people", "events": events}]);
        let links = json!({"self": {"href": "/a/events?ack=1"}, "next": {"href": "/a/events?ack=2"}});
        read(json!({"_links": links, "sender": sender}).to_string().as_bytes(), &at())
    }

    fn presence(number: u32) -> Value {
        let href = format!("/a/people/{number}/presence");
        json!({"link": {"rel": "contactPresence", "href": href}, "in": {"href": format!("/a/people/{number}")}, "type": "updated"})
    }

    #[test]
    fn what_happens_is_told_in_its_order_and_once() {
        let expiring =
            json!({"link": {"rel": "presenceSubscription", "href": "/a/subscriptions/7"}, "type": "updated"});
        let embedded = json!({"contactNote": {"message": "Back at 4", "type": "Personal"}});
        let note = json!({"link": {"rel": "contactNote", "href": "/a/people/1/note"}, "type": "updated", "_embedded": embedded});
        let ended = json!({"link": {"rel": "presenceSubscription", "href": "/a/subscriptions/8"}, "type": "deleted"});
        let me = json!({"link": {"rel": "presence", "href": "/a/me/presence"}, "type": "updated"});

        let batch =
            of(&json!([presence(1), presence(2), expiring, note, me, 7, {}, presence(1), ended])).expect("a batch");

        let told = |number: u32| Event::Contact {
            contact: url(&format!("/a/people/{number}")),
            what: Facet::Presence,
            at: url(&format!("/a/people/{number}/presence")),
            embedded: None,
        };
        let note = Event::Contact {
            contact: url("/a/people/1/"),
            what: Facet::Note,
            at: url("/a/people/1/note"),
            embedded: Some(json!({"message": "Back at 4", "type": "Personal"})),
        };
        let (expiring, ended) = (url("/a/subscriptions/7"), url("/a/subscriptions/8"));
        assert_eq!(batch.next, Next::Next(url("/a/events?ack=2")));
        assert_eq!(batch.events, [told(2), Event::Expiring(expiring), note, told(1), Event::Ended(ended)]);
    }

    #[test]
    fn an_answer_says_how_it_goes_on() {
        let read = |links: Value| read(json!({ "_links": links }).to_string().as_bytes(), &at());
        let (next, href) = (json!({"href": "/x"}), url("/x"));
        assert_eq!(read(json!({"next": next})).expect("a batch").next, Next::Next(href.clone()));
        assert_eq!(read(json!({"resync": next})).expect("a batch").next, Next::Resync(href.clone()));
        assert_eq!(read(json!({"resume": next})).expect("a batch").next, Next::Resume(href.clone()));
        assert_eq!(read(json!({"resume": next, "next": next})).expect("a batch").next.url(), &href);
        for links in [json!({}), json!({"next": {"href": "https://"}}), json!({"next": 7}), json!(null)] {
            read(links.clone()).expect_err(&links.to_string());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes, &at());
        }

        #[test]
        fn any_event_is_read_without_a_panic(text in "[\\[\\]{}:,\"a-zA-Z0-9/.?]{0,80}", href in ".{0,20}", rel in 0_usize..4) {
            let value: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
            let rel = ["contactPresence", "contactNote", "presenceSubscription", "x"][rel];
            let event = json!({"link": {"rel": rel, "href": href}, "in": value, "type": "updated", "_embedded": value});
            let batch = of(&json!([event, value])).expect("a batch");
            prop_assert!(batch.events.len() <= 2);
        }
    }
}
