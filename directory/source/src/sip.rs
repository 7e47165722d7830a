//! SIP servers as sources of presence: subscriptions (RFC 6665) to presence (RFC 3856, 3863, 4480) and calls (RFC 4235),
//! over UDP, TCP and TLS.
//!
//! [`Agent`] speaks with one server, [`meaning`] says what its documents mean as claims. When to subscribe, to renew and to
//! try again is decided elsewhere.

mod agent;
pub mod dialog_info;
mod digest;
mod frame;
mod header;
mod link;
pub mod meaning;
mod message;
mod notice;
pub mod pidf;
pub(crate) mod probe;
mod subscription;
mod wire;

pub use self::agent::Agent;
pub use self::notice::{Notice, Outcome, Package, Reason, Standing, SubscriptionId, Told, Unusable};

/// Bytes in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
