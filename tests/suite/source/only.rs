//! What is read when only some contacts are asked for.

use base64::prelude::{BASE64_STANDARD, Engine};
use directory_model::address::{AddressKind, ContactKey};
use directory_model::record::{ReadEnd, Sought};
use directory_model::source::{Connection, FileConnection, FileFormat, LdapConnection};
use directory_source::SourcePolicy;
use suite::slapd::{Options, PEOPLE, Slapd};

use super::{Done, policy, read_only};

fn by_mail(mail: &str) -> Sought {
    Sought::Addresses { sip: None, mail: Some(mail.to_owned()) }
}

fn entry(uid: &str, lines: &str) -> String {
    format!(
        "dn: uid={uid},{PEOPLE}\nobjectClass: inetOrgPerson\nobjectClass: exampleUser\nuid: {uid}\ncn: {uid}\n\
         sn: {uid}\n{lines}\n"
    )
}

async fn ask(slapd: &Slapd, only: &[Sought]) -> Done {
    // Several pages for each search, and several searches.
    let connection = Connection::Ldap(LdapConnection { page_size: 7, ..slapd.connection() });
    read_only(&connection, Some(&slapd.secret()), &policy(), only).await
}

/// The names of everybody who was reported.
fn names(done: &Done) -> Vec<&str> {
    let records = done.records.iter().map(|record| &record.locator);
    let all = records.chain(done.set_aside.iter().map(|entry| &entry.locator));
    let mut names: Vec<&str> = all.filter_map(|dn| dn.strip_prefix("uid=")?.split(',').next()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_directory_is_asked_for_many_contacts_in_several_searches() {
    let slapd = Slapd::with_people(150);
    let (first, last) = (
        ["anna", "ben", "carla", "david", "emil", "fatima", "grace", "hugo"],
        ["adams", "berg", "clark", "dubois", "evans", "fischer", "garcia"],
    );
    let mail = |number: usize| format!("{}.{}{number}@example.com", first[number % 8], last[number % 7]);
    let mut only: Vec<Sought> = (20..130).map(|number| by_mail(&mail(number))).collect();
    // The same entry again, in another search.
    only.push(Sought::Addresses { sip: Some(format!("SIP:{}", mail(20).to_uppercase())), mail: None });

    let done = ask(&slapd, &only).await;

    assert_eq!(done.end, Ok(ReadEnd::whole(110)));
    let expected: Vec<String> = (20..130).map(|number| format!("u{number:06}")).collect();
    assert_eq!(names(&done), expected);
}

#[tokio::test]
async fn an_identity_is_found_as_text_and_as_bytes() {
    let bytes = [b'*', b'(', b')', b'\\', 0, 0xff, 0xfe, b'&', b'|', b'!', b'=', 1, 2, 3, 4, b' '];
    let guid = BASE64_STANDARD.encode(bytes);
    let slapd = Slapd::start(&Options {
        entries: entry("bytes", &format!("objectGUID:: {guid}\n"))
            + &entry("text", "entryUUID: 00010203-0405-0607-0809-0a0b0c0d0e0f\n")
            + &entry("other", ""),
        ..Options::default()
    });
    let of_text: Vec<u8> = (0..16).collect();

    let done = ask(&slapd, &[Sought::Entry(bytes.to_vec()), Sought::Entry(of_text.clone())]).await;

    assert_eq!(names(&done), ["bytes", "text"]);
    assert_eq!(names(&ask(&slapd, &[Sought::Entry(of_text)]).await), ["text"]);
    assert_eq!(names(&ask(&slapd, &[Sought::Entry(vec![7; 16]), Sought::Entry(b"*".to_vec())]).await), [""; 0]);
}

#[tokio::test]
async fn an_address_means_itself_and_nothing_else() {
    let entries = ["a*@x.org", "(b)@x.org", "c)(uid=*@x.org", "plain@x.org", "m\u{fc}ller@x.org"];
    let made = entries.iter().enumerate().map(|(number, proxy)| {
        entry(&format!("n{number}"), &format!("mail: x{number}@x.org\nproxyAddresses: SMTP:{proxy}\n"))
    });
    let slapd = Slapd::start(&Options { entries: made.collect(), ..Options::default() });

    for hostile in [
        "*",
        "*@x.org",
        "a*",
        r"\2a",
        "a\0@x.org",
        ")(uid=*",
        "*)(objectClass=*",
        "(&)",
        "|",
        "x0@x.org)(mail=*",
        r"x0@x.org\",
        "😀",
    ] {
        let done = ask(&slapd, &[by_mail(hostile)]).await;
        assert_eq!((names(&done), &done.end), (vec![], &Ok(ReadEnd::whole(0))), "{hostile:?}");
    }
    // The first attribute that has a value counts, as in a read of all; others are not its address.
    assert_eq!(names(&ask(&slapd, &[by_mail("X3@X.org")]).await), ["n3"]);
    assert_eq!(names(&ask(&slapd, &[by_mail("plain@x.org")]).await), [""; 0]);
}

#[tokio::test]
async fn an_entry_that_cannot_be_used_is_reported_to_whoever_asks_for_it() {
    let bad = BASE64_STANDARD.encode(b"\xff\xfe");
    let slapd = Slapd::start(&Options {
        entries: entry("bad", &format!("mail: bad@x.org\ncompany:: {bad}\n")) + &entry("good", "mail: good@x.org\n"),
        ..Options::default()
    });

    let done = ask(&slapd, &[by_mail("bad@x.org")]).await;

    assert_eq!((names(&done), done.records.len()), (vec!["bad"], 0));
    assert_eq!(done.set_aside[0].keys, [ContactKey::new(AddressKind::Mail, "bad@x.org")]);
    assert_eq!(done.set_aside[0].invalid.field, "company");
}

#[tokio::test]
async fn the_filter_of_the_source_still_holds() {
    let slapd = Slapd::with_people(5);
    let filter = "(&(objectClass=inetOrgPerson)(l=Vienna))".to_owned();
    let connection = Connection::Ldap(LdapConnection { filter, ..slapd.connection() });
    let only = [by_mail("anna.adams0@example.com"), by_mail("ben.berg1@example.com")];

    let done = read_only(&connection, Some(&slapd.secret()), &policy(), &only).await;

    assert_eq!(names(&done), ["u000001"], "the other one is in Berlin");
}

#[tokio::test]
async fn of_a_file_only_those_are_reported_who_are_asked_for() {
    let folder = suite::backend::new_folder();
    std::fs::write(
        folder.join("people.csv"),
        "id,mail,name\n1,anna@x.org,Anna\n2,ben@x.org,Ben\n3,\n4,carl@x.org,Carl\n",
    )
    .expect("a file");
    let ldif = "dn: uid=anna,dc=x\nentryUUID: a\nmail: anna@x.org\n\ndn: uid=ben,dc=x\nentryUUID: b\nmail: ben@x.org\n";
    std::fs::write(folder.join("people.ldif"), ldif).expect("a file");
    let policy = SourcePolicy { file_folder: Some(folder), ..SourcePolicy::default() };
    let read = async |path: &str, format, only: &[Sought]| {
        let connection = Connection::File(FileConnection { path: path.into(), format });
        let done = read_only(&connection, None, &policy, only).await;
        assert_eq!(done.end, Ok(ReadEnd::whole(done.records.len() as u64)));
        done.records.into_iter().map(|record| record.external_id).collect::<Vec<_>>()
    };

    let only = [by_mail("ANNA@x.org"), Sought::Entry(b"4".to_vec()), by_mail("nobody@x.org")];
    assert_eq!(read("people.csv", FileFormat::Csv, &only).await, [b"1", b"4"]);
    assert_eq!(read("people.ldif", FileFormat::Ldif, &only).await, [b"a"]);
    assert_eq!(read("people.csv", FileFormat::Csv, &[]).await, Vec::<Vec<u8>>::new());
}
