//! What people work with in a browser, the administrators' portal and the operator: for each its files, and one page
//! for every address that is none.

use axum::extract::Path;
use axum::response::{Redirect, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use http::{HeaderMap, HeaderValue};
use rust_embed::RustEmbed;

use crate::assets::{Openness, Operator, Portal, serve_packed};
use crate::problem::Problem;

/// Scripts only from files; styles also from scripts, because Fluent UI makes them while it runs.
/// The widget's preview loads what the widget loads.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob:; connect-src 'self'; font-src 'self' data:; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Files of `web/` that are one page together.
pub(crate) trait Page: RustEmbed {
    /// Where the page is.
    const PLACE: &'static str;
}

impl Page for Portal {
    const PLACE: &'static str = "/portal/";
}

impl Page for Operator {
    const PLACE: &'static str = "/operator/";
}

/// To the folder, so that the page finds what is beside it.
pub(crate) async fn redirect<P: Page>() -> Redirect {
    Redirect::permanent(P::PLACE)
}

/// The page.
pub(crate) async fn index<P: Page>(headers: HeaderMap) -> Result<Response, Problem> {
    let mut response = serve_packed::<P>("index.html", &headers, Openness::OwnOrigin)?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // It names the files of one version, so it is asked for anew each time.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// What the page loads, or the page: addresses within it are its own business.
pub(crate) async fn part<P: Page>(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    if P::get(&path).is_none() {
        // A file of an older version is gone; a page in its place would be taken for a script.
        return if path.starts_with(ASSETS) { Err(Problem::not_found()) } else { index::<P>(headers).await };
    }
    let mut response = serve_packed::<P>(&path, &headers, Openness::OwnOrigin)?;
    if path.starts_with(ASSETS) {
        let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
        response.headers_mut().insert(CACHE_CONTROL, kept);
    }
    Ok(response)
}

/// Files with their content's hash in their name.
const ASSETS: &str = "assets/";
