//! `make bench`: what the gateway costs, side by side with the named peer in one interleaved run.
//!
//! Every figure is a ratio of the same run, the median of its rounds; absolute numbers are printed
//! for orientation only and depend on the machine.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a program that prints figures, all far below 2^52, and stops with a sentence when something is missing"
)]

mod beside;
mod crowd;
mod directory;
mod fanout;
mod gateway;
mod hold;
mod measure;
mod merge;
mod nginx;
mod pictures;
mod snapshot;
mod visitors;

use crate::hold::Protocol;

/// As in release packages of the gateway, of which parts run in this process.
#[cfg(feature = "jemalloc")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// How the visitors' program is called when this one starts itself again: beyond 10,000 sockets
/// each end needs a process of its own.
const HOLD: &str = "hold";
/// The same for the visitors of a fan-out.
const CROWD: &str = "crowd";

fn main() {
    rustls::crypto::ring::default_provider().install_default().expect("no other provider is installed");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [HOLD, address, path, count, protocol] => {
            hold::run(address, path, count.parse().unwrap(), Protocol::named(protocol));
        }
        [CROWD] => crowd::run(),
        ["fanout", binary] => fanout::run(binary, fanout::Size::WHOLE),
        ["fanout", binary, "small"] => fanout::run(binary, fanout::Size::SMALL),
        ["directory"] => directory::run(),
        [directory::child::NAME, url, store] => directory::child::run(url, store),
        ["beside", binary] => beside::run(binary),
        ["merge"] => merge::run(),
        ["pictures"] => pictures::run(),
        [pictures::CHILD, files @ ..] => pictures::render(files),
        ["snapshot", binary] => snapshot::run(binary),
        ["visitors", binary] => visitors::run(binary),
        _ => panic!(
            "usage: bench directory|merge|pictures, or bench beside|fanout|snapshot|visitors PATH_OF_SWITCHBOARD"
        ),
    }
}
