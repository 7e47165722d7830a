use std::collections::BTreeSet;

use directory_model::id::CountedIds;
use proptest::prelude::*;

use super::*;

fn at_minute(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_795_339_800_000 + minutes * 60_000)
}

fn subscription(number: usize) -> Subscription {
    let url: Url = format!("https://pool.example.com/subscriptions/{number}").parse().expect("an address");
    Subscription::at(url)
}

fn contacts(count: usize) -> Vec<ContactId> {
    let ids = CountedIds::default();
    (0..count).map(|_| ContactId::new(&ids)).collect()
}

#[test]
fn a_group_is_over_when_the_last_one_has_left() {
    let (people, mut groups) = (contacts(2), Groups::default());
    groups.put(&subscription(1), &people, at_minute(30));

    assert_eq!(groups.leave(people[0]), None);
    assert_eq!((groups.of(people[0]), groups.of(people[1])), (None, Some((subscription(1), at_minute(30)))));
    assert_eq!(groups.leave(people[1]), Some(subscription(1)));
    assert_eq!((groups.leave(people[1]), groups.count()), (None, 0));
}

#[test]
fn who_comes_alone_goes_where_there_is_room_and_was_never_before() {
    let (people, mut groups) = (contacts(102), Groups::default());
    groups.put(&subscription(1), &people[..98], at_minute(30));
    let room = |groups: &Groups, of: &[ContactId], minute| groups.room_for(of, at_minute(minute)).map(|(it, _)| it);

    assert_eq!(room(&groups, &people[98..100], 0), Some(subscription(1)));
    assert_eq!(room(&groups, &people[98..101], 0), None, "it would be too large");
    assert_eq!(room(&groups, &people[98..99], 29), None, "it is about to end");
    groups.leave(people[0]);
    assert_eq!(room(&groups, &people[..1], 0), None, "the server would not tell anew how they are");
    groups.put(&subscription(1), &people[98..100], at_minute(30));
    assert_eq!(room(&groups, &people[100..101], 0), None, "the server still knows those who left");
}

#[test]
fn an_address_is_whoever_had_it_last() {
    let (people, mut groups) = (contacts(2), Groups::default());
    groups.name(people[0], "Anna@example.com");
    assert_eq!((groups.contact("anna@EXAMPLE.com"), groups.contact("bert@example.com")), (Some(people[0]), None));

    groups.name(people[1], "anna@example.com");
    groups.name(people[0], "berg@example.com");
    assert_eq!(
        (groups.contact("anna@example.com"), groups.contact("berg@example.com")),
        (Some(people[1]), Some(people[0]))
    );
    groups.forget(people[1]);
    assert_eq!(
        (groups.contact("anna@example.com"), groups.address(people[0]).as_deref()),
        (None, Some("berg@example.com"))
    );
}

proptest! {
    /// Whatever happens: each contact is in one group at most, the one it was put into last, and empty groups are gone.
    #[test]
    fn everybody_is_in_one_group_at_most(deeds in proptest::collection::vec((0_u8..4, 0_usize..6, 0_usize..4), 0..60)) {
        let (people, mut groups) = (contacts(6), Groups::default());
        let mut expected: HashMap<usize, usize> = HashMap::new();
        for (deed, who, group) in deeds {
            match deed {
                0 => {
                    groups.leave(people[who]);
                    groups.put(&subscription(group), &[people[who]], at_minute(30));
                    expected.insert(who, group);
                }
                1 => {
                    groups.leave(people[who]);
                    expected.remove(&who);
                }
                2 => {
                    let ended: BTreeSet<ContactId> = groups.end(&subscription(group)).into_iter().collect();
                    let of = expected.iter().filter(|(_, of)| **of == group).map(|(who, _)| people[*who]).collect();
                    prop_assert_eq!(ended, of);
                    expected.retain(|_, of| *of != group);
                }
                _ => groups.extended(&subscription(group), at_minute(60)),
            }
            for (who, contact) in people.iter().enumerate() {
                let found = groups.of(*contact).map(|(subscription, _)| subscription);
                prop_assert_eq!(found, expected.get(&who).map(|group| subscription(*group)));
            }
            let used: BTreeSet<usize> = expected.values().copied().collect();
            prop_assert_eq!(groups.count(), used.len());
            prop_assert_eq!(groups.members().len(), expected.len());
        }
    }
}
