//! Who is in which subscription of an application, and who is behind an address. Pure.
//!
//! Upkeep knows contacts; the server knows subscriptions to up to [`MOST_CONTACTS`] of them, which expire together. So the
//! first of a group whose renewal is due extends it for all, and the others find it extended.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use directory_model::id::ContactId;
use directory_model::timestamp::Timestamp;
use directory_source::ucwa::{MOST_CONTACTS, Subscription, Url};

/// The subscriptions of one application.
#[derive(Debug, Default)]
pub(super) struct Groups {
    by_subscription: BTreeMap<Subscription, Group>,
    of: HashMap<ContactId, Subscription>,
    people: HashMap<Arc<str>, ContactId>,
    addresses: HashMap<ContactId, Arc<str>>,
    /// Somebody is asked about no more, or under another address.
    has_forgotten: bool,
}

#[derive(Debug)]
struct Group {
    members: BTreeSet<ContactId>,
    /// Whoever was ever in it: the server goes on telling of those who left.
    ever: BTreeSet<ContactId>,
    ends: Timestamp,
}

impl Groups {
    /// The contact is known by this address from now on.
    pub(super) fn name(&mut self, contact: ContactId, address: &str) {
        let address: Arc<str> = address.to_lowercase().into();
        if self.addresses.get(&contact) == Some(&address) {
            return;
        }
        self.unname(contact);
        self.people.insert(Arc::clone(&address), contact);
        self.addresses.insert(contact, address);
    }

    fn unname(&mut self, contact: ContactId) {
        let Some(address) = self.addresses.remove(&contact) else { return };
        self.has_forgotten = true;
        if self.people.get(&address) == Some(&contact) {
            self.people.remove(&address);
        }
    }

    /// The contact is none that is asked about any more; the subscription that is empty by that.
    pub(super) fn forget(&mut self, contact: ContactId) -> Option<Subscription> {
        self.unname(contact);
        self.leave(contact)
    }

    /// Whether somebody was forgotten since this was asked last.
    pub(super) fn take_forgotten(&mut self) -> bool {
        std::mem::take(&mut self.has_forgotten)
    }

    /// Who has the address.
    pub(super) fn contact(&self, address: &str) -> Option<ContactId> {
        self.people.get(address).or_else(|| self.people.get(address.to_lowercase().as_str())).copied()
    }

    /// Under which address a contact is asked about.
    pub(super) fn address(&self, contact: ContactId) -> Option<Arc<str>> {
        self.addresses.get(&contact).cloned()
    }

    /// These contacts are in a subscription until it ends.
    pub(super) fn put(&mut self, subscription: &Subscription, members: &[ContactId], ends: Timestamp) {
        let made = || Group { members: BTreeSet::new(), ever: BTreeSet::new(), ends };
        let group = self.by_subscription.entry(subscription.clone()).or_insert_with(made);
        group.ends = ends;
        group.members.extend(members);
        group.ever.extend(members);
        self.of.extend(members.iter().map(|member| (*member, subscription.clone())));
    }

    /// A subscription that takes these contacts in as well and holds for some time yet, with its end.
    pub(super) fn room_for(&self, contacts: &[ContactId], now: Timestamp) -> Option<(Subscription, Timestamp)> {
        const LONG_ENOUGH: Duration = Duration::from_mins(2);
        let is_fit = |group: &Group| {
            group.ever.len() + contacts.len() <= MOST_CONTACTS
                && group.ends > now.plus(LONG_ENOUGH)
                && !contacts.iter().any(|contact| group.ever.contains(contact))
        };
        let found = self.by_subscription.iter().find(|(_, group)| is_fit(group));
        found.map(|(subscription, group)| (subscription.clone(), group.ends))
    }

    /// The contact leaves its subscription; which, when nobody else is in it.
    pub(super) fn leave(&mut self, contact: ContactId) -> Option<Subscription> {
        let subscription = self.of.remove(&contact)?;
        let group = self.by_subscription.get_mut(&subscription)?;
        group.members.remove(&contact);
        if !group.members.is_empty() {
            return None;
        }
        self.by_subscription.remove(&subscription);
        Some(subscription)
    }

    /// The subscription of a contact, and when it ends.
    pub(super) fn of(&self, contact: ContactId) -> Option<(Subscription, Timestamp)> {
        let subscription = self.of.get(&contact)?;
        Some((subscription.clone(), self.by_subscription.get(subscription)?.ends))
    }

    /// Everybody who is in one.
    pub(super) fn members(&self) -> Vec<ContactId> {
        self.of.keys().copied().collect()
    }

    /// The subscription at that place.
    pub(super) fn at(&self, url: &Url) -> Option<Subscription> {
        self.by_subscription.keys().find(|subscription| subscription.is_at(url)).cloned()
    }

    /// A subscription goes on.
    pub(super) fn extended(&mut self, subscription: &Subscription, ends: Timestamp) {
        if let Some(group) = self.by_subscription.get_mut(subscription) {
            group.ends = ends;
        }
    }

    /// A subscription has ended; who was in it.
    pub(super) fn end(&mut self, subscription: &Subscription) -> Vec<ContactId> {
        let group = self.by_subscription.remove(subscription);
        let members: Vec<ContactId> = group.into_iter().flat_map(|group| group.members).collect();
        for member in &members {
            self.of.remove(member);
        }
        members
    }

    /// All of them have ended; who was in one.
    pub(super) fn end_all(&mut self) -> Vec<ContactId> {
        self.by_subscription.clear();
        self.of.drain().map(|(member, _)| member).collect()
    }

    #[cfg(test)]
    fn count(&self) -> usize {
        self.by_subscription.len()
    }
}

#[cfg(test)]
mod tests;
