//! The program `switchboard` as tests start it.

use std::process::ExitCode;

fn main() -> ExitCode {
    switchboard::run(std::env::args_os(), std::env::vars())
}
