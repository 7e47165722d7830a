//! The gateway's real router over a test's database, asked without a socket.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, ManualClock};
use directory_model::id::{ContactId, IdSource, RunId, SourceId, TenantId};
use directory_model::page::{Page, PageRequest};
use directory_model::port::{BoxFuture, PresenceUpkeep, SourceProbe, StartRefused, SyncHandle};
use directory_model::probe::{EntryName, Look, Subject, Tested};
use directory_model::progress::Progress;
use directory_model::rights::{Role, Scope};
use directory_model::run::{Asked, RunExtent, RunProblem, StartedRuns, Trigger};
use directory_model::system::{Jobs, UpkeepTotals};
use directory_model::timestamp::Timestamp;
use directory_model::upkeep::UpkeepHealth;
use directory_model::user::UserFields;
use directory_model::valid::Check;
use directory_source::outbound::OutboundPolicy;
use directory_source::phone::NumberingPlans;
use directory_store::database::Database;
use directory_store::tokens::{self, NewToken};
use directory_store::{grants, users};
use gateway_api::{ApiParts, ApiSettings, ApiState, App, Operations, Peer, hash_secret};
use gateway_identity::OpenId;
use gateway_presence::book::Book;
use gateway_presence::feed::Feed;
use gateway_presence::outlet::{Outlet, Policy, Seats};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;

/// The gateway of one test.
pub struct TestGateway {
    /// The store behind it.
    pub database: Database,
    /// The time that it goes by.
    pub clock: ManualClock,
    /// Who is how available.
    pub book: Arc<Book>,
    /// What visitors are shown.
    pub feed: Arc<Feed>,
    /// What was asked of synchronization.
    pub sync: Arc<FakeSync>,
    /// What was asked about sources.
    pub probe: Arc<FakeProbe>,
    /// What was to be asked of sources anew.
    pub upkeep: Arc<FakeUpkeep>,
    /// How what is done again and again goes.
    pub jobs: Arc<Jobs>,
    /// What answers, before it is routed.
    pub state: ApiState,
    /// What answers.
    pub app: App,
}

/// What the gateway answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; null when it is empty or something else.
    pub json: Value,
    /// The body.
    pub bytes: bytes::Bytes,
    /// What the accept loop would find.
    pub extensions: http::Extensions,
}

/// Who asks.
#[derive(Debug, Clone, Default)]
pub struct As {
    /// The value of `Authorization`.
    pub token: Option<String>,
    /// The value of `Cookie`.
    pub cookie: Option<String>,
    /// The value of `X-CSRF-Token`.
    pub csrf_token: Option<String>,
}

/// Synchronization that only remembers what it was asked.
#[derive(Debug, Default)]
pub struct FakeSync {
    /// The run that it says it started; without one, sources are switched off.
    pub run: Mutex<Option<RunId>>,
    /// What it was asked, in order.
    pub asked: Mutex<Vec<String>>,
}

impl TestGateway {
    /// A gateway over `database`, with the usual settings.
    pub fn over(database: &Database, clock: &ManualClock) -> Self {
        Self::with(database, clock, ApiSettings::default())
    }

    /// A gateway over `database`; inside a runtime, where its streams live.
    pub fn with(database: &Database, clock: &ManualClock, settings: ApiSettings) -> Self {
        let sync = Arc::new(FakeSync::default());
        Self { sync: Arc::clone(&sync), ..Self::with_sync(database, clock, settings, sync) }
    }

