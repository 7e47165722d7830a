//! The vocabulary of Switchboard: pure types and rules, no I/O, no async.
//!
//! Every other crate depends on this one and it depends on none of them. A value that carries a
//! rule is checked once, by [`valid::Check::check`], and is a [`valid::Valid`] from then on.

pub mod address;
pub mod alert;
pub mod audit;
pub mod avatar;
pub mod change;
pub mod clock;
pub mod contact;
pub mod country;
pub mod domain;
pub mod enquiry;
pub mod group;
pub mod id;
pub mod identity;
pub mod invalid;
pub mod opening;
pub mod page;
pub mod pin;
pub mod port;
pub mod presence;
pub mod probe;
pub mod profile;
pub mod progress;
pub mod publication;
pub mod record;
pub mod rights;
pub mod run;
pub mod schedule;
pub mod secret;
pub mod site;
pub mod source;
pub mod system;
pub mod template;
pub mod tenant;
pub mod text;
pub mod timestamp;
pub mod undo;
pub mod upkeep;
pub mod user;
pub mod valid;
