//! What is known now: the facts of every tenant and the claims about every contact, in memory.
//!
//! Facts come from the follower of the store, claims from sources. The book says which
//! publications may look different since it was last asked; the feed looks. Until sources have
//! spoken after a start there are no claims, so contacts are unknown.

mod dirt;
mod enquiry;
mod live;
mod log;
mod past;
mod ports;
mod shown;
mod template;
mod tenant;
mod watch;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use directory_model::avatar::PictureHash;
use directory_model::clock::Clock;
use directory_model::id::{ContactId, PublicationId, TenantId};
use directory_model::presence::rules::PresenceRules;
use directory_model::presence::{Claim, ClaimKind, Presence};
use directory_model::timestamp::Timestamp;
use tokio::sync::Notify;

pub(crate) use self::dirt::Dirt;
pub use self::enquiry::EnquiryPage;
pub(crate) use self::live::Live;
pub use self::live::{Offer, Reset};
pub use self::log::NoAnswer;
pub use self::past::PastState;
pub use self::shown::Portrait;
pub(crate) use self::tenant::TenantBook;
use self::tenant::{Desk, Touched};
use self::watch::Watchers;
pub use self::watch::{Stirred, Watch};
use crate::facts::FactChange;
use crate::merge::{Rule, merge};
use crate::standing::{CLOCK_TOLERANCE, Standing, in_time};
use crate::view::View;
use crate::why::{Subject, Why, why};

/// The facts and claims of every tenant.
pub struct Book {
    clock: Arc<dyn Clock>,
    state: RwLock<State>,
    grown: Notify,
}

/// A publication that visitors may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// Whose it is.
    pub tenant: TenantId,
    /// Which one it is.
    pub publication: PublicationId,
}

fn nothing(now: Timestamp) -> Presence {
    merge(&[], &PresenceRules::default(), now)
}

struct State {
    tenants: HashMap<TenantId, TenantBook>,
    keys: HashMap<String, Served>,
    dirt: HashMap<PublicationId, Dirt>,
    wakes: BinaryHeap<Reverse<(Timestamp, TenantId, ContactId)>>,
    /// Contacts whose own word was taken back and may still be stored.
    resets: HashSet<(TenantId, ContactId)>,
    ticked_at: Timestamp,
    watchers: Watchers,
}

impl Default for State {
    fn default() -> Self {
        Self {
            tenants: HashMap::new(),
            keys: HashMap::new(),
            dirt: HashMap::new(),
            wakes: BinaryHeap::new(),
            resets: HashSet::new(),
            ticked_at: Timestamp::from_millis(i64::MIN),
            watchers: Watchers::default(),
        }
    }
}

