use directory_model::presence::rules::{CallRule, ManualReset};

use super::*;
use crate::facts::RulesFacts;

const HOUR: Duration = Duration::from_hours(1);

/// A claim that its source repeats every half minute.
fn repeated(world: &World, contact: ContactId, kind: ClaimKind, availability: Availability) -> Claim {
    let expires_at = Some(world.now().plus(Duration::from_mins(1)));
    Claim { is_repeated: true, source: format!("{kind:?}"), expires_at, ..world.claim(contact, kind, availability) }
}

fn shown(world: &World, contact: ContactId) -> (Availability, Rule) {
    let why = world.book.why(world.tenant, contact);
    assert_eq!(why.presence, world.book.presence(world.tenant, contact));
    (why.presence.availability, why.rule)
}

fn rule(world: &World, change: impl FnOnce(&mut PresenceRules)) {
    let mut rules = PresenceRules::default();
    change(&mut rules);
    world.apply(FactChange::PresenceRules(RulesFacts { revision: 1, rules }));
}

#[test]
fn a_source_that_is_gone_for_an_hour_makes_nobody_available() {
    let world = World::new();
    let anna = world.person("Anna");
    let say = |kind, availability| world.book.offer_claim(world.tenant, repeated(&world, anna, kind, availability));
    for _ in 0..120 {
        assert_eq!(say(ClaimKind::Computer, Availability::Available), Offer::Accepted);
        if world.now() == "2026-11-23T09:30:00Z".parse().expect("a moment") {
            assert_eq!(say(ClaimKind::Telephone, Availability::Busy), Offer::Accepted);
            assert_eq!(shown(&world, anna), (Availability::Busy, Rule::Call));
        }
        world.clock.advance(Duration::from_secs(30));
        world.book.tick(world.now());
        assert_ne!(shown(&world, anna).0, Availability::Available);
    }
    assert_eq!(shown(&world, anna), (Availability::Unknown, Rule::Silence));

    // The line comes back: the call is over.
    assert_eq!(say(ClaimKind::Telephone, Availability::Available), Offer::Accepted);
    assert_eq!(shown(&world, anna), (Availability::Available, Rule::BestDevice));

    // All are gone: nothing is known, and after the time of the rules nothing is remembered either.
    world.clock.advance(HOUR);
    world.book.tick(world.now());
    assert_eq!(shown(&world, anna).0, Availability::Unknown);
    world.clock.advance(2 * HOUR);
    world.book.tick(world.now());
    assert!(world.book.why(world.tenant, anna).claims.is_empty());
}

#[test]
fn a_lost_device_leaves_its_last_word_for_the_grace_of_the_rules() {
    let world = World::new();
    let anna = world.person("Anna");
    let lose = |device| world.book.lose(world.tenant, anna, ClaimKind::Computer, "Computer", device);
    let claim = repeated(&world, anna, ClaimKind::Computer, Availability::Available);
    assert!(!lose(""));
    world.book.offer_claim(world.tenant, Claim { expires_at: Some(world.now().plus(HOUR)), ..claim.clone() });

    assert!(lose("") && !lose("other"));

    world.clock.advance(Duration::from_secs(59));
    assert_eq!(shown(&world, anna).0, Availability::Available);
    let again = Claim { version: claim.version + 1, expires_at: Some(world.now().plus(HOUR)), ..claim };
    assert_eq!(world.book.offer_claim(world.tenant, again), Offer::Accepted);
    world.clock.advance(Duration::from_secs(2));
    assert_eq!(shown(&world, anna).0, Availability::Available);
    assert!(lose(""));
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(shown(&world, anna).0, Availability::Unknown);
    assert!(!lose(""));
}

