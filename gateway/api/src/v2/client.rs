//! One client from its first word to its last.

use std::io;

use directory_store::tenants;
use gateway_presence::book::{Stirred, Watch};
use gateway_rose::detail::LogOn;
use gateway_rose::message::{EVENT, Failure, Message, Problem as Wrong, Reject, read, write_error, write_reject};
use tokio::time::{Instant, sleep_until};

use super::absence::OwnWord;
use super::door::Door;
use super::hub::Ticket;
use super::pace::{Pace, Passage};
use super::sight;
use super::socket::{Ending, Heard, Socket};
use super::subscriptions::{Seen, Subscriptions};
use crate::problem::Problem;
use crate::scope::Access;
use crate::settings::ClientPatience;
use crate::state::ApiState;

/// How long changes are gathered before they are told.
const COALESCING: std::time::Duration = std::time::Duration::from_millis(50);

/// How many names are looked up at once.
const AT_ONCE: usize = gateway_rose::request::MAX_CONTACTS;

/// Serves whoever came through `door`, or says why they are not let in.
pub(super) async fn serve(state: ApiState, mut door: Door, mut socket: Socket) {
    let patience = state.settings().clients;
    if let Err(refused) = &door.ticket {
        let refused = *refused;
        let _ = socket.say(log_on_error(refused), patience.stall_after).await;
        tracing::debug!(?refused, tenant.id = %door.access.tenant(), "client not let in");
        return socket.close(Ending::Refused(refused.row().1)).await;
    }
    let mut client = Client::new(&state, &door, patience);
    match client.run(&mut door, &mut socket).await {
        Over::Ended(ending) => {
            metrics::counter!("client_connections_ended_total", "reason" => ending.label()).increment(1);
            tracing::debug!(?ending, tenant.id = %door.access.tenant(), "client sent away");
            socket.close(ending).await;
        }
        Over::Gone => socket.end().await,
    }
}

fn log_on_error(refused: LogOn) -> String {
    let (detail, text) = refused.row();
    write_error(&Failure { invoke_id: EVENT, detail, text: text.to_owned() })
}

/// A client that was let in.
pub(super) struct Client {
    pub(super) state: ApiState,
    pub(super) subscriptions: Subscriptions,
    pub(super) watch: Watch,
    /// What the client knows of its own contact's word and notes.
    own: OwnWord,
    pace: Pace,
    patience: ClientPatience,
    clock: Clock,
    /// The number of the tenant's latest change when it was looked what the client may see.
    seen_as_of: i64,
}

/// When what is due.
struct Clock {
    /// When changes that wait are told.
    tell_at: Option<Instant>,
    /// When it is looked again whether the client may stay.
    prove_at: Instant,
    /// When silence has lasted.
    quiet_at: Instant,
    /// The client was asked whether it is there.
    is_asked: bool,
}

/// How it is over.
enum Over {
    /// By us.
    Ended(Ending),
    /// By the client.
    Gone,
}

/// What happens next.
enum Event {
    Heard(Heard),
    Stopping,
    Signalled,
    Stirred,
    TellNow,
    ProveNow,
    Quiet,
}

impl From<Ending> for Over {
    fn from(ending: Ending) -> Self {
        Self::Ended(ending)
    }
}

/// What cannot be sent within the client's time is not read by it.
impl From<io::Error> for Over {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::TimedOut { Self::Ended(Ending::Slow) } else { Self::Gone }
    }
}

impl From<LogOn> for Over {
    fn from(refused: LogOn) -> Self {
        Self::Ended(Ending::Refused(refused.row().1))
    }
}

impl Client {
    fn new(state: &ApiState, door: &Door, patience: ClientPatience) -> Self {
        let now = Instant::now();
        let access = &door.access;
        let mut watch = state.book().watch(access.tenant());
        if let Some(own) = access.caller().contact {
            watch.add(own);
        }
        let clock = Clock {
            tell_at: None,
            prove_at: now + patience.prove_after,
            quiet_at: now + patience.ping_after,
            is_asked: false,
        };
        Self {
            state: state.clone(),
            subscriptions: Subscriptions::default(),
            own: OwnWord::of(state.book(), access),
            watch,
            pace: Pace::new(now),
            patience,
            clock,
            seen_as_of: 0,
        }
    }

    async fn run(&mut self, door: &mut Door, socket: &mut Socket) -> Over {
        loop {
            let Ok(ticket) = &door.ticket else { return Over::Gone };
            let event = self.next(ticket, socket).await;
            if let Err(over) = self.on(event, door, socket).await {
                return over;
            }
        }
    }

    async fn next(&self, ticket: &Ticket, socket: &mut Socket) -> Event {
        let clock = &self.clock;
        let tell_at = clock.tell_at;
        tokio::select! {
            () = self.state.streams().ended() => Event::Stopping,
            heard = socket.hear() => Event::Heard(heard),
            () = ticket.woken() => Event::Signalled,
            () = self.watch.stirred(), if tell_at.is_none() => Event::Stirred,
            () = sleep_until(tell_at.unwrap_or(clock.prove_at)), if tell_at.is_some() => Event::TellNow,
            () = sleep_until(clock.prove_at) => Event::ProveNow,
            () = sleep_until(clock.quiet_at) => Event::Quiet,
        }
    }

