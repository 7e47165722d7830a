//! Takes messages from the store and sends them.

use std::sync::Arc;
use std::time::Duration;

use directory_model::alert::{AlertChannel, DeliveryFailure};
use directory_model::clock::Clock;
use directory_source::outbound::OutboundPolicy;
use directory_store::alert_outbox::{self, Due};
use directory_store::database::Database;
use directory_store::error::StoreResult;
use directory_store::sources::OpenedSecret;
use futures_util::future::join_all;
use ring::rand::{SecureRandom, SystemRandom};
use tracing::{debug, warn};

use crate::mail::Mailer;
use crate::pause::pause;
use crate::webhook;

/// How often it is looked for messages whose time has come.
const INTERVAL: Duration = Duration::from_secs(5);
/// After how many of these it is looked for sources that are silent.
const SILENCE_TURNS: u64 = 12;
/// How many messages are sent at the same time.
const TOGETHER: i64 = 16;

/// What a courier needs.
pub struct Parts {
    /// The store.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What sends mail; nothing does when absent.
    pub mailer: Option<Mailer>,
    /// Where requests may go.
    pub outbound: OutboundPolicy,
}

/// The one that brings messages.
#[derive(Clone)]
pub struct Courier {
    parts: Arc<Parts>,
}

impl Courier {
    /// A courier for what waits in the store.
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// Brings messages, for ever.
    pub async fn run(self) {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for turn in 0_u64.. {
            ticks.tick().await;
            if turn.is_multiple_of(SILENCE_TURNS)
                && let Err(reason) = self.look_for_silence().await
            {
                warn!(%reason, "sources that are silent could not be looked for");
            }
            if let Err(reason) = self.deliver().await {
                warn!(%reason, "alerts could not be brought");
            }
        }
    }

    /// Puts a message about each source that is silent for as long as somebody waits on its way; says
    /// about how many.
    pub async fn look_for_silence(&self) -> StoreResult<usize> {
        let (ids, now) = (Arc::clone(self.parts.database.ids()), self.parts.clock.now());
        self.parts.database.write_unnumbered(move |conn| alert_outbox::tell_silences(conn, &*ids, now)).await
    }

    /// Sends what is to be sent now, and says how many messages arrived.
    pub async fn deliver(&self) -> StoreResult<usize> {
        let (key, now) = (Arc::clone(self.parts.database.sealing_key()), self.parts.clock.now());
        let due = self.parts.database.read(move |conn| alert_outbox::due(conn, &key, now, TOGETHER)).await?;
        let brought = join_all(due.into_iter().map(|due| self.bring(due))).await;
        let mut arrived = 0;
        for is_there in brought {
            arrived += usize::from(is_there?);
        }
        Ok(arrived)
    }

    /// Sends one message and writes down what became of it; whether it arrived.
    async fn bring(&self, due: Due) -> StoreResult<bool> {
        let (database, now) = (&self.parts.database, self.parts.clock.now());
        if due.alert.fields.is_disabled {
            database.write_unnumbered(move |conn| alert_outbox::done(conn, &due, None)).await?;
            return Ok(false);
        }
        let Err((failure, is_final)) = self.send(&due).await else {
            debug!(tenant.id = %due.tenant, alert.id = %due.alert.id, message.id = due.message.id, "an alert arrived");
            database.write_unnumbered(move |conn| alert_outbox::done(conn, &due, Some(now))).await?;
            return Ok(true);
        };
        let again = pause(due.attempts + 1, dice()).filter(|_| !is_final).map(|wait| now.plus(wait));
        warn!(tenant.id = %due.tenant, alert.id = %due.alert.id, ?failure, is_tried_again = again.is_some(), "no alert");
        database.write_unnumbered(move |conn| alert_outbox::failed_to_arrive(conn, &due, &failure, again)).await?;
        Ok(false)
    }

    async fn send(&self, due: &Due) -> Result<(), (DeliveryFailure, bool)> {
        match &due.alert.fields.channel {
            AlertChannel::Mail { addresses, language } => {
                let mailer = self.parts.mailer.as_ref().ok_or((DeliveryFailure::NoMail, false))?;
                mailer.send(&due.message, addresses, *language).await
            }
            AlertChannel::Webhook { url } => {
                let OpenedSecret::Opened(secret) = &due.secret else {
                    return Err((DeliveryFailure::NoSecret, false));
                };
                webhook::send(&self.parts.outbound, url, secret, &due.message, self.parts.clock.now()).await
            }
        }
    }
}

/// A random byte; always the same where the system has none to give.
fn dice() -> u8 {
    let mut byte = [0];
    SystemRandom::new().fill(&mut byte).map_or(128, |()| byte[0])
}
