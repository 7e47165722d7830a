//! Synchronisation against a scripted source and against a real directory.

mod adding;
mod alerts;
mod approved;
mod aside;
mod changes;
mod counted;
mod directory;
mod domain;
mod doubted;
mod fallback;
mod faults;
mod groups;
mod guarded;
mod held;
mod kept;
mod killed;
mod limited;
mod looked_up;
mod mailed;
mod mapped;
mod meanwhile;
mod peers;
mod photos;
mod pictures;
mod pinned;
mod previewed;
mod renamed;
mod restored;
mod results;
mod scheduled;
mod services;
mod several;
mod shut_out;
mod steered;
mod stored;
mod told;
mod undone;
mod values;
mod waiting;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ::sync::engine::Engine;
use ::sync::reader::{ReadFailure, Reader, Reading};
use ::sync::run::Parts;
use directory_model::audit::{Actor, Origin};
use directory_model::clock::Clock;
use directory_model::contact::{Contact, ContactFields};
use directory_model::id::{ContactId, RunId, SourceId, TenantId};
use directory_model::page::PageRequest;
use directory_model::port::{BoxFuture, StartRefused, SyncHandle};
use directory_model::record::{
    MappedRecord, ReadCursor, ReadEnd, Reported, ReportedPhoto, Sought, SourceGroups, SourceRecord, WholeBecause,
};
use directory_model::run::{Run, RunEntry, RunExtent, RunProblem, RunState, Trigger};
use directory_model::secret::Secret;
use directory_model::source::{Connection, FileConnection, FileFormat, SourceFields};
use directory_model::valid::Check;
use directory_source::SourceError;
use directory_store::{contacts, sources, sync_runs, tenants};
use suite::backend::TestDatabase;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

/// A source that says what a test wants it to say.
#[derive(Default)]
struct Script {
    entries: Mutex<Vec<Reported>>,
    // How the read ends; completely, when nothing is said.
    end: Mutex<Option<Result<ReadEnd, RunProblem>>>,
    // What a read of changes reports and how it ends; a source that cannot tell them, without.
    changes: Mutex<Option<(Vec<Reported>, ReadEnd)>>,
    // Where a read of everything ended.
    cursor: Mutex<Option<ReadCursor>>,
    // From where reads of changes wanted to continue.
    asked: Mutex<Vec<Option<ReadCursor>>>,
    // The read waits here after its entries, when there is one.
    gate: Mutex<Option<Arc<Notify>>>,
    // Told when a read begins.
    on_read: Mutex<Option<mpsc::Sender<()>>>,
    // The read panics after its entries.
    is_broken: AtomicBool,
    // The photos; none are given at all, when nothing is said.
    photos: Mutex<Option<Vec<ReportedPhoto>>>,
    // How the read of photos ends; completely, when nothing is said.
    photos_end: Mutex<Option<Result<ReadEnd, SourceError>>>,
    // Told when all photos but the end were said; the read then waits until it is cancelled.
    photos_gate: Mutex<Option<Arc<Notify>>>,
    // The groups; none are read at all, when nothing is said.
    groups: Mutex<Option<Result<SourceGroups, SourceError>>>,
}

impl Reader for Script {
    fn read<'a>(
        &'a self,
        Reading { only, last, only_changes, .. }: Reading<'a>,
        out: mpsc::Sender<Reported>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ReadEnd, ReadFailure>> {
        Box::pin(async move {
            if only_changes {
                self.asked.lock().unwrap().push(last.cloned());
                let changes = self.changes.lock().unwrap().clone();
                let (entries, end) = changes.ok_or(ReadFailure::CannotContinue(WholeBecause::Unsupported))?;
                for entry in entries {
                    out.send(entry).await.map_err(|_| RunProblem::Interrupted)?;
                }
                return Ok(end);
            }
            if let Some(told) = &*self.on_read.lock().unwrap() {
                // Whoever wanted to know may have heard enough.
                let _ = told.try_send(());
            }
            let mut entries = self.entries.lock().unwrap().clone();
            entries.retain(|entry| only.is_none_or(|only| is_sought(entry, only)));
            let cursor = self.cursor.lock().unwrap().clone();
            let complete = ReadEnd { cursor, ..ReadEnd::whole(entries.len() as u64) };
            for entry in entries {
                if out.send(entry).await.is_err() {
                    return Err(RunProblem::Interrupted.into());
                }
            }
            assert!(!self.is_broken.load(Ordering::Relaxed), "the reader is broken");
            let gate = self.gate.lock().unwrap().clone();
            if let Some(gate) = gate {
                tokio::select! {
                    () = gate.notified() => {}
                    () = cancel.cancelled() => return Err(RunProblem::Interrupted.into()),
                }
            }
            Ok(self.end.lock().unwrap().clone().unwrap_or(Ok(complete))?)
        })
    }

