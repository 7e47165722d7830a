//! Synchronisation with a real slapd.

use ::sync::reader::SourceReader;
use directory_model::run::Counts;
use directory_model::source::LdapConnection;
use directory_source::SourcePolicy;
use directory_source::outbound::OutboundPolicy;
use suite::on_each_backend;
use suite::slapd::{Options, PEOPLE, Slapd, people};
use suite::tls::Validity;

use super::*;

fn reader() -> SourceReader {
    let outbound = OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() };
    SourceReader::new(SourcePolicy { outbound, ..SourcePolicy::default() })
}

/// A world whose source is the directory.
async fn world(db: TestDatabase, slapd: &Slapd, reader: Arc<dyn Reader>) -> World {
    let tenant = db.tenant("Acme").await;
    let connection = LdapConnection { page_size: 10, ..slapd.connection() };
    let source = add_source(&db, tenant, source_fields(Connection::Ldap(connection))).await;
    let engine = engine(&db, reader);
    let world = World { db, tenant, source, script: Arc::default(), engine };
    world.enter(slapd.secret()).await;
    world
}

impl World {
    /// Enters the source's secret.
    async fn enter(&self, secret: Secret) {
        let (source, key) = (self.source, Arc::clone(self.db.database.sealing_key()));
        let enter = move |tx: &mut directory_store::tx::Tx<'_>| sources::set_secret(tx, &key, source, Some(&secret));
        self.db.write(self.tenant, enter).await.expect("the source");
    }

    /// Changes the source's connection, which may drop its secret.
    async fn connect(&self, slapd: &Slapd, change: impl FnOnce(&mut LdapConnection)) {
        let mut connection = LdapConnection { page_size: 10, ..slapd.connection() };
        change(&mut connection);
        let fields = source_fields(Connection::Ldap(connection)).check().expect("a valid source");
        let (tenant, source, key) = (self.tenant, self.source, Arc::clone(self.db.database.sealing_key()));
        let update = move |tx: &mut directory_store::tx::Tx<'_>| {
            let found = sources::find(tx.conn, &key, tenant, source)?.expect("the source");
            sources::update(tx, &key, source, found.revision, &fields)
        };
        self.db.write(tenant, update).await.expect("the source");
    }

    async fn sentence(&self) -> String {
        let run = self.finish().await;
        assert_eq!(run.state, RunState::Failed, "{run:?}");
        run.problem.expect("a problem").to_string()
    }
}

/// Reads through another reader and kills the server after some entries.
struct Killer {
    inner: SourceReader,
    after: usize,
    slapd: Mutex<Option<Slapd>>,
}

impl Reader for Killer {
    fn read<'a>(
        &'a self,
        tenant: TenantId,
        source: &'a Source,
        secret: Option<&'a Secret>,
        out: mpsc::Sender<Reported>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ReadEnd, RunProblem>> {
        Box::pin(async move {
            let (between, mut entries) = mpsc::channel(1);
            let pass = async {
                let mut passed = 0;
                while let Some(entry) = entries.recv().await {
                    passed += 1;
                    if passed == self.after
                        && let Some(mut slapd) = self.slapd.lock().unwrap().take()
                    {
                        slapd.kill();
                    }
                    out.send(entry).await.expect("the run listens");
                }
            };
            let (end, ()) = tokio::join!(self.inner.read(tenant, source, secret, between, cancel), pass);
            end
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
        succeeded(&world.finish().await);
        let before = world.contacts().await;

        world.connect(&slapd, |connection| connection.filter = "(uid=nobody)".into()).await;
        assert_eq!(world.sentence().await, "The source answered without a single entry, so no contact was changed.");
        assert_eq!(world.contacts().await, before);

        world.enter(Secret::new("wrong")).await;
        let refused = world.sentence().await;
        assert!(refused.starts_with("The directory refused the name `cn=svc,dc=example,dc=com`"), "{refused}");
        assert_eq!(world.contacts().await, before);

        let (url, trusted) = (slapd.ldaps_url(), slapd.trusted_certificates());
        world.connect(&slapd, |connection| {
            connection.url = url;
            connection.trusted_certificates = Some(trusted);
        }).await;
        world.enter(slapd.secret()).await;
        let expired = world.sentence().await;
        assert!(expired.starts_with("The certificate of `ldaps://"), "{expired}");
        assert_eq!(world.contacts().await, before);
    }

    async fn a_server_killed_in_the_middle_of_a_read_changes_nobody(db: TestDatabase) {
        let slapd = Slapd::with_people(60);
        let first = world(db, &slapd, Arc::new(reader())).await;
        succeeded(&first.finish().await);
        let before = first.contacts().await;
        // Whoever is read before the end would be changed, if anybody were.
        slapd.set(&format!("uid=u000000,{PEOPLE}"), "telephoneNumber", "+49 40 555").await;
        let url = slapd.url();
        let killer = Killer { inner: reader(), after: 15, slapd: Mutex::new(Some(slapd)) };
        let engine = engine(&first.db, Arc::new(killer));
        let second = World { engine, ..first };

        let sentence = second.sentence().await;

        assert!(sentence.starts_with("The read was cut short after "), "{sentence}");
        assert_eq!(second.contacts().await, before);
        let sentence = second.sentence().await;
        assert!(sentence.starts_with(&format!("The directory at `{url}` could not be reached")), "{sentence}");
        assert_eq!(second.contacts().await, before);
    }
}