#[test]
fn of_several_devices_the_best_one_wins_and_the_rest_stay() {
    let world = World::new();
    let anna = world.person("Anna");
    for (device, availability) in
        [("desk", Availability::Away), ("laptop", Availability::Available), ("home", Availability::Offline)]
    {
        let claim = repeated(&world, anna, ClaimKind::Computer, availability);
        world.book.offer_claim(world.tenant, Claim { device: device.into(), ..claim });
    }

    assert_eq!(shown(&world, anna), (Availability::Available, Rule::BestDevice));
    assert!(world.book.lose(world.tenant, anna, ClaimKind::Computer, "Computer", "laptop"));
    world.clock.advance(Duration::from_mins(1));
    let claim = repeated(&world, anna, ClaimKind::Computer, Availability::Away);
    world.book.offer_claim(world.tenant, Claim { device: "desk".into(), ..claim });
    assert_eq!(shown(&world, anna), (Availability::Away, Rule::BestDevice));
}

#[test]
fn after_a_start_nobody_is_available_for_want_of_sources_that_have_not_spoken() {
    let world = World::new();
    let [anna, ben] = ["Anna", "Ben"].map(|name| world.person(name));
    for (contact, kind, availability) in
        [(anna, ClaimKind::Computer, Availability::Away), (ben, ClaimKind::Computer, Availability::Available)]
    {
        world.book.offer_claim(world.tenant, repeated(&world, contact, kind, availability));
    }
    let kept = world.book.claims();

    let after = World::new();
    after.clock.advance(Duration::from_mins(10));
    after.book.restore(kept);
    for contact in [anna, ben] {
        let idle = repeated(&after, contact, ClaimKind::Telephone, Availability::Available);
        assert_eq!(after.book.offer_claim(after.tenant, idle), Offer::Accepted);
    }

    // Anna was away, and her computer has not spoken since; a telephone does not stand in for it.
    assert_eq!(shown(&after, anna), (Availability::Unknown, Rule::Silence));
    assert_eq!(shown(&after, ben), (Availability::Available, Rule::IdleTelephone));
    // A source may begin to count anew.
    let again = Claim { version: 0, ..repeated(&after, anna, ClaimKind::Computer, Availability::Available) };
    assert_eq!(after.book.offer_claim(after.tenant, again), Offer::Accepted);
    assert_eq!(shown(&after, anna), (Availability::Available, Rule::BestDevice));
}

#[test]
fn a_clock_that_steps_makes_nobody_available_and_keeps_nobody_so() {
    let world = World::new();
    let [anna, ben] = ["Anna", "Ben"].map(|name| world.person(name));
    let noon = world.now();
    world.publish(&[PublicationEntry::Contact(anna)]);
    let say = |contact, availability| {
        world.book.offer_claim(world.tenant, repeated(&world, contact, ClaimKind::Computer, availability))
    };
    say(anna, Availability::Available);
    say(ben, Availability::Away);
    world.book.tick(noon);

    // Back: what was heard "later" would count for an hour and a minute. It is doubted until it is repeated.
    world.clock.set(noon.minus(HOUR));
    let _ = world.book.take_dirt();
    world.book.tick(world.now());
    assert_eq!(world.book.take_dirt().remove(&world.publication), Some(Dirt::All));
    assert_eq!(shown(&world, anna).0, Availability::Unknown);
    assert_eq!(say(anna, Availability::Available), Offer::Accepted);
    assert_eq!(shown(&world, anna).0, Availability::Available);

    // A little back is nothing.
    world.clock.set(world.now().minus(Duration::from_secs(2)));
    assert_eq!(shown(&world, anna).0, Availability::Available);

    // Forward: everything has expired at once.
    world.clock.set(noon.plus(HOUR));
    world.book.tick(world.now());
    assert_eq!((shown(&world, anna).0, shown(&world, ben).0), (Availability::Unknown, Availability::Unknown));
    assert_eq!(say(ben, Availability::Away), Offer::Accepted);
    assert_eq!(shown(&world, ben).0, Availability::Away);
}

