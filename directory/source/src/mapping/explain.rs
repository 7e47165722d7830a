//! Why an entry becomes what it becomes: the same rules as in a run, with every step written down.

use directory_model::contact::SyncedField;
use directory_model::probe::{FieldLook, MAX_SHOWN_CHARS, RuleInput, RuleLook, RuleOutcome, TransformLook};
use directory_model::record::{MappedRecord, Reported};
use directory_model::source::{FieldRule, Mapping, Transform};

use super::rule::{Prepared, inputs};
use super::{Mapper, RawEntry, TEXT_FIELDS, TextField};

/// How an entry is mapped, by field and rule.
pub(crate) struct Explained {
    pub(crate) reported: Reported,
    pub(crate) fields: Vec<FieldLook>,
}

impl Mapper {
    /// The entry as a contact would take it, and why; `mapping` is the one that this was made of.
    pub(crate) fn explain(&self, mapping: &Mapping, locator: String, entry: &RawEntry<'_>) -> Explained {
        let reported = self.map(locator, entry);
        let record = match &reported {
            Reported::Entry(record) => Some(&record.mapped),
            _ => None,
        };
        let fields = TEXT_FIELDS.iter().zip(&self.texts).map(|(field, prepared)| {
            // A rule whose attribute has no name prepares to nothing, and is no rule of an entered mapping.
            let rules = (field.rules)(mapping).iter().zip(prepared);
            let (rules, taken) = self.explain_rules(entry, field.name, rules);
            let normalized = taken.as_ref().map(|value| self.normalized(field.name, value.clone()));
            FieldLook {
                field: field.name.to_owned(),
                before_normalization: taken.filter(|value| normalized.as_ref() != Some(value)).map(|value| cut(&value)),
                value: record.map_or(normalized, |record| value_of(record, field.name)).map(|value| cut(&value)),
                rules,
            }
        });
        let fields = fields.collect();
        Explained { reported, fields }
    }

    fn explain_rules<'r>(
        &self,
        entry: &RawEntry<'_>,
        field: &str,
        rules: impl Iterator<Item = (&'r FieldRule, &'r Prepared)>,
    ) -> (Vec<RuleLook>, Option<String>) {
        let (mut looks, mut taken, mut is_decided) = (Vec::new(), None, false);
        let is_without = self.is_without(field, entry);
        for (rule, prepared) in rules {
            let (mut look, value) = self.explain_rule(entry, field, rule, prepared);
            if is_without {
                look.outcome = RuleOutcome::SwitchedOff;
                look.steps.clear();
            } else if is_decided {
                look.outcome = RuleOutcome::NotReached;
                look.steps.clear();
            } else if matches!(look.outcome, RuleOutcome::Taken | RuleOutcome::Refused) {
                is_decided = true;
                taken = value;
            }
            looks.push(look);
        }
        (looks, taken)
    }

    fn explain_rule(
        &self,
        entry: &RawEntry<'_>,
        field: &str,
        rule: &FieldRule,
        prepared: &Prepared,
    ) -> (RuleLook, Option<String>) {
        let slots = prepared.slots();
        let mut shown: Vec<RuleInput> = Vec::with_capacity(slots.len());
        for slot in slots {
            let value = self.pick(entry, *slot, field).map(|value| String::from_utf8_lossy(value));
            let attribute = self.slots[*slot].name.clone();
            shown.push(RuleInput { attribute, value: value.map(|value| cut(&value)) });
        }
        let mut steps = Vec::new();
        let (outcome, value) = match inputs(self, slots, entry, field) {
            Err(_) => (RuleOutcome::Refused, None),
            Ok(values) if values.is_empty() => (RuleOutcome::Absent, None),
            Ok(values) => {
                let values = values.into_iter().map(|value| value.text).collect();
                let mut transforms = transforms(rule).iter();
                let left = prepared.run(values, |left| {
                    let values = left.iter().map(|value| cut(value)).collect();
                    steps.extend(
                        transforms.next().map(|transform| TransformLook { transform: transform.clone(), values }),
                    );
                });
                match left.map(|left| left.into_iter().next()) {
                    Err(_) => (RuleOutcome::Refused, None),
                    Ok(None) => (RuleOutcome::Dropped, None),
                    Ok(value) => (RuleOutcome::Taken, value),
                }
            }
        };
        (RuleLook { inputs: shown, steps, outcome }, value)
    }
}

fn transforms(rule: &FieldRule) -> &[Transform] {
    match rule {
        FieldRule::Attribute(_) => &[],
        FieldRule::Computed(computed) => &computed.transforms,
    }
}

/// What each field gets of an entry that is mapped already.
pub(crate) fn fields_of(reported: &Reported) -> Vec<FieldLook> {
    let record = match reported {
        Reported::Entry(record) => Some(&record.mapped),
        _ => None,
    };
    let field = |field: &TextField| FieldLook {
        field: field.name.to_owned(),
        value: record.and_then(|record| value_of(record, field.name)).map(|value| cut(&value)),
        before_normalization: None,
        rules: Vec::new(),
    };
    TEXT_FIELDS.iter().map(field).collect()
}

fn value_of(record: &MappedRecord, field: &str) -> Option<String> {
    match field {
        "sip" => record.sip.clone(),
        "skype" => record.skype.clone(),
        "first_name" => record.first_name.clone(),
        "last_name" => record.last_name.clone(),
        name => {
            let field = SyncedField::ALL.into_iter().find(|field| field.name() == name)?;
            record.synced(field).map(str::to_owned)
        }
    }
}

/// As much of a value as is shown.
pub(crate) fn cut(value: &str) -> String {
    match value.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}
