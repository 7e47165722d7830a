//! A SIP server as it is configured.

use serde::{Deserialize, Serialize};

use crate::invalid::{Refusals, Rule};

use super::web::{refuse_certificates, refuse_domains, refuse_seconds};

/// How a SIP server is asked who is available: by subscriptions (RFC 6665) to presence (RFC 3856) and to calls
/// (RFC 4235).
///
/// It cannot list everybody, and it says nothing about contacts but their presence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SipConnection {
    /// Name or address of the server; over TLS its certificate must be for it.
    pub host: String,
    /// How it is spoken to.
    #[serde(default)]
    pub transport: SipTransport,
    /// Where it listens; 5060, or 5061 over TLS, when absent.
    #[serde(default)]
    pub port: Option<u16>,
    /// As whom the gateway asks: `sip:switchboard@example.com`.
    pub address: String,
    /// The name with which it signs in, the part of `address` before the `@` when absent. The source's secret is the
    /// password.
    #[serde(default)]
    pub user_name: Option<String>,
    /// Contacts are asked for whose SIP address is in one of these domains; all when empty.
    #[serde(default)]
    pub address_domains: Vec<String>,
    /// For how long a subscription is asked for, in seconds, 60 to 86,400.
    #[serde(default = "default_expiry")]
    pub expires_seconds: u32,
    /// PEM certificates to trust besides the system's.
    #[serde(default)]
    pub trusted_certificates: Option<String>,
    /// How long connecting, or the answer to one request, may take, 1 to 600.
    #[serde(default = "super::default_timeout")]
    pub timeout_seconds: u32,
}

/// How a SIP server is spoken to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SipTransport {
    /// Datagrams, not encrypted.
    Udp,
    /// A connection, not encrypted.
    Tcp,
    /// An encrypted connection.
    #[default]
    Tls,
}

impl SipTransport {
    /// The word for it in a SIP address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
        }
    }
}

fn default_expiry() -> u32 {
    3600
}

impl SipConnection {
    /// Where the server listens.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.transport {
            SipTransport::Udp | SipTransport::Tcp => 5060,
            SipTransport::Tls => 5061,
        })
    }

    /// The server as it is written in messages to people: `sip:pbx.example.com:5061;transport=tls`.
    pub fn url(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("sip:{host}:{};transport={}", self.port(), self.transport.word())
    }

    /// The name with which the gateway signs in.
    pub fn user(&self) -> &str {
        let named = self.user_name.as_deref().filter(|name| !name.trim().is_empty());
        named.unwrap_or_else(|| address_parts(&self.address).map_or("", |(user, _)| user))
    }

    pub(super) fn refuse(&self, refusals: &mut Refusals) {
        let rule = Rule::Format { expected: "a name such as sip.example.com, or an address".into() };
        refusals.require(is_host(&self.host), "connection.host", &self.host, rule);
        let rule = Rule::OutOfRange { min: 1, max: u16::MAX.into() };
        refusals.require(self.port != Some(0), "connection.port", 0, rule);
        let rule = Rule::Format { expected: "an address such as sip:switchboard@example.com".into() };
        let is_address = address_parts(&self.address).is_some();
        refusals.require(is_address, "connection.address", &self.address, rule);
        refusals.text("connection.user_name", self.user_name.as_deref().unwrap_or_default(), 256);
        refuse_domains("connection.address_domains", &self.address_domains, refusals);
        let rule = Rule::OutOfRange { min: 60, max: 86_400 };
        let is_lifetime = (60..=86_400).contains(&self.expires_seconds);
        refusals.require(is_lifetime, "connection.expires_seconds", self.expires_seconds, rule);
        refuse_certificates("connection.trusted_certificates", self.trusted_certificates.as_deref(), refusals);
        refuse_seconds("connection.timeout_seconds", self.timeout_seconds, refusals);
    }
}

/// User and host of a SIP address without parameters.
fn address_parts(address: &str) -> Option<(&str, &str)> {
    let (user, host) = address.strip_prefix("sip:")?.split_once('@')?;
    let is_user = |c: char| c.is_ascii_alphanumeric() || "-_.!~*'()&=+$,%".contains(c);
    let is_plain = !user.is_empty() && user.chars().all(is_user) && address.len() <= 256;
    (is_plain && is_host(host)).then_some((user, host))
}

fn is_host(host: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let is_written = (1..=253).contains(&host.len()) && host.chars().all(is_name) && !host.starts_with(['-', '.']);
    is_written || host.parse::<std::net::Ipv6Addr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> SipConnection {
        let json = r#"{"host": "sip.example.com", "address": "sip:switchboard@example.com"}"#;
        serde_json::from_str(json).expect("everything else has a default")
    }

    fn refused(change: fn(&mut SipConnection)) -> Vec<String> {
        let mut changed = connection();
        change(&mut changed);
        let mut refusals = Refusals::default();
        changed.refuse(&mut refusals);
        let refusals = refusals.finish().err().unwrap_or_default();
        refusals.into_iter().map(|refusal| refusal.field).collect()
    }

    #[test]
    fn a_name_is_enough() {
        let mut sip = connection();

        assert_eq!((sip.port(), sip.user()), (5061, "switchboard"));
        assert_eq!(sip.url(), "sip:sip.example.com:5061;transport=tls");
        (sip.transport, sip.user_name, sip.host) = (SipTransport::Udp, Some("4711".into()), "2001:db8::1".into());
        assert_eq!((sip.url().as_str(), sip.user()), ("sip:[2001:db8::1]:5060;transport=udp", "4711"));
        assert!(refused(|_| ()).is_empty());
    }

    #[test]
    fn what_is_refused_is_named() {
        assert_eq!(refused(|sip| sip.host = "sip.example.com:5061".into()), ["connection.host"]);
        assert_eq!(refused(|sip| sip.host = String::new()), ["connection.host"]);
        assert_eq!(refused(|sip| sip.port = Some(0)), ["connection.port"]);
        for address in
            ["switchboard@example.com", "sip:example.com", "sip:a b@example.com", "sip:a@b>", "sip:a@b;x", "sip:@b"]
        {
            let mut sip = connection();
            sip.address = address.into();
            let mut refusals = Refusals::default();
            sip.refuse(&mut refusals);
            assert!(refusals.finish().is_err(), "{address}");
        }
        assert_eq!(refused(|sip| sip.user_name = Some("x".repeat(257))), ["connection.user_name"]);
        assert_eq!(refused(|sip| sip.address_domains = vec!["com".into()]), ["connection.address_domains"]);
        assert_eq!(refused(|sip| sip.expires_seconds = 59), ["connection.expires_seconds"]);
        assert_eq!(refused(|sip| sip.timeout_seconds = 0), ["connection.timeout_seconds"]);
    }
}
