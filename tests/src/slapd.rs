//! A real OpenLDAP server with throwaway data, one per test that wants one.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use directory_model::secret::Secret;
use directory_model::source::LdapConnection;
use ldap3::{LdapConnAsync, Mod};

use crate::process::{Server, Stop, free_port, run, scratch};
use crate::tls::{Authority, Certificate, Validity};

/// The top of the directory.
pub const SUFFIX: &str = "dc=example,dc=com";
/// Where its people are.
pub const PEOPLE: &str = "ou=People,dc=example,dc=com";
/// The account that sources sign in with.
pub const BIND_DN: &str = "cn=svc,dc=example,dc=com";
/// Its password.
pub const PASSWORD: &str = "service password";

const ADMIN_DN: &str = "cn=admin,dc=example,dc=com";
const ADMIN_PASSWORD: &str = "admin password";
/// Between finding free ports and listening on them another process may take one.
const ATTEMPTS: u32 = 5;
const PROGRAM: &str = "/usr/sbin/slapd";

/// What a server is started with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Entries below [`PEOPLE`], as LDIF; [`people`] makes some.
    pub entries: String,
    /// How many entries an unpaged search may give; 1,000 when absent, as directories have it.
    pub size_limit: Option<u32>,
    /// How many entries all pages of a search together may give; no limit when absent.
    pub paged_size_limit: Option<u32>,
    /// Whether it tells what changed (RFC 4533), and then how many changes it remembers.
    pub is_synchronizing: bool,
    /// How many changes it remembers; only that there were some, when absent.
    pub session_log: Option<u32>,
    /// Whether it says of a cookie from before all that it holds that everything is to be read anew (RFC 4533,
    /// 2.6), instead of telling everything.
    pub refuses_old_cookies: bool,
    /// When its certificate is valid; always when absent.
    pub validity: Option<Validity>,
    /// What its certificate is for; where it listens when empty.
    pub names: Vec<String>,
}

/// A running server.
#[derive(Debug)]
pub struct Slapd {
    server: Server,
    authority: Authority,
    port: u16,
    tls_port: u16,
}

impl Slapd {
    /// Starts a server with `count` ordinary people in it.
    pub fn with_people(count: usize) -> Self {
        Self::start(&Options { entries: people(count), ..Options::default() })
    }

    /// Loads the entries and starts the server.
    pub fn start(options: &Options) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        assert!(Path::new(PROGRAM).exists(), "OpenLDAP is missing and the tests need it: `apt-get install slapd`");
        let name = format!("slapd-{}", STARTED.fetch_add(1, Ordering::Relaxed));
        let folder = scratch().join(&name);
        fs::create_dir_all(folder.join("db")).expect("the server's folder can be made");
        let authority = Authority::new();
        let validity = options.validity.unwrap_or(Validity::Valid);
        let names = options.names.iter().map(String::as_str).collect::<Vec<_>>();
        let names = if names.is_empty() { &["DNS:localhost", "IP:127.0.0.1"] } else { names.as_slice() };
        let certificate = authority.certificate(names, validity);
        let configuration = configure(&folder, options, &authority, &certificate);
        let data = folder.join("data.ldif");
        fs::write(&data, format!("{}{}", base_entries(), options.entries)).expect("the entries can be written");
        run(Command::new("/usr/sbin/slapadd")
            .args(["-q", "-b", SUFFIX, "-f"])
            .arg(&configuration)
            .arg("-l")
            .arg(&data));
        let started = (0..ATTEMPTS).find_map(|_| listen(&name, &configuration));
        let (server, port, tls_port) = started.unwrap_or_else(|| panic!("slapd found no free ports"));
        Self { server, authority, port, tls_port }
    }

    /// The address without encryption, also for StartTLS.
    pub fn url(&self) -> String {
        format!("ldap://127.0.0.1:{}", self.port)
    }

    /// The address with encryption from the start.
    pub fn ldaps_url(&self) -> String {
        format!("ldaps://127.0.0.1:{}", self.tls_port)
    }

    /// The certificate of the authority that vouches for the server, in PEM.
    pub fn trusted_certificates(&self) -> String {
        self.authority.pem()
    }

    /// The same as a file.
    pub fn trusted_certificates_file(&self) -> PathBuf {
        self.authority.pem_file()
    }

    /// A plain connection that reads everybody below [`PEOPLE`]; sign in with [`Self::secret`].
    pub fn connection(&self) -> LdapConnection {
        LdapConnection {
            url: self.url(),
            is_starttls: false,
            trusted_certificates: None,
            bind_dn: Some(BIND_DN.into()),
            base_dn: PEOPLE.into(),
            filter: "(objectClass=inetOrgPerson)".into(),
            group_filter: None,
            group_base_dn: None,
            page_size: 500,
            timeout_seconds: 30,
        }
    }

    /// What goes with [`BIND_DN`].
    pub fn secret(&self) -> Secret {
        Secret::new(PASSWORD)
    }

    /// Gives `attribute` of the entry `name` the one value `value`.
    pub async fn set(&self, name: &str, attribute: &str, value: impl AsRef<[u8]>) {
        self.replace(name, attribute, &[value.as_ref()]).await;
    }

    /// Takes `attribute` from the entry `name`.
    pub async fn clear(&self, name: &str, attribute: &str) {
        self.replace(name, attribute, &[]).await;
    }

    async fn replace(&self, name: &str, attribute: &str, values: &[&[u8]]) {
        let mut admin = self.admin().await;
        let change = vec![Mod::Replace(attribute.as_bytes(), values.iter().copied().collect())];
        admin.modify(name, change).await.and_then(ldap3::LdapResult::success).expect("the entry can be changed");
    }

    /// Removes the entry `name`.
    pub async fn remove(&self, name: &str) {
        let mut admin = self.admin().await;
        admin.delete(name).await.and_then(ldap3::LdapResult::success).expect("the entry can be removed");
    }

    /// From now on the source may not read this any more, in the words of slapd.access(5); an empty text gives it
    /// everything back.
    pub async fn hide(&self, what: &str) {
        let mut admin = sign_in(&self.url(), "cn=config").await;
        // One after the other: their order decides, and the values of one change have none.
        let add = |rule: String| Mod::Add(b"olcAccess".to_vec(), std::iter::once(rule.into_bytes()).collect());
        let clear = Mod::Delete(b"olcAccess".to_vec(), HashSet::new());
        let change = std::iter::once(clear).chain(rules(what).into_iter().map(add)).collect();
        let changed = admin.modify("olcDatabase={1}mdb,cn=config", change).await;
        changed.and_then(ldap3::LdapResult::success).expect("the rules can be changed");
    }

    async fn admin(&self) -> ldap3::Ldap {
        admin(&self.url()).await
    }

    /// Ends the server as a crash would, and waits until it is gone.
    pub fn kill(&mut self) {
        self.server.kill();
    }
}

