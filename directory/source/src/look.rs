//! What is shown of one entry.

use std::fmt::Write;

use directory_model::contact::SyncedField;
use directory_model::probe::{
    EntryName, Finding, Look, MAX_COUNTED, MAX_SHOWN_VALUES, ProbeOutcome, RawAttribute, RawValue, SAMPLE_SIZE, Sample,
    Tested,
};
use directory_model::record::Reported;
use directory_model::source::Connection;

use crate::error::SourceError;
use crate::mapping::{Explained, cut};
use crate::{ReadRequest, file, ldap, report, service, sip};

/// Looks at the entry that is named, and why it is mapped as it is; `None` when there is none. Values
/// of attributes that may hold secrets are never asked for.
pub async fn look(request: ReadRequest<'_>, entry: &EntryName) -> Result<Option<Look>, SourceError> {
    match request.connection {
        Connection::Ldap(connection) => ldap::look::look(connection, request, entry).await,
        Connection::File(connection) => {
            let looking = file::look::Looking::new(connection, request, entry);
            report::on_own_thread("file-look", async move { looking.look() }).await
        }
        Connection::Exchange(_) | Connection::Graph(_) | Connection::Ucwa(_) => service::look(request, entry).await,
        // There is nothing but presence.
        Connection::Sip(_) => Ok(None),
    }
}

/// Tries step by step whether the source can be read.
pub async fn test(request: ReadRequest<'_>) -> Tested {
    match request.connection {
        Connection::Ldap(connection) => ldap::probe::test(connection, request).await,
        Connection::File(connection) => file::probe::test(connection, request).await,
        Connection::Exchange(_) | Connection::Graph(_) | Connection::Ucwa(_) => service::test(request).await,
        Connection::Sip(connection) => sip::probe::test(connection, request).await,
    }
}

/// Entries as far as they were counted, and some of them.
#[derive(Default)]
pub(crate) struct Counted {
    pub(crate) count: u32,
    pub(crate) is_all: bool,
    pub(crate) sample: Vec<Sample>,
}

impl Counted {
    /// What that says about the source.
    pub(crate) fn finding(&self) -> (ProbeOutcome, Finding) {
        let refused = self.sample.iter().find_map(|sample| sample.refusal.clone());
        match refused {
            _ if self.count == 0 => (ProbeOutcome::Failed, Finding::NoEntries),
            Some(reason) if self.sample.iter().all(|sample| sample.refusal.is_some()) => {
                let count = u32::try_from(self.sample.len()).unwrap_or(u32::MAX);
                (ProbeOutcome::Failed, Finding::EntriesUnusable { count, reason })
            }
            _ => (ProbeOutcome::Passed, Finding::EntriesFound { count: self.count, is_all: self.is_all }),
        }
    }

    /// Takes an entry into the sample while there is room.
    pub(crate) fn show(&mut self, reported: &Reported) {
        if self.sample.len() < SAMPLE_SIZE as usize {
            self.sample.push(sample(reported));
        }
    }
}

/// Counts entries as far as they are counted.
pub(crate) fn count(mut entries: impl Iterator<Item = Result<Reported, String>>) -> Result<Counted, String> {
    let mut counted = Counted::default();
    while counted.count < MAX_COUNTED {
        let Some(reported) = entries.next() else { break };
        counted.show(&reported?);
        counted.count += 1;
    }
    counted.is_all = entries.next().is_none();
    Ok(counted)
}

fn sample(reported: &Reported) -> Sample {
    let locator = reported.locator().to_owned();
    match reported {
        Reported::SetAside(aside) => Sample { locator, name: None, mail: None, refusal: Some(aside.invalid.clone()) },
        Reported::Entry(entry) => {
            let mapped = &entry.mapped;
            let full = [mapped.first_name.as_deref(), mapped.last_name.as_deref()];
            let full = full.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let mail = mapped.synced(SyncedField::Mail).map(str::to_owned);
            let name = mapped.synced(SyncedField::DisplayName).map(str::to_owned);
            let name = name.or(Some(full).filter(|full| !full.is_empty())).or_else(|| mail.clone());
            Sample { locator, name: name.or_else(|| mapped.sip.clone()), mail, refusal: None }
        }
        Reported::Unchanged(_) | Reported::Gone(_) => Sample { locator, name: None, mail: None, refusal: None },
    }
}

/// The entry at `locator`, as it was explained.
pub(crate) fn look_at(locator: String, mut attributes: Vec<RawAttribute>, explained: Explained) -> Look {
    attributes.sort_by_cached_key(|attribute| attribute.name.to_lowercase());
    let Explained { reported, fields } = explained;
    let identity = reported.external_id().map(shown_id);
    let (record, refusal) = match reported {
        Reported::Entry(record) => (Some(record.mapped), None),
        Reported::SetAside(aside) => (None, Some(aside.invalid)),
        Reported::Unchanged(_) | Reported::Gone(_) => (None, None),
    };
    Look {
        locator,
        others: 0,
        is_in_source: true,
        identity,
        is_service: record.as_ref().is_some_and(|record| record.is_service),
        is_disabled: record.as_ref().is_some_and(|record| record.is_disabled),
        attributes,
        fields,
        refusal,
    }
}

/// An attribute with its first values.
pub(crate) fn shown<V: AsRef<[u8]>>(name: &str, values: &[V]) -> RawAttribute {
    let texts = values.iter().take(MAX_SHOWN_VALUES).map(|value| raw(value.as_ref()));
    let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
    RawAttribute { name: name.to_owned(), count: Some(count), values: texts.collect() }
}

/// An attribute that was not asked for its values.
pub(crate) fn hidden(name: &str) -> RawAttribute {
    RawAttribute { name: name.to_owned(), count: None, values: Vec::new() }
}

fn raw(value: &[u8]) -> RawValue {
    match std::str::from_utf8(value) {
        Ok(text) if !text.chars().any(|c| c.is_control() && !c.is_whitespace()) => RawValue::Text(cut(text)),
        _ => RawValue::Bytes(value.len() as u64),
    }
}

/// An identity as text, or in hexadecimal.
fn shown_id(id: &[u8]) -> String {
    if let RawValue::Text(text) = raw(id) {
        return text;
    }
    id.iter().fold(String::with_capacity(id.len() * 2), |mut shown, byte| {
        // Writing into a `String` cannot fail.
        let _ = write!(shown, "{byte:02x}");
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_text_or_a_number_of_bytes() {
        let attribute = shown("x", &["text\nof lines".as_bytes(), b"\xff\xd8\xff", b"a\0b"]);

        assert_eq!(attribute.count, Some(3));
        assert_eq!(attribute.values, [RawValue::Text("text\nof lines".into()), RawValue::Bytes(3), RawValue::Bytes(3)]);
        assert_eq!(shown("x", &["v"; 30]).values.len(), MAX_SHOWN_VALUES);
        assert_eq!(shown_id(&[0xff, 0]), "ff00");
    }
}
