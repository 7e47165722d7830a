//! Pure: whether a plan may be applied.
//!
//! An answer that looks as if everybody had left is far more often a filter with a typing error,
//! a lost permission or a broken connection than the truth.

use directory_model::record::{Extent, ReadEnd};
use directory_model::run::RunProblem;
use directory_store::read_cursors::Before;

/// What a guard looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// How the read ended.
    pub end: ReadEnd,
    /// How many contacts of the source are in service.
    pub known: u64,
    /// How many of them the plan takes out of service, or removes after that.
    pub removals: u64,
    /// How many entries have the identity of another one.
    pub duplicates: u64,
    /// How many contacts get other values.
    pub updates: u64,
    /// How many contacts the plan changes in any way.
    pub changes: u64,
    /// Somebody wants to see the plan before anything is written.
    pub is_preview: bool,
    /// What is known of the run before.
    pub before: Before,
    /// The share of removals, in percent, above which somebody has to approve.
    pub threshold_percent: u8,
    /// The same for updates, unless there are only a few.
    pub change_threshold_percent: Option<u8>,
}

/// So many updates are never too many.
const FEW: u64 = 10;

/// What may happen to a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is applied.
    Go,
    /// It waits for approval.
    NeedsApproval(RunProblem),
    /// It is thrown away.
    Refuse(RunProblem),
}

/// Judges a plan by its findings.
pub fn judge(findings: &Findings) -> Verdict {
    let Findings { ref end, duplicates, .. } = *findings;
    if !end.is_complete {
        return Verdict::Refuse(cut_short(end.entries));
    }
    // That nothing changed is the rule; that nothing is there is not.
    if end.entries == 0 && end.extent != Extent::Changes {
        return Verdict::Refuse(RunProblem::Empty);
    }
    if exceeds(duplicates, end.entries, findings.threshold_percent) {
        return Verdict::Refuse(RunProblem::SharedIdentities { duplicates, read: end.entries });
    }
    let preview = RunProblem::Preview { changes: findings.changes };
    let seen_first = || (findings.is_preview && findings.changes > 0).then_some(preview);
    doubt(findings).or_else(seen_first).map_or(Verdict::Go, Verdict::NeedsApproval)
}

/// Why somebody has to look at a plan that could be right.
fn doubt(findings: &Findings) -> Option<RunProblem> {
    let Findings { ref end, known, removals, updates, changes, before, threshold_percent, .. } = *findings;
    if exceeds(removals, known, threshold_percent) {
        return Some(RunProblem::TooManyRemovals { removals, known, threshold_percent });
    }
    if before.is_undone && changes > 0 {
        return Some(RunProblem::FirstAfterUndo { changes });
    }
    if before.is_elsewhere && removals > 0 {
        return Some(RunProblem::ReadElsewhere { removals });
    }
    let last = before.read.filter(|_| end.extent != Extent::Changes).unwrap_or(0);
    let missing = last.saturating_sub(end.entries);
    if missing > FEW && exceeds(missing, last, threshold_percent) {
        return Some(RunProblem::FewerEntries { read: end.entries, last, threshold_percent });
    }
    let threshold_percent = findings.change_threshold_percent?;
    let is_too_many = updates > FEW && exceeds(updates, known, threshold_percent);
    is_too_many.then_some(RunProblem::TooManyChanges { updates, known, threshold_percent })
}

fn exceeds(part: u64, whole: u64, percent: u8) -> bool {
    u128::from(part) * 100 > u128::from(whole) * u128::from(percent)
}

