use directory_model::id::CountedIds;
use directory_model::presence::{Activity, LANGUAGE_CHARS, MAX_NOTES, NoteKind};
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
    (Told::new(SourceId::new(&ids), ClaimKind::Platform), ContactId::new(&ids))
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

    assert!(
        told.hear(anna, Statement::Schedule(blocks), at_minute(0), at_minute(0)).claims.is_empty(),
        "nobody is busy yet"
    );

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
fn the_end_of_a_meeting_is_known_although_something_else_turns_before() {
    use Availability::Busy;
    let (mut told, anna) = told();
    let blocks = vec![
        block(-5, 30, ShowAs::Busy),
        block(20, 40, ShowAs::OutOfOffice),
        block(30, 50, ShowAs::Busy),
        block(50, 60, ShowAs::Tentative),
    ];

    let first = told.hear(anna, Statement::Schedule(blocks), at_minute(0), at_minute(0)).claims;
    assert_eq!(shown(&first), [(Busy, false, false, 50)]);
    let turns = [20, 40, 50].map(|minute| shown(&told.turn(at_minute(minute))));
    assert_eq!(turns, [vec![(Busy, false, true, 50)], vec![(Busy, false, false, 50)], vec![(Busy, true, false, 60)]]);
}

#[test]
fn a_meeting_that_is_cancelled_is_over_at_once() {
    let (mut told, anna) = told();
    let busy = Statement::Schedule(vec![block(-10, 60, ShowAs::Busy)]);
    let claims = told.hear(anna, busy, at_minute(0), at_minute(0)).claims;
    assert_eq!((claims[0].activity, claims[0].since), (Some(Activity::InAMeeting), at_minute(-10)));

    let claims = told.hear(anna, Statement::Schedule(Vec::new()), at_minute(5), at_minute(5)).claims;

    assert_eq!(shown(&claims), [(Availability::Unknown, false, false, 5)]);
    assert!(!claims[0].is_repeated, "it is no silence");
    assert_eq!(told.next_turn(), None);
    assert!(told.hear(anna, Statement::Schedule(Vec::new()), at_minute(6), at_minute(6)).claims.is_empty());
}

fn word(device: &str, availability: Availability) -> Word {
    Word { device: device.into(), said: availability.into(), custom: None, since: None }
}

#[test]
fn a_state_counts_until_it_should_have_been_repeated() {
    let (mut told, anna) = told();
    let state = Statement::words(vec![word("", Availability::Away)]);

    let claims = told.hear(anna, state, at_minute(0), at_minute(3)).claims;
    let again = told.repeat(anna, at_minute(2), at_minute(5)).claims;

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
    let both = Statement::words(vec![word("a", Availability::Busy), word("b", Availability::Away)]);
    told.hear(anna, both, at_minute(0), at_minute(3));

    let claims =
        told.hear(anna, Statement::words(vec![word("b", Availability::Away)]), at_minute(1), at_minute(4)).claims;
    let devices: Vec<_> = claims.iter().map(|claim| (claim.device.as_str(), claim.is_repeated)).collect();
    assert_eq!(devices, [("b", true), ("a", false)], "never is there a moment without any");

    let claims = told.forget(anna, at_minute(2)).claims;
    assert_eq!((claims.len(), claims[0].device.as_str(), claims[0].is_repeated), (1, "b", false));
    assert!(told.forget(anna, at_minute(2)).claims.is_empty() && !told.has_said(anna));
}

#[test]
fn what_is_too_much_is_cut() {
    let (mut told, anna) = told();
    let words = (0..100).map(|number| Word {
        device: format!("{number}{}", "ä".repeat(500)),
        said: Availability::Busy.into(),
        custom: Some("x".repeat(5000)),
        since: None,
    });

    let claims = told.hear(anna, Statement::words(words.collect()), at_minute(0), at_minute(1)).claims;

    assert_eq!(claims.len(), MAX_WORDS);
    assert!(claims.iter().all(|claim| claim.device.chars().count() == DEVICE_CHARS));
    assert!(claims.iter().all(|claim| claim.custom.as_ref().is_some_and(|custom| custom.len() == NOTE_CHARS)));
    let blocks = (0..5000).map(|minute| block(minute * 2, minute * 2 + 1, ShowAs::Busy)).collect();
    told.hear(anna, Statement::Schedule(blocks), at_minute(0), at_minute(0));
    assert!(matches!(&told.spoken[&anna], Spoken::Schedule { blocks, .. } if blocks.len() == MAX_BLOCKS));
}

#[test]
fn since_when_a_state_holds_is_what_the_source_says_and_never_the_future() {
    let (mut told, anna) = told();
    let since = |told: &mut Told, since: Option<i64>, now: i64| {
        let words = vec![Word { since: since.map(at_minute), ..word("", Availability::Busy) }];
        told.hear(anna, Statement::words(words), at_minute(now), at_minute(now + 3)).claims[0].since
    };
    assert_eq!(since(&mut told, Some(-90), 0), at_minute(-90));
    assert_eq!(since(&mut told, Some(5), 1), at_minute(1), "the clock of the server is ahead");
    assert_eq!(since(&mut told, None, 2), at_minute(2));
}

