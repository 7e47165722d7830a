//! The HTML of templates, by a list of what it may have. On the list is what puts text in order, and links to
//! people's usual places; nothing that runs, loads, styles, or names anything outside of the template.
//!
//! Twice: [`refusals`] reads the tokens of what somebody entered, and says line by line what is not on the list;
//! nothing of it is kept then. [`clean`] makes a tree of what is kept, as a browser would, and writes it again with
//! what is on the list. Either would do; what one of them overlooks, the other does not.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, EndTag, Tag, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use regex::Regex;

use super::{MAX_HTML_BYTES, TemplateKind};
use crate::invalid::{Invalid, MarkupProblem, Rule};

/// The elements, and where they may stand.
const ELEMENTS: [(&str, Model); 17] = [
    ("div", Model::Flow),
    ("p", Model::Text),
    ("span", Model::Text),
    ("strong", Model::Text),
    ("em", Model::Text),
    ("small", Model::Text),
    ("a", Model::Text),
    ("ul", Model::Items),
    ("ol", Model::Items),
    ("li", Model::Flow),
    ("dl", Model::Terms),
    ("dt", Model::Text),
    ("dd", Model::Flow),
    ("br", Model::Nothing),
    ("hr", Model::Nothing),
    ("slot", Model::Nothing),
    ("section", Model::Flow),
];

/// Elements that stand in a line of text.
const IN_TEXT: [&str; 6] = ["span", "strong", "em", "small", "a", "br"];

/// The classes that the widget has styles for.
pub const CLASSES: [&str; 12] =
    ["row", "column", "wrap", "grow", "center", "end", "spread", "small", "large", "strong", "muted", "box"];

/// The schemes of links.
const SCHEMES: [&str; 3] = ["https", "mailto", "tel"];

/// The deepest nesting.
const MAX_DEPTH: usize = 32;
/// So many refusals are told at most.
const MAX_REFUSALS: usize = 50;

/// What an element may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    /// Blocks, text and slots.
    Flow,
    /// A line of text.
    Text,
    /// `li` alone.
    Items,
    /// `dt` and `dd` alone.
    Terms,
    /// It has no end and holds nothing, but for a slot, which has an end.
    Nothing,
}

impl Model {
    fn of(element: &str) -> Option<Self> {
        ELEMENTS.iter().find(|(known, _)| *known == element).map(|(_, model)| *model)
    }

    fn may_hold(self, element: &str) -> bool {
        match self {
            Self::Flow => !["li", "dt", "dd"].contains(&element),
            Self::Text => IN_TEXT.contains(&element),
            Self::Items => element == "li",
            Self::Terms => ["dt", "dd"].contains(&element),
            Self::Nothing => false,
        }
    }

    fn may_hold_text(self) -> bool {
        matches!(self, Self::Flow | Self::Text)
    }
}

static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{\{ *([a-z0-9_.]*) *\}\}").ok());

/// Everything in `html` that a template of this kind may not have, with its line.
pub fn refusals(kind: TemplateKind, html: &str) -> Vec<Invalid> {
    if html.len() > MAX_HTML_BYTES {
        let rule = Rule::TooLong { max: MAX_HTML_BYTES as u64, unit: "bytes".into() };
        return vec![Invalid::new("html", html, rule)];
    }
    read(kind, html).refused
}

/// Placeholders of texts that `is_known` does not know.
pub(super) fn unknown_texts(
    kind: TemplateKind,
    html: &str,
    is_known: impl Fn(&str) -> bool,
) -> impl Iterator<Item = Invalid> {
    let texts = read(kind, html).texts.into_iter().filter(move |(key, _)| !is_known(key));
    texts.map(|(key, line)| refusal(format!("{{{{t.{key}}}}}"), line, MarkupProblem::Placeholder))
}

/// How often HTML is cleaned at most until nothing more changes.
const MOST_PASSES: usize = 8;

