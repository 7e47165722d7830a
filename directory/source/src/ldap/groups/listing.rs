//! What was read so far of people and groups, as numbers.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use directory_model::record::{SourceGroup, SourceGroups};

use crate::ldap::ber::Malformed;
use crate::ldap::dn::{Key, Keys};
use crate::ldap::group_closure::{Listed, close, distinct};
use crate::ldap::search::{self, Range, range_of};
use crate::ldap::wire::Message;
use crate::mapping::{Mapper, RawEntry};

/// The most members that all groups list together, and the most memberships that this makes.
const MAX_MEMBERSHIPS: usize = 5_000_000;
/// The most user names of a person that count.
const MAX_USERS: usize = 16;
/// The most that is shown of a group's name.
const MAX_NAME_CHARS: usize = 128;

/// What a key leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// A person, by number.
    Person(u32),
    /// A group, by number.
    Group(u32),
    /// Several entries: it is not clear whom somebody means by it.
    Several,
}

/// A group that was read.
#[derive(Debug)]
struct Known {
    /// What identifies it; only of those that are mirrored.
    external_id: Option<Vec<u8>>,
    name: String,
    locator: String,
    people: Vec<u32>,
    // What it lists that was no person; mostly nothing, or other groups.
    others: Vec<Key>,
}

/// The members that a group is still to be asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The group's number.
    pub(super) group: usize,
    /// Its name, as it is asked for.
    pub(super) dn: String,
    /// The attribute.
    pub(super) attribute: String,
    /// The place of the first value that did not come.
    pub(super) next: u64,
}

/// Everything that was read.
#[derive(Debug, Default)]
pub(super) struct Listing {
    keys: Keys,
    targets: HashMap<Key, Target>,
    // Identities of people, by number.
    people: Vec<Vec<u8>>,
    // Who has which primary group.
    primary: HashMap<Key, Vec<u32>>,
    groups: Vec<Known>,
    seen: HashSet<Key>,
    // Groups that were not asked for, by name.
    names: HashMap<Key, String>,
    // Of how many groups was looked whom they list.
    followed: usize,
    waiting: Vec<Key>,
    unidentified: u64,
    listed: usize,
}

/// What matters of a person besides the identity.
#[derive(Default)]
struct Person<'m> {
    users: Vec<&'m [u8]>,
    sid: Option<&'m [u8]>,
    primary: Option<u32>,
}

/// What matters of a group besides the identity.
#[derive(Default)]
struct Group<'m> {
    shown: Option<&'m [u8]>,
    common: Option<&'m [u8]>,
    sid: Option<&'m [u8]>,
    people: Vec<u32>,
    others: Vec<Key>,
    // Attributes that came with a part of their values, and where the next part begins.
    cut: Vec<(&'m [u8], u64)>,
}

impl Listing {
    /// Takes an entry of the source in.
    pub(super) fn take_person(&mut self, mapper: &Mapper, message: &Message) -> Result<(), Malformed> {
        let (mut raw, mut person) = (RawEntry::default(), Person::default());
        let name = search::values(message, |attribute, value| {
            if let Some(place) = mapper.place(attribute) {
                raw.push(place, value);
            }
            if is(attribute, "uid") && person.users.len() < MAX_USERS {
                person.users.push(value);
            } else if is(attribute, "objectSid") {
                person.sid = Some(value);
            } else if is(attribute, "primaryGroupID") {
                person.primary = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
            }
        })?;
        // An entry without identity has no contact.
        let Some(external_id) = mapper.identity(&raw) else { return Ok(()) };
        let number = number(self.people.len());
        self.people.push(external_id);
        let key = self.keys.name(name);
        self.lead(key, Target::Person(number));
        for user in person.users {
            let key = self.keys.user(user);
            self.lead(key, Target::Person(number));
        }
        if let Some(sid) = person.sid.zip(person.primary).and_then(|(sid, primary)| primary_group(sid, primary)) {
            let key = self.keys.sid(&sid);
            self.primary.entry(key).or_default().push(number);
        }
        Ok(())
    }

