//! Why the program ends with a code other than zero.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use directory_store::error::StoreError;

use crate::client::ClientError;
use crate::settings::SettingsError;
use crate::tls::TlsError;

/// One sentence for whoever started the program.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("cannot listen on {address}: {reason}")]
    Listen { address: SocketAddr, reason: io::Error },
    #[error("{}: {reason}", path.display())]
    File { path: PathBuf, reason: io::Error },
    #[error("cannot write the output: {0}")]
    Output(io::Error),
    #[error("cannot wait for signals: {0}")]
    Signals(io::Error),
    #[error("another gateway serves this database: {by}")]
    Served { by: String },
    #[error("{0}")]
    Said(String),
}

impl Failure {
    /// A failure that is worded where it happens.
    pub(crate) fn said(sentence: impl Into<String>) -> Self {
        Self::Said(sentence.into())
    }
}
