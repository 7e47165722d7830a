//! Presence profiles: what a user chooses to be, such as "Lunch", and what that means for presence, for
//! calls and for who may choose.

pub mod built_in;
pub mod calls;
pub mod client;
pub mod target;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use self::built_in::BuiltIn;
use self::calls::CallChoices;
use crate::id::{ContactId, NotAnId, PresenceProfileId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::presence::custom::{LABEL_CHARS, refuse_labels};
use crate::presence::{Activity, Availability, Claim, ClaimKind};
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// The most profiles that a tenant may make besides the built-in ones.
pub const MAX_PROFILES: usize = 100;
/// The source of claims by a profile that somebody selected.
pub const SELECTED: &str = "profile";
/// The source of claims about users who may use no client, whose profile is fixed.
pub const NO_CLIENT: &str = "no_client";
/// The source of notes that are a profile's status message.
pub const MESSAGE: &str = "profile";

/// Whether profiles are for show or also drive calls; set on a reseller, inherited by its tenants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceMode {
    /// Others see the profile, and nothing else happens.
    #[default]
    Passive,
    /// Do not disturb, forwarding and find-me-follow-me follow the profile.
    Active,
}

/// What a profile says of whoever is in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProfileStatus {
    /// May be contacted.
    #[default]
    Available,
    /// May not, unless the home site says otherwise.
    Unavailable,
}

/// As what somebody in an unavailable profile shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// Away.
    #[default]
    Away,
    /// Wants no contact.
    DoNotDisturb,
}

/// The colour of whoever is in a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// Available: green.
    Available,
    /// Unavailable: yellow.
    Away,
    /// Available, and in a call: red.
    Busy,
}

impl ProfileStatus {
    /// The colour of the status. A call makes those busy who are available, and nobody else.
    pub fn colour(self, is_in_call: bool) -> Colour {
        match self {
            Self::Available if is_in_call => Colour::Busy,
            Self::Available => Colour::Available,
            Self::Unavailable => Colour::Away,
        }
    }
}

/// What a profile is known by: the code of a built-in one, or the identity of one of the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ProfileName {
    /// A built-in one.
    BuiltIn(BuiltIn),
    /// One that the tenant made.
    Custom(PresenceProfileId),
}

impl Default for ProfileName {
    fn default() -> Self {
        Self::BuiltIn(BuiltIn::Available)
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(profile) => f.write_str(profile.code()),
            Self::Custom(id) => id.fmt(f),
        }
    }
}

impl FromStr for ProfileName {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let built_in = BuiltIn::ALL.into_iter().find(|profile| profile.code() == text);
        built_in.map_or_else(|| text.parse().map(Self::Custom), |profile| Ok(Self::BuiltIn(profile)))
    }
}

impl From<ProfileName> for String {
    fn from(name: ProfileName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for ProfileName {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl utoipa::PartialSchema for ProfileName {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for ProfileName {}

/// What can be set on a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileFields {
    /// Unique in the tenant when folded, 1 to 80 characters; not the name of a built-in one.
    pub name: String,
    /// Whether whoever is in it may be contacted.
    pub status: ProfileStatus,
    /// As what whoever is in it shows, if it is unavailable.
    #[serde(default)]
    pub absence: Absence,
    /// What they are doing.
    #[serde(default)]
    pub activity: Option<Activity>,
    /// What it is called in other languages, by language such as `de` or `pt-BR`: at most 20, each 1
    /// to 80 characters.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What it does to calls where profiles are active; users may choose otherwise for themselves.
    #[serde(default)]
    pub calls: CallChoices,
}

impl ProfileFields {
    /// As what somebody in the profile shows who is in no call and no meeting.
    pub fn availability(&self) -> Availability {
        match (self.status, self.absence) {
            (ProfileStatus::Available, _) => Availability::Available,
            (ProfileStatus::Unavailable, Absence::Away) => Availability::Away,
            (ProfileStatus::Unavailable, Absence::DoNotDisturb) => Availability::DoNotDisturb,
        }
    }
}

impl Check for ProfileFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        for label in self.labels.values_mut() {
            *label = label.trim().to_owned();
        }
        self.calls = self.calls.normal();
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, LABEL_CHARS);
        let key = crate::text::sort_key(&self.name);
        let is_free = BuiltIn::ALL.into_iter().all(|built_in| crate::text::sort_key(built_in.name()) != key);
        refusals.require(is_free, "name", &self.name, Rule::Duplicate);
        refuse_labels(&mut refusals, &self.labels);
        let calls = self.calls.refusals().err().into_iter().flatten();
        refusals.extend(calls.map(|invalid| invalid.under("calls.")));
        refusals.finish()
    }
}

/// A profile, built in or made by the tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceProfile {
    /// What it is known by.
    pub id: ProfileName,
    /// What can be set.
    pub fields: ProfileFields,
    /// The number of changes; the entity tag. Zero for built-in ones.
    pub revision: i64,
    /// When it was made; never for built-in ones.
    pub created_at: Option<Timestamp>,
    /// When it last changed; never for built-in ones.
    pub updated_at: Option<Timestamp>,
}

impl PresenceProfile {
    /// What a contact shows whose user selected the profile at `since`: an own word that stays until another
    /// profile is selected. The default profile needs no name of its own.
    pub fn claim(&self, contact: ContactId, since: Timestamp) -> Claim {
        let is_default = self.id == ProfileName::default();
        Claim {
            contact,
            kind: ClaimKind::Profile,
            source: SELECTED.to_owned(),
            device: self.id.to_string(),
            version: since.millis(),
            availability: self.fields.availability(),
            activity: self.fields.activity,
            is_out_of_office: self.id == ProfileName::BuiltIn(BuiltIn::OutOfTheOffice),
            is_tentative: false,
            is_ringing: false,
            is_repeated: false,
            custom: (!is_default).then(|| self.fields.name.clone()),
            since,
            heard_at: since,
            expires_at: None,
        }
    }
}

/// What a contact shows whose user may use no client: available, until a call says otherwise.
pub fn fixed_claim(contact: ContactId, since: Timestamp) -> Claim {
    let profile = BuiltIn::Available.profile();
    Claim { source: NO_CLIENT.to_owned(), ..profile.claim(contact, since) }
}

#[cfg(test)]
mod tests;
