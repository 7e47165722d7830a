//! What 10,000 idle visitors cost in memory, over each protocol, and whether all get in at once.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::gateway::Gateway;
use crate::hold::Protocol;
use crate::measure::{cpu_seconds, resident_kib};

/// How many visitors come.
const VISITORS: u64 = 10_000;

/// How often it is looked whether memory has settled.
const LOOK: Duration = Duration::from_secs(1);

/// Memory has settled when it has not moved by a hundredth for so many looks.
const QUIET_LOOKS: u32 = 5;

/// Memory that has not settled by then is reported as it is.
const PATIENCE: Duration = Duration::from_mins(1);

/// Prints the memory per idle visitor and the failures among 10,000 cold connects.
pub(crate) fn run(binary: &str) {
    for protocol in Protocol::ALL {
        measure(&Gateway::start(binary, protocol != Protocol::Plain), protocol);
    }
}

fn measure(gateway: &Gateway, protocol: Protocol) {
    let before = resident_kib(gateway.process());
    let cpu = cpu_seconds(gateway.process());
    let mut visitors = Command::new(std::env::current_exe().expect("this program"))
        .args([crate::HOLD, &gateway.address(), &gateway.stream_path(), &VISITORS.to_string(), protocol.name()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program starts again");
    let mut line = String::new();
    BufReader::new(visitors.stdout.take().expect("piped")).read_line(&mut line).expect("the visitors' report");
    let (seconds, failures) = line.trim().split_once(' ').expect("seconds and failures");
    let at_once = resident_kib(gateway.process());
    let spent = cpu_seconds(gateway.process()) - cpu;
    let (settled, waited) = settled_kib(gateway.process());
    let limit = match protocol {
        Protocol::Plain => "limit 4",
        Protocol::Tls => "limit 12",
        Protocol::Http2 => "no limit",
    };
    println!(
        "{}: {:.2} KiB per idle visitor ({limit}) {:.0} s after the last connect, {:.2} at once; {VISITORS} cold \
         connects in {seconds} s with {failures} failures, {:.0} us of processor time each; resident {before} -> \
         {at_once} -> {settled} KiB",
        protocol.name(),
        each(before, settled),
        waited.as_secs_f64(),
        each(before, at_once),
        spent * 1e6 / 10_000.0
    );
    let _ = visitors.stdin.take().expect("piped").write_all(b"\n");
    let _ = visitors.wait();
}

/// Resident memory once it stands still, and how long that took.
#[expect(clippy::disallowed_methods, reason = "what is measured is what happens while nothing is done")]
pub(crate) fn settled_kib(process: u32) -> (u64, Duration) {
    let begun = Instant::now();
    let (mut settled, mut quiet_looks) = (resident_kib(process), 0);
    while quiet_looks < QUIET_LOOKS && begun.elapsed() < PATIENCE {
        sleep(LOOK);
        let now = resident_kib(process);
        if now.abs_diff(settled) > settled / 100 {
            (settled, quiet_looks) = (now, 0);
        } else {
            quiet_looks += 1;
        }
    }
    (resident_kib(process), begun.elapsed())
}

fn each(before: u64, after: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sizes far below 2^52")]
    let each = after.saturating_sub(before) as f64 / VISITORS as f64;
    each
}
