//! A real Active Directory domain controller: Samba, with throwaway data.
//!
//! One for the whole test process, because it listens on fixed ports. Making a domain takes half a
//! minute, so it is made once and kept beside the build; each test process starts a copy of it.
//! Every test works in an organisational unit of its own.

mod account;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use directory_model::secret::Secret;
use directory_model::source::LdapConnection;
use ldap3::{LdapConnAsync, LdapConnSettings, Mod};
use tokio::sync::RwLock;

pub use self::account::Account;
use crate::process::{Server, Stop, run, scratch};
use crate::tls::{Authority, Validity};

/// The root of the domain.
pub const DOMAIN: &str = "DC=contoso,DC=test";
/// The password of the domain's administrator.
const PASSWORD: &str = "Passw0rd!test";
/// Signs in like any user, and may look at everything but deleted objects.
const READER: &str = "reader@contoso.test";
const READER_PASSWORD: &str = "Reader!Pass1";
/// The port by which an address is claimed until the server listens, which takes seconds.
const CLAIM: u16 = 3270;
/// Raised when what is made changes.
const MADE: &str = "samba-1";

/// A running domain controller.
#[derive(Debug)]
pub struct Samba {
    _server: Server,
    host: String,
    // Held as long as the server is.
    _claim: TcpListener,
    authority: Authority,
    units: AtomicU32,
    /// Held by everybody who counts on changes being told, and alone by whoever changes an organisational unit
    /// that is there: then everything is read, in every part of the domain.
    pub places: RwLock<()>,
}

/// The domain controller of this test process.
pub fn server() -> &'static Samba {
    static SERVER: OnceLock<Samba> = OnceLock::new();
    SERVER.get_or_init(Samba::start)
}

impl Samba {
    fn start() -> Self {
        let (host, claim) = free_host();
        let folder = scratch().join("samba");
        let made = made();
        run(Command::new("cp").arg("-a").arg(&made).arg(&folder));
        let authority = Authority::new();
        let certificate = authority.certificate(&["DNS:dc1.contoso.test", &format!("IP:{host}")], Validity::Valid);
        let configuration = configure(&folder, &host, (&authority, &certificate.certificate, &certificate.key));
        let mut command = Command::new("samba");
        command.args(["-i", "-M", "single", "-s"]).arg(&configuration);
        let mut server = Server::start("samba", &mut command, Stop::Politely);
        let listens = |port| TcpStream::connect((host.as_str(), port)).is_ok();
        if let Err(log) = server.wait_until(|| listens(389) && listens(636)) {
            panic!("Samba does not start; another domain controller on {host}? {log}");
        }
        Self { _server: server, host, _claim: claim, authority, units: AtomicU32::new(0), places: RwLock::new(()) }
    }

    /// An encrypted connection that reads the people and services below `base`.
    pub fn connection(&self, base: &str) -> LdapConnection {
        LdapConnection {
            url: format!("ldaps://{}", self.host),
            is_starttls: false,
            trusted_certificates: Some(self.authority.pem()),
            bind_dn: Some(format!("administrator@{}", "contoso.test")),
            base_dn: base.into(),
            filter: "(|(&(objectCategory=person)(objectClass=user))(objectClass=contact))".into(),
            group_filter: None,
            group_base_dn: None,
            page_size: 1000,
            timeout_seconds: 60,
        }
    }

    /// What goes with [`Self::connection`].
    pub fn secret(&self) -> Secret {
        Secret::new(PASSWORD)
    }

    /// The same connection for an ordinary user, and that one's password.
    pub fn as_reader(&self, base: &str) -> (LdapConnection, Secret) {
        let connection = LdapConnection { bind_dn: Some(READER.into()), ..self.connection(base) };
        (connection, Secret::new(READER_PASSWORD))
    }

