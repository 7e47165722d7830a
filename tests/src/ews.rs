//! An Exchange Server, as far as Exchange Web Services resolve names, give photos, and tell when people are busy.
//!
//! It is written from the published formats and checked against the published schemas and an independent client by
//! `scripts/check-ews.sh`.

mod calendar;
mod person;
mod soap;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::prelude::{BASE64_STANDARD, Engine};
use directory_model::secret::Secret;
use directory_model::source::{
    BasicAuthentication, ClientCredentials, ExchangeAuthentication, ExchangeConnection, PhotoSize,
};
use tokio::sync::Barrier;

pub use self::calendar::Appointment;
pub use self::person::Person;
use self::soap::{envelope, fault, inner, photo_message, resolutions, text_of};
use crate::emulator::{Emulator, Reply, Seen};
use crate::oauth::{CLIENT_ID, CLIENT_SECRET, SCOPE, TokenService};

/// The account that sources sign in with.
pub const USER: &str = "EXAMPLE\\switchboard";
/// Its password.
pub const PASSWORD: &str = "pässword";
/// Where the service is.
pub const PATH: &str = "/EWS/Exchange.asmx";
const PHOTO_PATH: &str = "/EWS/Exchange.asmx/s/GetUserPhoto";
const TOKEN_PATH: &str = "/tenant/oauth2/v2.0/token";
/// The most people that are told for one name.
const MOST: usize = 100;

/// What an order is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Requests in SOAP.
    Soap,
    /// Photos as files.
    File,
}

#[derive(Debug, Default)]
struct State {
    people: Vec<Person>,
    appointments: Vec<Appointment>,
    // Whose calendars nobody may see, of which only the merged view is told, and which cannot be read.
    closed: Vec<String>,
    hidden: Vec<String>,
    unread: Vec<String>,
    // Each with the number of requests of its kind that are answered as usual before.
    orders: Vec<(Kind, usize, Reply)>,
    file_status: Option<u16>,
    is_impersonation_denied: bool,
    gathering: Option<Gathering>,
}

/// Requests for photos as files that wait for each other.
#[derive(Debug)]
struct Gathering {
    // So many are answered at once first.
    first: usize,
    others: Arc<Barrier>,
}

impl Gathering {
    fn next(&mut self) -> Option<Arc<Barrier>> {
        if self.first > 0 {
            self.first -= 1;
            return None;
        }
        Some(Arc::clone(&self.others))
    }
}

/// A running server.
#[derive(Debug)]
pub struct Ews {
    emulator: Emulator,
    state: Arc<Mutex<State>>,
    /// Its token service.
    pub tokens: TokenService,
}

impl Ews {
    /// Starts a server that knows `people`.
    pub async fn start(people: Vec<Person>) -> Self {
        let state = Arc::new(Mutex::new(State { people, ..State::default() }));
        let tokens = TokenService::default();
        let (kept, service) = (Arc::clone(&state), tokens.clone());
        let emulator = Emulator::serve(move |request| {
            let (reply, gathering) = {
                let mut state = lock(&kept);
                let reply = answer(&mut state, &service, &request);
                let gathering = state.gathering.as_mut().filter(|_| request.path == PHOTO_PATH);
                (reply, gathering.and_then(Gathering::next))
            };
            async move {
                if let Some(gathering) = gathering {
                    gathering.wait().await;
                }
                reply
            }
        });
        Self { emulator: emulator.await, state, tokens }
    }

    /// Answers the next request of that kind so; orders are carried out one after the other.
    pub fn reply_next(&self, kind: Kind, reply: Reply) {
        self.reply_later(kind, 0, reply);
    }

    /// The same after `usual` more requests of that kind.
    pub fn reply_later(&self, kind: Kind, usual: usize, reply: Reply) {
        lock(&self.state).orders.push((kind, usual, reply));
    }

    /// Answers requests for photos as files only when `together` of them wait, after `first` that are answered as usual.
    pub fn gather_files(&self, first: usize, together: usize) {
        lock(&self.state).gathering = Some(Gathering { first, others: Arc::new(Barrier::new(together)) });
    }

    /// How many requests were answered at the same time at most.
    pub fn most_at_once(&self) -> usize {
        self.emulator.most_at_once()
    }

    /// Refuses photos as files with this status from now on.
    pub fn refuse_files(&self, status: u16) {
        lock(&self.state).file_status = Some(status);
    }

    /// Lets nobody act in another's name from now on.
    pub fn deny_impersonation(&self) {
        lock(&self.state).is_impersonation_denied = true;
    }

    /// Changes the people.
    pub fn change(&self, change: impl FnOnce(&mut Vec<Person>)) {
        change(&mut lock(&self.state).people);
    }

    /// What is in all calendars from now on.
    pub fn set_appointments(&self, appointments: Vec<Appointment>) {
        lock(&self.state).appointments = appointments;
    }

    /// Lets nobody see the calendar of that address.
    pub fn close_calendar(&self, address: &str) {
        lock(&self.state).closed.push(address.to_owned());
    }

    /// Tells of that calendar only how it looks from afar.
    pub fn hide_calendar(&self, address: &str) {
        lock(&self.state).hidden.push(address.to_owned());
    }

    /// Says of that calendar that nothing is known.
    pub fn lose_calendar(&self, address: &str) {
        lock(&self.state).unread.push(address.to_owned());
    }

