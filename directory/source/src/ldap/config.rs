//! What a configured connection means: host, port, encryption.

use directory_model::source::LdapConnection;
use rustls::pki_types::ServerName;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    None,
    StartTls,
    FromTheStart,
}

/// Where to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
}

impl Endpoint {
    /// The endpoint of `connection`, unless its address is none.
    pub(super) fn of(connection: &LdapConnection) -> Option<Self> {
        let (rest, encryption, default_port) = match connection.url.split_once("://")? {
            ("ldaps", rest) => (rest, Encryption::FromTheStart, 636),
            ("ldap", rest) if connection.is_starttls => (rest, Encryption::StartTls, 389),
            ("ldap", rest) => (rest, Encryption::None, 389),
            _ => return None,
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.strip_prefix('[') {
            Some(rest) => rest.split_once(']').map(|(host, port)| (host, port.strip_prefix(':')))?,
            None => rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port))),
        };
        let port = port.map_or(Some(default_port), |port| port.parse().ok())?;
        (!host.is_empty()).then(|| Self { host: host.to_owned(), port, encryption })
    }

    /// The name that the certificate must be for.
    pub(super) fn server_name(&self) -> Option<ServerName<'static>> {
        ServerName::try_from(self.host.clone()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str, is_starttls: bool) -> Option<(String, u16, Encryption)> {
        let connection = LdapConnection {
            url: url.into(),
            is_starttls,
            trusted_certificates: None,
            bind_dn: None,
            base_dn: String::new(),
            filter: String::new(),
            group_filter: None,
            group_base_dn: None,
            page_size: 1,
            timeout_seconds: 1,
        };
        Endpoint::of(&connection).map(|endpoint| (endpoint.host, endpoint.port, endpoint.encryption))
    }

    #[test]
    fn addresses_are_read_as_administrators_write_them() {
        let at = |host: &str, port, encryption| Some((host.to_owned(), port, encryption));

        assert_eq!(endpoint("ldap://dc1", false), at("dc1", 389, Encryption::None));
        assert_eq!(endpoint("ldap://dc1:3389/", true), at("dc1", 3389, Encryption::StartTls));
        assert_eq!(endpoint("ldaps://[2001:db8::1]", false), at("2001:db8::1", 636, Encryption::FromTheStart));
        assert_eq!(endpoint("ldaps://[::1]:1636", false), at("::1", 1636, Encryption::FromTheStart));
        for url in
            ["", "dc1", "http://dc1", "ldap://", "ldap://dc1:port", "ldap://dc1:99999", "ldap://[::1", "ldap://::1"]
        {
            assert_eq!(endpoint(url, false), None, "{url}");
        }
    }
}
