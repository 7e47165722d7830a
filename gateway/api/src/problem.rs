//! What a refused request is answered with: RFC 9457 documents of a closed list of kinds.
//!
//! A problem's text is written for whoever asks. Its cause is for whoever runs the gateway: it
//! rides in the response's extensions, the trace layer logs it once, and it never leaves.

use std::fmt;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use directory_model::id::RequestId;
use directory_model::invalid::{Invalid, Rule};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

mod causes;

/// The media type of problem documents.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// Every kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// The request cannot be read.
    MalformedRequest,
    /// Nobody, or nobody known, asks.
    NotSignedIn,
    /// The password is right, and a code must come with it.
    SecondFactorNeeded,
    /// The tenant wants a second factor, and the user has none yet.
    SecondFactorNotSetUp,
    /// The object is visible to the one who asks, but not theirs to change.
    Forbidden,
    /// A browser's request lacks the token that shows where it comes from.
    CsrfTokenMissing,
    /// The web page that asks is not of the publication's domains.
    OriginNotAllowed,
    /// There is no such object for the one who asks.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// Something else has that name or address.
    AlreadyExists,
    /// The object's present state does not allow it.
    NotPossibleNow,
    /// The object changed since it was read.
    ChangedMeanwhile,
    /// The request is too large.
    TooLarge,
    /// The body is not of the expected media type.
    UnsupportedMediaType,
    /// Values break rules.
    InvalidValue,
    /// A change must say which revision it is based on.
    PreconditionRequired,
    /// Too many requests.
    TooManyRequests,
    /// Our fault.
    Internal,
    /// The store cannot answer at the moment.
    TemporarilyUnavailable,
    /// The request took too long.
    TimedOut,
}

impl ProblemKind {
    /// Every kind, by status.
    pub(crate) const ALL: [Self; 20] = [
        Self::MalformedRequest,
        Self::NotSignedIn,
        Self::SecondFactorNeeded,
        Self::SecondFactorNotSetUp,
        Self::Forbidden,
        Self::CsrfTokenMissing,
        Self::OriginNotAllowed,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::AlreadyExists,
        Self::NotPossibleNow,
        Self::ChangedMeanwhile,
        Self::TooLarge,
        Self::UnsupportedMediaType,
        Self::InvalidValue,
        Self::PreconditionRequired,
        Self::TooManyRequests,
        Self::Internal,
        Self::TemporarilyUnavailable,
        Self::TimedOut,
    ];

    /// Status, slug and title.
    pub(crate) fn row(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::MalformedRequest => (StatusCode::BAD_REQUEST, "malformed_request", "Malformed request"),
            Self::NotSignedIn => (StatusCode::UNAUTHORIZED, "not_signed_in", "Not signed in"),
            Self::SecondFactorNeeded => (StatusCode::UNAUTHORIZED, "second_factor_needed", "Second factor needed"),
            Self::SecondFactorNotSetUp => {
                (StatusCode::FORBIDDEN, "second_factor_not_set_up", "Second factor not set up")
            }
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "Forbidden"),
            Self::CsrfTokenMissing => (StatusCode::FORBIDDEN, "csrf_token_missing", "CSRF token missing"),
            Self::OriginNotAllowed => (StatusCode::FORBIDDEN, "origin_not_allowed", "Origin not allowed"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found", "Not found"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed"),
            Self::AlreadyExists => (StatusCode::CONFLICT, "already_exists", "Already exists"),
            Self::NotPossibleNow => (StatusCode::CONFLICT, "not_possible_now", "Not possible now"),
            Self::ChangedMeanwhile => (StatusCode::PRECONDITION_FAILED, "changed_meanwhile", "Changed meanwhile"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "Too large"),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "Unsupported media type")
            }
            Self::InvalidValue => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_value", "Invalid value"),
            Self::PreconditionRequired => {
                (StatusCode::PRECONDITION_REQUIRED, "precondition_required", "Precondition required")
            }
            Self::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error"),
            Self::TemporarilyUnavailable => {
                (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "Temporarily unavailable")
            }
            Self::TimedOut => (StatusCode::GATEWAY_TIMEOUT, "timed_out", "Timed out"),
        }
    }
}

