use std::collections::BTreeSet;
use std::time::Duration;

use directory_model::avatar::{Face, PictureHash};
use directory_model::contact::ContactFields;
use directory_model::domain::DomainFields;
use directory_model::id::{ContactId, DomainId};
use directory_model::opening::{Interval, OpeningHours};
use directory_model::presence::{Availability, ClaimKind};
use directory_model::publication::{MAX_CARDS, PublicationEntry, PublicationFields};
use directory_model::tenant::Modality;
use serde_json::{Value, json};

use crate::facts::{ContactFacts, DomainFacts, FactChange, PresenceFacts};
use crate::fixture::{KEY, World, names, note, settings};

mod hidden;

fn workday() -> OpeningHours {
    let day = vec![Interval { from: 9 * 60, to: 17 * 60 }];
    OpeningHours { time_zone: "Europe/Berlin".into(), weekly: vec![day; 7], holidays: Vec::new() }
}

#[test]
fn a_card_says_everything_in_the_agreed_form() {
    let world = World::new();
    let anna = world.contact(ContactFields {
        display_name: Some("Anna Berg".into()),
        job_title: Some("Head of sales".into()),
        mail: Some("anna@example.com".into()),
        ..ContactFields::default()
    });
    world.publish(&[PublicationEntry::Contact(anna)]);
    world.say(anna, Availability::Available);
    let note = note("Back at five", None);
    world.apply(FactChange::Presence(PresenceFacts { contact: anna, as_of: 0, stored: vec![], notes: vec![note] }));
    let id = anna.to_string();

    assert_eq!(
        world.card(),
        json!({
            "id": id, "kind": "person", "name": "Anna Berg", "title": "Head of sales", "company": null, "site": null,
            "picture": null, "initials": "AB", "vcard": null, "state": "available", "activity": null, "is_out_of_office": false,
            "custom": null, "note": "Back at five", "is_reachable": true, "reason": null,
            "modalities": [
                { "kind": "chat", "href": format!("im:sip:{id}@example.com"), "is_enabled": true },
                { "kind": "audio", "href": format!("sip:{id}@example.com"), "is_enabled": true },
                { "kind": "video", "href": format!("sip:{id}@example.com"), "is_enabled": true },
                { "kind": "mail", "href": "mailto:anna@example.com", "is_enabled": true },
            ],
            "valid_until": null, "next_reachable": null, "members": [],
        })
    );
}

#[test]
fn only_what_is_offered_is_listed() {
    let world = World::new();
    let anna = world.person("Anna");
    let modalities = Some(BTreeSet::from([Modality::Chat, Modality::Phone]));
    world.publish_as(
        PublicationFields { modalities, ..PublicationFields::default() },
        &[PublicationEntry::Contact(anna)],
    );
    world.say(anna, Availability::Busy);

    let card = world.card();

    assert_eq!(card["modalities"].as_array().map(Vec::len), Some(1));
    assert_eq!((&card["modalities"][0]["kind"], &card["modalities"][0]["is_enabled"]), (&json!("chat"), &json!(false)));
    assert_eq!((&card["is_reachable"], &card["reason"]), (&json!(false), &json!("busy")));
}

#[test]
fn somebody_without_addresses_is_nobody_to_reach() {
    let world = World::new();
    let anna = world.person("Anna");
    world.set_contact(anna, &ContactFields { display_name: Some("Anna".into()), ..ContactFields::default() });
    world.publish(&[PublicationEntry::Contact(anna)]);
    world.say(anna, Availability::Available);

    let card = world.card();

    assert_eq!(
        (&card["state"], &card["reason"], &card["is_reachable"]),
        (&json!("available"), &json!("nobody"), &json!(false))
    );
}

