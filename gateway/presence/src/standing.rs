//! What a claim is worth at a moment. Pure.

use std::time::Duration;

use directory_model::presence::rules::PresenceRules;
use directory_model::presence::{Claim, ClaimKind};
use directory_model::timestamp::Timestamp;

/// How far a clock may step back before what was heard "later" is doubted.
pub(crate) const CLOCK_TOLERANCE: Duration = Duration::from_secs(5);

/// What a claim is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It counts.
    Live,
    /// Its source should have repeated it and did not; it is remembered as its last word.
    Silent,
    /// It counts no more.
    Over,
    /// The tenant's rules leave such claims out.
    Ignored,
}

/// What `claim` is worth at `now`.
pub(crate) fn standing(claim: &Claim, rules: &PresenceRules, now: Timestamp) -> Standing {
    // That somebody is out of office is said by hand whatever else may be.
    if rules.ignored_kinds.contains(&claim.kind) && !claim.is_mark() {
        return Standing::Ignored;
    }
    in_time(claim, rules, now)
}

/// The same, whether the rules leave such claims out or not.
pub(crate) fn in_time(claim: &Claim, rules: &PresenceRules, now: Timestamp) -> Standing {
    let Some(end) = rules.end_of(claim) else { return Standing::Live };
    if now >= end {
        let is_remembered = claim.is_repeated && now < end.plus(rules.silence());
        return if is_remembered { Standing::Silent } else { Standing::Over };
    }
    match doubted_until(claim) {
        Some(again) if now < again => Standing::Silent,
        _ => Standing::Live,
    }
}

/// Until when the clock must have stepped back since the claim was heard. It would count for longer
/// than its source meant, so it is remembered only, until its source repeats it. Own words and
/// appointments end at a moment that they name, which does not step.
fn doubted_until(claim: &Claim) -> Option<Timestamp> {
    let is_named = matches!(claim.kind, ClaimKind::Manual | ClaimKind::Profile | ClaimKind::Calendar);
    (!is_named).then(|| claim.heard_at.minus(CLOCK_TOLERANCE))
}

/// When the claim will be worth something else, if nothing is heard.
pub(crate) fn next_change(claim: &Claim, rules: &PresenceRules, now: Timestamp) -> Option<Timestamp> {
    let end = rules.end_of(claim)?;
    let forgotten = claim.is_repeated.then(|| end.plus(rules.silence()));
    [doubted_until(claim), Some(end), forgotten].into_iter().flatten().filter(|at| *at > now).min()
}

#[cfg(test)]
mod tests {
    use directory_model::id::{ContactId, CountedIds};
    use directory_model::presence::Availability;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_795_339_800_000 + seconds * 1_000)
    }

    fn claim(kind: ClaimKind, is_repeated: bool) -> Claim {
        Claim {
            contact: ContactId::new(&CountedIds::default()),
            kind,
            source: "source".into(),
            device: String::new(),
            version: 1,
            availability: Availability::Busy,
            activity: None,
            is_out_of_office: false,
            is_tentative: false,
            is_ringing: false,
            is_repeated,
            custom: None,
            since: at(0),
            heard_at: at(0),
            expires_at: Some(at(60)),
        }
    }

    #[test]
    fn a_source_that_should_repeat_itself_is_remembered_and_then_forgotten() {
        let rules = PresenceRules { silence_minutes: 1, ..PresenceRules::default() };
        let (repeated, once) = (claim(ClaimKind::Telephone, true), claim(ClaimKind::Telephone, false));

        let worth = |claim: &Claim| [59, 60, 119, 120].map(|now| standing(claim, &rules, at(now)));

        assert_eq!(worth(&repeated), [Standing::Live, Standing::Silent, Standing::Silent, Standing::Over]);
        assert_eq!(worth(&once), [Standing::Live, Standing::Over, Standing::Over, Standing::Over]);
        assert_eq!(next_change(&repeated, &rules, at(0)), Some(at(60)));
        assert_eq!(next_change(&repeated, &rules, at(60)), Some(at(120)));
        assert_eq!(next_change(&once, &rules, at(60)), None);
    }

    #[test]
    fn what_was_heard_later_than_now_is_doubted_until_then() {
        let rules = PresenceRules::default();
        let call = claim(ClaimKind::Telephone, true);

        assert_eq!(standing(&call, &rules, at(-3)), Standing::Live);
        assert_eq!(standing(&call, &rules, at(-3600)), Standing::Silent);
        assert_eq!(next_change(&call, &rules, at(-3600)), Some(at(-5)));
        assert_eq!(standing(&claim(ClaimKind::Calendar, false), &rules, at(-3600)), Standing::Live);
    }

    #[test]
    fn an_own_word_counts_no_longer_than_the_rules_say() {
        let rules = PresenceRules { manual_hours: Some(1), ..PresenceRules::default() };
        let own = Claim { expires_at: None, ..claim(ClaimKind::Manual, false) };
        let mark = Claim { availability: Availability::Unknown, ..own.clone() };

        assert_eq!(standing(&own, &rules, at(3599)), Standing::Live);
        assert_eq!(standing(&own, &rules, at(3600)), Standing::Over);
        assert_eq!(standing(&mark, &rules, at(3600)), Standing::Live);
        assert_eq!(standing(&own, &PresenceRules::default(), at(1 << 20)), Standing::Live);
    }

    #[test]
    fn kinds_that_the_rules_leave_out_are_worth_nothing() {
        let kinds = [ClaimKind::Telephone, ClaimKind::Manual].into();
        let rules = PresenceRules { ignored_kinds: kinds, ..PresenceRules::default() };
        let mark = Claim { availability: Availability::Unknown, ..claim(ClaimKind::Manual, false) };

        assert_eq!(standing(&claim(ClaimKind::Telephone, true), &rules, at(0)), Standing::Ignored);
        assert_eq!(standing(&claim(ClaimKind::Softphone, true), &rules, at(0)), Standing::Live);
        assert_eq!(standing(&mark, &rules, at(0)), Standing::Live);
    }
}
