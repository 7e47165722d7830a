//! What a visitor sees of a contact or group: the cards on the wire. Fields are only ever added.

use std::collections::BTreeMap;

use directory_model::enquiry::WhenUnreachable;
use directory_model::presence::{Activity, Availability};
use directory_model::template::TemplateKind;
use directory_model::tenant::Modality;
use directory_model::timestamp::Timestamp;
use serde::Serialize;

use crate::facts::ContactFacts;
use crate::reachability::Reason;

/// One card. A group's members are cards inside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The contact's or group's identity.
    pub id: String,
    /// What it stands for.
    pub kind: CardKind,
    /// The name to show.
    pub name: String,
    /// The job title.
    pub title: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// The name of the site.
    pub site: Option<String>,
    /// The address of the picture.
    pub picture: Option<String>,
    /// One or two letters, for want of a picture.
    pub initials: String,
    /// The address of the vCard, if it may be had.
    pub vcard: Option<String>,
    /// The state.
    pub state: Availability,
    /// The activity.
    pub activity: Option<Activity>,
    /// Out of office.
    pub is_out_of_office: bool,
    /// A named state.
    pub custom: Option<String>,
    /// What the named state is called in other languages, by language.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_labels: BTreeMap<String, String>,
    /// A note.
    pub note: Option<String>,
    /// Whether it can be contacted in any way.
    pub is_reachable: bool,
    /// Why not.
    pub reason: Option<Reason>,
    /// The ways to contact it; none for groups, whose members have their own.
    pub modalities: Vec<Way>,
    /// Until when this holds by opening hours, meetings and own words, if nothing happens.
    pub valid_until: Option<Timestamp>,
    /// When it can be contacted next by what is known.
    pub next_reachable: Option<Timestamp>,
    /// The members of a group.
    pub members: Vec<Card>,
    /// The members show the group's result, not their own.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_shared: bool,
}

/// What a card stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// A person.
    Person,
    /// A service.
    Service,
    /// A group of contacts.
    Group,
}

/// A way to contact somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// The modality.
    pub kind: Modality,
    /// What a click opens.
    pub href: String,
    /// Whether it may be used now.
    pub is_enabled: bool,
}

/// The head of a publication, as visitors see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// Its title.
    pub title: String,
    /// Whether it is open now.
    pub is_open: bool,
    /// When it opens, if it is closed.
    pub opens_at: Option<Timestamp>,
    /// When it closes, if it is open.
    pub closes_at: Option<Timestamp>,
    /// Whether anybody of it can be contacted in any way.
    pub is_reachable: bool,
    /// When somebody of it can be contacted next by what is known, if nobody can now.
    pub next_reachable: Option<Timestamp>,
    /// What is shown while nobody can be contacted.
    pub when_unreachable: WhenUnreachable,
    /// The templates that are not built in, by kind: another tag after each change.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub templates: BTreeMap<TemplateKind, String>,
}

/// The address that opens `modality` for `contact`; `None` without a suitable address.
pub fn href(contact: &ContactFacts, modality: Modality) -> Option<String> {
    let skype = contact.flags.is_consumer_skype;
    match modality {
        Modality::Chat if skype => skype_href(contact, "chat"),
        Modality::Audio if skype => skype_href(contact, "call"),
        Modality::Video if skype => skype_href(contact, "call&video=true"),
        Modality::Chat => sip(contact).map(|sip| format!("im:{}", escape(sip))),
        Modality::Audio | Modality::Video => sip(contact).map(escape),
        Modality::Phone => contact.phone().and_then(dialable).map(|number| format!("tel:{number}")),
        Modality::Mail => contact.mail().map(|mail| format!("mailto:{}", escape(mail))),
    }
}

/// The SIP address without URI parameters, which are for machines.
fn sip(contact: &ContactFacts) -> Option<&str> {
    contact.sip().and_then(|sip| sip.split([';', '?']).next())
}

/// Without a Skype name the SIP address stands in: consumer Skype finds contacts by it.
fn skype_href(contact: &ContactFacts, action: &str) -> Option<String> {
    let name = contact.skype().or_else(|| sip(contact).map(|sip| sip.trim_start_matches("sip:")))?;
    Some(format!("skype:{}?{action}", escape(name)))
}

