//! The watchdog: what a killed test process leaves behind.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use suite::process::{run, wait_until};

#[test]
fn a_killed_test_process_leaves_no_server_and_no_files() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_suite-child"))
        .arg("hold-a-server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let (server, folder) = line.trim().split_once(' ').unwrap();
    assert!(Path::new(folder).join("held.log").exists());
    run(Command::new("kill").args(["-0", server]));

    child.kill().unwrap();
    child.wait().unwrap();

    wait_until("the watchdog to remove the folder", || !Path::new(folder).exists());
    wait_until("the watchdog to stop the server", || {
        !Command::new("kill").args(["-0", server]).stderr(Stdio::null()).status().unwrap().success()
    });
}