impl Book {
    /// A book that knows nothing yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: RwLock::default(), grown: Notify::new() }
    }

    /// Takes changes of a tenant's objects in, all at once.
    pub fn apply(&self, tenant: TenantId, changes: Vec<FactChange>) {
        let now = self.clock.now();
        self.write(|state| state.apply(tenant, changes, now));
        self.grown.notify_one();
    }

    /// Offers a claim and says what became of it.
    pub fn offer_claim(&self, tenant: TenantId, claim: Claim) -> Offer {
        let now = self.clock.now();
        let offer = self.write(|state| state.offer(tenant, claim, now));
        if offer == Offer::Accepted {
            self.grown.notify_one();
        }
        offer
    }

    /// A device is gone: its last claim counts for the grace of the tenant's rules, and is then
    /// remembered like that of any source that fell silent. Whether there was such a claim.
    pub fn lose(&self, tenant: TenantId, contact: ContactId, kind: ClaimKind, source: &str, device: &str) -> bool {
        let now = self.clock.now();
        let is_lost = self.write(|state| state.lose(tenant, contact, (kind, source, device), now));
        if is_lost {
            self.grown.notify_one();
        }
        is_lost
    }

    /// The own words that the rules of their tenants took back, as long as the store still has them.
    pub fn resets(&self) -> Vec<(TenantId, ContactId, Reset)> {
        let state = self.read();
        let reset = |(tenant, contact): &(TenantId, ContactId)| {
            Some((*tenant, *contact, state.tenants.get(tenant)?.live(*contact)?.reset()?))
        };
        state.resets.iter().filter_map(reset).collect()
    }

    /// What a named state of the tenant is called in other languages, by language.
    pub fn custom_labels(&self, tenant: TenantId, name: &str) -> BTreeMap<String, String> {
        let state = self.read();
        state.tenants.get(&tenant).map(|tenant| tenant.custom_labels(name)).unwrap_or_default()
    }

    /// How available a contact is, whichever publication shows it. A person without claims is unknown.
    pub fn presence(&self, tenant: TenantId, contact: ContactId) -> Presence {
        let now = self.clock.now();
        let state = self.read();
        state.tenants.get(&tenant).map_or_else(|| nothing(now), |tenant| tenant.presence(contact, now))
    }

    /// All that is known of a contact in service; `None` when there is none.
    pub fn portrait(&self, tenant: TenantId, contact: ContactId) -> Option<Portrait> {
        let now = self.clock.now();
        self.read().tenants.get(&tenant)?.portrait(contact, now)
    }

    /// A look at contacts of the tenant, none at first.
    pub fn watch(self: &Arc<Self>, tenant: TenantId) -> Watch {
        Watch::new(Arc::clone(self), tenant, true)
    }

    /// The same for what follows presence without anybody seeing it: sources are not asked more often for it.
    pub fn overhear(self: &Arc<Self>, tenant: TenantId) -> Watch {
        Watch::new(Arc::clone(self), tenant, false)
    }

    /// Why a contact's presence is what it is.
    pub fn why(&self, tenant: TenantId, contact: ContactId) -> Why {
        let now = self.clock.now();
        let state = self.read();
        let Some(tenant) = state.tenants.get(&tenant) else {
            let rules = PresenceRules::default();
            let subject = Subject { contact, claims: &[], rules: &rules, is_hybrid: false };
            return why(subject, now, |_, at| (nothing(at), Rule::NothingKnown));
        };
        tenant.why(contact, now)
    }

    /// The publication that visitors see under `key`; `None` when there is none, or when it or
    /// its tenant is switched off.
    pub fn publication(&self, key: &str) -> Option<Served> {
        self.read().served(key)
    }

    /// Whether pages of `origin` may show the publication under `key`.
    pub fn covers_origin(&self, key: &str, origin: &str) -> bool {
        let state = self.read();
        let served = state.served(key);
        served
            .and_then(|served| Some((served, state.tenants.get(&served.tenant)?)))
            .is_some_and(|(served, tenant)| tenant.covers_origin(served.publication, origin))
    }

    /// Whose picture this is, if pages of the publication under `key` may show it.
    pub fn shows_picture(&self, key: &str, picture: PictureHash) -> Option<TenantId> {
        let now = self.clock.now();
        self.look(key, |served, tenant| {
            let view = View::new(tenant, served, None, now)?;
            view.may_show(picture).then_some(served.tenant)
        })?
    }

    /// Whose contact this is, if pages of the publication under `key` may give its vCard away.
    pub fn gives_vcard(&self, key: &str, contact: ContactId) -> Option<TenantId> {
        let now = self.clock.now();
        self.look(key, |served, tenant| {
            let view = View::new(tenant, served, None, now)?;
            view.may_give_vcard(contact).then_some(served.tenant)
        })?
    }

    /// The contacts on whom it depends what a publication shows.
    pub(crate) fn contacts_behind(&self, served: Served) -> Vec<ContactId> {
        let state = self.read();
        let tenant = state.tenants.get(&served.tenant);
        tenant.map(|tenant| tenant.behind(served.publication).to_vec()).unwrap_or_default()
    }

    /// Every claim that a source made and that counts or is remembered, to be kept over a restart.
    pub fn claims(&self) -> Vec<(TenantId, Claim)> {
        let now = self.clock.now();
        let state = self.read();
        let tenants = state.tenants.iter();
        tenants
            .flat_map(|(id, tenant)| {
                let offered = tenant.lives().flat_map(|(_, live)| live.offered());
                let held = offered.filter(|claim| in_time(claim, tenant.rules(), now) != Standing::Over);
                held.map(|claim| (*id, claim.clone()))
            })
            .collect()
    }

    /// Takes back what [`Book::claims`] gave before a restart. What should have been repeated since is
    /// remembered as its source's last word, so that nobody seems more available while the sources
    /// have not spoken again; everything else that has ended is dropped.
    pub fn restore(&self, claims: Vec<(TenantId, Claim)>) {
        let now = self.clock.now();
        self.write(|state| {
            for (tenant, claim) in claims {
                state.put_back(tenant, claim, now);
            }
            state.tenants.values_mut().for_each(|tenant| tenant.log.begin(now));
        });
        self.grown.notify_one();
    }

    /// When [`Book::tick`] has something to do.
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.read().wakes.peek().map(|Reverse((at, ..))| *at)
    }

    /// Drops what has expired at `now`. When the clock has stepped back, everything is looked at again.
    pub fn tick(&self, now: Timestamp) {
        self.write(|state| {
            if now.plus(CLOCK_TOLERANCE) < std::mem::replace(&mut state.ticked_at, now) {
                state.look_again(now);
            }
            state.sweep(now);
        });
    }

    /// Completes when something may look different; the feed's driver waits here.
    pub(crate) async fn grown(&self) {
        self.grown.notified().await;
    }

    pub(crate) fn take_dirt(&self) -> HashMap<PublicationId, Dirt> {
        if self.read().dirt.is_empty() {
            return HashMap::new();
        }
        self.write(|state| std::mem::take(&mut state.dirt))
    }

    /// Runs `look` on the tenant of a publication that is served under `key`.
    pub(crate) fn look<T>(&self, key: &str, look: impl FnOnce(Served, &TenantBook) -> T) -> Option<T> {
        let state = self.read();
        let served = state.served(key)?;
        Some(look(served, state.tenants.get(&served.tenant)?))
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        let mut state: RwLockWriteGuard<'_, State> = self.state.write().unwrap_or_else(PoisonError::into_inner);
        work(&mut state)
    }
}

