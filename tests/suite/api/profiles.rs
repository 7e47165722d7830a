//! Presence profiles: selected by users, seen by everybody, explained.

use directory_model::id::{TenantId, UserId};
use directory_store::call_settings;
use http::Method;
use serde_json::{Value, json};
use suite::app::As;
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::Office;

/// An office with licences where Anna may use a client: her contact and her user.
async fn office_with_client(db: TestDatabase) -> (Office, String, String) {
    let office = Office::open(db).await;
    license(&office, 5).await;
    let contact = office.make("/contacts", json!({"display_name": "Anna"})).await;
    let user = office.make("/users", json!({"name": "anna", "contact": contact, "is_client_allowed": true})).await;
    (office, format!("/contacts/{contact}"), format!("/users/{user}"))
}

fn platform() -> As {
    As { token: Some(format!("sbt_platform-{}", TenantId::PLATFORM)), ..As::default() }
}

async fn license(office: &Office, licences: u32) {
    change_tenant(office, json!({"client_licences": licences})).await;
}

/// Changes the tenant as the platform does.
async fn change_tenant(office: &Office, change: Value) {
    let path = office.at("");
    let tag = office.gateway.ask(&platform(), Method::GET, &path, None).await.header("etag").to_owned();
    let headers = [("if-match", tag.as_str())];
    let answer = office.gateway.ask_with(&platform(), Method::PATCH, &path, &headers, Some(&change)).await;
    assert_eq!(answer.status, 200, "{}", answer.json);
}

/// Makes the calls of a user follow, as the server does when that is due; the list of devices that came of it.
async fn followed(office: &Office, user: &str) -> Value {
    let id: UserId = user.trim_start_matches("/users/").parse().expect("a user");
    office.db.write(office.tenant, move |tx| call_settings::follow(tx, id, false)).await;
    let settings = office.ask(Method::GET, &format!("{user}/call_settings"), None).await.json;
    assert_eq!(settings["state"], "applied", "{settings}");
    settings["extension_list"].clone()
}

async fn presence(office: &Office, contact: &str) -> Value {
    let why = office.ask(Method::GET, &format!("{contact}/presence/why"), None).await.json;
    json!([why["rule"], why["presence"]["availability"], why["presence"]["custom"]])
}

async fn call(office: &Office, contact: &str, version: i64, state: &str) {
    let origin = json!({"source": "pbx", "version": version});
    let body = json!({"origin": origin, "state": state, "ttl_seconds": 60});
    let answer = office.ask(Method::PUT, &format!("{contact}/claims/telephone"), Some(body)).await;
    assert_eq!(answer.status, 204, "{}", answer.json);
}

