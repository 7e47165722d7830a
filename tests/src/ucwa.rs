//! A Skype for Business server with UCWA, as far as it finds people, gives photos, and says how available people are.
//!
//! It is written from the published descriptions: discovery, the challenge for a token, a pool that the account may
//! have been moved from, an application, its search, its subscriptions and event channel, and its account.

mod account;
mod channel;

use std::collections::{BTreeMap, BTreeSet};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory_model::secret::Secret;
use directory_model::source::{Publishing, UcwaConnection};
use serde_json::{Value, json};
use tokio::sync::Notify;

pub use self::account::Told;
use self::channel::Channel;
pub use self::channel::Twist;
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
    /// State and activity.
    pub presence: (String, Option<String>),
    /// Text and kind of the note.
    pub note: Option<(String, String)>,
}

impl Person {
    /// Somebody without a photo.
    pub fn new(sip: &str, mail: &str, name: &str) -> Self {
        let phone = "tel:+49301234".into();
        let presence = ("Offline".into(), None);
        Self { sip: sip.into(), mail: mail.into(), name: name.into(), phone, photo: None, presence, note: None }
    }
}

#[derive(Debug, Default)]
struct State {
    people: Vec<Person>,
    orders: Vec<(String, Reply)>,
    tokens: u32,
    applications: u32,
    oldest_application: u32,
    oldest_token: u32,
    is_moved: bool,
    is_numbered: bool,
    is_embedding: bool,
    discovered: Option<Value>,
    channels: BTreeMap<u32, Channel>,
    /// Whom it subscribes nobody to.
    refused: BTreeSet<String>,
    most_subscriptions: Option<usize>,
    /// The applications whose account was made available.
    available: BTreeSet<u32>,
    said: Vec<Told>,
}

impl State {
    /// By what a person is named in addresses of the server.
    fn name_of(&self, sip: &str) -> String {
        let at = self.people.iter().position(|person| person.sip == sip);
        at.filter(|_| self.is_numbered).map_or_else(|| sip.to_owned(), |at| (at + 200).to_string())
    }

    fn person(&self, name: &str) -> Option<&Person> {
        let name = name.to_lowercase().replace("%40", "@");
        self.people.iter().enumerate().find_map(|(at, person)| {
            (person.sip.to_lowercase() == name || (at + 200).to_string() == name).then_some(person)
        })
    }
}

/// A running server.
#[derive(Debug)]
pub struct Ucwa {
    emulator: Emulator,
    state: Arc<Mutex<State>>,
    happens: Arc<Notify>,
}

impl Ucwa {
    /// Starts a server that knows `people`.
    pub async fn start(people: Vec<Person>) -> Self {
        let state = Arc::new(Mutex::new(State { people, ..State::default() }));
        let happens = Arc::<Notify>::default();
        let (kept, told) = (Arc::clone(&state), Arc::clone(&happens));
        let emulator = Emulator::serve(move |request| handle(Arc::clone(&kept), Arc::clone(&told), request)).await;
        Self { emulator, state, happens }
    }

    /// Answers the next request for a path with `part` in it so; whoever listens already is answered at once.
    pub fn reply_next(&self, part: &str, reply: Reply) {
        self.order(|state| state.orders.push((part.to_owned(), reply)));
    }

    fn order(&self, order: impl FnOnce(&mut State)) {
        order(&mut lock(&self.state));
        self.happens.notify_waiters();
    }

    /// Somebody is like this now.
    pub fn set_presence(&self, sip: &str, availability: &str, activity: Option<&str>) {
        self.order(|state| {
            if let Some(person) = state.people.iter_mut().find(|person| person.sip == sip) {
                person.presence = (availability.to_owned(), activity.map(str::to_owned));
            }
            let embedded = state.person(sip).filter(|_| state.is_embedding).map(presence_of);
            state.changed(sip, "contactPresence", "presence", embedded.as_ref());
        });
    }

    /// Somebody has this note now: a text and its kind.
    pub fn set_note(&self, sip: &str, note: Option<(&str, &str)>) {
        self.order(|state| {
            if let Some(person) = state.people.iter_mut().find(|person| person.sip == sip) {
                person.note = note.map(|(text, kind)| (text.to_owned(), kind.to_owned()));
            }
            state.changed(sip, "contactNote", "note", None);
        });
    }

    /// Somebody is like this now, and nobody is told.
    pub fn change_secretly(&self, sip: &str, availability: &str) {
        self.change(|people| {
            if let Some(person) = people.iter_mut().find(|person| person.sip == sip) {
                person.presence = (availability.to_owned(), None);
            }
        });
    }

