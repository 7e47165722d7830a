//! The program `switchboard`.

use std::process::ExitCode;

/// glibc's allocator keeps a quarter more memory for the same number of visitors. Release packages
/// are built with this; a development build is not slowed down by it.
#[cfg(all(unix, feature = "jemalloc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    switchboard::run(std::env::args_os(), std::env::vars())
}
