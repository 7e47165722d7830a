//! Why a run did not simply succeed.

mod group_words;

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a run did not simply succeed; worded by whoever shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum RunProblem {
    /// The host name could not be resolved, or nothing listens there.
    Unreachable {
        /// The address tried.
        url: String,
        /// What the system said.
        detail: String,
    },
    /// The certificate was not accepted.
    CertificateRefused {
        /// The address tried.
        url: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The directory refused the name or password.
    BindRefused {
        /// The DN used.
        bind_dn: String,
    },
    /// The directory refused the search.
    SearchRefused {
        /// LDAP result code.
        result: u32,
        /// What the directory said.
        detail: String,
    },
    /// The token service refused the application or its secret.
    TokenRefused {
        /// Where the token was asked for.
        url: String,
        /// For which application.
        client_id: String,
        /// What the service said.
        detail: String,
    },
    /// The service refused the request.
    RequestRefused {
        /// The address asked.
        url: String,
        /// HTTP status.
        status: u16,
        /// What the service said.
        detail: String,
    },
    /// The service had too much to do, also after it was asked again.
    Busy {
        /// The address asked.
        url: String,
        /// What happened.
        detail: String,
    },
    /// The source finds people by their addresses and cannot list everybody.
    LookupOnly,
    /// The connection broke, or the time-out passed, before the source said that this was all.
    CutShort {
        /// Entries read until then.
        read: u64,
        /// What happened.
        detail: String,
    },
    /// The source answered, but with no entry at all.
    Empty,
    /// More contacts would be disabled than the source's threshold allows.
    TooManyRemovals {
        /// How many would be disabled.
        removals: u64,
        /// How many contacts the source has.
        known: u64,
        /// The threshold.
        threshold_percent: u8,
    },
    /// More contacts would get other values than the source's threshold allows.
    TooManyChanges {
        /// How many would change.
        updates: u64,
        /// How many contacts the source has.
        known: u64,
        /// The threshold.
        threshold_percent: u8,
    },
    /// Far fewer entries were read than by the run before.
    FewerEntries {
        /// How many were read.
        read: u64,
        /// How many were read before.
        last: u64,
        /// The share that may be missing.
        threshold_percent: u8,
    },
    /// Entries are read elsewhere than before, or by another filter, and contacts would be disabled.
    ReadElsewhere {
        /// How many would be disabled.
        removals: u64,
    },
    /// Too many entries have the identity of another one.
    SharedIdentities {
        /// How many.
        duplicates: u64,
        /// Entries read.
        read: u64,
    },
    /// The file is missing, too large, or not of its format.
    FileRefused {
        /// The path.
        path: String,
        /// What is wrong.
        detail: String,
    },
    /// The source's secret cannot be opened and must be entered again.
    SecretUnreadable,
    /// Applied, but nobody was taken out of service for having left: entries without identity may
    /// be anybody.
    LeaversKept {
        /// How many entries without identity were set aside.
        entries: u64,
        /// How many contacts in service were not found among the others.
        contacts: u64,
    },
    /// Applied, but nobody was taken out of service for not being found: another server answered than
    /// last time, or its data was restored, and it may not have heard of everybody yet.
    LaggardsKept {
        /// How many contacts in service were not found.
        contacts: u64,
    },
    /// Applied, but the photos were not read to the end, so that nobody lost one.
    PhotosUnread {
        /// Photos read until then.
        read: u64,
        /// What happened.
        detail: String,
    },
    /// Applied, but no contact's photo was found where there were many: nobody lost one.
    PhotosGone {
        /// How many contacts in service keep theirs.
        contacts: u64,
    },
    /// Applied, but nobody lost a photo: those of entries without identity may be anybody's.
    PhotosKept {
        /// How many photos without identity were left out.
        entries: u64,
        /// How many contacts keep a photo that was not found among the others.
        contacts: u64,
    },
    /// A run was taken back, so that the next one asks before it changes anything.
    FirstAfterUndo {
        /// How many changes wait.
        changes: u64,
    },
    /// Somebody wants to see the plan before anything is written.
    Preview {
        /// How many changes wait.
        changes: u64,
    },
    /// The plan takes back what another run did.
    Undo {
        /// What stays because it changed since.
        left: u64,
    },
    /// Applied, but the groups were not read to the end, so that none was changed.
    GroupsUnread {
        /// What happened.
        detail: String,
    },
    /// Applied, but the source answered without a single group, so that none was changed.
    GroupsEmpty {
        /// How many groups come from the source.
        groups: u64,
    },
    /// Applied, but nobody was taken out of a group: more would go than the source's threshold allows.
    GroupsKept {
        /// How many memberships would go, each group that would go counted as one more.
        removals: u64,
        /// How many there are.
        known: u64,
        /// The threshold.
        threshold_percent: u8,
    },
    /// Applied, but no group was removed: groups without identity may be any of those.
    GroupsUnidentified {
        /// How many groups were left out.
        groups: u64,
    },
    /// The store changed since the plan was made.
    Stale,
    /// The gateway stopped while the run was going on.
    Interrupted,
    /// Something that is our fault; the log says more.
    Internal,
}

/// One clear sentence in English; others word the code themselves.
impl fmt::Display for RunProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { url, detail } => {
                write!(f, "The directory at `{url}` could not be reached ({detail}), so no contact was changed.")
            }
            Self::CertificateRefused { url, detail } => {
                write!(f, "The certificate of `{url}` was not accepted ({detail}), so no contact was changed.")
            }
            Self::BindRefused { bind_dn } => {
                write!(f, "The directory refused the name `{bind_dn}` or its password, so no contact was changed.")
            }
            Self::SearchRefused { .. }
            | Self::TokenRefused { .. }
            | Self::RequestRefused { .. }
            | Self::Busy { .. }
            | Self::LookupOnly => self.of_request(f),
            Self::CutShort { read, detail } => {
                let read = counted(*read, "entry", "entries");
                write!(f, "The read was cut short after {read} ({detail}), so no contact was changed.")
            }
            Self::Empty => f.write_str("The source answered without a single entry, so no contact was changed."),
            Self::TooManyRemovals { removals, known, threshold_percent } => write!(
                f,
                "The run would disable {removals} of {}, more than the {threshold_percent} % that the source allows, \
                 and waits for approval.",
                counted(*known, "contact", "contacts"),
            ),
            Self::TooManyChanges { .. }
            | Self::FewerEntries { .. }
            | Self::ReadElsewhere { .. }
            | Self::SharedIdentities { .. } => self.of_guard(f),
            Self::FileRefused { path, detail } => {
                write!(f, "The file `{path}` was refused ({detail}), so no contact was changed.")
            }
            Self::FirstAfterUndo { .. } | Self::Preview { .. } | Self::Undo { .. } => self.of_undo(f),
            Self::LeaversKept { .. }
            | Self::LaggardsKept { .. }
            | Self::PhotosUnread { .. }
            | Self::PhotosGone { .. }
            | Self::PhotosKept { .. } => self.remark(f),
            Self::GroupsUnread { .. }
            | Self::GroupsEmpty { .. }
            | Self::GroupsKept { .. }
            | Self::GroupsUnidentified { .. } => self.of_groups(f),
            Self::SecretUnreadable => {
                f.write_str("The secret of the source is missing or cannot be opened and must be entered again.")
            }
            Self::Stale => f.write_str("Contacts changed after the plan was made, so it was not applied."),
            Self::Interrupted => f.write_str("The gateway stopped while the run was going on."),
            Self::Internal => f.write_str("The run failed for an internal reason that the log explains."),
        }
    }
}

