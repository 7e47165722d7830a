//! How connections to PostgreSQL are encrypted, and where the server is.
//!
//! The words are PostgreSQL's own: `sslmode` and `sslrootcert` in an address count for it, and for
//! what an address leaves open there are options.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use serde::Deserialize;
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{StoreError, StoreResult};

/// Whether connections are encrypted, in PostgreSQL's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SslMode {
    /// Never.
    Disable,
    /// If the server can; protects from nobody who can do more than listen.
    #[default]
    Prefer,
    /// Always, with whoever answers.
    Require,
    /// Always, with a server whose certificate is of a trusted authority and names the host.
    VerifyFull,
}

/// How connections are encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ssl {
    /// Whether they are.
    pub mode: SslMode,
    /// A PEM file with the trusted authorities; the system's when there is none. For
    /// [`SslMode::VerifyFull`] only.
    pub root_cert: Option<PathBuf>,
}

impl FromStr for SslMode {
    type Err = StoreError;

    fn from_str(text: &str) -> StoreResult<Self> {
        match text {
            "disable" => Ok(Self::Disable),
            "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err(unusable(format!("`sslmode={text}` is none of disable, prefer, require, verify-full"))),
        }
    }
}

/// A PostgreSQL database: where it is, and how it is spoken with.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) config: Config,
    pub(crate) tls: MakeRustlsConnect,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Address {
    /// Reads `postgres://…`; what it does not say about encryption is as in `ssl`. Fails when it
    /// cannot be read or the authorities cannot; the text of the failure repeats no password.
    pub(crate) fn parse(url: &str, ssl: &Ssl) -> StoreResult<Self> {
        let (url, ssl) = split(url, ssl.clone())?;
        let mut config: Config = url.parse().map_err(|reason| unusable(format!("{reason}")))?;
        config.ssl_mode(match ssl.mode {
            SslMode::Disable => tokio_postgres::config::SslMode::Disable,
            SslMode::Prefer => tokio_postgres::config::SslMode::Prefer,
            SslMode::Require | SslMode::VerifyFull => tokio_postgres::config::SslMode::Require,
        });
        Ok(Self { config, tls: MakeRustlsConnect::new(client(&ssl)?) })
    }
}

/// The address without what it says about encryption, and that.
fn split(url: &str, mut ssl: Ssl) -> StoreResult<(String, Ssl)> {
    let Some((place, query)) = url.split_once('?') else { return Ok((url.to_owned(), ssl)) };
    let mut others = Vec::new();
    for parameter in query.split('&') {
        match parameter.split_once('=') {
            Some(("sslmode", mode)) => ssl.mode = mode.parse()?,
            Some(("sslrootcert", path)) => {
                let path = percent_decode_str(path).decode_utf8();
                let path = path.map_err(|_| unusable("its `sslrootcert` is not UTF-8"))?;
                ssl.root_cert = Some(PathBuf::from(path.into_owned()));
            }
            _ => others.push(parameter),
        }
    }
    let url = if others.is_empty() { place.to_owned() } else { format!("{place}?{}", others.join("&")) };
    Ok((url, ssl))
}

fn client(ssl: &Ssl) -> StoreResult<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let builder = builder.map_err(|reason| unusable(reason.to_string()))?;
    if ssl.mode == SslMode::VerifyFull {
        return Ok(builder.with_root_certificates(roots(ssl.root_cert.as_deref())?).with_no_client_auth());
    }
    if ssl.root_cert.is_some() {
        // Whoever names an authority must not be left believing that it is asked.
        return Err(unusable("root certificates count with `sslmode` verify-full only"));
    }
    let verifier = Arc::new(Unverified(provider));
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

fn roots(file: Option<&Path>) -> StoreResult<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    };
    let pem = std::fs::read(file).map_err(|reason| unusable(format!("cannot read {}: {reason}", file.display())))?;
    let no_certificate = || unusable(format!("{} holds no certificate in PEM", file.display()));
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        roots.add(certificate.map_err(|_| no_certificate())?).map_err(|_| no_certificate())?;
    }
    if roots.is_empty() { Err(no_certificate()) } else { Ok(roots) }
}

fn unusable(reason: impl fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("its address cannot be used: {reason}"))
}

/// Why there is no connection, in one sentence.
pub(crate) fn sentence(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let tls = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(rustls::Error::InvalidCertificate(refused)) = tls.and_then(|tls| tls.downcast_ref()) {
            return format!("the server's certificate is refused: {}", fault(refused));
        }
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

fn fault(refused: &CertificateError) -> String {
    match refused {
        CertificateError::UnknownIssuer => "it is not of a trusted authority".into(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another host".into()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".into(),
        other => other.to_string(),
    }
}

/// Takes every certificate: who asks for encryption only does not ask who answers.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_it_is_encrypted() {
        let given = Ssl { mode: SslMode::Require, root_cert: None };
        for (url, rest, mode, root_cert) in [
            ("postgres://u:p@h/d", "postgres://u:p@h/d", SslMode::Require, None),
            ("postgres://h/d?sslmode=disable", "postgres://h/d", SslMode::Disable, None),
            (
                "postgres://h/d?connect_timeout=3&sslmode=verify-full&sslrootcert=/a%20b.pem",
                "postgres://h/d?connect_timeout=3",
                SslMode::VerifyFull,
                Some("/a b.pem"),
            ),
        ] {
            let found = split(url, given.clone()).unwrap();

            assert_eq!(found, (rest.into(), Ssl { mode, root_cert: root_cert.map(PathBuf::from) }), "{url}");
        }
    }

    #[test]
    fn an_unusable_address_is_refused_without_its_password() {
        let authority = Ssl { mode: SslMode::Require, root_cert: Some("/missing.pem".into()) };
        for (url, ssl, expected) in [
            ("postgres://u:hush@h/d?sslmode=perhaps", Ssl::default(), "`sslmode=perhaps` is none of"),
            ("postgres://u:hush@h:port/d", Ssl::default(), "invalid"),
            ("postgres://u:hush@h/d", authority.clone(), "verify-full only"),
            ("postgres://u:hush@h/d?sslmode=verify-full", authority, "cannot read /missing.pem"),
        ] {
            let refused = Address::parse(url, &ssl).unwrap_err().to_string();

            assert!(refused.contains(expected) && !refused.contains("hush"), "{url}: {refused}");
        }
    }
}
