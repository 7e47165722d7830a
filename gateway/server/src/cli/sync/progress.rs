//! How far a run has come, followed until it does not go on any more.
//!
//! The gateway tells it as it happens. Where that breaks off, or there is no room for another stream,
//! the run is looked at again and again.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::counts;
use crate::client::{Client, ClientError, Parts};
use crate::failure::Failure;

/// How often a run is looked at that nobody tells about.
const LOOK: Duration = Duration::from_millis(250);
/// How often in a row it is tried to be told, and how soon again.
const TRIES: u32 = 3;
const AGAIN: Duration = Duration::from_secs(1);
/// The longest event, in bytes.
const MAX_EVENT: usize = 1 << 20;

const UNBOUNDED: &str = "{spinner} {elapsed_precise} {msg}";
const BOUNDED: &str = "{spinner} {elapsed_precise} {bar:24} {msg}";

/// Waits until the run has ended or waits for approval; gives the run as it is then.
pub(super) async fn watch(client: &Client, tenant: &str, run: &str) -> Result<Value, Failure> {
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template(UNBOUNDED) {
        bar.set_style(style);
    }
    bar.tick();
    let path = format!("/api/v1/tenants/{tenant}/runs/{run}");
    let mut tries = 0;
    while tries < TRIES {
        let mut is_told = false;
        // What stands against a stream stands against looking as well, or does not matter.
        if let Ok(Some(ended)) = follow(client, &path, &bar, &mut is_told).await {
            bar.finish_and_clear();
            return Ok(ended);
        }
        // Streams are short: one that told something is followed by the next.
        tries = if is_told { 0 } else { tries + 1 };
        if tries < TRIES {
            tokio::time::sleep(AGAIN).await;
        }
    }
    let mut ticks = tokio::time::interval(LOOK);
    loop {
        ticks.tick().await;
        let run = client.get(&path).await?.body;
        bar.set_message(counts(&run));
        bar.tick();
        if run["state"] != "running" {
            bar.finish_and_clear();
            return Ok(run);
        }
    }
}

/// Shows what is told; the run as it ended, or `None` when the stream ends earlier. Notes when anything was
/// told.
async fn follow(
    client: &Client,
    path: &str,
    bar: &ProgressBar,
    is_told: &mut bool,
) -> Result<Option<Value>, ClientError> {
    let mut events = Events::new(client.open(&format!("{path}/progress")).await?);
    while let Some((name, data)) = events.next().await? {
        *is_told = true;
        match name.as_str() {
            "progress" => show(bar, &data),
            "run" => return Ok(Some(data)),
            _ => bar.tick(),
        }
    }
    Ok(None)
}

fn show(bar: &ProgressBar, progress: &Value) {
    let expected = progress["expected"].as_u64();
    let template = if expected.is_some() { BOUNDED } else { UNBOUNDED };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_length(expected.unwrap_or(0));
    bar.set_position(progress["done"].as_u64().unwrap_or(0));
    bar.set_message(line(progress));
    bar.tick();
}

/// How far a run has come in one line.
fn line(progress: &Value) -> String {
    let number = |name: &str| progress[name].as_u64();
    let mut parts = vec![progress["phase"].as_str().unwrap_or_default().to_owned()];
    let done = number("done").unwrap_or(0);
    parts.push(number("expected").map_or_else(|| done.to_string(), |expected| format!("{done} of about {expected}")));
    parts.extend(number("per_second").map(|rate| format!("{rate} a second")));
    parts.extend(number("seconds_left").map(|seconds| format!("{seconds} s left")));
    parts.push(counts(progress));
    parts.join(", ")
}

/// The events of an answer.
struct Events {
    parts: Parts,
    rest: Vec<u8>,
}

impl Events {
    fn new(parts: Parts) -> Self {
        Self { parts, rest: Vec::new() }
    }

    /// The next event, by its name; `None` at the end, and of what is no stream of ours.
    async fn next(&mut self) -> Result<Option<(String, Value)>, ClientError> {
        loop {
            if let Some(event) = take(&mut self.rest) {
                return Ok(Some(event));
            }
            match self.parts.next().await? {
                Some(part) if self.rest.len() + part.len() <= MAX_EVENT => self.rest.extend_from_slice(&part),
                _ => return Ok(None),
            }
        }
    }
}

/// Takes the first event with data that is complete.
fn take(rest: &mut Vec<u8>) -> Option<(String, Value)> {
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\n\n")?;
        let block = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest.drain(..end + 2);
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        if let Some(data) = field("data") {
            let name = field("event").unwrap_or("message").to_owned();
            return Some((name, serde_json::from_str(data).unwrap_or_default()));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_taken_once_they_are_complete() {
        let text = "retry: 1000\n\nevent: progress\ndata: {\"done\":1}\n\nevent: ping\ndata: {}\n\nevent: run\n";
        let (mut rest, mut taken) = (Vec::new(), Vec::new());

        for byte in text.bytes() {
            rest.push(byte);
            taken.extend(take(&mut rest));
        }

        assert_eq!(taken, [("progress".to_owned(), json!({"done": 1})), ("ping".to_owned(), json!({}))]);
        assert_eq!(rest, b"event: run\n");
    }

    #[test]
    fn a_line_says_what_is_known() {
        let counts = json!({"read": 40, "updated": 2});
        let known = json!({"phase": "reading", "done": 40, "expected": 100, "per_second": 20, "seconds_left": 3,
            "counts": counts});
        let little = json!({"phase": "photos", "done": 0, "expected": null, "per_second": null, "counts": counts});

        assert_eq!(line(&known), "reading, 40 of about 100, 20 a second, 3 s left, 40 read, 2 updated");
        assert_eq!(line(&little), "photos, 0, 40 read, 2 updated");
    }
}
