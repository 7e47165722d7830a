//! Passwords, sessions, API tokens and the limits on guessing them.

pub(crate) mod attempts;
pub(crate) mod limit;
pub(crate) mod password;
pub(crate) mod pending;
pub(crate) mod secret;
pub(crate) mod totp;

use std::sync::Arc;

use directory_model::clock::Clock;

use crate::settings::ApiSettings;

/// What signing in needs besides the store; one for the process.
pub(crate) struct Auth {
    /// Hashes and verifies passwords.
    pub(crate) passwords: password::Passwords,
    /// Limits guessing.
    pub(crate) attempts: attempts::Attempts,
    /// What was begun at identity providers.
    pub(crate) pending: pending::PendingSignIns,
}

impl Auth {
    pub(crate) fn new(settings: &ApiSettings, clock: &Arc<dyn Clock>) -> Self {
        Self {
            passwords: password::Passwords::new(),
            attempts: attempts::Attempts::new(settings, clock),
            pending: pending::PendingSignIns::default(),
        }
    }
}