#[test]
fn a_group_is_its_best_member_and_hides_the_disabled() {
    let world = World::new();
    let [zoe, ben, gone] = ["Zoe", "ben", "Gone"].map(|name| world.person(name));
    let fields = ContactFields { display_name: Some("Gone".into()), is_disabled: true, ..ContactFields::default() };
    world.set_contact(gone, &fields);
    let team = world.group("Sales Team", &[zoe, ben, gone]);
    world.publish(&[PublicationEntry::Group(team)]);
    world.say(zoe, Availability::Busy);
    world.say(ben, Availability::Offline);
    let order =
        |card: &Value| card["members"].as_array().into_iter().flatten().map(|m| m["name"].clone()).collect::<Vec<_>>();

    let card = world.card();
    assert_eq!(order(&card), [json!("ben"), json!("Zoe")]);
    assert_eq!((&card["kind"], &card["state"], &card["reason"]), (&json!("group"), &json!("busy"), &json!("nobody")));
    assert_eq!((&card["initials"], &card["modalities"]), (&json!("ST"), &json!([])));

    world.say(ben, Availability::Available);
    let card = world.card();
    assert_eq!(
        (&card["state"], &card["is_reachable"], &card["reason"]),
        (&json!("available"), &json!(true), &Value::Null)
    );
}

#[test]
fn a_ucma_endpoint_is_a_service_under_its_own_name_and_others_are_persons() {
    let world = World::new();
    let seen = |is_ucma_endpoint, is_display_name_overwrite_enabled, service_display_name: Option<&str>| {
        let contact = world.contact(ContactFields {
            display_name: Some("ucma-line".into()),
            is_ucma_endpoint,
            is_display_name_overwrite_enabled,
            service_display_name: service_display_name.map(str::to_owned),
            ..ContactFields::default()
        });
        world.publish(&[PublicationEntry::Contact(contact)]);
        let card = world.card();
        (card["kind"].clone(), card["name"].clone())
    };

    assert_eq!(seen(false, false, None), (json!("person"), json!("ucma-line")));
    assert_eq!(seen(true, false, None), (json!("service"), json!("ucma-line")));
    assert_eq!(seen(true, false, Some("Help line")), (json!("service"), json!("ucma-line")), "the overwrite is off");
    assert_eq!(seen(true, true, Some("Help line")), (json!("service"), json!("Help line")));
}

#[test]
fn a_service_follows_its_staff() {
    let world = World::new();
    let [anna, ben] = ["Anna", "Ben"].map(|name| world.person(name));
    let staff = world.group("Staff", &[anna, ben]);
    let line = world.contact(ContactFields {
        display_name: Some("ucma-line".into()),
        is_ucma_endpoint: true,
        is_display_name_overwrite_enabled: true,
        service_display_name: Some("Help line".into()),
        staffed_by: Some(staff),
        ..ContactFields::default()
    });
    world.publish(&[PublicationEntry::Contact(line)]);
    let seen = || {
        let card = world.card();
        (card["state"].as_str().unwrap_or_default().to_owned(), card["is_reachable"] == true)
    };

    assert_eq!((world.card()["kind"].clone(), world.card()["name"].clone()), (json!("service"), json!("Help line")));
    assert_eq!(seen(), ("unknown".into(), false));
    world.say(anna, Availability::Busy);
    assert_eq!(seen(), ("busy".into(), false));
    world.say(ben, Availability::Inactive);
    assert_eq!(seen(), ("available".into(), true));
    world.say(line, Availability::DoNotDisturb);
    assert_eq!(seen(), ("do_not_disturb".into(), false));
    world.clock.advance(Duration::from_hours(1));
    world.say(anna, Availability::Away);
    assert_eq!(seen(), ("away".into(), true));
}

