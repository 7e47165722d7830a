//! Photos of a real directory and of a file, from the entry to the picture of the contact.

use std::collections::BTreeSet;

use ::sync::reader::SourceReader;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use directory_model::avatar::{Avatar, choose};
use directory_model::contact::DisabledBy;
use directory_model::invalid::Rule;
use directory_model::presence::Availability;
use directory_model::run::{Counts, RunAction};
use directory_model::source::{LdapConnection, Mapping};
use directory_source::SourcePolicy;
use directory_store::avatars::{self, NewAvatar, Picture};
use suite::on_each_backend;
use suite::picture::{color, is_near, jpeg, png};
use suite::slapd::{Options, PEOPLE, Slapd, people};
use tempfile::TempDir;

use super::directory::{Killer, reader, world};
use super::*;

const RED: [u8; 3] = [200, 40, 40];
const GREEN: [u8; 3] = [40, 160, 60];
const BLUE: [u8; 3] = [50, 60, 200];

/// The name of the entry with this number.
fn dn(number: usize) -> String {
    format!("uid=u{number:06},{PEOPLE}")
}

impl World {
    /// The contact of the entry with this number.
    pub(super) async fn nth(&self, number: usize) -> Contact {
        let ending = format!("{number}@example.com");
        let digits = |mail: &str| mail.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned();
        let all = self.contacts().await;
        all.into_iter().find(|it| it.fields.mail.as_deref().is_some_and(|mail| digits(mail) == ending)).expect(&ending)
    }

    pub(super) async fn avatars(&self, contact: ContactId) -> Vec<Avatar> {
        let tenant = self.tenant;
        self.db.read(move |conn| avatars::list(conn, tenant, contact.into())).await.expect("the contact")
    }

    /// The color that a contact is shown in while it is in this state.
    pub(super) async fn shown(&self, contact: ContactId, status: Availability) -> Option<[u8; 3]> {
        let tenant = self.tenant;
        let faces = self.db.read(move |conn| avatars::faces(conn, tenant, contact)).await;
        let hash = choose(&faces, status)?;
        let picture = self.db.read(move |conn| avatars::find_picture(conn, tenant, hash)).await.expect("kept");
        Some(color(&picture.bytes))
    }

    pub(super) async fn is_shown(&self, contact: ContactId, wanted: [u8; 3]) {
        let shown = self.shown(contact, Availability::Away).await;
        assert!(shown.is_some_and(|shown| is_near(shown, wanted)), "{shown:?} instead of {wanted:?}");
    }
}

/// What was done about photos, and where.
fn done(lines: &[RunEntry]) -> Vec<(RunAction, &str, Option<ContactId>)> {
    lines.iter().map(|line| (line.action, line.locator.as_str(), line.contact)).collect()
}

