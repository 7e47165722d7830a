//! What visitors see around contacts and forms: HTML with slots and placeholders, CSS variables, and texts in
//! several languages. Four built-in ones that every tenant has, and those that were derived from them.
//!
//! What a template leaves open is as in the one that it is derived from, and as in the built-in one at last.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{NotAnId, SiteId, TemplateId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::presence::custom::is_language;
use crate::timestamp::Timestamp;
use crate::valid::{Check, trimmed};

mod built_in;
mod content;
pub mod html;
mod resolve;
mod variable;

pub use resolve::{Resolved, ResolvedText, resolve};

use variable::is_value;

/// The longest HTML, in bytes.
pub const MAX_HTML_BYTES: usize = 32 * 1024;
/// The most languages of a template.
pub const MAX_LANGUAGES: usize = 20;
/// The most texts in one language.
pub const MAX_TEXTS: usize = 200;
/// The longest text, in characters.
pub const MAX_TEXT_CHARS: usize = 1000;
/// All texts together, in bytes.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;
/// The most templates of a tenant.
pub const MAX_TEMPLATES: usize = 200;

/// What a template is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateKind {
    /// The card of a contact or group.
    Contact,
    /// What stands around the ways to write to somebody.
    Conversation,
    /// The form for a message.
    CustomerForm,
    /// The form for a callback.
    Callback,
}

impl TemplateKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Contact, Self::Conversation, Self::CustomerForm, Self::Callback];

    /// The word on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Conversation => "conversation",
            Self::CustomerForm => "customer_form",
            Self::Callback => "callback",
        }
    }
}

/// Where on the page it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// Where the page has the element.
    #[default]
    Embedded,
    /// In a panel over the page, that a button in the corner opens.
    Floating,
}

/// What a template is known by: the kind of a built-in one, or the identity of one of the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum TemplateName {
    /// The built-in one of a kind.
    BuiltIn(TemplateKind),
    /// One that the tenant made.
    Own(TemplateId),
}

impl fmt::Display for TemplateName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(kind) => f.write_str(kind.code()),
            Self::Own(id) => id.fmt(f),
        }
    }
}

impl FromStr for TemplateName {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let kind = TemplateKind::ALL.into_iter().find(|kind| kind.code() == text);
        kind.map_or_else(|| text.parse().map(Self::Own), |kind| Ok(Self::BuiltIn(kind)))
    }
}

