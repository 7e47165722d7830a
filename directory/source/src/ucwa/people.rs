//! The people whom a server is asked for, one address after the other.

use std::pin::pin;
use std::sync::Arc;

use directory_model::address::{AddressKind, bare_address};
use directory_model::record::{ReadEnd, Reported, Sought};
use directory_model::source::UcwaConnection;
use futures_util::stream::StreamExt;

use super::contact;
use super::photos::UcwaPhotos;
use super::service::Service;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::Mapper;
use crate::report::Reporter;
use crate::session::{Session, answers};

/// One read of some people.
pub(crate) struct Read {
    server: Arc<UcwaPhotos>,
    only: Vec<Sought>,
    mapper: Mapper,
    reporter: Reporter<Reported>,
}

impl Read {
    /// Checks what can be checked without a connection.
    pub(crate) fn new(
        connection: &UcwaConnection,
        request: ReadRequest<'_>,
        reporter: Reporter<Reported>,
    ) -> Result<Self, SourceError> {
        let only = request.only.ok_or(SourceError::LookupOnly)?.to_vec();
        let mapper = request.mapper();
        let made = || UcwaPhotos::new(connection, request.secret, request.policy);
        let server = Session::ucwa(request.session, made)?;
        Ok(Self { server, only, mapper, reporter })
    }

    /// Asks for everybody, a few at once.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        let (service, mapper) = (&self.server.service, &self.mapper);
        let asked = std::mem::take(&mut self.only).into_iter().map(|sought| find(service, mapper, sought));
        let mut answers = pin!(answers(asked));
        while let Some(found) = self.reporter.unless_stopped(answers.next()).await? {
            for reported in found.map_err(|error| self.reporter.after_some(error))? {
                self.reporter.report(reported).await?;
            }
        }
        Ok(self.reporter.end())
    }
}

/// Searches for one contact by one address after the other, until it is found.
async fn find(service: &Service, mapper: &Mapper, sought: Sought) -> Result<Vec<Reported>, SourceError> {
    let mut reported = Vec::new();
    for address in addresses(&sought) {
        let found = service.search(&address).await?;
        reported.extend(found.iter().map(|found| mapper.map(contact::locator(found), &contact::entry(mapper, found))));
        if reported.iter().any(|reported| sought.is_found_in(reported)) {
            break;
        }
    }
    Ok(reported)
}

/// By what one contact is searched for.
pub(super) fn addresses(sought: &Sought) -> Vec<String> {
    let bare = |kind, address: &str| bare_address(kind, address).to_owned();
    let found: Vec<String> = match sought {
        // An identity that is no address is that of another source.
        Sought::Entry(id) => {
            let text = std::str::from_utf8(id).ok().filter(|id| id.contains('@'));
            text.map(|text| bare(AddressKind::Sip, text)).into_iter().collect()
        }
        Sought::Addresses { sip, mail } => {
            let sip = sip.as_deref().map(|sip| bare(AddressKind::Sip, sip));
            let mail = mail.as_deref().map(|mail| bare(AddressKind::Mail, mail));
            sip.into_iter().chain(mail).collect()
        }
    };
    let mut once: Vec<String> = Vec::new();
    for address in found.into_iter().filter(|address| !address.is_empty()) {
        if !once.iter().any(|known| known.eq_ignore_ascii_case(&address)) {
            once.push(address);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_searched_for_by_what_is_known_of_them() {
        let known = |sip: Option<&str>, mail: Option<&str>| Sought::Addresses {
            sip: sip.map(str::to_owned),
            mail: mail.map(str::to_owned),
        };
        for (sought, expected) in [
            (Sought::Entry(b"sip:anna@x.org".to_vec()), vec!["anna@x.org"]),
            (Sought::Entry(vec![7; 16]), vec![]),
            (known(Some("sip:anna@x.org;transport=tls"), Some("SMTP:a@x.org")), vec!["anna@x.org", "a@x.org"]),
            (known(Some("sip:anna@x.org"), Some("Anna@x.org")), vec!["anna@x.org"]),
            (known(None, None), vec![]),
        ] {
            assert_eq!(addresses(&sought), expected, "{sought:?}");
        }
    }
}
