//! A real Kamailio as presence server, with sipp as who publishes.

mod publisher;

use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use directory_model::secret::Secret;
use directory_model::source::{SipConnection, SipTransport};

pub use self::publisher::{Publication, dialog_info, pidf};
use crate::process::{Server, Stop, free_port, run, scratch, wait_until};
use crate::tls::{Authority, Certificate, Validity};

/// The domain that the server is responsible for.
pub const DOMAIN: &str = "example.com";
/// The account that sources sign in with.
pub const USER: &str = "switchboard";
/// Its password.
pub const PASSWORD: &str = "sip password";
/// Somebody whom the server does not know; it knows everybody else.
pub const NOBODY: &str = "sip:nobody@example.com";

const PROGRAM: &str = "/usr/sbin/kamailio";
const TABLES: &str = "/usr/share/kamailio/db_sqlite";
/// Between finding free ports and listening on them another process may take one.
const ATTEMPTS: u32 = 5;

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// How digests are computed.
    pub algorithm: &'static str,
    /// It asks as a proxy who somebody is, and not as the server itself.
    pub is_proxy: bool,
    /// The shortest subscription that is granted, in seconds.
    pub min_expires: u32,
    /// The longest one.
    pub max_expires: u32,
    /// What its certificate is for; where it listens when empty.
    pub names: Vec<&'static str>,
    /// The address that it listens on.
    pub address: &'static str,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            algorithm: "MD5",
            is_proxy: false,
            min_expires: 0,
            max_expires: 3600,
            names: Vec::new(),
            address: "127.0.0.1",
        }
    }
}

/// A running server.
#[derive(Debug)]
pub struct Kamailio {
    server: Server,
    authority: Authority,
    folder: PathBuf,
    options: Options,
    port: u16,
    tls_port: u16,
}

impl Kamailio {
    /// Starts a server that asks everybody but publishers who they are.
    pub fn new() -> Self {
        Self::start(&Options::default())
    }

    /// Starts a server.
    pub fn start(options: &Options) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let hint = "`apt-get install kamailio kamailio-presence-modules kamailio-sqlite-modules kamailio-tls-modules`";
        assert!(Path::new(PROGRAM).exists(), "Kamailio is missing and the tests need it: {hint}");
        let folder = scratch().join(format!("kamailio-{}", STARTED.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&folder).expect("the server's folder can be made");
        let authority = Authority::new();
        let names =
            if options.names.is_empty() { vec!["DNS:localhost", "IP:127.0.0.1"] } else { options.names.clone() };
        let certificate = authority.certificate(&names, Validity::Valid);
        make_tables(&folder);
        let started = (0..ATTEMPTS).find_map(|_| {
            let (port, tls_port) = (free_port(), free_port());
            configure(&folder, options, &certificate, port, tls_port);
            listen(&folder, options, port, tls_port).map(|server| (server, port, tls_port))
        });
        let (server, port, tls_port) = started.expect("Kamailio finds free ports");
        Self { server, authority, folder, options: options.clone(), port, tls_port }
    }

    /// How a source speaks with it.
    pub fn connection(&self, transport: SipTransport) -> SipConnection {
        let is_encrypted = transport == SipTransport::Tls;
        SipConnection {
            host: self.options.address.into(),
            transport,
            port: Some(if is_encrypted { self.tls_port } else { self.port }),
            address: format!("sip:{USER}@{DOMAIN}"),
            user_name: None,
            address_domains: Vec::new(),
            expires_seconds: 3600,
            trusted_certificates: is_encrypted.then(|| self.authority.pem()),
            timeout_seconds: 30,
        }
    }

    /// What goes with [`USER`].
    pub fn secret(&self) -> Secret {
        Secret::new(PASSWORD)
    }

    /// Where it listens without encryption.
    pub fn address(&self) -> String {
        format!("{}:{}", self.options.address, self.port)
    }

    /// Has sipp publish something, and waits until it is taken.
    pub fn publish(&self, publication: &mut Publication, body: &str, expires: u32) {
        publisher::publish(&self.address(), &self.folder, publication, body, expires);
    }

    /// Ends the server with all its processes as a crash would.
    pub fn kill(&mut self) {
        self.server.kill();
        // Its other processes hold the ports a moment longer.
        wait_until("Kamailio to be gone", || self.is_gone());
    }

    fn is_gone(&self) -> bool {
        [self.port, self.tls_port].iter().all(|port| {
            let address = (self.options.address, *port);
            std::net::UdpSocket::bind(address).is_ok() && TcpStream::connect(address).is_err()
        })
    }

    /// Starts it again, where it was, knowing nothing of what was.
    pub fn start_again(&mut self) {
        let server = listen(&self.folder, &self.options, self.port, self.tls_port);
        self.server = server.expect("its ports are still free");
    }

    /// What the server wrote.
    pub fn log(&self) -> String {
        self.server.log()
    }
}

impl Default for Kamailio {
    fn default() -> Self {
        Self::new()
    }
}

fn make_tables(folder: &Path) {
    let mut sql = String::new();
    for name in ["standard", "presence"] {
        let table = fs::read_to_string(format!("{TABLES}/{name}-create.sql"));
        sql.push_str(&table.expect("the tables of Kamailio are there: `apt-get install kamailio-sqlite-modules`"));
    }
    let found = Command::new("sqlite3").arg("-version").output().is_ok();
    assert!(found, "sqlite3 is missing and the tests need it: `apt-get install sqlite3`");
    run(Command::new("sqlite3").arg(folder.join("kamailio.db")).arg(sql));
}

