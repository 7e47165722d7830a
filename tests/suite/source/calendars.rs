//! When people are busy, as Exchange and Graph say.

use std::time::Duration;

use directory_model::presence::said::ShowAs;
use directory_model::timestamp::Timestamp;
use directory_source::SourceError;
use directory_source::exchange::availability::{ExchangeAvailability, MOST_MAILBOXES};
use directory_source::free_busy::{Block, Calendar, NoAnswer};
use directory_source::graph::schedules::{CalendarOf, GraphSchedules, MOST_CALENDARS};
use suite::emulator::Manner;
use suite::ews::{self, Appointment, Ews, Kind, Person};
use suite::graph::{Graph, Item, User, error, id};

use super::policy;

fn at(text: &str) -> Timestamp {
    text.parse().expect(text)
}

fn now() -> Timestamp {
    at("2026-11-22T09:40:00Z")
}

fn block(from: &str, until: &str, shows: ShowAs) -> Block {
    let moment = |time: &str| at(&format!("2026-11-22T{time}:00Z"));
    Block { from: moment(from), until: moment(until), shows }
}

fn mail(number: usize) -> String {
    format!("p{number:03}@example.com")
}

async fn exchange(count: usize) -> Ews {
    Ews::start((0..count).map(|number| Person::new(&mail(number), &format!("Person {number}"))).collect()).await
}

fn service(server: &Ews) -> ExchangeAvailability {
    ExchangeAvailability::new(&server.connection(), Some(&server.secret()), &policy()).expect("it can be asked")
}

async fn ask(service: &ExchangeAvailability, addresses: &[String]) -> Result<Vec<Calendar>, NoAnswer> {
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    service.of(&addresses, now()).await
}

#[tokio::test]
async fn a_hundred_mailboxes_are_one_request() {
    let server = exchange(100).await;
    server.set_appointments(vec![
        Appointment::new(&mail(7), "Busy", "2026-11-22T09:05:00", "2026-11-22T10:20:00"),
        Appointment::new(&mail(7), "Tentative", "2026-11-22T11:00:00", "2026-11-22T12:00:00"),
        Appointment::new(&mail(8), "OOF", "2026-11-20T00:00:00", "2026-12-20T00:00:00"),
        Appointment::new(&mail(9), "Busy", "2026-11-24T00:00:00", "2026-11-24T01:00:00"),
    ]);
    let addresses: Vec<String> = (0..MOST_MAILBOXES).map(mail).collect();

    let found = ask(&service(&server), &addresses).await.expect("an answer");

    let meeting = block("09:05", "10:20", ShowAs::Busy);
    assert_eq!(found[7], Calendar::Blocks(vec![meeting, block("11:00", "12:00", ShowAs::Tentative)]));
    let away =
        Block { from: at("2026-11-20T00:00:00Z"), until: at("2026-12-20T00:00:00Z"), shows: ShowAs::OutOfOffice };
    assert_eq!(found[8], Calendar::Blocks(vec![away]));
    let free = Block { from: at("2026-11-22T09:30:00Z"), until: at("2026-11-23T09:30:00Z"), shows: ShowAs::Free };
    assert!(found[9..].iter().all(|calendar| *calendar == Calendar::Blocks(vec![free])), "what is later is not told");
    assert_eq!((found.len(), server.seen().len()), (100, 1));
}

/// `scripts/check-ews.sh` holds it against the published schemas.
#[tokio::test]
async fn the_request_is_the_one_that_was_checked() {
    let server = exchange(0).await;

    ask(&service(&server), &["anna.berg@example.com".into(), "ben@example.com".into()]).await.expect("an answer");

    assert_eq!(server.seen()[0].body, include_str!("ews/get-user-availability.request.xml").trim_end());
}

#[tokio::test]
async fn each_mailbox_has_an_answer_of_its_own() {
    let server = exchange(6).await;
    for number in 0..6 {
        server.hide_calendar(&mail(number));
    }
    server.set_appointments(vec![Appointment::new(&mail(0), "Busy", "2026-11-22T10:00:00", "2026-11-22T10:20:00")]);
    server.close_calendar(&mail(1));
    server.lose_calendar(&mail(2));
    let addresses = [mail(0), mail(1), mail(2), "nobody@example.com".into(), "<&\"'>@example.com".into()];

    let found = ask(&service(&server), &addresses).await.expect("an answer");

    // From afar an appointment fills whole quarters of an hour.
    let Calendar::Blocks(blocks) = &found[0] else { panic!("{found:?}") };
    assert!(blocks.contains(&block("10:00", "10:30", ShowAs::Busy)), "{blocks:?}");
    assert_eq!(found[1..], [Calendar::Refused, Calendar::Busy, Calendar::NotKnown, Calendar::NotKnown]);
}

