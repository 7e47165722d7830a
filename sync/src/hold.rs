//! Pure: what was taken back stays so, until the source says something else.

use directory_model::contact::SyncedField;
use directory_model::record::MappedRecord;
use directory_model::undo::{Holds, Refused};
use directory_store::source_records::{refused, refused_value};

use crate::merge;

/// The hash of all that an entry says.
pub fn of_entry(record: &MappedRecord) -> Refused {
    refused(&merge::digest(record, 0))
}

/// Whether `value` of the field was refused.
pub fn refuses(holds: &Holds, field: SyncedField, value: Option<&str>) -> bool {
    holds.fields.get(&field).is_some_and(|refused| *refused == refused_value(value))
}

/// What still stands of `holds`, now that the source says `record`.
pub fn standing(holds: &Holds, record: &MappedRecord) -> Holds {
    let fields = holds.fields.iter().filter(|(field, refused)| **refused == refused_value(record.synced(**field)));
    Holds {
        fields: fields.map(|(field, refused)| (*field, refused.clone())).collect(),
        entry: holds.entry.clone().filter(|refused| *refused == of_entry(record)),
        in_service: holds.in_service.filter(|in_service| *in_service != record.is_disabled),
        // It is there again.
        is_kept: false,
        // Photos are compared where they are read.
        photo: holds.photo,
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
                (SyncedField::Company, refused_value(Some("Acme"))),
                (SyncedField::Office, refused_value(None)),
            ]),
            entry: Some(of_entry(&said)),
            in_service: Some(false),
            is_kept: true,
            photo: None,
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
            fields: BTreeMap::from([(SyncedField::Mail, refused_value(Some(value)))]),
            in_service: Some(value == "a"),
            ..Holds::default()
        };

        assert_eq!(of("a").joined(of("b")), of("b"));
        assert_eq!(of("a").joined(Holds::default()), of("a"));
    }
}
