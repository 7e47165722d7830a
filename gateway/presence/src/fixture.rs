//! A small tenant for tests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use directory_model::clock::{Clock, ManualClock};
use directory_model::contact::ContactFields;
use directory_model::domain::DomainFields;
use directory_model::id::{ContactId, CountedIds, DomainId, GroupId, PublicationId, SiteId, TenantId};
use directory_model::presence::{Availability, Claim, ClaimKind, Note, NoteKind};
use directory_model::publication::{PublicationEntry, PublicationFields};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;

use crate::book::{Book, Offer};
use crate::facts::{ContactFacts, DomainFacts, FactChange, GroupFacts, PublicationFacts, TenantFacts};
use crate::feed::Feed;

pub(crate) const KEY: &str = "key";

/// A tenant at 10:30 on a Monday in Berlin.
pub(crate) struct World {
    pub(crate) clock: ManualClock,
    pub(crate) book: Arc<Book>,
    pub(crate) feed: Arc<Feed>,
    pub(crate) tenant: TenantId,
    pub(crate) publication: PublicationId,
    ids: CountedIds,
    versions: std::sync::atomic::AtomicI64,
}

impl World {
    pub(crate) fn new() -> Self {
        let now: Timestamp = "2026-11-23T09:30:00Z".parse().expect("a moment");
        let clock = ManualClock::new(now);
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let book = Arc::new(Book::new(shared.clone()));
        let feed = Feed::new(book.clone(), shared);
        let ids = CountedIds::default();
        let (tenant, publication) = (TenantId::new(&ids), PublicationId::new(&ids));
        book.apply(tenant, vec![FactChange::Tenant(TenantFacts::new(&TenantFields::default()))]);
        Self { clock, book, feed, tenant, publication, ids, versions: std::sync::atomic::AtomicI64::new(0) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn apply(&self, change: FactChange) {
        self.book.apply(self.tenant, vec![change]);
    }

    /// The identity of a tenant that the book has never heard of.
    pub(crate) fn tenant_id(&self) -> TenantId {
        TenantId::new(&self.ids)
    }

    pub(crate) fn site_id(&self) -> SiteId {
        SiteId::new(&self.ids)
    }

    pub(crate) fn domain_id(&self) -> DomainId {
        DomainId::new(&self.ids)
    }

    /// Makes a domain of one host.
    pub(crate) fn domain(&self, host: &str) -> DomainId {
        let id = self.domain_id();
        let fields = DomainFields { hosts: vec![host.into()], ..DomainFields::default() };
        self.apply(FactChange::Domain(DomainFacts { id, fields, faces: Vec::new() }));
        id
    }

    pub(crate) fn person(&self, name: &str) -> ContactId {
        self.contact(ContactFields { display_name: Some(name.into()), ..ContactFields::default() })
    }

    /// Makes a contact that can be reached by chat and calls.
    pub(crate) fn contact(&self, fields: ContactFields) -> ContactId {
        let id = ContactId::new(&self.ids);
        self.set_contact(id, &ContactFields { sip: Some(format!("sip:{id}@example.com")), ..fields });
        id
    }

    pub(crate) fn set_contact(&self, id: ContactId, fields: &ContactFields) {
        self.apply(FactChange::Contact(ContactFacts::new(id, fields, Vec::new())));
    }

    pub(crate) fn group(&self, name: &str, members: &[ContactId]) -> GroupId {
        let id = GroupId::new(&self.ids);
        self.set_group(id, name, members);
        id
    }

    pub(crate) fn set_group(&self, id: GroupId, name: &str, members: &[ContactId]) {
        self.apply(FactChange::Group(GroupFacts { id, name: name.into(), root_of: None, members: members.to_vec() }));
    }

    pub(crate) fn publish(&self, entries: &[PublicationEntry]) {
        self.publish_as(PublicationFields { title: "Team".into(), ..PublicationFields::default() }, entries);
    }

    pub(crate) fn publish_as(&self, fields: PublicationFields, entries: &[PublicationEntry]) {
        let facts = PublicationFacts {
            id: self.publication,
            key: KEY.into(),
            fields,
            entries: entries.to_vec(),
            templates: BTreeMap::new(),
        };
        self.apply(FactChange::Publication(Box::new(facts)));
    }

    pub(crate) fn claim(&self, contact: ContactId, kind: ClaimKind, availability: Availability) -> Claim {
        Claim {
            contact,
            kind,
            source: "source".into(),
            device: String::new(),
            version: self.versions.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
            availability,
            activity: None,
            is_out_of_office: false,
            is_tentative: false,
            is_ringing: false,
            is_repeated: false,
            custom: None,
            since: self.now(),
            heard_at: self.now(),
            expires_at: Some(self.now().plus(Duration::from_hours(1))),
        }
    }

    /// Says that `contact` is `availability` at its computer.
    pub(crate) fn say(&self, contact: ContactId, availability: Availability) {
        let claim = self.claim(contact, ClaimKind::Computer, availability);
        assert_eq!(self.book.offer_claim(self.tenant, claim), Offer::Accepted);
    }

    /// Says the same by hand, until it is taken back.
    pub(crate) fn say_for_good(&self, contact: ContactId, availability: Availability) {
        let claim = Claim { expires_at: None, ..self.claim(contact, ClaimKind::Manual, availability) };
        assert_eq!(self.book.offer_claim(self.tenant, claim), Offer::Accepted);
    }

    pub(crate) fn snapshot(&self) -> serde_json::Value {
        let snapshot = self.feed.snapshot(KEY).expect("served");
        serde_json::from_slice(&snapshot.body).expect("JSON")
    }

    /// The first card of a fresh snapshot.
    pub(crate) fn card(&self) -> serde_json::Value {
        self.feed.pump();
        self.snapshot()["cards"][0].clone()
    }
}

/// A personal note.
pub(crate) fn note(text: impl Into<String>, expires_at: Option<Timestamp>) -> Note {
    Note { text: text.into(), kind: NoteKind::Personal, source: "manual".into(), expires_at }
}

/// The settings of a tenant with everything allowed but `change`.
pub(crate) fn settings(change: impl FnOnce(&mut TenantFacts)) -> FactChange {
    let mut facts = TenantFacts::new(&TenantFields::default());
    change(&mut facts);
    FactChange::Tenant(facts)
}

pub(crate) fn names(cards: &serde_json::Value) -> BTreeSet<String> {
    let cards = cards.as_array().into_iter().flatten();
    cards.filter_map(|card| card["name"].as_str().map(str::to_owned)).collect()
}
