//! A run over all of a source: everything is read, or what changed, and becomes a plan.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use directory_model::id::ContactId;
use directory_model::progress::Phase;
use directory_model::record::{Extent, ReadEnd, Reported, WholeBecause};
use directory_model::run::{Counts, PlanStep, RunExtent, RunProblem};
use directory_model::secret::Secret;
use directory_model::source::{Leavers, Source, SourceFields};
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::read_cursors::{self, KeptCursor, ReadNote};
use directory_store::source_records::{self, MarkChanges};
use directory_store::{contacts, sync_runs, tenants};
use ring::digest::{SHA256, digest};
use tokio::sync::mpsc;
use tracing::info;

use super::{AHEAD, End, PORTION, Running, Steps, blocking, decide, failed};
use crate::apply::Trust;
use crate::guard::{Findings, Verdict, judge};
use crate::plan::{Planner, Tally};
use crate::reader::{ReadFailure, Reading};
use crate::spool::Spool;

/// After how many entries a run that only compares says how far it has come.
const REPORT_EVERY: u64 = 5000;

/// A plan that is being made.
pub(super) struct Plan {
    pub(super) planner: Planner,
    pub(super) spool: Spool,
    // The planner knows only those of the source's records that were reported.
    pub(super) is_learning: bool,
}

/// A source as it is read.
pub(super) struct Opened {
    pub(super) source: Source,
    pub(super) secret: Option<Secret>,
    // Where its last read ended that had the same settings.
    last: Option<KeptCursor>,
    settings: String,
}

impl Running {
    pub(super) async fn read(&mut self) -> StoreResult<End> {
        if self.run.extent == RunExtent::Stored {
            // It asks nobody, so it needs no secret either.
            return match self.source_alone().await? {
                Some(source) => self.map_anew(&source).await,
                None => Ok(failed(RunProblem::Stale)),
            };
        }
        let (source, secret) = match self.source().await? {
            Ok(found) => found,
            Err(problem) => return Ok(failed(problem)),
        };
        let (tenant, settings) = (self.run.tenant, settings_of(&source.fields));
        let last = self.last_read(&source).await?;
        let opened = Opened { source, secret, last, settings };
        if !opened.source.fields.connection.lists_everybody() {
            return self.look_up_all(&opened).await;
        }
        if self.run.extent == RunExtent::Whole {
            return self.read_whole(&opened, None).await;
        }
        let read = match opened.last {
            Some(_) => self.read_once(&opened, true).await?,
            None => Err(ReadFailure::CannotContinue(WholeBecause::NoCursor)),
        };
        match read {
            Err(ReadFailure::CannotContinue(because)) => {
                info!(tenant.id = %tenant, sync.run = %self.run.id, ?because, "a run reads everything instead of changes");
                self.read_whole(&opened, Some(because)).await
            }
            read => self.conclude(read, &opened, None).await,
        }
    }

    /// Where the last read of all of the source ended that had the same settings.
    pub(super) async fn last_read(&self, source: &Source) -> StoreResult<Option<KeptCursor>> {
        let (tenant, id, settings) = (self.run.tenant, self.run.source, settings_of(&source.fields));
        let last = self.parts.database.read(move |conn| read_cursors::find(conn, tenant, id)).await?;
        Ok(last.filter(|last| last.settings == settings))
    }

    /// Leaves the source's cursor where it is: something that was read was not written.
    pub(super) async fn hold_cursor(&self) -> StoreResult<()> {
        let run = self.run.clone();
        self.parts.database.write_unnumbered(move |conn| read_cursors::hold(conn, &run)).await
    }

    async fn read_whole(&mut self, opened: &Opened, because: Option<WholeBecause>) -> StoreResult<End> {
        let read = self.read_once(opened, false).await?;
        self.conclude(read, opened, because).await
    }