    /// Every request for people, photos or calendars so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.emulator.seen().into_iter().filter(|seen| seen.path != TOKEN_PATH).collect()
    }

    /// The same with what was answered.
    pub fn exchanged(&self) -> Vec<(Seen, Reply)> {
        self.emulator.exchanged()
    }

    /// Where the service is.
    pub fn url(&self) -> String {
        format!("{}{PATH}", self.emulator.origin())
    }

    /// A connection by name and password; sign in with [`Self::secret`].
    pub fn connection(&self) -> ExchangeConnection {
        ExchangeConnection {
            url: self.url(),
            authentication: ExchangeAuthentication::Basic(BasicAuthentication { user_name: USER.into() }),
            address_domains: Vec::new(),
            is_impersonating: false,
            trusted_certificates: None,
            photo_size: PhotoSize::Hr240,
            timeout_seconds: 20,
        }
    }

    /// What goes with [`USER`].
    pub fn secret(&self) -> Secret {
        Secret::new(PASSWORD)
    }

    /// A connection as a registered application; sign in with [`Self::client_secret`].
    pub fn application(&self) -> ExchangeConnection {
        let credentials = ClientCredentials {
            token_url: format!("{}{TOKEN_PATH}", self.emulator.origin()),
            client_id: CLIENT_ID.into(),
            scope: SCOPE.into(),
            certificate: None,
        };
        let authentication = ExchangeAuthentication::Oauth2(credentials);
        ExchangeConnection { authentication, is_impersonating: true, ..self.connection() }
    }

    /// What goes with [`Self::application`].
    pub fn client_secret(&self) -> Secret {
        Secret::new(CLIENT_SECRET)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The answer of a server that is too busy for a while, as a SOAP fault.
pub fn busy(milliseconds: u64) -> Reply {
    let value = format!("<t:Value Name=\"BackOffMilliseconds\">{milliseconds}</t:Value>");
    fault("ErrorServerBusy", "The server cannot service this request right now. Try again later.", &value)
}

/// The answer with an error, as a SOAP fault.
pub fn error(code: &str) -> Reply {
    fault(code, "It is refused to order.", "")
}

/// An answer whose body is this XML.
pub fn xml(body: impl Into<Vec<u8>>) -> Reply {
    Reply::new(200, "text/xml; charset=utf-8", body)
}

fn answer(state: &mut State, tokens: &TokenService, request: &Seen) -> Reply {
    if request.path == TOKEN_PATH {
        let token_url = format!("http://{}{TOKEN_PATH}", request.header("host"));
        return tokens.answer(request, &token_url);
    }
    if !is_user(request.header("authorization")) && !tokens.accepts(request) {
        return Reply::empty(401)
            .with("www-authenticate", "Negotiate")
            .with("www-authenticate", "NTLM")
            .with("www-authenticate", "Basic realm=\"mail.example.com\"");
    }
    let kind = if request.path == PHOTO_PATH { Kind::File } else { Kind::Soap };
    if let Some(order) = state.orders.iter().position(|(of, ..)| *of == kind) {
        match &mut state.orders[order].1 {
            0 => return state.orders.remove(order).2,
            usual => *usual -= 1,
        }
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", PATH) => soap(state, request),
        ("GET", PHOTO_PATH) => file(state, request),
        _ => Reply::empty(404),
    }
}

/// Whether the header is that of [`USER`], in UTF-8 or, as some clients do it, in Latin-1.
fn is_user(authorization: &str) -> bool {
    let expected = format!("{USER}:{PASSWORD}");
    let latin: Vec<u8> = expected.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let given = authorization.strip_prefix("Basic ").and_then(|text| BASE64_STANDARD.decode(text).ok());
    given.is_some_and(|given| given == expected.as_bytes() || given == latin)
}

fn soap(state: &State, request: &Seen) -> Reply {
    if !request.header("content-type").starts_with("text/xml") {
        return Reply::empty(415);
    }
    let body = &request.body;
    if let Some(address) = text_of(body, "PrimarySmtpAddress") {
        let is_known = state.people.iter().any(|person| person.is_at(&address));
        if state.is_impersonation_denied {
            let text = "The account does not have permission to impersonate the requested user.";
            return fault("ErrorImpersonateUserDenied", text, "");
        }
        if !is_known {
            return fault("ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.", "");
        }
    }
    if let Some(entry) = text_of(body, "UnresolvedEntry") {
        let found: Vec<&Person> = state.people.iter().filter(|person| person.is_like(&entry)).collect();
        let is_full = body.contains("ReturnFullContactData=\"true\"");
        return xml(envelope(&resolutions(&found[..found.len().min(MOST)], found.len(), is_full)));
    }
    let mailboxes = calendar::mailboxes(body);
    if mailboxes.len() > calendar::MOST {
        return fault("ErrorExceededMaxRecipientLimit", "Too many mailboxes were requested.", "");
    }
    if !mailboxes.is_empty() {
        return match calendar::message(state, body, &mailboxes) {
            Some(message) => xml(envelope(&message)),
            None => fault("ErrorSchemaValidation", "The request failed schema validation.", ""),
        };
    }
    if inner(body, "GetUserPhoto").is_some() {
        let address = text_of(body, "Email").unwrap_or_default();
        return match state.people.iter().find(|person| person.is_at(&address)) {
            None => fault("ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.", ""),
            Some(person) => xml(envelope(&photo_message(person, request.header("if-none-match")))),
        };
    }
    fault("ErrorSchemaValidation", "The request failed schema validation.", "")
}

fn file(state: &State, request: &Seen) -> Reply {
    if let Some(status) = state.file_status {
        return Reply::empty(status);
    }
    if !request.asked("size").to_ascii_lowercase().starts_with("hr") {
        return Reply::empty(400);
    }
    let person = state.people.iter().find(|person| person.is_at(request.asked("email")));
    let Some(photo) = person.and_then(|person| person.photo.as_ref()) else { return Reply::empty(404) };
    let etag = person::etag(photo);
    if request.header("if-none-match") == etag {
        return Reply::empty(304).with("etag", etag);
    }
    Reply::new(200, "image/jpeg", photo.clone()).with("etag", etag)
}