on_each_backend! {
    async fn who_may_use_clients_is_counted_without_who_may_not_sign_in(db: TestDatabase) {
        let office = Office::open(db).await;
        for (name, is_client_allowed, is_disabled) in
            [("anna", true, false), ("bert", true, true), ("carla", false, false)]
        {
            let user = json!({"name": name, "is_client_allowed": is_client_allowed, "is_disabled": is_disabled});
            office.make("/users", user).await;
        }

        let used = office.ask(Method::GET, "/clients", None).await;

        assert_eq!(used.json, json!({"licences": 0, "permitted": 1, "connected": 0, "users": [], "next": null}));
    }

    async fn a_user_selects_a_profile_with_a_message_and_why_names_it(db: TestDatabase) {
        let (office, contact, user) = office_with_client(db).await;
        let profile = format!("{user}/profile");
        let before = office.ask(Method::GET, &profile, None).await.json;
        assert_eq!(
            (&before["profile"], &before["is_fixed"], &before["may_select"], &before["mode"]),
            (&json!("available"), &json!(false), &json!(true), &json!("passive"))
        );

        let selection = json!({"profile": "lunch", "message": "until 2pm", "message_expires_at": "2126-01-01T00:00:00Z"});
        let selected = office.ask(Method::PUT, &profile, Some(selection)).await;

        assert_eq!(selected.status, 200, "{}", selected.json);
        assert_eq!((&selected.json["colour"], &selected.json["message"]), (&json!("away"), &json!("until 2pm")));
        assert_eq!(presence(&office, &contact).await, json!(["profile", "away", "Lunch"]));
        let why = office.ask(Method::GET, &format!("{contact}/presence/why"), None).await.json;
        let claim = &why["claims"][0]["claim"];
        assert_eq!((&claim["kind"], &claim["device"]), (&json!("profile"), &json!("lunch")));
        let notes = office.ask(Method::GET, &format!("{contact}/notes"), None).await.json;
        assert_eq!(notes["items"][0]["text"], "until 2pm");
        // What is said by hand goes before it, and taking that back brings it back.
        office.ask(Method::PUT, &format!("{contact}/presence/manual"), Some(json!({"availability": "busy"}))).await;
        assert_eq!(presence(&office, &contact).await, json!(["own_word", "busy", null]));
        office.ask(Method::DELETE, &format!("{contact}/presence/manual"), None).await;
        assert_eq!(presence(&office, &contact).await, json!(["profile", "away", "Lunch"]));
    }

    async fn busy_comes_by_itself_and_only_over_an_available_profile(db: TestDatabase) {
        let (office, contact, user) = office_with_client(db).await;
        let profile = format!("{user}/profile");
        let colour = async || office.ask(Method::GET, &profile, None).await.json["colour"].clone();

        office.ask(Method::PUT, &profile, Some(json!({"profile": "working_from_home"}))).await;
        call(&office, &contact, 1, "in_call").await;
        assert_eq!(presence(&office, &contact).await, json!(["call", "busy", null]));
        assert_eq!(colour().await, "busy");
        call(&office, &contact, 2, "idle").await;
        assert_eq!(presence(&office, &contact).await, json!(["profile", "available", "Working from Home"]));
        assert_eq!(colour().await, "available");
        office.ask(Method::PUT, &profile, Some(json!({"profile": "on_holiday"}))).await;
        call(&office, &contact, 3, "in_call").await;
        assert_eq!(presence(&office, &contact).await, json!(["profile", "away", "On Holiday"]));
        assert_eq!(colour().await, "away");
    }

    async fn a_user_without_a_client_is_available_and_selects_nothing(db: TestDatabase) {
        let (office, ..) = office_with_client(db).await;
        let id = office.make("/contacts", json!({"display_name": "Bert"})).await;
        let user = office.make("/users", json!({"name": "bert", "contact": id})).await;
        let (contact, profile) = (format!("/contacts/{id}"), format!("/users/{user}/profile"));
        // The test's gateway follows no changes of users: whoever changes presence tells the book.
        office.ask(Method::PUT, &format!("{contact}/presence/out_of_office"), Some(json!({}))).await;

        assert_eq!(presence(&office, &contact).await, json!(["fixed_profile", "available", null]));
        let shown = office.ask(Method::GET, &profile, None).await.json;
        assert_eq!((&shown["is_fixed"], &shown["may_select"]), (&json!(true), &json!(false)));
        let refused = office.ask(Method::PUT, &profile, Some(json!({"profile": "lunch"}))).await;
        assert_eq!(refused.problem(), "409 not_possible_now");
        let chosen = format!("/users/{user}/profile_overrides/lunch");
        let refused = office.ask(Method::PUT, &chosen, Some(json!({"do_not_disturb": false}))).await;
        assert_eq!(refused.problem(), "409 not_possible_now");
        call(&office, &contact, 1, "in_call").await;
        assert_eq!(presence(&office, &contact).await, json!(["call", "busy", null]));
    }

    async fn profiles_are_made_changed_and_refused_clearly(db: TestDatabase) {
        let (office, contact, user) = office_with_client(db).await;
        let list = office.ask(Method::GET, "/presence_profiles", None).await.json;
        assert_eq!(list["items"].as_array().map(Vec::len), Some(11));
        let body = json!({"name": "Trade fair", "status": "unavailable", "absence": "do_not_disturb", "labels": {"de": "Messe"}});
        let fair = office.make("/presence_profiles", body).await;
        let at = format!("/presence_profiles/{fair}");

        let selected = office.ask(Method::PUT, &format!("{user}/profile"), Some(json!({"profile": fair}))).await;

        assert_eq!(selected.json["name"], "Trade fair");
        assert_eq!(presence(&office, &contact).await, json!(["profile", "do_not_disturb", "Trade fair"]));
        assert_eq!(office.ask(Method::DELETE, &at, None).await.problem(), "409 not_possible_now");
        assert_eq!(office.patch(&at, "1", json!({"absence": "away"})).await.json["availability"], "away");
        for (path, body, problem) in [
            ("/presence_profiles", json!({"name": "Lunch", "status": "available"}), "422 invalid_value name:duplicate"),
            ("/presence_profiles", json!({"name": "trade FAIR", "status": "available"}), "409 already_exists"),
        ] {
            assert_eq!(office.ask(Method::POST, path, Some(body)).await.problem(), problem);
        }
        let of_lunch = office.patch("/presence_profiles/lunch", "0", json!({"status": "available"})).await;
        assert_eq!(of_lunch.problem(), "409 not_possible_now");
        let nowhere = office.ask(Method::PUT, &format!("{user}/profile"), Some(json!({"profile": "nap"}))).await;
        assert_eq!(nowhere.status, 422, "{}", nowhere.json);
        let past = json!({"profile": "lunch", "message": "x", "message_expires_at": "2001-01-01T00:00:00Z"});
        let refused = office.ask(Method::PUT, &format!("{user}/profile"), Some(past)).await;
        assert_eq!(refused.problem(), "422 invalid_value message_expires_at:format");
        let rings = json!({"rings": [{"kind": "device", "name": "Desk", "seconds": 1}]});
        let refused = office.ask(Method::PUT, &format!("{user}/profile_overrides/lunch"), Some(rings)).await;
        assert_eq!(refused.problem(), "422 invalid_value rings[0].seconds:out_of_range");
    }

    async fn a_client_profile_that_allows_no_selection_brings_everybody_back(db: TestDatabase) {
        let (office, contact, user) = office_with_client(db).await;
        let strict = office.make("/client_profiles", json!({"name": "Readers", "may_select_presence": false})).await;
        office.ask(Method::PUT, &format!("{user}/profile"), Some(json!({"profile": "lunch"}))).await;
        let revision = office.ask(Method::GET, &user, None).await.json["revision"].to_string();

        let changed = office.patch(&user, &revision, json!({"client_profile": strict})).await;

        assert_eq!(changed.status, 200, "{}", changed.json);
        let shown = office.ask(Method::GET, &format!("{user}/profile"), None).await.json;
        assert_eq!(
            (&shown["profile"], &shown["may_select"], &shown["selected_at"]),
            (&json!("available"), &json!(false), &json!(null))
        );
        let refused = office.ask(Method::PUT, &format!("{user}/profile"), Some(json!({"profile": "away"}))).await;
        assert_eq!(refused.problem(), "409 not_possible_now");
        let (revision, nobodys) = (changed.json["revision"].to_string(), json!({"client_profile": "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"}));
        let unknown = office.patch(&user, &revision, nobodys).await;
        assert_eq!(unknown.problem(), "422 invalid_value client_profile:unknown");
        assert_eq!(office.ask(Method::DELETE, "/client_profiles/default", None).await.problem(), "409 not_possible_now");
        // The word is gone for whoever looks, once somebody tells the book.
        office.ask(Method::PUT, &format!("{contact}/presence/out_of_office"), Some(json!({}))).await;
        assert_eq!(presence(&office, &contact).await, json!(["nothing_known", "unknown", null]));
    }

    async fn the_overrides_of_a_user_are_kept_and_taken_back(db: TestDatabase) {
        let (office, _, user) = office_with_client(db).await;
        let at = format!("{user}/profile_overrides/lunch");
        let choices = json!({
            "do_not_disturb": false,
            "forwarding": {"kind": "to", "target": "204"},
            "rings": [{"kind": "device", "name": "Desk", "seconds": 20}, {"kind": "number", "target": "+493012345600", "seconds": 30}],
        });

        assert_eq!(office.ask(Method::PUT, &at, Some(choices.clone())).await.status, 204);

        let list = office.ask(Method::GET, &format!("{user}/profile_overrides"), None).await.json;
        let mut expected = choices;
        expected["profile"] = json!("lunch");
        assert_eq!(list["items"], json!([expected]));
        assert_eq!(office.ask(Method::DELETE, &at, None).await.status, 204);
        assert_eq!(office.ask(Method::DELETE, &at, None).await.problem(), "404 not_found");
        let settings = format!("{user}/call_settings");
        let own = office.ask(Method::PUT, &settings, Some(json!({"forward_on_no_answer": "sip:desk@example.com"}))).await;
        assert_eq!(own.json["forward_on_no_answer"], "sip:desk@example.com");
        assert_eq!(own.json["state"], "pending", "somebody looks whether they follow");
    }

    async fn a_list_of_devices_is_made_when_routing_is_customised_and_a_group_calls_it(db: TestDatabase) {
        let (office, _, user) = office_with_client(db).await;
        let fields = json!({"name": "Partner", "client_licences": 9, "presence_mode": "active"});
        let partner = office.gateway.ask(&platform(), Method::POST, "/api/v1/resellers", Some(&fields)).await;
        change_tenant(&office, json!({"reseller": partner.json["id"], "client_licences": 5})).await;
        let put = async |path: String, body: Option<Value>| {
            let answer = office.ask(Method::PUT, &path, body).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.json);
        };
        let choose = async |choices: Value| put(format!("{user}/profile_overrides/in_the_office"), Some(choices)).await;
        let desk = json!({"kind": "device", "name": "Desk", "seconds": 20});
        put(format!("{user}/profile"), Some(json!({"profile": "in_the_office"}))).await;
        assert_eq!(followed(&office, &user).await, Value::Null);

        // Where lists are off, which they are unless somebody wants them, customising makes none.
        choose(json!({"rings": [desk]})).await;
        assert_eq!(followed(&office, &user).await, Value::Null);
        assert_eq!(office.ask(Method::DELETE, &format!("{user}/profile_overrides/in_the_office"), None).await.status, 204);
        followed(&office, &user).await;
        // Where they are on, nobody has one who has customised no devices.
        change_tenant(&office, json!({"has_extension_lists": true})).await;
        assert_eq!(followed(&office, &user).await, Value::Null);
        choose(json!({"do_not_disturb": true})).await;
        assert_eq!(followed(&office, &user).await, Value::Null);

        // Neither the number that rings as well nor the forward is in the list.
        let number = json!({"kind": "number", "target": "204", "seconds": 20});
        let away = json!({"kind": "to", "target": "205"});
        choose(json!({"rings": [desk, number], "forwarding": away})).await;
        let list = followed(&office, &user).await;
        assert_eq!((&list["devices"], format!("/users/{}", list["user"].as_str().unwrap())), (&json!(["Desk"]), user.clone()));
        let settings = office.ask(Method::GET, &format!("{user}/call_settings"), None).await.json;
        assert_eq!((&settings["forwarding"], &settings["rings"][1]), (&away, &number), "calls for the user go on as chosen");

        let group = office.make("/groups", json!({"name": "Sales"})).await;
        let (lists, id) = (format!("/groups/{group}/extension_lists"), list["id"].as_str().unwrap());
        let called = async || office.ask(Method::GET, &lists, None).await.json["items"].clone();
        for _ in 0..2 {
            put(format!("{lists}/{id}"), None).await;
            assert_eq!(called().await, json!([list]), "once, however often it is added");
        }
        let nobodys = format!("{lists}/7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        assert_eq!(office.ask(Method::PUT, &nobodys, None).await.problem(), "404 not_found");
        // What rings is what is chosen now.
        choose(json!({"rings": [desk, {"kind": "device", "name": "Laptop", "seconds": 20}]})).await;
        followed(&office, &user).await;
        assert_eq!(called().await[0]["devices"], json!(["Desk", "Laptop"]));
        assert_eq!(office.ask(Method::DELETE, &format!("{lists}/{id}"), None).await.status, 204);
        assert_eq!(called().await, json!([]));
        assert_eq!(office.ask(Method::DELETE, &format!("{lists}/{id}"), None).await.problem(), "404 not_found");
        // Whoever switches them off again takes them from everybody.
        put(format!("{lists}/{id}"), None).await;
        change_tenant(&office, json!({"has_extension_lists": false})).await;
        assert_eq!(followed(&office, &user).await, Value::Null);
        assert_eq!(called().await, json!([]));
    }
}
