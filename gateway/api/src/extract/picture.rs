//! Uploaded pictures: limited, read, and made into what is shown, off the async threads.

use axum::extract::{FromRequest, Request};
use directory_model::invalid::{Invalid, Rule};
use directory_picture::{MAX_UPLOAD_BYTES, Rendition, render};
use directory_store::avatars::Picture;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};

use crate::extract::body::collect_up_to;
use crate::problem::{Problem, ProblemKind};
use crate::state::ApiState;

/// What refusals call the body.
const FIELD: &str = "picture";

/// Pictures that a browser sends: `jpg`, `jpeg` and `png` files (seed 001).
const MEDIA_TYPES: [&str; 2] = ["image/jpeg", "image/png"];

/// A picture in the body, in the two sizes that are shown.
#[derive(Debug)]
pub(crate) struct Uploaded {
    pub(crate) large: Picture,
    pub(crate) small: Picture,
}

impl FromRequest<ApiState> for Uploaded {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, Problem> {
        let essence = essence(request.headers());
        if !MEDIA_TYPES.contains(&essence.as_str()) {
            let detail =
                format!("The body must be a picture, {}.", MEDIA_TYPES.map(|word| format!("`{word}`")).join(" or "));
            return Err(Problem::new(ProblemKind::UnsupportedMediaType, detail));
        }
        let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let announced = announced.map_or("more".to_owned(), |length| format!("{length} bytes"));
        let file = collect_up_to(request.into_body(), MAX_UPLOAD_BYTES).await?;
        let file = file.ok_or_else(|| too_large(&announced))?;
        // Each takes memory for its pixels, so only a few at once.
        let turn = state.rendering().acquire_owned().await.map_err(Problem::internal)?;
        let rendered = tokio::task::spawn_blocking(move || {
            // Hanging up does not end this: the turn is over when the memory is free.
            let _turn = turn;
            render(FIELD, &file)
        });
        let renditions =
            rendered.await.map_err(Problem::internal)?.map_err(|invalid| Problem::invalid(vec![invalid]))?;
        Ok(Self { large: picture(renditions.large), small: picture(renditions.small) })
    }
}

fn picture(rendition: Rendition) -> Picture {
    Picture { media_type: rendition.media_type.word().to_owned(), bytes: rendition.bytes }
}

fn too_large(value: &str) -> Problem {
    Problem::invalid(vec![Invalid::new(
        FIELD,
        value,
        Rule::TooLong { max: MAX_UPLOAD_BYTES as u64, unit: "bytes".into() },
    )])
}

fn essence(headers: &HeaderMap) -> String {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
