//! Looking into a source without changing anything: at one entry, and whether it can be read at all.

mod finding;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::invalid::{Invalid, Refusals};
use crate::secret::Secret;
use crate::source::{SourceFields, Transform};
use crate::valid::Check;

pub use self::finding::{DirectoryKind, Finding};

/// The most values of an attribute that are shown.
pub const MAX_SHOWN_VALUES: usize = 10;
/// The longest part of a value that is shown, in characters.
pub const MAX_SHOWN_CHARS: usize = 256;
/// How far entries are counted.
pub const MAX_COUNTED: u32 = 1000;
/// How many entries are shown as a sample.
pub const SAMPLE_SIZE: u32 = 5;

/// A source as it is, or as it would be.
#[derive(Debug, Clone)]
pub struct Subject {
    /// What can be set on it.
    pub fields: SourceFields,
    /// What goes with its bind name.
    pub secret: Option<Secret>,
}

/// By what an entry is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NamedBy {
    /// Its DN; in a CSV file the file and line, such as `people.csv:2`.
    Dn,
    /// Its mail address.
    Mail,
    /// Its SIP address.
    Sip,
}

/// One entry of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryName {
    /// By what it is named.
    pub by: NamedBy,
    /// Its name, 1 to 1,024 characters.
    pub value: String,
}

impl Check for EntryName {
    fn normal(self) -> Self {
        Self { value: self.value.trim().to_owned(), ..self }
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("value", &self.value, 1024);
        refusals.finish()
    }
}

/// What a source says about one entry, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Look {
    /// Where it is found: its DN, or file and line.
    pub locator: String,
    /// How many other entries have the same name, as far as was looked.
    pub others: u32,
    /// A run would read it: the base holds it and the filter finds it.
    pub is_in_source: bool,
    /// What identifies it, as text or in hexadecimal; null when nothing does.
    pub identity: Option<String>,
    /// It would become a service.
    pub is_service: bool,
    /// It counts as disabled.
    pub is_disabled: bool,
    /// Its attributes, by name.
    pub attributes: Vec<RawAttribute>,
    /// What each field gets, and why.
    pub fields: Vec<FieldLook>,
    /// Why a run would set it aside; null when it can be used.
    pub refusal: Option<Invalid>,
}

/// An attribute of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RawAttribute {
    /// Its name.
    pub name: String,
    /// How many values it has; null when it was not asked for them.
    pub count: Option<u32>,
    /// The first of them.
    pub values: Vec<RawValue>,
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RawValue {
    /// Text, cut to 256 characters.
    Text(String),
    /// How many bytes it has that are no text.
    Bytes(u64),
}

/// What a field gets of an entry, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldLook {
    /// Its name.
    pub field: String,
    /// Its value; null when there is none.
    pub value: Option<String>,
    /// The value before the source's setting for telephone numbers made it international; null when
    /// that changed nothing.
    pub before_normalization: Option<String>,
    /// What each of its rules did, in their order.
    pub rules: Vec<RuleLook>,
}

/// What a rule did with an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RuleLook {
    /// The attributes that it names, and the value that it takes of each.
    pub inputs: Vec<RuleInput>,
    /// What each transform left.
    pub steps: Vec<TransformLook>,
    /// What came of it.
    pub outcome: RuleOutcome,
}

/// An attribute, as a rule sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RuleInput {
    /// Its name.
    pub attribute: String,
    /// The value that is taken; null when there is none.
    pub value: Option<String>,
}

/// A transform, and the values after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransformLook {
    /// The transform.
    pub transform: Transform,
    /// What it left.
    pub values: Vec<String>,
}

/// What came of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleOutcome {
    /// It gave the field its value.
    Taken,
    /// None of its attributes has a value.
    Absent,
    /// Its transforms left nothing.
    Dropped,
    /// A value cannot be used at all, so the entry is set aside.
    Refused,
    /// The entry is not enabled for what the field is about.
    SwitchedOff,
    /// One before it gave the value.
    NotReached,
}

/// Whether a source can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tested {
    /// What was tried, in order.
    pub steps: Vec<ProbeStep>,
    /// A few entries, as they would be mapped.
    pub sample: Vec<Sample>,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProbeStep {
    /// What was tried.
    pub step: ProbeKind,
    /// How it went.
    pub outcome: ProbeOutcome,
    /// What was found.
    pub finding: Finding,
}

/// What is tried of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    /// The host name has an address.
    Name,
    /// Something listens there.
    Connection,
    /// The connection is encrypted and the certificate accepted.
    Encryption,
    /// The name and password are accepted.
    SignIn,
    /// The place to search in exists.
    Base,
    /// The filter finds entries, which can be mapped.
    Entries,
    /// Photos can be read.
    Photos,
    /// The directory can say what has changed.
    Changes,
    /// The file is there and may be read.
    File,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProbeOutcome {
    /// As it should.
    Passed,
    /// Runs will work, but somebody should look at it.
    Warning,
    /// Runs will fail.
    Failed,
    /// It was not tried.
    Skipped,
}

/// An entry, as it would be mapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sample {
    /// Where it is found.
    pub locator: String,
    /// The name that would be shown; null when it cannot be used.
    pub name: Option<String>,
    /// Its mail address.
    pub mail: Option<String>,
    /// Why it cannot be used.
    pub refusal: Option<Invalid>,
}

/// The steps of a test, as they are tried.
#[derive(Debug)]
pub struct Steps {
    planned: &'static [ProbeKind],
    done: Vec<ProbeStep>,
}

impl Steps {
    /// None was tried yet of those that are `planned`.
    pub fn new(planned: &'static [ProbeKind]) -> Self {
        Self { planned, done: Vec::with_capacity(planned.len()) }
    }

    /// How the next step went.
    pub fn next(&mut self, outcome: ProbeOutcome, finding: Finding) {
        if let Some(step) = self.planned.get(self.done.len()) {
            self.done.push(ProbeStep { step: *step, outcome, finding });
        }
    }

    /// The next step failed, and with it those that follow.
    pub fn fail(&mut self, finding: Finding) {
        self.next(ProbeOutcome::Failed, finding);
    }

    /// Every step; what was not tried is skipped.
    pub fn end(mut self, sample: Vec<Sample>) -> Tested {
        for _ in self.done.len()..self.planned.len() {
            self.next(ProbeOutcome::Skipped, Finding::NotReached);
        }
        Tested { steps: self.done, sample }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_were_not_tried_are_skipped() {
        let mut steps = Steps::new(&[ProbeKind::Name, ProbeKind::Connection, ProbeKind::Encryption]);
        steps.next(ProbeOutcome::Passed, Finding::NameFound { host: "dc1".into(), addresses: 2 });
        steps.fail(Finding::NotConnected { host: "dc1".into(), port: 389, detail: "no answer".into() });

        let tested = steps.end(Vec::new());

        let shown: Vec<_> = tested.steps.iter().map(|step| (step.outcome, step.finding.to_string())).collect();
        assert_eq!(shown[0], (ProbeOutcome::Passed, "`dc1` has 2 addresses.".into()));
        assert_eq!(shown[1], (ProbeOutcome::Failed, "`dc1` cannot be reached on port 389: no answer.".into()));
        assert_eq!(shown[2], (ProbeOutcome::Skipped, "Not tried, because a step before it failed.".into()));
    }
}
