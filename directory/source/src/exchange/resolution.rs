//! A person whom Exchange found, as attributes that a mapping can name.
//!
//! An attribute is the path of an element: `Mailbox/EmailAddress` and, of the contact, `JobTitle`,
//! `PhoneNumbers/BusinessPhone` or `PhysicalAddresses/Business/City`, where entries are named by their key.

use super::xml::Element;
use crate::mapping::{Mapper, RawEntry};

/// `Contact` nests to four levels with what is mapped.
const MAX_DEPTH: usize = 6;

/// The values of a `Resolution` that the mapping names.
pub(super) fn entry<'a>(mapper: &Mapper, resolution: &'a Element) -> RawEntry<'a> {
    let mut entry = RawEntry::default();
    if let Some(mailbox) = resolution.child("Mailbox").filter(|mailbox| is_smtp(mailbox)) {
        push(mapper, &mut entry, "Mailbox", mailbox, 1);
    }
    for element in resolution.child("Contact").map(Element::children).unwrap_or_default() {
        push(mapper, &mut entry, key_or_name(element), element, 1);
    }
    entry
}

/// What a person finds the entry by.
pub(super) fn locator(resolution: &Element) -> String {
    const MAX_CHARS: usize = 400;
    let address = resolution.child("Mailbox").and_then(|mailbox| mailbox.child("EmailAddress")).map(Element::text);
    address.unwrap_or_default().chars().take(MAX_CHARS).collect()
}

/// The address of a mailbox elsewhere (`EX`, `X400`) is no mail address.
fn is_smtp(mailbox: &Element) -> bool {
    mailbox.child("RoutingType").is_none_or(|kind| kind.text().eq_ignore_ascii_case("SMTP"))
}

fn key_or_name(element: &Element) -> &str {
    element.attribute("Key").unwrap_or_else(|| element.name())
}

fn push<'a>(mapper: &Mapper, entry: &mut RawEntry<'a>, path: &str, element: &'a Element, depth: usize) {
    if let Some(place) = mapper.place(path.as_bytes())
        && let Some(value) = value(path, element.text())
    {
        entry.push(place, value.as_bytes());
    }
    if depth < MAX_DEPTH {
        for child in element.children() {
            push(mapper, entry, &format!("{path}/{}", key_or_name(child)), child, depth + 1);
        }
    }
}

/// The value, unless it is an address of another kind than its place: entries of `EmailAddresses` are those of the
/// directory with their kind before them, `SMTP:`, `SIP:` or `X500:`.
fn value<'a>(path: &str, text: &'a str) -> Option<&'a str> {
    if !path.starts_with("EmailAddresses/") {
        return Some(text);
    }
    match text.split_once(':') {
        Some((kind, address)) if kind.eq_ignore_ascii_case("smtp") => Some(address),
        Some(_) => None,
        None => Some(text),
    }
}

#[cfg(test)]
mod tests {
    use directory_model::record::Reported;
    use proptest::prelude::*;

    use super::super::xml;
    use super::*;
    use crate::mapping::default_mapping;

    fn read(xml: &str) -> Reported {
        let connection = serde_json::json!({"kind": "exchange", "url": "https://mail/EWS/Exchange.asmx",
            "authentication": {"method": "basic", "user_name": "x"}});
        let mapping = default_mapping(&serde_json::from_value(connection).unwrap());
        let mapper = Mapper::new(&mapping, &mapping);
        let tree = xml::parse(xml.as_bytes()).unwrap();
        mapper.map(locator(&tree), &entry(&mapper, &tree))
    }

    fn mailbox(more: &str) -> String {
        format!("<Mailbox><Name>Anna Berg</Name><EmailAddress>anna@example.com</EmailAddress>{more}</Mailbox>")
    }

