//! Hostile values in every text that the API takes: each is kept as the text that it is, or refused with a reason,
//! and none is the gateway's own failure.

use std::collections::BTreeSet;
use std::fmt::Write;

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};
use suite::app::{Answer, As};
use suite::backend::TestDatabase;
use suite::on_each_backend;

use super::call::{Call, operations, tag};
use super::world::{Names, SUBJECTS, World};
use super::{CONTACTS, PLACES, PLATFORM, Row, SOURCES, nothing, profiles, templates};

/// What is text like any other.
const TEXTS: [&str; 4] = [
    "\"'><img src=x onerror=window.hacked=1><script>window.hacked=1</script>",
    "javascript:window.hacked=1",
    "{{7*7}}${hacked}{name}%s%00%0d%0a'; DROP TABLE contacts; --",
    "\u{202e}gnp.tfihs\u{2069}\u{200b}\u{feff}",
];
/// What nobody has to say.
const NO_TEXTS: [&str; 2] = ["A\0B", "A\u{85}\u{1b}[2J"];
/// What is anything but text to its owner, and never shown.
const SECRETS: [&str; 3] = ["secret", "password", "current_password"];
/// What is only compared with what is known, and left out when it is not, or refused in the answer itself.
const COMPARED: [&str; 5] = [
    "lose_device.device",
    "lose_device.source",
    "read_address_book.country",
    "read_address_book.text",
    "set_platform_claim.lync_activity",
];
/// What may be longer: it holds many certificates.
const CERTIFICATES: [&str; 2] = ["certificate", "trusted_certificates"];
/// The longest text that a field of ordinary length could be taken to hold.
const LONG_CHARS: usize = 10 * 1024;
/// How deep the description of a body is followed.
const MAX_DEPTH: usize = 7;
/// Bodies of kinds that no row of the matrix is about.
#[rustfmt::skip]
const KINDS: &[Row] = &[
    ("create_source", "", |_| json!({"name": "L", "connection": {"kind": "ldap", "url": "ldaps://ldap.x.org:636", "base_dn": "dc=x"}})),
    ("create_source", "", |_| json!({"name": "E", "connection": {"kind": "exchange", "url": "https://ews.x.org/EWS/Exchange.asmx", "authentication": {"method": "basic", "user_name": "u"}}})),
    ("create_source", "", |_| json!({"name": "G", "connection": {"kind": "graph", "tenant": "x.onmicrosoft.com", "client_id": "00000000-0000-0000-0000-000000000001"}})),
    ("create_source", "", |_| json!({"name": "U", "connection": {"kind": "ucwa", "url": "https://discover.x.org/", "domains": ["x.org"], "user_name": "u@x.org"}})),
    ("create_source", "", |_| json!({"name": "S", "connection": {"kind": "sip", "host": "sip.x.org", "address": "sip:u@x.org"}})),
    ("create_alert", "", |_| json!({"name": "Hook", "channel": {"kind": "webhook", "url": "https://hooks.x.org/"}})),
];

/// One step into a body.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// A field.
    Field(String),
    /// The first element of a list.
    First,
    /// Something under a name that is free; the hostile value is that name when it is the last step.
    Named,
}

/// Where texts are in the body that `schema` describes.
fn texts(document: &Value, schema: &Value, at: &[Step], found: &mut BTreeSet<Vec<Step>>) {
    if at.len() > MAX_DEPTH {
        return;
    }
    if let Some(name) = schema["$ref"].as_str() {
        let schema = &document["components"]["schemas"][name.rsplit('/').next().unwrap_or_default()];
        return texts(document, schema, at, found);
    }
    for list in ["allOf", "oneOf", "anyOf"] {
        for one in schema[list].as_array().into_iter().flatten() {
            texts(document, one, at, found);
        }
    }
    let is_of =
        |kind: &str| schema["type"] == kind || schema["type"].as_array().is_some_and(|all| all.contains(&json!(kind)));
    if is_of("string") {
        found.insert(at.to_vec());
    }
    let deeper = |step: Step| [at, &[step]].concat();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        texts(document, field, &deeper(Step::Field(name.clone())), found);
    }
    if schema["items"].is_object() {
        texts(document, &schema["items"], &deeper(Step::First), found);
    }
    if schema["additionalProperties"].is_object() {
        found.insert(deeper(Step::Named));
        texts(document, &schema["additionalProperties"], &deeper(Step::Field("en".into())), found);
    }
}

