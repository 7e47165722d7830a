//! Resellers and tenants, and a tenant's settings (features.md §2.3).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{ResellerId, TenantId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::profile::PresenceMode;
use crate::timestamp::Timestamp;
use crate::valid::{Check, trimmed};

/// What can be set on a reseller.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ResellerFields {
    /// Unique name, 1 to 128 characters.
    pub name: String,
    /// How many client licences its tenants may hold together.
    pub client_licences: u32,
    /// Whether presence profiles drive the calls of its tenants' users.
    pub presence_mode: PresenceMode,
}

/// A reseller as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reseller {
    /// Its public identity.
    pub id: ResellerId,
    /// What can be set.
    pub fields: ResellerFields,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A way to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Instant messages.
    Chat,
    /// A voice call over SIP or Skype.
    Audio,
    /// A video call over SIP or Skype.
    Video,
    /// A telephone call.
    Phone,
    /// An e-mail.
    Mail,
}

impl Modality {
    /// Every modality, in the order in which buttons stand.
    pub const ALL: [Self; 5] = [Self::Chat, Self::Audio, Self::Video, Self::Phone, Self::Mail];
}

/// What can be set on a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "features.md §2.3 lists these as independent switches")]
pub struct TenantFields {
    /// Unique name, 1 to 128 characters.
    pub name: String,
    /// Company name, at most 256 characters.
    pub company_name: Option<String>,
    /// The parent; only the platform sets it.
    pub reseller: Option<ResellerId>,
    /// Kill switch: nothing of the tenant is served to visitors.
    pub is_disabled: bool,
    /// Addresses under which the gateway is reached from inside, active one first.
    pub base_api_internal_urls: Vec<String>,
    /// Address under which visitors reach the gateway.
    pub base_api_external_url: Option<String>,
    /// Name of an HTTP header that clients send with each request.
    pub header_key: Option<String>,
    /// Value of that header; needed when the key is set.
    pub header_value: Option<String>,
    /// Visitors see the names and pictures of all participants.
    pub is_participants_shown: bool,
    /// Participants who join later receive what was written before.
    pub is_chat_history_sent: bool,
    /// Requests from any origin are answered.
    pub is_cors_disabled: bool,
    /// A contact is synchronised as soon as it is added.
    pub is_auto_sync_on_adding_enabled: bool,
    /// vCards of the tenant's contacts may be viewed and downloaded.
    pub is_vcard_enabled: bool,
    /// "Synchronize data from Lync/directory": the directory precedes manual edits of synced fields.
    pub is_directory_sync_enabled: bool,
    /// Keep the text of chats; off means it is anonymised.
    pub is_chat_history_saved: bool,
    /// Keep visitors' addresses; off means `0.0.0.0` is kept.
    pub is_client_ip_saved: bool,
    /// The modalities that the tenant offers at all.
    pub modalities: BTreeSet<Modality>,
    /// Contacts that are away or right back may be contacted.
    pub is_reachable_when_away: bool,
    /// Users who sign in with a password need a second factor; without one they can do nothing but set it up.
    pub is_second_factor_required: bool,
    /// Presence is not recorded, and the audit trail holds no presence values.
    pub is_no_history: bool,
    /// How many users may be signed in with clients at the same time, however many each has.
    pub client_licences: u32,
    /// Users who say which of their devices ring get a list of them, which groups may call in place of the user.
    pub has_extension_lists: bool,
    /// Where profiles are active, a meeting does to calls what *In a Meeting* does, until it ends.
    pub follows_meetings: bool,
}

impl TenantFields {
    /// Whether its sources run at all: one whose "Synchronize data from Lync/directory" is off wants nothing
    /// overwritten.
    pub fn is_synchronized(&self) -> bool {
        self.is_directory_sync_enabled && !self.is_disabled
    }
}

impl Default for TenantFields {
    fn default() -> Self {
        Self {
            name: String::new(),
            company_name: None,
            reseller: None,
            is_disabled: false,
            base_api_internal_urls: Vec::new(),
            base_api_external_url: None,
            header_key: None,
            header_value: None,
            is_participants_shown: false,
            is_chat_history_sent: false,
            is_cors_disabled: false,
            is_auto_sync_on_adding_enabled: false,
            is_vcard_enabled: false,
            is_directory_sync_enabled: true,
            is_chat_history_saved: false,
            is_client_ip_saved: false,
            modalities: Modality::ALL.into_iter().collect(),
            is_reachable_when_away: true,
            is_second_factor_required: false,
            is_no_history: false,
            client_licences: 0,
            has_extension_lists: false,
            follows_meetings: true,
        }
    }
}

/// A tenant as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its public identity.
    pub id: TenantId,
    /// What can be set.
    pub fields: TenantFields,
    /// The licence key that web clients present; rotated, never chosen.
    pub sdk_key: String,
    /// The number of the tenant's latest change.
    pub change_seq: i64,
    /// The number of changes to the tenant's own fields; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its own fields last changed.
    pub updated_at: Timestamp,
}

impl Check for ResellerFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, 128);
        refusals.finish()
    }
}

impl Check for TenantFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        self.company_name = trimmed(self.company_name);
        self.base_api_external_url = trimmed(self.base_api_external_url);
        self.header_key = trimmed(self.header_key);
        self.header_value = trimmed(self.header_value);
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, 128);
        refusals.text("company_name", self.company_name.as_deref().unwrap_or_default(), 256);
        refusals.require(
            self.base_api_internal_urls.len() <= 8,
            "base_api_internal_urls",
            self.base_api_internal_urls.len(),
            Rule::TooLong { max: 8, unit: "addresses".into() },
        );
        for (at, url) in self.base_api_internal_urls.iter().enumerate() {
            require_url(&mut refusals, &format!("base_api_internal_urls[{at}]"), url);
        }
        if let Some(url) = &self.base_api_external_url {
            require_url(&mut refusals, "base_api_external_url", url);
        }
        if let Some(key) = &self.header_key {
            let is_token = key.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
            refusals.require(
                is_token && key.len() <= 64,
                "header_key",
                key,
                Rule::Format { expected: "the name of an HTTP header, at most 64 characters".into() },
            );
        }
        let value = self.header_value.as_deref().unwrap_or_default();
        refusals.text("header_value", value, 1024);
        refusals.require(
            self.header_key.is_none() == value.is_empty(),
            "header_value",
            value,
            match self.header_key {
                Some(_) => Rule::Required,
                None => Rule::Needs { other: "header_key".into() },
            },
        );
        refusals.finish()
    }
}

fn require_url(refusals: &mut Refusals, field: &str, url: &str) {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    let plain = !host.is_empty() && !host.starts_with('/') && !url.chars().any(|c| c.is_whitespace() || c.is_control());
    refusals.require(
        plain && url.chars().count() <= 512,
        field,
        url,
        Rule::Format { expected: "an http or https address of at most 512 characters".into() },
    );
}
