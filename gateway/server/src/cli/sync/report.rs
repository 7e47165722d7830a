//! `switchboard sync report`: the report of a run as a file.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::client::Client;
use crate::failure::Failure;

/// How a report is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// The run and a list of its entries.
    Json,
    /// A line for each field that changes, one for each other entry.
    Csv,
}

/// Which report is wanted, and where it goes.
#[derive(Debug, Args)]
pub(crate) struct ReportOptions {
    /// The run's identity.
    #[arg(value_name = "RUN")]
    run: String,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The file to write; standard output when absent.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes the report as it arrives.
pub(super) async fn write(client: &Client, tenant: &str, options: &ReportOptions) -> Result<(), Failure> {
    let ReportOptions { run, format, output } = options;
    let format = match format {
        Format::Json => "json",
        Format::Csv => "csv",
    };
    let mut parts = client.open(&format!("/api/v1/tenants/{tenant}/runs/{run}/report?format={format}")).await?;
    let failed = |reason: io::Error| match output {
        Some(path) => Failure::File { path: path.clone(), reason },
        None => Failure::Output(reason),
    };
    let mut out: Box<dyn Write + Send> = match output {
        Some(path) => Box::new(File::create(path).map_err(failed)?),
        None => Box::new(io::stdout()),
    };
    while let Some(part) = parts.next().await? {
        match out.write_all(&part) {
            // `switchboard sync report … | head` is no failure.
            Err(reason) if reason.kind() == io::ErrorKind::BrokenPipe && output.is_none() => return Ok(()),
            written => written.map_err(failed)?,
        }
    }
    out.flush().map_err(failed)
}
