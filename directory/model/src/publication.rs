//! What one web page shows: an ordered list of contacts and groups, when, and on which domains.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::enquiry::{EnquirySettings, WhenUnreachable};
use crate::id::{AlertId, ContactId, DomainId, GroupId, PublicationId, SiteId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::opening::OpeningHours;
use crate::template::{TemplateKind, TemplateName};
use crate::tenant::Modality;
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// How many channels are told what visitors of one page leave, at most.
pub const MAX_ALERTS: usize = 10;
/// How many cards a publication shows at most, members of groups included.
pub const MAX_CARDS: usize = 500;

/// What can be set on a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PublicationFields {
    /// Unique in the tenant when folded, 1 to 128 characters.
    pub title: String,
    /// The site it is of.
    pub site: Option<SiteId>,
    /// Served to visitors.
    pub is_enabled: bool,
    /// The domains whose pages may show it.
    pub domains: Vec<DomainId>,
    /// When its contacts can be reached; always when absent.
    pub opening_hours: Option<OpeningHours>,
    /// The modalities it offers, within the tenant's; all of the tenant's when absent.
    pub modalities: Option<BTreeSet<Modality>>,
    /// Visitors see only whether somebody can be reached, not the state; of groups only the result of all.
    pub is_coarse: bool,
    /// Groups show one result for all their members, so that visitors do not see who of them is away.
    pub is_group_result: bool,
    /// What pages show while nobody can be reached.
    pub when_unreachable: WhenUnreachable,
    /// How it takes what visitors leave then.
    pub enquiries: EnquirySettings,
    /// Who is told what they leave, at most 10 channels.
    pub alerts: Vec<AlertId>,
    /// What visitors see, by kind: a template, or a kind for the built-in one. Where nothing is chosen it is the
    /// default of the site, of the tenant, or built in.
    pub templates: BTreeMap<TemplateKind, TemplateName>,
}

impl Default for PublicationFields {
    fn default() -> Self {
        Self {
            title: String::new(),
            site: None,
            is_enabled: true,
            domains: Vec::new(),
            opening_hours: None,
            modalities: None,
            is_coarse: false,
            is_group_result: false,
            when_unreachable: WhenUnreachable::default(),
            enquiries: EnquirySettings::default(),
            alerts: Vec::new(),
            templates: BTreeMap::new(),
        }
    }
}

/// One thing that a publication shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicationEntry {
    /// A card for one contact.
    Contact(ContactId),
    /// A card for a group, and under it one for each member.
    Group(GroupId),
}

/// A publication as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Its public identity.
    pub id: PublicationId,
    /// The unguessable key that web pages carry; rotated, never chosen.
    pub key: String,
    /// What can be set.
    pub fields: PublicationFields,
    /// What it shows, in order.
    pub entries: Vec<PublicationEntry>,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Check for PublicationFields {
    fn normal(mut self) -> Self {
        self.title = self.title.trim().to_owned();
        self.enquiries = self.enquiries.normal();
        self.opening_hours = self.opening_hours.map(Check::normal);
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("title", &self.title, 128);
        let many = Rule::TooLong { max: 50, unit: "domains".into() };
        refusals.require(self.domains.len() <= 50, "domains", self.domains.len(), many);
        for (at, domain) in self.domains.iter().enumerate() {
            let twice = self.domains[..at].contains(domain);
            refusals.require(!twice, &format!("domains[{at}]"), domain, Rule::Duplicate);
        }
        let many = Rule::TooLong { max: MAX_ALERTS as u64, unit: "alerts".into() };
        refusals.require(self.alerts.len() <= MAX_ALERTS, "alerts", self.alerts.len(), many);
        for (at, alert) in self.alerts.iter().enumerate() {
            let twice = self.alerts[..at].contains(alert);
            refusals.require(!twice, &format!("alerts[{at}]"), alert, Rule::Duplicate);
        }
        for (kind, template) in &self.templates {
            let is_of_kind = !matches!(template, TemplateName::BuiltIn(other) if other != kind);
            refusals.require(is_of_kind, &format!("templates.{}", kind.code()), template, Rule::Unknown);
        }
        let mut of_enquiries = Refusals::default();
        self.enquiries.refuse(&mut of_enquiries);
        if let Err(found) = of_enquiries.finish() {
            refusals.extend(found.into_iter().map(|invalid| invalid.under("enquiries.")));
        }
        if let Some(Err(found)) = self.opening_hours.as_ref().map(Check::refusals) {
            refusals.extend(found.into_iter().map(|invalid| invalid.under("opening_hours.")));
        }
        refusals.finish()
    }
}
