//! The people whom a server is asked for, one address after the other.

use directory_model::address::{AddressKind, bare_address};
use directory_model::record::{ReadEnd, Reported, Sought};
use directory_model::source::UcwaConnection;

use super::contact;
use super::service::Service;
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::{Mapper, default_mapping};
use crate::report::Reporter;

/// One read of some people.
pub(crate) struct Read {
    service: Service,
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
        let default = default_mapping(request.connection);
        let mapper = Mapper::new(request.mapping.unwrap_or(&default), &default);
        let service = Service::new(connection, request.secret, &request.policy.outbound)?;
        Ok(Self { service, only, mapper, reporter })
    }

    /// Asks for everybody.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        for sought in std::mem::take(&mut self.only) {
            for address in addresses(&sought) {
                let before = self.reporter.sent();
                self.search(&address).await?;
                if self.reporter.sent() > before {
                    break;
                }
            }
        }
        Ok(self.reporter.end())
    }

    async fn search(&mut self, address: &str) -> Result<(), SourceError> {
        let asked = self.reporter.unless_stopped(self.service.search(address)).await?;
        let contacts = asked.map_err(|error| self.reporter.after_some(error))?;
        for found in &contacts {
            let entry = contact::entry(&self.mapper, found);
            self.reporter.report(self.mapper.map(contact::locator(found), &entry)).await?;
        }
        Ok(())
    }
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
