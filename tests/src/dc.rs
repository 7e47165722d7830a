//! A domain controller as far as reads go, written from RFC 4511, RFC 2696 and MS-ADTS: what a real one
//! cannot be made to do on demand. It shares no code with the connector.

mod answer;
mod ber;
mod fault;
mod filter;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use directory_model::source::LdapConnection;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use self::answer::{done, entry_message};
use self::ber::{Element, elements};
pub use self::fault::Fault;
use self::filter::Filter;

/// The domain's root.
pub const ROOT: &str = "DC=fake,DC=test";
const SETTINGS: &str = "CN=NTDS Settings,CN=DC,CN=Servers,CN=Configuration,DC=fake,DC=test";
const PAGED_RESULTS: &str = "1.2.840.113556.1.4.319";
const SHOW_DELETED: &str = "1.2.840.113556.1.4.417";

/// Attribute names, as they are written, with their values.
pub type Attributes = BTreeMap<String, Vec<Vec<u8>>>;

/// One entry.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Its name.
    pub dn: String,
    /// What it holds.
    pub attributes: Attributes,
    /// It is a tombstone.
    pub is_deleted: bool,
}

/// What a controller is and holds.
#[derive(Debug, Clone)]
pub struct State {
    /// Its host name.
    pub name: String,
    /// Changes when its data is restored from a backup.
    pub invocation: [u8; 16],
    /// The number of its last change.
    pub usn: u64,
    /// The most entries of a page, whatever is asked for.
    pub max_page: usize,
    /// The most values of an attribute; the others are asked for by range (MS-ADTS 3.1.1.3.1.3.3).
    pub max_values: usize,
    /// How many such ranges were asked for.
    pub ranges: usize,
    /// It hangs up instead of giving another range after so many.
    pub last_range: Option<usize>,
    /// What it holds.
    pub entries: Vec<Entry>,
    /// What goes wrong, in every search for people.
    pub fault: Option<Fault>,
    /// It goes wrong in the search with this number alone, whatever that asks for; see [`Self::begun`].
    pub fault_in: Option<usize>,
    /// How many searches were begun.
    pub begun: usize,
    /// How many requests there were for a search or for the next page of one.
    pub requests: usize,
    /// The change numbers from which on changes were asked for, search by search.
    pub since: Vec<u64>,
    /// Somebody writes in the middle of the next search for people, which finds what was there when it began.
    pub meanwhile: Option<fn(&mut Self)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            name: "dc1.fake.test".into(),
            invocation: [1; 16],
            usn: 1000,
            max_page: 1000,
            max_values: 1500,
            ranges: 0,
            last_range: None,
            entries: Vec::new(),
            fault: None,
            fault_in: None,
            begun: 0,
            requests: 0,
            since: Vec::new(),
            meanwhile: None,
        }
    }
}

impl State {
    /// Adds a person, as the next change; its identity is made of the name.
    pub fn person(&mut self, name: &str) {
        self.usn += 1;
        let usn = self.usn.to_string();
        let attributes = [
            ("objectClass", b"user".to_vec()),
            ("objectGUID", identity(name).to_vec()),
            ("displayName", name.into()),
            ("sn", name.into()),
            ("mail", format!("{name}@fake.test").into()),
            ("uSNChanged", usn.clone().into()),
            ("uSNCreated", usn.into()),
        ];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), vec![value]));
        self.entries.push(Entry { dn: person_dn(name), attributes: attributes.into(), is_deleted: false });
    }

    /// Adds a group with so many members, who need not be there.
    pub fn group(&mut self, name: &str, members: impl Iterator<Item = String>) {
        let attributes = [
            ("objectClass", vec![b"group".to_vec()]),
            ("objectGUID", vec![identity(name).to_vec()]),
            ("cn", vec![name.into()]),
            ("member", members.map(|member| person_dn(&member).into()).collect()),
        ];
        let attributes = attributes.map(|(name, values)| (name.to_owned(), values)).into();
        self.entries.push(Entry { dn: format!("CN={name},OU=Groups,{ROOT}"), attributes, is_deleted: false });
    }

    /// The attributes of a person, to be changed as the next change.
    pub fn change(&mut self, name: &str) -> &mut Attributes {
        self.usn += 1;
        let usn = self.usn.to_string().into_bytes();
        let dn = person_dn(name);
        let entry = self.entries.iter_mut().find(|entry| entry.dn == dn).expect("the person");
        entry.attributes.insert("uSNChanged".into(), vec![usn]);
        &mut entry.attributes
    }

    /// Deletes a person, which leaves a tombstone.
    pub fn delete(&mut self, name: &str) {
        let identity = self.change(name)["objectGUID"].clone();
        let usn = self.usn.to_string().into_bytes();
        let dn = person_dn(name);
        let entry = self.entries.iter_mut().find(|entry| entry.dn == dn).expect("the person");
        entry.dn = format!("CN={name}\\0ADEL,CN=Deleted Objects,{ROOT}");
        entry.is_deleted = true;
        entry.attributes = [
            ("objectGUID".to_owned(), identity),
            ("isDeleted".to_owned(), vec![b"TRUE".to_vec()]),
            ("uSNChanged".to_owned(), vec![usn]),
        ]
        .into();
    }
}

