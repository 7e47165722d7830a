//! What is shown of one entry, and of a source that is tested, with real servers and real files.

use directory_model::probe::{
    EntryName, Finding, Look, NamedBy, ProbeKind, ProbeOutcome, RawValue, RuleOutcome, Tested,
};
use directory_model::secret::Secret;
use directory_model::source::{
    ComputedField, Connection, FileConnection, FileFormat, LdapConnection, Mapping, Transform,
};
use directory_source::look::{look, test};
use directory_source::{ReadRequest, SourceError, SourcePolicy};
use suite::process::free_port;
use suite::slapd::{BIND_DN, Options, PEOPLE, Slapd, people};
use suite::tls::Authority;

use super::policy;

const SHOUTING: &str = "dn: uid=anna,ou=People,dc=example,dc=com\nobjectClass: inetOrgPerson\nobjectClass: exampleUser\n\
                        uid: anna\ncn: ANNA BERG\nsn: BERG\nmail: anna@x.org\nproxyAddresses: sip:anna@x.org\n\
                        telephoneNumber: 030 1234567\ntitle: Engineer\nuserPassword: hunter2\n\
                        userPKCS12:: AAEC\njpegPhoto:: /9j/4AAQ\nentryUUID: 00010203-0405-0607-0809-0a0b0c0d0e0f\n\n";

fn named(by: NamedBy, value: &str) -> EntryName {
    EntryName { by, value: value.into() }
}

fn computed(attributes: &[&str], transforms: Vec<Transform>) -> ComputedField {
    ComputedField { attributes: attributes.iter().map(|name| (*name).to_owned()).collect(), transforms }
}

/// The usual mapping of a directory with a few rules of its own.
fn mapping() -> Mapping {
    Mapping {
        external_id: vec!["entryUUID".into()],
        display_name: vec![computed(&["cn"], vec![Transform::TitleCase]).into(), "displayName".into()],
        mail: vec!["mail".into()],
        sip: vec!["proxyAddresses".into()],
        office: vec!["roomNumber".into()],
        photo: vec!["jpegPhoto".into()],
        work_phone: vec!["telephoneNumber".into()],
        ..Mapping::default()
    }
}

async fn look_at(
    connection: &Connection,
    secret: Option<&Secret>,
    mapping: Option<&Mapping>,
    entry: &EntryName,
) -> Result<Option<Look>, SourceError> {
    let policy = policy();
    let normalize_numbers = Some("DE");
    look(ReadRequest { mapping, normalize_numbers, ..ReadRequest::whole(connection, secret, &policy) }, entry).await
}

async fn tested(connection: LdapConnection, secret: Option<&Secret>) -> Tested {
    let (connection, policy) = (Connection::Ldap(connection), policy());
    let request = ReadRequest::whole(&connection, secret, &policy);
    test(request).await
}

/// The first step that failed.
fn failure(tested: &Tested) -> (ProbeKind, Finding) {
    let at = tested.steps.iter().position(|step| step.outcome == ProbeOutcome::Failed);
    let at = at.unwrap_or_else(|| panic!("nothing failed: {tested:?}"));
    (tested.steps[at].step, tested.steps[at].finding.clone())
}

fn outcomes(tested: &Tested) -> Vec<ProbeOutcome> {
    tested.steps.iter().map(|step| step.outcome).collect()
}

