//! The first start: there is no default password, but a link that works once.

use std::time::Duration;

use axum::Router;
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use directory_model::clock::Clock;
use directory_model::page::PageRequest;
use directory_store::database::Database;
use directory_store::{PLATFORM, setup, users};
use ring::rand::{SecureRandom, SystemRandom};

use crate::failure::Failure;

/// How long the link works.
const LIFETIME: Duration = Duration::from_hours(24);

const PAGE: &str = include_str!("setup/page.html");
const SCRIPT: &str = include_str!("setup/page.js");
const STYLE: &str = include_str!("setup/page.css");

/// Offers a link if the platform has no user; an earlier one is void from then on.
pub(crate) async fn offer_link(database: &Database, clock: &dyn Clock) -> Result<Option<String>, Failure> {
    let one = PageRequest { limit: Some(1), ..PageRequest::default() };
    let found = database.read(move |conn| users::list(conn, PLATFORM, &one)).await?;
    if found.items.is_empty() { offer_new_link(database, clock).await.map(Some) } else { Ok(None) }
}

/// Offers a link whoever there is already, for an operator who cannot sign in any more.
pub(crate) async fn offer_new_link(database: &Database, clock: &dyn Clock) -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Failure::said("the system gives no random numbers"))?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let (hash, now) = (gateway_api::hash_secret(&token), clock.now());
    database.write_unnumbered(move |conn| setup::offer(conn, &hash, now, now.plus(LIFETIME))).await?;
    Ok(token)
}

/// The link. The secret stands behind `#`, which browsers do not send and servers do not log.
pub(crate) fn link(public_url: &str, token: &str) -> String {
    format!("{public_url}/setup#{token}")
}

/// Tells the operator.
pub(crate) fn announce(public_url: &str, token: &str) {
    let link = link(public_url, token);
    tracing::warn!(%link, "there is no user yet; this link makes the first one, once, within 24 hours");
}

/// The page that the link leads to.
pub(crate) fn page() -> Router {
    Router::new()
        .route("/setup", get(|| async { part("text/html; charset=utf-8", PAGE) }))
        .route("/setup/page.js", get(|| async { part("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/setup/page.css", get(|| async { part("text/css; charset=utf-8", STYLE) }))
}

/// Only what the page itself needs is allowed to it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

fn part(kind: &'static str, text: &'static str) -> ([(HeaderName, &'static str); 4], &'static str) {
    let as_it_says = (X_CONTENT_TYPE_OPTIONS, "nosniff");
    ([(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store"), as_it_says], text)
}