    #[test]
    fn a_person_has_the_eleven_fields_and_a_sip_address() {
        let reported = read(&format!(
            "<Resolution>{}<Contact><DisplayName>Berg, Anna</DisplayName><GivenName>Anna</GivenName>\
             <CompanyName>Example</CompanyName><EmailAddresses><Entry Key=\"EmailAddress1\">SIP:a@x.org</Entry>\
             </EmailAddresses><PhysicalAddresses><Entry Key=\"Home\"><City>Potsdam</City></Entry>\
             <Entry Key=\"Business\"><Street>Torstrasse 1</Street><City>Berlin</City><State>BE</State>\
             <CountryOrRegion>Germany</CountryOrRegion><PostalCode>10115</PostalCode></Entry></PhysicalAddresses>\
             <PhoneNumbers><Entry Key=\"MobilePhone\">1</Entry><Entry Key=\"BusinessPhone\">+49 30 1234</Entry>\
             </PhoneNumbers><ImAddresses><Entry Key=\"ImAddress1\">sip:anna@example.com</Entry></ImAddresses>\
             <JobTitle>Engineer</JobTitle><OfficeLocation>B1/12</OfficeLocation><Surname>Berg</Surname></Contact>\
             </Resolution>",
            mailbox("<RoutingType>SMTP</RoutingType>")
        ));

        let Reported::Entry(record) = reported else { panic!("{reported:?}") };
        assert_eq!(
            (record.external_id.as_slice(), record.locator.as_str()),
            (&b"anna@example.com"[..], "anna@example.com")
        );
        let (mapped, synced) = (&record.mapped, &record.mapped.synced);
        assert_eq!(mapped.sip.as_deref(), Some("sip:anna@example.com"));
        assert_eq!((mapped.first_name.as_deref(), mapped.last_name.as_deref()), (Some("Anna"), Some("Berg")));
        for (value, expected) in [
            (&synced.mail, "anna@example.com"),
            (&synced.display_name, "Berg, Anna"),
            (&synced.company, "Example"),
            (&synced.job_title, "Engineer"),
            (&synced.office, "B1/12"),
            (&synced.work_phone, "+49 30 1234"),
            (&synced.work_country, "Germany"),
            (&synced.work_state, "BE"),
            (&synced.work_zip_code, "10115"),
            (&synced.work_city, "Berlin"),
            (&synced.work_street, "Torstrasse 1"),
        ] {
            assert_eq!(value.as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_mailbox_alone_is_enough_and_one_elsewhere_is_no_mail_address() {
        let Reported::Entry(record) = read(&format!("<Resolution>{}</Resolution>", mailbox(""))) else { panic!() };
        assert_eq!(record.mapped.synced.display_name.as_deref(), Some("Anna Berg"));

        let elsewhere = read(&format!("<Resolution>{}</Resolution>", mailbox("<RoutingType>EX</RoutingType>")));
        assert!(matches!(elsewhere, Reported::SetAside(_)), "{elsewhere:?}");
    }

    #[test]
    fn addresses_carry_their_kind() {
        for (text, expected) in [
            ("SMTP:anna@example.com", Some("anna@example.com")),
            ("smtp:anna@example.com", Some("anna@example.com")),
            ("anna@example.com", Some("anna@example.com")),
            ("SIP:anna@example.com", None),
            ("X500:/o=Example/cn=anna", None),
        ] {
            assert_eq!(value("EmailAddresses/EmailAddress2", text), expected);
            assert_eq!(value("ImAddresses/ImAddress1", text), Some(text));
        }
    }

    proptest! {
        #[test]
        fn any_resolution_is_mapped_without_a_panic(inner in "(<(Contact|Entry|Mailbox|EmailAddress)>|[a-z@:]{0,9}){0,12}") {
            if let Ok(tree) = xml::parse(format!("<Resolution>{inner}</Resolution>").as_bytes()) {
                let mapper = Mapper::new(&directory_model::source::Mapping::default(), &directory_model::source::Mapping::default());
                let _ = mapper.map(locator(&tree), &entry(&mapper, &tree));
            }
        }
    }
}
