//! A user as Graph tells of one, as attributes that a mapping can name.
//!
//! An attribute is a property, or a property of one: `onPremisesExtensionAttributes/extensionAttribute1`. Two are not
//! taken as they are written: `accountEnabled` says TRUE where the account is disabled, and `onPremisesImmutableId`
//! is the sixteen bytes that it is Base64 of, which are those of the `objectGUID` in the directory on the premises.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::mapping::{Mapper, RawEntry, uuid_bytes};

/// Of several values no more are looked at.
const MAX_VALUES: usize = 1000;
/// The property that tells where the user was copied from.
const IMMUTABLE_ID: &str = "onPremisesImmutableId";

/// The properties to ask for so that the mapping finds what it names.
pub(super) fn selection(mapper: &Mapper) -> String {
    // The second says to a person who it is, the third who it is on the premises.
    let mut names = vec!["id", "userPrincipalName", IMMUTABLE_ID];
    let properties = mapper.attributes().filter_map(|name| name.split('/').next()).filter(|name| is_property(name));
    for name in properties {
        // The photo is no property of a user, although it is found below one.
        if name != "photo" && !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    names.join(",")
}

fn is_property(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The values of a user that the mapping names.
pub(super) fn entry<'a>(mapper: &Mapper, user: &'a Value) -> RawEntry<'a> {
    let mut entry = RawEntry::default();
    for (name, value) in user.as_object().into_iter().flatten() {
        match value.as_object() {
            None => push(mapper, &mut entry, name, value),
            Some(inner) => {
                for (part, value) in inner {
                    push(mapper, &mut entry, &format!("{name}/{part}"), value);
                }
            }
        }
    }
    entry
}

/// What a person finds the user by.
pub(super) fn locator(user: &Value) -> String {
    const MAX_CHARS: usize = 400;
    let names = ["userPrincipalName", "mail", "displayName", "id"];
    let name = names.iter().find_map(|name| user[*name].as_str().filter(|text| !text.is_empty()));
    name.unwrap_or_default().chars().take(MAX_CHARS).collect()
}

/// The user's own identity.
pub(super) fn id(user: &Value) -> Option<&str> {
    user["id"].as_str().filter(|id| !id.is_empty())
}

/// The `objectGUID` of the entry on the premises that the user was copied from, unless another attribute was chosen to
/// tell that.
pub(super) fn origin_id(user: &Value) -> Option<Vec<u8>> {
    let bytes = BASE64_STANDARD.decode(user[IMMUTABLE_ID].as_str()?.trim()).ok()?;
    (bytes.len() == 16).then_some(bytes)
}

/// The identity of an entry, of the text that Graph writes.
pub(super) fn id_of_text(id: &str) -> Vec<u8> {
    uuid_bytes(id.as_bytes()).map_or_else(|| id.as_bytes().to_vec(), |uuid| uuid.to_vec())
}

/// The text that Graph writes of the identity of an entry; `None` when it cannot be one of Graph's.
pub(super) fn text_of_id(id: &[u8]) -> Option<String> {
    if let Ok(uuid) = <[u8; 16]>::try_from(id) {
        let digits = format!("{:032x}", u128::from_be_bytes(uuid));
        let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
        return Some(parts.join("-"));
    }
    let text = std::str::from_utf8(id).ok()?;
    // It becomes part of an address.
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    (is_plain && (1..=64).contains(&text.len())).then(|| text.to_owned())
}

