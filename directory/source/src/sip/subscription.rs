//! One subscription as a subscriber keeps it (RFC 6665, 4.1): its dialogs, what is asked in them, what is told. Pure.
//!
//! A notification may overtake the answer to the request, so the subscription is known by its Call-ID and our tag from
//! the moment of sending. When the request forks, several answer: each is a leg with numbers and a way of its own.

use std::time::Duration;

use super::dialog_info::{Calls, DialogInfo};
use super::header::{Address, cseq, seconds, split, with_parameters};
use super::message::Message;
use super::notice::{Package, Reason, Standing, Told, Unusable};
use super::pidf::Pidf;

/// The most proxies in between.
const MAX_ROUTES: usize = 20;

/// As whom we ask.
#[derive(Debug, Clone)]
pub(super) struct Asker<'a> {
    /// Our address.
    pub(super) address: &'a str,
    /// Where we are reached.
    pub(super) contact: &'a str,
}

/// A subscription.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) call_id: String,
    target: String,
    package: Package,
    tag: String,
    /// The number of our last request, whatever the leg: numbers need only grow.
    number: u32,
    legs: Vec<Leg>,
}

/// What one of those who answered is known by.
#[derive(Debug)]
struct Leg {
    tag: String,
    uri: String,
    routes: Vec<String>,
    /// The number of its last request.
    number: Option<u32>,
    /// Whether it has notified; before, there is only the answer to our request.
    is_confirmed: bool,
    calls: Calls,
}

/// What is to be done about a notification.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reaction {
    /// The status of the answer.
    pub(super) status: u16,
    /// What is told on.
    pub(super) notice: Option<(Standing, Option<Told>)>,
    /// Whether the last leg ended with it.
    pub(super) is_over: bool,
}

impl Reaction {
    fn refuse(status: u16) -> Self {
        Self { status, notice: None, is_over: false }
    }
}

impl Subscription {
    pub(super) fn new(call_id: String, tag: String, target: &str, package: Package) -> Self {
        let target = target.to_owned();
        Self { call_id, target, package, tag, number: 0, legs: Vec::new() }
    }

    pub(super) fn package(&self) -> Package {
        self.package
    }

    /// Whether somebody has notified.
    pub(super) fn is_confirmed(&self) -> bool {
        self.legs.iter().any(|leg| leg.is_confirmed)
    }

    /// By what those who answered are known.
    pub(super) fn legs(&self) -> Vec<String> {
        self.legs.iter().map(|leg| leg.tag.clone()).collect()
    }

    /// The next request to `leg`, or the first one of all; `None` when that leg is gone.
    pub(super) fn request(&mut self, leg: Option<&str>, expires: Duration, asker: &Asker<'_>) -> Option<Message> {
        let leg = match leg {
            None => None,
            Some(tag) => Some(self.legs.iter().find(|leg| leg.tag == tag)?),
        };
        self.number += 1;
        let mut to = format!("<{}>", self.target);
        let mut uri = self.target.as_str();
        let mut routes: Vec<String> = Vec::new();
        if let Some(leg) = leg {
            to = format!("{to};tag={}", leg.tag);
            uri = &leg.uri;
            routes.clone_from(&leg.routes);
        }
        // A proxy of old must be asked itself (RFC 3261, 12.2.1.1).
        let strict = routes.first().and_then(|route| Address::parse(route)).filter(|first| !is_loose(&first.uri));
        if strict.is_some() {
            routes.remove(0);
            routes.push(format!("<{uri}>"));
        }
        let mut message = Message::request("SUBSCRIBE", strict.as_ref().map_or(uri, |first| &first.uri));
        for route in routes {
            message.push("Route", route);
        }
        message.push("From", format!("<{}>;tag={}", asker.address, self.tag));
        message.push("To", to);
        message.push("Call-ID", self.call_id.clone());
        message.push("CSeq", format!("{} SUBSCRIBE", self.number));
        message.push("Max-Forwards", "70");
        message.push("Contact", format!("<{}>", asker.contact));
        message.push("Event", self.package.event());
        message.push("Accept", self.package.accepts().join(", "));
        message.push("Allow", "NOTIFY, OPTIONS");
        message.push("Expires", expires.as_secs().to_string());
        Some(message)
    }

    /// Takes in that the server granted what was asked, and says for how long.
    pub(super) fn granted(&mut self, leg: Option<&str>, answer: &Message, asked: Duration) -> Duration {
        let tag = answer.header("to").and_then(Address::parse).and_then(|to| to.tag().map(str::to_owned));
        let contact = answer.header("contact").and_then(first_address);
        if let Some(known) = leg.and_then(|tag| self.legs.iter_mut().find(|known| known.tag == tag)) {
            known.uri = contact.unwrap_or_else(|| known.uri.clone());
        } else if let Some(tag) = tag.filter(|_| leg.is_none() && self.legs.is_empty()) {
            // The way is the other way round in answers (RFC 3261, 12.1.2).
            let mut routes = routes(answer);
            routes.reverse();
            self.add(tag, contact, routes);
        }
        answer.header("expires").and_then(seconds).unwrap_or(asked).min(asked)
    }

    /// Takes in that a leg is gone. True when it was the last.
    pub(super) fn drop_leg(&mut self, tag: &str) -> bool {
        self.legs.retain(|leg| leg.tag != tag);
        self.legs.is_empty()
    }

    /// Whether a request with these headers is for this subscription; its Call-ID is.
    pub(super) fn is_for(&self, request: &Message) -> bool {
        request.header("to").and_then(Address::parse).is_some_and(|to| to.tag() == Some(&self.tag))
    }

