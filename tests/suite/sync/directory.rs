//! Synchronisation with a real slapd.

use ::sync::reader::SourceReader;
use directory_model::run::Counts;
use directory_model::source::LdapConnection;
use directory_source::SourcePolicy;
use directory_source::outbound::OutboundPolicy;
use suite::on_each_backend;
use suite::slapd::{BIND_DN, Options, PEOPLE, Slapd, people};
use suite::tls::Validity;

use super::*;

pub(super) fn policy() -> SourcePolicy {
    let outbound = OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() };
    SourcePolicy { outbound, ..SourcePolicy::default() }
}

pub(super) fn reader() -> SourceReader {
    SourceReader::new(policy())
}

/// A world whose source is the directory.
pub(super) async fn world(db: TestDatabase, slapd: &Slapd, reader: Arc<dyn Reader>) -> World {
    let tenant = db.tenant("Acme").await;
    let connection = LdapConnection { page_size: 10, ..slapd.connection() };
    let source = add_source(&db, tenant, source_fields(Connection::Ldap(connection))).await;
    let engine = engine(&db, reader);
    let world = World { db, tenant, source, script: Arc::default(), engine };
    world.enter(slapd.secret()).await;
    world
}

/// Two thirds of thirty people, in the words of slapd.access(5).
const MOST: &str = "dn.regex=\"^uid=u0000[01].,\"";

impl World {
    /// Enters the source's secret.
    pub(super) async fn enter(&self, secret: Secret) {
        let (source, key) = (self.source, Arc::clone(self.db.database.sealing_key()));
        let enter = move |tx: &mut directory_store::tx::Tx<'_>| sources::set_secret(tx, &key, source, Some(&secret));
        self.db.write(self.tenant, enter).await.expect("the source");
    }

    /// Changes the source's connection, which may drop its secret.
    pub(super) async fn connect(&self, slapd: &Slapd, change: impl FnOnce(&mut LdapConnection)) {
        let mut connection = LdapConnection { page_size: 10, ..slapd.connection() };
        change(&mut connection);
        self.edit_source(|source| *source = source_fields(Connection::Ldap(connection))).await;
    }

    async fn sentence(&self) -> String {
        let run = self.finish().await;
        assert_eq!(run.state, RunState::Failed, "{run:?}");
        let Counts { read, unchanged, .. } = run.counts;
        assert_eq!(run.counts, Counts { read, unchanged, ..Counts::default() });
        assert_eq!(self.entries(run.id).await, []);
        run.problem.expect("a problem").to_string()
    }

    /// A contact made by hand to which the first entry of every directory belongs.
    async fn somebody_by_hand(&self) {
        let fields = ContactFields { mail: Some("anna.adams0@example.com".into()), ..ContactFields::default() };
        let fields = fields.check().expect("valid");
        self.db.write(self.tenant, move |tx| contacts::insert(tx, &fields)).await;
    }

    /// A read during which the directory is killed, and one that does not find it any more.
    async fn dies_in_the_middle(self, slapd: Slapd) {
        let (before, url) = (self.contacts().await, slapd.url());
        let slapd = Mutex::new(Some(slapd));
        let killer = Killer { inner: reader(), after_entries: Some(15), after_photos: None, slapd };
        let engine = engine(&self.db, Arc::new(killer));
        let world = World { engine, ..self };

        let run = world.finish().await;

        let Some(problem @ RunProblem::CutShort { read, detail }) = &run.problem else { panic!("{run:?}") };
        assert_eq!((run.state, *read), (RunState::Failed, run.counts.read));
        assert!((15..60).contains(read), "{read}");
        // The kernel says the one or the other.
        assert!(
            detail.starts_with("the connection was closed") || detail.starts_with("the connection broke"),
            "{detail}"
        );
        let sentence = format!("The read was cut short after {read} entries ({detail}), so no contact was changed.");
        assert_eq!(problem.to_string(), sentence);
        assert_eq!(world.contacts().await, before);
        let sentence = world.sentence().await;
        assert!(sentence.starts_with(&format!("The directory at `{url}` could not be reached")), "{sentence}");
        assert_eq!(world.contacts().await, before);
    }
}

