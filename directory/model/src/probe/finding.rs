//! What the steps of a test find.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

use crate::invalid::Invalid;
use crate::timestamp::Timestamp;

/// What a directory is, as far as it tells what has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryKind {
    /// Active Directory.
    ActiveDirectory,
    /// OpenLDAP, or another one that provides content synchronization (RFC 4533).
    ContentSync,
}

/// What a step found, as code and parameters. `Display` is the English sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Finding {
    /// A step before it failed.
    NotReached,
    /// It took too long.
    TookTooLong {
        /// How long was waited.
        seconds: u64,
    },
    /// The address is none.
    NoAddress {
        /// The address.
        url: String,
    },
    /// The name has no address that may be connected to.
    NameUnknown {
        /// The host.
        host: String,
    },
    /// The name has addresses.
    NameFound {
        /// The host.
        host: String,
        /// How many.
        addresses: u32,
    },
    /// A connection was made.
    Connected {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// No connection was made.
    NotConnected {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// What happened.
        detail: String,
    },
    /// The connection is encrypted.
    Encrypted {
        /// The version of TLS.
        protocol: String,
        /// Until when the certificate is valid.
        expires_at: Option<Timestamp>,
    },
    /// The certificate is not accepted.
    CertificateRefused {
        /// What is wrong with it.
        detail: String,
    },
    /// No encryption was agreed on.
    EncryptionFailed {
        /// What happened.
        detail: String,
    },
    /// The connection is not meant to be encrypted.
    NotEncrypted,
    /// The connection is not meant to be encrypted, and no password is sent over it.
    ReadableOnTheWay,
    /// The name and password are accepted.
    SignedIn {
        /// The name.
        name: String,
    },
    /// Nobody in particular asks.
    Anonymous,
    /// There is a name without a password.
    SecretMissing {
        /// The name.
        name: String,
    },
    /// The name or password is refused.
    SignInRefused {
        /// The name.
        name: String,
    },
    /// Signing in ended in another way.
    SignInFailed {
        /// What happened.
        detail: String,
    },
    /// The base is there.
    BaseFound {
        /// Its name.
        base: String,
    },
    /// The base is not there, or may not be read.
    BaseMissing {
        /// Its name.
        base: String,
        /// What the directory says.
        detail: String,
    },
    /// The filter is none.
    FilterInvalid {
        /// The filter.
        filter: String,
    },
    /// The directory refuses the search, or it broke off.
    SearchFailed {
        /// What happened.
        detail: String,
    },
    /// No entry was found.
    NoEntries,
    /// The service answers; it has no list, but finds people by their addresses.
    AnswersByAddress,
    /// Entries were found.
    EntriesFound {
        /// How many.
        count: u32,
        /// There are no more.
        is_all: bool,
    },
    /// None of the entries that were looked at can be used.
    EntriesUnusable {
        /// How many were looked at.
        count: u32,
        /// Why the first cannot.
        reason: Invalid,
    },
    /// A photo was found.
    PhotosFound {
        /// The attribute that holds it.
        attribute: String,
    },
    /// No photo was found: there is none, or it may not be read.
    NoPhotos {
        /// The attributes that may hold one.
        attributes: String,
    },
    /// The source gives no photos.
    PhotosNotRead,
    /// The directory can say what has changed.
    TellsChanges {
        /// What it is.
        directory: DirectoryKind,
    },
    /// The directory cannot say what has changed.
    TellsNoChanges,
    /// It could, but the account does not see which entries were deleted.
    DeletionsHidden {
        /// Where deleted objects are.
        container: String,
    },
    /// The file can be read.
    FileOpened {
        /// Its path.
        path: String,
        /// How large it is.
        bytes: u64,
    },
    /// The file cannot be read.
    FileRefused {
        /// Its path.
        path: String,
        /// What is wrong.
        detail: String,
    },
}

