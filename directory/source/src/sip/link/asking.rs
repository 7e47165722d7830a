//! Our requests: sent, sent again over datagrams, signed when that is asked for, and what they come to.

use std::time::Duration;

use tokio::sync::oneshot;

use super::super::digest::Answered;
use super::super::header::{Address, Via, cseq, is_sip_uri, seconds, split};
use super::super::message::{Message, Start};
use super::super::notice::{Outcome, Package, SubscriptionId};
use super::super::subscription::{Asker, Subscription};
use super::{Command, Link, MAX_SUBSCRIPTIONS, TIMER_N, Timer, seen};
use crate::error::no_answer_within;
use crate::sip::wire::host_of;

/// Timer E begins with T1 and doubles to T2 (RFC 3261, 17.1.2.2).
const T1: Duration = Duration::from_millis(500);
const T2: Duration = Duration::from_secs(4);
/// A proxy and a server may each ask who we are, and each find a nonce too old.
const MAX_TRIES: u8 = 5;

/// A request that waits for its answer.
#[derive(Debug)]
pub(super) struct Asked {
    what: What,
    bytes: Vec<u8>,
    /// Who asked us who we are about this request.
    signed: Answered,
    tries: u8,
    wait: Duration,
}

impl Asked {
    /// Whether it asks only whether the server is there.
    pub(super) fn asks_for_life(&self) -> bool {
        self.what.is_life()
    }
}

/// What a request is for.
#[derive(Debug, Clone)]
enum What {
    Subscription { id: SubscriptionId, leg: Option<String>, expires: Duration, question: u64 },
    Life { question: Option<u64>, call_id: String, tag: String, number: u32 },
}

impl What {
    fn is_life(&self) -> bool {
        matches!(self, Self::Life { .. })
    }
}

/// A caller that waits until each of some requests is answered.
#[derive(Debug)]
pub(super) struct Question {
    left: usize,
    outcome: Option<Outcome>,
    /// Nobody waits for what is undone because a caller ceased to wait.
    reply: Option<oneshot::Sender<Outcome>>,
    /// Whether it is about a subscription that did not exist before.
    is_first: bool,
}

impl Link {
    /// Does what an agent wants.
    pub(super) fn obey(&mut self, command: Command) -> Result<(), String> {
        match command {
            Command::Subscribe { id, target, package, expires, reply } => {
                self.subscribe(id, &target, package, expires, reply)
            }
            Command::Refresh { id, expires, reply } => self.refresh(id, expires, Some(reply)),
            Command::Unsubscribe { id, reply } => self.refresh(id, Duration::ZERO, Some(reply)),
            Command::Ask { reply } => self.ask_for_life(Some(reply)),
        }
    }

    fn subscribe(
        &mut self,
        id: SubscriptionId,
        target: &str,
        package: Package,
        expires: Duration,
        reply: oneshot::Sender<Outcome>,
    ) -> Result<(), String> {
        let is_full = self.subscriptions.len() + self.order.len() >= MAX_SUBSCRIPTIONS;
        if !is_sip_uri(target) || is_full || self.subscriptions.contains_key(&id) {
            let _ = reply.send(Outcome::NotSent);
            return Ok(());
        }
        let (call_id, tag) = (self.word(), self.word());
        self.by_call.insert(call_id.clone(), id);
        self.subscriptions.insert(id, Subscription::new(call_id, tag, target, package));
        let question = self.question(1, Some(reply), true);
        self.ask(What::Subscription { id, leg: None, expires, question }, Answered::default(), 0)
    }

    /// Asks each leg of a subscription for more time, or with none for its end.
    fn refresh(
        &mut self,
        id: SubscriptionId,
        expires: Duration,
        reply: Option<oneshot::Sender<Outcome>>,
    ) -> Result<(), String> {
        let legs = self.subscriptions.get(&id).map(Subscription::legs).unwrap_or_default();
        if legs.is_empty() {
            // As the server would answer; the first request may still be on its way, and is then undone.
            self.forget(id);
            if let Some(reply) = reply {
                let _ = reply.send(Outcome::Refused { status: 481, retry_after: None });
            }
            return Ok(());
        }
        let question = self.question(legs.len(), reply, false);
        for leg in legs {
            let what = What::Subscription { id, leg: Some(leg), expires, question };
            self.ask(what, Answered::default(), 0)?;
        }
        Ok(())
    }