#[test]
fn a_flood_of_claims_from_one_contact_stays_small() {
    let world = World::new();
    let [anna, ben] = ["Anna", "Ben"].map(|name| world.person(name));
    world.publish(&[PublicationEntry::Contact(anna), PublicationEntry::Contact(ben)]);
    let _ = world.book.take_dirt();
    world.say(ben, Availability::Available);
    let mut random = 1_u64;
    for number in 0..100_000 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let kind = [ClaimKind::Computer, ClaimKind::Telephone, ClaimKind::Platform][number % 3];
        let claim = repeated(&world, anna, kind, Availability::ALL[number % 7]);
        let end = world.now().plus(Duration::from_secs(1 + (random >> 33) % 86_400));
        let source = (random >> 40).to_string();
        let _ = world.book.offer_claim(world.tenant, Claim { source, expires_at: Some(end), ..claim });
    }

    let state = world.book.read();
    assert_eq!(world.book.why(world.tenant, anna).claims.len(), live::MAX_CLAIMS);
    assert!(state.wakes.len() < 200, "{}", state.wakes.len());
    assert_eq!(state.dirt.len(), 1);
    drop(state);
    assert_eq!(shown(&world, ben).0, Availability::Available);
}

#[test]
fn who_speaks_goes_before_who_fell_silent() {
    let world = World::new();
    let anna = world.person("Anna");
    let offer = |number: usize| {
        let claim = repeated(&world, anna, ClaimKind::Computer, Availability::Away);
        world.book.offer_claim(world.tenant, Claim { source: number.to_string(), ..claim })
    };
    assert!((0..live::MAX_CLAIMS).all(|number| offer(number) == Offer::Accepted));
    assert_eq!(offer(100), Offer::TooMany);

    world.clock.advance(Duration::from_mins(2));

    assert_eq!(offer(100), Offer::Accepted);
    assert_eq!(world.book.why(world.tenant, anna).claims.len(), live::MAX_CLAIMS);
}

#[test]
fn devices_that_come_and_go_leave_room_for_those_that_are_there() {
    let world = World::new();
    let anna = world.person("Anna");
    let offer = |device: usize| {
        let claim = repeated(&world, anna, ClaimKind::Computer, Availability::Available);
        world.book.offer_claim(world.tenant, Claim { device: device.to_string(), ..claim })
    };

    for device in 0..100 {
        assert_eq!(offer(device), Offer::Accepted);
        world.clock.advance(Duration::from_secs(20));
    }

    let held = world.book.why(world.tenant, anna).claims;
    assert_eq!(held.len(), live::MAX_DEVICES);
}

#[test]
fn an_own_word_is_taken_back_by_what_the_rules_say_and_stays_away() {
    let world = World::new();
    let anna = world.person("Anna");
    let own = Claim { expires_at: None, ..world.claim(anna, ClaimKind::Manual, Availability::Available) };
    let mark = Claim {
        source: "out_of_office".into(),
        availability: Availability::Unknown,
        is_out_of_office: true,
        ..own.clone()
    };
    let stored = PresenceFacts { contact: anna, as_of: 0, stored: vec![own.clone(), mark], notes: vec![] };
    world.apply(FactChange::Presence(stored.clone()));
    let meet = |availability| {
        world.clock.advance(Duration::from_secs(1));
        world.book.offer_claim(world.tenant, world.claim(anna, ClaimKind::Calendar, availability));
    };

    // By default it returns after a meeting.
    meet(Availability::Busy);
    assert_eq!(shown(&world, anna), (Availability::Busy, Rule::Calendar));
    meet(Availability::Available);
    assert_eq!(shown(&world, anna), (Availability::Available, Rule::OwnWord));
    assert!(world.book.resets().is_empty());

    rule(&world, |rules| rules.manual_resets = [ManualReset::Meeting].into());
    meet(Availability::Busy);
    meet(Availability::Available);
    assert_eq!(shown(&world, anna).0, Availability::Unknown);
    let reset = Reset { version: own.version, since: own.since };
    assert_eq!(world.book.resets(), [(world.tenant, anna, reset)]);
    // The store has not forgotten it yet.
    world.apply(FactChange::Presence(stored.clone()));
    assert_eq!(shown(&world, anna).0, Availability::Unknown);
    assert!(world.book.presence(world.tenant, anna).is_out_of_office);
    // Now it has, and then another word is given.
    world.apply(FactChange::Presence(PresenceFacts { stored: vec![], ..stored.clone() }));
    assert!(world.book.resets().is_empty());
    let own = Claim { since: world.now(), ..own };
    world.apply(FactChange::Presence(PresenceFacts { stored: vec![own], ..stored }));
    assert_eq!(shown(&world, anna), (Availability::Available, Rule::OwnWord));
}