/// `html` with what a template of this kind may have, and nothing else. Cleaning twice changes nothing more.
pub fn clean(kind: TemplateKind, html: &str) -> String {
    let slots = HashMap::from([("name", kind.slots().iter().copied().collect::<HashSet<_>>())]);
    let classes: HashSet<&str> = CLASSES.into_iter().collect();
    let elements = || ELEMENTS.iter().map(|(element, _)| *element);
    let mut builder = Builder::empty();
    builder
        .tags(elements().collect())
        .clean_content_tags(["script", "style", "iframe", "noscript", "template", "textarea", "title"].into())
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .tag_attribute_values(HashMap::from([("slot", slots)]))
        .generic_attributes(HashSet::from(["lang", "dir"]))
        .allowed_classes(elements().map(|element| (element, classes.clone())).collect())
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::Deny)
        .link_rel(None)
        .strip_comments(true);
    // What went may have held others in their places, and characters may have stood there by their numbers.
    let mut shown = html.to_owned();
    for _ in 0..MOST_PASSES {
        let cleaned = builder.clean(&printable(&shown)).to_string();
        if cleaned == shown {
            break;
        }
        shown = cleaned;
    }
    shown
}

/// Without the characters that HTML may not have.
fn printable(html: &str) -> String {
    let is_none = |char: char| {
        let code = u32::from(char);
        (char.is_control() && !matches!(char, '\n' | '\t'))
            || code & 0xfffe == 0xfffe
            || (0xfdd0..=0xfdef).contains(&code)
    };
    html.chars().filter(|char| !is_none(*char)).collect()
}

fn refusal(value: impl std::fmt::Display, line: u64, problem: MarkupProblem) -> Invalid {
    Invalid::new("html", value, Rule::Markup { line, problem })
}

fn read(kind: TemplateKind, html: &str) -> Reading {
    let reader = Reader { kind, reading: RefCell::default() };
    let tokenizer = Tokenizer::new(reader, TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() });
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    // Nothing of what the reader answers makes it stop before the end.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let reader = tokenizer.sink;
    let mut reading = reader.reading.into_inner();
    reading.finish(kind);
    reading
}

/// What was read of a template.
#[derive(Debug, Default)]
struct Reading {
    refused: Vec<Invalid>,
    /// Elements that are open, with their lines.
    open: Vec<(String, u64)>,
    /// Slots that are there.
    slots: HashSet<String>,
    /// The keys of texts that are asked for, with their lines.
    texts: Vec<(String, u64)>,
    /// Text since the last tag, and its line: tokens may end in the middle of a placeholder.
    text: Option<(String, u64)>,
    line: u64,
}

