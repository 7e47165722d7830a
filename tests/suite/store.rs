//! The store, on both databases.

mod allowances;
mod avatars;
mod changes;
mod contacts;
mod copy;
mod crash;
mod domains;
mod fixture;
mod groups;
mod idempotency;
mod presence;
mod profiles;
mod publications;
mod second_factors;
mod sessions;
mod sites;
mod sources;
mod tenants;
mod users;
