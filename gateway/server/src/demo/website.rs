//! The companies' website, served by a process of its own.

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::demo::DemoOptions;
use crate::demo::build::Built;
use crate::failure::Failure;

/// The website, which ends when this is dropped.
pub(super) struct Website(Child);

impl Website {
    /// Starts it for the gateway at `url`, and waits until it can be visited.
    pub(super) async fn start(options: &DemoOptions, url: &str, built: &[Built]) -> Result<Self, Failure> {
        let Some(first) = built.first() else { return Err(Failure::said("there is no company")) };
        let mut node = Command::new("node");
        let port = options.website_port.to_string();
        let keys = [("services", first.services_key.as_str()), ("team", &first.team_key)];
        node.arg(&options.website).args(arguments([("gateway", url), ("port", &port)].into_iter().chain(keys)));
        let started = node.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
        let mut child = started.map_err(|reason| Failure::said(format!("the website needs `node`: {reason}")))?;
        let ended = || Failure::said("the website did not start; the line above says why");
        // It says where it listens as soon as it does.
        let said = BufReader::new(child.stdout.take().ok_or_else(ended)?).lines().next_line().await;
        if said.ok().flatten().is_some() { Ok(Self(child)) } else { Err(ended()) }
    }

    /// Waits until it ends, which it does not do by itself.
    pub(super) async fn ended(mut self) -> Failure {
        match self.0.wait().await {
            Ok(status) => Failure::said(format!("the website has ended: {status}")),
            Err(reason) => Failure::said(format!("the website has ended: {reason}")),
        }
    }
}

/// Each option and its value as one word: a key may begin with a dash.
fn arguments<'a>(options: impl Iterator<Item = (&'a str, &'a str)>) -> impl Iterator<Item = String> {
    options.map(|(name, value)| format!("--{name}={value}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_key_that_begins_with_a_dash_is_no_option() {
        let said: Vec<String> = super::arguments([("services", "-vk8"), ("team", "--x")].into_iter()).collect();

        assert_eq!(said, ["--services=-vk8", "--team=--x"]);
    }
}
