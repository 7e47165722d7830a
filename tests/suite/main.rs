//! Every test that needs more than one crate, a database or a server.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking; helpers of tests are no tests to the lint"
)]

mod api;
mod flow;
mod isolation;
mod migrations;
mod openapi;
mod parity;
mod portal;
mod process;
mod seed_001;
mod server;
mod source;
mod store;
mod sync;
mod tidy;
mod watch;
