use directory_model::id::CountedIds;
use directory_model::presence::Activity;
use proptest::prelude::*;

use super::*;

fn at_minute(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_795_339_800_000 + minutes * 60_000)
}

fn block(from: i64, until: i64, shows: ShowAs) -> Block {
    Block { from: at_minute(from), until: at_minute(until), shows }
}

fn told() -> (Told, ContactId) {
    let ids = CountedIds::default();
    (Told::new(SourceId::new(&ids)), ContactId::new(&ids))
}

/// State, marks, and how many minutes after the first moment the claim ends.
fn shown(claims: &[Claim]) -> Vec<(Availability, bool, bool, i64)> {
    let minutes = |at: Timestamp| (at.millis() - at_minute(0).millis()) / 60_000;
    let end = |claim: &Claim| claim.expires_at.map_or(-1, minutes);
    claims.iter().map(|claim| (claim.availability, claim.is_tentative, claim.is_out_of_office, end(claim))).collect()
}

#[test]
fn a_schedule_turns_by_itself() {
    use Availability::{Available, Busy, Unknown};
    let (mut told, anna) = told();
    let blocks = vec![
        block(10, 40, ShowAs::Busy),
        block(40, 60, ShowAs::Busy),
        block(60, 70, ShowAs::Tentative),
        block(100, 160, ShowAs::OutOfOffice),
        block(120, 130, ShowAs::Busy),
        block(0, 200, ShowAs::Free),
        block(0, 200, ShowAs::WorkingElsewhere),
    ];

    assert!(told.hear(anna, Statement::Schedule(blocks), at_minute(0), at_minute(0)).is_empty(), "nobody is busy yet");

    let mut turns = Vec::new();
    while let Some(next) = told.next_turn() {
        assert!(told.turn(next.minus(Duration::from_millis(1))).is_empty());
        let claims = told.turn(next);
        assert!(claims.iter().all(|claim| !claim.is_repeated && claim.kind == ClaimKind::Calendar));
        turns.push(((next.millis() - at_minute(0).millis()) / 60_000, shown(&claims)));
    }
    assert_eq!(
        turns,
        [
            // Two meetings, one after the other, are one.
            (10, vec![(Busy, false, false, 60)]),
            (60, vec![(Busy, true, false, 70)]),
            (70, vec![(Unknown, false, false, 70)]),
            (100, vec![(Available, false, true, 120)]),
            (120, vec![(Busy, false, true, 130)]),
            (130, vec![(Available, false, true, 160)]),
            (160, vec![(Unknown, false, false, 160)]),
        ]
    );
}

#[test]
fn a_meeting_that_is_cancelled_is_over_at_once() {
    let (mut told, anna) = told();
    let busy = Statement::Schedule(vec![block(-10, 60, ShowAs::Busy)]);
    let claims = told.hear(anna, busy, at_minute(0), at_minute(0));
    assert_eq!((claims[0].activity, claims[0].since), (Some(Activity::InAMeeting), at_minute(-10)));

    let claims = told.hear(anna, Statement::Schedule(Vec::new()), at_minute(5), at_minute(5));

    assert_eq!(shown(&claims), [(Availability::Unknown, false, false, 5)]);
    assert!(!claims[0].is_repeated, "it is no silence");
    assert_eq!(told.next_turn(), None);
    assert!(told.hear(anna, Statement::Schedule(Vec::new()), at_minute(6), at_minute(6)).is_empty());
}

fn word(device: &str, availability: Availability) -> Word {
    Word { device: device.into(), said: availability.into(), custom: None }
}

#[test]
fn a_state_counts_until_it_should_have_been_repeated() {
    let (mut told, anna) = told();
    let state = Statement::State(vec![word("", Availability::Away)]);

    let claims = told.hear(anna, state, at_minute(0), at_minute(3));
    let again = told.repeat(anna, at_minute(2), at_minute(5));

    assert_eq!(
        (shown(&claims), shown(&again)),
        (vec![(Availability::Away, false, false, 3)], vec![(Availability::Away, false, false, 5)])
    );
    assert!(claims[0].is_repeated && again[0].version > claims[0].version);
    assert_eq!((claims[0].kind, claims[0].source.as_str()), (ClaimKind::Platform, told.source.as_str()));
}

