//! The cards of one topic as they were last shown, and what is different now.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use directory_model::id::ContactId;
use directory_model::publication::{MAX_CARDS, PublicationEntry};
use directory_model::timestamp::Timestamp;

use crate::book::Dirt;
use crate::feed::id::FeedId;
use crate::opening::Opening;
use crate::view::{Seen, View};

/// The version of the events, written in each.
const VERSION: u8 = 1;

/// What visitors were last shown.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    heading: String,
    opening: Option<Opening>,
    places: Vec<Place>,
    /// When something may differ by itself.
    pub(super) recheck: Option<Timestamp>,
}

/// One entry of the publication.
#[derive(Debug)]
struct Place {
    entry: PublicationEntry,
    /// How many cards it may show; given when the whole was last looked at.
    room: usize,
    shown: Option<Shown>,
    recheck: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    id: String,
    json: String,
    cards: usize,
    is_reachable: bool,
    next_reachable: Option<Timestamp>,
}

/// What is different; fragments of JSON.
#[derive(Debug, Default)]
pub(super) struct Difference {
    changed: Vec<String>,
    removed: Vec<String>,
    order: Option<Vec<String>>,
    heading: Option<String>,
}

impl Shelf {
    /// The opening as it was seen last, if it must still be the same: the search for its end is
    /// not for every look.
    pub(super) fn opening(&self, dirt: Option<&Dirt>, now: Timestamp) -> Option<Opening> {
        let is_whole = matches!(dirt, Some(Dirt::All));
        let holds = |opening: &Opening| opening.until().is_some_and(|until| now < until) && !is_whole;
        self.opening.filter(holds)
    }

    /// Looks again at what `dirt` and the time say may differ.
    pub(super) fn update(&mut self, view: &View<'_>, dirt: Option<&Dirt>, now: Timestamp) -> Option<Difference> {
        let has_turned = self.opening.replace(view.opening()) != Some(view.opening());
        let is_whole = has_turned || matches!(dirt, Some(Dirt::All)) || !self.has_same_entries(view);
        let none = HashSet::new();
        let contacts = match dirt {
            Some(Dirt::Contacts(contacts)) => contacts,
            _ => &none,
        };
        let mut difference = if is_whole { self.look_at_all(view) } else { self.look_at(view, contacts, now) };
        let heading = self.heading(view);
        if self.heading != heading {
            self.heading.clone_from(&heading);
            difference.heading = Some(heading);
        }
        let ends = self.places.iter().filter_map(|place| place.recheck);
        self.recheck = ends.chain(view.opening().until()).min();
        let is_same = difference.changed.is_empty()
            && difference.removed.is_empty()
            && difference.order.is_none()
            && difference.heading.is_none();
        (!is_same).then_some(difference)
    }

    fn heading(&self, view: &View<'_>) -> String {
        let shown = || self.places.iter().filter_map(|place| place.shown.as_ref());
        let is_reachable = shown().any(|shown| shown.is_reachable);
        json(&view.heading(is_reachable, shown().filter_map(|shown| shown.next_reachable).min()))
    }

    fn has_same_entries(&self, view: &View<'_>) -> bool {
        self.places.iter().map(|place| &place.entry).eq(view.entries())
    }

    fn look_at(&mut self, view: &View<'_>, contacts: &HashSet<ContactId>, now: Timestamp) -> Difference {
        let mut difference = Difference::default();
        let mut has_come = false;
        for place in &mut self.places {
            let is_due = place.recheck.is_some_and(|at| at <= now);
            if !is_due && (contacts.is_empty() || !view.is_touched(place.entry, contacts)) {
                continue;
            }
            let old = place.shown.take();
            place.look(view);
            has_come |= old.is_none() && place.shown.is_some();
            match (old, &place.shown) {
                (old, Some(new)) if old.as_ref() != Some(new) => difference.changed.push(new.json.clone()),
                (Some(old), None) => difference.removed.push(old.id),
                _ => {}
            }
        }
        difference.order = has_come.then(|| self.order());
        difference
    }