/// Reads through another reader and kills the server after some entries or photos.
pub(super) struct Killer {
    pub(super) inner: SourceReader,
    pub(super) after_entries: Option<usize>,
    pub(super) after_photos: Option<usize>,
    pub(super) slapd: Mutex<Option<Slapd>>,
}

impl Killer {
    /// Passes on what is read, and kills the server when that is the one to stop after.
    async fn pass<T>(&self, mut read: mpsc::Receiver<T>, out: mpsc::Sender<T>, after: Option<usize>) {
        let mut passed = 0;
        while let Some(one) = read.recv().await {
            passed += 1;
            if Some(passed) == after
                && let Some(mut slapd) = self.slapd.lock().unwrap().take()
            {
                slapd.kill();
            }
            assert!(out.send(one).await.is_ok(), "the run listens");
        }
    }
}

impl Reader for Killer {
    fn read<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<Reported>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ReadEnd, ReadFailure>> {
        Box::pin(async move {
            let (between, entries) = mpsc::channel(1);
            let pass = self.pass(entries, out, self.after_entries);
            tokio::join!(self.inner.read(reading, between, cancel), pass).0
        })
    }

    fn read_photos<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<ReportedPhoto>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Option<ReadEnd>, SourceError>> {
        Box::pin(async move {
            let (between, photos) = mpsc::channel(1);
            let pass = self.pass(photos, out, self.after_photos);
            tokio::join!(self.inner.read_photos(reading, between, cancel), pass).0
        })
    }
}

