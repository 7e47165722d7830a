//! A Skype for Business server with UCWA, as far as it finds people and gives photos.
//!
//! It is written from the published descriptions: discovery, the challenge for a token, a pool that the account may
//! have been moved from, an application, and its search.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory_model::secret::Secret;
use directory_model::source::UcwaConnection;
use serde_json::{Value, json};

use crate::emulator::{Emulator, Reply, Seen};

/// The user whom sources sign in as.
pub const USER: &str = "gateway@example.com";
/// Its password.
pub const PASSWORD: &str = "pass & word";
const USER_PATH: &str = "/Autodiscover/AutodiscoverService.svc/root/oauth/user";
const OTHER_USER_PATH: &str = "/other/root/oauth/user";
const TOKEN_PATH: &str = "/WebTicket/oauthtoken";
const OTHER_TOKEN_PATH: &str = "/other/WebTicket/oauthtoken";
const APPLICATIONS: &str = "/ucwa/oauth/v1/applications";

/// Somebody whom the server knows.
#[derive(Debug, Clone)]
pub struct Person {
    /// SIP address without scheme.
    pub sip: String,
    /// Mail address.
    pub mail: String,
    /// Name.
    pub name: String,
    /// Telephone number as an address.
    pub phone: String,
    /// The file of a photo.
    pub photo: Option<Vec<u8>>,
}

impl Person {
    /// Somebody without a photo.
    pub fn new(sip: &str, mail: &str, name: &str) -> Self {
        let phone = "tel:+49301234".into();
        Self { sip: sip.into(), mail: mail.into(), name: name.into(), phone, photo: None }
    }
}

#[derive(Debug, Default)]
struct State {
    people: Vec<Person>,
    orders: Vec<(String, Reply)>,
    tokens: u32,
    applications: u32,
    oldest_application: u32,
    is_moved: bool,
    discovered: Option<Value>,
}

/// A running server.
#[derive(Debug)]
pub struct Ucwa {
    emulator: Emulator,
    state: Arc<Mutex<State>>,
}

impl Ucwa {
    /// Starts a server that knows `people`.
    pub async fn start(people: Vec<Person>) -> Self {
        let state = Arc::new(Mutex::new(State { people, ..State::default() }));
        let kept = Arc::clone(&state);
        let emulator = Emulator::start(move |request| answer(&mut lock(&kept), request)).await;
        Self { emulator, state }
    }

    /// Answers the next request for a path with `part` in it so.
    pub fn reply_next(&self, part: &str, reply: Reply) {
        lock(&self.state).orders.push((part.to_owned(), reply));
    }

    /// Changes the people.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Person>)) {
        change(&mut lock(&self.state).people);
    }

    /// Forgets every application, as after a restart.
    pub fn forget_applications(&self) {
        let mut state = lock(&self.state);
        state.oldest_application = state.applications + 1;
    }

    /// Moves the account to another pool, which takes other tokens.
    pub fn move_account(&self) {
        lock(&self.state).is_moved = true;
    }

    /// Says this on discovery.
    pub fn discover(&self, document: Value) {
        lock(&self.state).discovered = Some(document);
    }

    /// How many tokens were given and applications made.
    pub fn given(&self) -> (u32, u32) {
        let state = lock(&self.state);
        (state.tokens, state.applications)
    }

    /// Everything that arrived so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.emulator.seen()
    }

    /// A connection; sign in with [`Self::secret`].
    pub fn connection(&self) -> UcwaConnection {
        UcwaConnection {
            url: format!("{}/", self.emulator.origin()),
            domains: vec!["example.com".into()],
            address_domains: Vec::new(),
            user_name: USER.into(),
            trusted_certificates: None,
            timeout_seconds: 20,
        }
    }

    /// What goes with [`USER`].
    pub fn secret(&self) -> Secret {
        Secret::new(PASSWORD)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An answer with an error, as UCWA words it.
pub fn error(status: u16, code: &str, subcode: &str) -> Reply {
    let body = json!({"code": code, "subcode": subcode, "message": "It is refused to order."});
    document(status, &body)
}

fn document(status: u16, body: &Value) -> Reply {
    Reply::new(status, "application/json; charset=utf-8", body.to_string())
}

fn answer(state: &mut State, request: &Seen) -> Reply {
    let origin = format!("http://{}", request.header("host"));
    if let Some(order) = state.orders.iter().position(|(part, _)| request.path.contains(part)) {
        return state.orders.remove(order).1;
    }
    let link = |path: &str| json!({"href": format!("{origin}{path}")});
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/") => {
            let usual = json!({"_links": {"self": link("/"), "user": link(USER_PATH), "xframe": link("/xframe")}});
            document(200, state.discovered.as_ref().unwrap_or(&usual))
        }
        ("POST", TOKEN_PATH) => token(state, request, "cwt=A"),
        ("POST", OTHER_TOKEN_PATH) => token(state, request, "cwt=B"),
        ("GET", USER_PATH) if !is_signed_in(request, "cwt=A") => challenge(&origin, TOKEN_PATH),
        ("GET", USER_PATH) if state.is_moved => document(200, &json!({"_links": {"redirect": link(OTHER_USER_PATH)}})),
        ("GET", OTHER_USER_PATH) if !is_signed_in(request, "cwt=B") => challenge(&origin, OTHER_TOKEN_PATH),
        ("GET", USER_PATH | OTHER_USER_PATH) => document(200, &json!({"_links": {"applications": link(APPLICATIONS)}})),
        (method, path) => {
            let holder = if state.is_moved { "cwt=B" } else { "cwt=A" };
            if !is_signed_in(request, holder) {
                return challenge(&origin, TOKEN_PATH);
            }
            match (method, path.strip_prefix(APPLICATIONS)) {
                ("POST", Some("")) => application(state, request),
                ("GET", Some(rest)) => inside(state, request, rest),
                _ => error(404, "NotFound", ""),
            }
        }
    }
}