    /// Reads, and plans meanwhile.
    async fn read_once(
        &mut self,
        opened: &Opened,
        only_changes: bool,
    ) -> StoreResult<Result<(ReadEnd, Plan), ReadFailure>> {
        let tenant = self.run.tenant;
        let plan = self.begin_plan(only_changes).await?;
        self.begin_keeping(&opened.source.fields, !only_changes).await?;
        self.progress.enter(Phase::Reading, Some(plan.planner.records()).filter(|records| *records > 0));
        self.changed = only_changes.then(Vec::new);
        let (out, entries) = mpsc::channel(AHEAD);
        let (reader, cancel) = (Arc::clone(&self.parts.reader), self.cancel.clone());
        let last = opened.last.as_ref().map(|last| &last.cursor);
        let whole = Reading::whole(tenant, &opened.source, opened.secret.as_ref(), last);
        let reading = reader.read(Reading { only_changes, ..whole }, out, &cancel);
        // The reader stops by itself when planning ends early and drops the channel.
        let (end, plan) = tokio::join!(reading, self.take_all(plan, entries));
        let plan = plan?;
        Ok(end.map(|end| (end, plan)))
    }

    /// A plan that knows the source's records, or learns of them as entries are reported.
    pub(super) async fn begin_plan(&mut self, is_learning: bool) -> StoreResult<Plan> {
        let run = self.run.clone();
        let load = move |conn: &mut Connection| {
            let mut planner = Planner::new([]);
            if !is_learning {
                source_records::each_known(conn, run.tenant, run.source, |known| planner.learn(known))?;
            }
            planner.heed(source_records::marks(conn, &run)?);
            Ok((tenants::change_seq(conn, run.tenant)?, planner))
        };
        let (line, planner) = self.parts.database.read(load).await?;
        self.line = line;
        let spool = Spool::new(self.parts.database.file().as_deref())?;
        Ok(Plan { planner, spool, is_learning })
    }

    async fn conclude(
        &mut self,
        read: Result<(ReadEnd, Plan), ReadFailure>,
        opened: &Opened,
        because: Option<WholeBecause>,
    ) -> StoreResult<End> {
        if let Some(end) = self.cancelled() {
            return Ok(end);
        }
        let (end, mut plan) = match read {
            Ok(read) => read,
            Err(ReadFailure::Failed(problem)) => return Ok(failed(problem)),
            // Not an answer to a wish for everything.
            Err(ReadFailure::CannotContinue(_)) => return Ok(failed(RunProblem::Internal)),
        };
        let run = self.run.clone();
        let kept = end.cursor.clone().map(|cursor| KeptCursor { settings: opened.settings.clone(), cursor });
        let extent = match end.extent {
            Extent::Whole { .. } => RunExtent::Whole,
            Extent::Changes => RunExtent::Changes,
        };
        self.may_lag = end.extent == (Extent::Whole { may_lag: true });
        self.write_rest().await?;
        let is_learning = plan.is_learning && end.extent != Extent::Changes;
        let place = place_of(&opened.source.fields.connection);
        let read = ReadNote { extent, because, cursor: kept, place, may_lag: self.may_lag };
        let note = move |conn: &mut Connection| read_cursors::note(conn, &run, &read);
        self.parts.database.write_unnumbered(note).await?;
        if is_learning {
            let (tenant, source) = (self.run.tenant, self.run.source);
            let load = move |conn: &mut Connection| {
                source_records::each_known(conn, tenant, source, |known| plan.planner.learn(known))?;
                Ok(plan)
            };
            plan = self.parts.database.read(load).await?;
        }
        if end.extent != (Extent::Whole { may_lag: false }) {
            let run = self.run.clone();
            let count = move |conn: &mut Connection| source_records::in_service(conn, &run);
            plan.planner.leave_absent(self.parts.database.read(count).await?);
        }
        self.judge_and_apply(plan, end, &opened.source).await
    }

