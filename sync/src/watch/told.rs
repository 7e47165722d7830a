//! What a source said, and the claims that come of it. Pure.
//!
//! States are repeated by the source, so a claim of one counts until the source should have been heard
//! again, and silence after that is silence. A schedule names its ends: at each turn of it another claim is
//! made, without asking anybody.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use directory_model::id::{ContactId, SourceId};
use directory_model::presence::said::{Said, ShowAs};
use directory_model::presence::{Availability, Claim, ClaimKind, NOTE_CHARS, SourceNote, SourceNotes};
use directory_model::timestamp::Timestamp;

use super::connector::{Block, Statement, Word};

/// How many devices of one contact are listened to; no more may speak about somebody.
const MAX_WORDS: usize = 16;
/// How many pieces of one contact's schedule are kept.
const MAX_BLOCKS: usize = 128;
/// The longest name of a device, in characters.
const DEVICE_CHARS: usize = 128;
/// What ends at once counts for so long, because a claim that has expired is not taken.
const AT_ONCE: Duration = Duration::from_millis(1);

/// What one source said about everybody.
#[derive(Debug)]
pub(super) struct Told {
    source: String,
    /// What kind of claim comes of states.
    kind: ClaimKind,
    version: i64,
    spoken: HashMap<ContactId, Spoken>,
    turns: BTreeSet<(Timestamp, ContactId)>,
}

#[derive(Debug)]
enum Spoken {
    State {
        words: Vec<Word>,
        notes: Vec<SourceNote>,
    },
    Schedule {
        blocks: Box<[Block]>,
        turn: Option<Timestamp>,
        /// Something is claimed that has to be taken back when it is no longer so.
        is_claimed: bool,
    },
}

/// What comes of what a source said about a contact.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// Claims that take the place of those there were.
    pub(super) claims: Vec<Claim>,
    /// All notes of the source beside the contact's state, when there are some or were.
    pub(super) notes: Option<SourceNotes>,
}

impl From<Vec<Claim>> for Heard {
    fn from(claims: Vec<Claim>) -> Self {
        Self { claims, notes: None }
    }
}

impl Told {
    /// Nothing of a source yet.
    pub(super) fn new(source: SourceId, kind: ClaimKind) -> Self {
        Self { source: source.to_string(), kind, version: 0, spoken: HashMap::new(), turns: BTreeSet::new() }
    }

    /// Takes in what is said about a contact; a state counts until `until` without being repeated.
    pub(super) fn hear(&mut self, contact: ContactId, said: Statement, now: Timestamp, until: Timestamp) -> Heard {
        match said {
            Statement::State { words, notes } => self.state(contact, words, notes, now, until),
            Statement::Schedule(blocks) => self.schedule(contact, blocks, now).into(),
        }
    }

    /// The source stands by what it said about the state of a contact.
    pub(super) fn repeat(&mut self, contact: ContactId, now: Timestamp, until: Timestamp) -> Heard {
        match self.spoken.remove(&contact) {
            Some(Spoken::State { words, notes }) => return self.state(contact, words, notes, now, until),
            Some(schedule) => drop(self.spoken.insert(contact, schedule)),
            None => {}
        }
        Heard::default()
    }

    /// The claims of schedules that have turned by `now`.
    pub(super) fn turn(&mut self, now: Timestamp) -> Vec<Claim> {
        let mut claims = Vec::new();
        while let Some((_, contact)) = self.turns.first().copied().filter(|(at, _)| *at <= now) {
            claims.extend(self.look(contact, now));
        }
        claims
    }

    /// When a schedule turns next.
    pub(super) fn next_turn(&self) -> Option<Timestamp> {
        self.turns.first().map(|(at, _)| *at)
    }

    /// Whether a state that is polled is another than the one that was heard last.
    pub(super) fn differs(&self, contact: ContactId, said: &Statement) -> bool {
        match (self.spoken.get(&contact), said) {
            (Some(Spoken::State { words: before, notes: noted }), Statement::State { words, notes }) => {
                before.len() != words.len() || words.iter().any(|word| !before.contains(word)) || noted != notes
            }
            (None, Statement::State { words, notes }) => !words.is_empty() || !notes.is_empty(),
            (_, Statement::Schedule(_)) | (Some(Spoken::Schedule { .. }), _) => false,
        }
    }

