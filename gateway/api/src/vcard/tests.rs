use calcard::vcard::{VCard, VCardProperty, VCardValue};
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

/// All values of a property as one text.
fn of(found: &[(String, String)], name: &str) -> String {
    let values: Vec<&str> = found.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect();
    values.join("|")
}

/// The bytes of the picture and its media type, as somebody else's parser understands them.
fn photo_of(text: &str) -> (Option<String>, Vec<u8>) {
    let card = VCard::parse(text).unwrap_or_else(|entry| panic!("not a vCard: {entry:?}"));
    let mut photos = card.entries.into_iter().filter(|entry| entry.name == VCardProperty::Photo);
    let values = photos.next().expect("a photo").values;
    assert!(photos.next().is_none(), "one photo is enough");
    match values.as_slice() {
        [VCardValue::Binary(data)] => (data.content_type.clone(), data.data.clone()),
        other => panic!("not a picture: {other:?}"),
    }
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
            ("ORG", "Berg; Söhne, Ltd"),
            ("IMPP", "sip:anna@example.com"),
            ("IMPP", "skype:live:anna"),
            ("UID", &format!("urn:ulid:{}", contact(anna()).id)),
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
fn a_photo_comes_out_of_another_parser_as_it_went_in() {
    for version in [Version::Three, Version::Four] {
        for media_type in ["image/png", "image/jpeg"] {
            let photo = Picture { media_type: media_type.into(), bytes: (0..=255).cycle().take(3001).collect() };

            let text = write(&contact(anna()), Some(&photo), version);

            let (kind, bytes) = photo_of(&text);
            assert_eq!(bytes, photo.bytes, "{version:?}");
            if version == Version::Four {
                assert_eq!(kind.as_deref(), Some(media_type));
            } else {
                let kind = media_type.trim_start_matches("image/").to_uppercase();
                assert!(text.contains(&format!("\r\nPHOTO;ENCODING=b;TYPE={kind}:")), "{text}");
            }
        }
    }
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