    async fn take_all(&mut self, mut plan: Plan, mut entries: mpsc::Receiver<Reported>) -> StoreResult<Plan> {
        loop {
            let mut portion = Vec::with_capacity(PORTION);
            // A full portion: many small look-ups would cost more than they show.
            while portion.len() < PORTION {
                let room = PORTION - portion.len();
                if entries.recv_many(&mut portion, room).await == 0 {
                    break;
                }
            }
            if portion.is_empty() || self.cancel.is_cancelled() {
                return Ok(plan);
            }
            self.keep(&mut portion).await?;
            plan = self.decide(plan, portion).await?;
            let tally = plan.planner.tally();
            (self.counts.read, self.counts.unchanged) = (tally.read, tally.unchanged);
            self.progress.read(self.counts);
        }
    }

    /// Decides on a portion and keeps the steps for later.
    pub(super) async fn decide(&mut self, mut plan: Plan, reported: Vec<Reported>) -> StoreResult<Plan> {
        if plan.is_learning {
            let ids = reported.iter().filter_map(|reported| reported.external_id().map(<[u8]>::to_vec)).collect();
            plan.planner.learn(self.known_of(ids).await?);
        }
        if let Some(changed) = &mut self.changed {
            let entries = reported.iter().filter(|reported| matches!(reported, Reported::Entry(_)));
            changed.extend(entries.filter_map(|entry| entry.external_id().map(<[u8]>::to_vec)));
        }
        let before = plan.planner.tally().read;
        let portion = plan.planner.take(reported);
        if !portion.is_empty() {
            let run = self.run.clone();
            let work = move |conn: &mut Connection| {
                let steps = decide(conn, &run, &mut plan.planner, portion)?;
                plan.spool.append(&steps)?;
                Ok(plan)
            };
            plan = self.parts.database.read(work).await?;
        }
        let tally = plan.planner.tally();
        if tally.read / REPORT_EVERY != before / REPORT_EVERY {
            let run = self.run.clone();
            let counts = Counts { read: tally.read, unchanged: tally.unchanged, ..self.counts };
            let record = move |conn: &mut Connection| sync_runs::record_counts(conn, &run, &counts).map(drop);
            self.parts.database.write_unnumbered(record).await?;
        }
        Ok(plan)
    }

    async fn known_of(&self, ids: Vec<Vec<u8>>) -> StoreResult<Vec<directory_model::record::KnownRecord>> {
        let run = self.run.clone();
        self.parts.database.read(move |conn| source_records::known_of(conn, &run, &ids)).await
    }

    pub(super) async fn judge_and_apply(&mut self, plan: Plan, end: ReadEnd, source: &Source) -> StoreResult<End> {
        let Plan { mut planner, mut spool, .. } = plan;
        let is_everything = end.extent == Extent::Whole { may_lag: false };
        let mut leavers = self.leavers(&mut planner, source.fields.leavers);
        self.locate(&mut leavers).await?;
        let marks = planner.mark_changes();
        let mut steps = leavers.clone();
        for ids in planner.candidates().chunks(PORTION) {
            let (tenant, ids): (_, Vec<ContactId>) = (self.run.tenant, ids.to_vec());
            let load = move |conn: &mut Connection| contacts::many(conn, tenant, &ids);
            let manual = self.parts.database.read(load).await?;
            steps.extend(planner.link(&manual.into_iter().map(|contact| (contact.id, contact)).collect()));
        }
        self.remark = planner.kept_leavers().or_else(|| laggards(&planner, end.extent));
        let tally = planner.tally();
        (self.counts.read, self.counts.unchanged) = (tally.read, tally.unchanged);
        let finish = move || {
            steps.extend(planner.settle(&leavers));
            spool.append(&steps)?;
            spool.finish()
        };
        let (spooled, planned) = blocking(finish).await?;
        let verdict = judge(&self.findings(end, tally, &planned, &source.fields).await?);
        if let Verdict::Refuse(problem) = verdict {
            return Ok(failed(problem));
        }
        // They say what the source said, whatever becomes of the plan.
        self.mark(marks).await?;
        if is_everything {
            self.forget_unseen().await?;
        }
        if let Verdict::NeedsApproval(problem) = verdict {
            return self.put_down(spooled, planned, problem).await;
        }
        self.apply(Steps::Spooled(Box::new(spooled)), Trust::Planned).await
    }