    /// A gateway over `database` whose runs are carried out by `handle`; nothing is asked of
    /// [`TestGateway::sync`].
    pub fn with_sync(
        database: &Database,
        clock: &ManualClock,
        settings: ApiSettings,
        handle: Arc<dyn SyncHandle>,
    ) -> Self {
        let shared_clock: Arc<dyn Clock> = Arc::new(clock.clone());
        let book = Arc::new(Book::new(Arc::clone(&shared_clock)));
        let feed = Feed::new(Arc::clone(&book), Arc::clone(&shared_clock));
        let outlet = Outlet::start(Arc::clone(&feed), Policy::default());
        let ids: Arc<dyn IdSource> = Arc::clone(database.ids());
        let probe = Arc::<FakeProbe>::default();
        let upkeep = Arc::<FakeUpkeep>::default();
        let here = OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() };
        let identity = OpenId::new(&here, Arc::clone(&shared_clock)).expect("somebody is trusted");
        let jobs = Arc::new(Jobs::new(Arc::clone(&shared_clock)));
        let operations =
            Operations { started_at: clock.now(), fence: 0, jobs: Arc::clone(&jobs), seats: Seats::new(1_000, 1_000) };
        let state = ApiState::new(ApiParts {
            database: database.clone(),
            book: Arc::clone(&book),
            feed: Arc::clone(&feed),
            outlet,
            sync: handle,
            probe: Arc::clone(&probe) as _,
            upkeep: Arc::clone(&upkeep) as _,
            numbers: Arc::new(NumberingPlans),
            identity: Arc::new(identity),
            operations,
            clock: shared_clock,
            ids,
            sealing_key: Arc::clone(database.sealing_key()),
            settings,
        });
        let (sync, app) = (Arc::default(), App::new(state.clone()));
        Self { database: database.clone(), clock: clock.clone(), book, feed, sync, probe, upkeep, jobs, state, app }
    }

    /// Asks, with a JSON body when there is one.
    pub async fn ask(&self, who: &As, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.ask_with(who, method, path, &[], body).await
    }

    /// Asks with further headers.
    pub async fn ask_with(
        &self,
        who: &As,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let bytes = body.map(ToString::to_string).unwrap_or_default();
        let media_type = match (body, &method) {
            (None, _) => None,
            (_, &Method::PATCH) => Some("application/merge-patch+json"),
            _ => Some("application/json"),
        };
        let mut all: Vec<(&str, &str)> = media_type.into_iter().map(|value| ("content-type", value)).collect();
        all.extend(headers);
        self.send(who, method, path, &all, bytes.into()).await
    }

    /// Asks with exactly these headers and bytes.
    pub async fn send(&self, who: &As, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let credentials = [
            ("authorization", who.token.as_ref().map(|token| format!("Bearer {token}"))),
            ("cookie", who.cookie.clone()),
            ("x-csrf-token", who.csrf_token.clone()),
        ];
        for (name, value) in credentials {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let peer = Peer(SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000)));
        let request = request.extension(peer).body(body).expect("a request");
        let response = match self.app.at_once(&request) {
            Some(response) => response,
            None => self.app.answer(request).await,
        };
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: head.status, headers: head.headers, json, bytes, extensions: head.extensions }
    }

    /// Makes a user of `tenant` with a role on a scope, and an API token for it.
    pub async fn token(&self, tenant: TenantId, name: &str, role: Role, scope: Scope) -> As {
        self.token_of(tenant, name, role, scope, None).await
    }

    /// The same, for a user who is a contact.
    pub async fn token_of(
        &self,
        tenant: TenantId,
        name: &str,
        role: Role,
        scope: Scope,
        contact: Option<ContactId>,
    ) -> As {
        let secret = format!("sbt_{name}-{tenant}");
        let secret_hash = hash_secret(&secret);
        let fields = UserFields { name: name.to_owned(), contact, ..UserFields::default() }.check().expect("a user");
        let origin = Origin { actor: Actor::System, request: None, at: self.clock.now() };
        let expires_at = Timestamp::MAX;
        let writing = self.database.write(tenant, origin, move |tx| {
            let user = users::insert(tx, &fields)?;
            grants::insert(tx, user.id, role, scope)?;
            let name = fields.name.clone();
            tokens::insert(tx, &NewToken { user: user.id, name, role, scope, secret_hash, expires_at })
        });
        writing.await.expect("the store writes").expect("the tenant exists");
        As { token: Some(secret), ..As::default() }
    }

    /// The platform's own administrator.
    pub async fn platform(&self) -> As {
        self.token(TenantId::PLATFORM, "platform", Role::Platform, Scope::Platform).await
    }
}

impl Answer {
    /// The text of a header; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `id` of the object that is shown.
    pub fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(&self) -> T {
        let id = self.json["id"].as_str();
        id.unwrap_or_else(|| panic!("an object was expected: {} {}", self.status, self.json))
            .parse()
            .expect("an identity")
    }

    /// Each refused field with its value and why, as people read it.
    pub fn refusals(&self) -> Vec<String> {
        let text = |field: &Value, name: &str| field[name].as_str().unwrap_or("?").to_owned();
        let fields = self.json["fields"].as_array().into_iter().flatten();
        fields
            .map(|field| format!("{} = {}: {}", text(field, "field"), text(field, "value"), text(field, "message")))
            .collect()
    }

