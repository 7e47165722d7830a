//! One real PostgreSQL server for the whole test process, started when the first test wants it.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::process::{Server, Stop, free_port, run, scratch};
use crate::tls::Certificate;

/// Between finding a free port and listening on it another process may take it.
const ATTEMPTS: u32 = 5;
/// Reads and writes without waiting for a disk: the tests' data need not survive anything.
const SETTINGS: [&str; 7] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=400",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
];

/// A running PostgreSQL server.
#[derive(Debug)]
pub struct Postgres {
    _server: Server,
    programs: PathBuf,
    port: u16,
    databases: AtomicU32,
}

/// The server of this test process.
pub fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(|| Postgres::start(None))
}

impl Postgres {
    /// A server of its own that speaks with `certificate` only over TLS.
    pub fn encrypted(certificate: &Certificate) -> Self {
        Self::start(Some(certificate))
    }

    fn start(certificate: Option<&Certificate>) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let programs = find_programs();
        let folder = scratch().join(format!("postgres-{}", STARTED.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&folder).expect("the server's folder can be made");
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder));
        }
        let data = folder.join("data");
        run(as_server_user(&programs.join("initdb"), &folder).arg("--pgdata").arg(&data).args([
            "--username=test",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]));
        if let Some(certificate) = certificate {
            encrypt(&data, certificate);
        }
        let (server, port) = (0..ATTEMPTS).find_map(|_| listen(&programs, &data)).unwrap_or_else(|| {
            panic!("PostgreSQL found no free port {ATTEMPTS} times");
        });
        Self { _server: server, programs, port, databases: AtomicU32::new(0) }
    }

    /// The address of `database`.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://test@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database and says its name.
    pub fn create(&self) -> String {
        self.create_from("template0")
    }

    /// Makes a copy of the database `template` and says its name.
    pub fn create_from(&self, template: &str) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        run(self.client("createdb").args(["--template", template, &name]));
        name
    }

    /// Removes `database`, and ends whatever is still connected to it.
    pub fn remove(&self, database: &str) {
        run(self.client("dropdb").args(["--force", database]));
    }

    /// Runs one statement as somebody else than whoever uses the databases.
    pub fn execute(&self, statement: &str) {
        run(self.client("psql").args(["--no-psqlrc", "--quiet", "--command", statement, "postgres"]));
    }

    /// What one query answers, as text, asked by somebody else than whoever uses the database.
    pub fn ask(&self, database: &str, query: &str) -> String {
        let mut psql = self.client("psql");
        let answer = psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--command", query, database]).output();
        let answer = answer.expect("psql can be started");
        assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
        String::from_utf8_lossy(&answer.stdout).trim().to_owned()
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(["--host=127.0.0.1", "--username=test", "--port"]).arg(self.port.to_string());
        command
    }
}

/// Makes the server use `certificate`, and refuse connections without TLS.
fn encrypt(data: &Path, certificate: &Certificate) {
    for (from, to) in [(&certificate.certificate, "server.crt"), (&certificate.key, "server.key")] {
        let to = data.join(to);
        fs::copy(from, &to).expect("the certificate can be copied");
        fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).expect("the key can be hidden");
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&to));
        }
    }
    let everybody = "hostssl all all 127.0.0.1/32 trust\n";
    fs::write(data.join("pg_hba.conf"), everybody).expect("who may connect can be written");
    let settings = OpenOptions::new().append(true).open(data.join("postgresql.conf"));
    settings.and_then(|mut file| file.write_all(b"ssl = on\n")).expect("the settings can be written");
}

/// Starts the server on a free port; `None` when another process took the port first.
fn listen(programs: &Path, data: &Path) -> Option<(Server, u16)> {
    let port = free_port();
    let mut command = as_server_user(&programs.join("postgres"), data);
    command.arg("-D").arg(data).args(["-p", &port.to_string()]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    let mut server = Server::start("postgres", &mut command, Stop::AtOnce);
    // The server writes its state into the eighth line of this file.
    let state = data.join("postmaster.pid");
    let is_ready = || {
        let text = fs::read_to_string(&state).unwrap_or_default();
        text.lines().nth(7).is_some_and(|line| line.trim() == "ready")
    };
    match server.wait_until(is_ready) {
        Ok(()) => Some((server, port)),
        Err(log) if log.contains("could not bind") => None,
        Err(log) => panic!("PostgreSQL does not start: {log}"),
    }
}

fn find_programs() -> PathBuf {
    let on_path = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    let mut packaged = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .collect::<Vec<_>>();
    packaged.sort();
    let initdb = on_path
        .into_iter()
        .chain(packaged.into_iter().rev())
        .map(|folder| folder.join("initdb"))
        .find_map(|program| program.canonicalize().ok())
        .unwrap_or_else(|| panic!("PostgreSQL is missing and the tests need it: `apt-get install postgresql`"));
    initdb.parent().expect("a program is in a folder").to_owned()
}

/// PostgreSQL refuses to run as root; then it runs as the user that its package made.
fn as_server_user(program: &Path, folder: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.env("HOME", folder).current_dir("/");
    command
}

fn is_root() -> bool {
    fs::metadata(scratch()).is_ok_and(|metadata| metadata.uid() == 0)
}
