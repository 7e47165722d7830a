//! What servers say of changes that break off, refuse, or mean something else.

use directory_model::source::Connection;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::ReadRequest;
use crate::ldap::fixture::{SEQUENCE_TAG, connection, element, message, result, served, text};
use crate::ldap::people;
use crate::ldap::search::source_filter;
use crate::mapping::Mapper;
use crate::policy::SourcePolicy;
use crate::report::Reporter;

const NEXT: &[u8] = b"rid=000,csn=next";

/// How a refresh of what a server says ends, before it hangs up, and what it reports.
async fn told(answers: &[u8]) -> (Result<Refreshed, SourceError>, Vec<Reported>) {
    served(answers, true, async |client| {
        let (connection, policy) = (connection(), SourcePolicy::default());
        let (out, mut taken) = mpsc::channel(1000);
        let reporter = Reporter::new(out, CancellationToken::new(), 1000);
        let any = Connection::Ldap(connection.clone());
        let request = ReadRequest::whole(&any, None, &policy);
        let mapper: Mapper = request.mapper();
        let attributes = mapper.attributes().map(str::to_owned).collect();
        let query = Query::of(&connection, source_filter(&connection).expect("a filter"), attributes);
        let mut search = Search::new(&connection, request, reporter).expect("it can be searched");
        let mut session: Session = wire::Wire::new(Box::new(client));
        let take = |message: &Message| people::entry(&mapper, message);
        let end = refresh(&mut search, &mut session, &query, b"rid=000,csn=last", take).await;
        drop(search);
        let mut all = Vec::new();
        while let Some(one) = taken.recv().await {
            all.push(one);
        }
        (end, all)
    })
    .await
}

fn control(name: &str, value: &[u8]) -> Vec<u8> {
    element(0xa0, &[&element(SEQUENCE_TAG, &[&text(name), &element(0x04, &[value])])])
}

fn flag(is_set: bool) -> Vec<u8> {
    element(BOOLEAN, &[&[if is_set { 0xff } else { 0 }]])
}

/// An entry that was added or changed.
fn changed(uuid: &[u8]) -> Vec<u8> {
    let attribute =
        |name: &str, value: &[u8]| element(SEQUENCE_TAG, &[&text(name), &element(0x31, &[&element(0x04, &[value])])]);
    let attributes = element(SEQUENCE_TAG, &[&attribute("entryUUID", b"1"), &attribute("cn", b"Anna")]);
    let state = element(SEQUENCE_TAG, &[&element(ENUMERATED, &[&[2]]), &element(0x04, &[uuid])]);
    message(1, &element(0x64, &[&text("cn=anna"), &attributes]), &control(SYNC_STATE, &state))
}

/// An answer in between that says this.
fn between(value: &[u8]) -> Vec<u8> {
    message(1, &element(0x79, &[&element(0x80, &[SYNC_INFO.as_bytes()]), &element(0x81, &[value])]), &[])
}

/// Some who are still there, or who are gone.
fn set(uuids: &[&[u8]], are_deleted: bool) -> Vec<u8> {
    let uuids: Vec<u8> = uuids.iter().flat_map(|uuid| element(0x04, &[*uuid])).collect();
    between(&element(0xa3, &[&flag(are_deleted), &element(SET, &[&uuids])]))
}

/// The end of a phase after which there is another (`tag` says which phase it was).
fn phase_ends(tag: u8) -> Vec<u8> {
    between(&element(tag, &[&element(0x04, &[b"rid=000,csn=between"]), &flag(true)]))
}

/// The end, with this result.
fn ends(code: u16, of_deletions: Option<bool>) -> Vec<u8> {
    let code = code.to_be_bytes();
    // As short as it can be.
    let code = if code[0] == 0 { &code[1..] } else { &code };
    let outcome = element(0x65, &[&element(ENUMERATED, &[code]), &text(""), &text("so it is")]);
    let value = |is: bool| control(SYNC_DONE, &element(SEQUENCE_TAG, &[&element(0x04, &[NEXT]), &flag(is)]));
    message(1, &outcome, &of_deletions.map(value).unwrap_or_default())
}

fn cut_short((end, _): (Result<Refreshed, SourceError>, Vec<Reported>), what: &str) -> String {
    match end {
        Err(SourceError::CutShort { detail, .. }) => detail,
        Err(other) => panic!("{what}: {other:?}"),
        Ok(Refreshed { extent, .. }) => panic!("{what}: it was believed, {extent:?}"),
    }
}