/// The name of a person's entry.
pub fn person_dn(name: &str) -> String {
    format!("CN={name},OU=People,{ROOT}")
}

/// The identity of somebody with this name.
pub fn identity(name: &str) -> [u8; 16] {
    let mut identity = [0; 16];
    for (at, byte) in name.bytes().enumerate() {
        identity[at % 16] ^= byte.rotate_left(u32::try_from(at / 16).unwrap_or(0) + 1);
    }
    identity
}

/// A controller that answers on a port of its own until it is dropped.
pub struct Controller {
    /// What it is and holds.
    pub state: Arc<Mutex<State>>,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Controller {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Controller {
    /// One that holds what `state` says.
    pub async fn start(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move { Client { state, stream, pages: Vec::new() }.serve().await });
            }
        });
        Self { state, address, task }
    }

    /// How it is read.
    pub fn connection(&self) -> LdapConnection {
        LdapConnection {
            url: format!("ldap://{}", self.address),
            is_starttls: false,
            trusted_certificates: None,
            bind_dn: None,
            base_dn: format!("OU=People,{ROOT}"),
            filter: "(objectClass=user)".into(),
            group_base_dn: None,
            group_filter: None,
            page_size: 1000,
            timeout_seconds: 10,
        }
    }

    /// Changes what it is or holds.
    pub fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().expect("nobody panics with it"))
    }
}

/// A search that is answered in pages.
struct Paged {
    /// Which of all searches it is.
    number: usize,
    found: Vec<Entry>,
    next: usize,
}

struct Client {
    state: Arc<Mutex<State>>,
    stream: TcpStream,
    pages: Vec<Paged>,
}

/// What is asked for.
struct Search {
    base: String,
    scope: u64,
    filter: Filter,
    attributes: Vec<String>,
    /// Page size and cookie.
    page: Option<(usize, Vec<u8>)>,
    shows_deleted: bool,
}

impl Client {
    async fn serve(mut self) {
        let mut bytes = Vec::new();
        loop {
            while let Some((message, length)) = ber::whole(&bytes) {
                let answer = self.answer(message);
                bytes.drain(..length);
                let Some((answer, goes_on)) = answer else { return };
                if self.stream.write_all(&answer).await.is_err() || !goes_on {
                    let _ = self.stream.shutdown().await;
                    return;
                }
            }
            let mut buffer = vec![0; 16_384];
            match self.stream.read(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            }
        }
    }

    /// The answer, and whether the connection goes on after it.
    fn answer(&mut self, message: &[u8]) -> Option<(Vec<u8>, bool)> {
        let parts = elements(message);
        let (id, request) = (parts.first()?.number(), parts.get(1)?);
        let controls = parts.get(2).map(Element::children).unwrap_or_default();
        match request.tag {
            0x60 => Some((done(id, 0x61, 0, "", None), true)),
            0x63 => Some(self.search(id, &Search::read(request, &controls))),
            _ => None,
        }
    }

    /// Counts the request, and says which search it belongs to.
    fn number_of(&self, search: &Search, state: &mut State) -> usize {
        state.requests += 1;
        let begun = search.page.as_ref().and_then(|(_, cookie)| self.pages.get(usize::from(*cookie.first()?)));
        if let Some(begun) = begun {
            return begun.number;
        }
        state.begun += 1;
        state.since.extend(search.filter.least("uSNChanged"));
        state.begun - 1
    }

