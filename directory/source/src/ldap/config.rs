//! What a configured connection means: host, port, encryption, whom to trust.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tracing::warn;

use directory_model::source::LdapConnection;

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

/// Trust in the system's roots and in `additional` PEM certificates; the error may be shown.
pub(super) fn tls(additional: Option<&str>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    if let Some(reason) = system.errors.first() {
        warn!(%reason, "the system's root certificates could not all be read");
    }
    roots.add_parsable_certificates(system.certs);
    for certificate in CertificateDer::pem_slice_iter(additional.unwrap_or_default().as_bytes()) {
        let certificate = certificate.map_err(|_| "the additional trusted certificates are not PEM".to_owned())?;
        let added = roots.add(certificate);
        added.map_err(|_| "an additional trusted certificate cannot be read".to_owned())?;
    }
    if additional.is_some_and(|pem| !pem.trim().is_empty() && !pem.contains("-----BEGIN CERTIFICATE-----")) {
        return Err("the additional trusted certificates are not PEM".into());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|reason| reason.to_string())?;
    Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

/// What is wrong with a certificate, in words for an administrator; `None` when the handshake
/// failed for another reason.
pub(super) fn certificate_problem(error: &rustls::Error, host: &str) -> Option<String> {
    let rustls::Error::InvalidCertificate(reason) = error else { return None };
    Some(match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".into(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet".into(),
        CertificateError::UnknownIssuer => "its issuer is not trusted".into(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("it is not for the name `{host}`")
        }
        CertificateError::Revoked => "it is revoked".into(),
        CertificateError::BadSignature => "its signature is wrong".into(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it is not meant for servers".into()
        }
        _ => "it is not acceptable; a self-signed one needs an authority of its own".into(),
    })
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

    #[test]
    fn additional_certificates_must_be_pem() {
        for pem in ["no certificate", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"] {
            tls(Some(pem)).expect_err(pem);
        }
        tls(Some("\n")).expect("nothing additional");
    }
}
