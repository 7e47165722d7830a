//! `switchboard sync undo`: takes a run back.

use serde_json::{Value, json};

use super::progress::watch;
use super::{require_success, summary};
use crate::cli::print;
use crate::client::Client;
use crate::failure::Failure;

/// How many lines of the plan are shown; the report has all of them.
const SHOWN: usize = 100;

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
    let page = client.get(&format!("{base}/{id}/entries?limit={SHOWN}")).await?;
    let mut lines: Vec<String> = page.items().iter().map(line).collect();
    if !page.text("next").is_empty() {
        lines.push(format!("  … all of it: switchboard sync report {id}"));
    }
    lines.push(summary(&planned));
    if !is_sure {
        lines.push(format!(
            "Nothing is taken back yet: `switchboard sync approve --run {id}` does it, `switchboard sync cancel --run {id}` \
             leaves everything as it is."
        ));
        return print(&lines.join("\n"));
    }
    print(&lines.join("\n"))?;
    client.post(&format!("{base}/{id}/approve"), &json!({})).await?;
    let ended = watch(client, tenant, &id).await?;
    print(&summary(&ended))?;
    require_success(&ended)
}

/// A line of a plan: what is done, to which entry, and what changes by that.
fn line(entry: &Value) -> String {
    let text = |value: &Value| shown(value.as_str().unwrap_or_default());
    let value = |value: &Value| value.as_str().map_or("nothing".to_owned(), |text| format!("`{}`", shown(text)));
    let mut parts = vec![text(&entry["action"]).replace('_', " "), text(&entry["locator"])];
    parts.extend(
        entry["changes"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|change| format!("{}: {} → {}", text(&change["field"]), value(&change["old"]), value(&change["new"]))),
    );
    let reason = entry["reason"]["rule"]["code"].as_str();
    parts.extend(reason.map(|code| format!("{}: {}", text(&entry["reason"]["field"]), code.replace('_', " "))));
    format!("  {}", parts.join("  "))
}

/// Text of a directory, without what a terminal would obey.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_changes_and_nothing_is_obeyed() {
        let entry = json!({"action": "set_aside", "locator": "cn=a\u{1b}[2J", "changes": [
            {"field": "office", "old": "B1", "new": null}], "reason": {"field": "office", "rule": {"code": "changed_meanwhile"}}});

        assert_eq!(line(&entry), "  set aside  cn=a [2J  office: `B1` → nothing  office: changed meanwhile");
    }
}
