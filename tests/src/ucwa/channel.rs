//! The event channel of the emulated server, and its subscriptions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{APPLICATIONS, State, document, error};
use crate::emulator::{Manner, Reply, Seen};

/// How the next answer of the channel is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twist {
    /// The server asks the client to go back to what it has not confirmed.
    Resync,
    /// The server has forgotten subscriptions for want of a listener.
    Resume,
    /// Somebody else has taken the channel over.
    Replaced,
    /// The connection breaks in the middle of the answer.
    Broken,
}

/// What an application is told.
#[derive(Debug, Default)]
pub(super) struct Channel {
    /// What happened and was not told yet.
    events: Vec<Value>,
    /// The number that is confirmed next, and the events that were told with it.
    told: u64,
    unconfirmed: Vec<Value>,
    /// Counts listeners: only the last one is answered.
    listener: u64,
    pub(super) twist: Option<Twist>,
    pub(super) is_released: bool,
    pub(super) subscriptions: BTreeMap<u64, Group>,
    made: u64,
    /// For how long subscriptions were asked to hold, in the order of the requests.
    pub(super) minutes: Vec<u64>,
}

/// A subscription.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) uris: BTreeSet<String>,
}

impl Channel {
    /// Something happened.
    pub(super) fn push(&mut self, event: Value) {
        self.events.push(event);
    }

    /// Whether somebody is told about.
    fn tells_of(&self, sip: &str) -> bool {
        self.subscriptions.values().any(|group| group.uris.contains(sip))
    }
}

/// A change of `rel` of a person.
fn of_person(here: &str, who: &str, rel: &str, part: &str, embedded: Option<Value>) -> Value {
    let mut event = json!({
        "link": {"rel": rel, "href": format!("{here}/people/{who}/{part}")},
        "in": {"rel": "contact", "href": format!("{here}/people/{who}")},
        "type": "updated",
    });
    if let Some(embedded) = embedded {
        event["_embedded"] = json!({ rel: embedded });
    }
    event
}

fn of_subscription(here: &str, id: u64, kind: &str) -> Value {
    let href = format!("{here}/people/presenceSubscriptions/{id}");
    json!({"link": {"rel": "presenceSubscription", "href": href}, "type": kind})
}

impl State {
    /// Tells every application that is told about the person what has changed.
    pub(super) fn changed(&mut self, sip: &str, rel: &str, part: &str, embedded: Option<&Value>) {
        let who = self.name_of(sip);
        for (number, channel) in &mut self.channels {
            if channel.tells_of(sip) {
                let here = format!("{APPLICATIONS}/{number}");
                channel.push(of_person(&here, &who, rel, part, embedded.cloned()));
            }
        }
    }

    /// Tells every application about its subscriptions.
    pub(super) fn tell_of_subscriptions(&mut self, kind: &str) {
        for (number, channel) in &mut self.channels {
            let here = format!("{APPLICATIONS}/{number}");
            let events: Vec<Value> = channel.subscriptions.keys().map(|id| of_subscription(&here, *id, kind)).collect();
            for event in events {
                channel.push(event);
            }
        }
    }

    /// A new subscription, or more for one that there is.
    pub(super) fn subscribe(&mut self, number: u32, request: &Seen, into: Option<u64>) -> Reply {
        let wanted: Value = serde_json::from_str(&request.body).unwrap_or_default();
        let list = if into.is_some() { &wanted["contactUris"] } else { &wanted["uris"] };
        let Some(list) = list.as_array() else { return error(400, "BadRequest", "ParameterValidationFailure") };
        let addresses: Vec<String> =
            list.iter().filter_map(|uri| uri.as_str()?.strip_prefix("sip:").map(str::to_owned)).collect();
        let is_refused = addresses.iter().any(|sip| self.refused.contains(sip));
        if is_refused || addresses.is_empty() || addresses.len() > 100 {
            return error(400, "BadRequest", "ParameterValidationFailure");
        }
        let limit = self.most_subscriptions;
        let names: Vec<(String, String)> = addresses.iter().map(|sip| (sip.clone(), self.name_of(sip))).collect();
        let known: BTreeSet<String> = self.people.iter().map(|person| person.sip.clone()).collect();
        let channel = self.channels.entry(number).or_default();
        let id = match into {
            Some(id) if channel.subscriptions.contains_key(&id) => id,
            Some(_) => return error(404, "NotFound", "ApplicationNotFound"),
            None => {
                let minutes = wanted["duration"].as_u64().unwrap_or(0);
                if !(10..=30).contains(&minutes) {
                    return error(400, "BadRequest", "ParameterValidationFailure");
                }
                if limit.is_some_and(|limit| channel.subscriptions.len() >= limit) {
                    return error(403, "Forbidden", "LimitExceeded");
                }
                channel.made += 1;
                channel.minutes.push(minutes);
                channel.subscriptions.insert(channel.made, Group { uris: BTreeSet::new() });
                channel.made
            }
        };
        let here = format!("{APPLICATIONS}/{number}");
        for (sip, who) in names {
            let group = channel.subscriptions.get_mut(&id).expect("it was just found");
            // Only of those who are new is told how they are.
            if group.uris.insert(sip.clone()) && known.contains(&sip) {
                channel.push(of_person(&here, &who, "contactPresence", "presence", None));
                channel.push(of_person(&here, &who, "contactNote", "note", None));
            }
        }
        document(201, &subscription(&here, id))
    }

