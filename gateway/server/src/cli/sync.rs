//! `switchboard sync`: starts and steers runs of a running gateway, and looks into sources, through its
//! API.

mod plan;
mod probe;
mod progress;
mod report;
mod start;
mod undo;

use clap::Subcommand;
use directory_model::secret::Secret;
use serde_json::{Value, json};

use crate::cli::{Context, GatewayOptions, print};
use crate::client::Client;
use crate::failure::Failure;

use progress::watch;

/// What can be done about runs.
#[derive(Debug, Subcommand)]
pub(crate) enum SyncCommand {
    /// Synchronizes a source, a contact, a group or all sources of a tenant, and shows how far that has come; ends with a
    /// failure unless every run succeeds.
    Run {
        #[command(flatten)]
        gateway: GatewayOptions,
        /// The tenant's identity.
        #[arg(long, value_name = "ID")]
        tenant: String,
        #[command(flatten)]
        subject: start::SubjectOptions,
        #[command(flatten)]
        how: start::HowOptions,
    },
    /// Lists a tenant's latest runs.
    List {
        #[command(flatten)]
        gateway: GatewayOptions,
        /// The tenant's identity.
        #[arg(long, value_name = "ID")]
        tenant: String,
    },
    /// Applies the plan of a run that waits for approval.
    Approve {
        #[command(flatten)]
        gateway: GatewayOptions,
        /// The tenant's identity.
        #[arg(long, value_name = "ID")]
        tenant: String,
        /// The run's identity.
        #[arg(long, value_name = "ID")]
        run: String,
    },
    /// Takes back what a run did: shows what that would change, and waits for `switchboard sync approve` unless `--yes` is
    /// said.
    Undo {
        #[command(flatten)]
        gateway: GatewayOptions,
        /// The tenant's identity.
        #[arg(long, value_name = "ID")]
        tenant: String,
        /// The run's identity.
        #[arg(long, value_name = "ID")]
        run: String,
        /// Takes it back without waiting.
        #[arg(long)]
        yes: bool,
    },
    /// Shows one entry of a source: its attributes, and what each field gets of them and why.
    Try {
        #[command(flatten)]
        gateway: GatewayOptions,
        #[command(flatten)]
        subject: probe::SubjectOptions,
        #[command(flatten)]
        entry: probe::EntryOptions,
    },
    /// Tries step by step whether a source can be read; ends with a failure unless it can.
    Test {
        #[command(flatten)]
        gateway: GatewayOptions,
        #[command(flatten)]
        subject: probe::SubjectOptions,
    },
    /// Writes all that a run does, or did, as one file.
    Report {
        #[command(flatten)]
        gateway: GatewayOptions,
        /// The tenant's identity.
        #[arg(long, value_name = "ID")]
        tenant: String,
        #[command(flatten)]
        report: report::ReportOptions,
    },
    /// Ends a run that goes on or waits for approval; what it has applied stays.
    Cancel {
        #[command(flatten)]
        gateway: GatewayOptions,
        /// The tenant's identity.
        #[arg(long, value_name = "ID")]
        tenant: String,
        /// The run's identity.
        #[arg(long, value_name = "ID")]
        run: String,
    },
}

/// Does what `command` asks for.
pub(crate) async fn run(command: SyncCommand, context: &Context) -> Result<(), Failure> {
    match command {
        SyncCommand::Run { gateway, tenant, subject, how } => {
            start::run(&client(&gateway, context)?, &tenant, &subject, &how).await
        }
        SyncCommand::List { gateway, tenant } => {
            let runs = client(&gateway, context)?.get(&format!("/api/v1/tenants/{tenant}/runs")).await?;
            let lines: Vec<String> = runs.items().iter().map(summary).collect();
            print(&lines.join("\n"))
        }
        SyncCommand::Approve { gateway, tenant, run } => {
            let client = client(&gateway, context)?;
            client.post(&format!("/api/v1/tenants/{tenant}/runs/{run}/approve"), &json!({})).await?;
            let ended = watch(&client, &tenant, &run).await?;
            print(&summary(&ended))?;
            require_success(&ended)
        }
        SyncCommand::Undo { gateway, tenant, run, yes } => {
            undo::run(&client(&gateway, context)?, &tenant, &run, yes).await
        }
        SyncCommand::Try { gateway, subject, entry } => {
            probe::try_entry(&client(&gateway, context)?, &subject, &entry).await
        }
        SyncCommand::Test { gateway, subject } => probe::test(&client(&gateway, context)?, &subject).await,
        SyncCommand::Report { gateway, tenant, report } => {
            report::write(&client(&gateway, context)?, &tenant, &report).await
        }
        SyncCommand::Cancel { gateway, tenant, run } => {
            let client = client(&gateway, context)?;
            client.post(&format!("/api/v1/tenants/{tenant}/runs/{run}/cancel"), &json!({})).await?;
            print(&summary(&watch(&client, &tenant, &run).await?))
        }
    }
}

