//! The people whom Exchange is asked for, one address after the other.

use std::pin::pin;
use std::sync::Arc;

use directory_model::address::{AddressKind, bare_address};
use directory_model::record::{ReadEnd, Reported, Sought};
use directory_model::source::ExchangeConnection;
use futures_util::stream::StreamExt;

use super::photos::ExchangePhotos;
use super::resolution;
use super::service::Service;
use super::xml::Element;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::Mapper;
use crate::report::Reporter;
use crate::session::{Session, answers};

/// One read of some people.
pub(crate) struct Read {
    server: Arc<ExchangePhotos>,
    only: Vec<Sought>,
    mapper: Mapper,
    reporter: Reporter<Reported>,
}

/// Whom one address may mean.
#[derive(Default)]
struct Found {
    reported: Vec<Reported>,
    // The address for which there were more than are told.
    cut_at: Option<String>,
}

impl Read {
    /// Checks what can be checked without a connection.
    pub(crate) fn new(
        connection: &ExchangeConnection,
        request: ReadRequest<'_>,
        reporter: Reporter<Reported>,
    ) -> Result<Self, SourceError> {
        let only = request.only.ok_or(SourceError::LookupOnly)?.to_vec();
        let mapper = request.mapper();
        let made = || ExchangePhotos::new(connection, request.secret, request.policy);
        let server = Session::exchange(request.session, made)?;
        Ok(Self { server, only, mapper, reporter })
    }

    /// Asks for everybody, a few at once.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        let (service, mapper) = (&self.server.service, &self.mapper);
        let asked = std::mem::take(&mut self.only).into_iter().map(|sought| find(service, mapper, sought));
        let mut answers = pin!(answers(asked));
        while let Some(found) = self.reporter.unless_stopped(answers.next()).await? {
            let Found { reported, cut_at } = found.map_err(|error| self.reporter.after_some(error))?;
            for reported in reported {
                self.reporter.report(reported).await?;
            }
            if let Some(address) = cut_at {
                return Err(self.reporter.cut_short(format!("Exchange found too many people for `{address}`")));
            }
        }
        Ok(self.reporter.end())
    }
}

/// Asks for one contact in one way after the other, until it is found.
async fn find(service: &Service, mapper: &Mapper, sought: Sought) -> Result<Found, SourceError> {
    let mut found = Found::default();
    for (entry, address) in entries(&sought) {
        let reply = service.resolve(&entry, &address).await?;
        let Some(message) = reply.message else { continue };
        let Some(set) = message.child("ResolutionSet") else { continue };
        let resolutions = set.children().iter().filter(|element| element.name() == "Resolution");
        let told = resolutions.map(|found| mapper.map(resolution::locator(found), &resolution::entry(mapper, found)));
        found.reported.extend(told);
        found.cut_at = is_cut(set).then_some(address);
        if found.cut_at.is_some() || found.reported.iter().any(|reported| sought.is_found_in(reported)) {
            break;
        }
    }
    Ok(found)
}

/// Whether there were more than the hundred that are told.
fn is_cut(set: &Element) -> bool {
    set.attribute("IncludesLastItemInRange") == Some("false")
}

/// The ways to ask for one contact, and the address in each.
fn entries(sought: &Sought) -> Vec<(String, String)> {
    let entry = |scheme: &str, address: &str| (format!("{scheme}:{address}"), address.to_owned());
    match sought {
        // An identity that is no address is that of another source, or comes from another mapping.
        Sought::Entry(id) => {
            let address = std::str::from_utf8(id).ok().filter(|id| id.contains('@'));
            address.map(|address| entry("smtp", address)).into_iter().collect()
        }
        Sought::Addresses { sip, mail } => {
            let mail = mail.as_deref().map(|mail| entry("smtp", bare_address(AddressKind::Mail, mail)));
            let sip = sip.as_deref().map(|sip| entry("sip", bare_address(AddressKind::Sip, sip)));
            mail.into_iter().chain(sip).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_asked_for_by_what_is_known_of_them() {
        let addresses = |sip: Option<&str>, mail: Option<&str>| Sought::Addresses {
            sip: sip.map(str::to_owned),
            mail: mail.map(str::to_owned),
        };
        for (sought, expected) in [
            (Sought::Entry(b"anna@x.org".to_vec()), vec!["smtp:anna@x.org"]),
            (Sought::Entry(b"0123456789abcdef".to_vec()), vec![]),
            (Sought::Entry(vec![0xff, b'@']), vec![]),
            (addresses(Some("sip:anna@x.org;transport=tls"), None), vec!["sip:anna@x.org"]),
            (addresses(Some("sip:a@x.org"), Some("SMTP:anna@x.org")), vec!["smtp:anna@x.org", "sip:a@x.org"]),
            (addresses(None, None), vec![]),
        ] {
            let asked: Vec<String> = entries(&sought).into_iter().map(|(entry, _)| entry).collect();
            assert_eq!(asked, expected, "{sought:?}");
        }
    }
}
