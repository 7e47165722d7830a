//! `switchboard sync run`: starts runs of a source, for a contact, for a group or of all sources, and follows them.

use std::collections::HashMap;

use clap::Args;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::plan;
use super::progress::watch;
use super::{all, find_source, refusal, require_success, run_source, summary};
use crate::cli::print;
use crate::client::Client;
use crate::failure::Failure;

/// What does not stand in a part of an address as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

/// What is synchronized.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct SubjectOptions {
    /// A source: its identity or its name.
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// A contact: its identity, or its SIP or mail address.
    #[arg(long, value_name = "CONTACT", conflicts_with_all = ["changes", "stored"])]
    contact: Option<String>,
    /// The contacts of a group, and of those below it, that come from a source: its identity or its name.
    #[arg(long, value_name = "GROUP", conflicts_with_all = ["changes", "stored"])]
    group: Option<String>,
    /// Every source of the tenant that is in service.
    #[arg(long)]
    all: bool,
}

/// How much of a source is read, and whether its plan is seen first.
#[derive(Debug, Args)]
pub(crate) struct HowOptions {
    /// Reads only what changed since the last run, where the source can tell it.
    #[arg(long)]
    changes: bool,
    /// Reads nothing: what was read before is mapped anew.
    #[arg(long, conflicts_with = "changes")]
    stored: bool,
    /// Shows what a run of a source would do, and writes nothing before `switchboard sync approve`; ends with 0 when the
    /// plan waits.
    #[arg(long, conflicts_with_all = ["contact", "group", "all"])]
    preview: bool,
}

impl HowOptions {
    fn extent(&self) -> &'static str {
        match self {
            Self { stored: true, .. } => "stored",
            Self { changes: true, .. } => "changes",
            Self { .. } => "whole",
        }
    }
}

/// Starts what is asked for and waits until all of it has ended or waits for approval.
pub(super) async fn run(
    client: &Client,
    tenant: &str,
    subject: &SubjectOptions,
    how: &HowOptions,
) -> Result<(), Failure> {
    if let Some(source) = &subject.source {
        let source = find_source(client, tenant, source).await?;
        let query = format!("extent={}&is_preview={}", how.extent(), how.preview);
        let ended = run_source(client, tenant, &source, &query).await?;
        if how.preview && ended["state"] == "awaiting_approval" {
            print(&plan::shown(client, tenant, &ended).await?)?;
            let id = ended["id"].as_str().unwrap_or_default();
            return print(&format!("Nothing was written yet: {}", plan::choices(id)));
        }
        print(&summary(&ended))?;
        return require_success(&ended);
    }
    let base = format!("/api/v1/tenants/{tenant}");
    let path = if let Some(contact) = &subject.contact {
        format!("{base}/contacts/{}/synchronize", find_contact(client, &base, contact).await?)
    } else if let Some(group) = &subject.group {
        format!("{base}/groups/{}/synchronize", find_group(client, &base, group).await?)
    } else {
        format!("{base}/runs?extent={}", how.extent())
    };
    let started = client.post(&path, &json!({})).await?.body;
    follow(client, tenant, &started).await
}