impl From<TemplateName> for String {
    fn from(name: TemplateName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for TemplateName {
    type Error = NotAnId;

    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl utoipa::PartialSchema for TemplateName {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

impl utoipa::ToSchema for TemplateName {}

/// Texts by key, by language.
pub type Texts = BTreeMap<String, BTreeMap<String, String>>;

/// What can be set on a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateFields {
    /// What it is of; fixed once set.
    pub kind: TemplateKind,
    /// Unique in the tenant when folded, 1 to 80 characters.
    pub name: String,
    /// What it is for, at most 250 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// The site whose publications may have it; all publications when absent. Fixed once set.
    #[serde(default)]
    pub site: Option<SiteId>,
    /// The template that it is derived from: one of all publications, of the same kind and itself derived from the
    /// built-in one; the built-in one when absent. Fixed once set.
    #[serde(default)]
    pub derived_from: Option<TemplateId>,
    /// Publications of its site, or all, have it unless they say otherwise.
    #[serde(default)]
    pub is_default: bool,
    /// Where on the page it stands, if it is of contacts; as in what it is derived from when absent.
    #[serde(default)]
    pub placement: Option<Placement>,
    /// Its HTML, at most 32 KiB; that of what it is derived from when absent.
    #[serde(default)]
    pub html: Option<String>,
    /// CSS variables, such as `--switchboard-accent`; others are as in what it is derived from.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Texts by language, such as `de-AT`, and key: at most 20 languages of 200 texts, in all 64 KiB. What is
    /// missing is looked for in the shorter language, in English, and in what it is derived from.
    #[serde(default)]
    pub texts: Texts,
}

/// A template as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// What it is known by.
    pub id: TemplateName,
    /// What can be set.
    pub fields: TemplateFields,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made; never for a built-in one.
    pub created_at: Option<Timestamp>,
    /// When it last changed; never for a built-in one.
    pub updated_at: Option<Timestamp>,
}

impl TemplateFields {
    /// What the template of this kind looks like that every tenant has.
    pub fn built_in(kind: TemplateKind) -> Self {
        built_in::fields(kind)
    }

    /// A template of this kind that differs from the built-in one in nothing but its name.
    pub fn named(kind: TemplateKind, name: &str) -> Self {
        Self {
            kind,
            name: name.into(),
            description: None,
            site: None,
            derived_from: None,
            is_default: false,
            placement: None,
            html: None,
            variables: BTreeMap::new(),
            texts: Texts::new(),
        }
    }

    /// Refuses placeholders for texts that neither the template nor `base` has in any language.
    pub fn refuse_unknown_texts(&self, base: Option<&Self>) -> Result<(), Vec<Invalid>> {
        let built_in = Self::built_in(self.kind);
        let layers = [Some(self), base, Some(&built_in)];
        let is_known =
            |key: &str| layers.iter().flatten().any(|layer| layer.texts.values().any(|texts| texts.contains_key(key)));
        let html = self.html.as_deref().unwrap_or_default();
        let found: Vec<Invalid> = html::unknown_texts(self.kind, html, is_known).collect();
        if found.is_empty() { Ok(()) } else { Err(found) }
    }

    fn refuse_texts(&self, refusals: &mut Refusals) {
        let many = Rule::TooLong { max: MAX_LANGUAGES as u64, unit: "languages".into() };
        refusals.require(self.texts.len() <= MAX_LANGUAGES, "texts", self.texts.len(), many);
        let (mut bytes, mut known) = (0, BTreeSet::new());
        for (language, texts) in &self.texts {
            let field = format!("texts.{language}");
            let rule = Rule::Format { expected: "a language such as `de` or `pt-BR`".into() };
            refusals.require(is_language(language), &field, language, rule);
            let is_new = known.insert(language.to_ascii_lowercase());
            refusals.require(is_new, &field, language, Rule::Duplicate);
            let many = Rule::TooLong { max: MAX_TEXTS as u64, unit: "texts".into() };
            refusals.require(texts.len() <= MAX_TEXTS, &field, texts.len(), many);
            for (key, text) in texts {
                let field = format!("texts.{language}.{key}");
                let expected = "a key such as `greeting`: a to z, 0 to 9 and _, at most 64 characters";
                refusals.require(is_key(key), &field, key, Rule::Format { expected: expected.into() });
                refusals.required_text(&field, text, MAX_TEXT_CHARS);
                bytes += key.len() + text.len();
            }
        }
        let long = Rule::TooLong { max: MAX_TEXT_BYTES as u64, unit: "bytes".into() };
        refusals.require(bytes <= MAX_TEXT_BYTES, "texts", bytes, long);
    }
}

impl Check for TemplateFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        self.description = trimmed(self.description);
        // Kept as it was entered, comments and lines included: it is cleaned whenever it is given out.
        self.html = self.html.map(|html| html.trim_end().to_owned()).filter(|html| !html.is_empty());
        for value in self.variables.values_mut() {
            *value = value.trim().to_owned();
        }
        self.texts.retain(|_, texts| !texts.is_empty());
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, 80);
        refusals.text("description", self.description.as_deref().unwrap_or_default(), 250);
        if self.kind != TemplateKind::Contact {
            let rule = Rule::Needs { other: Cow::Borrowed("kind: contact") };
            refusals.require(self.placement.is_none(), "placement", self.kind.code(), rule);
        }
        refusals.extend(self.html.iter().flat_map(|html| html::refusals(self.kind, html)));
        for (name, value) in &self.variables {
            let field = format!("variables.{name}");
            match variable::kind_of(name) {
                Some(kind) => {
                    let rule = Rule::Format { expected: kind.expected().into() };
                    refusals.require(is_value(kind, value), &field, value, rule);
                }
                None => refusals.require(false, &field, name, Rule::OneOf { allowed: variable::names().into() }),
            }
        }
        self.refuse_texts(&mut refusals);
        refusals.finish()
    }
}

/// Whether texts may be called so.
fn is_key(key: &str) -> bool {
    let is_first = key.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    is_first && key.len() <= 64 && key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

#[cfg(test)]
mod tests;
