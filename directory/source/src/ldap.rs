//! Directories over LDAP (RFC 4511).

pub mod people;
