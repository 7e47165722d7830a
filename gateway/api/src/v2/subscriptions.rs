//! The contacts that one client looks at, and what it was told of them last.

use std::collections::{BTreeMap, HashSet};

use directory_model::avatar::choose;
use directory_model::id::{ContactId, TenantId};
use gateway_presence::book::{Book, Portrait, Stirred};
use gateway_rose::change::{diff, told};
use gateway_rose::fill::{Subject, Watcher, fill, hidden};
use gateway_rose::flags::Flags;
use gateway_rose::message::write_event;
use gateway_rose::operation::Operation;
use gateway_rose::presence::{Presence, RemoteContact};
use serde_json::json;

use super::sight::Sight;

/// How many contacts one client may look at.
pub(super) const MOST: usize = 500;

/// The contacts that a client looks at, by what it calls them.
#[derive(Debug, Default)]
pub(super) struct Subscriptions(BTreeMap<String, Subscription>);

/// A look at one contact.
#[derive(Debug)]
struct Subscription {
    sight: Sight,
    /// Of which changes the client is told.
    events: Flags,
    /// In the words of V1.
    is_v1: bool,
    /// What it knows.
    known: Box<Presence>,
}

/// How a client looks at contacts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// Of which changes it is told.
    pub(super) events: Flags,
    /// What it is shown at once.
    pub(super) shown: Flags,
    /// In the words of V1.
    pub(super) is_v1: bool,
}

impl Subscriptions {
    /// Whether there is room for `names` beside those that are there.
    pub(super) fn has_room_for(&self, names: &[String]) -> bool {
        let fresh: HashSet<&String> = names.iter().filter(|name| !self.0.contains_key(*name)).collect();
        self.0.len() + fresh.len() <= MOST
    }

    /// Looks at the contact `name` from now on, and says what it shows.
    pub(super) fn add(&mut self, seen: &Seen<'_>, name: String, sight: Sight, manner: Manner) -> Presence {
        let portrait = seen.portrait(&sight);
        let shown = show(&name, &sight, portrait.as_ref(), manner.shown);
        let known = Box::new(show(&name, &sight, portrait.as_ref(), manner.events));
        self.0.insert(name, Subscription { sight, events: manner.events, is_v1: manner.is_v1, known });
        shown
    }

    /// Does not look at the contact `name` any more.
    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// What the client calls its contacts.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// What the client means by `name` is `sight` now.
    pub(super) fn see(&mut self, name: &str, sight: Sight) {
        if let Some(subscription) = self.0.get_mut(name) {
            subscription.sight = sight;
        }
    }

    /// The contacts that are looked at and may be seen.
    pub(super) fn seen(&self) -> HashSet<ContactId> {
        self.0.values().filter_map(|subscription| subscription.sight.seen()).collect()
    }

    /// Whether the client wants to be told who asks to see `own`.
    pub(super) fn wants_challenges(&self, own: ContactId) -> bool {
        let wants = |held: &Subscription| held.sight.contact == Some(own) && held.events.has(Flags::MY_CHALLENGES);
        self.0.values().any(wants)
    }

    /// What the client calls those that may look different.
    pub(super) fn stirred(&self, stirred: &Stirred) -> Vec<String> {
        let is_stirred = |held: &Subscription| match stirred {
            Stirred::All => true,
            Stirred::Some(contacts) => held.sight.contact.is_some_and(|contact| contacts.contains(&contact)),
        };
        self.0.iter().filter(|(_, held)| is_stirred(held)).map(|(name, _)| name.clone()).collect()
    }

    /// The event that tells the client what is different about the contact `name`, if anything is.
    pub(super) fn news(&mut self, seen: &Seen<'_>, name: &str) -> Option<String> {
        self.0.get_mut(name)?.news(seen, name)
    }
}

impl Subscription {
    fn news(&mut self, seen: &Seen<'_>, name: &str) -> Option<String> {
        let portrait = seen.portrait(&self.sight);
        let now = show(name, &self.sight, portrait.as_ref(), self.events);
        if now == *self.known {
            return None;
        }
        let is_gone = now == hidden(name);
        let (changed, update) = diff(&self.known, &now);
        *self.known = now;
        if is_gone {
            return Some(write_event(Operation::RemovePresence, &json!({ "u8sContactID": name })));
        }
        let flags = told(changed, self.events);
        let operation = if self.is_v1 { Operation::UpdatePresence } else { Operation::UpdatePresenceV2 };
        let event = || write_event(operation, &json!({"presence": update, "iChangedFlags": flags}));
        (!flags.is_empty()).then(event)
    }
}

/// Where a client looks.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) book: &'a Book,
    pub(super) tenant: TenantId,
}

impl Seen<'_> {
    /// What is known of the contact, if it may be seen.
    fn portrait(&self, sight: &Sight) -> Option<Portrait> {
        sight.seen().and_then(|contact| self.book.portrait(self.tenant, contact))
    }
}

/// The contact as it may be seen; without a portrait as if there were none.
fn show(name: &str, sight: &Sight, portrait: Option<&Portrait>, sections: Flags) -> Presence {
    let Some(portrait) = portrait else { return hidden(name) };
    let Portrait { presence, claims, notes, .. } = portrait;
    let (level, least, allowed) = (sight.level(), sight.least, sight.allowed);
    let subject = Subject { contact: called(portrait), presence, claims, notes };
    fill(&subject, &Watcher { calls_it: name, level, least, allowed, sections })
}

/// What a contact is called and how it is reached.
pub(crate) fn called(portrait: &Portrait) -> RemoteContact {
    let facts = &portrait.facts;
    let owned = |text: Option<&str>| text.map(str::to_owned);
    RemoteContact {
        entry_id: facts.id.to_string(),
        display_name: facts.name().to_owned(),
        job_title: owned(facts.title()),
        company: owned(facts.company()),
        mail: owned(facts.mail()),
        sip: owned(facts.sip()),
        phone: owned(facts.phone()),
        image_hash: choose(&facts.faces, portrait.presence.availability).map(|hash| hash.to_string()),
    }
}