/// What is wrong with a read of `entries` entries of which the source did not say that it was whole.
pub(crate) fn cut_short(entries: u64) -> RunProblem {
    RunProblem::CutShort { read: entries, detail: "the source did not say that this was all".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(entries: u64, is_complete: bool, known: u64, removals: u64) -> Findings {
        let end = ReadEnd { is_complete, ..ReadEnd::whole(entries) };
        Findings {
            end,
            known,
            removals,
            duplicates: 0,
            updates: 0,
            changes: removals,
            is_preview: false,
            before: Before::default(),
            threshold_percent: 10,
            change_threshold_percent: Some(20),
        }
    }

    #[test]
    fn an_incomplete_or_empty_read_is_refused_whatever_it_would_remove() {
        for known in [0, 1, 1000] {
            for removals in [0, known] {
                let cut = judge(&findings(5, false, known, removals));
                assert!(matches!(cut, Verdict::Refuse(RunProblem::CutShort { read: 5, .. })), "{cut:?}");
                assert_eq!(judge(&findings(0, true, known, removals)), Verdict::Refuse(RunProblem::Empty));
            }
        }
    }

    #[test]
    fn nothing_changed_is_no_reason_to_refuse() {
        let end = ReadEnd { extent: Extent::Changes, ..ReadEnd::whole(0) };

        assert_eq!(judge(&Findings { end: end.clone(), ..findings(0, true, 100, 0) }), Verdict::Go);
        let many = judge(&Findings { end, ..findings(0, true, 100, 11) });
        assert!(matches!(many, Verdict::NeedsApproval(_)), "{many:?}");
    }

    #[test]
    fn a_plan_that_somebody_wants_to_see_waits_unless_it_is_empty() {
        let preview = |changes, removals| {
            judge(&Findings { is_preview: true, changes, ..findings(100, true, removals, removals) })
        };

        assert_eq!(preview(0, 0), Verdict::Go);
        assert_eq!(preview(100, 0), Verdict::NeedsApproval(RunProblem::Preview { changes: 100 }));
        // What is doubted says more.
        assert!(matches!(preview(9, 9), Verdict::NeedsApproval(RunProblem::TooManyRemovals { .. })));
        let empty = judge(&Findings { is_preview: true, ..findings(0, true, 0, 0) });
        assert_eq!(empty, Verdict::Refuse(RunProblem::Empty));
    }

    #[test]
    fn only_more_than_the_threshold_waits_for_approval() {
        for (known, removals, goes) in [(100, 0, true), (100, 10, true), (100, 11, false), (5, 1, false), (0, 0, true)]
        {
            let verdict = judge(&findings(1, true, known, removals));
            assert_eq!(verdict == Verdict::Go, goes, "{removals} of {known}");
        }
        assert_eq!(judge(&Findings { threshold_percent: 100, ..findings(1, true, 7, 7) }), Verdict::Go);
        assert_ne!(judge(&Findings { threshold_percent: 0, ..findings(1, true, 1_000_000, 1) }), Verdict::Go);
    }

    #[test]
    fn a_plan_that_could_be_right_is_looked_at() {
        let calm = findings(1000, true, 1000, 1);
        assert_eq!(judge(&calm), Verdict::Go);
        let before = |before| Findings { before, ..calm.clone() };
        let undone = Before { is_undone: true, ..Before::default() };
        let elsewhere = Before { is_elsewhere: true, ..Before::default() };
        let more = |read| before(Before { read: Some(read), ..Before::default() });
        let changes = |end: ReadEnd| ReadEnd { extent: Extent::Changes, ..end };
        let updated = |updates, known| Findings { known, updates, ..calm.clone() };
        for (findings, waits) in [
            (before(undone), true),
            (Findings { changes: 0, removals: 0, ..before(undone) }, false),
            (before(elsewhere), true),
            (Findings { removals: 0, ..before(elsewhere) }, false),
            (more(1111), false),
            (more(1112), true),
            (Findings { end: changes(calm.end.clone()), ..more(1112) }, false),
            (updated(200, 1000), false),
            (updated(201, 1000), true),
            (updated(10, 10), false),
            (updated(11, 11), true),
            (Findings { change_threshold_percent: None, ..updated(1000, 1000) }, false),
        ] {
            let verdict = judge(&findings);
            assert_eq!(matches!(verdict, Verdict::NeedsApproval(_)), waits, "{findings:?} {verdict:?}");
        }
    }

    #[test]
    fn entries_that_share_their_identities_are_no_directory() {
        let of = |duplicates| judge(&Findings { duplicates, ..findings(1000, true, 0, 0) });

        assert_eq!(of(100), Verdict::Go);
        assert_eq!(of(101), Verdict::Refuse(RunProblem::SharedIdentities { duplicates: 101, read: 1000 }));
    }
}
