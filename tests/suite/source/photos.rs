//! The photos of directories and files.

use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD, Engine};
use directory_model::invalid::Rule;
use directory_model::record::{ReadEnd, ReportedPhoto, SourcePhoto};
use directory_model::secret::Secret;
use directory_model::source::{Connection, FileConnection, FileFormat, LdapConnection, Mapping};
use directory_source::{ReadRequest, SourceError, SourcePolicy};
use suite::slapd::{Options, PEOPLE, Slapd, people};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::policy;

struct Done {
    end: Result<Option<ReadEnd>, SourceError>,
    photos: Vec<ReportedPhoto>,
}

async fn read(connection: &Connection, secret: Option<&Secret>, mapping: Option<&Mapping>) -> Done {
    read_with(connection, secret, mapping, &policy()).await
}

async fn read_with(
    connection: &Connection,
    secret: Option<&Secret>,
    mapping: Option<&Mapping>,
    policy: &SourcePolicy,
) -> Done {
    let (out, mut reported) = mpsc::channel(4);
    let request = ReadRequest { mapping, ..ReadRequest::whole(connection, secret, policy) };
    let cancel = CancellationToken::new();
    let collecting = async {
        let mut photos = Vec::new();
        while let Some(photo) = reported.recv().await {
            photos.push(photo);
        }
        photos
    };
    let (end, photos) = tokio::join!(directory_source::read_photos(request, out, &cancel), collecting);
    Done { end, photos }
}

fn complete(entries: u64) -> ReadEnd {
    ReadEnd::whole(entries)
}

/// People of whom every third has a photo of about `bytes`.
fn pictured(count: usize, bytes: usize) -> String {
    let mut ldif = String::new();
    for (number, entry) in people(count).split_terminator("\n\n").enumerate() {
        ldif.push_str(entry);
        if number % 3 == 0 {
            let photo = BASE64_STANDARD.encode(vec![u8::try_from(number % 256).unwrap(); bytes + number]);
            // Writing into a `String` cannot fail.
            let _ = write!(ldif, "\njpegPhoto:: {photo}");
        }
        ldif.push_str("\n\n");
    }
    ldif
}

fn photo(reported: &ReportedPhoto) -> &SourcePhoto {
    let ReportedPhoto::Photo(photo) = reported else { panic!("{reported:?}") };
    photo
}

#[tokio::test]
async fn entries_with_a_photo_are_read_page_by_page_and_others_are_not() {
    let slapd = Slapd::start(&Options { entries: pictured(400, 1000), ..Options::default() });
    let filter = "(|(uid=u0001*)(uid=u0002*))".to_owned();
    let plain = LdapConnection { filter, page_size: 1000, ..slapd.connection() };
    let trusted_certificates = Some(slapd.trusted_certificates());
    let ldaps = LdapConnection { url: slapd.ldaps_url(), trusted_certificates, ..plain.clone() };

    for connection in [plain, ldaps] {
        let done = read(&Connection::Ldap(connection), Some(&slapd.secret()), None).await;

        let expected: Vec<usize> = (100..300).filter(|number| number % 3 == 0).collect();
        assert_eq!(done.end, Ok(Some(complete(expected.len() as u64))));
        let mut found: Vec<_> = done.photos.iter().map(photo).collect();
        found.sort_by(|one, other| one.locator.cmp(&other.locator));
        for (number, photo) in expected.into_iter().zip(found) {
            assert_eq!(photo.locator, format!("uid=u{number:06},{PEOPLE}"));
            assert_eq!(photo.bytes.len(), 1000 + number);
            assert_eq!((photo.attribute.as_str(), photo.external_id.len()), ("jpegPhoto", 16));
        }
    }
}

#[tokio::test]
async fn a_directory_that_is_killed_between_photos_cuts_the_read_short() {
    let mut slapd = Slapd::start(&Options { entries: pictured(300, 50_000), ..Options::default() });
    let connection = Connection::Ldap(LdapConnection { page_size: 10, ..slapd.connection() });
    let (policy, secret, cancel) = (policy(), slapd.secret(), CancellationToken::new());
    let (out, mut reported) = mpsc::channel(1);
    let request = ReadRequest::whole(&connection, Some(&secret), &policy);
    let taking = async {
        let mut taken = 0_u64;
        while reported.recv().await.is_some() {
            taken += 1;
            if taken == 25 {
                slapd.kill();
            }
        }
        taken
    };

    let (end, taken) = tokio::join!(directory_source::read_photos(request, out, &cancel), taking);

    let Err(SourceError::CutShort { read, .. }) = end else { panic!("{end:?}") };
    assert_eq!(read, taken);
    assert!((25..=30).contains(&read), "{read}: never more than a page ahead");
}

