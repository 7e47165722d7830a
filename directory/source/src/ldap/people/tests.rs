//! What servers answer that are broken, or mean harm.

use directory_model::source::Connection;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::ldap::connect::Session;
use crate::ldap::fixture::{
    SEQUENCE_TAG, connection, element, end, end_of_page, entry_named, message, result, served, text,
};
use crate::ldap::wire;
use crate::policy::SourcePolicy;

/// Lets a read talk to a server that says `answers` and hangs up, or stays silent.
async fn search(answers: &[u8], hangs_up: bool) -> (Result<ReadEnd, SourceError>, Vec<Reported>) {
    served(answers, hangs_up, search_over).await
}

async fn search_over(client: DuplexStream) -> (Result<ReadEnd, SourceError>, Vec<Reported>) {
    let connection = connection();
    let (out, mut taken) = mpsc::channel(1000);
    let policy = SourcePolicy::default();
    let reporter = Reporter::new(out, CancellationToken::new(), 1000);
    let any = Connection::Ldap(connection.clone());
    let request = ReadRequest::whole(&any, None, &policy);
    let mut read = Read::new(&connection, request, reporter).expect("a valid filter");
    let mut session: Session = wire::Wire::new(Box::new(client));
    let Read { search, mapper, wanted } = &mut read;
    let Wanted::All { query, .. } = wanted else { panic!("the whole source") };
    let result = search.find(&mut session, query, |message| entry(mapper, message).map(Some)).await;
    let result = result.map(|()| search.reporter.end());
    drop(read);
    let mut all = Vec::new();
    while let Some(entry) = taken.recv().await {
        all.push(entry);
    }
    (result, all)
}

async fn cut_short(answers: &[u8]) -> (u64, String) {
    match search(answers, true).await {
        (Err(SourceError::CutShort { read, detail }), _) => (read, detail),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn references_and_answers_to_nobody_are_passed_over() {
    let reference = message(1, &element(0x73, &[&text("ldap://elsewhere/dc=other")]), &[]);
    let stray = entry_named(9, b"cn=stray");
    let answers = [entry_named(1, b"cn=anna"), reference, stray, end(1, 0)].concat();

    let (result, reported) = search(&answers, true).await;

    assert_eq!(result, Ok(ReadEnd::whole(1)));
    assert!(matches!(&reported[..], [Reported::Entry(anna)] if anna.locator == "cn=anna"), "{reported:?}");
}

#[tokio::test]
async fn a_name_that_is_not_utf_8_sets_its_entry_aside() {
    let answers = [entry_named(1, b"cn=M\xfcller"), end(1, 0)].concat();

    let (result, reported) = search(&answers, true).await;

    assert_eq!(result, Ok(ReadEnd::whole(1)));
    let [Reported::SetAside(aside)] = &reported[..] else { panic!("{reported:?}") };
    assert_eq!((aside.locator.as_str(), aside.external_id.as_deref()), (r"cn=M\xfcller", Some(b"1".as_slice())));
}

#[tokio::test]
async fn whatever_ends_before_its_end_is_cut_short() {
    let anna = entry_named(1, b"cn=anna");
    let notice = message(0, &result(0x78, 52), &[]);

    assert_eq!(cut_short(&anna).await, (1, "the connection was closed".into()));
    assert_eq!(cut_short(&anna[..anna.len() - 1]).await, (0, "the connection was closed".into()));
    let (read, detail) = cut_short(&[anna.clone(), notice].concat()).await;
    assert_eq!((read, detail.as_str()), (1, "the directory is not available: so it is"));
    for code in [1, 3, 4, 11, 51, 80] {
        let (read, detail) = cut_short(&[anna.clone(), end(1, code)].concat()).await;
        assert!(read == 1 && detail.ends_with(": so it is"), "{code}: {detail}");
    }
    let (read, detail) = cut_short(&[anna.clone(), end_of_page(1), anna].concat()).await;
    assert_eq!((read, detail.as_str()), (1, "the connection was closed"));
}

#[tokio::test]
async fn what_is_not_ldap_is_not_read_further() {
    let huge = b"\x30\x84\x40\x00\x00\x00";
    let bare = message(1, &element(0x64, &[&text("cn=anna")]), &[]);

    assert_eq!(cut_short(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.1, "the answer is not LDAP");
    assert_eq!(cut_short(huge).await.1, "an answer is larger than 4194304 bytes");
    assert_eq!(cut_short(&bare).await.1, "the answer is not LDAP");
}

#[tokio::test]
async fn an_answer_may_nest_as_deep_as_it_likes() {
    let mut nested = Vec::new();
    for _ in 0..2000 {
        nested = element(SEQUENCE_TAG, &[&nested]);
    }
    let hostile = message(1, &element(0x64, &[&text("cn=anna"), &nested]), &[]);

    assert_eq!(cut_short(&hostile).await.1, "the answer is not LDAP");
}

#[tokio::test]
async fn pages_without_entries_do_not_go_on_for_ever() {
    let (client, mut server) = duplex(64 * 1024);
    let serving = async {
        let mut request = [0; 1024];
        for id in 1..u16::MAX {
            if server.read(&mut request).await.is_ok_and(|read| read == 0) {
                return id;
            }
            let page = end_of_page(1);
            // The identity grows beyond a byte; it stands right after the header of the message.
            let id = element(0x02, &[&[0], &id.to_be_bytes()]);
            let rest = &page[6 + 7..];
            let _ = server.write_all(&element(SEQUENCE_TAG, &[&id, rest])).await;
        }
        u16::MAX
    };

    let ((result, _), asked) = tokio::join!(search_over(client), serving);

    assert!(matches!(&result, Err(SourceError::CutShort { detail, .. }) if detail.contains("pages")), "{result:?}");
    assert!((1000..1010).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_is_waited_for_as_long_as_is_configured() {
    let started = Instant::now();

    let (result, _) = search(&entry_named(1, b"cn=anna"), false).await;

    let detail = "a page took longer than 30 seconds".into();
    assert_eq!(result, Err(SourceError::CutShort { read: 1, detail }));
    assert_eq!(started.elapsed().as_secs(), 30);
}

proptest! {
    #[test]
    fn any_answer_comes_to_an_end(noise: Vec<u8>, at in 0_usize..200, entries in 0_usize..3) {
        let mut answers = [entry_named(1, b"cn=anna").repeat(entries), end(1, 0)].concat();
        let at = at.min(answers.len());
        answers.splice(at..(at + noise.len()).min(answers.len()), noise);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();

        let (result, reported) = runtime.block_on(search(&answers, true));

        if let Ok(end) = result {
            prop_assert_eq!(end.entries, reported.len() as u64);
        }
    }
}
