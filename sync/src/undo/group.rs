//! Pure: taking back what a run did with a mirrored group.

use std::collections::HashMap;

use directory_model::invalid::{Invalid, Rule};
use directory_model::run::{PlanStep, RunAction};
use directory_model::undo::{GroupDeed, Reversal, TakenBack};
use directory_store::groups::undone::GroupNow;
use directory_store::sync_runs::Line;

use super::Taken;

/// Takes back one line about the group that `external_id` identifies.
pub(super) fn take_back(
    line: &Line,
    external_id: &[u8],
    deed: &GroupDeed,
    groups: &HashMap<Vec<u8>, GroupNow>,
) -> Taken {
    let action = match (deed, groups.get(external_id)) {
        (GroupDeed::Made, Some(now)) if now.is_used => return left(line, &now.name),
        (GroupDeed::Made, Some(_)) => RunAction::RemoveGroup,
        (GroupDeed::Renamed { old, .. }, Some(now)) if now.name == *old => return Taken::default(),
        (GroupDeed::Renamed { new, .. }, Some(now)) if now.name != *new => return left(line, &now.name),
        (GroupDeed::Renamed { .. }, Some(_)) => RunAction::RenameGroup,
        (GroupDeed::Removed(_), None) => RunAction::CreateGroup,
        (GroupDeed::Joined { .. }, Some(_)) => RunAction::LeaveGroup,
        (GroupDeed::Left { .. }, Some(_)) => RunAction::JoinGroup,
        // Whoever did so already has done the same.
        (GroupDeed::Removed(_), Some(_)) | (_, None) => return Taken::default(),
    };
    let reversal = Reversal { group: Some(deed.clone()), ..Reversal::default() };
    let step = PlanStep {
        external_id: Some(external_id.to_vec()),
        undo: Some(Box::new(TakenBack { reversal, ..TakenBack::default() })),
        ..PlanStep::new(action, line.entry.locator.clone())
    };
    Taken { step: Some(step), ..Taken::default() }
}

/// The group is not as the run left it.
fn left(line: &Line, name: &str) -> Taken {
    let reason = Some(Invalid::new("group", name, Rule::ChangedMeanwhile));
    let step = PlanStep { reason, ..PlanStep::new(RunAction::SetAside, line.entry.locator.clone()) };
    Taken { left: vec![step], ..Taken::default() }
}
