//! The people whom Exchange is asked for, one address after the other.

use directory_model::address::{AddressKind, bare_address};
use directory_model::record::{ReadEnd, Reported, Sought};
use directory_model::source::ExchangeConnection;

use super::resolution;
use super::service::Service;
use super::xml::Element;
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
        connection: &ExchangeConnection,
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
            for (entry, address) in entries(&sought) {
                let before = self.reporter.sent();
                self.resolve(&entry, &address).await?;
                if self.reporter.sent() > before {
                    break;
                }
            }
        }
        Ok(self.reporter.end())
    }

    async fn resolve(&mut self, entry: &str, address: &str) -> Result<(), SourceError> {
        let asked = self.reporter.unless_stopped(self.service.resolve(entry, address)).await?;
        let reply = asked.map_err(|error| self.reporter.after_some(error))?;
        let Some(found) = reply.message else { return Ok(()) };
        let Some(set) = found.child("ResolutionSet") else { return Ok(()) };
        for resolution in set.children().iter().filter(|element| element.name() == "Resolution") {
            let entry = resolution::entry(&self.mapper, resolution);
            self.reporter.report(self.mapper.map(resolution::locator(resolution), &entry)).await?;
        }
        if is_cut(set) {
            return Err(self.reporter.cut_short(format!("Exchange found too many people for `{address}`")));
        }
        Ok(())
    }
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
