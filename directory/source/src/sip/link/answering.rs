//! The server's requests: answered once, and answered the same when they come again (RFC 3261, 17.2.2).

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::super::header::{Via, cseq};
use super::super::message::{Message, Start};
use super::super::subscription::Reaction;
use super::Link;

/// For how long an answer is remembered: Timer J.
const REMEMBERED: Duration = Duration::from_secs(32);
/// The most answers that are remembered.
const MAX_ANSWERS: usize = 1024;

/// Answers that may be asked for again.
#[derive(Debug, Default)]
pub(super) struct Answers {
    bytes: HashMap<String, Vec<u8>>,
    order: VecDeque<(Instant, String)>,
}

impl Answers {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.bytes.get(key).cloned()
    }

    fn remember(&mut self, key: String, bytes: Vec<u8>) {
        let now = Instant::now();
        let is_old = |order: &VecDeque<(Instant, String)>| {
            order.len() >= MAX_ANSWERS || order.front().is_some_and(|(at, _)| *at + REMEMBERED <= now)
        };
        while is_old(&self.order) {
            if let Some((_, key)) = self.order.pop_front() {
                self.bytes.remove(&key);
            }
        }
        self.bytes.insert(key.clone(), bytes);
        self.order.push_back((now, key));
    }
}

impl Link {
    /// Answers a request of the server.
    pub(super) fn requested(&mut self, request: &Message, is_too_large: bool) -> Result<(), String> {
        let Start::Request { method, .. } = &request.start else { return Ok(()) };
        // Without these nobody would know what the answer is to; an ACK is to an answer itself.
        let Some(key) = key(request, method).filter(|_| method != "ACK") else { return Ok(()) };
        if let Some(bytes) = self.answers.get(&key) {
            return self.send(bytes);
        }
        let tag = self.word();
        let mut answer = match method.as_str() {
            "NOTIFY" => {
                let status = self.notified(request, is_too_large);
                Message::answer(request, status, &tag)
            }
            _ if is_too_large => Message::answer(request, 413, &tag),
            "OPTIONS" => Message::answer(request, 200, &tag),
            _ => Message::answer(request, 405, &tag),
        };
        match answer.start {
            Start::Response(405 | 200) => answer.push("Allow", "NOTIFY, OPTIONS"),
            Start::Response(415) => {
                let package = self.subscription_of(request).and_then(|id| self.subscriptions.get(&id));
                let accepted = package.map(|known| known.package().accepts().join(", "));
                answer.push("Accept", accepted.unwrap_or_default());
                answer.push("Accept-Encoding", "identity");
            }
            Start::Response(489) => answer.push("Allow-Events", "presence, dialog"),
            _ => {}
        }
        answer.push("Contact", format!("<{}>", self.contact()));
        let bytes = answer.to_bytes();
        self.answers.remember(key, bytes.clone());
        self.send(bytes)
    }

    fn subscription_of(&self, request: &Message) -> Option<super::SubscriptionId> {
        let id = self.by_call.get(request.header("call-id")?).copied()?;
        self.subscriptions.get(&id)?.is_for(request).then_some(id)
    }

    /// Takes in a notification, and says with which status it is answered.
    fn notified(&mut self, request: &Message, is_too_large: bool) -> u16 {
        let Some(id) = self.subscription_of(request) else { return 481 };
        let Some(subscription) = self.subscriptions.get_mut(&id) else { return 481 };
        let Reaction { status, notice, is_over } = subscription.notified(request, is_too_large);
        if is_over {
            self.forget(id);
        }
        if let Some((standing, told)) = notice {
            self.tell(id, standing, told);
        }
        status
    }
}

/// By what a request is known when it comes again; what old ones lack in their branch is in the rest.
fn key(request: &Message, method: &str) -> Option<String> {
    let via = request.header("via").and_then(Via::parse)?;
    let (number, of) = request.header("cseq").and_then(cseq)?;
    let (call_id, from) = (request.header("call-id")?, request.header("from")?);
    request.header("to")?;
    (of == method).then(|| format!("{}\n{}\n{call_id}\n{number} {method}\n{from}", via.branch, via.sent_by))
}
