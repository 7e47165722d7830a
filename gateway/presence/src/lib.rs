//! The live state: who can be reached, worked out from claims and facts, and told to everybody
//! who looks.
//!
//! Pure rules ([`merge`], [`opening`], [`reachability`]) stand beside the memory they work on
//! ([`book`]), the numbered stream made of it ([`feed`]) and the connections that carry it
//! ([`outlet`]). There is neither SQL nor HTTP routing here.

pub mod book;
pub mod card;
pub mod coding;
pub mod facts;
pub mod feed;
#[cfg(test)]
mod fixture;
pub mod merge;
pub mod opening;
pub mod outlet;
mod random;
pub mod reachability;
pub mod standing;
mod view;
pub mod why;