struct Reader {
    kind: TemplateKind,
    reading: RefCell<Reading>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut reading = self.reading.borrow_mut();
        // A text counts from where it begins, everything else to where it ends.
        if let Token::CharacterTokens(text) = &token {
            let started = line.saturating_sub(text.matches('\n').count() as u64).max(1);
            let (known, _) = reading.text.get_or_insert_with(|| (String::new(), started));
            known.push_str(text);
            reading.line = line;
            return TokenSinkResult::Continue;
        }
        reading.end_text(self.kind);
        reading.line = line;
        match token {
            Token::TagToken(tag) if tag.kind == EndTag => reading.end_tag(&tag),
            Token::TagToken(tag) => reading.start_tag(self.kind, &tag),
            Token::DoctypeToken(_) => reading.refuse("<!doctype>", MarkupProblem::Syntax),
            Token::NullCharacterToken => reading.refuse("\\0", MarkupProblem::Syntax),
            Token::ParseError(what) => reading.refuse(what, MarkupProblem::Syntax),
            Token::CommentToken(_) | Token::EOFToken | Token::CharacterTokens(_) => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reading {
    fn refuse(&mut self, value: impl std::fmt::Display, problem: MarkupProblem) {
        self.refuse_at(value, self.line, problem);
    }

    fn refuse_at(&mut self, value: impl std::fmt::Display, line: u64, problem: MarkupProblem) {
        if self.refused.len() < MAX_REFUSALS {
            self.refused.push(refusal(value, line, problem));
        }
    }

    fn place(&self) -> Model {
        let innermost = self.open.last().map(|(element, _)| element.as_str());
        innermost.and_then(Model::of).unwrap_or(Model::Flow)
    }

    fn start_tag(&mut self, kind: TemplateKind, tag: &Tag) {
        let name = &*tag.name;
        let shown = format!("<{name}>");
        let Some(model) = Model::of(name) else {
            return self.refuse(shown, MarkupProblem::Element);
        };
        let is_link_in_link = name == "a" && self.open.iter().any(|(open, _)| open == "a");
        if !self.place().may_hold(name) || is_link_in_link || self.open.len() >= MAX_DEPTH {
            self.refuse(&shown, MarkupProblem::Place);
        }
        if tag.had_duplicate_attributes || (tag.self_closing && model != Model::Nothing) {
            self.refuse(&shown, MarkupProblem::Syntax);
        }
        for attribute in &tag.attrs {
            self.attribute(kind, name, &attribute.name.local, &attribute.value);
        }
        if name == "slot" && !tag.attrs.iter().any(|attribute| &*attribute.name.local == "name") {
            self.refuse(&shown, MarkupProblem::Slot);
        }
        if !["br", "hr"].contains(&name) {
            self.open.push((name.to_owned(), self.line));
        }
    }

    fn attribute(&mut self, kind: TemplateKind, element: &str, name: &str, value: &str) {
        let shown = format!("{name}=\"{value}\"");
        let is_known = match (element, name) {
            ("slot", "name") => return self.slot(kind, value),
            (_, "class") => value.split_ascii_whitespace().all(|class| CLASSES.contains(&class)),
            (_, "lang") => crate::presence::custom::is_language(value),
            (_, "dir") => ["ltr", "rtl", "auto"].contains(&value),
            ("a", "href") => is_address(value),
            _ => return self.refuse(shown, MarkupProblem::Attribute),
        };
        if !is_known {
            self.refuse(shown, MarkupProblem::Value);
        }
    }

    fn slot(&mut self, kind: TemplateKind, name: &str) {
        if !kind.slots().contains(&name) {
            self.refuse(name, MarkupProblem::Slot);
        } else if !self.slots.insert(name.to_owned()) {
            self.refuse(name, MarkupProblem::SlotTwice);
        }
    }

    fn end_tag(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let Some(at) = self.open.iter().rposition(|(open, _)| open == name) else {
            return self.refuse(format!("</{name}>"), MarkupProblem::NotOpen);
        };
        for (open, line) in self.open.split_off(at).into_iter().skip(1) {
            self.refuse_at(format!("<{open}>"), line, MarkupProblem::NotClosed);
        }
    }

    fn end_text(&mut self, kind: TemplateKind) {
        let Some((text, line)) = self.text.take() else { return };
        let is_blank = text.trim_matches(|char: char| char.is_ascii_whitespace()).is_empty();
        if !is_blank && !self.place().may_hold_text() {
            self.refuse_at(text.trim(), line, MarkupProblem::Text);
        }
        let mut rest = text.as_str();
        let mut line = line;
        while let Some(at) = rest.find("{{") {
            line += rest[..at].matches('\n').count() as u64;
            rest = &rest[at..];
            let found = PLACEHOLDER.as_ref().and_then(|pattern| pattern.captures(rest));
            let found = found.filter(|found| found.get(0).is_some_and(|whole| whole.start() == 0));
            let shown: String = rest.chars().take_while(|char| *char != '\n').take(40).collect();
            let (key, length) = found.map_or(("", 2), |found| {
                (found.get(1).map_or("", |key| key.as_str()), found.get(0).map_or(2, |whole| whole.len()))
            });
            match key.strip_prefix("t.") {
                Some(key) if super::is_key(key) => self.texts.push((key.to_owned(), line)),
                None if kind.placeholders().contains(&key) => {}
                _ => self.refuse_at(shown, line, MarkupProblem::Placeholder),
            }
            rest = &rest[length..];
        }
    }

    /// At the end: what is not closed, and which slots are missing.
    fn finish(&mut self, kind: TemplateKind) {
        self.end_text(kind);
        for (open, line) in std::mem::take(&mut self.open) {
            self.refuse_at(format!("<{open}>"), line, MarkupProblem::NotClosed);
        }
        for slot in kind.required_slots() {
            if !self.slots.contains(*slot) {
                self.refuse(format!("<slot name=\"{slot}\">"), MarkupProblem::SlotMissing);
            }
        }
    }
}

/// Whether links may lead there: whole addresses of three kinds, without anything that hides in them.
fn is_address(text: &str) -> bool {
    let is_plain = text.len() <= 500 && text.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) && !text.contains('{');
    let rest = SCHEMES.iter().find_map(|scheme| text.strip_prefix(scheme)?.strip_prefix(':'));
    is_plain && rest.is_some_and(|rest| !text.starts_with("https") || rest.starts_with("//") && rest.len() > 2)
}
