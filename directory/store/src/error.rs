//! What can go wrong in the store.

use std::fmt;

use diesel::result::{DatabaseErrorKind, Error};
use directory_model::address::AddressKind;
use directory_model::invalid::{Invalid, Rule};

use crate::seal::SealError;

/// The store's result.
pub type StoreResult<T> = Result<T, StoreError>;

/// Why the store did not do what was asked. Absence is not among the reasons: it is an `Option`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something else already has what must be unique.
    #[error("{0}")]
    Conflict(Conflict),
    /// The value breaks rules that need the store to be known.
    #[error("refused: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Invalid>),
    /// The object changed since the revision that was given.
    #[error("changed meanwhile")]
    Stale,
    /// The database cannot be reached or is too busy; trying again may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A row says what no program of this version wrote.
    #[error("column `{column}` of `{table}` holds an unexpected value: {detail}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// The schema is of another version than this program.
    #[error("{0}")]
    Schema(String),
    /// A secret could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database refused a statement.
    #[error("the database refused a statement: {0}")]
    Query(#[source] Error),
}

/// What is already taken, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// An address of a contact.
    Address {
        /// Which kind of address.
        kind: AddressKind,
        /// The name shown for the contact that has it.
        with: String,
    },
    /// A name or title.
    Name {
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// Something still depends on the object that was to be removed.
    InUse {
        /// What depends on it, in the plural.
        by: &'static str,
    },
    /// A test of an alert that was asked for before is still on its way.
    TestOnItsWay,
    /// The user may use no client, so the profile is fixed.
    NoClient,
    /// The user's client profile does not allow it.
    ClientProfile,
    /// Every tenant has it, and nobody changes or removes it.
    BuiltIn,
    /// The form was sent before, with something else in it.
    FormUsed,
    /// A second factor is in use already.
    SecondFactor,
    /// Nobody would be left who can sign in and run the platform.
    LastOperator,
    /// Only the constraint noticed: two writers at the same moment.
    Constraint,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Worded by the people who use it; an English constant on purpose.
            Self::Address { kind, with } => write!(f, "Contact with the same {}: {with} already exists.", kind.label()),
            Self::Name { field, value } => write!(f, "the {field} `{value}` is already taken"),
            Self::InUse { by } => write!(f, "{by} still depend on it"),
            Self::TestOnItsWay => f.write_str("another test is still on its way"),
            Self::NoClient => f.write_str("the user may use no client"),
            Self::ClientProfile => f.write_str("the user's client profile does not allow it"),
            Self::BuiltIn => f.write_str("it is built in"),
            Self::FormUsed => f.write_str("the form was sent before"),
            Self::SecondFactor => f.write_str("a second factor is in use already"),
            Self::LastOperator => f.write_str("nobody else can sign in and run the platform"),
            Self::Constraint => f.write_str("something like this already exists"),
        }
    }
}

impl From<Conflict> for StoreError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, information) = &error else {
            return Self::Query(error);
        };
        match kind {
            DatabaseErrorKind::UniqueViolation => Self::Conflict(Conflict::Constraint),
            DatabaseErrorKind::SerializationFailure
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::ClosedConnection => Self::Unavailable(information.message().to_owned()),
            // SQLite has no kind for it.
            _ if is_busy(information.message()) => Self::Unavailable(information.message().to_owned()),
            _ => Self::Query(error),
        }
    }
}

impl StoreError {
    /// Refuses one value.
    pub(crate) fn refused(field: impl Into<String>, value: impl fmt::Display, rule: Rule) -> Self {
        Self::Refused(vec![Invalid::new(field, value, rule)])
    }
}

/// Whether SQLite was locked by another process for longer than the time-out, or PostgreSQL gave up
/// on a lock, on a statement that took too long, or on the connection.
fn is_busy(message: &str) -> bool {
    [
        "database is locked",
        "database table is locked",
        "deadlock detected",
        "statement timeout",
        "lock timeout",
        "terminating connection",
    ]
    .iter()
    .any(|busy| message.contains(busy))
}
