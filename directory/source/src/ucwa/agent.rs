//! The gateway as an application at one server: what it subscribes to, listens to, and says of its own account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use directory_model::address::{AddressKind, bare_address};
use directory_model::presence::SourceNote;
use directory_model::secret::Secret;
use directory_model::source::UcwaConnection;
use percent_encoding::percent_decode_str;
use reqwest::header::ACCEPT;
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};

use super::application::{Application, json_of};
use super::contact::is_at;
use super::events::{self, Batch};
use super::refused::Refused;
use super::said::{self, Stated};
use super::service::{MAX_ANSWER_BYTES, MAX_QUERY_CHARS, Service, contacts_of, searching};
use crate::error::SourceError;
use crate::http::{Answer, Call};
use crate::policy::SourcePolicy;

/// How many contacts one subscription is about at most.
pub const MOST_CONTACTS: usize = 100;
/// How long the server may have nothing to tell, in seconds; it allows no less (features.md §4.6).
const HOLD_SECONDS: u64 = 180;
/// After how many seconds changes of presence are told that could be told together with others; the least is 5.
const GATHER_SECONDS: &str = "5";
/// What happened to thousands of contacts has a tenth of it.
const MAX_EVENTS_BYTES: usize = 8 * 1024 * 1024;
/// Of how many contacts it is kept where they are.
const MAX_PLACES: usize = 20_000;

/// An application at one server. It ends when the server says so; whether and when there is another one is for its
/// owner to decide. Nothing is asked twice because the server is busy.
#[derive(Debug)]
pub struct Agent {
    application: Application,
    subscriptions: Url,
    patience: Duration,
    places: Mutex<Places>,
}

#[derive(Debug, Default)]
struct Places {
    /// Whose address is behind the path of a contact.
    addresses: HashMap<String, Arc<str>>,
    /// Where what is told of somebody is read, by address.
    facets: HashMap<String, Facets>,
}

#[derive(Debug, Clone)]
struct Facets {
    presence: Url,
    note: Option<Url>,
}

/// A subscription to contacts, by its address at the server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subscription(Url);

impl Subscription {
    /// The one at that address.
    pub fn at(url: Url) -> Self {
        Self(url)
    }

    /// Whether an event is about it.
    pub fn is_at(&self, url: &Url) -> bool {
        self.0.path() == url.path()
    }
}

/// What can be said of one's own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preferred {
    /// Available.
    Online,
    /// Busy.
    Busy,
    /// Wants no contact.
    DoNotDisturb,
    /// Away for a moment.
    BeRightBack,
    /// Away.
    Away,
    /// Not at work.
    Offwork,
}

impl Preferred {
    fn word(self) -> &'static str {
        match self {
            Self::Online => "Online",
            Self::Busy => "Busy",
            Self::DoNotDisturb => "DoNotDisturb",
            Self::BeRightBack => "BeRightBack",
            Self::Away => "Away",
            Self::Offwork => "Offwork",
        }
    }
}

/// What is known of somebody who was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// How they are; `None` when that makes no sense.
    pub stated: Option<Stated>,
    /// Their note.
    pub note: Option<SourceNote>,
}

impl Agent {
    /// Looks for the server that has the account, signs in there, and makes an application.
    pub async fn connect(
        connection: &UcwaConnection,
        secret: Option<&Secret>,
        policy: &SourcePolicy,
    ) -> Result<Self, SourceError> {
        let application = Service::new(connection, secret, &policy.outbound)?.make().await?;
        let subscriptions = application.link_of("people", "presenceSubscriptions")?;
        let patience = Duration::from_secs(connection.timeout_seconds.into());
        Ok(Self { application, subscriptions, patience, places: Mutex::default() })
    }

    /// The address of the account, without its scheme, if the server says so.
    pub fn account(&self) -> Option<&str> {
        self.application.account()
    }

    /// Where the event channel begins.
    pub fn channel(&self) -> Result<Url, SourceError> {
        Ok(self.on_terms(self.application.link("events")?))
    }

    /// The same place of the channel, and how it is listened to, which the server remembers until it forgets everything.
    pub fn on_terms(&self, mut channel: Url) -> Url {
        let seconds = HOLD_SECONDS.to_string();
        channel.query_pairs_mut().append_pair("medium", GATHER_SECONDS).append_pair("timeout", &seconds);
        channel
    }

    /// Waits at `link` for what happens; with nothing for long, that is what is told.
    pub async fn listen(&self, link: &Url) -> Result<Batch, Refused> {
        let patience = Duration::from_secs(HOLD_SECONDS) + self.patience;
        let call = Call::get(link.clone(), MAX_EVENTS_BYTES).with(ACCEPT, "application/json").patient(patience);
        let answer = self.send(&call).await?;
        match answer.status {
            StatusCode::OK => Ok(events::read(&answer.body, link)?),
            _ => Err(Refused::of(&call, &answer)),
        }
    }

