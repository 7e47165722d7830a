//! Keys that nobody can guess.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

use crate::error::{StoreError, StoreResult};

/// A new key: 32 random bytes in 43 characters that may stand in an address.
pub(crate) fn new_key() -> StoreResult<String> {
    let mut bytes = [0_u8; 32];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| StoreError::Unavailable("the system has no random numbers".into()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
