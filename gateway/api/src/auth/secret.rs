//! Random secrets: sessions, CSRF tokens, API tokens, set-up links, publication and licence keys.
//! The store keeps their hashes only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

use crate::problem::Problem;

/// How API tokens begin, so that they are recognised where they do not belong.
pub(crate) const TOKEN_PREFIX: &str = "sbt_";

/// The system has no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random numbers")]
struct NoRandomNumbers;

/// A secret of 32 random bytes as text.
pub(crate) fn random() -> Result<String, Problem> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}

/// So many random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Problem::internal(NoRandomNumbers))?;
    Ok(bytes)
}

/// What the store keeps of `secret`. The secrets are random, so one round is enough.
pub fn hash(secret: &str) -> [u8; 32] {
    let mut hash = [0_u8; 32];
    hash.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
    hash
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    // Comparing hashes leaks nothing of use, whatever the comparison's timing.
    hash(one) == hash(other)
}
