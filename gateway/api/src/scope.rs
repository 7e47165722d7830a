//! Who asks, and the proof that they may: handlers take it as a type, and without it there is no
//! way to a tenant's data.
//!
//! Missing, forbidden and other tenants' objects are one answer. Only whoever can see an object
//! learns that they may not change it.

use std::marker::PhantomData;

use axum::extract::{FromRequestParts, RawPathParams};
use directory_model::audit::Origin;
use directory_model::id::{RequestId, TenantId};
use directory_model::invalid::Rule;
use directory_model::rights::Target;
use directory_model::timestamp::Timestamp;
use directory_store::PLATFORM;
use directory_store::connection::Connection;
use directory_store::database::Database;
use directory_store::error::{StoreError, StoreResult};
use directory_store::tx::Tx;
use http::request::Parts;

use crate::problem::Problem;
use crate::state::ApiState;

mod authentication;
mod caller;
mod node;
pub(crate) mod permission;

pub(crate) use authentication::{OwnSession, SESSION_COOKIE, by_session, cookie, leave_unattended, session_secret};
pub(crate) use caller::Caller;
pub(crate) use node::{InPath, Node, RemovedContact};

use node::tenant_target;
use permission::{Own, Permission};

/// The store, behind the doors of this module.
pub(crate) struct Store(Database);

impl Store {
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }

    /// The store itself, for what happens before anybody is known: set-up, signing in, health.
    pub(crate) fn before_anybody_is_known(&self) -> &Database {
        &self.0
    }

    /// The store itself, for what a publication shows: the book has said of which tenant it is.
    pub(crate) fn for_visitors(&self) -> &Database {
        &self.0
    }
}

/// The proof that a caller may do `P` to the object `N` that the path names.
pub(crate) struct Authorized<P, N> {
    /// The object.
    pub(crate) id: N,
    access: Access,
    proven: PhantomData<P>,
}

/// The proof that a caller may do `P` to something of the tenant that the path names, or of the
/// platform when it names none. What exactly is up to [`Somewhere::allows`].
pub(crate) struct Somewhere<P> {
    access: Access,
    proven: PhantomData<P>,
}

/// Another identity that the path names. It proves nothing.
pub(crate) struct Named<N>(pub(crate) N);

/// A way into one tenant's data, for one caller.
pub(crate) struct Access {
    caller: Caller,
    tenant: TenantId,
    /// What contains the tenant itself.
    target: Target,
    request: RequestId,
    state: ApiState,
}

impl Access {
    /// The way of one of the tenant's own users into the tenant that the path names.
    pub(crate) async fn at_home(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let path = path(parts, state).await?;
        let tenant = tenant_of(&path)?;
        if caller.home != tenant || tenant == PLATFORM {
            return Err(Problem::not_found());
        }
        let base = enter(state, &caller, tenant, |_, base| Ok(Some(base))).await?.ok_or_else(Problem::not_found)?;
        Ok(access(parts, state, caller, tenant, base))
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(crate) fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// What contains the tenant itself.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) fn state(&self) -> &ApiState {
        &self.state
    }

    /// The path of the tenant's object `id` in `collection`.
    pub(crate) fn address(&self, collection: &str, id: impl std::fmt::Display) -> String {
        format!("/api/v1/tenants/{}/{collection}/{id}", self.tenant)
    }

    /// The time.
    pub(crate) fn now(&self) -> Timestamp {
        self.state.clock().now()
    }

    /// Who acts, for the audit trail.
    pub(crate) fn origin(&self) -> Origin {
        Origin { actor: self.caller.actor, request: Some(self.request), at: self.now() }
    }

    /// Reads from the tenant.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, TenantId) -> StoreResult<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let tenant = self.tenant;
        Ok(self.state.store().0.read(move |conn| work(conn, tenant)).await?)
    }

    /// Writes to the tenant, as one number of its line.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
    ) -> Result<T, Problem> {
        self.write_in(self.tenant, work).await
    }

    /// Writes to the platform's own line: resellers and tenants are numbered there.
    pub(crate) async fn write_platform<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
    ) -> Result<T, Problem> {
        self.write_in(PLATFORM, work).await
    }

    async fn write_in<T: Send + 'static>(
        &self,
        tenant: TenantId,
        work: impl FnOnce(&mut Tx<'_>) -> StoreResult<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let written = self.state.store().0.write(tenant, self.origin(), work).await?;
        written.ok_or_else(Problem::not_found)
    }

    /// What contains the object `id`; `None` when the tenant has no such object.
    pub(crate) async fn locate<N: Node>(&self, id: N) -> Result<Option<Target>, Problem> {
        let base = self.target.clone();
        self.read(move |conn, tenant| id.target(conn, tenant, base)).await
    }
}

impl<P: Permission, N: Node> Authorized<P, N> {
    /// The object, as `find` finds it.
    pub(crate) async fn find<T: Send + 'static>(
        &self,
        find: impl FnOnce(&mut Connection, TenantId, N) -> StoreResult<Option<T>> + Send + 'static,
    ) -> Result<T, Problem> {
        let id = self.id;
        self.access.read(move |conn, tenant| find(conn, tenant, id)).await?.ok_or_else(Problem::not_found)
    }

    /// What `work` makes of the object.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tx<'_>, N) -> StoreResult<Option<T>> + Send + 'static,
    ) -> Result<T, Problem> {
        let id = self.id;
        self.access.write(move |tx| work(tx, id)).await?.ok_or_else(Problem::not_found)
    }

    /// Refuses to put the object where the caller may not do `P`: see [`Somewhere::require_place`].
    pub(crate) async fn require_place<M: Node>(&self, field: &str, place: Option<M>) -> Result<(), Problem> {
        require_place::<P, M>(&self.access, field, place).await
    }
}

