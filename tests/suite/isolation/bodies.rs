//! Bodies that name what is another tenant's.

use http::Method;
use serde_json::{Value, json};
use suite::app::Answer;

use super::world::{Copy, World};
use super::{NOBODY, heads, masked};

/// A request: method, path below the tenant, what kind of object it names, and its body if any.
/// `{}` in the path is the object's identity.
type Case = (Method, String, &'static str, fn(&World, &str) -> Value);

fn cases(world: &World) -> [Case; 14] {
    let (put, post) = (Method::PUT, Method::POST);
    let entries = format!("/publications/{}/entries", world.names["publication"]);
    let members = format!("/groups/{}/members/{{}}", world.names["group"]);
    let at = |path: &str| path.to_owned();
    [
        (put.clone(), members, "contacts", |_, _| Value::Null),
        (post.clone(), at("/contacts"), "sites", |_, id| json!({"display_name": "X", "home_site": id})),
        (
            post.clone(),
            at("/contacts"),
            "groups",
            |_, id| json!({"display_name": "X", "is_ucma_endpoint": true, "staffed_by": id}),
        ),
        (post.clone(), at("/groups"), "groups", |_, id| json!({"name": "X", "parent": id})),
        (post.clone(), at("/publications"), "domains", |_, id| json!({"title": "X", "domains": [id]})),
        (post.clone(), at("/publications"), "sites", |_, id| json!({"title": "X", "site": id})),
        (put.clone(), entries.clone(), "contacts", |_, id| json!({"entries": [{"contact": id}]})),
        (put, entries, "groups", |_, id| json!({"entries": [{"group": id}]})),
        (post.clone(), at("/users"), "contacts", |_, id| json!({"name": "xy", "contact": id})),
        (post.clone(), at("/grants"), "users", |world, id| grant(id, "tenant", &world.names["tenant"])),
        (post.clone(), at("/grants"), "tenants", |world, id| grant(&world.names["user"], "tenant", id)),
        (post.clone(), at("/grants"), "sites", |world, id| grant(&world.names["user"], "site", id)),
        (post.clone(), at("/grants"), "groups", |world, id| grant(&world.names["user"], "group", id)),
        (post, at("/grants"), "publications", |world, id| grant(&world.names["user"], "publication", id)),
    ]
}

fn grant(user: &str, kind: &str, id: &str) -> Value {
    json!({"user": user, "role": "agent", "scope": {"kind": kind, "id": id}})
}

#[tokio::test]
async fn what_is_another_tenants_is_refused_like_what_is_nobodys() {
    let world = World::make().await;
    let copy = world.copy().await;
    let mut wrong = Vec::new();

    for (method, path, kind, body) in cases(&world) {
        let theirs = strange(&copy, &world, kind).await;
        let before = copy.state(&world);
        let ask = async |id: &str| {
            let path = format!("/api/v1/tenants/{}{}", world.names["tenant"], path.replace("{}", id));
            let body = Some(body(&world, id)).filter(|body| !body.is_null());
            copy.gateway.ask(&world.subjects["tenant"], method.clone(), &path, body.as_ref()).await
        };
        let (of_others, of_nobody) = (ask(&theirs).await, ask(NOBODY).await);
        let is_same = shown(&of_others, &theirs) == shown(&of_nobody, NOBODY) && heads(&of_others) == heads(&of_nobody);
        if !of_others.status.is_client_error() || !is_same || copy.state(&world) != before {
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

/// An object of the other tenant.
async fn strange(copy: &Copy, world: &World, kind: &str) -> String {
    let tenant = &world.names["other_tenant"];
    let body = match kind {
        "tenants" => return tenant.clone(),
        "sites" | "groups" => json!({"name": "Theirs"}),
        "contacts" => json!({"display_name": "Theirs"}),
        "domains" => json!({"title": "Theirs", "hosts": ["www.other.test"]}),
        "users" => json!({"name": "theirs"}),
        _ => json!({"title": "Theirs"}),
    };
    let path = format!("/api/v1/tenants/{tenant}/{kind}");
    let who = &world.subjects["other_tenant"];
    let listed = copy.gateway.ask(who, Method::GET, &path, None).await;
    let is_theirs = |item: &&Value| {
        ["name", "title", "display_name"].iter().any(|key| item[key] == body[key] && !body[key].is_null())
    };
    let found = listed.json["items"].as_array().into_iter().flatten().find(is_theirs);
    if let Some(id) = found.and_then(|item| item["id"].as_str()) {
        return id.to_owned();
    }
    let made = copy.gateway.ask(who, Method::POST, &path, Some(&body)).await;
    assert_eq!(made.status, 201, "{kind}: {}", made.json);
    made.id()
}

fn shown(answer: &Answer, id: &str) -> String {
    masked(answer).to_string().replace(id, "<id>")
}