    /// Notes what is to be noted of the source's entries.
    pub(super) async fn mark(&self, mut marks: MarkChanges) -> StoreResult<()> {
        // Others wait for one portion at most.
        while marks.said.len() > PORTION {
            let said = marks.said.split_off(marks.said.len() - PORTION);
            self.mark_at_once(MarkChanges { said, ..MarkChanges::default() }).await?;
        }
        if marks.is_empty() { Ok(()) } else { self.mark_at_once(marks).await }
    }

    async fn mark_at_once(&self, marks: MarkChanges) -> StoreResult<()> {
        let (run, now) = (self.run.clone(), self.parts.clock.now());
        let note = move |conn: &mut Connection| source_records::mark(conn, &run, &marks, now);
        self.parts.database.write_unnumbered(note).await
    }

    /// What becomes of those whose entries are gone.
    fn leavers(&self, planner: &mut Planner, rule: Leavers) -> Vec<PlanStep> {
        let mut steps = if rule == Leavers::Keep { Vec::new() } else { planner.leavers() };
        if let Leavers::Remove { after_days } = rule {
            let now = self.parts.clock.now();
            let grace = Duration::from_secs(u64::from(after_days) * 86_400);
            steps.extend(planner.overdue(now, now.minus(grace)));
        }
        steps
    }

    async fn findings(
        &self,
        end: ReadEnd,
        tally: Tally,
        planned: &Counts,
        fields: &SourceFields,
    ) -> StoreResult<Findings> {
        let (run, place) = (self.run.clone(), place_of(&fields.connection));
        let before = self.parts.database.read(move |conn| read_cursors::before(conn, &run, &place)).await?;
        Ok(Findings {
            end,
            known: tally.known,
            removals: tally.removals,
            duplicates: tally.duplicates,
            updates: planned.updated,
            changes: planned.changes(),
            is_preview: self.is_preview,
            before,
            threshold_percent: fields.approval_threshold_percent,
            change_threshold_percent: fields.change_threshold_percent,
        })
    }

    /// Leavers are not in the directory any more; the record says where they were.
    async fn locate(&self, leavers: &mut [PlanStep]) -> StoreResult<()> {
        let ids: Vec<Vec<u8>> = leavers.iter().filter_map(|step| step.external_id.clone()).collect();
        let run = self.run.clone();
        let load = move |conn: &mut Connection| source_records::locators(conn, &run, &ids);
        let mut locators = self.parts.database.read(load).await?;
        for step in leavers {
            if let Some(locator) = step.external_id.as_ref().and_then(|id| locators.remove(id)) {
                step.locator = locator;
            }
        }
        Ok(())
    }
}

/// What keeps those in service who were not found on a server that may not have heard of them.
fn laggards(planner: &Planner, extent: Extent) -> Option<RunProblem> {
    let contacts = planner.kept().filter(|contacts| *contacts > 0)?;
    (extent == Extent::Whole { may_lag: true }).then_some(RunProblem::LaggardsKept { contacts })
}

/// A digest of what decides which entries there are.
pub(super) fn place_of(connection: &directory_model::source::Connection) -> String {
    let place = match connection {
        // How they are asked for is nothing to them.
        directory_model::source::Connection::Ldap(ldap) => {
            serde_json::to_vec(&(&ldap.url, &ldap.base_dn, &ldap.filter))
        }
        other => serde_json::to_vec(other),
    };
    URL_SAFE_NO_PAD.encode(digest(&SHA256, &place.unwrap_or_default()))
}

/// A digest of what decides which entries are read and what they become.
fn settings_of(fields: &SourceFields) -> String {
    let settings =
        serde_json::to_vec(&(&fields.connection, &fields.mapping, &fields.normalize_numbers)).unwrap_or_default();
    let digest = digest(&SHA256, &settings);
    URL_SAFE_NO_PAD.encode(digest)
}