    fn read_photos<'a>(
        &'a self,
        Reading { only, .. }: Reading<'a>,
        out: mpsc::Sender<ReportedPhoto>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Option<ReadEnd>, SourceError>> {
        Box::pin(async move {
            let Some(mut photos) = self.photos.lock().unwrap().clone() else { return Ok(None) };
            let is_sought = |photo: &ReportedPhoto, only: &[Sought]| {
                only.iter().any(|sought| matches!(sought, Sought::Entry(id) if photo.external_id() == Some(id)))
            };
            photos.retain(|photo| only.is_none_or(|only| is_sought(photo, only)));
            let complete = ReadEnd::whole(photos.len() as u64);
            for photo in photos {
                out.send(photo).await.map_err(|_| SourceError::Cancelled)?;
            }
            let gate = self.photos_gate.lock().unwrap().clone();
            if let Some(gate) = gate {
                gate.notify_one();
                cancel.cancelled().await;
                return Err(SourceError::Cancelled);
            }
            self.photos_end.lock().unwrap().clone().unwrap_or(Ok(complete)).map(Some)
        })
    }

    fn read_groups<'a>(
        &'a self,
        _reading: Reading<'a>,
        _cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Option<SourceGroups>, SourceError>> {
        let groups = self.groups.lock().unwrap().clone();
        Box::pin(async move { groups.transpose() })
    }
}

/// Whether a source would report the entry to whoever asks for some contacts.
fn is_sought(entry: &Reported, only: &[Sought]) -> bool {
    only.iter().any(|sought| match sought {
        Sought::Entry(id) => entry.external_id() == Some(id),
        Sought::Addresses { .. } => sought.keys().iter().any(|key| entry.keys().contains(key)),
    })
}

/// A tenant with one source, and the engine that runs it.
struct World {
    db: TestDatabase,
    tenant: TenantId,
    source: SourceId,
    script: Arc<Script>,
    engine: Engine,
}

fn source_fields(connection: Connection) -> SourceFields {
    SourceFields {
        name: "Directory".into(),
        connection,
        mapping: None,
        normalize_numbers: None,
        schedule: Some("30 1 * * *".into()),
        poll_minutes: None,
        time_zone: "Europe/London".into(),
        approval_threshold_percent: 50,
        change_threshold_percent: None,
        leavers: directory_model::source::Leavers::default(),
        keep_days: 30,
        presence: None,
        is_disabled: false,
    }
}

async fn add_source(db: &TestDatabase, tenant: TenantId, fields: SourceFields) -> SourceId {
    let fields = fields.check().expect("a valid source");
    db.write(tenant, move |tx| sources::insert(tx, &fields)).await.id
}

fn engine(db: &TestDatabase, reader: Arc<dyn Reader>) -> Engine {
    Engine::new(Parts { database: db.database.clone(), clock: Arc::new(db.clock.clone()), reader })
}

impl World {
    async fn new(db: TestDatabase) -> Self {
        let tenant = db.tenant("Acme").await;
        let file = FileConnection { path: "people.csv".into(), format: FileFormat::Csv };
        let source = add_source(&db, tenant, source_fields(Connection::File(file))).await;
        let script = Arc::<Script>::default();
        let engine = engine(&db, script.clone());
        Self { db, tenant, source, script, engine }
    }

    fn says(&self, entries: &[SourceRecord]) {
        let entries = entries.iter().map(|entry| Reported::Entry(Box::new(entry.clone()))).collect();
        *self.script.entries.lock().unwrap() = entries;
    }

    fn origin(&self) -> Origin {
        Origin { actor: Actor::System, request: None, at: self.db.clock.now() }
    }

    async fn start(&self) -> Result<RunId, StartRefused> {
        self.start_for(RunExtent::Whole).await
    }

    async fn start_for(&self, extent: RunExtent) -> Result<RunId, StartRefused> {
        self.engine.start(self.tenant, self.source, Trigger::Manual, extent, self.origin()).await
    }

    /// One run that reads `entries`, and how it ended.
    async fn run(&self, entries: &[SourceRecord]) -> Run {
        self.says(entries);
        self.finish().await
    }

    async fn finish(&self) -> Run {
        let run = self.start().await.expect("the run starts");
        self.engine.ended(run).await;
        self.found(run).await
    }

    /// One run over what changed, and how it ended.
    async fn changes(&self) -> Run {
        let run = self.start_for(RunExtent::Changes).await.expect("the run starts");
        self.engine.ended(run).await;
        self.found(run).await
    }

