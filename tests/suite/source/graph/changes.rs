//! What changed since the last read.

use directory_model::record::{Extent, ReadCursor, ReadEnd, Reported, WholeBecause};
use directory_model::source::{Connection, Mapping};
use directory_source::{ReadRequest, SourceError};
use suite::emulator::Reply;
use suite::graph::{Graph, User, error, id};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{broken_pages, entry, users};
use crate::source::policy;

/// A read that goes on from `last`, or one of everybody; what it reported.
async fn read(
    graph: &Graph,
    last: Option<&ReadCursor>,
    mapping: Option<&Mapping>,
) -> (Result<ReadEnd, SourceError>, Vec<Reported>) {
    let (connection, secret, policy) = (Connection::Graph(graph.connection()), graph.secret(), policy());
    let request = ReadRequest {
        mapping,
        last,
        only_changes: last.is_some(),
        ..ReadRequest::whole(&connection, Some(&secret), &policy)
    };
    let (out, mut reported) = mpsc::channel(1000);
    let end = directory_source::read(request, out, &CancellationToken::new()).await;
    let mut all = Vec::new();
    while let Some(one) = reported.recv().await {
        all.push(one);
    }
    (end, all)
}

/// Everybody is read, and the place where that ended.
async fn begin(graph: &Graph) -> ReadCursor {
    let (end, _) = read(graph, None, None).await;
    let end = end.expect("everybody is read");
    assert_eq!(end.extent, Extent::Whole { may_lag: false });
    end.cursor.expect("a place to go on from")
}

/// What was reported, in short.
fn told(reported: &[Reported]) -> Vec<String> {
    let name = |one: &Reported| match one {
        Reported::Entry(record) => record.mapped.synced.display_name.clone().expect("a name"),
        Reported::Gone(id) => format!("{} is gone", id[15]),
        other => format!("{other:?}"),
    };
    reported.iter().map(name).collect()
}

#[tokio::test]
async fn only_what_changed_is_told_and_then_nothing() {
    let graph = Graph::start(users(50), 10).await;
    let first = begin(&graph).await;
    graph.put(User::new(7).with("displayName", "Renamed"));
    graph.put(User::new(60));
    graph.remove(&id(9));
    graph.put(User::new(61));
    graph.remove(&id(61));

    let (end, reported) = read(&graph, Some(&first), None).await;
    let end = end.expect("changes");
    // Who is gone is no entry that was read.
    assert_eq!((end.extent, end.entries, end.is_complete), (Extent::Changes, 2, true));
    assert_eq!(told(&reported), ["Renamed", "User 60", "9 is gone", "61 is gone"]);
    assert_eq!(reported[2], Reported::Gone(entry(9)));

    let (end, reported) = read(&graph, end.cursor.as_ref(), None).await;
    assert_eq!((end.map(|end| end.entries), reported), (Ok(0), vec![]));
}

#[tokio::test]
async fn many_changes_come_in_pages() {
    let graph = Graph::start(users(50), 10).await;
    let first = begin(&graph).await;
    for number in 0..35 {
        graph.put(User::new(number).with("jobTitle", "Changed"));
    }

    let (end, reported) = read(&graph, Some(&first), None).await;

    assert_eq!((end.map(|end| end.extent), reported.len()), (Ok(Extent::Changes), 35));
}

#[tokio::test]
async fn changes_that_do_not_reach_the_last_page_are_cut_short_and_told_again() {
    let graph = Graph::start(users(50), 10).await;
    let first = begin(&graph).await;
    for number in 0..25 {
        graph.put(User::new(number).with("jobTitle", "Changed"));
    }
    // Some stand on the page that breaks, others on one that is never reached.
    graph.remove(&id(41));
    graph.remove(&id(42));
    let (_, all) = read(&graph, Some(&first), None).await;
    assert_eq!(all.iter().filter(|one| matches!(one, Reported::Gone(_))).count(), 2);

    for (second, said) in broken_pages() {
        graph.reply_second(second);

        let (end, _) = read(&graph, Some(&first), None).await;

        let Err(SourceError::CutShort { read: count, detail }) = end else { panic!("{said}: {end:?}") };
        assert_eq!((detail.as_str(), (10..=11).contains(&count)), (said, true));
        // Whoever asks again from the same place hears of everything.
        let (end, again) = read(&graph, Some(&first), None).await;
        assert_eq!((end.map(|end| end.extent), told(&again)), (Ok(Extent::Changes), told(&all)), "{said}");
    }
    graph.reply_second(error(410, "syncStateNotFound"));
    let (end, _) = read(&graph, Some(&first), None).await;
    assert_eq!(end, Err(SourceError::CannotContinue(WholeBecause::CursorExpired)), "the place was lost on the way");
}

#[tokio::test]
async fn a_place_that_is_not_known_any_more_is_said_to_be_lost() {
    let graph = Graph::start(users(5), 10).await;
    let first = begin(&graph).await;
    graph.forget_changes();

    let (end, reported) = read(&graph, Some(&first), None).await;
    assert_eq!((end, reported), (Err(SourceError::CannotContinue(WholeBecause::CursorExpired)), vec![]));

    for reply in [error(400, "syncStateInvalid"), error(404, "resyncRequired"), Reply::empty(410)] {
        graph.reply_next(reply);
        let (end, _) = read(&graph, Some(&first), None).await;
        assert_eq!(end, Err(SourceError::CannotContinue(WholeBecause::CursorExpired)));
    }
    let (end, reported) = read(&graph, Some(&begin(&graph).await), None).await;
    assert_eq!((end.map(|end| end.extent), reported), (Ok(Extent::Changes), vec![]), "the next one goes on again");
}

#[tokio::test]
async fn a_place_of_other_settings_is_none() {
    let graph = Graph::start(users(5), 10).await;
    let first = begin(&graph).await;
    let other = Graph::start(users(5), 10).await;
    let mapping = Mapping { display_name: vec!["displayName".into()], ..Mapping::default() };

    for (graph, cursor, mapping) in [
        (&graph, &first, Some(&mapping)),
        (&other, &first, None),
        (&graph, &ReadCursor("another connector's".into()), None),
    ] {
        let before = graph.seen().len();
        let (end, _) = read(graph, Some(cursor), mapping).await;
        assert_eq!(end, Err(SourceError::CannotContinue(WholeBecause::NoCursor)));
        assert_eq!(graph.seen().len(), before, "nobody was asked");
    }
}

#[tokio::test]
async fn nothing_goes_on_from_where_pages_contradict_each_other() {
    let graph = Graph::start(users(15), 10).await;
    let page = serde_json::json!({
        "value": [{"id": id(3), "displayName": "Somebody else"}, {"id": id(4), "@removed": {"reason": "changed"}}],
        "@odata.deltaLink": "x",
    });
    graph.reply_second(suite::graph::reply(200, &page));

    let (end, reported) = read(&graph, None, None).await;

    let end = end.expect("everybody is read");
    assert_eq!((end.cursor, end.is_complete, reported.len()), (None, true, 10));
}
