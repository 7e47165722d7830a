//! A folder with a configuration, and the program that is started there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use suite::backend::new_folder;
use suite::process::{Server, Stop, free_port};
use suite::program::Program;

pub(super) const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard-under-test");

/// A folder with a configuration.
pub(crate) struct Place {
    pub(super) folder: PathBuf,
    pub(super) port: u16,
}

impl Place {
    /// With an embedded database.
    pub(super) fn new() -> Self {
        let folder = new_folder();
        let url = format!("sqlite:{}", folder.join("switchboard.db").display());
        Self::made(folder, &url, "")
    }

    /// With the database at `url`, and further tables of the configuration.
    pub(crate) fn of(url: &str, settings: &str) -> Self {
        Self::made(new_folder(), url, settings)
    }

    fn made(folder: PathBuf, url: &str, settings: &str) -> Self {
        let place = Self { folder, port: free_port() };
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:{}\"\n[secrets]\nkey_file = \"{}\"\n[database]\nurl = \"{url}\"\n{settings}\n",
            place.port,
            place.file("secret.key").display(),
        );
        fs::write(place.file("switchboard.toml"), text).unwrap();
        place
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg("--config").arg(self.file("switchboard.toml")).args(arguments).stdin(Stdio::null());
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a command that succeeds prints.
    pub(super) fn ask(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", errors(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command that fails says.
    pub(super) fn refusal(&self, arguments: &[&str]) -> String {
        if arguments == ["serve"] {
            // What is not refused would serve for ever.
            let name = format!("refused-{}", self.port);
            let mut server = Server::start(&name, &mut self.command(arguments), Stop::Politely);
            assert_eq!(server.ended(), Some(1), "{}", server.log());
            return server.log();
        }
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", errors(&output));
        errors(&output)
    }

    /// Starts to serve, and waits for nothing.
    pub(super) fn start(&self) -> Server {
        let name = format!("switchboard-{}", self.port);
        Server::start(&name, &mut self.command(&["serve"]), Stop::Politely)
    }

    /// Serves.
    pub(crate) fn serve(&self) -> Server {
        let mut server = self.start();
        server.wait_until(|| is_listening(self.port)).unwrap();
        server
    }

    /// Where its database is, when that is embedded.
    pub(super) fn database_url(&self) -> String {
        format!("sqlite:{}", self.file("switchboard.db").display())
    }

    /// Where it serves.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Serves, from a test that goes on meanwhile.
pub(super) async fn serve(place: &Arc<Place>) -> Server {
    let place = Arc::clone(place);
    tokio::task::spawn_blocking(move || place.serve()).await.unwrap()
}

/// A program that serves, as the place of its commands.
pub(super) fn place_of(program: &Program) -> Place {
    let port = program.url.rsplit(':').next().unwrap().parse().unwrap();
    Place { folder: program.folder.clone(), port }
}

pub(super) fn is_listening(port: u16) -> bool {
    std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
}

pub(super) fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(super) fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// How many rows of a table a copy had, as the program printed it.
pub(super) fn rows(printed: &str, table: &str) -> u64 {
    let line = printed.lines().find(|line| line.split_whitespace().next() == Some(table));
    line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or_else(|| panic!("{printed}")).parse().unwrap()
}
