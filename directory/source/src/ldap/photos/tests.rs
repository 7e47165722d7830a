use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{SetAside, SourcePhoto};
use directory_model::source::Connection;
use ldap3::asn1::{PL, StructureTag};
use proptest::prelude::*;
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::ldap::connect::Session;
use crate::ldap::fixture::{SEQUENCE_TAG, connection, element, end, end_of_page, message, served, text};
use crate::ldap::wire;
use crate::mapping::default_mapping;
use crate::policy::SourcePolicy;

type Value<'a> = (&'a str, &'a [u8]);

const ID: Value<'_> = ("entryUUID", b"1");

fn entry(name: &str, values: &[Value<'_>]) -> Vec<u8> {
    let attribute =
        |(name, value): &Value<'_>| element(SEQUENCE_TAG, &[&text(name), &element(0x31, &[&element(0x04, &[value])])]);
    let attributes: Vec<u8> = values.iter().flat_map(attribute).collect();
    message(1, &element(0x64, &[&text(name), &element(SEQUENCE_TAG, &[&attributes])]), &[])
}

fn read(connection: &LdapConnection, out: mpsc::Sender<ReportedPhoto>) -> Read {
    let any = Connection::Ldap(connection.clone());
    let (policy, default) = (SourcePolicy::default(), default_mapping(&any));
    let reporter = Reporter::new(out, CancellationToken::new(), 1000);
    let request = ReadRequest::whole(&any, None, &policy);
    let mapper = PhotoMapper::new(&default, &default).expect("directories have photos");
    Read::new(connection, request, mapper, reporter).expect("a valid filter").expect("attributes of a directory")
}

async fn search_over(client: DuplexStream) -> (Result<ReadEnd, SourceError>, Vec<ReportedPhoto>) {
    let (out, mut taken) = mpsc::channel(1000);
    let Read { mut search, queries, mapper } = read(&connection(), out);
    let mut session: Session = wire::Wire::new(Box::new(client));
    let result = search.find(&mut session, &queries[0], |message| photo(&mapper, message)).await;
    let result = result.map(|()| search.reporter.end());
    drop(search);
    let mut all = Vec::new();
    while let Some(photo) = taken.recv().await {
        all.push(photo);
    }
    (result, all)
}

async fn photos<const N: usize>(answers: [Vec<u8>; N]) -> Vec<ReportedPhoto> {
    let (result, photos) = served(&answers.concat(), true, search_over).await;
    assert_eq!(result.map(|end| end.entries), Ok(photos.len() as u64));
    photos
}

fn held(name: &str, attribute: &str, bytes: &[u8]) -> ReportedPhoto {
    let (locator, attribute) = (name.to_owned(), attribute.to_owned());
    ReportedPhoto::Photo(SourcePhoto {
        external_id: b"1".to_vec(),
        locator,
        attribute,
        bytes: bytes.to_vec(),
        tag: None,
    })
}

fn set_aside(external_id: Option<&[u8]>, attribute: &str, value: &str) -> ReportedPhoto {
    let invalid = Invalid::new(attribute, value, Rule::TooLong { max: 2_097_152, unit: "bytes".into() });
    ReportedPhoto::SetAside(SetAside {
        external_id: external_id.map(<[u8]>::to_vec),
        locator: "cn=big".into(),
        keys: Vec::new(),
        invalid,
        values: None,
    })
}

#[tokio::test]
async fn the_first_attribute_with_a_value_gives_the_photo_with_all_its_bytes() {
    let found = photos([
        entry("cn=a", &[("jpegPhoto", b"second"), ID, ("thumbnailPhoto", b" first \n")]),
        entry("cn=b", &[ID, ("thumbnailPhoto", b""), ("jpegphoto;binary", b"only")]),
        entry("cn=c", &[ID]),
        entry("cn=d", &[("thumbnailPhoto", b"nobody's")]),
        end(1, 0),
    ]);

    let [a, b] = [held("cn=a", "thumbnailPhoto", b" first \n"), held("cn=b", "jpegPhoto", b"only")];
    assert_eq!(found.await, [a, b, ReportedPhoto::Nameless]);
}

#[tokio::test]
async fn a_photo_that_is_too_large_is_reported_and_not_carried() {
    let (most, more) = (vec![7; 2 << 20], vec![7; 3 << 20]);

    let found = photos([
        entry("cn=most", &[ID, ("jpegPhoto", &most)]),
        entry("cn=big", &[("jpegPhoto", &more), ID]),
        end(1, 0),
    ]);

    assert_eq!(found.await, [held("cn=most", "jpegPhoto", &most), set_aside(Some(b"1"), "jpegPhoto", "3145728 bytes")]);
}

#[tokio::test]
async fn an_entry_larger_than_a_message_may_be_is_left_out_and_the_read_goes_on() {
    let huge = vec![7; 20 << 20];
    let both = "thumbnailPhoto, jpegPhoto";

    let found = photos([
        entry("cn=big", &[ID, ("jpegPhoto", &huge)]),
        entry("cn=big", &[("jpegPhoto", &huge), ID]),
        entry("cn=after", &[ID, ("jpegPhoto", b"small")]),
        end(1, 0),
    ]);

    let size = "more than 4194304 bytes";
    let after = held("cn=after", "jpegPhoto", b"small");
    assert_eq!(found.await, [set_aside(Some(b"1"), both, size), set_aside(None, both, size), after]);
}

#[tokio::test]
async fn what_ends_before_its_end_is_cut_short() {
    let huge = entry("cn=big", &[ID, ("jpegPhoto", &vec![7; 5 << 20])]);
    let small = entry("cn=a", &[ID, ("jpegPhoto", b"a")]);

    for answers in [
        small.clone(),
        [small.clone(), end_of_page(1)].concat(),
        [small.clone(), huge[..huge.len() - 1].to_vec()].concat(),
        [small.clone(), end(1, 3)].concat(),
    ] {
        let (result, _) = served(&answers, true, search_over).await;
        assert!(matches!(result, Err(SourceError::CutShort { read: 1 | 2, .. })), "{result:?}");
    }
}

#[test]
fn only_entries_of_the_source_with_a_photo_are_asked_for() {
    let asked = LdapConnection { filter: "uid=a*".into(), page_size: 1000, ..connection() };

    let read = read(&asked, mpsc::channel(1).0);

    let [Query { filter, attributes, page_size, .. }] = &read.queries[..] else { panic!("one search") };
    let expected = "(&(uid=a*)(|(thumbnailPhoto=*)(jpegPhoto=*)))";
    let expected = crate::ldap::escape::parse(expected).expect("a filter");
    assert_eq!(structure(filter.clone()), structure(expected));
    assert_eq!(
        (attributes.join(" ").as_str(), *page_size),
        ("objectGUID entryUUID nsUniqueId ipaUniqueID thumbnailPhoto jpegPhoto", 50)
    );
}

/// A filter as it is sent.
fn structure(filter: Tag) -> String {
    use ldap3::asn1::ASNTag;

    fn shown(StructureTag { class, id, payload }: StructureTag) -> String {
        match payload {
            PL::P(bytes) => format!("{class:?} {id} {}", bytes.escape_ascii()),
            PL::C(parts) => format!("{class:?} {id} {:?}", parts.into_iter().map(shown).collect::<Vec<_>>()),
        }
    }
    shown(filter.into_structure())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_beginning_of_any_message_is_read_or_refused(noise: Vec<u8>, at in 0_usize..120) {
        let mut cut = entry("cn=big", &[ID, ("jpegPhoto", &vec![7; 5 << 20])]);
        cut.splice(at..at + noise.len(), noise);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();

        let (result, photos) = runtime.block_on(served(&[cut, end(1, 0)].concat(), true, search_over));

        if let Ok(end) = result {
            prop_assert_eq!(end.entries, photos.len() as u64);
        }
    }
}
