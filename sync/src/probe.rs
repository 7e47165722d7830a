//! Looking into sources through the same reader as runs.

use std::time::Duration;

use directory_model::id::TenantId;
use directory_model::port::{BoxFuture, SourceProbe};
use directory_model::probe::{EntryName, Look, Subject, Tested};
use directory_model::run::RunProblem;
use directory_model::source::Connection;
use directory_source::look::{look, test};
use directory_source::{ReadRequest, SourcePolicy};
use tokio::time::timeout;

use crate::reader::SourceReader;

/// How long somebody waits for an entry.
const PATIENCE: Duration = Duration::from_secs(20);

impl SourceProbe for SourceReader {
    fn look(
        &self,
        tenant: TenantId,
        subject: Subject,
        entry: EntryName,
    ) -> BoxFuture<'_, Result<Option<Look>, RunProblem>> {
        Box::pin(async move {
            let policy = self.policy().of_tenant(tenant);
            let looked = timeout(PATIENCE, look(request(&subject, &policy), &entry)).await;
            let looked = looked.map_err(|_| took_too_long(&subject.fields.connection))?;
            looked.map_err(|error| error.to_problem())
        })
    }

    fn test(&self, tenant: TenantId, subject: Subject) -> BoxFuture<'_, Tested> {
        Box::pin(async move {
            let policy = self.policy().of_tenant(tenant);
            test(request(&subject, &policy)).await
        })
    }
}

fn request<'a>(subject: &'a Subject, policy: &'a SourcePolicy) -> ReadRequest<'a> {
    let fields = &subject.fields;
    ReadRequest {
        mapping: fields.mapping.as_ref(),
        normalize_numbers: fields.normalize_numbers.as_deref(),
        ..ReadRequest::whole(&fields.connection, subject.secret.as_ref(), policy)
    }
}

fn took_too_long(connection: &Connection) -> RunProblem {
    let detail = format!("no answer within {} seconds", PATIENCE.as_secs());
    match connection {
        Connection::Ldap(ldap) => RunProblem::Unreachable { url: ldap.url.clone(), detail },
        Connection::File(file) => RunProblem::FileRefused { path: file.path.clone(), detail },
        Connection::Exchange(exchange) => RunProblem::Unreachable { url: exchange.url.clone(), detail },
        Connection::Graph(graph) => RunProblem::Unreachable { url: graph.url.clone(), detail },
        Connection::Ucwa(ucwa) => RunProblem::Unreachable { url: ucwa.url.clone(), detail },
        Connection::Sip(sip) => RunProblem::Unreachable { url: sip.url(), detail },
    }
}
