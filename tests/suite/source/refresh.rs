//! What changed in a real OpenLDAP, by content synchronisation.

use directory_model::probe::{DirectoryKind, Finding};
use directory_model::record::WholeBecause;
use suite::slapd::{Options, PEOPLE, Slapd, people};

use super::*;

fn synchronizing(count: usize, session_log: Option<u32>) -> Slapd {
    Slapd::start(&Options { entries: people(count), is_synchronizing: true, session_log, ..Options::default() })
}

fn person(number: usize) -> String {
    format!("uid=u{number:06},{PEOPLE}")
}

fn id(number: u8) -> Vec<u8> {
    let mut id = vec![0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, 0];
    id[15] = number;
    id
}

#[tokio::test]
async fn with_a_session_log_only_changes_and_deletions_are_told() {
    let slapd = synchronizing(20, Some(100));
    let first = read(slapd.connection(), &slapd.secret()).await;
    assert_eq!((first.records.len(), first.extent()), (20, Extent::Whole { may_lag: false }));

    let nothing = read_changes(slapd.connection(), &slapd.secret(), &first.cursor()).await;
    assert_eq!((nothing.extent(), nothing.names(), nothing.gone.len()), (Extent::Changes, vec![], 0));

    slapd.set(&person(3), "title", "Doctor").await;
    slapd.remove(&person(5)).await;
    let changed = read_changes(slapd.connection(), &slapd.secret(), &nothing.cursor()).await;

    assert_eq!(changed.extent(), Extent::Changes);
    assert_eq!(changed.records.iter().map(|record| &record.external_id).collect::<Vec<_>>(), [&id(3)]);
    assert_eq!(changed.gone, [id(5)]);
    let after = read_changes(slapd.connection(), &slapd.secret(), &changed.cursor()).await;
    assert_eq!((after.records.len(), after.gone.len()), (0, 0), "the cookie moved on");
}

#[tokio::test]
async fn without_a_session_log_everybody_who_is_there_is_named() {
    let slapd = synchronizing(100_000, None);
    let first = read(slapd.connection(), &slapd.secret()).await;
    slapd.set(&person(3), "title", "Doctor").await;
    slapd.remove(&person(5)).await;

    let changed = read_changes(slapd.connection(), &slapd.secret(), &first.cursor()).await;

    assert_eq!(changed.extent(), Extent::Whole { may_lag: false });
    assert_eq!(changed.records.iter().map(|record| &record.external_id).collect::<Vec<_>>(), [&id(3)]);
    assert_eq!(changed.gone, Vec::<Vec<u8>>::new());
    assert!(!changed.unchanged.contains(&id(5)), "who was removed is not named");
    let mut named = changed.unchanged.clone();
    named.push(id(3));
    named.sort_unstable();
    named.dedup();
    assert_eq!(named.len(), 99_999);
}

#[tokio::test]
async fn a_test_says_whether_changes_can_be_told() {
    for (slapd, told) in [(synchronizing(3, None), true), (Slapd::with_people(3), false)] {
        let (connection, policy) = (Connection::Ldap(slapd.connection()), policy());
        let secret = slapd.secret();
        let request = ReadRequest::whole(&connection, Some(&secret), &policy);

        let tested = directory_source::look::test(request).await;

        let expected = Finding::TellsChanges { directory: DirectoryKind::ContentSync };
        let expected = if told { expected } else { Finding::TellsNoChanges };
        assert_eq!(tested.steps.last().map(|step| &step.finding), Some(&expected));
    }
}

#[tokio::test]
async fn a_server_without_synchronisation_says_that_it_cannot() {
    let slapd = Slapd::with_people(3);
    let first = read(slapd.connection(), &slapd.secret()).await;
    assert_eq!(first.end.as_ref().map(|end| end.cursor.clone()), Ok(None));

    let cursor = ReadCursor(r#"{"by":"cookie","cookie":[1,2,3]}"#.into());
    let done = read_changes(slapd.connection(), &slapd.secret(), &cursor).await;

    assert_eq!(done.end, Err(SourceError::CannotContinue(WholeBecause::Unsupported)));
}

#[tokio::test]
async fn a_cookie_that_the_server_does_not_take_is_no_reason_to_lose_anybody() {
    const OLD: &str = "rid=000,csn=19990101000000.000000Z#000000#000#000000";
    for refuses_old_cookies in [false, true] {
        let options = Options {
            entries: people(10),
            is_synchronizing: true,
            session_log: Some(100),
            refuses_old_cookies,
            ..Options::default()
        };
        let slapd = Slapd::start(&options);
        for cookie in ["", "rid=000", OLD, "nonsense"] {
            let cursor = ReadCursor(serde_json::json!({ "by": "cookie", "cookie": cookie.as_bytes() }).to_string());

            let done = read_changes(slapd.connection(), &slapd.secret(), &cursor).await;

            assert_eq!(done.gone, Vec::<Vec<u8>>::new(), "{cookie}");
            if cookie != OLD {
                // The server would take it for none, and tell everybody as if these were the changes.
                assert_eq!(done.end, Err(SourceError::CannotContinue(WholeBecause::NoCursor)), "{cookie}");
                assert_eq!(done.records, [], "{cookie}");
                continue;
            }
            if refuses_old_cookies {
                assert_eq!(done.end, Err(SourceError::CannotContinue(WholeBecause::CursorExpired)));
                continue;
            }
            // It tells everybody and says so: what it tells is compared as a whole, and is the place to go on from.
            let named = (done.records.len(), done.unchanged.len());
            assert_eq!((done.extent(), named), (Extent::Whole { may_lag: false }, (10, 0)));
            let next = read_changes(slapd.connection(), &slapd.secret(), &done.cursor()).await;
            assert_eq!((next.extent(), next.records.len(), next.gone.len()), (Extent::Changes, 0, 0));
        }
    }
}
