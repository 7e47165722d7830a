//! How often visitors may leave something: from one address, and on one page from all of them.

use std::net::IpAddr;
use std::sync::Arc;

use directory_model::clock::Clock;
use directory_model::id::PublicationId;

use crate::auth::limit::Limiter;
use crate::problem::Problem;
use crate::settings::ApiSettings;

/// Counts what visitors send.
pub(crate) struct Guard {
    by_source: Limiter<IpAddr>,
    by_publication: Limiter<PublicationId>,
}

impl Guard {
    pub(crate) fn new(settings: &ApiSettings, clock: &Arc<dyn Clock>) -> Self {
        Self {
            by_source: Limiter::new(settings.enquiries_per_source, Arc::clone(clock)),
            by_publication: Limiter::new(settings.enquiries_per_publication, Arc::clone(clock)),
        }
    }

    /// Counts what comes from `source` to `publication`, whatever becomes of it.
    pub(super) fn count(&self, source: IpAddr, publication: PublicationId) -> Result<(), Problem> {
        self.by_source.attempt(source).map_err(Problem::too_many_requests)?;
        self.by_publication.attempt(publication).map_err(Problem::too_many_requests)
    }
}
