//! What runs make of photos, whatever source says them.

use directory_model::invalid::{Invalid, Rule};
use directory_model::record::{Extent, SetAside, SourcePhoto};
use directory_model::run::{Counts, RunAction};
use suite::on_each_backend;
use suite::picture::jpeg;

use super::*;

const RED: [u8; 3] = [200, 40, 40];
const BLUE: [u8; 3] = [50, 60, 200];
const GREEN: [u8; 3] = [40, 180, 40];

fn photo(name: &str, color: [u8; 3]) -> ReportedPhoto {
    ReportedPhoto::Photo(SourcePhoto {
        external_id: name.as_bytes().to_vec(),
        locator: format!("cn={name},dc=example"),
        attribute: "jpegPhoto".into(),
        bytes: jpeg(color),
        tag: None,
    })
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("p{number:02}")).collect()
}

impl World {
    fn holds(&self, photos: impl IntoIterator<Item = ReportedPhoto>) {
        *self.script.photos.lock().unwrap() = Some(photos.into_iter().collect());
    }

    /// How many contacts have a photo.
    async fn pictured(&self) -> usize {
        let mut pictured = 0;
        for contact in self.contacts().await {
            pictured += self.avatars(contact.id).await.len();
        }
        pictured
    }
}

/// A world with people, each of whom has a photo.
async fn gallery(db: TestDatabase, count: usize) -> World {
    let world = World::new(db).await;
    let names = names(count);
    world.holds(names.iter().map(|name| photo(name, RED)));
    let people: Vec<_> = names.iter().map(|name| entry(name)).collect();
    let run = world.run(&people).await;
    succeeded(&run);
    assert_eq!((run.counts.photos, world.pictured().await), (count as u64, count));
    world
}

