use super::*;

#[test]
fn a_sentence_counts_one_and_many() {
    let kept = |contacts, entries| RunProblem::LeaversKept { entries, contacts }.to_string();
    let groups = |removals, known| RunProblem::GroupsKept { removals, known, threshold_percent: 10 }.to_string();
    let removed = |known| RunProblem::TooManyRemovals { removals: 1, known, threshold_percent: 10 }.to_string();
    for (sentence, expected) in [
        (
            kept(1, 1),
            "1 contact was not found but stays in service, because 1 entry without identity was set aside and may \
             be theirs.",
        ),
        (
            kept(2, 3),
            "2 contacts were not found but stay in service, because 3 entries without identity were set aside and \
             may be theirs.",
        ),
        (
            removed(1),
            "The run would disable 1 of 1 contact, more than the 10 % that the source allows, and waits for \
             approval.",
        ),
        (
            groups(12, 40),
            "12 of 40 memberships in groups would go, more than the 10 % that the source allows, so nobody was taken \
             out of a group and no group was removed.",
        ),
        (
            RunProblem::GroupsEmpty { groups: 1 }.to_string(),
            "No group was found, although 1 group comes from this source, so no group was changed. Is the group filter \
             right?",
        ),
        (
            RunProblem::GroupsEmpty { groups: 0 }.to_string(),
            "No group was found, so no group was changed. Is the group filter right?",
        ),
    ] {
        assert_eq!(sentence, expected);
    }
}
