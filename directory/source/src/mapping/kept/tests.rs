use directory_model::source::{Connection, FileConnection, FileFormat, Mapping};
use proptest::prelude::*;

use super::*;
use crate::default_mapping;

fn ldif() -> Mapping {
    let connection = FileConnection { path: "a".into(), format: FileFormat::Ldif };
    default_mapping(&Connection::File(connection))
}

fn mapper(mapping: &Mapping) -> Mapper {
    Mapper::new(mapping, &ldif())
}

fn raw<'a>(mapper: &Mapper, values: &'a [(&str, Vec<u8>)]) -> RawEntry<'a> {
    let mut entry = RawEntry::default();
    for (name, value) in values {
        if let Some(place) = mapper.place(name.as_bytes()) {
            entry.push(place, value.as_slice());
        }
    }
    entry
}

/// What is kept of an entry by one mapping, mapped by another one.
fn again(kept_by: &Mapping, mapped_by: &Mapping, values: &[(&str, Vec<u8>)]) -> Option<Reported> {
    let keeping = mapper(kept_by).keeping();
    let kept = keeping.values_of(&raw(&keeping, values))?;
    let remapper = Remapper(mapper(mapped_by));
    let places = remapper.places(&attributes(&keeping))?;
    remapper.map(&places, KeptEntry { locator: "cn=anna", origin_id: None, values: &kept })
}

fn bare(reported: Reported) -> Reported {
    match reported {
        Reported::SetAside(aside) => Reported::SetAside(SetAside { values: None, ..aside }),
        other => other,
    }
}

fn anna() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("objectGUID", b"\x80 23456789abcde ".to_vec()),
        ("cn", b"Berg, Anna".to_vec()),
        ("displayName", b"Anna Berg".to_vec()),
        ("title", b"Head".to_vec()),
    ]
}

#[test]
fn another_mapping_makes_of_what_is_kept_what_it_makes_of_the_entry() {
    let changed = Mapping {
        display_name: vec!["cn".into()],
        company: vec!["title".into()],
        job_title: Vec::new(),
        office: Vec::new(),
        ..ldif()
    };

    let Some(Reported::Entry(entry)) = again(&ldif(), &changed, &anna()) else { panic!("it is an entry") };

    assert_eq!(entry.external_id, b"\x80 23456789abcde ");
    let fields = &entry.mapped.synced;
    assert_eq!((fields.display_name.as_deref(), fields.company.as_deref()), (Some("Berg, Anna"), Some("Head")));
}

#[test]
fn what_was_not_asked_for_is_not_taken_for_absent() {
    let office = [ldif().office, vec!["department".into()]].concat();
    let wanting = Mapping { office, ..ldif() };

    assert_eq!(again(&ldif(), &wanting, &anna()), None);
    assert!(again(&wanting, &ldif(), &anna()).is_some());
    // Another name of the same attribute is no other attribute.
    assert!(again(&ldif(), &Mapping { display_name: vec!["commonName".into()], ..ldif() }, &anna()).is_some());
}

#[test]
fn secrets_are_not_kept_and_neither_is_too_much() {
    let curious = Mapping { office: vec!["userPassword".into()], ..ldif() };
    let keeping = mapper(&curious).keeping();
    let mut values = anna();
    values.push(("userPassword", b"hunter2".to_vec()));

    let kept = keeping.values_of(&raw(&keeping, &values)).expect("values");
    assert!(!kept.contains("hunter2") && kept.contains("Head"), "{kept}");
    assert!(!mapper(&curious).attributes().any(is_secret), "no directory is asked for it");
    let Some(Reported::Entry(entry)) = again(&curious, &curious, &values) else { panic!("it is an entry") };
    assert_eq!(entry.mapped.synced.office, None);

    for (length, is_kept) in [(MAX_KEPT_BYTES - 1000, true), (MAX_KEPT_BYTES, false)] {
        let values = [anna(), vec![("street", vec![b'x'; length])]].concat();
        assert_eq!(keeping.values_of(&raw(&keeping, &values)).is_some(), is_kept, "{length}");
    }
    assert_eq!(mapper(&ldif()).values_of(&raw(&keeping, &values)), None, "where nothing is kept");
}

const NAMES: [&str; 9] = [
    "objectGUID",
    "entryUUID",
    "mail",
    "proxyAddresses",
    "cn",
    "cn;lang-de",
    "displayName",
    "title;x",
    "userAccountControl",
];

fn values() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    let value = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        "[a-zA-Z@.: ]{0,30}".prop_map(String::into_bytes),
        Just(b"SMTP:anna@example.com".to_vec()),
        Just(b"514".to_vec()),
    ];
    prop::collection::vec((prop::sample::select(NAMES.to_vec()), value), 0..12)
}

proptest! {
    #[test]
    fn mapped_again_by_the_same_mapping_nothing_differs(values in values()) {
        let keeping = mapper(&ldif()).keeping();
        let read = keeping.map("cn=anna".into(), &raw(&keeping, &values));
        let read = match read {
            Reported::Entry(entry) => {
                prop_assert!(entry.values.as_ref().is_some_and(|kept| kept.len() <= MAX_KEPT_BYTES));
                Reported::Entry(Box::new(directory_model::record::SourceRecord { values: None, ..*entry }))
            }
            other => bare(other),
        };
        prop_assert_eq!(again(&ldif(), &ldif(), &values), Some(read));
    }

    #[test]
    fn nothing_that_is_kept_breaks_it(text in ".{0,60}", at in 0_usize..80, value in ".{0,20}") {
        let remapper = Remapper(mapper(&ldif()));
        let places = remapper.places(&attributes(&mapper(&ldif()))).expect("the same names");
        for values in [text.clone(), format!("[[{at},{value:?}]]"), format!("[[{at},{{\"b64\":{value:?}}},1]]")] {
            let _ = remapper.map(&places, KeptEntry { locator: "", origin_id: None, values: &values });
        }
    }
}
