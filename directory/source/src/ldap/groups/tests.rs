use directory_model::record::SourceGroup;
use directory_model::source::Connection;
use tokio::io::DuplexStream;

use super::*;
use crate::ldap::fixture::{SEQUENCE_TAG, connection, element, end, end_of_page, message, served, text};
use crate::ldap::wire;
use crate::policy::SourcePolicy;

type Values<'a> = (&'a str, &'a [&'a [u8]]);

/// S-1-5-21-1-2-3 and this last part.
fn sid(last: u32) -> Vec<u8> {
    let parts = [21_u32, 1, 2, 3, last].map(u32::to_le_bytes).concat();
    [&[1, 5, 0, 0, 0, 0, 0, 5], parts.as_slice()].concat()
}

fn entry(id: u8, name: &str, values: &[Values<'_>]) -> Vec<u8> {
    let attribute = |(name, values): &Values<'_>| {
        let values: Vec<u8> = values.iter().flat_map(|value| element(0x04, &[value])).collect();
        element(SEQUENCE_TAG, &[&text(name), &element(0x31, &[&values])])
    };
    let attributes: Vec<u8> = values.iter().flat_map(attribute).collect();
    message(id, &element(0x64, &[&text(name), &element(SEQUENCE_TAG, &[&attributes])]), &[])
}

fn person(name: &str) -> Vec<u8> {
    entry(1, &format!("cn={name},ou=people,dc=x"), &[("entryUUID", &[name.as_bytes()]), ("uid", &[name.as_bytes()])])
}

