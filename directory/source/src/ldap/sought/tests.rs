use std::collections::BTreeSet;

use directory_model::source::{ComputedField, Connection, LdapConnection, Mapping, Transform};
use ldap3::asn1::{ASNTag, PL, StructureTag};
use proptest::prelude::*;

use super::*;
use crate::mapping::default_mapping;

const EQUALITY: u64 = 3;

fn mapper(change: impl FnOnce(&mut Mapping)) -> Mapper {
    let connection = LdapConnection {
        url: "ldap://dc1".into(),
        is_starttls: false,
        trusted_certificates: None,
        bind_dn: None,
        base_dn: "dc=x".into(),
        filter: "(a=b)".into(),
        group_filter: None,
        group_base_dn: None,
        page_size: 10,
        timeout_seconds: 1,
    };
    let mut mapping = default_mapping(&Connection::Ldap(connection));
    change(&mut mapping);
    Mapper::new(&mapping, &mapping)
}

fn addresses(sip: Option<&str>, mail: Option<&str>) -> Sought {
    Sought::Addresses { sip: sip.map(str::to_owned), mail: mail.map(str::to_owned) }
}

fn parts(tag: StructureTag) -> Vec<StructureTag> {
    match tag.payload {
        PL::C(parts) => parts,
        PL::P(_) => panic!("a part without parts"),
    }
}

fn bytes(tag: StructureTag) -> Vec<u8> {
    match tag.payload {
        PL::P(bytes) => bytes,
        PL::C(_) => panic!("a value with parts"),
    }
}

/// Attribute and value of every clause, as they are sent; asserts that there is nothing else.
fn sent(filter: &Tag, base: &Tag) -> Vec<(String, Vec<u8>)> {
    let whole = filter.clone().into_structure();
    assert_eq!(whole.id, 0, "and");
    let [first, choices] = <[StructureTag; 2]>::try_from(parts(whole)).expect("the source's filter and the choices");
    assert_eq!((first, choices.id), (base.clone().into_structure(), 1));
    let clause = |clause: StructureTag| {
        assert_eq!(clause.id, EQUALITY, "a clause compares, and does nothing else");
        let [name, value] = <[StructureTag; 2]>::try_from(parts(clause)).expect("attribute and value");
        (String::from_utf8(bytes(name)).expect("a name"), bytes(value))
    };
    parts(choices).into_iter().map(clause).collect()
}

fn shown(only: &[Sought]) -> Vec<String> {
    let base = parse("(objectClass=person)").expect("a filter");
    let filters = narrowed(&base, &mapper(|_| {}), only, None);
    let all = filters.iter().flat_map(|filter| sent(filter, &base));
    all.map(|(name, value)| format!("{name}={}", value.escape_ascii())).collect()
}

#[test]
fn a_linked_contact_is_looked_for_by_its_entry_alone() {
    let uuid = Sought::Entry((0..16).map(|byte| byte * 16 + 10).collect());
    let bytes = r"\n\x1a*:JZjz\x8a\x9a\xaa\xba\xca\xda\xea\xfa";

    let found = shown(&[uuid, Sought::Entry(b"a*)(b".to_vec())]);

    let names = ["objectGUID", "entryUUID", "nsUniqueId", "ipaUniqueID"];
    let text = "0a1a2a3a-4a5a-6a7a-8a9a-aabacadaeafa";
    let first = names.iter().flat_map(|name| [format!("{name}={bytes}"), format!("{name}={text}")]);
    let second = names.iter().map(|name| format!("{name}=a*)(b"));
    assert_eq!(found, first.chain(second).collect::<Vec<_>>());
}

