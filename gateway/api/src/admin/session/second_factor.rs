//! One's own second factor: setting it up, showing it, taking it away.

use std::fmt::Write as _;

use axum::Extension;
use axum::extract::State;
use directory_model::audit::Origin;
use directory_model::id::{RequestId, TenantId, UserId};
use directory_model::invalid::Rule;
use directory_model::secret::Secret;
use directory_store::seal::OpenedSecret;
use directory_store::second_factors::{self, Proof, SecondFactor};
use directory_store::tenants;
use directory_store::{sessions, users};
use http::StatusCode;
use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::secret::hash;
use crate::auth::totp;
use crate::extract::body::Input;
use crate::problem::{Problem, ProblemKind};
use crate::scope::OwnSession;
use crate::state::ApiState;
use crate::view::Done;

/// Light modules around a QR code, as its standard wants.
const QUIET_ZONE: i32 = 4;

/// Whether a code is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecondFactorView {
    /// Whether a code is asked for besides the password.
    is_set: bool,
    /// How many recovery codes are left.
    recovery_codes: u64,
    /// The tenant wants everybody to have one.
    is_required: bool,
}

/// Shows whether one has a second factor.
#[utoipa::path(get, path = "/session/second_factor", operation_id = "get_second_factor", tag = "session",
    responses((status = 200, body = SecondFactorView)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    session: OwnSession,
) -> Result<axum::Json<SecondFactorView>, Problem> {
    let tenant = session.caller.home;
    let factor = find(&state, tenant, session.caller.user).await?.filter(|factor| factor.is_confirmed);
    let settings = state.store().before_anybody_is_known().read(move |conn| tenants::find(conn, tenant)).await?;
    Ok(axum::Json(SecondFactorView {
        is_set: factor.is_some(),
        recovery_codes: factor.map_or(0, |factor| factor.recovery_codes),
        is_required: settings.is_some_and(|tenant| tenant.fields.is_second_factor_required),
    }))
}

/// The password, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeginFields {
    /// The present password; whoever has none yet sends none.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    password: Option<Secret>,
}

/// What an authenticator is told; shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct BegunView {
    /// The secret in base32, for authenticators without a camera.
    secret: String,
    /// `otpauth://…`, for authenticators on the same device.
    uri: String,
    /// The same as a QR code: an SVG picture.
    qr_code: String,
}

/// Begins to set up a second factor, which is asked for once it is confirmed. What was begun before is void.
#[utoipa::path(post, path = "/session/second_factor", operation_id = "begin_second_factor", tag = "session",
    request_body = BeginFields, responses((status = 201, body = BegunView)))]
pub(crate) async fn begin(
    State(state): State<ApiState>,
    Extension(request): Extension<RequestId>,
    session: OwnSession,
    Input(fields): Input<BeginFields>,
) -> Result<(StatusCode, axum::Json<BegunView>), Problem> {
    let (tenant, user) = (session.caller.home, session.caller.user);
    let database = state.store().before_anybody_is_known();
    let known = database.read(move |conn| users::find_password_hash(conn, tenant, user)).await?;
    // Who came by a link or an identity provider may have none.
    if let Some(known) = known.ok_or_else(Problem::not_found)? {
        state.auth().require_password(user, "password", fields.password, Some(known)).await?;
    }
    let secret = totp::new_secret()?;
    let (key, kept) = (state.sealing_key(), secret.clone());
    let origin = origin(&state, &session, request);
    let begun = database.write(tenant, origin, move |tx| second_factors::begin(tx, &key, user, &kept)).await?;
    begun.flatten().ok_or_else(Problem::not_found)?;
    let names = database.read(move |conn| {
        let name = tenants::find(conn, tenant)?.map(|tenant| tenant.fields.name).unwrap_or_default();
        Ok(users::find(conn, tenant, user)?.map(|user| (name, user.fields.name)))
    });
    let (tenant_name, user_name) = names.await?.ok_or_else(Problem::not_found)?;
    let uri = totp::uri(&tenant_name, &user_name, &secret);
    let qr_code = qr_code(&uri).ok_or_else(|| Problem::invalid_field("name", user_name, Rule::Unknown))?;
    Ok((StatusCode::CREATED, axum::Json(BegunView { secret: secret.expose().to_owned(), uri, qr_code })))
}

/// A code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeFields {
    /// What the authenticator shows.
    #[schema(value_type = String)]
    code: Secret,
}

/// What signs in without an authenticator; shown this once.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecoveryCodesView {
    /// Each works once in the place of a code.
    recovery_codes: Vec<String>,
}

/// Proves that the authenticator works: from now on a code is asked for. One's other sessions end.
#[utoipa::path(post, path = "/session/second_factor/confirmation", operation_id = "confirm_second_factor",
    tag = "session", request_body = CodeFields, responses((status = 200, body = RecoveryCodesView)))]