on_each_backend! {
    async fn a_photo_comes_stays_changes_and_goes_with_the_directory(db: TestDatabase) {
        // `slapadd` does not mind that a `jpegPhoto` is a PNG, and neither do we.
        let mut entries = people(4);
        let second = BASE64_STANDARD.encode(png(GREEN));
        entries = entries.replace("uid: u000001\n", &format!("uid: u000001\njpegPhoto:: {second}\n"));
        let slapd = Slapd::start(&Options { entries, ..Options::default() });
        slapd.set(&dn(0), "thumbnailPhoto", jpeg(RED)).await;
        let world = world(db, &slapd, Arc::new(reader())).await;

        let first = world.finish().await;

        succeeded(&first);
        assert_eq!(first.counts, Counts { read: 4, created: 4, photos: 2, ..Counts::default() });
        let (anna, ben) = (world.nth(0).await.id, world.nth(1).await.id);
        world.is_shown(anna, RED).await;
        world.is_shown(ben, GREEN).await;
        assert_eq!(world.avatars(world.nth(2).await.id).await, []);
        let lines = world.entries(first.id).await;
        let expected = [(RunAction::SetPhoto, dn(0)), (RunAction::SetPhoto, dn(1))];
        let found = lines[4..].iter().map(|line| (line.action, line.locator.clone()));
        assert_eq!(found.collect::<Vec<_>>(), expected);
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);

        // The same again writes nothing but the run.
        let (before, seq) = (world.avatars(anna).await, world.change_seq().await);
        let second = world.finish().await;
        succeeded(&second);
        assert_eq!(second.counts, Counts { read: 4, unchanged: 4, ..Counts::default() });
        assert_eq!(world.change_seq().await, seq + 2, "the run started and ended");

        // Nor when the contact changes, whose record is written anew.
        slapd.set(&dn(0), "telephoneNumber", "+49 40 555").await;
        let third = world.finish().await;
        assert_eq!(third.counts, Counts { read: 4, updated: 1, unchanged: 3, ..Counts::default() });
        assert_eq!(world.avatars(anna).await, before);

        slapd.set(&dn(0), "thumbnailPhoto", jpeg(BLUE)).await;
        slapd.clear(&dn(1), "jpegPhoto").await;
        let fourth = world.finish().await;

        succeeded(&fourth);
        assert_eq!(fourth.counts, Counts { read: 4, unchanged: 4, photos: 1, ..Counts::default() });
        world.is_shown(anna, BLUE).await;
        assert_eq!(world.avatars(ben).await, []);
        let (a, b) = (dn(0), dn(1));
        let expected = [(RunAction::SetPhoto, a.as_str(), Some(anna)), (RunAction::RemovePhoto, b.as_str(), Some(ben))];
        assert_eq!(done(&world.entries(fourth.id).await), expected);
    }

    async fn photos_that_cannot_be_used_are_set_aside_and_the_rest_goes_on(db: TestDatabase) {
        let slapd = Slapd::with_people(5);
        for number in 0..4 {
            slapd.set(&dn(number), "thumbnailPhoto", jpeg(RED)).await;
        }
        let world = world(db, &slapd, Arc::new(reader())).await;
        assert_eq!(world.finish().await.counts.photos, 4);
        let before = world.avatars(world.nth(0).await.id).await;
        let cut = jpeg(BLUE);
        slapd.set(&dn(0), "thumbnailPhoto", "not a picture").await;
        slapd.set(&dn(1), "thumbnailPhoto", &cut[..cut.len() / 2]).await;
        slapd.set(&dn(2), "thumbnailPhoto", vec![0xff; 3 << 20]).await;
        slapd.set(&dn(3), "thumbnailPhoto", jpeg(BLUE)).await;
        slapd.set(&dn(4), "jpegPhoto", jpeg(GREEN)).await;

        let run = world.finish().await;

        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 5, unchanged: 5, photos: 2, set_aside: 3, ..Counts::default() });
        let lines = world.entries(run.id).await;
        let reason = |number: usize| {
            let line = lines.iter().find(|line| line.locator == dn(number)).expect("a line");
            assert_eq!(line.action, RunAction::SetAside);
            let reason = line.reason.clone().expect("a reason");
            (reason.field, reason.value, reason.rule)
        };
        let format = |expected: &'static str| Rule::Format { expected: expected.into() };
        let thumbnail = || "thumbnailPhoto".to_owned();
        assert_eq!(reason(0), (thumbnail(), "13 bytes".into(), format("a JPEG or PNG picture")));
        let half = format!("JPEG, {} bytes", cut.len() / 2);
        assert_eq!(reason(1), (thumbnail(), half, format("a complete and undamaged JPEG or PNG picture")));
        let rule = Rule::TooLong { max: 2 << 20, unit: "bytes".into() };
        assert_eq!(reason(2), (thumbnail(), "3145728 bytes".into(), rule));
        for (number, shown) in [RED, RED, RED, BLUE, GREEN].into_iter().enumerate() {
            world.is_shown(world.nth(number).await.id, shown).await;
        }
        assert_eq!(world.avatars(world.nth(0).await.id).await, before);
    }

    async fn who_is_out_of_service_keeps_the_photo_and_gets_no_other(db: TestDatabase) {
        let slapd = Slapd::with_people(4);
        for number in 0..3 {
            slapd.set(&dn(number), "thumbnailPhoto", jpeg(RED)).await;
        }
        let world = world(db, &slapd, Arc::new(reader())).await;
        succeeded(&world.finish().await);
        let [leaver, paused, deleted] = [world.nth(0).await.id, world.nth(1).await.id, world.nth(2).await.id];

        slapd.remove(&dn(0)).await;
        world.edit(paused, |fields| fields.is_disabled = true).await;
        slapd.set(&dn(1), "thumbnailPhoto", jpeg(BLUE)).await;
        let tenant = world.tenant;
        world.db.write(tenant, move |tx| contacts::remove(tx, deleted, None)).await.expect("there");
        let run = world.finish().await;

        succeeded(&run);
        assert_eq!((run.counts.disabled, run.counts.created, run.counts.photos), (1, 1, 1), "{run:?}");
        world.is_shown(leaver, RED).await;
        world.is_shown(paused, RED).await;
        world.is_shown(world.nth(2).await.id, RED).await;
        assert_eq!(world.nth(0).await.disabled_by, Some(DisabledBy::Sync));

        world.edit(paused, |fields| fields.is_disabled = false).await;
        assert_eq!(world.finish().await.counts.photos, 1);
        world.is_shown(paused, BLUE).await;
    }

    async fn what_somebody_uploaded_is_shown_before_the_photo(db: TestDatabase) {
        let slapd = Slapd::with_people(1);
        slapd.set(&dn(0), "thumbnailPhoto", jpeg(RED)).await;
        let world = world(db, &slapd, Arc::new(reader())).await;
        succeeded(&world.finish().await);
        let anna = world.nth(0).await.id;
        let give = async |shown, statuses: &[Availability]| {
            let picture = || Picture { media_type: "image/png".into(), bytes: png(shown) };
            let statuses = statuses.iter().copied().collect::<BTreeSet<_>>();
            let new = NewAvatar { large: picture(), small: picture(), statuses };
            world.db.write(world.tenant, move |tx| avatars::insert(tx, anna.into(), &new)).await.expect("given");
        };

        give(GREEN, &[Availability::Busy]).await;
        slapd.set(&dn(0), "thumbnailPhoto", jpeg(BLUE)).await;
        assert_eq!(world.finish().await.counts.photos, 1);
        assert_eq!(world.shown(anna, Availability::Busy).await, Some(GREEN));
        world.is_shown(anna, BLUE).await;

        give(RED, &[]).await;
        slapd.clear(&dn(0), "thumbnailPhoto").await;
        succeeded(&world.finish().await);
        assert_eq!(world.shown(anna, Availability::Busy).await, Some(GREEN));
        assert_eq!(world.shown(anna, Availability::Away).await, Some(RED));
        assert!(world.avatars(anna).await.iter().all(|avatar| !avatar.is_synced));
    }

    async fn each_source_follows_its_own_photos(db: TestDatabase) {
        let slapd = Slapd::with_people(2);
        let mut world = world(db, &slapd, Arc::new(reader())).await;
        let connection = LdapConnection { filter: "(uid=u000001)".into(), ..slapd.connection() };
        let fields = SourceFields { name: "Other".into(), ..source_fields(Connection::Ldap(connection)) };
        let (one, other) = (world.source, add_source(&world.db, world.tenant, fields).await);
        world.connect(&slapd, |connection| connection.filter = "(uid=u000000)".into()).await;
        for number in 0..2 {
            slapd.set(&dn(number), "thumbnailPhoto", jpeg(RED)).await;
        }
        for source in [one, other] {
            world.source = source;
            world.enter(slapd.secret()).await;
            assert_eq!(world.finish().await.counts, Counts { read: 1, created: 1, photos: 1, ..Counts::default() });
        }
        let (anna, ben) = (world.nth(0).await.id, world.nth(1).await.id);
        let sources: Vec<_> = world.avatars(ben).await.iter().map(|avatar| avatar.source).collect();
        assert_eq!(sources, [Some(other)]);

        slapd.clear(&dn(0), "thumbnailPhoto").await;
        slapd.clear(&dn(1), "thumbnailPhoto").await;
        succeeded(&world.finish().await);

        world.is_shown(anna, RED).await;
        assert_eq!(world.avatars(ben).await, []);
        world.source = one;
        succeeded(&world.finish().await);
        assert_eq!(world.avatars(anna).await, []);
    }

    async fn a_directory_that_dies_between_photos_takes_nobodys(db: TestDatabase) {
        let slapd = Slapd::with_people(60);
        for number in 0..60 {
            slapd.set(&dn(number), "thumbnailPhoto", jpeg(RED)).await;
        }
        let world = world(db, &slapd, Arc::new(reader())).await;
        assert_eq!(world.finish().await.counts.photos, 60);
        for number in 0..40 {
            slapd.set(&dn(number), "thumbnailPhoto", jpeg(BLUE)).await;
        }
        slapd.clear(&dn(59), "thumbnailPhoto").await;
        let slapd = Mutex::new(Some(slapd));
        let killer = Killer { inner: reader(), after_entries: None, after_photos: Some(15), slapd };
        let world = World { engine: engine(&world.db, Arc::new(killer)), ..world };

        let run = world.finish().await;

        let Some(problem @ RunProblem::PhotosUnread { read, detail }) = &run.problem else { panic!("{run:?}") };
        assert_eq!(run.state, RunState::Succeeded);
        assert!((15..60).contains(read) && detail.starts_with("the connection"), "{problem}");
        let sentence = format!(
            "The contacts were brought in step, but the photos were not read to the end (after {read}: {detail}), so \
             no photo was removed."
        );
        assert_eq!(problem.to_string(), sentence);
        let read = usize::try_from(*read).expect("few");
        let changed = read.min(40);
        assert_eq!(run.counts, Counts { read: 60, unchanged: 60, photos: changed as u64, ..Counts::default() });
        for (number, shown) in [(0, BLUE), (14, BLUE), (58, RED), (59, RED)] {
            world.is_shown(world.nth(number).await.id, shown).await;
        }
    }

    async fn a_file_gives_photos_too_unless_its_mapping_names_none(db: TestDatabase) {
        let (tenant, folder) = (db.tenant("Acme").await, TempDir::new().expect("a folder"));
        let file = folder.path().join(tenant.to_string()).join("people.ldif");
        std::fs::create_dir(file.parent().expect("a folder")).expect("made");
        let entry = |photo: &[u8]| {
            let folded = BASE64_STANDARD.encode(photo).into_bytes();
            let folded = folded.chunks(70).map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>();
            people(1).replace("uid: u000000\n", &format!("uid: u000000\nthumbnailPhoto:: {}\n", folded.join("\n ")))
        };
        let write = |text: String| std::fs::write(&file, text).expect("written");
        let policy = SourcePolicy { file_folder: Some(folder.path().into()), ..SourcePolicy::default() };
        let connection = Connection::File(FileConnection { path: "people.ldif".into(), format: FileFormat::Ldif });
        let source = add_source(&db, tenant, source_fields(connection.clone())).await;
        let engine = engine(&db, Arc::new(SourceReader::new(policy)));
        let world = World { db, tenant, source, script: Arc::default(), engine };

        write(entry(&jpeg(RED)));
        let run = world.finish().await;
        succeeded(&run);
        assert_eq!(run.counts, Counts { read: 1, created: 1, photos: 1, ..Counts::default() });
        let anna = world.nth(0).await.id;
        world.is_shown(anna, RED).await;

        write(entry(&vec![0xff; 3 << 20]));
        let run = world.finish().await;
        let line = world.entries(run.id).await.remove(0);
        let reason = line.reason.expect("a reason");
        assert_eq!((line.contact, reason.field.as_str()), (Some(anna), "thumbnailPhoto"));
        assert_eq!(reason.value, "more than 2097152 bytes");

        let mapping = Mapping { display_name: vec!["cn".into()], ..Mapping::default() };
        world.edit_source(|source| source.mapping = Some(mapping)).await;
        write(people(1));
        succeeded(&world.finish().await);
        world.is_shown(anna, RED).await;

        world.edit_source(|source| source.mapping = None).await;
        succeeded(&world.finish().await);
        assert_eq!(world.avatars(anna).await, []);
    }
}