const MODULES: [&str; 18] = [
    "tls",
    "kex",
    "corex",
    "tm",
    "tmx",
    "sl",
    "rr",
    "pv",
    "maxfwd",
    "textops",
    "siputils",
    "usrloc",
    "registrar",
    "auth",
    "db_sqlite",
    "presence",
    "presence_xml",
    "presence_dialoginfo",
];

/// Publications and subscriptions are kept in memory only: a server that was killed knows nothing any more.
fn configure(folder: &Path, options: &Options, certificate: &Certificate, port: u16, tls_port: u16) {
    let (address, shown) = (options.address, folder.display());
    let tls = format!(
        "[server:default]\nmethod = TLSv1.2+\nprivate_key = {}\ncertificate = {}\nverify_certificate = no\nrequire_certificate = no\n",
        certificate.key.display(),
        certificate.certificate.display(),
    );
    fs::write(folder.join("tls.cfg"), tls).expect("the configuration can be written");
    let mut text = format!(
        "#!KAMAILIO\ndebug=1\nlog_stderror=yes\nfork=yes\nchildren=1\ntcp_children=1\nauto_aliases=no\ndns=no\nrev_dns=no\n\
         enable_tls=yes\nlisten=udp:{address}:{port}\nlisten=tcp:{address}:{port}\nlisten=tls:{address}:{tls_port}\n\
         alias=\"{DOMAIN}\"\ntcp_connection_lifetime=3605\nmpath=\"/usr/lib/x86_64-linux-gnu/kamailio/modules/\"\n"
    );
    for module in MODULES {
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "loadmodule \"{module}.so\"");
    }
    let _ = write!(
        text,
        "modparam(\"tls\", \"config\", \"{shown}/tls.cfg\")\nmodparam(\"usrloc\", \"db_mode\", 0)\n\
         modparam(\"auth\", \"algorithm\", \"{}\")\nmodparam(\"auth\", \"qop\", \"auth\")\n\
         modparam(\"auth\", \"nonce_count\", 1)\n\
         modparam(\"presence|presence_xml\", \"db_url\", \"sqlite://{shown}/kamailio.db\")\n\
         modparam(\"presence\", \"server_address\", \"sip:{address}:{port}\")\nmodparam(\"presence\", \"send_fast_notify\", 1)\n\
         modparam(\"presence\", \"subs_db_mode\", 0)\nmodparam(\"presence\", \"publ_cache\", 2)\n\
         modparam(\"presence\", \"min_expires\", {})\nmodparam(\"presence\", \"min_expires_action\", 1)\n\
         modparam(\"presence\", \"max_expires\", {})\nmodparam(\"presence\", \"clean_period\", 1)\n\
         modparam(\"presence\", \"db_update_period\", 1)\nmodparam(\"presence_xml\", \"force_active\", 1)\n",
        options.algorithm, options.min_expires, options.max_expires,
    );
    let who = if options.is_proxy {
        ("pv_proxy_authenticate", "proxy_challenge")
    } else {
        ("pv_www_authenticate", "www_challenge")
    };
    let (checked, asks) =
        (format!("{}(\"{DOMAIN}\", \"{PASSWORD}\", \"0\")", who.0), format!("{}(\"{DOMAIN}\", \"1\")", who.1));
    let asking = format!("if (!{checked}) {{ {asks}; exit; }}");
    text.push_str(&ROUTES.replace("ASKING", &asking).replace("NOBODY", NOBODY));
    fs::write(folder.join("kamailio.cfg"), text).expect("the configuration can be written");
}

const ROUTES: &str = r#"
request_route {
    if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
    if (is_method("OPTIONS") && uri == myself) { sl_send_reply("200", "OK"); exit; }
    if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
    if (is_method("SUBSCRIBE")) { ASKING }
    if (has_totag()) {
        if (is_method("SUBSCRIBE") && uri == myself) { route(PRESENCE); exit; }
        if (loose_route()) { t_relay(); exit; }
        if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
        t_relay(); exit;
    }
    t_check_trans();
    if ($ru == "NOBODY") { sl_send_reply("404", "Not Found"); exit; }
    if (is_method("INVITE|SUBSCRIBE")) record_route();
    if (is_method("PUBLISH|SUBSCRIBE")) { route(PRESENCE); exit; }
    if (is_method("REGISTER")) { if (!save("location")) sl_reply_error(); exit; }
    if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
    t_relay();
}
route[PRESENCE] {
    if (!t_newtran()) { sl_reply_error(); exit; }
    if (is_method("PUBLISH")) { handle_publish(); } else { handle_subscribe(); }
    t_release();
    exit;
}
"#;

/// Starts the server on its ports; `None` when another process took one first.
fn listen(folder: &Path, options: &Options, port: u16, tls_port: u16) -> Option<Server> {
    let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
    let mut command = Command::new(PROGRAM);
    command.args(["-DD", "-E", "-m", "64", "-M", "8", "-f"]).arg(folder.join("kamailio.cfg"));
    command.arg("-Y").arg(folder).arg("-P").arg(folder.join("kamailio.pid"));
    let mut server = Server::start(&name, &mut command, Stop::Together);
    let listens = |port: u16| TcpStream::connect((options.address, port)).is_ok();
    match server.wait_until(|| listens(port) && listens(tls_port)) {
        Ok(()) => Some(server),
        Err(log) if log.contains("bind") => None,
        Err(log) => panic!("Kamailio does not start: {log}"),
    }
}
