//! A task that owns connections: no task, channel or buffer for each of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use directory_model::clock::Clock;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::connection::{Connection, Surroundings};
use super::counters::{End, Tally};
use super::nudge::Nudges;
use super::stream::Stream;
use super::{Policy, Subscription, begin, ping, retry};
use crate::coding::Coding;
use crate::feed::{Tail, Topic};
use crate::random::Random;

/// Pings are spread over this many moments of their interval.
const PING_SLOTS: u32 = 100;

/// After this many writes the other tasks of the thread have a turn.
const TURN: usize = 512;

/// What a shard is told to do.
pub(super) enum Command {
    /// Take a connection over.
    Take(Box<Handed>),
    /// Close every connection and end.
    Stop,
}

/// A connection on its way to a shard.
pub(super) struct Handed {
    pub(super) subscription: Subscription,
    pub(super) head: Bytes,
    pub(super) stream: Stream,
}

/// What a shard works with.
pub(super) struct Shard {
    pub(super) commands: mpsc::UnboundedReceiver<Command>,
    pub(super) news: mpsc::UnboundedReceiver<Arc<Topic>>,
    pub(super) policy: Arc<Policy>,
    pub(super) tally: Arc<Tally>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) nudges: Arc<Nudges>,
    pub(super) random: Random,
    pub(super) floor: Floor,
}

/// The connections of a shard and who looks at what.
#[derive(Default)]
pub(super) struct Floor {
    connections: Vec<Option<Connection>>,
    free: Vec<u32>,
    rooms: HashMap<usize, Vec<u32>>,
}

impl Shard {
    /// Serves until told to stop.
    pub(super) async fn run(mut self) {
        let mut pings = self.pings();
        let mut slot = 0;
        let mut spare = Vec::new();
        loop {
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(Command::Take(handed)) => self.take(*handed),
                    Some(Command::Stop) | None => break,
                },
                Some(topic) = self.news.recv() => self.tell(&topic).await,
                () = self.nudges.some() => {
                    let tokens = self.nudges.take(std::mem::take(&mut spare));
                    spare = self.ready(tokens).await;
                }
                _ = pings.tick(), if !self.floor.is_empty() => {
                    self.ping(slot);
                    slot = (slot + 1) % PING_SLOTS;
                }
            }
            // This task is exempt from the runtime's budget and must step aside by itself.
            tokio::task::yield_now().await;
        }
        for token in self.floor.tokens() {
            self.end(token, End::Ended);
        }
    }

    fn pings(&self) -> Interval {
        let period = (self.policy.ping_every / PING_SLOTS).max(Duration::from_millis(1));
        let mut pings = interval_at(Instant::now() + period, period);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        pings
    }

    fn take(&mut self, handed: Handed) {
        let Handed { subscription: Subscription { ticket, last_event_id }, head, stream } = handed;
        self.tally.taken();
        let retry = ticket.coding.first(retry(&mut self.random));
        let (start, seq) = begin(&ticket, last_event_id, self.clock.as_ref());
        let has_ended = ticket.has_ended();
        let nudges = &self.nudges;
        let token = self.floor.put(|token| Connection::new(stream, nudges.waker(token), ticket));
        let around = surroundings(&self.policy, &self.tally);
        let started = match self.floor.get(token) {
            Some(connection) if !has_ended => connection.start([head, retry, start], seq, around),
            _ => Err(End::Ended),
        };
        if let Err(end) = started {
            self.end(token, end);
        }
    }

    /// Tells everybody who looks at `topic` what they have not been told.
    async fn tell(&mut self, topic: &Arc<Topic>) {
        let tokens = self.floor.room(topic);
        let (mut plain, mut packed): (Option<(u64, Tail)>, Option<(u64, Tail)>) = (None, None);
        for (at, token) in tokens.into_iter().enumerate() {
            if at % TURN == TURN - 1 {
                tokio::task::yield_now().await;
            }
            let around = surroundings(&self.policy, &self.tally);
            let Some(connection) = self.floor.get(token) else { continue };
            if connection.ticket.has_ended() {
                self.end(token, End::Ended);
                continue;
            }
            // Nearly all have the same number, so the bytes are asked for once.
            let (seq, coding) = (connection.seq(), connection.ticket.coding);
            let tail = if coding == Coding::Gzip { &mut packed } else { &mut plain };
            if tail.as_ref().is_none_or(|(after, _)| *after != seq) {
                *tail = Some((seq, topic.after(seq).coded(coding)));
            }
            let told = tail.as_ref().map_or(Ok(()), |(_, tail)| connection.tell(tail, around));
            if let Err(end) = told {
                self.end(token, end);
            }
        }
    }

    /// Lets the sockets that can be read or written go on; gives the emptied list back.
    async fn ready(&mut self, mut tokens: Vec<u32>) -> Vec<u32> {
        for (at, token) in tokens.drain(..).enumerate() {
            if at % TURN == TURN - 1 {
                tokio::task::yield_now().await;
            }
            let around = surroundings(&self.policy, &self.tally);
            // A nudge may come late, when the token is free or somebody else's: then it is idle.
            let ready = self.floor.get(token).map_or(Ok(()), |connection| connection.ready(around));
            if let Err(end) = ready {
                self.end(token, end);
            }
        }
        tokens
    }

    fn ping(&mut self, slot: u32) {
        let plain = ping(self.clock.now());
        let packed = Coding::Gzip.piece(plain.clone());
        for token in self.floor.slot(slot) {
            let around = surroundings(&self.policy, &self.tally);
            let pinged = self.floor.get(token).map_or(Ok(()), |connection| {
                connection.ping(if connection.ticket.coding == Coding::Gzip { &packed } else { &plain }, around)
            });
            if let Err(end) = pinged {
                self.end(token, end);
            }
        }
    }

    fn end(&mut self, token: u32, end: End) {
        if let Some(connection) = self.floor.remove(token) {
            self.tally.left(end);
            connection.close();
        }
    }
}