on_each_backend! {
    async fn a_directory_is_followed_from_entry_to_contact(db: TestDatabase) {
        let slapd = Slapd::with_people(30);
        let world = world(db, &slapd, Arc::new(reader())).await;

        let first = world.finish().await;
        succeeded(&first);
        assert_eq!((first.counts.read, first.counts.created), (30, 30));
        let before = world.contacts().await;

        slapd.set(&format!("uid=u000003,{PEOPLE}"), "telephoneNumber", "+49 40 555").await;
        slapd.remove(&format!("uid=u000004,{PEOPLE}")).await;
        let second = world.finish().await;

        succeeded(&second);
        let expected = Counts { read: 29, updated: 1, disabled: 1, unchanged: 28, ..Counts::default() };
        assert_eq!(second.counts, expected);
        let after = world.contacts().await;
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
        assert_eq!((after.len(), changed), (30, 2));
        assert!(after.iter().any(|contact| contact.fields.work_phone.as_deref() == Some("+49 40 555")));
    }

    async fn what_goes_wrong_changes_nobody_and_is_said_in_one_sentence(db: TestDatabase) {
        let options = Options { entries: people(20), validity: Some(Validity::Expired), ..Options::default() };
        let slapd = Slapd::start(&options);
        let world = world(db, &slapd, Arc::new(reader())).await;
        world.somebody_by_hand().await;

        // On the first run, and again on a later one.
        for has_run in [false, true] {
            if has_run {
                let done = world.finish().await;
                succeeded(&done);
                assert_eq!((done.counts.created, done.counts.linked), (19, 1));
            }
            let before = world.contacts().await;
            assert_eq!(before.len(), if has_run { 20 } else { 1 });

            world.connect(&slapd, |connection| connection.filter = "(uid=nobody)".into()).await;
            assert_eq!(world.sentence().await, "The source answered without a single entry, so no contact was changed.");
            assert_eq!(world.contacts().await, before);

            world.connect(&slapd, |_| {}).await;
            world.enter(Secret::new("wrong")).await;
            assert_eq!(
                world.sentence().await,
                format!("The directory refused the name `{BIND_DN}` or its password, so no contact was changed.")
            );
            assert_eq!(world.contacts().await, before);

            let (url, trusted) = (slapd.ldaps_url(), slapd.trusted_certificates());
            world.connect(&slapd, |connection| {
                connection.url = url;
                connection.trusted_certificates = Some(trusted);
            }).await;
            world.enter(slapd.secret()).await;
            assert_eq!(
                world.sentence().await,
                format!("The certificate of `{}` was not accepted (it has expired), so no contact was changed.", slapd.ldaps_url())
            );
            assert_eq!(world.contacts().await, before);

            world.connect(&slapd, |_| {}).await;
            world.enter(slapd.secret()).await;
        }
    }

    async fn whoever_may_not_be_read_any_more_has_not_left(db: TestDatabase) {
        let slapd = Slapd::start(&Options { entries: people(30), is_synchronizing: true, ..Options::default() });
        let world = world(db, &slapd, Arc::new(reader())).await;
        succeeded(&world.finish().await);
        let before = world.everything().await;
        assert_eq!(before.0.len(), 30);
        let doubted = Some(RunProblem::TooManyRemovals { removals: 20, known: 30, threshold_percent: 50 });
        let nameless = |entries| Some(RunProblem::LeaversKept { entries, contacts: entries });

        let children = format!("dn.children=\"{PEOPLE}\"");
        let subtree = format!("dn.subtree=\"{PEOPLE}\"");
        let both = |problem: Option<RunProblem>| [problem.clone(), problem];
        // A server that synchronises tells who is there, although it hides their identities elsewhere.
        let whole_alone = [nameless(20), None];
        for (what, hidden, state, problems) in [
            ("most", MOST, RunState::AwaitingApproval, both(doubted)),
            ("all", children.as_str(), RunState::Failed, both(Some(RunProblem::Empty))),
            ("their place", subtree.as_str(), RunState::Failed, both(None)),
            ("what the filter asks for", "attrs=objectClass", RunState::Failed, both(Some(RunProblem::Empty))),
            ("the identity of all", "attrs=entryUUID", RunState::Succeeded, both(nameless(30))),
            ("the identity of most", &format!("{MOST} attrs=entryUUID"), RunState::Succeeded, whole_alone),
        ] {
            slapd.hide(hidden).await;
            for (extent, problem) in [RunExtent::Whole, RunExtent::Changes].into_iter().zip(problems) {
                // Where something happened, a read of changes is told who is still there: who is hidden is not.
                slapd.set(&format!("uid=u000005,{PEOPLE}"), "title", &format!("{what} {extent:?}")).await;
                let run = if extent == RunExtent::Whole { world.finish().await } else { world.changes().await };
                assert_eq!(run.state, state, "{what} {extent:?}: {run:?}");
                if state == RunState::Failed && problem.is_none() {
                    let found = &run.problem;
                    let is_refused = matches!(found, Some(RunProblem::SearchRefused { .. } | RunProblem::CutShort { .. }));
                    assert!(is_refused, "{what} {extent:?}: {found:?}");
                } else {
                    assert_eq!(run.problem, problem, "{what} {extent:?}");
                }
                assert_eq!(world.everything().await, before, "{what} {extent:?}");
                if run.state == RunState::AwaitingApproval {
                    world.refuse(run.id).await;
                }
            }
        }
        slapd.hide("").await;
        let healed = world.finish().await;
        succeeded(&healed);
        assert_eq!(healed.counts, Counts { read: 30, updated: 1, unchanged: 29, ..Counts::default() });
    }

    async fn a_server_killed_in_the_middle_of_a_first_read_changes_nobody(db: TestDatabase) {
        let slapd = Slapd::with_people(60);
        let world = world(db, &slapd, Arc::new(reader())).await;
        world.somebody_by_hand().await;

        world.dies_in_the_middle(slapd).await;
    }

    async fn a_server_killed_in_the_middle_of_a_later_read_changes_nobody(db: TestDatabase) {
        let slapd = Slapd::with_people(60);
        let world = world(db, &slapd, Arc::new(reader())).await;
        world.somebody_by_hand().await;
        succeeded(&world.finish().await);
        // Whoever is read before the end would be changed, if anybody were.
        slapd.set(&format!("uid=u000000,{PEOPLE}"), "telephoneNumber", "+49 40 555").await;

        world.dies_in_the_middle(slapd).await;
    }
}
