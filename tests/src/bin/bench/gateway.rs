//! The gateway that is measured: a release build that publishes a few contacts.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, SystemClock};
use directory_model::contact::ContactFields;
use directory_model::domain::DomainFields;
use directory_model::id::{ContactId, DomainId, SystemIds, TenantId};
use directory_model::publication::{PublicationEntry, PublicationFields};
use directory_model::rights::{Role, Scope};
use directory_model::tenant::TenantFields;
use directory_model::timestamp::Timestamp;
use directory_model::user::UserFields;
use directory_model::valid::Check;
use directory_store::database::{Database, OpenOptions};
use directory_store::error::StoreResult;
use directory_store::tokens::{self, NewToken};
use directory_store::tx::Tx;
use directory_store::{PLATFORM, contacts, domains, grants, publications, tenants, users};
use gateway_api::hash_secret;
use suite::backend::new_folder;
use suite::process::free_port;
use suite::program::Program;
use suite::tls::{Authority, Validity};

use crate::crowd::{Publish, Topic};

/// What is published.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    /// How many publications there are.
    pub(crate) publications: usize,
    /// How many contacts each of them shows, which no other does.
    pub(crate) contacts: usize,
}

/// The usual: one publication with ten contacts.
const USUAL: Shown = Shown { publications: 1, contacts: 10 };

/// The token of a program that makes claims.
const TOKEN: &str = "sbt_bench-0123456789abcdef0123456789";

/// A running gateway.
pub(crate) struct Gateway {
    program: Program,
    tls_port: Option<u16>,
    filled: Filled,
}

/// What it was filled with.
struct Filled {
    tenant: TenantId,
    publications: Vec<Page>,
}

/// A publication.
struct Page {
    key: String,
    contacts: Vec<ContactId>,
}

impl Gateway {
    /// Fills a store and starts the program at `binary` over it, on processor 0.
    pub(crate) fn start(binary: &str, is_tls: bool) -> Self {
        Self::showing(binary, is_tls, USUAL)
    }

    /// The same with more or less to be seen.
    pub(crate) fn showing(binary: &str, is_tls: bool, shown: Shown) -> Self {
        let folder = new_folder();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let filled = runtime.block_on(fill(folder.join("switchboard.db"), shown));
        let tls_port = is_tls.then(free_port);
        let settings = tls_port.map(tls).unwrap_or_default() + "[feed]\nmax_streams_per_address = 20000\n";
        let mut command = Command::new("taskset");
        command.args(["-c", "0", binary]);
        let program = Program::start_in(
            folder,
            command,
            "max_connections = 19000\nmax_connections_per_address = 19000",
            &settings,
        );
        Self { program, tls_port, filled }
    }

    pub(crate) fn process(&self) -> u32 {
        self.program.id()
    }

    /// Where it listens: over TLS when it was asked to.
    pub(crate) fn address(&self) -> String {
        match self.tls_port {
            Some(port) => format!("127.0.0.1:{port}"),
            None => self.program.url.trim_start_matches("http://").to_owned(),
        }
    }

    pub(crate) fn snapshot_path(&self) -> String {
        format!("/api/v1/visitor/publications/{}/snapshot", self.key())
    }

    pub(crate) fn stream_path(&self) -> String {
        format!("/api/v1/visitor/publications/{}/stream", self.key())
    }

    fn key(&self) -> &str {
        &self.filled.publications[0].key
    }

    /// Each publication's stream, and the requests that change what it shows: one contact after the other is busy
    /// or available, as a program claims it.
    pub(crate) fn topics(&self) -> Vec<Topic> {
        let tenant = self.filled.tenant;
        let claim = |contact: &ContactId| Publish {
            method: "PUT".into(),
            path: format!("/api/v1/tenants/{tenant}/contacts/{contact}/claims"),
            headers: format!("Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"),
            body: r#"{"kind":"computer","source":"bench","version":{n},"availability":"{state}","ttl_seconds":3600}"#
                .into(),
        };
        let topic = |page: &Page| Topic {
            stream: format!("/api/v1/visitor/publications/{}/stream", page.key),
            publish: page.contacts.iter().map(claim).collect(),
        };
        self.filled.publications.iter().map(topic).collect()
    }

