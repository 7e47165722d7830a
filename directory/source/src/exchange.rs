//! Exchange Server over Exchange Web Services: people by their addresses, their photos, and when they are busy.
//!
//! The server cannot list everybody, so it is asked for one address after the other. Names are resolved by likeness;
//! who is not exactly the one who was asked for is dropped like in every read of some contacts.

pub mod availability;
mod envelope;
pub(crate) mod people;
pub mod photos;
mod resolution;
mod service;
mod xml;