    fn look_at_all(&mut self, view: &View<'_>) -> Difference {
        let before = self.order();
        let mut old: HashMap<String, String> =
            self.places.drain(..).filter_map(|place| place.shown).map(|shown| (shown.id, shown.json)).collect();
        let mut difference = Difference::default();
        let mut room = MAX_CARDS;
        for entry in view.entries() {
            let mut place = Place { entry: *entry, room, shown: None, recheck: None };
            place.look(view);
            if let Some(shown) = &place.shown {
                room -= shown.cards.min(room);
                if old.remove(&shown.id).as_ref() != Some(&shown.json) {
                    difference.changed.push(shown.json.clone());
                }
            }
            self.places.push(place);
        }
        difference.removed = before.iter().filter(|id| old.contains_key(*id)).cloned().collect();
        let after = self.order();
        // Where something was only removed, the rest stands as it stood.
        let is_moved = !before.iter().filter(|id| !difference.removed.contains(id)).eq(&after);
        difference.order = is_moved.then_some(after);
        difference
    }

    fn order(&self) -> Vec<String> {
        self.places.iter().filter_map(|place| place.shown.as_ref()).map(|shown| shown.id.clone()).collect()
    }

    /// The snapshot as JSON.
    pub(super) fn snapshot(&self, id: FeedId, at: Timestamp, text: &mut String) {
        begin(text, id, at);
        let cards = self.places.iter().filter_map(|place| place.shown.as_ref()).map(|shown| shown.json.as_str());
        list(text, "publication\":", "", std::iter::once(self.heading.as_str()));
        text.push_str(",\"cards\":[");
        join(text, cards);
        text.push_str("]}");
    }
}

impl Place {
    fn look(&mut self, view: &View<'_>) {
        let seen = view.entry(self.entry, self.room);
        self.recheck = seen.as_ref().and_then(|seen| seen.recheck);
        self.shown = seen.map(|Seen { card, .. }| Shown {
            json: json(&card),
            cards: 1 + card.members.len(),
            is_reachable: card.is_reachable,
            next_reachable: card.next_reachable,
            id: card.id,
        });
    }
}

impl Difference {
    /// The delta as JSON.
    pub(super) fn write(&self, id: FeedId, at: Timestamp, text: &mut String) {
        begin(text, id, at);
        list(text, "changed\":[", "]", self.changed.iter().map(String::as_str));
        text.push(',');
        quoted(text, "removed", &self.removed);
        if let Some(order) = &self.order {
            text.push(',');
            quoted(text, "order", order);
        }
        if let Some(heading) = &self.heading {
            text.push(',');
            list(text, "publication\":", "", std::iter::once(heading.as_str()));
        }
        text.push('}');
    }
}

fn begin(text: &mut String, id: FeedId, at: Timestamp) {
    // Writing to a string cannot fail.
    let _ = write!(text, "{{\"v\":{VERSION},\"id\":\"{id}\",\"at\":\"{at}\",");
}

fn list<'a>(text: &mut String, start: &str, end: &str, items: impl Iterator<Item = &'a str>) {
    text.push('"');
    text.push_str(start);
    join(text, items);
    text.push_str(end);
}

fn join<'a>(text: &mut String, items: impl Iterator<Item = &'a str>) {
    for (at, item) in items.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(item);
    }
}

/// Identities are letters and digits, so nothing in them needs escaping.
fn quoted(text: &mut String, name: &str, ids: &[String]) {
    let _ = write!(text, "\"{name}\":[");
    for (at, id) in ids.iter().enumerate() {
        let _ = write!(text, "{}\"{id}\"", if at > 0 { "," } else { "" });
    }
    text.push(']');
}

fn json(value: &impl serde::Serialize) -> String {
    // Only maps with keys that are no text and failing `Serialize` can fail; cards have neither.
    serde_json::to_string(value).unwrap_or_else(|_| "null".into())
}
