//! Whether the gateway lives, and whether it can answer.

use axum::extract::State;
use http::StatusCode;

use crate::problem::Problem;
use crate::state::ApiState;

/// The process answers.
pub(crate) async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The store answers.
pub(crate) async fn ready(State(state): State<ApiState>) -> Result<StatusCode, Problem> {
    state.store().before_anybody_is_known().read(|_| Ok(())).await?;
    Ok(StatusCode::NO_CONTENT)
}
