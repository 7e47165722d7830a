//! The rules of fields, prepared for many entries.

use directory_model::address::AddressKind;
use directory_model::invalid::Invalid;
use directory_model::source::FieldRule;

use super::transform::{Pipeline, TooLong};
use super::{Mapper, RawEntry, too_long};

/// One way in which a field gets its value.
pub(super) enum Prepared {
    /// The value of the attribute, as it is.
    Attribute(usize),
    /// What is made of the values of the attributes.
    Computed(Vec<usize>, Pipeline),
}

/// A value, and the attribute that gave it or the first part of it.
pub(super) struct Found {
    pub(super) slot: usize,
    pub(super) text: String,
}

impl Prepared {
    /// What the rule gives `field` of the entry, or why it cannot be used.
    pub(super) fn value(&self, mapper: &Mapper, entry: &RawEntry<'_>, field: &str) -> Result<Option<Found>, Invalid> {
        match self {
            Self::Attribute(slot) => {
                let value =
                    mapper.pick(entry, *slot, field).map(|value| mapper.text(*slot, field, value)).transpose()?;
                Ok(value.map(|text| Found { slot: *slot, text }))
            }
            Self::Computed(slots, pipeline) => {
                let values = inputs(mapper, slots, entry, field)?;
                let Some(first) = values.first().map(|value| value.slot) else { return Ok(None) };
                let texts = values.into_iter().map(|value| value.text).collect();
                let left = pipeline.run(texts, |_| {}).map_err(|TooLong| grown(mapper, first))?;
                Ok(left.into_iter().next().map(|text| Found { slot: first, text }))
            }
        }
    }

    /// What it makes of `values`; `seen` is shown what each transform left.
    pub(super) fn run(&self, values: Vec<String>, seen: impl FnMut(&[String])) -> Result<Vec<String>, TooLong> {
        match self {
            Self::Attribute(_) => Ok(values),
            Self::Computed(_, pipeline) => pipeline.run(values, seen),
        }
    }

    pub(super) fn slots(&self) -> &[usize] {
        match self {
            Self::Attribute(slot) => std::slice::from_ref(slot),
            Self::Computed(slots, _) => slots,
        }
    }

    /// The attribute that is named when there is no value to blame.
    pub(super) fn first_slot(&self) -> Option<usize> {
        self.slots().first().copied()
    }
}

/// The values of those attributes that have one.
pub(super) fn inputs(
    mapper: &Mapper,
    slots: &[usize],
    entry: &RawEntry<'_>,
    field: &str,
) -> Result<Vec<Found>, Invalid> {
    let values = slots.iter().filter_map(|slot| Some((*slot, mapper.pick(entry, *slot, field)?)));
    values.map(|(slot, value)| Ok(Found { slot, text: mapper.text(slot, field, value)? })).collect()
}

/// The refusal of a value that grew too long.
pub(super) fn grown(mapper: &Mapper, slot: usize) -> Invalid {
    too_long(&mapper.slots[slot].name, b"")
}

/// How the directory can be asked for an address that an attribute may give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AddressAttribute<'m> {
    /// Its name.
    pub(crate) name: &'m str,
    /// Its values carry their kind in front.
    pub(crate) has_scheme: bool,
    /// What it holds is made into something else, so only entries that have any value can be asked for.
    pub(crate) is_changed: bool,
}

impl Mapper {
    pub(super) fn prepared(&mut self, rules: &[FieldRule]) -> Vec<Prepared> {
        let prepared = rules.iter().filter_map(|rule| {
            let mut slots = self.slots_for(rule.attributes());
            match rule {
                FieldRule::Attribute(_) => slots.pop().map(Prepared::Attribute),
                FieldRule::Computed(computed) => Some(Prepared::Computed(slots, Pipeline::new(&computed.transforms))),
            }
        });
        prepared.collect()
    }

    /// The attributes that may give the address of `kind`.
    pub(crate) fn address_attributes(&self, kind: AddressKind) -> impl Iterator<Item = AddressAttribute<'_>> {
        self.rules_of(kind).iter().flat_map(move |rule| {
            let is_changed = matches!(rule, Prepared::Computed(_, pipeline) if !pipeline.is_alike());
            rule.slots().iter().map(move |slot| {
                let slot = &self.slots[*slot];
                AddressAttribute { name: &slot.name, has_scheme: slot.is_proxy_addresses, is_changed }
            })
        })
    }
}
