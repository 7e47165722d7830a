//! Whom encrypted connections trust.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tracing::warn;

/// Trust in the system's roots and in `additional` PEM certificates; the error may be shown.
pub(crate) fn tls(additional: Option<&str>) -> Result<Arc<ClientConfig>, String> {
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
pub(crate) fn certificate_problem(error: &rustls::Error, host: &str) -> Option<String> {
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

    #[test]
    fn additional_certificates_must_be_pem() {
        for pem in ["no certificate", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"] {
            tls(Some(pem)).expect_err(pem);
        }
        tls(Some("\n")).expect("nothing additional");
    }
}
