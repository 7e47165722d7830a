//! What the server is told of the account that the gateway signs in as, and when. Pure.

use std::time::Duration;

use directory_model::port::OwnWord;
use directory_model::presence::{Activity, Availability};
use directory_model::source::Publishing;
use directory_source::ucwa::{Preferred, Refused};
use tokio::time::Instant;

/// Activity is reported at least every four minutes (features.md §4.2).
const REPORT: Duration = Duration::from_secs(200);
/// After something went wrong nothing is said for so long.
const PAUSE: Duration = Duration::from_mins(1);

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// That the account is there, like this.
    Appear(Preferred),
    /// How it is; nothing takes that back.
    Publish(Option<Preferred>),
    /// That somebody is active.
    Report,
}

/// What was told, and is to be told.
#[derive(Debug)]
pub(super) struct Publisher {
    mode: Publishing,
    is_there: bool,
    published: Option<Preferred>,
    reported: Option<Instant>,
    not_before: Option<Instant>,
}

impl Publisher {
    /// One that has told nothing yet.
    pub(super) fn new(mode: Publishing) -> Self {
        Self { mode, is_there: false, published: None, reported: None, not_before: None }
    }

    /// Whether it is of interest what the account's contact says.
    pub(super) fn needs_word(&self) -> bool {
        self.mode == Publishing::OwnWord
    }

    /// What is to be told at `now`, if anything. A word that nobody gave is not taken back: it may be one that the person
    /// gave elsewhere.
    pub(super) fn due(&self, word: Option<OwnWord>, now: Instant) -> Option<Deed> {
        if self.not_before.is_some_and(|until| now < until) {
            return None;
        }
        let word = word.and_then(preferred);
        let shown = match self.mode {
            Publishing::Nothing => return None,
            Publishing::Activity => Preferred::Online,
            Publishing::OwnWord => match (word, self.published) {
                (None, None) => return None,
                (None, Some(_)) => return Some(Deed::Publish(None)),
                (Some(word), _) => word,
            },
        };
        if !self.is_there {
            return Some(Deed::Appear(shown));
        }
        if self.mode == Publishing::OwnWord && self.published != Some(shown) {
            return Some(Deed::Publish(Some(shown)));
        }
        self.reported.is_none_or(|at| now >= at + REPORT).then_some(Deed::Report)
    }

    /// Takes in what came of it.
    pub(super) fn done(&mut self, deed: Deed, told: Result<(), &Refused>, now: Instant) {
        match (told, deed) {
            (Ok(()), Deed::Appear(_)) => {
                self.is_there = true;
                self.reported = Some(now);
            }
            (Ok(()), Deed::Publish(word)) => self.published = word,
            (Ok(()), Deed::Report) => self.reported = Some(now),
            // Where nobody is shown as there, nothing is left to be taken back.
            (Err(Refused::NotAvailable), Deed::Publish(None)) => (self.is_there, self.published) = (false, None),
            (Err(Refused::NotAvailable), _) => self.is_there = false,
            (Err(_), _) => self.not_before = Some(now + PAUSE),
        }
    }
}

/// An own word as the server knows it; never a more available one.
fn preferred(word: OwnWord) -> Option<Preferred> {
    Some(match (word.availability, word.activity) {
        (Availability::Available, _) => Preferred::Online,
        (Availability::Busy, _) => Preferred::Busy,
        (Availability::DoNotDisturb, _) => Preferred::DoNotDisturb,
        (Availability::BeRightBack, _) => Preferred::BeRightBack,
        (Availability::Away, Some(Activity::OffWork)) | (Availability::Offline, _) => Preferred::Offwork,
        (Availability::Away | Availability::Inactive, _) => Preferred::Away,
        (Availability::Unknown, _) => return None,
    })
}

#[cfg(test)]
mod tests {
    use directory_source::SourceError;

    use super::*;

    fn word(availability: Availability) -> OwnWord {
        OwnWord { availability, activity: None }
    }

