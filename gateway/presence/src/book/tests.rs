use std::time::Duration;

use directory_model::contact::ContactFields;
use directory_model::domain::DomainFields;
use directory_model::presence::{Availability, ClaimKind};
use directory_model::publication::{PublicationEntry, PublicationFields};

use super::*;
use crate::facts::{DomainFacts, GroupFacts, PresenceFacts, SiteFacts};
use crate::fixture::{KEY, World, note, settings};
use crate::merge::Rule;

#[test]
fn older_expired_and_endless_claims_are_not_taken() {
    let world = World::new();
    let anna = world.person("Anna");
    let first = world.claim(anna, ClaimKind::Computer, Availability::Available);
    let second = world.claim(anna, ClaimKind::Computer, Availability::Away);
    let offer = |claim: &Claim| world.book.offer_claim(world.tenant, claim.clone());

    assert_eq!(offer(&second), Offer::Accepted);
    assert_eq!(offer(&first), Offer::Older);
    assert_eq!(offer(&second), Offer::Older);
    assert_eq!(offer(&Claim { version: 9, expires_at: Some(world.now()), ..second.clone() }), Offer::Expired);
    assert_eq!(offer(&Claim { version: 9, expires_at: None, ..second.clone() }), Offer::Endless);
    assert_eq!(world.book.offer_claim(world.tenant_id(), second.clone()), Offer::UnknownTenant);
    assert_eq!(world.book.presence(world.tenant, anna).availability, Availability::Away);

    // After a claim has expired, its source may begin to count anew.
    world.clock.advance(Duration::from_mins(61));
    let again = Claim { version: 0, expires_at: Some(world.now().plus(Duration::from_mins(1))), ..first };
    assert_eq!(offer(&again), Offer::Accepted);
}

#[test]
fn a_state_that_is_repeated_holds_since_it_was_first_said() {
    let world = World::new();
    let anna = world.person("Anna");
    let began = world.now();
    for (availability, since) in [
        (Availability::Available, began),
        (Availability::Available, began),
        (Availability::Away, began.plus(Duration::from_mins(2))),
        (Availability::Available, began.plus(Duration::from_mins(3))),
    ] {
        world.say(anna, availability);
        world.clock.advance(Duration::from_mins(1));
        assert_eq!(world.book.presence(world.tenant, anna).since, Some(since));
    }
}

#[test]
fn one_contact_has_a_bounded_number_of_claims() {
    let world = World::new();
    let anna = world.person("Anna");
    let claim = world.claim(anna, ClaimKind::Computer, Availability::Available);

    let offer = |source: usize, device: usize| {
        let (source, device) = (source.to_string(), device.to_string());
        world.book.offer_claim(world.tenant, Claim { source, device, ..claim.clone() })
    };
    let devices: Vec<Offer> = (0..=live::MAX_DEVICES).map(|device| offer(0, device)).collect();
    let sources: Vec<Offer> = (1..=live::MAX_CLAIMS).map(|source| offer(source, 0)).collect();

    let accepted = |offers: &[Offer]| offers.iter().filter(|offer| **offer == Offer::Accepted).count();
    assert_eq!((accepted(&devices), devices.last()), (live::MAX_DEVICES, Some(&Offer::TooMany)));
    assert_eq!(accepted(&sources), live::MAX_CLAIMS - live::MAX_DEVICES);
    assert_eq!(sources.last(), Some(&Offer::TooMany));
}

#[test]
fn expired_claims_are_swept_when_the_book_asked_to_be_woken() {
    let world = World::new();
    let anna = world.person("Anna");
    world.say(anna, Availability::Available);
    let wake = world.book.next_wake().expect("something expires");

    assert_eq!(wake, world.now().plus(Duration::from_hours(1)));
    world.clock.set(wake);
    world.book.tick(wake);

    assert_eq!(world.book.presence(world.tenant, anna).availability, Availability::Unknown);
    assert!(world.book.why(world.tenant, anna).claims.is_empty());
    assert_eq!(world.book.next_wake(), None);
}

/// Faults of sources, devices, clocks and programs.
mod faults;
mod truth;

#[test]
fn renewals_do_not_pile_up() {
    let world = World::new();
    let anna = world.person("Anna");

    for _ in 0..1_000 {
        world.clock.advance(Duration::from_secs(1));
        world.say(anna, Availability::Available);
    }

    assert_eq!(world.book.read().wakes.len(), 1);
}

