//! Looking into sources, kept or not: at one entry, and whether they can be read at all.

use axum::Json;
use directory_model::id::{SourceId, TenantId};
use directory_model::invalid::Invalid;
use directory_model::probe::{EntryName, Finding, Look, ProbeKind, ProbeOutcome, ProbeStep, Sample, Subject, Tested};
use directory_model::run::RunProblem;
use directory_model::secret::Secret;
use directory_model::source::SourceFields;
use directory_model::valid::Check;
use directory_store::seal::OpenedSecret;
use directory_store::sources;
use serde::{Deserialize, Serialize};
use tokio::sync::SemaphorePermit;
use utoipa::ToSchema;

use crate::extract::body::Input;
use crate::problem::Problem;
use crate::scope::permission::ManageSources;
use crate::scope::{Access, Authorized};

/// When it makes sense to ask again, in seconds, while others look into sources.
const BUSY_SECONDS: u64 = 5;

/// An entry to look at in a source that is kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TryFields {
    /// The entry.
    entry: EntryName,
    /// The source as it would be; as it is kept when absent.
    #[serde(default)]
    source: Option<SourceFields>,
    /// A password to try; the one that is kept when absent, as long as it goes to the same place.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    secret: Option<Secret>,
}

/// An entry to look at in a source that is not kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTryFields {
    /// The entry.
    entry: EntryName,
    /// The source as it would be.
    source: SourceFields,
    /// The password of its service account.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    secret: Option<Secret>,
}

/// How a source that is kept is to be tested.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestFields {
    /// The source as it would be; as it is kept when absent.
    #[serde(default)]
    source: Option<SourceFields>,
    /// A password to try; the one that is kept when absent, as long as it goes to the same place.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    secret: Option<Secret>,
}

/// A source that is not kept and is to be tested.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTestFields {
    /// The source as it would be.
    source: SourceFields,
    /// The password of its service account.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    secret: Option<Secret>,
}

/// What was seen of an entry.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TryView {
    /// The entry; null when there is none of this name, or the source cannot be read.
    entry: Option<Look>,
    /// Why the source cannot be read.
    problem: Option<RunProblem>,
    /// The same in one English sentence.
    message: Option<String>,
}

/// Whether a source can be read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TestView {
    /// What was tried, in order.
    steps: Vec<StepView>,
    /// A few entries, as they would be mapped.
    sample: Vec<Sample>,
}

/// One thing that was tried.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StepView {
    /// What was tried.
    step: ProbeKind,
    /// How it went.
    outcome: ProbeOutcome,
    /// What was found.
    finding: Finding,
    /// The same in one English sentence.
    message: String,
}

impl From<Result<Option<Look>, RunProblem>> for TryView {
    fn from(looked: Result<Option<Look>, RunProblem>) -> Self {
        match looked {
            Ok(entry) => Self { entry, problem: None, message: None },
            Err(problem) => Self { entry: None, message: Some(problem.to_string()), problem: Some(problem) },
        }
    }
}

impl From<Tested> for TestView {
    fn from(Tested { steps, sample }: Tested) -> Self {
        let steps = steps.into_iter().map(|ProbeStep { step, outcome, finding }| {
            let message = finding.to_string();
            StepView { step, outcome, finding, message }
        });
        Self { steps: steps.collect(), sample }
    }
}

/// Shows one entry of a source: its attributes, and what each field gets of them and why. Nothing is
/// changed, and attributes that may hold secrets are not asked for.
#[utoipa::path(post, path = "/tenants/{tenant}/sources/{source}/try", operation_id = "try_source", tag = "sources",
    request_body = TryFields, responses((status = 200, body = TryView)))]
pub(crate) async fn try_kept(
    scope: Authorized<ManageSources, SourceId>,
    Input(TryFields { entry, source, secret }): Input<TryFields>,
) -> Result<Json<TryView>, Problem> {
    let (entry, subject) = (named(entry)?, kept(&scope, source, secret).await?);
    look(&scope, subject, entry).await
}

