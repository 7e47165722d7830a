//! What is written in headers (RFC 3261, 20 and 25): addresses, parameters, lists.

use std::time::Duration;

/// The parts of `value` between `separator`s that are neither in quotes nor in angle brackets.
pub(super) fn split(value: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped, mut is_bracketed) = (false, false, false);
    let parts = value.split(move |c: char| {
        if is_escaped {
            is_escaped = false;
            return false;
        }
        match c {
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '<' if !is_quoted => is_bracketed = true,
            '>' if !is_quoted => is_bracketed = false,
            _ => return c == separator && !is_quoted && !is_bracketed,
        }
        false
    });
    parts.map(str::trim).filter(|part| !part.is_empty())
}

/// A value without its quotes and escapes, if it has some.
pub(super) fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return value.to_owned() };
    let mut text = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        text.extend(if c == '\\' { characters.next() } else { Some(c) });
    }
    text
}

/// Parameters behind semicolons; names in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parameters(Vec<(String, Option<String>)>);

impl Parameters {
    fn parse<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let parameter = |part: &str| match part.split_once('=') {
            Some((name, value)) => (name.trim().to_ascii_lowercase(), Some(unquoted(value.trim()))),
            None => (part.to_ascii_lowercase(), None),
        };
        Self(parts.map(parameter).collect())
    }

    /// The value of `name`; empty when it is there without one.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_deref().unwrap_or_default())
    }
}

/// A value with parameters: `presence;id=1`, `active;expires=60`, `application/pidf+xml;charset=UTF-8`.
pub(super) fn with_parameters(value: &str) -> (&str, Parameters) {
    let mut parts = split(value, ';');
    (parts.next().unwrap_or_default(), Parameters::parse(parts))
}

/// A URI with what is said about it: `"Anna" <sip:anna@example.com>;tag=1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) uri: String,
    pub(super) parameters: Parameters,
}

impl Address {
    /// The address in `value`; `None` when there is none.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let mut parts = split(value, ';');
        let first = parts.next()?;
        let uri = match after_name(first) {
            Some(bracketed) => bracketed.split('>').next()?,
            None => first,
        };
        let is_uri =
            uri.contains(':') && !uri.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"".contains(c));
        is_uri.then(|| Self { uri: uri.to_owned(), parameters: Parameters::parse(parts) })
    }

    /// Who it is in a dialog.
    pub(super) fn tag(&self) -> Option<&str> {
        self.parameters.get("tag").filter(|tag| !tag.is_empty())
    }
}

/// What comes behind the bracket that opens a URI; a name before it may be quoted and hold brackets.
fn after_name(text: &str) -> Option<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            '<' if !is_quoted => return Some(&text[at + 1..]),
            _ => {}
        }
    }
    None
}

/// The first Via of a message: what its transaction is known by (RFC 3261, 17.2.3), and as whom the server saw us (RFC 3581).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Via {
    pub(super) sent_by: String,
    pub(super) branch: String,
    pub(super) received: Option<String>,
    pub(super) rport: Option<u16>,
}

impl Via {
    /// The first of the Vias in `value`.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let (sent, parameters) = with_parameters(split(value, ',').next()?);
        let (_transport, sent_by) = sent.split_once(char::is_whitespace)?;
        Some(Self {
            sent_by: sent_by.trim().to_ascii_lowercase(),
            branch: parameters.get("branch")?.to_owned(),
            received: parameters.get("received").map(str::to_owned),
            rport: parameters.get("rport").and_then(|port| port.parse().ok()),
        })
    }
}

/// The number and the method of a `CSeq`.
pub(super) fn cseq(value: &str) -> Option<(u32, &str)> {
    let (number, method) = value.trim().split_once(char::is_whitespace)?;
    // RFC 3261, 8.1.1.5: less than 2³¹.
    let number = number.parse().ok().filter(|number| *number < 1 << 31)?;
    Some((number, method.trim()))
}