    /// What is asked of a subscription that there is.
    pub(super) fn of_subscription(&mut self, number: u32, request: &Seen, id: u64) -> Reply {
        let here = format!("{APPLICATIONS}/{number}");
        let channel = self.channels.entry(number).or_default();
        if !channel.subscriptions.contains_key(&id) {
            // As the published descriptions show it.
            return error(404, "NotFound", "ApplicationNotFound");
        }
        match request.method.as_str() {
            "GET" => document(200, &subscription(&here, id)),
            "DELETE" => {
                channel.subscriptions.remove(&id);
                Reply::empty(204)
            }
            "POST" => {
                let minutes = request.asked("duration").parse().unwrap_or(0);
                if !(10..=30).contains(&minutes) {
                    return error(400, "BadRequest", "ParameterValidationFailure");
                }
                channel.minutes.push(minutes);
                document(200, &subscription(&here, id))
            }
            _ => error(405, "MethodNotAllowed", ""),
        }
    }

    /// Somebody listens: who listened before is answered that it is so.
    pub(super) fn listens(&mut self, number: u32) -> u64 {
        let channel = self.channels.entry(number).or_default();
        channel.listener += 1;
        channel.listener
    }

    /// What the listener is answered; nothing as long as nothing happens.
    pub(super) fn told(&mut self, number: u32, listener: u64, request: &Seen) -> Option<Reply> {
        let is_known = number >= self.oldest_application;
        let channel = self.channels.entry(number).or_default();
        let here = format!("{APPLICATIONS}/{number}");
        let place = |ack: u64| json!({"href": format!("{here}/events?ack={ack}")});
        if !is_known {
            return Some(error(404, "NotFound", "ApplicationNotFound"));
        }
        if channel.listener != listener {
            return Some(error(409, "Conflict", "PGetReplaced"));
        }
        let ack: u64 = request.asked("ack").parse().unwrap_or(0);
        match channel.twist.take() {
            Some(Twist::Replaced) => return Some(error(409, "Conflict", "PGetReplaced")),
            Some(Twist::Resync) => return Some(document(200, &json!({"_links": {"resync": place(ack)}}))),
            Some(Twist::Resume) => {
                channel.subscriptions.clear();
                channel.events.clear();
                channel.told = ack;
                let next = format!("{here}/events?ack={}", ack + 1);
                return Some(document(200, &json!({"_links": {"resume": {"href": next}}, "sender": []})));
            }
            Some(Twist::Broken) => {
                channel.unconfirmed = std::mem::take(&mut channel.events);
                channel.told = ack;
                return Some(batch(&here, ack, &channel.unconfirmed).sent(Manner::Cut));
            }
            None => {}
        }
        if ack == channel.told && !channel.unconfirmed.is_empty() {
            return Some(batch(&here, ack, &channel.unconfirmed));
        }
        if ack != channel.told && ack != channel.told + 1 {
            return Some(document(200, &json!({"_links": {"resync": place(channel.told)}})));
        }
        let is_released = std::mem::take(&mut channel.is_released);
        if channel.events.is_empty() && !is_released {
            return None;
        }
        channel.told = ack;
        channel.unconfirmed = std::mem::take(&mut channel.events);
        Some(batch(&here, ack, &channel.unconfirmed))
    }
}

fn batch(here: &str, ack: u64, events: &[Value]) -> Reply {
    let place = |ack: u64| json!({"href": format!("{here}/events?ack={ack}")});
    let sender = json!([{"rel": "people", "href": format!("{here}/people"), "events": events}]);
    document(200, &json!({"_links": {"self": place(ack), "next": place(ack + 1)}, "sender": sender}))
}

fn subscription(here: &str, id: u64) -> Value {
    let itself = format!("{here}/people/presenceSubscriptions/{id}");
    let members = format!("{here}/people/presenceSubscriptionMemberships?presenceSubscriptionId={id}");
    json!({"id": id.to_string(), "rel": "presenceSubscription", "_links": {
        "self": {"href": itself}, "memberships": {"href": members}, "addToPresenceSubscription": {"href": members},
    }})
}
