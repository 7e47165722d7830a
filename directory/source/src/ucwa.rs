//! Lync and Skype for Business servers over UCWA: people by their addresses, and their photos.
//!
//! Who is asked is found out first: the server that is configured points to the one that has the account, that one to
//! where tokens are given, and after signing in an application is made there, which finds people.

mod contact;
pub(crate) mod people;
pub mod photos;
mod service;
