//! Bodies that name what is another tenant's.

use http::Method;
use serde_json::{Value, json};
use suite::on_each_backend;

use super::call::{NOBODY, holds, is_same};
use super::world::World;

/// A request: method, path below the tenant, what kind of object it names, and its body if any.
/// `{}` in the path is the object's identity.
type Case = (Method, String, &'static str, fn(&World, &str) -> Value);

fn cases(world: &World) -> Vec<Case> {
    let (put, post, patch) = (Method::PUT, Method::POST, Method::PATCH);
    let entries = format!("/publications/{}/entries", world.names["publication"]);
    let members = format!("/groups/{}/members/{{}}", world.names["group"]);
    let manual = format!("/contacts/{}/presence/manual", world.names["contact"]);
    let own = |kind: &str| format!("/{kind}s/{}", world.names[kind]);
    let at = |path: &str| path.to_owned();
    vec![
        (put.clone(), members, "contact", |_, _| Value::Null),
        (post.clone(), at("/contacts"), "site", |_, id| json!({"display_name": "X", "home_site": id})),
        (post.clone(), at("/contacts"), "group", |_, id| service(id)),
        (patch.clone(), own("contact"), "site", |_, id| json!({"home_site": id})),
        (patch.clone(), own("contact"), "group", |_, id| service(id)),
        (post.clone(), at("/groups"), "group", |_, id| json!({"name": "X", "parent": id})),
        (patch.clone(), own("group"), "group", |_, id| json!({"parent": id})),
        (post.clone(), at("/publications"), "domain", |_, id| json!({"title": "X", "domains": [id]})),
        (post.clone(), at("/publications"), "site", |_, id| json!({"title": "X", "site": id})),
        (patch.clone(), own("publication"), "domain", |_, id| json!({"domains": [id]})),
        (patch.clone(), own("publication"), "site", |_, id| json!({"site": id})),
        (post.clone(), at("/publications"), "template", |_, id| json!({"title": "X", "templates": {"contact": id}})),
        (patch.clone(), own("publication"), "template", |_, id| json!({"templates": {"contact": id}})),
        (post.clone(), at("/templates"), "site", |_, id| json!({"kind": "contact", "name": "X", "site": id})),
        (post.clone(), at("/templates"), "template", derived),
        (post.clone(), at("/templates/preview"), "template", derived),
        (post.clone(), at("/publications"), "alert", |_, id| json!({"title": "X", "alerts": [id]})),
        (patch.clone(), own("publication"), "alert", |_, id| json!({"alerts": [id]})),
        (put.clone(), entries.clone(), "contact", |_, id| json!({"entries": [{"contact": id}]})),
        (put.clone(), entries, "group", |_, id| json!({"entries": [{"group": id}]})),
        (post.clone(), at("/contacts/synchronize"), "contact", |_, id| json!({"contacts": [id]})),
        (put, manual, "custom_state", |_, id| json!({"custom_state": id})),
        (post.clone(), at("/users"), "contact", |_, id| json!({"name": "xy", "contact": id})),
        (patch, own("user"), "contact", |_, id| json!({"contact": id})),
        (post.clone(), at("/grants"), "user", |world, id| grant(id, "tenant", &world.names["tenant"])),
        (post.clone(), at("/grants"), "tenant", |world, id| grant(&world.names["user"], "tenant", id)),
        (post.clone(), at("/grants"), "site", |world, id| grant(&world.names["user"], "site", id)),
        (post.clone(), at("/grants"), "group", |world, id| grant(&world.names["user"], "group", id)),
        (post.clone(), at("/grants"), "publication", |world, id| grant(&world.names["user"], "publication", id)),
        (post.clone(), at("/tokens"), "user", |world, id| token(id, "tenant", &world.names["tenant"])),
        (post.clone(), at("/tokens"), "tenant", |world, id| token(&world.names["user"], "tenant", id)),
        (post.clone(), at("/tokens"), "site", |world, id| token(&world.names["user"], "site", id)),
        (post.clone(), at("/tokens"), "group", |world, id| token(&world.names["user"], "group", id)),
        (post, at("/tokens"), "publication", |world, id| token(&world.names["user"], "publication", id)),
    ]
}

fn derived(_: &World, id: &str) -> Value {
    json!({"kind": "contact", "name": "X", "derived_from": id})
}

fn service(group: &str) -> Value {
    json!({"display_name": "X", "is_ucma_endpoint": true, "staffed_by": group})
}

fn token(user: &str, kind: &str, id: &str) -> Value {
    let scope = json!({"kind": kind, "id": id});
    json!({"user": user, "name": "X", "role": "agent", "scope": scope, "expires_at": "2026-12-01T00:00:00Z"})
}

fn grant(user: &str, kind: &str, id: &str) -> Value {
    json!({"user": user, "role": "agent", "scope": {"kind": kind, "id": id}})
}

on_each_backend! {
    async fn what_is_another_tenants_is_refused_like_what_is_nobodys(db: TestDatabase) {
        let world = World::make(db).await;
        let scene = world.fresh().await;
        let before = scene.state().await;
        let mut wrong = Vec::new();

        for (method, path, kind, body) in cases(&world) {
            let ask = async |id: &str, tag: &str| {
                let path = format!("/api/v1/tenants/{}{}", world.names["tenant"], path.replace("{}", id));
                let body = Some(body(&world, id)).filter(|body| !body.is_null());
                let headers = [("if-match", tag)];
                let headers = if method == Method::PATCH { &headers[..] } else { &[] };
                scene.gateway.ask_with(world.chief(), method.clone(), &path, headers, body.as_ref()).await
            };
            let at = format!("/api/v1/tenants/{}{path}", world.names["tenant"]);
            let tag = match method {
                Method::PATCH => scene.gateway.ask(world.chief(), Method::GET, &at, None).await.header("etag").to_owned(),
                _ => String::new(),
            };
            for theirs in [&world.abroad[kind], &world.sister[kind]] {
                let (of_others, of_nobody) = (ask(theirs, &tag).await, ask(NOBODY, &tag).await);
                let is_same = is_same(&of_others, &of_nobody, &[theirs, NOBODY]);
                if !of_others.status.is_client_error() || !is_same || scene.state().await != before {
                    wrong.push(format!("{method} {path} with {kind}: {} / {}", of_others.json, of_nobody.json));
                }
                // What is refused for another reason would prove nothing.
                if !holds(&of_others, theirs) && of_others.status != 404 {
                    wrong.push(format!("{method} {path} with {kind} was refused for something else: {}", of_others.json));
                }
            }
        }
        assert!(wrong.is_empty(), "{} deviations:\n{}", wrong.len(), wrong.join("\n"));
    }
}
