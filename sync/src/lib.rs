//! Makes the store agree with the directories: plan → guard → apply.
//!
//! `plan` and `guard` are pure: what a run will do follows from what the store knows and what the
//! source reports. Whoever is no longer reported is taken out of service, and only by a plan that the
//! guard let pass; what a run did can be taken back. [`engine::Engine`] carries runs out.
//!
//! `upkeep` and `watch` keep alive what sources say about how available people are; they write nothing.

mod apply;
pub mod engine;
pub mod groups;
pub mod guard;
pub mod hold;
mod live;
pub mod merge;
pub mod photo;
pub mod plan;
mod probe;
mod progress;
pub mod reader;
pub mod retention;
pub mod run;
pub mod schedule;
mod spool;
mod undo;
pub mod upkeep;
pub mod watch;
