//! A Lync or Skype for Business server as it is configured.

use serde::{Deserialize, Serialize};

use crate::invalid::{Refusals, Rule};

use super::web::{refuse_address, refuse_certificates, refuse_seconds};

/// The most domains of one source.
const MAX_DOMAINS: usize = 20;

/// How a Lync or Skype for Business server is asked, over UCWA.
///
/// It cannot list everybody: people and photos are looked up by SIP or mail address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UcwaConnection {
    /// Where the server says who is asked: `https://lyncdiscoverinternal.example.com/`.
    pub url: String,
    /// Besides that one, servers in these domains may be asked when it points to them.
    pub domains: Vec<String>,
    /// `anna@example.com`, a user who is enabled for the server; the source's secret is the password.
    pub user_name: String,
    /// PEM certificates to trust besides the system's.
    #[serde(default)]
    pub trusted_certificates: Option<String>,
    /// How long one request may take, 1 to 600.
    #[serde(default = "super::default_timeout")]
    pub timeout_seconds: u32,
}

impl UcwaConnection {
    pub(super) fn refuse(&self, refusals: &mut Refusals) {
        refuse_address("connection.url", &self.url, refusals);
        let rule = Rule::TooLong { max: MAX_DOMAINS as u64, unit: "domains".into() };
        let count = self.domains.len();
        refusals.require(count <= MAX_DOMAINS, "connection.domains", count, rule);
        for domain in self.domains.iter().take(MAX_DOMAINS) {
            let rule = Rule::Format { expected: "a domain such as example.com".into() };
            refusals.require(is_domain(domain), "connection.domains", domain, rule);
        }
        refusals.required_text("connection.user_name", &self.user_name, 256);
        refuse_certificates("connection.trusted_certificates", self.trusted_certificates.as_deref(), refusals);
        refuse_seconds("connection.timeout_seconds", self.timeout_seconds, refusals);
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

#[cfg(test)]
mod tests {
    use super::*;

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
