//! What 10,000 idle visitors cost in memory, plain and over TLS, and whether all get in at once.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::gateway::Gateway;
use crate::measure::{cpu_seconds, resident_kib};

/// How many visitors come.
const VISITORS: u64 = 10_000;

/// Prints the memory per idle visitor and the failures among 10,000 cold connects.
pub(crate) fn run(binary: &str) {
    for (name, is_tls, limit_kib) in [("plain h1", false, 4.0), ("h1 over TLS", true, 12.0)] {
        let gateway = Gateway::start(binary, is_tls);
        measure(&gateway, name, is_tls, limit_kib);
    }
}

fn measure(gateway: &Gateway, name: &str, is_tls: bool, limit_kib: f64) {
    let before = resident_kib(gateway.process());
    let cpu = cpu_seconds(gateway.process());
    let mut visitors = Command::new(std::env::current_exe().expect("this program"))
        .args([crate::HOLD, &gateway.address(), &gateway.stream_path(), &VISITORS.to_string()])
        .arg(if is_tls { "tls" } else { "plain" })
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts again");
    let mut line = String::new();
    BufReader::new(visitors.stdout.take().expect("piped")).read_line(&mut line).expect("the visitors' report");
    let (seconds, failures) = line.trim().split_once(' ').expect("seconds and failures");
    let after = resident_kib(gateway.process());
    let spent = cpu_seconds(gateway.process()) - cpu;
    #[expect(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
    let each = after.saturating_sub(before) as f64 / VISITORS as f64;
    println!(
        "{name}: {each:.2} KiB per idle visitor (limit {limit_kib}), {VISITORS} cold connects in {seconds} s with \
         {failures} failures, {:.0} us of processor time each; resident {before} -> {after} KiB",
        spent * 1e6 / 10_000.0
    );
    let _ = visitors.stdin.take().expect("piped").write_all(b"\n");
    let _ = visitors.wait();
}
