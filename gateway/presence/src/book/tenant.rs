//! One tenant's facts, and the index from contacts and groups to the publications that show them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use directory_model::avatar::Face;
use directory_model::id::{ContactId, CustomStateId, DomainId, GroupId, PresenceProfileId, PublicationId, SiteId};
use directory_model::presence::custom::CustomState;
use directory_model::presence::rules::PresenceRules;
use directory_model::profile::built_in::BuiltIn;
use directory_model::publication::PublicationEntry;
use directory_model::timestamp::Timestamp;

use super::live::Live;
use super::log::{Log, Trail};
use crate::facts::{
    ContactFacts, DomainFacts, FactChange, GroupFacts, PresenceFacts, PublicationFacts, RulesFacts, SiteFacts,
    TenantFacts,
};
use crate::reachability::ContactRules;

/// Everything that is known about one tenant.
#[derive(Debug, Default)]
pub(crate) struct TenantBook {
    /// Absent until the tenant itself was loaded; nothing is served before.
    pub(crate) settings: Option<TenantFacts>,
    contacts: HashMap<ContactId, ContactSlot>,
    groups: HashMap<GroupId, GroupFacts>,
    sites: HashMap<SiteId, SiteFacts>,
    domains: HashMap<DomainId, DomainFacts>,
    publications: HashMap<PublicationId, Shown>,
    residents: HashMap<SiteId, HashSet<ContactId>>,
    roots: HashMap<SiteId, GroupId>,
    contact_shown_by: HashMap<ContactId, Vec<PublicationId>>,
    group_shown_by: HashMap<GroupId, Vec<PublicationId>>,
    // Kept beside the slots, because a slot goes when nothing is said any more.
    said_as_of: HashMap<ContactId, i64>,
    rules: RulesFacts,
    custom_states: HashMap<CustomStateId, CustomState>,
    profiles: HashMap<PresenceProfileId, ProfileLabels>,
    /// What changed about presence in the last day.
    pub(super) log: Log,
}

/// What a profile that the tenant made is called.
#[derive(Debug)]
struct ProfileLabels {
    name: String,
    labels: BTreeMap<String, String>,
}

/// Where claims about one contact are put: the rules, the claims, and the log of what changes.
pub(super) struct Desk<'a> {
    pub(super) rules: &'a PresenceRules,
    pub(super) live: &'a mut Live,
    pub(super) trail: Trail<'a>,
}

/// What is known about one contact. Two pointers, because most contacts have no claims.
#[derive(Debug, Default)]
struct ContactSlot {
    facts: Option<Box<ContactFacts>>,
    live: Option<Box<Live>>,
}

/// A publication and everything whose change may change it.
#[derive(Debug)]
struct Shown {
    facts: Box<PublicationFacts>,
    contacts: Vec<ContactId>,
    groups: Vec<GroupId>,
}

/// What one application of changes touched.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Contacts whose cards may differ.
    pub(super) contacts: HashSet<ContactId>,
    /// Publications that may differ in anything.
    pub(super) publications: HashSet<PublicationId>,
    /// Contacts that are gone.
    gone: HashSet<ContactId>,
    /// Publications whose part of the index must be made again.
    stale: HashSet<PublicationId>,
}

impl Touched {
    fn structure(&mut self, publications: &[PublicationId]) {
        self.publications.extend(publications);
        self.stale.extend(publications);
    }
}

impl TenantBook {
    pub(crate) fn contact(&self, id: ContactId) -> Option<&ContactFacts> {
        self.contacts.get(&id)?.facts.as_deref()
    }

    pub(crate) fn live(&self, id: ContactId) -> Option<&Live> {
        self.contacts.get(&id)?.live.as_deref()
    }

    /// Forgets empty claims and contacts of which nothing is left.
    pub(super) fn tidy(&mut self, id: ContactId) {
        if let Some(slot) = self.contacts.get_mut(&id) {
            slot.live.take_if(|live| live.is_empty());
            if slot.live.is_none() && slot.facts.is_none() {
                self.contacts.remove(&id);
            }
        }
    }

    #[cfg(test)]
    pub(super) fn is_without_contacts(&self) -> bool {
        self.contacts.is_empty()
    }

    pub(super) fn lives(&self) -> impl Iterator<Item = (ContactId, &Live)> {
        self.contacts.iter().filter_map(|(id, slot)| Some((*id, slot.live.as_deref()?)))
    }

