//! Who may try a password now: limits by address, by account, and by both together.
//!
//! Guesses at one account from one address are few. Guesses at it from all addresses may be more,
//! but come no faster in the long run. That second limit is not for addresses from which the account
//! was signed in to lately: otherwise whoever guesses from many addresses would lock its user out.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::id::UserId;

use super::limit::{Familiar, Limiter, Rate};
use super::secret::hash;
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// From how many addresses an account may be tried at once as often as from one.
const ADDRESSES: u32 = 10;

/// How often somebody may look how users of tenants sign in, from one address: a whole office may be behind it.
const LOOKS: Rate = Rate { burst: 100, seconds_each: 1 };

/// For how long an address is familiar to an account after signing in from there.
const FAMILIAR: Duration = Duration::from_hours(30 * 24);

/// A hash instead of what was sent, which may be long.
type Key = [u8; 32];

/// The attempts to guess passwords.
pub(crate) struct Attempts {
    by_source: Limiter<IpAddr>,
    looks: Limiter<IpAddr>,
    by_account: Limiter<Key>,
    by_both: Limiter<Key>,
    familiar: Familiar<Key>,
}

impl Attempts {
    pub(crate) fn new(settings: &ApiSettings, clock: &Arc<dyn Clock>) -> Self {
        let one = settings.sign_in_per_account;
        let all = Rate { burst: one.burst.saturating_mul(ADDRESSES), ..one };
        Self {
            by_source: Limiter::new(settings.sign_in_per_source, clock.clone()),
            looks: Limiter::new(LOOKS, clock.clone()),
            by_account: Limiter::new(all, clock.clone()),
            by_both: Limiter::new(one, clock.clone()),
            familiar: Familiar::new(FAMILIAR, clock.clone()),
        }
    }

    /// Counts an attempt from `source` at whatever.
    pub(crate) fn count_source(&self, source: IpAddr) -> Result<(), Problem> {
        self.by_source.attempt(source).map_err(Problem::too_many_requests)
    }

    /// Counts a look from `source` at how users of a tenant sign in.
    pub(crate) fn count_look(&self, source: IpAddr) -> Result<(), Problem> {
        self.looks.attempt(source).map_err(Problem::too_many_requests)
    }

    /// Counts an attempt from `source` to sign in to `account`.
    pub(crate) fn count_sign_in(&self, source: IpAddr, account: &str) -> Result<(), Problem> {
        self.count_source(source)?;
        let both = both(source, account);
        self.by_both.attempt(both).map_err(Problem::too_many_requests)?;
        if self.familiar.knows(both) {
            return Ok(());
        }
        self.by_account.attempt(hash(account)).map_err(Problem::too_many_requests)
    }

    /// Signing in to `account` from `source` succeeded.
    pub(crate) fn signed_in(&self, source: IpAddr, account: &str) {
        self.by_both.forgive(both(source, account));
        self.familiar.remember(both(source, account));
    }

    /// Counts an attempt of somebody who is signed in to tell their password.
    pub(crate) fn count_own(&self, user: UserId) -> Result<(), Problem> {
        self.by_both.attempt(hash(&user.to_string())).map_err(Problem::too_many_requests)
    }

    /// Counts an attempt at the code of `user`, whose password is right: from all addresses together as
    /// few as at a password from one.
    pub(crate) fn count_code(&self, user: UserId) -> Result<(), Problem> {
        self.by_both.attempt(code_of(user)).map_err(Problem::too_many_requests)
    }

    /// The code was right.
    pub(crate) fn told_code(&self, user: UserId) {
        self.by_both.forgive(code_of(user));
    }

    /// The user told it.
    pub(crate) fn told_own(&self, user: UserId) {
        self.by_both.forgive(hash(&user.to_string()));
    }
}

fn code_of(user: UserId) -> Key {
    hash(&format!("code\n{user}"))
}

fn both(source: IpAddr, account: &str) -> Key {
    hash(&format!("{source}\n{account}"))
}
