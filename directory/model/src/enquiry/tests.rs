use std::time::Duration;

use proptest::prelude::*;

use super::*;

fn now() -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000)
}

fn callback() -> EnquiryFields {
    EnquiryFields {
        form: "f".into(),
        name: " Anna Berg ".into(),
        phone: Some("030 1234567".into()),
        mail: None,
        text: None,
        about: None,
        wished_at: None,
        has_consented: true,
        website: String::new(),
    }
}

fn message() -> EnquiryFields {
    EnquiryFields { phone: None, mail: Some("anna@example.com".into()), text: Some("Hello".into()), ..callback() }
}

/// Every number is in Berlin.
fn berlin(entered: &str) -> Option<String> {
    let digits: String = entered.chars().filter(char::is_ascii_digit).collect();
    digits.strip_prefix('0').map(|rest| format!("+49{rest}"))
}

fn refused(fields: &EnquiryFields, kind: EnquiryKind) -> Vec<String> {
    match Asker::read(fields, kind, now(), berlin) {
        Ok(_) => Vec::new(),
        Err(refused) => refused.into_iter().map(|one| one.field).collect(),
    }
}

#[test]
fn what_is_entered_is_read_without_blanks_and_with_the_country() {
    let read = Asker::read(&callback(), EnquiryKind::Callback, now(), berlin).expect("fine");

    assert_eq!((read.name.as_str(), read.phone.as_deref()), ("Anna Berg", Some("+49301234567")));
    let empty = EnquiryFields { mail: Some("  ".into()), text: Some(String::new()), ..callback() };
    let read = Asker::read(&empty, EnquiryKind::Callback, now(), berlin).expect("fine");
    assert_eq!((read.mail, read.text), (None, None));
}

#[test]
fn refusals_name_the_field() {
    let (call, leave) = (EnquiryKind::Callback, EnquiryKind::Message);
    let soon = now().plus(Duration::from_hours(1));
    for (fields, kind, expected) in [
        (callback(), call, &[][..]),
        (message(), leave, &[]),
        (EnquiryFields { phone: Some("030 12".into()), mail: None, ..message() }, leave, &[]),
        (EnquiryFields { name: "  ".into(), ..callback() }, call, &["name"]),
        (EnquiryFields { name: "a\nb".into(), ..callback() }, call, &["name"]),
        (EnquiryFields { name: "x".repeat(129), ..callback() }, call, &["name"]),
        (EnquiryFields { phone: None, ..callback() }, call, &["phone"]),
        (EnquiryFields { phone: None, mail: Some("a@b.c".into()), ..callback() }, call, &["phone"]),
        (EnquiryFields { phone: Some("call me".into()), ..callback() }, call, &["phone"]),
        (EnquiryFields { phone: Some("0".repeat(65)), ..callback() }, call, &["phone"]),
        (EnquiryFields { mail: None, ..message() }, leave, &["mail"]),
        (EnquiryFields { mail: Some("a@b.c\r\nBcc: x@y.z".into()), ..message() }, leave, &["mail"]),
        (EnquiryFields { text: None, ..message() }, leave, &["text"]),
        (EnquiryFields { text: Some("x".repeat(501)), ..message() }, leave, &["text"]),
        (EnquiryFields { text: Some("a\u{0}b".into()), ..message() }, leave, &["text"]),
        (EnquiryFields { wished_at: Some(soon), ..callback() }, call, &[]),
        (EnquiryFields { wished_at: Some(now()), ..callback() }, call, &["wished_at"]),
        (EnquiryFields { wished_at: Some(now().plus(DAY * 31)), ..callback() }, call, &["wished_at"]),
        (EnquiryFields { has_consented: false, ..callback() }, call, &["has_consented"]),
        (EnquiryFields { website: "x".into(), ..callback() }, call, &["website"]),
        (EnquiryFields { name: String::new(), has_consented: false, ..callback() }, call, &["name", "has_consented"]),
    ] {
        assert_eq!(refused(&fields, kind), expected, "{fields:?}");
    }
}

#[test]
fn settings_are_refused_by_their_field() {
    let fine = EnquirySettings {
        country: Some("DE".into()),
        privacy_url: Some("https://x.org/privacy".into()),
        ..EnquirySettings::default()
    };
    for (settings, expected) in [
        (fine.clone(), None),
        (EnquirySettings { country: Some("de".into()), ..fine.clone() }, Some("country")),
        (EnquirySettings { consent_de: Some("x".repeat(1001)), ..fine.clone() }, Some("consent_de")),
        (EnquirySettings { privacy_url: Some("javascript:x".into()), ..fine.clone() }, Some("privacy_url")),
        (EnquirySettings { days: 0, ..fine.clone() }, Some("days")),
        (EnquirySettings { days: 366, ..fine }, Some("days")),
    ] {
        let mut refusals = Refusals::default();
        settings.refuse(&mut refusals);
        let found = refusals.finish().err().map(|refused| refused[0].field.clone());
        assert_eq!(found.as_deref(), expected, "{settings:?}");
    }
}

#[test]
fn a_consent_of_ones_own_is_shown_instead_of_the_usual_one() {
    let own = EnquirySettings { consent_de: Some("Ja.".into()), days: 7, ..EnquirySettings::default() };

    assert_eq!(own.consent(Language::De), "Ja.");
    assert!(own.consent(Language::En).contains("after 7 days"));
}

#[test]
fn programs_get_a_text_only_where_it_is_kept() {
    let asker = Asker::read(&message(), EnquiryKind::Message, now(), berlin).expect("fine");
    let said = Said {
        asker,
        publication_title: "Help".into(),
        about_name: None,
        language: Language::En,
        consent: "Yes.".into(),
        client_address: ANONYMISED_ADDRESS.into(),
    };
    let (id, publication) = (EnquiryId::NIL, PublicationId::NIL);
    let told = EnquiryTold { id, kind: EnquiryKind::Message, publication, said };

    assert_eq!(told.clone().for_programs(true), told);
    let hidden = told.for_programs(false).said.asker;
    assert_eq!((hidden.text.as_deref(), hidden.mail.as_deref()), (Some(ANONYMISED_TEXT), Some("anna@example.com")));
}

proptest! {
    #[test]
    fn whatever_is_entered_is_read_within_its_bounds_or_refused(
        name in ".{0,140}", phone in proptest::option::of(".{0,70}"), mail in proptest::option::of(".{0,70}"),
        text in proptest::option::of("(?s).{0,510}"), is_callback: bool,
    ) {
        let kind = if is_callback { EnquiryKind::Callback } else { EnquiryKind::Message };
        let fields = EnquiryFields { name, phone, mail, text, ..callback() };
        if let Ok(read) = Asker::read(&fields, kind, now(), berlin) {
            prop_assert!((1..=MAX_NAME_CHARS).contains(&read.name.chars().count()));
            prop_assert!(read.text.is_none_or(|text| text.chars().count() <= MAX_TEXT_CHARS));
            prop_assert!(read.phone.is_none_or(|phone| phone.starts_with("+49")));
            prop_assert!(!read.name.contains(['\r', '\n']));
        }
    }
}