    /// Asks whether the server is there.
    pub(super) fn ask_for_life(&mut self, reply: Option<oneshot::Sender<Outcome>>) -> Result<(), String> {
        let question = reply.map(|reply| self.question(1, Some(reply), false));
        let (call_id, tag) = (self.word(), self.word());
        self.ask(What::Life { question, call_id, tag, number: 0 }, Answered::default(), 0)
    }

    fn question(&mut self, left: usize, reply: Option<oneshot::Sender<Outcome>>, is_first: bool) -> u64 {
        self.counter += 1;
        self.questions.insert(self.counter, Question { left, outcome: None, reply, is_first });
        self.counter
    }

    /// Sends a request for `what`; whoever asked who we are about it is named in `signed`.
    fn ask(&mut self, mut what: What, signed: Answered, tries: u8) -> Result<(), String> {
        let contact = self.contact();
        let asker = Asker { address: &self.address, contact: &contact };
        let message = match &mut what {
            What::Subscription { id, leg, expires, .. } => {
                let subscription = self.subscriptions.get_mut(id);
                subscription.and_then(|subscription| subscription.request(leg.as_deref(), *expires, &asker))
            }
            What::Life { call_id, tag, number, .. } => {
                *number += 1;
                Some(question_of_life(&self.url, &asker, call_id, tag, *number))
            }
        };
        let Some(mut message) = message else {
            return self.settle(&what, Outcome::Refused { status: 481, retry_after: None });
        };
        let Start::Request { method, uri } = message.start.clone() else { return Ok(()) };
        let branch = format!("z9hG4bK{}", self.word());
        let local = self.wire.local;
        let transport = self.transport.to_ascii_uppercase();
        let via = format!("SIP/2.0/{transport} {}:{};rport;branch={branch}", host_of(local.ip()), local.port());
        message.push("Via", via);
        self.keyring.sign(&mut message, &method, &uri);
        let bytes = message.to_bytes();
        self.send(bytes.clone())?;
        if !self.wire.is_reliable {
            self.after(T1, Timer::Resend(branch.clone()));
        }
        self.after(self.patience, Timer::GiveUp(branch.clone()));
        self.asked.insert(branch, Asked { what, bytes, signed, tries, wait: T1 });
        Ok(())
    }

    /// Sends a request again that has no final answer yet.
    pub(super) fn resend(&mut self, branch: &str) -> Result<(), String> {
        let Some(asked) = self.asked.get_mut(branch) else { return Ok(()) };
        asked.wait = (asked.wait * 2).min(T2);
        let (wait, bytes) = (asked.wait, asked.bytes.clone());
        self.after(wait, Timer::Resend(branch.to_owned()));
        self.send(bytes)
    }

    /// There was no answer in time.
    pub(super) fn give_up(&mut self, branch: &str) -> Result<(), String> {
        let Some(asked) = self.asked.remove(branch) else { return Ok(()) };
        if let What::Life { question: None, .. } = asked.what {
            return Err(no_answer_within(self.patience));
        }
        self.settle(&asked.what, Outcome::NoAnswer)
    }

    /// Takes in an answer. One that nothing waits for is one too many.
    pub(super) fn answered(&mut self, status: u16, answer: &Message) -> Result<(), String> {
        let Some(via) = answer.header("via").and_then(Via::parse) else { return Ok(()) };
        let method = answer.header("cseq").and_then(cseq).map(|(_, method)| method);
        let is_ours = |asked: &Asked| method == Some(if asked.what.is_life() { "OPTIONS" } else { "SUBSCRIBE" });
        if !self.asked.get(&via.branch).is_some_and(is_ours) {
            return Ok(());
        }
        if status < 200 {
            // It works on it: over datagrams it is asked again, but not so often.
            if let Some(asked) = self.asked.get_mut(&via.branch) {
                asked.wait = T2;
            }
            return Ok(());
        }
        let Some(mut asked) = self.asked.remove(&via.branch) else { return Ok(()) };
        self.seen_as = seen(answer).or(self.seen_as.take());
        if matches!(status, 401 | 407) && !asked.what.is_life() && asked.tries < MAX_TRIES {
            let cnonce = self.word();
            if self.keyring.take_up(answer, &mut asked.signed, &cnonce) {
                return self.ask(asked.what, asked.signed, asked.tries + 1);
            }
        }
        let outcome = self.outcome(&asked.what, status, answer);
        self.settle(&asked.what, outcome)
    }

