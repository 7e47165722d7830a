//! Settings of an address book, proposed for a source.

use directory_model::id::TenantId;
use directory_model::invalid::Rule;
use directory_model::source::address_book::{self, AddressBook, AddressBookSettings, MAX_TEXT_BYTES, Origin};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::extract::body::Input;
use crate::problem::{Problem, RefusedField};
use crate::scope::Authorized;
use crate::scope::permission::ManageSources;

/// What an administrator copied.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressBookText {
    /// What `Get-CsAddressBookConfiguration` printed, at most 65,536 bytes.
    text: String,
    /// The country as whose numbers those without one are taken, such as `DE`; the address book does not say it.
    #[serde(default)]
    country: Option<String>,
}

/// What the address book means for a source. Nothing is changed by it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddressBookView {
    /// The settings; null where it says nothing that could be understood.
    settings: AddressBookSettings,
    /// Where each of them came from.
    origins: Vec<Origin>,
    /// Properties that are known and say nothing about how a source is read.
    passed_over: Vec<String>,
    /// What was not understood.
    refused: Vec<RefusedField>,
}

impl From<AddressBook> for AddressBookView {
    fn from(book: AddressBook) -> Self {
        let AddressBook { settings, origins, passed_over, refused } = book;
        Self { settings, origins, passed_over, refused: refused.iter().map(RefusedField::from).collect() }
    }
}

/// Says what the settings of a Lync or Skype for Business address book, as
/// `Get-CsAddressBookConfiguration` prints them, mean for a source. Nothing is changed.
#[utoipa::path(post, path = "/tenants/{tenant}/sources/address_book", operation_id = "read_address_book",
    tag = "sources", request_body = AddressBookText, responses((status = 200, body = AddressBookView)))]
pub(crate) async fn read(
    _: Authorized<ManageSources, TenantId>,
    Input(AddressBookText { text, country }): Input<AddressBookText>,
) -> Result<axum::Json<AddressBookView>, Problem> {
    if text.len() > MAX_TEXT_BYTES {
        let rule = Rule::TooLong { max: MAX_TEXT_BYTES as u64, unit: "bytes".into() };
        return Err(Problem::invalid_field("text", format!("{} bytes", text.len()), rule));
    }
    Ok(axum::Json(address_book::read(&text, country.as_deref()).into()))
}
