//! The gateway as a subscriber at one server.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use directory_model::secret::Secret;
use directory_model::source::SipConnection;
use tokio::sync::{mpsc, oneshot};

use super::link::{Command, Link};
use super::notice::{Notice, Outcome, Package, SubscriptionId};
use super::wire::Wire;
use crate::error::SourceError;
use crate::outbound::OutboundPolicy;

/// How many wishes wait to be looked at.
const WISHES: usize = 64;
/// How many notices wait to be taken before those about the same subscription are put together.
const NOTICES: usize = 256;

/// A subscriber at one server, over one way to it. It ends when it is dropped, or when the way ends; whether and when there
/// is another one is for its owner to decide.
///
/// Each call may be abandoned at any moment: a subscription that is granted to nobody is ended at the server.
#[derive(Debug)]
pub struct Agent {
    wishes: mpsc::Sender<Command>,
    named: AtomicU64,
}

impl Agent {
    /// Opens a way to the server within the platform's policy. Nothing is asked yet: whether the password is right shows
    /// with the first subscription.
    ///
    /// The receiver gives what the server tells; when it is dropped the agent ends as well.
    pub async fn connect(
        connection: &SipConnection,
        secret: Option<&Secret>,
        policy: &OutboundPolicy,
    ) -> Result<(Self, mpsc::Receiver<Notice>), SourceError> {
        let wire = Wire::open(connection, policy).await?;
        Ok(Self::over(wire, connection, secret))
    }

    pub(super) fn over(
        wire: Wire,
        connection: &SipConnection,
        secret: Option<&Secret>,
    ) -> (Self, mpsc::Receiver<Notice>) {
        let (wishes, commands) = mpsc::channel(WISHES);
        let (notices, told) = mpsc::channel(NOTICES);
        tokio::spawn(Link::new(wire, connection, secret.cloned(), commands, notices).run());
        (Self { wishes, named: AtomicU64::new(0) }, told)
    }

    /// A name for a subscription that does not exist yet: notices about it may come before it is granted.
    pub fn new_id(&self) -> SubscriptionId {
        SubscriptionId(self.named.fetch_add(1, Ordering::Relaxed))
    }

    /// Subscribes to `target`, a SIP address, for `expires` at most.
    pub async fn subscribe(&self, id: SubscriptionId, target: &str, package: Package, expires: Duration) -> Outcome {
        let target = target.to_owned();
        self.wish(|reply| Command::Subscribe { id, target, package, expires, reply }).await
    }

    /// Asks for `expires` from now on.
    pub async fn refresh(&self, id: SubscriptionId, expires: Duration) -> Outcome {
        self.wish(|reply| Command::Refresh { id, expires, reply }).await
    }

    /// Ends a subscription. A last notice about it may follow.
    pub async fn unsubscribe(&self, id: SubscriptionId) -> Outcome {
        self.wish(|reply| Command::Unsubscribe { id, reply }).await
    }

    /// Asks whether the server is there; any answer of it is [`Outcome::Granted`].
    pub async fn ask(&self) -> Outcome {
        self.wish(|reply| Command::Ask { reply }).await
    }

    async fn wish(&self, command: impl FnOnce(oneshot::Sender<Outcome>) -> Command) -> Outcome {
        let (reply, outcome) = oneshot::channel();
        if self.wishes.send(command(reply)).await.is_err() {
            return Outcome::Lost;
        }
        outcome.await.unwrap_or(Outcome::Lost)
    }
}