/// Runs a source and waits until it has ended or waits for approval; gives the run as it is then.
pub(crate) async fn run_source(client: &Client, tenant: &str, source: &str, query: &str) -> Result<Value, Failure> {
    let path = format!("/api/v1/tenants/{tenant}/sources/{source}/runs?{query}");
    let started = client.post(&path, &json!({})).await?;
    watch(client, tenant, started.text("id")).await
}

fn client(options: &GatewayOptions, context: &Context) -> Result<Client, Failure> {
    let token = match &options.token_file {
        Some(path) => {
            let read = std::fs::read_to_string(path);
            Some(read.map_err(|reason| Failure::File { path: path.clone(), reason })?)
        }
        None => context.token.clone(),
    };
    let Some(token) = token else {
        return Err(Failure::said("needs an API token: `--token-file`, or the environment variable SWITCHBOARD_TOKEN"));
    };
    let configured = || context.loaded.settings.public_url();
    let client = Client::new(&options.gateway.clone().unwrap_or_else(configured))?;
    Ok(client.with_token(Secret::new(token.trim())))
}

/// The identity of the source with this identity or name.
async fn find_source(client: &Client, tenant: &str, source: &str) -> Result<String, Failure> {
    let sources = all(client, &format!("/api/v1/tenants/{tenant}/sources?limit=500")).await?;
    let is_it = |found: &&Value| [&found["id"], &found["name"]].iter().any(|text| text.as_str() == Some(source));
    let found = sources.iter().find(is_it).and_then(|found| found["id"].as_str());
    found.map(str::to_owned).ok_or_else(|| Failure::said(format!("the tenant has no source `{source}`")))
}

/// Every item of a list, whatever the number of its pages; its address has a query.
async fn all(client: &Client, path: &str) -> Result<Vec<Value>, Failure> {
    let (mut items, mut after) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}{after}")).await?;
        items.extend_from_slice(page.items());
        if page.text("next").is_empty() {
            return Ok(items);
        }
        after = format!("&after={}", page.text("next"));
    }
}

fn require_success(run: &Value) -> Result<(), Failure> {
    refusal(run).map_or(Ok(()), |sentence| Err(Failure::said(sentence)))
}

/// Why the run is no success; `None` when it is one.
fn refusal(run: &Value) -> Option<String> {
    let message = run["message"].as_str().unwrap_or("It was cancelled.");
    match run["state"].as_str() {
        Some("succeeded") => None,
        Some("awaiting_approval") => Some(format!("the run waits for `switchboard sync approve`: {message}")),
        _ => Some(format!("the run did not succeed: {message}")),
    }
}

/// A run in one line.
fn summary(run: &Value) -> String {
    let text = |name: &str| run[name].as_str().unwrap_or_default().to_owned();
    let mut line = format!("{}  {}  {}  {}", text("id"), text("started_at"), text("state"), counts(run));
    line.extend(run["contacts"].as_array().map(|contacts| format!("  for {} contacts only", contacts.len())));
    if let Some(message) = run["message"].as_str() {
        line.push_str("  ");
        line.push_str(message);
    }
    line
}

fn counts(run: &Value) -> String {
    let kinds = [
        "read",
        "created",
        "linked",
        "updated",
        "disabled",
        "enabled",
        "unchanged",
        "set_aside",
        "not_found",
        "needs_read",
        "photos",
        "removed",
        "unlinked",
        "restored",
    ];
    let counted = kinds.iter().map(|kind| (kind, run["counts"][*kind].as_u64().unwrap_or(0)));
    let shown = counted.filter(|(kind, count)| *count > 0 || **kind == "read");
    shown.map(|(kind, count)| format!("{count} {}", kind.replace('_', " "))).collect::<Vec<_>>().join(", ")
}
