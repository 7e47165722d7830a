//! Why a source could not be read to its end.

use std::time::Duration;

use directory_model::record::WholeBecause;
use directory_model::run::RunProblem;

/// Why a read failed. Every text in it may be shown to the tenant's administrators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// The host has no address to connect to, or nothing answers there.
    #[error("`{url}` cannot be reached: {detail}")]
    Unreachable {
        /// The address tried.
        url: String,
        /// What happened.
        detail: String,
    },
    /// The certificate was not accepted.
    #[error("the certificate of `{url}` is refused: {detail}")]
    CertificateRefused {
        /// The address tried.
        url: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The directory refused the name or password.
    #[error("the directory refuses the name `{bind_dn}` or its password")]
    BindRefused {
        /// The DN used.
        bind_dn: String,
    },
    /// The directory, or our own check before it, refused the search.
    #[error("the search is refused with result {result}: {detail}")]
    SearchRefused {
        /// LDAP result code.
        result: u32,
        /// What is said about it.
        detail: String,
    },
    /// The token service refused the application or its secret.
    #[error("`{url}` gives no token to `{client_id}`: {detail}")]
    TokenRefused {
        /// Where the token was asked for.
        url: String,
        /// For which application.
        client_id: String,
        /// What is said about it.
        detail: String,
    },
    /// The service refused the request.
    #[error("`{url}` refuses the request with status {status}: {detail}")]
    RequestRefused {
        /// The address asked.
        url: String,
        /// HTTP status.
        status: u16,
        /// What is said about it.
        detail: String,
    },
    /// The service has too much to do, also after it was asked again.
    #[error("`{url}` is too busy: {detail}")]
    Busy {
        /// The address asked.
        url: String,
        /// What happened.
        detail: String,
    },
    /// The source finds people by their addresses and has no list of everybody.
    #[error("people can only be looked up in the source, it does not list everybody")]
    LookupOnly,
    /// The source has no entries.
    #[error("the source says only how available people are, it has no entries")]
    NoEntries,
    /// The source did not say that this was all.
    #[error("the read was cut short after {read} entries: {detail}")]
    CutShort {
        /// Entries reported until then.
        read: u64,
        /// What happened.
        detail: String,
    },
    /// The file is missing, not allowed, too large, or not of its format.
    #[error("the file `{path}` is refused: {detail}")]
    FileRefused {
        /// The path as it is configured.
        path: String,
        /// What is wrong.
        detail: String,
    },
    /// A bind name is configured, but there is no secret for it.
    #[error("the source has no secret")]
    SecretMissing,
    /// What changed since the last read cannot be told, so that everything has to be read.
    #[error("the source cannot tell what changed since the last read")]
    CannotContinue(WholeBecause),
    /// The read was stopped by whoever started it.
    #[error("the read was cancelled")]
    Cancelled,
    /// Something that is our fault.
    #[error("the read failed for an internal reason")]
    Internal,
}

impl SourceError {
    /// Whether trying again later, with nothing changed, may help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::CutShort { .. } | Self::Busy { .. })
    }

    /// How a run records it.
    pub fn to_problem(&self) -> RunProblem {
        match self.clone() {
            Self::Unreachable { url, detail } => RunProblem::Unreachable { url, detail },
            Self::CertificateRefused { url, detail } => RunProblem::CertificateRefused { url, detail },
            Self::BindRefused { bind_dn } => RunProblem::BindRefused { bind_dn },
            Self::SearchRefused { result, detail } => RunProblem::SearchRefused { result, detail },
            Self::TokenRefused { url, client_id, detail } => RunProblem::TokenRefused { url, client_id, detail },
            Self::RequestRefused { url, status, detail } => RunProblem::RequestRefused { url, status, detail },
            Self::Busy { url, detail } => RunProblem::Busy { url, detail },
            Self::LookupOnly | Self::NoEntries => RunProblem::LookupOnly,
            Self::CutShort { read, detail } => RunProblem::CutShort { read, detail },
            Self::FileRefused { path, detail } => RunProblem::FileRefused { path, detail },
            Self::SecretMissing => RunProblem::SecretUnreadable,
            Self::Cancelled => RunProblem::Interrupted,
            // Whoever asks for changes asks for everything next.
            Self::CannotContinue(_) | Self::Internal => RunProblem::Internal,
        }
    }
}

/// That nothing came in time.
pub(crate) fn no_answer_within(patience: Duration) -> String {
    format!("no answer within {}", seconds(patience))
}

/// A time in words, in whole seconds.
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0 => "a second".to_owned(),
        1 => "1 second".to_owned(),
        count => format!("{count} seconds"),
    }
}
