//! Trying out services that are asked over HTTP. They answer for themselves whether they can be read,
//! so a test is a short read; one that lists nobody is asked for somebody whom it cannot know.

use directory_model::probe::{EntryName, FieldLook, Finding, Look, NamedBy, ProbeKind, ProbeOutcome, SAMPLE_SIZE};
use directory_model::probe::{Steps, Tested};
use directory_model::record::{Reported, Sought};
use directory_model::source::Connection;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::ReadRequest;
use crate::error::SourceError;
use crate::look::{Counted, look_at};
use crate::mapping::{Explained, fields_of};

/// What is tried.
const PLANNED: [ProbeKind; 1] = [ProbeKind::Entries];
/// Reserved for names that nobody has (RFC 2606).
const NOBODY: &str = "nobody@switchboard.invalid";

/// Asks the service as a run would, for a few entries.
pub(crate) async fn test(request: ReadRequest<'_>) -> Tested {
    let mut steps = Steps::new(&PLANNED);
    let is_listing = matches!(request.connection, Connection::Graph(_));
    let nobody = [Sought::Addresses { sip: None, mail: Some(NOBODY.into()) }];
    let only = (!is_listing).then_some(nobody.as_slice());
    let most = usize::try_from(SAMPLE_SIZE).unwrap_or(usize::MAX);
    let (read, entries) = some(ReadRequest { only, ..request }, most).await;
    let mut counted = Counted::default();
    for entry in &entries {
        counted.show(entry);
        counted.count += 1;
    }
    match read {
        Err(error) => steps.fail(Finding::SearchFailed { detail: error.to_string() }),
        Ok(is_all) if is_listing => {
            counted.is_all = is_all;
            let (outcome, finding) = counted.finding();
            steps.next(outcome, finding);
        }
        Ok(_) => steps.next(ProbeOutcome::Passed, Finding::AnswersByAddress),
    }
    steps.end(counted.sample)
}

/// The entry with this address. The service does not say of which values it made its fields.
pub(crate) async fn look(request: ReadRequest<'_>, entry: &EntryName) -> Result<Option<Look>, SourceError> {
    let address = Some(entry.value.clone());
    let sought = match entry.by {
        // Nothing that a service has is found by such a name.
        NamedBy::Dn => return Ok(None),
        NamedBy::Mail => Sought::Addresses { sip: None, mail: address },
        NamedBy::Sip => Sought::Addresses { sip: address, mail: None },
    };
    let (read, mut entries) = some(ReadRequest { only: Some(&[sought]), ..request }, 2).await;
    read?;
    if entries.is_empty() {
        return Ok(None);
    }
    let others = u32::try_from(entries.len() - 1).unwrap_or(u32::MAX);
    let reported = entries.swap_remove(0);
    let fields: Vec<FieldLook> = fields_of(&reported);
    let locator = reported.locator().to_owned();
    Ok(Some(Look { others, ..look_at(locator, Vec::new(), Explained { reported, fields }) }))
}

/// The first entries of a read, and whether it ended with them.
async fn some(request: ReadRequest<'_>, most: usize) -> (Result<bool, SourceError>, Vec<Reported>) {
    let (out, mut entries) = mpsc::channel(1);
    let cancel = CancellationToken::new();
    let reading = crate::read(request, out, &cancel);
    let taking = async {
        let mut taken = Vec::new();
        while let Some(entry) = entries.recv().await {
            taken.push(entry);
            if taken.len() == most {
                cancel.cancel();
                break;
            }
        }
        taken
    };
    let (end, taken) = tokio::join!(reading, taking);
    let is_all = match end {
        Err(SourceError::Cancelled) if taken.len() == most => Ok(false),
        end => end.map(|_| true),
    };
    (is_all, taken)
}