    /// Names people by numbers, and sends what has changed along with the event.
    pub fn number_people(&self) {
        self.order(|state| (state.is_numbered, state.is_embedding) = (true, true));
    }

    /// The next answer of the event channel of the last application is like this.
    pub fn twist(&self, twist: Twist) {
        self.order(|state| state.channels.entry(state.applications).or_default().twist = Some(twist));
    }

    /// Lets the event channel of the last application have nothing to tell any longer.
    pub fn release(&self) {
        self.order(|state| state.channels.entry(state.applications).or_default().is_released = true);
    }

    /// Tells that all subscriptions will expire soon.
    pub fn shorten_subscriptions(&self) {
        self.order(|state| state.tell_of_subscriptions("updated"));
    }

    /// Lets all subscriptions expire, and tells it if so wished.
    pub fn expire_subscriptions(&self, is_told: bool) {
        self.order(|state| {
            if is_told {
                state.tell_of_subscriptions("deleted");
            }
            state.channels.values_mut().for_each(|channel| channel.subscriptions.clear());
        });
    }

    /// Allows so many subscriptions.
    pub fn limit_subscriptions(&self, most: usize) {
        self.order(|state| state.most_subscriptions = Some(most));
    }

    /// Refuses requests to subscribe to this person, among others or alone.
    pub fn refuse(&self, sip: &str) {
        self.order(|state| state.refused.extend([sip.to_owned()]));
    }

    /// Takes no token any more that was given so far.
    pub fn revoke_tokens(&self) {
        self.order(|state| state.oldest_token = state.tokens + 1);
    }

    /// To whom the last application is subscribed, one set for each subscription.
    pub fn subscribed(&self) -> Vec<BTreeSet<String>> {
        let state = lock(&self.state);
        let channel = state.channels.get(&state.applications);
        channel.into_iter().flat_map(|channel| channel.subscriptions.values()).map(|group| group.uris.clone()).collect()
    }

    /// For how many minutes the last application subscribed, and went on, in the order of its requests.
    pub fn minutes(&self) -> Vec<u64> {
        let state = lock(&self.state);
        state.channels.get(&state.applications).map(|channel| channel.minutes.clone()).unwrap_or_default()
    }

    /// What was said of the account.
    pub fn said(&self) -> Vec<Told> {
        lock(&self.state).said.clone()
    }