/// Shows one entry of a source that is not kept, likewise.
#[utoipa::path(post, path = "/tenants/{tenant}/sources/try", operation_id = "try_new_source", tag = "sources",
    request_body = NewTryFields, responses((status = 200, body = TryView)))]
pub(crate) async fn try_new(
    scope: Authorized<ManageSources, TenantId>,
    Input(NewTryFields { entry, source, secret }): Input<NewTryFields>,
) -> Result<Json<TryView>, Problem> {
    let (entry, fields) = (named(entry)?, checked(source)?);
    look(&scope, Subject { fields, secret }, entry).await
}

/// Tries step by step whether a source can be read. Nothing is changed.
#[utoipa::path(post, path = "/tenants/{tenant}/sources/{source}/test", operation_id = "test_source", tag = "sources",
    request_body = TestFields, responses((status = 200, body = TestView)))]
pub(crate) async fn test_kept(
    scope: Authorized<ManageSources, SourceId>,
    Input(TestFields { source, secret }): Input<TestFields>,
) -> Result<Json<TestView>, Problem> {
    let subject = kept(&scope, source, secret).await?;
    test(&scope, subject).await
}

/// Tries step by step whether a source that is not kept can be read.
#[utoipa::path(post, path = "/tenants/{tenant}/sources/test", operation_id = "test_new_source", tag = "sources",
    request_body = NewTestFields, responses((status = 200, body = TestView)))]
pub(crate) async fn test_new(
    scope: Authorized<ManageSources, TenantId>,
    Input(NewTestFields { source, secret }): Input<NewTestFields>,
) -> Result<Json<TestView>, Problem> {
    let fields = checked(source)?;
    test(&scope, Subject { fields, secret }).await
}

async fn look(access: &Access, subject: Subject, entry: EntryName) -> Result<Json<TryView>, Problem> {
    let _turn = turn(access)?;
    Ok(Json(access.state().probe().look(access.tenant(), subject, entry).await.into()))
}

async fn test(access: &Access, subject: Subject) -> Result<Json<TestView>, Problem> {
    let _turn = turn(access)?;
    Ok(Json(access.state().probe().test(access.tenant(), subject).await.into()))
}

/// Each of them holds a connection that waits for somebody else's server, so there are only a few.
fn turn(access: &Access) -> Result<SemaphorePermit<'_>, Problem> {
    access.state().probing().try_acquire().map_err(|_| Problem::too_many_requests(BUSY_SECONDS))
}

fn named(entry: EntryName) -> Result<EntryName, Problem> {
    Ok(entry.check().map_err(|refusals| under("entry.", refusals))?.into_inner())
}

fn checked(source: SourceFields) -> Result<SourceFields, Problem> {
    Ok(source.check().map_err(|refusals| under("source.", refusals))?.into_inner())
}

fn under(prefix: &str, refusals: Vec<Invalid>) -> Problem {
    Problem::invalid(refusals.into_iter().map(|refusal| refusal.under(prefix)).collect())
}

/// The source that is kept, or as it would be. The secret that is kept goes nowhere else than before.
async fn kept(
    scope: &Authorized<ManageSources, SourceId>,
    source: Option<SourceFields>,
    secret: Option<Secret>,
) -> Result<Subject, Problem> {
    let wanted = source.map(checked).transpose()?;
    let key = scope.state().sealing_key();
    let finding = scope.find(move |conn, tenant, id| {
        let source = sources::find(conn, &key, tenant, id)?;
        Ok(source.zip(sources::open_secret(conn, &key, tenant, id)?))
    });
    let (source, opened) = finding.await?;
    let opened = match opened {
        OpenedSecret::Opened(secret) => Some(secret),
        OpenedSecret::Absent | OpenedSecret::EnterAgain => None,
    };
    let fields = wanted.unwrap_or_else(|| source.fields.clone());
    let opened = opened.filter(|_| sources::is_same_place(&source.fields, &fields));
    Ok(Subject { secret: secret.or(opened), fields })
}