impl State {
    fn served(&self, key: &str) -> Option<Served> {
        let served = *self.keys.get(key)?;
        let tenant = self.tenants.get(&served.tenant)?;
        let is_on = tenant.settings.as_ref().is_some_and(|settings| !settings.is_disabled)
            && tenant.publication(served.publication).is_some_and(|facts| facts.fields.is_enabled);
        is_on.then_some(served)
    }

    fn apply(&mut self, id: TenantId, changes: Vec<FactChange>, now: Timestamp) {
        let tenant = self.tenants.entry(id).or_default();
        let mut touched = Touched::default();
        let mut noted = Vec::new();
        let (mut is_gone, mut is_ruled) = (false, false);
        let (mut is_general, mut is_moving) = (false, false);
        for change in changes {
            is_gone = matches!(change, FactChange::TenantRemoved);
            let old_key = match &change {
                FactChange::TenantRemoved => {
                    self.keys.retain(|_, served| served.tenant != id);
                    None
                }
                FactChange::Publication(facts) => tenant.publication(facts.id),
                FactChange::PublicationRemoved(gone) => tenant.publication(*gone),
                _ => None,
            };
            if let Some(old) = old_key {
                self.keys.remove(&old.key);
            }
            is_general |= change.is_general();
            is_moving |= matches!(change, FactChange::Contact(_) | FactChange::ContactRemoved(_));
            match &change {
                FactChange::Publication(facts) => {
                    self.keys.insert(facts.key.clone(), Served { tenant: id, publication: facts.id });
                }
                FactChange::Presence(facts) => noted.push(facts.contact),
                FactChange::PresenceRules(_) => is_ruled = true,
                _ => {}
            }
            tenant.apply(change, &mut touched, now);
        }
        tenant.reindex(&touched);
        if is_gone {
            self.tenants.remove(&id);
        }
        for contact in noted {
            self.settle(id, contact, now);
        }
        if is_ruled {
            self.settle_all(id, now);
        }
        if is_general {
            self.watchers.stir_tenant(id);
        } else if is_moving {
            self.watchers.stir_services(id);
        }
        self.mark(id, touched);
    }

    fn offer(&mut self, id: TenantId, claim: Claim, now: Timestamp) -> Offer {
        let Some(tenant) = self.tenants.get_mut(&id) else { return Offer::UnknownTenant };
        let contact = claim.contact;
        let Desk { rules, live, mut trail } = tenant.desk(contact, now);
        let offer = live.offer(claim, rules, &mut trail, now);
        let is_reset = live.reset().is_some();
        if offer != Offer::Accepted {
            tenant.tidy(contact);
            return offer;
        }
        if is_reset {
            self.resets.insert((id, contact));
        }
        self.schedule(id, contact, now);
        self.mark_contact(id, contact);
        offer
    }