/// Seconds, as in Expires, Min-Expires and Retry-After, where a comment may follow; at most a year.
pub(super) fn seconds(value: &str) -> Option<Duration> {
    const YEAR: u64 = 366 * 86_400;
    let digits = value.trim().split(|c: char| !c.is_ascii_digit()).next().filter(|digits| !digits.is_empty())?;
    Some(Duration::from_secs(digits.parse().unwrap_or(YEAR).min(YEAR)))
}

/// Whether `uri` can be written into a message: a SIP address with somebody in it, and nothing that ends a line or a URI.
pub(super) fn is_sip_uri(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let is_scheme = scheme.eq_ignore_ascii_case("sip") || scheme.eq_ignore_ascii_case("sips");
    let is_plain = !uri.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\".contains(c));
    is_scheme
        && is_plain
        && uri.len() <= 400
        && rest.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lists_are_split_outside_of_quotes_and_brackets() {
        let parts: Vec<_> = split(r#""a,\",b" <sip:x,y>;p=1 , <sip:z>,, "#, ',').collect();

        assert_eq!(parts, [r#""a,\",b" <sip:x,y>;p=1"#, "<sip:z>"]);
        assert_eq!(unquoted(r#""a\"b\\c""#), r#"a"b\c"#);
        assert_eq!(unquoted("plain"), "plain");
    }

    #[test]
    fn addresses_are_found_in_all_their_forms() {
        for (value, uri, tag) in [
            ("<sip:anna@example.com>;tag=1", "sip:anna@example.com", Some("1")),
            ("sip:anna@example.com;tag=1", "sip:anna@example.com", Some("1")),
            (r#""A <b>; \" c" <sip:a@b;transport=tcp>;x;tag="2""#, "sip:a@b;transport=tcp", Some("2")),
            ("Anna <sips:a@b>", "sips:a@b", None),
            ("<sip:a@b>;tag=", "sip:a@b", None),
        ] {
            let address = Address::parse(value).expect(value);
            assert_eq!((address.uri.as_str(), address.tag()), (uri, tag), "{value}");
        }
        for value in ["", "anna", "<sip:a b>", "<>", ";tag=1"] {
            assert_eq!(Address::parse(value), None, "{value}");
        }
    }

    #[test]
    fn a_via_says_how_we_were_seen() {
        let via =
            Via::parse("SIP/2.0/UDP 10.0.0.1:5062;rport=40000;received=192.0.2.1;branch=z9hG4bKx, SIP/2.0/TCP other")
                .expect("a Via");

        assert_eq!((via.sent_by.as_str(), via.branch.as_str()), ("10.0.0.1:5062", "z9hG4bKx"));
        assert_eq!((via.received.as_deref(), via.rport), (Some("192.0.2.1"), Some(40_000)));
        assert_eq!(Via::parse("SIP/2.0/UDP 10.0.0.1;rport"), None);
    }

    #[test]
    fn numbers_are_within_their_bounds() {
        assert_eq!(cseq("7 NOTIFY"), Some((7, "NOTIFY")));
        assert_eq!(cseq("2147483648 NOTIFY"), None);
        assert_eq!(cseq("7"), None);
        assert_eq!(seconds("120 (in a meeting);duration=3600"), Some(Duration::from_mins(2)));
        assert_eq!(seconds("99999999999999999999999"), seconds("31622400"));
        assert_eq!((seconds(""), seconds("soon"), seconds("-1")), (None, None, None));
        assert_eq!(with_parameters("active;expires=60").1.get("expires"), Some("60"));
    }

    #[test]
    fn only_what_fits_into_a_message_is_an_address() {
        for (uri, expected) in [
            ("sip:anna@example.com", true),
            ("SIPS:anna@[2001:db8::1]:5061", true),
            ("sip:example.com", false),
            ("sip:@example.com", false),
            ("sip:anna@", false),
            ("tel:+49", false),
            ("sip:anna@example.com>\r\nX: y", false),
            ("sip:an na@example.com", false),
            ("", false),
        ] {
            assert_eq!(is_sip_uri(uri), expected, "{uri}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[ -~]{0,60}") {
            let _ = (Address::parse(&text), Via::parse(&text), cseq(&text), seconds(&text), unquoted(&text), is_sip_uri(&text));
            prop_assert!(split(&text, ',').all(|part| !part.is_empty()));
        }
    }
}