#[test]
fn each_reset_means_what_it_says() {
    use Availability::{Available, Busy, Offline};
    for (by, kind, words, is_reset) in [
        (ManualReset::SignOut, ClaimKind::Computer, &[Available, Offline][..], true),
        (ManualReset::SignOut, ClaimKind::Computer, &[Offline], false),
        (ManualReset::SignOut, ClaimKind::Mobile, &[Available, Offline], false),
        (ManualReset::SignIn, ClaimKind::Computer, &[Offline, Available], true),
        (ManualReset::SignIn, ClaimKind::Computer, &[Available], false),
        (ManualReset::Call, ClaimKind::Softphone, &[Busy], true),
        (ManualReset::Call, ClaimKind::Calendar, &[Busy], false),
        (ManualReset::Meeting, ClaimKind::Calendar, &[Available, Busy], true),
        (ManualReset::Meeting, ClaimKind::Calendar, &[Available], false),
    ] {
        let world = World::new();
        let anna = world.person("Anna");
        rule(&world, |rules| rules.manual_resets = [by].into());
        let own = Claim { expires_at: None, ..world.claim(anna, ClaimKind::Manual, Availability::Away) };
        world.apply(FactChange::Presence(PresenceFacts { contact: anna, as_of: 0, stored: vec![own], notes: vec![] }));
        for word in words {
            world.book.offer_claim(world.tenant, world.claim(anna, kind, *word));
        }

        assert_eq!(!world.book.resets().is_empty(), is_reset, "{by:?} {kind:?} {words:?}");
    }
}

#[test]
fn rules_that_change_hold_at_once_and_older_ones_never() {
    let world = World::new();
    let anna = world.person("Anna");
    world.publish(&[PublicationEntry::Contact(anna)]);
    world.say(anna, Availability::Available);
    world.book.offer_claim(world.tenant, world.claim(anna, ClaimKind::Calendar, Availability::Busy));
    let _ = world.book.take_dirt();

    rule(&world, |rules| rules.ignored_kinds = [ClaimKind::Calendar].into());

    assert_eq!(shown(&world, anna).0, Availability::Available);
    assert_eq!(world.book.take_dirt().remove(&world.publication), Some(Dirt::All));
    world.apply(FactChange::PresenceRules(RulesFacts::default()));
    assert_eq!(shown(&world, anna).0, Availability::Available);
}

type Says<'a> = &'a dyn Fn(&World, ContactId) -> Claim;
type Leaves = fn(&mut PresenceRules);

