//! `switchboard sync try` and `switchboard sync test`: looks into sources, kept or not.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::find_source;
use crate::cli::print;
use crate::client::Client;
use crate::failure::Failure;

/// Which source is looked into.
#[derive(Debug, Args)]
pub(crate) struct SubjectOptions {
    /// The tenant's identity.
    #[arg(long, value_name = "ID")]
    tenant: String,
    /// The source: its identity or its name.
    #[arg(long, value_name = "SOURCE", required_unless_present = "definition")]
    source: Option<String>,
    /// A file with the source as it would be, in JSON as the API takes it; with `--source` instead of
    /// what is kept.
    #[arg(long, value_name = "FILE")]
    definition: Option<PathBuf>,
    /// A file with the password to try; without one the password that is kept counts.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Which entry is looked at.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct EntryOptions {
    /// The entry's DN; in a CSV file the file and line, such as `people.csv:2`.
    #[arg(long, value_name = "DN")]
    dn: Option<String>,
    /// The entry's mail address.
    #[arg(long, value_name = "ADDRESS")]
    mail: Option<String>,
    /// The entry's SIP address.
    #[arg(long, value_name = "ADDRESS")]
    sip: Option<String>,
}

/// Shows an entry.
pub(super) async fn try_entry(client: &Client, subject: &SubjectOptions, entry: &EntryOptions) -> Result<(), Failure> {
    let named = [("dn", &entry.dn), ("mail", &entry.mail), ("sip", &entry.sip)];
    let named = named.iter().find_map(|(by, value)| Some(json!({"by": by, "value": value.as_ref()?})));
    let (path, mut body) = subject.request(client, "try").await?;
    body["entry"] = named.unwrap_or_default();
    let answer = client.post(&path, &body).await?;
    if let Some(message) = answer.body["message"].as_str() {
        return Err(Failure::said(format!("the source cannot be read: {message}")));
    }
    if answer.body["entry"].is_null() {
        return Err(Failure::said("the source has no such entry"));
    }
    print(&described(&answer.body["entry"]))
}

/// Tests a source.
pub(super) async fn test(client: &Client, subject: &SubjectOptions) -> Result<(), Failure> {
    let (path, body) = subject.request(client, "test").await?;
    let tested = client.post(&path, &body).await?.body;
    print(&report(&tested))?;
    let failed = list(&tested["steps"]).iter().find(|step| step["outcome"] == "failed");
    match failed {
        Some(step) => Err(Failure::said(format!("the source cannot be read: {}", text(&step["message"])))),
        None => Ok(()),
    }
}

impl SubjectOptions {
    /// Where to ask, and with what.
    async fn request(&self, client: &Client, act: &str) -> Result<(String, Value), Failure> {
        let mut body = json!({});
        if let Some(path) = &self.definition {
            let source: Result<Value, _> = serde_json::from_str(&read(path)?);
            let failed = |reason| Failure::said(format!("{} is not JSON: {reason}", path.display()));
            body["source"] = source.map_err(failed)?;
        }
        if let Some(path) = &self.password_file {
            body["secret"] = read(path)?.trim_end_matches(['\r', '\n']).into();
        }
        let tenant = &self.tenant;
        let path = match &self.source {
            Some(source) => {
                format!("/api/v1/tenants/{tenant}/sources/{}/{act}", find_source(client, tenant, source).await?)
            }
            None => format!("/api/v1/tenants/{tenant}/sources/{act}"),
        };
        Ok((path, body))
    }
}

fn read(path: &PathBuf) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|reason| Failure::File { path: path.clone(), reason })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The steps of a test and its sample, a line for each.
fn report(tested: &Value) -> String {
    let steps = list(&tested["steps"])
        .iter()
        .map(|step| format!("{:<8} {:<11} {}", text(&step["outcome"]), text(&step["step"]), text(&step["message"])));
    let sample = list(&tested["sample"]).iter().map(|entry| {
        let name = entry["name"].as_str().map_or_else(|| refusal(&entry["refusal"]), str::to_owned);
        format!("         {}: {name}", text(&entry["locator"]))
    });
    steps.chain(sample).collect::<Vec<_>>().join("\n")
}

/// An entry: what it holds, what each field gets, and why.
fn described(entry: &Value) -> String {
    let mut lines = vec![text(&entry["locator"]).to_owned()];
    if entry["is_in_source"] == false {
        lines.push("No run reads it: it is not below the base, or the filter does not find it.".to_owned());
    }
    if let Some(others) = entry["others"].as_u64().filter(|others| *others > 0) {
        lines.push(format!("{others} more have the same address."));
    }
    if !entry["refusal"].is_null() {
        lines.push(format!("A run would set it aside: {}.", refusal(&entry["refusal"])));
    }
    lines.push("\nAttributes".to_owned());
    lines.extend(list(&entry["attributes"]).iter().map(attribute));
    lines.push("\nFields".to_owned());
    for field in list(&entry["fields"]) {
        lines.push(format!("  {}: {}", text(&field["field"]), field["value"].as_str().unwrap_or("-")));
        lines.extend(list(&field["rules"]).iter().map(rule));
        if let Some(before) = field["before_normalization"].as_str() {
            lines.push(format!("      {before}, written internationally"));
        }
    }
    lines.join("\n")
}

fn attribute(attribute: &Value) -> String {
    let name = text(&attribute["name"]);
    let Some(count) = attribute["count"].as_u64() else { return format!("  {name}: (not asked for)") };
    let values = list(&attribute["values"]);
    let shown = values.iter().map(|value| match value["bytes"].as_u64() {
        Some(bytes) => format!("({bytes} bytes)"),
        None => text(&value["text"]).to_owned(),
    });
    let more = count.saturating_sub(values.len() as u64);
    let more = (more > 0).then(|| format!("({more} more)"));
    format!("  {name}: {}", shown.chain(more).collect::<Vec<_>>().join(" | "))
}

fn rule(rule: &Value) -> String {
    let inputs = list(&rule["inputs"]).iter();
    let inputs = inputs.map(|input| match input["value"].as_str() {
        Some(value) => format!("{}={value}", text(&input["attribute"])),
        None => format!("{} has none", text(&input["attribute"])),
    });
    let steps = list(&rule["steps"]).iter().map(|step| {
        let left: Vec<&str> = list(&step["values"]).iter().map(text).collect();
        format!(
            " > {}: {}",
            text(&step["transform"]["kind"]),
            if left.is_empty() { "nothing".into() } else { left.join(" | ") }
        )
    });
    let steps: String = steps.collect();
    format!("      {} [{}]{steps}", text(&rule["outcome"]).replace('_', " "), inputs.collect::<Vec<_>>().join(", "))
}

fn refusal(invalid: &Value) -> String {
    let rule = &invalid["rule"];
    let parameters = rule.as_object().into_iter().flatten().filter(|(name, _)| *name != "code");
    let parameters: Vec<String> = parameters.map(|(_, value)| value.to_string()).collect();
    format!(
        "`{}` `{}` {} {}",
        text(&invalid["field"]),
        text(&invalid["value"]),
        text(&rule["code"]),
        parameters.join(" ")
    )
}
