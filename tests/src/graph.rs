//! Microsoft Graph, as far as it tells of users, their changes, their photos, how available they are, and when
//! they are busy.
//!
//! It is written from the published descriptions: pages and delta links hold what they need in an opaque token, a
//! batch answers each of its requests, in any order.

mod batch;
mod presence;
mod query;
mod user;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory_model::secret::Secret;
use directory_model::source::GraphConnection;
use serde_json::{Value, json};

pub use self::presence::Item;
use self::query::Query;
pub use self::user::{User, id};
use crate::emulator::{Emulator, Reply, Seen};
use crate::oauth::{CLIENT_ID, CLIENT_SECRET, TokenService};

const ROOT: &str = "/v1.0";
const TOKEN_PATH: &str = "/example.onmicrosoft.com/oauth2/v2.0/token";

/// What a tenant holds, and what is ordered.
#[derive(Debug, Default)]
pub(crate) struct State {
    users: Vec<User>,
    /// Every change so far: whose, and whether the user went with it.
    changes: Vec<(String, bool)>,
    /// The first change that is still told.
    oldest: usize,
    page_size: usize,
    orders: Vec<Reply>,
    item_orders: Vec<(String, Value)>,
    said: presence::Said,
    is_repeating: bool,
    is_endless: bool,
    is_gone: bool,
    second: Option<Reply>,
}

/// A running service with one tenant.
#[derive(Debug)]
pub struct Graph {
    emulator: Emulator,
    state: Arc<Mutex<State>>,
    /// Its token service.
    pub tokens: TokenService,
}

impl Graph {
    /// Starts a service that knows `users` and gives `page_size` of them at once.
    pub async fn start(users: Vec<User>, page_size: usize) -> Self {
        let state = Arc::new(Mutex::new(State { users, page_size, ..State::default() }));
        let tokens = TokenService::default();
        let (kept, service) = (Arc::clone(&state), tokens.clone());
        let emulator = Emulator::start(move |request| answer(&mut lock(&kept), &service, request)).await;
        Self { emulator, state, tokens }
    }

    /// Adds a user, or puts one in the place of the one with the same identity.
    pub fn put(&self, user: User) {
        let mut state = lock(&self.state);
        state.changes.push((user.id.clone(), false));
        state.users.retain(|known| known.id != user.id);
        state.users.push(user);
    }

    /// Deletes a user.
    pub fn remove(&self, id: &str) {
        let mut state = lock(&self.state);
        state.changes.push((id.to_owned(), true));
        state.users.retain(|known| known.id != id);
    }

    /// Forgets what changed until now, as after seven days.
    pub fn forget_changes(&self) {
        let mut state = lock(&self.state);
        // A delta link of this very moment is lost, too.
        state.changes.push((String::new(), true));
        state.oldest = state.changes.len();
    }

    /// Says from now on that a user is so available.
    pub fn set_presence(&self, id: &str, presence: Value) {
        lock(&self.state).said.presences.insert(id.to_owned(), presence);
    }

    /// What is in the calendar of that address from now on.
    pub fn set_calendar(&self, mail: &str, items: Vec<Item>) {
        lock(&self.state).said.calendars.insert(mail.to_lowercase(), items);
    }

    /// Tells of that calendar only how it looks from afar.
    pub fn hide_calendar(&self, mail: &str) {
        lock(&self.state).said.hidden.push(mail.to_owned());
    }

    /// Refuses a whole request for presence when it names one user who is not there.
    pub fn be_strict(&self) {
        lock(&self.state).said.is_strict = true;
    }

    /// Answers nothing but that the service is not there, from now on or no longer.
    pub fn set_gone(&self, is_gone: bool) {
        lock(&self.state).is_gone = is_gone;
    }

    /// Answers the next request but that for a token so; orders are carried out one after the other.
    pub fn reply_next(&self, reply: Reply) {
        lock(&self.state).orders.push(reply);
    }

    /// Answers the next request of a batch for what ends in `path` so.
    pub fn reply_item(&self, path: &str, response: Value) {
        lock(&self.state).item_orders.push((path.to_owned(), response));
    }

    /// Answers the second request for a page so.
    pub fn reply_second(&self, reply: Reply) {
        lock(&self.state).second = Some(reply);
    }

    /// Says of every page of users that it is not the last.
    pub fn go_on_for_ever(&self) {
        lock(&self.state).is_endless = true;
    }

    /// Tells the last user of each page again on the next one.
    pub fn repeat_users(&self) {
        lock(&self.state).is_repeating = true;
    }

