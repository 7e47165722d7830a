//! Pure: what becomes of a synchronised field that is pinned, or not any longer.

use crate::contact::{Contact, Provenance, SyncedField};
use crate::id::SourceId;
use crate::record::MappedRecord;
use crate::timestamp::Timestamp;

/// The contact with `field` kept as it stands, whatever a source says from now on.
#[must_use]
pub fn pinned(contact: &Contact, field: SyncedField, now: Timestamp) -> Contact {
    let mut pinned = contact.clone();
    let by_hand = || Provenance { source: None, run: None, at: now, is_pinned: true };
    pinned.provenance.entry(field).or_insert_with(by_hand).is_pinned = true;
    pinned
}

/// The contact with `field` following its source again, at once: as a run does, what the source said
/// last goes before what it holds, and where the source says nothing only a value of a source goes.
#[must_use]
pub fn unpinned(
    contact: &Contact,
    field: SyncedField,
    record: Option<(SourceId, &MappedRecord)>,
    now: Timestamp,
) -> Contact {
    let mut unpinned = contact.clone();
    let Some(mut written) = unpinned.provenance.remove(&field) else { return unpinned };
    let place = field.of_mut(&mut unpinned.fields);
    match record.map(|(source, record)| (source, record.synced(field))) {
        Some((source, Some(value))) if written.source != Some(source) || place.as_deref() != Some(value) => {
            written = Provenance { source: Some(source), run: None, at: now, is_pinned: false };
            *place = Some(value.to_owned());
        }
        Some((_, None)) => {
            if written.source.is_some() {
                *place = None;
            }
            return unpinned;
        }
        None if written.source.is_none() => return unpinned,
        Some(_) | None => {}
    }
    written.is_pinned = false;
    unpinned.provenance.insert(field, written);
    unpinned
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::contact::ContactFields;
    use crate::id::{ContactId, CountedIds, RunId};

    const FIELD: SyncedField = SyncedField::Office;

    fn contact(value: Option<&str>, written: Option<Provenance>) -> Contact {
        Contact {
            id: ContactId::NIL,
            fields: ContactFields { office: value.map(str::to_owned), ..ContactFields::default() },
            disabled_by: None,
            provenance: written.map(|written| (FIELD, written)).into_iter().collect(),
            revision: 1,
            created_at: Timestamp::from_millis(0),
            updated_at: Timestamp::from_millis(0),
        }
    }

    fn record(value: Option<&str>) -> MappedRecord {
        let synced = ContactFields { office: value.map(str::to_owned), ..ContactFields::default() };
        MappedRecord { synced, ..MappedRecord::default() }
    }

    #[test]
    fn a_pin_keeps_where_the_value_came_from() {
        let (ids, now) = (CountedIds::default(), Timestamp::from_millis(9));
        let written = Provenance {
            source: Some(SourceId::new(&ids)),
            run: Some(RunId::new(&ids)),
            at: Timestamp::from_millis(1),
            is_pinned: false,
        };

        let of_source = pinned(&contact(Some("B1"), Some(written.clone())), FIELD, now);
        let by_hand = pinned(&contact(Some("B1"), None), FIELD, now);

        assert_eq!(of_source.provenance[&FIELD], Provenance { is_pinned: true, ..written });
        assert_eq!(by_hand.provenance[&FIELD], Provenance { source: None, run: None, at: now, is_pinned: true });
        assert_eq!(of_source.fields.office.as_deref(), Some("B1"));
    }

    #[test]
    fn what_is_not_pinned_any_longer_follows_what_its_source_said_last() {
        let (ids, now) = (CountedIds::default(), Timestamp::from_millis(9));
        let source = SourceId::new(&ids);
        let run = Some(RunId::new(&ids));
        let by_source = Provenance { source: Some(source), run, at: Timestamp::from_millis(1), is_pinned: true };
        let by_hand = Provenance { source: None, run: None, at: Timestamp::from_millis(1), is_pinned: true };
        let as_before = Provenance { is_pinned: false, ..by_source.clone() };
        let now_written = Provenance { source: Some(source), run: None, at: now, is_pinned: false };

        for (value, written, said, expected, provenance) in [
            (Some("B1"), &by_source, Some(Some("B1")), Some("B1"), Some(&as_before)),
            (Some("B1"), &by_source, Some(Some("B2")), Some("B2"), Some(&now_written)),
            (Some("B1"), &by_source, Some(None), None, None),
            (Some("B1"), &by_source, None, Some("B1"), Some(&as_before)),
            (Some("B1"), &by_hand, Some(Some("B1")), Some("B1"), Some(&now_written)),
            (None, &by_hand, Some(Some("B2")), Some("B2"), Some(&now_written)),
            (Some("B1"), &by_hand, Some(None), Some("B1"), None),
            (Some("B1"), &by_hand, None, Some("B1"), None),
        ] {
            let record = said.map(record);
            let before = contact(value, Some(written.clone()));
            let after = unpinned(&before, FIELD, record.as_ref().map(|record| (source, record)), now);
            assert_eq!(after.fields.office.as_deref(), expected, "{before:?} {said:?}");
            assert_eq!(after.provenance.get(&FIELD), provenance, "{before:?} {said:?}");
        }
        let never = contact(Some("B1"), None);
        assert_eq!(unpinned(&never, FIELD, None, now), never);
        assert_eq!(never.provenance, BTreeMap::new());
    }
}