#[test]
fn the_coarse_view_tells_nothing_but_whether() {
    let world = World::new();
    let anna = world.person("Anna");
    let fields = PublicationFields { is_coarse: true, opening_hours: Some(workday()), ..PublicationFields::default() };
    world.publish_as(fields, &[PublicationEntry::Contact(anna)]);
    let note = note("Ill", None);
    world.apply(FactChange::Presence(PresenceFacts { contact: anna, as_of: 0, stored: vec![], notes: vec![note] }));
    let mut unreachable = BTreeSet::new();

    for availability in [Availability::Busy, Availability::DoNotDisturb, Availability::Offline, Availability::Unknown] {
        let mut claim = world.claim(anna, ClaimKind::Calendar, availability);
        claim.is_out_of_office = true;
        claim.custom = Some("Secret".into());
        world.say(anna, if availability == Availability::Busy { Availability::Available } else { availability });
        let _ = world.book.offer_claim(world.tenant, claim);
        unreachable.insert(world.card().to_string());
    }
    assert_eq!(unreachable.len(), 1, "{unreachable:?}");

    world.say(anna, Availability::Away);
    let card = world.card();
    assert_eq!((&card["state"], &card["note"], &card["custom"]), (&json!("available"), &Value::Null, &Value::Null));
    assert_eq!((&card["valid_until"], &card["reason"]), (&json!("2026-11-23T16:00:00Z"), &Value::Null));
}

#[test]
fn no_more_cards_than_a_publication_may_have_are_shown() {
    let world = World::new();
    let people: Vec<_> = (0..MAX_CARDS).map(|at| world.person(&format!("Person {at:03}"))).collect();
    let last = world.person("Last");
    let all = world.group("All", &people);
    world.publish(&[PublicationEntry::Group(all), PublicationEntry::Contact(last)]);

    let snapshot = world.snapshot();

    assert_eq!(snapshot["cards"].as_array().map(Vec::len), Some(1));
    assert_eq!(names(&snapshot["cards"][0]["members"]).len(), MAX_CARDS - 1);
}

fn face(mark: u8, statuses: &[Availability]) -> Face {
    let picture = PictureHash::from_slice(&[mark; 32]).expect("32 bytes");
    Face { statuses: statuses.iter().copied().collect(), is_synced: false, picture }
}

/// The address under which pages get the picture of [`face`].
fn address(mark: u8) -> Value {
    json!(format!("/api/v1/visitor/publications/{KEY}/pictures/{}", face(mark, &[]).picture))
}

/// Makes a person with pictures.
fn pictured(world: &World, fields: ContactFields, faces: &[Face]) -> ContactId {
    let id = world.contact(ContactFields::default());
    let fields = ContactFields { sip: Some(format!("sip:{id}@example.com")), ..fields };
    world.apply(FactChange::Contact(ContactFacts::new(id, &fields, faces.to_vec())));
    id
}

/// Makes a domain whose pages show these pictures for contacts without.
fn pictured_domain(world: &World, faces: &[Face]) -> DomainId {
    let id = world.domain("www.example.com");
    let fields = DomainFields { hosts: vec!["www.example.com".into()], ..DomainFields::default() };
    world.apply(FactChange::Domain(DomainFacts { id, fields, faces: faces.to_vec() }));
    id
}

/// Which of the first `count` pictures pages may load.
fn loadable(world: &World, count: u8) -> Vec<u8> {
    (1..=count).filter(|mark| world.book.shows_picture(KEY, face(*mark, &[]).picture) == Some(world.tenant)).collect()
}

#[test]
fn a_picture_of_the_domain_stands_in_for_whoever_has_none() {
    let world = World::new();
    let named = || ContactFields { display_name: Some("Anna Berg".into()), ..ContactFields::default() };
    let [anna, ben] = [&[][..], &[face(3, &[])]].map(|faces| pictured(&world, named(), faces));
    let domain = pictured_domain(&world, &[face(1, &[]), face(2, &[Availability::Busy])]);
    let page = |domains: Vec<DomainId>| {
        let fields = PublicationFields { domains, ..PublicationFields::default() };
        world.publish_as(fields, &[PublicationEntry::Contact(anna), PublicationEntry::Contact(ben)]);
    };
    let seen = || {
        world.feed.pump();
        let cards = world.snapshot()["cards"].clone();
        assert_eq!(cards[0]["initials"], "AB", "for as long as the picture loads, and when there is none");
        (cards[0]["picture"].clone(), cards[1]["picture"].clone())
    };

    page(vec![domain]);
    for (state, shown) in [(Availability::Available, 1), (Availability::Busy, 2), (Availability::Offline, 1)] {
        world.say(anna, state);
        world.say(ben, state);
        assert_eq!(seen(), (address(shown), address(3)), "{state:?}");
    }
    assert_eq!(loadable(&world, 4), [1, 2, 3]);

    page(Vec::new());
    assert_eq!(seen(), (Value::Null, address(3)));
    assert_eq!(loadable(&world, 4), [3], "what another page shows is not for this one");
}

