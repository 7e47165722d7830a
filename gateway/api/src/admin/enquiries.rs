//! What visitors left when nobody could be reached.

use axum::Json;
use axum::extract::Query;
use directory_model::enquiry::Enquiry;
use directory_model::id::EnquiryId;
use directory_model::page::PageRequest;
use directory_store::connection::Connection;
use directory_store::enquiries::{self, Which};
use http::Uri;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::admin::visible;
use crate::extract::pages::Pages;
use crate::problem::{Problem, ProblemKind};
use crate::scope::permission::{AnswerEnquiries, ReadEnquiries, RemoveEnquiries};
use crate::scope::{Authorized, Somewhere};
use crate::view::{Done, list_of};

list_of!(Enquiry as EnquiryList);

/// Which enquiries are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EnquiryState {
    /// Those that nobody has answered.
    Open,
    /// Those that somebody has answered.
    Done,
}

/// Which page of which enquiries is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EnquiryQuery {
    /// At most this many items, 1 to 500; 50 when absent.
    #[param(minimum = 1, maximum = 500, value_type = Option<u32>)]
    limit: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// All when absent.
    #[param(inline)]
    state: Option<EnquiryState>,
}

/// Lists what visitors left on pages that the caller looks after, or about groups of theirs, newest first.
#[utoipa::path(get, path = "/tenants/{tenant}/enquiries", operation_id = "list_enquiries", tag = "enquiries",
    params(EnquiryQuery), responses((status = 200, body = EnquiryList)))]
pub(crate) async fn list(scope: Somewhere<ReadEnquiries>, uri: Uri) -> Result<EnquiryList, Problem> {
    let Ok(Query(EnquiryQuery { limit, after, state })) = Query::try_from_uri(&uri) else {
        let detail = "This list knows `limit`, `after`, and `state`, which is `open` or `done`.";
        return Err(Problem::new(ProblemKind::MalformedRequest, detail));
    };
    let Pages(page) = Pages::asked(limit, after, None)?;
    let which = match state {
        None => Which::All,
        Some(EnquiryState::Open) => Which::Open,
        Some(EnquiryState::Done) => Which::Done,
    };
    let listing = move |conn: &mut Connection, tenant, page: &PageRequest| enquiries::list(conn, tenant, which, page);
    Ok(visible(&scope, page, listing, |enquiry| enquiry.id).await?.into())
}

/// Shows what a visitor left.
#[utoipa::path(get, path = "/tenants/{tenant}/enquiries/{enquiry}", operation_id = "get_enquiry", tag = "enquiries",
    responses((status = 200, body = Enquiry)))]
pub(crate) async fn get(scope: Authorized<ReadEnquiries, EnquiryId>) -> Result<Json<Enquiry>, Problem> {
    Ok(Json(scope.find(enquiries::find).await?))
}

/// Says that it is answered. What the visitor wrote is anonymised then, unless the tenant keeps what is
/// written (`is_chat_history_saved`).
#[utoipa::path(put, path = "/tenants/{tenant}/enquiries/{enquiry}/done", operation_id = "set_enquiry_done",
    tag = "enquiries", responses((status = 200, body = Enquiry)))]
pub(crate) async fn set_done(scope: Authorized<AnswerEnquiries, EnquiryId>) -> Result<Json<Enquiry>, Problem> {
    say(&scope, true).await
}

/// Says that it is not answered after all. What was anonymised does not come back.
#[utoipa::path(delete, path = "/tenants/{tenant}/enquiries/{enquiry}/done", operation_id = "reopen_enquiry",
    tag = "enquiries", responses((status = 200, body = Enquiry)))]
pub(crate) async fn reopen(scope: Authorized<AnswerEnquiries, EnquiryId>) -> Result<Json<Enquiry>, Problem> {
    say(&scope, false).await
}

async fn say(scope: &Authorized<AnswerEnquiries, EnquiryId>, is_done: bool) -> Result<Json<Enquiry>, Problem> {
    let user = scope.caller().user;
    Ok(Json(scope.change(move |tx, id| enquiries::set_done(tx, id, user, is_done)).await?))
}

/// Forgets what a visitor left, and what is on its way about it.
#[utoipa::path(delete, path = "/tenants/{tenant}/enquiries/{enquiry}", operation_id = "delete_enquiry",
    tag = "enquiries", responses((status = 204)))]
pub(crate) async fn remove(scope: Authorized<RemoveEnquiries, EnquiryId>) -> Result<Done, Problem> {
    scope.change(enquiries::remove).await?;
    Ok(Done)
}