on_each_backend! {
    async fn a_run_over_changes_follows_their_photos_and_no_others(db: TestDatabase) {
        let world = World::new(db).await;
        *world.script.cursor.lock().unwrap() = Some(ReadCursor("one".into()));
        world.holds(["anna", "ben", "carl"].map(|name| photo(name, RED)));
        succeeded(&world.run(&entries(&["anna", "ben", "carl"])).await);
        let others = world.avatars(world.contact("ben").await.id).await;

        // Of Ben the source holds another photo as well, but it does not say that he changed.
        world.holds([photo("anna", BLUE), photo("ben", BLUE), photo("dora", RED)]);
        let changed = ["anna", "carl", "dora"].map(|name| Reported::Entry(Box::new(entry(name))));
        let end = ReadEnd { extent: Extent::Changes, cursor: Some(ReadCursor("two".into())), ..ReadEnd::whole(3) };
        world.changed(changed.into(), end);
        let run = world.changes().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 3, created: 1, unchanged: 2, photos: 2, ..Counts::default() });
        assert_eq!(world.avatars(world.contact("ben").await.id).await, others);
        assert_eq!(world.avatars(world.contact("carl").await.id).await, []);
        assert_eq!(world.avatars(world.contact("dora").await.id).await.len(), 1);
    }

    async fn a_run_over_changes_takes_no_photo_when_it_recognizes_none(db: TestDatabase) {
        let world = World::new(db).await;
        *world.script.cursor.lock().unwrap() = Some(ReadCursor("one".into()));
        world.holds(["anna", "ben"].map(|name| photo(name, RED)));
        succeeded(&world.run(&entries(&["anna", "ben"])).await);
        let follow = async |end: Option<Result<ReadEnd, SourceError>>| {
            world.holds([]);
            *world.script.photos_end.lock().unwrap() = end;
            let changed = Reported::Entry(Box::new(entry("anna")));
            let end = ReadEnd { extent: Extent::Changes, cursor: Some(ReadCursor("two".into())), ..ReadEnd::whole(1) };
            world.changed(vec![changed], end);
            world.changes().await
        };

        let broken = follow(Some(Err(SourceError::CutShort { read: 0, detail: "closed".into() }))).await;
        assert!(matches!(broken.problem, Some(RunProblem::PhotosUnread { .. })), "{broken:?}");
        succeeded(&follow(None).await);

        assert_eq!(world.pictured().await, 2, "the right to read photos may be lost");
        let asked: Vec<_> = world.script.asked.lock().unwrap().iter().flatten().map(|cursor| cursor.0.clone()).collect();
        assert_eq!(asked, ["one", "one"], "photos that were not read are read again");
        // Only a comparison of everything may take them.
        succeeded(&world.finish().await);
        assert_eq!(world.pictured().await, 0);
    }

    async fn photos_that_a_run_gave_and_took_come_back_as_they_were(db: TestDatabase) {
        let world = gallery(db, 3).await;
        let mut before = Vec::new();
        for name in ["p00", "p01", "p02"] {
            before.push(world.avatars(world.contact(name).await.id).await);
        }
        // One changes, one goes, one stays; somebody new gets one.
        world.holds([photo("p00", BLUE), photo("p02", RED), photo("dora", RED)]);
        let people = entries(&["p00", "p01", "p02", "dora"]);
        let run = world.run(&people).await;
        succeeded(&run);
        assert_eq!((run.counts.created, run.counts.photos), (1, 2));
        // Nobody shows the old pictures any more, but they are needed.
        world.db.clock.advance(std::time::Duration::from_hours(2));
        let now = world.db.clock.now();
        let sweep = move |conn: &mut directory_store::connection::Connection| directory_store::avatars::sweep(conn, now);
        assert_eq!(world.db.database.write_unnumbered(sweep).await.expect("swept"), 0);

        let undone = world.undo(run.id).await;

        succeeded(&undone);
        let lines: Vec<_> = world.entries(undone.id).await.into_iter().map(|line| line.action).collect();
        assert_eq!(lines, [RunAction::Remove, RunAction::SetPhoto, RunAction::SetPhoto]);
        for (name, before) in ["p00", "p01", "p02"].into_iter().zip(&before) {
            assert_eq!(world.avatars(world.contact(name).await.id).await, *before, "{name}");
        }
        // The directory says the same as before, so nothing is done again.
        let again = world.run(&people).await;
        succeeded(&again);
        assert_eq!((again.counts.changes(), again.counts.photos), (0, 0));
        assert_eq!(world.entries(again.id).await, []);
        for (name, before) in ["p00", "p01", "p02"].into_iter().zip(&before) {
            assert_eq!(world.avatars(world.contact(name).await.id).await, *before, "{name}");
        }
    }

    async fn photos_of_two_runs_that_are_taken_back_one_after_the_other_stay_away(db: TestDatabase) {
        let world = gallery(db, 1).await;
        let (person, first) = (world.contact("p00").await.id, names(1));
        let gives = async |color| {
            world.holds([photo("p00", color)]);
            let run = world.run(&entries(&[first[0].as_str()])).await;
            assert_eq!(run.counts.photos, 1);
            run.id
        };
        let (one, other) = (gives(BLUE).await, gives(GREEN).await);

        succeeded(&world.undo(other).await);
        succeeded(&world.undo(one).await);

        world.is_shown(person, RED).await;
        let again = world.finish().await;
        succeeded(&again);
        assert_eq!(again.counts.photos, 0, "the directory says what was refused");
        world.is_shown(person, RED).await;
        gives(BLUE).await;
        world.is_shown(person, BLUE).await;
    }

    async fn a_run_about_one_contact_follows_its_photo_and_nobody_elses(db: TestDatabase) {
        let world = gallery(db, 3).await;
        let first = world.contact("p00").await.id;
        let before = world.avatars(world.contact("p01").await.id).await;

        // Of the others the source now holds another photo, or none.
        world.holds([photo("p00", BLUE), photo("p01", BLUE)]);
        let changed = world.run_for(&[first]).await;
        assert_eq!((changed.counts.photos, changed.problem), (1, None));
        assert_eq!((world.avatars(world.contact("p01").await.id).await, world.pictured().await), (before, 3));

        world.holds([photo("p01", BLUE)]);
        let removed = world.run_for(&[first]).await;
        assert_eq!((removed.state, removed.problem), (RunState::Succeeded, None));
        assert_eq!(world.entries(removed.id).await.remove(0).action, RunAction::RemovePhoto);
        assert_eq!((world.avatars(first).await.len(), world.pictured().await), (0, 2));
    }

    async fn photos_that_are_all_gone_at_once_are_kept_unless_they_are_few(db: TestDatabase) {
        let world = gallery(db, 11).await;

        world.holds([]);
        let run = world.finish().await;

        assert_eq!((run.state, run.counts.photos, world.pictured().await), (RunState::Succeeded, 0, 11));
        assert_eq!(run.problem, Some(RunProblem::PhotosGone { contacts: 11 }));
        assert_eq!(
            run.problem.expect("said").to_string(),
            "No contact's photo was found, although 11 contacts have one from this source, so no photo was removed. Can the \
             source's account still read them?"
        );
        world.holds([photo("p00", RED)]);
        let run = world.finish().await;
        succeeded(&run);
        assert_eq!(world.pictured().await, 1);
        assert!(world.entries(run.id).await.iter().all(|line| line.action == RunAction::RemovePhoto));
        world.holds([]);
        succeeded(&world.finish().await);
        assert_eq!(world.pictured().await, 0);
    }

    async fn a_read_that_breaks_off_gives_what_it_said_and_takes_nothing(db: TestDatabase) {
        let world = gallery(db, 3).await;
        let broken = || SourceError::CutShort { read: 1, detail: "the connection was closed".into() };
        let refused = SourceError::SearchRefused { result: 50, detail: "the directory does not allow it".into() };

        for (end, detail) in [
            (Err(broken()), "the connection was closed"),
            (Ok(ReadEnd { is_complete: false, ..ReadEnd::whole(1) }), "the source did not say that this was all"),
            (Err(refused), "the search is refused with result 50: the directory does not allow it"),
        ] {
            world.holds([photo("p01", BLUE)]);
            *world.script.photos_end.lock().unwrap() = Some(end);
            let run = world.finish().await;

            assert_eq!((run.state, world.pictured().await), (RunState::Succeeded, 3));
            assert_eq!(run.problem, Some(RunProblem::PhotosUnread { read: 1, detail: detail.into() }));
            world.is_shown(world.contact("p01").await.id, BLUE).await;
            world.is_shown(world.contact("p02").await.id, RED).await;
        }
    }

    async fn photos_without_identity_may_be_anybodys(db: TestDatabase) {
        let world = gallery(db, 3).await;
        let reason = Invalid::new("jpegPhoto", "huge", Rule::TooLong { max: 1, unit: "bytes".into() });
        let locator = "cn=somebody,dc=example".to_owned();
        let huge = SetAside { external_id: None, locator: locator.clone(), keys: Vec::new(), invalid: reason.clone(), values: None };

        world.holds([photo("p00", RED), ReportedPhoto::Nameless, ReportedPhoto::SetAside(huge)]);
        let run = world.finish().await;

        assert_eq!((run.state, world.pictured().await), (RunState::Succeeded, 3));
        assert_eq!(run.problem, Some(RunProblem::PhotosKept { entries: 2, contacts: 2 }));
        assert_eq!(
            run.problem.expect("said").to_string(),
            "2 contacts keep photos that were not found, because 2 photos of entries without identity were set aside and \
             may be theirs."
        );
        assert_eq!(run.counts, Counts { read: 3, unchanged: 3, set_aside: 1, ..Counts::default() });
        let line = world.entries(run.id).await.remove(0);
        assert_eq!((line.action, line.locator, line.contact), (RunAction::SetAside, locator, None));
        assert_eq!(line.reason, Some(reason));
    }

    async fn only_contacts_of_the_source_are_given_photos_and_each_once(db: TestDatabase) {
        let world = World::new(db).await;
        let stranger = world.db.contact(world.tenant, "zoe").await.id;
        let aside = |name: &str| ReportedPhoto::SetAside(SetAside {
            external_id: Some(name.as_bytes().to_vec()),
            locator: name.into(),
            keys: Vec::new(),
            invalid: Invalid::new("jpegPhoto", "3 bytes", Rule::Required),
            values: None,
        });
        world.holds([photo("p00", RED), photo("p00", BLUE), photo("zoe", RED), aside("zoe"), aside("nobody")]);

        let run = world.run(&entries(&["p00", "p01"])).await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 2, created: 2, photos: 1, ..Counts::default() });
        world.is_shown(world.contact("p00").await.id, RED).await;
        assert_eq!((world.pictured().await, world.avatars(stranger).await), (1, Vec::new()));
    }

    async fn a_run_that_is_cancelled_between_photos_keeps_what_was_given_and_takes_nothing(db: TestDatabase) {
        let world = gallery(db, 60).await;
        // A batch that is written, and one that is not full.
        world.holds(names(55).iter().map(|name| photo(name, BLUE)));
        let said = Arc::new(Notify::new());
        *world.script.photos_gate.lock().unwrap() = Some(Arc::clone(&said));

        let run = world.start().await.expect("starts");
        let mut progress = world.engine.progress(run).expect("the run goes on");
        said.notified().await;
        progress.wait_for(|progress| progress.counts.photos > 0).await.expect("it goes on");
        world.engine.cancel(world.tenant, run, world.origin()).await.expect("cancelled");
        world.engine.ended(run).await;

        let cancelled = world.found(run).await;
        assert_eq!((cancelled.state, cancelled.problem), (RunState::Cancelled, None));
        assert!((50..=55).contains(&cancelled.counts.photos), "{:?}", cancelled.counts);
        assert_eq!(world.pictured().await, 60);
        world.is_shown(world.contact("p00").await.id, BLUE).await;
        world.is_shown(world.contact("p59").await.id, RED).await;
    }

    async fn photos_follow_a_plan_that_was_approved_and_not_one_that_waits_or_fails(db: TestDatabase) {
        let world = gallery(db, 10).await;
        world.holds(names(2).iter().map(|name| photo(name, BLUE)));

        *world.script.end.lock().unwrap() = Some(Err(RunProblem::Interrupted));
        assert_eq!(world.finish().await.state, RunState::Failed);
        *world.script.end.lock().unwrap() = None;
        let run = world.run(&entries(&["p00", "p01"])).await;
        assert_eq!((run.state, run.counts.photos), (RunState::AwaitingApproval, 0));
        world.is_shown(world.contact("p00").await.id, RED).await;

        world.engine.approve(world.tenant, run.id, world.origin()).await.expect("approved");
        world.engine.ended(run.id).await;

        let done = world.found(run.id).await;
        succeeded(&done);
        assert_eq!((done.counts.disabled, done.counts.photos, world.pictured().await), (8, 2, 10));
        world.is_shown(world.contact("p00").await.id, BLUE).await;
        let numbers: Vec<_> = world.entries(run.id).await.iter().map(|line| line.number).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
    }

    async fn what_is_said_about_people_goes_before_what_is_said_about_photos(db: TestDatabase) {
        let world = gallery(db, 3).await;
        world.holds([ReportedPhoto::Nameless]);
        world.says(&entries(&["p00"]));
        world.script.entries.lock().unwrap().push(Reported::SetAside(SetAside {
            external_id: None,
            locator: "cn=somebody,dc=example".into(),
            keys: Vec::new(),
            invalid: Invalid::new("external_id", "", Rule::Required),
            values: None,
        }));

        let run = world.finish().await;

        assert_eq!(run.problem, Some(RunProblem::LeaversKept { entries: 1, contacts: 2 }));
        assert_eq!(world.pictured().await, 3);
    }
}
