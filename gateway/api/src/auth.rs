//! Passwords, sessions, API tokens and the limits on guessing them.

pub(crate) mod attempts;
pub(crate) mod limit;
pub(crate) mod password;
pub(crate) mod pending;
pub(crate) mod secret;
pub(crate) mod totp;

use std::sync::Arc;

use directory_model::clock::Clock;
use directory_model::id::UserId;
use directory_model::invalid::Rule;
use directory_model::secret::Secret;

use crate::problem::Problem;
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

    /// Asks for the present password, whose hash is `known`: whoever sits at somebody else's screen does not know it.
    /// Refuses `field`.
    pub(crate) async fn require_password(
        &self,
        user: UserId,
        field: &str,
        given: Option<Secret>,
        known: Option<String>,
    ) -> Result<(), Problem> {
        self.attempts.count_own(user)?;
        if self.passwords.verify(given.unwrap_or_else(|| Secret::new("")), known).await? {
            self.attempts.told_own(user);
            return Ok(());
        }
        let rule = Rule::Format { expected: "the present password".into() };
        Err(Problem::invalid_field(field, "(not shown)", rule))
    }
}
