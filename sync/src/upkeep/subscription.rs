//! One contact at one source.
//!
//! | state | what is done when it is due | leads to |
//! |---|---|---|
//! | subscribing | it is asked for | subscribed; waiting; failed; polling where there are too many |
//! | subscribed | renewed at 50 to 80 % of its lifetime; made anew when it has expired, and once a night; compared with a poll when nothing was heard for long | subscribed; waiting when it is lost or not known any more |
//! | polling | asked how it is now; by night a subscription is tried again where the source has those | polling; waiting; failed |
//! | waiting | tried again | as above |
//! | failed | tried again by night | as above |
//!
//! At most one request is out at any time, and something is always due.

use std::time::Duration;

use directory_model::timestamp::Timestamp;
use directory_model::upkeep::{UpkeepReason, UpkeepState};

use super::{Act, Answer, Moment, Notice, Refusal, Termination, Terms, Ticket};

/// The longest pause before something is tried again that nobody asked for.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// The longest pause that a source is granted.
const LONGEST_ASKED: Duration = Duration::from_hours(24);
/// A subscription that held for so long begins anew with short pauses.
const STEADY: Duration = Duration::from_mins(5);
/// Whatever a source grants, it is not asked again sooner.
const SHORTEST: Duration = Duration::from_secs(1);
/// A subscription is renewed after this share of its lifetime at the earliest ...
const EARLIEST: f64 = 0.5;
/// ... and this much of it later at the latest.
const SPREAD: f64 = 0.3;
/// Within this time everything is asked again after the clock has stepped back.
const AFTER_STEP: Duration = Duration::from_mins(1);

/// The subscription of one contact at one source.
#[derive(Debug, Clone)]
pub struct Subscription {
    phase: Phase,
    since: Timestamp,
    due: Timestamp,
    asked: Option<Asked>,
    tickets: u32,
    failures: u32,
    heard_at: Option<Timestamp>,
    refresh_at: Timestamp,
    is_watched: bool,
    /// Somebody wants it anew while a request is out.
    is_again: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    Subscribed { expires_at: Timestamp, renew_at: Timestamp, lifetime: Duration },
    Polling,
    Waiting(UpkeepReason),
    Failed(UpkeepReason),
}

#[derive(Debug, Clone, Copy)]
struct Asked {
    act: Act,
    ticket: Ticket,
    by: Timestamp,
}

impl Subscription {
    /// One that is asked for at once.
    pub fn new(is_watched: bool, moment: Moment) -> Self {
        let Moment { now, night, .. } = moment;
        Self {
            phase: Phase::New,
            since: now,
            due: now,
            asked: None,
            tickets: 0,
            failures: 0,
            heard_at: None,
            refresh_at: night,
            is_watched,
            is_again: false,
        }
    }

    /// Where it stands.
    pub fn state(&self, terms: &Terms) -> UpkeepState {
        match self.phase {
            Phase::New if terms.is_polled => UpkeepState::Polling,
            Phase::New => UpkeepState::Subscribing,
            Phase::Subscribed { .. } => UpkeepState::Subscribed,
            Phase::Polling => UpkeepState::Polling,
            Phase::Waiting(_) => UpkeepState::WaitingToRetry,
            Phase::Failed(_) => UpkeepState::Failed,
        }
    }

    /// Why it waits or failed.
    pub fn reason(&self) -> Option<UpkeepReason> {
        match self.phase {
            Phase::Waiting(reason) | Phase::Failed(reason) => Some(reason),
            Phase::New | Phase::Subscribed { .. } | Phase::Polling => None,
        }
    }

    /// Since when it stands there.
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// When the source was last heard.
    pub fn heard_at(&self) -> Option<Timestamp> {
        self.heard_at
    }

