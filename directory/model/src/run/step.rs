//! The lines of a run's record, and the steps of its plan.

use serde::{Deserialize, Serialize};

use super::RunAction;
use crate::contact::SyncedField;
use crate::id::ContactId;
use crate::invalid::Invalid;
use crate::record::{KnownContact, MappedRecord};
use crate::undo::{Holds, TakenBack};

/// One field before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldChange {
    /// The field.
    pub field: SyncedField,
    /// Its value before.
    pub old: Option<String>,
    /// Its value after.
    pub new: Option<String>,
}

/// One line of a run's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEntry {
    /// Its place in the run, from 1.
    pub number: i64,
    /// What was done.
    pub action: RunAction,
    /// Where the entry is found: its DN, or file and line.
    pub locator: String,
    /// The contact concerned.
    pub contact: Option<ContactId>,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// Why it was left out.
    pub reason: Option<Invalid>,
}

/// What a run is going to do with one entry, complete enough to be kept and done later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStep {
    /// What is to be done.
    pub action: RunAction,
    /// Where the entry is found: its DN, or file and line.
    pub locator: String,
    /// What identifies the entry; absent when it has no identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<Vec<u8>>,
    /// The contact concerned, as the plan knew it; absent when it is to be created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<KnownContact>,
    /// What the entry says; absent when it is gone or left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<MappedRecord>>,
    /// What changes in the contact; empty for a creation, where every value is new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    /// Why the entry is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Invalid>,
    /// To be done in one transaction with the step before: the two exchange addresses.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_tied: bool,
    /// The contact is linked to one more entry, which gives its photo and none of its fields.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_extra: bool,
    /// What identified the entry before, when its source knows it by another identity now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Vec<u8>>,
    /// What is held of the entry, as the plan knew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Box<Holds>>,
    /// What is taken back; absent in what a source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<Box<TakenBack>>,
}

impl PlanStep {
    /// A step without anything but its action and place.
    pub fn new(action: RunAction, locator: String) -> Self {
        Self {
            action,
            locator,
            external_id: None,
            contact: None,
            record: None,
            changes: Vec::new(),
            reason: None,
            is_tied: false,
            is_extra: false,
            was: None,
            holds: None,
            undo: None,
        }
    }
}
