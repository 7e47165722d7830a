//! Presence interface V2: remote operations (ROSE) written as JSON, and presence in its words.
//!
//! Pure: bytes become messages and requests ([`message`], [`request`]), what is known of a contact
//! becomes its presence as a watcher may see it ([`fill`]), and two of those become what changed
//! ([`change`]). There is neither a connection nor a store here. Contract on foreign pages: fields
//! and operations are only ever added.

pub mod change;
pub mod detail;
pub mod fill;
pub mod flags;
pub mod message;
pub mod operation;
pub mod presence;
pub mod request;
pub mod rights;
pub mod scan;
pub mod state;