/// What is said of a way on which no password goes.
const READABLE: &str = "The connection is not encrypted: who is available can be read on the way.";

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReached => f.write_str("Not tried, because a step before it failed."),
            Self::TookTooLong { seconds } => write!(f, "There was no answer within {seconds} seconds."),
            Self::NoAddress { url } => write!(f, "`{url}` is not an address such as ldap://host:389."),
            Self::NameUnknown { host } => write!(f, "`{host}` has no address that the gateway may connect to."),
            Self::NameFound { host, addresses: 1 } => write!(f, "`{host}` has an address."),
            Self::NameFound { host, addresses } => write!(f, "`{host}` has {addresses} addresses."),
            Self::Connected { host, port } => write!(f, "`{host}` answers on port {port}."),
            Self::NotConnected { host, port, detail } => {
                write!(f, "`{host}` cannot be reached on port {port}: {detail}.")
            }
            Self::Encrypted { protocol, expires_at: None } => write!(f, "The connection is encrypted with {protocol}."),
            Self::Encrypted { protocol, expires_at: Some(at) } => {
                write!(f, "The connection is encrypted with {protocol}; the certificate is valid until {at}.")
            }
            Self::CertificateRefused { detail } => write!(f, "The certificate is refused: {detail}."),
            Self::EncryptionFailed { detail } => write!(f, "The connection cannot be encrypted: {detail}."),
            Self::NotEncrypted => f.write_str("The connection is not encrypted: the password can be read on the way."),
            Self::ReadableOnTheWay => f.write_str(READABLE),
            Self::SignedIn { name } => write!(f, "The directory accepts `{name}`."),
            Self::Anonymous => f.write_str("No name is set, so the directory is asked anonymously."),
            Self::SecretMissing { name } => write!(f, "There is no password for `{name}`."),
            Self::SignInRefused { name } => write!(f, "The directory refuses the name `{name}` or its password."),
            Self::SignInFailed { detail } => write!(f, "Signing in failed: {detail}."),
            Self::BaseFound { base } => write!(f, "`{base}` exists."),
            Self::BaseMissing { base, detail } => write!(f, "`{base}` was not found: {detail}."),
            Self::FilterInvalid { filter } => write!(f, "`{filter}` is not a search filter."),
            Self::SearchFailed { detail } => write!(f, "The search failed: {detail}."),
            Self::AnswersByAddress => {
                f.write_str("The service answers. It has no list of everybody, but finds people by their addresses.")
            }
            Self::NoEntries => f.write_str("No entry was found: look at the base, the filter and the rights."),
            Self::EntriesFound { count: 1, is_all: true } => f.write_str("One entry was found."),
            Self::EntriesFound { count, is_all: true } => write!(f, "{count} entries were found."),
            Self::EntriesFound { count, is_all: false } => write!(f, "At least {count} entries were found."),
            Self::EntriesUnusable { count, reason } => {
                write!(f, "None of the {count} entries that were looked at can be used; the first: {reason}.")
            }
            Self::PhotosFound { attribute } => write!(f, "`{attribute}` holds photos that can be read."),
            Self::NoPhotos { attributes } => {
                write!(f, "No photo was found in {attributes}: there is none, or the account may not read it.")
            }
            Self::PhotosNotRead => f.write_str("No photos are read from this source."),
            Self::TellsChanges { directory: DirectoryKind::ActiveDirectory } => {
                f.write_str("It is Active Directory, which can say what has changed.")
            }
            Self::TellsChanges { directory: DirectoryKind::ContentSync } => {
                f.write_str("The directory provides content synchronization, so it can say what has changed.")
            }
            Self::TellsNoChanges => {
                f.write_str("The directory cannot say what has changed, so every run reads all of it.")
            }
            Self::DeletionsHidden { container } => write!(
                f,
                "It is Active Directory, but the account sees no deleted objects in `{container}`: it may not, or nothing was \
                 ever deleted. Until it does, every run reads everything.",
            ),
            Self::FileOpened { path, bytes } => write!(f, "`{path}` can be read; it has {bytes} bytes."),
            Self::FileRefused { path, detail } => write!(f, "`{path}` cannot be read: {detail}."),
        }
    }
}
