use directory_model::probe::RuleOutcome;
use directory_model::source::{ComputedField, Connection, LdapConnection, Otherwise, Transform};
use proptest::prelude::*;

use super::*;

fn ldap() -> Mapping {
    let connection: LdapConnection = LdapConnection {
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
    default_mapping(&Connection::Ldap(connection))
}

fn map(values: &[(&str, &[u8])]) -> Reported {
    map_by(&Mapper::new(&ldap(), &ldap()), values)
}

fn map_by(mapper: &Mapper, values: &[(&str, &[u8])]) -> Reported {
    let mut entry = RawEntry::default();
    for (name, value) in values {
        if let Some(place) = mapper.place(name.as_bytes()) {
            entry.push(place, *value);
        }
    }
    mapper.map("cn=anna".into(), &entry)
}

const ID: (&str, &[u8]) = ("objectGUID", b"0123456789abcdef");

fn record(values: &[(&str, &[u8])]) -> SourceRecord {
    let values = [&[ID, ("displayName", b"Anna Berg")], values].concat();
    match map(&values) {
        Reported::Entry(record) => *record,
        other => panic!("{other:?}"),
    }
}

fn computed(attributes: &[&str], transforms: Vec<Transform>) -> FieldRule {
    let attributes = attributes.iter().map(|name| (*name).to_owned()).collect();
    ComputedField { attributes, transforms }.into()
}

fn replace(pattern: &str, with: &str) -> Transform {
    Transform::Replace { pattern: pattern.into(), with: with.into() }
}

/// The entry as a mapping of its own makes it.
fn mapped(mapping: Mapping, values: &[(&str, &[u8])]) -> MappedRecord {
    let values = [&[ID, ("displayName", b"Anna Berg")], values].concat();
    let mapping = Mapping { display_name: vec!["displayName".into()], ..mapping };
    match map_by(&Mapper::new(&mapping, &ldap()), &values) {
        Reported::Entry(record) => record.mapped,
        other => panic!("{other:?}"),
    }
}

fn refusal(values: &[(&str, &[u8])]) -> SetAside {
    match map(values) {
        Reported::SetAside(set_aside) => set_aside,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_active_directory_user_becomes_a_person() {
    let anna = record(&[
        ("msRTCSIP-PrimaryUserAddress", b"sip:anna@example.com"),
        ("PROXYADDRESSES", b"smtp:a.berg@example.com"),
        ("proxyAddresses", b"SMTP:anna@example.com"),
        ("proxyAddresses", b"sip:other@example.com"),
        ("givenName", b"Anna"),
        ("sn", b"Berg"),
        ("company", b"Example"),
        ("title", b"Engineer"),
        ("physicalDeliveryOfficeName", b"B1/12"),
        ("telephoneNumber", b"+49 30 1234"),
        ("msRTCSIP-Line", b"tel:+49309999"),
        ("co", b"Germany"),
        ("c", b"DE"),
        ("st", b"Berlin"),
        ("postalCode", b"10115"),
        ("l", b"Berlin"),
        ("streetAddress", b"Torstrasse 1\r\nHaus B"),
        ("userAccountControl", b"512"),
    ]);

    assert_eq!(anna.external_id, b"0123456789abcdef");
    assert_eq!(anna.mapped.sip.as_deref(), Some("sip:anna@example.com"));
    assert_eq!(anna.mapped.synced.mail.as_deref(), Some("anna@example.com"));
    assert_eq!(anna.mapped.first_name.as_deref(), Some("Anna"));
    assert_eq!(anna.mapped.synced.work_phone.as_deref(), Some("+49 30 1234"));
    assert_eq!(anna.mapped.synced.work_country.as_deref(), Some("Germany"));
    assert_eq!(anna.mapped.synced.work_street.as_deref(), Some("Torstrasse 1\nHaus B"));
    assert!(!anna.mapped.is_disabled && !anna.mapped.is_service);
    assert_eq!((&anna.mapped.synced.sip, &anna.mapped.synced.first_name), (&None, &None));
}

#[test]
fn fallback_attributes_give_what_the_first_do_not() {
    let anna = record(&[
        ("proxyAddresses", b"sip:anna@example.com"),
        ("proxyAddresses", b"smtp:anna@example.com"),
        ("telephoneNumber", b"  "),
        ("msRTCSIP-Line", b"TEL:+49309999;ext=12"),
        ("street", b"Torstrasse 1"),
        ("userAccountControl", b"514"),
    ]);

    assert_eq!(anna.mapped.sip.as_deref(), Some("sip:anna@example.com"));
    assert_eq!(anna.mapped.synced.mail.as_deref(), Some("anna@example.com"));
    assert_eq!(anna.mapped.synced.work_phone.as_deref(), Some("+49309999;ext=12"));
    assert_eq!(anna.mapped.synced.work_street.as_deref(), Some("Torstrasse 1"));
    assert!(anna.mapped.is_disabled);
}

#[test]
fn an_account_that_lync_was_taken_from_has_no_sip_address() {
    let addresses = [
        ("msRTCSIP-PrimaryUserAddress", b"sip:anna@example.com".as_slice()),
        ("proxyAddresses", b"sip:anna@example.com"),
        ("mail", b"anna@example.com"),
    ];
    for (said, is_taken) in [
        (&[][..], true),
        (&[("msRTCSIP-UserEnabled", b"TRUE".as_slice())], true),
        (&[("msRTCSIP-UserEnabled", b"")], true),
        (&[("msRTCSIP-UserEnabled", b"FALSE")], false),
        (&[("msrtcsip-userenabled", b"false")], false),
    ] {
        let values = [&addresses, said].concat();

        let anna = record(&values).mapped;

        assert_eq!(anna.sip.is_some(), is_taken, "{said:?}");
        assert_eq!(anna.synced.mail.as_deref(), Some("anna@example.com"));
        assert!(!anna.is_disabled, "she can be reached otherwise");
        let broken = [ID, ("cn", b"M\xfcller")];
        let keys = refusal(&[&broken[..], &values].concat()).keys;
        assert_eq!(keys.iter().any(|key| key.kind == AddressKind::Sip), is_taken, "{said:?}");
        let (mapper, mut entry) = (Mapper::new(&ldap(), &ldap()), RawEntry::default());
        for (name, value) in [&[ID, ("cn", b"Anna".as_slice())], values.as_slice()].concat() {
            entry.push(mapper.place(name.as_bytes()).expect("mapped"), value);
        }
        let explained = mapper.explain(&ldap(), "cn=anna".into(), &entry);
        let sip = explained.fields.iter().find(|field| field.field == "sip").expect("a field");
        assert_eq!(sip.value.is_some(), is_taken);
        let expected = if is_taken { RuleOutcome::Taken } else { RuleOutcome::SwitchedOff };
        assert_eq!(sip.rules[0].outcome, expected, "{said:?}");
    }
}

#[test]
fn an_owner_urn_makes_a_service() {
    let line = record(&[("msRTCSIP-OwnerUrn", b"urn:application:support")]);

    assert!(line.mapped.is_service);
}

#[test]
fn options_are_dropped_and_other_names_known() {
    let anna = record(&[
        ("title;lang-de", b"Ingenieurin"),
        ("title", b"Engineer"),
        ("O;lang-de", b"Beispiel"),
        ("localityName", b"Berlin"),
    ]);

    assert_eq!(anna.mapped.synced.job_title.as_deref(), Some("Engineer"));
    assert_eq!(anna.mapped.synced.company.as_deref(), Some("Beispiel"));
    assert_eq!(anna.mapped.synced.work_city.as_deref(), Some("Berlin"));
}

#[test]
fn a_uuid_is_its_bytes_however_it_is_written() {
    let bytes = Some([0x7f, 0x1e, 0x5a, 0x10, 0, 0x11, 0x40, 0x22, 0x80, 0x33, 0, 0, 0, 0, 0, 0xff]);

    assert_eq!(uuid_bytes(b"7f1e5a10-0011-4022-8033-0000000000ff"), bytes);
    assert_eq!(uuid_bytes(b"{7F1E5A10-0011-4022-8033-0000000000FF}"), bytes);
    assert_eq!(uuid_bytes(b"7f1e5a10-0011-4022-8033-0000000000f-"), None);
    assert_eq!(uuid_bytes(b"7f1e5a1000114022-8033-0000000000ffff"), None);
    assert_eq!(uuid_bytes(b"E-1017"), None);
}

#[test]
fn a_refusal_names_attribute_value_and_rule() {
    let long = "x".repeat(300);
    let huge = vec![b'x'; MAX_VALUE_BYTES + 1];

    for (name, value, field, rule) in [
        ("mail", b"anna at home".as_slice(), "mail", "Format"),
        ("proxyAddresses", b"SMTP:anna", "proxyAddresses", "Format"),
        ("company", long.as_bytes(), "company", "TooLong"),
        ("title", &huge, "title", "TooLong"),
        ("title", b"M\xfcller", "title", "NotUtf8"),
        ("title;lang-de", b"a\0b", "title", "Format"),
    ] {
        let refused = refusal(&[ID, ("cn", b"Anna"), (name, value)]);
        assert_eq!(refused.invalid.field, field);
        assert!(format!("{:?}", refused.invalid.rule).starts_with(rule), "{:?}", refused.invalid);
        assert_eq!((refused.external_id.as_deref(), refused.locator.as_str()), (Some(ID.1), "cn=anna"));
    }
    assert_eq!(refusal(&[ID, ("cn", b"M\xfcller")]).invalid.value, "M\\xfcller");
}

#[test]
fn an_entry_needs_an_identity_and_a_name() {
    let nobody = refusal(&[("cn", b"Anna")]);
    let nameless = refusal(&[ID]);

    assert_eq!((nobody.external_id, nobody.invalid.rule), (None, Rule::Required));
    assert!(nobody.invalid.field.contains("entryUUID"), "{}", nobody.invalid.field);
    assert_eq!((nameless.invalid.field.as_str(), nameless.invalid.rule), ("displayName", Rule::Required));
}

#[test]
fn rules_with_transforms_stand_beside_names() {
    let join = Transform::Join { separator: ", ".into() };
    let mapping = Mapping {
        mail: vec![computed(&["proxyAddresses", "mail"], vec![Transform::LowerCase])],
        office: vec![computed(&["l", "physicalDeliveryOfficeName"], vec![Transform::Trim, join])],
        job_title: vec![computed(&["title"], vec![replace("^Dr\\. (.*)$", "$1")]), "description".into()],
        company: vec![computed(&["company", "o"], vec![replace("^(.*) GmbH$", "$1")])],
        work_phone: vec![computed(
            &["telephoneNumber", "msRTCSIP-Line"],
            vec![Transform::E164 { country: "DE".into(), otherwise: Otherwise::Drop }],
        )],
        ..Mapping::default()
    };
    let anna = mapped(
        mapping.clone(),
        &[
            ("proxyAddresses", b"smtp:other@example.com"),
            ("proxyAddresses", b"SMTP:Anna.Berg@Example.com"),
            ("localityName", b"Berlin"),
            ("physicalDeliveryOfficeName", b"B1 /  12"),
            ("title", b"Engineer"),
            ("description", b"Fallback"),
            ("company", b"Other Ltd"),
            ("o", b"Example GmbH"),
            ("telephoneNumber", b"200"),
            ("msRTCSIP-Line", b"TEL:030 1234567;ext=12"),
        ],
    );

    assert_eq!(anna.synced.mail.as_deref(), Some("anna.berg@example.com"));
    assert_eq!(anna.synced.office.as_deref(), Some("Berlin, B1 / 12"));
    assert_eq!(anna.synced.job_title.as_deref(), Some("Fallback"), "no match gives no value");
    assert_eq!(anna.synced.company.as_deref(), Some("Example"), "the second attribute stands in for the first");
    assert_eq!(anna.synced.work_phone.as_deref(), Some("+49301234567;ext=12"));
    assert_eq!(mapped(mapping, &[]).synced.office, None);
}

#[test]
fn telephone_numbers_are_normalized_where_the_source_wants_it() {
    for (country, number, expected) in [
        (Some("DE"), "030 1234567", "+49301234567"),
        (Some("DE"), "200", "200"),
        (Some("DE"), "tel:+49301234567;ext=7", "+49301234567;ext=7"),
        (None, "030 1234567", "030 1234567"),
    ] {
        let mapper = Mapper::new(&ldap(), &ldap()).normalizing(country);
        let values = [ID, ("cn", b"Anna".as_slice()), ("telephoneNumber", number.as_bytes())];
        let Reported::Entry(record) = map_by(&mapper, &values) else { panic!("{number} is set aside") };
        assert_eq!(record.mapped.synced.work_phone.as_deref(), Some(expected));
    }
}

#[test]
fn what_a_rule_makes_is_refused_like_what_a_directory_says() {
    let of = |transforms| Mapping { mail: vec![computed(&["uid"], transforms)], ..ldap() };
    let bomb = vec![replace("^(.*)$", &"$1".repeat(128)); 4];
    for (mapping, rule) in [(of(vec![replace("^(.*)$", "$1 at home")]), "Format"), (of(bomb), "TooLong")] {
        let values = [ID, ("cn", b"Anna".as_slice()), ("uid", b"anna")];
        let Reported::SetAside(refused) = map_by(&Mapper::new(&mapping, &ldap()), &values) else { panic!("{rule}") };
        assert_eq!(refused.invalid.field, "uid");
        assert!(format!("{:?}", refused.invalid.rule).starts_with(rule), "{:?}", refused.invalid);
    }
}

proptest! {
    #[test]
    fn a_rule_without_transforms_is_its_attributes_one_after_the_other(
        values in proptest::collection::vec((proptest::sample::select(vec!["a", "b", "c"]), "[a-z ]{0,6}"), 0..6),
    ) {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
        let names = ["a", "b", "c"];
        let plain = Mapping { office: names.map(FieldRule::from).to_vec(), ..Mapping::default() };
        let ruled = Mapping { office: vec![computed(&names, Vec::new())], ..Mapping::default() };

        prop_assert_eq!(mapped(plain, &values), mapped(ruled, &values));
    }
}

proptest! {
    #[test]
    fn an_explanation_gives_every_field_what_a_run_gives_it(
        values in proptest::collection::vec((proptest::sample::select(vec!["cn", "title", "l", "mail"]), "[a-z@. ]{0,9}"), 0..8),
    ) {
        let join = Transform::Join { separator: "-".into() };
        let mapping = Mapping {
            job_title: vec!["title".into(), computed(&["l"], vec![replace("^a", "b")])],
            office: vec![computed(&["l", "title"], vec![Transform::TitleCase, join])],
            ..ldap()
        };
        let mapper = Mapper::new(&mapping, &ldap());
        let mut entry = RawEntry::default();
        for (name, value) in [("objectGUID", "0123456789abcdef")].into_iter().chain(values.iter().map(|(n, v)| (*n, v.as_str()))) {
            entry.push(mapper.place(name.as_bytes()).expect("mapped"), value.as_bytes());
        }

        let explained = mapper.explain(&mapping, "cn=x".into(), &entry);

        let Reported::Entry(record) = &explained.reported else { return Ok(()) };
        for field in explained.fields {
            let of_contact = match field.field.as_str() {
                "job_title" => &record.mapped.synced.job_title,
                "office" => &record.mapped.synced.office,
                _ => continue,
            };
            let last = field.rules.iter().find(|rule| rule.outcome == RuleOutcome::Taken);
            let taken = last.map(|rule| rule.steps.last().map_or_else(|| rule.inputs[0].value.clone(), |step| step.values.first().cloned()));
            prop_assert_eq!(&field.value, of_contact);
            let taken = taken.flatten();
            prop_assert_eq!(taken.as_deref().map(str::trim), of_contact.as_deref());
        }
    }
}
