//! What every handler may reach.

pub(crate) mod looks;
pub(crate) mod streams;

use std::sync::Arc;

use directory_model::clock::Clock;
use directory_model::id::IdSource;
use directory_model::port::{IdentityClient, PhoneNumbers, PresenceUpkeep, SourceProbe, SyncHandle};
use directory_model::system::Jobs;
use directory_model::timestamp::Timestamp;
use directory_store::database::Database;
use directory_store::seal::SealingKey;
use gateway_presence::book::Book;
use gateway_presence::feed::Feed;
use gateway_presence::outlet::{Outlet, Seats};

use tokio::sync::Semaphore;

use self::looks::Looks;
use self::streams::Streams;
use crate::auth::Auth;
use crate::scope::Store;
use crate::settings::ApiSettings;
use crate::v2::hub::Hub;
use crate::visitor::guard::Guard;

/// How many uploaded pictures are decoded at once: each may take some 220 MB for a moment.
const RENDERED_AT_ONCE: usize = 2;

/// How many sources are looked into at once.
const PROBED_AT_ONCE: usize = 4;

/// What the API is built from.
#[derive(Clone)]
pub struct ApiParts {
    /// The store.
    pub database: Database,
    /// Who is how available.
    pub book: Arc<Book>,
    /// What visitors are shown.
    pub feed: Arc<Feed>,
    /// What keeps visitors' streams.
    pub outlet: Arc<Outlet>,
    /// What starts and steers runs.
    pub sync: Arc<dyn SyncHandle>,
    /// What looks into sources.
    pub probe: Arc<dyn SourceProbe>,
    /// What keeps presence of sources alive.
    pub upkeep: Arc<dyn PresenceUpkeep>,
    /// What reads telephone numbers.
    pub numbers: Arc<dyn PhoneNumbers>,
    /// What speaks with identity providers.
    pub identity: Arc<dyn IdentityClient>,
    /// What is known of the gateway that this is the API of.
    pub operations: Operations,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New identities.
    pub ids: Arc<dyn IdSource>,
    /// What seals the secrets of sources.
    pub sealing_key: Arc<SealingKey>,
    /// What is configured.
    pub settings: ApiSettings,
}

/// What is known of the gateway itself.
#[derive(Clone)]
pub struct Operations {
    /// Since when it runs.
    pub started_at: Timestamp,
    /// Under which number it serves the database.
    pub fence: i64,
    /// How what it does again and again goes.
    pub jobs: Arc<Jobs>,
    /// Its connections.
    pub seats: Arc<Seats>,
}

/// The state of the API, cheap to clone.
#[derive(Clone)]
pub struct ApiState(Arc<Inner>);

struct Inner {
    store: Store,
    auth: Auth,
    rendering: Arc<Semaphore>,
    probing: Semaphore,
    streams: Streams,
    looks: Looks,
    hub: Arc<Hub>,
    guard: Guard,
    parts: ApiParts,
}

impl ApiState {
    /// The state of an API that is made of `parts`.
    pub fn new(parts: ApiParts) -> Self {
        let (store, auth) = (Store::new(parts.database.clone()), Auth::new(&parts.settings, &parts.clock));
        let (rendering, probing) = (Arc::new(Semaphore::new(RENDERED_AT_ONCE)), Semaphore::new(PROBED_AT_ONCE));
        let (streams, looks, hub) = (Streams::default(), Looks::default(), Arc::default());
        let guard = Guard::new(&parts.settings, &parts.clock);
        Self(Arc::new(Inner { store, auth, rendering, probing, streams, looks, hub, guard, parts }))
    }

    /// Ends the streams to administrators and the sockets of clients, which do not end by themselves soon.
    pub fn end_streams(&self) {
        self.0.streams.end();
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.0.auth
    }

    /// Turns at making renditions of pictures.
    pub(crate) fn rendering(&self) -> Arc<Semaphore> {
        Arc::clone(&self.0.rendering)
    }

    /// Turns at looking into sources.
    pub(crate) fn probing(&self) -> &Semaphore {
        &self.0.probing
    }

    /// The streams to administrators.
    pub(crate) fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// Who looks at whom.
    pub(crate) fn looks(&self) -> &Looks {
        &self.0.looks
    }

    /// Who is signed in with a client.
    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.0.hub
    }

    pub(crate) fn book(&self) -> &Arc<Book> {
        &self.0.parts.book
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.0.parts.feed
    }

    pub(crate) fn outlet(&self) -> &Outlet {
        &self.0.parts.outlet
    }

    pub(crate) fn sync(&self) -> &dyn SyncHandle {
        &*self.0.parts.sync
    }

    pub(crate) fn probe(&self) -> &dyn SourceProbe {
        &*self.0.parts.probe
    }

    pub(crate) fn upkeep(&self) -> &dyn PresenceUpkeep {
        &*self.0.parts.upkeep
    }

    /// Limits what visitors leave.
    pub(crate) fn guard(&self) -> &Guard {
        &self.0.guard
    }

    pub(crate) fn numbers(&self) -> &dyn PhoneNumbers {
        &*self.0.parts.numbers
    }

    pub(crate) fn identity(&self) -> &dyn IdentityClient {
        &*self.0.parts.identity
    }

    pub(crate) fn operations(&self) -> &Operations {
        &self.0.parts.operations
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.parts.clock
    }

    pub(crate) fn ids(&self) -> &dyn IdSource {
        &*self.0.parts.ids
    }

    pub(crate) fn sealing_key(&self) -> Arc<SealingKey> {
        Arc::clone(&self.0.parts.sealing_key)
    }

    pub(crate) fn settings(&self) -> &ApiSettings {
        &self.0.parts.settings
    }
}
