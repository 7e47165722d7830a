//! The watchdog: what a killed test process leaves behind.

use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use suite::process::{signal, wait_until};

/// A process that is there to be killed, and what it says, line by line.
pub(crate) fn child(arguments: &[&str]) -> (Child, Lines<BufReader<ChildStdout>>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_suite-child"));
    let started = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = started.expect("the child starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    (child, lines)
}

#[test]
fn a_killed_test_process_leaves_no_server_and_no_files() {
    let (mut child, mut lines) = child(&["hold-a-server"]);
    let line = lines.next().unwrap().unwrap();
    let (server, folder) = line.trim().split_once(' ').unwrap();
    let server = server.parse().unwrap();
    assert!(Path::new(folder).join("held.log").exists());
    assert!(signal(server, "0"));

    child.kill().unwrap();
    child.wait().unwrap();

    wait_until("the watchdog to remove the folder", || !Path::new(folder).exists());
    wait_until("the watchdog to stop the server", || !signal(server, "0"));
}
