use proptest::prelude::*;

use super::*;

fn members(keys: &[i64]) -> Vec<Member> {
    keys.iter().copied().map(Member::of_row).collect()
}

fn mirrored(id: &str, name: &str, keys: &[i64]) -> MirroredGroup {
    MirroredGroup { external_id: id.into(), name: name.into(), members: members(keys) }
}

fn wanted(id: &str, name: &str, keys: &[i64]) -> Wanted {
    let locator = format!("cn={name},id={id}");
    Wanted { external_id: id.into(), name: name.into(), locator, members: members(keys) }
}

fn acts(changes: &[GroupChange]) -> Vec<(&str, GroupAct)> {
    let id = |change: &'_ GroupChange| std::str::from_utf8(&change.external_id).expect("text").to_owned().leak();
    changes.iter().map(|change| (&*id(change), change.act.clone())).collect()
}

fn create(name: &str) -> GroupAct {
    GroupAct::Create(name.into())
}

fn rename(old: &str, new: &str) -> GroupAct {
    GroupAct::Rename { old: old.into(), new: new.into() }
}

#[test]
fn only_differences_are_written() {
    let before = [mirrored("a", "Sales", &[1, 2, 3]), mirrored("b", "Trade", &[4]), mirrored("c", "Old", &[5])];
    let now = [wanted("a", "Sales", &[2, 3, 4]), wanted("b", "Trading", &[4]), wanted("d", "New", &[1])];

    let Plan { removals, groups, leaves, joins } = plan(&before, &now, true);

    assert_eq!(acts(&removals), [("c", GroupAct::Remove)]);
    assert_eq!(acts(&groups), [("b", rename("Trade", "Trading")), ("d", create("New"))]);
    assert_eq!(acts(&leaves), [("a", GroupAct::Leave(members(&[1])))]);
    assert_eq!(acts(&joins), [("a", GroupAct::Join(members(&[4]))), ("d", GroupAct::Join(members(&[1])))]);
    assert_eq!((removals[0].locator.as_str(), groups[1].locator.as_str()), ("Old", "cn=New,id=d"));
    assert_eq!(tally(&before, &now), (8, 3));
    let same = [wanted("a", "Sales", &[1, 2, 3]), wanted("b", "Trade", &[4]), wanted("c", "Old", &[5])];
    assert_eq!((plan(&before, &same, true), tally(&before, &same)), (Plan::default(), (8, 0)));
}

#[test]
fn what_may_not_go_stays_with_its_name() {
    let before = [mirrored("a", "Sales", &[1, 2]), mirrored("c", "Old", &[5])];
    let now = [wanted("a", "Old", &[2, 3])];

    let Plan { removals, groups, leaves, joins } = plan(&before, &now, false);

    assert_eq!((removals, leaves), (Vec::new(), Vec::new()));
    assert_eq!(acts(&groups), [("a", rename("Sales", "Old (2)"))]);
    assert_eq!(acts(&joins), [("a", GroupAct::Join(members(&[3])))]);
}

#[test]
fn one_name_is_given_once_and_does_not_wander() {
    let names_of = |before: &[MirroredGroup], now: &[Wanted]| {
        let known = before.iter().map(|group| (group.external_id.as_slice(), group)).collect();
        names(&known, now, &["Kept"])
    };
    let two = [wanted("b", "sales", &[]), wanted("a", "Sales", &[]), wanted("c", "Kept", &[])];

    assert_eq!(names_of(&[], &two), ["sales (2)", "Sales", "Kept (2)"]);
    let held = [mirrored("b", "sales", &[]), mirrored("a", "Sales (2)", &[])];
    assert_eq!(names_of(&held, &two), ["sales", "Sales (2)", "Kept (2)"]);
    assert_eq!(names_of(&held, &two[1..]), ["Sales", "Kept (2)"], "who has the plain name is gone");
    let third = [wanted("a", "Sales", &[]), wanted("b", "Sales", &[]), wanted("z", "Sales", &[])];
    let held = [mirrored("a", "Sales", &[]), mirrored("z", "Sales (2)", &[])];
    assert_eq!(names_of(&held, &third), ["Sales", "Sales (3)", "Sales (2)"]);
}

