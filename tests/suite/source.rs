//! Sources, read from real servers and real files.

mod active_directory;
mod calendars;
mod exchange;
mod file;
mod graph;
mod groups;
mod ldap;
mod ldap_cut_short;
mod ldap_security;
mod look;
mod only;
mod photos;
mod presence;
mod refresh;
mod ucwa;

use directory_model::record::{Extent, ReadCursor, ReadEnd, Reported, SetAside, Sought, SourceRecord};
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
    // Of whom only the identity was told.
    gone: Vec<Vec<u8>>,
    unchanged: Vec<Vec<u8>>,
}

impl Done {
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> =
            self.records.iter().filter_map(|record| record.mapped.synced.display_name.as_deref()).collect();
        names.sort_unstable();
        names
    }

    fn cursor(&self) -> ReadCursor {
        self.end.as_ref().expect("read to the end").cursor.clone().expect("a cursor")
    }

    fn extent(&self) -> Extent {
        self.end.as_ref().expect("read to the end").extent
    }
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
    read_to_the_end(ReadRequest::whole(connection, secret, policy)).await
}

/// A read of what changed since `last`.
async fn read_changes(connection: LdapConnection, secret: &Secret, last: &ReadCursor) -> Done {
    read_after(connection, secret, last, true).await
}

/// A read of everything by somebody who has read before.
async fn read_again(connection: LdapConnection, secret: &Secret, last: &ReadCursor) -> Done {
    read_after(connection, secret, last, false).await
}

async fn read_after(connection: LdapConnection, secret: &Secret, last: &ReadCursor, only_changes: bool) -> Done {
    let (connection, policy) = (Connection::Ldap(connection), policy());
    let whole = ReadRequest::whole(&connection, Some(secret), &policy);
    read_to_the_end(ReadRequest { last: Some(last), only_changes, ..whole }).await
}

/// A read that asks for some contacts.
async fn read_only(connection: &Connection, secret: Option<&Secret>, policy: &SourcePolicy, only: &[Sought]) -> Done {
    read_to_the_end(ReadRequest { only: Some(only), ..ReadRequest::whole(connection, secret, policy) }).await
}

async fn read_to_the_end(request: ReadRequest<'_>) -> Done {
    let (out, mut reported) = mpsc::channel(64);
    let cancel = CancellationToken::new();
    let reading = directory_source::read(request, out, &cancel);
    let collecting = async {
        let (mut records, mut set_aside) = (Vec::new(), Vec::new());
        let (mut gone, mut unchanged) = (Vec::new(), Vec::new());
        while let Some(reported) = reported.recv().await {
            match reported {
                Reported::Entry(record) => records.push(*record),
                Reported::SetAside(entry) => set_aside.push(entry),
                Reported::Gone(id) => gone.push(id),
                Reported::Unchanged(id) => unchanged.push(id),
            }
        }
        (records, set_aside, gone, unchanged)
    };
    let (end, (records, set_aside, gone, unchanged)) = tokio::join!(reading, collecting);
    Done { end, records, set_aside, gone, unchanged }
}