    /// What is told between now and `seconds` later, with the second in which it is.
    fn told(publisher: &mut Publisher, word: Option<OwnWord>, from: Instant, seconds: u64) -> Vec<(u64, Deed)> {
        let mut told = Vec::new();
        for second in 0..seconds {
            let now = from + Duration::from_secs(second);
            while let Some(deed) = publisher.due(word, now) {
                publisher.done(deed, Ok(()), now);
                told.push((second, deed));
            }
        }
        told
    }

    #[test]
    fn nothing_is_told_unless_somebody_wants_that() {
        let now = Instant::now();
        assert_eq!(told(&mut Publisher::new(Publishing::Nothing), Some(word(Availability::Busy)), now, 1000), []);
        assert_eq!(told(&mut Publisher::new(Publishing::OwnWord), None, now, 1000), []);
    }

    #[test]
    fn activity_is_reported_within_four_minutes_whatever_anybody_says() {
        let now = Instant::now();
        let told = told(&mut Publisher::new(Publishing::Activity), Some(word(Availability::Busy)), now, 601);
        assert_eq!(
            told,
            [(0, Deed::Appear(Preferred::Online)), (200, Deed::Report), (400, Deed::Report), (600, Deed::Report)]
        );
        assert!(told.windows(2).all(|pair| pair[1].0 - pair[0].0 < 240));
    }

    #[test]
    fn an_own_word_is_told_once_kept_up_and_taken_back() {
        let (now, mut publisher) = (Instant::now(), Publisher::new(Publishing::OwnWord));
        let first = told(&mut publisher, Some(word(Availability::Busy)), now, 300);
        let appear = Deed::Appear(Preferred::Busy);
        assert_eq!(first, [(0, appear), (0, Deed::Publish(Some(Preferred::Busy))), (200, Deed::Report)]);

        let later = now + Duration::from_mins(5);
        assert_eq!(
            told(&mut publisher, Some(word(Availability::Away)), later, 60),
            [(0, Deed::Publish(Some(Preferred::Away)))]
        );
        let later = later + Duration::from_mins(1);
        assert_eq!(told(&mut publisher, None, later, 1000), [(0, Deed::Publish(None))], "and nobody is active");
    }

    #[test]
    fn what_goes_wrong_is_tried_again_later_and_who_is_not_there_appears_first() {
        let (now, mut publisher) = (Instant::now(), Publisher::new(Publishing::OwnWord));
        told(&mut publisher, Some(word(Availability::Busy)), now, 1);
        let away = Some(word(Availability::Away));
        let deed = publisher.due(away, now).expect("another word");
        publisher.done(deed, Err(&Refused::NotAvailable), now);
        assert_eq!(publisher.due(away, now), Some(Deed::Appear(Preferred::Away)));

        let refused = Refused::Rejected(SourceError::Internal);
        publisher.done(Deed::Appear(Preferred::Away), Err(&refused), now);
        assert_eq!(publisher.due(away, now + Duration::from_secs(59)), None);
        assert_eq!(publisher.due(away, now + Duration::from_mins(1)), Some(Deed::Appear(Preferred::Away)));
        let later = now + Duration::from_secs(61);
        assert_eq!(publisher.due(None, later), Some(Deed::Publish(None)));
        publisher.done(Deed::Publish(None), Err(&Refused::NotAvailable), later);
        assert_eq!(publisher.due(None, later), None);
    }

    #[test]
    fn a_word_is_told_as_what_it_is_or_as_something_less_available() {
        let of = |availability, activity| preferred(OwnWord { availability, activity });
        for (availability, activity, expected) in [
            (Availability::Available, None, Some(Preferred::Online)),
            (Availability::Inactive, None, Some(Preferred::Away)),
            (Availability::Busy, Some(Activity::InAMeeting), Some(Preferred::Busy)),
            (Availability::DoNotDisturb, None, Some(Preferred::DoNotDisturb)),
            (Availability::BeRightBack, None, Some(Preferred::BeRightBack)),
            (Availability::Away, None, Some(Preferred::Away)),
            (Availability::Away, Some(Activity::OffWork), Some(Preferred::Offwork)),
            (Availability::Offline, None, Some(Preferred::Offwork)),
            (Availability::Unknown, None, None),
        ] {
            assert_eq!(of(availability, activity), expected, "{availability:?} {activity:?}");
        }
    }
}
