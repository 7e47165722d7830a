//! The tenant's own names of states, such as "Coffee break".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Activity, Availability};
use crate::id::CustomStateId;
use crate::invalid::{Invalid, Refusals, Rule};
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// The longest name or label, in characters.
pub const LABEL_CHARS: usize = 80;
/// The most languages of one state.
pub const MAX_LABELS: usize = 20;
/// The most states of a tenant.
pub const MAX_CUSTOM_STATES: usize = 100;

/// Refuses *unknown* as something that is said of somebody by hand.
pub fn refuse_unknown(refusals: &mut Refusals, availability: Availability) {
    let states = Availability::ALL.into_iter().filter(|state| *state != Availability::Unknown);
    let allowed = states.map(Availability::word).collect::<Vec<_>>().join(", ");
    let is_state = availability != Availability::Unknown;
    refusals.require(is_state, "availability", availability.word(), Rule::OneOf { allowed: allowed.into() });
}

/// A named state: what it is called, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomStateFields {
    /// Unique in the tenant when folded, 1 to 80 characters.
    pub name: String,
    /// The state that it is; not unknown.
    pub availability: Availability,
    /// The activity that it is.
    #[serde(default)]
    pub activity: Option<Activity>,
    /// What it is called in other languages, by language such as `de` or `pt-BR`: at most 20, each 1
    /// to 80 characters.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
}

/// A named state as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomState {
    /// Its public identity.
    pub id: CustomStateId,
    /// What can be set.
    pub fields: CustomStateFields,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Check for CustomStateFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        for label in self.labels.values_mut() {
            *label = label.trim().to_owned();
        }
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, LABEL_CHARS);
        refuse_unknown(&mut refusals, self.availability);
        refuse_labels(&mut refusals, &self.labels);
        refusals.finish()
    }
}

/// Refuses names in other languages that are too many, too long, or of no language.
pub fn refuse_labels(refusals: &mut Refusals, labels: &BTreeMap<String, String>) {
    let rule = Rule::TooLong { max: MAX_LABELS as u64, unit: "elements".into() };
    refusals.require(labels.len() <= MAX_LABELS, "labels", labels.len(), rule);
    for (language, label) in labels {
        let expected = "a language such as `de` or `pt-BR`";
        let rule = Rule::Format { expected: expected.into() };
        refusals.require(is_language(language), &format!("labels.{language}"), language, rule);
        refusals.required_text(&format!("labels.{language}"), label, LABEL_CHARS);
    }
}

/// Whether `tag` looks like a language tag (RFC 5646): a language and at most three parts behind it.
pub(crate) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_first = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_rest = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts.next().is_some_and(is_first) && parts.clone().count() <= 3 && parts.all(is_rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(labels: &[(&str, &str)]) -> CustomStateFields {
        CustomStateFields {
            name: " Coffee break ".into(),
            availability: Availability::Away,
            activity: None,
            labels: labels.iter().map(|(language, label)| ((*language).into(), (*label).into())).collect(),
        }
    }

    #[test]
    fn a_name_and_its_labels_are_trimmed_and_checked() {
        let valid =
            fields(&[("de", " Kaffeepause "), ("pt-BR", "Pausa"), ("zh-Hans-CN", "咖啡")]).check().expect("valid");

        assert_eq!((valid.name.as_str(), valid.labels["de"].as_str()), ("Coffee break", "Kaffeepause"));
        for bad in ["", "d", "DE", "deutsch", "de_DE", "de-x", "de-aa-bb-cc-dd"] {
            assert!(fields(&[(bad, "Pause")]).check().is_err(), "{bad}");
        }
        assert!(fields(&[("de", " ")]).check().is_err());
        assert!(CustomStateFields { availability: Availability::Unknown, ..fields(&[]) }.check().is_err());
        assert!(CustomStateFields { name: "x".repeat(81), ..fields(&[]) }.check().is_err());
    }
}
