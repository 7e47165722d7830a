//! A web origin that may embed a publication (features.md §2.4).

use serde::{Deserialize, Serialize};

use crate::id::DomainId;
use crate::invalid::{Invalid, Refusals, Rule};
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// What can be set on a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DomainFields {
    /// Unique in the tenant when folded, 1 to 128 characters.
    pub title: String,
    /// Host names, with a port when it is not the scheme's own, without wildcards:
    /// `www.example.com`, `localhost:8081`. 1 to 50.
    pub hosts: Vec<String>,
    /// `http://` origins are allowed.
    pub is_http_allowed: bool,
    /// `https://` origins are allowed.
    pub is_https_allowed: bool,
}

impl Default for DomainFields {
    fn default() -> Self {
        Self { title: String::new(), hosts: Vec::new(), is_http_allowed: false, is_https_allowed: true }
    }
}

/// A domain as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Its public identity.
    pub id: DomainId,
    /// What can be set.
    pub fields: DomainFields,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl DomainFields {
    /// Whether a page of `origin`, as browsers write it (`https://www.example.com`), is of this domain.
    pub fn covers(&self, origin: &str) -> bool {
        let host = match (origin.strip_prefix("https://"), origin.strip_prefix("http://")) {
            (Some(host), _) if self.is_https_allowed => host,
            (_, Some(host)) if self.is_http_allowed => host,
            _ => return false,
        };
        self.hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
    }
}

impl Check for DomainFields {
    fn normal(mut self) -> Self {
        self.title = self.title.trim().to_owned();
        for host in &mut self.hosts {
            *host = host.trim().to_ascii_lowercase();
        }
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("title", &self.title, 128);
        refusals.require(!self.hosts.is_empty(), "hosts", "", Rule::Required);
        let many = Rule::TooLong { max: 50, unit: "hosts".into() };
        refusals.require(self.hosts.len() <= 50, "hosts", self.hosts.len(), many);
        for (at, host) in self.hosts.iter().enumerate() {
            let rule = Rule::Format { expected: "a host name without wildcard, such as www.example.com".into() };
            refusals.require(is_host(host), &format!("hosts[{at}]"), host, rule);
            let twice = self.hosts[..at].contains(host);
            refusals.require(!twice, &format!("hosts[{at}]"), host, Rule::Duplicate);
        }
        refusals.require(
            self.is_http_allowed || self.is_https_allowed,
            "is_https_allowed",
            false,
            Rule::Needs { other: "is_http_allowed or is_https_allowed".into() },
        );
        refusals.finish()
    }
}

fn is_host(host: &str) -> bool {
    let (name, port) = match host.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (host, None),
    };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    name.len() <= 253 && name.split('.').all(label) && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|p| p > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_must_match_scheme_host_and_port() {
        let domain =
            DomainFields { hosts: vec!["www.example.com".into(), "localhost:81".into()], ..DomainFields::default() };
        for (origin, covered) in [
            ("https://www.example.com", true),
            ("https://WWW.example.com", true),
            ("http://www.example.com", false),
            ("https://example.com", false),
            ("https://www.example.com.evil.test", false),
            ("https://localhost:81", true),
            ("https://localhost", false),
            ("null", false),
        ] {
            assert_eq!(domain.covers(origin), covered, "{origin}");
        }
    }

    #[test]
    fn wildcards_and_addresses_with_a_path_are_no_hosts() {
        for host in ["*.example.com", "example.com/x", "https://example.com", "", "a..b", "a:0", "a:99999"] {
            let fields = DomainFields { title: "t".into(), hosts: vec![host.into()], ..DomainFields::default() };
            assert!(fields.check().is_err(), "{host}");
        }
    }
}