#[test]
fn a_group_that_is_said_twice_counts_once() {
    let now = [wanted("a", "Sales", &[1]), wanted("a", "Other", &[2])];

    let Plan { groups, joins, .. } = plan(&[], &now, true);

    assert_eq!(acts(&groups), [("a", create("Sales"))]);
    assert_eq!(acts(&joins), [("a", GroupAct::Join(members(&[1])))]);
}

#[test]
fn large_differences_come_in_portions() {
    let keys: Vec<i64> = (1..=1201).collect();

    let Plan { joins, .. } = plan(&[], &[wanted("a", "All", &keys)], true);

    let sizes = joins.iter().map(|change| match &change.act {
        GroupAct::Join(members) => members.len(),
        _ => 0,
    });
    assert_eq!(sizes.collect::<Vec<_>>(), [500, 500, 201]);
}

#[test]
fn people_without_contact_are_in_no_group() {
    let group =
        SourceGroup { external_id: b"a".into(), name: "A".into(), locator: "cn=A".into(), members: vec![0, 1, 2, 9] };
    let contacts = [Some(Member::of_row(7)), None, Some(Member::of_row(3))];

    assert_eq!(Wanted::new(group, &contacts).members, members(&[3, 7]));
}

#[test]
fn an_answer_that_looks_as_if_everybody_had_gone_takes_nobody_away() {
    let findings = Findings {
        found: 5,
        groups: 5,
        known: 100,
        removals: 0,
        unidentified: 0,
        threshold_percent: 10,
        may_lag: false,
        is_approved: false,
    };
    let with = |removals| Findings { removals, ..findings };
    let kept = |removals, threshold_percent| {
        Verdict::Add(Some(RunProblem::GroupsKept { removals, known: 100, threshold_percent }))
    };
    for (what, found, expected) in [
        ("no group", Findings { found: 0, ..with(100) }, Verdict::Nothing(RunProblem::GroupsEmpty { groups: 5 })),
        ("nothing goes", Findings { unidentified: 3, may_lag: true, ..findings }, Verdict::Follow),
        ("as many as allowed", with(10), Verdict::Follow),
        ("more", with(11), kept(11, 10)),
        ("few, of whatever share", Findings { known: 10, threshold_percent: 0, ..with(10) }, Verdict::Follow),
        ("all, when all are allowed", Findings { threshold_percent: 100, ..with(100) }, Verdict::Follow),
        ("more, approved", Findings { is_approved: true, ..with(50) }, Verdict::Follow),
        ("another server", Findings { may_lag: true, ..with(1) }, Verdict::Add(None)),
        (
            "groups without identity",
            Findings { unidentified: 2, ..with(1) },
            Verdict::Add(Some(RunProblem::GroupsUnidentified { groups: 2 })),
        ),
        (
            "only groups without identity",
            Findings { found: 0, unidentified: 2, ..with(100) },
            Verdict::Add(Some(RunProblem::GroupsUnidentified { groups: 2 })),
        ),
    ] {
        assert_eq!(judge(&found), expected, "{what}");
    }
}

#[test]
fn what_was_taken_back_is_held_as_long_as_the_same_is_said() {
    let said = |digest: &[u8], is_held| Said { digest: digest.into(), is_held };
    let map = |list: &[(&str, Said)]| list.iter().map(|(id, said)| (id.as_bytes().to_vec(), said.clone())).collect();
    let before: HashMap<Vec<u8>, Said> = map(&[
        ("same", said(b"1", true)),
        ("other", said(b"1", true)),
        ("free", said(b"1", false)),
        ("came", said(b"", true)),
        ("away", said(b"", true)),
        ("went", said(b"1", true)),
    ]);
    let now = ["same", "other", "free", "came", "new"].map(|id| (id.as_bytes().to_vec(), b"1".to_vec()));
    let mut now: HashMap<_, _> = now.into_iter().collect();
    now.insert(b"other".to_vec(), b"2".to_vec());
    let sorted = |everything| {
        let (held, mut notes) = heed(&before, &now, everything);
        notes.sort_by(|one, other| one.0.cmp(&other.0));
        let mut held: Vec<_> = held.into_iter().map(|id| String::from_utf8(id).expect("text")).collect();
        held.sort();
        (held, notes)
    };
    let remark = |id: &str, digest: &[u8]| (id.as_bytes().to_vec(), Some(said(digest, false)));
    let gone = (b"went".to_vec(), None);

    let (held, notes) = sorted(true);

    assert_eq!(held, ["away", "same"]);
    assert_eq!(notes, [remark("came", b"1"), remark("new", b"1"), remark("other", b"2"), gone]);
    let (held, notes) = sorted(false);
    assert_eq!((held, notes.len()), (vec!["same".to_owned()], 3), "what is missing may be there");
}

