//! One entry of a directory with all its attributes, and why it is mapped as it is.
//!
//! The names of its attributes are asked for first, without values: those that may hold a secret are
//! never asked for, and still can be shown to be there.

use std::time::Duration;

use directory_model::address::{AddressKind, ContactKey, bare_address};
use directory_model::probe::{EntryName, Look, MAX_COUNTED, NamedBy, RawAttribute};
use directory_model::source::{LdapConnection, Mapping};
use ldap3::asn1::Tag;

use super::ask::{Answered, Ask, NO_ATTRIBUTES, NO_SUCH_OBJECT, ask, attributes_of, name_of};
use super::ber::Malformed;
use super::connect::{Session, bind_name, connect};
use super::escape::parse;
use super::root_dse::lies_in;
use super::search::{self, is_description, source_filter};
use super::sought::{equals, with_any};
use super::wire::{Bounds, Message, Scope};
use crate::ReadRequest;
use crate::error::SourceError;
use crate::look::{hidden, look_at, shown};
use crate::mapping::Mapper;
use crate::secret_names::is_secret;

/// The most attributes of an entry that are shown.
const MAX_ATTRIBUTES: usize = 200;
/// The most entries of one name that are counted.
const MAX_NAMESAKES: u32 = 20;
/// The result code for a name that is not well-formed (RFC 4511, appendix A).
const INVALID_DN: u32 = 34;
/// Finds every entry.
const ANY: &str = "(objectClass=*)";

/// Looks at the entry that is named; `None` when there is none.
pub(crate) async fn look(
    connection: &LdapConnection,
    request: ReadRequest<'_>,
    entry: &EntryName,
) -> Result<Option<Look>, SourceError> {
    let has_secret = request.secret.is_some_and(|secret| !secret.expose().is_empty());
    if bind_name(connection).is_some() && !has_secret {
        return Err(SourceError::SecretMissing);
    }
    let filter = source_filter(connection)?;
    let session = connect(connection, request.secret, &request.policy.outbound).await?;
    let (mapper, mapping) = (request.mapper(), request.mapping_in_force());
    let patience = super::connect::patience(connection);
    let mut looking = Looking { session, connection, mapper, mapping, filter, patience };
    let look = match looking.find(entry).await? {
        Some(found) => looking.read(found).await?,
        None => None,
    };
    looking.session.unbind().await;
    Ok(look)
}

struct Looking<'a> {
    session: Session,
    connection: &'a LdapConnection,
    mapper: Mapper,
    mapping: Mapping,
    filter: Tag,
    patience: Duration,
}

/// An entry that was found.
struct Found {
    name: String,
    others: u32,
    is_in_source: bool,
}

