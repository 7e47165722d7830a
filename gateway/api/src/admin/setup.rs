//! The first user of the platform, made with the link that the first start prints.

use directory_model::audit::{Actor, Origin};
use directory_model::id::{RequestId, UserId};
use directory_model::invalid::Rule;
use directory_model::rights::{Role, Scope};
use directory_model::secret::Secret;
use directory_model::user::{UserFields, check_password};
use directory_model::valid::Check;
use directory_store::{PLATFORM, grants, setup, users};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use axum::Extension;
use axum::extract::State;
use http::StatusCode;

use crate::auth::secret::hash;
use crate::extract::body::Input;
use crate::extract::peer::Source;
use crate::problem::Problem;
use crate::state::ApiState;

/// What makes the first user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetupFields {
    /// The secret of the set-up link.
    #[schema(value_type = String)]
    token: Secret,
    /// The name to sign in with.
    name: String,
    /// The password, 12 to 256 characters, without the name.
    #[schema(value_type = String)]
    password: Secret,
}

/// The user that was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupView {
    /// Its identity.
    user: UserId,
}

/// Makes the first user of the platform. The link works once.
#[utoipa::path(post, path = "/setup", operation_id = "set_up", tag = "session",
    request_body = SetupFields, responses((status = 201, body = SetupView)))]
pub(crate) async fn create(
    State(state): State<ApiState>,
    Extension(request): Extension<RequestId>,
    Source(source): Source,
    Input(fields): Input<SetupFields>,
) -> Result<(StatusCode, axum::Json<SetupView>), Problem> {
    state.auth().attempts.count_source(source)?;
    let user = UserFields { name: fields.name, ..UserFields::default() }.check().map_err(Problem::invalid)?;
    check_password(fields.password.expose(), &user.name).map_err(|invalid| Problem::invalid(vec![invalid]))?;
    let password = state.auth().passwords.hash(fields.password).await?;
    let (link, now) = (hash(fields.token.expose()), state.clock().now());
    let origin = Origin { actor: Actor::System, request: Some(request), at: now };
    let database = state.store().before_anybody_is_known();
    let made = database.write(PLATFORM, origin, move |tx| {
        if !setup::consume(tx.conn, &link, now)? {
            return Ok(None);
        }
        let user = users::insert(tx, &user)?;
        users::set_password_hash(tx, user.id, &password)?;
        grants::insert(tx, user.id, Role::Platform, Scope::Platform)?;
        Ok(Some(user.id))
    });
    let rule = Rule::Format { expected: "the token of a set-up link that was not used yet".into() };
    let user = made.await?.flatten().ok_or_else(|| Problem::invalid_field("token", "(not shown)", rule))?;
    Ok((StatusCode::CREATED, axum::Json(SetupView { user })))
}
