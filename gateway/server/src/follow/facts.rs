//! What presence must know of the store's objects.

use std::collections::HashMap;

use directory_model::avatar::Face;
use directory_model::change::ObjectKind;
use directory_model::contact::Contact;
use directory_model::domain::Domain;
use directory_model::group::Group;
use directory_model::id::{ContactId, PresenceProfileId, TenantId};
use directory_model::presence::{Claim, Note};
use directory_model::profile::{PresenceProfile, ProfileName};
use directory_model::publication::Publication;
use directory_model::site::Site;
use directory_model::tenant::Tenant;
use directory_model::timestamp::Timestamp;
use directory_store::avatars::Owner;
use directory_store::connection::Connection;
use directory_store::error::StoreResult;
use directory_store::templates::{InUse, Shelf};
use directory_store::{
    avatars, contacts, custom_states, domains, groups, presence_profiles, presence_rows, presence_rules,
    profile_selections, publications, sites, tenants,
};
use gateway_presence::facts::{
    ContactFacts, DomainFacts, FactChange, GroupFacts, PresenceFacts, PublicationFacts, RulesFacts, SiteFacts,
    TemplateFacts, TenantFacts,
};

/// How many contacts are told at once.
const CHUNK: u32 = 1000;

/// What is so of one object now; `None` when presence does not care about its kind.
pub(super) fn of(
    conn: &mut Connection,
    of: TenantId,
    kind: ObjectKind,
    object: &str,
    now: Timestamp,
) -> StoreResult<Option<FactChange>> {
    Ok(match kind {
        ObjectKind::Contact | ObjectKind::Avatar => match object.parse() {
            Ok(id) => {
                let faces = avatars::faces(conn, of, id)?;
                let found = contacts::find(conn, of, id)?;
                Some(found.map_or(FactChange::ContactRemoved(id), |found| contact(&found, faces)))
            }
            Err(_) => None,
        },
        ObjectKind::Presence => match object.parse() {
            Ok(id) => Some(presence(conn, of, id, now)?),
            Err(_) => None,
        },
        ObjectKind::PresenceRules => Some(rules(conn, of)?),
        ObjectKind::CustomState => named_state(conn, of, object)?,
        ObjectKind::PresenceProfile => profile(conn, of, object)?,
        ObjectKind::Group => match object.parse() {
            Ok(id) => {
                let members = groups::member_ids(conn, of, id)?.unwrap_or_default();
                let found = groups::find(conn, of, id)?;
                Some(found.map_or(FactChange::GroupRemoved(id), |found| group(found, members)))
            }
            Err(_) => None,
        },
        ObjectKind::Site => match object.parse() {
            Ok(id) => Some(sites::find(conn, of, id)?.map_or(FactChange::SiteRemoved(id), site)),
            Err(_) => None,
        },
        ObjectKind::Domain => match object.parse() {
            Ok(id) => {
                let faces = avatars::faces(conn, of, id)?;
                let found = domains::find(conn, of, id)?;
                Some(found.map_or(FactChange::DomainRemoved(id), |found| domain(found, faces)))
            }
            Err(_) => None,
        },
        ObjectKind::Publication => page(conn, of, object)?,
        ObjectKind::Reseller
        | ObjectKind::Tenant
        | ObjectKind::User
        | ObjectKind::Grant
        | ObjectKind::Session
        | ObjectKind::Token
        | ObjectKind::Source
        | ObjectKind::Run
        | ObjectKind::IdentityProvider
        | ObjectKind::Alert
        | ObjectKind::ClientProfile
        | ObjectKind::ProfileSelection
        | ObjectKind::CallSettings
        | ObjectKind::ExtensionList
        | ObjectKind::Enquiry
        | ObjectKind::Template => None,
    })
}

/// A publication, with the templates that it shows.
fn page(conn: &mut Connection, of: TenantId, object: &str) -> StoreResult<Option<FactChange>> {
    let Ok(id) = object.parse() else { return Ok(None) };
    let found = publications::find(conn, of, id)?;
    let shelf = Shelf::of(conn, of)?;
    Ok(Some(found.map_or(FactChange::PublicationRemoved(id), |found| publication(&found, &shelf))))
}

fn named_state(conn: &mut Connection, of: TenantId, object: &str) -> StoreResult<Option<FactChange>> {
    let Ok(id) = object.parse() else { return Ok(None) };
    let found = custom_states::find(conn, of, id)?;
    Ok(Some(found.map_or(FactChange::CustomStateRemoved(id), FactChange::CustomState)))
}

fn profile(conn: &mut Connection, of: TenantId, object: &str) -> StoreResult<Option<FactChange>> {
    let Ok(id) = object.parse() else { return Ok(None) };
    let found = presence_profiles::find(conn, of, ProfileName::Custom(id))?;
    Ok(Some(found.map_or(FactChange::ProfileRemoved(id), |found| named(id, found))))
}

