//! Who looks at whom now, so that one look is recorded once however often it is renewed.
//!
//! Pages look again every few seconds as long as somebody is there. A row of the trail for each would
//! hide the trail.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use directory_model::audit::Actor;
use directory_model::id::{ContactId, TenantId};
use directory_model::timestamp::Timestamp;

/// After so long without being renewed a look is over.
const OVER_AFTER: Duration = Duration::from_mins(2);
/// A look that lasts longer than this is recorded again.
const RECORDED_EVERY: Duration = Duration::from_hours(1);
/// How many looks are remembered. Of more than that some are recorded more often.
const MOST: usize = 10_000;

/// Who looks at whom.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    known: Mutex<HashMap<Look, Recorded>>,
}

/// Somebody's look at one contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Look {
    pub(crate) actor: Actor,
    pub(crate) tenant: TenantId,
    pub(crate) contact: ContactId,
}

#[derive(Debug, Clone, Copy)]
struct Recorded {
    at: Timestamp,
    renewed_at: Timestamp,
}

impl Recorded {
    fn goes_on(&self, now: Timestamp) -> bool {
        now.since(self.renewed_at) <= OVER_AFTER && now.since(self.at) <= RECORDED_EVERY
    }
}

impl Looks {
    /// Whether `look` goes on that was recorded before; it is renewed then.
    pub(crate) fn is_recorded(&self, look: Look, now: Timestamp) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(recorded) = known.get_mut(&look).filter(|recorded| recorded.goes_on(now)) else { return false };
        recorded.renewed_at = now;
        true
    }

    /// `look` was recorded.
    pub(crate) fn recorded(&self, look: Look, now: Timestamp) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, recorded| recorded.goes_on(now));
        }
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(look, Recorded { at: now, renewed_at: now });
    }
}

#[cfg(test)]
mod tests {
    use directory_model::id::{CountedIds, UserId};

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_795_339_800_000 + seconds * 1_000)
    }

    fn look(ids: &CountedIds) -> Look {
        Look { actor: Actor::User(UserId::new(ids)), tenant: TenantId::new(ids), contact: ContactId::new(ids) }
    }

    #[test]
    fn a_look_is_recorded_once_as_long_as_it_goes_on() {
        let (looks, ids) = (Looks::default(), CountedIds::default());
        let (anna, bert) = (look(&ids), look(&ids));
        assert!(!looks.is_recorded(anna, at(0)));
        looks.recorded(anna, at(0));

        assert!(looks.is_recorded(anna, at(3)) && !looks.is_recorded(bert, at(3)));
        assert!(looks.is_recorded(anna, at(120)) && looks.is_recorded(anna, at(240)));
        assert!(!looks.is_recorded(anna, at(361)), "nobody looked for two minutes");
    }

    #[test]
    fn a_look_without_an_end_is_recorded_each_hour() {
        let (looks, ids) = (Looks::default(), CountedIds::default());
        let anna = look(&ids);
        looks.recorded(anna, at(0));

        let renewed = (1..=4_000).filter(|second| looks.is_recorded(anna, at(*second))).count();

        assert_eq!(renewed, 3_600);
    }

    #[test]
    fn so_many_looks_are_remembered_and_no_more() {
        let (looks, ids) = (Looks::default(), CountedIds::default());
        for second in 0..25_000 {
            looks.recorded(look(&ids), at(second / 1_000));
        }

        assert!(looks.known.lock().expect("whole").len() <= MOST);
    }
}