/// Percent-encodes everything that is not plain in an address, so that no address can end the
/// attribute or address it stands in or add parameters to it.
fn escape(address: &str) -> String {
    let mut escaped = String::with_capacity(address.len());
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"@.:-_+~!*=".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.extend([byte >> 4, byte & 15].iter().filter_map(|half| char::from_digit(u32::from(*half), 16)));
        }
    }
    escaped
}

/// The digits of a telephone number, without what people write for the eye; `None` without any.
///
/// `+49 (0)30 1234-56 ext. 7` becomes `+4930123456`: a trunk zero after the country code is not
/// dialled, and neither are extensions behind a word.
fn dialable(number: &str) -> Option<String> {
    let number = number.trim();
    let number = if number.starts_with('+') { number.replacen("(0)", "", 1) } else { number.to_owned() };
    let end = number.find(|c: char| c.is_alphabetic() || c == ';').unwrap_or(number.len());
    let written = number.get(..end).unwrap_or_default().char_indices();
    let is_dialled = |(at, c): &(usize, char)| c.is_ascii_digit() || "*#".contains(*c) || (*at == 0 && *c == '+');
    let plain: String = written.filter(is_dialled).map(|(_, c)| c).collect();
    plain.contains(|c: char| c.is_ascii_digit()).then(|| plain.replace('#', "%23"))
}

/// The first letters of the first and last word of a name, `?` without any.
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    let upper: String = first.into_iter().chain(letters.next_back()).flat_map(char::to_uppercase).collect();
    if upper.is_empty() { "?".into() } else { upper }
}

#[cfg(test)]
mod tests {
    use directory_model::contact::ContactFields;
    use directory_model::id::{ContactId, CountedIds};

    use super::*;

    fn facts(fields: &ContactFields) -> ContactFacts {
        ContactFacts::new(ContactId::new(&CountedIds::default()), fields, Vec::new())
    }

    #[test]
    fn each_modality_opens_its_own_address() {
        let mut fields = ContactFields {
            sip: Some("sip:anna@example.com".into()),
            mail: Some("anna@example.com".into()),
            skype: Some("live:anna".into()),
            work_phone: Some("+49 (0)30 1234-56".into()),
            ..ContactFields::default()
        };
        let all = |fields: &ContactFields| {
            Modality::ALL.map(|modality| href(&facts(fields), modality).unwrap_or_default()).join(" ")
        };

        assert_eq!(
            all(&fields),
            "im:sip:anna@example.com sip:anna@example.com sip:anna@example.com tel:+4930123456 mailto:anna@example.com"
        );
        fields.is_contactable_through_consumer_skype = true;
        assert_eq!(
            all(&fields),
            "skype:live:anna?chat skype:live:anna?call skype:live:anna?call&video=true tel:+4930123456 mailto:anna@example.com"
        );
        assert_eq!(all(&ContactFields::default()).trim(), "");
    }

    #[test]
    fn an_address_cannot_leave_its_place() {
        let fields = ContactFields { mail: Some("a\"b?bcc=x&y@z.org".into()), ..ContactFields::default() };

        assert_eq!(href(&facts(&fields), Modality::Mail).as_deref(), Some("mailto:a%22b%3fbcc=x%26y@z.org"));
    }

    #[test]
    fn numbers_are_dialled_without_ornament() {
        for (written, dialled) in [
            ("+49 30 / 123.456-7", Some("+49301234567")),
            ("030 1234", Some("0301234")),
            ("+49 (0) 30 12", Some("+493012")),
            ("+49 (0)30 12", Some("+493012")),
            ("(0)30 12", Some("03012")),
            ("+1 555 0100 ext. 22", Some("+15550100")),
            ("*31#", Some("*31%23")),
            ("none", None),
        ] {
            assert_eq!(dialable(written).as_deref(), dialled, "{written}");
        }
    }

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        for (name, letters) in
            [("Anna Berg", "AB"), ("anna maria (sales) øst", "AØ"), ("Help", "H"), ("", "?"), ("  ** ", "?")]
        {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
