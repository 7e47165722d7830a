//! Who wants to know when something about contacts may look different. They are only woken, and look
//! for themselves: however much happens meanwhile, what waits for them is a set of contacts.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use directory_model::id::{ContactId, TenantId};
use tokio::sync::Notify;

use super::Book;

/// What may look different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stirred {
    /// Everything that is watched.
    All,
    /// These contacts.
    Some(HashSet<ContactId>),
}

impl Default for Stirred {
    fn default() -> Self {
        Self::Some(HashSet::new())
    }
}

/// Somebody's look at some contacts of a tenant; it ends when this is dropped.
pub struct Watch {
    book: Arc<Book>,
    tenant: TenantId,
    watcher: Arc<Watcher>,
    contacts: HashSet<ContactId>,
}

/// What waits for one who looks.
#[derive(Debug)]
struct Watcher {
    /// Somebody sees what is looked at, so it is asked for more often.
    is_seen: bool,
    stirred: Mutex<Stirred>,
    woken: Notify,
}

impl Watch {
    pub(super) fn new(book: Arc<Book>, tenant: TenantId, is_seen: bool) -> Self {
        let watcher = Arc::new(Watcher { is_seen, stirred: Mutex::default(), woken: Notify::new() });
        Self { book, tenant, watcher, contacts: HashSet::new() }
    }

    /// Also looks at `contact`, which need not exist.
    pub fn add(&mut self, contact: ContactId) {
        if self.contacts.insert(contact) {
            self.book.write(|state| state.watch(self.tenant, contact, &self.watcher));
        }
    }

    /// Does not look at `contact` any more.
    pub fn remove(&mut self, contact: ContactId) {
        if self.contacts.remove(&contact) {
            self.book.write(|state| state.watchers.remove(self.tenant, contact, &self.watcher));
        }
    }

    /// Does not look any more at contacts for which `is_kept` says so.
    pub fn keep(&mut self, is_kept: impl Fn(ContactId) -> bool) {
        let gone: Vec<ContactId> = self.contacts.iter().copied().filter(|contact| !is_kept(*contact)).collect();
        for contact in gone {
            self.remove(contact);
        }
    }

    /// Completes when something may look different.
    pub async fn stirred(&self) {
        self.watcher.woken.notified().await;
    }

    /// What may look different since this was asked last.
    pub fn take(&self) -> Stirred {
        std::mem::take(&mut *self.watcher.lock())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let contacts = std::mem::take(&mut self.contacts);
        self.book.write(|state| {
            for contact in contacts {
                state.watchers.remove(self.tenant, contact, &self.watcher);
            }
        });
    }
}

impl Watcher {
    fn lock(&self) -> MutexGuard<'_, Stirred> {
        self.stirred.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stir(&self, contact: ContactId) {
        if let Stirred::Some(contacts) = &mut *self.lock() {
            contacts.insert(contact);
        }
        self.woken.notify_one();
    }

    fn stir_all(&self) {
        *self.lock() = Stirred::All;
        self.woken.notify_one();
    }
}

/// Everybody who looks, by tenant and contact.
#[derive(Debug, Default)]
pub(super) struct Watchers {
    tenants: HashMap<TenantId, Watched>,
}

/// What is looked at in one tenant.
#[derive(Debug, Default)]
struct Watched {
    contacts: HashMap<ContactId, Vec<Arc<Watcher>>>,
    /// Those of them that others answer for.
    services: HashSet<ContactId>,
}

impl Watchers {
    pub(super) fn is_watched(&self, tenant: TenantId) -> bool {
        self.tenants.contains_key(&tenant)
    }

    /// The watched contacts of the tenant that others answer for.
    pub(super) fn services(&self, tenant: TenantId) -> Vec<ContactId> {
        self.tenants.get(&tenant).map(|room| room.services.iter().copied().collect()).unwrap_or_default()
    }

