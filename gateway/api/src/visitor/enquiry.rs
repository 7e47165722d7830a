//! What visitors leave when nobody can be reached: kept, and on its way, before they are answered.
//!
//! Whoever is refused is told so and why, people and programs alike: an answer that only looks like success
//! would lose what a person wrote.

use std::net::IpAddr;
use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequest, Query, Request, State};
use axum::response::{IntoResponse, Response};
use directory_model::alert::Language;
use directory_model::audit::{Actor, Origin};
use directory_model::enquiry::{Asker, EnquiryFields, EnquiryKind, MAX_TEXT_CHARS, Said};
use directory_model::id::{EnquiryId, RequestId};
use directory_model::invalid::Rule;
use directory_model::publication::PublicationEntry;
use directory_store::enquiries::{self, NewEnquiry};
use gateway_presence::book::EnquiryPage;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
};
use http::{HeaderValue, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::feed::Embedded;
use super::form::{Form, PageOf, SHORTEST};
use crate::extract::once::OnceInput;
use crate::extract::peer::Source;
use crate::problem::{Problem, ProblemKind};
use crate::state::ApiState;

/// What somebody enters is far shorter; the form itself may hold a thousand characters to agree to.
const MAX_BODY_BYTES: usize = 32 * 1024;
/// The version of these answers.
const VERSION: u8 = 1;

/// In which language a form is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormQuery {
    /// `en`, or `de`.
    #[serde(default)]
    language: Language,
}

/// A form for visitors.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FormView {
    /// The version of this form: 1.
    v: u8,
    /// What it is for.
    kind: EnquiryKind,
    /// What comes back with what is entered.
    form: String,
    /// What the visitor must agree to.
    consent: String,
    /// Where visitors read how their data is handled.
    privacy_url: Option<String>,
    /// After how many days it is deleted.
    days: u32,
    /// It is taken only so many seconds later.
    min_seconds: u64,
    /// The longest message, in characters.
    max_text: usize,
}

/// What was left was kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Left {
    /// The version of this answer: 1.
    v: u8,
    /// What it is known by.
    enquiry: EnquiryId,
}

/// Gives out a form, while nobody of the page can be reached and the page offers one.
#[utoipa::path(get, path = "/visitor/publications/{key}/form", operation_id = "get_enquiry_form", tag = "visitors",
    params(FormQuery), responses((status = 200, body = FormView)))]
pub(crate) async fn form(State(state): State<ApiState>, embedded: Embedded<'static>, uri: Uri) -> Response {
    let answer = offer(&state, embedded.key(), &uri);
    (embedded.headers(), answer).into_response()
}

fn offer(state: &ApiState, key: &str, uri: &Uri) -> Result<Json<FormView>, Problem> {
    let Ok(Query(FormQuery { language })) = Query::try_from_uri(uri) else {
        return Err(Problem::new(ProblemKind::MalformedRequest, "Forms know `language`, `en` or `de`."));
    };
    let page = state.book().enquiry_page(key).ok_or_else(Problem::not_found)?;
    let Some(kind) = page.when_unreachable.offers() else {
        return Err(Problem::new(ProblemKind::NotPossibleNow, "Nothing can be left on this page."));
    };
    if state.book().is_anybody_reachable(key) {
        return Err(Problem::new(ProblemKind::NotPossibleNow, "Somebody can be reached."));
    }
    let consent = page.settings.consent(language);
    let form = Form::new(state.ids(), kind, (language, consent.clone()), state.clock().now());
    let EnquiryPage { settings, .. } = &page;
    Ok(Json(FormView {
        v: VERSION,
        kind,
        form: form.seal(&state.sealing_key(), page_of(&page))?,
        consent,
        privacy_url: settings.privacy_url.clone(),
        days: settings.days,
        min_seconds: SHORTEST.as_secs(),
        max_text: MAX_TEXT_CHARS,
    }))
}

/// Takes what a visitor left. A form is taken once: sent again, or under the same `Idempotency-Key`, it
/// is answered as it was; with something else in it, it is refused.
#[utoipa::path(post, path = "/visitor/publications/{key}/enquiries", operation_id = "create_enquiry",
    tag = "visitors", request_body = EnquiryFields, responses((status = 201, body = Left)),
    params(("Idempotency-Key" = Option<String>, Header, description = "What the request is called.")))]
pub(crate) async fn create(
    State(state): State<ApiState>,
    embedded: Embedded<'static>,
    Source(source): Source,
    request: Request,
) -> Response {
    let answer = keep(&state, embedded.key(), source, request).await;
    let mut head = embedded.headers();
    head.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    (head, answer).into_response()
}

async fn keep(state: &ApiState, key: &str, source: IpAddr, request: Request) -> Result<Response, Problem> {
    let page = state.book().enquiry_page(key).ok_or_else(Problem::not_found)?;
    state.guard().count(source, page.publication)?;
    let id = request.extensions().get::<RequestId>().copied();
    let OnceInput(once, fields, size) = OnceInput::<EnquiryFields>::from_request(request, state).await?;
    if size > MAX_BODY_BYTES {
        return Err(Problem::new(ProblemKind::TooLarge, format!("A body has at most {MAX_BODY_BYTES} bytes.")));
    }
    let now = state.clock().now();
    let form = Form::open(&fields.form, &state.sealing_key(), page_of(&page), now)?;
    let country = page.settings.country.as_deref();
    let asker = Asker::read(&fields, form.kind, now, |text| state.numbers().e164(text, country));
    let asker = asker.map_err(Problem::invalid)?;
    let about_name = fields.about.map(|about| about_name(state, key, about)).transpose()?;
    let said = Said {
        asker,
        publication_title: page.title,
        about_name,
        language: form.language,
        consent: form.consent,
        client_address: source.to_string(),
    };
    let new = NewEnquiry {
        form: form.id,
        key: once.key().map(str::to_owned),
        fingerprint: once.fingerprint().to_vec(),
        publication: page.publication,
        kind: form.kind,
        about: fields.about,
        said,
        expires_at: now.plus(Duration::from_hours(24) * page.settings.days),
    };
    let origin = Origin { actor: Actor::System, request: id, at: now };
    let writing = state.store().for_visitors().write(page.tenant, origin, move |tx| enquiries::insert(tx, new));
    let enquiry = writing.await?.flatten().ok_or_else(Problem::not_found)?;
    Ok((StatusCode::CREATED, Json(Left { v: VERSION, enquiry })).into_response())
}

/// Lets pages of the publication's domains send JSON, which browsers ask for first.
pub(crate) async fn preflight(embedded: Embedded<'static>) -> Response {
    let mut head = embedded.headers();
    head.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    head.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, idempotency-key"));
    head.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    (StatusCode::NO_CONTENT, head).into_response()
}

fn page_of(page: &EnquiryPage) -> PageOf {
    PageOf { tenant: page.tenant, publication: page.publication }
}

fn about_name(state: &ApiState, key: &str, about: PublicationEntry) -> Result<String, Problem> {
    let shown = match about {
        PublicationEntry::Contact(id) => id.to_string(),
        PublicationEntry::Group(id) => id.to_string(),
    };
    state.book().shown_name(key, about).ok_or_else(|| Problem::invalid_field("about", shown, Rule::Unknown))
}