    /// Those about whom something was said.
    pub(super) fn contacts(&self) -> Vec<ContactId> {
        self.spoken.keys().copied().collect()
    }

    /// Whether anything was said about the contact.
    pub(super) fn has_said(&self, contact: ContactId) -> bool {
        self.spoken.contains_key(&contact)
    }

    /// The source says nothing about the contact any more, which is no silence: what it said is over.
    pub(super) fn forget(&mut self, contact: ContactId, now: Timestamp) -> Heard {
        match self.spoken.remove(&contact) {
            Some(Spoken::State { words, notes }) => {
                let claims = words.iter().map(|word| self.over(contact, self.kind, &word.device, now)).collect();
                Heard { claims, notes: (!notes.is_empty()).then(|| self.notes(contact, Vec::new(), now)) }
            }
            Some(Spoken::Schedule { turn, is_claimed, .. }) => {
                turn.map(|turn| self.turns.remove(&(turn, contact)));
                let over = is_claimed.then(|| self.over(contact, ClaimKind::Calendar, "", now));
                Vec::from_iter(over).into()
            }
            None => Heard::default(),
        }
    }

    fn notes(&self, contact: ContactId, notes: Vec<SourceNote>, until: Timestamp) -> SourceNotes {
        SourceNotes { contact, source: self.source.clone(), notes, expires_at: until }.within_limits()
    }

    fn state(
        &mut self,
        contact: ContactId,
        words: Vec<Word>,
        notes: Vec<SourceNote>,
        now: Timestamp,
        until: Timestamp,
    ) -> Heard {
        let mut words: Vec<Word> = words.into_iter().take(MAX_WORDS).collect();
        for word in &mut words {
            cut(&mut word.device, DEVICE_CHARS);
            word.custom.iter_mut().for_each(|custom| cut(custom, NOTE_CHARS));
        }
        let mut claims = Vec::with_capacity(words.len());
        let before = self.spoken.remove(&contact);
        for word in &words {
            claims.push(Claim {
                device: word.device.clone(),
                custom: word.custom.clone(),
                is_repeated: true,
                // A server's clock may be ahead of ours.
                since: word.since.map_or(now, |since| since.min(now)),
                expires_at: Some(until),
                ..self.claim(contact, self.kind, word.said, now)
            });
        }
        // After what took their place, so that there is no moment without any.
        let mut had_notes = false;
        if let Some(Spoken::State { words: before, notes }) = before {
            had_notes = !notes.is_empty();
            let gone = before.iter().filter(|old| words.iter().all(|word| word.device != old.device));
            claims.extend(gone.map(|old| self.over(contact, self.kind, &old.device, now)));
        }
        let said = self.notes(contact, notes, until);
        if !words.is_empty() || !said.notes.is_empty() {
            self.spoken.insert(contact, Spoken::State { words, notes: said.notes.clone() });
        }
        Heard { claims, notes: (had_notes || !said.notes.is_empty()).then_some(said) }
    }

    fn schedule(&mut self, contact: ContactId, blocks: Vec<Block>, now: Timestamp) -> Vec<Claim> {
        let mut blocks = blocks;
        // What says nothing is not kept.
        let counts = |block: &Block| block.until > now && block.from < block.until && says_something(block.shows);
        blocks.retain(counts);
        blocks.sort_unstable_by_key(|block| (block.from, block.until));
        blocks.truncate(MAX_BLOCKS);
        let (turn, is_claimed) = match self.spoken.get(&contact) {
            Some(Spoken::Schedule { turn, is_claimed, .. }) => (*turn, *is_claimed),
            _ => (None, false),
        };
        self.spoken.insert(contact, Spoken::Schedule { blocks: blocks.into(), turn, is_claimed });
        self.look(contact, now).into_iter().collect()
    }

