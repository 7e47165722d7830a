//! The only case and accent folding in the project.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest search key, in characters (DESIGN "Store": one covering index, short rows).
pub const SEARCH_KEY_CHARS: usize = 512;

/// Folds text for comparison: compatibility forms, no accents, lower case, `ß` as `ss`, white
/// space collapsed. `Müller-Straße` becomes `muller-strasse`.
pub fn fold(text: &str) -> String {
    // Most text of a directory, and many times faster.
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_whitespace() {
            gap = !folded.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            folded.push(' ');
        }
        match c {
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            // What lower-casing adds, such as the dot of `İ`.
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

fn fold_ascii(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = !folded.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            folded.push(' ');
        }
        folded.push(c.to_ascii_lowercase());
    }
    folded
}

/// The key that a list is ordered by: the folded text, at most 128 characters.
pub fn sort_key(text: &str) -> String {
    fold(text).chars().take(128).collect()
}

/// The key that a search looks into: the folded parts, one space between them, each part once,
/// at most [`SEARCH_KEY_CHARS`] characters.
pub fn search_key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut key = String::new();
    for part in parts.into_iter().map(fold).filter(|part| !part.is_empty()) {
        if key.contains(&part) {
            continue;
        }
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&part);
    }
    key.chars().take(SEARCH_KEY_CHARS).collect()
}

/// The folded words that a search must all find, at most eight.
pub fn search_words(query: &str) -> Vec<String> {
    fold(query).split(' ').filter(|word| !word.is_empty()).take(8).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_case_accents_and_spacing() {
        for (text, folded) in [
            ("Müller-Straße", "muller-strasse"),
            ("  Åse \t Ødegård ", "ase odegard"),
            ("ŁÓDŹ", "lodz"),
            ("İstanbul", "istanbul"),
            ("Ａｎｎａ", "anna"),
            (" Plain\u{b}ASCII\u{1c} Text ", "plain ascii\u{1c} text"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(&fold(text)), folded, "folding {text} twice");
        }
    }

    #[test]
    fn a_search_key_is_bounded_and_repeats_nothing() {
        let long = "x".repeat(1000);

        assert_eq!(search_key(["Anna Berg", "anna", "a@b.c"]), "anna berg a@b.c");
        assert_eq!(search_key([long.as_str()]).chars().count(), SEARCH_KEY_CHARS);
        assert_eq!(search_words(" Ann  BERG "), ["ann", "berg"]);
    }
}
