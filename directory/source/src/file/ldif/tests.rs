use std::io::BufReader;

use directory_model::record::{Reported, SourceRecord};
use directory_model::source::{Connection, FileConnection, FileFormat};
use proptest::prelude::*;

use super::*;
use crate::file::people::mapped;
use crate::mapping::default_mapping;

fn mapper() -> Mapper {
    let file = FileConnection { path: "people.ldif".into(), format: FileFormat::Ldif };
    let mapping = default_mapping(&Connection::File(file));
    Mapper::new(&mapping, &mapping)
}

fn read(text: &[u8]) -> Vec<Result<Reported, String>> {
    // A small buffer, so that lines cross its border.
    let (input, mapper) = (BufReader::with_capacity(7, text), mapper());
    LdifEntries::new(input, &mapper, Purpose::Fields).map(|entry| Ok(mapped(&mapper, entry?))).collect()
}

fn records(text: &str) -> Vec<SourceRecord> {
    let entry = |entry: Result<Reported, String>| match entry {
        Ok(Reported::Entry(record)) => *record,
        other => panic!("{other:?}"),
    };
    read(text.as_bytes()).into_iter().map(entry).collect()
}

const ID: &str = "entryUUID: 7f1e5a10-0011-4022-8033-0000000000ff\n";

#[test]
fn entries_are_read_with_comments_folding_and_base64() {
    let text = format!(
        "\u{feff}version: 1\r\n# a comment\r\n  that is folded\r\n\r\ndn: cn=Anna,\r\n  dc=x\r\ncn: An\r\n na Berg\r\n\
         {ID}title:: SW5nZW5pZXVyaW4=\r\njpegPhoto:: !!!not decoded!!!\r\nl:Berlin\r\n\r\n\r\n\
         dn:: Y249w4RubmE=\n{ID}cn: Ben\nmail:\n# the end"
    );

    let [anna, ben] = <[SourceRecord; 2]>::try_from(records(&text)).expect("two entries");

    assert_eq!((anna.locator.as_str(), ben.locator.as_str()), ("cn=Anna, dc=x", "cn=Änna"));
    assert_eq!(anna.mapped.synced.display_name.as_deref(), Some("Anna Berg"));
    assert_eq!(anna.mapped.synced.job_title.as_deref(), Some("Ingenieurin"));
    assert_eq!(anna.mapped.synced.work_city.as_deref(), Some("Berlin"));
    assert_eq!((anna.external_id.len(), ben.mapped.synced.mail), (16, None));
}

#[test]
fn what_is_not_ldif_spoils_the_file_and_names_the_line() {
    for (text, expected) in [
        ("dn: cn=a\nchangetype: add\n", "line 2: change records are not read, only entries"),
        ("dn: cn=a\ncn:< file:///etc/passwd\n", "line 2: values by address (`:<`) are not read"),
        ("version: 2\n", "line 1: only version 1 of LDIF is known"),
        ("cn: Anna\n", "line 1: an entry must begin with `dn:`"),
        ("dn: cn=a\nhello\n", "line 2: a line must be `name: value`"),
        ("\n dn: cn=a\n", "line 2: a continuation without a line to continue"),
        ("dn:: //79\n", "line 1: a `dn` must be UTF-8 and at most 4096 bytes long"),
    ] {
        assert_eq!(read(text.as_bytes()).last(), Some(&Err(expected.to_owned())), "{text}");
    }
}

#[test]
fn bad_values_set_their_entry_aside_and_the_rest_goes_on() {
    let long = "x".repeat(MAX_VALUE_BYTES * 2);
    let text = format!(
        "dn: cn=a\n{ID}cn: A\ntitle:: ???\n\ndn: cn=b\n{ID}cn: {long}\n\ndn: cn=c\n{ID}cn:: /w==\n\ndn: cn=d\n{ID}cn: D\n"
    );

    let read = read(text.as_bytes());

    let refused = |at: usize| match &read[at] {
        Ok(Reported::SetAside(set_aside)) => {
            assert_eq!(set_aside.external_id.as_ref().map(Vec::len), Some(16));
            (set_aside.invalid.field.as_str(), &set_aside.invalid.rule)
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(0), ("title", &Rule::Format { expected: "base64 after `::`".into() }));
    assert_eq!(refused(1), ("cn", &Rule::TooLong { max: 65536, unit: "bytes".into() }));
    assert_eq!(refused(2), ("cn", &Rule::NotUtf8));
    assert!(matches!(&read[3], Ok(Reported::Entry(_))));
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_an_end(bytes: Vec<u8>) {
        read(&bytes);
    }

    #[test]
    fn anything_like_ldif_is_read_to_an_end(text in "((dn|cn|title|entryUUID|version)?[: <#]{0,3}[a-z=0-9]{0,6}\r?\n{0,2}){0,40}") {
        let entries = read(text.as_bytes());
        prop_assert!(entries.len() <= text.len());
        prop_assert!(entries.iter().rev().skip(1).all(Result::is_ok), "nothing follows an error");
    }

    #[test]
    fn values_survive_base64_and_folding(value in "\\PC{1,200}", width in 1_usize..80) {
        prop_assume!(!value.trim().is_empty());
        let encoded = format!("cn:: {}", BASE64_STANDARD.encode(&value));
        let folded = encoded.as_bytes().chunks(width).map(|part| String::from_utf8_lossy(part).into_owned());
        let text = format!("dn: cn=a\n{ID}{}\n", folded.collect::<Vec<_>>().join("\n "));

        let record = records(&text).remove(0);

        prop_assert_eq!(record.mapped.synced.display_name.as_deref(), Some(value.trim()));
    }
}
