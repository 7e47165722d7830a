//! What the platform allows the sources of its tenants.

use std::path::PathBuf;

use serde::Deserialize;

use crate::outbound::OutboundPolicy;

/// The `[sources]` table of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SourcePolicy {
    /// Where sources may connect to.
    pub outbound: OutboundPolicy,
    /// The folder below which file sources lie; without one, or with an empty one, they are refused.
    pub file_folder: Option<PathBuf>,
    /// A larger file is refused before it is read.
    pub max_file_bytes: u64,
    /// A source with more entries is refused.
    pub max_entries: u64,
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
