//! A place of a tenant.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, SiteId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::timestamp::Timestamp;
use crate::valid::{Check, trimmed};

/// What a site offers beyond its contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SiteFeature {
    /// Visitors may ask to be called back.
    Callback,
    /// Visitors may share their page.
    CoBrowsing,
}

/// A range of telephone numbers in E.164, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NumberRange {
    /// First number, such as `+493012345600`.
    pub from: String,
    /// Last number; as long as the first and not before it.
    pub to: String,
}

/// What can be set on a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SiteFields {
    /// Unique in the tenant when folded, 1 to 128 characters.
    pub name: String,
    /// Shown to visitors.
    pub is_enabled: bool,
    /// Street and number, at most 256 characters.
    pub street: Option<String>,
    /// Postal code, at most 40 characters.
    pub zip_code: Option<String>,
    /// City, at most 128 characters.
    pub city: Option<String>,
    /// State or province, at most 128 characters.
    pub state: Option<String>,
    /// Country, at most 128 characters.
    pub country: Option<String>,
    /// An IANA time zone.
    pub time_zone: String,
    /// Its telephone numbers; at most 100 ranges.
    pub number_ranges: Vec<NumberRange>,
    /// What it offers.
    pub features: BTreeSet<SiteFeature>,
    /// Its home contacts may be contacted although the presence profile that they chose is unavailable.
    pub is_reachable_when_unavailable: bool,
}

impl Default for SiteFields {
    fn default() -> Self {
        Self {
            name: String::new(),
            is_enabled: true,
            street: None,
            zip_code: None,
            city: None,
            state: None,
            country: None,
            time_zone: "UTC".into(),
            number_ranges: Vec::new(),
            features: BTreeSet::new(),
            is_reachable_when_unavailable: false,
        }
    }
}

/// A site as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its public identity.
    pub id: SiteId,
    /// Its root group, to which its home contacts belong by themselves.
    pub root_group: GroupId,
    /// What can be set.
    pub fields: SiteFields,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Check for SiteFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        for place in [&mut self.street, &mut self.zip_code, &mut self.city, &mut self.state, &mut self.country] {
            *place = trimmed(place.take());
        }
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, 128);
        refusals.text("street", self.street.as_deref().unwrap_or_default(), 256);
        refusals.text("zip_code", self.zip_code.as_deref().unwrap_or_default(), 40);
        refusals.text("city", self.city.as_deref().unwrap_or_default(), 128);
        refusals.text("state", self.state.as_deref().unwrap_or_default(), 128);
        refusals.text("country", self.country.as_deref().unwrap_or_default(), 128);
        refusals.require(
            jiff::tz::TimeZone::get(&self.time_zone).is_ok(),
            "time_zone",
            &self.time_zone,
            Rule::Format { expected: "an IANA time zone such as Europe/Berlin".into() },
        );
        refusals.require(
            self.number_ranges.len() <= 100,
            "number_ranges",
            self.number_ranges.len(),
            Rule::TooLong { max: 100, unit: "ranges".into() },
        );
        for (at, range) in self.number_ranges.iter().enumerate() {
            let e164 = Rule::Format { expected: "a number such as +493012345600".into() };
            refusals.require(is_e164(&range.from), &format!("number_ranges[{at}].from"), &range.from, e164);
            let ordered = is_e164(&range.to) && range.to.len() == range.from.len() && range.to >= range.from;
            let rule = Rule::Format { expected: "a number as long as `from` and not before it".into() };
            refusals.require(ordered, &format!("number_ranges[{at}].to"), &range.to, rule);
        }
        refusals.finish()
    }
}

fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (4..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
    })
}
