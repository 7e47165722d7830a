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
        node.arg(&options.website).args(["--gateway", url, "--port", &options.website_port.to_string()]);
        node.args(["--services", &first.services_key, "--team", &first.team_key]);
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
