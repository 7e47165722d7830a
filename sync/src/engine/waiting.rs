//! Contacts that are to be synchronised, and the runs that see to them.

use directory_model::audit::Origin;
use directory_model::id::{ContactId, RunId, TenantId};
use directory_model::port::StartRefused;
use directory_model::run::{Asked, Trigger};
use directory_store::error::StoreResult;
use directory_store::sync_requests::{self, Request, Waiting};
use directory_store::tx::Tx;
use tracing::{error, info, warn};

use super::{Engine, internal};

impl Engine {
    /// Starts runs for contacts that wait: of one tenant, or of all, and says which. What waits for a
    /// source that is switched off is forgotten.
    pub async fn start_waiting(&self, tenant: Option<TenantId>) -> Vec<RunId> {
        let mut started = Vec::new();
        if self.inner.stop.is_cancelled() {
            return started;
        }
        let waiting = self.inner.parts.database.read(move |conn| sync_requests::waiting(conn, tenant)).await;
        let waiting = waiting.unwrap_or_else(|reason| {
            error!(%reason, "what waits to be synchronised could not be read");
            Vec::new()
        });
        for waiting in waiting {
            let (tenant, source) = (waiting.tenant, waiting.source);
            match self.start_for(waiting).await {
                Ok(run) => started.extend(run),
                Err(reason) => warn!(tenant.id = %tenant, source.id = %source, %reason, "contacts go on waiting"),
            }
        }
        started
    }

    async fn start_for(&self, waiting: Waiting) -> StoreResult<Option<RunId>> {
        let database = &self.inner.parts.database;
        let (tenant, source) = (waiting.tenant, waiting.source);
        if !waiting.is_switched_on {
            let count = database.write_unnumbered(move |conn| sync_requests::forget(conn, &waiting)).await?;
            info!(tenant.id = %tenant, source.id = %source, count, "a switched-off source synchronises nobody");
            return Ok(None);
        }
        let start = move |tx: &mut Tx<'_>| sync_requests::start(tx, source);
        let Some(run) = database.write(tenant, self.origin(), start).await?.flatten() else { return Ok(None) };
        info!(tenant.id = %tenant, source.id = %source, sync.run = %run.id, "a run for some contacts starts");
        Ok(Some(self.carry_out(run)))
    }

    pub(super) async fn synchronize_contacts(
        &self,
        tenant: TenantId,
        contacts: Vec<ContactId>,
        origin: Origin,
    ) -> Result<Vec<Asked>, StartRefused> {
        let work = move |tx: &mut Tx<'_>| sync_requests::request(tx, &contacts, Trigger::Manual);
        let request = self.inner.parts.database.write(tenant, origin, work).await;
        let request = request.map_err(|reason| internal(&reason))?;
        let Some(Request::Taken { started, asked }) = request else { return Err(StartRefused::SwitchedOff) };
        for run in started {
            info!(tenant.id = %tenant, source.id = %run.source, sync.run = %run.id, "a run for some contacts starts");
            self.carry_out(run);
        }
        Ok(asked)
    }
}