/// A refusal on its way to whoever asked.
#[derive(Clone)]
pub(crate) struct Problem {
    kind: ProblemKind,
    detail: String,
    fields: Vec<Invalid>,
    retry_after_seconds: Option<u64>,
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Problem {
    /// A problem of `kind`; `detail` is a sentence that anybody may read.
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), fields: Vec::new(), retry_after_seconds: None, cause: None }
    }

    /// The one answer for what is missing, somebody else's, or hidden.
    pub(crate) fn not_found() -> Self {
        Self::new(ProblemKind::NotFound, "There is no such object.")
    }

    /// The one answer to everybody who is not known.
    pub(crate) fn not_signed_in() -> Self {
        Self::new(ProblemKind::NotSignedIn, "Sign in or send a valid API token.")
    }

    /// The answer about a visible object that is not theirs to change.
    pub(crate) fn forbidden() -> Self {
        Self::new(ProblemKind::Forbidden, "Your rights do not include this.")
    }

    /// Values that break rules, all of them.
    pub(crate) fn invalid(fields: Vec<Invalid>) -> Self {
        let detail = match fields.as_slice() {
            [one] => format!("`{}` {}.", one.field, one.rule),
            many => format!("{} values break rules.", many.len()),
        };
        Self { fields, ..Self::new(ProblemKind::InvalidValue, detail) }
    }

    /// One value that breaks a rule.
    pub(crate) fn invalid_field(field: &str, value: impl fmt::Display, rule: Rule) -> Self {
        Self::invalid(vec![Invalid::new(field, value, rule)])
    }

    /// A revision that is no longer the present one.
    pub(crate) fn changed_meanwhile() -> Self {
        Self::new(ProblemKind::ChangedMeanwhile, "The object changed since you read it: read it again.")
    }

    /// A change without `If-Match`.
    pub(crate) fn precondition_required() -> Self {
        Self::new(ProblemKind::PreconditionRequired, "Send the entity tag you read in `If-Match`.")
    }

    /// Too many requests; the next one is answered after `seconds`.
    pub(crate) fn too_many_requests(seconds: u64) -> Self {
        let problem = Self::new(ProblemKind::TooManyRequests, "Too many attempts: wait before you try again.");
        Self { retry_after_seconds: Some(seconds.max(1)), ..problem }
    }

    /// Our fault, because of `cause`.
    pub(crate) fn internal(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        let problem = Self::new(ProblemKind::Internal, "Something went wrong here; the log knows this request.");
        Self { cause: Some(Arc::new(cause)), ..problem }
    }

    /// The store cannot answer now, because of `cause`.
    pub(crate) fn unavailable(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        let problem = Self::new(ProblemKind::TemporarilyUnavailable, "The store does not answer: try again soon.");
        Self { cause: Some(Arc::new(cause)), retry_after_seconds: Some(2), ..problem }
    }

    /// Which kind it is of.
    pub(crate) fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// What happened inside, for the log alone.
    pub(crate) fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync)> {
        self.cause.as_deref()
    }

    /// The document about `request`.
    fn document(&self, request: RequestId) -> ProblemDocument {
        let (status, slug, title) = self.kind.row();
        ProblemDocument {
            kind: format!("/problems/{slug}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: self.detail.clone(),
            instance: format!("urn:ulid:{request}"),
            fields: self.fields.iter().map(RefusedField::from).collect(),
        }
    }

    /// The whole response to `request`.
    pub(crate) fn render(&self, request: RequestId) -> Response {
        let mut response = axum::Json(self.document(request)).into_response();
        *response.status_mut() = self.kind.row().0;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.kind == ProblemKind::NotSignedIn {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"switchboard\""));
        }
        response
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Problem").field("kind", &self.kind).field("detail", &self.detail).finish_non_exhaustive()
    }
}

impl IntoResponse for Problem {
    /// A response without a body: the layer that knows the request's identity renders it.
    fn into_response(self) -> Response {
        let mut response = self.kind.row().0.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem document (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemDocument {
    /// `/problems/` and the slug of the kind.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: String,
    /// The status of the response.
    status: u16,
    /// What is wrong with this request.
    detail: String,
    /// The request, as the log knows it.
    instance: String,
    /// The refused values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<RefusedField>,
}

/// One refused value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusedField {
    /// The field, with its path.
    field: String,
    /// The value, cut to 120 characters.
    value: String,
    /// The rule that it breaks.
    rule: Rule,
    /// The rule in English.
    message: String,
}

impl From<&Invalid> for RefusedField {
    fn from(invalid: &Invalid) -> Self {
        let Invalid { field, value, rule } = invalid.clone();
        Self { field, value, message: rule.to_string(), rule }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_kinds_stays_as_it_is() {
        let table: Vec<String> = ProblemKind::ALL
            .iter()
            .map(|kind| kind.row())
            .map(|(status, slug, title)| format!("{} {slug}: {title}", status.as_u16()))
            .collect();

        assert_eq!(table.join("\n"), include_str!("problem/kinds.txt").trim_end());
    }
}