impl Looking<'_> {
    async fn find(&mut self, entry: &EntryName) -> Result<Option<Found>, SourceError> {
        match entry.by {
            NamedBy::Dn => self.by_name(&entry.value).await,
            NamedBy::Mail => self.by_address(AddressKind::Mail, &entry.value).await,
            NamedBy::Sip => self.by_address(AddressKind::Sip, &entry.value).await,
        }
    }

    async fn by_name(&mut self, name: &str) -> Result<Option<Found>, SourceError> {
        let mut is_in_source = lies_in(name, &self.connection.base_dn);
        for filter in [self.filter.clone(), any()?] {
            let bounds = Bounds { scope: Scope::Base, is_types_only: true, limit: 1 };
            let (mut found, attributes) = (None, vec![NO_ATTRIBUTES.to_owned()]);
            let asked = Ask { base: name.to_owned(), filter, attributes, bounds, shows_deleted: false };
            let answered = self
                .ask(asked, |message| {
                    found = Some(name_of(message)?);
                    Ok(())
                })
                .await?;
            if matches!(answered.outcome.result, NO_SUCH_OBJECT | INVALID_DN) {
                return Ok(None);
            }
            answered.require()?;
            if let Some(name) = found {
                return Ok(Some(Found { name, others: 0, is_in_source }));
            }
            is_in_source = false;
        }
        Ok(None)
    }

    /// The first entry with the address; of addresses that the mapping makes of something else, the
    /// first for which it makes it.
    async fn by_address(&mut self, kind: AddressKind, address: &str) -> Result<Option<Found>, SourceError> {
        if let Some(filter) = with_any(&self.filter, exact(&self.mapper, kind, address)) {
            let (mut first, attributes) = (None, vec![NO_ATTRIBUTES.to_owned()]);
            let asked = self.below(filter, attributes, MAX_NAMESAKES);
            let take = |message: &Message| {
                if first.is_none() {
                    first = Some(name_of(message)?);
                }
                Ok(())
            };
            let answered = self.ask(asked, take).await?;
            answered.require()?;
            if let Some(name) = first {
                return Ok(Some(Found { name, others: answered.count.saturating_sub(1), is_in_source: true }));
            }
        }
        let named = self.mapper.address_attributes(kind);
        let changed = named.filter(|attribute| attribute.is_changed && is_description(attribute.name));
        let present: Vec<String> = changed.map(|attribute| format!("({}=*)", attribute.name)).collect();
        let Some(filter) = with_any(&self.filter, present.into_iter()) else { return Ok(None) };
        let (wanted, mut found) = (ContactKey::new(kind, address), None);
        let attributes = self.mapped_attributes();
        let asked = Ask {
            base: self.connection.base_dn.clone(),
            filter,
            attributes,
            bounds: Bounds { scope: Scope::Subtree, is_types_only: false, limit: MAX_COUNTED },
            shows_deleted: false,
        };
        let mapper = &self.mapper;
        let take = |message: &Message| {
            let (name, raw) = search::entry(mapper, message)?;
            if found.is_none() && mapper.map(String::new(), &raw).keys().contains(&wanted) {
                found = Some(String::from_utf8_lossy(name).into_owned());
            }
            Ok(())
        };
        let answered = ask(&mut self.session, self.patience, asked, take).await;
        let answered = answered.map_err(|detail| broken(self.connection, detail))?;
        answered.require()?;
        Ok(found.map(|name| Found { name, others: 0, is_in_source: true }))
    }

    /// The entry's attributes, and what becomes of them.
    async fn read(&mut self, found: Found) -> Result<Option<Look>, SourceError> {
        let names = self.names(&found.name).await?;
        let (secrets, mut asked): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| is_secret(name));
        asked.truncate(MAX_ATTRIBUTES);
        if asked.is_empty() {
            // No names would mean all of them.
            asked.push(NO_ATTRIBUTES.to_owned());
        }
        let mut look = None;
        let asked = Ask {
            base: found.name.clone(),
            filter: any()?,
            attributes: asked,
            bounds: Bounds { scope: Scope::Base, is_types_only: false, limit: 1 },
            shows_deleted: false,
        };
        let (mapper, mapping) = (&self.mapper, &self.mapping);
        let take = |message: &Message| {
            let (_, raw) = search::entry(mapper, message)?;
            let values = attributes_of(message)?;
            let mut attributes: Vec<RawAttribute> = secrets.iter().map(|name| hidden(name)).collect();
            attributes.extend(values.iter().map(|(name, values)| shown(name, values)));
            let explained = mapper.explain(mapping, found.name.clone(), &raw);
            let is_in_source = found.is_in_source;
            look =
                Some(Look { others: found.others, is_in_source, ..look_at(found.name.clone(), attributes, explained) });
            Ok(())
        };
        let answered = ask(&mut self.session, self.patience, asked, take).await;
        let answered = answered.map_err(|detail| broken(self.connection, detail))?;
        answered.require()?;
        Ok(look)
    }

    /// The names of the entry's attributes: all of people, and those of the directory's own that the
    /// mapping names.
    async fn names(&mut self, name: &str) -> Result<Vec<String>, SourceError> {
        let mut names = Vec::new();
        let attributes = std::iter::once("*".to_owned()).chain(self.mapped_attributes()).collect();
        let bounds = Bounds { scope: Scope::Base, is_types_only: true, limit: 1 };
        let asked = Ask { base: name.to_owned(), filter: any()?, attributes, bounds, shows_deleted: false };
        let answered = self
            .ask(asked, |message| {
                names.extend(attributes_of(message)?.into_iter().map(|(name, _)| name));
                Ok(())
            })
            .await?;
        answered.require()?;
        names.sort_unstable();
        Ok(names)
    }

    fn mapped_attributes(&self) -> Vec<String> {
        let mapped = self.mapper.attributes().filter(|name| is_description(name));
        mapped.map(str::to_owned).collect()
    }

    fn below(&self, filter: Tag, attributes: Vec<String>, limit: u32) -> Ask {
        let bounds = Bounds { scope: Scope::Subtree, is_types_only: true, limit };
        Ask { base: self.connection.base_dn.clone(), filter, attributes, bounds, shows_deleted: false }
    }

    async fn ask(
        &mut self,
        asked: Ask,
        take: impl FnMut(&Message) -> Result<(), Malformed>,
    ) -> Result<Answered, SourceError> {
        let answered = ask(&mut self.session, self.patience, asked, take).await;
        answered.map_err(|detail| broken(self.connection, detail))
    }
}

fn broken(connection: &LdapConnection, detail: String) -> SourceError {
    SourceError::Unreachable { url: connection.url.clone(), detail }
}

fn any() -> Result<Tag, SourceError> {
    parse(ANY).map_err(|_| SourceError::Internal)
}

/// Filters for entries that hold the address as it is, where the mapping looks for it and where
/// directories usually have it.
fn exact<'a>(mapper: &'a Mapper, kind: AddressKind, address: &'a str) -> impl Iterator<Item = String> + 'a {
    let bare = bare_address(kind, address.trim());
    let scheme = if kind == AddressKind::Sip { "sip:" } else { "smtp:" };
    let usual: &[(&str, &str)] = match kind {
        AddressKind::Sip => &[("msRTCSIP-PrimaryUserAddress", "sip:"), ("proxyAddresses", "sip:")],
        _ => &[("mail", ""), ("proxyAddresses", "smtp:"), ("userPrincipalName", "")],
    };
    let own =
        mapper.address_attributes(kind).filter(|attribute| !attribute.is_changed && is_description(attribute.name));
    let own = own.flat_map(move |attribute| ["", scheme].map(|scheme| (attribute.name, scheme)));
    own.chain(usual.iter().copied()).map(move |(name, scheme)| equals(name, &format!("{scheme}{bare}")))
}
