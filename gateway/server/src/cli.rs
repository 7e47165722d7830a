//! The command line: what can be asked for. What is then done stands in the modules below.

mod admin;
mod files;
pub(crate) mod sync;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::demo::DemoOptions;
use crate::failure::Failure;
use crate::settings::{self, Loaded};
use crate::stop::Stop;
use crate::{demo, telemetry, wire};

/// An open contact-centre gateway: who can be reached, and how, live.
#[derive(Debug, Parser)]
#[command(name = "switchboard", version, about)]
pub(crate) struct Cli {
    /// The configuration file. Without one the defaults and the environment count.
    #[arg(long, short, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves until told to stop.
    Serve,
    /// Brings the database to this program's version.
    Migrate,
    /// Prints the configuration in force and where each value came from.
    CheckConfig,
    /// Starts and steers synchronisation runs of a running gateway.
    #[command(subcommand)]
    Sync(sync::SyncCommand),
    /// Helps when nobody can sign in, and replaces the key that seals secrets.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Copies the database, while the gateway runs or not, to a file.
    Backup(files::BackupOptions),
    /// Fills an empty database from a backup; the gateway must not run.
    Restore(files::RestoreOptions),
    /// Copies everything to another, empty database, such as PostgreSQL.
    CopyStore(files::CopyStoreOptions),
    /// Prints the OpenAPI document of the API.
    Openapi,
    /// Starts a gateway with two made-up companies whose people come, go and telephone.
    Demo(DemoOptions),
}

/// Where a running gateway is and who asks it.
#[derive(Debug, Args)]
pub(crate) struct GatewayOptions {
    /// The gateway's address; the configured one when absent.
    #[arg(long, value_name = "URL")]
    gateway: Option<String>,
    /// A file that holds an API token; otherwise the environment variable `SWITCHBOARD_TOKEN` counts.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// What the process was started with besides its arguments.
pub(crate) struct Context {
    pub(crate) loaded: Loaded,
    /// `SWITCHBOARD_TOKEN`.
    pub(crate) token: Option<String>,
}

/// Does what `cli` asks for.
pub(crate) async fn run(cli: Cli, environment: Vec<(String, String)>) -> Result<(), Failure> {
    if let Command::Openapi = cli.command {
        let document = serde_json::to_string_pretty(&gateway_api::openapi());
        return print(&document.map_err(|reason| Failure::said(reason.to_string()))?);
    }
    let token = environment.iter().find(|(name, _)| name == "SWITCHBOARD_TOKEN").map(|(_, token)| token.clone());
    let loaded = settings::load(cli.config.as_deref(), environment)?;
    let context = Context { loaded, token };
    let settings = &context.loaded.settings;
    match cli.command {
        Command::CheckConfig => print(&context.loaded.report()),
        Command::Serve => {
            telemetry::log_to_stderr(&settings.log)?;
            wire::serve(settings, Stop::on_signals()?).await
        }
        Command::Demo(options) => {
            telemetry::log_to_stderr(&settings.log)?;
            demo::run(&options, settings).await
        }
        Command::Migrate => files::migrate(settings).await,
        Command::Sync(command) => sync::run(command, &context).await,
        Command::Admin(command) => admin::run(command, settings).await,
        Command::Backup(options) => files::backup(&options, settings).await,
        Command::Restore(options) => files::restore(&options, settings).await,
        Command::CopyStore(options) => files::copy_store(&options, settings).await,
        Command::Openapi => Ok(()),
    }
}

/// Writes `text` and a line break to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
    match written {
        // `switchboard openapi | head` is no failure.
        Err(reason) if reason.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Failure::Output),
    }
}
