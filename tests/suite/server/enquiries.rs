//! What visitors leave, through the program itself: over HTTP, to a mail server, over its sudden death.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use directory_model::enquiry::{ANONYMISED_ADDRESS, ANONYMISED_TEXT};
use reqwest::Method;
use serde_json::{Value, json};
use suite::emulator::{Emulator, Reply, Seen};
use suite::process::{Server, Stop, free_port, wait_until};
use suite::program::{Client, setup_token};
use suite::smtp::Smtp;
use suite::tls::{Authority, Validity};
use suite::webhook::{SECRET, signature};
use tokio::time::timeout;

use super::place::{Place, is_listening, serve};

/// A place whose gateway hands mail in at `port`, to somebody whom `authority` vouches for.
fn place_with_mail(port: u16, authority: &Authority) -> Arc<Place> {
    let folder = suite::backend::new_folder();
    let file = folder.join("authority.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    let url = format!("sqlite:{}", folder.join("switchboard.db").display());
    let settings = format!(
        "[mail]\nhost = \"localhost\"\nport = {port}\nfrom = \"switchboard@example.com\"\nca_file = \"{}\"\n\
         [sources.outbound]\nis_loopback_allowed = true\n[log]\nlevel = \"debug\"\n",
        file.display()
    );
    Arc::new(Place::of(&url, &settings))
}

/// Somebody whom the tenant tells.
async fn alert(admin: &Client, tenant: &str, name: &str, channel: Value) -> String {
    admin.make(&format!("/tenants/{tenant}/alerts"), json!({"name": name, "channel": channel})).await
}

/// A page on which nobody can be reached, and whose enquiries go to a desk, and to `hooks`; its key.
async fn page(admin: &Client, tenant: &str, hooks: &[String]) -> String {
    let base = format!("/tenants/{tenant}");
    let mail = json!({"kind": "mail", "addresses": ["desk@example.com"], "language": "de"});
    let alerts = [&[alert(admin, tenant, "Desk", mail).await], hooks].concat();
    let contact = admin.make(&format!("{base}/contacts"), json!({"display_name": "Anna", "sip": "sip:a@b.c"})).await;
    let fields =
        json!({"title": "Help", "when_unreachable": "callback", "alerts": alerts, "enquiries": {"country": "DE"}});
    let made = admin.ask(Method::POST, &format!("{base}/publications"), Some(fields)).await;
    let entries = format!("{base}/publications/{}/entries", made["id"].as_str().unwrap());
    admin.ask(Method::PUT, &entries, Some(json!({"entries": [{"contact": contact}]}))).await;
    made["key"].as_str().unwrap().to_owned()
}

/// Lets so much time pass, as a visitor who writes does.
async fn pass(time: Duration) {
    let _ = timeout(time, pending::<()>()).await;
}

/// Asks as a visitor until the gateway has followed what was set, and has waited long enough.
async fn persist(visitor: &Client, method: Method, path: &str, body: Option<Value>) -> Value {
    let from = Instant::now();
    loop {
        let answer = visitor.try_ask(method.clone(), path, body.clone()).await;
        if answer.0 < 300 {
            return answer.1;
        }
        assert!(from.elapsed() < Duration::from_secs(30), "{path}: {answer:?}");
        pass(Duration::from_millis(50)).await;
    }
}

async fn leave(visitor: &Client, key: &str, name: &str) -> Value {
    let path = format!("/visitor/publications/{key}");
    let form = persist(visitor, Method::GET, &format!("{path}/form?language=de"), None).await;
    // Who answers sooner than a person can is asked to wait; a burst of refusals would cost attempts.
    pass(Duration::from_secs(form["min_seconds"].as_u64().unwrap())).await;
    let body = json!({"form": form["form"], "name": name, "phone": "030 1234567", "has_consented": true,
        "text": "A very private matter"});
    persist(visitor, Method::POST, &format!("{path}/enquiries"), Some(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_killed_before_it_could_tell_anybody_tells_after_its_restart() {
    let (port, authority) = (free_port(), Authority::new());
    let place = place_with_mail(port, &authority);
    let mut server = serve(&place).await;
    let (admin, tenant) = Client::of_new_tenant_at(&place.url(), &setup_token(&server.log())).await;
    let key = page(&admin, &tenant, &[]).await;

    let left = leave(&admin.nobody(), &key, "Erika Muster").await;
    server.kill();
    let first_log = server.log();
    let smtp = Smtp::start_at(&authority.certificate(&["DNS:localhost"], Validity::Valid), port).await;
    assert!(smtp.mails().is_empty(), "nobody could be told yet");
    let server = serve(&place).await;

    wait_until("the mail", || !smtp.mails().is_empty());
    let mails = smtp.mails();
    assert_eq!(mails[0].to, ["desk@example.com"]);
    assert!(mails[0].is_encrypted);
    for part in ["Erika Muster", "+49301234567", "> A very private matter"] {
        assert!(mails[0].data.contains(part), "{}", mails[0].data);
    }
    let kept = admin.get(&format!("/tenants/{tenant}/enquiries")).await;
    assert_eq!((&kept["items"][0]["id"], &kept["items"][0]["client_address"]), (&left["enquiry"], &json!("0.0.0.0")));
    for log in [first_log, server.log()] {
        assert!(log.contains("request answered"), "it says a lot");
        for private in ["Erika", "301234567", "private matter"] {
            assert!(!log.contains(private), "the log says {private}");
        }
    }
}

/// Where the visitor is, as the proxy before the gateway says.
const VISITOR: &str = "203.0.113.77";

/// The program behind a proxy on this machine.
async fn serve_behind_a_proxy(place: &Arc<Place>) -> Server {
    let place = Arc::clone(place);
    let serving = tokio::task::spawn_blocking(move || {
        let mut command = place.command(&["serve"]);
        command.env("SWITCHBOARD__SERVER__TRUSTED_PROXIES", "127.0.0.1");
        let mut server = Server::start(&format!("switchboard-{}", place.port), &mut command, Stop::Politely);
        server.wait_until(|| is_listening(place.port)).unwrap();
        server
    });
    serving.await.unwrap()
}

/// A web server that is out of order when it is asked first.
async fn receiver() -> Emulator {
    let is_awake = Arc::new(AtomicBool::new(false));
    Emulator::start(move |_| Reply::empty(if is_awake.swap(true, Ordering::SeqCst) { 204 } else { 500 })).await
}

/// The requests about an enquiry, with what their body says of it.
fn told(receiver: &Emulator, enquiry: &Value) -> Vec<(Seen, Value)> {
    let read = |seen: Seen| {
        let body: Value = serde_json::from_str(&seen.body).expect("JSON");
        (seen, body["object"]["enquiry"].clone())
    };
    receiver.seen().into_iter().map(read).filter(|(_, said)| said["id"] == *enquiry).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_request_comes_again_until_it_is_taken_and_tells_no_address_that_is_not_kept() {
    let (port, authority) = (free_port(), Authority::new());
    let smtp = Smtp::start_at(&authority.certificate(&["DNS:localhost"], Validity::Valid), port).await;
    let receiver = receiver().await;
    let place = place_with_mail(port, &authority);
    let server = serve_behind_a_proxy(&place).await;
    let (admin, tenant) = Client::of_new_tenant_at(&place.url(), &setup_token(&server.log())).await;
    let channel = json!({"kind": "webhook", "url": format!("{}/desk", receiver.origin())});
    let hook = alert(&admin, &tenant, "Hook", channel).await;
    let secret = Some(json!({ "secret": SECRET }));
    admin.ask(Method::PUT, &format!("/tenants/{tenant}/alerts/{hook}/secret"), secret).await;
    let key = page(&admin, &tenant, &[hook]).await;
    let visitor = admin.visitor_at(VISITOR);

    let first = leave(&visitor, &key, "Erika Muster").await["enquiry"].clone();
    wait_until("the request that is refused", || told(&receiver, &first).len() == 1);
    let keeps = json!({ "is_client_ip_saved": true, "is_chat_history_saved": true });
    admin.patch(&format!("/tenants/{tenant}"), keeps).await;
    let second = leave(&visitor, &key, "Erika Muster").await["enquiry"].clone();
    wait_until("both requests", || told(&receiver, &first).len() == 2 && told(&receiver, &second).len() == 1);
    wait_until("both mails", || smtp.mails().len() == 2);

    let [(refused, _), (taken, anonymous)] = &told(&receiver, &first)[..] else { panic!("tried twice") };
    for seen in receiver.seen() {
        assert_eq!((seen.path.as_str(), seen.header("webhook-signature")), ("/desk", signature(&seen).as_str()));
    }
    assert_eq!((&refused.body, refused.header("webhook-id")), (&taken.body, taken.header("webhook-id")));
    let at = |seen: &Seen| seen.header("webhook-timestamp").parse::<i64>().expect("a time");
    assert!(at(taken) - at(refused) >= 7, "not at once: {} and {}", at(refused), at(taken));
    let says = |said: &Value| (said["client_address"].clone(), said["asker"]["text"].clone());
    assert_eq!(says(anonymous), (json!(ANONYMISED_ADDRESS), json!(ANONYMISED_TEXT)));
    assert_eq!(anonymous["asker"]["phone"], "+49301234567", "whoever is to call needs it");
    // Where the tenant keeps them, they are those of the visitor: there was something to be left out.
    assert_eq!(says(&told(&receiver, &second)[0].1), (json!(VISITOR), json!("A very private matter")));
    assert!(smtp.mails().iter().all(|mail| !mail.data.contains(VISITOR)), "{:?}", smtp.mails());
    let log = server.log();
    assert!(log.contains("request answered") && log.contains("an alert arrived"), "it says a lot");
    for private in [VISITOR, "Erika", "301234567", "private matter", SECRET] {
        assert!(!log.contains(private), "the log says {private}");
    }
}
