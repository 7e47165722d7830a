use calcard::vcard::VCard;
use directory_model::contact::ContactFields;
use directory_model::id::{ContactId, CountedIds};

use super::*;

fn contact(fields: ContactFields) -> Contact {
    let moment = Timestamp::from_millis(1_795_339_800_123);
    let id = ContactId::new(&CountedIds::default());
    let provenance = std::collections::BTreeMap::new();
    Contact { id, fields, disabled_by: None, provenance, revision: 3, created_at: moment, updated_at: moment }
}

fn anna() -> ContactFields {
    ContactFields {
        sip: Some("sip:anna@example.com".into()),
        mail: Some("anna@example.com".into()),
        skype: Some("live:anna".into()),
        first_name: Some("Änne; \\ \"Anna\"".into()),
        last_name: Some("Berg, Dr.".into()),
        display_name: Some("Änne Berg — 東京 office, who has a name that is far longer than one line may be".into()),
        company: Some("Berg; Söhne, Ltd".into()),
        job_title: Some("Head of A,B;C".into()),
        office: Some("Room 12".into()),
        work_phone: Some("+49 (0)30 1234-56".into()),
        work_street: Some("First line\nSecond line".into()),
        work_city: Some("Berlin".into()),
        work_country: Some("Germany".into()),
        ..ContactFields::default()
    }
}

/// What somebody else's parser finds: the values of each property as one text, without parameters.
fn read(text: &str) -> Vec<(String, String)> {
    let card = VCard::parse(text).unwrap_or_else(|entry| panic!("not a vCard: {entry:?}\n{text}"));
    let value = |entry: &calcard::vcard::VCardEntry| {
        let parts: Vec<String> = entry.values.iter().map(|value| format!("{value:?}")).collect();
        parts.join("|")
    };
    card.entries.iter().map(|entry| (entry.name.as_str().to_owned(), value(entry))).collect()
}

fn of<'a>(found: &'a [(String, String)], name: &str) -> &'a str {
    found.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

#[test]
fn another_parser_reads_what_was_written() {
    for version in [Version::Three, Version::Four] {
        let photo = Picture { media_type: "image/jpeg".into(), bytes: (0..=255).cycle().take(3000).collect() };

        let text = write(&contact(anna()), Some(&photo), version);

        let found = read(&text);
        for (name, wanted) in [
            ("FN", "Änne Berg — 東京 office, who has a name that is far longer than one line may be"),
            ("TITLE", "Head of A,B;C"),
            ("EMAIL", "anna@example.com"),
            ("TEL", "+49 (0)30 1234-56"),
        ] {
            assert!(of(&found, name).contains(wanted), "{name} in {found:?}");
        }
        for part in ["Berg, Dr.", "Anna"] {
            assert!(of(&found, "N").contains(part), "{found:?}");
        }
        for part in ["Room 12", "Second line", "Berlin", "Germany"] {
            assert!(of(&found, "ADR").contains(part), "{found:?}");
        }
        assert!(!of(&found, "PHOTO").is_empty() && !of(&found, "REV").is_empty(), "{found:?}");
    }
}

#[test]
fn a_photo_comes_out_as_it_went_in() {
    let photo = Picture { media_type: "image/png".into(), bytes: (0..200).collect() };

    let text = write(&contact(anna()), Some(&photo), Version::Three);

    let unfolded = text.replace("\r\n ", "");
    let line = unfolded.lines().find(|line| line.starts_with("PHOTO;ENCODING=b;TYPE=PNG:")).expect("a photo");
    assert_eq!(STANDARD.decode(line.rsplit(':').next().unwrap()).unwrap(), photo.bytes);
}

#[test]
fn no_line_is_too_long_and_none_breaks_a_character() {
    for version in [Version::Three, Version::Four] {
        let text = write(&contact(anna()), None, version);

        for line in text.split("\r\n") {
            assert!(line.len() <= LINE_BYTES, "{line}");
        }
        assert!(text.is_char_boundary(0) && !text.contains('\u{FFFD}'));
    }
}

#[test]
fn nothing_in_a_field_can_add_a_line() {
    let fields = ContactFields {
        display_name: Some("Anna\r\nEMAIL:eve@example.org\nEND:VCARD".into()),
        ..ContactFields::default()
    };

    let text = write(&contact(fields), None, Version::Four);

    assert_eq!(text.matches("\r\nEMAIL").count(), 0, "{text}");
    assert_eq!(text.matches("\r\nEND:VCARD").count(), 1, "{text}");
}
