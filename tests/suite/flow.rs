//! The main job from end to end: slapd → sync → store → presence → feed → the widget in Chromium.

mod page;

use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};
use suite::picture::{color, is_near, jpeg};
use suite::program::{Client, Program};
use suite::slapd::{PEOPLE, Slapd};

use page::{Browser, Site};

const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard-under-test");
const LOOPBACK_ALLOWED: &str = "[sources.outbound]\nis_loopback_allowed = true";

/// Somebody of the directory.
const ANNA: &str = "uid=u000000";
const BEN: &str = "uid=u000001";

#[tokio::test(flavor = "multi_thread")]
async fn a_change_in_the_directory_and_a_claim_reach_the_visitor_without_reload() {
    let slapd = Slapd::with_people(8);
    slapd.set(&format!("{ANNA},{PEOPLE}"), "displayName", "Anna Adams").await;
    slapd.set(&format!("{BEN},{PEOPLE}"), "displayName", "Ben Berg").await;
    let program = tokio::task::spawn_blocking(|| Program::start(PROGRAM, LOOPBACK_ALLOWED)).await.unwrap();
    let (admin, tenant) = Client::of_new_tenant(&program).await;
    let base = format!("/tenants/{tenant}");

    // The directory goes in.
    let source = admin.make(&format!("{base}/sources"), ldap(&slapd)).await;
    let secret = Some(json!({ "secret": slapd.secret().expose() }));
    admin.ask(Method::PUT, &format!("{base}/sources/{source}/secret"), secret).await;
    let run = admin.run(&tenant, &source).await;
    assert_eq!((&run["state"], &run["counts"]["created"]), (&json!("succeeded"), &json!(8)), "{run}");

    // A website shows who can be reached.
    let (anna, ben) = (find(&admin, &base, "Anna Adams").await, find(&admin, &base, "Ben Berg").await);
    admin.patch(&format!("{base}/contacts/{ben}"), json!({ "can_be_contacted_on_busy": true })).await;
    let site = Site::bound().await;
    let key = publish(&admin, &base, &site.host(), &[&anna, &ben]).await;
    for contact in [&anna, &ben] {
        say(&admin, &base, contact, "available").await;
    }
    let browser = Browser::open(site.open(&program.url, &key)).await;
    let (browser, card) = browser.card(json!({ "id": anna, "state": "available", "is_reachable": true })).await;
    assert_eq!(card["name"], "Anna Adams", "{card}");

    // Somebody's name and telephone change in the directory.
    slapd.set(&format!("{ANNA},{PEOPLE}"), "displayName", "Anna Berger").await;
    slapd.set(&format!("{ANNA},{PEOPLE}"), "telephoneNumber", "+49 30 555 0199").await;
    let run = admin.run(&tenant, &source).await;
    assert_eq!((&run["state"], &run["counts"]["updated"]), (&json!("succeeded"), &json!(1)), "{run}");
    let (browser, _) = browser.card(json!({ "id": anna, "name": "Anna Berger", "phone": "+49305550199" })).await;

    // Busy: unreachable without "on busy", reachable with it, within a second.
    say(&admin, &base, &ben, "busy").await;
    say(&admin, &base, &anna, "busy").await;
    let said = Instant::now();
    let busy = json!({ "id": anna, "state": "busy", "is_reachable": false, "timeout_ms": 1000 });
    let (browser, card) = browser.card(busy).await;
    assert!(said.elapsed().as_millis() < 1000, "took {:?}", said.elapsed());
    assert!(card["buttons"].as_array().unwrap().iter().all(|button| button["is_enabled"] == false), "{card}");
    let (browser, card) = browser.card(json!({ "id": ben, "state": "busy", "is_reachable": true })).await;
    assert!(card["buttons"].as_array().unwrap().iter().any(|button| button["is_enabled"] == true), "{card}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_in_the_directory_and_a_picture_for_a_state_reach_the_visitor_without_reload() {
    let [red, green, blue, yellow] = [[200, 40, 40], [40, 160, 60], [50, 60, 200], [220, 210, 40]];
    let slapd = Slapd::with_people(3);
    slapd.set(&format!("{ANNA},{PEOPLE}"), "displayName", "Anna Adams").await;
    let program = tokio::task::spawn_blocking(|| Program::start(PROGRAM, LOOPBACK_ALLOWED)).await.unwrap();
    let (admin, tenant) = Client::of_new_tenant(&program).await;
    let base = format!("/tenants/{tenant}");
    let source = admin.make(&format!("{base}/sources"), ldap(&slapd)).await;
    let secret = Some(json!({ "secret": slapd.secret().expose() }));
    admin.ask(Method::PUT, &format!("{base}/sources/{source}/secret"), secret).await;
    let run = admin.run(&tenant, &source).await;
    assert_eq!((&run["state"], &run["counts"]["photos"]), (&json!("succeeded"), &json!(0)), "{run}");
    let anna = find(&admin, &base, "Anna Adams").await;
    let site = Site::bound().await;
    let key = publish(&admin, &base, &site.host(), &[&anna]).await;
    say(&admin, &base, &anna, "available").await;
    let browser = Browser::open(site.open(&program.url, &key)).await;
    let (browser, card) = browser.card(json!({ "id": anna, "state": "available" })).await;
    assert_eq!(card["picture"], Value::Null, "nobody has a picture yet: {card}");

    // A photo comes into the directory, and another one.
    let mut browser = browser;
    let mut seen = String::new();
    for wanted in [red, green] {
        slapd.set(&format!("{ANNA},{PEOPLE}"), "jpegPhoto", jpeg(wanted)).await;
        let run = admin.run(&tenant, &source).await;
        assert_eq!((&run["state"], &run["counts"]["photos"]), (&json!("succeeded"), &json!(1)), "{run}");
        (browser, seen) = pictured(&admin, browser, json!({ "id": anna, "other_than": seen }), wanted).await;
    }

    // One for a state of its own is seen as long as the state lasts.
    let avatars = format!("{base}/contacts/{anna}/avatars");
    let first = admin.upload(&format!("{avatars}?statuses=busy"), jpeg(blue)).await;
    say(&admin, &base, &anna, "busy").await;
    let busy = json!({ "id": anna, "state": "busy", "other_than": seen });
    let (browser, shown) = pictured(&admin, browser, busy, blue).await;

    // While that state is shown its picture is replaced by another, which leaves the first for all other
    // states; then both are taken away.
    let second = admin.upload(&format!("{avatars}?statuses=busy"), jpeg(yellow)).await;
    let busy = json!({ "id": anna, "state": "busy", "other_than": shown });
    let (mut browser, _) = pictured(&admin, browser, busy, yellow).await;
    for (removed, picture, color) in [(second, &shown, blue), (first, &seen, green)] {
        let avatar = removed["avatar"]["id"].as_str().unwrap();
        admin.ask(Method::DELETE, &format!("{avatars}/{avatar}"), None).await;
        let left = json!({ "id": anna, "state": "busy", "picture": picture });
        (browser, _) = pictured(&admin, browser, left, color).await;
    }

    say(&admin, &base, &anna, "available").await;
    let back = json!({ "id": anna, "state": "available", "picture": seen });
    let (browser, _) = pictured(&admin, browser, back, green).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_reaches_nobody_asks_for_a_callback_and_the_portal_has_it() {
    let program = tokio::task::spawn_blocking(|| Program::start(PROGRAM, LOOPBACK_ALLOWED)).await.unwrap();
    let (admin, tenant) = Client::of_new_tenant(&program).await;
    let base = format!("/tenants/{tenant}");
    let anna = json!({ "display_name": "Anna Adams", "sip": "sip:anna@example.com" });
    let anna = admin.make(&format!("{base}/contacts"), anna).await;
    let site = Site::bound().await;
    let key = publish(&admin, &base, &site.host(), &[&anna]).await;
    let page = admin.get(&format!("{base}/publications")).await["items"][0]["id"].as_str().unwrap().to_owned();
    let takes = json!({ "when_unreachable": "callback", "enquiries": { "country": "DE" } });
    admin.patch(&format!("{base}/publications/{page}"), takes).await;
    say(&admin, &base, &anna, "available").await;
    let browser = Browser::open(site.open(&program.url, &key)).await;
    let (browser, _) = browser.card(json!({ "id": anna, "is_reachable": true })).await;

    // Nobody can be reached any more.
    say(&admin, &base, &anna, "do_not_disturb").await;
    let browser = browser.sees(".open", "Ask for a callback").await;
    let browser = browser.runs("root.querySelector('.open').click()").await.sees(".send", "Send").await;
    let browser = browser
        .runs(
            "const set = (name, value) => { root.querySelector(`[name=${name}]`).value = value; };
             set('name', 'Erika Muster'); set('phone', '030 1234567'); set('text', 'After lunch, please');
             root.querySelector('[name=has_consented]').checked = true;
             root.querySelector('form').requestSubmit();",
        )
        .await;
    let browser = browser.sees(".said", "Thank you. We will call you back.").await;

    let kept = admin.get(&format!("{base}/enquiries?state=open")).await;
    let asker = &kept["items"][0]["asker"];
    assert_eq!((&asker["name"], &asker["phone"]), (&json!("Erika Muster"), &json!("+49301234567")), "{kept}");
    assert_eq!((&kept["items"][0]["publication"], &kept["items"][0]["kind"]), (&json!(page), &json!("callback")));
    browser.close().await;
}

/// Waits until a card is as `wanted` says, and looks at the picture that is seen there.
async fn pictured(admin: &Client, browser: Browser, wanted: Value, shown: [u8; 3]) -> (Browser, String) {
    let (browser, card) = browser.card(wanted).await;
    let address = card["picture"].as_str().unwrap_or_else(|| panic!("no picture: {card}")).to_owned();
    let file = admin.load(&address).await;
    assert!(is_near(color(&file), shown), "{:?} instead of {shown:?}", color(&file));
    (browser, address)
}

fn ldap(slapd: &Slapd) -> Value {
    let mut connection = serde_json::to_value(slapd.connection()).unwrap();
    connection["kind"] = "ldap".into();
    json!({ "name": "Directory", "connection": connection, "schedule": null })
}

async fn find(admin: &Client, base: &str, name: &str) -> String {
    let found = admin.get(&format!("{base}/contacts?q={}", name.replace(' ', "%20"))).await;
    found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("nobody is called {name}: {found}")).to_owned()
}

async fn say(admin: &Client, base: &str, contact: &str, availability: &str) {
    let manual = Some(json!({ "availability": availability }));
    admin.ask(Method::PUT, &format!("{base}/contacts/{contact}/presence/manual"), manual).await;
}

async fn publish(admin: &Client, base: &str, host: &str, contacts: &[&str]) -> String {
    let domain = json!({ "title": "Website", "hosts": [host], "is_http_allowed": true, "is_https_allowed": false });
    let domain = admin.make(&format!("{base}/domains"), domain).await;
    let fields = json!({ "title": "Team", "domains": [domain] });
    let publication = admin.make(&format!("{base}/publications"), fields).await;
    let path = format!("{base}/publications/{publication}");
    let entries: Vec<Value> = contacts.iter().map(|contact| json!({ "contact": contact })).collect();
    admin.ask(Method::PUT, &format!("{path}/entries"), Some(json!({ "entries": entries }))).await;
    admin.get(&path).await["key"].as_str().unwrap().to_owned()
}
