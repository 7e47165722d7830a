//! The program `switchboard`: the only place that knows every other crate. It reads the
//! configuration, builds the parts, serves them, and holds no logic of its own.
//!
//! It is a library so that tests can start the whole program from their own process.

mod background;
pub mod call_settings;
mod cli;
mod client;
mod demo;
mod failure;
mod follow;
mod handoff;
mod hold;
pub mod listen;
mod open;
mod peer;
mod post;
pub mod serve;
pub mod settings;
mod setup;
mod stop;
mod telemetry;
pub mod tls;
mod upkeep;
mod wire;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

/// Runs the program with `arguments` and the variables of `environment`; a failure is one sentence
/// on standard error and a code other than zero.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> ExitCode {
    // Before anything that might speak TLS. It fails only if somebody installed one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = match cli::Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version come this way too, and know where they belong and their own code.
            let _ = message.print();
            return ExitCode::from(u8::try_from(message.exit_code()).unwrap_or(2));
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(reason) => return fail(&format!("cannot start threads: {reason}")),
    };
    let environment = environment.into_iter().collect();
    match runtime.block_on(cli::run(cli, environment)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure.to_string()),
    }
}

fn fail(sentence: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "switchboard: {sentence}");
    ExitCode::FAILURE
}
