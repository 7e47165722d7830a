//! Parts of tenants, and rights that are given on.

use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::id::{GroupId, ResellerId, SiteId, TenantId};
use directory_model::rights::{Role, Scope};
use directory_model::timestamp::Timestamp;
use directory_model::user::UserFields;
use directory_model::valid::Check;
use directory_store::tokens::{self, NewToken};
use directory_store::{grants, users};
use gateway_api::hash_secret;
use http::Method;
use serde_json::{Value, json};
use suite::app::As;
use suite::on_each_backend;

use super::Office;

on_each_backend! {
    async fn whoever_runs_a_site_sees_and_moves_what_is_in_it(db: TestDatabase) {
        let office = Office::open(db).await;
        let (own, other) =
            (office.make("/sites", json!({"name": "Berlin"})).await, office.make("/sites", json!({"name": "Wien"})).await);
        for (name, site) in [("Anna", &own), ("Bert", &other), ("Carla", &own), ("Dora", &other)] {
            office.make("/contacts", json!({"display_name": name, "home_site": site})).await;
        }
        let site: SiteId = own.parse().expect("an identity");
        let chief = office.gateway.token(office.tenant, "chief", Role::Site, Scope::Site(site)).await;
        let contacts = office.at("/contacts");

        let seen = office.gateway.ask(&chief, Method::GET, &contacts, None).await;
        let sites = office.gateway.ask(&chief, Method::GET, &office.at("/sites"), None).await;

        let items = seen.json["items"].as_array().expect("items");
        let names: Vec<&str> = items.iter().filter_map(|item| item["shown_name"].as_str()).collect();
        assert_eq!(names, ["Anna", "Carla"]);
        assert_eq!(sites.json["items"].as_array().map(Vec::len), Some(1));
        let anna = format!("{contacts}/{}", items[0]["id"].as_str().expect("an identity"));
        let moved = json!({"home_site": other});
        let moved = office.gateway.ask_with(&chief, Method::PATCH, &anna, &[("if-match", "\"1\"")], Some(&moved)).await;
        assert_eq!(moved.problem(), "422 invalid_value home_site:beyond_own_rights");
    }

    async fn a_contact_that_is_only_seen_is_not_drawn_into_ones_own_group(db: TestDatabase) {
        let office = Office::open(db).await;
        let site = office.make("/sites", json!({"name": "Berlin"})).await;
        let group = office.make("/groups", json!({"name": "Team"})).await;
        let anna = office.make("/contacts", json!({"display_name": "Anna", "home_site": site})).await;
        let own: GroupId = group.parse().expect("an identity");
        let place: SiteId = site.parse().expect("an identity");
        let roles = [(Role::Group, Scope::Group(own)), (Role::Agent, Scope::Site(place))];
        let chief = with_roles(&office, roles).await;
        let member = office.at(&format!("/groups/{group}/members/{anna}"));
        let contact = office.at(&format!("/contacts/{anna}"));

        let seen = office.gateway.ask(&chief, Method::GET, &contact, None).await;
        let added = office.gateway.ask(&chief, Method::PUT, &member, None).await;
        let removed = office.gateway.ask_with(&chief, Method::DELETE, &contact, &[("if-match", "\"1\"")], None).await;

        assert_eq!(seen.status, 200, "{}", seen.json);
        assert_eq!(added.problem(), "404 not_found");
        assert_eq!(removed.problem(), "403 forbidden");
        assert_eq!(office.gateway.ask(&office.admin, Method::PUT, &member, None).await.status, 204);
        assert_eq!(office.gateway.ask(&chief, Method::DELETE, &member, None).await.status, 204);
    }
}

/// A user who holds `roles`, and a token that cuts nothing off them.
async fn with_roles(office: &Office, roles: [(Role, Scope); 2]) -> As {
    let cut = (Role::Tenant, Scope::Tenant(office.tenant));
    with_roles_in(office, office.tenant, &roles, cut).await
}

