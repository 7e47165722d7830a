//! A run that maps anew what was read before, and asks its source nothing.
//!
//! It becomes a plan like any other, with the same guard. Nobody counts as gone. An entry of which too little is kept,
//! because the mapping names an attribute that was not asked for when it was read, stays as it is and is counted.

use std::collections::HashMap;

use directory_model::progress::Phase;
use directory_model::record::{Extent, ReadEnd, Reported};
use directory_model::source::Source;
use directory_source::mapping::{KeptEntry, KeptPlaces, Remapper};
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::source_records;
use directory_store::source_values::{self, EntryValues};

use super::reading::Plan;
use super::{End, PORTION, Running};

/// How what was kept under each list of attributes is read; not at all where the list lacks one.
type Lists = HashMap<i64, Option<KeptPlaces>>;

impl Running {
    /// Plans from what is kept, and applies the plan or leaves it waiting.
    pub(super) async fn map_anew(&mut self, source: &Source) -> StoreResult<End> {
        let remapper = Remapper::new(&source.fields);
        let run = self.run.clone();
        let lists = self.parts.database.read(move |conn| source_values::lists(conn, &run)).await?;
        let lists: Lists = lists.into_iter().map(|(key, names)| (key, remapper.places(&names))).collect();
        let mut plan = self.begin_plan(false).await?;
        self.progress.enter(Phase::Reading, Some(plan.planner.records()).filter(|records| *records > 0));
        let (mut last, mut lacking) = (None, 0);
        loop {
            if let Some(end) = self.cancelled() {
                return Ok(end);
            }
            let page = self.next_kept(last).await?;
            let Some(end) = page.last() else { break };
            last = Some(end.external_id.clone());
            let mut reported = Vec::with_capacity(page.len());
            for entry in page {
                let mapped = map(&remapper, &lists, &entry);
                lacking += u64::from(mapped.is_none());
                reported.push(mapped.unwrap_or(Reported::Unchanged(entry.external_id)));
            }
            plan = self.decide(plan, reported).await?;
            let tally = plan.planner.tally();
            (self.counts.read, self.counts.unchanged) = (tally.read, tally.unchanged);
            self.progress.read(self.counts);
        }
        self.conclude_stored(plan, source, lacking).await
    }

    async fn conclude_stored(&mut self, mut plan: Plan, source: &Source, lacking: u64) -> StoreResult<End> {
        let run = self.run.clone();
        let in_service = self.parts.database.read(move |conn| source_records::in_service(conn, &run)).await?;
        plan.planner.leave_absent(in_service);
        self.counts.needs_read = lacking + plan.planner.kept().unwrap_or(0);
        // As with changes, who was not reported is as they were.
        let end = ReadEnd { extent: Extent::Changes, ..ReadEnd::whole(plan.planner.tally().read) };
        self.judge_and_apply(plan, end, source).await
    }

    async fn next_kept(&self, after: Option<Vec<u8>>) -> StoreResult<Vec<EntryValues>> {
        let (run, limit) = (self.run.clone(), i64::try_from(PORTION).unwrap_or(i64::MAX));
        let page = move |conn: &mut Connection| source_values::page(conn, &run, after.as_deref(), limit);
        self.parts.database.read(page).await
    }
}

/// The entry under the mapping as it is now; `None` when too little of it is kept.
fn map(remapper: &Remapper, lists: &Lists, entry: &EntryValues) -> Option<Reported> {
    let EntryValues { locator, origin_id, list, values, .. } = entry;
    let kept = KeptEntry { locator, origin_id: origin_id.as_deref(), values };
    remapper.map(lists.get(list)?.as_ref()?, kept)
}
