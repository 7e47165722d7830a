//! Signals: when to stop, and when to read certificates again.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::Failure;
use crate::tls::Certificates;

/// The signals that the process listens to.
pub(crate) struct Stop {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Stop {
    /// Listens from now on: SIGTERM and SIGINT no longer kill the process.
    pub(crate) fn on_signals() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(Failure::Signals);
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    /// Waits for SIGTERM or SIGINT; SIGHUP reads `certificates` again.
    pub(crate) async fn wait(&mut self, certificates: Option<&Certificates>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => {
                    if let Some(certificates) = certificates {
                        certificates.reload_and_report();
                    }
                }
            }
        }
    }
}
