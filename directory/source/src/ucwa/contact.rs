//! A contact as UCWA tells of one, as attributes that a mapping can name: its properties.

use serde_json::Value;

use crate::mapping::{Mapper, RawEntry};

/// Of several values no more are looked at.
const MAX_VALUES: usize = 100;

/// The values of a contact that the mapping names.
pub(super) fn entry<'a>(mapper: &Mapper, contact: &'a Value) -> RawEntry<'a> {
    let mut entry = RawEntry::default();
    for (name, value) in contact.as_object().into_iter().flatten() {
        let Some(place) = mapper.place(name.as_bytes()) else { continue };
        match value {
            Value::String(text) => entry.push(place, text.as_bytes()),
            Value::Array(values) => {
                for text in values.iter().take(MAX_VALUES).filter_map(Value::as_str) {
                    entry.push(place, text.as_bytes());
                }
            }
            _ => {}
        }
    }
    entry
}

/// What a person finds the contact by.
pub(super) fn locator(contact: &Value) -> String {
    const MAX_CHARS: usize = 400;
    contact["uri"].as_str().unwrap_or_default().chars().take(MAX_CHARS).collect()
}

/// Whether the contact has this address, a SIP or a mail address without its scheme.
pub(super) fn is_at(contact: &Value, address: &str) -> bool {
    let sip = contact["uri"].as_str().map(|uri| uri.get(4..).filter(|_| uri.to_ascii_lowercase().starts_with("sip:")));
    let mails = contact["emailAddresses"].as_array().into_iter().flatten().filter_map(Value::as_str);
    sip.flatten().into_iter().chain(mails).any(|known| known.eq_ignore_ascii_case(address))
}

#[cfg(test)]
mod tests {
    use directory_model::record::Reported;
    use directory_model::source::Connection;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::mapping::default_mapping;

    fn read(contact: &Value) -> Reported {
        let connection = json!({"kind": "ucwa", "url": "https://x/", "domains": [], "user_name": "x"});
        let connection: Connection = serde_json::from_value(connection).unwrap();
        let mapping = default_mapping(&connection);
        let mapper = Mapper::new(&mapping, &mapping);
        mapper.map(locator(contact), &entry(&mapper, contact))
    }

    #[test]
    fn a_contact_has_what_ucwa_tells_of_one() {
        let reported = read(&json!({
            "uri": "sip:anna@example.com", "name": "Anna Berg", "title": "Engineer", "company": "Example",
            "department": "R&D", "office": "B1/12", "emailAddresses": ["anna.berg@example.com"],
            "workPhoneNumber": "tel:+49301234", "type": "User", "_links": {"self": {"href": "/x"}}, "rel": "contact",
        }));

        let Reported::Entry(record) = reported else { panic!("{reported:?}") };
        assert_eq!(record.external_id, b"sip:anna@example.com");
        assert_eq!(record.mapped.sip.as_deref(), Some("sip:anna@example.com"));
        let synced = &record.mapped.synced;
        for (value, expected) in [
            (&synced.mail, Some("anna.berg@example.com")),
            (&synced.display_name, Some("Anna Berg")),
            (&synced.company, Some("Example")),
            (&synced.job_title, Some("Engineer")),
            (&synced.office, Some("B1/12")),
            (&synced.work_phone, Some("+49301234")),
            (&synced.work_city, None),
        ] {
            assert_eq!(value.as_deref(), expected);
        }
    }

    #[test]
    fn an_address_is_one_of_the_contacts_own() {
        let contact = json!({"uri": "sip:anna@example.com", "emailAddresses": ["anna.berg@example.com", 7]});
        for (address, expected) in [
            ("Anna@example.com", true),
            ("anna.berg@EXAMPLE.com", true),
            ("berg@example.com", false),
            ("sip:anna@example.com", false),
            ("", false),
        ] {
            assert_eq!(is_at(&contact, address), expected, "{address}");
        }
        assert!(!is_at(&json!({"uri": "s"}), "x"));
    }

    proptest! {
        #[test]
        fn any_contact_is_mapped_without_a_panic(uri in ".{0,12}", text in "[\\[\\]{}:,\"a-z0-9]{0,40}") {
            let value: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
            let contact = json!({"uri": uri, "name": value, "emailAddresses": value});
            read(&contact);
            is_at(&contact, &uri);
        }
    }
}
