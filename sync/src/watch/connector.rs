//! The seam between what keeps presence alive and those who speak with sources.
//!
//! A connector is made for one source and one aspect. It is asked with orders and says what became of each;
//! one whose source speaks by itself says so through [`Connector::news`]. It keeps no state but its
//! connections: who is due when, and what is tried again, is decided by `crate::upkeep`.

use std::future::pending;
use std::time::Duration;

use directory_model::id::{ContactId, TenantId};
use directory_model::port::BoxFuture;
use directory_model::presence::SourceNote;
use directory_model::presence::said::Said;
use directory_model::run::RunProblem;
use directory_model::secret::Secret;
use directory_model::source::{Aspect, Source};
use directory_model::timestamp::Timestamp;
pub use directory_source::free_busy::Block;

use crate::upkeep::keeper::Order;
use crate::upkeep::{Answer, Notice, Terms};

/// By what a source knows somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Who {
    /// The identity of the contact's entry in the source, if it has one there.
    pub entry: Option<Vec<u8>>,
    /// The mail address.
    pub mail: Option<String>,
    /// The SIP address.
    pub sip: Option<String>,
}

/// What is to be asked about one contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What, and for whom.
    pub order: Order,
    /// By what the source knows them; `None` for somebody who is none of its contacts any more.
    pub who: Option<Who>,
}

/// What became of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The order.
    pub order: Order,
    /// What the source answered. Whether a poll differs from what was heard is found out by who asks.
    pub answer: Answer,
    /// What it said about the contact, if anything.
    pub said: Option<Statement>,
}

/// What a source says about one contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statement {
    /// How they are, by each of their devices, and what is noted beside it; what is not named any more is over.
    State {
        /// The states.
        words: Vec<Word>,
        /// The notes.
        notes: Vec<SourceNote>,
    },
    /// When they are occupied, for as far ahead as the source was asked.
    Schedule(Vec<Block>),
}

impl Statement {
    /// States without notes.
    pub fn words(words: Vec<Word>) -> Self {
        Self::State { words, notes: Vec::new() }
    }
}

/// What a source says of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Which device; empty when the source has none.
    pub device: String,
    /// What it says.
    pub said: Said,
    /// A named state, at most 500 characters.
    pub custom: Option<String>,
    /// Since when it holds, when the source says so.
    pub since: Option<Timestamp>,
}

/// Why a request as a whole led to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The source has too much to do.
    pub is_busy: bool,
    /// How long it wants to be left alone, if it says so.
    pub retry_after: Option<Duration>,
    /// What is shown to administrators.
    pub problem: RunProblem,
}

/// What a source says by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// About whom; `None` when the connection broke over which all subscriptions came.
    pub contact: Option<ContactId>,
    /// What it means for the subscription. The end of a fetch (a subscription of no time, RFC 6665, 4.4.3)
    /// is no news.
    pub notice: Notice,
    /// What it said about the contact, if anything.
    pub said: Option<Statement>,
}

/// Speaks with one source about one aspect.
pub trait Connector: Send + Sync {
    /// Carries orders out, at most [`Terms::at_once`] of one kind together, and says what became of each
    /// that waits for an answer; one that is left out counts as lost. An error means that the source as a
    /// whole does not answer, and nothing became of any of them.
    fn ask<'a>(&'a self, asks: &'a [Ask], now: Timestamp) -> BoxFuture<'a, Result<Vec<Outcome>, Trouble>>;

    /// Waits for what the source says by itself. May be dropped at any time without losing anything.
    fn news(&self) -> BoxFuture<'_, News> {
        Box::pin(pending())
    }
}

/// Makes connectors.
pub trait Connectors: Send + Sync {
    /// How such a source is asked.
    fn terms(&self, source: &Source, aspect: Aspect) -> Terms;

    /// A connector for the source; fails when it is clear without a connection that nothing would come
    /// of it.
    fn connect(
        &self,
        tenant: TenantId,
        source: &Source,
        secret: Option<&Secret>,
        aspect: Aspect,
    ) -> Result<Box<dyn Connector>, Trouble>;
}