    /// Makes an organisational unit that nobody else uses.
    pub async fn unit(&self) -> Unit {
        let dn = format!("OU=unit{},{DOMAIN}", self.units.fetch_add(1, Ordering::Relaxed));
        let settings = LdapConnSettings::new().set_no_tls_verify(true);
        let opened = LdapConnAsync::with_settings(settings, &format!("ldap://{}", self.host)).await;
        let (connection, mut ldap) = opened.expect("Samba listens");
        ldap3::drive!(connection);
        let name = format!("CN=Administrator,CN=Users,{DOMAIN}");
        ldap.simple_bind(&name, PASSWORD).await.and_then(ldap3::LdapResult::success).expect("may sign in");
        let unit = Unit { dn, ldap };
        unit.add(&unit.dn, &[("objectClass", "organizationalUnit")]).await;
        unit
    }
}

/// A part of the domain that one test has for itself.
pub struct Unit {
    /// Its name.
    pub dn: String,
    ldap: ldap3::Ldap,
}

impl Unit {
    /// The name of `cn` in the unit.
    pub fn name(&self, cn: &str) -> String {
        format!("CN={cn},{}", self.dn)
    }

    /// Adds an entry anywhere.
    pub async fn add(&self, dn: &str, attributes: &[(&str, &str)]) {
        let values: Vec<_> = attributes
            .iter()
            .map(|(name, value)| (name.as_bytes().to_vec(), std::iter::once(value.as_bytes().to_vec()).collect()))
            .collect();
        let added = self.ldap.clone().add(dn, values).await.and_then(ldap3::LdapResult::success);
        added.unwrap_or_else(|reason| panic!("{dn}: {reason}"));
    }

    /// Adds a person with mail, SIP address and names.
    pub async fn person(&self, cn: &str) -> String {
        let (dn, mail) = (self.name(cn), format!("{cn}@contoso.test"));
        let sip = format!("sip:{mail}");
        let attributes = [
            ("objectClass", "user"),
            ("sAMAccountName", cn),
            ("userAccountControl", "544"),
            ("displayName", cn),
            ("givenName", cn),
            ("sn", "Contoso"),
            ("mail", &mail),
            ("msRTCSIP-PrimaryUserAddress", &sip),
        ];
        self.add(&dn, &attributes).await;
        dn
    }

    /// Gives an attribute these values.
    pub async fn set(&self, dn: &str, attribute: &str, values: &[&[u8]]) {
        let change = vec![Mod::Replace(attribute.as_bytes(), values.iter().copied().collect())];
        let changed = self.ldap.clone().modify(dn, change).await.and_then(ldap3::LdapResult::success);
        changed.unwrap_or_else(|reason| panic!("{dn}: {reason}"));
    }

    /// The number that identifies a user or a group in the domain.
    pub async fn rid(&self, dn: &str) -> u32 {
        let found = self.ldap.clone().search(dn, ldap3::Scope::Base, "(objectClass=*)", vec!["objectSid"]).await;
        let (entries, _) = found.and_then(ldap3::SearchResult::success).expect("the entry can be read");
        let entry = ldap3::SearchEntry::construct(entries.into_iter().next().expect("the entry"));
        let sid = entry.bin_attrs.get("objectSid").and_then(|values| values.first()).expect("it has one");
        u32::from_le_bytes(sid[sid.len() - 4..].try_into().expect("four bytes"))
    }

    /// Removes an entry; a tombstone remains.
    pub async fn remove(&self, dn: &str) {
        let removed = self.ldap.clone().delete(dn).await.and_then(ldap3::LdapResult::success);
        removed.unwrap_or_else(|reason| panic!("{dn}: {reason}"));
    }

    /// Renames an entry to `cn`, and moves it below `parent` if there is one.
    pub async fn rename(&self, dn: &str, cn: &str, parent: Option<&str>) {
        let renamed = self.ldap.clone().modifydn(dn, &format!("CN={cn}"), true, parent).await;
        renamed.and_then(ldap3::LdapResult::success).unwrap_or_else(|reason| panic!("{dn}: {reason}"));
    }
}

/// A loopback address on which no other domain controller listens, as its ports are fixed; and a port of it on which
/// nobody is served, but which tells other test processes that somebody is about to listen there.
fn free_host() -> (String, TcpListener) {
    let is_free = |host: &str| [389, 636, 3268, 3269].iter().all(|port| TcpListener::bind((host, *port)).is_ok());
    let claimed = (2..250).find_map(|last| {
        let host = format!("127.0.0.{last}");
        let claim = TcpListener::bind((host.as_str(), CLAIM)).ok()?;
        is_free(&host).then_some((host, claim))
    });
    claimed.expect("ports below 1024 can be listened on, as root")
}

