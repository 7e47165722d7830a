//! People and photos of a Microsoft Entra tenant.

mod changes;
mod photos;

use directory_model::record::Sought;
use directory_model::secret::Secret;
use directory_model::source::{Connection, GraphConnection, Mapping};
use directory_source::{ReadRequest, SourceError};
use serde_json::json;
use suite::emulator::{Manner, Reply};
use suite::graph::{Graph, User, error, id, reply};
use suite::oauth::RegisteredCertificate;

use super::{Done, policy, read_any, read_only, read_to_the_end};

async fn read(graph: &Graph) -> Done {
    read_any(&Connection::Graph(graph.connection()), Some(&graph.secret()), &policy()).await
}

async fn ask(graph: &Graph, only: &[Sought]) -> Done {
    read_only(&Connection::Graph(graph.connection()), Some(&graph.secret()), &policy(), only).await
}

/// The identity of the entry of the user with that number.
fn entry(number: usize) -> Vec<u8> {
    let digits: String = id(number).chars().filter(|c| *c != '-').collect();
    u128::from_str_radix(&digits, 16).expect("a GUID").to_be_bytes().to_vec()
}

fn by_mail(mail: &str) -> Sought {
    Sought::Addresses { sip: None, mail: Some(mail.to_owned()) }
}

fn by_sip(sip: &str) -> Sought {
    Sought::Addresses { sip: Some(sip.to_owned()), mail: None }
}

/// The numbers of everybody who was reported.
fn numbers(done: &Done) -> Vec<usize> {
    let number = |id: &[u8]| usize::from(id[14]) * 256 + usize::from(id[15]);
    done.records.iter().map(|record| number(&record.external_id)).collect()
}

fn users(count: usize) -> Vec<User> {
    (0..count).map(User::new).collect()
}

#[tokio::test]
async fn everybody_is_read_page_by_page() {
    let graph = Graph::start(users(95), 10).await;

    let done = read(&graph).await;

    assert_eq!(done.end.as_ref().map(|end| (end.entries, end.is_complete)), Ok((95, true)));
    assert_eq!(numbers(&done), (0..95).collect::<Vec<_>>());
    let record = &done.records[7];
    assert_eq!((record.external_id.clone(), record.locator.as_str()), (entry(7), "user7@example.onmicrosoft.com"));
    assert_eq!(record.mapped.sip.as_deref(), Some("sip:sip7@example.com"));
    assert_eq!(record.mapped.synced.work_street.as_deref(), Some("Torstraße 1"));
    let seen = graph.seen();
    assert_eq!((seen.len(), graph.tokens.given()), (10, 1));
    assert!(!seen[0].asked("$select").contains("department"), "only what is mapped is asked for");
}

#[tokio::test]
async fn disabled_accounts_and_bad_values_are_told_apart() {
    let odd = [
        User::new(0).with("accountEnabled", false),
        User::new(1).with("mail", "anna at home"),
        User::new(2).with("companyName", "x".repeat(300)),
        User::new(3).with("proxyAddresses", json!({"not": "a list"})),
    ];
    let graph = Graph::start(odd.to_vec(), 10).await;

    let done = read(&graph).await;

    assert_eq!(numbers(&done), [0, 3]);
    assert_eq!((done.records[0].mapped.is_disabled, done.records[1].mapped.is_disabled), (true, false));
    let refused: Vec<&str> = done.set_aside.iter().map(|aside| aside.invalid.field.as_str()).collect();
    assert_eq!(refused, ["mail", "companyName"]);
}

