//! When people are busy by their calendars in Exchange and Graph.

use directory_model::address::{AddressKind, bare_address};
use directory_model::port::BoxFuture;
use directory_model::secret::Secret;
use directory_model::source::{ExchangeConnection, GraphConnection};
use directory_model::timestamp::Timestamp;
use directory_source::exchange::availability::ExchangeAvailability;
use directory_source::free_busy::Calendar;
use directory_source::graph::schedules::{CalendarOf, GraphSchedules};
use directory_source::{SourceError, SourcePolicy};

use super::connector::{Ask, Connector, Outcome, Statement, Trouble};
use crate::upkeep::{Answer, Refusal};

/// Polls calendars of an Exchange server.
pub(super) struct ExchangeCalendars {
    availability: ExchangeAvailability,
}

/// Polls calendars of Graph.
pub(super) struct GraphCalendars {
    schedules: GraphSchedules,
}

impl ExchangeCalendars {
    pub(super) fn new(
        connection: &ExchangeConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        Ok(Self { availability: ExchangeAvailability::new(connection, secret, policy)? })
    }
}

impl GraphCalendars {
    pub(super) fn new(
        connection: &GraphConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        Ok(Self { schedules: GraphSchedules::new(connection, secret, policy)? })
    }
}

impl Connector for ExchangeCalendars {
    fn ask<'a>(&'a self, asks: &'a [Ask], now: Timestamp) -> BoxFuture<'a, Result<Vec<Outcome>, Trouble>> {
        Box::pin(async move {
            let addresses: Vec<&str> = asks.iter().map(mail).collect();
            let found = self.availability.of(&addresses, now).await?;
            Ok(asks.iter().zip(found).map(|(ask, calendar)| outcome(ask, calendar)).collect())
        })
    }
}

impl Connector for GraphCalendars {
    fn ask<'a>(&'a self, asks: &'a [Ask], now: Timestamp) -> BoxFuture<'a, Result<Vec<Outcome>, Trouble>> {
        Box::pin(async move {
            let entry = |ask: &'a Ask| ask.who.as_ref().and_then(|who| who.entry.as_deref()).unwrap_or_default();
            let users: Vec<CalendarOf<'_>> =
                asks.iter().map(|ask| CalendarOf { external_id: entry(ask), mail: mail(ask) }).collect();
            let found = self.schedules.of(&users, now).await?;
            Ok(asks.iter().zip(found).map(|(ask, calendar)| outcome(ask, calendar)).collect())
        })
    }
}

fn mail(ask: &Ask) -> &str {
    let mail = ask.who.as_ref().and_then(|who| who.mail.as_deref()).unwrap_or_default();
    bare_address(AddressKind::Mail, mail)
}

fn outcome(ask: &Ask, calendar: Calendar) -> Outcome {
    let refused = |refusal| (Answer::Refused { refusal, retry_after: None }, None);
    let (answer, said) = match calendar {
        Calendar::Blocks(blocks) => (Answer::Polled, Some(Statement::Schedule(blocks))),
        Calendar::NotKnown => refused(Refusal::NotKnown),
        Calendar::Refused => refused(Refusal::Rejected),
        Calendar::Busy => refused(Refusal::Busy),
        Calendar::Unreadable => refused(Refusal::Unreadable),
    };
    Outcome { order: ask.order, answer, said }
}