#[test]
fn a_coarse_picture_tells_no_more_than_the_state() {
    use Availability::{Available, Away, Busy, DoNotDisturb, Offline};
    let world = World::new();
    let own = [(1, Available), (2, Busy), (3, DoNotDisturb), (4, Offline), (5, Away)];
    let faces = own.map(|(mark, state)| face(mark, &[state]));
    let anna = pictured(&world, ContactFields::default(), &faces);
    let ben = pictured(&world, ContactFields::default(), &[]);
    let domain = pictured_domain(&world, &[face(6, &[Busy]), face(7, &[Offline]), face(8, &[Available])]);
    let fields = PublicationFields { is_coarse: true, domains: vec![domain], ..PublicationFields::default() };
    world.publish_as(fields, &[PublicationEntry::Contact(anna), PublicationEntry::Contact(ben)]);

    for (state, own, of_domain) in
        [(Available, 1, 8), (Away, 1, 8), (Busy, 4, 7), (DoNotDisturb, 4, 7), (Offline, 4, 7)]
    {
        world.say(anna, state);
        world.say(ben, state);
        world.feed.pump();
        let cards = world.snapshot()["cards"].clone();
        assert_eq!((&cards[0]["picture"], &cards[1]["picture"]), (&address(own), &address(of_domain)), "{state:?}");
    }
}

#[test]
fn only_pictures_of_whom_the_page_shows_may_be_loaded() {
    let world = World::new();
    let gone = ContactFields { is_disabled: true, ..ContactFields::default() };
    let listed = pictured(&world, ContactFields::default(), &[face(1, &[]), face(2, &[Availability::Busy])]);
    let member = pictured(&world, ContactFields::default(), &[face(3, &[])]);
    let _stranger = pictured(&world, ContactFields::default(), &[face(4, &[])]);
    let disabled = pictured(&world, gone.clone(), &[face(5, &[])]);
    let disabled_member = pictured(&world, gone, &[face(6, &[])]);
    let group = world.group("Sales", &[member, disabled_member]);
    let entries = [listed, disabled].map(PublicationEntry::Contact);

    world.publish(&entries);
    assert_eq!(loadable(&world, 6), [1, 2]);
    world.publish(&[&entries[..], &[PublicationEntry::Group(group)]].concat());
    assert_eq!(loadable(&world, 6), [1, 2, 3]);
    world.set_group(group, "Sales", &[]);
    assert_eq!(loadable(&world, 6), [1, 2]);
    world.apply(settings(|tenant| tenant.is_disabled = true));
    assert_eq!(loadable(&world, 6), Vec::<u8>::new(), "nothing of the tenant is served");
}

#[test]
fn a_vcard_is_given_of_whom_the_page_shows_with_it_on() {
    let world = World::new();
    let on = ContactFields { is_vcard_enabled: true, ..ContactFields::default() };
    let [listed, member, stranger] = [(); 3].map(|()| world.contact(on.clone()));
    let off = world.contact(ContactFields::default());
    let disabled = world.contact(ContactFields { is_disabled: true, ..on });
    let group = world.group("Sales", &[member]);
    let entries = [listed, off, disabled].map(PublicationEntry::Contact);
    world.publish(&[&entries[..], &[PublicationEntry::Group(group)]].concat());
    let all = [listed, member, stranger, off, disabled];
    let given = || all.map(|contact| world.book.gives_vcard(KEY, contact).is_some());

    assert_eq!(given(), [false; 5], "the tenant has them off");
    world.apply(settings(|tenant| tenant.is_vcard_enabled = true));
    assert_eq!(given(), [true, true, false, false, false]);
}
