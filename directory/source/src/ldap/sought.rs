//! Filters for the entries of some contacts.
//!
//! They only spare the directory and the line: what comes back is looked at again, by the rules by
//! which entries and contacts belong together, before anything is reported. An address is asked for
//! as it is kept and as it is folded; an entry that writes it with URI parameters, or whose attribute
//! tells capitals apart and has others, is found by runs over the whole source alone. An address that
//! the mapping makes of something else cannot be asked for: then every entry that has something to
//! make it of comes back.

use directory_model::address::{AddressKind, ContactKey, bare_address};
use directory_model::record::Sought;
use ldap3::asn1::Tag;

use super::escape::{escape_bytes, parse, substitute};
use super::search::{all_of, any_of, is_description};
use crate::mapping::{AddressAttribute, Mapper};

/// How many contacts one search asks for: directories limit how long a filter may be.
const AT_ONCE: usize = 50;

/// Filters that find, of what `filter` finds, the entries that may be those of `only`. Where `only_by` is known to be what
/// identifies every entry, nothing else is compared: an attribute without an index would have the directory look at all.
pub(super) fn narrowed(filter: &Tag, mapper: &Mapper, only: &[Sought], only_by: Option<&str>) -> Vec<Tag> {
    let chunks = only.chunks(AT_ONCE);
    chunks
        .filter_map(|some| with_any(filter, some.iter().flat_map(|sought| clauses(mapper, sought, only_by))))
        .collect()
}

/// What `filter` finds and one of `clauses` as well; `None` when none of them is a filter.
pub(super) fn with_any(filter: &Tag, clauses: impl Iterator<Item = String>) -> Option<Tag> {
    // A name that no filter can hold is no attribute of a directory.
    let clauses: Vec<Tag> = clauses.filter_map(|clause| parse(&clause).ok()).collect();
    (!clauses.is_empty()).then(|| all_of(vec![filter.clone(), any_of(clauses)]))
}

/// What one contact's entry would hold.
fn clauses(mapper: &Mapper, sought: &Sought, only_by: Option<&str>) -> Vec<String> {
    match sought {
        Sought::Entry(id) => {
            let is_it = |name: &&str| only_by.is_none_or(|identity| name.eq_ignore_ascii_case(identity));
            let names = mapper.id_attributes().filter(|name| is_description(name)).filter(is_it);
            names.flat_map(|name| identity(name, id)).collect()
        }
        Sought::Addresses { sip, mail } => {
            let mut clauses = Vec::new();
            for (kind, address) in [(AddressKind::Sip, sip), (AddressKind::Mail, mail)] {
                let attributes = mapper.address_attributes(kind).filter(|attribute| is_description(attribute.name));
                for AddressAttribute { name, has_scheme, is_changed } in attributes {
                    if is_changed {
                        clauses.extend(address.as_ref().map(|_| format!("({name}=*)")));
                        continue;
                    }
                    let schemes: &[&str] = match (kind, has_scheme) {
                        (AddressKind::Sip, true) => &["sip:"],
                        (AddressKind::Sip, false) => &["sip:", "sips:", ""],
                        (_, true) => &["smtp:"],
                        (_, false) => &[""],
                    };
                    for spelling in address.iter().flat_map(|address| spellings(kind, address)) {
                        let valued = |scheme: &&str| equals(name, &format!("{scheme}{spelling}"));
                        clauses.extend(schemes.iter().map(valued));
                    }
                }
            }
            clauses
        }
    }
}

/// An identity as bytes and, where it may be one, as the text of a UUID.
fn identity(name: &str, id: &[u8]) -> Vec<String> {
    let mut clauses = vec![format!("({name}={})", escape_bytes(id))];
    if let Ok(uuid) = <[u8; 16]>::try_from(id) {
        let digits = format!("{:032x}", u128::from_be_bytes(uuid));
        let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
        clauses.push(equals(name, &parts.join("-")));
    }
    clauses
}

/// The filter for entries that hold `value` in `name`.
pub(super) fn equals(name: &str, value: &str) -> String {
    substitute(&format!("({name}={{}})"), &[value])
}

/// The address as it is kept and, where that is more than other capitals, as it is folded.
fn spellings(kind: AddressKind, address: &str) -> Vec<String> {
    let (kept, folded) = (bare_address(kind, address), ContactKey::new(kind, address).folded);
    let mut spellings = vec![kept.to_owned()];
    if !folded.eq_ignore_ascii_case(kept) {
        spellings.push(folded);
    }
    spellings.retain(|spelling| !spelling.is_empty());
    spellings
}

#[cfg(test)]
mod tests;
