//! The only crate that knows SQL: tenants, their directory, and what was decided about it, on
//! SQLite or PostgreSQL.
//!
//! [`database::Database`] is the door; the other modules hold one resource each, as free functions
//! that take a connection or a transaction. A function answers `None` for what does not exist and
//! for what belongs to another tenant, and neither can be told from the other.

pub mod connection;
pub mod database;
pub mod error;
pub mod migrate;
pub mod tx;

mod column;
mod lane;
mod pg;
mod schema;
