//! The client for web pages, run in Node against the real program: see `web/e2e/rose.mjs`.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use super::Office;

#[tokio::test(flavor = "multi_thread")]
async fn the_typescript_client_looks_sets_loses_its_connection_and_comes_back() {
    let office = Office::open("").await;
    let (anna, bert) = (office.person("Anna", "agent").await, office.person("Bert", "agent").await);
    office.say(&bert.contact, "computer", 1, "active").await;
    let given = json!({ "url": office.program.url, "tenant": office.tenant, "anna": anna.token, "bert": bert.token,
        "berts": bert.sip });

    let said = tokio::task::spawn_blocking(move || {
        let script = format!("{}/../web/e2e/rose.mjs", env!("CARGO_MANIFEST_DIR"));
        let mut driver = Command::new("node");
        // Node has had one of its own since version 22; before, it is asked for.
        driver.args(["--experimental-websocket", "--no-warnings", &script]);
        driver.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut driver = driver.spawn().expect("node is missing and the tests need it");
        driver.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
        let ended = driver.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
        said
    });

    let said = said.await.unwrap();
    assert!(said.lines().count() == 6 && said.lines().all(|line| line.starts_with("ok ")), "{said}");
}