    /// What a contact's schedule says now, if that is to be told, and when it is looked at again.
    fn look(&mut self, contact: ContactId, now: Timestamp) -> Option<Claim> {
        let Some(Spoken::Schedule { blocks, turn, is_claimed }) = self.spoken.get_mut(&contact) else {
            self.turns.retain(|(_, of)| *of != contact);
            return None;
        };
        let current = current(blocks, now);
        let was_claimed = std::mem::replace(is_claimed, current.said.is_some());
        if let Some(turn) = std::mem::replace(turn, current.until) {
            self.turns.remove(&(turn, contact));
        }
        self.turns.extend(current.until.map(|until| (until, contact)));
        let free_at = current.until.map(|until| free_at(blocks, current.said, until));
        match (current.said, current.until) {
            (Some(said), Some(_)) => Some(Claim {
                since: current.since.min(now),
                // The next turn replaces it, however long it would count.
                expires_at: free_at,
                ..self.claim(contact, ClaimKind::Calendar, said, now)
            }),
            _ => was_claimed.then(|| self.over(contact, ClaimKind::Calendar, "", now)),
        }
    }

    fn claim(&mut self, contact: ContactId, kind: ClaimKind, said: Said, now: Timestamp) -> Claim {
        self.version = now.millis().max(self.version.saturating_add(1));
        Claim {
            contact,
            kind,
            source: self.source.clone(),
            device: String::new(),
            version: self.version,
            availability: said.availability,
            activity: said.activity,
            is_out_of_office: said.is_out_of_office,
            is_tentative: said.is_tentative,
            is_ringing: said.is_ringing,
            is_repeated: false,
            custom: None,
            since: now,
            heard_at: now,
            expires_at: Some(now.plus(AT_ONCE)),
        }
    }

    /// A claim in the place of one that is over, which is over at once itself.
    fn over(&mut self, contact: ContactId, kind: ClaimKind, device: &str, now: Timestamp) -> Claim {
        Claim { device: device.to_owned(), ..self.claim(contact, kind, Availability::Unknown.into(), now) }
    }
}

/// What a schedule says at a moment.
#[derive(Debug, PartialEq, Eq)]
struct Current {
    /// Nothing when somebody is free.
    said: Option<Said>,
    /// Since when at least.
    since: Timestamp,
    /// Until when; `None` when nothing else comes.
    until: Option<Timestamp>,
}

/// What the blocks say at `now`, until they say something else: meetings one after the other are one.
fn current(blocks: &[Block], now: Timestamp) -> Current {
    let (said, since) = at(blocks, now);
    let mut until = next_bound(blocks, now);
    while let Some(bound) = until.filter(|bound| at(blocks, *bound).0 == said) {
        until = next_bound(blocks, bound);
    }
    Current { said, since, until }
}

/// When somebody is free of whom `said` is told until `until`: later, if they are busy then as well, only in another
/// way. So the end of a meeting is known although somebody is out of office for a part of it.
fn free_at(blocks: &[Block], said: Option<Said>, until: Timestamp) -> Timestamp {
    let is_busy = |said: &Said| said.availability == Availability::Busy && !said.is_tentative;
    let mut end = until;
    if said.as_ref().is_some_and(is_busy) {
        while let Some(next) =
            at(blocks, end).0.as_ref().filter(|said| is_busy(said)).and_then(|_| next_bound(blocks, end))
        {
            end = next;
        }
    }
    end
}

fn at(blocks: &[Block], now: Timestamp) -> (Option<Said>, Timestamp) {
    let active = || blocks.iter().filter(|block| block.from <= now && now < block.until);
    let of = |shows: ShowAs| active().filter(move |block| block.shows == shows).map(|block| block.from).min();
    let (busy, tentative, away) = (of(ShowAs::Busy), of(ShowAs::Tentative), of(ShowAs::OutOfOffice));
    let decided = busy.map(|from| (ShowAs::Busy, from)).or(tentative.map(|from| (ShowAs::Tentative, from)));
    let (shows, since) = match (decided, away) {
        (Some(decided), _) => decided,
        (None, Some(from)) => (ShowAs::OutOfOffice, from),
        (None, None) => return (None, now),
    };
    let said = shows.says();
    (Some(Said { is_out_of_office: said.is_out_of_office || away.is_some(), ..said }), since)
}

fn next_bound(blocks: &[Block], now: Timestamp) -> Option<Timestamp> {
    blocks.iter().flat_map(|block| [block.from, block.until]).filter(|bound| *bound > now).min()
}

fn says_something(shows: ShowAs) -> bool {
    !matches!(shows, ShowAs::Free | ShowAs::WorkingElsewhere)
}

fn cut(text: &mut String, chars: usize) {
    if let Some((end, _)) = text.char_indices().nth(chars) {
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests;
