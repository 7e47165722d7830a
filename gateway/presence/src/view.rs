//! One publication seen at one moment: from facts and claims to cards.

use std::collections::{BTreeMap, HashSet};

use directory_model::avatar::{Face, PictureHash, choose};
use directory_model::id::{ContactId, GroupId};
use directory_model::presence::{Availability, Claim};
use directory_model::publication::{MAX_CARDS, PublicationEntry, PublicationFields};
use directory_model::template::TemplateKind;
use directory_model::tenant::Modality;
use directory_model::text::sort_key;
use directory_model::timestamp::Timestamp;

use crate::book::{Live, Served, TenantBook};
use crate::card::{Card, CardKind, Heading, Way, href, initials};
use crate::facts::{ContactFacts, PublicationFacts, TemplateFacts, TenantFacts};
use crate::opening::Opening;
use crate::reachability::{Facts, Reason, Situation, Staff, is_offered, is_scheduled, opening_at};
use crate::standing::{Standing, standing};

/// A publication and what its cards are made of.
pub(crate) struct View<'a> {
    tenant: &'a TenantBook,
    settings: &'a TenantFacts,
    publication: &'a PublicationFacts,
    opening: Opening,
    now: Timestamp,
}

/// A card and when it may differ by itself.
pub(crate) struct Seen {
    pub(crate) card: Card,
    pub(crate) recheck: Option<Timestamp>,
}

impl<'a> View<'a> {
    /// The view at `now`; `opening` when it is known to hold still. `None` while the tenant's
    /// settings or the publication are not known.
    pub(crate) fn new(
        tenant: &'a TenantBook,
        served: Served,
        opening: Option<Opening>,
        now: Timestamp,
    ) -> Option<Self> {
        let publication = tenant.publication(served.publication)?;
        let settings = tenant.settings.as_ref()?;
        let hours = publication.fields.opening_hours.as_ref();
        let opening = opening.unwrap_or_else(|| opening_at(hours, now));
        Some(Self { tenant, settings, publication, opening, now })
    }

