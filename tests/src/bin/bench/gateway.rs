//! The gateway that is measured: a release build that publishes ten contacts.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, SystemClock};
use directory_model::contact::ContactFields;
use directory_model::domain::DomainFields;
use directory_model::id::SystemIds;
use directory_model::publication::{PublicationEntry, PublicationFields};
use directory_model::tenant::TenantFields;
use directory_model::valid::Check;
use directory_store::database::{Database, OpenOptions};
use directory_store::{PLATFORM, contacts, domains, publications, tenants};
use suite::backend::new_folder;
use suite::process::free_port;
use suite::program::Program;
use suite::tls::{Authority, Validity};

/// How many contacts the publication shows.
const CONTACTS: usize = 10;

/// A running gateway.
pub(crate) struct Gateway {
    program: Program,
    tls_port: Option<u16>,
    key: String,
}

impl Gateway {
    /// Fills a store and starts the program at `binary` over it, on processor 0.
    pub(crate) fn start(binary: &str, is_tls: bool) -> Self {
        let folder = new_folder();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let key = runtime.block_on(fill(folder.join("switchboard.db")));
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
        Self { program, tls_port, key }
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
        format!("/api/v1/visitor/publications/{}/snapshot", self.key)
    }

    pub(crate) fn stream_path(&self) -> String {
        format!("/api/v1/visitor/publications/{}/stream", self.key)
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

async fn fill(file: PathBuf) -> String {
    let options = OpenOptions::new(format!("sqlite:{}", file.display()), Arc::new(SystemIds::new(SystemClock)));
    let database = Database::open(&options).await.expect("the database opens");
    database.migrate().await.expect("the migrations run");
    let origin = Origin { actor: Actor::System, request: None, at: SystemClock.now() };
    let fields = TenantFields { name: "Bench".into(), ..TenantFields::default() }.check().expect("valid");
    let tenant = database.write(PLATFORM, origin, move |tx| tenants::insert(tx, &fields)).await;
    let tenant = tenant.expect("the store writes").expect("the platform exists").id;
    let filled = database.write(tenant, origin, |tx| {
        let domain = DomainFields { title: "Web".into(), hosts: vec!["localhost".into()], ..DomainFields::default() };
        let domain = domains::insert(tx, &domain.check().expect("valid"))?;
        let mut entries = Vec::new();
        for number in 0..CONTACTS {
            let contact = contacts::insert(tx, &person(number).check().expect("valid"))?;
            entries.push(PublicationEntry::Contact(contact.id));
        }
        let fields =
            PublicationFields { title: "Team".into(), domains: vec![domain.id], ..PublicationFields::default() };
        let publication = publications::insert(tx, &fields.check().expect("valid"))?;
        publications::set_entries(tx, publication.id, None, &entries)?;
        Ok(publication.key)
    });
    filled.await.expect("the store writes").expect("the tenant exists")
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
