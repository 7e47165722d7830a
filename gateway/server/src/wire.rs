//! Builds the gateway: source → sync → store → presence → API, in that order, in one function.

use std::net::SocketAddr;
use std::sync::Arc;

use directory_model::clock::{Clock, SystemClock};
use directory_model::id::TenantId;
use directory_model::port::ChangeSink;
use directory_model::system::Jobs;
use directory_model::timestamp::Timestamp;
use directory_source::SourcePolicy;
use directory_source::phone::NumberingPlans;
use directory_store::database::Database;
use gateway_api::{ApiParts, ApiSettings, ApiState, App, ClientPatience, Operations};
use gateway_identity::OpenId;
use gateway_presence::book::Book;
use gateway_presence::feed::Feed;
use gateway_presence::outlet::{Outlet, Policy, Seats};
use sync::engine::Engine;
use sync::reader::SourceReader;
use sync::retention;
use sync::run::Parts;
use sync::watch::{self, Grown, SourceConnectors, Watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::background::Background;
use crate::call_settings::{self, CallSettings};
use crate::failure::Failure;
use crate::follow::{Follower, Wake};
use crate::hold::{FileLock, Held, lock_beside};
use crate::listen::Bound;
use crate::open;
use crate::post;
use crate::serve::{Limits, Server};
use crate::settings::Settings;
use crate::setup;
use crate::stop::Stop;
use crate::telemetry;
use crate::tls::{self, Certificates};
use crate::upkeep::Memory;

/// Serves until `stop`.
pub(crate) async fn serve(settings: &Settings, mut stop: Stop) -> Result<(), Failure> {
    let gateway = Gateway::start(settings).await?;
    let is_lost = tokio::select! {
        () = gateway.lost.cancelled() => true,
        () = stop.wait(gateway.certificates.as_deref()) => false,
    };
    gateway.stop(settings).await;
    if is_lost { Err(Failure::said("the right to serve this database was lost")) } else { Ok(()) }
}

/// A gateway that serves.
pub(crate) struct Gateway {
    /// The secret of the one-time link, when there is no user yet.
    pub(crate) setup_token: Option<String>,
    certificates: Option<Arc<Certificates>>,
    lost: CancellationToken,
    server: Arc<Server>,
    outlet: Arc<Outlet>,
    api: ApiState,
    engine: Engine,
    watch: Watch,
    memory: Memory,
    held: Held,
    tasks: JoinSet<()>,
    #[expect(dead_code, reason = "it is held for as long as the gateway is there")]
    keeps: (Background, Option<FileLock>),
}

impl Gateway {
    /// Builds every part and starts to serve.
    pub(crate) async fn start(settings: &Settings) -> Result<Self, Failure> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let (started_at, lost) = (clock.now(), CancellationToken::new());
        let mut tasks = JoinSet::new();

        // First what may refuse: another gateway, a port in use, a broken certificate.
        let lock = open::database_file(settings).map(|file| lock_beside(&file)).transpose()?;
        let doors = Doors::find(settings)?;
        let wake = Arc::new(Wake::default());
        let grown = Arc::<Grown>::default();
        let settings_due = Arc::<call_settings::Grown>::default();
        let told = Told([Arc::clone(&wake) as _, Arc::clone(&grown) as _, Arc::clone(&settings_due) as _]);
        let database = open::database(settings).await?.with_sink(Arc::new(told));
        report_migration(&database).await?;
        let held = Held::take(&database, &clock, lock.as_ref(), lost.clone()).await?;
        let database = held.database();

        // Presence, filled from the store before anybody can ask.
        let book = Arc::new(Book::new(Arc::clone(&clock)));
        let mut follower = Follower::new(database.clone(), Arc::clone(&book), Arc::clone(&clock), wake);
        follower.load().await?;
        let jobs = Arc::new(Jobs::new(Arc::clone(&clock)));
        let memory = Memory::new(&database, &book, &clock, &jobs);
        memory.restore().await?;
        let feed = Feed::new(Arc::clone(&book), Arc::clone(&clock));
        let outlet = Outlet::start(Arc::clone(&feed), policy(settings));
        tasks.spawn(follower.run());
        tasks.spawn(memory.clone().run(settings.presence.persist_interval));
        tasks.spawn(Arc::clone(&feed).run());
        let calls = CallSettings::new(database.clone(), Arc::clone(&book), Arc::clone(&clock));
        tasks.spawn(calls.run(settings_due, Arc::clone(&jobs)));

        // Runs, which write to the store and reach presence through it.
        let policy = source_policy(settings).await;
        let (engine, background) = runs(&database, (&clock, &jobs), policy.clone(), settings, &mut tasks).await?;

        // What sources say about presence, which reaches the book directly.
        let watch = watch_of(&database, &clock, (&book, &feed), policy.clone(), grown);
        let watching = watch.clone();
        tasks.spawn(async move { watching.run().await });

        // HTTP.
        let identity = OpenId::new(&policy.outbound, Arc::clone(&clock));
        let identity = identity.map_err(|reason| Failure::said(reason.to_string()))?;
        let setup_token = setup_token(&database, &*clock, settings).await?;
        let seats = limits(settings).seats();
        let operations = operations(started_at, &held, &jobs, &seats);
        let api = ApiState::new(ApiParts {
            ids: Arc::clone(database.ids()),
            sealing_key: Arc::clone(database.sealing_key()),
            database,
            book,
            feed,
            outlet: Arc::clone(&outlet),
            sync: Arc::new(engine.clone()),
            probe: Arc::new(SourceReader::new(policy)),
            upkeep: Arc::new(watch.clone()),
            numbers: Arc::new(NumberingPlans),
            identity: Arc::new(identity),
            operations,
            clock: Arc::clone(&clock),
            settings: api_settings(settings),
        });
        let app = app(api.clone(), Arc::clone(&outlet), settings)?;
        let server = Server::with_seats(app, Arc::clone(&outlet), clock, limits(settings), seats);
        let certificates = doors.certificates.clone();
        doors.open(&server, settings, &jobs, &mut tasks)?;

        let keeps = (background, lock);
        Ok(Self { setup_token, certificates, lost, server, outlet, api, engine, watch, memory, held, tasks, keeps })
    }

    /// Lets requests end, then gives everything up in the opposite order.
    pub(crate) async fn stop(mut self, settings: &Settings) {
        tracing::info!("stopping");
        // Streams do not end by themselves, so they are closed while requests end.
        self.api.end_streams();
        tokio::join!(self.server.stop(settings.server.stop_timeout), self.outlet.stop());
        self.engine.stop().await;
        self.watch.stop().await;
        if let Err(error) = self.memory.persist().await {
            tracing::warn!(%error, "claims could not be written down");
        }
        self.tasks.shutdown().await;
        self.held.release().await;
        tracing::info!("stopped");
    }
}