/// Tells everything of a tenant, in parts; its settings last, because nothing is served before.
pub(super) fn all(
    conn: &mut Connection,
    of: TenantId,
    now: Timestamp,
    tell: impl Fn(Vec<FactChange>),
) -> StoreResult<()> {
    let Some(settings) = tenants::find(conn, of)? else { return Ok(()) };
    tell(sites::all(conn, of)?.into_iter().map(site).collect());
    let mut faces: HashMap<Owner, Vec<Face>> = HashMap::new();
    for (owner, face) in avatars::all_faces(conn, of)? {
        faces.entry(owner).or_default().push(face);
    }
    let mut after = 0;
    loop {
        let found = contacts::all(conn, of, after, CHUNK)?;
        let Some((last, _)) = found.last() else { break };
        after = *last;
        tell(
            found.iter().map(|(_, found)| contact(found, faces.remove(&found.id.into()).unwrap_or_default())).collect(),
        );
    }
    let mut members: HashMap<_, Vec<ContactId>> = HashMap::new();
    for (group, member) in groups::all_members(conn, of)? {
        members.entry(group).or_default().push(member);
    }
    let found = groups::all(conn, of)?.into_iter();
    tell(
        found
            .map(|found| {
                let listed = members.remove(&found.id).unwrap_or_default();
                group(found, listed)
            })
            .collect(),
    );
    let found = domains::all(conn, of)?.into_iter();
    tell(
        found
            .map(|found| {
                let shown = faces.remove(&found.id.into()).unwrap_or_default();
                domain(found, shown)
            })
            .collect(),
    );
    let named = custom_states::all(conn, of)?.into_iter().map(FactChange::CustomState);
    tell(named.chain([rules(conn, of)?]).collect());
    tell(profiles(conn, of)?);
    tell(all_presence(conn, of, now)?);
    let shelf = Shelf::of(conn, of)?;
    tell(publications::all(conn, of)?.iter().map(|found| publication(found, &shelf)).collect());
    tell(vec![tenant(&settings)]);
    Ok(())
}

fn profiles(conn: &mut Connection, of: TenantId) -> StoreResult<Vec<FactChange>> {
    let own = presence_profiles::own(conn, of)?.into_iter();
    let facts = own.filter_map(|profile| match profile.id {
        ProfileName::Custom(id) => Some(named(id, profile)),
        ProfileName::BuiltIn(_) => None,
    });
    Ok(facts.collect())
}

fn named(id: PresenceProfileId, profile: PresenceProfile) -> FactChange {
    FactChange::Profile(id, profile.fields.name, profile.fields.labels)
}

/// A tenant's settings.
pub(super) fn tenant(tenant: &Tenant) -> FactChange {
    FactChange::Tenant(TenantFacts::new(&tenant.fields))
}

fn contact(contact: &Contact, faces: Vec<Face>) -> FactChange {
    FactChange::Contact(ContactFacts::new(contact.id, &contact.fields, faces))
}

fn site(site: Site) -> FactChange {
    FactChange::Site(SiteFacts {
        id: site.id,
        name: site.fields.name,
        is_enabled: site.fields.is_enabled,
        is_reachable_when_unavailable: site.fields.is_reachable_when_unavailable,
    })
}

fn group(group: Group, members: Vec<ContactId>) -> FactChange {
    FactChange::Group(GroupFacts { id: group.id, name: group.fields.name, root_of: group.root_of, members })
}

fn domain(domain: Domain, faces: Vec<Face>) -> FactChange {
    FactChange::Domain(DomainFacts { id: domain.id, fields: domain.fields, faces })
}

fn publication(publication: &Publication, shelf: &Shelf) -> FactChange {
    let shown = shelf.shown(&publication.fields).into_iter();
    let templates = shown.map(|(kind, InUse { id, tag })| (kind, TemplateFacts { id, tag })).collect();
    FactChange::Publication(Box::new(PublicationFacts::new(publication, templates)))
}

fn rules(conn: &mut Connection, of: TenantId) -> StoreResult<FactChange> {
    let kept = presence_rules::find(conn, of)?;
    Ok(FactChange::PresenceRules(RulesFacts { revision: kept.revision, rules: kept.rules }))
}

fn presence(conn: &mut Connection, of: TenantId, contact: ContactId, now: Timestamp) -> StoreResult<FactChange> {
    let as_of = tenants::change_seq(conn, of)?.unwrap_or_default();
    let stored = presence_rows::stored(conn, of, contact, now)?;
    let notes = presence_rows::notes(conn, of, contact, now)?.into_iter().map(|kept| kept.note);
    Ok(FactChange::Presence(PresenceFacts { contact, as_of, stored, notes: newest_first(notes.collect()) }))
}

/// What everybody shows by what is stored; everybody who is a user among them, for licences decide that.
pub(super) fn all_presence(conn: &mut Connection, of: TenantId, now: Timestamp) -> StoreResult<Vec<FactChange>> {
    let as_of = tenants::change_seq(conn, of)?.unwrap_or_default();
    let mut found: HashMap<ContactId, (Vec<Claim>, Vec<Note>)> = HashMap::new();
    let manual = presence_rows::all_manual(conn, of, now)?;
    for claim in manual.into_iter().chain(presence_rows::all_out_of_office(conn, of, now)?) {
        found.entry(claim.contact).or_default().0.push(claim);
    }
    for (contact, claim) in profile_selections::all_claims(conn, of)? {
        found.entry(contact).or_default().0.extend(claim);
    }
    for (contact, kept) in presence_rows::all_notes(conn, of, now)? {
        found.entry(contact).or_default().1.push(kept.note);
    }
    let facts = found.into_iter().map(|(contact, (stored, notes))| {
        FactChange::Presence(PresenceFacts { contact, as_of, stored, notes: newest_first(notes) })
    });
    Ok(facts.collect())
}

/// The store keeps notes oldest first; the latest word is shown first.
fn newest_first(mut notes: Vec<Note>) -> Vec<Note> {
    notes.reverse();
    notes
}
