use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const PLENTY: usize = 1_000_000;

fn listed(people: &[u32], groups: &[u32]) -> Listed {
    Listed { people: people.to_vec(), groups: groups.to_vec() }
}

fn all(groups: &[Listed]) -> Vec<Vec<u32>> {
    let closed = close(groups, PLENTY).expect("few");
    (0..groups.len()).map(|group| closed.of(group).to_vec()).collect()
}

/// The same, by adding what is missing until nothing is.
fn naive(groups: &[Listed]) -> Vec<Vec<u32>> {
    let mut sets: Vec<BTreeSet<u32>> = groups.iter().map(|group| group.people.iter().copied().collect()).collect();
    loop {
        let before = sets.clone();
        for (set, group) in sets.iter_mut().zip(groups) {
            set.extend(group.groups.iter().filter_map(|below| before.get(*below as usize)).flatten());
        }
        if before == sets {
            return sets.into_iter().map(|set| set.into_iter().collect()).collect();
        }
    }
}

#[test]
fn people_of_groups_in_a_group_belong_to_it() {
    for (what, groups, expected) in [
        ("nobody", vec![listed(&[], &[])], vec![vec![]]),
        ("listed twice", vec![listed(&[2, 1, 2], &[])], vec![vec![1, 2]]),
        (
            "nested",
            vec![listed(&[1], &[1]), listed(&[2], &[2]), listed(&[3], &[])],
            vec![vec![1, 2, 3], vec![2, 3], vec![3]],
        ),
        (
            "a diamond",
            vec![listed(&[], &[1, 2]), listed(&[1], &[3]), listed(&[2], &[3]), listed(&[3], &[])],
            vec![vec![1, 2, 3], vec![1, 3], vec![2, 3], vec![3]],
        ),
        ("itself", vec![listed(&[1], &[0, 0])], vec![vec![1]]),
        (
            "a circle with something above and below",
            vec![listed(&[1], &[1]), listed(&[2], &[2]), listed(&[3], &[1, 3]), listed(&[4], &[])],
            vec![vec![1, 2, 3, 4], vec![2, 3, 4], vec![2, 3, 4], vec![4]],
        ),
        (
            "two circles that meet",
            vec![listed(&[1], &[1]), listed(&[], &[0, 2]), listed(&[2], &[1])],
            vec![vec![1, 2], vec![1, 2], vec![1, 2]],
        ),
        ("a group that is not there", vec![listed(&[1], &[7])], vec![vec![1]]),
    ] {
        assert_eq!(all(&groups), expected, "{what}");
    }
    assert_eq!(close(&[], PLENTY).expect("few").of(0), [0_u32; 0]);
}

#[test]
fn a_chain_of_ten_thousand_groups_is_closed() {
    let length = 10_000_u32;
    let below = |group: u32| if group + 1 < length { vec![group + 1] } else { Vec::new() };
    let people = |group: u32| if group % 100 == 99 { vec![group] } else { Vec::new() };
    let chain: Vec<Listed> = (0..length).map(|group| Listed { people: people(group), groups: below(group) }).collect();

    let closed = close(&chain, PLENTY).expect("half a million");

    assert_eq!(closed.of(0).len(), 100);
    assert_eq!(closed.of(9_000).len(), 10);
    assert_eq!(closed.of(9_999), [9_999]);
}

#[test]
fn a_circle_of_ten_thousand_groups_holds_one_list() {
    let length = 10_000_u32;
    let circle: Vec<Listed> = (0..length).map(|group| listed(&[group], &[(group + 1) % length])).collect();

    let closed = close(&circle, PLENTY).expect("one list");

    assert_eq!(closed.of(1234).len(), 10_000);
    assert_eq!(closed.members.len(), 1);
}

#[test]
fn more_memberships_than_the_limit_are_refused() {
    let chain = [listed(&[1], &[1]), listed(&[2], &[2]), listed(&[3], &[])];

    assert_eq!(close(&chain, 5), Err(TooMany));
    assert!(close(&chain, 6).is_ok());
    assert_eq!(close(&[listed(&[1, 2, 3], &[])], 2), Err(TooMany));
}

prop_compose! {
    fn some_groups()(count in 1_u32..30)(
        groups in prop::collection::vec((prop::collection::vec(0_u32..40, 0..6), prop::collection::vec(0..count + 2, 0..5)), count as usize)
    ) -> Vec<Listed> {
        groups.into_iter().map(|(people, groups)| Listed { people, groups }).collect()
    }
}

proptest! {
    #[test]
    fn any_groups_are_closed_as_by_adding_until_nothing_is_missing(groups in some_groups()) {
        prop_assert_eq!(all(&groups), naive(&groups));
    }
}