impl RunProblem {
    /// What is said of a run that was applied.
    fn remark(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LeaversKept { entries, contacts } => write!(
                f,
                "{} in service, because {} set aside and may be theirs.",
                counted(*contacts, "contact was not found but stays", "contacts were not found but stay"),
                counted(*entries, "entry without identity was", "entries without identity were"),
            ),
            Self::LaggardsKept { contacts } => write!(
                f,
                "{} in service: another server of the directory answered than last time, or its data was restored, and \
                 it may not have heard of everybody yet.",
                counted(*contacts, "contact was not found but stays", "contacts were not found but stay"),
            ),
            Self::PhotosUnread { read, detail } => write!(
                f,
                "The contacts were brought in step, but the photos were not read to the end (after {read}: {detail}), \
                 so no photo was removed."
            ),
            Self::PhotosGone { contacts } => write!(
                f,
                "No contact's photo was found, although {contacts} contacts have one from this source, so no photo was \
                 removed. Can the source's account still read them?"
            ),
            Self::PhotosKept { entries, contacts } => write!(
                f,
                "{} not found, because {} set aside and may be theirs.",
                counted(*contacts, "contact keeps a photo that was", "contacts keep photos that were"),
                counted(*entries, "photo of an entry without identity was", "photos of entries without identity were"),
            ),
            _ => Ok(()),
        }
    }
}