    /// The bytes of the snapshot.
    pub(crate) fn snapshot(&self) -> Vec<u8> {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let url = format!("{}{}", self.program.url, self.snapshot_path());
        runtime.block_on(async {
            let client = reqwest::Client::builder().build().expect("a client");
            let response = client.get(url).send().await.expect("the gateway answers");
            assert!(response.status().is_success(), "the snapshot is served");
            response.bytes().await.expect("a whole snapshot").to_vec()
        })
    }
}

fn tls(port: u16) -> String {
    let certificate = Authority::new().certificate(&["DNS:localhost", "IP:127.0.0.1"], Validity::Valid);
    format!(
        "[server.tls]\nlisten = \"127.0.0.1:{port}\"\ncertificate = \"{}\"\nkey = \"{}\"\n",
        certificate.certificate.display(),
        certificate.key.display()
    )
}

async fn fill(file: PathBuf, shown: Shown) -> Filled {
    let options = OpenOptions::new(format!("sqlite:{}", file.display()), Arc::new(SystemIds::new(SystemClock)));
    let database = Database::open(&options).await.expect("the database opens");
    database.migrate().await.expect("the migrations run");
    let origin = Origin { actor: Actor::System, request: None, at: SystemClock.now() };
    let fields = TenantFields { name: "Bench".into(), ..TenantFields::default() }.check().expect("valid");
    let tenant = database.write(PLATFORM, origin, move |tx| tenants::insert(tx, &fields)).await;
    let tenant = tenant.expect("the store writes").expect("the platform exists").id;
    let filled = database.write(tenant, origin, move |tx| {
        let domain = DomainFields { title: "Web".into(), hosts: vec!["localhost".into()], ..DomainFields::default() };
        let domain = domains::insert(tx, &domain.check().expect("valid"))?;
        program(tx, tenant)?;
        (0..shown.publications).map(|number| page(tx, domain.id, number, shown.contacts)).collect::<StoreResult<_>>()
    });
    Filled { tenant, publications: filled.await.expect("the store writes").expect("the tenant exists") }
}

/// Publishes contacts of its own.
fn page(tx: &mut Tx<'_>, domain: DomainId, number: usize, contacts: usize) -> StoreResult<Page> {
    let mut listed = Vec::with_capacity(contacts);
    for at in 0..contacts {
        listed.push(contacts::insert(tx, &person(number * contacts + at).check().expect("valid"))?.id);
    }
    let title = format!("Team {number}");
    let fields = PublicationFields { title, domains: vec![domain], ..PublicationFields::default() };
    let publication = publications::insert(tx, &fields.check().expect("valid"))?;
    let entries: Vec<PublicationEntry> = listed.iter().copied().map(PublicationEntry::Contact).collect();
    publications::set_entries(tx, publication.id, None, &entries)?;
    Ok(Page { key: publication.key, contacts: listed })
}

/// Makes the program that claims.
fn program(tx: &mut Tx<'_>, tenant: TenantId) -> StoreResult<()> {
    let fields = UserFields { name: "bench".into(), ..UserFields::default() }.check().expect("valid");
    let user = users::insert(tx, &fields)?.id;
    let (role, scope) = (Role::Supervisor, Scope::Tenant(tenant));
    grants::insert(tx, user, role, scope)?;
    let secret_hash = hash_secret(TOKEN);
    tokens::insert(tx, &NewToken { user, name: "bench".into(), role, scope, secret_hash, expires_at: Timestamp::MAX })?;
    Ok(())
}

fn person(number: usize) -> ContactFields {
    ContactFields {
        sip: Some(format!("sip:person{number}@example.com")),
        mail: Some(format!("person{number}@example.com")),
        display_name: Some(format!("Person {number}")),
        job_title: Some("Engineer".into()),
        work_phone: Some(format!("+4930555{number:04}")),
        ..ContactFields::default()
    }
}
