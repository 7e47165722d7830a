//! What handlers take from a request besides the proof of who asks.

pub(crate) mod body;
pub(crate) mod contacts;
pub(crate) mod once;
pub(crate) mod pages;
pub(crate) mod peer;
pub(crate) mod picture;
pub(crate) mod revision;
