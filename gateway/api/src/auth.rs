//! Passwords, sessions, API tokens and the limits on guessing them.

pub(crate) mod limit;
pub(crate) mod password;
pub(crate) mod secret;

use std::net::IpAddr;
use std::sync::Arc;

use directory_model::clock::Clock;

use crate::settings::ApiSettings;

/// What signing in needs besides the store; one for the process.
pub(crate) struct Auth {
    /// Hashes and verifies passwords.
    pub(crate) passwords: password::Passwords,
    /// Attempts to sign in, by source address.
    pub(crate) by_source: limit::Limiter<IpAddr>,
    /// Attempts to sign in, by tenant and folded user name.
    pub(crate) by_account: limit::Limiter<String>,
}

impl Auth {
    pub(crate) fn new(settings: &ApiSettings, clock: &Arc<dyn Clock>) -> Self {
        Self {
            passwords: password::Passwords::new(),
            by_source: limit::Limiter::new(settings.sign_in_per_source, clock.clone()),
            by_account: limit::Limiter::new(settings.sign_in_per_account, clock.clone()),
        }
    }
}
