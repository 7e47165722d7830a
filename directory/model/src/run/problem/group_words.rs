//! What is said in English of groups that a run left as they are.

use std::fmt;

use super::{RunProblem, counted};

impl RunProblem {
    pub(super) fn of_groups(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GroupsUnread { detail } => write!(
                f,
                "The contacts were brought in step, but the groups were not read to the end ({detail}), so no group was \
                 changed."
            ),
            Self::GroupsEmpty { groups: 0 } => {
                f.write_str("No group was found, so no group was changed. Is the group filter right?")
            }
            Self::GroupsEmpty { groups } => write!(
                f,
                "No group was found, although {} from this source, so no group was changed. Is the group filter right?",
                counted(*groups, "group comes", "groups come"),
            ),
            Self::GroupsKept { removals, known, threshold_percent } => write!(
                f,
                "{removals} of {} would go, more than the {threshold_percent} % that the source allows, so nobody was \
                 taken out of a group and no group was removed.",
                counted(*known, "membership in groups", "memberships in groups"),
            ),
            Self::GroupsUnidentified { groups } => write!(
                f,
                "{} left out, so no group was removed and nobody was taken out of one.",
                counted(*groups, "group without identity was", "groups without identity were"),
            ),
            _ => Ok(()),
        }
    }
}