#[tokio::test]
async fn a_busy_server_is_not_asked_again_here_and_says_for_how_long() {
    let server = exchange(1).await;
    let service = service(&server);
    server.reply_next(Kind::Soap, ews::busy(12_000));
    server.reply_next(Kind::Soap, ews::error("ErrorTimeoutExpired"));
    for expected in [Some(12), None] {
        let refused = ask(&service, &[mail(0)]).await.expect_err("it is busy");
        assert!(matches!(refused.error, SourceError::Busy { .. }), "{refused:?}");
        assert_eq!(refused.retry_after, expected.map(Duration::from_secs));
    }
    server.reply_next(Kind::Soap, ews::error("ErrorAccessDenied"));
    let refused = ask(&service, &[mail(0)]).await.expect_err("it is refused");
    assert!(matches!(refused.error, SourceError::RequestRefused { .. }), "{refused:?}");
    for answer in [ews::xml("<html/>"), ews::xml("x"), ews::xml(vec![b'x'; 5 << 20])] {
        server.reply_next(Kind::Soap, answer);
        let refused = ask(&service, &[mail(0)]).await.expect_err("no answer");
        assert!(matches!(refused.error, SourceError::CutShort { .. }), "{refused:?}");
    }
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let server = exchange(1).await;
    server.reply_next(Kind::Soap, ews::busy(1).sent(Manner::Never));
    let mut connection = server.connection();
    connection.timeout_seconds = 1;
    let service = ExchangeAvailability::new(&connection, Some(&server.secret()), &policy()).expect("it can be asked");

    let refused = ask(&service, &[mail(0)]).await.expect_err("no answer");

    assert!(matches!(refused.error, SourceError::Unreachable { .. }), "{refused:?}");
}

#[tokio::test]
async fn it_is_asked_in_the_name_of_somebody_who_is_there() {
    let server = exchange(3).await;
    let service = ExchangeAvailability::new(&server.application(), Some(&server.client_secret()), &policy());
    let service = service.expect("it can be asked");

    let found = ask(&service, &["gone@example.com".into(), mail(1)]).await.expect("an answer");

    assert_eq!(found[0], Calendar::NotKnown);
    assert!(matches!(found[1], Calendar::Blocks(_)), "{found:?}");
    let named: Vec<bool> =
        server.seen().iter().map(|seen| seen.body.contains("<t:PrimarySmtpAddress>gone@example.com<")).collect();
    assert_eq!(named, [true, false]);
    // Nobody is there in whose name it could be asked.
    let gone: Vec<String> = (0..5).map(|number| format!("gone{number}@example.com")).collect();
    let found = ask(&service, &gone).await.expect("an answer");
    assert_eq!(found[..3], [Calendar::NotKnown, Calendar::NotKnown, Calendar::NotKnown]);
    assert_eq!(found[3..], [Calendar::Busy, Calendar::Busy]);
}

/// The identity of the entry of the user with that number.
fn entry(number: usize) -> Vec<u8> {
    let digits: String = id(number).chars().filter(|c| *c != '-').collect();
    u128::from_str_radix(&digits, 16).expect("a GUID").to_be_bytes().to_vec()
}

async fn of_graph(graph: &Graph, numbers: &[usize]) -> Result<Vec<Calendar>, NoAnswer> {
    let service = GraphSchedules::new(&graph.connection(), Some(&graph.secret()), &policy()).expect("it can be asked");
    let known: Vec<(Vec<u8>, String)> =
        numbers.iter().map(|number| (entry(*number), format!("user{number}@example.com"))).collect();
    let users: Vec<CalendarOf<'_>> =
        known.iter().map(|(id, mail)| CalendarOf { external_id: id, mail: mail.as_str() }).collect();
    service.of(&users, now()).await
}

#[tokio::test]
async fn twenty_calendars_of_graph_are_one_request() {
    let graph = Graph::start((0..30).map(User::new).collect(), 100).await;
    graph.set_calendar("user1@example.com", vec![Item::new("busy", "2026-11-22T09:05:00", "2026-11-22T10:20:00")]);
    graph.set_calendar("user2@example.com", vec![Item::new("oof", "2026-11-22T10:00:00", "2026-11-22T10:20:00")]);
    graph.hide_calendar("user2@example.com");
    let numbers: Vec<usize> = (0..MOST_CALENDARS - 1).chain([77]).collect();

    let found = of_graph(&graph, &numbers).await.expect("an answer");

    assert_eq!(found[1], Calendar::Blocks(vec![block("09:05", "10:20", ShowAs::Busy)]));
    let Calendar::Blocks(blocks) = &found[2] else { panic!("{found:?}") };
    assert!(blocks.contains(&block("10:00", "10:30", ShowAs::OutOfOffice)), "{blocks:?}");
    assert_eq!(found[19], Calendar::NotKnown);
    let seen = graph.seen();
    assert_eq!((seen.len(), seen[0].header("prefer")), (1, "outlook.timezone=\"UTC\""));
}

#[tokio::test]
async fn graph_is_asked_in_the_name_of_somebody_who_has_a_mailbox() {
    let graph = Graph::start((0..3).map(User::new).collect(), 100).await;

    let found = of_graph(&graph, &[55, 1]).await.expect("an answer");
    assert_eq!(found[0], Calendar::NotKnown);
    assert!(matches!(found[1], Calendar::Blocks(_)), "{found:?}");

    graph.reply_next(error(429, "ApplicationThrottled").with("retry-after", "9"));
    let refused = of_graph(&graph, &[1]).await.expect_err("it is busy");
    assert_eq!(refused.retry_after, Some(Duration::from_secs(9)));
    graph.reply_next(error(403, "ErrorAccessDenied"));
    let refused = of_graph(&graph, &[1]).await.expect_err("it is refused");
    assert!(matches!(refused.error, SourceError::RequestRefused { status: 403, .. }), "{refused:?}");
}