    /// Status, kind of problem, and the refused fields with their rules.
    pub fn problem(&self) -> String {
        let kind = self.json["type"].as_str().unwrap_or_default().trim_start_matches("/problems/");
        let fields = self.json["fields"].as_array().into_iter().flatten();
        let fields: Vec<String> = fields
            .map(|field| {
                format!("{}:{}", field["field"].as_str().unwrap_or("?"), field["rule"]["code"].as_str().unwrap_or("?"))
            })
            .collect();
        format!("{} {kind} {}", self.status.as_u16(), fields.join(" ")).trim_end().to_owned()
    }
}

impl FakeSync {
    fn answer(&self, asked: String) -> Result<RunId, StartRefused> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
        self.run.lock().unwrap_or_else(PoisonError::into_inner).ok_or(StartRefused::SwitchedOff)
    }
}

/// Finds nothing anywhere, and remembers where it looked.
#[derive(Debug, Default)]
pub struct FakeProbe {
    /// What it was asked about, in order.
    pub asked: Mutex<Vec<Subject>>,
}

impl FakeProbe {
    fn remember(&self, subject: Subject) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(subject);
    }
}

impl SourceProbe for FakeProbe {
    fn look(&self, _: TenantId, subject: Subject, _: EntryName) -> BoxFuture<'_, Result<Option<Look>, RunProblem>> {
        self.remember(subject);
        Box::pin(async { Ok(None) })
    }

    fn test(&self, _: TenantId, subject: Subject) -> BoxFuture<'_, Tested> {
        self.remember(subject);
        Box::pin(async { Tested { steps: Vec::new(), sample: Vec::new() } })
    }
}

/// Keeps nothing alive, and remembers about whom sources were to be asked anew.
#[derive(Debug, Default)]
pub struct FakeUpkeep {
    /// The contacts, in order; all of the tenant where there are none.
    pub asked: Mutex<Vec<Option<Vec<ContactId>>>>,
}

impl PresenceUpkeep for FakeUpkeep {
    fn health(&self, _: TenantId, _: SourceId, _: &PageRequest) -> UpkeepHealth {
        UpkeepHealth { aspects: Vec::new(), contacts: Page { items: Vec::new(), next: None } }
    }

    fn resubscribe(&self, _: TenantId, contacts: Option<&[ContactId]>) -> u64 {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(contacts.map(<[ContactId]>::to_vec));
        contacts.map_or(0, |contacts| contacts.len() as u64)
    }

    fn totals(&self) -> UpkeepTotals {
        UpkeepTotals::default()
    }
}

impl SyncHandle for FakeSync {
    fn start(
        &self,
        _: TenantId,
        source: SourceId,
        _: Trigger,
        _: RunExtent,
        _: Origin,
    ) -> BoxFuture<'_, Result<RunId, StartRefused>> {
        Box::pin(async move { self.answer(format!("start {source}")) })
    }

    fn preview(
        &self,
        _: TenantId,
        source: SourceId,
        _: RunExtent,
        _: Origin,
    ) -> BoxFuture<'_, Result<RunId, StartRefused>> {
        Box::pin(async move { self.answer(format!("preview {source}")) })
    }

    fn start_all(
        &self,
        _: TenantId,
        _: Trigger,
        _: RunExtent,
        _: Origin,
    ) -> BoxFuture<'_, Result<StartedRuns, StartRefused>> {
        Box::pin(async move { self.answer("start all".to_owned()).map(|_| StartedRuns::default()) })
    }

    fn synchronize(
        &self,
        _: TenantId,
        contacts: Vec<ContactId>,
        _: Origin,
    ) -> BoxFuture<'_, Result<Vec<Asked>, StartRefused>> {
        let shown: Vec<String> = contacts.iter().map(ToString::to_string).collect();
        Box::pin(async move { self.answer(format!("synchronize {}", shown.join(" "))).map(|_| Vec::new()) })
    }

    fn wake(&self, tenant: TenantId) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(format!("wake {tenant}"));
    }

    fn follow(&self, _: TenantId, _: RunId, _: Option<Progress>) -> BoxFuture<'_, Option<Progress>> {
        Box::pin(async { None })
    }

    fn approve(&self, _: TenantId, run: RunId, _: Origin) -> BoxFuture<'_, Result<(), StartRefused>> {
        Box::pin(async move { self.answer(format!("approve {run}")).map(|_| ()) })
    }

    fn undo(&self, _: TenantId, run: RunId, _: Origin) -> BoxFuture<'_, Result<RunId, StartRefused>> {
        Box::pin(async move { self.answer(format!("undo {run}")) })
    }

    fn cancel(&self, _: TenantId, run: RunId, _: Origin) -> BoxFuture<'_, Result<(), StartRefused>> {
        Box::pin(async move { self.answer(format!("cancel {run}")).map(|_| ()) })
    }
}
