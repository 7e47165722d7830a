//! A node of the tenant's one group tree.

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, SiteId, SourceId};
use crate::invalid::{Invalid, Refusals};
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// How deep the tree may be.
pub const MAX_DEPTH: usize = 32;

/// What can be set on a group. The name is fixed once created (seed 004); the parent may change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GroupFields {
    /// Unique among its siblings when folded, 1 to 128 characters.
    pub name: String,
    /// The node above; `None` at the top of the tenant's tree.
    pub parent: Option<GroupId>,
}

/// A group as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its public identity.
    pub id: GroupId,
    /// What can be set.
    pub fields: GroupFields,
    /// The site whose root group this is.
    pub root_of: Option<SiteId>,
    /// The source that it mirrors; such a group carries no administration.
    pub synced_from: Option<SourceId>,
    /// How many contacts are members of it directly.
    pub member_count: u64,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Check for GroupFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, 128);
        refusals.finish()
    }
}