    /// Takes a group in, unless it was read before; what of its members did not come is returned.
    pub(super) fn take_group(
        &mut self,
        mapper: &Mapper,
        message: &Message,
        is_wanted: bool,
    ) -> Result<Vec<Part>, Malformed> {
        let (mut raw, mut group) = (RawEntry::default(), Group::default());
        let mut listed = 0;
        let name = search::values(message, |attribute, value| {
            if let Some(place) = mapper.place(attribute) {
                raw.push(place, value);
            }
            if let Some(kind) = Members::of(attribute) {
                listed += 1;
                // Beyond the limit nothing is kept, so that a message is all that it may take.
                if self.listed + listed <= MAX_MEMBERSHIPS {
                    self.resolve(kind, value, &mut group);
                }
            } else if is(attribute, "displayName") {
                group.shown.get_or_insert(value);
            } else if is(attribute, "cn") {
                group.common.get_or_insert(value);
            } else if is(attribute, "objectSid") {
                group.sid = Some(value);
            }
            if let Some(Range { end: Some(end), .. }) = range_of(attribute)
                && group.cut.iter().all(|(known, _)| *known != attribute)
            {
                group.cut.push((attribute, end.saturating_add(1)));
            }
        })?;
        let key = self.keys.name(name);
        if !self.seen.insert(key) {
            return Ok(Vec::new());
        }
        let external_id = is_wanted.then(|| mapper.identity(&raw)).flatten();
        self.unidentified += u64::from(is_wanted && external_id.is_none());
        self.listed += listed;
        if self.listed > MAX_MEMBERSHIPS {
            return Err(Malformed);
        }
        let number = number(self.groups.len());
        self.lead(key, Target::Group(number));
        if let Some(sid) = group.sid {
            let key = self.keys.sid(sid);
            self.lead(key, Target::Group(number));
            group.people.extend(self.primary.get(&key).into_iter().flatten());
        }
        let locator = search::locator(name).unwrap_or_else(|shown| shown);
        let shown = group.shown.and_then(shown).or_else(|| group.common.and_then(shown));
        let called = shown.unwrap_or_else(|| locator.chars().take(MAX_NAME_CHARS).collect());
        let parts = group.cut.iter().map(|(attribute, next)| {
            let attribute = attribute.split(|byte| *byte == b';').next().unwrap_or_default();
            let text = |bytes: &[u8]| std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Malformed);
            Ok(Part { group: self.groups.len(), dn: text(name)?, attribute: text(attribute)?, next: *next })
        });
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let Group { people, others, .. } = group;
        self.groups.push(Known { external_id, name: called, locator, people, others });
        Ok(parts)
    }

    /// Takes more members of a group in, and says which part of them it was.
    pub(super) fn take_part(
        &mut self,
        number: usize,
        asked: &str,
        message: &Message,
    ) -> Result<Option<Range>, Malformed> {
        let (mut part, mut group, mut listed) = (None, Group::default(), 0);
        search::values(message, |attribute, value| {
            let range = range_of(attribute).filter(|_| is(attribute, asked));
            if let (Some(range), Some(kind)) = (range, Members::of(attribute)) {
                part = Some(range);
                listed += 1;
                if self.listed + listed <= MAX_MEMBERSHIPS {
                    self.resolve(kind, value, &mut group);
                }
            }
        })?;
        self.listed += listed;
        if let Some(known) = self.groups.get_mut(number) {
            known.people.append(&mut group.people);
            known.others.append(&mut group.others);
        }
        Ok(part)
    }

    /// Takes in that there is a group of this name.
    pub(super) fn take_name(&mut self, message: &Message) -> Result<(), Malformed> {
        let name = search::values(message, |_, _| {})?;
        let key = self.keys.name(name);
        if !self.seen.contains(&key)
            && let Ok(name) = std::str::from_utf8(name)
        {
            self.names.insert(key, name.to_owned());
        }
        Ok(())
    }

    /// The name of a group that another one lists and that was not read yet; each is told once.
    pub(super) fn next_listed(&mut self) -> Option<String> {
        loop {
            while let Some(key) = self.waiting.pop() {
                if let Some(name) = self.names.remove(&key) {
                    return Some(name);
                }
            }
            let group = self.groups.get(self.followed)?;
            self.followed += 1;
            self.waiting.extend(&group.others);
        }
    }

    /// Whether a group lists something that was not read: it may be a group.
    pub(super) fn has_unknown(&self) -> bool {
        self.groups.iter().flat_map(|group| &group.others).any(|key| !self.targets.contains_key(key))
    }

    /// Whether what was read keeps within the limits.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.listed > MAX_MEMBERSHIPS { Err(too_many()) } else { Ok(()) }
    }

    /// Closes the groups over each other.
    pub(super) fn close(self) -> Result<SourceGroups, String> {
        let Self { targets, people, groups, unidentified, .. } = self;
        let (mut listed, mut wanted) = (Vec::with_capacity(groups.len()), Vec::new());
        for (place, Known { external_id, name, locator, mut people, others }) in groups.into_iter().enumerate() {
            let inner = others.iter().filter_map(|key| match targets.get(key) {
                Some(Target::Group(inner)) => Some(*inner),
                // A person who was moved while everything was read.
                Some(Target::Person(_) | Target::Several) | None => None,
            });
            let mut inner: Vec<u32> = inner.collect();
            distinct(&mut people);
            distinct(&mut inner);
            listed.push(Listed { people, groups: inner });
            wanted.extend(external_id.map(|external_id| (place, external_id, name, locator)));
        }
        drop(targets);
        let closed = close(&listed, MAX_MEMBERSHIPS).map_err(|_| too_many())?;
        let mut made = 0;
        let mut mirrored = Vec::with_capacity(wanted.len());
        let mut numbers = Numbers::new(people);
        for (place, external_id, name, locator) in wanted {
            let members = closed.of(place);
            made += members.len();
            if made > MAX_MEMBERSHIPS {
                return Err(too_many());
            }
            let members = numbers.of(members);
            mirrored.push(SourceGroup { external_id, name, locator, members });
        }
        Ok(SourceGroups { groups: mirrored, people: numbers.used, unidentified })
    }

    /// From now on the key leads there too. A group that is a person as well is listed as a person.
    fn lead(&mut self, key: Key, target: Target) {
        match self.targets.entry(key) {
            Entry::Vacant(entry) => drop(entry.insert(target)),
            Entry::Occupied(mut entry) => match (*entry.get(), target) {
                (Target::Person(_), Target::Group(_)) => {}
                (known, target) if known == target => {}
                _ => drop(entry.insert(Target::Several)),
            },
        }
    }

    fn resolve(&mut self, kind: Members, value: &[u8], group: &mut Group<'_>) {
        let key = match kind {
            Members::Names => self.keys.name(value),
            Members::UniqueNames => self.keys.name(without_uid(value)),
            Members::Users => self.keys.user(value),
        };
        match self.targets.get(&key) {
            Some(Target::Person(person)) => group.people.push(*person),
            Some(Target::Several) => {}
            Some(Target::Group(_)) | None if kind == Members::Users => {}
            Some(Target::Group(_)) | None => group.others.push(key),
        }
    }
}

