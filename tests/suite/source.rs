//! Sources, read from real servers and real files.

mod file;
mod ldap;
mod ldap_cut_short;
mod ldap_security;
mod look;
mod only;
mod photos;

use directory_model::record::{ReadEnd, Reported, SetAside, Sought, SourceRecord};
use directory_model::secret::Secret;
use directory_model::source::{Connection, LdapConnection};
use directory_source::outbound::OutboundPolicy;
use directory_source::{ReadRequest, SourceError, SourcePolicy};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// A read that was awaited to its end.
struct Done {
    end: Result<ReadEnd, SourceError>,
    records: Vec<SourceRecord>,
    set_aside: Vec<SetAside>,
}

/// The tests' servers are on this machine.
fn policy() -> SourcePolicy {
    let outbound = OutboundPolicy { is_loopback_allowed: true, ..OutboundPolicy::default() };
    SourcePolicy { outbound, ..SourcePolicy::default() }
}

async fn read(connection: LdapConnection, secret: &Secret) -> Done {
    read_any(&Connection::Ldap(connection), Some(secret), &policy()).await
}

async fn read_any(connection: &Connection, secret: Option<&Secret>, policy: &SourcePolicy) -> Done {
    read_to_the_end(ReadRequest { connection, secret, mapping: None, normalize_numbers: None, only: None, policy })
        .await
}

/// A read that asks for some contacts.
async fn read_only(connection: &Connection, secret: Option<&Secret>, policy: &SourcePolicy, only: &[Sought]) -> Done {
    read_to_the_end(ReadRequest {
        connection,
        secret,
        mapping: None,
        normalize_numbers: None,
        only: Some(only),
        policy,
    })
    .await
}

async fn read_to_the_end(request: ReadRequest<'_>) -> Done {
    let (out, mut reported) = mpsc::channel(64);
    let cancel = CancellationToken::new();
    let reading = directory_source::read(request, out, &cancel);
    let collecting = async {
        let (mut records, mut set_aside) = (Vec::new(), Vec::new());
        while let Some(reported) = reported.recv().await {
            match reported {
                Reported::Entry(record) => records.push(*record),
                Reported::SetAside(entry) => set_aside.push(entry),
            }
        }
        (records, set_aside)
    };
    let (end, (records, set_aside)) = tokio::join!(reading, collecting);
    Done { end, records, set_aside }
}
