//! The description of the API, generated from the handlers.

use utoipa::OpenApi as _;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ContentBuilder, ObjectBuilder, OpenApi, PathItem, Ref, RefOr, Required, Response, ResponseBuilder, Schema, Type,
};

use crate::problem::{MEDIA_TYPE, ProblemDocument, ProblemKind};
use crate::scope::SESSION_COOKIE;

/// What every description begins with.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Switchboard",
        description = "Keep a store of contacts in step with the company directory, and show who can be reached."
    ),
    servers((url = "/api/v1")),
    components(schemas(ProblemDocument)),
    tags(
        (name = "session", description = "Who asks."),
        (name = "platform", description = "Resellers."),
        (name = "tenants", description = "Customer organisations."),
        (name = "users", description = "Accounts, grants and API tokens."),
        (name = "identity_providers", description = "By whose word users sign in."),
        (name = "sites", description = "Places."),
        (name = "groups", description = "The tree of groups and their members."),
        (name = "domains", description = "Web origins that may embed publications."),
        (name = "publications", description = "What web pages show."),
        (name = "contacts", description = "Who or what can be reached."),
        (name = "presence", description = "How available contacts are, and why."),
        (name = "profiles", description = "What users choose to be, and what that does to their calls."),
        (name = "sources", description = "Directories that are read."),
        (name = "synchronization", description = "Runs."),
        (name = "alerts", description = "Who is told when synchronization needs somebody, or visitors leave something."),
        (name = "enquiries", description = "What visitors left when nobody could be reached."),
        (name = "audit", description = "What happened."),
        (name = "visitors", description = "What web pages ask. Needs no session.")
    )
)]
struct Description;

/// Operations that anybody may ask for.
const OPEN: &[&str] = &[
    "set_up",
    "create_session",
    "list_sign_in_providers",
    "begin_session_by_provider",
    "finish_session_by_provider",
    "get_snapshot",
    "stream_publication",
    "get_enquiry_form",
    "create_enquiry",
    "get_session",
];

/// The description of every operation.
pub fn openapi() -> OpenApi {
    let mut document = Description::openapi();
    document.merge(crate::router::described().to_openapi());
    env!("CARGO_PKG_VERSION").clone_into(&mut document.info.version);
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    let cookie = ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    for kind in ProblemKind::ALL {
        let (_, slug, title) = kind.row();
        components.responses.insert(slug.to_owned(), RefOr::T(problem(title)));
    }
    for schema in components.schemas.values_mut() {
        // Unknown fields are refused in requests, but answers extend the same schemas.
        if let RefOr::T(Schema::Object(object)) = schema {
            object.additional_properties = None;
        }
    }
    for (path, item) in &mut document.paths.paths {
        for (operation, is_patch) in operations(item) {
            complete(path, operation, is_patch);
        }
    }
    document
}

/// Adds what follows from the path and from how all operations refuse.
fn complete(path: &str, operation: &mut Operation, is_patch: bool) {
    let names: Vec<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
    let text = ObjectBuilder::new().schema_type(Type::String).build();
    let mut parameters: Vec<_> = names
        .iter()
        .map(|name| ParameterBuilder::new().name(*name).parameter_in(ParameterIn::Path).required(Required::True))
        .collect();
    if is_patch {
        parameters.push(
            ParameterBuilder::new()
                .name("If-Match")
                .parameter_in(ParameterIn::Header)
                .required(Required::True)
                .description(Some("The entity tag that was read.")),
        );
    }
    let known = operation.parameters.take().unwrap_or_default();
    let added = parameters.into_iter().map(|parameter| RefOr::T(parameter.schema(Some(text.clone())).build()));
    operation.parameters = Some(added.chain(known).collect()).filter(|all: &Vec<_>| !all.is_empty());
    let is_open = operation.operation_id.as_deref().is_some_and(|id| OPEN.contains(&id));
    if !is_open {
        operation.security = Some(vec![
            SecurityRequirement::new::<_, [&str; 0], &str>("session", []),
            SecurityRequirement::new::<_, [&str; 0], &str>("token", []),
        ]);
    }
    describe(operation);
    let mut kinds = ProblemKind::ALL.to_vec();
    let has_tag = operation.parameters.iter().flatten().any(is_tag);
    kinds.retain(|kind| may_answer(*kind, operation, has_tag, is_open));
    for kind in kinds {
        let (status, slug, _) = kind.row();
        let responses = &mut operation.responses.responses;
        responses.entry(status.as_u16().to_string()).or_insert_with(|| Ref::from_response_name(slug).into());
    }
}

/// Says in words what the statuses of success say.
fn describe(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let words = match status.as_str() {
            "201" => "It was made.",
            "202" => "It was taken on, and goes on by itself.",
            "204" => "It was done.",
            "304" => "It is as it was.",
            _ => "As it is now.",
        };
        words.clone_into(&mut response.description);
    }
}

/// Whether the parameter says which revision a change is based on.
fn is_tag(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.name == "If-Match")
}

/// The media types of answers that are written while they are read.
const STREAMED: [&str; 2] = ["text/event-stream", "text/csv"];

/// Whether the operation can answer with a problem of `kind`.
fn may_answer(kind: ProblemKind, operation: &Operation, has_tag: bool, is_open: bool) -> bool {
    let has_body = operation.request_body.is_some();
    let is_tagged = |tag: &str| operation.tags.iter().flatten().any(|known| known == tag);
    match kind {
        ProblemKind::MethodNotAllowed | ProblemKind::OriginNotAllowed => false,
        ProblemKind::NotSignedIn | ProblemKind::CsrfTokenMissing => !is_open,
        ProblemKind::Forbidden => !is_open || is_tagged("visitors"),
        ProblemKind::TooLarge | ProblemKind::UnsupportedMediaType => has_body,
        ProblemKind::PreconditionRequired => has_tag,
        ProblemKind::TooManyRequests => is_tagged("session") || is_tagged("visitors") || takes_room(operation),
        _ => true,
    }
}

/// Whether the answer comes part by part, of which kind there may be too many.
fn takes_room(operation: &Operation) -> bool {
    let is_streamed = |response: &RefOr<Response>| match response {
        RefOr::T(response) => STREAMED.iter().any(|kind| response.content.contains_key(*kind)),
        RefOr::Ref(_) => false,
    };
    operation.responses.responses.values().any(is_streamed)
}

fn problem(title: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(title).content(MEDIA_TYPE, content).build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&mut Operation, bool)> {
    let plain = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
    let plain = plain.into_iter().flatten().map(|operation| (operation, false));
    plain.chain(item.patch.iter_mut().map(|operation| (operation, true)))
}
