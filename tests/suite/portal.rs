//! The administrators' portal as the program itself serves it, worked with in a real Chromium: see
//! `web/e2e/portal-live.mjs` for what is done there.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::server::demo::Demo;

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
    });

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/e2e/portal-live.mjs");
    let mut driver = Command::new("node");
    driver.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut driver = driver.spawn().expect("node is missing and the tests need it");
    driver.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
    let ended = driver.wait_with_output().unwrap();

    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.lines().count() == 10 && said.lines().all(|line| line.starts_with("ok ")), "{said}");
}