/// Says what was left out and why, and follows every run that was started.
async fn follow(client: &Client, tenant: &str, started: &Value) -> Result<(), Failure> {
    // Who may synchronize contacts may perhaps not see sources: they are shown their identities.
    let sources = all(client, &format!("/api/v1/tenants/{tenant}/sources?limit=500")).await.unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let names: HashMap<String, String> =
        sources.iter().map(|source| (text(&source["id"]), text(&source["name"]))).collect();
    let name = |id: &Value| names.get(&text(id)).cloned().unwrap_or_else(|| text(id));
    if let Some(message) = started["message"].as_str() {
        print(message)?;
    }
    if let Some(manual) = started["manual"].as_u64().filter(|manual| *manual > 0) {
        print(&format!("{manual} contacts come from no source and are left as they are"))?;
    }
    for left in started["left_out"].as_array().into_iter().flatten() {
        print(&format!("left out  {}: {}", name(&left["source"]), reason(left)))?;
    }
    let runs = started["runs"].as_array().map(Vec::as_slice).unwrap_or_default();
    if runs.is_empty() {
        return Err(Failure::said("no run was started"));
    }
    let mut refused = Vec::new();
    for asked in runs {
        let Some(run) = asked["run"].as_str() else {
            print(&format!("waits  {}: until another run of it has ended", name(&asked["source"])))?;
            continue;
        };
        let ended = watch(client, tenant, run).await?;
        print(&format!("{}  {}", name(&asked["source"]), summary(&ended)))?;
        refused.extend(refusal(&ended));
    }
    match refused.first() {
        None => Ok(()),
        Some(first) if runs.len() == 1 => Err(Failure::said(first.as_str())),
        Some(first) => {
            Err(Failure::said(format!("{} of {} runs did not succeed; the first: {first}", refused.len(), runs.len())))
        }
    }
}

/// Why a source was left out.
fn reason(left: &Value) -> String {
    match left["because"].as_str() {
        Some("switched_off") => "it is switched off".to_owned(),
        Some("no_entries") => "it says only how available people are".to_owned(),
        Some("nothing_kept") => "people are looked up in it, so nothing of it is kept".to_owned(),
        Some("busy") => format!("run {} of it has not ended", left["run"].as_str().unwrap_or_default()),
        _ => "its run could not be started".to_owned(),
    }
}

/// The identity of the contact with this identity or address.
async fn find_contact(client: &Client, base: &str, contact: &str) -> Result<String, Failure> {
    if !contact.contains('@') {
        return Ok(escaped(contact));
    }
    let address = contact.strip_prefix("sip:").unwrap_or(contact);
    let found = all(client, &format!("{base}/contacts?limit=500&q={}", escaped(address))).await?;
    let is_it = |contact: &&Value| {
        let own = [&contact["sip"], &contact["mail"]].into_iter().filter_map(Value::as_str);
        own.map(|own| own.strip_prefix("sip:").unwrap_or(own)).any(|own| own.eq_ignore_ascii_case(address))
    };
    let found = found.iter().find(is_it).and_then(|contact| contact["id"].as_str());
    found.map(str::to_owned).ok_or_else(|| Failure::said(format!("the tenant has no contact `{contact}`")))
}

/// The identity of the group with this identity or name, which must be clear.
async fn find_group(client: &Client, base: &str, group: &str) -> Result<String, Failure> {
    let found = all(client, &format!("{base}/groups?limit=500")).await?;
    let is_it = |found: &&Value| [&found["id"], &found["name"]].iter().any(|text| text.as_str() == Some(group));
    let ids: Vec<&str> = found.iter().filter(is_it).filter_map(|group| group["id"].as_str()).collect();
    match ids[..] {
        [id] => Ok(id.to_owned()),
        [] => Err(Failure::said(format!("the tenant has no group `{group}`"))),
        _ => Err(Failure::said(format!("{} groups are called `{group}`: say the identity of one", ids.len()))),
    }
}

/// The text as one part of an address.
fn escaped(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_stays_one_part_of_an_address() {
        for (typed, expected) in [
            ("01JABC", "01JABC"),
            ("anna+x@example.com", "anna%2Bx@example.com"),
            ("a/../b?c#d&e", "a%2F..%2Fb%3Fc%23d%26e"),
            ("ä", "%C3%A4"),
        ] {
            assert_eq!(escaped(typed), expected);
        }
    }

    #[test]
    fn every_reason_is_worded() {
        let worded = |because: &str| reason(&json!({ "because": because, "run": "01J" }));

        assert_eq!(worded("busy"), "run 01J of it has not ended");
        let all = ["switched_off", "no_entries", "nothing_kept", "busy", "failed"].map(worded);
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|other| other != one), "{one}");
        }
    }
}
