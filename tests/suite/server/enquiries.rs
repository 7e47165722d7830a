//! What visitors leave, through the program itself: over HTTP, to a mail server, over its sudden death.

use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use suite::process::{free_port, wait_until};
use suite::program::{Client, setup_token};
use suite::smtp::Smtp;
use suite::tls::{Authority, Validity};
use tokio::time::timeout;

use super::place::{Place, serve};

/// A place whose gateway hands mail in at `port`, to somebody whom `authority` vouches for.
fn place_with_mail(port: u16, authority: &Authority) -> Arc<Place> {
    let folder = suite::backend::new_folder();
    let file = folder.join("authority.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    let url = format!("sqlite:{}", folder.join("switchboard.db").display());
    let settings = format!(
        "[mail]\nhost = \"localhost\"\nport = {port}\nfrom = \"switchboard@example.com\"\nca_file = \"{}\"\n\
         [log]\nlevel = \"debug\"\n",
        file.display()
    );
    Arc::new(Place::of(&url, &settings))
}

/// A page on which nobody can be reached, and whose enquiries go to a desk; its key.
async fn page(admin: &Client, tenant: &str) -> String {
    let base = format!("/tenants/{tenant}");
    let mail = json!({"kind": "mail", "addresses": ["desk@example.com"], "language": "de"});
    let desk = admin.make(&format!("{base}/alerts"), json!({"name": "Desk", "channel": mail})).await;
    let contact = admin.make(&format!("{base}/contacts"), json!({"display_name": "Anna", "sip": "sip:a@b.c"})).await;
    let fields =
        json!({"title": "Help", "when_unreachable": "callback", "alerts": [desk], "enquiries": {"country": "DE"}});
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
    let key = page(&admin, &tenant).await;

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
