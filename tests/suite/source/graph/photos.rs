//! The photos of users.

use directory_model::record::ReportedPhoto;
use directory_model::source::Connection;
use directory_source::graph::photos::{Asked, GraphPhotos};
use directory_source::photo::PhotoOf;
use directory_source::{ReadRequest, SourceError};
use serde_json::json;
use suite::emulator::Reply;
use suite::graph::{Graph, User, id};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::entry;
use crate::source::policy;

fn photos(graph: &Graph) -> GraphPhotos {
    GraphPhotos::new(&graph.connection(), Some(&graph.secret()), &policy()).expect("it can be asked")
}

async fn ask(photos: &GraphPhotos, asked: &[(usize, Option<&str>)]) -> Result<Vec<PhotoOf>, SourceError> {
    let ids: Vec<Vec<u8>> = asked.iter().map(|(number, _)| entry(*number)).collect();
    let asked: Vec<Asked<'_>> =
        ids.iter().zip(asked).map(|(external_id, (_, etag))| Asked { external_id, etag: *etag }).collect();
    photos.photos_of(&asked).await
}

/// The text of a photo; a word for what is none.
fn text(photo: &PhotoOf) -> String {
    match photo {
        PhotoOf::Photo(fetched) => String::from_utf8(fetched.bytes.clone()).expect("the photos here are text"),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn photos_come_in_the_size_that_is_shown_or_as_they_are() {
    let all = vec![User::new(0).pictured("large", 648), User::new(1).pictured("small", 96), User::new(2)];
    let graph = Graph::start(all, 100).await;

    let found = ask(&photos(&graph), &[(0, None), (1, None), (2, None), (999, None)]).await.expect("an answer");

    assert_eq!(found.iter().map(text).collect::<Vec<_>>(), ["240x240 large", "small", "None", "None"]);
    assert_eq!(graph.seen().len(), 2);
}

#[tokio::test]
async fn only_what_changed_is_got_again() {
    let graph = Graph::start(vec![User::new(0).pictured("one", 96), User::new(1).pictured("two", 96)], 100).await;
    let photos = photos(&graph);
    let first = ask(&photos, &[(0, None), (1, None)]).await.expect("an answer");
    let etags: Vec<String> = first
        .iter()
        .map(|photo| match photo {
            PhotoOf::Photo(fetched) => fetched.etag.clone().expect("a tag"),
            other => panic!("{other:?}"),
        })
        .collect();
    graph.put(User::new(1).pictured("another", 96));

    let found = ask(&photos, &[(0, Some(&etags[0])), (1, Some(&etags[1]))]).await.expect("an answer");

    assert_eq!(found.iter().map(text).collect::<Vec<_>>(), ["Unchanged", "another"]);
    let last = graph.seen().pop().expect("it was asked").body;
    assert!(last.contains(&id(1)) && !last.contains(&id(0)), "{last}");
}

#[tokio::test]
async fn who_is_throttled_in_a_batch_is_asked_for_again_alone() {
    let graph = Graph::start((0..25).map(|n| User::new(n).pictured(n.to_string(), 96)).collect(), 100).await;
    let busy = json!({"status": 429, "headers": {"Retry-After": "0"}, "body": {"error": {"code": "TooManyRequests"}}});
    graph.reply_item(&format!("{}/photo", id(3)), busy.clone());
    graph.reply_item(&format!("{}/photo/$value", id(24)), busy);
    let asked: Vec<(usize, Option<&str>)> = (0..25).map(|number| (number, None)).collect();

    let found = ask(&photos(&graph), &asked).await.expect("an answer");

    assert_eq!(found.iter().map(text).collect::<Vec<_>>(), (0..25).map(|n| n.to_string()).collect::<Vec<_>>());
    let sizes: Vec<usize> = graph.seen().iter().map(|seen| seen.body.matches("\"GET\"").count()).collect();
    assert_eq!(sizes, [20, 1, 5, 20, 5, 1]);
}

#[tokio::test]
async fn a_batch_that_cannot_be_read_is_an_error() {
    let item = |status: u16| json!({"status": status, "headers": {}, "body": {"error": {"code": "Forbidden"}}});
    let graph = Graph::start(vec![User::new(0).pictured("one", 96)], 100).await;
    let photos = photos(&graph);

    graph.reply_item("/photo", item(403));
    let refused = ask(&photos, &[(0, None)]).await.expect_err("it is refused");
    assert!(matches!(&refused, SourceError::RequestRefused { status: 403, detail, .. } if detail == "Forbidden"));
    for body in ["{}", "{\"responses\": []}", "{\"responses\": [{\"id\": \"other\", \"status\": 200}]}", "<html>"] {
        graph.reply_next(Reply::new(200, "application/json", body));
        let broken = ask(&photos, &[(0, None)]).await.expect_err(body);
        assert!(matches!(broken, SourceError::CutShort { .. }), "{broken:?}");
    }
}

#[tokio::test]
async fn photos_that_are_too_large_are_left_out_and_the_others_come() {
    let huge = vec![b'x'; 13 << 20];
    let graph = Graph::start(
        vec![
            User::new(0).pictured("one", 96),
            User::new(1).pictured(huge.clone(), 96),
            User::new(2).pictured(huge, 96),
            User::new(3).pictured(vec![b'x'; (2 << 20) + 10], 96),
        ],
        100,
    )
    .await;

    let asked: Vec<(usize, Option<&str>)> = (0..4).map(|number| (number, None)).collect();
    let found = ask(&photos(&graph), &asked).await.expect("an answer");

    let expected = ["one", "TooLarge", "TooLarge", "TooLarge"];
    assert_eq!(found.iter().map(text).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn the_photos_of_everybody_are_read_like_those_of_a_directory() {
    let pictured = |number: usize| {
        if number.is_multiple_of(3) { User::new(number).pictured("photo", 96) } else { User::new(number) }
    };
    let graph = Graph::start((0..50).map(pictured).collect(), 30).await;
    let (connection, secret, policy) = (Connection::Graph(graph.connection()), graph.secret(), policy());
    let (out, mut reported) = mpsc::channel(64);
    let request = ReadRequest::whole(&connection, Some(&secret), &policy);

    let end = directory_source::read_photos(request, out, &CancellationToken::new()).await;

    assert_eq!(end.map(|end| end.map(|end| (end.entries, end.is_complete))), Ok(Some((17, true))));
    let Some(ReportedPhoto::Photo(first)) = reported.recv().await else { panic!() };
    assert_eq!((first.external_id, first.locator.as_str()), (entry(0), "user0@example.onmicrosoft.com"));
    assert_eq!((first.attribute.as_str(), first.bytes.as_slice()), ("photo", b"photo".as_slice()));
}