/// What is known of this gateway.
fn operations(started_at: Timestamp, held: &Held, jobs: &Arc<Jobs>, seats: &Arc<Seats>) -> Operations {
    Operations { started_at, fence: held.fence(), jobs: Arc::clone(jobs), seats: Arc::clone(seats) }
}

/// What asks sources for presence, and reaches the book directly.
fn watch_of(
    database: &Database,
    clock: &Arc<dyn Clock>,
    (book, feed): (&Arc<Book>, &Arc<Feed>),
    policy: SourcePolicy,
    grown: Arc<Grown>,
) -> Watch {
    let connectors = SourceConnectors::new(policy, Arc::clone(clock))
        .with_own_words(Arc::clone(book) as _)
        .with_rules(Arc::clone(book) as _);
    Watch::new(watch::Parts {
        database: database.clone(),
        clock: Arc::clone(clock),
        sink: Arc::clone(book) as _,
        interest: Arc::clone(feed) as _,
        connectors: Arc::new(connectors),
        grown,
    })
}

/// What carries runs out, once what was interrupted is known, and what goes on beside them.
async fn runs(
    database: &Database,
    (clock, jobs): (&Arc<dyn Clock>, &Arc<Jobs>),
    policy: SourcePolicy,
    settings: &Settings,
    tasks: &mut JoinSet<()>,
) -> Result<(Engine, Background), Failure> {
    let background = Background::start().map_err(|reason| Failure::said(format!("no threads: {reason}")))?;
    let courier = post::courier(database.clone(), Arc::clone(clock), &policy.outbound, settings)?;
    let reader = Arc::new(SourceReader::new(policy));
    let parts = Parts { database: database.clone(), clock: Arc::clone(clock), reader };
    let engine = Engine::on(background.handle(), parts);
    engine.recover().await?;
    let (schedules, watched) = (engine.clone(), Arc::clone(jobs));
    tasks.spawn(async move { schedules.run_schedules(&watched).await });
    tasks.spawn(courier.run(Arc::clone(jobs)));
    tasks.spawn(retention::run(database.clone(), Arc::clone(clock), Arc::clone(jobs)));
    Ok((engine, background))
}

/// The secret of the one-time link, told to whoever started the gateway, when there is no user yet.
async fn setup_token(database: &Database, clock: &dyn Clock, settings: &Settings) -> Result<Option<String>, Failure> {
    let token = setup::offer_link(database, clock).await?;
    if let Some(token) = &token {
        setup::announce(&settings.public_url(), token);
    }
    Ok(token)
}

