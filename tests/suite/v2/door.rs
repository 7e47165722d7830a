//! Who is let in: known, of the tenant, with the permission and a licence.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use suite::process::free_port;
use suite::rose::Rose;
use suite::tls::{Authority, Validity};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Office;

/// The refusal that a client is sent before its connection is closed.
async fn refusal(client: &mut Rose) -> (Value, Option<(u16, String)>) {
    let said = client.message().await.expect("a typed error");
    (said["error"]["error"]["iErrorDetail"].clone(), client.closed().await)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_permission_or_licence_nobody_is_let_in() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.person("Bert", "agent").await);
    office.license(1).await;

    // Licences are counted by users: Anna may have two clients, Bert none.
    let first = office.client(&anna).await;
    let mut second = office.client(&anna).await;
    second.subscribe(&[&bert.contact]).await;
    let (detail, close) = refusal(&mut office.client(&bert).await).await;
    assert_eq!((detail, close), (json!(103), Some((4403, "no client licence is free".to_owned()))));
    let used = office.admin.get(&office.at("/clients")).await;
    let users = json!([{ "user": anna.user, "clients": 2 }]);
    assert_eq!(used, json!({ "licences": 1, "permitted": 2, "connected": 1, "users": users, "next": null }));
    let from_above = office.platform.get(&office.at("/clients")).await;
    assert_eq!(from_above, json!({ "licences": 1, "permitted": 2, "connected": 1, "users": null, "next": null }));
    first.leave().await;
    assert_eq!(refusal(&mut office.client(&bert).await).await.0, 103, "one of her clients is still there");
    second.leave().await;
    let mut entered = office.client(&bert).await;
    while entered.try_send(r#"{"invoke":{"invokeID":1,"operationID":100}}"#).await {
        // Her last client may not have left yet.
        match entered.message().await {
            Ok(answer) if answer.get("result").is_some() => break,
            _ => entered = office.client(&bert).await,
        }
    }

    // The permission is the user's.
    office.license(9).await;
    office.admin.patch(&office.at(&format!("/users/{}", anna.user)), json!({ "is_client_allowed": false })).await;
    let (detail, close) = refusal(&mut office.client(&anna).await).await;
    assert_eq!((detail, close), (json!(110), Some((4403, "this user may not use clients".to_owned()))));

    // Without licences nobody comes in.
    entered.leave().await;
    office.license(0).await;
    assert_eq!(refusal(&mut office.client(&bert).await).await.0, 103);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_stay_is_told_why_and_sent_away() {
    let office = Office::open("[clients]\nprove_after = \"1s\"").await;
    let (anna, bert, carla) = (
        office.person("Anna", "agent").await,
        office.person("Bert", "agent").await,
        office.person("Carla", "agent").await,
    );
    let (mut first, mut second, mut third) =
        (office.client(&anna).await, office.client(&bert).await, office.client(&carla).await);

    office.admin.patch(&office.at(&format!("/users/{}", anna.user)), json!({ "is_client_allowed": false })).await;
    assert_eq!(refusal(&mut first).await.0, 110);
    office.admin.patch(&office.at(&format!("/users/{}", bert.user)), json!({ "is_disabled": true })).await;
    assert_eq!(refusal(&mut second).await.0, 101);
    office.license(0).await;
    assert_eq!(refusal(&mut third).await.0, 103);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_must_be_known_before_the_connection_becomes_a_websocket() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "agent").await;
    let url = &office.program.url;
    let authorization = |token: &str| [("authorization", format!("Bearer {token}"))];
    let status =
        async |tenant: &str, headers: &[(&'static str, String)]| Rose::connect(url, tenant, headers).await.err();

    assert_eq!(status(&office.tenant, &[]).await, Some(401));
    assert_eq!(status(&office.tenant, &authorization("sbt_nobody")).await, Some(401));
    assert_eq!(status("01ARZ3NDEKTSV4RRFFQ69G5FAV", &authorization(&anna.token)).await, Some(404));
    let other = office.platform.make("/tenants", json!({ "name": "Other", "client_licences": 5 })).await;
    assert_eq!(status(&other, &authorization(&anna.token)).await, Some(404), "like one that does not exist");
    assert_eq!(status("00000000000000000000000000", &authorization(&anna.token)).await, Some(404));

    // A browser's page of another site names its token as a protocol.
    let named = [("sec-websocket-protocol", format!("rose.json, bearer.{}", anna.token))];
    let mut client = Rose::connect(url, &office.tenant, &named).await.expect("a client is let in");
    client.must("asnKeepAlive", json!({})).await;
    assert_eq!(status(&office.tenant, &[("sec-websocket-protocol", "chat".to_owned())]).await, Some(400));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_enough_but_not_on_pages_of_others() {
    let office = Office::open("").await;
    office.person("Anna", "agent").await;
    let anna = office.admin.nobody().sign_in(Some("Example"), "Anna").await;
    let url = &office.program.url;
    let cookie = ("cookie", anna.cookie().to_owned());

    for (origin, refused) in
        [(None, None), (Some(url.clone()), None), (Some("https://evil.example".to_owned()), Some(403))]
    {
        let headers: Vec<_> =
            [cookie.clone()].into_iter().chain(origin.clone().map(|origin| ("origin", origin))).collect();
        assert_eq!(Rose::connect(url, &office.tenant, &headers).await.err(), refused, "{origin:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_for_a_websocket_is_answered_as_such() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "agent").await;
    let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let path = format!("{}/api/v2/tenants/{}/presence", office.program.url, office.tenant);

    let answer = http.get(&path).header("authorization", format!("Bearer {}", anna.token)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 400);
    assert_eq!(answer.json::<Value>().await.unwrap()["type"], "/problems/malformed_request");
    let posted = http.request(Method::POST, &path).send().await.unwrap();
    assert_eq!(posted.status().as_u16(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_the_same_over_tls() {
    let authority = Authority::new();
    let made = authority.certificate(&["IP:127.0.0.1"], Validity::Valid);
    let port = free_port();
    let keys = format!(
        "[server.tls]\nlisten = \"127.0.0.1:{port}\"\ncertificate = \"{}\"\nkey = \"{}\"",
        made.certificate.display(),
        made.key.display()
    );
    let office = Office::open(keys.leak()).await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.contact("Bert").await);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    // As browsers offer it for WebSockets, where HTTP/2 does not announce them.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let tcp = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap();
    let headers = [("authorization", format!("Bearer {}", anna.token))];

    let host = format!("127.0.0.1:{port}");
    let mut client = Rose::over(Box::new(stream), &host, &office.tenant, &headers).await.expect("a client is let in");

    client.subscribe(&[&bert]).await;
    office.say(&bert, "computer", 1, "active").await;
    client.until(&bert, |update| update["presence"]["iPresenceState"] == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_came_to_the_proxy_without_tls_is_refused_unless_that_is_allowed() {
    const PROXY: &str = "trusted_proxies = [\"127.0.0.1\"]";
    for (settings, refused) in [("", Some(403)), ("[clients]\nrequire_tls = false", None)] {
        let office = Office::open_with(PROXY, settings).await;
        let anna = office.person("Anna", "agent").await;
        let through = async |said: &str| {
            let headers = [
                ("authorization", format!("Bearer {}", anna.token)),
                ("x-forwarded-for", "203.0.113.9".to_owned()),
                ("x-forwarded-proto", said.to_owned()),
            ];
            Rose::connect(&office.program.url, &office.tenant, &headers).await.err()
        };

        assert_eq!(through("https").await, None, "the proxy has ended TLS");
        assert_eq!(through("http").await, refused, "{settings}");
    }
    let office = Office::open_with(PROXY, "").await;
    let path = format!("{}/api/v2/tenants/{}/presence", office.program.url, office.tenant);
    let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let upgrade = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("x-forwarded-proto", "http"),
    ];
    let asking = upgrade.into_iter().fold(http.get(&path), |asking, (name, value)| asking.header(name, value));
    let answer = asking.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 403, "before anybody asks who it is");
    assert!(answer.json::<Value>().await.unwrap()["detail"].as_str().unwrap().contains("wss://"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_clients_politely() {
    let office = Office::open("").await;
    let anna = office.person("Anna", "agent").await;
    let mut client = office.client(&anna).await;
    client.must("asnKeepAlive", json!({})).await;

    let told = std::process::Command::new("kill").args(["-TERM", &office.program.id().to_string()]).status();

    assert!(told.is_ok_and(|status| status.success()));
    assert_eq!(client.closed().await, Some((1001, "the gateway stops".to_owned())));
}