    /// Changes the people.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Person>)) {
        change(&mut lock(&self.state).people);
    }

    /// Forgets every application, as after a restart.
    pub fn forget_applications(&self) {
        self.order(|state| state.oldest_application = state.applications + 1);
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
            subscription_minutes: 30,
            publishes: Publishing::Nothing,
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

/// Answers at once, or, on the event channel, when something happens.
async fn handle(state: Arc<Mutex<State>>, happens: Arc<Notify>, request: Seen) -> Reply {
    let Some(number) = listens_to(&lock(&state), &request) else {
        let reply = answer(&mut lock(&state), &request);
        happens.notify_waiters();
        return reply;
    };
    let listener = lock(&state).listens(number);
    happens.notify_waiters();
    loop {
        let mut waiting = std::pin::pin!(happens.notified());
        // What happens from here on wakes, also before it is waited for.
        waiting.as_mut().enable();
        {
            let mut state = lock(&state);
            if let Some(order) = state.orders.iter().position(|(part, _)| request.path.contains(part)) {
                return state.orders.remove(order).1;
            }
            if let Some(reply) = state.told(number, listener, &request) {
                return reply;
            }
        }
        waiting.await;
    }
}

/// The application to whose event channel somebody listens who may.
fn listens_to(state: &State, request: &Seen) -> Option<u32> {
    let rest = request.path.strip_prefix(APPLICATIONS)?.trim_start_matches('/');
    let number = rest.strip_suffix("/events")?.parse().ok()?;
    is_signed_in(state, request, holder(state)).then_some(number)
}

/// How tokens begin that are taken.
fn holder(state: &State) -> &'static str {
    if state.is_moved { "cwt=B" } else { "cwt=A" }
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
        ("GET", USER_PATH) if !is_signed_in(state, request, "cwt=A") => challenge(&origin, TOKEN_PATH),
        ("GET", USER_PATH) if state.is_moved => document(200, &json!({"_links": {"redirect": link(OTHER_USER_PATH)}})),
        ("GET", OTHER_USER_PATH) if !is_signed_in(state, request, "cwt=B") => challenge(&origin, OTHER_TOKEN_PATH),
        ("GET", USER_PATH | OTHER_USER_PATH) => document(200, &json!({"_links": {"applications": link(APPLICATIONS)}})),
        (method, path) => {
            if !is_signed_in(state, request, holder(state)) {
                return challenge(&origin, TOKEN_PATH);
            }
            match (method, path.strip_prefix(APPLICATIONS)) {
                ("POST", Some("")) => application(state, request),
                (_, Some(rest)) => inside(state, request, rest),
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

fn is_signed_in(state: &State, request: &Seen, token: &str) -> bool {
    let number = request.header("authorization").strip_prefix(&format!("Bearer {token}"));
    number.and_then(|number| number.parse::<u32>().ok()).is_some_and(|number| number >= state.oldest_token)
}

fn application(state: &mut State, request: &Seen) -> Reply {
    let wanted: Value = serde_json::from_str(&request.body).unwrap_or_default();
    let is_text = |name: &str| wanted[name].as_str().is_some_and(|text| (1..=100).contains(&text.len()));
    if !["UserAgent", "EndpointId", "Culture"].into_iter().all(is_text) {
        return error(400, "BadRequest", "ParameterValidationFailure");
    }
    state.applications += 1;
    let here = format!("{APPLICATIONS}/{}", state.applications);
    let link = |path: &str| json!({"href": format!("{here}{path}")});
    let people = json!({"rel": "people", "_links": {"self": link("/people"), "search": link("/people/search"),
        "presenceSubscriptions": link("/people/presenceSubscriptions")}});
    let embedded = json!({"people": people, "me": state.me(state.applications)});
    let links = json!({"self": link(""), "events": link("/events?ack=1")});
    document(201, &json!({"culture": "en-US", "_links": links, "_embedded": embedded}))
}

/// What an application is asked: `/1/people/search` and `/1/photos/anna@example.com`.
fn inside(state: &mut State, request: &Seen, rest: &str) -> Reply {
    let parts: Vec<&str> = rest.trim_start_matches('/').split('/').collect();
    let number = parts[0].parse().unwrap_or(0);
    if number < state.oldest_application.max(1) {
        return error(404, "NotFound", "ApplicationNotFound");
    }
    let is_read = request.method == "GET";
    match parts[1..] {
        ["people", "search"] if is_read => search(state, request, &format!("{APPLICATIONS}/{}", parts[0])),
        ["photos", sip] if is_read => photo(state, request, sip),
        ["people", "presenceSubscriptions"] => state.subscribe(number, request, None),
        ["people", "presenceSubscriptions", id] => match id.parse() {
            Ok(id) => state.of_subscription(number, request, id),
            Err(_) => error(404, "NotFound", ""),
        },
        ["people", "presenceSubscriptionMemberships"] => {
            state.subscribe(number, request, request.asked("presenceSubscriptionId").parse().ok())
        }
        ["people", who] if is_read => match state.person(who) {
            Some(person) => document(200, &json!({"rel": "contact", "uri": format!("sip:{}", person.sip)})),
            None => error(404, "NotFound", ""),
        },
        ["people", who, "presence"] if is_read => match state.person(who) {
            Some(person) => document(200, &presence_of(person)),
            None => error(404, "NotFound", ""),
        },
        ["people", who, "note"] if is_read => match state.person(who).and_then(|person| person.note.as_ref()) {
            Some((text, kind)) => document(200, &json!({"rel": "contactNote", "message": text, "type": kind})),
            None => error(404, "NotFound", ""),
        },
        ["me"] => state.of_account(number, request, None),
        ["me", what] => state.of_account(number, request, Some(what)),
        _ => error(404, "NotFound", ""),
    }
}

fn presence_of(person: &Person) -> Value {
    let (availability, activity) = &person.presence;
    let mut presence = json!({"rel": "contactPresence", "availability": availability, "deviceType": "PC",
        "lastActive": "/Date(1358827096000)/"});
    if let Some(activity) = activity {
        presence["activity"] = json!(activity);
    }
    presence
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
        let who = state.name_of(&person.sip);
        json!({
            "uri": format!("sip:{}", person.sip), "name": person.name, "title": "Engineer", "company": "Example",
            "department": "R&D", "office": "B1/12", "emailAddresses": [person.mail], "type": "User",
            "workPhoneNumber": person.phone, "sourceNetwork": "SameEnterprise", "rel": "contact",
            "_links": {"contactPhoto": {"href": format!("{here}/photos/{}", person.sip)},
                "contactPresence": {"href": format!("{here}/people/{who}/presence")},
                "contactNote": {"href": format!("{here}/people/{who}/note")}},
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
