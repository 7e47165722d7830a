//! Plans that wait for approval, as they are shown in a terminal.

use serde_json::Value;

use super::summary;
use crate::client::Client;
use crate::failure::Failure;

/// How many lines of a plan are shown; the report has all of them.
const SHOWN: usize = 100;

/// What a run would do, line by line, and the run itself.
pub(super) async fn shown(client: &Client, tenant: &str, run: &Value) -> Result<String, Failure> {
    let id = run["id"].as_str().unwrap_or_default();
    let page = client.get(&format!("/api/v1/tenants/{tenant}/runs/{id}/entries?limit={SHOWN}")).await?;
    let mut lines: Vec<String> = page.items().iter().map(line).collect();
    if !page.text("next").is_empty() {
        lines.push(format!("  … all of it: switchboard sync report {id}"));
    }
    lines.push(summary(run));
    Ok(lines.join("\n"))
}

/// What can be done about a plan.
pub(super) fn choices(run: &str) -> String {
    format!(
        "`switchboard sync approve --run {run}` does it, `switchboard sync cancel --run {run}` leaves everything as it is."
    )
}

/// A line of a plan: what is done, to which entry, and what changes by that.
fn line(entry: &Value) -> String {
    let text = |value: &Value| plain(value.as_str().unwrap_or_default());
    let value = |value: &Value| value.as_str().map_or("nothing".to_owned(), |text| format!("`{}`", plain(text)));
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
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_says_what_changes_and_nothing_is_obeyed() {
        let entry = json!({"action": "set_aside", "locator": "cn=a\u{1b}[2J", "changes": [
            {"field": "office", "old": "B1", "new": null}], "reason": {"field": "office", "rule": {"code": "changed_meanwhile"}}});

        assert_eq!(line(&entry), "  set aside  cn=a [2J  office: `B1` → nothing  office: changed meanwhile");
    }
}
