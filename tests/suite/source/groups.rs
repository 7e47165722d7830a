//! Groups, read from a real OpenLDAP and a real Active Directory.

use std::fmt::Write;

use directory_model::record::SourceGroups;
use directory_source::read_groups;
use suite::dc::{Controller, ROOT, State};
use suite::samba::{self, Unit};
use suite::slapd::{Options, PEOPLE, SUFFIX, Slapd, people};

use super::*;

const GROUPS: &str = "ou=Groups,dc=example,dc=com";

async fn groups_of(connection: LdapConnection, secret: &Secret) -> Result<SourceGroups, SourceError> {
    let (connection, policy) = (Connection::Ldap(connection), policy());
    let request = ReadRequest::whole(&connection, Some(secret), &policy);
    Ok(read_groups(request, &CancellationToken::new()).await?.expect("groups are asked for"))
}

/// A group with some people, and whatever else it lists.
fn group(name: &str, numbers: &[usize], others: &[&str]) -> String {
    let mut ldif = format!("dn: cn={name},{GROUPS}\nobjectClass: groupOfNames\ncn: {name}\n");
    for number in numbers {
        let _ = writeln!(ldif, "member: uid=u{number:06},{PEOPLE}");
    }
    for other in others {
        let _ = writeln!(ldif, "member: {other}");
    }
    ldif + "\n"
}

fn named(name: &str) -> String {
    format!("cn={name},{GROUPS}")
}

fn slapd(count: usize, groups: &str) -> Slapd {
    let top = format!("dn: {GROUPS}\nobjectClass: organizationalUnit\nou: Groups\n\n");
    Slapd::start(&Options { entries: format!("{}{top}{groups}", people(count)), ..Options::default() })
}

fn asking(slapd: &Slapd) -> LdapConnection {
    LdapConnection {
        group_filter: Some(
            "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))".into(),
        ),
        group_base_dn: Some(GROUPS.into()),
        page_size: 7,
        ..slapd.connection()
    }
}

