//! The people of a Microsoft Entra tenant over Microsoft Graph, and their photos.
//!
//! Everybody is read with a delta query, whose last page says how to ask for what changed since.

mod batch;
pub(crate) mod people;
pub mod photos;
mod service;
mod user;
