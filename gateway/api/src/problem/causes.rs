//! Which problem the errors of other crates are.

use directory_model::port::StartRefused;
use directory_store::error::{Conflict, StoreError};

use super::{Problem, ProblemKind};

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(conflict) => conflict.into(),
            StoreError::Refused(fields) => Self::invalid(fields),
            StoreError::Stale => Self::changed_meanwhile(),
            error @ StoreError::Unavailable(_) => Self::unavailable(error),
            error => Self::internal(error),
        }
    }
}

impl From<Conflict> for Problem {
    fn from(conflict: Conflict) -> Self {
        let detail = match &conflict {
            // The wording of seed 001, to the letter.
            Conflict::Address { .. } => conflict.to_string(),
            Conflict::Name { field, value } => format!("The {field} `{value}` is already taken."),
            Conflict::InUse { by } => return Self::new(ProblemKind::NotPossibleNow, format!("There are still {by}.")),
            Conflict::TestOnItsWay => {
                return Self::new(ProblemKind::NotPossibleNow, "Another test of this alert is still on its way.");
            }
            Conflict::NoClient => {
                let detail = "The user may use no client, or there are no licences: the profile is `available`.";
                return Self::new(ProblemKind::NotPossibleNow, detail);
            }
            Conflict::ClientProfile => {
                return Self::new(ProblemKind::NotPossibleNow, "The user's client profile does not allow this.");
            }
            Conflict::BuiltIn => {
                return Self::new(ProblemKind::NotPossibleNow, "It is built in: nobody changes or removes it.");
            }
            Conflict::FormUsed => {
                let detail = "This form was sent before, with something else in it.";
                return Self::new(ProblemKind::NotPossibleNow, detail);
            }
            Conflict::SecondFactor => {
                return Self::new(ProblemKind::NotPossibleNow, "A second factor is in use: remove it first.");
            }
            Conflict::LastOperator => {
                let detail = "Nobody else can sign in and run the platform: first give another user the role \
                              `platform` and a password.";
                return Self::new(ProblemKind::NotPossibleNow, detail);
            }
            Conflict::Constraint => "Something like this was made at the same moment.".to_owned(),
        };
        Self::new(ProblemKind::AlreadyExists, detail)
    }
}

impl From<StartRefused> for Problem {
    fn from(refused: StartRefused) -> Self {
        match refused {
            StartRefused::NoSuchSource => Self::not_found(),
            StartRefused::Busy(run) => {
                Self::new(ProblemKind::NotPossibleNow, format!("Run {run} of this source has not ended."))
            }
            StartRefused::SwitchedOff => {
                Self::new(ProblemKind::NotPossibleNow, "Synchronization is switched off for this source or tenant.")
            }
            StartRefused::NotWaiting => {
                Self::new(ProblemKind::NotPossibleNow, "The run is not in a state that allows this.")
            }
            StartRefused::NotUndoable => Self::new(
                ProblemKind::NotPossibleNow,
                "A run can be undone when it has ended, started less than 30 days ago, changed something and is not \
                 itself an undoing.",
            ),
            refused @ (StartRefused::Stale | StartRefused::NoEntries | StartRefused::NothingKept) => {
                Self::new(ProblemKind::NotPossibleNow, refused.to_string())
            }
            refused @ StartRefused::Failed(_) => Self::internal(refused),
        }
    }
}