/// The names of the tenants that somebody is shown, page by page.
async fn tenants_of(office: &Office, who: &As) -> Vec<String> {
    let (mut names, mut path) = (Vec::new(), "/api/v1/tenants?limit=1".to_owned());
    loop {
        let page = office.gateway.ask(who, Method::GET, &path, None).await;
        let items = page.json["items"].as_array().expect("items");
        assert_eq!(items.len(), 1, "{}", page.json);
        names.extend(items.iter().filter_map(|item| item["name"].as_str().map(str::to_owned)));
        let Some(next) = page.json["next"].as_str() else { return names };
        path = format!("/api/v1/tenants?limit=1&after={next}");
    }
}

/// The same in any tenant, with a token that cuts the user's rights down to `cut`.
async fn with_roles_in(office: &Office, tenant: TenantId, roles: &[(Role, Scope)], cut: (Role, Scope)) -> As {
    let secret = format!("sbt_chief_{cut:?}");
    let secret_hash = hash_secret(&secret);
    let roles = roles.to_vec();
    let origin = Origin { actor: Actor::System, request: None, at: office.db.clock.now() };
    let fields = UserFields { name: "chief".into(), ..UserFields::default() }.check().expect("a user");
    let writing = office.db.database.write(tenant, origin, move |tx| {
        let user = users::insert(tx, &fields)?.id;
        for (role, scope) in roles {
            grants::insert(tx, user, role, scope)?;
        }
        let ((role, scope), expires_at) = (cut, Timestamp::MAX);
        tokens::insert(tx, &NewToken { user, name: "chief".into(), role, scope, secret_hash, expires_at })
    });
    writing.await.expect("the store writes").expect("the tenant exists");
    As { token: Some(secret), ..As::default() }
}

