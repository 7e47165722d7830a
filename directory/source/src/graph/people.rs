//! The people of a tenant, page by page, or some of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};

use directory_model::address::{AddressKind, bare_address};
use directory_model::record::{Extent, ReadCursor, ReadEnd, Reported, Sought, WholeBecause};
use directory_model::source::GraphConnection;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::batch::{AT_ONCE, Item, get};
use super::service::{NoPage, Service};
use super::user::{self, id_of_text, text_of_id};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::mapping::Mapper;
use crate::report::Reporter;

/// Pages without anybody are allowed, but not for ever.
const MAX_EMPTY_PAGES: u32 = 1000;

/// Where a read ended, as it is kept: changes are told of the properties that were asked for then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    link: String,
    selection: String,
}

impl Mark {
    fn read(cursor: &ReadCursor) -> Option<Self> {
        serde_json::from_str(&cursor.0).ok()
    }

    fn cursor(&self) -> Option<ReadCursor> {
        serde_json::to_string(self).ok().map(ReadCursor)
    }

    /// Where changes are asked for, unless the mark is that of other settings.
    fn link_for(&self, service: &Url, selection: &str) -> Option<Url> {
        let link: Url = self.link.parse().ok()?;
        (self.selection == selection && link.origin() == service.origin()).then_some(link)
    }
}

/// One read of a tenant.
pub(crate) struct Read {
    service: Service,
    only: Option<Vec<Sought>>,
    mapper: Mapper,
    selection: String,
    /// Where changes are asked for, when nothing else is wanted.
    since: Option<Url>,
    reporter: Reporter<Reported>,
    known: Known,
}

/// Who was reported, and with what: pages may repeat somebody.
#[derive(Default)]
struct Known {
    hashes: HashMap<Vec<u8>, u64>,
    /// Somebody was told otherwise on a later page, which was not reported any more.
    is_contradicted: bool,
}

impl Known {
    /// Whether somebody is new.
    fn is_new(&mut self, id: &[u8], user: &Value) -> bool {
        let mut hasher = DefaultHasher::new();
        user.to_string().hash(&mut hasher);
        let hash = hasher.finish();
        match self.hashes.entry(id.to_vec()) {
            Entry::Vacant(place) => {
                place.insert(hash);
                true
            }
            Entry::Occupied(place) => {
                self.is_contradicted |= *place.get() != hash;
                false
            }
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
        let mapper = request.mapper();
        let service = Service::new(connection, request.secret, &request.policy.outbound)?;
        let selection = user::selection(&mapper);
        let since = if request.only_changes {
            let mark = request.last.and_then(Mark::read);
            let link = mark.and_then(|mark| mark.link_for(service.root(), &selection));
            Some(link.ok_or(SourceError::CannotContinue(WholeBecause::NoCursor))?)
        } else {
            None
        };
        let only = request.only.map(<[Sought]>::to_vec);
        Ok(Self { service, only, mapper, selection, since, reporter, known: Known::default() })
    }

    /// Reads to the end.
    pub(crate) async fn run(mut self) -> Result<ReadEnd, SourceError> {
        if let Some(only) = self.only.take() {
            self.some(&only).await?;
            return Ok(self.reporter.end());
        }
        let extent = if self.since.is_some() { Extent::Changes } else { Extent::Whole { may_lag: false } };
        let link = self.pages().await?;
        // After a contradiction nothing but a read of everything tells what is so.
        let mark = (!self.known.is_contradicted).then(|| Mark { link, selection: self.selection.clone() });
        Ok(ReadEnd { extent, cursor: mark.and_then(|mark| mark.cursor()), ..self.reporter.end() })
    }
}

impl Read {
    /// Reads everybody, or what changed, page by page; gives the link for what will change.
    async fn pages(&mut self) -> Result<String, SourceError> {
        let first = self.service.url("users/delta", &[("$select", &self.selection)]);
        let mut url = self.since.clone().unwrap_or(first);
        let mut empty_pages = 0;
        loop {
            let asked = self.reporter.unless_stopped(self.service.page(url)).await?;
            let page = asked.map_err(|no_page| self.failure(no_page))?;
            empty_pages = if page.value.is_empty() { empty_pages + 1 } else { 0 };
            if empty_pages > MAX_EMPTY_PAGES {
                return Err(self.reporter.cut_short("Graph sends pages without users"));
            }
            for user in &page.value {
                self.user(user).await?;
            }
            url = match (page.next, page.delta) {
                (Some(link), _) => link.parse().map_err(|_| self.reporter.cut_short("a page goes on nowhere"))?,
                (None, Some(link)) => return Ok(link),
                (None, None) => {
                    let detail = "a page says neither that it goes on nor that it is the last";
                    return Err(self.reporter.cut_short(detail));
                }
            };
        }
    }

    fn failure(&self, no_page: NoPage) -> SourceError {
        match no_page {
            NoPage::Resync if self.since.is_some() => SourceError::CannotContinue(WholeBecause::CursorExpired),
            NoPage::Resync => self.reporter.cut_short("Graph lost the place where the next page begins"),
            NoPage::Failed(error) => self.reporter.after_some(error),
        }
    }

    async fn user(&mut self, user: &Value) -> Result<(), SourceError> {
        let id = user::id(user).map(id_of_text);
        let is_new = id.as_ref().is_none_or(|id| self.known.is_new(id, user));
        let is_removed = user.get("@removed").is_some();
        match id {
            _ if !is_new => Ok(()),
            Some(id) if is_removed && self.since.is_some() => self.reporter.report(Reported::Gone(id)).await,
            // Of somebody who is in no list there is nothing to tell.
            _ if is_removed => Ok(()),
            _ => {
                let mut reported = self.mapper.map(user::locator(user), &user::entry(&self.mapper, user));
                if let Reported::Entry(record) = &mut reported {
                    record.origin_id = user::origin_id(user);
                }
                self.reporter.report(reported).await
            }
        }
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
    fn a_mark_holds_for_the_same_service_and_the_same_properties() {
        let mark = Mark { link: "https://graph/v1.0/users/delta?$deltatoken=1".into(), selection: "id,mail".into() };
        assert_eq!(mark.cursor().as_ref().and_then(Mark::read), Some(mark.clone()));
        for (service, selection, holds) in [
            ("https://graph/v1.0", "id,mail", true),
            ("https://graph/v1.0", "id", false),
            ("https://elsewhere/v1.0", "id,mail", false),
            ("http://graph/v1.0", "id,mail", false),
        ] {
            let link = mark.link_for(&service.parse().unwrap(), selection);
            assert_eq!(link.is_some(), holds, "{service} {selection}");
        }
        for cursor in ["", "{}", "[1]", "{\"link\": 1, \"selection\": \"\"}"] {
            assert_eq!(Mark::read(&ReadCursor(cursor.into())), None);
        }
    }

    #[test]
    fn who_is_told_twice_contradicts_only_with_something_else() {
        let mut known = Known::default();
        let told = |name: &str| serde_json::json!({"id": "1", "displayName": name});

        assert!(known.is_new(b"1", &told("Anna")) && !known.is_new(b"1", &told("Anna")));
        assert!(!known.is_contradicted);
        assert!(!known.is_new(b"1", &told("Ben")) && known.is_contradicted);
    }

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