fn group(id: u8, name: &str, values: &[Values<'_>]) -> Vec<u8> {
    let (cn, identity) = (("cn", &[name.as_bytes()][..]), ("entryUUID", &[name.as_bytes()][..]));
    entry(id, &format!("cn={name},ou=groups,dc=x"), &[&[cn, identity], values].concat())
}

fn member(names: &[&'static str]) -> Vec<&'static [u8]> {
    names.iter().map(|name| name.as_bytes()).collect()
}

fn read(max_entries: u64) -> Read {
    let asked = LdapConnection { group_filter: Some("(cn=*)".into()), ..connection() };
    let any = Connection::Ldap(asked.clone());
    let policy = SourcePolicy { max_entries, ..SourcePolicy::default() };
    let request = ReadRequest::whole(&any, None, &policy);
    Read::new(&asked, request, CancellationToken::new()).expect("valid filters").expect("a group filter")
}

async fn groups_in(answers: &[u8]) -> Result<SourceGroups, SourceError> {
    served(answers, true, async |client: DuplexStream| {
        let mut session: Session = wire::Wire::new(Box::new(client));
        read(1000).read(&mut session).await
    })
    .await
}

/// Each group's name with the identities of its people.
fn named(groups: &SourceGroups) -> Vec<(&str, Vec<&str>)> {
    let shown = |group: &'_ SourceGroup| {
        let people = group.members.iter().map(|member| &groups.people[*member as usize]);
        let mut people: Vec<&str> = people.map(|id| std::str::from_utf8(id).expect("text")).collect();
        people.sort_unstable();
        people
    };
    groups.groups.iter().map(|group| (group.name.as_str(), shown(group))).collect()
}

#[tokio::test]
async fn members_are_found_by_every_way_in_which_directories_name_them() {
    let names = member(&["CN=Anna, OU=People, DC=x", "cn=nobody,dc=x"]);
    let unique = member(&["cn=ben,ou=people,dc=x#'0101'B", "cn=cara,ou=people,dc=x"]);
    let nested = member(&["cn=named,ou=groups,dc=x", "cn=unique,ou=groups,dc=x", "cn=outer,ou=groups,dc=x"]);
    let answers = [
        person("anna"),
        end_of_page(1),
        entry(2, "cn=ben,ou=people,dc=x", &[("entryUUID", &[b"ben"])]),
        entry(2, "cn=cara,ou=people,dc=x", &[("entryUUID", &[b"cara"]), ("uid", &[b"Cara"])]),
        end(2, 0),
        group(3, "outer", &[("member", &nested)]),
        group(3, "named", &[("member", &names)]),
        group(3, "unique", &[("uniqueMember", &unique)]),
        group(3, "posix", &[("memberUid", &[b"CARA", b"ben", b"cn=anna,ou=people,dc=x"])]),
        group(3, "empty", &[]),
        end(3, 0),
        end(4, 0),
    ];

    let groups = groups_in(&answers.concat()).await.expect("all was said");

    let expected = [
        ("outer", vec!["anna", "ben", "cara"]),
        ("named", vec!["anna"]),
        ("unique", vec!["ben", "cara"]),
        ("posix", vec!["cara"]),
        ("empty", vec![]),
    ];
    assert_eq!(named(&groups), expected);
    assert_eq!(groups.groups[1].locator, "cn=named,ou=groups,dc=x");
    assert_eq!(groups.unidentified, 0);
}

#[tokio::test]
async fn a_primary_group_has_those_who_have_it() {
    let of = |name: &str, primary: &'static [u8]| {
        let own = sid(2000);
        let values: [Values<'_>; 3] =
            [("objectGUID", &[name.as_bytes()]), ("objectSid", &[&own]), ("primaryGroupID", &[primary])];
        entry(1, &format!("cn={name},ou=people,dc=x"), &values)
    };
    let (users, others) =
        (sid(513), [&[1, 2, 0, 0, 0, 0, 0, 5], [32_u32, 513].map(u32::to_le_bytes).concat().as_slice()].concat());
    let everybody = member(&["cn=users,ou=groups,dc=x"]);
    let answers = [
        of("anna", b"513"),
        of("ben", b"514"),
        end(1, 0),
        group(2, "users", &[("objectSid", &[&users])]),
        group(2, "builtin", &[("objectSid", &[&others])]),
        group(2, "everybody", &[("member", &everybody)]),
        end(2, 0),
    ];

    let groups = groups_in(&answers.concat()).await.expect("all was said");

    assert_eq!(named(&groups), [("users", vec!["anna"]), ("builtin", vec![]), ("everybody", vec!["anna"])]);
}

#[tokio::test]
async fn members_that_come_in_parts_are_asked_for_until_the_last() {
    let (first, second) = (member(&["cn=anna,ou=people,dc=x", "cn=x,dc=x"]), member(&["cn=ben,ou=people,dc=x"]));
    let last = member(&["cn=cara,ou=people,dc=x"]);
    let people = [person("anna"), person("ben"), person("cara"), end(1, 0)].concat();
    let asked = |parts: &[Vec<u8>]| [&people[..], &parts.concat()].concat();
    let large = group(2, "large", &[("member", &[]), ("member;range=0-1", &first)]);
    let name = "cn=large,ou=groups,dc=x";

    let whole = asked(&[
        large.clone(),
        end(2, 0),
        entry(3, name, &[("member;range=2-2", &second)]),
        end(3, 0),
        entry(4, name, &[("MEMBER;Range=3-*", &last)]),
        end(4, 0),
        end(5, 0),
    ]);
    let groups = groups_in(&whole).await.expect("all was said");
    assert_eq!(named(&groups), [("large", vec!["anna", "ben", "cara"])]);

    for (what, parts) in [
        ("nothing", vec![entry(3, name, &[])]),
        ("another part", vec![entry(3, name, &[("member;range=3-4", &second)])]),
        ("the same part", vec![entry(3, name, &[("member;range=2-1", &second)])]),
        ("no entry", vec![]),
    ] {
        let parts = [vec![large.clone(), end(2, 0)], parts, vec![end(3, 0), end(4, 0)]].concat();
        let error = groups_in(&asked(&parts)).await.expect_err(what);
        assert!(error.to_string().contains("changed while they were read"), "{what}: {error}");
    }
}

#[tokio::test]
async fn a_group_that_the_filter_does_not_find_counts_where_it_is_listed() {
    let (inner, anna) = (member(&["cn=inner,ou=groups,dc=x"]), member(&["cn=anna,ou=people,dc=x"]));
    let deeper = member(&["cn=deep,ou=groups,dc=x"]);
    let answers = [
        person("anna"),
        end(1, 0),
        group(2, "outer", &[("member", &inner)]),
        end(2, 0),
        // By name alone: of those that nobody lists nothing else is asked for.
        entry(3, "cn=deep,ou=groups,dc=x", &[]),
        entry(3, "cn=outer,ou=groups,dc=x", &[]),
        entry(3, "cn=inner,ou=groups,dc=x", &[]),
        entry(3, "cn=unlisted,ou=groups,dc=x", &[]),
        end(3, 0),
        group(4, "inner", &[("member", &deeper)]),
        end(4, 0),
        group(5, "deep", &[("member", &anna)]),
        end(5, 0),
    ];

    let groups = groups_in(&answers.concat()).await.expect("all was said");

    assert_eq!(named(&groups), [("outer", vec!["anna"])]);
}

#[tokio::test]
async fn a_listed_group_that_went_meanwhile_has_nobody() {
    let inner = member(&["cn=inner,ou=groups,dc=x"]);
    let answers = [
        person("anna"),
        end(1, 0),
        group(2, "outer", &[("member", &inner)]),
        end(2, 0),
        entry(3, "cn=inner,ou=groups,dc=x", &[]),
        end(3, 0),
        end(4, 32),
    ];

    let groups = groups_in(&answers.concat()).await.expect("all was said");

    assert_eq!(named(&groups), [("outer", vec![])]);
}

#[tokio::test]
async fn whoever_has_no_identity_or_a_name_twice_is_nobody() {
    let all = member(&["cn=anna,ou=people,dc=x", "cn=ben,ou=people,dc=x"]);
    let answers = [
        person("anna"),
        entry(1, "cn=anna,ou=people,dc=x", &[("entryUUID", &[b"other"])]),
        entry(1, "cn=ben,ou=people,dc=x", &[("uid", &[b"ben"])]),
        end(1, 0),
        group(2, "all", &[("member", &all)]),
        entry(2, "cn=nameless,ou=groups,dc=x", &[("cn", &[b"nameless"])]),
        end(2, 0),
        end(3, 0),
    ];

    let groups = groups_in(&answers.concat()).await.expect("all was said");

    assert_eq!((named(&groups), groups.unidentified), (vec![("all", vec![])], 1));
}

#[tokio::test]
async fn what_ends_before_its_end_is_an_error_wherever_it_ends() {
    let first = member(&["cn=anna,ou=people,dc=x"]);
    let answers = [
        person("anna"),
        end(1, 0),
        group(2, "large", &[("member;range=0-0", &first)]),
        end(2, 0),
        entry(3, "cn=large,ou=groups,dc=x", &[("member;range=1-*", &first)]),
        end(3, 0),
    ]
    .concat();
    groups_in(&answers).await.expect("all was said");

    for cut in 0..answers.len() {
        let error = groups_in(&answers[..cut]).await.expect_err("cut");
        assert!(matches!(error, SourceError::CutShort { .. }), "{cut}: {error}");
    }
    for code in [3, 4, 11, 51, 52] {
        let refused = [person("anna"), end(1, 0), group(2, "a", &[]), end(2, code)].concat();
        assert!(matches!(groups_in(&refused).await, Err(SourceError::CutShort { .. })), "{code}");
    }
}

#[tokio::test]
async fn more_people_than_a_source_may_have_are_refused() {
    let answers = [person("anna"), person("ben"), person("cara"), end(1, 0)].concat();

    let result = served(&answers, true, async |client: DuplexStream| {
        let mut session: Session = wire::Wire::new(Box::new(client));
        read(2).read(&mut session).await
    });

    let error = result.await.expect_err("three are more than two");
    assert!(error.to_string().contains("more than 2 such entries"), "{error}");
}

#[test]
fn a_source_without_group_filter_has_no_groups_to_read() {
    let any = Connection::Ldap(connection());
    let policy = SourcePolicy::default();
    let request = ReadRequest::whole(&any, None, &policy);
    assert!(Read::new(&connection(), request, CancellationToken::new()).expect("valid").is_none());
}