#[tokio::test]
async fn an_entry_is_shown_with_its_attributes_and_why_it_is_mapped_so() {
    let slapd = Slapd::start(&Options { entries: SHOUTING.into(), ..Options::default() });
    let (connection, mapping) = (Connection::Ldap(slapd.connection()), mapping());

    for entry in [
        named(NamedBy::Dn, "UID=anna, ou=people,dc=example,dc=com"),
        named(NamedBy::Mail, "Anna@x.org"),
        named(NamedBy::Sip, "sip:anna@x.org"),
    ] {
        let looked = look_at(&connection, Some(&slapd.secret()), Some(&mapping), &entry).await;
        let look = looked.expect("it can be read").expect("it is there");

        assert!(look.locator.eq_ignore_ascii_case("uid=anna,ou=People,dc=example,dc=com"), "{}", look.locator);
        assert!(look.is_in_source && look.refusal.is_none());
        assert_eq!(look.identity.as_deref(), Some("000102030405060708090a0b0c0d0e0f"));
        let attribute = |name: &str| look.attributes.iter().find(|attribute| attribute.name == name).expect(name);
        assert_eq!(attribute("title").values, [RawValue::Text("Engineer".into())]);
        assert_eq!(attribute("jpegPhoto").values, [RawValue::Bytes(6)]);
        assert_eq!((attribute("userPKCS12").count, attribute("userPKCS12").values.len()), (None, 0), "not asked for");
        assert!(!format!("{look:?}").contains("hunter2"));
        let field = |name: &str| look.fields.iter().find(|field| field.field == name).expect(name);
        assert_eq!(field("display_name").value.as_deref(), Some("Anna Berg"));
        assert_eq!(field("display_name").rules[0].steps[0].values, ["Anna Berg"]);
        assert_eq!(field("display_name").rules[0].outcome, RuleOutcome::Taken);
        assert_eq!(field("display_name").rules[1].outcome, RuleOutcome::NotReached);
        assert_eq!(field("office").rules[0].outcome, RuleOutcome::Absent);
        assert_eq!(field("work_phone").value.as_deref(), Some("+49301234567"));
        assert_eq!(field("work_phone").before_normalization.as_deref(), Some("030 1234567"));
    }
}

#[tokio::test]
async fn an_address_that_the_mapping_makes_is_found_by_what_it_makes() {
    let slapd = Slapd::with_people(30);
    let connection = Connection::Ldap(slapd.connection());
    let made = computed(&["uid"], vec![Transform::Replace { pattern: "^(.*)$".into(), with: "$1@made.org".into() }]);
    let mapping = Mapping { mail: vec![made.into()], ..mapping() };
    let ask = async |mail: &str| {
        look_at(&connection, Some(&slapd.secret()), Some(&mapping), &named(NamedBy::Mail, mail)).await.expect("read")
    };

    let found = ask("u000017@made.org").await.expect("found");
    assert_eq!(found.locator, format!("uid=u000017,{PEOPLE}"));
    assert_eq!(ask("nobody@made.org").await, None);
}

#[tokio::test]
async fn an_entry_outside_of_the_source_is_shown_as_such() {
    let slapd = Slapd::with_people(2);
    let filter = "(l=Nowhere)".to_owned();
    let connection = Connection::Ldap(LdapConnection { filter, ..slapd.connection() });
    let ask = async |entry| look_at(&connection, Some(&slapd.secret()), None, &entry).await.expect("read");

    let unfiltered = ask(named(NamedBy::Dn, &format!("uid=u000001,{PEOPLE}"))).await.expect("it is there");
    let above = ask(named(NamedBy::Dn, "dc=example,dc=com")).await.expect("it is there");

    assert!(!unfiltered.is_in_source && !above.is_in_source);
    assert!(above.refusal.is_some(), "it has no name");
    for missing in ["uid=nobody,ou=People,dc=example,dc=com", "no name at all", "*)(uid=*"] {
        assert_eq!(ask(named(NamedBy::Dn, missing)).await, None, "{missing}");
    }
}