#[tokio::test]
async fn a_refresh_that_ends_says_who_is_there_and_who_is_gone() {
    let present = [set(&[b"2", b"3"], false), changed(b"1"), ends(0, Some(false))].concat();
    let (end, reported) = told(&present).await;
    let end = end.expect("it ended");
    assert_eq!((end.extent, end.cookie.as_deref()), (Extent::Whole { may_lag: false }, Some(NEXT)));
    let [Reported::Unchanged(two), Reported::Unchanged(three), Reported::Entry(anna)] = &reported[..] else {
        panic!("{reported:?}")
    };
    assert_eq!((two.as_slice(), three.as_slice(), anna.external_id.as_slice()), (&b"2"[..], &b"3"[..], &b"1"[..]));

    let deletions = [changed(b"1"), set(&[b"2"], true), ends(0, Some(true))].concat();
    let (end, reported) = told(&deletions).await;
    assert_eq!(end.expect("it ended").extent, Extent::Changes);
    assert_eq!(reported[1], Reported::Gone(b"2".to_vec()));

    // Whom the server calls otherwise than the source does would be taken for somebody else.
    let (end, reported) = told(&[changed(b"7"), ends(0, Some(true))].concat()).await;
    assert_eq!((end.err(), reported), (Some(SourceError::CannotContinue(WholeBecause::Unsupported)), vec![]));
}

#[tokio::test]
async fn a_refresh_that_breaks_off_anywhere_is_not_believed() {
    let present =
        [set(&[b"2", b"3"], false), changed(b"1"), set(&[b"4"], false), phase_ends(0xa2), ends(0, Some(false))];
    let deletions = [changed(b"1"), set(&[b"2"], true), phase_ends(0xa1), ends(0, Some(true))];
    for answers in [&present[..], &deletions[..]] {
        let whole = answers.concat();
        assert!(told(&whole).await.0.is_ok());
        for length in 0..whole.len() {
            let detail = cut_short(told(&whole[..length]).await, &format!("{length} of {} bytes", whole.len()));
            assert_eq!(detail, "the connection was closed");
        }
        // Everything but its end, which then is none, or another one's.
        let rest = answers[..answers.len() - 1].concat();
        let notice = message(0, &result(0x78, 0), &[]);
        let another = message(9, &result(0x65, 0), &[]);
        for (what, end, expected) in [
            ("an end without a word of synchronisation", ends(0, None), "the answer is not LDAP"),
            ("no LDAP", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "the answer is not LDAP"),
            ("good-bye", notice, ""),
            ("the end of another search", another, "the connection was closed"),
        ] {
            let detail = cut_short(told(&[rest.clone(), end].concat()).await, what);
            assert!(detail.starts_with(expected), "{what}: {detail}");
        }
    }
}

#[tokio::test]
async fn a_refusal_means_what_its_number_says() {
    use WholeBecause::{CursorExpired, TooManyChanges, Unsupported};
    for (code, because) in [
        (4096, CursorExpired),
        (3, TooManyChanges),
        (4, TooManyChanges),
        (11, TooManyChanges),
        (12, Unsupported),
        (53, Unsupported),
    ] {
        // At once, after some who are still there, and with the control that belongs to a good end.
        let some = set(&[b"2", b"3"], false);
        for (what, answers) in [
            ("at once", ends(code, None)),
            ("after some", [some.clone(), ends(code, None)].concat()),
            ("with a cookie", [some, ends(code, Some(true))].concat()),
        ] {
            let (end, _) = told(&answers).await;
            assert_eq!(end.err(), Some(SourceError::CannotContinue(because)), "{code} {what}");
        }
    }
    for code in [1, 2, 10, 32, 50, 51, 52, 80, 4095, 4097] {
        let answers = [set(&[b"2"], false), ends(code, Some(true))].concat();
        let detail = cut_short(told(&answers).await, &code.to_string());
        assert!(detail.ends_with("so it is"), "{code}: {detail}");
    }
}

#[test]
fn an_older_number_of_any_server_lags() {
    let of = |numbers: &[&str]| format!("rid=000,csn={}", numbers.join(";")).into_bytes();
    let (a1, a2) = ("20260101000000.000000Z#000000#001#000000", "20260102000000.000000Z#000000#001#000000");
    let b1 = "20260101000000.000000Z#000000#002#000000";
    for (now, last, expected) in [
        (of(&[a1]), of(&[a1]), false),
        (of(&[a2]), of(&[a1]), false),
        (of(&[a1]), of(&[a2]), true),
        (of(&[a2]), of(&[a1, b1]), true),
        (of(&[b1, a2]), of(&[a1, b1]), false),
        (of(&[a1]), b"another server's".to_vec(), false),
    ] {
        assert_eq!(lags(&now, &last), expected, "{now:?} {last:?}");
    }
}

#[test]
fn a_cookie_without_a_change_number_is_no_place_to_go_on_from() {
    for (cookie, is) in [
        ("rid=000,csn=20260101000000.000000Z#000000#001#000000", true),
        ("csn=20260101000000.000000Z#000000#000#000000;20260101000000.000000Z#000000#001#000000", true),
        ("", false),
        ("rid=000", false),
        ("rid=000,csn=", false),
        ("rid=000,csn=20260101000000.000000Z", false),
        ("nonsense", false),
    ] {
        assert_eq!(is_place(cookie.as_bytes()), is, "{cookie}");
    }
}
