//! Snapshot reads per processor second, against nginx that serves the same bytes as a file.

use std::fs;
use std::process::Command;

use suite::process::scratch;

use crate::gateway::Gateway;
use crate::measure::{cpu_seconds, median};
use crate::nginx::Nginx;

const ROUNDS: usize = 5;
const SECONDS: u32 = 4;

/// Prints the ratio of the two, the median of five interleaved rounds.
pub(crate) fn run(binary: &str) {
    let gateway = Gateway::start(binary, false);
    let gateway_url = format!("http://{}{}", gateway.address(), gateway.snapshot_path());
    let nginx = nginx(&gateway.snapshot());
    let nginx_url = format!("http://{}/snapshot.json", nginx.address);
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        let ours = reads_per_cpu_second(&gateway_url, gateway.process());
        let theirs = reads_per_cpu_second(&nginx_url, nginx.worker);
        println!("round {round}: gateway {ours:.0}, nginx {theirs:.0} reads per processor second");
        ratios.push(ours / theirs);
    }
    println!("snapshot read: {:.2} x nginx (at least 0.8)", median(&mut ratios));
}

fn reads_per_cpu_second(url: &str, process: u32) -> f64 {
    let before = cpu_seconds(process);
    let output = Command::new("taskset")
        .args(["-c", "1", "wrk", "-t1", "-c64", &format!("-d{SECONDS}s"), url])
        .output()
        .expect("wrk and taskset are installed");
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!report.contains("Non-2xx"), "wrk got other answers than 200: {report}");
    let reads = report.lines().find_map(|line| line.split_once(" requests in ")).expect("wrk counts").0.trim();
    reads.parse::<f64>().expect("a number of requests") / (cpu_seconds(process) - before)
}

/// An nginx that serves `body` as a file.
fn nginx(body: &[u8]) -> Nginx {
    let www = scratch().join("nginx/www");
    fs::create_dir_all(&www).expect("a folder");
    fs::write(www.join("snapshot.json"), body).expect("the same bytes");
    let http = "sendfile on; tcp_nopush on; open_file_cache max=10; default_type application/json;";
    let server = "root {folder}/www;
        location / { add_header Cache-Control 'public, max-age=1'; add_header Vary Origin; }";
    Nginx::start("nginx", "", http, server)
}
