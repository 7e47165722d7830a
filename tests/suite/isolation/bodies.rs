//! Bodies that name what is another tenant's.

use http::Method;
use serde_json::{Value, json};
use suite::on_each_backend;

use super::call::{NOBODY, is_same};
use super::world::World;

/// A request: method, path below the tenant, what kind of object it names, and its body if any.
/// `{}` in the path is the object's identity.
type Case = (Method, String, &'static str, fn(&World, &str) -> Value);

fn cases(world: &World) -> [Case; 15] {
    let (put, post) = (Method::PUT, Method::POST);
    let entries = format!("/publications/{}/entries", world.names["publication"]);
    let members = format!("/groups/{}/members/{{}}", world.names["group"]);
    let at = |path: &str| path.to_owned();
    [
        (put.clone(), members, "contact", |_, _| Value::Null),
        (post.clone(), at("/contacts"), "site", |_, id| json!({"display_name": "X", "home_site": id})),
        (
            post.clone(),
            at("/contacts"),
            "group",
            |_, id| json!({"display_name": "X", "is_ucma_endpoint": true, "staffed_by": id}),
        ),
        (post.clone(), at("/groups"), "group", |_, id| json!({"name": "X", "parent": id})),
        (post.clone(), at("/publications"), "domain", |_, id| json!({"title": "X", "domains": [id]})),
        (post.clone(), at("/publications"), "site", |_, id| json!({"title": "X", "site": id})),
        (put.clone(), entries.clone(), "contact", |_, id| json!({"entries": [{"contact": id}]})),
        (put, entries, "group", |_, id| json!({"entries": [{"group": id}]})),
        (post.clone(), at("/contacts/synchronize"), "contact", |_, id| json!({"contacts": [id]})),
        (post.clone(), at("/users"), "contact", |_, id| json!({"name": "xy", "contact": id})),
        (post.clone(), at("/grants"), "user", |world, id| grant(id, "tenant", &world.names["tenant"])),
        (post.clone(), at("/grants"), "tenant", |world, id| grant(&world.names["user"], "tenant", id)),
        (post.clone(), at("/grants"), "site", |world, id| grant(&world.names["user"], "site", id)),
        (post.clone(), at("/grants"), "group", |world, id| grant(&world.names["user"], "group", id)),
        (post, at("/grants"), "publication", |world, id| grant(&world.names["user"], "publication", id)),
    ]
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
            let theirs = &world.abroad[kind];
            let ask = async |id: &str| {
                let path = format!("/api/v1/tenants/{}{}", world.names["tenant"], path.replace("{}", id));
                let body = Some(body(&world, id)).filter(|body| !body.is_null());
                scene.gateway.ask(world.chief(), method.clone(), &path, body.as_ref()).await
            };
            let (of_others, of_nobody) = (ask(theirs).await, ask(NOBODY).await);
            let is_same = is_same(&of_others, &of_nobody, &[theirs, NOBODY]);
            if !of_others.status.is_client_error() || !is_same || scene.state().await != before {
                wrong.push(format!("{path} with {kind}: {} / {}", of_others.json, of_nobody.json));
            }
            // What is refused for another reason would prove nothing.
            let is_about_it = of_others.bytes.windows(theirs.len()).any(|part| part == theirs.as_bytes());
            if !is_about_it && of_others.status != 404 {
                wrong.push(format!("{path} with {kind} was refused for something else: {}", of_others.json));
            }
        }
        assert!(wrong.is_empty(), "{} deviations:\n{}", wrong.len(), wrong.join("\n"));
    }
}
