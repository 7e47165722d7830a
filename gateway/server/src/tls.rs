//! The certificate that HTTPS is spoken with, replaced while connections go on.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use directory_model::system::{Job, Jobs};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::settings::TlsSettings;

/// The pair of files cannot be used; one line that names the file.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// Setting is missing.
    #[error("`server.tls.{0}` is not set")]
    Missing(&'static str),
    /// A file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// A file holds no PEM of the expected kind.
    #[error("{} holds no {what} in PEM", path.display())]
    NotPem {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        what: &'static str,
    },
    /// Certificate and key do not make a pair.
    #[error("{} and {} do not fit: {reason}", certificate.display(), key.display())]
    NoPair {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What is wrong.
        reason: rustls::Error,
    },
}

/// The certificate in use, and the files it is read from.
pub struct Certificates {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Current>,
    /// What was last said to be wrong, so that it is not said again at every look.
    complaint: Mutex<Option<String>>,
}

struct Current {
    /// Both files as they were, to see whether they changed.
    read: Files,
    pair: Arc<CertifiedKey>,
}

#[derive(PartialEq, Eq)]
struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Certificates {
    /// Reads the pair that `settings` name.
    pub fn load(settings: &TlsSettings) -> Result<Arc<Self>, TlsError> {
        let certificate = settings.certificate.clone().ok_or(TlsError::Missing("certificate"))?;
        let key = settings.key.clone().ok_or(TlsError::Missing("key"))?;
        let read = Files::read(&certificate, &key)?;
        let pair = read.pair(&certificate, &key)?;
        let (current, complaint) = (RwLock::new(Current { read, pair }), Mutex::default());
        Ok(Arc::new(Self { certificate, key, current, complaint }))
    }

    /// Reads both files again and says whether a new pair is in use now. On an error the old pair
    /// stays in use.
    pub fn reload(&self) -> Result<bool, TlsError> {
        let read = Files::read(&self.certificate, &self.key)?;
        if self.current.read().unwrap_or_else(PoisonError::into_inner).read == read {
            return Ok(false);
        }
        let pair = read.pair(&self.certificate, &self.key)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Current { read, pair };
        Ok(true)
    }

    /// Reads both files again and logs what came of it, because somebody wants to know.
    pub(crate) fn reload_and_report(&self) {
        self.complaint.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.look();
    }

    /// Reads both files again and logs what came of it, unless that is nothing new; whether they are good.
    fn look(&self) -> bool {
        let reloaded = self.reload();
        let mut complaint = self.complaint.lock().unwrap_or_else(PoisonError::into_inner);
        let before = complaint.take();
        match reloaded {
            Ok(is_new) => {
                if is_new {
                    tracing::info!(certificate = %self.certificate.display(), "a new certificate is in use");
                }
                true
            }
            Err(reason) => {
                let now = reason.to_string();
                if before.as_ref() != Some(&now) {
                    tracing::error!(reason = %now, "the old certificate stays in use");
                }
                *complaint = Some(now);
                false
            }
        }
    }

    /// The TLS configuration that always uses the current pair.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions()?.with_no_client_auth();
        let mut config = builder.with_cert_resolver(Arc::<Self>::clone(self));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// Looks at the files every `interval`, for ever.
pub(crate) async fn watch(certificates: Arc<Certificates>, interval: Duration, jobs: Arc<Jobs>) {
    let mut ticks = tokio::time::interval(interval);
    loop {
        ticks.tick().await;
        jobs.begin(Job::ReloadCertificate, interval);
        let is_good = certificates.look();
        jobs.end(Job::ReloadCertificate, is_good);
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).pair))
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

impl Files {
    fn read(certificate: &PathBuf, key: &PathBuf) -> Result<Self, TlsError> {
        let read =
            |path: &PathBuf| std::fs::read(path).map_err(|reason| TlsError::Unreadable { path: path.clone(), reason });
        Ok(Self { certificate: read(certificate)?, key: read(key)? })
    }

    fn pair(&self, certificate: &PathBuf, key: &PathBuf) -> Result<Arc<CertifiedKey>, TlsError> {
        let not_pem = |path: &PathBuf, what| TlsError::NotPem { path: path.clone(), what };
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| not_pem(certificate, "certificate"))?;
        let secret = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| not_pem(key, "private key"))?;
        let pair = CertifiedKey::from_der(chain, secret, &ring::default_provider());
        pair.map(Arc::new).map_err(|reason| TlsError::NoPair {
            certificate: certificate.clone(),
            key: key.clone(),
            reason,
        })
    }
}
