//! Passwords as argon2id hashes. Hashing is slow and needs memory on purpose: at most two at once,
//! off the threads that serve requests.

use std::sync::{Arc, OnceLock};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use directory_model::secret::Secret;
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// How many passwords are hashed at the same time; each takes 19 MiB.
const AT_ONCE: usize = 2;

/// Hashes and verifies passwords.
pub(crate) struct Passwords {
    slots: Arc<Semaphore>,
    /// Verified against when there is no such user, so that the answer takes as long.
    nobody: Arc<OnceLock<String>>,
}

/// Hashing failed, which only a broken installation can cause.
#[derive(Debug, thiserror::Error)]
pub enum HashingFailed {
    /// The algorithm refused its parameters.
    #[error("argon2 failed: {0}")]
    Argon2(argon2::password_hash::Error),
    /// The thread that hashes is gone.
    #[error("the hashing thread ended early")]
    Thread,
}

/// The hash of `password`, as a PHC string, for whoever sets one at the command line.
pub async fn hash_password(password: Secret) -> Result<String, HashingFailed> {
    let hashing = tokio::task::spawn_blocking(move || hash(password.expose()));
    hashing.await.unwrap_or(Err(HashingFailed::Thread))
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { slots: Arc::new(Semaphore::new(AT_ONCE)), nobody: Arc::default() }
    }

    /// The hash of `password`, as a PHC string.
    pub(crate) async fn hash(&self, password: Secret) -> Result<String, Problem> {
        self.run(move || hash(password.expose())).await?.map_err(Problem::internal)
    }

    /// Whether `password` is what `known` is the hash of. Takes as long when nothing is known.
    pub(crate) async fn verify(&self, password: Secret, known: Option<String>) -> Result<bool, Problem> {
        let nobody = self.nobody.clone();
        self.run(move || {
            let is_known = known.is_some();
            let dummy = || nobody.get_or_init(|| hash("nobody has this password").unwrap_or_default()).clone();
            let phc = known.unwrap_or_else(dummy);
            let Ok(parsed) = PasswordHash::new(&phc) else { return false };
            Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_ok() && is_known
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let slot = self.slots.clone().acquire_owned().await.map_err(Problem::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(slot);
            result
        });
        done.await.map_err(|_| Problem::internal(HashingFailed::Thread))
    }
}

fn hash(password: &str) -> Result<String, HashingFailed> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(HashingFailed::Argon2)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_verified_against_its_hash_alone() {
        let passwords = Passwords::new();
        let phc = passwords.hash(Secret::new("correct horse")).await.expect("hashed");

        for (password, known, verified) in
            [("correct horse", Some(&phc), true), ("wrong horse", Some(&phc), false), ("correct horse", None, false)]
        {
            assert_eq!(passwords.verify(Secret::new(password), known.cloned()).await.ok(), Some(verified));
        }
        assert!(phc.starts_with("$argon2id$"));
    }
}