    fn search(&mut self, id: u64, search: &Search) -> (Vec<u8>, bool) {
        let state = Arc::clone(&self.state);
        let mut state = state.lock().expect("nobody panics with it");
        let number = self.number_of(search, &mut state);
        let is_about_people = search.scope == 2 && search.base.starts_with("ou=people");
        let is_struck = state.fault_in.map_or(is_about_people, |struck| struck == number);
        let fault = state.fault.clone().filter(|_| is_struck);
        let Some((size, cookie)) = &search.page else { return whole(&mut state, id, search, fault.as_ref()) };
        if !cookie.is_empty() && fault == Some(Fault::CookieLost) {
            return (done(id, 0x65, 53, "the cookie is not known", None), true);
        }
        let at = if let Some(at) = cookie.first() {
            if let Some(write) = state.meanwhile.take_if(|_| is_about_people) {
                write(&mut state);
            }
            usize::from(*at)
        } else {
            self.pages.push(Paged { number, found: found(&state, search), next: 0 });
            self.pages.len() - 1
        };
        let paged = &mut self.pages[at];
        let end = (paged.next + (*size).min(state.max_page)).min(paged.found.len());
        let mut answer = Vec::new();
        for number in paged.next..end {
            let message = entry_message(id, &paged.found[number], search, &state);
            if let Some(goes_on) = fault.as_ref().and_then(|fault| fault.strike(number, id, &message, &mut answer)) {
                return (answer, goes_on);
            }
            answer.extend(message);
        }
        paged.next = end;
        let is_last = end == paged.found.len();
        let next = if is_last { Vec::new() } else { vec![u8::try_from(at).unwrap_or(0)] };
        let said = done(id, 0x65, 0, "", Some(&next));
        // What strikes between two pages strikes with the next entry, unless there is none.
        let is_due = |fault: &&Fault| is_last || matches!(fault, Fault::CutAfter(_) | Fault::StallAfter(_));
        if let Some(goes_on) = fault.as_ref().filter(is_due).and_then(|fault| fault.strike(end, id, &said, &mut answer))
        {
            return (answer, goes_on);
        }
        answer.extend(said);
        (answer, true)
    }
}

/// The answer to a search that asks for no pages.
fn whole(state: &mut State, id: u64, search: &Search, fault: Option<&Fault>) -> (Vec<u8>, bool) {
    if search.attributes.iter().any(|asked| asked.contains(";range=")) {
        if state.last_range == Some(state.ranges) {
            return (Vec::new(), false);
        }
        state.ranges += 1;
    }
    let found = found(state, search);
    let mut answer = Vec::new();
    for (number, entry) in found.iter().enumerate() {
        let message = entry_message(id, entry, search, state);
        if let Some(goes_on) = fault.and_then(|fault| fault.strike(number, id, &message, &mut answer)) {
            return (answer, goes_on);
        }
        answer.extend(message);
    }
    let code = if found.is_empty() && search.scope == 0 { 32 } else { 0 };
    let said = done(id, 0x65, code, "", None);
    if let Some(goes_on) = fault.and_then(|fault| fault.strike(found.len(), id, &said, &mut answer)) {
        return (answer, goes_on);
    }
    answer.extend(said);
    (answer, true)
}

impl Search {
    fn read(request: &Element<'_>, controls: &[Element<'_>]) -> Self {
        let parts = request.children();
        let mut search = Self {
            base: parts[0].text().to_lowercase(),
            scope: parts[1].number(),
            filter: Filter::read(&parts[6]),
            attributes: parts[7].children().iter().map(Element::text).collect(),
            page: None,
            shows_deleted: false,
        };
        for control in controls {
            let parts = control.children();
            match parts[0].text().as_str() {
                SHOW_DELETED => search.shows_deleted = true,
                PAGED_RESULTS => {
                    let value = parts.last().map(|value| elements(value.content)).unwrap_or_default();
                    let page = value[0].children();
                    let size = usize::try_from(page[0].number()).unwrap_or(usize::MAX);
                    search.page = Some((size.max(1), page[1].content.to_vec()));
                }
                _ => {}
            }
        }
        search
    }
}

/// What the controller holds of what is asked for.
fn found(state: &State, search: &Search) -> Vec<Entry> {
    if search.scope == 0 {
        return special(state, &search.base).into_iter().collect();
    }
    let is_asked = |entry: &&Entry| {
        entry.dn.to_lowercase().ends_with(&search.base)
            && (search.shows_deleted || !entry.is_deleted)
            && search.filter.holds(&entry.attributes)
    };
    state.entries.iter().filter(is_asked).cloned().collect()
}

/// What the controller says about itself, or an entry by its name.
fn special(state: &State, base: &str) -> Option<Entry> {
    let of = |attributes: &[(&str, &[u8])]| {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), vec![value.to_vec()]));
        Some(Entry { dn: base.to_owned(), attributes: attributes.collect(), is_deleted: false })
    };
    if base.is_empty() {
        return of(&[
            ("supportedCapabilities", b"1.2.840.113556.1.4.800"),
            ("defaultNamingContext", ROOT.as_bytes()),
            ("dnsHostName", state.name.as_bytes()),
            ("dsServiceName", SETTINGS.as_bytes()),
            ("highestCommittedUSN", state.usn.to_string().as_bytes()),
        ]);
    }
    if base == SETTINGS.to_lowercase() {
        return of(&[("invocationId", &state.invocation)]);
    }
    if base.starts_with("cn=deleted objects") {
        return of(&[("objectClass", b"container")]);
    }
    state.entries.iter().find(|entry| entry.dn.eq_ignore_ascii_case(base)).cloned()
}
