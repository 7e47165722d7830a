//! Presence interface V2 of the running program, over a real `WebSocket`.

mod door;
mod faults;
mod isolation;
mod old_client;
mod own_word;
mod pictures;
mod rights;
mod transcript;
mod typescript;
mod watching;

use std::process::Command;
use std::time::Duration;

use directory_model::clock::{Clock, SystemClock};
use reqwest::Method;
use serde_json::{Value, json};
use suite::backend::new_folder;
use suite::program::{Client, PASSWORD, Program};
use suite::rose::Rose;

const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard-under-test");

/// The moment in so many seconds, by the clock that the program goes by.
fn soon(seconds: u64) -> String {
    SystemClock.now().plus(Duration::from_secs(seconds)).to_string()
}

/// A program with a tenant of some people who may use clients.
struct Office {
    program: Program,
    admin: Client,
    platform: Client,
    tenant: String,
}

/// Somebody with a contact and an API token.
struct Person {
    user: String,
    contact: String,
    sip: String,
    token: String,
}

impl Office {
    /// Starts it with ten licences.
    async fn open(settings: &'static str) -> Self {
        Self::open_with("", settings).await
    }

    async fn open_with(server_keys: &'static str, settings: &'static str) -> Self {
        let start = move || Program::start_in(new_folder(), Command::new(PROGRAM), server_keys, settings);
        let program = tokio::task::spawn_blocking(start).await.unwrap();
        let (admin, tenant) = Client::of_new_tenant(&program).await;
        let platform = admin.sign_in(None, "root").await;
        let office = Self { program, admin, platform, tenant };
        office.license(10).await;
        office
    }

    async fn license(&self, licences: u32) {
        self.platform.patch(&format!("/tenants/{}", self.tenant), json!({ "client_licences": licences })).await;
    }

    fn at(&self, path: &str) -> String {
        format!("/tenants/{}{path}", self.tenant)
    }

    /// Makes a contact, and says its identity.
    async fn contact(&self, name: &str) -> String {
        let sip = format!("sip:{}@example.org", name.to_lowercase());
        self.admin
            .make(&self.at("/contacts"), json!({ "display_name": name, "sip": sip, "work_phone": "+49 30 1234" }))
            .await
    }

    /// Makes somebody who has `role` in the whole tenant and may use a client.
    async fn person(&self, name: &str, role: &str) -> Person {
        let contact = self.contact(name).await;
        let fields = json!({ "name": name, "contact": contact, "is_client_allowed": true });
        let user = self.admin.make(&self.at("/users"), fields).await;
        let password = json!({ "password": PASSWORD });
        self.admin.ask(Method::PUT, &self.at(&format!("/users/{user}/password")), Some(password)).await;
        let scope = json!({ "kind": "tenant", "id": self.tenant });
        self.admin.make(&self.at("/grants"), json!({ "user": user, "role": role, "scope": scope })).await;
        let token = self.token(&user, role).await;
        Person { user, contact, sip: format!("sip:{}@example.org", name.to_lowercase()), token }
    }

    async fn token(&self, user: &str, role: &str) -> String {
        let scope = json!({ "kind": "tenant", "id": self.tenant });
        let token = json!({ "user": user, "name": "client", "role": role, "scope": scope, "expires_at": soon(3600) });
        let made = self.admin.ask(Method::POST, &self.at("/tokens"), Some(token)).await;
        made["secret"].as_str().unwrap().to_owned()
    }

    /// Signs in with somebody's client.
    async fn client(&self, person: &Person) -> Rose {
        Rose::with_token(&self.program.url, &self.tenant, &person.token).await.expect("a client is let in")
    }

    /// A telephone or the like says something about a contact.
    async fn say(&self, contact: &str, kind: &str, version: i64, state: &str) {
        let body = json!({ "origin": { "source": "pbx", "device": "4711", "version": version }, "state": state, "ttl_seconds": 3600 });
        self.admin.ask(Method::PUT, &self.at(&format!("/contacts/{contact}/claims/{kind}")), Some(body)).await;
    }

    async fn presence(&self, contact: &str) -> Value {
        self.admin.get(&self.at(&format!("/contacts/{contact}/presence"))).await
    }
}
