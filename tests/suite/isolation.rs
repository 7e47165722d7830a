//! Who may do what to whose objects: one row for each operation of the OpenAPI document.
//!
//! Each row first succeeds for those who may, on a copy of the same company and the same object.
//! Then everybody else asks for the same: nothing changes, and for those who may not
//! even see the object the answer is the one about an object that does not exist.

use std::collections::BTreeMap;

use http::{HeaderMap, Method};
use serde_json::{Value, json};
use suite::app::{Answer, As};

mod bodies;
mod world;

use world::{Copy, SUBJECTS, World};

/// What is nobody's.
const NOBODY: &str = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ";

/// Operations that need nobody to be known; what they answer has tests of its own.
const OPEN: [&str; 4] = ["set_up", "create_session", "get_snapshot", "stream_publication"];

/// Operations on the caller's own session: their paths name no object, so there is nobody else's.
const OWN: [&str; 2] = ["get_session", "delete_session"];

/// One row: the operation, what each subject gets, and the body.
///
/// `+` may, `f` sees the object and may not (403), `b` may but not there (422, beyond own rights),
/// `.` does not even see it (404); subjects in the
/// order of [`SUBJECTS`]: platform, reseller, tenant, site, group, contact, supervisor, agent,
/// employee; the site's and the group's neighbour; another reseller, another tenant's tenant.
type Row = (&'static str, &'static str, fn(&Names) -> Value);

type Names = BTreeMap<&'static str, String>;

fn nothing(_: &Names) -> Value {
    Value::Null
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    //                       PRTSGCVAE sg rx
    ("list_resellers",          "+........ .. ..", nothing),
    ("create_reseller",         "+........ .. ..", |_| json!({"name": "Third"})),
    ("get_reseller",            "+........ .. ..", nothing),
    ("update_reseller",         "+........ .. ..", |_| json!({"client_licences": 5})),
    ("delete_reseller",         "+........ .. ..", nothing),
    ("list_tenants",            "++++..... +. ++", nothing),
    ("create_tenant",           "+bff..... f. bf", |_| json!({"name": "Fresh"})),
    ("get_tenant",              "+++f..... f. ..", nothing),
    ("update_tenant",           "+++f..... f. ..", |_| json!({"company_name": "Acme Ltd"})),
    ("delete_tenant",           "++ff..... f. ..", nothing),
    ("rotate_sdk_key",          "+++f..... f. ..", nothing),
    ("list_users",              "+++...... .. ..", nothing),
    ("create_user",             "+++...... .. ..", |_| json!({"name": "newcomer"})),
    ("get_user",                "+++...... .. ..", nothing),
    ("update_user",             "+++...... .. ..", |_| json!({"first_name": "Some"})),
    ("delete_user",             "+++...... .. ..", nothing),
    ("set_password",            "+++...... .. ..", |_| json!({"password": "a long enough secret"})),
    ("list_grants",             "+++...... .. ..", nothing),
    ("create_grant",            "bb+...... .. ..", |names| json!({"user": names["user"], "role": "contact", "scope": {"kind": "site", "id": names["site"]}})),
    ("get_grant",               "+++...... .. ..", nothing),
    ("delete_grant",            "+++...... .. ..", nothing),
    ("list_tokens",             "+++...... .. ..", nothing),
    ("create_token",            "ff+...... .. ..", |names| json!({"user": names["user"], "name": "x", "role": "agent", "scope": {"kind": "tenant", "id": names["tenant"]}, "expires_at": "2026-12-01T00:00:00Z"})),
    ("get_token",               "+++...... .. ..", nothing),
    ("delete_token",            "+++...... .. ..", nothing),
    ("list_sites",              "..++..... +. ..", nothing),
    ("create_site",             "..+f..... f. ..", |_| json!({"name": "Graz"})),
    ("get_site",                "..++..... .. ..", nothing),
    ("update_site",             "..++..... .. ..", |_| json!({"city": "Berlin"})),
    ("delete_site",             "..++..... .. ..", nothing),
    ("list_groups",             "..++++++. ++ ..", nothing),
    ("create_group",            "..++++ff. bb ..", |names| json!({"name": "Team", "parent": names["group"]})),
    ("get_group",               "..++++++. .. ..", nothing),
    ("update_group",            "..++++ff. .. ..", |names| json!({"parent": names["root"]})),
    ("delete_group",            "..++++ff. .. ..", nothing),
    ("list_members",            "..++++++. .. ..", nothing),
    ("add_member",              "..++++ff. .. ..", nothing),
    ("remove_member",           "..++++ff. .. ..", nothing),
    ("list_domains",            "..+f..... f. ..", nothing),
    ("create_domain",           "..+f..... f. ..", |_| json!({"title": "Shop", "hosts": ["shop.acme.test"]})),
    ("get_domain",              "..+...... .. ..", nothing),
    ("update_domain",           "..+...... .. ..", |_| json!({"is_http_allowed": true})),
    ("delete_domain",           "..+...... .. ..", nothing),
    ("list_publications",       "..+++++.. ++ ..", nothing),
    ("create_publication",      "..++fff.. bf ..", |names| json!({"title": "Help", "site": names["site"]})),
    ("get_publication",         "..++.+... .. ..", nothing),
    ("update_publication",      "..++.f... .. ..", |_| json!({"is_coarse": true})),
    ("delete_publication",      "..++.f... .. ..", nothing),
    ("get_entries",             "..++.+... .. ..", nothing),
    ("set_entries",             "..++.f... .. ..", |names| json!({"entries": [{"contact": names["contact"]}, {"group": names["group"]}]})),
    ("rotate_publication_key",  "..++.f... .. ..", nothing),
    ("list_contacts",           "..++++++. ++ ..", nothing),
    ("create_contact",          "..++b+ff. bb ..", |names| json!({"display_name": "Carla", "home_site": names["site"]})),
    ("get_contact",             "..+++++++ .. ..", nothing),
    ("update_contact",          "..++++fff .. ..", |_| json!({"job_title": "Head"})),
    ("delete_contact",          "..++++fff .. ..", nothing),
    ("get_presence",            "..+++++++ .. ..", nothing),
    ("explain_presence",        "..+++++++ .. ..", nothing),
    ("set_manual_presence",     "..+++++f+ .. ..", |_| json!({"availability": "away"})),
    ("delete_manual_presence",  "..+++++f+ .. ..", nothing),
    ("set_claim",               "..+++++f+ .. ..", |_| json!({"kind": "computer", "source": "pc", "version": 1, "availability": "available", "ttl_seconds": 60})),
    ("list_notes",              "..+++++++ .. ..", nothing),
    ("create_note",             "..+++++f+ .. ..", |_| json!({"text": "gone"})),
    ("delete_note",             "..+++++f+ .. ..", nothing),
    ("list_sources",            "..+fff... ff ..", nothing),
    ("create_source",           "..+fff... ff ..", |_| json!({"name": "CSV", "connection": {"kind": "file", "path": "a.csv", "format": "csv"}})),
    ("get_source",              "..+...... .. ..", nothing),
    ("update_source",           "..+...... .. ..", |_| json!({"time_zone": "Europe/Berlin"})),
    ("delete_source",           "..+...... .. ..", nothing),
    ("set_source_secret",       "..+...... .. ..", |_| json!({"secret": "hunter2"})),
    ("delete_source_secret",    "..+...... .. ..", nothing),
    ("start_run",               "..+...... .. ..", nothing),
    ("list_runs",               "..+fff... ff ..", nothing),
    ("get_run",                 "..+...... .. ..", nothing),
    ("list_run_entries",        "..+...... .. ..", nothing),
    ("approve_run",             "..+...... .. ..", nothing),
    ("cancel_run",              "..+...... .. ..", nothing),
    ("list_audit",              "+++...... .. ..", nothing),
    ("list_changes",            "+++...... .. ..", nothing),
];