on_each_backend! {
    async fn roles_are_given_downwards_only(db: TestDatabase) {
        let office = Office::open(db).await;
        let user = office.make("/users", json!({"name": "somebody"})).await;
        let scope = json!({"kind": "tenant", "id": office.tenant});

        for (role, scope, problem) in [
            ("site", &scope, "201"),
            ("tenant", &scope, "422 invalid_value role:beyond_own_rights"),
            ("platform", &json!({"kind": "platform"}), "422 invalid_value scope:unknown"),
            ("agent", &json!({"kind": "tenant", "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}), "422 invalid_value scope:unknown"),
            ("agent", &json!({"kind": "site", "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}), "422 invalid_value scope:unknown"),
        ] {
            let body = json!({"user": user, "role": role, "scope": scope});
            let given = office.ask(Method::POST, "/grants", Some(body)).await;
            assert_eq!(given.problem(), problem, "{role} {scope}");
        }
    }

    async fn a_tenants_administrator_is_removed_from_above_only(db: TestDatabase) {
        let office = Office::open(db).await;
        let scope = Scope::Tenant(office.tenant);
        office.gateway.token(office.tenant, "equal", Role::Tenant, scope).await;
        let users = office.ask(Method::GET, "/users?q=equal", None).await;
        let equal = format!("/users/{}", users.json["items"][0]["id"].as_str().expect("an identity"));

        assert_eq!(office.ask(Method::DELETE, &equal, None).await.problem(), "403 forbidden");
        let platform =
            As { token: Some(format!("sbt_platform-{}", TenantId::PLATFORM)), ..As::default() };
        let removed = office.gateway.ask(&platform, Method::DELETE, &office.at(&equal), None).await;
        assert_eq!(removed.status, 204, "{}", removed.json);
    }

    async fn what_one_is_called_is_ones_own_to_change_and_the_rest_of_the_account_is_not(db: TestDatabase) {
        let office = Office::open(db).await;
        office.gateway.token(office.tenant, "equal", Role::Tenant, Scope::Tenant(office.tenant)).await;
        for (user, change, problem) in [
            ("admin", json!({"first_name": "Anna", "last_name": "Adams"}), "200"),
            ("admin", json!({"first_name": "Anne", "mail": "anne@example.com"}), "403 forbidden"),
            ("admin", json!({"last_name": null, "name": "root"}), "403 forbidden"),
            ("admin", json!({"last_name": "x".repeat(129)}), "422 invalid_value last_name:too_long"),
            ("equal", json!({"first_name": "Bert"}), "403 forbidden"),
        ] {
            let users = office.ask(Method::GET, &format!("/users?q={user}"), None).await;
            let (id, revision) = (users.json["items"][0]["id"].as_str(), users.json["items"][0]["revision"].to_string());
            let path = format!("/users/{}", id.expect("an identity"));
            assert_eq!(office.patch(&path, &revision, change.clone()).await.problem(), problem, "{user} {change}");
        }
        let users = office.ask(Method::GET, "/users?q=anna", None).await;
        assert_eq!(users.json["items"][0]["last_name"], "Adams");
    }

    async fn a_tenant_does_not_lift_its_own_limits(db: TestDatabase) {
        let office = Office::open(db).await;
        let tag = [("if-match", "\"1\"")];
        let path = office.at("");
        let platform =
            As { token: Some(format!("sbt_platform-{}", TenantId::PLATFORM)), ..As::default() };

        let lifted = json!({"client_licences": 9, "is_disabled": true});
        let lifted = office.gateway.ask_with(&office.admin, Method::PATCH, &path, &tag, Some(&lifted)).await;
        let switched = json!({"is_directory_sync_enabled": false});
        let from_above = office.gateway.ask_with(&platform, Method::PATCH, &path, &tag, Some(&switched)).await;
        let from_inside = office.gateway.ask_with(&office.admin, Method::PATCH, &path, &tag, Some(&switched)).await;

        assert_eq!(lifted.problem(), "422 invalid_value client_licences:beyond_own_rights is_disabled:beyond_own_rights");
        assert_eq!(from_above.problem(), "422 invalid_value is_directory_sync_enabled:beyond_own_rights");
        assert_eq!(from_inside.json["is_directory_sync_enabled"], false);
    }

    async fn whoever_works_for_several_resellers_sees_all_of_their_tenants(db: TestDatabase) {
        let office = Office::open(db).await;
        let platform = As { token: Some(format!("sbt_platform-{}", TenantId::PLATFORM)), ..As::default() };
        let make = async |path: &str, body: Value| {
            let made = office.gateway.ask(&platform, Method::POST, path, Some(&body)).await;
            assert_eq!(made.status, 201, "{}", made.json);
            made.id::<String>()
        };
        let mut resellers: Vec<ResellerId> = Vec::new();
        for (name, tenants) in [("North", ["Ahorn", "Dahlie"]), ("South", ["Birke", "Efeu"]), ("West", ["Clivia", "Farn"])] {
            let reseller = make("/api/v1/resellers", json!({"name": name})).await;
            for tenant in tenants {
                make("/api/v1/tenants", json!({"name": tenant, "reseller": reseller})).await;
            }
            resellers.push(reseller.parse().expect("an identity"));
        }
        let own = [0, 1].map(|at| (Role::Reseller, Scope::Reseller(resellers[at])));
        let both = with_roles_in(&office, TenantId::PLATFORM, &own, own[1]).await;

        assert_eq!(tenants_of(&office, &both).await, ["Birke", "Efeu"], "the token is for one of the two");
        let user = json!({"name": "signs-in"});
        let users = format!("/api/v1/tenants/{}/users", TenantId::PLATFORM);
        let user = make(&users, user).await;
        for reseller in &resellers[..2] {
            let grant = json!({"user": user, "role": "reseller", "scope": {"kind": "reseller", "id": reseller}});
            make(&format!("/api/v1/tenants/{}/grants", TenantId::PLATFORM), grant).await;
        }
        let password = json!({"password": "correct horse battery"});
        office.gateway.ask(&platform, Method::PUT, &format!("{users}/{user}/password"), Some(&password)).await;
        let signing_in = json!({"name": "signs-in", "password": "correct horse battery"});
        let session =
            office.gateway.ask(&As::default(), Method::POST, "/api/v1/session", Some(&signing_in)).await;
        let cookie = session.header("set-cookie").split(';').next().map(str::to_owned);
        let both = As { cookie, ..As::default() };
        assert_eq!(tenants_of(&office, &both).await, ["Ahorn", "Birke", "Dahlie", "Efeu"]);
    }
}