impl<P: Permission> Somewhere<P> {
    /// Whether the caller may do `P` to what `target` contains.
    pub(crate) fn allows(&self, target: &Target) -> bool {
        allows::<P>(&self.access.caller, target)
    }

    /// Whether the caller may do `P` to everything of the tenant.
    pub(crate) fn is_everywhere(&self) -> bool {
        self.allows(&self.access.target)
    }

    /// Refuses to put something below `place`, or at the top of the tenant when there is none, where
    /// the caller may not do `P`. For those with part of a tenant, what is missing and what is not
    /// theirs is one answer.
    pub(crate) async fn require_place<M: Node>(&self, field: &str, place: Option<M>) -> Result<(), Problem> {
        require_place::<P, M>(&self.access, field, place).await
    }
}

async fn require_place<P: Permission, M: Node>(access: &Access, field: &str, place: Option<M>) -> Result<(), Problem> {
    let target = match place {
        // What is missing is the store's to refuse, for those who may act anywhere.
        Some(place) => access.locate(place).await?.unwrap_or_else(|| access.target.clone()),
        None => access.target.clone(),
    };
    if allows::<P>(&access.caller, &target) {
        return Ok(());
    }
    let shown = place.map(|place| place.to_string()).unwrap_or_default();
    Err(Problem::invalid_field(field, shown, Rule::BeyondOwnRights))
}

impl<P, N> std::ops::Deref for Authorized<P, N> {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl<P> std::ops::Deref for Somewhere<P> {
    type Target = Access;

    fn deref(&self) -> &Access {
        &self.access
    }
}

impl<P: Permission, N: Node> FromRequestParts<ApiState> for Authorized<P, N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let path = path(parts, state).await?;
        let tenant = tenant_of(&path)?;
        let id = param(&path, N::PARAM).and_then(|text| text.parse::<N>().ok()).ok_or_else(Problem::not_found)?;
        let found = enter(state, &caller, tenant, move |conn, base| {
            let target = id.target(conn, tenant, base.clone())?;
            Ok(target.map(|target| (base, target)))
        });
        let (base, target) = found.await?.ok_or_else(Problem::not_found)?;
        let is_own = id.is_own(&caller) && is_own_business::<P>(&caller);
        if !allows::<P>(&caller, &target) && !is_own {
            let is_listed = N::IS_TENANT && caller.may_somewhere(P::SIGHT, tenant, &base);
            let is_seen = is_listed || caller.may(P::SIGHT, &target) || id.is_own(&caller);
            return Err(if is_seen { Problem::forbidden() } else { Problem::not_found() });
        }
        Ok(Self { id, access: access(parts, state, caller, tenant, base), proven: PhantomData })
    }
}

impl<P: Permission> FromRequestParts<ApiState> for Somewhere<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let path = path(parts, state).await?;
        let tenant = tenant_of(&path)?;
        let is_platform = param(&path, "tenant").is_none();
        let base = if is_platform {
            Target::platform()
        } else {
            enter(state, &caller, tenant, |_, base| Ok(Some(base))).await?.ok_or_else(Problem::not_found)?
        };
        let holds = |action| {
            if is_platform { caller.may_anywhere(action) } else { caller.may_somewhere(action, tenant, &base) }
        };
        if !holds(P::ACTION) && !P::OR.is_some_and(holds) {
            return Err(if holds(P::SIGHT) { Problem::forbidden() } else { Problem::not_found() });
        }
        Ok(Self { access: access(parts, state, caller, tenant, base), proven: PhantomData })
    }
}

impl<N: InPath> FromRequestParts<ApiState> for Named<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let path = path(parts, state).await?;
        let id = param(&path, N::PARAM).and_then(|text| text.parse().ok());
        id.map(Self).ok_or_else(Problem::not_found)
    }
}

fn access(parts: &Parts, state: &ApiState, caller: Caller, tenant: TenantId, target: Target) -> Access {
    let request = parts.extensions.get::<RequestId>().copied().unwrap_or_else(|| RequestId::new(state.ids()));
    Access { caller, tenant, target, request, state: state.clone() }
}

fn allows<P: Permission>(caller: &Caller, target: &Target) -> bool {
    caller.may(P::ACTION, target) || P::OR.is_some_and(|action| caller.may(action, target))
}

fn is_own_business<P: Permission>(caller: &Caller) -> bool {
    match P::OWN {
        Own::Never => false,
        Own::With(action) => caller.may_anywhere(action),
        // A program does not act on the account it works for.
        Own::Always => caller.narrowed.is_none(),
    }
}

/// Looks into the tenant if the caller may know of it at all; otherwise the store is not even asked.
async fn enter<T: Send + 'static>(
    state: &ApiState,
    caller: &Caller,
    tenant: TenantId,
    work: impl FnOnce(&mut Connection, Target) -> StoreResult<Option<T>> + Send + 'static,
) -> Result<Option<T>, Problem> {
    if !caller.may_reach(tenant) {
        return Ok(None);
    }
    let entered = state.store().0.read(move |conn| match tenant_target(conn, tenant)? {
        Some(base) => work(conn, base),
        None => Ok(None),
    });
    entered.await.map_err(|error: StoreError| error.into())
}

async fn path(parts: &mut Parts, state: &ApiState) -> Result<RawPathParams, Problem> {
    RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::not_found())
}

fn param<'a>(path: &'a RawPathParams, name: &str) -> Option<&'a str> {
    path.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

fn tenant_of(path: &RawPathParams) -> Result<TenantId, Problem> {
    match param(path, "tenant") {
        Some(text) => text.parse().map_err(|_| Problem::not_found()),
        None => Ok(PLATFORM),
    }
}
