//! HTTP: every route, who may take it, and what it answers.
//!
//! Handlers authorize, call and shape. They hold no rules and no SQL: rules are in the model and the
//! store, and whoever asks is proven by a type before a handler runs.

mod admin;
mod assets;
mod auth;
mod docs;
mod extract;
mod health;
mod layers;
mod openapi;
mod pages;
mod problem;
mod router;
mod scope;
mod settings;
mod state;
mod v2;
mod vcard;
mod view;
mod visitor;
mod watching;

pub use auth::password::{HashingFailed, hash_password};
pub use auth::secret::hash as hash_secret;
pub use extract::peer::{Peer, Privacy};
pub use openapi::openapi;
pub use router::router;
pub use settings::{ApiSettings, ClientPatience, Rate};
pub use state::{ApiParts, ApiState, Operations};
pub use v2::upgrade::Upgrade;
pub use visitor::front::App;