    fn lose(&mut self, id: TenantId, contact: ContactId, slot: (ClaimKind, &str, &str), now: Timestamp) -> bool {
        let desk = self.tenants.get_mut(&id).and_then(|tenant| tenant.desk_if_used(contact, now));
        let Some(Desk { rules, live, mut trail }) = desk else { return false };
        let is_lost = live.lose(slot, rules, &mut trail, now);
        if is_lost {
            self.schedule(id, contact, now);
            self.mark_contact(id, contact);
        }
        is_lost
    }

    fn put_back(&mut self, id: TenantId, claim: Claim, now: Timestamp) {
        let Some(tenant) = self.tenants.get_mut(&id) else { return };
        let contact = claim.contact;
        let Desk { rules, live, .. } = tenant.desk(contact, now);
        if !live.put_back(claim, rules, now) {
            tenant.tidy(contact);
            return;
        }
        self.schedule(id, contact, now);
        self.mark_contact(id, contact);
    }

    /// Asks to be woken when the next claim or note of `contact` expires.
    fn schedule(&mut self, id: TenantId, contact: ContactId, now: Timestamp) {
        let desk = self.tenants.get_mut(&id).and_then(|tenant| tenant.desk_if_used(contact, now));
        let Some(Desk { rules, live, .. }) = desk else { return };
        let Some(end) = live.next_end(rules, now) else { return };
        // Renewals only move the end on, so one entry for each contact is enough.
        if live.wake.is_none_or(|wake| end < wake) {
            live.wake = Some(end);
            self.wakes.push(Reverse((end, id, contact)));
        }
    }

    /// Drops what is over about `contact`, and asks to be woken when more will be.
    fn settle(&mut self, id: TenantId, contact: ContactId, now: Timestamp) {
        let mut reset = None;
        if let Some(tenant) = self.tenants.get_mut(&id) {
            if let Some(Desk { rules, live, mut trail }) = tenant.desk_if_used(contact, now) {
                live.sweep(rules, &mut trail, now);
                reset = live.reset();
            }
            tenant.tidy(contact);
        }
        if reset.is_some() {
            self.resets.insert((id, contact));
        } else {
            self.resets.remove(&(id, contact));
        }
        self.schedule(id, contact, now);
    }

    /// The same for every contact of a tenant.
    fn settle_all(&mut self, id: TenantId, now: Timestamp) {
        let lives = self.tenants.get(&id).into_iter().flat_map(TenantBook::lives);
        let contacts: Vec<ContactId> = lives.map(|(contact, _)| contact).collect();
        for contact in contacts {
            self.settle(id, contact, now);
        }
    }

    /// Has everything looked at again: what time has brought, a clock that steps back takes away.
    fn look_again(&mut self, now: Timestamp) {
        let tenants: Vec<TenantId> = self.tenants.keys().copied().collect();
        for id in tenants {
            self.settle_all(id, now);
        }
        self.dirt.extend(self.keys.values().map(|served| (served.publication, Dirt::All)));
        self.watchers.stir_everybody();
    }

    fn sweep(&mut self, now: Timestamp) {
        while let Some(Reverse((at, id, contact))) = self.wakes.peek().copied() {
            if at > now {
                return;
            }
            self.wakes.pop();
            let Some(tenant) = self.tenants.get_mut(&id) else { continue };
            let desk = tenant.desk_if_used(contact, now).filter(|desk| desk.live.wake == Some(at));
            let Some(Desk { live, .. }) = desk else { continue };
            live.wake = None;
            self.settle(id, contact, now);
            self.mark_contact(id, contact);
        }
    }

    fn mark(&mut self, id: TenantId, touched: Touched) {
        for publication in touched.publications {
            self.dirt.insert(publication, Dirt::All);
        }
        for contact in touched.contacts {
            self.mark_contact(id, contact);
        }
    }

    fn mark_contact(&mut self, id: TenantId, contact: ContactId) {
        self.stir(id, contact);
        let Some(tenant) = self.tenants.get(&id) else { return };
        for publication in tenant.showing(contact) {
            self.dirt.entry(*publication).or_default().touch(contact);
        }
    }
}

#[cfg(test)]
mod tests;
