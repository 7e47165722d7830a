//! Starts runs that take another one back.

use directory_model::audit::Origin;
use directory_model::id::{RunId, TenantId};
use directory_model::port::StartRefused;
use directory_store::sync_runs::{self, StartUndo};
use directory_store::tx::Tx;
use tracing::info;

use super::{Engine, internal};

impl Engine {
    pub(super) async fn undo_run(&self, tenant: TenantId, id: RunId, origin: Origin) -> Result<RunId, StartRefused> {
        let work = move |tx: &mut Tx<'_>| sync_runs::start_undo(tx, id);
        let start = self.inner.parts.database.write(tenant, origin, work).await.map_err(|reason| internal(&reason))?;
        let run = match start {
            None | Some(StartUndo::NoRun | StartUndo::NotUndoable) => return Err(StartRefused::NotUndoable),
            Some(StartUndo::Busy(run)) => return Err(StartRefused::Busy(run)),
            Some(StartUndo::Started(run)) => run,
        };
        info!(tenant.id = %tenant, sync.run = %run.id, undone = %id, "a run is about to be taken back");
        let started = run.id;
        self.spawn(*run, |running| Box::pin(running.plan_undo()));
        Ok(started)
    }
}
