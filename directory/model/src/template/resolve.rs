//! What a template comes to, with what it is derived from, for somebody who reads certain languages.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Placement, TemplateFields, TemplateKind, html};

/// The language in which there is most.
const USUAL_LANGUAGE: &str = "en";
/// More parts than any tag has that people choose.
const MAX_SUBTAGS: usize = 4;

/// A template as visitors get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Resolved {
    /// What it is of.
    pub kind: TemplateKind,
    /// Where on the page it stands.
    pub placement: Placement,
    /// Its HTML, with nothing in it that is not on the list.
    pub html: String,
    /// CSS variables by name.
    pub variables: BTreeMap<String, String>,
    /// Texts by key.
    pub texts: BTreeMap<String, ResolvedText>,
}

/// A text, and in which language it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ResolvedText {
    /// The text.
    pub text: String,
    /// Its language, as the template calls it.
    pub language: String,
}

/// What `layers` come to: a template, what it is derived from, and so on; the built-in one need not be among them.
/// Each text is in `language`, in its shorter forms, or in English, whichever is there first; if none is, it is the
/// built-in one's, and in whatever language there is at last.
pub fn resolve(kind: TemplateKind, layers: &[&TemplateFields], language: &str) -> Resolved {
    let built_in = TemplateFields::built_in(kind);
    let all = || layers.iter().copied().chain([&built_in]);
    let html = all().find_map(|layer| layer.html.as_deref()).unwrap_or_default();
    let mut variables = BTreeMap::new();
    for (name, value) in all().flat_map(|layer| &layer.variables) {
        variables.entry(name.clone()).or_insert_with(|| value.clone());
    }
    let keys: BTreeSet<&String> = all().flat_map(|layer| layer.texts.values()).flat_map(BTreeMap::keys).collect();
    let wanted = languages(language);
    let text = |key: &String| {
        let of = |layers: &[&TemplateFields]| in_wanted(layers, &wanted, key);
        let found = of(layers).or_else(|| of(&[&built_in])).or_else(|| in_any(all(), key))?;
        Some((key.clone(), found))
    };
    Resolved {
        kind,
        placement: all().find_map(|layer| layer.placement).unwrap_or_default(),
        html: html::clean(kind, html),
        variables,
        texts: keys.into_iter().filter_map(text).collect(),
    }
}

/// The language and its shorter forms, then English: `de-at`, `de`, `en`.
fn languages(language: &str) -> Vec<String> {
    let parts: Vec<&str> = language.split('-').take(MAX_SUBTAGS).collect();
    let mut found: Vec<String> =
        (1..=parts.len()).rev().map(|count| parts[..count].join("-").to_ascii_lowercase()).collect();
    found.retain(|tag| !tag.is_empty());
    found.push(USUAL_LANGUAGE.to_owned());
    found
}

fn in_wanted(layers: &[&TemplateFields], wanted: &[String], key: &str) -> Option<ResolvedText> {
    wanted.iter().find_map(|wanted| {
        layers.iter().find_map(|layer| {
            let (language, texts) = layer.texts.iter().find(|(language, _)| language.eq_ignore_ascii_case(wanted))?;
            Some(ResolvedText { text: texts.get(key)?.clone(), language: language.clone() })
        })
    })
}

fn in_any<'a>(mut layers: impl Iterator<Item = &'a TemplateFields>, key: &str) -> Option<ResolvedText> {
    layers.find_map(|layer| {
        let mut found = layer.texts.iter().filter_map(|(language, texts)| Some((language, texts.get(key)?)));
        found.next().map(|(language, text)| ResolvedText { text: text.clone(), language: language.clone() })
    })
}