#[test]
fn what_the_rules_leave_out_takes_no_own_word_back() {
    let call = |world: &World, anna| repeated(world, anna, ClaimKind::Telephone, Availability::Busy);
    let tentative = |world: &World, anna| Claim {
        is_tentative: true,
        ..world.claim(anna, ClaimKind::Calendar, Availability::Busy)
    };
    let cases: [(Says<'_>, Leaves, bool); 5] = [
        (&call, |_| {}, true),
        (&call, |rules| rules.ignored_kinds = [ClaimKind::Telephone].into(), false),
        (&call, |rules| rules.calls = CallRule::Ignored, false),
        (&tentative, |_| {}, false),
        (&tentative, |rules| rules.is_tentative_busy = true, true),
    ];
    for (case, (says, leaves, is_reset)) in cases.into_iter().enumerate() {
        let world = World::new();
        let anna = world.person("Anna");
        rule(&world, |rules| {
            rules.manual_resets = [ManualReset::Call, ManualReset::Meeting].into();
            leaves(rules);
        });
        let own = Claim { expires_at: None, ..world.claim(anna, ClaimKind::Manual, Availability::Away) };
        world.apply(FactChange::Presence(PresenceFacts { contact: anna, as_of: 0, stored: vec![own], notes: vec![] }));

        assert_eq!(world.book.offer_claim(world.tenant, says(&world, anna)), Offer::Accepted);

        assert_eq!(!world.book.resets().is_empty(), is_reset, "case {case}");
    }
}

#[test]
fn a_source_that_speaks_again_and_says_the_same_has_nothing_new_to_tell() {
    let world = World::new();
    let anna = world.person("Anna");
    rule(&world, |rules| rules.manual_resets = [ManualReset::Call].into());
    let began = world.now();
    world.book.offer_claim(world.tenant, repeated(&world, anna, ClaimKind::Telephone, Availability::Busy));
    world.clock.advance(Duration::from_secs(10));
    let own = Claim { expires_at: None, ..world.claim(anna, ClaimKind::Manual, Availability::Available) };
    world.apply(FactChange::Presence(PresenceFacts { contact: anna, as_of: 0, stored: vec![own], notes: vec![] }));
    // The telephone system is silent for a while, in the middle of the call.
    world.clock.advance(Duration::from_mins(3));
    world.book.tick(world.now());

    world.book.offer_claim(world.tenant, repeated(&world, anna, ClaimKind::Telephone, Availability::Busy));

    assert!(world.book.resets().is_empty(), "the call had begun before");
    let presence = world.book.presence(world.tenant, anna);
    assert_eq!((presence.availability, presence.since), (Availability::Busy, Some(began)));
    // The next call is a new one.
    world.clock.advance(Duration::from_secs(10));
    world.book.offer_claim(world.tenant, repeated(&world, anna, ClaimKind::Telephone, Availability::Available));
    world.clock.advance(Duration::from_secs(10));
    world.book.offer_claim(world.tenant, repeated(&world, anna, ClaimKind::Telephone, Availability::Busy));
    assert_eq!(world.book.resets().len(), 1);
}

#[test]
fn an_own_word_that_is_over_by_the_rules_is_taken_back_for_good() {
    let world = World::new();
    let anna = world.person("Anna");
    let own = Claim { expires_at: None, ..world.claim(anna, ClaimKind::Manual, Availability::Away) };
    let stored = PresenceFacts { contact: anna, as_of: 0, stored: vec![own.clone()], notes: vec![note("Out", None)] };
    world.apply(FactChange::Presence(stored.clone()));
    rule(&world, |rules| rules.manual_hours = Some(1));
    let reset = [(world.tenant, anna, Reset { version: own.version, since: own.since })];

    world.clock.advance(HOUR);
    world.book.tick(world.now());
    assert_eq!(shown(&world, anna).0, Availability::Unknown);
    assert_eq!(world.book.resets(), reset);

    // So it is when it is read anew after a restart, and when the rule is made when the hours are over.
    let after = World::new();
    after.clock.set(world.now());
    rule(&after, |rules| rules.manual_hours = Some(1));
    after.apply(FactChange::Presence(PresenceFacts { contact: anna, ..stored.clone() }));
    assert_eq!(after.book.resets().len(), 1);
    let late = World::new();
    late.clock.set(world.now());
    late.apply(FactChange::Presence(stored));
    assert!(late.book.resets().is_empty());
    rule(&late, |rules| rules.manual_hours = Some(1));
    assert_eq!(late.book.resets().len(), 1);
}

#[test]
fn the_end_of_a_word_counts_however_late_it_comes() {
    let world = World::new();
    let anna = world.person("Anna");
    let call = repeated(&world, anna, ClaimKind::Telephone, Availability::Busy);
    assert_eq!(world.book.offer_claim(world.tenant, call.clone()), Offer::Accepted);
    let at_once = Some(world.now().plus(Duration::from_millis(1)));
    let end = Claim { version: call.version + 1, availability: Availability::Unknown, expires_at: at_once, ..call };
    let other = Claim { device: "another".into(), ..end.clone() };
    let older = Claim { version: end.version - 1, ..end.clone() };
    world.clock.advance(Duration::from_secs(2));

    for late in [other, older] {
        assert_eq!(world.book.offer_claim(world.tenant, late), Offer::Expired, "it ends nothing");
    }
    assert_eq!(shown(&world, anna).0, Availability::Busy);
    assert_eq!(world.book.offer_claim(world.tenant, end.clone()), Offer::Accepted);
    world.clock.advance(Duration::from_millis(1));
    world.book.tick(world.now());
    assert_ne!(shown(&world, anna).0, Availability::Busy);
    assert_eq!(world.book.offer_claim(world.tenant, end), Offer::Expired, "it is over already");
}