fn challenge(origin: &str, path: &str) -> Reply {
    let grants = "urn:microsoft.rtc:windows,urn:microsoft.rtc:anonmeeting,password";
    Reply::empty(401)
        .with("www-authenticate", "Bearer trusted_issuers=\"\", client_id=\"00000004-0000-0ff1-ce00-000000000000\"")
        .with("www-authenticate", format!("MsRtcOAuth href=\"{origin}{path}\",grant_type=\"{grants}\""))
}

fn token(state: &mut State, request: &Seen, token: &str) -> Reply {
    let form = request.form();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if (field("grant_type"), field("username"), field("password")) != ("password", USER, PASSWORD) {
        return document(400, &json!({"error": "invalid_grant"}));
    }
    state.tokens += 1;
    let number = state.tokens;
    document(200, &json!({"access_token": format!("{token}{number}"), "expires_in": 3600, "token_type": "Bearer"}))
}

fn is_signed_in(request: &Seen, token: &str) -> bool {
    request.header("authorization").starts_with(&format!("Bearer {token}"))
}

fn application(state: &mut State, request: &Seen) -> Reply {
    let wanted: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let is_text = |name: &str| wanted[name].as_str().is_some_and(|text| (1..=100).contains(&text.len()));
    if !["UserAgent", "EndpointId", "Culture"].into_iter().all(is_text) {
        return error(400, "BadRequest", "ParameterValidationFailure");
    }
    state.applications += 1;
    let here = format!("{APPLICATIONS}/{}", state.applications);
    let people = json!({"_links": {"self": {"href": format!("{here}/people")},
        "search": {"href": format!("{here}/people/search")}}, "rel": "people"});
    document(201, &json!({"culture": "en-US", "_links": {"self": {"href": here}}, "_embedded": {"people": people}}))
}

/// What an application is asked: `/1/people/search` and `/1/photos/anna@example.com`.
fn inside(state: &State, request: &Seen, rest: &str) -> Reply {
    let parts: Vec<&str> = rest.trim_start_matches('/').splitn(3, '/').collect();
    let is_known = parts[0].parse().is_ok_and(|number: u32| number >= state.oldest_application);
    if !is_known {
        return error(404, "NotFound", "ApplicationNotFound");
    }
    match parts[1..] {
        ["people", "search"] => search(state, request, &format!("{APPLICATIONS}/{}", parts[0])),
        ["photos", sip] => photo(state, request, sip),
        _ => error(404, "NotFound", ""),
    }
}

fn search(state: &State, request: &Seen, here: &str) -> Reply {
    let (query, limit) = (request.asked("query").to_lowercase(), request.asked("limit").parse().unwrap_or(0));
    if query.is_empty() || query.chars().count() > 256 || !(1..=100).contains(&limit) {
        return error(400, "BadRequest", "ParameterValidationFailure");
    }
    let is_like = |person: &&Person| {
        [&person.sip, &person.mail, &person.name].iter().any(|text| text.to_lowercase().starts_with(&query))
    };
    let found: Vec<&Person> = state.people.iter().filter(is_like).collect();
    let contact = |person: &&Person| {
        json!({
            "uri": format!("sip:{}", person.sip), "name": person.name, "title": "Engineer", "company": "Example",
            "department": "R&D", "office": "B1/12", "emailAddresses": [person.mail], "type": "User",
            "workPhoneNumber": person.phone, "sourceNetwork": "SameEnterprise", "rel": "contact",
            "_links": {"contactPhoto": {"href": format!("{here}/photos/{}", person.sip)}},
        })
    };
    let contacts: Vec<Value> = found.iter().take(limit).map(contact).collect();
    let embedded = if contacts.is_empty() { json!({}) } else { json!({"contact": contacts}) };
    document(200, &json!({"moreResultsAvailable": found.len() > limit, "_embedded": embedded, "rel": "search"}))
}

fn photo(state: &State, request: &Seen, sip: &str) -> Reply {
    let person = state.people.iter().find(|person| person.sip == sip);
    let Some(photo) = person.and_then(|person| person.photo.as_ref()) else { return error(404, "NotFound", "") };
    let etag = format!("\"{}\"", photo.len());
    if request.header("if-none-match") == etag {
        return Reply::empty(304);
    }
    if request.asked("size") != "HR240X240" {
        return error(400, "BadRequest", "ParameterValidationFailure");
    }
    Reply::new(200, "image/jpeg", photo.clone()).with("etag", etag)
}