#[tokio::test]
async fn a_file_says_the_same_as_the_directory_it_came_from() {
    let (folder, ldif) = (TempDir::new().unwrap(), pictured(90, 1000));
    let slapd = Slapd::start(&Options { entries: ldif.clone(), ..Options::default() });
    std::fs::write(folder.path().join("people.ldif"), ldif).unwrap();
    let policy = SourcePolicy { file_folder: Some(folder.path().into()), ..policy() };
    let file = Connection::File(FileConnection { path: "people.ldif".into(), format: FileFormat::Ldif });

    let from_file = read_with(&file, None, None, &policy).await;
    let from_directory = read(&Connection::Ldap(slapd.connection()), Some(&slapd.secret()), None).await;

    assert_eq!((&from_file.end, &from_directory.end), (&Ok(Some(complete(30))), &Ok(Some(complete(30)))));
    assert_eq!(from_file.photos, from_directory.photos);
}

#[tokio::test]
async fn what_is_too_large_in_a_file_or_not_base64_is_left_out_with_its_size() {
    let folder = TempDir::new().unwrap();
    let entry = |name: &str, photo: &str| format!("dn: cn={name}\nentryUUID: {name}\n{photo}\n\n");
    let huge = BASE64_STANDARD.encode(vec![7; 3 << 20]);
    let entries = [
        entry("a", "jpegPhoto:: ???"),
        entry("b", &format!("thumbnailPhoto: small\njpegPhoto:: {huge}")),
        entry("c", &format!("jpegPhoto:: {huge}")),
        entry("d", "jpegPhoto:: QUJD\njpegPhoto:: ???"),
        format!("dn: cn=nobody\njpegPhoto:: {huge}\n"),
    ];
    std::fs::write(folder.path().join("people.ldif"), entries.concat()).unwrap();
    let policy = SourcePolicy { file_folder: Some(folder.path().into()), ..policy() };
    let file = Connection::File(FileConnection { path: "people.ldif".into(), format: FileFormat::Ldif });

    let done = read_with(&file, None, None, &policy).await;

    assert_eq!(done.end, Ok(Some(complete(5))));
    let refusal = |at: usize| match &done.photos[at] {
        ReportedPhoto::SetAside(aside) => (aside.external_id.clone(), aside.invalid.clone()),
        other => panic!("{other:?}"),
    };
    let (id, invalid) = refusal(0);
    assert_eq!((id.as_deref(), invalid.value.as_str()), (Some(b"a".as_slice()), "3 characters"));
    assert!(matches!(invalid.rule, Rule::Format { .. }));
    assert_eq!(photo(&done.photos[1]).bytes, b"small");
    let (id, invalid) = refusal(2);
    assert_eq!((id.as_deref(), invalid.value.as_str()), (Some(b"c".as_slice()), "more than 2097152 bytes"));
    assert_eq!(photo(&done.photos[3]).bytes, b"ABC");
    assert_eq!(done.photos[4], ReportedPhoto::Nameless);
}

#[tokio::test]
async fn a_source_whose_mapping_names_no_photo_is_not_asked() {
    let nowhere = LdapConnection {
        url: "ldap://127.0.0.1:1".into(),
        is_starttls: false,
        trusted_certificates: None,
        bind_dn: None,
        base_dn: PEOPLE.into(),
        filter: "(objectClass=person)".into(),
        group_filter: None,
        group_base_dn: None,
        page_size: 500,
        timeout_seconds: 30,
    };
    let without = Mapping { display_name: vec!["cn".into()], ..Mapping::default() };
    let column = Mapping { photo: vec!["the photo".into()], ..Mapping::default() };
    let csv = Connection::File(FileConnection { path: "people.csv".into(), format: FileFormat::Csv });

    for mapping in [&without, &column] {
        let done = read(&Connection::Ldap(nowhere.clone()), None, Some(mapping)).await;
        assert_eq!((done.end, done.photos), (Ok(None), Vec::new()));
    }
    assert_eq!(read(&csv, None, None).await.end, Ok(None));
    assert_eq!(read(&csv, None, Some(&column)).await.end, Ok(None));
    let asked = read(&Connection::Ldap(nowhere), None, None).await;
    assert!(matches!(asked.end, Err(SourceError::Unreachable { .. })), "{:?}", asked.end);
}