#[test]
fn a_device_that_is_not_named_any_more_is_over_and_so_is_everything_that_is_forgotten() {
    let (mut told, anna) = told();
    let both = Statement::State(vec![word("a", Availability::Busy), word("b", Availability::Away)]);
    told.hear(anna, both, at_minute(0), at_minute(3));

    let claims = told.hear(anna, Statement::State(vec![word("b", Availability::Away)]), at_minute(1), at_minute(4));
    let devices: Vec<_> = claims.iter().map(|claim| (claim.device.as_str(), claim.is_repeated)).collect();
    assert_eq!(devices, [("a", false), ("b", true)]);

    let claims = told.forget(anna, at_minute(2));
    assert_eq!((claims.len(), claims[0].device.as_str(), claims[0].is_repeated), (1, "b", false));
    assert!(told.forget(anna, at_minute(2)).is_empty() && !told.has_said(anna));
}

#[test]
fn what_is_too_much_is_cut() {
    let (mut told, anna) = told();
    let words = (0..100).map(|number| Word {
        device: format!("{number}{}", "ä".repeat(500)),
        said: Availability::Busy.into(),
        custom: Some("x".repeat(5000)),
    });

    let claims = told.hear(anna, Statement::State(words.collect()), at_minute(0), at_minute(1));

    assert_eq!(claims.len(), MAX_WORDS);
    assert!(claims.iter().all(|claim| claim.device.chars().count() == DEVICE_CHARS));
    assert!(claims.iter().all(|claim| claim.custom.as_ref().is_some_and(|custom| custom.len() == NOTE_CHARS)));
    let blocks = (0..5000).map(|minute| block(minute * 2, minute * 2 + 1, ShowAs::Busy)).collect();
    told.hear(anna, Statement::Schedule(blocks), at_minute(0), at_minute(0));
    assert!(matches!(&told.spoken[&anna], Spoken::Schedule { blocks, .. } if blocks.len() == MAX_BLOCKS));
}

proptest! {
    /// Whatever the blocks are: what is claimed at any moment is what is true then, by the plainest reading.
    #[test]
    fn at_every_moment_the_claim_is_what_the_blocks_say(
        blocks in proptest::collection::vec((-20_i64..100, 0_i64..40, 0_usize..5), 0..12),
    ) {
        const ALL: [ShowAs; 5] =
            [ShowAs::Free, ShowAs::Tentative, ShowAs::Busy, ShowAs::OutOfOffice, ShowAs::WorkingElsewhere];
        let blocks: Vec<Block> = blocks.iter().map(|(from, long, shows)| block(*from, from + long, ALL[*shows])).collect();
        let (mut told, anna) = told();
        let mut held = told.hear(anna, Statement::Schedule(blocks.clone()), at_minute(0), at_minute(0)).pop();
        for minute in 0..160 {
            let now = at_minute(minute);
            let claims = told.turn(now);
            prop_assert!(claims.len() <= 1);
            held = claims.into_iter().next().or(held);
            let counts = held.as_ref().filter(|claim| claim.counts_at(now) && claim.availability != Availability::Unknown);
            let is_now = |shows| blocks.iter().any(|block| block.shows == shows && block.from <= now && now < block.until);
            let (busy, tentative, away) = (is_now(ShowAs::Busy), is_now(ShowAs::Tentative), is_now(ShowAs::OutOfOffice));
            prop_assert_eq!(counts.is_some(), busy || tentative || away, "at minute {}", minute);
            if let Some(claim) = counts {
                prop_assert_eq!(claim.availability == Availability::Busy, busy || tentative);
                prop_assert_eq!(claim.is_tentative, tentative && !busy);
                prop_assert_eq!(claim.is_out_of_office, away);
            }
        }
    }
}