#[test]
fn another_contact_is_looked_for_by_every_address_in_every_attribute() {
    let found = shown(&[addresses(Some("sip:Anna@example.com;transport=tls"), Some("a.müller@example.com"))]);

    assert_eq!(
        found,
        [
            "msRTCSIP-PrimaryUserAddress=sip:Anna@example.com",
            "msRTCSIP-PrimaryUserAddress=sips:Anna@example.com",
            "msRTCSIP-PrimaryUserAddress=Anna@example.com",
            "proxyAddresses=sip:Anna@example.com",
            r"mail=a.m\xc3\xbcller@example.com",
            "mail=a.muller@example.com",
            r"proxyAddresses=smtp:a.m\xc3\xbcller@example.com",
            "proxyAddresses=smtp:a.muller@example.com",
        ]
    );
}

#[test]
fn a_filter_asks_for_no_more_contacts_than_a_directory_takes() {
    let base = parse("(objectClass=person)").expect("a filter");
    let many: Vec<Sought> = (0..101).map(|number| addresses(None, Some(&format!("p{number}@example.com")))).collect();

    let filters = narrowed(&base, &mapper(|_| {}), &many, None);

    let counts: Vec<usize> = filters.iter().map(|filter| sent(filter, &base).len()).collect();
    assert_eq!(counts, [100, 100, 2], "two attributes for each");
    assert!(
        narrowed(&base, &mapper(|_| {}), &[addresses(None, None)], None).is_empty(),
        "nothing is asked for nothing"
    );
}

#[test]
fn a_heading_that_is_no_attribute_is_not_asked_for() {
    let base = parse("(objectClass=person)").expect("a filter");
    let mapper = mapper(|mapping| {
        mapping.mail =
            vec!["e-mail address".into(), "*".into(), "mail)(uid=*".into(), "{}".into(), "under_score".into()];
    });

    let filters = narrowed(&base, &mapper, &[addresses(Some("sip:a@x.org"), Some("b@x.org"))], None);

    let names: BTreeSet<String> = sent(&filters[0], &base).into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().all(|name| is_description(name) && name != "*"), "{names:?}");
    assert!(names.contains("proxyAddresses"), "{names:?}");
}

proptest! {
    #[test]
    fn any_address_is_compared_as_itself(address in "\\PC{1,40}|[\0-~*()\\\\=&|!]{1,40}") {
        let base = parse("(&(objectClass=person)(l=Berlin))").expect("a filter");

        let filters = narrowed(&base, &mapper(|_| {}), &[addresses(None, Some(&address))], None);

        let spellings = spellings(AddressKind::Mail, &address);
        for (name, value) in filters.iter().flat_map(|filter| sent(filter, &base)) {
            let value = String::from_utf8(value).expect("text");
            let scheme = if name == "proxyAddresses" { "smtp:" } else { "" };
            prop_assert!(spellings.iter().any(|spelling| value == format!("{scheme}{spelling}")), "{name}={value:?}");
        }
    }
}

#[test]
fn an_address_that_is_made_of_something_else_is_asked_for_by_what_it_is_made_of() {
    let rule = |transforms| ComputedField { attributes: vec!["uid".into()], transforms };
    let made = Transform::Replace { pattern: "$".into(), with: "@x.org".into() };
    let clauses = |transforms| {
        let mapper = mapper(|mapping| mapping.mail = vec![rule(transforms).into()]);
        super::clauses(&mapper, &addresses(None, Some("anna@x.org")), None)
    };

    assert_eq!(clauses(vec![Transform::LowerCase]), ["(uid=anna@x.org)"]);
    assert_eq!(clauses(vec![Transform::LowerCase, made]), ["(uid=*)"]);
}

#[test]
fn an_identity_that_is_known_is_compared_alone() {
    let base = parse("(objectClass=person)").expect("a filter");
    let entry = [Sought::Entry(vec![7; 16])];

    for (only_by, expected) in [(None, 8), (Some("ENTRYUUID"), 2), (Some("objectGUID"), 2)] {
        let filters = narrowed(&base, &mapper(|_| {}), &entry, only_by);
        let compared: Vec<_> = filters.iter().flat_map(|filter| sent(filter, &base)).collect();
        assert_eq!(compared.len(), expected, "{compared:?}");
    }
}
