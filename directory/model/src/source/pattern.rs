//! Regular expressions that tenants write, under limits.

use regex::{Regex, RegexBuilder};

/// The longest expression and the longest replacement, in characters.
pub(super) const MAX_CHARS: usize = 256;
/// How large one may become when it is prepared, and what it may keep in mind while it searches.
const MAX_BYTES: usize = 1024 * 1024;
/// How deep one may nest.
const MAX_DEPTH: u32 = 32;

/// The expression, prepared; `None` when it is none or larger than allowed. Its searches take time
/// in proportion to the text, whatever it says.
pub fn compiled(pattern: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(pattern);
    builder.size_limit(MAX_BYTES).dfa_size_limit(MAX_BYTES).nest_limit(MAX_DEPTH).build().ok()
}

/// The first group that `replacement` names and `pattern` does not have. `$1a` is the group `1a`:
/// whoever means the first one writes `${1}a`.
pub(super) fn unknown_group<'r>(pattern: &Regex, replacement: &'r str) -> Option<&'r str> {
    let is_known = |name: &str| match name.parse::<usize>() {
        Ok(number) => number < pattern.captures_len(),
        Err(_) => pattern.capture_names().flatten().any(|known| known == name),
    };
    groups(replacement).into_iter().find(|name| !is_known(name))
}

/// The groups that a replacement names.
fn groups(replacement: &str) -> Vec<&str> {
    let mut groups = Vec::new();
    let mut rest = replacement;
    while let Some((_, after)) = rest.split_once('$') {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        rest = after;
        if let Some(escaped) = after.strip_prefix('$') {
            rest = escaped;
        } else if let Some((name, others)) = after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            groups.push(name);
            rest = others;
        } else {
            let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
            groups.extend(Some(&after[..end]).filter(|name| !name.is_empty()));
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_that_are_none_or_too_large_are_refused() {
        for pattern in [r"^(\w+)\s+(\w+)$", r"^\p{L}{1,10}$", "", "^tel:(.*)$", "(?i)^ext"] {
            assert!(compiled(pattern).is_some(), "{pattern}");
        }
        let deep = format!("{}a{}", "(".repeat(100), ")".repeat(100));
        for pattern in ["(", "a{1000}{1000}", r"\w{5000}", r"(a)\1", "(?=a)", &deep] {
            assert!(compiled(pattern).is_none(), "{pattern}");
        }
    }

    #[test]
    fn groups_that_do_not_exist_are_found() {
        let pattern = compiled(r"^(?<first>\w+) (\w+)$").unwrap();

        for (replacement, unknown) in [
            ("$first.$2", None),
            ("${first}x$$9$0", None),
            ("price: $", None),
            ("$3", Some("3")),
            ("$1a", Some("1a")),
            ("${last}", Some("last")),
            ("$first_name", Some("first_name")),
        ] {
            assert_eq!(unknown_group(&pattern, replacement), unknown, "{replacement}");
        }
    }
}
