//! One request of the matrix, and what its answer says about who asked.

use std::collections::BTreeMap;

use http::{HeaderMap, Method};
use serde_json::{Value, json};
use suite::app::{Answer, As};

use super::world::{Names, Scene, World};

/// What is nobody's.
pub(crate) const NOBODY: &str = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";

/// A body that is a picture.
pub(crate) const PICTURE: &str = "(a picture)";

/// An operation of the document, with the request that the row is about.
pub(crate) struct Call {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path with its parameters, below the server's address.
    pub(crate) template: String,
    pub(crate) body: fn(&Names) -> Value,
    /// What `If-Match` says, if it must say something.
    pub(crate) tag: Option<String>,
}

impl Call {
    /// The parameters of the path, in its order.
    fn params(&self) -> Vec<&str> {
        self.template.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
    }

    /// The path with every parameter as `names` has it.
    pub(crate) fn path(&self, names: &Names) -> String {
        let fill = |path: String, param: &str| path.replace(&format!("{{{param}}}"), &names[self.known(param)]);
        format!("/api/v1{}", self.params().into_iter().fold(self.template.clone(), fill))
    }

    /// The names by which the path names what is missing: its last parameter is nobody's.
    pub(crate) fn missing(&self, names: &Names) -> Names {
        let mut names = names.clone();
        names.extend(self.params().last().map(|last| (self.known(last), NOBODY.to_owned())));
        names
    }

    /// The name of what a parameter stands for; pictures of contacts and domains are called alike.
    fn known(&self, param: &str) -> &'static str {
        if param == "avatar" && self.template.contains("{domain}") { "domain_avatar" } else { known(param) }
    }

    /// The names that lead into `tenant` and from there to the object of `names`; `None` when the
    /// path names nothing inside a tenant.
    pub(crate) fn through(&self, tenant: &str, names: &Names) -> Option<Names> {
        let is_inside = self.params().first() == Some(&"tenant") && self.params().len() > 1;
        let mut names = names.clone();
        names.insert("tenant", tenant.to_owned());
        is_inside.then_some(names)
    }

    /// The object that a list holds when it holds what `names` names; `None` when the call lists nothing of it.
    pub(crate) fn listed<'a>(&self, names: &'a Names) -> Option<&'a str> {
        let collection = self.template.rsplit('/').next().unwrap_or_default();
        let is_list = self.method == Method::GET && self.id.starts_with("list_");
        let item = match collection {
            "members" => "contact",
            "enquiries" => "enquiry",
            "avatars" => self.known("avatar"),
            _ => collection.trim_end_matches('s'),
        };
        names.get(item).filter(|_| is_list).map(String::as_str)
    }

    /// Whether whoever may do it has a directory connected to.
    pub(crate) fn connects(&self) -> bool {
        ["try_source", "test_source", "try_new_source", "test_new_source"].contains(&self.id)
    }

    /// Asks for what `names` names, with a body that names what `inside` names.
    pub(crate) async fn ask(&self, scene: &Scene<'_>, who: &As, names: &Names, inside: &Names) -> Answer {
        let (path, body) = (self.path(names), (self.body)(inside));
        scene.ask(who, self.method.clone(), &path, self.tag.as_deref(), &body).await
    }

    /// The mark of an answer, if it has one.
    pub(crate) fn mark(&self, answer: &Answer, names: &Names) -> Option<char> {
        let problem = answer.problem();
        let holds = |id: &str| holds(answer, id);
        Some(match problem.split_whitespace().take(2).collect::<Vec<_>>().join(" ").as_str() {
            _ if answer.status.is_success() && self.listed(names).is_some_and(|id| !holds(id)) => 'o',
            _ if answer.status.is_success() => '+',
            "403 forbidden" => 'f',
            "422 invalid_value" if problem.ends_with(" role:beyond_own_rights") => 'r',
            "422 invalid_value" => 'b',
            "404 not_found" => '.',
            "401 not_signed_in" => '!',
            _ => return None,
        })
    }
}

/// Whether an answer says `id` anywhere.
pub(crate) fn holds(answer: &Answer, id: &str) -> bool {
    answer.bytes.windows(id.len()).any(|part| part == id.as_bytes())
}

/// The static name of a path parameter.
fn known(param: &str) -> &'static str {
    const PARAMS: &[&str] = &[
        "alert",
        "tenant",
        "reseller",
        "user",
        "grant",
        "token",
        "session",
        "identity_provider",
        "site",
        "group",
        "contact",
        "removed_contact",
        "field",
        "domain",
        "publication",
        "note",
        "source",
        "run",
        "key",
        "avatar",
        "picture",
        "custom_state",
        "presence_profile",
        "client_profile",
        "extension_list",
        "enquiry",
        "template",
        "kind",
    ];
    PARAMS
        .iter()
        .copied()
        .find(|known| *known == param)
        .unwrap_or_else(|| panic!("{param} is a parameter that names nothing"))
}

/// Whether two answers are the same but for what names the request and what was asked for.
pub(crate) fn is_same(one: &Answer, other: &Answer, asked: &[&str]) -> bool {
    one.status == other.status && masked(one, asked) == masked(other, asked) && heads(one) == heads(other)
}

/// The body without what names the request and what was asked for.
pub(crate) fn masked(answer: &Answer, asked: &[&str]) -> String {
    let mut body = answer.json.clone();
    if let Some(instance) = body.get_mut("instance") {
        *instance = json!(instance.as_str().map(str::len));
    }
    asked.iter().fold(body.to_string(), |body, id| body.replace(id, "<id>"))
}

/// The headers without what names the request.
fn heads(answer: &Answer) -> HeaderMap {
    let mut headers = answer.headers.clone();
    if let Some(id) = headers.remove("x-request-id") {
        headers.insert("x-request-id", id.len().into());
    }
    headers
}

/// Every operation's method and path, by its name.
pub(crate) fn operations() -> BTreeMap<String, (Method, String)> {
    let document = serde_json::to_value(gateway_api::openapi()).expect("a document");
    let mut found = BTreeMap::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let method: Method = method.to_uppercase().parse().expect("a method");
            assert!(found.insert(id.to_owned(), (method, path.clone())).is_none(), "{id} is there twice");
        }
    }
    found
}

/// The entity tag that a change of the object must send.
pub(crate) async fn tag(call: &Call, world: &World) -> Option<String> {
    let is_pin = call.id.ends_with("pin_contact_field");
    if call.method != Method::PATCH && !is_pin && call.id != "set_presence_rules" {
        return None;
    }
    let who = if call.id == "update_reseller" { &world.subjects[0] } else { world.chief() };
    let scene = world.fresh().await;
    let path = call.path(&world.names);
    let path = if is_pin { path.split("/pins/").next().unwrap_or_default() } else { &path };
    let answer = scene.gateway.ask(who, Method::GET, path, None).await;
    Some(answer.header("etag").to_owned())
}
