//! Search filters (RFC 4515): values put into them, and the check before one is sent.

use std::fmt::Write;

use directory_model::invalid::{Invalid, Rule};
use ldap3::asn1::Tag;

/// How deep a filter may nest. Its parser recurses, so this is checked first.
const MAX_DEPTH: usize = 32;

/// `value` as it must be written inside a filter to mean exactly itself.
pub fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '*' | '(' | ')' | '\\' | '\0' => {
                // Writing into a `String` cannot fail.
                let _ = write!(escaped, "\\{:02x}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// `bytes` as they must be written inside a filter to mean exactly themselves, text or not.
pub fn escape_bytes(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 3), |mut escaped, byte| {
        // Writing into a `String` cannot fail.
        let _ = write!(escaped, "\\{byte:02x}");
        escaped
    })
}

/// `template` with each `{}` replaced by the next of `values`, escaped; the rest stays as it is.
pub fn substitute(template: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut filter = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{}") {
        filter.push_str(before);
        match values.next() {
            Some(value) => filter.push_str(&escape(value)),
            None => filter.push_str("{}"),
        }
        rest = after;
    }
    filter.push_str(rest);
    filter
}

/// The filter as it is sent, or why it is none.
pub(crate) fn parse(filter: &str) -> Result<Tag, Invalid> {
    let mut depth = 0_usize;
    let mut deepest = 0;
    for byte in filter.bytes() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > MAX_DEPTH {
        let rule = Rule::TooLong { max: MAX_DEPTH as u64, unit: "levels of brackets".into() };
        return Err(Invalid::new("filter", filter, rule));
    }
    ldap3::parse_filter(filter.trim()).map_err(|()| {
        let expected = "a search filter such as (&(objectClass=person)(l=Berlin))".into();
        Invalid::new("filter", filter, Rule::Format { expected })
    })
}

#[cfg(test)]
mod tests {
    use ldap3::asn1::{ASNTag, PL, StructureTag};
    use proptest::prelude::*;

    use super::*;

    /// Attribute and value of an equality filter, as they are sent.
    fn equality(filter: &str) -> Option<(Vec<u8>, Vec<u8>)> {
        const EQUALITY_MATCH: u64 = 3;
        let bytes = |part: StructureTag| match part.payload {
            PL::P(bytes) => Some(bytes),
            PL::C(_) => None,
        };
        match parse(filter).ok()?.into_structure() {
            StructureTag { id: EQUALITY_MATCH, payload: PL::C(parts), .. } => {
                let [name, value] = <[StructureTag; 2]>::try_from(parts).ok()?;
                Some((bytes(name)?, bytes(value)?))
            }
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn any_value_arrives_as_itself(value in "\\PC*|[\0-~*()\\\\]+") {
            prop_assume!(!value.is_empty());

            let sent = equality(&substitute("(cn={})", &[&value]));

            prop_assert_eq!(sent, Some((b"cn".to_vec(), value.into_bytes())));
        }

        #[test]
        fn any_filter_is_parsed_or_refused(filter in "[()&|!=*a-c\\\\]{0,200}|\\PC*") {
            if let Err(invalid) = parse(&filter) {
                prop_assert_eq!(invalid.field, "filter");
            }
        }
    }

    #[test]
    fn metacharacters_stay_inside_their_value() {
        assert_eq!(
            substitute("(&(l={})(cn={}))", &["Berlin", "a*)(uid=*\\\0"]),
            r"(&(l=Berlin)(cn=a\2a\29\28uid=\2a\5c\00))"
        );
        assert_eq!(substitute("(l={})(cn={})", &["{}"]), "(l={})(cn={})");
    }

    #[test]
    fn a_filter_that_nests_too_deep_is_refused_before_it_is_parsed() {
        let deep = |levels: usize| format!("{}(a=b){}", "(!".repeat(levels), ")".repeat(levels));

        parse(&deep(20)).expect("deep, but not too deep");
        assert!(matches!(parse(&deep(100_000)).expect_err("too deep").rule, Rule::TooLong { .. }));
        assert!(matches!(parse("(cn=anna").expect_err("open").rule, Rule::Format { .. }));
    }
}
