//! From a configured path to an open file that may be read.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Take};
use std::os::unix::fs::OpenOptionsExt;

use directory_model::source::FileConnection;

use crate::error::SourceError;
use crate::policy::SourcePolicy;

/// Bytes that are read at once.
const BUFFER: usize = 64 * 1024;

/// Opens the file; the path as it is configured is all that an error repeats.
pub(super) fn open(connection: &FileConnection, policy: &SourcePolicy) -> Result<BufReader<Take<File>>, SourceError> {
    let refuse = |detail: &str| refused(connection, detail);
    let missing = |_| refuse("there is no such file in the tenant's folder for file sources");
    let folder = policy.file_folder.as_ref().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.ok_or_else(|| refuse("the gateway is configured without a folder for file sources"))?;
    let folder = folder.canonicalize().map_err(|_| refuse("the tenant has no folder for file sources"))?;
    let path = folder.join(&connection.path).canonicalize().map_err(missing)?;
    if !path.starts_with(&folder) {
        return Err(missing(std::io::ErrorKind::NotFound.into()));
    }
    // Without waiting for the other end of a pipe, and without following a link that was put in
    // place of the file just now.
    let flags = libc::O_NONBLOCK | libc::O_NOFOLLOW | libc::O_CLOEXEC;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(&path);
    let file = file.map_err(|_| refuse("the gateway may not read it"))?;
    let about = file.metadata().map_err(missing)?;
    if !about.is_file() {
        return Err(refuse("it is not an ordinary file"));
    }
    if about.len() > policy.max_file_bytes {
        let (size, limit) = (about.len(), policy.max_file_bytes);
        return Err(refuse(&format!("it has {size} bytes, the limit is {limit} bytes")));
    }
    // A file that grows while it is read ends there instead of never.
    Ok(BufReader::with_capacity(BUFFER, file.take(policy.max_file_bytes.saturating_add(1))))
}

/// The refusal of the file as a whole.
pub(super) fn refused(connection: &FileConnection, detail: &str) -> SourceError {
    SourceError::FileRefused { path: connection.path.clone(), detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use directory_model::id::{CountedIds, TenantId};
    use directory_model::source::FileFormat;

    use super::*;

    fn detail(folder: &Path, path: &str) -> String {
        let policy = SourcePolicy { file_folder: Some(folder.into()), ..SourcePolicy::default() };
        let connection = FileConnection { path: path.into(), format: FileFormat::Ldif };
        match open(&connection, &policy) {
            Ok(_) => "opened".into(),
            Err(SourceError::FileRefused { detail, path }) => {
                assert_eq!(path, connection.path);
                detail
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn only_ordinary_files_inside_the_folder_are_opened() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("files");
        std::fs::create_dir_all(folder.join("sub")).unwrap();
        std::fs::write(outer.path().join("outside.ldif"), "secret").unwrap();
        std::fs::write(folder.join("sub/people.ldif"), "").unwrap();
        symlink(outer.path().join("outside.ldif"), folder.join("link.ldif")).unwrap();
        symlink(folder.join("sub/people.ldif"), folder.join("inner.ldif")).unwrap();
        symlink("/dev/zero", folder.join("zero.ldif")).unwrap();
        let made = std::process::Command::new("mkfifo").arg(folder.join("pipe.ldif")).status().unwrap();
        assert!(made.success());

        let missing = "there is no such file in the tenant's folder for file sources";
        for (path, expected) in [
            ("sub/people.ldif", "opened"),
            ("inner.ldif", "opened"),
            ("none.ldif", missing),
            ("../outside.ldif", missing),
            ("/etc/passwd", missing),
            ("link.ldif", missing),
            ("zero.ldif", missing),
            ("pipe.ldif", "it is not an ordinary file"),
            ("sub", "it is not an ordinary file"),
        ] {
            assert_eq!(detail(&folder, path), expected, "{path}");
        }
    }

    #[test]
    fn a_tenant_reads_its_own_files_only() {
        let (outer, ids) = (tempfile::tempdir().unwrap(), CountedIds::default());
        let [own, others, without] = [1, 2, 3].map(|_| TenantId::new(&ids));
        for (tenant, file) in [(own, "own.ldif"), (others, "others.ldif")] {
            let folder = outer.path().join(tenant.to_string());
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join(file), "").unwrap();
        }
        std::fs::write(outer.path().join("shared.ldif"), "").unwrap();
        let platform = SourcePolicy { file_folder: Some(outer.path().into()), ..SourcePolicy::default() };
        let detail = |tenant, path: &str| detail(platform.of_tenant(tenant).file_folder.as_deref().unwrap(), path);

        assert_eq!(detail(own, "own.ldif"), "opened");
        assert_eq!(detail(without, "own.ldif"), "the tenant has no folder for file sources");
        for path in [
            "others.ldif".to_owned(),
            "../shared.ldif".to_owned(),
            format!("{others}/others.ldif"),
            format!("../{others}/others.ldif"),
            format!("../{others}"),
            format!("../{without}/others.ldif"),
            outer.path().join(others.to_string()).join("others.ldif").display().to_string(),
        ] {
            let missing = "there is no such file in the tenant's folder for file sources";
            assert_eq!(detail(own, &path), missing, "{path}");
        }
        let none = SourcePolicy { file_folder: Some("".into()), ..SourcePolicy::default() };
        assert_eq!(none.of_tenant(own).file_folder, None);
    }

    #[test]
    fn a_large_file_is_refused_with_its_size_and_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join("large.ldif")).unwrap();
        file.set_len(1 << 30).unwrap();

        assert_eq!(detail(folder.path(), "large.ldif"), "it has 1073741824 bytes, the limit is 268435456 bytes");
    }
}