#[test]
fn what_is_held_is_wanted_as_it_is() {
    let before = [mirrored("a", "Sales", &[1]), mirrored("b", "Old", &[2])];
    let mut now = vec![wanted("a", "Trade", &[3]), wanted("n", "New", &[4]), wanted("c", "Other", &[])];
    let held = ["a", "b", "n"].map(|id| id.as_bytes().to_vec()).into_iter().collect();

    leave_alone(&mut now, &before, &held);

    let Plan { removals, groups, leaves, joins } = plan(&before, &now, true);
    assert_eq!((removals.len(), leaves.len(), joins.len()), (0, 0, 0));
    assert_eq!(acts(&groups), [("c", create("Other"))]);
}

/// Groups, each once, with names that often clash.
fn some_groups() -> impl Strategy<Value = Vec<(u8, String, Vec<i64>)>> {
    let name = prop::sample::select(vec!["A", "a", "A (2)", "B", "B (2)"]).prop_map(str::to_owned);
    let keys = prop::collection::btree_set(0_i64..8, 0..5).prop_map(|keys| keys.into_iter().collect());
    prop::collection::btree_map(0_u8..8, (name, keys), 0..8)
        .prop_map(|groups| groups.into_iter().map(|(id, (name, keys))| (id, name, keys)).collect())
}

/// What the groups are after the plan.
fn applied(before: &[MirroredGroup], Plan { removals, groups, leaves, joins }: Plan) -> Vec<MirroredGroup> {
    let mut all: BTreeMap<Vec<u8>, MirroredGroup> =
        before.iter().map(|group| (group.external_id.clone(), group.clone())).collect();
    for GroupChange { external_id, act, .. } in [removals, groups, leaves, joins].concat() {
        match act {
            GroupAct::Remove => drop(all.remove(&external_id).expect("there")),
            GroupAct::Create(name) => {
                let group = MirroredGroup { external_id: external_id.clone(), name, members: Vec::new() };
                assert_eq!(all.insert(external_id, group), None);
            }
            GroupAct::Rename { old, new } => {
                let group = all.get_mut(&external_id).expect("there");
                assert_eq!(std::mem::replace(&mut group.name, new), old);
            }
            GroupAct::Leave(gone) => {
                let group = all.get_mut(&external_id).expect("there");
                assert!(gone.iter().all(|member| group.members.contains(member)));
                group.members.retain(|member| !gone.contains(member));
            }
            GroupAct::Join(come) => {
                let group = all.get_mut(&external_id).expect("there");
                assert!(come.iter().all(|member| !group.members.contains(member)));
                group.members.extend(come);
                group.members.sort_unstable();
            }
        }
    }
    all.into_values().collect()
}

proptest! {
    #[test]
    fn after_any_plan_everything_is_as_wanted_and_a_second_plan_is_empty(
        first in some_groups(), second in some_groups(), may_go: bool,
    ) {
        let want = |groups: &[(u8, String, Vec<i64>)]| -> Vec<Wanted> {
            groups.iter().map(|(id, name, keys)| wanted(&id.to_string(), name, keys)).collect()
        };
        let (first, second) = (want(&first), want(&second));
        let before = applied(&[], plan(&[], &first, true));

        let after = applied(&before, plan(&before, &second, may_go));

        let names: HashSet<String> = after.iter().map(|group| sort_key(&group.name)).collect();
        prop_assert_eq!(names.len(), after.len());
        for group in &second {
            let found = after.iter().find(|found| found.external_id == group.external_id).expect("mirrored");
            prop_assert!(is_numbered(&found.name, &group.name));
            if may_go {
                prop_assert_eq!(&found.members, &group.members);
            } else {
                prop_assert!(group.members.iter().all(|member| found.members.contains(member)));
            }
        }
        prop_assert!(!may_go || after.len() == second.len());
        prop_assert_eq!(plan(&after, &second, may_go), Plan::default());
    }
}
