use std::time::Duration;

use directory_model::contact::ContactFields;
use directory_model::presence::{Availability, ClaimKind};

use super::*;
use crate::facts::{FactChange, PresenceFacts, RulesFacts};
use crate::fixture::{World, note};

fn some(contacts: impl IntoIterator<Item = ContactId>) -> Stirred {
    Stirred::Some(contacts.into_iter().collect())
}

#[test]
fn who_looks_at_a_contact_is_woken_for_it_and_for_no_other() {
    let world = World::new();
    let (anna, bert) = (world.person("Anna"), world.person("Bert"));
    let mut watch = world.book.watch(world.tenant);
    watch.add(anna);

    world.say(bert, Availability::Busy);
    assert_eq!(watch.take(), some([]));
    world.say(anna, Availability::Busy);
    assert_eq!(watch.take(), some([anna]));
    assert_eq!(watch.take(), some([]), "once");
    world.apply(FactChange::Presence(PresenceFacts {
        contact: anna,
        as_of: 1,
        stored: Vec::new(),
        notes: vec![note("Back at 4", None)],
    }));
    assert_eq!(watch.take(), some([anna]));
    watch.remove(anna);
    world.say(anna, Availability::Away);
    assert_eq!(watch.take(), some([]));
}

#[test]
fn what_ends_by_itself_wakes_too() {
    let world = World::new();
    let anna = world.person("Anna");
    let mut watch = world.book.watch(world.tenant);
    let claim = world.claim(anna, ClaimKind::Calendar, Availability::Busy);
    world.book.offer_claim(world.tenant, claim);
    watch.add(anna);

    world.clock.advance(Duration::from_hours(2));
    world.book.tick(world.now());

    assert_eq!(watch.take(), some([anna]));
}

#[test]
fn who_looks_at_a_service_is_woken_for_those_who_answer_for_it() {
    let world = World::new();
    let (anna, bert) = (world.person("Anna"), world.person("Bert"));
    let group = world.group("Staff", &[anna]);
    let fields = ContactFields { is_ucma_endpoint: true, staffed_by: Some(group), ..ContactFields::default() };
    let service = world.contact(fields);
    let mut watch = world.book.watch(world.tenant);
    watch.add(service);

    world.say(bert, Availability::Busy);
    assert_eq!(watch.take(), some([]));
    world.say(anna, Availability::Busy);
    assert_eq!(watch.take(), some([service]));
    world.set_group(group, "Staff", &[bert]);
    assert_eq!(watch.take(), Stirred::All);
    world.say(bert, Availability::Away);
    assert_eq!(watch.take(), some([service]));
    world.set_contact(bert, &ContactFields { is_disabled: true, ..ContactFields::default() });
    assert_eq!(watch.take(), some([service]), "who is out of service answers for nothing");
    world.say(anna, Availability::Away);
    assert_eq!(watch.take(), some([]));
}

#[test]
fn what_concerns_a_whole_tenant_wakes_everybody_in_it_and_nobody_elsewhere() {
    let world = World::new();
    let anna = world.person("Anna");
    let (mut watch, mut elsewhere) = (world.book.watch(world.tenant), world.book.watch(world.tenant_id()));
    watch.add(anna);
    elsewhere.add(anna);

    world.apply(FactChange::PresenceRules(RulesFacts::default()));

    assert_eq!(watch.take(), Stirred::All);
    assert_eq!(elsewhere.take(), some([]));
}

#[test]
fn who_overhears_is_woken_and_has_nobody_asked_more_often() {
    let world = World::new();
    let (anna, bert) = (world.person("Anna"), world.person("Bert"));
    let mut overhearing = world.book.overhear(world.tenant);
    overhearing.add(anna);
    overhearing.add(bert);
    let mut watch = world.book.watch(world.tenant);
    watch.add(bert);

    world.say(anna, Availability::Busy);
    assert_eq!(overhearing.take(), some([anna]));
    assert_eq!(world.book.looked_at(world.tenant), [bert].into());
    drop(watch);
    assert_eq!(world.book.looked_at(world.tenant), HashSet::new());
}

#[test]
fn nothing_is_kept_of_those_who_left() {
    let world = World::new();
    let anna = world.person("Anna");
    let mut first = world.book.watch(world.tenant);
    let mut second = world.book.watch(world.tenant);
    first.add(anna);
    second.add(anna);

    drop(first);
    world.say(anna, Availability::Busy);
    assert_eq!(second.take(), some([anna]), "others stay");
    drop(second);

    assert!(!world.book.write(|state| state.watchers.is_watched(world.tenant)));
}

#[tokio::test]
async fn a_wake_up_before_anybody_waits_is_not_lost() {
    let world = World::new();
    let anna = world.person("Anna");
    let mut watch = world.book.watch(world.tenant);
    watch.add(anna);
    world.say(anna, Availability::Busy);

    watch.stirred().await;

    assert_eq!(watch.take(), some([anna]));
}
