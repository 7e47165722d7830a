//! Child processes of the tests: started, waited for, and never left behind.
//!
//! A `sh` child, the watchdog, holds the reading end of a pipe from the test process. Whatever ends
//! that process, even SIGKILL, closes the pipe; then the watchdog stops every server that was
//! started and removes the scratch folder.

use std::fs::{self, File};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How long a server may take to be ready on a busy machine.
const READY: Duration = Duration::from_mins(1);
/// How often an external process is asked whether it is ready.
const POLL: Duration = Duration::from_millis(20);

/// Reads what to stop and what to remove until the pipe closes, then does it. A server that does
/// not stop within five seconds is killed.
const WATCHDOG: &str = r#"
trap '' HUP INT TERM
servers=' '
folder=$1
while read -r word server; do
    case $word in
        watch) servers="$servers$server " ;;
        forget) servers="${servers%%" $server "*} ${servers#*" $server "}" ;;
    esac
done
for server in $servers; do kill -"${server%%:*}" "${server#*:}" 2>/dev/null; done
for server in $servers; do
    tries=0
    while kill -0 "${server#*:}" 2>/dev/null && [ $tries -lt 100 ]; do
        tries=$((tries + 1))
        [ $tries -eq 50 ] && kill -KILL "${server#*:}"
        sleep 0.1
    done
done
rm -rf -- "$folder"
"#;

struct Watchdog {
    folder: PathBuf,
    pipe: Mutex<ChildStdin>,
    /// Never waited for: it outlives this process on purpose.
    _shell: Child,
}

/// The folder of this test process, passable for other users; the watchdog removes it.
pub fn scratch() -> &'static Path {
    &watchdog().folder
}

fn watchdog() -> &'static Watchdog {
    static WATCHDOG_OF_PROCESS: OnceLock<Watchdog> = OnceLock::new();
    WATCHDOG_OF_PROCESS.get_or_init(|| {
        let folder = tempfile::Builder::new()
            .prefix("switchboard-test-")
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir()
            .expect("a folder for temporary files")
            .keep();
        // Its own process group, so that Ctrl-C ends the tests and not the one who cleans up.
        let mut shell = Command::new("sh")
            .args(["-c", WATCHDOG, "watchdog"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("`sh` starts");
        let pipe = shell.stdin.take().expect("the watchdog's standard input is a pipe");
        Watchdog { folder, pipe: Mutex::new(pipe), _shell: shell }
    })
}

impl Watchdog {
    fn tell(&self, word: &str, stop: Stop, id: u32) {
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(pipe, "{word} {}:{}", stop.signal(), stop.target(id)).expect("the watchdog listens");
    }
}

/// How a server is told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// SIGTERM.
    Politely,
    /// SIGQUIT: PostgreSQL's immediate shutdown, which waits for no client.
    AtOnce,
    /// SIGKILL, also for every process that it started: some would go on for a minute, or without the first one.
    Together,
}

impl Stop {
    fn signal(self) -> &'static str {
        match self {
            Self::Politely => "TERM",
            Self::AtOnce => "QUIT",
            Self::Together => "KILL",
        }
    }

    /// Whom `kill` is told to signal: the process, or its group, which has the same number.
    fn target(self, id: u32) -> String {
        if self == Self::Together { format!("-{id}") } else { id.to_string() }
    }
}

/// A server that a test started; dropping it stops it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    stop: Stop,
    log: PathBuf,
}

impl Server {
    /// Starts `command` in its own process group, with its output in `<name>.log` in the scratch folder.
    pub fn start(name: &str, command: &mut Command, stop: Stop) -> Self {
        let log = scratch().join(format!("{name}.log"));
        let output = File::create(&log).expect("the log can be written");
        let errors = output.try_clone().expect("the log can be written twice");
        let child = command
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("`{name}` does not start: {error}"));
        watchdog().tell("watch", stop, child.id());
        Self { child, stop, log }
    }

    /// Waits until `is_ready`; `Err` holds the log of a server that ended instead.
    pub fn wait_until(&mut self, mut is_ready: impl FnMut() -> bool) -> Result<(), String> {
        let mut has_ended = false;
        wait_until("a server to be ready", || {
            has_ended = self.child.try_wait().is_ok_and(|ended| ended.is_some());
            has_ended || is_ready()
        });
        if has_ended { Err(self.log()) } else { Ok(()) }
    }

    /// The file into which the server writes.
    pub fn log_file(&self) -> PathBuf {
        self.log.clone()
    }

    /// What the server has written.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends the server as a crash would, and waits until it is gone.
    pub fn kill(&mut self) {
        if self.stop == Stop::Together {
            run(Command::new("kill").args(["-KILL", "--", &self.stop.target(self.id())]));
        }
        self.child.kill().expect("the server can be killed");
        self.child.wait().expect("a killed server ends");
    }

    /// Sends the process a signal: `HUP`, `STOP`, …
    pub fn signal(&self, name: &str) {
        assert!(signal(self.id(), name), "the server is not there to hear of {name}");
    }

    /// Waits until the process has ended by itself, and says with which code.
    pub fn ended(&mut self) -> Option<i32> {
        let mut status = None;
        wait_until("the server to end", || {
            status = self.child.try_wait().expect("a child can be asked");
            status.is_some()
        });
        status.and_then(|status| status.code())
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let id = self.child.id();
        if !kill(&self.stop.target(id), self.stop.signal()) {
            // Already gone, or `kill` is missing: the certain way.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
        watchdog().tell("forget", self.stop, id);
    }
}

/// Below the ports that the system gives to connections, which would take one between now and its use.
const PORTS: std::ops::Range<u16> = 16_384..32_768;

/// A port of the loopback address on which nothing listens now, and which this process gives once.
pub fn free_port() -> u16 {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    let count = u32::from(PORTS.end - PORTS.start);
    // Processes that test at the same time begin at different places.
    let first = std::process::id().wrapping_mul(2_654_435_761) % count;
    let ports = std::iter::repeat_with(|| (first + GIVEN.fetch_add(1, Ordering::Relaxed)) % count);
    let mut ports = ports.take(count as usize).map(|at| PORTS.start + u16::try_from(at).expect("in the range"));
    ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).expect("a free port")
}

/// Waits for something outside this process; panics after a minute with what was waited for.
#[expect(clippy::disallowed_methods, reason = "nothing outside this process can wake us")]
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + READY;
    while !holds() {
        assert!(Instant::now() < deadline, "waited {READY:?} for {what}");
        std::thread::sleep(POLL);
    }
}

/// Sends a process a signal: `HUP`, `STOP`, or `0`, which does nothing; says whether it was there to get it.
pub fn signal(process: u32, name: &str) -> bool {
    kill(&process.to_string(), name)
}

/// The same for a process, or for a group of them when it begins with a dash.
fn kill(target: &str, name: &str) -> bool {
    let told = Command::new("kill").args([&format!("-{name}"), "--", target]).stderr(Stdio::null()).status();
    told.is_ok_and(|status| status.success())
}

/// What a Python program prints: something is done with a library that is not ours.
pub fn python<'a>(program: &str, arguments: impl IntoIterator<Item = &'a str>) -> String {
    let output = Command::new("python3").arg("-c").arg(program).args(arguments).output().expect("python3 is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Runs `command` to its end; panics with what it wrote when it fails.
pub fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
