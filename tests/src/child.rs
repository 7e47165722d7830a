//! What a test starts in order to kill it: a test process that dies in the middle of its work.

use std::env;
use std::io::Read;
use std::process::Command;

use suite::process::{Server, Stop, scratch};

#[expect(clippy::panic, reason = "the test that started it reads the sentence")]
fn main() {
    match env::args().nth(1).as_deref() {
        Some("hold-a-server") => hold_a_server(),
        other => panic!("`{other:?}` is nothing to do"),
    }
}

/// Starts a server, says which and where its files are, and waits to be killed.
fn hold_a_server() {
    let server = Server::start("held", Command::new("sleep").arg("600"), Stop::Politely);
    println!("{} {}", server.id(), scratch().display());
    let _ = std::io::stdin().read(&mut [0]);
}
