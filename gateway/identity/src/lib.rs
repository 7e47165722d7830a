//! Signing in by the word of identity providers: OpenID Connect, authorization code with PKCE.
//!
//! What a provider says is never trusted: where it may be asked is up to the platform, what it publishes
//! must name it, sizes and times are limited, and its tokens must be signed by its keys, for us, now,
//! and for the very sign-in that was begun.

mod client;
mod discovery;
mod keys;
mod token;

pub use client::OpenId;