    pub(super) fn stir(&self, tenant: TenantId, contact: ContactId) {
        let watchers = self.tenants.get(&tenant).and_then(|room| room.contacts.get(&contact));
        watchers.into_iter().flatten().for_each(|watcher| watcher.stir(contact));
    }

    pub(super) fn stir_tenant(&self, tenant: TenantId) {
        let room = self.tenants.get(&tenant).into_iter();
        room.flat_map(|room| room.contacts.values().flatten()).for_each(|watcher| watcher.stir_all());
    }

    /// Wakes whoever looks at a contact that others answer for: who they are may be different.
    pub(super) fn stir_services(&self, tenant: TenantId) {
        self.services(tenant).into_iter().for_each(|service| self.stir(tenant, service));
    }

    pub(super) fn stir_everybody(&self) {
        self.tenants.keys().for_each(|tenant| self.stir_tenant(*tenant));
    }

    /// Whether others answer for the contact, if it is watched.
    pub(super) fn review(&mut self, tenant: TenantId, contact: ContactId, is_staffed: bool) {
        let Some(room) = self.tenants.get_mut(&tenant) else { return };
        if is_staffed && room.contacts.contains_key(&contact) {
            room.services.insert(contact);
        } else {
            room.services.remove(&contact);
        }
    }

    fn add(&mut self, tenant: TenantId, contact: ContactId, watcher: &Arc<Watcher>) {
        self.tenants.entry(tenant).or_default().contacts.entry(contact).or_default().push(Arc::clone(watcher));
    }

    fn remove(&mut self, tenant: TenantId, contact: ContactId, watcher: &Arc<Watcher>) {
        let Some(room) = self.tenants.get_mut(&tenant) else { return };
        if let Some(watchers) = room.contacts.get_mut(&contact) {
            watchers.retain(|known| !Arc::ptr_eq(known, watcher));
            if watchers.is_empty() {
                room.contacts.remove(&contact);
                room.services.remove(&contact);
            }
        }
        if room.contacts.is_empty() {
            self.tenants.remove(&tenant);
        }
    }
}

impl Book {
    /// At whom somebody looks, and whoever answers for them.
    pub(crate) fn looked_at(&self, tenant: TenantId) -> HashSet<ContactId> {
        let state = self.read();
        let room = state.watchers.tenants.get(&tenant);
        let Some((room, tenant)) = room.zip(state.tenants.get(&tenant)) else { return HashSet::new() };
        let is_seen = |watchers: &[Arc<Watcher>]| watchers.iter().any(|watcher| watcher.is_seen);
        let seen = room.contacts.iter().filter(|(_, watchers)| is_seen(watchers));
        seen.flat_map(|(contact, _)| tenant.speakers(*contact)).collect()
    }
}

impl super::State {
    fn watch(&mut self, tenant: TenantId, contact: ContactId, watcher: &Arc<Watcher>) {
        self.watchers.add(tenant, contact, watcher);
        self.review_watched(tenant, contact);
    }

    fn review_watched(&mut self, id: TenantId, contact: ContactId) {
        let facts = self.tenants.get(&id).and_then(|tenant| tenant.contact(contact));
        let is_staffed = facts.is_some_and(|facts| facts.staffed_by.is_some());
        self.watchers.review(id, contact, is_staffed);
    }

    /// Wakes whoever looks at `contact`, or at a service that it answers for.
    pub(super) fn stir(&mut self, id: TenantId, contact: ContactId) {
        if !self.watchers.is_watched(id) {
            return;
        }
        self.review_watched(id, contact);
        self.watchers.stir(id, contact);
        let Some(tenant) = self.tenants.get(&id) else { return };
        let one = HashSet::from([contact]);
        for service in self.watchers.services(id) {
            let group = tenant.contact(service).and_then(|facts| facts.staffed_by);
            if group.is_some_and(|group| tenant.has_member_of(group, &one)) {
                self.watchers.stir(id, service);
            }
        }
    }
}

#[cfg(test)]
mod tests;