#[test]
fn claims_survive_a_restart_and_manual_ones_come_from_the_store() {
    let world = World::new();
    let anna = world.person("Anna");
    world.say(anna, Availability::Available);
    let manual = Claim { expires_at: None, ..world.claim(anna, ClaimKind::Manual, Availability::Away) };
    let note = note("Back at five", None);
    let facts = PresenceFacts { contact: anna, as_of: 0, stored: vec![manual], notes: vec![note] };
    world.apply(FactChange::Presence(facts.clone()));
    let kept = world.book.claims();
    assert_eq!(kept.len(), 1);

    let after = World::new();
    after.book.restore(kept);
    assert_eq!(after.book.presence(after.tenant, anna).availability, Availability::Available);
    after.apply(FactChange::Presence(facts));
    assert_eq!(after.book.presence(after.tenant, anna).availability, Availability::Away);
    after.apply(FactChange::Presence(PresenceFacts { contact: anna, as_of: 0, stored: vec![], notes: vec![] }));
    assert_eq!(after.book.presence(after.tenant, anna).availability, Availability::Available);
}

#[test]
fn nothing_is_kept_of_a_contact_that_is_gone() {
    let world = World::new();
    let anna = world.person("Anna");
    world.say(anna, Availability::Available);
    let nothing = PresenceFacts { contact: anna, as_of: 0, stored: vec![], notes: vec![] };

    world.book.apply(world.tenant, vec![FactChange::ContactRemoved(anna), FactChange::Presence(nothing)]);

    assert_eq!(world.book.presence(world.tenant, anna).availability, Availability::Unknown);
    assert!(world.book.read().tenants.get(&world.tenant).is_some_and(TenantBook::is_without_contacts));
}

#[test]
fn only_publications_that_show_a_contact_are_touched_by_it() {
    let world = World::new();
    let [anna, ben, carl, dora] = ["Anna", "Ben", "Carl", "Dora"].map(|name| world.person(name));
    let staff = world.group("Staff", &[ben]);
    let team = world.group("Team", &[carl]);
    let line = world.contact(ContactFields {
        display_name: Some("Line".into()),
        is_ucma_endpoint: true,
        staffed_by: Some(staff),
        ..ContactFields::default()
    });
    world.publish(&[PublicationEntry::Contact(anna), PublicationEntry::Contact(line), PublicationEntry::Group(team)]);
    let _ = world.book.take_dirt();
    let touched = |contact| {
        world.say(contact, Availability::Away);
        world.book.take_dirt().remove(&world.publication)
    };

    for shown in [anna, ben, carl] {
        assert_eq!(touched(shown), Some(Dirt::Contacts(HashSet::from([shown]))));
    }
    assert_eq!(touched(dora), None);
    world.set_group(team, "Team", &[dora]);
    assert_eq!(world.book.take_dirt().remove(&world.publication), Some(Dirt::All));
    assert!(touched(dora).is_some());
    assert_eq!(touched(carl), None);
}

