//! Reading 1,000 groups with 100,000 memberships of the same directory, closed over each other.

use std::fmt::Write as _;
use std::time::Instant;

use directory_model::secret::Secret;
use directory_model::source::{Connection, LdapConnection};
use directory_source::ldap::group_closure::{self, Listed};
use directory_source::outbound::OutboundPolicy;
use directory_source::{ReadRequest, SourcePolicy, read_groups};
use suite::slapd::{PASSWORD, PEOPLE, Slapd};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

const GROUPS: &str = "ou=Groups,dc=example,dc=com";
const COUNT: usize = 1000;
/// How many people each group lists.
const EACH: usize = 99;

/// The groups as LDIF: each lists 99 people and the group before it, or itself, so that chains of ten are
/// closed.
pub(super) fn ldif() -> String {
    let mut ldif = format!("dn: {GROUPS}\nobjectClass: organizationalUnit\nou: Groups\n\n");
    for number in 0..COUNT {
        // Writing into a `String` cannot fail.
        let _ = write!(ldif, "dn: cn=g{number:04},{GROUPS}\nobjectClass: groupOfNames\ncn: g{number:04}\n");
        for member in 0..EACH {
            let _ = writeln!(ldif, "member: uid=u{:06},{PEOPLE}", number * 100 + member);
        }
        let _ = writeln!(ldif, "member: cn=g{:04},{GROUPS}\n", if number % 10 == 0 { number } else { number - 1 });
    }
    ldif
}

/// Seconds that closing the groups takes once they were read.
pub(super) fn close() -> f64 {
    let number = |at: usize| u32::try_from(at).expect("a small number");
    let listed = |group: usize| {
        let people = (0..EACH).map(|member| number(group * 100 + member)).collect();
        Listed { people, groups: vec![number(if group.is_multiple_of(10) { group } else { group - 1 })] }
    };
    let groups: Vec<Listed> = (0..COUNT).map(listed).collect();
    let started = Instant::now();
    let closed = group_closure::close(&groups, usize::MAX).expect("there is no limit");
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!((0..COUNT).map(|group| closed.of(group).len()).sum::<usize>(), COUNT / 10 * EACH * 55);
    seconds
}

/// Seconds of one read.
pub(super) fn read(slapd: &Slapd, connection: LdapConnection) -> f64 {
    let connection = Connection::Ldap(LdapConnection {
        group_filter: Some("(objectClass=groupOfNames)".into()),
        group_base_dn: Some(GROUPS.into()),
        url: slapd.url(),
        ..connection
    });
    let outbound = OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() };
    let policy = SourcePolicy { outbound, ..SourcePolicy::default() };
    let secret = Secret::new(PASSWORD);
    let request = ReadRequest::whole(&connection, Some(&secret), &policy);
    let runtime = Runtime::new().expect("a runtime");
    let started = Instant::now();
    let read = runtime.block_on(read_groups(request, &CancellationToken::new()));
    let seconds = started.elapsed().as_secs_f64();
    let groups = read.expect("everything is read").expect("there are groups").groups;
    let closed: usize = groups.iter().map(|group| group.members.len()).sum();
    // Of ten groups in a chain the nth has n times as many people as it lists.
    assert_eq!((groups.len(), closed), (COUNT, COUNT / 10 * EACH * 55), "everybody is where they belong");
    seconds
}
