//! Why a value was refused: field, value and rule, as data that can be worded in any language.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest part of a refused value that is repeated back, in characters.
const SHOWN_VALUE_CHARS: usize = 120;

/// One refused value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, utoipa::ToSchema)]
#[error("field `{field}` with value `{value}`: {rule}")]
pub struct Invalid {
    /// The field, with its path: `weekly[2].from`.
    pub field: String,
    /// The refused value, cut to 120 characters.
    pub value: String,
    /// The rule that it breaks.
    pub rule: Rule,
}

impl Invalid {
    /// Says that `value` of `field` breaks `rule`.
    pub fn new(field: impl Into<String>, value: impl fmt::Display, rule: Rule) -> Self {
        let text = value.to_string();
        let value = match text.char_indices().nth(SHOWN_VALUE_CHARS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        };
        Self { field: field.into(), value, rule }
    }

    /// The same refusal with `prefix` before the field's path.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.field = format!("{prefix}{}", self.field);
        self
    }
}

/// What a value must satisfy. `Display` is the English wording; `code` names the rule for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Rule {
    /// The field may not be empty or missing.
    Required,
    /// At most `max` characters, bytes or elements, as `unit` says.
    TooLong {
        /// The largest length allowed.
        max: u64,
        /// What is counted.
        unit: Cow<'static, str>,
    },
    /// At least `min` characters.
    TooShort {
        /// The smallest length allowed.
        min: u64,
    },
    /// Between `min` and `max`, both included.
    OutOfRange {
        /// The smallest value allowed.
        min: i64,
        /// The largest value allowed.
        max: i64,
    },
    /// Written as `expected` describes.
    Format {
        /// A description with an example, such as "an address like sip:anna@example.com".
        expected: Cow<'static, str>,
    },
    /// One of the listed words.
    OneOf {
        /// The words, separated by commas.
        allowed: Cow<'static, str>,
    },
    /// Only a service (UCMA endpoint) may have it.
    OnlyForServices,
    /// Only a person may have it.
    OnlyForPersons,
    /// Needs another field to be set.
    Needs {
        /// The other field.
        other: Cow<'static, str>,
    },
    /// May not be set together with another field.
    Excludes {
        /// The other field.
        other: Cow<'static, str>,
    },
    /// The parent would be the node itself or one of its descendants.
    Cycle,
    /// Names something that does not exist here.
    Unknown,
    /// Appears more than once.
    Duplicate,
    /// Cannot change once set.
    Fixed,
    /// Exceeds what the one who asks may give.
    BeyondOwnRights,
    /// Not valid UTF-8.
    NotUtf8,
    /// Several directory entries claim the same contact.
    Ambiguous,
    /// An address that another contact holds.
    Held {
        /// The other contact's shown name.
        by: Cow<'static, str>,
    },
    /// Follows a directory, and changes only there.
    Mirrored,
    /// Was changed by somebody after the plan was made.
    ChangedMeanwhile,
    /// The HTML of a template has something at `line` that `problem` describes.
    Markup {
        /// The line, beginning with 1.
        line: u64,
        /// What is wrong there.
        problem: MarkupProblem,
    },
}

/// What is wrong in the HTML of a template; the refused value says with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkupProblem {
    /// The element is not one of those that templates may have.
    Element,
    /// The element may not stand where it does.
    Place,
    /// The attribute is not one of those that the element may have.
    Attribute,
    /// The value is not one of those that the attribute may have.
    Value,
    /// The element is not closed.
    NotClosed,
    /// Closes an element that is not open.
    NotOpen,
    /// No placeholder of this kind of template, nor a text of it.
    Placeholder,
    /// No slot of this kind of template.
    Slot,
    /// The slot is there twice.
    SlotTwice,
    /// The slot must be there.
    SlotMissing,
    /// Text where only elements may be.
    Text,
    /// No HTML at all: a broken tag, a declaration, or a character that is none.
    Syntax,
}

impl fmt::Display for MarkupProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Element => "this element is not allowed in templates",
            Self::Place => "this element may not stand here",
            Self::Attribute => "this attribute is not allowed here",
            Self::Value => "this value is not allowed here",
            Self::NotClosed => "this element is not closed",
            Self::NotOpen => "this closes no open element",
            Self::Placeholder => "there is no such placeholder or text",
            Self::Slot => "there is no such slot in templates of this kind",
            Self::SlotTwice => "this slot is there already",
            Self::SlotMissing => "this slot must be there",
            Self::Text => "only elements may stand here, no text",
            Self::Syntax => "this is not well-formed HTML",
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("must not be empty"),
            Self::TooLong { max, unit } => write!(f, "must have at most {max} {unit}"),
            Self::TooShort { min } => write!(f, "must have at least {min} characters"),
            Self::OutOfRange { min, max } => write!(f, "must be between {min} and {max}"),
            Self::Format { expected } => write!(f, "must be {expected}"),
            Self::OneOf { allowed } => write!(f, "must be one of: {allowed}"),
            Self::OnlyForServices => f.write_str("is only for services (UCMA endpoints)"),
            Self::OnlyForPersons => f.write_str("is only for persons, not for services (UCMA endpoints)"),
            Self::Needs { other } => write!(f, "needs `{other}` to be set"),
            Self::Excludes { other } => write!(f, "cannot be set together with `{other}`"),
            Self::Cycle => f.write_str("must not be the node itself or one of its descendants"),
            Self::Unknown => f.write_str("names nothing that exists here"),
            Self::Duplicate => f.write_str("must appear only once"),
            Self::Fixed => f.write_str("cannot be changed once set"),
            Self::BeyondOwnRights => f.write_str("exceeds your own rights"),
            Self::NotUtf8 => f.write_str("must be valid UTF-8"),
            Self::Ambiguous => f.write_str("is claimed by several entries of the directory"),
            Self::Held { by } => write!(f, "must not be the address of another contact, `{by}`"),
            Self::Mirrored => f.write_str("follows the directory that it comes from and can only be changed there"),
            Self::ChangedMeanwhile => f.write_str("must not have changed since the plan was made"),
            Self::Markup { line, problem } => write!(f, "line {line}: {problem}"),
        }
    }
}

/// Collects refusals of one value, so that all are reported at once.
#[derive(Debug, Default)]
pub struct Refusals(Vec<Invalid>);

impl Refusals {
    /// Adds a refusal unless `holds`.
    pub fn require(&mut self, holds: bool, field: &str, value: impl fmt::Display, rule: Rule) {
        if !holds {
            self.0.push(Invalid::new(field, value, rule));
        }
    }

    /// Refuses text longer than `max` characters or with control characters other than line breaks.
    pub fn text(&mut self, field: &str, value: &str, max: usize) {
        self.require(
            value.chars().count() <= max,
            field,
            value,
            Rule::TooLong { max: max as u64, unit: "characters".into() },
        );
        self.require(
            !value.chars().any(|c| c.is_control() && c != '\n' && c != '\t'),
            field,
            value.escape_debug(),
            Rule::Format { expected: "text without control characters".into() },
        );
    }

    /// Refuses an empty text, or one that [`Refusals::text`] refuses.
    pub fn required_text(&mut self, field: &str, value: &str, max: usize) {
        self.require(!value.trim().is_empty(), field, value, Rule::Required);
        self.text(field, value, max);
    }

    /// Adds refusals found elsewhere.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Invalid>) {
        self.0.extend(others);
    }

    /// `Ok` when nothing was refused.
    pub fn finish(self) -> Result<(), Vec<Invalid>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
