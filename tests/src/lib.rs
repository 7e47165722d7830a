//! What the tests share: real servers, a database on each backend, and a watchdog that leaves
//! nothing behind. The tests themselves are one binary, `suite`, because each further one would
//! link everything again.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot be set up fails by panicking, with a sentence that says why"
)]

pub mod app;
pub mod backend;
pub mod baresip;
pub mod dc;
pub mod door;
pub mod emulator;
pub mod ews;
pub mod filled;
pub mod fixture;
pub mod graph;
pub mod kamailio;
pub mod kept;
pub mod oauth;
pub mod oidc;
pub mod picture;
pub mod postgres;
pub mod process;
pub mod program;
pub mod random;
pub mod rose;
pub mod samba;
pub mod sip_peer;
pub mod slapd;
pub mod smtp;
pub mod tls;
pub mod totp;
pub mod ucwa;
pub mod webhook;
