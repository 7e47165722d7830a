//! Where somebody is signed in: seeing it, ending it, and being idle.

use std::time::Duration;

use directory_model::rights::{Role, Scope};
use directory_store::sessions::MAX_SESSIONS;
use http::Method;
use serde_json::json;
use suite::app::{Answer, As};
use suite::on_each_backend;

use super::{Office, PASSWORD, signed_in};

const UNATTENDED: [(&str, &str); 1] = [("x-unattended", "1")];

/// Signs a user of the tenant in with a browser that calls itself `agent`.
async fn sign_in(office: &Office, name: &str, agent: &str) -> Answer {
    let body = json!({"tenant": "Acme", "name": name, "password": PASSWORD});
    let headers = [("user-agent", agent)];
    office.gateway.ask_with(&As::default(), Method::POST, "/api/v1/session", &headers, Some(&body)).await
}

async fn agents(office: &Office, who: &As, user: &str) -> Vec<String> {
    let path = office.at(&format!("/users/{user}/sessions"));
    let listed = office.gateway.ask(who, Method::GET, &path, None).await;
    assert_eq!(listed.status, 200, "{}", listed.json);
    let items = listed.json["items"].as_array().expect("a list");
    items.iter().map(|item| item["user_agent"].as_str().unwrap_or_default().to_owned()).collect()
}

on_each_backend! {
    async fn one_sees_and_ends_ones_own_sessions(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.user("anna").await;
        office.user("ben").await;
        let first = sign_in(&office, "anna", "Firefox").await;
        let (here, id) = (signed_in(&first), first.id::<String>());
        let second = sign_in(&office, "anna", "Edge").await;
        let third = sign_in(&office, "anna", "Chrome").await;
        let ben = signed_in(&sign_in(&office, "ben", "Safari").await);
        let at = office.at(&format!("/users/{anna}/sessions"));
        let ask = async |who: &As, method: Method, path: &str| office.gateway.ask(who, method, path, None).await;

        assert_eq!(agents(&office, &here, &anna).await, ["Chrome", "Edge", "Firefox"]);
        assert_eq!(ask(&ben, Method::GET, &at).await.problem(), "404 not_found");
        assert_eq!(ask(&ben, Method::DELETE, &format!("{at}/{id}")).await.problem(), "404 not_found");
        let bens: String = office.gateway.ask(&ben, Method::GET, "/api/v1/session", None).await.id();
        assert_eq!(ask(&here, Method::DELETE, &format!("{at}/{bens}")).await.problem(), "404 not_found", "not hers");

        assert_eq!(ask(&here, Method::DELETE, &format!("{at}/{}", second.id::<String>())).await.status, 204);
        assert_eq!(ask(&signed_in(&second), Method::GET, "/api/v1/session").await.problem(), "401 not_signed_in");
        assert_eq!(ask(&signed_in(&third), Method::GET, "/api/v1/session").await.status, 200);
        assert_eq!(ask(&here, Method::DELETE, &at).await.status, 204);
        assert_eq!(agents(&office, &here, &anna).await, ["Firefox"]);
        assert_eq!(ask(&ben, Method::GET, "/api/v1/session").await.status, 200);
    }

    async fn an_administrator_ends_sessions_of_users_below(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.user("anna").await;
        office.gateway.token(office.tenant, "chief", Role::Tenant, Scope::Tenant(office.tenant)).await;
        let found = office.ask(Method::GET, "/users?q=chief", None).await;
        let chief = found.json["items"][0]["id"].as_str().expect("a user").to_owned();
        let theirs = signed_in(&sign_in(&office, "anna", "Firefox").await);

        assert_eq!(agents(&office, &office.admin, &anna).await, ["Firefox"]);
        let equal = office.ask(Method::GET, &format!("/users/{chief}/sessions"), None).await;
        assert_eq!(equal.problem(), "403 forbidden");
        assert_eq!(office.ask(Method::DELETE, &format!("/users/{anna}/sessions"), None).await.status, 204);

        let ended = office.gateway.ask(&theirs, Method::GET, "/api/v1/session", None).await;
        assert_eq!(ended.problem(), "401 not_signed_in");
        let trail = office.ask(Method::GET, "/audit?limit=1", None).await;
        assert_eq!(trail.json["items"][0]["act"], "sign_out");
        assert_eq!(trail.json["items"][0]["actor"]["kind"], "token");
    }

    async fn what_a_page_asks_by_itself_keeps_no_session_alive(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.user("anna").await;
        let who = signed_in(&sign_in(&office, "anna", "Firefox").await);
        let get = async |headers: &[(&str, &str)]| {
            office.gateway.ask_with(&who, Method::GET, "/api/v1/session", headers, None).await
        };

        office.db.clock.advance(Duration::from_mins(20));
        let left = get(&UNATTENDED).await.json["ends_in_seconds"].clone();
        assert_eq!(left, 10 * 60);
        assert_eq!(get(&[]).await.json["ends_in_seconds"], 30 * 60, "somebody is there");
        office.db.clock.advance(Duration::from_mins(29));
        assert_eq!(get(&UNATTENDED).await.json["ends_in_seconds"], 60);
        office.db.clock.advance(Duration::from_mins(1));
        assert_eq!(get(&UNATTENDED).await.problem(), "401 not_signed_in");
        assert_eq!(agents(&office, &office.admin, &anna).await, [""; 0], "an idle session is none");
    }

    async fn nobody_has_more_sessions_than_can_be_looked_through(db: TestDatabase) {
        let office = Office::open(db).await;
        let anna = office.user("anna").await;
        let first = signed_in(&sign_in(&office, "anna", "first").await);
        for number in 0..MAX_SESSIONS {
            office.db.clock.advance(Duration::from_secs(10));
            assert_eq!(sign_in(&office, "anna", &format!("{number}")).await.status, 200);
        }

        let all = agents(&office, &office.admin, &anna).await;
        assert_eq!((all.len(), all[0].as_str()), (usize::from(MAX_SESSIONS), "49"));
        let gone = office.gateway.ask(&first, Method::GET, "/api/v1/session", None).await;
        assert_eq!(gone.problem(), "401 not_signed_in");
    }
}
