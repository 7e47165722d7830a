//! Signing in by a real identity provider.

use std::time::Duration;

use directory_model::clock::{Clock, SystemClock};
use http::Method;
use reqwest::Url;
use serde_json::{Value, json};
use suite::app::{Answer, As};
use suite::backend::TestDatabase;
use suite::oidc::{CLIENT_ID, CLIENT_SECRET, IdentityProvider, OTHER_CLIENT};
use suite::on_each_backend;

use super::{Office, PASSWORD};

/// The gateway's address, as it is registered at the provider.
const GATEWAY: &str = "http://127.0.0.1:8080";

/// A tenant whose users sign in by a provider.
struct World {
    office: Office,
    provider: IdentityProvider,
    /// The provider, as the gateway keeps it.
    id: String,
}

/// A sign-in that was begun.
struct Begun {
    url: String,
    browser: As,
}

impl World {
    async fn open(db: TestDatabase) -> Self {
        // The provider's clock is the system's.
        db.clock.set(SystemClock.now());
        let office = Office::open(db).await;
        let provider = IdentityProvider::start(GATEWAY);
        let id = office.make("/identity_providers", fields(&provider.issuer)).await;
        let secret = Some(json!({"secret": CLIENT_SECRET}));
        let path = format!("/identity_providers/{id}/secret");
        assert_eq!(office.ask(Method::PUT, &path, secret).await.status, 204);
        Self { office, provider, id }
    }

    async fn change(&self, change: Value) {
        let path = format!("/identity_providers/{}", self.id);
        let shown = self.office.ask(Method::GET, &path, None).await;
        let revision = shown.json["revision"].to_string();
        let changed = self.office.patch(&path, &revision, change).await;
        assert_eq!(changed.status, 200, "{}", changed.json);
    }

    async fn try_begin(&self) -> Answer {
        // Long enough not to be taken for somebody who guesses.
        self.office.db.clock.advance(Duration::from_secs(15));
        let path = format!("/api/v1/session/providers/{}", self.id);
        let to = json!({"to": "/account"});
        self.office.gateway.ask(&As::default(), Method::POST, &path, Some(&to)).await
    }

    async fn begin(&self) -> Begun {
        let answer = self.try_begin().await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        let kept = answer.header("set-cookie");
        assert!(kept.contains("HttpOnly; SameSite=Lax; Max-Age=600"), "{kept}");
        let cookie = kept.split(';').next().map(str::to_owned);
        let url = answer.json["url"].as_str().expect("an address").to_owned();
        Begun { url, browser: As { cookie, ..As::default() } }
    }

    async fn come_back(&self, browser: &As, place: &Url) -> Answer {
        let path = format!("{}?{}", place.path(), place.query().unwrap_or_default());
        self.office.gateway.ask(browser, Method::GET, &path, None).await
    }

    /// Signs `name` in at the provider; says where in the portal that ends.
    async fn sign_in(&self, name: &str) -> Answer {
        let begun = self.begin().await;
        let place = self.provider.sign_in(&begun.url, name).await;
        assert!(place.as_str().starts_with(&format!("{GATEWAY}/api/v1/session/callback?code=")), "{place}");
        self.come_back(&begun.browser, &place).await
    }
}

fn fields(issuer: &str) -> Value {
    json!({"name": "Work", "issuer": issuer, "client_id": CLIENT_ID, "is_linking_allowed": true})
}

/// Where in the portal an answer leads.
fn place(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.json);
    answer.header("location").to_owned()
}

/// The session that an answer begins.
fn session(answer: &Answer) -> As {
    assert_eq!(place(answer), "/portal/account");
    let mut cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let cookie = cookies.find(|cookie| cookie.starts_with("switchboard_session="));
    As { cookie: cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned), ..As::default() }
}