impl RunProblem {
    /// The sentences about plans that could be right but are unlikely.
    fn of_guard(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyChanges { updates, known, threshold_percent } => write!(
                f,
                "The run would change {updates} of {}, more than the {threshold_percent} % that the source allows, and \
                 waits for approval.",
                counted(*known, "contact", "contacts"),
            ),
            Self::FewerEntries { read, last, threshold_percent } => write!(
                f,
                "Only {read} entries were read, {last} the time before: more than {threshold_percent} % are missing, so \
                 the run waits for approval."
            ),
            Self::ReadElsewhere { removals } => write!(
                f,
                "The server, base or filter was changed since the last run, and {} be disabled: the run waits for \
                 approval.",
                counted(*removals, "contact would", "contacts would"),
            ),
            Self::SharedIdentities { duplicates, read } => write!(
                f,
                "{duplicates} of {read} entries have the identity of another one, so no contact was changed. Is the \
                 attribute that identifies entries the right one?"
            ),
            _ => Ok(()),
        }
    }

    /// The sentences about taking a run back, and about seeing a plan first.
    fn of_undo(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FirstAfterUndo { changes } => write!(
                f,
                "It is the first run since one was undone: {} for approval.",
                counted(*changes, "change waits", "changes wait"),
            ),
            Self::Preview { changes } => write!(
                f,
                "Nothing was written yet, as was wished: {} for approval.",
                counted(*changes, "change waits", "changes wait"),
            ),
            Self::Undo { left: 0 } => f.write_str("The plan takes back all that the run did, and waits for approval."),
            Self::Undo { left } => write!(
                f,
                "The plan takes back what the run did, except for {} since, and waits for approval.",
                counted(*left, "value that changed", "values that changed"),
            ),
            _ => Ok(()),
        }
    }

    /// The sentences about requests that were not answered as they should be.
    fn of_request(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SearchRefused { result, detail } => {
                write!(
                    f,
                    "The directory refused the search with result {result} ({detail}), so no contact was changed."
                )
            }
            Self::TokenRefused { url, client_id, detail } => {
                write!(
                    f,
                    "The service at `{url}` gave no token to `{client_id}` ({detail}), so no contact was changed."
                )
            }
            Self::RequestRefused { url, status, detail } => {
                write!(f, "`{url}` refused the request with status {status} ({detail}), so no contact was changed.")
            }
            Self::Busy { url, detail } => {
                write!(f, "`{url}` was too busy, also when asked again ({detail}), so no contact was changed.")
            }
            Self::LookupOnly => f.write_str(
                "People can only be looked up in this source, one by one: it cannot list everybody, so no contact was \
                 changed.",
            ),
            _ => f.write_str("The source could not be read, so no contact was changed."),
        }
    }
}

/// A number with the words for one or for many.
fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
