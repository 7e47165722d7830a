//! What a test starts in order to kill it: a process that dies in the middle of its work.

use std::env;
use std::io::{Read, Write};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, SystemClock};
use directory_model::id::{ContactId, RunId, SourceId, SystemIds, TenantId};
use directory_model::port::{BoxFuture, ChangeSink, SyncHandle};
use directory_model::presence::Availability;
use directory_model::presence::lync::LowNumbers;
use directory_model::progress::Phase;
use directory_model::record::{ReadEnd, Reported, ReportedPhoto};
use directory_model::run::{RunExtent, Trigger};
use directory_model::source::SipTransport;
use directory_source::outbound::OutboundPolicy;
use directory_source::sip::{Agent, Notice, Outcome, Package, Told, meaning};
use directory_source::{SourceError, SourcePolicy};
use directory_store::avatars::{self, NewAvatar, Picture};
use directory_store::contacts;
use directory_store::database::{Database, OpenOptions};
use directory_store::error::StoreResult;
use directory_store::presence_rows::{self, ManualPresence};
use directory_store::tx::Tx;
use suite::baresip::Baresip;
use suite::fixture::person;
use suite::kamailio::Kamailio;
use suite::process::{Server, Stop, scratch};
use sync::engine::Engine;
use sync::reader::{ReadFailure, Reader, Reading, SourceReader};
use sync::run::Parts;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

#[expect(clippy::panic, reason = "the test that started it reads the sentence")]
fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["hold-a-server"] => hold_a_server(),
        ["telephone"] => telephone(),
        ["write", url, tenant, round] => write(url, tenant, round),
        ["synchronize", url, tenant, source, folder, what, count] => {
            let death = Death::new(what, count.parse().unwrap_or(0));
            synchronize(url, (tenant, source), folder, death);
        }
        ["apply", url, tenant, run, count] => apply(url, tenant, run, count.parse().unwrap_or(0)),
        other => panic!("`{other:?}` is nothing to do"),
    }
}

/// Starts a server, says which and where its files are, and waits to be killed.
#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
fn hold_a_server() {
    let server = Server::start("held", Command::new("sleep").arg("600"), Stop::Politely);
    writeln!(std::io::stdout(), "{} {}", server.id(), scratch().display()).expect("the test listens");
    let _ = std::io::stdin().read(&mut [0]);
}

/// In a network of its own: a telephone publishes at a Kamailio whether somebody is there, a source hears it, and this
/// process says what.
#[tokio::main]
#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
async fn telephone() {
    let server = Kamailio::new();
    let outbound = OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() };
    let connected = Agent::connect(&server.connection(SipTransport::Udp), Some(&server.secret()), &outbound).await;
    let (agent, mut notices) = connected.expect("the server is there");
    let hour = Duration::from_hours(1);
    let subscribed = agent.subscribe(agent.new_id(), "sip:bob@example.com", Package::Presence, hour).await;
    assert!(matches!(subscribed, Outcome::Granted { .. }), "{subscribed:?}");
    let telephone = Baresip::start("bob", &server.address());
    for (command, is_open) in [("presence_online", true), ("presence_offline", false)] {
        telephone.command(command);
        while let Some(Notice::Told { told, .. }) = notices.recv().await {
            let Some(Told::Presence(pidf)) = told else { continue };
            if pidf.tuples.iter().any(|tuple| tuple.is_open == Some(is_open)) {
                let means = meaning::of_presence(&pidf, SystemClock.now(), LowNumbers::Unknown).stated;
                say(&format!("{:?}", means.first().map(|stated| stated.said.availability)));
                break;
            }
        }
    }
}

/// Makes one contact after the other, with presence set by hand and a picture, each in a transaction
/// of its own, and says each once it is written, until killed. A line that ends with a full stop is whole.
#[tokio::main]
#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
async fn write(url: &str, tenant: &str, round: &str) {
    let tenant: TenantId = tenant.parse().expect("the tenant's identity");
    let options = OpenOptions::new(url, Arc::new(SystemIds::new(SystemClock)));
    let database = Database::open(&options).await.expect("the database opens");
    for number in 0_u64.. {
        let name = format!("Contact {number} of {round}");
        let fields = person(&name);
        let contact = change(&database, tenant, move |tx| contacts::insert(tx, &fields)).await.id;
        say(&format!("contact {contact}"));
        let custom = Some(name.clone());
        let (availability, activity, expires_at) = (Availability::Busy, None, None);
        let manual =
            ManualPresence { availability, custom_state: None, activity, is_out_of_office: false, custom, expires_at };
        let set = change(&database, tenant, move |tx| presence_rows::set_manual(tx, contact, &manual)).await;
        set.expect("the contact is there");
        say(&format!("presence {contact}"));
        say(&format!("avatar {contact} {}", give_picture(&database, tenant, contact, &name).await));
    }
}

/// What this process dies of.
struct Death {
    is_read: bool,
    // How many are left; less than none for ever.
    left: AtomicI64,
}

impl Death {
    /// The `count`th `read` or `write`, or neither.
    fn new(what: &str, count: i64) -> Arc<Self> {
        let left = AtomicI64::new(if what == "never" { 0 } else { count });
        Arc::new(Self { is_read: what == "read", left })
    }

