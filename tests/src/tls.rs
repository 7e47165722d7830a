//! Throwaway certificates, made with openssl.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::process::{run, scratch};

/// An authority that nobody but a test trusts.
#[derive(Debug)]
pub struct Authority {
    folder: PathBuf,
}

/// When a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Now, and for years.
    Valid,
    /// It ended years ago.
    Expired,
}

/// A certificate and its private key, as PEM files.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

const KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/// What `openssl ca` wants to have written down; it is the one command that takes any dates.
const CONFIGURATION: &str = "[ca]\ndefault_ca=throwaway\n[throwaway]\ndatabase=index.txt\nnew_certs_dir=.\n\
    rand_serial=yes\ndefault_md=sha256\nunique_subject=no\npolicy=names\n[names]\ncommonName=supplied\n";

impl Authority {
    /// Makes an authority.
    pub fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("authority-{}", MADE.fetch_add(1, Ordering::Relaxed));
        let folder = scratch().join(&name);
        fs::create_dir(&folder).expect("the authority's folder can be made");
        fs::write(folder.join("index.txt"), "").expect("the authority's index can be written");
        fs::write(folder.join("ca.cnf"), CONFIGURATION).expect("the authority's configuration can be written");
        run(openssl(&folder)
            .args(["req", "-x509", "-days", "3650", "-subj", &format!("/CN={name}")])
            .args(KEY)
            .args(["-keyout", "ca.key", "-out", "ca.pem"])
            .args(["-addext", "basicConstraints=critical,CA:TRUE"])
            .args(["-addext", "keyUsage=critical,keyCertSign,cRLSign"]));
        Self { folder }
    }

    /// The authority's own certificate, in PEM.
    pub fn pem(&self) -> String {
        fs::read_to_string(self.pem_file()).expect("the authority's certificate can be read")
    }

    /// The file with the authority's own certificate.
    pub fn pem_file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// A server's certificate for `names`, as openssl writes them: `DNS:localhost`, `IP:127.0.0.1`.
    pub fn certificate(&self, names: &[&str], validity: Validity) -> Certificate {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("server-{}", MADE.fetch_add(1, Ordering::Relaxed));
        let file = |ending: &str| format!("{name}.{ending}");
        let (from, until) = match validity {
            Validity::Valid => ("20200101000000Z", "20491231235959Z"),
            Validity::Expired => ("20200101000000Z", "20200102000000Z"),
        };
        let extensions = format!("subjectAltName={}\nextendedKeyUsage=serverAuth\n", names.join(","));
        fs::write(self.folder.join(file("ext")), extensions).expect("the extensions can be written");
        run(openssl(&self.folder).args(["req", "-new", "-subj", "/CN=Throwaway server"]).args(KEY).args([
            "-keyout",
            &file("key"),
            "-out",
            &file("csr"),
        ]));
        run(openssl(&self.folder)
            .args(["ca", "-batch", "-notext", "-config", "ca.cnf", "-cert", "ca.pem", "-keyfile", "ca.key"])
            .args(["-startdate", from, "-enddate", until, "-extfile", &file("ext")])
            .args(["-in", &file("csr"), "-out", &file("pem")]));
        Certificate { certificate: self.folder.join(file("pem")), key: self.folder.join(file("key")) }
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

fn openssl(folder: &Path) -> Command {
    let mut command = Command::new("openssl");
    let found = Command::new("openssl").arg("version").output().is_ok();
    assert!(found, "openssl is missing and the tests need it: `apt-get install openssl`");
    command.current_dir(folder);
    command
}