    /// How claims become presence here.
    pub(crate) fn rules(&self) -> &PresenceRules {
        &self.rules.rules
    }

    /// Where claims of `id` are put; made when it is missing.
    pub(super) fn desk(&mut self, id: ContactId, now: Timestamp) -> Desk<'_> {
        let live = self.contacts.entry(id).or_default().live.get_or_insert_default();
        Desk { rules: &self.rules.rules, live, trail: self.log.of(id, now) }
    }

    /// Where claims of `id` are, if there are any.
    pub(super) fn desk_if_used(&mut self, id: ContactId, now: Timestamp) -> Option<Desk<'_>> {
        let live = self.contacts.get_mut(&id)?.live.as_deref_mut()?;
        Some(Desk { rules: &self.rules.rules, live, trail: self.log.of(id, now) })
    }

    /// What a named state is called in other languages, by language.
    pub(crate) fn custom_labels(&self, name: &str) -> BTreeMap<String, String> {
        let state = self.custom_states.values().find(|state| state.fields.name == name);
        let state = state.map(|state| &state.fields.labels);
        let profile = || self.profiles.values().find(|profile| profile.name == name).map(|profile| &profile.labels);
        state.or_else(profile).cloned().unwrap_or_else(|| BuiltIn::labels_of(name))
    }

    /// What decides whether the contact may be contacted.
    pub(crate) fn contact_rules(&self, contact: &ContactFacts) -> ContactRules {
        let site = contact.home_site.and_then(|site| self.sites.get(&site));
        ContactRules {
            is_service: contact.flags.is_service,
            is_disabled: contact.flags.is_disabled,
            can_be_contacted_on_busy: contact.flags.can_be_contacted_on_busy,
            // A profile which is unavailable stops nobody where the site says so.
            is_reachable_when_unavailable: site.is_some_and(|site| site.is_reachable_when_unavailable),
        }
    }

    pub(crate) fn group(&self, id: GroupId) -> Option<&GroupFacts> {
        self.groups.get(&id)
    }

    /// Everybody in the group, each once, in the order of their identities.
    pub(crate) fn members(&self, id: GroupId) -> BTreeSet<ContactId> {
        self.memberships(id).collect()
    }

    /// Everybody in the group; who is in it for two reasons comes twice.
    pub(crate) fn memberships(&self, id: GroupId) -> impl Iterator<Item = ContactId> {
        let group = self.groups.get(&id);
        let residents = group.and_then(|group| self.residents.get(&group.root_of?)).into_iter().flatten();
        group.into_iter().flat_map(|group| &group.members).chain(residents).copied()
    }

    /// Whether somebody of `contacts` is in the group.
    pub(crate) fn has_member_of(&self, id: GroupId, contacts: &HashSet<ContactId>) -> bool {
        let Some(group) = self.groups.get(&id) else { return false };
        let residents = group.root_of.and_then(|site| self.residents.get(&site));
        group.members.iter().any(|member| contacts.contains(member))
            || residents.is_some_and(|residents| contacts.iter().any(|contact| residents.contains(contact)))
    }

    /// The name of a site, unless it is kept from visitors.
    pub(crate) fn site_name(&self, id: SiteId) -> Option<&str> {
        self.sites.get(&id).filter(|site| site.is_enabled).map(|site| site.name.as_str())
    }

    pub(crate) fn publication(&self, id: PublicationId) -> Option<&PublicationFacts> {
        self.publications.get(&id).map(|shown| &*shown.facts)
    }

    /// The contacts on whom it depends what the publication shows.
    pub(super) fn behind(&self, publication: PublicationId) -> &[ContactId] {
        self.publications.get(&publication).map(|shown| shown.contacts.as_slice()).unwrap_or_default()
    }

    pub(super) fn showing(&self, contact: ContactId) -> &[PublicationId] {
        self.contact_shown_by.get(&contact).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn covers_origin(&self, publication: PublicationId, origin: &str) -> bool {
        let domains = self.publication(publication).map(|facts| &facts.fields.domains);
        self.settings.as_ref().is_some_and(|settings| settings.is_cors_disabled)
            || domains
                .into_iter()
                .flatten()
                .filter_map(|id| self.domains.get(id))
                .any(|domain| domain.fields.covers(origin))
    }

    /// What the publication's domains show for contacts without a picture, in their order.
    pub(crate) fn domain_faces(&self, publication: &PublicationFacts) -> impl Iterator<Item = &[Face]> {
        let domains = publication.fields.domains.iter();
        domains.filter_map(|id| self.domains.get(id)).map(|domain| domain.faces.as_slice())
    }

    /// The publications that pages of a domain may show.
    fn embedded_by(&self, domain: DomainId) -> impl Iterator<Item = PublicationId> {
        let publications = self.publications.iter();
        publications.filter(move |(_, shown)| shown.facts.fields.domains.contains(&domain)).map(|(id, _)| *id)
    }

    /// Takes one change in; [`TenantBook::reindex`] must follow before anything is read.
    pub(super) fn apply(&mut self, change: FactChange, touched: &mut Touched, now: Timestamp) {
        match change {
            FactChange::Tenant(settings) => {
                self.log.record(!settings.is_no_history, now);
                self.settings = Some(settings);
                touched.publications.extend(self.publications.keys());
            }
            FactChange::TenantRemoved => {
                touched.publications.extend(self.publications.keys());
                *self = Self::default();
            }
            FactChange::Contact(facts) => self.put_contact(facts.id, Some(facts), touched),
            FactChange::ContactRemoved(id) => {
                self.put_contact(id, None, touched);
                self.contacts.remove(&id);
                self.said_as_of.remove(&id);
                touched.gone.insert(id);
            }
            FactChange::Group(facts) => self.put_group(facts.id, Some(facts), touched),
            FactChange::GroupRemoved(id) => self.put_group(id, None, touched),
            FactChange::Site(facts) => {
                self.sites.insert(facts.id, facts);
                touched.publications.extend(self.publications.keys());
            }
            FactChange::SiteRemoved(id) => {
                self.sites.remove(&id);
                touched.publications.extend(self.publications.keys());
            }
            FactChange::Domain(facts) => {
                touched.publications.extend(self.embedded_by(facts.id));
                self.domains.insert(facts.id, facts);
            }
            FactChange::DomainRemoved(id) => {
                touched.publications.extend(self.embedded_by(id));
                self.domains.remove(&id);
            }
            FactChange::Publication(facts) => self.put_publication(facts, touched),
            FactChange::PublicationRemoved(id) => {
                touched.publications.insert(id);
                self.unindex(id);
                self.publications.remove(&id);
            }
            FactChange::Presence(facts) => self.put_presence(facts, touched, now),
            FactChange::PresenceRules(facts) => {
                touched.publications.extend(self.publications.keys());
                self.put_rules(facts, now);
            }
            FactChange::CustomState(_)
            | FactChange::CustomStateRemoved(_)
            | FactChange::Profile(..)
            | FactChange::ProfileRemoved(_) => {
                touched.publications.extend(self.publications.keys());
                self.put_name(change);
            }
        }
    }

    /// What somebody can be is called otherwise.
    fn put_name(&mut self, change: FactChange) {
        match change {
            FactChange::CustomState(state) => drop(self.custom_states.insert(state.id, state)),
            FactChange::CustomStateRemoved(id) => drop(self.custom_states.remove(&id)),
            FactChange::Profile(id, name, labels) => drop(self.profiles.insert(id, ProfileLabels { name, labels })),
            FactChange::ProfileRemoved(id) => drop(self.profiles.remove(&id)),
            _ => {}
        }
    }

    fn put_rules(&mut self, facts: RulesFacts, now: Timestamp) {
        if facts.revision >= self.rules.revision {
            let before = std::mem::replace(&mut self.rules, facts);
            if before.rules != self.rules.rules {
                self.log.rules(before.rules, now);
            }
        }
    }

    fn put_presence(&mut self, facts: PresenceFacts, touched: &mut Touched, now: Timestamp) {
        let held = self.said_as_of.entry(facts.contact).or_insert(facts.as_of);
        if facts.as_of < *held {
            return;
        }
        *held = facts.as_of;
        touched.contacts.insert(facts.contact);
        let Desk { live, mut trail, .. } = self.desk(facts.contact, now);
        live.store(facts.stored, facts.notes, &mut trail);
    }

    fn put_publication(&mut self, facts: Box<PublicationFacts>, touched: &mut Touched) {
        touched.structure(&[facts.id]);
        let shown = self.publications.remove(&facts.id);
        let (contacts, groups) = shown.map(|shown| (shown.contacts, shown.groups)).unwrap_or_default();
        self.publications.insert(facts.id, Shown { facts, contacts, groups });
    }

    fn put_contact(&mut self, id: ContactId, facts: Option<ContactFacts>, touched: &mut Touched) {
        touched.contacts.insert(id);
        let slot = self.contacts.entry(id).or_default();
        let place = |facts: Option<&ContactFacts>| facts.map(|facts| (facts.home_site, facts.staffed_by));
        let (old_site, old_staff) = place(slot.facts.as_deref()).unwrap_or_default();
        let (site, staff) = place(facts.as_ref()).unwrap_or_default();
        slot.facts = facts.map(Box::new);
        if old_staff != staff {
            touched.stale.extend(self.contact_shown_by.get(&id).into_iter().flatten());
        }
        if old_site == site {
            return;
        }
        if let Some(residents) = old_site.and_then(|site| self.residents.get_mut(&site)) {
            residents.remove(&id);
        }
        if let Some(site) = site {
            self.residents.entry(site).or_default().insert(id);
        }
        for root in [old_site, site].into_iter().flatten().filter_map(|site| self.roots.get(&site)) {
            touched.structure(self.group_shown_by.get(root).map(Vec::as_slice).unwrap_or_default());
        }
    }

    fn put_group(&mut self, id: GroupId, facts: Option<GroupFacts>, touched: &mut Touched) {
        touched.structure(self.group_shown_by.get(&id).map(Vec::as_slice).unwrap_or_default());
        if let Some(site) = self.groups.get(&id).and_then(|group| group.root_of) {
            self.roots.remove(&site);
        }
        if let Some(site) = facts.as_ref().and_then(|group| group.root_of) {
            self.roots.insert(site, id);
        }
        match facts {
            Some(facts) => self.groups.insert(id, facts),
            None => self.groups.remove(&id),
        };
    }

    /// Brings the index and the log up to date after changes.
    pub(super) fn reindex(&mut self, touched: &Touched) {
        self.log.forget(&touched.gone);
        for id in &touched.stale {
            self.unindex(*id);
            let Some(shown) = self.publications.get(id) else { continue };
            let (contacts, groups) = self.reach(&shown.facts.entries);
            for contact in &contacts {
                self.contact_shown_by.entry(*contact).or_default().push(*id);
            }
            for group in &groups {
                self.group_shown_by.entry(*group).or_default().push(*id);
            }
            if let Some(shown) = self.publications.get_mut(id) {
                shown.contacts = contacts;
                shown.groups = groups;
            }
        }
    }

    fn unindex(&mut self, id: PublicationId) {
        let Some(shown) = self.publications.get_mut(&id) else { return };
        for contact in std::mem::take(&mut shown.contacts) {
            forget(&mut self.contact_shown_by, &contact, id);
        }
        for group in std::mem::take(&mut shown.groups) {
            forget(&mut self.group_shown_by, &group, id);
        }
    }

    /// Every contact and group on which `entries` depend, whether they are known yet or not.
    fn reach(&self, entries: &[PublicationEntry]) -> (Vec<ContactId>, Vec<GroupId>) {
        let mut contacts = BTreeSet::new();
        let mut groups = BTreeSet::new();
        for entry in entries {
            match entry {
                PublicationEntry::Contact(id) => {
                    contacts.insert(*id);
                }
                PublicationEntry::Group(id) => {
                    groups.insert(*id);
                    contacts.extend(self.members(*id));
                }
            }
        }
        let staff = contacts.iter().filter_map(|id| self.contact(*id)?.staffed_by).collect::<BTreeSet<_>>();
        for group in staff {
            groups.insert(group);
            contacts.extend(self.members(group));
        }
        (contacts.into_iter().collect(), groups.into_iter().collect())
    }
}

fn forget<K: std::hash::Hash + Eq>(index: &mut HashMap<K, Vec<PublicationId>>, key: &K, id: PublicationId) {
    if let Some(ids) = index.get_mut(key) {
        ids.retain(|known| *known != id);
        if ids.is_empty() {
            index.remove(key);
        }
    }
}