    /// Has the server tell what changes about these addresses, at most [`MOST_CONTACTS`], for `minutes`.
    pub async fn subscribe(&self, addresses: &[&str], minutes: u32) -> Result<Subscription, Refused> {
        let uris: Vec<String> = addresses.iter().map(|address| format!("sip:{address}")).collect();
        let call = posting(self.subscriptions.clone(), &json!({ "duration": minutes, "uris": uris }));
        let answer = self.send(&call).await?;
        if !answer.status.is_success() {
            return Err(Refused::of(&call, &answer));
        }
        let made = json_of(&answer.body)?;
        Ok(Subscription(super::application::link(&made, &self.subscriptions, "self")?))
    }

    /// Has it tell of these addresses as well.
    pub async fn add(&self, subscription: &Subscription, addresses: &[&str]) -> Result<(), Refused> {
        // Where that is done is said with the subscription, under the name of what it does.
        let read = self.read(&subscription.0).await.map_err(Refused::of_lost_subscription)?;
        let Ok(url) = super::application::link(&read, &subscription.0, "addToPresenceSubscription") else {
            return Err(Refused::Limited);
        };
        let uris: Vec<String> = addresses.iter().map(|address| format!("sip:{address}")).collect();
        let call = posting(url, &json!({ "contactUris": uris }));
        let answer = self.send(&call).await?;
        if answer.status.is_success() { Ok(()) } else { Err(Refused::of_subscription(&call, &answer)) }
    }

    /// Has it go on for `minutes` at least, but not for more than half an hour.
    pub async fn extend(&self, subscription: &Subscription, minutes: u32) -> Result<(), Refused> {
        let mut url = subscription.0.clone();
        url.query_pairs_mut().append_pair("duration", &minutes.to_string());
        let call = Call::post(url, "application/json", Vec::new(), MAX_ANSWER_BYTES).with(ACCEPT, "application/json");
        let answer = self.send(&call).await?;
        if answer.status.is_success() { Ok(()) } else { Err(Refused::of_subscription(&call, &answer)) }
    }

    /// Ends a subscription; that it is there no more is as good.
    pub async fn end(&self, subscription: &Subscription) -> Result<(), Refused> {
        let call = Call::delete(subscription.0.clone(), MAX_ANSWER_BYTES);
        let answer = self.send(&call).await?;
        if answer.status.is_success() || answer.status == StatusCode::NOT_FOUND {
            return Ok(());
        }
        Err(Refused::of_subscription(&call, &answer))
    }

    /// How somebody is who is found under exactly this address.
    pub async fn look_up(&self, address: &str) -> Result<Known, Refused> {
        let known = self.places().facets.get(address).cloned();
        let facets = match known {
            Some(facets) => facets,
            None => self.find(address).await?,
        };
        let presence = self.read(&facets.presence).await.inspect_err(|refused| {
            if *refused == Refused::NotKnown {
                self.places().facets.remove(address);
            }
        })?;
        let note = match &facets.note {
            Some(url) => self.note_at(url, None).await?,
            None => None,
        };
        Ok(Known { stated: said::presence(&presence), note })
    }

    /// How somebody is, as is read at `url` unless it came along; `None` when it makes no sense.
    pub async fn presence_at(&self, url: &Url, embedded: Option<&Value>) -> Result<Option<Stated>, Refused> {
        match embedded {
            Some(presence) => Ok(said::presence(presence)),
            None => Ok(said::presence(&self.read(url).await?)),
        }
    }

    /// Somebody's note, as is read at `url` unless it came along.
    pub async fn note_at(&self, url: &Url, embedded: Option<&Value>) -> Result<Option<SourceNote>, Refused> {
        if let Some(note) = embedded {
            return Ok(said::note(note));
        }
        match self.read(url).await {
            Ok(note) => Ok(said::note(&note)),
            // Who has none has nothing there.
            Err(Refused::NotKnown) => Ok(None),
            Err(refused) => Err(refused),
        }
    }

    /// Whose address is behind a contact of an event, in lower case: the last part of its path, or what is said there.
    pub async fn address_of(&self, contact: &Url) -> Result<Option<Arc<str>>, Refused> {
        if let Some(address) = address_in(contact) {
            return Ok(Some(address.into()));
        }
        if let Some(address) = self.places().addresses.get(contact.path()) {
            return Ok(Some(Arc::clone(address)));
        }
        let about = match self.read(contact).await {
            Ok(about) => about,
            Err(Refused::NotKnown) => return Ok(None),
            Err(refused) => return Err(refused),
        };
        let Some(uri) = about["uri"].as_str() else { return Ok(None) };
        let address: Arc<str> = bare(uri).into();
        let mut places = self.places();
        if places.addresses.len() >= MAX_PLACES {
            places.addresses.clear();
        }
        places.addresses.insert(contact.path().to_owned(), Arc::clone(&address));
        Ok(Some(address))
    }

