//! What is read from a directory.

use std::collections::BTreeSet;

use base64::prelude::{BASE64_STANDARD, Engine};
use directory_model::invalid::Rule;
use directory_model::record::ReadEnd;
use directory_model::source::{Connection, LdapConnection};
use directory_source::SourceError;
use directory_source::ldap::escape::substitute;
use suite::slapd::{Options, PEOPLE, Slapd, people};

use super::{policy, read, read_any};

fn entry(uid: &str, lines: &str) -> String {
    format!(
        "dn: uid={uid},{PEOPLE}\nobjectClass: inetOrgPerson\nobjectClass: exampleUser\nuid: {uid}\nsn: {uid}\n{lines}\n"
    )
}

#[tokio::test]
async fn everybody_is_read_page_by_page_in_every_way_to_connect() {
    let slapd = Slapd::with_people(1234);
    let trusted_certificates = Some(slapd.trusted_certificates());
    let plain = slapd.connection();
    let starttls =
        LdapConnection { is_starttls: true, trusted_certificates: trusted_certificates.clone(), ..slapd.connection() };
    let ldaps = LdapConnection { url: slapd.ldaps_url(), trusted_certificates, ..slapd.connection() };

    for connection in [plain, starttls, ldaps] {
        let done = read(connection, &slapd.secret()).await;

        assert_eq!(done.end, Ok(ReadEnd::whole(1234)));
        let ids = done.records.iter().map(|record| &record.external_id).collect::<BTreeSet<_>>();
        assert_eq!((ids.len(), done.set_aside.len()), (1234, 0));
        let anna = done.records.iter().find(|record| record.locator == format!("uid=u000000,{PEOPLE}")).unwrap();
        assert_eq!(anna.external_id, [0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(anna.mapped.sip.as_deref(), Some("sip:anna.adams0@example.com"));
        assert_eq!(anna.mapped.synced.work_street.as_deref(), Some("Main street 0"));
        assert_eq!(anna.mapped.synced.work_phone.as_deref(), Some("+49 30 5550000000"));
    }
}

#[tokio::test]
async fn a_filter_that_matches_nothing_is_a_complete_read_of_nobody() {
    let slapd = Slapd::with_people(3);

    let done = read(LdapConnection { filter: "(uid=nobody)".into(), ..slapd.connection() }, &slapd.secret()).await;

    assert_eq!(done.end, Ok(ReadEnd::whole(0)));
}

#[tokio::test]
async fn a_directory_identity_may_be_bytes() {
    let bytes = [0x20, 0, 1, 2, 0xff, 0xfe, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x20];
    let guid = BASE64_STANDARD.encode(bytes);
    let slapd = Slapd::start(&Options {
        entries: entry("anna", &format!("cn: Anna\nobjectGUID:: {guid}\n")),
        ..Options::default()
    });

    let done = read(slapd.connection(), &slapd.secret()).await;

    assert_eq!(done.records[0].external_id, bytes);
}

#[tokio::test]
async fn metacharacters_in_a_value_find_only_that_value() {
    let names = ["a*", "(b)", r"c\d", "e)(uid=*", "ab", "ü*"];
    let entries = names.iter().enumerate().map(|(number, name)| entry(&format!("n{number}"), &format!("cn: {name}\n")));
    let slapd = Slapd::start(&Options { entries: entries.collect(), ..Options::default() });

    for (number, name) in names.into_iter().enumerate() {
        let filter = substitute("(&(objectClass=inetOrgPerson)(cn={}))", &[name]);
        let done = read(LdapConnection { filter, ..slapd.connection() }, &slapd.secret()).await;

        let found = done.records.iter().map(|record| record.locator.as_str()).collect::<Vec<_>>();
        assert_eq!(found, [format!("uid=n{number},{PEOPLE}")], "{name}");
    }
}

#[tokio::test]
async fn bad_entries_are_set_aside_with_name_attribute_value_and_rule() {
    let entries = [
        entry("latin", "cn: Latin\ncompany:: TfxsbGVy\n"),
        entry("mail", "cn: Mail\nmail: at home\n"),
        entry("long", &format!("cn: Long\ntitle: {}\n", "x".repeat(300))),
        entry("fine", "cn: Fine\n"),
    ];
    let slapd = Slapd::start(&Options { entries: entries.concat(), ..Options::default() });

    let done = read(slapd.connection(), &slapd.secret()).await;

    assert_eq!(done.end, Ok(ReadEnd::whole(4)));
    assert_eq!(done.records[0].locator, format!("uid=fine,{PEOPLE}"));
    let refusal = |uid: &str| {
        let set_aside = done.set_aside.iter().find(|entry| entry.locator == format!("uid={uid},{PEOPLE}")).unwrap();
        assert_eq!(set_aside.external_id.as_ref().map(Vec::len), Some(16), "{uid} is still there");
        set_aside.invalid.clone()
    };
    let latin = refusal("latin");
    assert_eq!((latin.field.as_str(), latin.value.as_str(), latin.rule), ("company", r"M\xfcller", Rule::NotUtf8));
    assert_eq!((refusal("mail").field.as_str(), refusal("mail").value.as_str()), ("mail", "at home"));
    assert!(matches!(refusal("long").rule, Rule::TooLong { max: 256, .. }));
}

#[tokio::test]
async fn photos_are_not_asked_for() {
    let photo = BASE64_STANDARD.encode(vec![0xff; 600_000]);
    let entries =
        (0..10).map(|n| entry(&format!("p{n}"), &format!("cn: P\njpegPhoto:: {photo}\nthumbnailPhoto:: {photo}\n")));
    let slapd = Slapd::start(&Options { entries: entries.collect(), ..Options::default() });

    let done = read(slapd.connection(), &slapd.secret()).await;

    assert_eq!((done.records.len(), done.set_aside.len()), (10, 0));
}

#[tokio::test]
async fn a_search_that_cannot_be_is_refused_with_its_reason() {
    let slapd = Slapd::start(&Options { entries: people(1), ..Options::default() });
    let refused = async |connection| match read(connection, &slapd.secret()).await.end {
        Err(SourceError::SearchRefused { result, detail }) => (result, detail),
        other => panic!("{other:?}"),
    };

    let (result, detail) = refused(LdapConnection { filter: "(uid=anna".into(), ..slapd.connection() }).await;
    assert_eq!(result, 87);
    assert!(detail.contains("(uid=anna") && detail.contains("search filter"), "{detail}");
    let (result, detail) =
        refused(LdapConnection { base_dn: "ou=None,dc=example,dc=com".into(), ..slapd.connection() }).await;
    assert_eq!(result, 32);
    assert!(detail.starts_with("there is no such place in the directory"), "{detail}");
    let (result, _) = refused(LdapConnection { base_dn: "nonsense".into(), ..slapd.connection() }).await;
    assert_eq!(result, 34);
}

#[tokio::test]
async fn without_a_bind_name_only_what_everybody_may_see_is_read() {
    let slapd = Slapd::with_people(1);

    for bind_dn in [None, Some(" ".into())] {
        let anonymous = Connection::Ldap(LdapConnection { bind_dn, ..slapd.connection() });
        let done = read_any(&anonymous, None, &policy()).await;

        assert!(matches!(done.end, Err(SourceError::SearchRefused { result: 32, .. })), "{:?}", done.end);
    }
}
