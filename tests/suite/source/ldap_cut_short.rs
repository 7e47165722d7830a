//! Reads that end before the directory said that this was all.

use directory_model::record::Reported;
use directory_model::source::{Connection, LdapConnection};
use directory_source::{ReadRequest, SourceError};
use suite::slapd::{Options, Slapd, people};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{policy, read};

#[tokio::test]
async fn a_directory_that_is_killed_during_a_page_cuts_the_read_short() {
    const PEOPLE: usize = 10_000;
    let mut slapd = Slapd::with_people(PEOPLE);
    let connection = Connection::Ldap(LdapConnection { page_size: 10, ..slapd.connection() });
    let (policy, secret, cancel) = (policy(), slapd.secret(), CancellationToken::new());
    // With room for one entry, the reader is never more than a page ahead of what is taken here.
    let (out, mut reported) = mpsc::channel(1);
    let request = ReadRequest::whole(&connection, Some(&secret), &policy);
    let reading = directory_source::read(request, out, &cancel);
    let taking = async {
        let mut taken = 0_u64;
        while let Some(Reported::Entry(_)) = reported.recv().await {
            taken += 1;
            if taken == 25 {
                slapd.kill();
            }
        }
        taken
    };

    let (end, taken) = tokio::join!(reading, taking);

    let Err(SourceError::CutShort { read, detail }) = end else { panic!("{end:?}") };
    assert_eq!(read, taken);
    assert!((25..=30).contains(&read), "{read}");
    assert!(detail.contains("connection"), "{detail}");
}

#[tokio::test]
async fn a_directory_that_stops_at_its_size_limit_cuts_the_read_short() {
    let slapd = Slapd::start(&Options { entries: people(500), paged_size_limit: Some(200), ..Options::default() });

    let done = read(LdapConnection { page_size: 100, ..slapd.connection() }, &slapd.secret()).await;

    let Err(SourceError::CutShort { read, detail }) = done.end else { panic!("{:?}", done.end) };
    assert_eq!(read, 200);
    assert!(detail.starts_with("the directory stopped at"), "{detail}");
}

#[tokio::test]
async fn a_limit_for_searches_without_pages_does_not_matter() {
    let slapd = Slapd::start(&Options { entries: people(500), size_limit: Some(100), ..Options::default() });

    let done = read(LdapConnection { page_size: 50, ..slapd.connection() }, &slapd.secret()).await;

    assert_eq!(done.end.map(|end| end.entries), Ok(500));
}

#[tokio::test]
async fn more_entries_than_a_source_may_have_cut_the_read_short() {
    let slapd = Slapd::with_people(50);
    let connection = Connection::Ldap(slapd.connection());
    let policy = directory_source::SourcePolicy { max_entries: 20, ..policy() };

    let done = super::read_any(&connection, Some(&slapd.secret()), &policy).await;

    assert!(matches!(done.end, Err(SourceError::CutShort { read: 20, .. })), "{:?}", done.end);
}

#[tokio::test]
async fn a_read_ends_when_it_is_cancelled_or_nobody_takes_its_entries() {
    let slapd = Slapd::with_people(500);
    let connection = Connection::Ldap(slapd.connection());
    let (policy, secret, cancel) = (policy(), slapd.secret(), CancellationToken::new());
    let request = ReadRequest::whole(&connection, Some(&secret), &policy);

    let (out, mut reported) = mpsc::channel(1);
    let cancelling = async {
        reported.recv().await.unwrap();
        cancel.cancel();
        reported
    };
    let (cancelled, _reported) = tokio::join!(directory_source::read(request, out, &cancel), cancelling);
    let (out, nobody) = mpsc::channel(1);
    drop(nobody);
    let unheard = directory_source::read(request, out, &CancellationToken::new()).await;

    assert_eq!((cancelled, unheard), (Err(SourceError::Cancelled), Err(SourceError::Cancelled)));
}