fn with(url: &str, name: &str, value: &str) -> Url {
    let mut url = Url::parse(url).expect("an address");
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let changed =
        pairs.into_iter().map(|(known, old)| if known == name { (known, value.to_owned()) } else { (known, old) });
    let changed: Vec<_> = changed.collect();
    url.query_pairs_mut().clear().extend_pairs(changed);
    url
}

on_each_backend! {
    async fn a_user_signs_in_is_linked_and_signs_out(db: TestDatabase) {
        let world = World::open(db).await;
        let (office, gateway) = (&world.office, &world.office.gateway);
        let anna = office.make("/users", json!({"name": "a.example", "upn": "Anna@Example.com"})).await;
        let offered = gateway.ask(&As::default(), Method::GET, "/api/v1/session/providers?tenant=acme", None).await;
        assert_eq!(offered.json, json!({"items": [{"id": world.id, "name": "Work"}]}));

        let who = session(&world.sign_in("anna@example.com").await);

        let shown = gateway.ask(&who, Method::GET, "/api/v1/session", None).await;
        assert_eq!(shown.json["user"], anna.as_str());
        let trail = office.ask(Method::GET, "/audit?limit=100", None).await.json.to_string();
        assert!(trail.contains("\"subject\":\"anna@example.com\""), "{trail}");
        // From now on the name may change: the subject counts.
        let renamed = office.ask(Method::GET, &format!("/users/{anna}"), None).await.json["revision"].to_string();
        let renaming = json!({"name": "other", "upn": null});
        assert_eq!(office.patch(&format!("/users/{anna}"), &renamed, renaming).await.status, 200);
        let again = session(&world.sign_in("anna@example.com").await);
        let shown = gateway.ask(&again, Method::GET, "/api/v1/session", None).await;
        assert_eq!(shown.json["user"], anna.as_str());

        let who = As { csrf_token: shown.json["csrf_token"].as_str().map(str::to_owned), ..again };
        let left = gateway.ask(&who, Method::DELETE, "/api/v1/session", None).await;
        let url = Url::parse(left.json["url"].as_str().expect("an address")).expect("an address");
        assert_eq!(url.as_str().split('?').next(), Some(format!("{}/session/end", world.provider.issuer).as_str()));
        assert!(url.query_pairs().any(|(name, value)| name == "post_logout_redirect_uri" && value == format!("{GATEWAY}/portal/sign-in")));
        assert_eq!(gateway.ask(&who, Method::GET, "/api/v1/session", None).await.status, 401);
    }

    async fn only_who_is_a_user_gets_in(db: TestDatabase) {
        let world = World::open(db).await;
        let office = &world.office;
        assert_eq!(place(&world.sign_in("anna").await), "/portal/sign-in?failed=unknown", "nobody is made");
        let anna = office.user("anna").await;
        let other = office.db.tenant("Other").await;
        office.db.user(other, "carla").await;
        assert_eq!(place(&world.sign_in("carla").await), "/portal/sign-in?failed=unknown", "of another tenant");

        world.change(json!({"is_linking_allowed": false})).await;
        assert_eq!(place(&world.sign_in("anna").await), "/portal/sign-in?failed=unknown", "not linked");
        world.change(json!({"is_linking_allowed": true, "name_claim": "email"})).await;
        assert_eq!(place(&world.sign_in("anna").await), "/portal/sign-in?failed=unknown", "that is her name, not her address");
        office.make("/users", json!({"name": "mm", "upn": "mallory@example.com"})).await;
        assert_eq!(place(&world.sign_in("mallory").await), "/portal/sign-in?failed=unknown", "not verified");
        world.change(json!({"name_claim": "preferred_username"})).await;
        let who = session(&world.sign_in("ANNA").await);

        let taken = world.sign_in("anna").await;
        assert_eq!(place(&taken), "/portal/sign-in?failed=unknown", "anna is ANNA there, and nobody else");
        assert_eq!(office.ask(Method::DELETE, &format!("/users/{anna}/identities"), None).await.status, 204);
        session(&world.sign_in("anna").await);

        let revision = office.ask(Method::GET, &format!("/users/{anna}"), None).await.json["revision"].to_string();
        let disabling = office.patch(&format!("/users/{anna}"), &revision, json!({"is_disabled": true})).await;
        assert_eq!(disabling.status, 200);
        assert_eq!(place(&world.sign_in("anna").await), "/portal/sign-in?failed=disabled");
        assert_eq!(office.gateway.ask(&who, Method::GET, "/api/v1/session", None).await.status, 401);
    }

    async fn what_was_begun_is_finished_once_by_the_same_browser(db: TestDatabase) {
        let world = World::open(db).await;
        world.office.user("anna").await;
        let expired = "/portal/sign-in?failed=expired";

        let begun = world.begin().await;
        let back = world.provider.sign_in(&begun.url, "anna").await;
        let elsewhere = world.come_back(&As::default(), &back).await;
        assert_eq!(place(&elsewhere), expired, "another browser");
        assert_eq!(place(&world.come_back(&begun.browser, &back).await), expired, "it was tried");

        let begun = world.begin().await;
        let back = world.provider.sign_in(&begun.url, "anna").await;
        session(&world.come_back(&begun.browser, &back).await);
        assert_eq!(place(&world.come_back(&begun.browser, &back).await), expired, "replayed");

        let (first, second) = (world.begin().await, world.begin().await);
        let back = world.provider.sign_in(&first.url, "anna").await;
        assert_eq!(place(&world.come_back(&second.browser, &back).await), expired, "the other sign-in's browser");

        let begun = world.begin().await;
        let back = world.provider.sign_in(&begun.url, "anna").await;
        world.office.db.clock.advance(Duration::from_mins(10));
        assert_eq!(place(&world.come_back(&begun.browser, &back).await), expired, "too late");
    }

    async fn what_the_provider_says_must_hold(db: TestDatabase) {
        let world = World::open(db).await;
        world.office.user("anna").await;
        let untrusted = "/portal/sign-in?failed=untrusted";
        let refused = "/portal/sign-in?failed=refused";

        let begun = world.begin().await;
        let tampered = with(&begun.url, "nonce", "of another sign-in");
        let back = world.provider.sign_in(tampered.as_str(), "anna").await;
        assert_eq!(place(&world.come_back(&begun.browser, &back).await), untrusted, "wrong nonce");

        let begun = world.begin().await;
        let back = world.provider.sign_in(with(&begun.url, "client_id", OTHER_CLIENT).as_str(), "anna").await;
        assert_eq!(place(&world.come_back(&begun.browser, &back).await), refused, "a code for somebody else");

        let begun = world.begin().await;
        let back = world.provider.sign_in(&begun.url, "anna").await;
        let other = with(back.as_str(), "iss", "https://evil.example.com");
        assert_eq!(place(&world.come_back(&begun.browser, &other).await), untrusted, "another issuer");

        let begun = world.begin().await;
        let mut back = world.provider.sign_in(&begun.url, "anna").await;
        back.set_query(back.query().map(|query| query.replace("code=", "error=access_denied&x=")).as_deref());
        assert_eq!(place(&world.come_back(&begun.browser, &back).await), refused, "the user declined");

        session(&world.sign_in("anna").await);

        let begun = world.begin().await;
        let back = world.provider.sign_in(&begun.url, "anna").await;
        world.office.db.clock.advance(Duration::from_mins(7));
        assert_eq!(place(&world.come_back(&begun.browser, &back).await), untrusted, "expired");

        let secret = Some(json!({"secret": "wrong"}));
        let path = format!("/identity_providers/{}/secret", world.id);
        assert_eq!(world.office.ask(Method::PUT, &path, secret).await.status, 204);
        assert_eq!(place(&world.sign_in("anna").await), refused, "we are not who we were");
    }

    async fn a_new_key_is_found_and_a_provider_that_is_away_is_said_to_be(db: TestDatabase) {
        let world = World::open(db).await;
        world.office.user("anna").await;
        session(&world.sign_in("anna").await);

        world.provider.rotate().await;
        world.office.db.clock.advance(Duration::from_secs(15));
        session(&world.sign_in("anna").await);

        let begun = world.begin().await;
        let back = world.provider.sign_in(&begun.url, "anna").await;
        let World { office, provider, id } = world;
        provider.stop();
        let path = format!("{}?{}", back.path(), back.query().unwrap_or_default());
        let answer = office.gateway.ask(&begun.browser, Method::GET, &path, None).await;
        assert_eq!(place(&answer), "/portal/sign-in?failed=away");
        office.db.clock.advance(Duration::from_mins(11));
        let path = format!("/api/v1/session/providers/{id}");
        let answer = office.gateway.ask(&As::default(), Method::POST, &path, Some(&json!({}))).await;
        assert_eq!(answer.problem(), "503 temporarily_unavailable");
    }

    async fn a_provider_that_is_switched_off_signs_nobody_in(db: TestDatabase) {
        let world = World::open(db).await;
        world.office.user("anna").await;
        let who = session(&world.sign_in("anna").await);
        let begun = world.begin().await;
        let back = world.provider.sign_in(&begun.url, "anna").await;

        world.change(json!({"is_enabled": false})).await;

        let is_in = world.office.gateway.ask(&who, Method::GET, "/api/v1/session", None).await;
        assert_eq!(is_in.status, 401, "sessions that began by it have ended");
        assert_eq!(place(&world.come_back(&begun.browser, &back).await), "/portal/sign-in?failed=unknown");
        assert_eq!(world.try_begin().await.problem(), "404 not_found");
        let offered = "/api/v1/session/providers?tenant=Acme";
        let offered = world.office.gateway.ask(&As::default(), Method::GET, offered, None).await;
        assert_eq!(offered.json, json!({"items": []}));
    }

    async fn a_second_factor_is_the_providers_affair(db: TestDatabase) {
        let world = World::open(db).await;
        let office = &world.office;
        office.user("anna").await;
        let tenant = office.gateway.ask(&office.admin, Method::GET, &office.at(""), None).await;
        let revision = tenant.json["revision"].to_string();
        assert_eq!(office.patch("", &revision, json!({"is_second_factor_required": true})).await.status, 200);

        let who = session(&world.sign_in("anna").await);

        let shown = office.gateway.ask(&who, Method::GET, "/api/v1/session", None).await;
        assert_eq!(shown.json["is_second_factor_missing"], false);
        let body = json!({"tenant": "Acme", "name": "anna", "password": PASSWORD});
        let by_password = office.gateway.ask(&As::default(), Method::POST, "/api/v1/session", Some(&body)).await;
        assert_eq!(by_password.json["is_second_factor_missing"], true);
    }

    async fn a_secret_goes_with_another_issuer_and_is_never_shown(db: TestDatabase) {
        let office = Office::open(db).await;
        let id = office.make("/identity_providers", fields("https://id.example.com")).await;
        let path = format!("/identity_providers/{id}");
        let secret = Some(json!({"secret": CLIENT_SECRET}));
        assert_eq!(office.ask(Method::PUT, &format!("{path}/secret"), secret).await.status, 204);

        let shown = office.ask(Method::GET, &path, None).await;
        assert_eq!(shown.json["secret"], "present");
        assert_eq!(shown.json["redirect_uri"], format!("{GATEWAY}/api/v1/session/callback"));
        let change = json!({"issuer": "https://other.example.com"});
        let changed = office.patch(&path, &shown.json["revision"].to_string(), change).await;
        assert_eq!(changed.json["secret"], "absent");
        let taken = office.ask(Method::POST, "/identity_providers", Some(fields("https://id.example.com"))).await;
        assert_eq!(taken.problem(), "409 already_exists");
        let trail = office.ask(Method::GET, "/audit?limit=100", None).await.json.to_string();
        assert!(!trail.contains("s3cret"));
    }
}
