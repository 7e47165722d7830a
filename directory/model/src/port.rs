//! The few traits by which crates meet without depending on each other.

use std::future::Future;
use std::pin::Pin;

use crate::audit::Origin;
use crate::id::{ContactId, RunId, SourceId, TenantId};
use crate::identity::{AuthorizationAnswer, AuthorizationRequest, Identity, IdentityFailure, ProviderAccess};
use crate::page::PageRequest;
use crate::presence::lync::LowNumbers;
use crate::presence::{Activity, Availability, Claim, SourceNotes};
use crate::probe::{EntryName, Look, Subject, Tested};
use crate::progress::Progress;
use crate::run::{Asked, LeftOutBecause, RunExtent, RunProblem, StartedRuns, Trigger};
use crate::system::UpkeepTotals;
use crate::upkeep::UpkeepHealth;

/// A future in a box, for traits used as objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Takes claims from sources. Implemented by presence.
pub trait ClaimSink: Send + Sync {
    /// Offers a claim; an older version than the one held is ignored.
    fn offer(&self, tenant: TenantId, claim: Claim);

    /// Takes what a source notes beside the state of a contact, in the place of what it noted before.
    fn note(&self, tenant: TenantId, notes: SourceNotes);
}

/// Reads telephone numbers. Implemented by sources, which know the numbering plans.
pub trait PhoneNumbers: Send + Sync {
    /// `text` as E.164, with `;ext=` when it has an extension; `None` when it is no number that can be called
    /// from outside. `country` is that of numbers that name none, as its code of ISO 3166.
    fn e164(&self, text: &str, country: Option<&str>) -> Option<String>;
}

/// Is told, after commit, that a tenant's line of changes has grown. Only a wake-up: the receiver
/// reads the changes from the store.
pub trait ChangeSink: Send + Sync {
    /// The tenant's changes now reach `seq`.
    fn changed(&self, tenant: TenantId, seq: i64);
}

/// Why a run was not started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartRefused {
    /// There is no such source in the tenant.
    #[error("no such source")]
    NoSuchSource,
    /// A run of the source is going on or waits for approval.
    #[error("run `{0}` of this source has not ended")]
    Busy(RunId),
    /// The source or the tenant's synchronisation is switched off.
    #[error("synchronisation is switched off")]
    SwitchedOff,
    /// The source has no entries: it says only how available people are.
    #[error("the source says only how available people are; it has nobody to synchronise")]
    NoEntries,
    /// People are looked up in the source, one by one, and nothing of its entries is kept.
    #[error("people are looked up in this source, so nothing is kept of it that could be mapped anew")]
    NothingKept,
    /// There is no such run, or it does not wait for approval.
    #[error("no run waits for approval under this identity")]
    NotWaiting,
    /// The run has not ended, takes another one back itself, or is too old for it.
    #[error("the run cannot be undone")]
    NotUndoable,
    /// A contact of the plan changed after the plan was made, so it was thrown away.
    #[error("{}", RunProblem::Stale)]
    Stale,
    /// The run could not be recorded or carried out.
    #[error("the run failed at once")]
    Failed(RunProblem),
}

impl StartRefused {
    /// Why a source is left out where several are started, and the run that is in the way; `None` when there
    /// is no such source.
    pub fn left_out(&self) -> Option<(LeftOutBecause, Option<RunId>)> {
        match self {
            Self::NoSuchSource => None,
            Self::Busy(run) => Some((LeftOutBecause::Busy, Some(*run))),
            Self::SwitchedOff => Some((LeftOutBecause::SwitchedOff, None)),
            Self::NoEntries => Some((LeftOutBecause::NoEntries, None)),
            Self::NothingKept => Some((LeftOutBecause::NothingKept, None)),
            Self::NotWaiting | Self::NotUndoable | Self::Stale | Self::Failed(_) => {
                Some((LeftOutBecause::Failed, None))
            }
        }
    }
}