fn note(text: &str) -> SourceNote {
    SourceNote { text: text.into(), kind: NoteKind::Personal, language: Some("de".into()) }
}

fn noted(heard: Heard) -> Option<Vec<String>> {
    heard.notes.map(|noted| noted.notes.into_iter().map(|note| note.text).collect())
}

#[test]
fn notes_are_those_of_the_last_word_and_count_as_long_as_it_does() {
    let (mut told, anna) = told();
    let state = |notes: &[&str]| Statement::State {
        words: vec![word("", Availability::Away)],
        notes: notes.iter().map(|text| note(text)).collect(),
    };
    assert_eq!(noted(told.hear(anna, state(&[]), at_minute(0), at_minute(3))), None, "there were none");

    let first = told.hear(anna, state(&["Bin in Graz", "Back at 4"]), at_minute(1), at_minute(4)).notes.expect("notes");
    assert_eq!((first.contact, first.source.as_str(), first.expires_at), (anna, told.source.as_str(), at_minute(4)));
    assert_eq!(first.notes, [note("Bin in Graz"), note("Back at 4")]);
    let again = told.repeat(anna, at_minute(3), at_minute(6)).notes.expect("notes");
    assert_eq!((again.notes, again.expires_at), (first.notes, at_minute(6)));
    assert!(told.differs(anna, &state(&["Back at 4"])) && !told.differs(anna, &state(&["Bin in Graz", "Back at 4"])));

    assert_eq!(
        noted(told.hear(anna, state(&["Back at 4"]), at_minute(4), at_minute(7))),
        Some(vec!["Back at 4".into()])
    );
    assert_eq!(noted(told.hear(anna, state(&[]), at_minute(5), at_minute(8))), Some(vec![]));
    assert_eq!(noted(told.hear(anna, state(&[]), at_minute(6), at_minute(9))), None);
    told.hear(anna, state(&["Back at 4"]), at_minute(7), at_minute(10));
    assert_eq!(noted(told.forget(anna, at_minute(8))), Some(vec![]));
    assert_eq!(noted(told.forget(anna, at_minute(9))), None);
}

proptest! {
    /// Whatever a source notes, again and again: what is held is its last word, within the limits.
    #[test]
    fn notes_are_bounded_and_the_last_word_stands(
        documents in proptest::collection::vec(proptest::collection::vec((".{0,6}", 0_usize..600, 0_usize..60), 0..30), 1..6),
    ) {
        let (mut told, anna) = told();
        let mut held: Vec<SourceNote> = Vec::new();
        let mut last = Vec::new();
        for (minute, document) in (0..).zip(documents) {
            let note = |(text, repeat, tag): (String, usize, usize)| SourceNote {
                text: text.repeat(repeat), kind: NoteKind::Personal, language: Some("x".repeat(tag)),
            };
            last = document.into_iter().map(note).collect::<Vec<_>>();
            let said = Statement::State { words: Vec::new(), notes: last.clone() };
            if let Some(noted) = told.hear(anna, said, at_minute(minute), at_minute(minute + 3)).notes {
                held = noted.notes;
            }
        }
        prop_assert!(held.len() <= MAX_NOTES);
        prop_assert!(held.iter().all(|note| note.text.chars().count() <= NOTE_CHARS && !note.text.trim().is_empty()));
        prop_assert!(held.iter().all(|note| note.language.as_ref().is_none_or(|tag| tag.len() <= LANGUAGE_CHARS)));
        let mut of_last = last.iter();
        prop_assert!(held.iter().all(|note| of_last.any(|said| said.text.starts_with(&note.text))));
        let some = |note: &&SourceNote| note.text.chars().take(NOTE_CHARS).any(|char| !char.is_whitespace());
        prop_assert_eq!(held.len(), last.iter().take(MAX_NOTES).filter(some).count());
    }

    /// Whatever the blocks are: what is claimed at any moment is what is true then, by the plainest reading.
    #[test]
    fn at_every_moment_the_claim_is_what_the_blocks_say(
        blocks in proptest::collection::vec((-20_i64..100, 0_i64..40, 0_usize..5), 0..12),
    ) {
        const ALL: [ShowAs; 5] =
            [ShowAs::Free, ShowAs::Tentative, ShowAs::Busy, ShowAs::OutOfOffice, ShowAs::WorkingElsewhere];
        let blocks: Vec<Block> = blocks.iter().map(|(from, long, shows)| block(*from, from + long, ALL[*shows])).collect();
        let (mut told, anna) = told();
        let mut held = told.hear(anna, Statement::Schedule(blocks.clone()), at_minute(0), at_minute(0)).claims.pop();
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
