//! What the operator does for users and secrets at the command line, seen by those who use the gateway.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use suite::backend::new_folder;
use suite::program::{Client, Program, setup_token};
use suite::slapd::Slapd;

use super::place::{PROGRAM, Place, errors, name, serve};

/// Whether somebody can sign in so, as the status says.
async fn sign_in(place: &Place, password: &str) -> u16 {
    let body = json!({ "tenant": "Example", "name": "admin", "password": password });
    answer(&place.url(), "/session", &body).await.status().as_u16()
}

async fn answer(url: &str, path: &str, body: &Value) -> reqwest::Response {
    // Fails only when another test was first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let request = reqwest::Client::builder().build().unwrap().post(format!("{url}/api/v1{path}"));
    request.header("content-type", "application/json").body(body.to_string()).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_reset_is_the_only_way_in() {
    const NEW: &str = "another long enough secret";
    let place = Arc::new(Place::new());
    let mut server = serve(&place).await;
    let (admin, _) = Client::of_new_tenant_at(&place.url(), &setup_token(&server.log())).await;
    let session = || admin.status(Method::GET, "/session");
    assert_eq!((session().await, sign_in(&place, NEW).await), (200, 401));
    let file = place.file("password");
    fs::write(&file, format!("{NEW}\n")).unwrap();
    let arguments = ["admin", "reset-password", "--tenant", "Example", "--user", "admin"];
    let reset =
        |arguments: &[&str], file: &Path| place.command(arguments).stdin(File::open(file).unwrap()).output().unwrap();

    let while_serving = reset(&arguments, &file);
    server.kill();
    let nobody = reset(&["admin", "reset-password", "--tenant", "Example", "--user", "nobody"], &file);
    let weak = place.file("weak");
    fs::write(&weak, "admin").unwrap();
    let weak = reset(&arguments, &weak);
    let done = reset(&arguments, &file);

    assert!(errors(&while_serving).contains("another gateway serves this database"), "{}", errors(&while_serving));
    assert_eq!(errors(&nobody), "switchboard: there is no user `nobody` there\n");
    assert!(!weak.status.success() && errors(&weak).contains("password"), "{}", errors(&weak));
    assert_eq!(String::from_utf8_lossy(&done.stdout), "the password of admin is changed\n", "{}", errors(&done));
    let _server = serve(&place).await;
    assert_eq!(session().await, 401, "old sessions have ended");
    assert_eq!((sign_in(&place, NEW).await, sign_in(&place, suite::program::PASSWORD).await), (200, 401));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_opens_after_the_key_was_changed() {
    let slapd = Slapd::with_people(2);
    let database = new_folder().join("switchboard.db");
    let settings = "[sources.outbound]\nis_loopback_allowed = true";
    let place = Arc::new(Place::of(&format!("sqlite:{}", database.display()), settings));
    let mut server = serve(&place).await;
    let (admin, tenant) = Client::of_new_tenant_at(&place.url(), &setup_token(&server.log())).await;
    let mut connection = serde_json::to_value(slapd.connection()).unwrap();
    connection["kind"] = "ldap".into();
    let sources = format!("/tenants/{tenant}/sources");
    let source = admin.make(&sources, json!({ "name": "Directory", "connection": connection })).await;
    let secret = Some(json!({ "secret": slapd.secret().expose() }));
    admin.ask(Method::PUT, &format!("{sources}/{source}/secret"), secret).await;
    server.kill();
    let before = fs::read(place.file("secret.key")).unwrap();

    let said = place.ask(&["admin", "rekey"]);

    assert!(said.starts_with("1 secrets are sealed with a new key; the old key is in "), "{said}");
    assert_eq!(fs::read(place.file("secret.key.old")).unwrap(), before);
    // What opens only with the old key would be of no use now.
    fs::remove_file(place.file("secret.key.old")).unwrap();
    let _server = serve(&place).await;
    let run = admin.run(&tenant, &source).await;
    assert_eq!((&run["state"], &run["counts"]["created"]), (&json!("succeeded"), &json!(2)), "{run}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_everything_is_copied_to_may_stand_in_a_file() {
    let (place, other) = (Place::new(), Place::new());
    place.ask(&["migrate"]);
    place.ask(&["admin", "set-up-link"]);
    let url = place.file("url");
    fs::write(&url, format!("{}\n", other.database_url())).unwrap();

    let copied = place.ask(&["copy-store", "--to-file", name(&url)]);
    let missing = place.refusal(&["copy-store", "--to-file", name(&place.file("none"))]);

    assert_eq!(super::place::rows(&copied, "setup_tokens"), 1, "{copied}");
    assert_eq!(other.ask(&["migrate"]), "the database is up to date\n");
    assert!(missing.contains(name(&place.file("none"))), "{missing}");
}

#[test]
fn the_document_of_the_api_is_printed() {
    let printed: Value = serde_json::from_str(&Place::new().ask(&["openapi"])).unwrap();

    assert_eq!(printed, serde_json::to_value(gateway_api::openapi()).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_json_is_one_object_for_each_line() {
    let database = new_folder().join("switchboard.db");
    let settings = "[log]\nformat = \"json\"\nlevel = \"info,gateway_api=debug\"";
    let place = Arc::new(Place::of(&format!("sqlite:{}", database.display()), settings));
    let server = serve(&place).await;
    answer(&place.url(), "/session", &json!({ "tenant": null, "name": "nobody", "password": "wrong" })).await;

    let log = server.log();

    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
    let said = |message: &str| lines.iter().find(|line| line["message"] == message).unwrap_or_else(|| panic!("{log}"));
    for field in ["timestamp", "level", "target"] {
        assert!(lines.iter().all(|line| line[field].is_string()), "{log}");
    }
    let request = said("request answered");
    assert_eq!((&request["status"], &request["span"]["route"]), (&json!(401), &json!("/api/v1/session")), "{request}");
    assert!(!log.contains("wrong"), "what was entered is not logged");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_the_cookie_goes_over_https_alone() {
    for (keys, is_secure) in [("public_url = \"https://contacts.example.com\"", true), ("", false)] {
        let start = move || Program::start_in(new_folder(), Command::new(PROGRAM), keys, "");
        let program = tokio::task::spawn_blocking(start).await.unwrap();
        let (name, password) = ("root", suite::program::PASSWORD);
        let set_up = json!({ "token": program.setup_token(), "name": name, "password": password });
        assert!(answer(&program.url, "/setup", &set_up).await.status().is_success());

        let signed_in =
            answer(&program.url, "/session", &json!({ "tenant": null, "name": name, "password": password })).await;

        let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
        assert_eq!(cookie.contains("; Secure"), is_secure, "{cookie}");
    }
}