    /// When it ends unless it is renewed.
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Subscribed { expires_at, .. } => Some(expires_at),
            _ => None,
        }
    }

    /// Whether somebody looks at the contact.
    pub fn is_watched(&self) -> bool {
        self.is_watched
    }

    /// Whether a request is out.
    pub fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// When there is something to do: to ask, or to stop waiting for an answer.
    pub fn due(&self) -> Timestamp {
        self.asked.map_or(self.due, |asked| asked.by)
    }

    /// From when on it may be asked about together with others that are due: polls may be early by a
    /// quarter, everything else may not.
    pub fn may_be_early(&self, terms: &Terms) -> Option<Timestamp> {
        let is_polling = matches!(self.phase, Phase::Polling) && self.asked.is_none() && terms.is_polled;
        is_polling.then(|| self.due.minus(self.every(terms) / 4))
    }

    /// What is asked when it is due.
    pub fn next_act(&self, terms: &Terms) -> Act {
        if terms.is_polled {
            return Act::Poll;
        }
        match self.phase {
            Phase::New | Phase::Waiting(_) | Phase::Failed(_) => Act::Subscribe,
            Phase::Polling if self.due >= self.refresh_at => Act::Subscribe,
            Phase::Subscribed { expires_at, .. } if self.due >= expires_at.min(self.refresh_at) => Act::Subscribe,
            Phase::Subscribed { renew_at, .. } if self.due >= renew_at => Act::Renew,
            Phase::Polling | Phase::Subscribed { .. } => Act::Poll,
        }
    }

    /// How long it is from one renewal to the next, on average.
    pub fn mean_interval(&self) -> Option<Duration> {
        let Phase::Subscribed { lifetime, .. } = self.phase else { return None };
        Some(lifetime.mul_f64(EARLIEST + SPREAD / 2.0).max(SHORTEST))
    }

    /// What is to be asked now, if anything. With `is_early` also a poll that is due soon.
    pub fn take(&mut self, terms: &Terms, moment: Moment, is_early: bool) -> Option<(Ticket, Act)> {
        let now = moment.now;
        if let Some(asked) = self.asked {
            if now < asked.by {
                return None;
            }
            self.asked = None;
            self.fail(UpkeepReason::NoAnswer, None, moment);
        }
        let from = self.may_be_early(terms).filter(|_| is_early).unwrap_or(self.due);
        if now < from {
            return None;
        }
        // What has expired meanwhile, because the machine slept perhaps, cannot be renewed.
        let act = match self.phase {
            Phase::Subscribed { expires_at, .. } if now >= expires_at => Act::Subscribe,
            _ => self.next_act(terms),
        };
        if act == Act::Subscribe {
            self.enter(Phase::New, now);
        }
        self.tickets = self.tickets.wrapping_add(1);
        let ticket = Ticket(self.tickets);
        self.asked = Some(Asked { act, ticket, by: now.plus(terms.answer_within) });
        Some((ticket, act))
    }

    /// Takes an answer in; `false` when nobody waits for it any more.
    pub fn answer(&mut self, ticket: Ticket, answer: Answer, terms: &Terms, moment: Moment) -> bool {
        let Some(asked) = self.asked.filter(|asked| asked.ticket == ticket) else { return false };
        self.asked = None;
        match answer {
            Answer::Granted { lifetime } if asked.act != Act::Poll => self.granted(asked.act, lifetime, terms, moment),
            Answer::Differs if self.expires_at().is_some() => self.anew(moment.now),
            Answer::Granted { .. } | Answer::Polled | Answer::Differs => self.polled(terms, moment),
            Answer::Lost => self.fail(UpkeepReason::NoAnswer, None, moment),
            Answer::Refused { refusal, retry_after } => self.refused(asked.act, refusal, retry_after, terms, moment),
            Answer::Held { until, is_busy } => {
                let reason = if is_busy { UpkeepReason::Busy } else { UpkeepReason::NoAnswer };
                self.enter(Phase::Waiting(reason), moment.now);
                self.due = until;
            }
        }
        // A subscription that was just asked for is anew already.
        if std::mem::take(&mut self.is_again) && asked.act != Act::Subscribe {
            self.resubscribe(terms, moment);
        }
        true
    }

    /// Takes in what the source says by itself.
    pub fn notice(&mut self, notice: Notice, terms: &Terms, moment: Moment) {
        match notice {
            Notice::Heard => {
                self.heard_at = Some(moment.now);
                self.schedule(terms);
            }
            Notice::Resubscribe => self.broken_off(UpkeepReason::Ended, None, moment),
            Notice::Lost => {
                self.asked = None;
                self.fail(UpkeepReason::NoAnswer, None, moment);
            }
            Notice::Terminated { reason, retry_after } => match reason {
                Termination::Deactivated | Termination::Timeout | Termination::Other => {
                    self.broken_off(UpkeepReason::Ended, retry_after, moment);
                }
                Termination::Probation | Termination::GiveUp => {
                    self.asked = None;
                    self.fail(UpkeepReason::Ended, retry_after, moment);
                }
                Termination::Rejected => self.given_up(UpkeepReason::Refused, moment),
                Termination::NoResource => self.given_up(UpkeepReason::NobodyThere, moment),
                Termination::Invariant => self.given_up(UpkeepReason::Ended, moment),
            },
        }
    }

    /// Somebody wants it anew: at once, or as soon as the request is answered that is out.
    pub fn resubscribe(&mut self, terms: &Terms, moment: Moment) {
        if self.asked.is_some() {
            self.is_again = true;
            return;
        }
        self.failures = 0;
        if !terms.is_polled {
            self.enter(Phase::New, moment.now);
        }
        self.due = moment.now;
    }

    /// Somebody looks at the contact from now on, or nobody any more.
    pub fn watch(&mut self, is_watched: bool, terms: &Terms, moment: Moment) {
        let begins = is_watched && !self.is_watched;
        self.is_watched = is_watched;
        if begins && self.phase == Phase::Polling {
            self.due = self.due.min(moment.now.plus(self.every(terms).mul_f64(moment.random / 4.0)));
        }
    }

    /// The clock has stepped back, so no moment that is kept means what it did: everything is asked again
    /// within a minute.
    pub fn clock_stepped(&mut self, terms: &Terms, moment: Moment) {
        let soon = moment.now.plus(AFTER_STEP.mul_f64(moment.random));
        self.since = self.since.min(moment.now);
        self.heard_at = self.heard_at.map(|heard| heard.min(moment.now));
        self.refresh_at = moment.night;
        if let Some(asked) = &mut self.asked {
            asked.by = asked.by.min(moment.now.plus(terms.answer_within));
        }
        if let Phase::Subscribed { expires_at, renew_at, .. } = &mut self.phase {
            (*renew_at, *expires_at) = (soon, soon.plus(AFTER_STEP));
        }
        self.due = soon;
    }

    /// How often it is asked about where it is polled.
    pub fn every(&self, terms: &Terms) -> Duration {
        if self.is_watched { terms.fast } else { terms.slow }
    }

    fn enter(&mut self, phase: Phase, now: Timestamp) {
        if std::mem::discriminant(&self.phase) != std::mem::discriminant(&phase) {
            self.since = now;
        }
        self.phase = phase;
    }

    fn granted(&mut self, act: Act, lifetime: Duration, terms: &Terms, moment: Moment) {
        let now = moment.now;
        if lifetime.is_zero() {
            return self.fail(UpkeepReason::Ended, None, moment);
        }
        let before = lifetime.mul_f64(EARLIEST + SPREAD * moment.random.clamp(0.0, 1.0)).max(SHORTEST);
        let (expires_at, renew_at) = (now.plus(lifetime), now.plus(before));
        self.enter(Phase::Subscribed { expires_at, renew_at, lifetime }, now);
        if act == Act::Subscribe {
            // What was heard before was said about another subscription.
            self.heard_at = Some(now);
            self.refresh_at = moment.night;
        } else {
            self.failures = 0;
        }
        self.schedule(terms);
    }

    fn polled(&mut self, terms: &Terms, moment: Moment) {
        self.failures = 0;
        self.heard_at = Some(moment.now);
        if self.expires_at().is_some() {
            return self.schedule(terms);
        }
        self.enter(Phase::Polling, moment.now);
        self.due = moment.now.plus(self.every(terms).mul_f64(0.9 + 0.2 * moment.random).max(SHORTEST));
        if !terms.is_polled {
            self.due = self.due.min(self.refresh_at.max(moment.now.plus(SHORTEST)));
        }
    }

    fn refused(&mut self, act: Act, refusal: Refusal, retry_after: Option<Duration>, terms: &Terms, moment: Moment) {
        let is_subscribed = self.expires_at().is_some();
        match refusal {
            Refusal::NotKnown if is_subscribed => self.fail(UpkeepReason::Ended, retry_after, moment),
            Refusal::NotKnown => self.given_up(UpkeepReason::NobodyThere, moment),
            Refusal::Rejected => self.given_up(UpkeepReason::Refused, moment),
            Refusal::Limited if act == Act::Subscribe => {
                self.enter(Phase::Polling, moment.now);
                self.refresh_at = moment.night;
                self.due = moment.now.plus(self.every(terms).mul_f64(moment.random)).min(self.refresh_at);
            }
            Refusal::Limited | Refusal::Busy => self.fail(UpkeepReason::Busy, retry_after, moment),
            Refusal::Unreadable => self.fail(UpkeepReason::Unreadable, retry_after, moment),
        }
    }

    /// Asked for anew at once.
    fn anew(&mut self, now: Timestamp) {
        self.asked = None;
        self.enter(Phase::New, now);
        self.due = now;
    }

    /// Ended by the source, which wants to be asked anew: at once the first time, later and later when it
    /// goes on so.
    fn broken_off(&mut self, reason: UpkeepReason, retry_after: Option<Duration>, moment: Moment) {
        self.asked = None;
        self.forgive(moment.now);
        if self.failures > 0 || retry_after.is_some() {
            return self.fail(reason, retry_after, moment);
        }
        self.failures = 1;
        self.anew(moment.now);
    }

    /// Tried again by night and not before.
    fn given_up(&mut self, reason: UpkeepReason, moment: Moment) {
        self.asked = None;
        self.enter(Phase::Failed(reason), moment.now);
        self.refresh_at = moment.night;
        self.due = moment.night;
    }

    /// Tried again later: after 1, 2, 4 … seconds, at most 300, or when the source said.
    fn fail(&mut self, reason: UpkeepReason, retry_after: Option<Duration>, moment: Moment) {
        self.forgive(moment.now);
        self.failures = self.failures.saturating_add(1);
        self.enter(Phase::Waiting(reason), moment.now);
        self.due = moment.now.plus(pause(self.failures, retry_after, moment.random));
    }

    /// What held for long starts anew with short pauses.
    fn forgive(&mut self, now: Timestamp) {
        if self.expires_at().is_some() && now.since(self.since) >= STEADY {
            self.failures = 0;
        }
    }

    fn schedule(&mut self, terms: &Terms) {
        let Phase::Subscribed { expires_at, renew_at, .. } = self.phase else { return };
        let stale_at = self.heard_at.unwrap_or(self.since).plus(terms.stale_after);
        self.due = renew_at.min(expires_at).min(self.refresh_at).min(stale_at);
    }
}

/// The pause after so many failures, one at least; `random` of 1 spreads those who wait.
pub fn pause(failures: u32, retry_after: Option<Duration>, random: f64) -> Duration {
    let random = random.clamp(0.0, 1.0);
    if let Some(asked) = retry_after {
        // Never earlier than asked for.
        let asked = asked.min(LONGEST_ASKED);
        return asked + asked.mul_f64(random / 10.0);
    }
    let whole = Duration::from_secs(1 << failures.saturating_sub(1).min(10)).min(LONGEST_PAUSE);
    whole.mul_f64(0.5 + random / 2.0)
}
