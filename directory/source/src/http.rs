//! HTTP to services that tenants name: Exchange, Graph, UCWA and the token services before them.
//!
//! A client speaks to the services that it was made for and to nobody else, whatever an answer says;
//! every connection is one that the platform allows. Answers are limited in size and time. A service
//! that is busy is asked again, later and later, and as late as it says itself.

mod assertion;
mod call;
mod client;
mod failure;
mod gate;
mod pause;
mod token;
mod transport;

pub(crate) use self::call::{Answer, Call};
pub(crate) use self::client::{Client, Parts, SignIn, overload, refusal};
pub(crate) use self::pause::{Overload, Pauses};
pub(crate) use self::token::Grant;
pub(crate) use self::transport::Transport;
