//! The groups of a run: read, compared and mirrored, after its plan was applied.

use std::sync::Arc;

use directory_model::progress::Phase;
use directory_model::record::SourceGroups;
use directory_model::run::{RunProblem, RunState};
use directory_model::source::{Source, mirrors_groups};
use directory_source::SourceError;
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::groups::said::{said, say};
use directory_store::groups::synced::{self, GroupAct, GroupChange, MirroredGroup};
use tracing::warn;

use super::{End, Running, failed};
use crate::groups::{Findings, Notes, Plan, Verdict, Wanted, digest, heed, judge, leave_alone, plan, tally};
use crate::reader::Reading;

/// About how many rows one transaction writes.
const BATCH: usize = 2000;

/// What there is, and what the source says.
struct Compared {
    mirrored: Vec<MirroredGroup>,
    wanted: Vec<Wanted>,
    notes: Notes,
    found: u64,
    unidentified: u64,
}

impl Running {
    /// Follows the groups of the source when the plan of a run over all of it was applied.
    pub(super) async fn follow_groups(&mut self, end: StoreResult<End>, is_approved: bool) -> StoreResult<End> {
        match end? {
            End::Ended(RunState::Succeeded, remark) if self.run.contacts.is_none() => {
                self.groups(remark, is_approved).await
            }
            end => Ok(end),
        }
    }

    async fn groups(&mut self, remark: Option<RunProblem>, is_approved: bool) -> StoreResult<End> {
        let (source, secret) = match self.source().await? {
            Ok(found) => found,
            Err(problem) => return Ok(failed(problem)),
        };
        if !mirrors_groups(&source.fields.connection) {
            return Ok(End::Ended(RunState::Succeeded, remark));
        }
        self.progress.enter(Phase::Groups, None);
        let (reader, cancel) = (Arc::clone(&self.parts.reader), self.cancel.clone());
        let reading = Reading::whole(self.run.tenant, &source, secret.as_ref(), None);
        let read = reader.read_groups(reading, &cancel).await;
        if let Some(end) = self.cancelled() {
            return Ok(end);
        }
        let problem = match read {
            Ok(None) => None,
            Ok(Some(found)) => self.mirror(found, &source, is_approved).await?,
            Err(SourceError::CutShort { detail, .. }) => Some(RunProblem::GroupsUnread { detail }),
            Err(reason) => Some(RunProblem::GroupsUnread { detail: reason.to_string() }),
        };
        if let Some(end) = self.cancelled() {
            return Ok(end);
        }
        if let Some(problem) = &problem {
            warn!(tenant.id = %self.run.tenant, sync.run = %self.run.id, %problem, "groups were not followed to the end");
        }
        // What there is to be said about people goes first; of groups the log tells as well.
        Ok(End::Ended(RunState::Succeeded, remark.or(problem)))
    }

    /// Brings the mirrored groups in step with what was found; what there is to be said about it.
    async fn mirror(
        &mut self,
        found: SourceGroups,
        source: &Source,
        is_approved: bool,
    ) -> StoreResult<Option<RunProblem>> {
        let (run, may_lag) = (self.run.clone(), self.may_lag);
        let compare = move |conn: &mut Connection| {
            let SourceGroups { groups, people, unidentified } = found;
            let now = groups.iter().map(|group| (group.external_id.clone(), digest(group, &people))).collect();
            let (held, notes) = heed(&said(conn, &run)?, &now, unidentified == 0 && !may_lag);
            let contacts = synced::contacts_of(conn, &run, &people)?;
            let mut wanted: Vec<Wanted> = groups.into_iter().map(|group| Wanted::new(group, &contacts)).collect();
            let (found, mirrored) = (wanted.len() as u64, synced::mirrored(conn, &run)?);
            leave_alone(&mut wanted, &mirrored, &held);
            Ok(Compared { mirrored, wanted, notes, found, unidentified })
        };
        let Compared { mirrored, wanted, notes, found, unidentified } = self.parts.database.read(compare).await?;
        let (known, removals) = tally(&mirrored, &wanted);
        let verdict = judge(&Findings {
            found,
            groups: mirrored.len() as u64,
            known,
            removals,
            unidentified,
            threshold_percent: source.fields.approval_threshold_percent,
            may_lag: self.may_lag,
            is_approved,
        });
        let (may_go, problem) = match verdict {
            Verdict::Nothing(problem) => return Ok(Some(problem)),
            Verdict::Add(problem) => (false, problem),
            Verdict::Follow => (true, None),
        };
        let run = self.run.clone();
        self.parts.database.write_unnumbered(move |conn| say(conn, &run, &notes)).await?;
        let Plan { removals, groups, leaves, joins } = plan(&mirrored, &wanted, may_go);
        let changes = removals.into_iter().chain(groups).chain(leaves).chain(joins);
        self.write_groups(changes).await?;
        Ok(problem)
    }

    /// Writes batch after batch, until the run is cancelled.
    async fn write_groups(&mut self, changes: impl Iterator<Item = GroupChange> + Send) -> StoreResult<()> {
        let (mut batch, mut rows) = (Vec::new(), 0);
        for change in changes {
            rows += weight(&change);
            batch.push(change);
            if rows >= BATCH {
                self.write_group_batch(std::mem::take(&mut batch)).await?;
                rows = 0;
            }
            if self.cancel.is_cancelled() {
                return Ok(());
            }
        }
        self.write_group_batch(batch).await
    }

    async fn write_group_batch(&mut self, batch: Vec<GroupChange>) -> StoreResult<()> {
        if batch.is_empty() {
            return Ok(());
        }
        self.write_counted(move |tx, run, counts| synced::write_batch(tx, run, batch, counts)).await
    }
}

/// About how many rows a change writes; making a group takes several statements, removing one many.
fn weight(change: &GroupChange) -> usize {
    match &change.act {
        GroupAct::Join(members) | GroupAct::Leave(members) => members.len() + 1,
        GroupAct::Create(_) | GroupAct::Rename { .. } => 5,
        GroupAct::Remove => 20,
    }
}
