//! The CSS variables that templates may set: which there are, and what they may be.

use std::sync::LazyLock;

use regex::Regex;

/// What a variable may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VariableKind {
    Colour,
    Length,
    Font,
}

use VariableKind::{Colour, Font, Length};

/// Every variable, as `docs/widget.md` has them.
const VARIABLES: [(&str, VariableKind); 18] = [
    ("--switchboard-font", Font),
    ("--switchboard-ink", Colour),
    ("--switchboard-muted", Colour),
    ("--switchboard-ground", Colour),
    ("--switchboard-line", Colour),
    ("--switchboard-accent", Colour),
    ("--switchboard-error", Colour),
    ("--switchboard-radius", Length),
    ("--switchboard-gap", Length),
    ("--switchboard-card-width", Length),
    ("--switchboard-available", Colour),
    ("--switchboard-inactive", Colour),
    ("--switchboard-busy", Colour),
    ("--switchboard-do-not-disturb", Colour),
    ("--switchboard-be-right-back", Colour),
    ("--switchboard-away", Colour),
    ("--switchboard-offline", Colour),
    ("--switchboard-unknown", Colour),
];

/// A colour in hexadecimal digits.
const HEX: &str = "#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})";

static COLOUR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"\A(?:{HEX}|light-dark\({HEX}, ?{HEX}\))\z")).ok());
static LENGTH: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\A(?:0|[0-9]{1,3}(?:\.[0-9]{1,3})?(?:px|rem|em))\z").ok());
static FONT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let family = r#"(?:[A-Za-z][A-Za-z0-9-]*|"[A-Za-z][A-Za-z0-9 -]*")"#;
    Regex::new(&format!(r"\A{family}(?:, ?{family}){{0,9}}\z")).ok()
});

impl VariableKind {
    /// What it may be, in words.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Colour => "a color such as `#0d5a63` or `light-dark(#0d5a63, #6fd0d6)`",
            Length => "a length such as `0.75rem`, `12px` or `0`",
            Font => "font families such as `\"Open Sans\", sans-serif`",
        }
    }
}

/// What the variable may be, if there is one of that name.
pub(super) fn kind_of(name: &str) -> Option<VariableKind> {
    VARIABLES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// The names of all variables, separated by commas.
pub(super) fn names() -> String {
    VARIABLES.map(|(name, _)| name).join(", ")
}

/// Whether a variable of this kind may have this value.
pub(super) fn is_value(kind: VariableKind, value: &str) -> bool {
    let pattern = match kind {
        Colour => &COLOUR,
        Length => &LENGTH,
        Font => &FONT,
    };
    value.len() <= 200 && pattern.as_ref().is_some_and(|pattern| pattern.is_match(value))
}