fn surroundings<'a>(policy: &'a Policy, tally: &'a Tally) -> Surroundings<'a> {
    Surroundings { policy, tally, now: Instant::now() }
}

fn room_of(topic: &Arc<Topic>) -> usize {
    // The address tells topics apart as long as somebody in the room holds on to it.
    Arc::as_ptr(topic).addr()
}

impl Floor {
    fn is_empty(&self) -> bool {
        self.free.len() == self.connections.len()
    }

    fn put(&mut self, make: impl FnOnce(u32) -> Connection) -> u32 {
        let token = self.free.pop().unwrap_or_else(|| {
            self.connections.push(None);
            u32::try_from(self.connections.len() - 1).unwrap_or(u32::MAX)
        });
        let mut connection = make(token);
        let room = self.rooms.entry(room_of(&connection.ticket.topic)).or_default();
        connection.place = u32::try_from(room.len()).unwrap_or(u32::MAX);
        room.push(token);
        if let Some(place) = self.connections.get_mut(token as usize) {
            *place = Some(connection);
        }
        token
    }

    fn get(&mut self, token: u32) -> Option<&mut Connection> {
        self.connections.get_mut(token as usize)?.as_mut()
    }

    fn remove(&mut self, token: u32) -> Option<Connection> {
        let connection = self.connections.get_mut(token as usize)?.take()?;
        self.free.push(token);
        let key = room_of(&connection.ticket.topic);
        if let Some(room) = self.rooms.get_mut(&key) {
            let place = connection.place as usize;
            if place < room.len() {
                room.swap_remove(place);
            }
            let moved = room.get(place).copied();
            if room.is_empty() {
                self.rooms.remove(&key);
            }
            if let Some(moved) = moved.and_then(|token| self.get(token)) {
                moved.place = connection.place;
            }
        }
        Some(connection)
    }

    fn room(&self, topic: &Arc<Topic>) -> Vec<u32> {
        self.rooms.get(&room_of(topic)).cloned().unwrap_or_default()
    }

    fn slot(&self, slot: u32) -> impl Iterator<Item = u32> + use<> {
        let end = u32::try_from(self.connections.len()).unwrap_or(u32::MAX);
        (slot..end).step_by(PING_SLOTS as usize)
    }

    fn tokens(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.connections.len()).unwrap_or(u32::MAX)
    }
}
