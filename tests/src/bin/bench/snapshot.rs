//! Snapshot reads per processor second, against nginx that serves the same bytes as a file.

use std::fs;
use std::process::Command;

use suite::process::{Server, Stop, free_port, scratch, wait_until};

use crate::gateway::Gateway;
use crate::measure::{cpu_seconds, median};

const ROUNDS: usize = 5;
const SECONDS: u32 = 4;

/// Prints the ratio of the two, the median of five interleaved rounds.
pub(crate) fn run(binary: &str) {
    let gateway = Gateway::start(binary, false);
    let gateway_url = format!("http://{}{}", gateway.address(), gateway.snapshot_path());
    let nginx = Nginx::start(&gateway.snapshot());
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        let ours = reads_per_cpu_second(&gateway_url, gateway.process());
        let theirs = reads_per_cpu_second(&nginx.url, nginx.worker);
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

struct Nginx {
    url: String,
    worker: u32,
    _server: Server,
}

impl Nginx {
    fn start(body: &[u8]) -> Self {
        let folder = scratch().join("nginx");
        fs::create_dir_all(folder.join("www")).expect("a folder");
        fs::write(folder.join("www/snapshot.json"), body).expect("the same bytes");
        let port = free_port();
        let configuration = configuration(&folder.display().to_string(), port);
        fs::write(folder.join("nginx.conf"), configuration).expect("a configuration");
        let mut command = Command::new("taskset");
        command.args(["-c", "0", "nginx", "-c"]).arg(folder.join("nginx.conf")).arg("-e").arg(folder.join("error.log"));
        let mut server = Server::start("nginx", &mut command, Stop::Politely);
        server.wait_until(|| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()).expect("nginx starts");
        let mut worker = None;
        wait_until("nginx to have a worker", || {
            let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", server.id())).unwrap_or_default();
            worker = children.split_whitespace().next().and_then(|id| id.parse().ok());
            worker.is_some()
        });
        let url = format!("http://127.0.0.1:{port}/snapshot.json");
        Self { url, worker: worker.expect("just seen"), _server: server }
    }
}

fn configuration(folder: &str, port: u16) -> String {
    format!(
        "daemon off; user root; worker_processes 1; pid {folder}/pid;
         events {{ worker_connections 1024; }}
         http {{
           access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max=10;
           default_type application/json;
           client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
           uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
           server {{ listen 127.0.0.1:{port} backlog=4096; root {folder}/www;
             location / {{ add_header Cache-Control 'public, max-age=1'; add_header Vary Origin; }} }}
         }}"
    )
}
