//! The people of a tenant, page by page, or some of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};

use directory_model::address::{AddressKind, bare_address};
use directory_model::record::{ReadEnd, Reported, Sought};
use directory_model::source::{GraphConnection, Mapping};
use reqwest::Url;
use serde_json::Value;

use super::batch::{AT_ONCE, Item, get};
use super::service::{NoPage, Service};
use super::user::{self, id_of_text, text_of_id};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::{Mapper, default_mapping};
use crate::report::Reporter;

/// Pages without anybody are allowed, but not for ever.
const MAX_EMPTY_PAGES: u32 = 1000;

/// One read of a tenant.
pub(crate) struct Read {
    service: Service,
    only: Option<Vec<Sought>>,
    mapper: Mapper,
    selection: String,
    reporter: Reporter<Reported>,
    known: Known,
}

/// Who was reported, and with what: pages may repeat somebody.
#[derive(Default)]
struct Known(HashMap<Vec<u8>, u64>);

impl Known {
    /// Whether somebody is new.
    fn is_new(&mut self, id: &[u8], user: &Value) -> bool {
        let mut hasher = DefaultHasher::new();
        user.to_string().hash(&mut hasher);
        let hash = hasher.finish();
        match self.0.entry(id.to_vec()) {
            Entry::Vacant(place) => {
                place.insert(hash);
                true
            }
            Entry::Occupied(_) => false,
        }
    }
}

impl Read {
    /// Checks what can be checked without a connection.
    pub(crate) fn new(
        connection: &GraphConnection,
        request: ReadRequest<'_>,
        reporter: Reporter<Reported>,
    ) -> Result<Self, SourceError> {
        let default = default_mapping(request.connection);
        // Users are found again by their identity in Graph alone.
        let mapping = Mapping { external_id: Vec::new(), ..request.mapping.unwrap_or(&default).clone() };
        let mapper = Mapper::new(&mapping, &default);
        Ok(Self {
            service: Service::new(connection, request.secret, &request.policy.outbound)?,
            only: request.only.map(<[Sought]>::to_vec),
            selection: user::selection(&mapper),
            mapper,
            reporter,
            known: Known::default(),
        })
    }

    /// Reads to the end.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        match self.only.take() {
            Some(only) => self.some(&only).await?,
            None => self.everybody().await?,
        }
        Ok(self.reporter.end())
    }
}

impl Read {
    /// Reads everybody, page by page.
    async fn everybody(&mut self) -> Result<(), SourceError> {
        let mut next = Some(self.service.url("users/delta", &[("$select", &self.selection)]));
        let mut empty_pages = 0;
        while let Some(url) = next {
            let asked = self.reporter.unless_stopped(self.service.page(url)).await?;
            let page = asked.map_err(|no_page| match no_page {
                NoPage::Resync => self.reporter.cut_short("Graph lost the place where the next page begins"),
                NoPage::Failed(error) => self.reporter.after_some(error),
            })?;
            empty_pages = if page.value.is_empty() { empty_pages + 1 } else { 0 };
            if empty_pages > MAX_EMPTY_PAGES {
                return Err(self.reporter.cut_short("Graph sends pages without users"));
            }
            for user in &page.value {
                self.user(user).await?;
            }
            next = self.after(page.next.as_deref(), page.delta.as_deref())?;
        }
        Ok(())
    }

    /// The page after this one; none after the last, which says how to ask for changes.
    fn after(&self, next: Option<&str>, delta: Option<&str>) -> Result<Option<Url>, SourceError> {
        match (next, delta) {
            (Some(link), _) => {
                let link = link.parse().map_err(|_| self.reporter.cut_short("a page goes on nowhere"))?;
                Ok(Some(link))
            }
            (None, Some(_)) => Ok(None),
            (None, None) => Err(self.reporter.cut_short("a page says neither that it goes on nor that it is the last")),
        }
    }

    async fn user(&mut self, user: &Value) -> Result<(), SourceError> {
        if user.get("@removed").is_some() {
            return Ok(());
        }
        let is_new = user::id(user).is_none_or(|id| self.known.is_new(&id_of_text(id), user));
        if is_new {
            let reported = self.mapper.map(user::locator(user), &user::entry(&self.mapper, user));
            self.reporter.report(reported).await?;
        }
        Ok(())
    }

    /// Reads those whose entries are asked for.
    async fn some(&mut self, only: &[Sought]) -> Result<(), SourceError> {
        let urls: Vec<String> = only.iter().filter_map(|sought| self.address_of(sought)).collect();
        for urls in urls.chunks(AT_ONCE) {
            let asked = self.reporter.unless_stopped(get(&self.service, urls)).await?;
            let items = asked.map_err(|error| self.reporter.after_some(error))?;
            for item in items {
                let Item::Found(found) = item else { continue };
                if found.get("@odata.nextLink").is_some() {
                    return Err(self.reporter.cut_short("Graph found too many users for one address"));
                }
                match found.get("value").and_then(Value::as_array) {
                    Some(users) => {
                        for user in users {
                            self.user(user).await?;
                        }
                    }
                    None => self.user(&found).await?,
                }
            }
        }
        Ok(())
    }

    /// Where one contact's entry is asked for, relative to the service's own address.
    fn address_of(&self, sought: &Sought) -> Option<String> {
        let (path, filter) = match sought {
            Sought::Entry(id) => (format!("/users/{}", text_of_id(id)?), None),
            Sought::Addresses { sip, mail } => ("/users".to_owned(), Some(filter(sip.as_deref(), mail.as_deref())?)),
        };
        let mut query = form_urlencoded("$select", &self.selection);
        if let Some(filter) = filter {
            query = format!("{query}&{}", form_urlencoded("$filter", &filter));
        }
        Some(format!("{path}?{query}"))
    }
}

fn form_urlencoded(name: &str, value: &str) -> String {
    format!("{name}={}", percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC))
}

/// The condition that a user with one of the addresses fulfils.
fn filter(sip: Option<&str>, mail: Option<&str>) -> Option<String> {
    // A quote is written twice (OData 4.01, 5.1.1.6.1).
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let any = |list: &str, value: &str| format!("{list}/any(x:x eq {})", literal(value));
    let mut clauses = Vec::new();
    if let Some(mail) = mail.map(|mail| bare_address(AddressKind::Mail, mail)).filter(|mail| !mail.is_empty()) {
        clauses.push(format!("mail eq {}", literal(mail)));
        clauses.push(any("proxyAddresses", &format!("smtp:{mail}")));
    }
    if let Some(sip) = sip.map(|sip| bare_address(AddressKind::Sip, sip)).filter(|sip| !sip.is_empty()) {
        clauses.push(any("imAddresses", sip));
        clauses.push(any("proxyAddresses", &format!("sip:{sip}")));
    }
    (!clauses.is_empty()).then(|| clauses.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_means_itself_and_nothing_else() {
        for (sip, mail, expected) in [
            (
                None,
                Some("o'neil@x.org"),
                Some("mail eq 'o''neil@x.org' or proxyAddresses/any(x:x eq 'smtp:o''neil@x.org')"),
            ),
            (
                Some("sip:anna@x.org;transport=tls"),
                None,
                Some("imAddresses/any(x:x eq 'anna@x.org') or proxyAddresses/any(x:x eq 'sip:anna@x.org')"),
            ),
            (Some("sip:"), Some(""), None),
            (None, None, None),
        ] {
            assert_eq!(filter(sip, mail).as_deref(), expected);
        }
    }
}