/// Who is told after each commit.
struct Told([Arc<dyn ChangeSink>; 3]);

impl ChangeSink for Told {
    fn changed(&self, tenant: TenantId, seq: i64) {
        self.0.iter().for_each(|sink| sink.changed(tenant, seq));
    }
}

/// The addresses that are ours, before anybody can connect to them.
struct Doors {
    plain: Option<(SocketAddr, Bound)>,
    tls: Option<(SocketAddr, Bound)>,
    certificates: Option<Arc<Certificates>>,
}

impl Doors {
    fn find(settings: &Settings) -> Result<Self, Failure> {
        let server = &settings.server;
        let certificates = server.tls.listen.map(|_| Certificates::load(&server.tls)).transpose()?;
        let bind = |address: SocketAddr| match Bound::bind(address) {
            Ok(bound) => Ok((address, bound)),
            Err(reason) => Err(Failure::Listen { address, reason }),
        };
        let (plain, tls) = (server.listen.map(bind).transpose()?, server.tls.listen.map(bind).transpose()?);
        Ok(Self { plain, tls, certificates })
    }

    fn open(
        self,
        server: &Arc<Server>,
        settings: &Settings,
        jobs: &Arc<Jobs>,
        tasks: &mut JoinSet<()>,
    ) -> Result<(), Failure> {
        let listen = |(address, bound): (SocketAddr, Bound)| {
            bound.listen().map_err(|reason| Failure::Listen { address, reason })
        };
        if let Some(listener) = self.plain.map(listen).transpose()? {
            tracing::info!(address = ?listener.local_addr().ok(), "serving HTTP");
            tasks.spawn(Arc::clone(server).accept(listener, None));
        }
        if let (Some(listener), Some(certificates)) = (self.tls.map(listen).transpose()?, self.certificates) {
            let config = certificates.server_config().map_err(|reason| Failure::said(format!("no TLS: {reason}")))?;
            tracing::info!(address = ?listener.local_addr().ok(), "serving HTTPS");
            tasks.spawn(Arc::clone(server).accept(listener, Some(Arc::new(config))));
            tasks.spawn(tls::watch(certificates, settings.server.tls.reload_interval, Arc::clone(jobs)));
        }
        Ok(())
    }
}

async fn report_migration(database: &Database) -> Result<(), Failure> {
    let migrated = database.migrate().await?;
    if let Some(copy) = migrated.copy {
        tracing::info!(copy = %copy.display(), "copied the database before migrating it");
    }
    if !migrated.run.is_empty() {
        tracing::info!(migrations = migrated.run.len(), "migrated the database");
    }
    Ok(())
}

fn app(api: ApiState, outlet: Arc<Outlet>, settings: &Settings) -> Result<App, Failure> {
    App::new(api).extend(|router| {
        let router = telemetry::with_metrics(router, outlet, &settings.metrics.allowed)?;
        Ok(router.merge(setup::page()))
    })
}

fn policy(settings: &Settings) -> Policy {
    let count = |limit: std::num::NonZeroU32| usize::try_from(limit.get()).unwrap_or(usize::MAX);
    Policy {
        max_connections: count(settings.feed.max_streams),
        max_connections_of_source: count(settings.feed.max_streams_per_address),
        ..Policy::default()
    }
}

fn api_settings(settings: &Settings) -> ApiSettings {
    // The accept loop has already found out who the client is.
    let is_cookie_secure = settings.public_url().starts_with("https://");
    let of = &settings.clients;
    let clients = ClientPatience {
        ping_after: of.ping_after,
        answer_within: of.answer_within,
        stall_after: of.stall_after,
        prove_after: of.prove_after,
    };
    ApiSettings {
        trusted_proxies: Vec::new(),
        public_url: settings.public_url(),
        is_cookie_secure,
        session_idle: settings.sessions.idle,
        session_total: settings.sessions.total,
        clients,
        do_clients_need_tls: of.require_tls,
        ..ApiSettings::default()
    }
}

/// What sources may reach; our own database never.
async fn source_policy(settings: &Settings) -> SourcePolicy {
    let mut policy = settings.sources.clone();
    if let Some((host, port)) = open::database_host(settings) {
        let found = tokio::net::lookup_host((host.as_str(), port)).await;
        policy.outbound.refused.extend(found.into_iter().flatten());
    }
    policy
}

fn limits(settings: &Settings) -> Limits {
    let server = &settings.server;
    let count = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
    let of_address = server.max_connections_per_address;
    Limits {
        trusted_proxies: server.trusted_proxies.clone(),
        max_connections: count(server.max_connections.get()),
        max_connections_per_address: if of_address == 0 { usize::MAX } else { count(of_address) },
        header_timeout: server.header_timeout,
    }
}