    pub(crate) fn entries(&self) -> &'a [PublicationEntry] {
        &self.publication.entries
    }

    pub(crate) fn opening(&self) -> Opening {
        self.opening
    }

    /// The head of the page: who of its cards can be contacted is known to whoever keeps them.
    pub(crate) fn heading(&self, is_reachable: bool, next_reachable: Option<Timestamp>) -> Heading {
        let until = self.opening.until();
        Heading {
            title: self.publication.fields.title.clone(),
            is_open: self.opening.is_open(),
            opens_at: until.filter(|_| !self.opening.is_open()),
            closes_at: until.filter(|_| self.opening.is_open()),
            is_reachable,
            next_reachable: next_reachable.filter(|_| !is_reachable),
            when_unreachable: self.publication.fields.when_unreachable,
            templates: self.publication.templates.iter().map(|(kind, shown)| (*kind, shown.tag.clone())).collect(),
        }
    }

    /// The template of a kind that the page shows, unless that is the built-in one.
    pub(crate) fn template(&self, kind: TemplateKind) -> Option<&'a TemplateFacts> {
        self.publication.templates.get(&kind)
    }

    /// The card of `entry` with at most `room` cards, itself included; `None` when there is
    /// nothing to show.
    pub(crate) fn entry(&self, entry: PublicationEntry, room: usize) -> Option<Seen> {
        if room == 0 {
            return None;
        }
        let mut seen = match entry {
            PublicationEntry::Contact(id) => self.contact(id)?,
            PublicationEntry::Group(id) => self.group(id, room - 1)?,
        };
        if self.publication.fields.is_coarse {
            self.coarsen(&mut seen.card);
        }
        Some(seen)
    }

    /// Whether anybody can be contacted in any way.
    pub(crate) fn is_reachable(&self) -> bool {
        let is_reachable =
            |entry: &PublicationEntry| self.entry(*entry, MAX_CARDS).is_some_and(|seen| seen.card.is_reachable);
        self.entries().iter().any(is_reachable)
    }

    /// The name of whom or what the page shows, on a card of its own or as a member of a group.
    pub(crate) fn shown_name(&self, entry: PublicationEntry) -> Option<&'a str> {
        let is_listed = self.entries().contains(&entry);
        match entry {
            PublicationEntry::Group(id) => self.tenant.group(id).filter(|_| is_listed).map(|group| group.name.as_str()),
            PublicationEntry::Contact(id) => {
                let is_member = self.entries().iter().any(|entry| match entry {
                    PublicationEntry::Group(group) => self.tenant.memberships(*group).any(|member| member == id),
                    PublicationEntry::Contact(_) => false,
                });
                let contact = self.tenant.contact(id).filter(|contact| !contact.flags.is_disabled);
                contact.filter(|_| is_listed || is_member).map(ContactFacts::name)
            }
        }
    }

    /// What was set on the publication.
    pub(crate) fn fields(&self) -> &'a PublicationFields {
        &self.publication.fields
    }

    /// Whether the card of `entry` may depend on one of `contacts`.
    pub(crate) fn is_touched(&self, entry: PublicationEntry, contacts: &HashSet<ContactId>) -> bool {
        match entry {
            PublicationEntry::Contact(id) => contacts.contains(&id) || self.staff_is_touched(id, contacts),
            PublicationEntry::Group(id) => {
                self.tenant.has_member_of(id, contacts)
                    || self.tenant.memberships(id).any(|member| self.staff_is_touched(member, contacts))
            }
        }
    }

    fn staff_is_touched(&self, id: ContactId, contacts: &HashSet<ContactId>) -> bool {
        let staff = self.tenant.contact(id).and_then(|facts| facts.staffed_by);
        staff.is_some_and(|group| self.tenant.has_member_of(group, contacts))
    }

    fn contact(&self, id: ContactId) -> Option<Seen> {
        let contact = self.tenant.contact(id).filter(|contact| !contact.flags.is_disabled)?;
        let live = self.tenant.live(id);
        let staff = contact.staffed_by.map(|group| self.tenant.staff(group));
        let facts = self.facts(contact, live, staff.as_deref());
        let situation = Situation::under(&facts, self.opening, self.now);
        let modalities = ways(contact, &facts, &situation);
        let is_reachable = modalities.iter().any(|way| way.is_enabled);
        let presence = &situation.presence;
        let note = live.and_then(|live| live.note(presence.is_out_of_office, self.now));
        let card = Card {
            id: id.to_string(),
            kind: if contact.flags.is_service { CardKind::Service } else { CardKind::Person },
            name: contact.name().to_owned(),
            title: contact.title().map(str::to_owned),
            company: contact.company().map(str::to_owned),
            site: contact.home_site.and_then(|site| self.tenant.site_name(site)).map(str::to_owned),
            picture: self.picture(contact, presence.availability, is_reachable),
            initials: initials(contact.name()),
            vcard: self.has_vcard(contact).then(|| self.address(&format!("contacts/{id}/vcard"))),
            state: presence.availability,
            activity: presence.activity,
            is_out_of_office: presence.is_out_of_office,
            custom: presence.custom.clone(),
            custom_labels: presence.custom.as_deref().map(|name| self.tenant.custom_labels(name)).unwrap_or_default(),
            note: note.map(|note| note.text.clone()),
            is_reachable,
            reason: situation.reason.or((!is_reachable).then_some(Reason::Nobody)),
            valid_until: self.scheduled_until(&facts),
            next_reachable: situation.next_reachable(&facts).filter(|_| !modalities.is_empty()),
            modalities,
            members: Vec::new(),
            is_shared: false,
        };
        let recheck = situation.valid_until.into_iter().chain(note.and_then(|note| note.expires_at)).min();
        Some(Seen { card, recheck })
    }

    /// The address of the picture: the contact's own, else the one of the publication's domains. A
    /// coarse view must not give away in a picture what it keeps silent about.
    fn picture(&self, contact: &ContactFacts, state: Availability, is_reachable: bool) -> Option<String> {
        let state = match (self.publication.fields.is_coarse, is_reachable) {
            (false, _) => state,
            (true, true) => Availability::Available,
            (true, false) => Availability::Offline,
        };
        let of_domains = || self.tenant.domain_faces(self.publication).find_map(|faces| choose(faces, state));
        let picture = choose(&contact.faces, state).or_else(of_domains)?;
        Some(self.address(&format!("pictures/{picture}")))
    }

    fn address(&self, of: &str) -> String {
        format!("/api/v1/visitor/publications/{}/{of}", self.publication.key)
    }

    fn has_vcard(&self, contact: &ContactFacts) -> bool {
        self.settings.is_vcard_enabled && contact.flags.is_vcard_enabled
    }

    /// Whether a card shows this contact together with its vCard.
    pub(crate) fn may_give_vcard(&self, id: ContactId) -> bool {
        let is_given = |contact: &ContactFacts| !contact.flags.is_disabled && self.has_vcard(contact);
        self.tenant.contact(id).is_some_and(is_given)
            && self.publication.entries.iter().any(|entry| match entry {
                PublicationEntry::Contact(listed) => *listed == id,
                PublicationEntry::Group(group) => self.tenant.memberships(*group).any(|member| member == id),
            })
    }

    /// Whether a card may show this picture, now or in another state.
    pub(crate) fn may_show(&self, picture: PictureHash) -> bool {
        let is_it = |faces: &[Face]| faces.iter().any(|face| face.picture == picture);
        let of_contact = |id: ContactId| {
            let contact = self.tenant.contact(id).filter(|contact| !contact.flags.is_disabled);
            contact.is_some_and(|contact| is_it(&contact.faces))
        };
        self.tenant.domain_faces(self.publication).any(is_it)
            || self.publication.entries.iter().any(|entry| match entry {
                PublicationEntry::Contact(id) => of_contact(*id),
                PublicationEntry::Group(id) => self.tenant.memberships(*id).any(of_contact),
            })
    }

    fn facts<'f>(&self, contact: &ContactFacts, live: Option<&'f Live>, staff: Option<&'f [&'f [Claim]]>) -> Facts<'f>
    where
        'a: 'f,
    {
        Facts {
            contact: self.tenant.contact_rules(contact),
            claims: live.map(Live::claims).unwrap_or_default(),
            rules: self.tenant.rules(),
            staff: staff.map_or(Staff::None, Staff::Persons),
            is_reachable_when_away: self.settings.is_reachable_when_away,
            tenant_modalities: &self.settings.modalities,
            publication_modalities: self.publication.fields.modalities.as_ref(),
            hours: self.publication.fields.opening_hours.as_ref(),
        }
    }

    /// Until when the card holds by what ends at a known moment. The expiry of devices' claims is
    /// left out: each renewal would change every card without changing anything to be seen.
    fn scheduled_until(&self, facts: &Facts<'_>) -> Option<Timestamp> {
        let staff = match facts.staff {
            Staff::None => &[],
            Staff::Persons(persons) => persons,
        };
        let claims = facts.claims.iter().chain(staff.iter().copied().flatten());
        let rules = self.tenant.rules();
        let counts = |claim: &&Claim| standing(claim, rules, self.now) == Standing::Live;
        let scheduled = claims.filter(|claim| is_scheduled(claim.kind)).filter(counts);
        scheduled.filter_map(|claim| rules.end_of(claim)).chain(self.opening.until()).min()
    }

    /// A group shows the best of its members and can be reached through any of them.
    fn group(&self, id: GroupId, room: usize) -> Option<Seen> {
        let group = self.tenant.group(id)?;
        let mut named: Vec<(String, ContactId)> = self
            .tenant
            .members(id)
            .into_iter()
            .filter_map(|id| self.tenant.contact(id).map(|contact| (sort_key(contact.name()), id)))
            .collect();
        named.sort_unstable();
        let shown = named.into_iter().filter_map(|(_, id)| Some((id, self.contact(id)?))).take(room);
        let (ids, seen): (Vec<ContactId>, Vec<Seen>) = shown.unzip();
        let recheck = seen.iter().filter_map(|seen| seen.recheck).chain(self.opening.until()).min();
        let members: Vec<Card> = seen.into_iter().map(|seen| seen.card).collect();
        let is_reachable = members.iter().any(|card| card.is_reachable);
        let reason = if self.opening.is_open() { Reason::Nobody } else { Reason::Closed };
        let mut card = Card {
            id: id.to_string(),
            kind: CardKind::Group,
            name: group.name.clone(),
            title: None,
            company: None,
            site: group.root_of.and_then(|site| self.tenant.site_name(site)).map(str::to_owned),
            picture: None,
            initials: initials(&group.name),
            vcard: None,
            state: members.iter().map(|card| card.state).min().unwrap_or(Availability::Offline),
            activity: None,
            is_out_of_office: false,
            custom: None,
            custom_labels: BTreeMap::new(),
            note: None,
            is_reachable,
            reason: (!is_reachable).then_some(reason),
            modalities: Vec::new(),
            valid_until: members.iter().filter_map(|card| card.valid_until).min(),
            next_reachable: members.iter().filter_map(|card| card.next_reachable).min().filter(|_| !is_reachable),
            members,
            is_shared: false,
        };
        if self.publication.fields.is_coarse || self.publication.fields.is_group_result {
            self.share_result(&mut card, &ids);
        }
        Some(Seen { card, recheck })
    }

    /// Gives each of the group's members, who are `ids`, the result of all. Nothing else of a member's card may vary
    /// with the presence, or it would tell who is away.
    fn share_result(&self, group: &mut Card, ids: &[ContactId]) {
        group.is_shared = true;
        for (member, id) in group.members.iter_mut().zip(ids) {
            let has_way = !member.modalities.is_empty();
            member.state = group.state;
            member.activity = None;
            member.is_out_of_office = false;
            member.custom = None;
            member.custom_labels.clear();
            member.note = None;
            member.is_reachable = group.is_reachable && has_way;
            let nobody = || group.reason.unwrap_or(Reason::Nobody);
            member.reason = (!member.is_reachable).then(nobody);
            member.modalities.iter_mut().for_each(|way| way.is_enabled = group.is_reachable);
            member.valid_until = group.valid_until;
            member.next_reachable = group.next_reachable.filter(|_| has_way);
            let facts = self.tenant.contact(*id);
            member.picture = facts.and_then(|facts| self.picture(facts, group.state, group.is_reachable));
        }
    }

    /// Leaves only whether somebody can be reached. Nothing else may vary with the presence.
    fn coarsen(&self, card: &mut Card) {
        let reason = if self.opening.is_open() { Reason::Offline } else { Reason::Closed };
        card.state = if card.is_reachable { Availability::Available } else { Availability::Offline };
        card.activity = None;
        card.is_out_of_office = false;
        card.custom = None;
        card.custom_labels.clear();
        card.note = None;
        card.reason = (!card.is_reachable).then_some(reason);
        card.valid_until = self.opening.until();
        card.next_reachable = self.opening.until().filter(|_| !self.opening.is_open());
        for member in &mut card.members {
            self.coarsen(member);
        }
    }
}

fn ways(contact: &ContactFacts, facts: &Facts<'_>, situation: &Situation) -> Vec<Way> {
    let offered = Modality::ALL.into_iter().filter(|kind| is_offered(facts, *kind));
    let is_enabled = situation.reason.is_none();
    offered.filter_map(|kind| Some(Way { kind, href: href(contact, kind)?, is_enabled })).collect()
}

#[cfg(test)]
mod tests;
