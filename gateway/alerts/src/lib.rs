//! Tells people and programs when synchronization needs somebody: by mail, or by a signed request to
//! a web server.
//!
//! What is to be told waits in the store (`directory_store::alert_outbox`), written in the transaction
//! in which it happened; [`Courier`] takes it from there, again and again until it arrives or was tried
//! often enough. So a message arrives at least once, over restarts too, and no run waits for one.

mod courier;
pub mod mail;
mod outcome;
mod pause;
mod signature;
mod webhook;
mod words;

pub use courier::{Courier, Parts};
pub use signature::sign;
