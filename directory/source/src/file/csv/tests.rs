use std::io::BufReader;

use directory_model::record::{SetAside, SourceRecord};
use directory_model::source::{Connection, FileConnection, FileFormat};
use proptest::prelude::*;

use super::*;
use crate::mapping::default_mapping;

fn read(text: &[u8]) -> Result<Vec<Result<Reported, String>>, String> {
    let file = FileConnection { path: "people.csv".into(), format: FileFormat::Csv };
    let mapping = default_mapping(&Connection::File(file));
    let mapper = Mapper::new(&mapping, &mapping);
    Ok(CsvEntries::new(BufReader::new(text), "people.csv", &mapper)?.collect())
}

fn records(text: &[u8]) -> Vec<SourceRecord> {
    let entry = |entry| match entry {
        Ok(Reported::Entry(record)) => *record,
        other => panic!("{other:?}"),
    };
    read(text).expect("a header").into_iter().map(entry).collect()
}

fn set_aside(text: &[u8]) -> SetAside {
    match read(text).expect("a header").remove(0) {
        Ok(Reported::SetAside(set_aside)) => set_aside,
        other => panic!("{other:?}"),
    }
}

#[test]
fn delimiters_are_guessed_and_quotes_respected() {
    for text in [
        "ID,Display_Name,work_city\r\nE-1,\"Berg, Anna\",Berlin\r\n",
        "\"ID\";Display_Name;work_city\nE-1;Berg, Anna;Berlin",
        "id\tname\tL\nE-1\tBerg, Anna\tBerlin\n\n",
    ] {
        let [anna] = <[SourceRecord; 1]>::try_from(records(text.as_bytes())).expect("one entry");

        assert_eq!(anna.external_id, b"E-1");
        assert_eq!(anna.mapped.synced.display_name.as_deref(), Some("Berg, Anna"));
        assert_eq!(anna.mapped.synced.work_city.as_deref(), Some("Berlin"));
        assert_eq!(anna.locator, "people.csv:2");
    }
}

#[test]
fn text_is_utf_8_or_windows_1252() {
    for text in [
        "id;name\n1;Jürgen Müller".as_bytes(),
        "\u{feff}id;name\n1;Jürgen Müller".as_bytes(),
        b"id;name\n1;J\xfcrgen M\xfcller",
    ] {
        assert_eq!(records(text)[0].mapped.synced.display_name.as_deref(), Some("Jürgen Müller"));
    }

    let marked = set_aside(b"\xef\xbb\xbfid;name\n1;M\xfcller");
    assert_eq!((marked.invalid.field.as_str(), marked.invalid.rule), ("name", Rule::NotUtf8));
    assert!(read(b"\xff\xfei\0d\0").expect_err("UTF-16").contains("UTF-16"));
}

#[test]
fn a_file_without_identities_is_refused() {
    assert!(read(b"name;mail\nAnna;a@b.c").expect_err("no id").contains("external_id, id"));
    assert!(read(b"").expect_err("empty").contains("header"));
}

#[test]
fn a_line_with_too_few_columns_is_set_aside_with_its_identity() {
    let short = set_aside(b"id;name;mail\nE-1;Anna\nE-2;Ben;b@c.de");

    assert_eq!((short.external_id.as_deref(), short.locator.as_str()), (Some(b"E-1".as_slice()), "people.csv:2"));
    assert_eq!(short.invalid.rule, Rule::Format { expected: "a line with 3 columns".into() });
}

#[test]
fn an_unclosed_quote_ends_the_read_instead_of_filling_memory() {
    let text = format!("id;name\n1;\"{}", "x;\n".repeat(MAX_RECORD_BYTES));

    let read = read(text.as_bytes()).expect("a header");

    assert!(matches!(read.as_slice(), [Err(detail)] if detail.contains("quote")), "{}", read.len());
}

proptest! {
    #[test]
    fn any_bytes_are_read_to_an_end(bytes: Vec<u8>) {
        let _ = read(&bytes);
        let _ = read(&[b"id;name\n".as_slice(), &bytes].concat());
    }

    #[test]
    fn values_survive_quoting(name in "\\PC{1,60}", delimiter in "[,;\t]") {
        prop_assume!(!name.trim().is_empty());
        let text = format!("id{delimiter}name\n1{delimiter}\"{}\"\n", name.replace('"', "\"\""));

        let name = name.trim_matches(|c: char| c.is_ascii_whitespace()).trim();
        let record = records(text.as_bytes()).remove(0);
        prop_assert_eq!(record.mapped.synced.display_name.as_deref(), Some(name));
    }
}
