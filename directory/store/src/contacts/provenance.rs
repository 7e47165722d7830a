//! Where fields came from, in one compact column: a line for each source, run and moment, with the
//! fields as bits of a hexadecimal number. A row for each field made bulk loads several times slower.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use directory_model::contact::{Provenance, SyncedField};
use directory_model::id::{RunId, SourceId};
use directory_model::timestamp::Timestamp;

use crate::column::Column;
use crate::error::StoreResult;

const COLUMN: Column = Column("contacts", "provenance");
/// Stands for a source or run that there is not.
const NOBODY: &str = "-";

/// Writes the column.
pub(super) fn write(provenance: &BTreeMap<SyncedField, Provenance>) -> String {
    let mut lines: BTreeMap<(Option<SourceId>, Option<RunId>, i64, bool), u32> = BTreeMap::new();
    for (bit, field) in SyncedField::ALL.into_iter().enumerate() {
        if let Some(from) = provenance.get(&field) {
            *lines.entry((from.source, from.run, from.at.millis(), from.is_pinned)).or_default() |= 1 << bit;
        }
    }
    let mut text = String::new();
    for ((source, run, at, is_pinned), fields) in lines {
        let (source, run) = (shown(source), shown(run));
        // Writing into a `String` does not fail.
        let _ = writeln!(text, "{source} {run} {at} {} {fields:x}", u8::from(is_pinned));
    }
    text
}

fn shown(id: Option<impl Display>) -> String {
    id.map_or_else(|| NOBODY.to_owned(), |id| id.to_string())
}

/// Reads the column.
pub(super) fn read(text: &str) -> StoreResult<BTreeMap<SyncedField, Provenance>> {
    let mut provenance = BTreeMap::new();
    for line in text.lines() {
        let parts: Vec<&str> = line.split(' ').collect();
        let [source, run, at, pinned, fields] = parts[..] else {
            return Err(COLUMN.inconsistent(line));
        };
        let from = Provenance {
            source: (source != NOBODY).then(|| COLUMN.id(source)).transpose()?,
            run: (run != NOBODY).then(|| COLUMN.id(run)).transpose()?,
            at: Timestamp::from_millis(COLUMN.id(at)?),
            is_pinned: pinned == "1",
        };
        let bits = u32::from_str_radix(fields, 16).map_err(|error| COLUMN.inconsistent(error))?;
        for (bit, field) in SyncedField::ALL.into_iter().enumerate() {
            if bits & (1 << bit) != 0 {
                provenance.insert(field, from.clone());
            }
        }
    }
    Ok(provenance)
}

#[cfg(test)]
mod tests {
    use directory_model::id::CountedIds;

    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let ids = CountedIds::default();
        let (source, run, at) = (Some(SourceId::NIL), Some(RunId::NIL), Timestamp::from_millis(7));
        let from = |is_pinned| Provenance { source, run, at, is_pinned };
        let other = Provenance { source: Some(SourceId::new(&ids)), ..from(false) };
        let by_hand = Provenance { source: None, run: None, ..from(true) };
        let provenance = BTreeMap::from([
            (SyncedField::Mail, from(false)),
            (SyncedField::WorkStreet, from(false)),
            (SyncedField::Office, from(true)),
            (SyncedField::Company, other),
            (SyncedField::JobTitle, by_hand),
        ]);

        let text = write(&provenance);

        assert_eq!(text.lines().count(), 4);
        assert_eq!(read(&text).expect("readable"), provenance);
        assert_eq!(read("").expect("readable"), BTreeMap::new());
        assert!(read("nonsense").is_err());
    }
}
