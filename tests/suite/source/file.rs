//! What is read from files.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use directory_model::record::ReadEnd;
use directory_model::source::{Connection, FileConnection, FileFormat};
use directory_source::{SourceError, SourcePolicy};
use suite::slapd::people;
use tempfile::TempDir;

use super::{Done, policy, read_any};

async fn read(folder: &TempDir, path: &str, format: FileFormat) -> Done {
    read_below(folder.path(), path, format).await
}

async fn read_below(folder: &Path, path: &str, format: FileFormat) -> Done {
    let policy = SourcePolicy { file_folder: Some(folder.into()), ..policy() };
    read_any(&Connection::File(FileConnection { path: path.into(), format }), None, &policy).await
}

#[tokio::test]
async fn a_directory_dump_reads_like_the_directory() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("people.ldif"), people(500)).unwrap();

    let done = read(&folder, "people.ldif", FileFormat::Ldif).await;

    assert_eq!(done.end, Ok(ReadEnd::whole(500)));
    assert_eq!(done.records[1].mapped.sip.as_deref(), Some("sip:ben.berg1@example.com"));
}

#[tokio::test]
async fn a_spreadsheet_is_read_line_by_line() {
    let folder = TempDir::new().unwrap();
    let text = b"Employee_ID;Name;Mail;City\r\n1;J\xfcrgen;j@example.com;Wien\r\n2;Ben;at home;Berlin\r\n";
    std::fs::write(folder.path().join("people.csv"), text).unwrap();

    let done = read(&folder, "people.csv", FileFormat::Csv).await;

    assert_eq!(done.end, Ok(ReadEnd::whole(2)));
    assert_eq!(done.records[0].mapped.synced.display_name.as_deref(), Some("Jürgen"));
    assert_eq!(
        (done.set_aside[0].locator.as_str(), done.set_aside[0].invalid.field.as_str()),
        ("people.csv:3", "mail")
    );
}

#[tokio::test]
async fn a_file_of_a_gigabyte_is_refused_with_size_and_limit() {
    let folder = TempDir::new().unwrap();
    File::create(folder.path().join("large.csv")).unwrap().set_len(1 << 30).unwrap();

    let done = read(&folder, "large.csv", FileFormat::Csv).await;

    let Err(SourceError::FileRefused { path, detail }) = done.end else { panic!("{:?}", done.end) };
    assert_eq!(
        (path.as_str(), detail.as_str()),
        ("large.csv", "it has 1073741824 bytes, the limit is 268435456 bytes")
    );
}

#[tokio::test]
async fn a_broken_file_is_refused_with_the_line() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("people.ldif"), format!("{}dn: cn=x\nchangetype: delete\n", people(2))).unwrap();

    let done = read(&folder, "people.ldif", FileFormat::Ldif).await;

    let Err(SourceError::FileRefused { detail, .. }) = done.end else { panic!("{:?}", done.end) };
    assert!(detail.starts_with("line ") && detail.contains("change records"), "{detail}");
    assert_eq!(done.records.len(), 2);
}

#[tokio::test]
async fn the_demo_files_are_read_completely() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("config/demo");

    let company = read_below(&folder, "brightmoor.ldif", FileFormat::Ldif).await;
    let agency = read_below(&folder, "marlow-finch.csv", FileFormat::Csv).await;

    let services = |done: &Done| done.records.iter().filter(|record| record.mapped.is_service).count();
    assert_eq!((company.records.len(), services(&company), company.set_aside.len()), (66, 5, 0));
    assert_eq!((agency.records.len(), services(&agency), agency.set_aside.len()), (13, 1, 0));
    let sites = company.records.iter().filter_map(|record| record.mapped.synced.work_city.as_deref());
    assert_eq!(sites.collect::<BTreeSet<_>>(), BTreeSet::from(["Berlin", "Manchester", "Vienna"]));
    let addresses = company.records.iter().filter_map(|record| record.mapped.sip.as_deref());
    assert_eq!(addresses.collect::<BTreeSet<_>>().len(), 65, "all but the one who left have their own");
}
