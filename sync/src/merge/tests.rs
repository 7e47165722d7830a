use std::collections::BTreeMap;

use directory_model::contact::Provenance;
use directory_model::id::{ContactId, CountedIds, RunId, SourceId};
use directory_model::timestamp::Timestamp;

use super::*;

fn contact(fields: ContactFields) -> Contact {
    let now = Timestamp::from_millis(0);
    Contact {
        id: ContactId::new(&CountedIds::default()),
        fields,
        disabled_by: None,
        provenance: BTreeMap::new(),
        revision: 1,
        created_at: now,
        updated_at: now,
    }
}

fn written(is_pinned: bool) -> Provenance {
    let ids = CountedIds::default();
    Provenance {
        source: Some(SourceId::new(&ids)),
        run: Some(RunId::new(&ids)),
        at: Timestamp::from_millis(0),
        is_pinned,
    }
}

fn record(company: Option<&str>, office: Option<&str>) -> MappedRecord {
    let synced = ContactFields {
        company: company.map(str::to_owned),
        office: office.map(str::to_owned),
        ..ContactFields::default()
    };
    MappedRecord {
        sip: Some("sip:new@x.org".into()),
        first_name: Some("New".into()),
        synced,
        ..MappedRecord::default()
    }
}

#[test]
fn the_directory_overwrites_unpinned_fields_and_clears_only_its_own() {
    let fields = ContactFields {
        company: Some("By hand".into()),
        office: Some("By hand".into()),
        work_city: Some("Written".into()),
        job_title: Some("Pinned".into()),
        ..ContactFields::default()
    };
    let mut contact = contact(fields);
    contact.provenance.insert(SyncedField::WorkCity, written(false));
    contact.provenance.insert(SyncedField::JobTitle, written(true));

    let after = updated(&contact, &record(Some("Directory"), None), None);

    assert_eq!(after.company.as_deref(), Some("Directory"));
    assert_eq!(after.office.as_deref(), Some("By hand"));
    assert_eq!(after.work_city, None);
    assert_eq!(after.job_title.as_deref(), Some("Pinned"));
    assert_eq!((after.sip, after.first_name), (None, None), "filled on create or link only");
}

#[test]
fn a_link_fills_names_and_addresses_only_where_they_are_empty() {
    let with_sip = contact(ContactFields { sip: Some("sip:old@x.org".into()), ..ContactFields::default() });

    let after = linked(&with_sip, &record(None, None));

    assert_eq!(after.sip.as_deref(), Some("sip:old@x.org"));
    assert_eq!(after.first_name.as_deref(), Some("New"));
}

#[test]
fn the_digest_tells_values_fields_and_revisions_apart() {
    let digests = [
        digest(&record(Some("A"), None), 1),
        digest(&record(None, Some("A")), 1),
        digest(&record(Some("A"), Some("")), 1),
        digest(&record(Some("B"), None), 1),
        digest(&record(Some("A"), None), 2),
        digest(&MappedRecord { is_disabled: true, ..record(Some("A"), None) }, 1),
    ];

    for (at, one) in digests.iter().enumerate() {
        assert!(!digests[..at].contains(one), "{at}");
    }
    assert_eq!(digests[0], digest(&record(Some("A"), None), 1));
}