    /// Takes in a notification (4.1.3). Where its body is too large it comes without one.
    pub(super) fn notified(&mut self, request: &Message, is_too_large: bool) -> Reaction {
        let event = request.header("event").map(|event| with_parameters(event).0);
        if event != Some(self.package.event()) {
            return Reaction::refuse(489);
        }
        let tag = request.header("from").and_then(Address::parse).and_then(|from| from.tag().map(str::to_owned));
        let number = request.header("cseq").and_then(cseq).map(|(number, _)| number);
        let standing = request.header("subscription-state").and_then(standing);
        let (Some(tag), Some(number), Some(standing)) = (tag, number, standing) else { return Reaction::refuse(400) };
        let Some(at) = self.leg_of(&tag, request) else { return Reaction::refuse(481) };
        let leg = &mut self.legs[at];
        if leg.number.is_some_and(|last| number <= last) {
            return Reaction::refuse(500);
        }
        (leg.number, leg.is_confirmed) = (Some(number), true);
        if let Some(uri) = request.header("contact").and_then(first_address) {
            leg.uri = uri;
        }
        let (status, mut told) =
            if is_too_large { (413, Some(Told::Unusable(Unusable::TooLarge))) } else { self.told(at, request) };
        let mut standing = standing;
        let is_over = matches!(standing, Standing::Terminated { .. }) && self.drop_leg(&tag);
        if matches!(standing, Standing::Terminated { .. }) && !is_over {
            // One of several telephones has gone; what the others tell still holds.
            standing = Standing::Active { expires: None };
            told = Some(self.calls());
        }
        let tells = told.is_some() || !matches!(standing, Standing::Active { .. }) || status == 200;
        Reaction { status, notice: tells.then_some((standing, told)), is_over }
    }

    /// The leg of a notifier, made when it is the first notification of somebody who may.
    fn leg_of(&mut self, tag: &str, request: &Message) -> Option<usize> {
        if let Some(at) = self.legs.iter().position(|leg| leg.tag == tag) {
            return Some(at);
        }
        let max = self.package.max_legs();
        if max == 1 {
            // The first who notifies is it, whoever answered (4.4.1).
            self.legs.retain(|leg| leg.is_confirmed);
        }
        if self.legs.len() >= max {
            return None;
        }
        let contact = request.header("contact").and_then(first_address);
        self.add(tag.to_owned(), contact, routes(request));
        Some(self.legs.len() - 1)
    }

    fn add(&mut self, tag: String, contact: Option<String>, routes: Vec<String>) {
        let uri = contact.unwrap_or_else(|| self.target.clone());
        let leg = Leg { tag, uri, routes, number: None, is_confirmed: false, calls: Calls::default() };
        self.legs.push(leg);
    }

    /// What the body of a notification tells, and the status that answers it.
    fn told(&mut self, at: usize, request: &Message) -> (u16, Option<Told>) {
        if request.body.is_empty() {
            let is_end = request.header("subscription-state").and_then(standing);
            let ends = matches!(is_end, Some(Standing::Terminated { .. }));
            return (200, (!ends).then_some(Told::Nothing));
        }
        let kind = request.header("content-type").map(|kind| with_parameters(kind).0.to_ascii_lowercase());
        let is_known = kind.as_deref().is_some_and(|kind| self.package.accepts().contains(&kind));
        let is_plain =
            request.header("content-encoding").is_none_or(|encoding| encoding.eq_ignore_ascii_case("identity"));
        if !is_known || !is_plain {
            return (415, Some(Told::Unusable(Unusable::OtherKind)));
        }
        let malformed = (400, Some(Told::Unusable(Unusable::Malformed)));
        match self.package {
            Package::Presence => match Pidf::parse(&request.body) {
                Ok(pidf) => (200, Some(Told::Presence(Box::new(pidf)))),
                Err(_) => malformed,
            },
            Package::Calls => match DialogInfo::parse(&request.body) {
                Ok(info) => {
                    let is_news = self.legs[at].calls.take(info);
                    (200, is_news.then(|| self.calls()))
                }
                Err(_) => malformed,
            },
        }
    }

    /// The calls of all legs together.
    fn calls(&self) -> Told {
        let mut calls = Vec::new();
        for (at, leg) in self.legs.iter().enumerate() {
            for call in leg.calls.calls() {
                // Each telephone names its calls as it likes.
                let id = if at == 0 { call.id.clone() } else { format!("{}/{}", leg.tag, call.id) };
                calls.push(super::dialog_info::Call { id, ..call.clone() });
            }
        }
        Told::Calls { calls, is_whole: self.legs.iter().all(|leg| !leg.is_confirmed || leg.calls.is_whole()) }
    }
}

/// The proxies that want to be on the way, in the order of the message.
fn routes(message: &Message) -> Vec<String> {
    let all = message.all("record-route").flat_map(|value| split(value, ','));
    all.filter_map(Address::parse).take(MAX_ROUTES).map(|route| format!("<{}>", route.uri)).collect()
}

fn is_loose(uri: &str) -> bool {
    with_parameters(uri).1.get("lr").is_some()
}

fn first_address(value: &str) -> Option<String> {
    split(value, ',').next().and_then(Address::parse).map(|address| address.uri)
}

/// How a subscription stands by its header; `None` for a state that is unknown.
fn standing(value: &str) -> Option<Standing> {
    let (state, parameters) = with_parameters(value);
    let time = |name: &str| parameters.get(name).and_then(seconds);
    Some(match state.to_ascii_lowercase().as_str() {
        "active" => Standing::Active { expires: time("expires") },
        "pending" => Standing::Pending { expires: time("expires") },
        "terminated" => {
            Standing::Terminated { reason: Reason::parse(parameters.get("reason")), retry_after: time("retry-after") }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