    /// What the next read of changes reports, and how it ends.
    fn changed(&self, reported: Vec<Reported>, end: ReadEnd) {
        *self.script.changes.lock().unwrap() = Some((reported, end));
    }

    /// Lets a plan that waits be carried out, and says how that ended.
    async fn approve(&self, run: RunId) -> Run {
        self.engine.approve(self.tenant, run, self.origin()).await.expect("approved");
        self.engine.ended(run).await;
        self.found(run).await
    }

    /// The plan that takes the run back, as it waits.
    async fn plan_undo(&self, run: RunId) -> Run {
        let undo = self.engine.undo(self.tenant, run, self.origin()).await.expect("starts");
        self.engine.ended(undo).await;
        self.found(undo).await
    }

    /// Takes the run back.
    async fn undo(&self, run: RunId) -> Run {
        let planned = self.plan_undo(run).await;
        assert_eq!(planned.state, RunState::AwaitingApproval);
        self.approve(planned.id).await
    }

    async fn edit_source(&self, edit: impl FnOnce(&mut SourceFields) + Send + 'static) {
        let (key, id) = (Arc::clone(self.db.database.sealing_key()), self.source);
        let edit = move |tx: &mut directory_store::tx::Tx<'_>| {
            let found = sources::find(tx.conn, &key, tx.tenant, id)?.expect("the source");
            let mut fields = found.fields;
            edit(&mut fields);
            sources::update(tx, &key, id, found.revision, &fields.check().expect("valid"))
        };
        self.db.write(self.tenant, edit).await.expect("the source");
    }

    async fn found(&self, run: RunId) -> Run {
        let tenant = self.tenant;
        self.db.read(move |conn| sync_runs::find(conn, tenant, run)).await.expect("the run is recorded")
    }

    async fn entries(&self, run: RunId) -> Vec<RunEntry> {
        let (tenant, page) = (self.tenant, PageRequest::default());
        self.db.read(move |conn| sync_runs::entries(conn, tenant, run, &page)).await.expect("the run").items
    }

    /// Everything that is known of every contact.
    async fn contacts(&self) -> Vec<Contact> {
        let tenant = self.tenant;
        let all = self.db.read(move |conn| contacts::all(conn, tenant, 0, 10_000)).await;
        all.into_iter().map(|(_, contact)| contact).collect()
    }

    async fn contact(&self, name: &str) -> Contact {
        let all = self.contacts().await;
        all.into_iter().find(|contact| contact.fields.display_name.as_deref() == Some(name)).expect(name)
    }

    async fn edit(&self, id: ContactId, edit: impl FnOnce(&mut ContactFields) + Send + 'static) {
        let tenant = self.tenant;
        let edit = move |tx: &mut directory_store::tx::Tx<'_>| {
            let contact = contacts::find(tx.conn, tenant, id)?.expect("the contact");
            let mut fields = contact.fields;
            edit(&mut fields);
            contacts::update(tx, id, contact.revision, &fields.check().expect("valid"))
        };
        self.db.write(tenant, edit).await.expect("the contact");
    }

    async fn change_seq(&self) -> i64 {
        let tenant = self.tenant;
        self.db.read(move |conn| tenants::change_seq(conn, tenant)).await.expect("the tenant")
    }

    async fn switch_sync(&self, is_on: bool) {
        let tenant = self.tenant;
        let switch = move |tx: &mut directory_store::tx::Tx<'_>| {
            let found = tenants::find(tx.conn, tenant)?.expect("the tenant");
            let mut fields = found.fields;
            fields.is_directory_sync_enabled = is_on;
            tenants::update(tx, tenant, found.revision, &fields.check().expect("valid"))
        };
        self.db.write(tenant, switch).await.expect("the tenant");
    }
}

/// An entry whose display name is `name`, with a mail address made from it.
fn entry(name: &str) -> SourceRecord {
    let synced = ContactFields {
        display_name: Some(name.into()),
        mail: Some(format!("{name}@example.com")),
        ..ContactFields::default()
    };
    let mapped = MappedRecord { last_name: Some(name.into()), synced, ..MappedRecord::default() };
    SourceRecord {
        external_id: name.as_bytes().to_vec(),
        locator: format!("cn={name},dc=example"),
        mapped,
        origin_id: None,
        values: None,
    }
}

fn entries(names: &[&str]) -> Vec<SourceRecord> {
    names.iter().map(|name| entry(name)).collect()
}

fn succeeded(run: &Run) {
    assert_eq!((run.state, &run.problem), (RunState::Succeeded, &None));
}