/// The body with `text` at `path`.
fn with(body: &Value, path: &[Step], text: &str) -> Value {
    let Some((step, rest)) = path.split_first() else { return json!(text) };
    match step {
        Step::Field(name) => {
            let mut fields = body.as_object().cloned().unwrap_or_default();
            let inner = with(fields.get(name).unwrap_or(&Value::Null), rest, text);
            fields.insert(name.clone(), inner);
            fields.into()
        }
        Step::First => json!([with(body.get(0).unwrap_or(&Value::Null), rest, text)]),
        Step::Named => Map::from_iter([(text.to_owned(), json!("x"))]).into(),
    }
}

/// What an answer has at `path`.
fn shown<'a>(answer: &'a Value, path: &[Step]) -> Option<&'a str> {
    let last = path.iter().try_fold(answer, |value, step| match step {
        Step::Field(name) => value.get(name),
        Step::First => value.get(0),
        Step::Named => None,
    });
    last?.as_str()
}

fn word(path: &[Step]) -> String {
    let words = path.iter().map(|step| match step {
        Step::Field(name) => format!(".{name}"),
        Step::First => "[0]".to_owned(),
        Step::Named => ".*".to_owned(),
    });
    words.collect()
}

/// A text as it stands in an address, every byte of it escaped.
fn encoded(text: &str) -> String {
    let mut all = String::new();
    for byte in text.bytes() {
        write!(all, "%{byte:02X}").expect("a text takes more");
    }
    all
}

/// Who may do what the row is about: who runs the tenant, if possible.
fn doer(world: &World, marks: &str) -> As {
    let marks = marks.chars().filter(|mark| *mark != ' ').enumerate();
    let may: Vec<usize> = marks.filter(|(_, mark)| *mark == '+').map(|(at, _)| at).collect();
    let at = if may.contains(&2) || may.is_empty() { 2 } else { may[0] };
    assert!(at < SUBJECTS.len());
    world.subjects[at].clone()
}

/// What is wrong with the answer to a request with `text` at `path`, which is called `name`.
fn fault(answer: &Answer, name: &str, path: &[Step], text: &str) -> Option<String> {
    let status = answer.status;
    if status.is_server_error() {
        return Some(format!("failed: {status} {}", answer.json));
    }
    if status.is_success() {
        let is_one_of = |names: &[&str]| {
            path.last().is_some_and(|last| names.iter().any(|name| *last == Step::Field((*name).into())))
        };
        let is_free = is_one_of(&SECRETS);
        let is_no_text = NO_TEXTS.contains(&text) || text.len() >= LONG_CHARS && !is_one_of(&CERTIFICATES);
        // What a kind of object has no use for is left out, whatever it says.
        let is_left_out =
            matches!(path.first(), Some(Step::Field(field)) if answer.json.get(field).is_some_and(Value::is_null));
        let is_wrong = is_no_text && !is_free && !is_left_out && !COMPARED.contains(&name);
        // Something may stand before it, but nothing of it is changed.
        let is_mangled =
            shown(&answer.json, path).is_some_and(|shown| shown.contains("hacked") && !shown.contains(text));
        return (is_wrong || is_mangled).then(|| format!("was taken: {}", answer.json));
    }
    let is_said = answer.header("content-type") == "application/problem+json" && answer.json["title"].is_string();
    (!is_said).then(|| format!("was refused without a word: {status}"))
}

/// Where texts are in the body that an operation takes, if it takes one.
fn texts_of(document: &Value, method: &Method, template: &str) -> BTreeSet<Vec<Step>> {
    let content = &document["paths"][template][method.as_str().to_lowercase()]["requestBody"]["content"];
    let taken = content.get("application/json").or_else(|| content.get("application/merge-patch+json"));
    let mut found = BTreeSet::new();
    if let Some(taken) = taken {
        texts(document, &taken["schema"], &[], &mut found);
    }
    found
}