#[tokio::test]
async fn who_is_told_twice_is_reported_once() {
    let graph = Graph::start(users(30), 7).await;
    graph.repeat_users();

    let done = read(&graph).await;

    assert_eq!(numbers(&done), (0..30).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_mapping_asks_for_what_it_names() {
    let named = User::new(1).with("onPremisesExtensionAttributes", json!({"extensionAttribute7": "Room 7"}));
    let graph = Graph::start(vec![named], 10).await;
    let mapping = Mapping {
        display_name: vec!["userPrincipalName".into()],
        office: vec!["onPremisesExtensionAttributes/extensionAttribute7".into()],
        ..Mapping::default()
    };
    let (connection, secret, policy) = (Connection::Graph(graph.connection()), graph.secret(), policy());
    let request = ReadRequest { mapping: Some(&mapping), ..ReadRequest::whole(&connection, Some(&secret), &policy) };

    let done = read_to_the_end(request).await;

    assert_eq!(done.records[0].mapped.synced.office.as_deref(), Some("Room 7"));
    assert_eq!(
        graph.seen()[0].asked("$select"),
        "id,userPrincipalName,onPremisesImmutableId,onPremisesExtensionAttributes"
    );
}

#[tokio::test]
async fn some_people_are_found_by_identity_and_by_address() {
    let graph = Graph::start(users(60), 100).await;
    let only: Vec<Sought> = (0..25).map(|number| Sought::Entry(entry(number))).collect();

    assert_eq!(numbers(&ask(&graph, &only).await), (0..25).collect::<Vec<_>>());
    assert_eq!(graph.seen().len(), 2, "twenty in a request");
    for (sought, expected) in [
        (by_mail("USER7@example.com"), vec![7]),
        (by_sip("sip:sip8@example.com;transport=tls"), vec![8]),
        (by_mail("nobody@example.com"), vec![]),
        (by_mail("o'neil@example.com' or mail ne 'x"), vec![]),
        (Sought::Entry(entry(999)), vec![]),
        (Sought::Entry(b"../../me".to_vec()), vec![]),
        (Sought::Entry(b"anna@example.com and more".to_vec()), vec![]),
    ] {
        let done = ask(&graph, std::slice::from_ref(&sought)).await;
        assert_eq!((numbers(&done), done.end.is_ok()), (expected, true), "{sought:?}");
    }
}

#[tokio::test]
async fn a_busy_service_is_asked_again_and_a_token_renewed() {
    let graph = Graph::start(users(30), 10).await;
    graph.reply_next(error(429, "TooManyRequests").with("retry-after", "0"));
    graph.reply_next(error(503, "serviceNotAvailable").with("retry-after", "0"));
    graph.reply_next(error(401, "InvalidAuthenticationToken"));

    let done = read(&graph).await;

    assert_eq!((numbers(&done).len(), graph.seen().len(), graph.tokens.given()), (30, 6, 2));
}

#[tokio::test]
async fn an_application_proves_itself_by_its_certificate() {
    let graph = Graph::start(users(3), 10).await;
    let certificate = RegisteredCertificate::new();
    graph.tokens.register(certificate.clone());
    let connection = GraphConnection { certificate: Some(certificate.pem()), ..graph.connection() };

    let done = read_any(&Connection::Graph(connection), Some(&Secret::new(certificate.key())), &policy()).await;

    assert_eq!(numbers(&done), [0, 1, 2]);
    let end = read(&graph).await.end;
    assert!(matches!(end, Err(SourceError::TokenRefused { .. })), "the secret is none any more: {end:?}");
}

#[tokio::test]
async fn what_graph_refuses_is_told_in_its_words() {
    let graph = Graph::start(users(3), 10).await;
    graph.reply_next(error(403, "Authorization_RequestDenied"));

    let end = read(&graph).await.end;

    let Err(SourceError::RequestRefused { status: 403, detail, url }) = end else { panic!("{end:?}") };
    assert_eq!(detail, "Authorization_RequestDenied: It is refused to order.");
    assert!(url.ends_with("/v1.0/users/delta"), "{url}");
}

/// Second pages after which nothing goes on, and what is said of them.
fn broken_pages() -> [(Reply, &'static str); 7] {
    let page = |more: serde_json::Value| {
        let mut page = json!({"value": [User::new(900).other]});
        page["value"][0]["id"] = id(900).into();
        page.as_object_mut().expect("a page").extend(more.as_object().expect("more of it").clone());
        reply(200, &page)
    };
    [
        (page(json!({})), "a page says neither that it goes on nor that it is the last"),
        (page(json!({"@odata.nextLink": "nowhere"})), "a page goes on nowhere"),
        (
            page(json!({"@odata.nextLink": "https://elsewhere.example.com/v1.0/users/delta?$skiptoken=1"})),
            "the service points to another one, which is not asked",
        ),
        (
            page(json!({"@odata.deltaLink": "x"})).sent(Manner::Cut),
            "the connection broke before there was a whole answer",
        ),
        (Reply::new(200, "text/html", "<html>Sign in</html>"), "the answer is not JSON"),
        (reply(200, &json!({"error": {"code": "x"}})), "the answer is no list"),
        (Reply::new(200, "application/json", vec![b' '; 17 << 20]), "an answer has more than 16777216 bytes"),
    ]
}

#[tokio::test]
async fn a_read_that_does_not_reach_the_last_page_is_cut_short() {
    let lost = (error(410, "syncStateNotFound"), "Graph lost the place where the next page begins");
    for (second, said) in broken_pages().into_iter().chain([lost]) {
        let graph = Graph::start(users(30), 10).await;
        // The first page is as it should be.
        graph.reply_second(second);

        let end = read(&graph).await.end;

        let Err(SourceError::CutShort { read, detail }) = end else { panic!("{said}: {end:?}") };
        assert_eq!((detail.as_str(), (10..=11).contains(&read)), (said, true));
    }
}

#[tokio::test]
async fn a_tenant_without_end_is_given_up() {
    let graph = Graph::start(Vec::new(), 10).await;
    graph.go_on_for_ever();

    let end = read(&graph).await.end;

    let Err(SourceError::CutShort { detail, .. }) = end else { panic!("{end:?}") };
    assert_eq!(detail, "Graph sends pages without users");
}
