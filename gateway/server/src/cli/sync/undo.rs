//! `switchboard sync undo`: takes a run back.

use serde_json::json;

use super::plan;
use super::progress::watch;
use super::{require_success, summary};
use crate::cli::print;
use crate::client::Client;
use crate::failure::Failure;

/// Plans to take the run back, shows the plan, and carries it out when that is said.
pub(super) async fn run(client: &Client, tenant: &str, run: &str, is_sure: bool) -> Result<(), Failure> {
    let base = format!("/api/v1/tenants/{tenant}/runs");
    let undoing = client.post(&format!("{base}/{run}/undo"), &json!({})).await?;
    let id = undoing.text("id").to_owned();
    let planned = watch(client, tenant, &id).await?;
    if planned["state"] != "awaiting_approval" {
        print(&summary(&planned))?;
        return require_success(&planned);
    }
    print(&plan::shown(client, tenant, &planned).await?)?;
    if !is_sure {
        return print(&format!("Nothing is taken back yet: {}", plan::choices(&id)));
    }
    client.post(&format!("{base}/{id}/approve"), &json!({})).await?;
    let ended = watch(client, tenant, &id).await?;
    print(&summary(&ended))?;
    require_success(&ended)
}
