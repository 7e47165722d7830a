//! A node of the tenant's one group tree.

use serde::{Deserialize, Serialize};

use crate::id::{GroupId, SiteId, SourceId};
use crate::invalid::{Invalid, Refusals};
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// How deep the tree may be.
pub const MAX_DEPTH: usize = 32;

/// The longest name of a group.
pub const MAX_NAME_CHARS: usize = 128;

/// The name that the `number`th group of a name gets, where there may be only one: the name itself,
/// `name (2)`, `name (3)`. It is cut so that the number has room.
pub fn numbered(name: &str, number: u32) -> String {
    let end = if number < 2 { String::new() } else { format!(" ({number})") };
    let room = MAX_NAME_CHARS - end.len();
    let cut = match name.char_indices().nth(room) {
        Some((at, _)) => name[..at].trim_end(),
        None => name,
    };
    format!("{cut}{end}")
}

/// Whether `given` is what [`numbered`] makes of `name`, with whatever number.
pub fn is_numbered(given: &str, name: &str) -> bool {
    let number = given.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")).and_then(|(_, n)| n.parse().ok());
    given == numbered(name, number.unwrap_or(1)) || given == numbered(name, 1)
}

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
        refusals.required_text("name", &self.name, MAX_NAME_CHARS);
        refusals.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_goes_behind_a_name_and_has_room() {
        let long = "ä".repeat(200);
        for (name, number, expected) in [
            ("Sales", 1, "Sales".to_owned()),
            ("Sales", 2, "Sales (2)".into()),
            ("Sales (2)", 2, "Sales (2) (2)".into()),
            (&long, 1, "ä".repeat(128)),
            (&long, 12, format!("{} (12)", "ä".repeat(123))),
        ] {
            let given = numbered(name, number);
            assert_eq!(given, expected);
            assert!(given.chars().count() <= MAX_NAME_CHARS && is_numbered(&given, name), "{given}");
        }
        for (given, name) in [("Sales (2)", "Trade"), ("Sales 2", "Sales"), ("Sales (x)", "Sales"), ("", "Sales")] {
            assert!(!is_numbered(given, name), "{given}");
        }
        assert!(is_numbered("Sales (2)", "Sales (2)"));
    }
}
