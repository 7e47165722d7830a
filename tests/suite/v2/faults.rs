//! What clients do wrong.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Office, Person, soon};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_operation_is_rejected_and_the_client_stays() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "agent").await;
    let mut client = office.client(&anna).await;
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));

    for (text, id, problem) in [
        ("", json!({ "invokednull": null }), json!({ "generalProblem": 2 })),
        ("{\"invoke\":", json!({ "invokednull": null }), json!({ "generalProblem": 2 })),
        (deep.as_str(), json!({ "invokednull": null }), json!({ "generalProblem": 2 })),
        ("{\"call\":{}}", json!({ "invokednull": null }), json!({ "generalProblem": 0 })),
        (
            "{\"invoke\":{\"invokeID\":-1,\"operationID\":100}}",
            json!({ "invokednull": null }),
            json!({ "generalProblem": 1 }),
        ),
        ("{\"invoke\":{\"invokeID\":7,\"operationID\":99}}", json!({ "invokedID": 7 }), json!({ "invokeProblem": 1 })),
        (
            "{\"invoke\":{\"invokeID\":7,\"operationID\":4504}}",
            json!({ "invokedID": 7 }),
            json!({ "invokeProblem": 1 }),
        ),
        (
            "{\"invoke\":{\"invokeID\":7,\"operationID\":4505,\"argument\":[]}}",
            json!({ "invokedID": 7 }),
            json!({ "invokeProblem": 2 }),
        ),
        ("{\"result\":{\"invokeID\":7}}", json!({ "invokedID": 7 }), json!({ "returnResultProblem": 0 })),
        (
            "{\"error\":{\"invokedID\":7,\"error_value\":1}}",
            json!({ "invokedID": 7 }),
            json!({ "returnErrorProblem": 0 }),
        ),
    ] {
        client.send(text).await;
        let answer = client.message().await.expect("an answer");
        assert_eq!(
            (&answer["reject"]["invokedID"], &answer["reject"]["reject"]),
            (&id, &problem),
            "{text:.60} {answer}"
        );
    }
    client.send_binary(vec![0x30, 0x03, 0x02, 0x01, 0x01]).await;
    assert_eq!(client.message().await.expect("an answer")["reject"]["reject"], json!({ "generalProblem": 2 }));

    // A reject and a wrong event are not answered: the next answer is the next request's.
    client.send("{\"reject\":{\"invokedID\":{\"invokedID\":7}}}").await;
    client.send("{\"invoke\":{\"invokeID\":99999,\"operationID\":4505,\"argument\":7}}").await;
    assert_eq!(client.must("asnKeepAlive", json!({})).await, json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_large_ends_the_connection() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "agent").await;
    let mut client = office.client(&anna).await;

    client.try_send(&"x".repeat(70_000)).await;

    assert_eq!(client.closed().await, Some((1009, "the message is too large".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_slowed_down_and_then_sent_away() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "agent").await;
    let mut client = office.client(&anna).await;

    let ask = "{\"invoke\":{\"invokeID\":1,\"operationID\":1129,\"argument\":{\"contactId\":\"x\"}}}";
    for _ in 0..2_000 {
        if !client.try_send(ask).await {
            break;
        }
    }
    let (mut answered, mut limited) = (0, 0);
    let close = loop {
        match client.message().await {
            Ok(message) if message["reject"]["reject"] == json!({ "invokeProblem": 3 }) => limited += 1,
            Ok(_) => answered += 1,
            Err(close) => break close,
        }
    };

    assert!(answered >= 100 && limited >= 100 && answered + limited < 2_000, "{answered} {limited}");
    // What was still on its way when the gateway closed may have cost the client its goodbye.
    assert!(close.is_none_or(|close| close == (4429, "too many requests".to_owned())));
}

/// The head of a request that becomes a WebSocket.
fn head(office: &Office, person: &Person) -> String {
    let host = office.program.url.trim_start_matches("http://");
    format!(
        "GET /api/v2/tenants/{}/presence HTTP/1.1\r\nhost: {host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nauthorization: Bearer {}\r\n\r\n",
        office.tenant, person.token
    )
}

async fn connection(office: &Office) -> TcpStream {
    TcpStream::connect(office.program.url.trim_start_matches("http://")).await.unwrap()
}

/// What comes up to and with `end`.
async fn until(tcp: &mut TcpStream, end: &str) -> String {
    let mut read = Vec::new();
    while !read.ends_with(end.as_bytes()) {
        read.push(tcp.read_u8().await.unwrap());
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// A client that becomes a WebSocket and then does not behave like one.
async fn bare(office: &Office, person: &Person) -> TcpStream {
    let mut tcp = connection(office).await;
    tcp.write_all(head(office, person).as_bytes()).await.unwrap();
    let answer = until(&mut tcp, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"), "{answer}");
    assert!(answer.contains("\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{answer}");
    assert!(!answer.contains("content-length"), "{answer}");
    tcp
}

/// The bytes of a frame of text from a client; its mask is zero.
fn frame(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap();
    let mut bytes = vec![0x81, 0x80 | 0x7E];
    bytes.extend(length.to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(text.as_bytes());
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_never_answers_is_asked_once_and_sent_away() {
    let office = Office::open("[clients]\nping_after = \"1s\"\nanswer_within = \"1s\"").await;
    let anna = office.person("Anna", "agent").await;
    let mut silent = bare(&office, &anna).await;

    let mut read = Vec::new();
    tokio::time::timeout(Duration::from_secs(30), silent.read_to_end(&mut read)).await.expect("an end").unwrap();

    // A ping without content, then the goodbye.
    assert_eq!(&read[..2], [0x89, 0x00], "{read:?}");
    assert_eq!((read[2], u16::from_be_bytes([read[4], read[5]])), (0x88, 4409), "{read:?}");
    assert!(String::from_utf8_lossy(&read).ends_with("nothing is heard"), "{read:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_answers_pings_stays() {
    let office = Office::open("[clients]\nping_after = \"1s\"\nanswer_within = \"1s\"").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    let mut client = office.client(&anna).await;
    client.subscribe(&[&bert]).await;
    // Its pings are answered while it waits for what is told after more silence than is borne.
    let soon = soon(5);
    let meeting = json!({ "origin": { "source": "x", "version": 1 }, "show_as": "busy", "ends_at": soon });
    office
        .admin
        .ask(reqwest::Method::PUT, &office.at(&format!("/contacts/{bert}/claims/calendar")), Some(meeting))
        .await;

    client.until(&bert, |update| update["presence"]["iPresenceState"] == 0x0200_0002).await;
    client.until(&bert, |update| update["presence"]["iPresenceState"] == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_sent_away_and_others_are_told() {
    let office = Office::open("[clients]\nstall_after = \"1s\"\n[log]\nlevel = \"info,gateway_api=debug\"").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    let mut reader = office.client(&anna).await;
    reader.subscribe(&[&bert]).await;
    let mut slow = bare(&office, &anna).await;
    // It asks for much, fast enough to fill every buffer between two processes and slow enough to be let.
    let names: Vec<&str> = std::iter::repeat_n(bert.as_str(), 200).collect();
    let ask = frame(
        &json!({"invoke": {"invokeID": 1, "operationID": 4505, "argument": {"seqContactIDs": names}}}).to_string(),
    );
    let flood = async {
        for _ in 0..100 {
            if slow.write_all(&ask).await.is_err() {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(10), flood).await;

    let has_ended = |log: String| log.contains("client sent away") && log.contains("Slow");
    let waiting = async {
        while !has_ended(office.program.log()) {
            office.presence(&bert).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waiting).await.expect("the slow client is sent away");

    office.say(&bert, "computer", 1, "active").await;
    reader.until(&bert, |update| update["presence"]["iPresenceState"] == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_torn_off_leaves_its_licence() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.person("Bert", "agent").await);
    office.license(1).await;
    let torn = bare(&office, &anna).await;
    drop(torn);

    loop {
        let mut client = office.client(&bert).await;
        if client.try_send(r#"{"invoke":{"invokeID":1,"operationID":100}}"#).await
            && client.message().await.is_ok_and(|answer| answer.get("result").is_some())
        {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_in_a_hurry_loses_nothing() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "agent").await;
    let mut tcp = connection(&office).await;
    // Another request, the one that becomes a WebSocket, and a first message, all at once.
    let ask = format!("{}{}", r#"{"invoke":{"invokeID":1,"operationID":100}}"#, " ".repeat(126));
    let mut all = b"GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n".to_vec();
    all.extend(head(&office, &anna).as_bytes());
    all.extend(frame(&ask));
    tcp.write_all(&all).await.unwrap();

    assert!(until(&mut tcp, "\r\n\r\n").await.starts_with("HTTP/1.1 204 No Content\r\n"));
    assert!(until(&mut tcp, "\r\n\r\n").await.contains("HTTP/1.1 101 Switching Protocols\r\n"));
    let answer = until(&mut tcp, r#"{"result":{"invokeID":1,"result":{"resultValue":0,"result":{}}}}"#);
    tokio::time::timeout(Duration::from_secs(20), answer).await.expect("an answer");
}

/// A client's connection, unless the gateway closes it at the door.
async fn admitted(office: &Office, person: &Person) -> Option<TcpStream> {
    let mut tcp = connection(office).await;
    let sent = tcp.write_all(head(office, person).as_bytes()).await;
    let first = tcp.read_u8().await;
    (sent.is_ok() && first.is_ok()).then_some(tcp)
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_have_the_room_that_other_connections_have() {
    let office = Office::open_with("max_connections_per_address = 8", "").await;
    let anna = office.person("Anna", "agent").await;
    let mut clients = Vec::new();
    while let Some(client) = admitted(&office, &anna).await {
        clients.push(client);
        assert!(clients.len() <= 8, "there is no room for so many");
    }

    // Administrators' connections took the rest.
    assert!(clients.len() >= 4, "{}", clients.len());
    drop(clients.pop());
    let again = async { while admitted(&office, &anna).await.is_none() {} };
    tokio::time::timeout(Duration::from_secs(20), again).await.expect("who leaves makes room");
}