/// Every text of every operation of `rows` with every value.
async fn assault(db: TestDatabase, rows: &[Row]) {
    let world = World::make(db).await;
    let described = operations();
    let document = serde_json::to_value(gateway_api::openapi()).expect("a document");
    let long = "W".repeat(LONG_CHARS);
    let values: Vec<&str> = TEXTS.into_iter().chain(NO_TEXTS).chain([&*long]).collect();
    let (mut wrong, mut tried, mut taken) = (Vec::new(), 0, 0);
    let mut known = BTreeSet::new();
    for &(id, marks, body) in rows {
        let (method, template) = described[id].clone();
        let mut paths = texts_of(&document, &method, &template);
        // Another kind of the same object differs in its connection alone.
        paths.retain(|at| at.first() == Some(&Step::Field("connection".into())) || known.insert((id, at.clone())));
        let mut call = Call { id, method, template, body, tag: None };
        call.tag = tag(&call, &world).await;
        let (who, path) = (doer(&world, marks), call.path(&world.names));
        let mut scene = world.fresh().await;
        for (at, text) in paths.iter().flat_map(|at| values.iter().map(move |text| (at, *text))) {
            let sent = with(&body(&world.names), at, text);
            let answer = scene.ask(&who, call.method.clone(), &path, call.tag.as_deref(), &sent).await;
            tried += 1;
            if answer.status.is_success() || answer.status == StatusCode::TOO_MANY_REQUESTS {
                taken += usize::from(answer.status.is_success());
                scene = world.fresh().await;
            }
            let (cut, name) = (text.chars().take(20).collect::<String>(), format!("{id}{}", word(at)));
            wrong.extend(fault(&answer, &name, at, text).map(|fault| format!("{name} with {cut:?} {fault}")));
        }
    }
    assert!(wrong.is_empty(), "{} of {tried} faults:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 100 && taken > 10, "{taken} of {tried} were taken");
}

/// Every list asked for with every value in its address.
async fn searched(db: TestDatabase) {
    let world = World::make(db).await;
    let document = serde_json::to_value(gateway_api::openapi()).expect("a document");
    let scene = world.fresh().await;
    let mut wrong = Vec::new();
    for (id, (method, template)) in operations() {
        let operation = &document["paths"][&template][method.as_str().to_lowercase()];
        let asked = operation["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "query");
        let names: Vec<&str> = asked.filter_map(|one| one["name"].as_str()).collect();
        if method != Method::GET {
            continue;
        }
        let call = Call { id: "", method, template, body: nothing, tag: None };
        for (name, text) in names.iter().flat_map(|name| TEXTS.iter().chain(&NO_TEXTS).map(move |text| (name, text))) {
            let path = format!("{}?{name}={}", call.path(&world.names), encoded(text));
            let answer = scene.gateway.ask(world.chief(), Method::GET, &path, None).await;
            if answer.status.is_server_error() && answer.status != StatusCode::SERVICE_UNAVAILABLE {
                wrong.push(format!("{id}?{name} with {text:?} failed: {} {}", answer.status, answer.json));
            }
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// Nobody signs in under names like these.
async fn signs_in(db: TestDatabase) {
    let world = World::make(db).await;
    let scene = world.fresh().await;
    for text in TEXTS.iter().chain(&NO_TEXTS) {
        let body = json!({"tenant": text, "name": text, "password": text});
        let answer = scene.gateway.ask(&As::default(), Method::POST, "/api/v1/session", Some(&body)).await;
        assert!(answer.status.is_client_error(), "{text:?}: {} {}", answer.status, answer.json);
    }
}

/// The names that a path of the API may hold, each as something hostile.
async fn named(db: TestDatabase) {
    let world = World::make(db).await;
    let scene = world.fresh().await;
    let mut wrong = Vec::new();
    for (id, (method, template)) in operations().into_iter().filter(|(_, (method, _))| *method == Method::GET) {
        for text in TEXTS.iter().chain(&NO_TEXTS) {
            let call = Call { id: "", method: method.clone(), template: template.clone(), body: nothing, tag: None };
            let names: Names = world.names.keys().map(|name| (*name, encoded(text))).collect();
            let answer = scene.gateway.ask(world.chief(), Method::GET, &call.path(&names), None).await;
            let is_about_something = template.contains('{');
            if answer.status.is_server_error() || (is_about_something && answer.status.is_success()) {
                wrong.push(format!("{id} named {text:?}: {} {}", answer.status, answer.json));
            }
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

on_each_backend! {
    async fn hostile_texts_of_tenants_and_users_are_texts_or_refused(db: TestDatabase) {
        assault(db, PLATFORM).await;
    }

    async fn hostile_texts_of_places_are_texts_or_refused(db: TestDatabase) {
        assault(db, PLACES).await;
    }

    async fn hostile_texts_of_contacts_are_texts_or_refused(db: TestDatabase) {
        assault(db, CONTACTS).await;
    }

    async fn hostile_texts_of_profiles_and_templates_are_texts_or_refused(db: TestDatabase) {
        assault(db, &[profiles::PROFILES, templates::TEMPLATES].concat()).await;
    }

    async fn hostile_texts_of_sources_are_texts_or_refused(db: TestDatabase) {
        assault(db, &[SOURCES, KINDS].concat()).await;
    }

    async fn hostile_texts_are_searched_for(db: TestDatabase) {
        searched(db).await;
    }

    async fn hostile_names_sign_nobody_in(db: TestDatabase) {
        signs_in(db).await;
    }

    async fn hostile_names_of_objects_are_nobodys(db: TestDatabase) {
        named(db).await;
    }
}
