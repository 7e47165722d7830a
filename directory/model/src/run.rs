//! A synchronisation run, as it is recorded.

mod problem;
mod step;
#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::problem::RunProblem;
pub use self::step::{FieldChange, PlanStep, RunEntry};
use crate::id::{ContactId, RunId, SourceId};
use crate::record::WholeBecause;
use crate::timestamp::Timestamp;
use crate::undo::UNDO_DAYS;

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
    /// Somebody takes back what another run did.
    Undo,
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
    /// Nothing: what was read before is mapped anew.
    Stored,
}

/// Who sees to contacts that are to be synchronised from a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Asked {
    /// The source.
    pub source: SourceId,
    /// The run that is about them; null while they wait for another run of the source to end.
    pub run: Option<RunId>,
}

/// Why no run of a source was started although those of others were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutBecause {
    /// The source is switched off.
    SwitchedOff,
    /// It says only how available people are.
    NoEntries,
    /// People are looked up in it, so that nothing of its entries is kept that could be mapped anew.
    NothingKept,
    /// A run of it goes on or waits for approval.
    Busy,
    /// The run could not be recorded; the log says more.
    Failed,
}

/// A source of which no run was started although those of others were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LeftOut {
    /// The source.
    pub source: SourceId,
    /// Why.
    pub because: LeftOutBecause,
    /// The run that is in the way.
    pub run: Option<RunId>,
}

/// What came of starting several sources together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StartedRuns {
    /// For each source that was started, its run.
    pub runs: Vec<Asked>,
    /// The sources that were not.
    pub left_out: Vec<LeftOut>,
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
    /// Entries of which too little is kept to be mapped anew: they stay as they are until the source is read.
    #[serde(default)]
    pub needs_read: u64,
    /// Contacts removed.
    #[serde(default)]
    pub removed: u64,
    /// Contacts that left their entry and were made by hand again.
    #[serde(default)]
    pub unlinked: u64,
    /// Removed contacts that came back.
    #[serde(default)]
    pub restored: u64,
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

impl Counts {
    /// What was found when the source was read, without what a plan does about it.
    #[must_use]
    pub fn of_read(&self) -> Self {
        let Self { read, unchanged, not_found, needs_read, .. } = *self;
        Self { read, unchanged, not_found, needs_read, ..Self::default() }
    }

    /// How many contacts a plan changes.
    pub fn changes(&self) -> u64 {
        let fields = self.created + self.linked + self.updated + self.disabled + self.enabled;
        fields + self.removed + self.unlinked + self.restored
    }
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
    /// The run that it takes back.
    pub undoes: Option<RunId>,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// It did something with a contact.
    pub has_changed: bool,
}

impl Run {
    /// Whether a run may take it back at `now`: it has ended, began less than [`UNDO_DAYS`] days ago, changed
    /// something, and takes none back itself.
    pub fn is_undoable(&self, now: Timestamp) -> bool {
        let is_young = now.since(self.started_at) <= Duration::from_hours(24 * UNDO_DAYS);
        self.ended_at.is_some() && self.undoes.is_none() && self.has_changed && is_young
    }
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
    /// People come into a group.
    JoinGroup,
    /// People go from a group.
    LeaveGroup,
    /// The contact's entry is not in the source; its locator says what was looked for. Nothing changes.
    NotFound,
    /// The contact is removed.
    Remove,
    /// The contact leaves its entry and is one made by hand again.
    Unlink,
    /// A removed contact comes back.
    Restore,
}

impl RunAction {
    /// What is done with groups.
    pub const ABOUT_GROUPS: [Self; 5] =
        [Self::CreateGroup, Self::RenameGroup, Self::RemoveGroup, Self::JoinGroup, Self::LeaveGroup];
    /// What changes nothing.
    pub const IDLE: [Self; 2] = [Self::SetAside, Self::NotFound];
}
