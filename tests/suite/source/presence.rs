//! How available people are, as Graph says.

use std::time::Duration;

use directory_model::presence::said::Said;
use directory_model::presence::{Activity, Availability};
use directory_source::SourceError;
use directory_source::free_busy::NoAnswer;
use directory_source::graph::presence::{GraphPresence, MOST_USERS, UserPresence};
use serde_json::json;
use suite::emulator::{Manner, Reply};
use suite::graph::{Graph, User, error, id, reply};

use super::policy;

/// The identity of the entry of the user with that number.
fn entry(number: usize) -> Vec<u8> {
    let digits: String = id(number).chars().filter(|c| *c != '-').collect();
    u128::from_str_radix(&digits, 16).expect("a GUID").to_be_bytes().to_vec()
}

fn entries(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(entry).collect()
}

fn service(graph: &Graph) -> GraphPresence {
    GraphPresence::new(&graph.connection(), Some(&graph.secret()), &policy()).expect("it can be asked")
}

async fn graph(count: usize) -> Graph {
    Graph::start((0..count).map(User::new).collect(), 100).await
}

fn is(availability: Availability) -> UserPresence {
    UserPresence::Said(availability.into())
}

#[tokio::test]
async fn six_hundred_and_fifty_users_are_one_request() {
    let graph = graph(700).await;
    graph.set_presence(&id(7), json!({"availability": "Busy", "activity": "InAMeeting"}));
    let away = json!({"availability": "Away", "activity": "Away", "outOfOfficeSettings": {"isOutOfOffice": true}});
    graph.set_presence(&id(649), away);

    let found = service(&graph).of(&entries(MOST_USERS)).await.expect("an answer");

    let meeting = Said { activity: Some(Activity::InAMeeting), ..Availability::Busy.into() };
    assert_eq!((found.len(), found[7]), (650, UserPresence::Said(meeting)));
    assert_eq!(found[649], UserPresence::Said(Said { is_out_of_office: true, ..Availability::Away.into() }));
    assert_eq!(found[8], is(Availability::Offline));
    let seen = graph.seen();
    assert_eq!((seen.len(), seen[0].path.as_str()), (1, "/v1.0/communications/getPresencesByUserId"));
}

#[tokio::test]
async fn who_is_not_there_keeps_nobody_else_from_being_told_of() {
    for is_strict in [false, true] {
        let graph = graph(40).await;
        graph.set_presence(&id(3), json!({"availability": "Available"}));
        if is_strict {
            graph.be_strict();
        }
        let mut users = entries(38);
        users.extend([entry(77), b"not/an/id".to_vec()]);

        let found = service(&graph).of(&users).await.expect("an answer");

        assert_eq!((found[3], found[37]), (is(Availability::Available), is(Availability::Offline)));
        assert_eq!(found[38..], [UserPresence::NotKnown; 2]);
        let requests = graph.seen().len();
        assert!(requests <= if is_strict { 14 } else { 1 }, "{requests} requests");
    }
}

#[tokio::test]
async fn a_busy_service_is_not_asked_again_here_and_says_for_how_long() {
    let graph = graph(2).await;
    graph.reply_next(error(429, "TooManyRequests").with("retry-after", "17"));
    graph.reply_next(error(503, "serviceNotAvailable"));
    let service = service(&graph);

    for expected in [Some(17), None] {
        let NoAnswer { error, retry_after } = service.of(&entries(2)).await.expect_err("it is busy");
        assert!(matches!(error, SourceError::Busy { .. }), "{error:?}");
        assert_eq!(retry_after, expected.map(Duration::from_secs));
    }
    assert_eq!(graph.seen().len(), 2);
}

#[tokio::test]
async fn an_expired_token_is_renewed_once() {
    let graph = graph(2).await;
    let service = service(&graph);
    service.of(&entries(2)).await.expect("an answer");
    graph.tokens.revoke();

    service.of(&entries(2)).await.expect("an answer");

    assert_eq!(graph.tokens.given(), 2);
    // Somebody took the permission away.
    graph.reply_next(error(401, "InvalidAuthenticationToken"));
    graph.reply_next(error(401, "InvalidAuthenticationToken"));
    let refused = service.of(&entries(2)).await.expect_err("it is refused");
    assert!(matches!(refused.error, SourceError::RequestRefused { status: 401, .. }), "{refused:?}");
}

#[tokio::test]
async fn what_is_no_answer_is_told_as_such() {
    let graph = graph(2).await;
    let service = service(&graph);
    let body = |text: &str| Reply::new(200, "application/json", text);
    for (answer, is_expected) in [
        (
            error(403, "Forbidden"),
            (|error| matches!(error, SourceError::RequestRefused { status: 403, .. })) as fn(&_) -> _,
        ),
        (body("<html>"), |error| matches!(error, SourceError::CutShort { .. })),
        (body("{\"value\": 1}"), |error| matches!(error, SourceError::CutShort { .. })),
        (body(&"x".repeat(5 << 20)), |error| matches!(error, SourceError::CutShort { .. })),
        (reply(200, &json!({"value": []})).sent(Manner::Cut), |error| error.is_transient()),
    ] {
        graph.reply_next(answer);
        let refused = service.of(&entries(2)).await.expect_err("no answer");
        assert!(is_expected(&refused.error), "{refused:?}");
    }
    graph.reply_next(reply(200, &json!({"value": [{"id": id(1), "availability": "Dancing"}, {"id": id(5)}]})));
    let found = service.of(&entries(2)).await.expect("an answer");
    assert_eq!(found, [UserPresence::NotKnown, UserPresence::Unreadable]);
}