    fn count(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            // As suddenly as by SIGKILL: nothing is ended in order.
            std::process::abort();
        }
    }
}

/// Counts what is written, once it is committed.
impl ChangeSink for Death {
    fn changed(&self, _: TenantId, _: i64) {
        if !self.is_read {
            self.count();
        }
    }
}

/// A reader that counts the entries.
struct Counted {
    inner: SourceReader,
    death: Arc<Death>,
}

impl Reader for Counted {
    fn read<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<Reported>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ReadEnd, ReadFailure>> {
        Box::pin(async move {
            let (between, mut entries) = mpsc::channel(1);
            let pass = async {
                while let Some(entry) = entries.recv().await {
                    if self.death.is_read {
                        self.death.count();
                    }
                    if out.send(entry).await.is_err() {
                        break;
                    }
                }
                // The run waits for the end of what it is told.
                drop(out);
            };
            tokio::join!(self.inner.read(reading, between, cancel), pass).0
        })
    }

    fn read_photos<'a>(
        &'a self,
        reading: Reading<'a>,
        out: mpsc::Sender<ReportedPhoto>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Option<ReadEnd>, SourceError>> {
        self.inner.read_photos(reading, out, cancel)
    }
}

/// Runs a source whose files are below the folder, and says when it begins to apply and has ended, unless it dies before.
#[tokio::main]
#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
async fn synchronize(url: &str, (tenant, source): (&str, &str), folder: &str, death: Arc<Death>) {
    let tenant: TenantId = tenant.parse().expect("the tenant's identity");
    let source: SourceId = source.parse().expect("the source's identity");
    let options = OpenOptions::new(url, Arc::new(SystemIds::new(SystemClock)));
    let database = Database::open(&options).await.expect("the database opens");
    let policy = SourcePolicy { file_folder: Some(folder.into()), ..SourcePolicy::default() };
    let reader = Arc::new(Counted { inner: SourceReader::new(policy), death: Arc::clone(&death) });
    // What is written about earlier deaths does not count.
    engine(database.clone(), reader.clone()).recover().await.expect("the store reads");
    tokio::spawn(write_nothing(database.clone()));
    let engine = engine(database.with_sink(death), reader);
    let origin = Origin { actor: Actor::System, request: None, at: SystemClock.now() };
    let run = engine.start(tenant, source, Trigger::Manual, RunExtent::Whole, origin).await.expect("the run starts");
    if let Some(mut progress) = engine.progress(run)
        && progress.wait_for(|progress| progress.phase == Phase::Applying).await.is_ok()
    {
        say("applying");
    }
    engine.ended(run).await;
    say("ended");
}

/// Somebody else who writes all the time, so that a run lets others in after every portion of its plan.
async fn write_nothing(database: Database) {
    let mut every = tokio::time::interval(Duration::from_millis(1));
    while database.write_unnumbered(|_| Ok(())).await.is_ok() {
        every.tick().await;
    }
}

/// Applies a plan that waits, or goes on with one, and says when it has ended, unless it dies after `count` transactions.
#[tokio::main]
#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
async fn apply(url: &str, tenant: &str, run: &str, count: i64) {
    let tenant: TenantId = tenant.parse().expect("the tenant's identity");
    let run: RunId = run.parse().expect("the run's identity");
    let options = OpenOptions::new(url, Arc::new(SystemIds::new(SystemClock)));
    let database = Database::open(&options).await.expect("the database opens");
    let engine =
        engine(database.with_sink(Death::new("write", count)), Arc::new(SourceReader::new(SourcePolicy::default())));
    engine.recover().await.expect("the store reads");
    if engine.progress(run).is_none() {
        let origin = Origin { actor: Actor::System, request: None, at: SystemClock.now() };
        engine.approve(tenant, run, origin).await.expect("it waits");
    }
    engine.ended(run).await;
    say("ended");
}

fn engine(database: Database, reader: Arc<dyn Reader>) -> Engine {
    Engine::new(Parts { database, clock: Arc::new(SystemClock), reader })
}

/// Gives the contact a picture of its own that takes many pages, and says its hash.
#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
async fn give_picture(database: &Database, tenant: TenantId, contact: ContactId, name: &str) -> String {
    let picture =
        |size: usize| Picture { media_type: "image/png".into(), bytes: name.bytes().cycle().take(size).collect() };
    let new = NewAvatar { large: picture(20_000), small: picture(4_000), statuses: [].into() };
    let given = change(database, tenant, move |tx| avatars::insert(tx, contact.into(), &new)).await;
    given.expect("the contact is there").avatar.large.to_string()
}

#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
async fn change<T: Send + 'static>(
    database: &Database,
    tenant: TenantId,
    work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
) -> T {
    let origin = Origin { actor: Actor::System, request: None, at: SystemClock.now() };
    database.write(tenant, origin, work).await.expect("it is written").expect("the tenant exists")
}

#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
fn say(line: &str) {
    writeln!(std::io::stdout(), "{line} .").expect("the test listens");
}
