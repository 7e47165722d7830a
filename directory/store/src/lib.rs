//! The only crate that knows SQL: tenants, their directory, and what was decided about it, on
//! SQLite or PostgreSQL.
//!
//! [`database::Database`] is the door; the other modules hold one resource each, as free functions
//! that take a connection or a transaction. A function answers `None` for what does not exist and
//! for what belongs to another tenant, and neither can be told from the other.

pub mod alert_outbox;
pub mod alerts;
pub mod allowances;
pub mod audit;
pub mod avatars;
pub mod backup;
pub mod call_settings;
pub mod changes;
pub mod client_profiles;
pub mod connection;
pub mod contacts;
pub mod copy;
pub mod custom_states;
pub mod database;
pub mod domains;
pub mod enquiries;
pub mod error;
pub mod extension_lists;
pub mod grants;
pub mod groups;
pub mod idempotency;
pub mod identity_providers;
pub mod lease;
pub mod links;
pub mod migrate;
pub mod plan_spool;
pub mod presence_profiles;
pub mod presence_rows;
pub mod presence_rules;
pub mod profile_overrides;
pub mod profile_selections;
pub mod publications;
pub mod read_cursors;
pub mod rekey;
pub mod resellers;
pub mod seal;
pub mod second_factors;
pub mod sessions;
pub mod setup;
pub mod sites;
pub mod source_photos;
pub mod source_records;
pub mod source_values;
pub mod sources;
pub mod ssl;
pub mod statistics;
pub mod sync_requests;
pub mod sync_runs;
pub mod system;
pub mod templates;
pub mod tenants;
pub mod tokens;
pub mod tx;
pub mod users;

mod column;
mod lane;
mod licences;
mod named;
mod operators;
mod page;
mod pg;
mod random;
mod refs;
mod schema;
mod scopes;

use directory_model::id::TenantId;

/// The reserved tenant that platform users belong to, and in whose line changes to resellers and
/// tenants are numbered. It is in no list.
pub const PLATFORM: TenantId = TenantId::PLATFORM;
