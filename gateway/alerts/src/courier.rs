//! Takes messages from the store and sends them.

use std::sync::Arc;
use std::time::Duration;

use directory_model::alert::{AlertChannel, AlertKind, DeliveryFailure};
use directory_model::clock::Clock;
use directory_model::system::{Job, Jobs};
use directory_source::webhook::Webhooks;
use directory_store::alert_outbox::{self, Attempt, Due, Most};
use directory_store::database::Database;
use directory_store::error::StoreResult;
use directory_store::seal::OpenedSecret;
use futures_util::future::join_all;
use ring::rand::{SecureRandom, SystemRandom};
use tracing::{debug, warn};

use crate::mail::Mailer;
use crate::outcome::Outcome;
use crate::pause::pause;
use crate::webhook;

/// How often it is looked for messages whose time has come.
const INTERVAL: Duration = Duration::from_secs(5);
/// After how many of these it is looked for sources that are silent.
const SILENCE_TURNS: u64 = 12;
/// How many messages are sent at the same time.
const TOGETHER: Most = Most { tenants: 16, of_each: 2 };

/// What a courier needs.
pub struct Parts {
    /// The store.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What sends mail; nothing does when absent.
    pub mailer: Option<Mailer>,
    /// What sends requests.
    pub webhooks: Webhooks,
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
    pub async fn run(self, jobs: Arc<Jobs>) {
        let mut ticks = tokio::time::interval(INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        for turn in 0_u64.. {
            ticks.tick().await;
            jobs.begin(Job::SendAlerts, INTERVAL);
            let mut is_done = true;
            if turn.is_multiple_of(SILENCE_TURNS)
                && let Err(reason) = self.look_for_silence().await
            {
                warn!(%reason, "sources that are silent could not be looked for");
                is_done = false;
            }
            if let Err(reason) = self.deliver().await {
                warn!(%reason, "alerts could not be brought");
                is_done = false;
            }
            jobs.end(Job::SendAlerts, is_done);
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

    /// Sends one message and writes down what became of it; whether it arrived everywhere.
    async fn bring(&self, due: Due) -> StoreResult<bool> {
        let (database, now) = (&self.parts.database, self.parts.clock.now());
        // Whoever asks for a test wants to see one, and waits for it.
        let is_test = due.message.kind == AlertKind::Test;
        if due.alert.fields.is_disabled && !is_test {
            database.write_unnumbered(move |conn| alert_outbox::forget(conn, &due)).await?;
            return Ok(false);
        }
        let Outcome { told, has_arrived, failure, is_again } = self.send(&due).await;
        let again_at = pause(due.attempts + 1, dice()).filter(|_| is_again && !is_test).map(|wait| now.plus(wait));
        let (tenant, alert, is_tried_again) = (due.tenant, due.alert.id, again_at.is_some());
        if let Some(failure) = &failure {
            warn!(tenant.id = %tenant, alert.id = %alert, ?failure, is_tried_again, "no alert");
        } else {
            debug!(tenant.id = %tenant, alert.id = %alert, message.id = due.message.id, "an alert arrived");
        }
        let is_done = failure.is_none();
        let attempt = Attempt { told, arrived_at: has_arrived.then_some(now), failure, again_at };
        database.write_unnumbered(move |conn| alert_outbox::tried(conn, &due, &attempt)).await?;
        Ok(is_done)
    }

    async fn send(&self, due: &Due) -> Outcome {
        match &due.alert.fields.channel {
            AlertChannel::Mail { addresses, language } => {
                let Some(mailer) = &self.parts.mailer else { return Outcome::failed(DeliveryFailure::NoMail, true) };
                mailer.send(&due.message, addresses, *language, due.told.clone()).await
            }
            AlertChannel::Webhook { url } => {
                let OpenedSecret::Opened(secret) = &due.secret else {
                    return Outcome::failed(DeliveryFailure::NoSecret, true);
                };
                webhook::send(&self.parts.webhooks, url, secret, &due.message, self.parts.clock.now()).await
            }
        }
    }
}

/// A random byte; always the same where the system has none to give.
fn dice() -> u8 {
    let mut byte = [0];
    SystemRandom::new().fill(&mut byte).map_or(128, |()| byte[0])
}