    /// Shows the account as signed in, without offering any way to speak with it.
    pub async fn make_available(&self, as_preferred: Preferred) -> Result<(), Refused> {
        let body = json!({"signInAs": as_preferred.word(), "supportedModalities": [], "supportedMessageFormats": []});
        self.of_account("makeMeAvailable", Some(body)).await
    }

    /// Says how the account is; `None` takes it back.
    pub async fn publish(&self, preferred: Option<Preferred>) -> Result<(), Refused> {
        self.of_account("presence", preferred.map(|preferred| json!({"availability": preferred.word()}))).await
    }

    /// Says that somebody is active. After four minutes without that the account is shown as less available.
    pub async fn report_activity(&self) -> Result<(), Refused> {
        self.of_account("reportMyActivity", None).await
    }

    async fn of_account(&self, name: &str, body: Option<Value>) -> Result<(), Refused> {
        // Which links there are changes with what was asked before.
        let at = self.application.link_of("me", "self")?;
        let me = self.read(&at).await?;
        if me["_links"][name]["href"].as_str().is_none() {
            return match name {
                // It was made available before.
                "makeMeAvailable" => Ok(()),
                _ => Err(Refused::NotAvailable),
            };
        }
        let url = super::application::link(&me, &at, name)?;
        let call = match body {
            Some(body) => posting(url, &body),
            None => Call::post(url, "application/json", Vec::new(), MAX_ANSWER_BYTES),
        };
        let answer = self.send(&call).await?;
        if answer.status.is_success() { Ok(()) } else { Err(Refused::of(&call, &answer)) }
    }

    async fn find(&self, address: &str) -> Result<Facets, Refused> {
        if address.chars().count() > MAX_QUERY_CHARS {
            return Err(Refused::NotKnown);
        }
        let call = searching(&self.application, address);
        let answer = self.send(&call).await?;
        if answer.status != StatusCode::OK {
            return Err(Refused::of(&call, &answer));
        }
        let found = contacts_of(&answer.body, address)?;
        let contact = found.iter().find(|contact| is_at(contact, address)).ok_or(Refused::NotKnown)?;
        let link = |name: &str| contact["_links"][name]["href"].as_str().map(|href| self.application.joined(href));
        let presence = link("contactPresence").ok_or(Refused::NotKnown)??;
        let facets = Facets { presence, note: link("contactNote").transpose()? };
        let mut places = self.places();
        if places.facets.len() >= MAX_PLACES {
            places.facets.clear();
        }
        places.facets.insert(address.to_owned(), facets.clone());
        Ok(facets)
    }

    async fn read(&self, url: &Url) -> Result<Value, Refused> {
        let call = Call::get(url.clone(), MAX_ANSWER_BYTES).with(ACCEPT, "application/json");
        let answer = self.send(&call).await?;
        if answer.status != StatusCode::OK {
            return Err(Refused::of(&call, &answer));
        }
        Ok(json_of(&answer.body)?)
    }

    async fn send(&self, call: &Call) -> Result<Answer, Refused> {
        // Whoever asks keeps to the server's pauses without waiting for them here.
        Ok(self.application.client.send(call, |_| None).await?)
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn posting(url: Url, body: &Value) -> Call {
    Call::post(url, "application/json", body.to_string(), MAX_ANSWER_BYTES).with(ACCEPT, "application/json")
}

/// The address that the path of a contact ends with, if it does.
fn address_in(contact: &Url) -> Option<String> {
    let last = contact.path_segments()?.rfind(|part| !part.is_empty())?;
    let decoded = percent_decode_str(last).decode_utf8().ok()?;
    decoded.contains('@').then(|| bare(&decoded))
}

/// An address without its scheme, in lower case.
fn bare(uri: &str) -> String {
    bare_address(AddressKind::Sip, uri.trim()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_known_by_the_end_of_its_path_where_that_is_an_address() {
        for (path, expected) in [
            ("/ucwa/people/saraD@contoso.com", Some("sarad@contoso.com")),
            ("/ucwa/people/sip%3AsaraD%40contoso.com/", Some("sarad@contoso.com")),
            ("/ucwa/people/282", None),
            ("/ucwa/people/%FF@x", None),
            ("/", None),
        ] {
            let url: Url = format!("https://pool.example.com{path}").parse().expect("an address");
            assert_eq!(address_in(&url).as_deref(), expected, "{path}");
        }
    }
}