    /// Every request but those for tokens so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.emulator.seen().into_iter().filter(|seen| seen.path != TOKEN_PATH).collect()
    }

    /// A connection as a registered application; sign in with [`Self::secret`].
    pub fn connection(&self) -> GraphConnection {
        GraphConnection {
            url: format!("{}{ROOT}", self.emulator.origin()),
            tenant: "example.onmicrosoft.com".into(),
            client_id: CLIENT_ID.into(),
            certificate: None,
            token_url: Some(format!("{}{TOKEN_PATH}", self.emulator.origin())),
            trusted_certificates: None,
            timeout_seconds: 20,
        }
    }

    /// What goes with [`Self::connection`].
    pub fn secret(&self) -> Secret {
        Secret::new(CLIENT_SECRET)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An answer with an error, as Graph words it.
pub fn error(status: u16, code: &str) -> Reply {
    reply(status, &problem(code))
}

fn problem(code: &str) -> Value {
    json!({"error": {"code": code, "message": "It is refused to order.", "innerError": {"request-id": "1"}}})
}

/// An answer in JSON.
pub fn reply(status: u16, body: &Value) -> Reply {
    Reply::new(status, "application/json;odata.metadata=minimal;charset=utf-8", body.to_string())
}

fn answer(state: &mut State, tokens: &TokenService, request: &Seen) -> Reply {
    let origin = format!("http://{}", request.header("host"));
    if request.path == TOKEN_PATH {
        return tokens.answer(request, &format!("{origin}{TOKEN_PATH}"));
    }
    if state.is_gone {
        return error(503, "serviceNotAvailable");
    }
    if !tokens.accepts(request) {
        return error(401, "InvalidAuthenticationToken");
    }
    if !state.orders.is_empty() {
        return state.orders.remove(0);
    }
    if request.query.contains_key("$skiptoken")
        && let Some(reply) = state.second.take()
    {
        return reply;
    }
    let Some(path) = request.path.strip_prefix(ROOT) else { return error(404, "ResourceNotFound") };
    let root = format!("{origin}{ROOT}");
    match (request.method.as_str(), path) {
        ("POST", "/$batch") => batch::answer(state, &root, &request.body),
        ("POST", "/communications/getPresencesByUserId") => presence::presences(state, request),
        ("POST", path) if path.ends_with("/calendar/getSchedule") => {
            presence::schedules(state, path.split('/').nth(2).unwrap_or_default(), request)
        }
        ("GET", path) => {
            let query = Query::new(request.query.clone());
            let (status, body) = get(state, &root, path, &query);
            reply(status, &body)
        }
        _ => error(405, "Request_BadRequest"),
    }
}

/// The answer to a request for something: its status and its body.
fn get(state: &State, root: &str, path: &str, query: &Query) -> (u16, Value) {
    match path.trim_start_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        ["users", "delta"] => delta(state, root, query),
        ["users"] => list(state, root, query),
        ["users", id] => match state.users.iter().find(|user| user.id == *id) {
            Some(user) => (200, query.select(&user.properties())),
            None => (404, problem("Request_ResourceNotFound")),
        },
        ["users", id, "photo"] => photo(state, id, user::about),
        ["users", id, "photo", "$value"] => photo(state, id, user::file),
        ["users", id, "photos", size, "$value"] => photo(state, id, |file| user::file_of(file, size)),
        _ => (400, problem("BadRequest")),
    }
}

fn photo(state: &State, id: &str, told: impl Fn(&user::Photo) -> Value) -> (u16, Value) {
    let user = state.users.iter().find(|user| user.id == id);
    match user.and_then(|user| user.photo.as_ref()) {
        Some(photo) => (200, told(photo)),
        None => (404, problem("ImageNotFound")),
    }
}

fn list(state: &State, root: &str, query: &Query) -> (u16, Value) {
    let found: Vec<&User> = state.users.iter().filter(|user| query.finds(&user.properties())).collect();
    let from = query.number("$skiptoken").unwrap_or(0);
    let size = query.number("$top").unwrap_or(100).min(state.page_size);
    let users: Vec<Value> = found.iter().skip(from).take(size).map(|user| query.select(&user.properties())).collect();
    let mut page = json!({"@odata.context": format!("{root}/$metadata#users"), "value": users});
    if from + size < found.len() {
        page["@odata.nextLink"] = query.link(&format!("{root}/users"), "$skiptoken", from + size).into();
    }
    (200, page)
}

/// A page of everybody, or of what changed since a delta link was given; tokens say from where on.
fn delta(state: &State, root: &str, query: &Query) -> (u16, Value) {
    let here = format!("{root}/users/delta");
    let all: Vec<Value> = match query.number("$deltatoken").or_else(|| query.number("since")) {
        None => state.users.iter().map(|user| query.select(&user.properties())).collect(),
        Some(since) if since < state.oldest => return (410, problem("syncStateNotFound")),
        Some(since) => changed(state, since, query),
    };
    let from = query.number("$skiptoken").unwrap_or(0);
    let first = if state.is_repeating { from.saturating_sub(1) } else { from };
    let users: Vec<&Value> = all.iter().take(from + state.page_size).skip(first).collect();
    let mut page = json!({"@odata.context": format!("{root}/$metadata#users"), "value": users});
    if state.is_endless || from + state.page_size < all.len() {
        page["@odata.nextLink"] = query.link(&here, "$skiptoken", from + state.page_size).into();
    } else {
        page["@odata.deltaLink"] = query.link(&here, "$deltatoken", state.changes.len()).into();
    }
    (200, page)
}

fn changed(state: &State, since: usize, query: &Query) -> Vec<Value> {
    let mut told: Vec<Value> = Vec::new();
    for (id, _) in &state.changes[since..] {
        if id.is_empty() || told.iter().any(|known| known["id"] == id.as_str()) {
            continue;
        }
        told.push(match state.users.iter().find(|user| user.id == *id) {
            Some(user) => query.select(&user.properties()),
            None => json!({"id": id, "@removed": {"reason": "changed"}}),
        });
    }
    told
}
