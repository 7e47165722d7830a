//! The store, on both databases.

mod changes;
mod tenants;
