//! The gateway itself, for whoever runs it: its health, its jobs, and what of tenants is mere numbers.

use axum::Json;
use directory_model::system::{
    Check, CopiesProblem, DatabaseCopy, DatabaseFacts, Facts, JobHealth, LeaseHolder, Line, Occupancy, SourceCounts,
    TenantCounts, UpkeepTotals, checks,
};
use directory_model::timestamp::Timestamp;
use directory_store::system;

use crate::problem::Problem;
use crate::scope::Somewhere;
use crate::scope::permission::ManagePlatform;
use crate::state::ApiState;

/// The program that answers.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct GatewayView {
    /// Its version.
    version: &'static str,
    /// The system and processor that it was built for, such as `linux x86_64`.
    platform: String,
    /// It was built without optimizations, to be worked on.
    is_debug_build: bool,
    /// Since when it runs.
    started_at: Timestamp,
}

/// How the gateway is doing. Of tenants it holds counts and kinds, and nothing that is in them.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct SystemView {
    /// When this was so.
    at: Timestamp,
    /// The program that answers.
    gateway: GatewayView,
    /// What to look at.
    checks: Vec<Check>,
    /// Where everything is kept.
    database: DatabaseFacts,
    /// Who has the right to serve the database.
    lease: Option<LeaseHolder>,
    /// The copies that were made before migrations, newest first; null when they are not known. Whatever else is kept of
    /// the database is not known here.
    copies: Option<Vec<DatabaseCopy>>,
    /// Why the copies are not known.
    copies_problem: Option<CopiesProblem>,
    /// What is done again and again, since the gateway runs.
    jobs: Vec<JobHealth>,
    /// How many tenants there are.
    tenants: TenantCounts,
    /// How the sources of all tenants are doing.
    sources: Vec<SourceCounts>,
    /// How presence of these sources is kept alive.
    upkeep: UpkeepTotals,
    /// The connections that are open.
    connections: Vec<Occupancy>,
}

/// Shows how the gateway is doing.
#[utoipa::path(get, path = "/system", operation_id = "get_system", tag = "platform",
    responses((status = 200, body = SystemView)))]
pub(crate) async fn get(scope: Somewhere<ManagePlatform>) -> Result<Json<SystemView>, Problem> {
    let key = scope.state().sealing_key();
    let outside = system::outside(scope.state().store().before_anybody_is_known()).await?;
    let known = scope.read(move |conn, _| system::facts(conn, &key, outside)).await?;
    Ok(Json(view(scope.state(), scope.now(), known)))
}

fn view(state: &ApiState, at: Timestamp, known: system::StoreFacts) -> SystemView {
    let operations = state.operations();
    let system::StoreFacts { database, copies, lease, tenants, sources } = known;
    let (copies_problem, copies) = (copies.as_ref().err().copied(), copies.ok());
    let (jobs, upkeep, connections) = (operations.jobs.health(), state.upkeep().totals(), connections(state));
    let facts = Facts {
        database: &database,
        lease: lease.as_ref(),
        fence: operations.fence,
        jobs: &jobs,
        sources: &sources,
        upkeep: &upkeep,
        connections: &connections,
        copies_problem,
    };
    let (checks, gateway) = (checks(facts, at), gateway(operations.started_at));
    SystemView {
        at,
        gateway,
        checks,
        database,
        lease,
        copies,
        copies_problem,
        jobs,
        tenants,
        sources,
        upkeep,
        connections,
    }
}

fn gateway(started_at: Timestamp) -> GatewayView {
    GatewayView {
        version: env!("CARGO_PKG_VERSION"),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        is_debug_build: cfg!(debug_assertions),
        started_at,
    }
}

fn connections(state: &ApiState) -> Vec<Occupancy> {
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let limited = |line, (open, most): (usize, usize)| Occupancy { line, open: number(open), most: Some(number(most)) };
    vec![
        limited(Line::Http, state.operations().seats.occupied()),
        limited(Line::Visitors, state.outlet().occupied()),
        limited(Line::Presence, state.streams().looks_occupied()),
        limited(Line::Runs, state.streams().occupied()),
        Occupancy { line: Line::Clients, open: number(state.hub().clients()), most: None },
    ]
}