/// The numbers of those who are in the group.
fn numbers(groups: &SourceGroups, name: &str) -> Vec<u8> {
    let group = groups.groups.iter().find(|group| group.name == name).unwrap_or_else(|| panic!("{name}: {groups:?}"));
    let mut numbers: Vec<u8> =
        group.members.iter().filter_map(|member| groups.people[*member as usize].last().copied()).collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn openldap_groups_are_closed_over_each_other() {
    let shouted = "UID=U000003 , OU=people, DC=Example,DC=com";
    let mut ldif = group("outer", &[0], &[&named("left"), &named("right")]);
    ldif += &group("left", &[1], &[&named("bottom")]);
    ldif += &group("right", &[2], &[&named("bottom").to_uppercase()]);
    ldif += &group("bottom", &[], &[shouted, &named("nowhere"), &format!("cn=svc,{SUFFIX}")]);
    ldif += &group("one", &[4], &[&named("two")]);
    ldif += &group("two", &[5], &[&named("one")]);
    ldif += &group("itself", &[6], &[&named("itself")]);
    let _ = write!(
        ldif,
        "dn: {}\nobjectClass: groupOfUniqueNames\ncn: unique\nuniqueMember: uid=u000007,{PEOPLE}#'1'B\n\
         uniqueMember: {}\n\ndn: {}\nobjectClass: posixGroup\ncn: posix\ngidNumber: 1\nmemberUid: u000008\n\
         memberUid: nobody\n\n",
        named("unique"),
        named("posix"),
        named("posix"),
    );
    let slapd = slapd(10, &ldif);

    let groups = groups_of(asking(&slapd), &slapd.secret()).await.expect("all of them");

    for (name, expected) in [
        ("outer", &[0, 1, 2, 3][..]),
        ("left", &[1, 3]),
        ("bottom", &[3]),
        ("one", &[4, 5]),
        ("two", &[4, 5]),
        ("itself", &[6]),
        ("unique", &[7, 8]),
        ("posix", &[8]),
    ] {
        assert_eq!(numbers(&groups, name), expected, "{name}");
    }
    assert_eq!((groups.groups.len(), groups.people.len(), groups.unidentified), (9, 9, 0));
    assert!(groups.groups.iter().all(|group| group.external_id.len() == 16));

    // What the filter does not find counts where it is listed, and people of other places do not.
    let filter = Some("(cn=outer)".to_owned());
    let only = groups_of(LdapConnection { group_filter: filter, ..asking(&slapd) }, &slapd.secret()).await;
    let only = only.expect("one of them");
    assert_eq!((only.groups.len(), numbers(&only, "outer")), (1, vec![0, 1, 2, 3]));
    let few = LdapConnection { filter: "(uid=u000001)".into(), ..asking(&slapd) };
    let few = groups_of(few, &slapd.secret()).await.expect("all of them");
    assert_eq!((numbers(&few, "outer"), numbers(&few, "right")), (vec![1], vec![]));
}

#[tokio::test]
async fn a_large_group_comes_whole_or_not_at_all() {
    let everybody: Vec<usize> = (0..3000).collect();
    let ldif = group("all", &everybody, &[]) + &group("few", &[1, 2], &[]);
    let slapd = slapd(3000, &ldif);
    let asking = LdapConnection { page_size: 1000, ..asking(&slapd) };

    let groups = groups_of(asking.clone(), &slapd.secret()).await.expect("all of them");

    assert_eq!(groups.groups.iter().map(|group| group.members.len()).collect::<Vec<_>>(), [3000, 2]);

    for (what, refused) in [
        ("no such place", LdapConnection { group_base_dn: Some("ou=None,dc=example,dc=com".into()), ..asking.clone() }),
        ("no filter", LdapConnection { group_filter: Some("(cn=".into()), ..asking.clone() }),
    ] {
        let error = groups_of(refused, &slapd.secret()).await.expect_err(what);
        assert!(matches!(error, SourceError::SearchRefused { .. }), "{what}: {error}");
    }
    let wrong = groups_of(asking, &Secret::new("wrong")).await;
    assert!(matches!(wrong, Err(SourceError::BindRefused { .. })), "{wrong:?}");
}

#[tokio::test]
async fn a_directory_that_stops_at_its_limit_cut_the_groups_short() {
    let top = format!("dn: {GROUPS}\nobjectClass: organizationalUnit\nou: Groups\n\n");
    let groups: String = (0..60).map(|number| group(&format!("g{number}"), &[number % 20], &[])).collect();
    let options =
        Options { entries: format!("{}{top}{groups}", people(20)), paged_size_limit: Some(40), ..Options::default() };
    let slapd = Slapd::start(&options);

    let error = groups_of(asking(&slapd), &slapd.secret()).await.expect_err("60 are more than 40");

    assert!(matches!(error, SourceError::CutShort { .. }), "{error}");
}

#[tokio::test]
async fn nobody_waits_for_a_read_that_was_cancelled() {
    let slapd = slapd(10, &group("all", &[1], &[]));
    let cancel = CancellationToken::new();
    cancel.cancel();
    let (connection, policy, secret) = (Connection::Ldap(asking(&slapd)), policy(), slapd.secret());
    let request = ReadRequest::whole(&connection, Some(&secret), &policy);

    assert_eq!(read_groups(request, &cancel).await, Err(SourceError::Cancelled));
}

/// A controller with 5,000 people and groups of so many of them.
async fn crowded(groups: &[(&str, usize)], last_range: Option<usize>) -> Controller {
    let mut state = State { last_range, ..State::default() };
    let name = |number: usize| format!("p{number:04}");
    (0..5000).for_each(|number| state.person(&name(number)));
    for (group, size) in groups {
        state.group(group, (0..*size).map(name));
    }
    Controller::start(state).await
}

fn with_groups(controller: &Controller) -> LdapConnection {
    let group_filter = Some("(objectClass=group)".into());
    LdapConnection { base_dn: ROOT.into(), group_filter, ..controller.connection() }
}

#[tokio::test]
async fn members_that_come_1500_at_a_time_are_read_to_the_last() {
    let sizes = [("none", 0), ("exact", 1500), ("one more", 1501), ("twice", 3000), ("many", 4321)];
    let controller = crowded(&sizes, None).await;

    let groups = groups_of(with_groups(&controller), &Secret::new("")).await.expect("all of them");

    for (name, expected) in sizes {
        assert_eq!(size(&groups, name), expected, "{name}");
    }
    let (ranges, requests) = controller.with(|state| (state.ranges, state.requests));
    assert_eq!(ranges, 1 + 1 + 2);
    // Nobody is asked for one by one, neither a person nor a group: 5,000 people come in pages of 1,000, and groups do.
    let pages = 5000 / 1000 + 1;
    assert!(requests <= pages + ranges + 4, "{requests} requests for {pages} pages and {ranges} ranges");

    let people = read(controller.connection(), &Secret::new("")).await;
    let asked = controller.with(|state| state.requests) - requests;
    assert_eq!(people.records.len(), 5000);
    assert!(asked <= 5000 / 1000 + 3, "{asked} requests for people");
}

#[tokio::test]
async fn a_directory_that_goes_between_two_parts_cut_the_groups_short() {
    for parts in 0..3 {
        let controller = crowded(&[("many", 5000)], Some(parts)).await;

        let error = groups_of(with_groups(&controller), &Secret::new("")).await.expect_err("a part is missing");

        assert!(matches!(error, SourceError::CutShort { .. }), "{parts}: {error}");
    }
}

async fn groups_in(unit: &Unit) -> SourceGroups {
    let samba = samba::server();
    let connection = LdapConnection { group_filter: Some("(objectClass=group)".into()), ..samba.connection(&unit.dn) };
    groups_of(connection, &samba.secret()).await.expect("all of them")
}

/// Adds a group with these members.
async fn add_group(unit: &Unit, cn: &str, members: &[&str]) -> String {
    let dn = unit.name(cn);
    unit.add(&dn, &[("objectClass", "group"), ("sAMAccountName", cn)]).await;
    if !members.is_empty() {
        let members: Vec<&[u8]> = members.iter().map(|member| member.as_bytes()).collect();
        unit.set(&dn, "member", &members).await;
    }
    dn
}

/// How many people are in the group.
fn size(groups: &SourceGroups, name: &str) -> usize {
    groups.groups.iter().find(|group| group.name == name).map_or(usize::MAX, |group| group.members.len())
}

#[tokio::test]
async fn active_directory_groups_have_nested_and_primary_members() {
    let unit = samba::server().unit().await;
    let (anna, ben, cara) =
        (unit.person("anna.grp").await, unit.person("ben.grp").await, unit.person("cara.grp").await);
    let inner = add_group(&unit, "inner.grp", &[&anna]).await;
    let middle = add_group(&unit, "middle.grp", &[&inner, &ben]).await;
    let outer = add_group(&unit, "outer.grp", &[&middle]).await;
    // Who has a primary group is no `member` of it, and must have been one before.
    let primary = add_group(&unit, "primary.grp", &[&cara]).await;
    let rid = unit.rid(&primary).await;
    unit.set(&cara, "primaryGroupID", &[rid.to_string().as_bytes()]).await;
    unit.set(&inner, "member", &[anna.as_bytes(), outer.as_bytes()]).await;
    add_group(&unit, "around.grp", &[&primary]).await;

    let groups = groups_in(&unit).await;

    for (name, expected) in
        [("inner.grp", 2), ("middle.grp", 2), ("outer.grp", 2), ("primary.grp", 1), ("around.grp", 1)]
    {
        assert_eq!(size(&groups, name), expected, "{name}");
    }
    let primary = groups.groups.iter().find(|group| group.name == "primary.grp").expect("there");
    let people = read(samba::server().connection(&unit.dn), &samba::server().secret()).await;
    let cara = people.records.iter().find(|record| record.mapped.synced.display_name.as_deref() == Some("cara.grp"));
    assert_eq!(groups.people[primary.members[0] as usize], cara.expect("there").external_id);

    // A person who is renamed stays, and so does a group, under the new name.
    unit.rename(&ben, "ben.elsewhere", None).await;
    unit.rename(&outer, "renamed.grp", None).await;
    let after = groups_in(&unit).await;
    assert_eq!((size(&after, "middle.grp"), size(&after, "renamed.grp")), (2, 2));
    let id = |groups: &SourceGroups, name: &str| {
        groups.groups.iter().find(|group| group.name == name).expect(name).external_id.clone()
    };
    assert_eq!(id(&groups, "outer.grp"), id(&after, "renamed.grp"));
}

#[tokio::test]
async fn an_active_directory_group_of_1600_members_is_read_whole() {
    let unit = samba::server().unit().await;
    let mut members = Vec::new();
    for number in 0..1600 {
        let dn = unit.name(&format!("member {number}"));
        unit.add(&dn, &[("objectClass", "contact")]).await;
        members.push(dn);
    }
    let members: Vec<&str> = members.iter().map(String::as_str).collect();
    add_group(&unit, "large.grp", &members).await;

    assert_eq!(size(&groups_in(&unit).await, "large.grp"), 1600);
}
