//! Presence by hand, by programs, and why.

use std::time::Duration;

use directory_model::clock::Clock;
use directory_model::rights::{Role, Scope};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;
use gateway_presence::facts::{FactChange, TenantFacts};
use http::Method;
use serde_json::{Value, json};
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::Office;

async fn office_with_anna(db: TestDatabase) -> (Office, String) {
    let office = Office::open(db).await;
    let facts = TenantFacts::new(&TenantFields::default());
    office.gateway.book.apply(office.tenant, vec![FactChange::Tenant(facts)]);
    let anna = office.make("/contacts", json!({"display_name": "Anna"})).await;
    (office, format!("/contacts/{anna}"))
}

on_each_backend! {
    async fn ones_own_word_counts_until_it_is_taken_back(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let manual = format!("{anna}/presence/manual");
        let presence = format!("{anna}/presence");

        let set = office.ask(Method::PUT, &manual, Some(json!({"availability": "busy", "custom": "Coffee break"}))).await;

        assert_eq!(set.status, 204, "{}", set.json);
        let shown = office.ask(Method::GET, &presence, None).await;
        assert_eq!((&shown.json["availability"], &shown.json["custom"]), (&json!("busy"), &json!("Coffee break")));
        let why = office.ask(Method::GET, &format!("{anna}/presence/why"), None).await;
        assert_eq!(why.json["claims"][0]["part"], "decides");
        assert_eq!(office.ask(Method::DELETE, &manual, None).await.status, 204);
        assert_eq!(office.ask(Method::GET, &presence, None).await.json["availability"], "unknown");
    }

    async fn the_last_day_is_explained_to_whoever_may_and_that_is_recorded(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let began = office.db.clock.now();
        let say = |version: i64, availability: &str| json!({"kind": "computer", "source": "pc", "version": version, "availability": availability, "ttl_seconds": 3600});
        let claims = format!("{anna}/claims");
        assert_eq!(office.ask(Method::PUT, &claims, Some(say(1, "available"))).await.status, 204);
        office.db.clock.advance(Duration::from_mins(12));
        let at_12 = office.db.clock.now();
        assert_eq!(office.ask(Method::PUT, &format!("{anna}/presence/manual"), Some(json!({"availability": "busy"}))).await.status, 204);
        office.db.clock.advance(Duration::from_mins(5));
        assert_eq!(office.ask(Method::DELETE, &format!("{anna}/presence/manual"), None).await.status, 204);
        office.db.clock.advance(Duration::from_mins(5));

        let past = office.ask(Method::GET, &format!("{anna}/presence/past"), None).await;
        let states: Vec<_> = past.json["items"].as_array().expect("states").iter().map(|state| state["availability"].clone()).collect();
        assert_eq!(states, ["available", "busy", "available"], "{}", past.json);
        assert_eq!(past.json["known_from"], json!(began));
        let moment = |at: Timestamp| format!("{anna}/presence/past/why?at={at}");
        let why = office.ask(Method::GET, &moment(at_12.plus(Duration::from_secs(30))), None).await;
        assert_eq!((&why.json["presence"]["availability"], &why.json["rule"]), (&json!("busy"), &json!("own_word")), "{}", why.json);
        for wrong in [began.minus(Duration::from_secs(1)), office.db.clock.now().plus(Duration::from_secs(1))] {
            assert_eq!(office.ask(Method::GET, &moment(wrong), None).await.problem(), "422 invalid_value at:format");
        }
        assert_eq!(office.ask(Method::GET, &format!("{anna}/presence/past/why?at=noon"), None).await.problem(), "422 invalid_value at:format");

        let trail = office.ask(Method::GET, "/audit", None).await;
        let looks: Vec<_> = trail.json["items"].as_array().expect("entries").iter().filter(|entry| entry["act"] == "look").collect();
        assert_eq!(looks.len(), 2, "{}", trail.json);
        // Whoever keeps no history has none.
        let quiet = TenantFields { is_no_history: true, ..TenantFields::default() };
        office.gateway.book.apply(office.tenant, vec![FactChange::Tenant(TenantFacts::new(&quiet))]);
        assert_eq!(office.ask(Method::GET, &moment(at_12), None).await.problem(), "409 not_possible_now");
    }

    async fn whoever_looks_at_why_is_recorded_once_for_as_long_as_they_look(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let other = office.gateway.token(office.tenant, "other", Role::Agent, Scope::Tenant(office.tenant)).await;
        let why = office.at(&format!("{anna}/presence/why"));
        let look = async |who| assert_eq!(office.gateway.ask(who, Method::GET, &why, None).await.status, 200);
        let looks = async || {
            let trail = office.ask(Method::GET, "/audit", None).await;
            let entries = trail.json["items"].as_array().expect("entries").clone();
            let looks: Vec<_> = entries.into_iter().filter(|entry| entry["act"] == "look").collect();
            assert!(looks.iter().all(|look| look["kind"] == "presence" && look["changes"] == json!({})), "{looks:?}");
            assert!(looks.iter().all(|look| anna.ends_with(look["object"].as_str().expect("a contact"))), "{looks:?}");
            looks.len()
        };

        for _ in 0..3 {
            look(&office.admin).await;
            office.db.clock.advance(Duration::from_secs(3));
        }
        assert_eq!(looks().await, 1);
        look(&other).await;
        assert_eq!(looks().await, 2);
        office.db.clock.advance(Duration::from_mins(3));
        look(&office.admin).await;
        assert_eq!(looks().await, 3, "that is another look");
        // Whoever may not look leaves no trace of a look.
        let stranger = office.gateway.token(office.tenant, "stranger", Role::Employee, Scope::Tenant(office.tenant)).await;
        assert_eq!(office.gateway.ask(&stranger, Method::GET, &why, None).await.status, 404);
        assert_eq!(looks().await, 3);
    }

    async fn a_programs_claim_expires_and_an_older_one_is_refused(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let claims = format!("{anna}/claims");
        let claim = |version: i64, availability: &str| json!({"kind": "computer", "source": "pc", "version": version, "availability": availability, "ttl_seconds": 60});

        assert_eq!(office.ask(Method::PUT, &claims, Some(claim(2, "available"))).await.status, 204);
        assert_eq!(office.ask(Method::PUT, &claims, Some(claim(1, "away"))).await.problem(), "409 not_possible_now");
        let presence = format!("{anna}/presence");
        assert_eq!(office.ask(Method::GET, &presence, None).await.json["availability"], "available");
        office.db.clock.advance(Duration::from_mins(2));
        assert_eq!(office.ask(Method::GET, &presence, None).await.json["availability"], "unknown");

        let bad = json!({"kind": "manual", "source": "", "version": 1, "availability": "busy", "ttl_seconds": 0});
        let refused = office.ask(Method::PUT, &claims, Some(bad)).await;
        assert_eq!(refused.problem(), "422 invalid_value kind:one_of source:required ttl_seconds:out_of_range");
    }

    async fn nobody_displaces_the_claim_of_another_user(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let claims = office.at(&format!("{anna}/claims"));
        let other = office.gateway.token(office.tenant, "other", Role::Supervisor, Scope::Tenant(office.tenant)).await;
        let claim = |version: i64, availability: &str| json!({"kind": "computer", "source": "pc", "version": version, "availability": availability, "ttl_seconds": 60});
        let last = 1 << 53;

        for (who, version, availability, problem) in [
            (&office.admin, 1, "busy", "204"),
            (&other, last, "available", "204"),
            (&other, last + 1, "away", "422 invalid_value version:out_of_range"),
            (&other, -1, "away", "422 invalid_value version:out_of_range"),
            (&office.admin, 2, "busy", "204"),
        ] {
            let answer = office.gateway.ask(who, Method::PUT, &claims, Some(&claim(version, availability))).await;
            assert_eq!(answer.problem(), problem, "{version} {}", answer.json);
        }

        let why = office.ask(Method::GET, &format!("{anna}/presence/why"), None).await;
        let held = why.json["claims"].as_array().expect("claims");
        let mut sources: Vec<&str> = held.iter().filter_map(|held| held["claim"]["source"].as_str()).collect();
        sources.dedup();
        assert_eq!(sources.len(), 2, "{}", why.json);
        assert!(sources.iter().all(|source| source.ends_with("/pc")), "{sources:?}");
    }

    async fn notes_come_and_go(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let notes = format!("{anna}/notes");

        let made = office.ask(Method::POST, &notes, Some(json!({"text": "back at noon"}))).await;

        let note = made.id::<String>();
        assert_eq!(office.ask(Method::GET, &notes, None).await.json["items"], json!([made.json]));
        assert_eq!(office.ask(Method::DELETE, &format!("{notes}/{note}"), None).await.status, 204);
        assert_eq!(office.ask(Method::DELETE, &format!("{notes}/{note}"), None).await.problem(), "404 not_found");
    }

    async fn each_kind_of_source_has_a_call_of_its_own(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let in_an_hour = office.db.clock.now().plus(Duration::from_hours(1));
        let mut version = 0;
        for (kind, said, availability, activity) in [
            ("telephone", json!({"state": "idle"}), "available", Value::Null),
            ("softphone", json!({"state": "in_call"}), "busy", json!("on_the_phone")),
            ("softphone", json!({"state": "idle"}), "available", Value::Null),
            ("audio_video", json!({"state": "presenting"}), "do_not_disturb", json!("presenting")),
            ("audio_video", json!({"state": "idle"}), "available", Value::Null),
            ("bluetooth", json!({"state": "gone"}), "away", Value::Null),
            ("mobile", json!({"state": "signed_out"}), "away", Value::Null),
            ("computer", json!({"state": "idle"}), "inactive", Value::Null),
            ("calendar", json!({"show_as": "tentative"}), "inactive", Value::Null),
            ("calendar", json!({"show_as": "busy"}), "busy", json!("in_a_meeting")),
            ("calendar", json!({"show_as": "out_of_office"}), "inactive", Value::Null),
            ("platform", json!({"lync_availability": 9500, "lync_activity": "urgent-interruptions-only"}), "do_not_disturb", json!("urgent_interruptions_only")),
            ("platform", json!({"availability": "available"}), "available", Value::Null),
        ] {
            version += 1;
            let mut body = said;
            body["origin"] = json!({"source": "pbx", "device": "4711", "version": version});
            match kind {
                "calendar" => body["ends_at"] = json!(in_an_hour),
                _ => body["ttl_seconds"] = json!(600),
            }
            let answer = office.ask(Method::PUT, &format!("{anna}/claims/{kind}"), Some(body.clone())).await;
            assert_eq!(answer.problem(), "204", "{kind} {}", answer.json);
            let shown = office.ask(Method::GET, &format!("{anna}/presence"), None).await.json;
            assert_eq!((&shown["availability"], &shown["activity"]), (&json!(availability), &activity), "{kind} {body}");
        }
        let shown = office.ask(Method::GET, &format!("{anna}/presence"), None).await.json;
        assert_eq!((&shown["is_out_of_office"], &shown["lync_availability"]), (&json!(true), &json!(3500)));

        for (kind, body, problem) in [
            ("telephone", json!({"origin": {"source": "", "version": -1}, "state": "idle", "ttl_seconds": 0}),
                "422 invalid_value origin.source:required origin.version:out_of_range ttl_seconds:out_of_range"),
            ("calendar", json!({"origin": {"source": "x", "version": 1}, "show_as": "busy", "ends_at": office.db.clock.now()}),
                "422 invalid_value ends_at:format"),
            ("platform", json!({"origin": {"source": "x", "version": 1}, "ttl_seconds": 60}), "422 invalid_value availability:required"),
            ("platform", json!({"origin": {"source": "x", "version": 1}, "ttl_seconds": 60, "availability": "busy", "lync_availability": 6500}),
                "422 invalid_value availability:excludes"),
        ] {
            let answer = office.ask(Method::PUT, &format!("{anna}/claims/{kind}"), Some(body)).await;
            assert_eq!(answer.problem(), problem, "{}", answer.json);
        }
    }

    async fn a_source_that_falls_silent_makes_nobody_available(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let say = async |kind: &str, version: i64, state: &str, seconds: u64| {
            let body = json!({"origin": {"source": kind, "version": version}, "state": state, "ttl_seconds": seconds});
            assert_eq!(office.ask(Method::PUT, &format!("{anna}/claims/{kind}"), Some(body)).await.status, 204);
        };
        let shown = async || office.ask(Method::GET, &format!("{anna}/presence"), None).await.json["availability"].clone();
        say("computer", 1, "active", 86_400).await;
        say("telephone", 1, "in_call", 60).await;
        assert_eq!(shown().await, "busy");

        office.db.clock.advance(Duration::from_hours(1));

        assert_eq!(shown().await, "unknown");
        let why = office.ask(Method::GET, &format!("{anna}/presence/why"), None).await.json;
        assert_eq!(why["rule"], "silence");
        assert!(why["would_change"].as_array().expect("levers").contains(&json!("source_speaks")), "{why}");
        say("telephone", 2, "idle", 60).await;
        assert_eq!(shown().await, "available");

        let lost = json!({"kind": "computer", "source": "computer"});
        assert_eq!(office.ask(Method::POST, &format!("{anna}/claims/lost"), Some(lost)).await.status, 204);
        assert_eq!(shown().await, "available");
        office.db.clock.advance(Duration::from_secs(61));
        assert_eq!(shown().await, "unknown");
    }

    async fn a_tenant_names_states_and_people_choose_them(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let fields = json!({"name": "Coffee break", "availability": "be_right_back", "labels": {"de": "Kaffeepause"}});
        let state = office.make("/custom_states", fields).await;
        let manual = format!("{anna}/presence/manual");

        for (body, problem) in [
            (json!({"custom_state": state}), "204"),
            (json!({}), "422 invalid_value availability:required"),
            (json!({"custom_state": state, "availability": "busy"}), "422 invalid_value availability:excludes"),
            (json!({"custom_state": state, "custom": "Tea"}), "422 invalid_value custom:excludes"),
            (json!({"custom_state": anna.rsplit('/').next()}), "422 invalid_value custom_state:unknown"),
        ] {
            assert_eq!(office.ask(Method::PUT, &manual, Some(body.clone())).await.problem(), problem, "{body}");
        }
        let shown = office.ask(Method::GET, &format!("{anna}/presence"), None).await.json;
        assert_eq!((&shown["availability"], &shown["custom"]), (&json!("be_right_back"), &json!("Coffee break")));
    }

    async fn out_of_office_stands_beside_the_state(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let (absence, presence) = (format!("{anna}/presence/out_of_office"), format!("{anna}/presence"));
        let claim = json!({"kind": "computer", "source": "pc", "version": 2, "availability": "available", "ttl_seconds": 600});
        office.ask(Method::PUT, &format!("{anna}/claims"), Some(claim)).await;
        let shown = async || {
            let shown = office.ask(Method::GET, &presence, None).await.json;
            (shown["availability"].clone(), shown["is_out_of_office"].clone())
        };

        let past = json!({"expires_at": office.db.clock.now()});
        assert_eq!(office.ask(Method::PUT, &absence, Some(past)).await.problem(), "422 invalid_value expires_at:format");
        let soon = json!({"expires_at": office.db.clock.now().plus(Duration::from_mins(1))});
        assert_eq!(office.ask(Method::PUT, &absence, Some(soon)).await.status, 204);
        assert_eq!(shown().await, (json!("available"), json!(true)));
        let why = office.ask(Method::GET, &format!("{presence}/why"), None).await.json;
        assert_eq!((&why["claims"][0]["part"], &why["claims"][1]["part"]), (&json!("decides"), &json!("marks")));
        office.db.clock.advance(Duration::from_mins(1));
        assert_eq!(shown().await, (json!("available"), json!(false)));

        assert_eq!(office.ask(Method::PUT, &absence, Some(json!({}))).await.status, 204);
        assert_eq!(office.ask(Method::DELETE, &absence, None).await.status, 204);
        assert_eq!(office.ask(Method::DELETE, &absence, None).await.problem(), "404 not_found");
        assert_eq!(shown().await, (json!("available"), json!(false)));
    }

    async fn a_tenants_rules_are_read_set_and_followed(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let rules = office.at("/presence_rules");
        let put = async |tag: Option<&str>, body: Value| {
            let headers: Vec<(&str, &str)> = tag.map(|tag| ("if-match", tag)).into_iter().collect();
            office.gateway.ask_with(&office.admin, Method::PUT, &rules, &headers, Some(&body)).await
        };
        for (kind, availability) in [("computer", "available"), ("calendar", "busy")] {
            let claim = json!({"kind": kind, "source": kind, "version": 1, "availability": availability, "ttl_seconds": 600});
            office.ask(Method::PUT, &format!("{anna}/claims"), Some(claim)).await;
        }
        let shown = async || office.ask(Method::GET, &format!("{anna}/presence"), None).await.json["availability"].clone();
        let read = office.ask(Method::GET, "/presence_rules", None).await;
        assert_eq!((read.header("etag"), &read.json["silence_minutes"]), ("\"0\"", &json!(120)));
        assert_eq!(shown().await, "busy");

        assert_eq!(put(None, json!({})).await.problem(), "428 precondition_required");
        assert_eq!(put(Some("\"7\""), json!({})).await.status, 412);
        let bad = json!({"precedence": ["call"], "grace_seconds": 4000});
        assert_eq!(put(Some("\"0\""), bad).await.problem(), "422 invalid_value precedence:format grace_seconds:out_of_range");
        let set = put(Some("\"0\""), json!({"ignored_kinds": ["calendar"]})).await;
        assert_eq!((set.status.as_u16(), set.header("etag")), (200, "\"1\""));
        assert_eq!(shown().await, "available");
        let why = office.ask(Method::GET, &format!("{anna}/presence/why"), None).await.json;
        assert_eq!(why["rules"]["ignored_kinds"], json!(["calendar"]));
    }

    async fn a_low_number_of_lync_means_nothing_unless_the_rules_say_so(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let say = async |version: i64, number: u32| {
            let origin = json!({"source": "lync", "version": version});
            let body = json!({"origin": origin, "lync_availability": number, "ttl_seconds": 600});
            assert_eq!(office.ask(Method::PUT, &format!("{anna}/claims/platform"), Some(body)).await.status, 204);
            let shown = office.ask(Method::GET, &format!("{anna}/presence"), None).await.json;
            (shown["availability"].clone(), shown["lync_availability"].clone())
        };
        let rule = async |revision: &str, low: &str| {
            let (tag, body) = (format!("\"{revision}\""), json!({"low_lync_numbers": low}));
            let (path, headers) = (office.at("/presence_rules"), [("if-match", tag.as_str())]);
            office.gateway.ask_with(&office.admin, Method::PUT, &path, &headers, Some(&body)).await
        };
        assert_eq!(say(1, 2999).await, (json!("unknown"), Value::Null));
        assert_eq!(say(2, 3000).await.0, "available");

        assert_eq!(rule("0", "offline").await.status, 422);
        let set = rule("0", "available").await;

        assert_eq!((set.status.as_u16(), &set.json["low_lync_numbers"]), (200, &json!("available")));
        assert_eq!(say(3, 0).await, (json!("available"), json!(3500)), "and no such number is written");
        assert_eq!(say(4, 6500).await.0, "busy");
        assert_eq!(rule("1", "unknown").await.status, 200);
        assert_eq!(say(5, 0).await.0, "unknown");
    }

    async fn notes_have_kinds_and_sources_and_can_be_changed(db: TestDatabase) {
        let (office, anna) = office_with_anna(db).await;
        let notes = format!("{anna}/notes");
        let body = json!({"text": "10:00 Board", "kind": "appointment", "source": "calendar"});
        let made = office.ask(Method::POST, &notes, Some(body)).await.json;
        assert!(made["source"].as_str().expect("a source").ends_with("/calendar"), "{made}");

        let one = format!("{notes}/{}", made["id"].as_str().expect("an identity"));
        let changed = office.ask(Method::PUT, &one, Some(json!({"text": "11:00 Board", "kind": "appointment"}))).await;

        assert_eq!(changed.status, 200, "{}", changed.json);
        assert_eq!((&changed.json["text"], &changed.json["source"]), (&json!("11:00 Board"), &made["source"]));
        assert_eq!(office.ask(Method::GET, &notes, None).await.json["items"], json!([changed.json]));
        assert_eq!(office.ask(Method::PUT, &one, Some(json!({"text": " "}))).await.problem(), "422 invalid_value text:required");
    }
}