pub(crate) async fn confirm(
    State(state): State<ApiState>,
    Extension(request): Extension<RequestId>,
    session: OwnSession,
    Input(fields): Input<CodeFields>,
) -> Result<axum::Json<RecoveryCodesView>, Problem> {
    let (tenant, user) = (session.caller.home, session.caller.user);
    state.auth().attempts.count_code(user)?;
    let factor = find(&state, tenant, user).await?.ok_or_else(not_begun)?;
    let OpenedSecret::Opened(secret) = factor.secret else { return Err(not_begun()) };
    let step = totp::matching_step(&secret, fields.code.expose(), state.clock().now(), None).ok_or_else(wrong_code)?;
    let recovery_codes = totp::new_recovery_codes()?;
    let hashes: Vec<_> = recovery_codes.iter().map(|code| hash(&totp::normal_recovery_code(code))).collect();
    let origin = origin(&state, &session, request);
    let key = state.sealing_key();
    let confirming = state.store().before_anybody_is_known().write(tenant, origin, move |tx| {
        let Some(()) = second_factors::confirm(tx, &key, user, (&secret, step), &hashes)? else { return Ok(None) };
        sessions::remove_of_user(tx, user, Some(session.id)).map(|_| Some(()))
    });
    confirming.await?.flatten().ok_or_else(not_begun)?;
    state.auth().attempts.told_code(user);
    Ok(axum::Json(RecoveryCodesView { recovery_codes }))
}

/// Takes one's own second factor away.
#[utoipa::path(post, path = "/session/second_factor/removal", operation_id = "remove_second_factor",
    tag = "session", request_body = CodeFields, responses((status = 204)))]
pub(crate) async fn remove(
    State(state): State<ApiState>,
    Extension(request): Extension<RequestId>,
    session: OwnSession,
    Input(fields): Input<CodeFields>,
) -> Result<Done, Problem> {
    let (tenant, user) = (session.caller.home, session.caller.user);
    let proof = match prove(&state, tenant, user, Some(fields.code)).await {
        Ok(Some(proof)) => proof,
        Ok(None) => return Err(not_begun()),
        Err(problem) if problem.kind() == ProblemKind::SecondFactorNeeded => return Err(wrong_code()),
        Err(problem) => return Err(problem),
    };
    let origin = origin(&state, &session, request);
    let removing = state.store().before_anybody_is_known().write(tenant, origin, move |tx| {
        if second_factors::spend(tx, user, proof)? { second_factors::remove(tx, user) } else { Ok(None) }
    });
    removing.await?.flatten().ok_or_else(wrong_code)?;
    Ok(Done)
}

/// What the user showed besides the password, to be used up as the session begins; `None` when nothing is
/// asked for.
pub(crate) async fn prove(
    state: &ApiState,
    tenant: TenantId,
    user: UserId,
    code: Option<Secret>,
) -> Result<Option<Proof>, Problem> {
    let Some(factor) = find(state, tenant, user).await?.filter(|factor| factor.is_confirmed) else {
        return Ok(None);
    };
    let needed = |detail| Problem::new(ProblemKind::SecondFactorNeeded, detail);
    let code = code.filter(|code| !code.expose().trim().is_empty());
    let code = code.ok_or_else(|| needed("Send the code that your authenticator shows, too."))?;
    state.auth().attempts.count_code(user)?;
    let proof = match factor.secret {
        OpenedSecret::Opened(secret) if totp::is_code(code.expose()) => {
            let now = state.clock().now();
            totp::matching_step(&secret, code.expose(), now, factor.used_step).map(Proof::Step)
        }
        _ => {
            let hash = hash(&totp::normal_recovery_code(code.expose()));
            let database = state.store().before_anybody_is_known();
            let known = database.read(move |conn| second_factors::has_recovery_code(conn, tenant, user, &hash));
            known.await?.then_some(Proof::RecoveryCode(hash))
        }
    };
    let proof = proof.ok_or_else(|| needed("The code is wrong, or was used before."))?;
    state.auth().attempts.told_code(user);
    Ok(Some(proof))
}

async fn find(state: &ApiState, tenant: TenantId, user: UserId) -> Result<Option<SecondFactor>, Problem> {
    let key = state.sealing_key();
    let database = state.store().before_anybody_is_known();
    Ok(database.read(move |conn| second_factors::find(conn, &key, tenant, user)).await?)
}

fn origin(state: &ApiState, session: &OwnSession, request: RequestId) -> Origin {
    Origin { actor: session.caller.actor, request: Some(request), at: state.clock().now() }
}

fn not_begun() -> Problem {
    Problem::new(ProblemKind::NotPossibleNow, "There is no second factor; begin to set one up first.")
}

fn wrong_code() -> Problem {
    let rule = Rule::Format { expected: "a code that was not used before".into() };
    Problem::invalid_field("code", "(not shown)", rule)
}

/// The text as a QR code; `None` when it is too long for one.
fn qr_code(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    let mut path = String::new();
    for (x, y) in dark {
        write!(path, "M{},{}h1v1h-1z", x + QUIET_ZONE, y + QUIET_ZONE).ok()?;
    }
    let width = size + 2 * QUIET_ZONE;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {width}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0,0h{width}v{width}h-{width}z\"/><path d=\"{path}\"/></svg>"
    ))
}
