//! What a start of the gateway finds of runs that were going on when it stopped.

use diesel::prelude::*;
use directory_model::id::{RunId, TenantId};
use directory_model::run::RunState;

use super::OpenRun;
use crate::column::{Column, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{sync_runs, tenants};

/// How often a run is taken up again without getting anything done: one that brings the gateway down each time must
/// not do so at every start.
const MOST_RESUMES: i64 = 3;

impl OpenRun {
    /// Whether it goes on because somebody approved its plan: steps that are not done yet are all there.
    pub fn is_approved(&self) -> bool {
        self.state == RunState::Running && self.planned_at_seq.is_some()
    }
}

/// Every run that goes on, of all tenants: after a start these were interrupted.
pub fn running(conn: &mut Connection) -> StoreResult<Vec<(TenantId, RunId)>> {
    let rows: Vec<(String, String)> = sync_runs::table
        .inner_join(tenants::table.on(tenants::id.eq(sync_runs::tenant_id)))
        .filter(sync_runs::state.eq(word(RunState::Running)))
        .select((tenants::public_id, sync_runs::public_id))
        .load(conn)?;
    rows.iter()
        .map(|(tenant, run)| {
            Ok((Column("tenants", "public_id").id(tenant)?, Column("sync_runs", "public_id").id(run)?))
        })
        .collect()
}

/// Counts that the run is taken up again, until it has got something done; `false` when it was too often.
pub fn take_up(conn: &mut Connection, run: &OpenRun) -> StoreResult<bool> {
    let resumes = sync_runs::resumes.eq(sync_runs::resumes + 1);
    let taken = diesel::update(sync_runs::table.find(run.key)).set(resumes).returning(sync_runs::resumes);
    Ok(taken.get_result::<i64>(conn)? <= MOST_RESUMES)
}
