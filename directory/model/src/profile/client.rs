//! Client profiles: what users may do with their clients.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{ClientProfileId, NotAnId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// The most client profiles that a tenant may make.
pub const MAX_CLIENT_PROFILES: usize = 100;
/// The code of the one that every tenant has.
const DEFAULT: &str = "default";
/// Its name.
const DEFAULT_NAME: &str = "Default";
/// The longest name, in characters.
const NAME_CHARS: usize = 80;

/// What a client profile is known by: `default`, or the identity of one of the tenant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ClientProfileName {
    /// The one that every tenant has.
    #[default]
    Default,
    /// One that the tenant made.
    Custom(ClientProfileId),
}

impl fmt::Display for ClientProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str(DEFAULT),
            Self::Custom(id) => id.fmt(f),
        }
    }
}

impl FromStr for ClientProfileName {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text == DEFAULT { Ok(Self::Default) } else { text.parse().map(Self::Custom) }
    }
}

impl From<ClientProfileName> for String {
    fn from(name: ClientProfileName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for ClientProfileName {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl utoipa::PartialSchema for ClientProfileName {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for ClientProfileName {}

/// What can be set on a client profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "features.md §7.4 lists four flags")]
pub struct ClientProfileFields {
    /// Unique in the tenant when folded, 1 to 80 characters; not `Default`.
    pub name: String,
    /// Users choose a presence profile. Off, they go back to *Available*, and none is offered.
    pub may_select_presence: bool,
    /// Users choose for each profile what their calls do. Off, what they chose is lost.
    pub may_override_profiles: bool,
    /// Agents say that they are away or free, and sign in and out of their queues.
    pub may_control_agent_status: bool,
    /// Users open and close queues.
    pub may_control_queues: bool,
}

impl Default for ClientProfileFields {
    fn default() -> Self {
        Self {
            name: String::new(),
            may_select_presence: true,
            may_override_profiles: true,
            may_control_agent_status: true,
            may_control_queues: true,
        }
    }
}

impl Check for ClientProfileFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, NAME_CHARS);
        let is_free = crate::text::sort_key(&self.name) != crate::text::sort_key(DEFAULT_NAME);
        refusals.require(is_free, "name", &self.name, Rule::Duplicate);
        refusals.finish()
    }
}

/// A client profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientProfile {
    /// What it is known by.
    pub id: ClientProfileName,
    /// What can be set.
    pub fields: ClientProfileFields,
    /// The number of changes; the entity tag. Zero for the default.
    pub revision: i64,
    /// When it was made; never for the default.
    pub created_at: Option<Timestamp>,
    /// When it last changed; never for the default.
    pub updated_at: Option<Timestamp>,
}

impl ClientProfile {
    /// The one that every tenant has: everything is allowed. Nobody changes or removes it.
    pub fn default_of_system() -> Self {
        let fields = ClientProfileFields { name: DEFAULT_NAME.to_owned(), ..ClientProfileFields::default() };
        Self { id: ClientProfileName::Default, fields, revision: 0, created_at: None, updated_at: None }
    }
}