    async fn on(&mut self, event: Event, door: &mut Door, socket: &mut Socket) -> Result<(), Over> {
        match event {
            Event::Stopping => Err(Ending::Stopping.into()),
            Event::Heard(heard) => self.hear(heard, door, socket).await,
            Event::Signalled => self.look_at_signals(door, socket).await,
            Event::Stirred => {
                self.clock.tell_at = Some(Instant::now() + COALESCING);
                Ok(())
            }
            Event::TellNow => {
                let stirred = self.watch.take();
                self.clock.tell_at = None;
                self.tell(&stirred, &door.access, socket).await
            }
            Event::ProveNow => {
                self.clock.prove_at = Instant::now() + self.patience.prove_after;
                if let Err(refused) = door.prove_again().await {
                    self.say(socket, log_on_error(refused)).await?;
                    return Err(refused.into());
                }
                self.look_again(false, door, socket).await
            }
            Event::Quiet if self.clock.is_asked => Err(Ending::Silent.into()),
            Event::Quiet => {
                self.clock.is_asked = true;
                self.clock.quiet_at = Instant::now() + self.patience.answer_within;
                Ok(socket.ping(self.patience.stall_after).await?)
            }
        }
    }

    async fn hear(&mut self, heard: Heard, door: &mut Door, socket: &mut Socket) -> Result<(), Over> {
        let now = Instant::now();
        (self.clock.quiet_at, self.clock.is_asked) = (now + self.patience.ping_after, false);
        let passage = self.pace.ask(now);
        let text = match heard {
            _ if passage == Passage::Flood => return Err(Ending::Flood.into()),
            Heard::Text(text) => text,
            Heard::Life => return Ok(()),
            Heard::Binary => String::new(),
            Heard::TooLarge => return Err(Ending::TooLarge.into()),
            Heard::End => return Err(Over::Gone),
        };
        let invoke = match read(&text) {
            Ok(Message::Invoke(invoke)) => invoke,
            // Nothing is asked of clients, so there is nothing that they could answer.
            Ok(Message::Result(answer)) => {
                let reject = Reject::of(answer.invoke_id, Wrong::UnrecognisedResult, "nothing was asked");
                return self.reject(socket, &reject).await;
            }
            Ok(Message::Error(failure)) => {
                let reject = Reject::of(failure.invoke_id, Wrong::UnrecognisedError, "nothing was asked");
                return self.reject(socket, &reject).await;
            }
            Ok(Message::Reject(_)) => return Ok(()),
            Err(reject) => return self.reject(socket, &reject).await,
        };
        if passage == Passage::Refused {
            let reject = Reject::of(invoke.invoke_id, Wrong::ResourceLimitation, "too many requests");
            return self.reject(socket, &reject).await;
        }
        let answer = self.answer(&invoke, door).await;
        if invoke.invoke_id == EVENT { Ok(()) } else { self.say(socket, answer).await }
    }

    async fn reject(&self, socket: &mut Socket, reject: &Reject) -> Result<(), Over> {
        if reject.is_told() { self.say(socket, write_reject(reject)).await } else { Ok(()) }
    }

    async fn say(&self, socket: &mut Socket, text: String) -> Result<(), Over> {
        Ok(socket.say(text, self.patience.stall_after).await?)
    }

    /// Tells what is different among `stirred`.
    async fn tell(&mut self, stirred: &Stirred, access: &Access, socket: &mut Socket) -> Result<(), Over> {
        let state = self.state.clone();
        let seen = Seen { book: state.book(), tenant: access.tenant() };
        // One after the other: what cannot be sent yet is not made yet either.
        for name in self.subscriptions.stirred(stirred) {
            if let Some(event) = self.subscriptions.news(&seen, &name) {
                self.say(socket, event).await?;
            }
        }
        let is_own = |own| match stirred {
            Stirred::All => true,
            Stirred::Some(contacts) => contacts.contains(&own),
        };
        if access.caller().contact.is_some_and(is_own) {
            for event in self.own.news(state.book(), access) {
                self.say(socket, event).await?;
            }
        }
        Ok(())
    }

    async fn look_at_signals(&mut self, door: &Door, socket: &mut Socket) -> Result<(), Over> {
        let Ok(ticket) = &door.ticket else { return Ok(()) };
        let signals = ticket.signals();
        if signals.rights {
            self.look_again(true, door, socket).await?;
        }
        if signals.challenges {
            self.tell_challenges(door, socket).await?;
        }
        Ok(())
    }

    /// Tells who asks to see the client's own contact, if the client wants to know.
    async fn tell_challenges(&mut self, door: &Door, socket: &mut Socket) -> Result<(), Over> {
        let Some(own) = door.access.caller().contact else { return Ok(()) };
        if !self.subscriptions.wants_challenges(own) {
            return Ok(());
        }
        self.say(socket, super::rights::challenges(&self.state, door.access.tenant(), own)).await
    }

    /// Looks again what the client may see, if anything changed in the tenant since or `is_certain`.
    async fn look_again(&mut self, is_certain: bool, door: &Door, socket: &mut Socket) -> Result<(), Over> {
        let access = &door.access;
        match self.find_sights(is_certain, access).await {
            Ok(true) => self.tell(&Stirred::All, access, socket).await,
            Ok(false) => Ok(()),
            // The store does not answer: it is looked again soon.
            Err(problem) => {
                tracing::warn!(?problem, "what a client may see could not be looked at");
                Ok(())
            }
        }
    }

    async fn find_sights(&mut self, is_certain: bool, access: &Access) -> Result<bool, Problem> {
        let as_of = access.read(|conn, tenant| Ok(tenants::change_seq(conn, tenant)?.unwrap_or_default())).await?;
        if as_of == self.seen_as_of && !is_certain {
            return Ok(false);
        }
        for names in self.subscriptions.names().chunks(AT_ONCE) {
            let sights = sight::of_all(access, names.to_vec()).await?;
            for (name, sight) in names.iter().zip(sights) {
                self.subscriptions.see(name, sight);
                if let Some(contact) = sight.seen() {
                    self.watch.add(contact);
                }
            }
        }
        self.seen_as_of = as_of;
        Ok(true)
    }
}