/// The folder with the domain, made when it is not there yet.
fn made() -> PathBuf {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let kept = target.join(MADE);
    if kept.exists() {
        return kept;
    }
    let folder = tempfile::Builder::new().prefix("samba-").tempdir_in(&target).expect("a folder").keep();
    let provision = Command::new("samba-tool")
        .args(["domain", "provision", "--realm=CONTOSO.TEST", "--domain=CONTOSO", "--host-name=dc1"])
        .args(["--host-ip=127.0.0.1", "--server-role=dc", "--dns-backend=NONE", "--use-rfc2307"])
        .args([&format!("--adminpass={PASSWORD}"), "--option=interfaces=lo", "--option=bind interfaces only=yes"])
        .arg(format!("--targetdir={}", folder.display()))
        .output();
    let provision = provision.unwrap_or_else(|reason| {
        panic!(
            "Samba is missing and the tests need it ({reason}): `apt-get install samba samba-ad-dc samba-ad-provision`"
        )
    });
    assert!(
        provision.status.success(),
        "no domain could be made (root is needed): {}",
        String::from_utf8_lossy(&provision.stderr)
    );
    let database = folder.join("private/sam.ldb");
    let schema = folder.join("schema.ldif");
    let allowed = "--option=dsdb:schema update allowed=true";
    for (program, ldif) in
        [("ldbadd", include_str!("samba/attributes.ldif")), ("ldbmodify", include_str!("samba/classes.ldif"))]
    {
        fs::write(&schema, ldif).expect("the schema can be written");
        run(Command::new(program).arg("-H").arg(&database).arg(allowed).arg(&schema));
    }
    let configuration = folder.join("etc/smb.conf");
    run(Command::new("samba-tool")
        .args(["user", "create", "reader", READER_PASSWORD, "-H"])
        .arg(&database)
        .arg("-s")
        .arg(&configuration));
    // Another test process may have been faster.
    if fs::rename(&folder, &kept).is_err() {
        let _ = fs::remove_dir_all(&folder);
    }
    kept
}

fn configure(folder: &Path, host: &str, (authority, certificate, key): (&Authority, &Path, &Path)) -> PathBuf {
    for name in ["cache", "run", "log", "lock", "ncalrpc"] {
        fs::create_dir_all(folder.join(name)).expect("the server's folders can be made");
    }
    let shown = folder.display();
    let own = folder.join("key.pem");
    fs::copy(key, &own).expect("the key can be copied");
    fs::set_permissions(&own, fs::Permissions::from_mode(0o600)).expect("the key can be hidden");
    let tls = format!(
        "tls enabled = yes\ntls keyfile = {}\ntls certfile = {}\ntls cafile = {}\n",
        own.display(),
        certificate.display(),
        authority.pem_file().display()
    );
    let text = format!(
        "[global]\nworkgroup = CONTOSO\nrealm = CONTOSO.TEST\nnetbios name = DC1\n\
         server role = active directory domain controller\nserver services = ldap\ndcerpc endpoint servers =\n\
         interfaces = {host}/8\nbind interfaces only = yes\ndisable netbios = yes\n\
         private dir = {shown}/private\nstate directory = {shown}/state\ncache directory = {shown}/cache\n\
         lock directory = {shown}\npid directory = {shown}/run\nncalrpc dir = {shown}/ncalrpc\n\
         ntp signd socket directory = {shown}/ntp\nwinbindd socket directory = {shown}/wb\n\
         binddns dir = {shown}/bind-dns\nlog file = {shown}/log/%m.log\nlog level = 1\n\
         ldap server require strong auth = no\ndsdb:schema update allowed = true\n{tls}",
    );
    let configuration = folder.join("smb.conf");
    fs::write(&configuration, text).expect("the configuration can be written");
    configuration
}
