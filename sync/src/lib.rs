//! Makes the store agree with the directories: plan → guard → apply.
//!
//! `plan` and `guard` are pure: what a run will do follows from what the store knows and what the
//! source reports. A source never deletes; whoever is no longer reported is taken out of service,
//! and only by a plan that the guard let pass. [`engine::Engine`] carries runs out.

mod apply;
pub mod engine;
pub mod guard;
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
