//! Lync and Skype for Business servers over UCWA: people by their addresses, their photos, and how available they are.
//!
//! Who is asked is found out first: the server that is configured points to the one that has the account, that one to
//! where tokens are given, and after signing in an application is made there, which finds people, subscribes to them,
//! and listens to an event channel.

mod agent;
mod application;
mod contact;
mod events;
pub(crate) mod people;
pub mod photos;
mod refused;
mod said;
mod service;

pub use self::agent::{Agent, Known, MOST_CONTACTS, Preferred, Subscription};
pub use self::events::{Batch, Event, Facet, Next};
pub use self::refused::Refused;
pub use self::said::Stated;
pub use reqwest::Url;