/// Starts and steers runs, and records who asked for it. Implemented by sync, used by HTTP and the
/// schedule.
pub trait SyncHandle: Send + Sync {
    /// Starts a run in the background and says its identity once it is recorded.
    fn start(
        &self,
        tenant: TenantId,
        source: SourceId,
        trigger: Trigger,
        extent: RunExtent,
        origin: Origin,
    ) -> BoxFuture<'_, Result<RunId, StartRefused>>;
    /// Starts a run by somebody's hand whose plan waits for approval, whatever it is, unless it changes nothing.
    fn preview(
        &self,
        tenant: TenantId,
        source: SourceId,
        extent: RunExtent,
        origin: Origin,
    ) -> BoxFuture<'_, Result<RunId, StartRefused>>;
    /// Starts a run of every source of the tenant of which none has not ended, and says which were left out.
    fn start_all(
        &self,
        tenant: TenantId,
        trigger: Trigger,
        extent: RunExtent,
        origin: Origin,
    ) -> BoxFuture<'_, Result<StartedRuns, StartRefused>>;
    /// Sees to it that each source of the tenant that may know these contacts is asked for them: at
    /// once, or as soon as no other run is in the way.
    fn synchronize(
        &self,
        tenant: TenantId,
        contacts: Vec<ContactId>,
        origin: Origin,
    ) -> BoxFuture<'_, Result<Vec<Asked>, StartRefused>>;
    /// Is told that contacts of the tenant wait to be synchronised. Only a wake-up: they are in the
    /// store.
    fn wake(&self, tenant: TenantId);
    /// Waits until a run that goes on is further than at `seen`, and says where it is; `None` when it
    /// does not go on.
    fn follow(&self, tenant: TenantId, run: RunId, seen: Option<Progress>) -> BoxFuture<'_, Option<Progress>>;
    /// Applies exactly the plan that was shown. When a contact in it changed since, the run ends as
    /// stale and the approval is refused.
    fn approve(&self, tenant: TenantId, run: RunId, origin: Origin) -> BoxFuture<'_, Result<(), StartRefused>>;
    /// Starts a run that plans to take back what `run` did, and waits for approval.
    fn undo(&self, tenant: TenantId, run: RunId, origin: Origin) -> BoxFuture<'_, Result<RunId, StartRefused>>;
    /// Ends a run that goes on or waits, at the next safe point.
    fn cancel(&self, tenant: TenantId, run: RunId, origin: Origin) -> BoxFuture<'_, Result<(), StartRefused>>;
}

/// Looks into sources without changing anything, within half a minute. Implemented by sync, used by
/// HTTP.
pub trait SourceProbe: Send + Sync {
    /// One entry, and why it is mapped as it is; `None` when there is none of this name.
    fn look(
        &self,
        tenant: TenantId,
        subject: Subject,
        entry: EntryName,
    ) -> BoxFuture<'_, Result<Option<Look>, RunProblem>>;
    /// Tries step by step whether the source can be read.
    fn test(&self, tenant: TenantId, subject: Subject) -> BoxFuture<'_, Tested>;
}

/// Keeps presence of sources alive. Implemented by sync, used by HTTP. All of it is in memory.
pub trait PresenceUpkeep: Send + Sync {
    /// How the presence of a source is kept alive, with a page of its contacts.
    fn health(&self, tenant: TenantId, source: SourceId, page: &PageRequest) -> UpkeepHealth;
    /// Has every source asked anew about these contacts, or about all of the tenant, and says how many
    /// subscriptions that are.
    fn resubscribe(&self, tenant: TenantId, contacts: Option<&[ContactId]>) -> u64;
    /// How that goes over all tenants, in numbers.
    fn totals(&self) -> UpkeepTotals;
}

/// Knows at whom somebody looks now. Implemented by presence, used by sync.
pub trait Interest: Send + Sync {
    /// The contacts of the tenant in what visitors look at now.
    fn watched(&self, tenant: TenantId) -> Vec<ContactId>;
}

/// Knows what people say about themselves. Implemented by presence, used by sync.
pub trait OwnWords: Send + Sync {
    /// The contact's own word, when one counts now.
    fn own_word(&self, tenant: TenantId, contact: ContactId) -> Option<OwnWord>;
}

/// Knows the rules of tenants that say what sources mean. Implemented by presence, used by sync.
pub trait SourceRules: Send + Sync {
    /// What numbers of Lync below 3000 mean.
    fn low_lync_numbers(&self, tenant: TenantId) -> LowNumbers;
}

/// What somebody says about themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnWord {
    /// The state.
    pub availability: Availability,
    /// The activity, when one is named.
    pub activity: Option<Activity>,
}

/// Signs people in by the word of identity providers. Implemented by identity, used by HTTP.
pub trait IdentityClient: Send + Sync {
    /// The address of the provider's own page, where the sign-in goes on.
    fn begin(
        &self,
        provider: ProviderAccess,
        request: AuthorizationRequest,
    ) -> BoxFuture<'_, Result<String, IdentityFailure>>;
    /// Who came back from there.
    fn finish(
        &self,
        provider: ProviderAccess,
        answer: AuthorizationAnswer,
    ) -> BoxFuture<'_, Result<Identity, IdentityFailure>>;
    /// The address where the provider ends its own session and sends the browser to `return_to`; `None`
    /// when it has none, or cannot be asked.
    fn leave(&self, provider: ProviderAccess, return_to: String) -> BoxFuture<'_, Option<String>>;
}
