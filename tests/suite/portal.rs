//! The administrators' portal and the operator as the program itself serves them, worked with in a real Chromium: see
//! `web/e2e/portal-live.mjs` for what is done there.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::{Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};
use suite::backend::new_folder;
use suite::oidc::{CLIENT_ID, CLIENT_SECRET, IdentityProvider};
use suite::postgres;
use suite::program::{Client, Program, setup_token};

use crate::server::demo::Demo;
use crate::server::place::Place;

/// Somebody whom the directory gets after the first run.
const NEWCOMER: &str = "Zora Quill";
const ENTRY: &str = "
dn: cn=Zora Quill,ou=Berlin,dc=brightmoor,dc=example
objectClass: person
objectClass: user
entryUUID: 4d9e5475-4a3f-5177-aa8a-b67c5aac1fff
cn: Zora Quill
sn: Quill
givenName: Zora
displayName: Zora Quill
mail: zora.quill@brightmoor.example
msRTCSIP-PrimaryUserAddress: sip:zora.quill@brightmoor.example
";

impl Demo {
    /// The word that stands after `before` in what the demo said.
    fn said_after(&self, before: &str) -> &str {
        let found = self.links.split_once(before).and_then(|(_, rest)| rest.split_whitespace().next());
        found.unwrap_or_else(|| panic!("the demo did not say {before}: {}", self.links))
    }

    /// Puts the newcomer into the directory of Brightmoor.
    fn hire(&self) {
        let tenants = fs::read_dir(self.folder.join("sources")).unwrap();
        let file = tenants.map(|tenant| tenant.unwrap().path().join("brightmoor.ldif")).find(|file| file.exists());
        let mut file = OpenOptions::new().append(true).open(file.unwrap()).unwrap();
        file.write_all(ENTRY.as_bytes()).unwrap();
    }
}

/// What `script` of the browser's drivers said, which ended well.
pub(crate) fn driven(script: &str, given: &Value) -> String {
    let script = format!("{}/../web/e2e/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut driver = Command::new("node");
    driver.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut driver = driver.spawn().expect("node is missing and the tests need it");
    driver.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
    let ended = driver.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    said
}

/// See `web/e2e/first-start.mjs` for what is done there.
#[test]
fn a_gateway_that_was_just_started_is_set_up_and_read_about_in_a_browser() {
    let program = Program::start(env!("CARGO_BIN_EXE_switchboard-under-test"), "");

    let said = driven("first-start.mjs", &json!({ "url": program.url, "token": program.setup_token() }));

    assert!(said.lines().count() == 3 && said.lines().all(|line| line.starts_with("ok ")), "{said}");
}

#[test]
fn every_page_is_sound_in_both_languages_and_a_contact_comes_and_goes() {
    let demo = Demo::start();
    demo.hire();
    let given = json!({
        "url": demo.gateway,
        "link": demo.said_after("Portal of Brightmoor"),
        "tenant": "Brightmoor Instruments",
        "password": demo.said_after("the password"),
        "newcomer": NEWCOMER,
        "folder": demo.folder.join("sources"),
    });

    let said = driven("portal-live.mjs", &given);

    assert!(said.lines().count() == 18 && said.lines().all(|line| line.starts_with("ok ")), "{said}");
}

/// See `web/e2e/smoke-live.mjs` for what is done there.
#[test]
fn a_browser_does_the_same_over_postgresql() {
    let server = postgres::server();
    let database = server.create();
    let place = Place::of(&server.url(&database), "");
    let serving = place.serve();

    let said = driven("smoke-live.mjs", &json!({ "url": place.url(), "token": setup_token(&serving.log()) }));

    assert!(said.lines().count() == 11 && said.lines().all(|line| line.starts_with("ok ")), "{said}");
    drop(serving);
    server.remove(&database);
}

/// See `web/e2e/operator-live.mjs` for what is done there.
#[test]
fn two_people_show_and_see_presence_with_the_operator() {
    let program = Program::start(env!("CARGO_BIN_EXE_switchboard-under-test"), "");

    let said = driven("operator-live.mjs", &json!({ "url": program.url, "token": program.setup_token() }));

    assert!(said.lines().count() == 7 && said.lines().all(|line| line.starts_with("ok ")), "{said}");
}

/// See `web/e2e/hostile-live.mjs` for what is done there.
#[test]
fn hostile_values_are_texts_on_every_page_and_in_the_widget() {
    let folder = new_folder();
    let settings = format!("[sources]\nfile_folder = \"{}\"", folder.join("sources").display());
    let program = Program::start(env!("CARGO_BIN_EXE_switchboard-under-test"), &settings);
    let given = json!({ "url": program.url, "token": program.setup_token(), "folder": folder });

    let said = driven("hostile-live.mjs", &given);

    assert!(said.lines().count() == 5 && said.lines().all(|line| line.starts_with("ok ")), "{said}");
}

/// See `web/e2e/sign-in-live.mjs` for what is done there.
#[tokio::test(flavor = "multi_thread")]
async fn a_user_signs_in_at_the_page_of_an_identity_provider_in_a_browser() {
    let here = "[sources.outbound]\nis_loopback_allowed = true";
    let program = Program::start(env!("CARGO_BIN_EXE_switchboard-under-test"), here);
    let provider = IdentityProvider::start(&program.url);
    let (admin, tenant) = Client::of_new_tenant(&program).await;
    admin.make(&format!("/tenants/{tenant}/users"), json!({"name": "anna", "upn": "anna@example.com"})).await;
    let work = json!({
        "name": "Work", "issuer": provider.issuer, "client_id": CLIENT_ID, "is_linking_allowed": true,
    });
    let work = admin.make(&format!("/tenants/{tenant}/identity_providers"), work).await;
    let secret = Some(json!({ "secret": CLIENT_SECRET }));
    admin.ask(Method::PUT, &format!("/tenants/{tenant}/identity_providers/{work}/secret"), secret).await;
    let given = json!({ "url": program.url, "tenant": "Example", "name": "anna@example.com" });

    let said = tokio::task::spawn_blocking(move || driven("sign-in-live.mjs", &given)).await.expect("it ends");

    assert!(said.lines().count() == 3 && said.lines().all(|line| line.starts_with("ok ")), "{said}");
}
