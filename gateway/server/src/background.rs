//! Threads for work that nobody waits for: they yield to those that answer.

use std::io;

use tokio::runtime::{Builder, Handle, Runtime};

/// How much less urgent such threads are, in steps of `nice`: where there is not enough for all, they get a third
/// of what a thread gets that answers. Less would let whoever saves wait for a batch that does not get on.
const NICENESS: i32 = 5;
/// How many of them compute; more wait for the store and for sources.
const WORKERS: usize = 2;

/// A runtime of such threads. What goes on in it is given up when it is dropped.
pub(crate) struct Background {
    handle: Handle,
    runtime: Option<Runtime>,
}

impl Background {
    /// Starts the threads.
    pub(crate) fn start() -> io::Result<Self> {
        let mut builder = Builder::new_multi_thread();
        let builder = builder.worker_threads(WORKERS).thread_name("background").enable_all();
        let runtime = builder.on_thread_start(yield_to_others).build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    /// Where to start something.
    pub(crate) fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // Waiting is not allowed where this is dropped.
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

/// On Linux niceness is a thread's own, and threads that it starts have it as well; elsewhere it is the process's,
/// so there nothing is done.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(reason) = rustix::process::nice(NICENESS) {
        tracing::debug!(%reason, "a thread could not be made less urgent");
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;

    /// How nice the calling thread is: the nineteenth word of its status (proc(5)), the seventeenth after its name.
    fn niceness() -> i32 {
        let status = std::fs::read_to_string("/proc/thread-self/stat").expect("a thread has a status");
        let after_name = status.rsplit_once(')').expect("the name ends").1;
        after_name.split_whitespace().nth(16).expect("a niceness").parse().expect("a number")
    }

    #[test]
    fn what_blocks_there_yields_as_well_and_nobody_else_does() {
        let background = Background::start().expect("threads");
        let own = niceness();

        let computes = async { tokio::spawn(async { niceness() }).await.expect("computed") };
        let blocks = async { tokio::task::spawn_blocking(niceness).await.expect("waited") };
        let (computes, blocks) = background.handle().block_on(async { (computes.await, blocks.await) });

        let expected = (own + NICENESS).min(19);
        assert_eq!((computes, blocks, niceness()), (expected, expected, own));
    }
}