/// An operation of the document, with the request that the row is about.
struct Call {
    id: &'static str,
    method: Method,
    /// The path with its parameters, below the server's address.
    template: String,
    body: Option<Value>,
    /// What `If-Match` says, if it must say something.
    tag: Option<String>,
}

impl Call {
    /// The path with every parameter as `names` has it, or the last one naming nothing.
    fn path(&self, names: &Names, is_last_known: bool) -> String {
        let last = self.template.rfind('{');
        let mut path = String::from("/api/v1");
        for (at, part) in self.template.match_indices('/').zip(self.template.split('/').skip(1)) {
            let at = at.0 + 1;
            let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            path.push('/');
            match name {
                Some(_) if Some(at) == last && !is_last_known => path.push_str(NOBODY),
                Some(name) => path.push_str(&names[name]),
                None => path.push_str(part),
            }
        }
        path
    }

    async fn ask(&self, copy: &Copy, who: &As, path: &str) -> Answer {
        let headers: Vec<(&str, &str)> = self.tag.iter().map(|tag| ("if-match", tag.as_str())).collect();
        copy.gateway.ask_with(who, self.method.clone(), path, &headers, self.body.as_ref()).await
    }
}

#[tokio::test]
async fn every_operation_has_its_row() {
    let described = operations();
    let rows: Vec<&str> = ROWS.iter().map(|(id, ..)| *id).collect();

    let missing: Vec<&String> = described.keys().filter(|id| !known(&rows, id)).collect();
    let vanished: Vec<&&str> = rows.iter().filter(|id| !described.contains_key(**id)).collect();

    assert!(missing.is_empty(), "operations without a row: {missing:?}");
    assert!(vanished.is_empty(), "rows without an operation: {vanished:?}");
}

