//! Pure: whether a plan may be applied.
//!
//! An answer that looks as if everybody had left is far more often a filter with a typing error,
//! a lost permission or a broken connection than the truth.

use directory_model::record::{Extent, ReadEnd};
use directory_model::run::RunProblem;

/// What a guard looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// How the read ended.
    pub end: ReadEnd,
    /// How many contacts of the source are in service.
    pub known: u64,
    /// How many of them the plan takes out of service.
    pub removals: u64,
    /// The share of removals, in percent, above which somebody has to approve.
    pub threshold_percent: u8,
}

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
    let Findings { ref end, known, removals, threshold_percent } = *findings;
    if !end.is_complete {
        return Verdict::Refuse(cut_short(end.entries));
    }
    // That nothing changed is the rule; that nothing is there is not.
    if end.entries == 0 && end.extent != Extent::Changes {
        return Verdict::Refuse(RunProblem::Empty);
    }
    if u128::from(removals) * 100 > u128::from(known) * u128::from(threshold_percent) {
        return Verdict::NeedsApproval(RunProblem::TooManyRemovals { removals, known, threshold_percent });
    }
    Verdict::Go
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
        Findings { end, known, removals, threshold_percent: 10 }
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
    fn only_more_than_the_threshold_waits_for_approval() {
        for (known, removals, goes) in [(100, 0, true), (100, 10, true), (100, 11, false), (5, 1, false), (0, 0, true)]
        {
            let verdict = judge(&findings(1, true, known, removals));
            assert_eq!(verdict == Verdict::Go, goes, "{removals} of {known}");
        }
        assert_eq!(judge(&Findings { threshold_percent: 100, ..findings(1, true, 7, 7) }), Verdict::Go);
        assert_ne!(judge(&Findings { threshold_percent: 0, ..findings(1, true, 1_000_000, 1) }), Verdict::Go);
    }
}
