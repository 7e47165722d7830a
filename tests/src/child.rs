//! What a test starts in order to kill it: a process that dies in the middle of its work.

use std::env;
use std::io::{Read, Write};
use std::process::Command;
use std::sync::Arc;

use directory_model::audit::{Actor, Origin};
use directory_model::clock::{Clock, SystemClock};
use directory_model::id::{SystemIds, TenantId};
use directory_store::contacts;
use directory_store::database::{Database, OpenOptions};
use suite::fixture::person;
use suite::process::{Server, Stop, scratch};

#[expect(clippy::panic, reason = "the test that started it reads the sentence")]
fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["hold-a-server"] => hold_a_server(),
        ["write-contacts", url, tenant, round] => write_contacts(url, tenant, round),
        other => panic!("`{other:?}` is nothing to do"),
    }
}

/// Starts a server, says which and where its files are, and waits to be killed.
#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
fn hold_a_server() {
    let server = Server::start("held", Command::new("sleep").arg("600"), Stop::Politely);
    writeln!(std::io::stdout(), "{} {}", server.id(), scratch().display()).expect("the test listens");
    let _ = std::io::stdin().read(&mut [0]);
}

/// Makes one contact after the other and says the identity of each once it is written, until killed.
#[tokio::main]
#[expect(clippy::expect_used, reason = "the test that started it reads the sentence")]
async fn write_contacts(url: &str, tenant: &str, round: &str) {
    let tenant: TenantId = tenant.parse().expect("the tenant's identity");
    let options = OpenOptions::new(url, Arc::new(SystemIds::new(SystemClock)));
    let database = Database::open(&options).await.expect("the database opens");
    for number in 0_u64.. {
        let fields = person(&format!("Contact {number} of {round}"));
        let origin = Origin { actor: Actor::System, request: None, at: SystemClock.now() };
        let written = database.write(tenant, origin, move |tx| contacts::insert(tx, &fields)).await;
        let contact = written.expect("the contact is written").expect("the tenant exists");
        writeln!(std::io::stdout(), "{}", contact.id).expect("the test listens");
    }
}