#[tokio::test]
async fn nobody_reaches_what_is_not_theirs() {
    let world = World::make().await;
    let described = operations();
    let shared = world.copy().await;
    let mut wrong = Vec::new();
    for &(id, marks, body) in ROWS {
        let (method, template) = described[id].clone();
        let body = Some(body(&world.names)).filter(|body| !body.is_null());
        let mut call = Call { id, method, template, body, tag: None };
        call.tag = tag(&call, &world, &shared).await;
        let marks: Vec<char> = marks.chars().filter(|mark| *mark != ' ').collect();
        assert_eq!(marks.len(), SUBJECTS.len(), "{id} has a mark for each subject");
        for (subject, mark) in SUBJECTS.into_iter().zip(marks) {
            let found = match mark {
                '+' => succeeds(&call, &world, &shared, subject).await,
                mark => is_refused(&call, &world, &shared, subject, mark).await,
            };
            wrong.extend(found.err().map(|what| format!("{id} by {subject} ({mark}): {what}")));
        }
        wrong.extend(is_closed(&call, &world, &shared).await.err().map(|what| format!("{id} by nobody: {what}")));
    }
    assert!(wrong.is_empty(), "{} deviations:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn only_ones_own_session_can_be_ended() {
    let world = World::make().await;
    let copy = world.copy().await;
    let before = copy.state(&world);
    let path = "/api/v1/session";

    let by_nobody = copy.gateway.ask(&As::default(), Method::DELETE, path, None).await;
    let strange = As { cookie: Some("switchboard_session=made-up".to_owned()), ..As::default() };
    let by_stranger = copy.gateway.ask(&strange, Method::DELETE, path, None).await;

    assert_eq!(by_nobody.problem(), "401 not_signed_in");
    assert_eq!(by_stranger.problem(), "401 not_signed_in");
    for (name, who) in &world.subjects {
        let by_program = copy.gateway.ask(who, Method::DELETE, path, None).await;
        assert_eq!(by_program.problem(), "404 not_found", "{name} has no session");
    }
    assert!(copy.state(&world) == before, "something changed");
}

/// The call does what it says; those that change something do it to a copy of their own.
async fn succeeds(call: &Call, world: &World, shared: &Copy, subject: &str) -> Result<(), String> {
    let own = if call.method == Method::GET { None } else { Some(world.copy().await) };
    let copy = own.as_ref().unwrap_or(shared);
    let answer = call.ask(copy, &world.subjects[subject], &call.path(&world.names, true)).await;
    if answer.status.is_success() { Ok(()) } else { Err(format!("{} {}", answer.status, answer.json)) }
}

/// The call changes nothing, and what is hidden looks like what is missing.
async fn is_refused(call: &Call, world: &World, copy: &Copy, subject: &str, mark: char) -> Result<(), String> {
    let who = &world.subjects[subject];
    let before = copy.state(world);
    let answer = call.ask(copy, who, &call.path(&world.names, true)).await;
    if copy.state(world) != before {
        return Err(format!("changed something and answered {}", answer.status));
    }
    let expected = match mark {
        'f' => "403 forbidden",
        'b' => "422 invalid_value",
        _ => "404 not_found",
    };
    let problem = answer.problem();
    if !problem.starts_with(expected) || (mark == 'b' && !problem.contains("beyond_own_rights")) {
        return Err(format!("answered {} {}", problem, answer.json));
    }
    let missing = call.ask(copy, who, &call.path(&world.names, false)).await;
    let is_same = mark != '.' || (masked(&answer) == masked(&missing) && heads(&answer) == heads(&missing));
    if is_same { Ok(()) } else { Err(format!("{} differs from {}", masked(&answer), masked(&missing))) }
}

/// Who is not known learns nothing, not even what exists.
async fn is_closed(call: &Call, world: &World, copy: &Copy) -> Result<(), String> {
    let before = copy.state(world);
    let answer = call.ask(copy, &As::default(), &call.path(&world.names, true)).await;
    let missing = call.ask(copy, &As::default(), &call.path(&world.names, false)).await;
    let is_same = masked(&answer) == masked(&missing) && heads(&answer) == heads(&missing);
    let is_closed = answer.problem() == "401 not_signed_in" && is_same && copy.state(world) == before;
    if is_closed { Ok(()) } else { Err(format!("answered {} {}", answer.problem(), missing.problem())) }
}

/// Every operation's method and path, by its name.
fn operations() -> BTreeMap<String, (Method, String)> {
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

fn known(rows: &[&str], id: &str) -> bool {
    rows.contains(&id) || OPEN.contains(&id) || OWN.contains(&id)
}

/// The entity tag that a change of the object must send.
async fn tag(call: &Call, world: &World, copy: &Copy) -> Option<String> {
    if call.method != Method::PATCH {
        return None;
    }
    let subject = if call.id == "update_reseller" { "platform" } else { "tenant" };
    let path = call.path(&world.names, true);
    let answer = copy.gateway.ask(&world.subjects[subject], Method::GET, &path, None).await;
    Some(answer.header("etag").to_owned())
}

/// The body without what names the request.
fn masked(answer: &Answer) -> Value {
    let mut body = answer.json.clone();
    if let Some(instance) = body.get_mut("instance") {
        *instance = json!(instance.as_str().map(str::len));
    }
    body
}

/// The headers without what names the request.
fn heads(answer: &Answer) -> HeaderMap {
    let mut headers = answer.headers.clone();
    if let Some(id) = headers.remove("x-request-id") {
        headers.insert("x-request-id", id.len().into());
    }
    headers
}