async fn admin(url: &str) -> ldap3::Ldap {
    sign_in(url, ADMIN_DN).await
}

async fn sign_in(url: &str, name: &str) -> ldap3::Ldap {
    let (connection, mut ldap) = LdapConnAsync::new(url).await.expect("slapd listens");
    ldap3::drive!(connection);
    let bound = ldap.simple_bind(name, ADMIN_PASSWORD).await.and_then(ldap3::LdapResult::success);
    bound.expect("the administrator can sign in");
    ldap
}

/// Gives the first `count` of the server's people another title, each time another one.
pub async fn retitle(url: &str, count: usize) {
    static TITLES: AtomicU32 = AtomicU32::new(0);
    let mut admin = admin(url).await;
    let title = format!("Title {} of {}", TITLES.fetch_add(1, Ordering::Relaxed), std::process::id());
    for number in 0..count {
        let values = std::iter::once(title.as_bytes()).collect();
        let name = format!("uid=u{number:06},{PEOPLE}");
        let changed = admin.modify(&name, vec![Mod::Replace(b"title".as_slice(), values)]).await;
        changed.and_then(ldap3::LdapResult::success).expect("the entry can be changed");
    }
}

/// `count` people as LDIF, the same ones each time: `uid=u000000` and so on.
pub fn people(count: usize) -> String {
    const FIRST: [&str; 8] = ["Anna", "Ben", "Carla", "David", "Emil", "Fatima", "Grace", "Hugo"];
    const LAST: [&str; 7] = ["Adams", "Berg", "Clark", "Dubois", "Evans", "Fischer", "Garcia"];
    const CITIES: [&str; 3] = ["Berlin", "Vienna", "Manchester"];
    let mut ldif = String::with_capacity(count * 800);
    for number in 0..count {
        let (first, last, city) = (FIRST[number % 8], LAST[number % 7], CITIES[number % 3]);
        let mail = format!("{}.{}{number}@example.com", first.to_lowercase(), last.to_lowercase());
        let room = number % 400;
        // Writing into a `String` cannot fail.
        let _ = write!(
            ldif,
            "dn: uid=u{number:06},{PEOPLE}\nobjectClass: inetOrgPerson\nobjectClass: exampleUser\nuid: u{number:06}\n\
             entryUUID: 00000000-0000-4000-8000-{number:012x}\ncn: {first} {last}\nsn: {last}\ngivenName: {first}\n\
             displayName: {first} {last}\nmail: {mail}\nmsRTCSIP-PrimaryUserAddress: sip:{mail}\n\
             telephoneNumber: +49 30 5550{number:06}\nmobile: +49 170 5550{number:06}\ntitle: Engineer {}\n\
             department: Department {}\ncompany: Example\nphysicalDeliveryOfficeName: B{}/{room}\nl: {city}\n\
             postalCode: {:05}\nstreet: Main street {room}\nuserAccountControl: 512\nmsRTCSIP-UserEnabled: TRUE\n\
             sAMAccountName: u{number:06}\nproxyAddresses: SMTP:{mail}\ndescription: Number {number} of many\n\n",
            number % 7,
            number % 50,
            number % 9,
            number % 100_000,
        );
    }
    ldif
}

