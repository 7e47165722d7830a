//! A contact as a vCard, 3.0 (RFC 2426) or 4.0 (RFC 6350).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use directory_model::contact::Contact;
use directory_model::timestamp::Timestamp;
use directory_store::avatars::Picture;

/// The longest line, in bytes without its end (RFC 6350 §3.2).
const LINE_BYTES: usize = 75;

/// Which vCard is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// RFC 2426: what every program reads.
    Three,
    /// RFC 6350.
    Four,
}

impl Version {
    /// The version that `text` names.
    pub(crate) fn named(text: &str) -> Option<Self> {
        match text {
            "3.0" => Some(Self::Three),
            "4.0" => Some(Self::Four),
            _ => None,
        }
    }
}

/// Writes the vCard of `contact`: what its card shows, its work address, and `photo`.
pub(crate) fn write(contact: &Contact, photo: Option<&Picture>, version: Version) -> String {
    let fields = &contact.fields;
    let mut card = Lines { text: String::with_capacity(1024), version };
    card.raw("BEGIN:VCARD");
    card.raw(if version == Version::Three { "VERSION:3.0" } else { "VERSION:4.0" });
    card.raw("PRODID:-//Switchboard//Contacts//EN");
    card.value("UID", &format!("urn:ulid:{}", contact.id));
    card.value("REV", &basic(contact.updated_at));
    if version == Version::Four {
        card.value("KIND", if fields.is_ucma_endpoint { "org" } else { "individual" });
    }
    card.value("FN", &fields.shown_name());
    card.structured("N", &[fields.last_name.as_deref(), fields.first_name.as_deref(), None, None, None]);
    card.optional("ORG", fields.company.as_deref());
    card.optional("TITLE", fields.job_title.as_deref());
    card.optional(card.typed("EMAIL", "INTERNET,WORK", "work"), fields.mail.as_deref());
    card.phone(fields.work_phone.as_deref());
    let address = [
        None,
        fields.office.as_deref(),
        fields.work_street.as_deref(),
        fields.work_city.as_deref(),
        fields.work_state.as_deref(),
        fields.work_zip_code.as_deref(),
        fields.work_country.as_deref(),
    ];
    if address.iter().any(Option::is_some) {
        card.structured(card.typed("ADR", "WORK", "work"), &address);
    }
    // IMPP came to 3.0 with RFC 4770.
    card.optional(card.typed("IMPP", "WORK", "work"), fields.sip.as_deref());
    let skype = fields.skype.as_deref().map(|name| format!("skype:{name}"));
    card.optional("IMPP", skype.as_deref());
    if let Some(photo) = photo {
        card.photo(photo);
    }
    card.raw("END:VCARD");
    card.text
}

struct Lines {
    text: String,
    version: Version,
}

impl Lines {
    fn typed(&self, name: &str, three: &str, four: &str) -> String {
        match self.version {
            Version::Three => format!("{name};TYPE={three}"),
            Version::Four => format!("{name};TYPE={four}"),
        }
    }

    fn value(&mut self, name: &str, value: &str) {
        self.raw(&format!("{name}:{}", escape(value)));
    }

    fn optional(&mut self, name: impl AsRef<str>, value: Option<&str>) {
        if let Some(value) = value {
            self.value(name.as_ref(), value);
        }
    }

    fn structured(&mut self, name: impl AsRef<str>, parts: &[Option<&str>]) {
        let parts: Vec<String> = parts.iter().map(|part| escape(part.unwrap_or_default())).collect();
        self.raw(&format!("{}:{}", name.as_ref(), parts.join(";")));
    }

    /// As text: what people write in directories is seldom a `tel:` address.
    fn phone(&mut self, number: Option<&str>) {
        let name = match self.version {
            Version::Three => "TEL;TYPE=WORK,VOICE",
            Version::Four => "TEL;VALUE=text;TYPE=\"work,voice\"",
        };
        self.optional(name, number);
    }

    fn photo(&mut self, photo: &Picture) {
        let encoded = STANDARD.encode(&photo.bytes);
        match self.version {
            Version::Three => {
                let kind = photo.media_type.trim_start_matches("image/").to_ascii_uppercase();
                self.raw(&format!("PHOTO;ENCODING=b;TYPE={kind}:{encoded}"));
            }
            Version::Four => self.raw(&format!("PHOTO:data:{};base64,{encoded}", photo.media_type)),
        }
    }

    /// Adds a line, folded where it is too long, never inside of a character.
    fn raw(&mut self, line: &str) {
        let mut rest = line;
        let mut room = LINE_BYTES;
        while rest.len() > room {
            let end = rest.floor_char_boundary(room);
            self.text.push_str(&rest[..end]);
            self.text.push_str("\r\n ");
            rest = &rest[end..];
            room = LINE_BYTES - 1;
        }
        self.text.push_str(rest);
        self.text.push_str("\r\n");
    }
}

/// The moment in ISO 8601's basic format, to the second.
fn basic(moment: Timestamp) -> String {
    let extended = moment.to_string();
    let seconds = extended.split(['.', 'Z']).next().unwrap_or_default();
    seconds.chars().filter(|c| !matches!(c, '-' | ':')).chain(['Z']).collect()
}

/// A value in which nothing ends the value, a part of it, or the line (RFC 6350 §3.4).
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ',' | ';' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
