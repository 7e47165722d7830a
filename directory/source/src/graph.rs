//! The people of a Microsoft Entra tenant over Microsoft Graph, their photos, how available they are, and
//! when they are busy.
//!
//! Everybody is read with a delta query, whose last page says how to ask for what changed since.

mod batch;
pub(crate) mod people;
pub mod photos;
pub mod presence;
pub mod schedules;
mod service;
mod user;