#[test]
fn home_contacts_are_members_of_the_root_group_by_themselves() {
    let world = World::new();
    let site = world.site_id();
    let anna = world.person("Anna");
    let root = world.group("Berlin", &[]);
    world.publish(&[PublicationEntry::Group(root)]);
    let group = GroupFacts { id: root, name: "Berlin".into(), root_of: Some(site), members: vec![] };
    world.apply(FactChange::Group(group));
    assert_eq!(world.card()["members"].as_array().map(Vec::len), Some(0));

    let fields = |home_site| ContactFields { display_name: Some("Anna".into()), home_site, ..ContactFields::default() };
    world.set_contact(anna, &fields(Some(site)));
    world.apply(FactChange::Site(SiteFacts {
        id: site,
        name: "Berlin HQ".into(),
        is_enabled: true,
        is_reachable_when_unavailable: false,
    }));

    assert_eq!(world.card()["members"][0]["site"], "Berlin HQ");
    world.set_contact(anna, &fields(None));
    assert_eq!(world.card()["members"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_publication_is_served_under_its_present_key_only() {
    let world = World::new();
    assert_eq!(world.book.publication(KEY), None);
    world.publish(&[]);
    let served = Served { tenant: world.tenant, publication: world.publication };
    assert_eq!(world.book.publication(KEY), Some(served));

    world.apply(settings(|tenant| tenant.is_disabled = true));
    assert_eq!(world.book.publication(KEY), None);
    world.apply(settings(|_| {}));
    world.publish_as(PublicationFields { is_enabled: false, ..PublicationFields::default() }, &[]);
    assert_eq!(world.book.publication(KEY), None);

    let rotated = crate::facts::PublicationFacts {
        id: world.publication,
        key: "other".into(),
        fields: PublicationFields::default(),
        entries: vec![],
        templates: std::collections::BTreeMap::new(),
    };
    world.apply(FactChange::Publication(Box::new(rotated)));
    assert_eq!((world.book.publication(KEY), world.book.publication("other")), (None, Some(served)));
    world.apply(FactChange::PublicationRemoved(world.publication));
    assert_eq!(world.book.publication("other"), None);
    world.apply(FactChange::TenantRemoved);
    assert!(world.book.read().tenants.is_empty());
}

#[test]
fn an_origin_is_covered_by_a_domain_of_the_publication() {
    let world = World::new();
    let id = world.domain_id();
    let fields = DomainFields { hosts: vec!["www.example.com".into()], ..DomainFields::default() };
    world.apply(FactChange::Domain(DomainFacts { id, fields, faces: Vec::new() }));
    let covers = || world.book.covers_origin(KEY, "https://www.example.com");
    world.publish(&[]);
    assert!(!covers());

    world.publish_as(PublicationFields { domains: vec![id], ..PublicationFields::default() }, &[]);
    assert!(covers());
    assert!(!world.book.covers_origin(KEY, "https://evil.test"));
    world.apply(FactChange::DomainRemoved(id));
    assert!(!covers());
    world.apply(settings(|tenant| tenant.is_cors_disabled = true));
    assert!(world.book.covers_origin(KEY, "https://evil.test"));
}

#[test]
fn another_tenant_sees_nothing_of_it() {
    let world = World::new();
    let anna = world.person("Anna");
    world.say(anna, Availability::Available);
    let other = world.tenant_id();

    assert_eq!(world.book.presence(other, anna).availability, Availability::Unknown);
    assert!(world.book.why(other, anna).claims.is_empty());
}

#[test]
fn what_was_read_earlier_never_replaces_what_was_read_later() {
    let world = World::new();
    let anna = world.person("Anna");
    let away = Claim { expires_at: None, ..world.claim(anna, ClaimKind::Manual, Availability::Away) };
    let nothing = PresenceFacts { contact: anna, as_of: 6, stored: vec![], notes: vec![] };

    world.apply(FactChange::Presence(nothing));
    world.apply(FactChange::Presence(PresenceFacts { contact: anna, as_of: 5, stored: vec![away], notes: vec![] }));

    assert_eq!(world.book.presence(world.tenant, anna).availability, Availability::Unknown);
}

#[test]
fn a_service_shows_administrators_what_it_shows_visitors() {
    let world = World::new();
    let ben = world.person("Ben");
    let staff = world.group("Staff", &[ben]);
    let service = |staffed_by| ContactFields { is_ucma_endpoint: true, staffed_by, ..ContactFields::default() };
    let (staffed, alone) = (world.contact(service(Some(staff))), world.contact(service(None)));
    let shown = |contact| {
        let why = world.book.why(world.tenant, contact);
        assert_eq!(why.presence, world.book.presence(world.tenant, contact));
        (why.presence.availability, why.rule)
    };

    assert_eq!(shown(alone), (Availability::Available, Rule::Service));
    assert_eq!(shown(staffed), (Availability::Unknown, Rule::NothingKnown));
    world.say(ben, Availability::Busy);
    assert_eq!(shown(staffed), (Availability::Busy, Rule::Service));
    world.say(staffed, Availability::Away);
    assert_eq!(shown(staffed).0, Availability::Away);
    assert_ne!(shown(staffed).1, Rule::Service);
}

#[test]
fn why_counts_those_who_staff_a_service_and_says_whether_they_decide() {
    let world = World::new();
    let [ben, carl, dora, emil] = ["Ben", "Carl", "Dora", "Emil"].map(|name| world.person(name));
    let service = |staffed_by| ContactFields { is_ucma_endpoint: true, staffed_by, ..ContactFields::default() };
    let other = world.contact(service(None));
    let staff = world.group("Staff", &[ben, carl, dora, other]);
    let (staffed, deserted) =
        (world.contact(service(Some(staff))), world.contact(service(Some(world.group("Nobody", &[])))));
    let of = |contact| {
        let part = world.book.why(world.tenant, contact).staff?;
        let states = part.states.iter().map(|state| (state.availability, state.persons)).collect::<Vec<_>>();
        Some((part.group == staff, part.decides, states))
    };
    for (person, availability) in [
        (ben, Availability::Busy),
        (carl, Availability::Inactive),
        (dora, Availability::Busy),
        (emil, Availability::Away),
    ] {
        world.say(person, availability);
    }

    // A service does not staff another one, and who is not of the group does not count.
    let states = vec![(Availability::Inactive, 1), (Availability::Busy, 2)];
    assert_eq!(of(staffed), Some((true, true, states.clone())));
    assert_eq!(world.book.presence(world.tenant, staffed).availability, Availability::Available);
    assert_eq!(of(deserted), Some((false, true, Vec::new())));
    assert_eq!(world.book.presence(world.tenant, deserted).availability, Availability::Offline);
    assert_eq!((of(ben), of(other)), (None, None));
    world.say(staffed, Availability::Away);
    assert_eq!(of(staffed), Some((true, false, states)), "what is said about the service itself goes before them");
}
