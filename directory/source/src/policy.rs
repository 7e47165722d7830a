//! What the platform allows the sources of its tenants.

use std::path::PathBuf;

use directory_model::id::TenantId;
use serde::Deserialize;

use crate::outbound::OutboundPolicy;

/// The `[sources]` table of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourcePolicy {
    /// Where sources may connect to.
    pub outbound: OutboundPolicy,
    /// The folder with a folder per tenant, named by its identity, below which its file sources lie;
    /// without one, or with an empty one, file sources are refused.
    pub file_folder: Option<PathBuf>,
    /// A larger file is refused before it is read.
    pub max_file_bytes: u64,
    /// A source with more entries is refused.
    pub max_entries: u64,
}

impl SourcePolicy {
    /// The same for one tenant, whose file sources lie in a folder of its own.
    #[must_use]
    pub fn of_tenant(&self, tenant: TenantId) -> Self {
        let folder = self.file_folder.as_ref().filter(|folder| !folder.as_os_str().is_empty());
        let file_folder = folder.map(|folder| folder.join(tenant.to_string()));
        Self { file_folder, ..self.clone() }
    }
}

impl Default for SourcePolicy {
    fn default() -> Self {
        Self {
            outbound: OutboundPolicy::default(),
            file_folder: None,
            max_file_bytes: 256 * 1024 * 1024,
            max_entries: 1_000_000,
        }
    }
}
