//! What the sources that are asked over HTTP have in common.

use serde::{Deserialize, Serialize};

use crate::invalid::{Refusals, Rule};

use super::MAX_CERTIFICATE_BYTES;

/// The most domains in one list.
const MAX_DOMAINS: usize = 20;

/// How a source signs in at a token service (OAuth 2.0, RFC 6749, 4.4: client credentials).
///
/// The source's secret goes with it: the client secret or, with a certificate, its private key in PEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientCredentials {
    /// Where tokens are given, `https://…`.
    pub token_url: String,
    /// As what the gateway is registered there.
    pub client_id: String,
    /// What the token is for.
    pub scope: String,
    /// The registered certificate in PEM; the source's secret is then its private key (RSA, PKCS #8 or PKCS #1)
    /// instead of a client secret.
    #[serde(default)]
    pub certificate: Option<String>,
}

impl ClientCredentials {
    /// Refuses what cannot be right, each under its name below `path`.
    pub(super) fn refuse(&self, path: &str, refusals: &mut Refusals) {
        refuse_address(&format!("{path}.token_url"), &self.token_url, refusals);
        refusals.required_text(&format!("{path}.client_id"), &self.client_id, 256);
        refusals.required_text(&format!("{path}.scope"), &self.scope, 1024);
        refuse_certificates(&format!("{path}.certificate"), self.certificate.as_deref(), refusals);
    }
}

/// Whether `address` is one that passwords and tokens may be sent to: encrypted, or on this very machine.
pub fn is_web_address(address: &str) -> bool {
    let (rest, is_encrypted) = match address.split_once("://") {
        Some(("https", rest)) => (rest, true),
        Some(("http", rest)) => (rest, false),
        _ => return false,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let is_plain = !address.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@' || c == '#');
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "::1");
    is_plain && !host.is_empty() && address.len() <= 512 && (is_encrypted || is_here)
}

pub(super) fn refuse_address(field: &str, address: &str, refusals: &mut Refusals) {
    let expected = "an address such as https://mail.example.com/path, without a user name";
    refusals.require(is_web_address(address), field, address, Rule::Format { expected: expected.into() });
}

pub(super) fn refuse_certificates(field: &str, pem: Option<&str>, refusals: &mut Refusals) {
    let length = pem.unwrap_or_default().len();
    let rule = Rule::TooLong { max: MAX_CERTIFICATE_BYTES as u64, unit: "bytes".into() };
    refusals.require(length <= MAX_CERTIFICATE_BYTES, field, format_args!("{length} bytes"), rule);
    let is_text = pem.unwrap_or_default().chars().all(|sign| !sign.is_control() || sign.is_ascii_whitespace());
    let rule = Rule::Format { expected: "text without control characters".into() };
    refusals.require(is_text, field, format_args!("{length} bytes"), rule);
}

pub(super) fn refuse_domains(field: &str, domains: &[String], refusals: &mut Refusals) {
    let rule = Rule::TooLong { max: MAX_DOMAINS as u64, unit: "domains".into() };
    refusals.require(domains.len() <= MAX_DOMAINS, field, domains.len(), rule);
    for domain in domains.iter().take(MAX_DOMAINS) {
        let rule = Rule::Format { expected: "a domain such as example.com".into() };
        refusals.require(is_domain(domain), field, domain, rule);
    }
}

/// A name of two labels at least: all of `com` is not one company's.
fn is_domain(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    // Numbers alone would be an address.
    let is_named = name.rsplit('.').next().is_some_and(|last| last.contains(|c: char| c.is_ascii_alphabetic()));
    name.len() <= 253 && name.contains('.') && is_named && name.split('.').all(is_label)
}

pub(super) fn refuse_seconds(field: &str, seconds: u32, refusals: &mut Refusals) {
    let range = Rule::OutOfRange { min: 1, max: 600 };
    refusals.require((1..=600).contains(&seconds), field, seconds, range);
}

/// Scheme, host and port of an address: paths and queries may hold secrets.
pub fn origin_of(address: &str) -> &str {
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find(['/', '?', '#', '\\']).map_or(address.len(), |at| host + at);
    &address[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_holds_nothing_of_the_path() {
        for (address, origin) in [
            ("https://hooks.example.com/T0/B0/secret?x=y", "https://hooks.example.com"),
            ("https://hooks.example.com:8443?key=secret", "https://hooks.example.com:8443"),
            ("https://[2001:db8::1]#x", "https://[2001:db8::1]"),
            ("https://hooks.example.com", "https://hooks.example.com"),
            ("hooks.example.com/x", "hooks.example.com"),
        ] {
            assert_eq!(origin_of(address), origin, "{address}");
        }
    }

    #[test]
    fn secrets_go_only_where_nobody_else_can_read_them() {
        for (address, allowed) in [
            ("https://mail.example.com/EWS/Exchange.asmx", true),
            ("https://[2001:db8::1]:8443/", true),
            ("http://127.0.0.1:8080/EWS/Exchange.asmx", true),
            ("http://[::1]:8080/", true),
            ("http://localhost", true),
            ("http://mail.example.com/EWS/Exchange.asmx", false),
            ("http://127.0.0.1.example.com/", false),
            ("http://localhost@example.com/", false),
            ("https://user:password@mail.example.com/", false),
            ("https://", false),
            ("https:///EWS", false),
            ("https://mail example.com/", false),
            ("ldaps://mail.example.com", false),
            ("mail.example.com", false),
            ("", false),
        ] {
            assert_eq!(is_web_address(address), allowed, "{address}");
        }
        assert!(!is_web_address(&format!("https://{}", "x".repeat(600))));
    }

    #[test]
    fn a_domain_is_one_companys() {
        for (name, expected) in [
            ("example.com", true),
            ("corp.example.local", true),
            ("xn--mller-kva.de", true),
            ("com", false),
            (".com", false),
            ("example.com.", false),
            ("-a.com", false),
            ("10.0.0.1", false),
            ("exa mple.com", false),
            ("*.example.com", false),
            ("", false),
        ] {
            assert_eq!(is_domain(name), expected, "{name}");
        }
    }
}