fn push<'a>(mapper: &Mapper, entry: &mut RawEntry<'a>, name: &str, value: &'a Value) {
    let Some(place) = mapper.place(name.as_bytes()) else { return };
    match value {
        Value::Bool(is_enabled) if name == "accountEnabled" => {
            entry.push(place, if *is_enabled { b"FALSE".as_slice() } else { b"TRUE" });
        }
        Value::String(text) if name == IMMUTABLE_ID => match BASE64_STANDARD.decode(text) {
            Ok(bytes) if bytes.len() == 16 => entry.push(place, bytes),
            _ => entry.push(place, text.as_bytes()),
        },
        Value::String(text) => entry.push(place, text.as_bytes()),
        Value::Bool(is_so) => entry.push(place, if *is_so { b"TRUE".as_slice() } else { b"FALSE" }),
        Value::Number(number) => entry.push(place, number.to_string().into_bytes()),
        Value::Array(values) => {
            for text in values.iter().take(MAX_VALUES).filter_map(Value::as_str) {
                entry.push(place, text.as_bytes());
            }
        }
        Value::Null | Value::Object(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use directory_model::record::Reported;
    use directory_model::source::{Connection, Mapping};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::mapping::default_mapping;

    fn mapper() -> Mapper {
        let connection = json!({"kind": "graph", "tenant": "example.com", "client_id": "x"});
        let connection: Connection = serde_json::from_value(connection).unwrap();
        let mapping = default_mapping(&connection);
        Mapper::new(&mapping, &mapping)
    }

    fn read(user: &Value) -> Reported {
        let mapper = mapper();
        mapper.map(locator(user), &entry(&mapper, user))
    }

    #[test]
    fn a_user_has_the_eleven_fields_and_a_sip_address() {
        let user = json!({
            "id": "7f1e5a10-0011-4022-8033-0000000000ff", "userPrincipalName": "anna@example.onmicrosoft.com",
            "displayName": "Anna Berg", "givenName": "Anna", "surname": "Berg", "mail": "anna@example.com",
            "companyName": "Example", "jobTitle": "Engineer", "officeLocation": "B1/12",
            "businessPhones": ["+49 30 1234", "+49 30 9999"], "country": "Germany", "state": "BE", "postalCode": "10115",
            "city": "Berlin", "streetAddress": "Torstrasse 1", "accountEnabled": true, "imAddresses": [],
            "proxyAddresses": ["smtp:a.berg@example.com", "SMTP:anna@example.com", "SIP:anna@example.com"],
            "@odata.type": "#microsoft.graph.user", "department": null,
        });

        let Reported::Entry(record) = read(&user) else { panic!() };
        assert_eq!(record.external_id, [0x7f, 0x1e, 0x5a, 0x10, 0, 0x11, 0x40, 0x22, 0x80, 0x33, 0, 0, 0, 0, 0, 0xff]);
        assert_eq!(record.locator, "anna@example.onmicrosoft.com");
        let (mapped, synced) = (&record.mapped, &record.mapped.synced);
        assert_eq!(mapped.sip.as_deref(), Some("sip:anna@example.com"));
        assert_eq!((mapped.first_name.as_deref(), mapped.last_name.as_deref()), (Some("Anna"), Some("Berg")));
        assert!(!mapped.is_disabled);
        for (value, expected) in [
            (&synced.mail, "anna@example.com"),
            (&synced.display_name, "Anna Berg"),
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
    fn an_account_that_is_not_enabled_is_disabled() {
        for (value, expected) in [(json!(false), true), (json!(true), false), (Value::Null, false)] {
            let reported = read(&json!({"id": "1", "displayName": "Anna", "accountEnabled": value}));
            let Reported::Entry(record) = reported else { panic!("{reported:?}") };
            assert_eq!(record.mapped.is_disabled, expected);
        }
    }

    #[test]
    fn what_is_synchronized_carries_the_identity_of_the_directory_on_the_premises_of_the_directory_there() {
        let mapping = Mapping {
            external_id: vec!["onPremisesImmutableId".into()],
            display_name: vec!["onPremisesExtensionAttributes/extensionAttribute1".into()],
            ..Mapping::default()
        };
        let mapper = Mapper::new(&mapping, &mapping);
        let user = json!({
            "id": "1", "onPremisesImmutableId": BASE64_STANDARD.encode("0123456789abcdef"),
            "onPremisesExtensionAttributes": {"extensionAttribute1": "Anna", "extensionAttribute2": null},
        });

        let Reported::Entry(record) = mapper.map(String::new(), &entry(&mapper, &user)) else { panic!() };
        assert_eq!(record.external_id, b"0123456789abcdef");
        assert_eq!(record.mapped.synced.display_name.as_deref(), Some("Anna"));
        assert_eq!(selection(&mapper), "id,userPrincipalName,onPremisesImmutableId,onPremisesExtensionAttributes");
        assert_eq!(
            origin_id(&json!({"onPremisesImmutableId": "QUJDREVGR0hJSktMTU5PUA=="})).unwrap(),
            b"ABCDEFGHIJKLMNOP"
        );
        for other in [json!({}), json!({"onPremisesImmutableId": null}), json!({"onPremisesImmutableId": "anna"})] {
            assert_eq!(origin_id(&other), None, "{other}");
        }
    }

    #[test]
    fn an_identity_is_written_as_graph_does() {
        let guid = "7f1e5a10-0011-4022-8033-0000000000ff";
        assert_eq!(text_of_id(&id_of_text(guid)).as_deref(), Some(guid));
        assert_eq!(text_of_id(&id_of_text("someone-1")).as_deref(), Some("someone-1"));
        for hostile in [b"../me".as_slice(), b"a/b", b"a?b", b"\xff", b"", b"anna.b@example.com", &[b'a'; 65]] {
            assert_eq!(text_of_id(hostile), None, "{hostile:?}");
        }
    }

    #[test]
    fn only_what_can_be_a_property_is_asked_for() {
        let names = ["displayName", "DISPLAYNAME", "a b", "a,b", "a&b", "photo", "1a", "extension_0a_b", ""];
        let mapping = Mapping { display_name: names.map(Into::into).into(), ..Mapping::default() };

        let asked_for = "id,userPrincipalName,onPremisesImmutableId,displayName,extension_0a_b";
        assert_eq!(selection(&Mapper::new(&mapping, &mapping)), asked_for);
        assert!(selection(&mapper()).contains("accountEnabled"));
    }

    proptest! {
        #[test]
        fn any_user_is_mapped_without_a_panic(text in "[\\[\\]{}:,\"a-z0-9]{0,60}", id in ".{0,40}") {
            let value: Value = serde_json::from_str(&text).unwrap_or(Value::String(text));
            read(&json!({"id": id, "displayName": value, "mail": value, "proxyAddresses": [value], "accountEnabled": value}));
        }
    }
}
