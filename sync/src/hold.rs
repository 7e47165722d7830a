//! Pure: what was taken back stays so, until the source says something else.

use std::fmt::Write;

use directory_model::contact::SyncedField;
use directory_model::record::MappedRecord;
use directory_model::undo::{Holds, Refused};
use ring::digest::{SHA256, digest};

use crate::merge;

/// The hash of a field's value; no value has one as well.
pub fn of_value(value: Option<&str>) -> Refused {
    // No value and an empty one differ.
    let marked = value.map_or_else(|| "-".to_owned(), |value| format!("+{value}"));
    shown(digest(&SHA256, marked.as_bytes()).as_ref())
}

/// The hash of all that an entry says.
pub fn of_entry(record: &MappedRecord) -> Refused {
    shown(&merge::digest(record, 0))
}

fn shown(hash: &[u8]) -> Refused {
    let hash = &hash[..hash.len().min(16)];
    Refused(hash.iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing into a `String` does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// Whether `value` of the field was refused.
pub fn refuses(holds: &Holds, field: SyncedField, value: Option<&str>) -> bool {
    holds.fields.get(&field).is_some_and(|refused| *refused == of_value(value))
}

/// What still stands of `holds`, now that the source says `record`.
pub fn standing(holds: &Holds, record: &MappedRecord) -> Holds {
    let fields = holds.fields.iter().filter(|(field, refused)| **refused == of_value(record.synced(**field)));
    Holds {
        fields: fields.map(|(field, refused)| (*field, refused.clone())).collect(),
        entry: holds.entry.clone().filter(|refused| *refused == of_entry(record)),
        in_service: holds.in_service.filter(|in_service| *in_service != record.is_disabled),
        // It is there again.
        is_kept: false,
    }
}

/// All that either of the two holds; `newer` knows better.
pub fn joined(older: Holds, newer: Holds) -> Holds {
    let mut fields = older.fields;
    fields.extend(newer.fields);
    Holds {
        fields,
        entry: newer.entry.or(older.entry),
        in_service: newer.in_service.or(older.in_service),
        is_kept: newer.is_kept || older.is_kept,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use directory_model::contact::ContactFields;

    use super::*;

    fn record(company: Option<&str>, is_disabled: bool) -> MappedRecord {
        let synced = ContactFields { company: company.map(str::to_owned), ..ContactFields::default() };
        MappedRecord { synced, is_disabled, ..MappedRecord::default() }
    }

    #[test]
    fn a_hold_stands_as_long_as_the_source_says_the_same() {
        let said = record(Some("Acme"), true);
        let holds = Holds {
            fields: BTreeMap::from([
                (SyncedField::Company, of_value(Some("Acme"))),
                (SyncedField::Office, of_value(None)),
            ]),
            entry: Some(of_entry(&said)),
            in_service: Some(false),
            is_kept: true,
        };

        assert_eq!(standing(&holds, &said), Holds { is_kept: false, ..holds.clone() });
        let other = standing(&holds, &record(Some(""), false));
        assert_eq!(other.fields.into_keys().collect::<Vec<_>>(), [SyncedField::Office]);
        assert_eq!((other.entry, other.in_service), (None, None));
        assert!(refuses(&holds, SyncedField::Company, Some("Acme")));
        assert!(!refuses(&holds, SyncedField::Company, None), "no value is another one than a refused one");
        assert!(refuses(&holds, SyncedField::Office, None));
    }

    #[test]
    fn a_later_hold_replaces_an_earlier_one() {
        let of = |value| Holds {
            fields: BTreeMap::from([(SyncedField::Mail, of_value(Some(value)))]),
            in_service: Some(value == "a"),
            ..Holds::default()
        };

        assert_eq!(joined(of("a"), of("b")), of("b"));
        assert_eq!(joined(of("a"), Holds::default()), of("a"));
    }
}
