//! What the API answers, asked as the browser and programs ask it, without a socket.

mod auth;
mod avatars;
mod contact_list;
mod contacts;
mod enquiries;
mod groups;
mod hours;
mod identity;
mod input;
mod pages;
mod pins;
mod presence;
mod probe;
mod profiles;
mod report;
mod resources;
mod resubscribe;
mod rights;
mod second_factor;
mod seeds;
mod sessions;
mod synchronize;
mod system;
mod templates;
mod visitors;
mod watching;

use directory_model::id::TenantId;
use directory_model::rights::{Role, Scope};
use http::Method;
use serde_json::{Value, json};
use suite::app::{Answer, As, TestGateway};
use suite::backend::TestDatabase;

/// The password of users that tests make.
const PASSWORD: &str = "correct horse battery";

/// The session that an answer begins, as a browser shows it.
fn signed_in(answer: &Answer) -> As {
    assert_eq!(answer.status, 200, "{}", answer.json);
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let csrf_token = answer.json["csrf_token"].as_str().map(str::to_owned);
    As { token: None, cookie: Some(cookie), csrf_token }
}

/// A gateway with one tenant and its administrator.
struct Office {
    db: TestDatabase,
    gateway: TestGateway,
    admin: As,
    tenant: TenantId,
}

impl Office {
    async fn open(db: TestDatabase) -> Self {
        let gateway = TestGateway::over(&db.database, &db.clock);
        let platform = gateway.platform().await;
        let made = gateway.ask(&platform, Method::POST, "/api/v1/tenants", Some(&json!({"name": "Acme"}))).await;
        let tenant = made.id();
        let admin = gateway.token(tenant, "admin", Role::Tenant, Scope::Tenant(tenant)).await;
        Self { db, gateway, admin, tenant }
    }

    /// Asks as the tenant's administrator for something below the tenant.
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.gateway.ask(&self.admin, method, &self.at(path), body.as_ref()).await
    }

    /// Makes something, and says its identity.
    async fn make(&self, path: &str, body: Value) -> String {
        let answer = self.ask(Method::POST, path, Some(body)).await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        answer.id()
    }

    /// Changes something that is at `revision`.
    async fn patch(&self, path: &str, revision: &str, body: Value) -> Answer {
        let tag = format!("\"{revision}\"");
        let headers = [("if-match", tag.as_str())];
        self.gateway.ask_with(&self.admin, Method::PATCH, &self.at(path), &headers, Some(&body)).await
    }

    /// Makes a user who can sign in, and says its identity.
    async fn user(&self, name: &str) -> String {
        let user = self.make("/users", json!({"name": name})).await;
        let password = Some(json!({"password": PASSWORD}));
        assert_eq!(self.ask(Method::PUT, &format!("/users/{user}/password"), password).await.status, 204);
        user
    }

    fn at(&self, path: &str) -> String {
        format!("/api/v1/tenants/{}{path}", self.tenant)
    }
}
