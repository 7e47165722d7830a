//! What the kernel says of a process: processor time and resident memory.

use std::fs;

/// Ticks of `/proc/PID/stat` in a second: fixed at 100 for user space on Linux.
const TICKS: f64 = 100.0;

/// User and system time of the process until now, in seconds.
pub(crate) fn cpu_seconds(process: u32) -> f64 {
    seconds_at(&process.to_string(), 11)
}

/// User and system time of this process's children that have ended, in seconds.
pub(crate) fn children_cpu_seconds() -> f64 {
    seconds_at("self", 13)
}

/// The two figures from `field` on in the process's `stat`, together.
fn seconds_at(process: &str, field: usize) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("the process lives");
    // The name, in parentheses, may itself hold spaces.
    let fields: Vec<&str> = stat.rsplit_once(')').expect("a name").1.split_whitespace().collect();
    let ticks = |at: usize| fields[at].parse::<f64>().expect("a number of ticks");
    (ticks(field) + ticks(field + 1)) / TICKS
}

/// Resident memory of the process, in KiB.
pub(crate) fn resident_kib(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("the process lives");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a resident size");
    line.trim().trim_end_matches(" kB").parse().expect("a number of KiB")
}

/// The middle one of `values`.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
