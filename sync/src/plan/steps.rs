//! The steps that a plan is made of, and which addresses they take.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};

use directory_model::address::ContactKey;
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{KnownContact, SourceRecord};
use directory_model::run::{PlanStep, RunAction};

use super::Candidate;
use super::peer::By;
use super::portion::Case;
use super::settle::Want;

pub(super) fn step(
    action: RunAction,
    entry: SourceRecord,
    contact: Option<KnownContact>,
    changes: Vec<directory_model::run::FieldChange>,
) -> PlanStep {
    let SourceRecord { external_id, locator, mapped, .. } = entry;
    PlanStep {
        external_id: Some(external_id),
        contact,
        record: Some(Box::new(mapped)),
        changes,
        ..PlanStep::new(action, locator)
    }
}

/// The step of an entry that is left out because of `reason`.
pub(super) fn left_out(
    external_id: Option<Vec<u8>>,
    locator: String,
    contact: Option<KnownContact>,
    reason: Invalid,
) -> PlanStep {
    PlanStep { external_id, contact, reason: Some(reason), ..PlanStep::new(RunAction::SetAside, locator) }
}

pub(super) fn refused(entry: SourceRecord, contact: Option<KnownContact>, refusals: Vec<Invalid>) -> Case {
    let first = refusals.into_iter().next();
    let reason = first.unwrap_or_else(|| Invalid::new("entry", "", Rule::Required));
    Case::Aside(Box::new(left_out(Some(entry.external_id), entry.locator, contact, reason)))
}

pub(super) fn aside_step(case: Case) -> Option<PlanStep> {
    match case {
        Case::Aside(step) => Some(*step),
        Case::New(..) | Case::Changed(..) => None,
    }
}

pub(super) fn twice(entry: SourceRecord, contact: Option<KnownContact>) -> Case {
    let reason = Invalid::new("external_id", shown_id(&entry.external_id), Rule::Duplicate);
    Case::Aside(Box::new(left_out(Some(entry.external_id), entry.locator, contact, reason)))
}

pub(super) fn ambiguous(candidate: Candidate) -> PlanStep {
    let Candidate { entry, wants, by, .. } = candidate;
    let is_linked = by == By::AddressElsewhere;
    let (field, value) = if let Some(id) = entry.origin_id.as_deref().filter(|_| by == By::Origin) {
        ("origin_id", shown_id(id))
    } else {
        let held = |want: &Want| want.holder.as_ref().is_some_and(|holder| holder.is_linked == is_linked);
        let want = wants.into_iter().find(|want| want.links() && held(want));
        want.map_or(("sip", String::new()), |want| (want.key.kind.field(), want.address))
    };
    left_out(Some(entry.external_id), entry.locator, None, Invalid::new(field, value, Rule::Ambiguous))
}

/// An identity as a person can compare it: text as it is, other bytes in hexadecimal.
fn shown_id(id: &[u8]) -> String {
    let text = std::str::from_utf8(id).ok().filter(|text| !text.chars().any(char::is_control));
    let hexadecimal = || {
        id.iter().fold(String::with_capacity(id.len() * 2), |mut shown, byte| {
            // Writing into a `String` does not fail.
            let _ = write!(shown, "{byte:02x}");
            shown
        })
    };
    text.map_or_else(hexadecimal, str::to_owned)
}

/// The addresses that decided steps take, by a digest: a directory has hundreds of thousands.
#[derive(Debug, Default)]
pub(super) struct Claims {
    seeds: [RandomState; 2],
    names: HashMap<(u64, u64), Box<str>>,
}

impl Claims {
    fn place(&self, key: &ContactKey) -> (u64, u64) {
        (self.seeds[0].hash_one(key), self.seeds[1].hash_one(key))
    }

    pub(super) fn claim(&mut self, key: &ContactKey, name: &str) {
        self.names.insert(self.place(key), name.into());
    }

    /// The name of the contact that takes `key`.
    pub(super) fn holder(&self, key: &ContactKey) -> Option<&str> {
        self.names.get(&self.place(key)).map(|name| &**name)
    }
}
