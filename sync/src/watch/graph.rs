//! How available users of Graph are.

use directory_model::port::BoxFuture;
use directory_model::secret::Secret;
use directory_model::source::GraphConnection;
use directory_model::timestamp::Timestamp;
use directory_source::graph::presence::{GraphPresence, UserPresence};
use directory_source::{SourceError, SourcePolicy};

use super::connector::{Ask, Connector, Outcome, Statement, Trouble, Word};
use crate::upkeep::{Answer, Refusal};

/// Polls users.
pub(super) struct GraphUsers {
    presence: GraphPresence,
}

impl GraphUsers {
    pub(super) fn new(
        connection: &GraphConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        Ok(Self { presence: GraphPresence::new(connection, secret, policy)? })
    }
}

impl Connector for GraphUsers {
    fn ask<'a>(&'a self, asks: &'a [Ask], _: Timestamp) -> BoxFuture<'a, Result<Vec<Outcome>, Trouble>> {
        Box::pin(async move {
            let entry = |ask: &Ask| ask.who.as_ref().and_then(|who| who.entry.clone()).unwrap_or_default();
            let users: Vec<Vec<u8>> = asks.iter().map(entry).collect();
            let found = self.presence.of(&users).await?;
            Ok(asks.iter().zip(found).map(|(ask, presence)| outcome(ask, presence)).collect())
        })
    }
}

fn outcome(ask: &Ask, presence: UserPresence) -> Outcome {
    let refused = |refusal| (Answer::Refused { refusal, retry_after: None }, None);
    let (answer, said) = match presence {
        UserPresence::Said(said) => {
            let word = Word { device: String::new(), said, custom: None, since: None };
            (Answer::Polled, Some(Statement::words(vec![word])))
        }
        UserPresence::NotKnown => refused(Refusal::NotKnown),
        UserPresence::Unreadable => refused(Refusal::Unreadable),
    };
    Outcome { order: ask.order, answer, said }
}