/// People as they are numbered anew, only those who are in a group.
struct Numbers {
    people: Vec<Vec<u8>>,
    given: Vec<Option<u32>>,
    used: Vec<Vec<u8>>,
}

impl Numbers {
    fn new(people: Vec<Vec<u8>>) -> Self {
        Self { given: vec![None; people.len()], people, used: Vec::new() }
    }

    fn of(&mut self, members: &[u32]) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(members.len());
        for member in members {
            let place = *member as usize;
            let (Some(given), Some(person)) = (self.given.get_mut(place), self.people.get_mut(place)) else { continue };
            let number = *given.get_or_insert_with(|| {
                self.used.push(std::mem::take(person));
                number(self.used.len() - 1)
            });
            numbers.push(number);
        }
        numbers.sort_unstable();
        numbers
    }
}

/// How an attribute names members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Members {
    Names,
    UniqueNames,
    Users,
}

impl Members {
    fn of(attribute: &[u8]) -> Option<Self> {
        [("member", Self::Names), ("uniqueMember", Self::UniqueNames), ("memberUid", Self::Users)]
            .into_iter()
            .find_map(|(name, kind)| is(attribute, name).then_some(kind))
    }
}

/// Whether an attribute, with or without options, is the one of this name.
fn is(attribute: &[u8], name: &str) -> bool {
    let bare = attribute.split(|byte| *byte == b';').next().unwrap_or_default();
    bare.eq_ignore_ascii_case(name.as_bytes())
}

/// A name without the unique identifier that may follow it (RFC 4517, 3.3.21): `cn=a,dc=x#'01'B`.
fn without_uid(value: &[u8]) -> &[u8] {
    let Some(bits) = value.strip_suffix(b"'B") else { return value };
    let digits = bits.iter().rev().take_while(|byte| matches!(byte, b'0' | b'1')).count();
    bits[..bits.len() - digits].strip_suffix(b"#'").unwrap_or(value)
}

/// The identifier of somebody's primary group: it is of the same domain.
fn primary_group(sid: &[u8], primary: u32) -> Option<Vec<u8>> {
    // Revision, how many parts, six bytes of authority, then the parts.
    let [1, parts, ..] = sid else { return None };
    let is_whole = *parts > 0 && sid.len() == 8 + 4 * usize::from(*parts);
    is_whole.then(|| [&sid[..sid.len() - 4], &primary.to_le_bytes()].concat())
}

/// A name fit to be shown, if there is anything in it.
fn shown(value: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(value).ok()?;
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let name: String = words.join(" ").chars().take(MAX_NAME_CHARS).collect();
    let name = name.trim_end();
    (!name.is_empty()).then(|| name.to_owned())
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn too_many() -> String {
    format!("the groups have more than {MAX_MEMBERSHIPS} members together")
}
