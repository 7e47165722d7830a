//! Starts a run of every source of a tenant.

use directory_model::audit::Origin;
use directory_model::id::TenantId;
use directory_model::port::StartRefused;
use directory_model::run::{Asked, LeftOut, RunExtent, StartedRuns, Trigger};
use directory_store::connection::Connection;
use directory_store::{sources, tenants};

use super::{Engine, internal};

impl Engine {
    /// Starts each source by itself: one that cannot be started keeps no other from it.
    pub(super) async fn start_sources(
        &self,
        tenant: TenantId,
        (trigger, extent): (Trigger, RunExtent),
        origin: Origin,
    ) -> Result<StartedRuns, StartRefused> {
        let load = move |conn: &mut Connection| Ok((tenants::find(conn, tenant)?, sources::ids(conn, tenant)?));
        let (found, sources) = self.inner.parts.database.read(load).await.map_err(|reason| internal(&reason))?;
        if !found.is_some_and(|found| found.fields.is_synchronized()) {
            return Err(StartRefused::SwitchedOff);
        }
        let mut started = StartedRuns::default();
        for source in sources {
            match self.start_run(tenant, source, (trigger, extent), origin).await {
                Ok(run) => started.runs.push(Asked { source, run: Some(run) }),
                // One that is not there any more was removed meanwhile.
                Err(refused) => {
                    started.left_out.extend(refused.left_out().map(|(because, run)| LeftOut { source, because, run }));
                }
            }
        }
        Ok(started)
    }
}