#[tokio::test]
async fn what_means_something_in_a_filter_means_nothing_in_an_address() {
    const ODD: &str = "dn: uid=odd,ou=People,dc=example,dc=com\nobjectClass: inetOrgPerson\nobjectClass: exampleUser\n\
                       uid: odd\ncn: Odd\nsn: Odd\nmail: o(d*d)\\@example.com\nentryUUID: 00010203-0405-0607-0809-0a0b0c0d0e0f\n\
                       msRTCSIP-PrimaryUserAddress: sip:o(d*d)\\@example.com\n\n";
    let slapd = Slapd::start(&Options { entries: format!("{}{ODD}", people(3)), ..Options::default() });
    // Everybody is in the source: whatever a filter lets through is found.
    let connection = Connection::Ldap(slapd.connection());
    let made = computed(&["uid"], vec![Transform::Replace { pattern: "^(.*)$".into(), with: "$1@made.org".into() }]);
    let making = Mapping { mail: vec![made.clone().into()], sip: vec![made.into()], ..mapping() };

    for mapping in [None, Some(&making)] {
        for by in [NamedBy::Mail, NamedBy::Sip] {
            let ask = async |value: &str| {
                let looked = look_at(&connection, Some(&slapd.secret()), mapping, &named(by, value)).await;
                looked.expect("it can be read").map(|look| look.locator)
            };
            assert_eq!(ask("anna.adams0@example.com").await, Some(format!("uid=u000000,{PEOPLE}")), "{by:?}");
            assert_eq!(ask("o(d*d)\\@example.com").await, Some(format!("uid=odd,{PEOPLE}")), "{by:?}");
            for hostile in [
                "*",
                "*@example.com",
                "anna*@example.com",
                "o(d**d)\\@example.com",
                "*)(uid=*",
                "x)(|(uid=*)",
                "x))(|(uid=*",
                "anna.adams0@example.com)(uid=*",
                "\\2a",
                "\\61nna.adams0@example.com",
                "(",
                ")",
                "\\",
                "a\0*",
            ] {
                assert_eq!(ask(hostile).await, None, "{by:?} {hostile:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_source_that_cannot_be_read_says_why_when_it_is_tried() {
    let slapd = Slapd::with_people(1);
    let connection = Connection::Ldap(slapd.connection());
    let entry = named(NamedBy::Mail, "anna@x.org");

    let wrong = look_at(&connection, Some(&Secret::new("wrong")), None, &entry).await;
    let missing = look_at(&connection, None, None, &entry).await;

    assert_eq!(wrong, Err(SourceError::BindRefused { bind_dn: BIND_DN.into() }));
    assert_eq!(missing, Err(SourceError::SecretMissing));
}

#[tokio::test]
async fn a_directory_that_can_be_read_passes_every_step() {
    let photo = format!("{}jpegPhoto:: /9j/4AAQ\n\n", people(7).trim_end_matches('\n').to_owned() + "\n");
    let slapd = Slapd::start(&Options { entries: photo, ..Options::default() });
    let trusting = LdapConnection {
        url: slapd.ldaps_url(),
        trusted_certificates: Some(slapd.trusted_certificates()),
        ..slapd.connection()
    };

    let plain = tested(slapd.connection(), Some(&slapd.secret())).await;
    let encrypted = tested(trusting.clone(), Some(&slapd.secret())).await;
    let starttls = LdapConnection { url: slapd.url(), is_starttls: true, ..trusting };
    let starttls = tested(starttls, Some(&slapd.secret())).await;

    let (passed, warning) = (ProbeOutcome::Passed, ProbeOutcome::Warning);
    assert_eq!(outcomes(&plain), [passed, passed, warning, passed, passed, passed, passed, warning], "{plain:?}");
    assert_eq!(plain.steps[5].finding, Finding::EntriesFound { count: 7, is_all: true });
    assert_eq!(plain.steps[6].finding, Finding::PhotosFound { attribute: "jpegPhoto".into() });
    assert_eq!(plain.steps[7].finding, Finding::TellsNoChanges);
    assert_eq!(plain.sample.len(), 5);
    assert_eq!(plain.sample[0].name.as_deref(), Some("Anna Adams"));
    for tested in [&encrypted, &starttls] {
        let Finding::Encrypted { protocol, expires_at } = &tested.steps[2].finding else { panic!("{tested:?}") };
        assert!(protocol.starts_with("TLS 1.") && expires_at.is_some(), "{tested:?}");
        assert_eq!(tested.sample.len(), 5);
    }
}

#[tokio::test]
async fn entries_are_counted_up_to_a_limit() {
    let slapd = Slapd::with_people(1200);

    let tested = tested(slapd.connection(), Some(&slapd.secret())).await;

    assert_eq!(tested.steps[5].finding, Finding::EntriesFound { count: 1000, is_all: false });
}

#[tokio::test]
async fn what_is_wrong_with_a_directory_is_named_at_its_step() {
    let slapd = Slapd::with_people(1);
    let secret = slapd.secret();
    let with = |change: fn(&mut LdapConnection)| {
        let mut connection = slapd.connection();
        change(&mut connection);
        connection
    };
    let url = format!("ldap://127.0.0.1:{}", free_port());
    let nowhere = LdapConnection { url, ..slapd.connection() };
    let strange = LdapConnection {
        url: slapd.ldaps_url(),
        trusted_certificates: Some(Authority::new().pem()),
        ..slapd.connection()
    };
    let unencrypted = LdapConnection { url: slapd.url().replace("ldap:", "ldaps:"), ..slapd.connection() };

    let cases = [
        (with(|it| it.url = "ldap://no-such-host.invalid".into()), ProbeKind::Name, "name_unknown"),
        (nowhere, ProbeKind::Connection, "not_connected"),
        (strange, ProbeKind::Encryption, "certificate_refused"),
        (unencrypted, ProbeKind::Encryption, "encryption_failed"),
        (with(|it| it.bind_dn = Some("cn=nobody,dc=example,dc=com".into())), ProbeKind::SignIn, "sign_in_refused"),
        (with(|it| it.base_dn = "ou=Nowhere,dc=example,dc=com".into()), ProbeKind::Base, "base_missing"),
        (with(|it| it.filter = "(cn=anna".into()), ProbeKind::Entries, "filter_invalid"),
        (with(|it| it.filter = "(uid=nobody)".into()), ProbeKind::Entries, "no_entries"),
    ];
    for (connection, step, code) in cases {
        let (failed, finding) = failure(&tested(connection, Some(&secret)).await);
        let said = serde_json::to_value(&finding).expect("JSON");
        assert_eq!((failed, said["code"].as_str()), (step, Some(code)), "{finding}");
    }
    assert_eq!(failure(&tested(slapd.connection(), None).await).0, ProbeKind::SignIn, "without a password");
}

fn request<'a>(connection: &'a Connection, policy: &'a SourcePolicy) -> ReadRequest<'a> {
    ReadRequest::whole(connection, None, policy)
}

#[tokio::test]
async fn files_are_looked_into_and_tested_likewise() {
    let folder = suite::backend::new_folder();
    let csv = "id,name,mail,password\n1,Anna,anna@x.org,hunter2\n2,Ben,ben@x.org,\n";
    std::fs::write(folder.join("people.csv"), csv).expect("a file");
    std::fs::write(folder.join("people.ldif"), SHOUTING).expect("a file");
    std::fs::write(folder.join("headless.csv"), "Anna,Berg\n").expect("a file");
    let policy = SourcePolicy { file_folder: Some(folder), ..SourcePolicy::default() };
    let connection = |path: &str| {
        let format = if path.ends_with("csv") { FileFormat::Csv } else { FileFormat::Ldif };
        Connection::File(FileConnection { path: path.into(), format })
    };

    let csv = connection("people.csv");
    for entry in [named(NamedBy::Mail, "ANNA@x.org"), named(NamedBy::Dn, "people.csv:2")] {
        let look = look(request(&csv, &policy), &entry).await.expect("read").expect("found");
        assert_eq!(look.locator, "people.csv:2");
        let password = look.attributes.iter().find(|attribute| attribute.name == "password").expect("the column");
        assert_eq!((password.count, look.identity.as_deref()), (None, Some("1")));
    }
    let ldif = connection("people.ldif");
    let anna = look(request(&ldif, &policy), &named(NamedBy::Sip, "anna@x.org")).await.expect("read").expect("found");
    assert_eq!(anna.fields.iter().find(|field| field.field == "job_title").unwrap().value.as_deref(), Some("Engineer"));
    assert!(!format!("{anna:?}").contains("hunter2"));
    assert_eq!(look(request(&ldif, &policy), &named(NamedBy::Mail, "nobody@x.org")).await, Ok(None));
    let external_id = vec!["id".into(), "entryUUID".into()];
    let company = vec!["password".into(), "userPassword".into()];
    let mail = vec!["mail".into()];
    let curious = Mapping { external_id, company, mail, ..mapping() };
    for (connection, by) in [(&csv, NamedBy::Mail), (&ldif, NamedBy::Sip)] {
        let request = ReadRequest { mapping: Some(&curious), ..request(connection, &policy) };
        let looked = look(request, &named(by, "anna@x.org")).await.expect("read").expect("found");
        assert!(!format!("{looked:?}").contains("hunter2"), "{looked:?}");
    }

    let fine = test(request(&csv, &policy)).await;
    assert_eq!(fine.steps[1].finding, Finding::EntriesFound { count: 2, is_all: true });
    assert_eq!(fine.sample[1].name.as_deref(), Some("Ben"));
    assert_eq!(
        test(request(&ldif, &policy)).await.steps[2].finding,
        Finding::PhotosFound { attribute: "jpegPhoto".into() }
    );
    for (path, said) in [("none.csv", "there is no such file"), ("headless.csv", "no column of its header")] {
        let connection = connection(path);
        let (step, finding) = failure(&test(request(&connection, &policy)).await);
        assert!(step == ProbeKind::File && finding.to_string().contains(said), "{finding}");
    }
}
