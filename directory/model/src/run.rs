//! A synchronisation run, as it is recorded.

mod group_words;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contact::SyncedField;
use crate::id::{ContactId, RunId, SourceId};
use crate::invalid::Invalid;
use crate::record::{KnownContact, MappedRecord, WholeBecause};
use crate::timestamp::Timestamp;

/// How many contacts one run is about at most, when it is not about all of its source.
pub const MAX_CONTACTS: usize = 100;

/// What started a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A request.
    Manual,
    /// The source's schedule.
    Schedule,
    /// A contact was added by hand, and its tenant wants it synchronised at once.
    ContactAdded,
    /// The source is asked every few minutes for what changed.
    Poll,
}

/// How much of its source a run reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunExtent {
    /// Every entry is compared.
    #[default]
    Whole,
    /// What changed since the last run, as far as the source can tell it.
    Changes,
}

/// Who sees to contacts that are to be synchronised from a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Asked {
    /// The source.
    pub source: SourceId,
    /// The run that is about them; null while they wait for another run of the source to end.
    pub run: Option<RunId>,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Reading, planning or applying.
    Running,
    /// Planned; a guard asks for approval before anything is applied.
    AwaitingApproval,
    /// Applied.
    Succeeded,
    /// Ended without applying anything more.
    Failed,
    /// Stopped by request, or refused instead of approved.
    Cancelled,
}

/// How many entries had which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Counts {
    /// Entries read.
    pub read: u64,
    /// Contacts created.
    pub created: u64,
    /// Manual contacts linked to their entry.
    pub linked: u64,
    /// Contacts changed.
    pub updated: u64,
    /// Contacts disabled.
    pub disabled: u64,
    /// Disabled contacts taken back into service.
    pub enabled: u64,
    /// Entries that changed nothing.
    pub unchanged: u64,
    /// Entries left out, or their photos.
    pub set_aside: u64,
    /// Photos set or changed.
    pub photos: u64,
    /// Contacts whose entry was looked for and is not in the source.
    pub not_found: u64,
    /// Groups made after the source's.
    pub groups_created: u64,
    /// Groups that follow a new name.
    pub groups_renamed: u64,
    /// Groups removed because the source has them no more.
    pub groups_removed: u64,
    /// Contacts that came into a group, counted for each group.
    pub memberships_added: u64,
    /// Contacts that went from a group, counted for each group.
    pub memberships_removed: u64,
}

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
            Self::FileRefused { path, detail } => {
                write!(f, "The file `{path}` was refused ({detail}), so no contact was changed.")
            }
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

/// A run as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its public identity.
    pub id: RunId,
    /// The source that was read.
    pub source: SourceId,
    /// The contacts that it is about, at most [`MAX_CONTACTS`]; about all of the source when absent.
    pub contacts: Option<Vec<ContactId>>,
    /// What started it.
    pub trigger: Trigger,
    /// How much of the source it reads, or has read.
    pub extent: RunExtent,
    /// Why everything was read although changes were asked for.
    pub whole_because: Option<WholeBecause>,
    /// Where it stands.
    pub state: RunState,
    /// How many entries had which fate.
    pub counts: Counts,
    /// Why it stopped or waits.
    pub problem: Option<RunProblem>,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// What a run does, or did, with one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunAction {
    /// A contact is created.
    Create,
    /// A manual contact is linked to its entry.
    Link,
    /// A contact's fields change.
    Update,
    /// A contact is disabled.
    Disable,
    /// A contact that synchronisation disabled is taken back into service.
    Enable,
    /// The entry is left out, or its photo.
    SetAside,
    /// The contact is given the entry's photo.
    SetPhoto,
    /// The contact loses its photo, because the entry has none any more.
    RemovePhoto,
    /// A group is made.
    CreateGroup,
    /// A group follows its new name.
    RenameGroup,
    /// A group is removed.
    RemoveGroup,
    /// The contact's entry is not in the source; its locator says what was looked for. Nothing changes.
    NotFound,
}

/// One field before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldChange {
    /// The field.
    pub field: SyncedField,
    /// Its value before.
    pub old: Option<String>,
    /// Its value after.
    pub new: Option<String>,
}

/// One line of a run's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEntry {
    /// Its place in the run, from 1.
    pub number: i64,
    /// What was done.
    pub action: RunAction,
    /// Where the entry is found: its DN, or file and line.
    pub locator: String,
    /// The contact concerned.
    pub contact: Option<ContactId>,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// Why it was left out.
    pub reason: Option<Invalid>,
}

/// What a run is going to do with one entry, complete enough to be kept and done later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStep {
    /// What is to be done.
    pub action: RunAction,
    /// Where the entry is found: its DN, or file and line.
    pub locator: String,
    /// What identifies the entry; absent when it has no identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Vec<u8>>,
    /// The contact concerned, as the plan knew it; absent when it is to be created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<KnownContact>,
    /// What the entry says; absent when it is gone or left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<MappedRecord>>,
    /// What changes in the contact; empty for a creation, where every value is new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    /// Why the entry is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Invalid>,
    /// To be done in one transaction with the step before: the two exchange addresses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_tied: bool,
}
