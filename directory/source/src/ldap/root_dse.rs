//! What a directory says about itself, as far as it can tell what changed.

use std::collections::HashMap;

use directory_model::record::Reported;

use super::connect::Session;
use super::refresh;
use super::search::{self, Query, Search};
use crate::error::SourceError;

/// MS-ADTS 3.1.1.3.4.3.1: the directory is an Active Directory.
pub(super) const ACTIVE_DIRECTORY: &str = "1.2.840.113556.1.4.800";

/// How a directory tells what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tells {
    /// By numbers that each domain controller counts for itself.
    ActiveDirectory(Controller),
    /// By content synchronisation (RFC 4533), of which this would be the cookie now.
    ContentSync(Vec<u8>),
    /// Not at all, or not to this account.
    Other,
}

/// A domain controller as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Controller {
    /// Its host name.
    pub(super) name: String,
    /// Changes when its data is restored from a backup.
    pub(super) invocation: Vec<u8>,
    /// The number of the last change.
    pub(super) usn: u64,
    /// The domain's root.
    pub(super) root: String,
}

/// The values of one entry, by attribute name in small letters.
type Values = HashMap<String, Vec<Vec<u8>>>;

/// Asks what the directory is. What it does not tell makes it one that cannot tell changes.
pub(super) async fn look(search: &mut Search<Reported>, session: &mut Session) -> Result<Tells, SourceError> {
    let wanted = [
        "supportedCapabilities",
        "supportedControl",
        "namingContexts",
        "defaultNamingContext",
        "dnsHostName",
        "dsServiceName",
        "highestCommittedUSN",
    ];
    let Some(root) = entry(search, session, "", &wanted).await? else { return Ok(Tells::Other) };
    if has(&root, "supportedcapabilities", ACTIVE_DIRECTORY) {
        return controller(search, session, &root).await;
    }
    if has(&root, "supportedcontrol", refresh::SYNC_REQUEST) {
        return context(search, session, &root).await;
    }
    Ok(Tells::Other)
}

async fn controller(search: &mut Search<Reported>, session: &mut Session, root: &Values) -> Result<Tells, SourceError> {
    let (Some(name), Some(service), Some(usn), Some(domain)) = (
        text(root, "dnshostname"),
        text(root, "dsservicename"),
        text(root, "highestcommittedusn").and_then(|usn| usn.parse().ok()),
        text(root, "defaultnamingcontext"),
    ) else {
        return Ok(Tells::Other);
    };
    if !lies_in(&search.connection.base_dn, domain) {
        return Ok(Tells::Other);
    }
    let settings = entry(search, session, service, &["invocationId"]).await?.unwrap_or_default();
    let Some(invocation) = settings.get("invocationid").and_then(|values| values.first()) else {
        return Ok(Tells::Other);
    };
    let (name, root, invocation) = (name.to_lowercase(), domain.to_owned(), invocation.clone());
    Ok(Tells::ActiveDirectory(Controller { name, invocation, usn, root }))
}

/// Whatever changes after its context's change numbers were read is told by the next refresh.
async fn context(search: &mut Search<Reported>, session: &mut Session, root: &Values) -> Result<Tells, SourceError> {
    let contexts = root.get("namingcontexts").into_iter().flatten().filter_map(|value| std::str::from_utf8(value).ok());
    let around = contexts.filter(|context| lies_in(&search.connection.base_dn, context));
    let Some(nearest) = around.max_by_key(|context| context.len()).map(str::to_owned) else {
        return Ok(Tells::Other);
    };
    let values = entry(search, session, &nearest, &["contextCSN"]).await?.unwrap_or_default();
    let numbers: Vec<_> = values.get("contextcsn").into_iter().flatten().map(Vec::as_slice).collect();
    if numbers.is_empty() {
        return Ok(Tells::Other);
    }
    Ok(Tells::ContentSync([b"rid=000,csn=".as_slice(), &numbers.join(b";".as_slice())].concat()))
}

/// One entry's attributes; `None` when it is not there or may not be read.
async fn entry(
    search: &mut Search<Reported>,
    session: &mut Session,
    dn: &str,
    attributes: &[&str],
) -> Result<Option<Values>, SourceError> {
    let query = Query::at(&search.connection, dn, attributes);
    let mut found: Option<Values> = None;
    let looked = search.find(session, &query, |message| {
        let values = found.get_or_insert_default();
        search::values(message, |name, value| {
            let name = String::from_utf8_lossy(name).to_lowercase();
            values.entry(name).or_default().push(value.to_vec());
        })?;
        Ok(None)
    });
    match looked.await {
        Ok(()) => Ok(found),
        Err(SourceError::SearchRefused { .. }) => Ok(None),
        Err(reason) => Err(reason),
    }
}

fn text<'a>(values: &'a Values, name: &str) -> Option<&'a str> {
    std::str::from_utf8(values.get(name)?.first()?).ok()
}

fn has(values: &Values, name: &str, value: &str) -> bool {
    values.get(name).is_some_and(|values| values.iter().any(|one| one == value.as_bytes()))
}

/// Whether the name `dn` is `root` or lies below it, as far as that can be seen from the text.
pub(super) fn lies_in(dn: &str, root: &str) -> bool {
    let parts = |name: &str| -> Vec<String> { name.split(',').map(|part| part.trim().to_lowercase()).rev().collect() };
    let (dn, root) = (parts(dn), parts(root));
    dn.len() >= root.len() && dn.iter().zip(&root).all(|(one, other)| one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_lies_in_another_by_its_last_parts() {
        for (dn, root, lies) in [
            ("dc=example,dc=com", "DC=example,DC=com", true),
            ("ou=People, dc=Example, dc=com", "dc=example,dc=com", true),
            ("cn=Anna, OU=People,dc=x", "ou=people, DC=X", true),
            ("ou=people,dc=x", "ou=people,dc=x", true),
            ("cn=anna,dc=y", "dc=x", false),
            ("cn=anna,notdc=x", "dc=x", false),
            ("dc=x", "ou=people,dc=x", false),
            ("dc=com", "dc=example,dc=com", false),
            ("ou=people,dc=other,dc=com", "dc=example,dc=com", false),
            ("ou=people,dc=bexample,dc=com", "dc=example,dc=com", false),
        ] {
            assert_eq!(lies_in(dn, root), lies, "{dn} in {root}");
        }
    }
}
