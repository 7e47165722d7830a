//! Directories over LDAP (RFC 4511), read with paged searches (RFC 2696).
//!
//! Requests are built with `ldap3`; answers are decoded here. Tenants name their directories
//! themselves, so what answers is not trusted: `ldap3` queues answers without bound, keeps a
//! message of any announced length in memory, recurses as deep as an answer nests and panics on
//! an unexpected one. Here an answer is read only when the one before it was taken, is limited in
//! size, and is decoded in place without recursion; that is also what makes it fast.

mod active_directory;
mod ask;
mod ber;
mod certificate;
mod config;
mod connect;
mod dn;
pub mod escape;
#[cfg(test)]
mod fixture;
pub mod group_closure;
pub(crate) mod groups;
pub(crate) mod look;
pub(crate) mod people;
pub(crate) mod photos;
pub(crate) mod probe;
mod refresh;
mod root_dse;
mod search;
mod sought;
mod wire;