/// Who may read what: everybody who signs in everything, but that the source may not read what is `hidden`.
fn rules(hidden: &str) -> Vec<String> {
    let mut rules = vec!["to attrs=userPassword by anonymous auth by * none".to_owned()];
    if !hidden.is_empty() {
        rules.push(format!("to {hidden} by dn.exact={BIND_DN} none by users read by * none"));
    }
    rules.push(format!("to * by dn.exact={BIND_DN} read by users read by * none"));
    rules
}

fn base_entries() -> String {
    format!(
        "dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n\n\
         dn: {BIND_DN}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: svc\n\
         userPassword: {PASSWORD}\n\ndn: {PEOPLE}\nobjectClass: organizationalUnit\nou: People\n\n"
    )
}

fn configure(folder: &Path, options: &Options, authority: &Authority, certificate: &Certificate) -> PathBuf {
    let shown = folder.display();
    let schema = folder.join("directory.schema");
    fs::write(&schema, include_str!("slapd/directory.schema")).expect("the schema can be written");
    let unpaged = options.size_limit.unwrap_or(1000);
    let paged = options.paged_size_limit.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string());
    let mut synchronizing = match (options.is_synchronizing, options.session_log) {
        (false, _) => String::new(),
        (true, None) => "overlay syncprov\n".to_owned(),
        (true, Some(count)) => format!("overlay syncprov\nsyncprov-sessionlog {count}\n"),
    };
    if options.refuses_old_cookies {
        synchronizing.push_str("syncprov-reloadhint TRUE\n");
    }
    let text = format!(
        "include /etc/ldap/schema/core.schema\ninclude /etc/ldap/schema/cosine.schema\n\
         include /etc/ldap/schema/inetorgperson.schema\ninclude /etc/ldap/schema/nis.schema\ninclude {schema}\n\
         modulepath /usr/lib/ldap\nmoduleload back_mdb\nmoduleload syncprov\npidfile {shown}/slapd.pid\nargsfile {shown}/slapd.args\n\
         TLSCACertificateFile {authority}\nTLSCertificateFile {certificate}\nTLSCertificateKeyFile {key}\n\
         sizelimit size.soft={unpaged} size.hard={unpaged} size.prtotal={paged}\n\
         database config\nrootpw \"{ADMIN_PASSWORD}\"\n\
         database mdb\nsuffix {SUFFIX}\nrootdn {ADMIN_DN}\nrootpw \"{ADMIN_PASSWORD}\"\ndirectory {shown}/db\n\
         maxsize 4294967296\ndbnosync\nindex objectClass,uid,entryUUID,entryCSN eq\n{synchronizing}\
         access {access}\n",
        access = rules("").join("\naccess "),
        schema = schema.display(),
        authority = authority.pem_file().display(),
        certificate = certificate.certificate.display(),
        key = certificate.key.display(),
    );
    let configuration = folder.join("slapd.conf");
    fs::write(&configuration, text).expect("the configuration can be written");
    configuration
}

/// Starts the server on free ports; `None` when another process took one first.
fn listen(name: &str, configuration: &Path) -> Option<(Server, u16, u16)> {
    let (port, tls_port) = (free_port(), free_port());
    let addresses = format!("ldap://127.0.0.1:{port} ldaps://127.0.0.1:{tls_port}");
    // With a debug level it stays in the foreground; this one writes only what went wrong.
    let mut command = Command::new(PROGRAM);
    command.args(["-d", "none", "-h", &addresses, "-f"]).arg(configuration);
    let mut server = Server::start(name, &mut command, Stop::Politely);
    let is_ready =
        || TcpStream::connect(("127.0.0.1", port)).is_ok() && TcpStream::connect(("127.0.0.1", tls_port)).is_ok();
    match server.wait_until(is_ready) {
        Ok(()) => Some((server, port, tls_port)),
        Err(log) if log.contains("bind(") => None,
        Err(log) => panic!("slapd does not start: {log}"),
    }
}
