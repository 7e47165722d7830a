//! `switchboard sync report`: the report of a run as a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::client::Client;
use crate::failure::Failure;

/// How a report is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// The run and a list of its entries.
    Json,
    /// A line for each field that changes, one for each other entry.
    Csv,
}

/// Which report is wanted, and where it goes.
#[derive(Debug, Args)]
pub(crate) struct ReportOptions {
    /// The run's identity.
    #[arg(value_name = "RUN")]
    run: String,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// The file to write; standard output when absent.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes the report as it arrives; a file is there once it is whole, and as it was before until then.
pub(super) async fn write(client: &Client, tenant: &str, options: &ReportOptions) -> Result<(), Failure> {
    let ReportOptions { run, format, output } = options;
    let format = match format {
        Format::Json => "json",
        Format::Csv => "csv",
    };
    let mut parts = client.open(&format!("/api/v1/tenants/{tenant}/runs/{run}/report?format={format}")).await?;
    let Some(path) = output else {
        let mut out = io::stdout();
        while let Some(part) = parts.next().await? {
            match out.write_all(&part) {
                // `switchboard sync report … | head` is no failure.
                Err(reason) if reason.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                written => written.map_err(Failure::Output)?,
            }
        }
        return out.flush().map_err(Failure::Output);
    };
    let failed = |reason| Failure::File { path: path.clone(), reason };
    let mut out = Beside::create(path).map_err(failed)?;
    while let Some(part) = parts.next().await? {
        out.file.write_all(&part).map_err(failed)?;
    }
    out.keep().map_err(failed)
}

/// A file that is written beside the one that it becomes, and goes when it does not come to that.
struct Beside {
    file: File,
    part: PathBuf,
    path: PathBuf,
}

impl Beside {
    fn create(path: &Path) -> io::Result<Self> {
        // What is no file, such as a pipe, is written to as it is.
        let is_other = std::fs::metadata(path).is_ok_and(|found| !found.is_file());
        if is_other {
            let file = OpenOptions::new().write(true).open(path)?;
            return Ok(Self { file, part: path.to_owned(), path: path.to_owned() });
        }
        // Through a link the file is meant that it leads to.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut part = path.clone().into_os_string();
        part.push(format!(".part-{}", std::process::id()));
        let beside = Self { file: File::create(&part)?, part: PathBuf::from(part), path };
        // Whoever may not read the file that is there may not read the one that takes its place.
        if let Ok(found) = std::fs::metadata(&beside.path) {
            beside.file.set_permissions(found.permissions())?;
        }
        Ok(beside)
    }

    /// Gives the file, which is whole, its name.
    fn keep(mut self) -> io::Result<()> {
        self.file.flush()?;
        if self.part != self.path {
            self.file.sync_all()?;
            std::fs::rename(&self.part, &self.path)?;
            self.part.clone_from(&self.path);
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if self.part != self.path {
            // It is of no use to anybody; whoever finds it can remove it.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_replaced_is_for_the_same_people() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.csv");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for secret in [0o600, 0o640] {
            std::fs::write(&path, "before").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(secret)).unwrap();

            let mut whole = Beside::create(&path).unwrap();
            assert_eq!(mode(&whole.part), secret, "nor meanwhile");
            whole.file.write_all(b"whole").unwrap();
            whole.keep().unwrap();

            assert_eq!((mode(&path), std::fs::read_to_string(&path).unwrap()), (secret, "whole".to_owned()));
        }
    }

    #[test]
    fn a_file_is_there_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.csv");
        std::fs::write(&path, "before").unwrap();

        let mut half = Beside::create(&path).unwrap();
        half.file.write_all(b"half").unwrap();
        drop(half);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "before");
        let mut whole = Beside::create(&path).unwrap();
        whole.file.write_all(b"whole").unwrap();
        whole.keep().unwrap();

        assert_eq!(std::fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
