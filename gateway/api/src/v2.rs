//! Presence interface V2: clients at a `WebSocket`, in the words of `gateway-rose`.
//!
//! Whoever signs in with a client is known before the connection becomes a WebSocket, and is looked at
//! again as long as it stays. One task serves one client, one request after the other, and writes
//! updates when nothing is asked: a client that does not read is not read from either, and what
//! changes meanwhile waits as a set of contacts.

mod absence;
mod client;
mod door;
pub(crate) mod hub;
mod image;
mod notes;
mod pace;
mod requests;
mod rights;
pub(crate) mod sight;
mod socket;
pub(crate) mod subscriptions;
pub(crate) mod upgrade;

use axum::extract::State;
use axum::response::Response;
use http::request::Parts;

use crate::extract::peer::Privacy;
use crate::problem::{Problem, ProblemKind};
use crate::state::ApiState;

/// Whoever signs in shows a secret, and what follows is about people: neither is for others on the way (seed 002).
fn require_privacy(state: &ApiState, parts: &Parts) -> Result<(), Problem> {
    if is_open(parts.extensions.get::<Privacy>()) && state.settings().do_clients_need_tls {
        return Err(Problem::new(ProblemKind::Forbidden, "Clients connect over TLS: `wss://`, not `ws://`."));
    }
    Ok(())
}

/// Whether others may read along: of a connection about which nothing is said, nothing is believed.
fn is_open(privacy: Option<&Privacy>) -> bool {
    privacy.is_none_or(|privacy| !privacy.is_private)
}

/// Turns a connection into a client's WebSocket. Who cannot show who they are, or names a tenant that is
/// not theirs, is refused as everywhere; who is known and may not use a client is told so in ROSE.
pub(crate) async fn connect(State(state): State<ApiState>, parts: Parts) -> Result<Response, Problem> {
    let wanted = upgrade::wanted(&parts)?;
    require_privacy(&state, &parts)?;
    let door = door::Door::open(&state, parts).await?;
    Ok(upgrade::answer(&wanted, move |socket| client::serve(state, door, socket)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_to_be_private_is_open() {
        let said = [None, Some(Privacy { is_private: false }), Some(Privacy { is_private: true })];

        assert_eq!(said.map(|privacy| is_open(privacy.as_ref())), [true, true, false]);
    }
}