    fn outcome(&mut self, what: &What, status: u16, answer: &Message) -> Outcome {
        let time = |name: &str| answer.header(name).and_then(seconds);
        match (status, what) {
            (200..=299, What::Subscription { id, leg, expires, .. }) => {
                let subscription = self.subscriptions.get_mut(id);
                let lifetime = subscription.map(|known| known.granted(leg.as_deref(), answer, *expires));
                Outcome::Granted { lifetime: lifetime.unwrap_or(*expires), is_pending: status == 202 }
            }
            // Whatever it answers, it is there.
            (_, What::Life { .. }) => Outcome::Granted { lifetime: Duration::ZERO, is_pending: false },
            (300..=399, _) => {
                let to = answer.header("contact").and_then(|value| split(value, ',').next()).and_then(Address::parse);
                match to {
                    Some(to) if is_sip_uri(&to.uri) => Outcome::Moved { to: to.uri },
                    _ => Outcome::Refused { status, retry_after: None },
                }
            }
            (401 | 407, _) => Outcome::Unauthorized,
            (423, _) => match time("min-expires") {
                Some(at_least) => Outcome::TooBrief { at_least },
                None => Outcome::Refused { status, retry_after: None },
            },
            _ => Outcome::Refused { status, retry_after: time("retry-after") },
        }
    }

    /// Takes in what a request came to, and answers who waits for it when it was the last one.
    fn settle(&mut self, what: &What, outcome: Outcome) -> Result<(), String> {
        let (id, question) = match what {
            What::Life { question: None, .. } => return Ok(()),
            What::Life { question: Some(question), .. } => (None, *question),
            What::Subscription { id, leg, expires, question } => {
                self.after_answer(*id, leg.as_deref(), *expires, &outcome);
                (Some(*id), *question)
            }
        };
        let Some(mut asked) = self.questions.remove(&question) else { return Ok(()) };
        asked.left -= 1;
        let outcome = match asked.outcome.take() {
            Some(before) => before.or(outcome),
            None => outcome,
        };
        if asked.left > 0 {
            asked.outcome = Some(outcome);
            self.questions.insert(question, asked);
            return Ok(());
        }
        let was_granted = matches!(outcome, Outcome::Granted { .. });
        let is_heard = asked.reply.is_none_or(|reply| reply.send(outcome).is_ok());
        match id {
            // Nobody knows of the subscription: it is undone.
            Some(id) if !is_heard && asked.is_first && was_granted => self.refresh(id, Duration::ZERO, None),
            _ => Ok(()),
        }
    }

    fn after_answer(&mut self, id: SubscriptionId, leg: Option<&str>, expires: Duration, outcome: &Outcome) {
        let is_granted = matches!(outcome, Outcome::Granted { .. });
        let is_over = match leg {
            None => !is_granted,
            Some(leg) => {
                let is_gone = outcome.is_gone();
                is_gone && self.subscriptions.get_mut(&id).is_some_and(|known| known.drop_leg(leg))
            }
        };
        // What ends is kept for its last notification, but not for ever.
        let ends = expires.is_zero();
        if is_over || (ends && !is_granted) {
            self.forget(id);
        } else if leg.is_none() {
            self.after(TIMER_N, Timer::Silence(id));
        } else if ends {
            self.after(TIMER_N, Timer::Ended(id));
        }
    }
}

fn question_of_life(url: &str, asker: &Asker<'_>, call_id: &str, tag: &str, number: u32) -> Message {
    Message::request("OPTIONS", url)
        .with("From", format!("<{}>;tag={tag}", asker.address))
        .with("To", format!("<{url}>"))
        .with("Call-ID", call_id)
        .with("CSeq", format!("{number} OPTIONS"))
        .with("Max-Forwards", "70")
        .with("Contact", format!("<{}>", asker.contact))
        .with("Accept", "application/sdp")
}
