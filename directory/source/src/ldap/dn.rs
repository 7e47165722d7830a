//! Pure: when two distinguished names (RFC 4514) are the same one.
//!
//! Directories write one name in many ways: other capitals, spaces around the signs, characters
//! escaped or not, quoted as an older LDAP did. A name is made the same for all of these, once, and known
//! by a digest from then on, so that whatever a directory says takes the same little room.

#[cfg(test)]
mod tests;

use ring::digest::{SHA256, digest};

/// What a name, or something else that entries are referred to by, is known by.
pub(super) type Key = [u8; 16];

/// What a key stands for, so that no two kinds are ever mixed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A distinguished name.
    Name,
    /// A user name, as `memberUid` has it.
    User,
    /// A security identifier.
    Sid,
}

const SAME_TYPES: [(&[u8], &[u8]); 18] = [
    (b"commonname", b"cn"),
    (b"2.5.4.3", b"cn"),
    (b"surname", b"sn"),
    (b"2.5.4.4", b"sn"),
    (b"countryname", b"c"),
    (b"2.5.4.6", b"c"),
    (b"localityname", b"l"),
    (b"2.5.4.7", b"l"),
    (b"stateorprovincename", b"st"),
    (b"2.5.4.8", b"st"),
    (b"organizationname", b"o"),
    (b"2.5.4.10", b"o"),
    (b"organizationalunitname", b"ou"),
    (b"2.5.4.11", b"ou"),
    (b"domaincomponent", b"dc"),
    (b"0.9.2342.19200300.100.1.25", b"dc"),
    (b"userid", b"uid"),
    (b"0.9.2342.19200300.100.1.1", b"uid"),
];

/// Makes keys; the room that it works in is used again.
#[derive(Debug, Default)]
pub(super) struct Keys {
    plain: Vec<u8>,
    value: Vec<u8>,
}

impl Keys {
    /// The key of a distinguished name, however it is written.
    pub(super) fn name(&mut self, dn: &[u8]) -> Key {
        self.plain.clear();
        self.plain.push(Kind::Name as u8);
        if self.plain_name(dn).is_none() {
            // Not a name by the rules: the same only when it is written the same.
            self.plain.truncate(1);
            self.plain.push(0);
            fold(dn, &mut self.plain);
        }
        cut(&self.plain)
    }

    /// The key of a user's name; directories do not tell capitals apart in it.
    pub(super) fn user(&mut self, uid: &[u8]) -> Key {
        self.plain.clear();
        self.plain.push(Kind::User as u8);
        fold(uid, &mut self.plain);
        cut(&self.plain)
    }

    /// The key of a security identifier.
    pub(super) fn sid(&mut self, sid: &[u8]) -> Key {
        self.plain.clear();
        self.plain.push(Kind::Sid as u8);
        self.plain.extend_from_slice(sid);
        cut(&self.plain)
    }

    /// Writes the name in its one form: of each part the type and the folded value with its length, the
    /// parts of a multi-valued one in a fixed order.
    fn plain_name(&mut self, dn: &[u8]) -> Option<()> {
        let mut rest = dn.trim_ascii();
        while !rest.is_empty() {
            let (start, mut others) = (self.plain.len(), Vec::new());
            rest = self.part(rest)?;
            while let Some(more) = rest.strip_prefix(b"+") {
                others.push(self.plain.len());
                rest = self.part(more)?;
            }
            if !others.is_empty() {
                self.sort(start, &others);
            }
            self.plain.push(b',');
            if rest.is_empty() {
                break;
            }
            rest = rest.strip_prefix(b",").or_else(|| rest.strip_prefix(b";"))?;
            // A separator at the very end has nothing behind it.
            (!rest.trim_ascii().is_empty()).then_some(())?;
        }
        Some(())
    }

    /// One type with its value; what follows it is returned.
    fn part<'a>(&mut self, text: &'a [u8]) -> Option<&'a [u8]> {
        let sign = text.iter().position(|byte| *byte == b'=')?;
        let kind = text[..sign].trim_ascii().to_ascii_lowercase();
        let kind = kind.strip_prefix(b"oid.").unwrap_or(&kind);
        let is_type = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._".contains(byte);
        (!kind.is_empty() && kind.iter().all(is_type)).then_some(())?;
        let same = SAME_TYPES.iter().find(|(other, _)| *other == kind).map_or(kind, |(_, same)| *same);
        self.plain.extend_from_slice(same);
        self.plain.push(b'=');
        self.value.clear();
        let rest = value(&text[sign + 1..], &mut self.value)?;
        // The length goes behind, where it is known.
        let start = self.plain.len();
        fold(&self.value, &mut self.plain);
        let length = u32::try_from(self.plain.len() - start).ok()?;
        self.plain.extend_from_slice(&length.to_be_bytes());
        Some(rest)
    }

    /// Puts the parts that begin at `start` and at `others` in order.
    fn sort(&mut self, start: usize, others: &[usize]) {
        let starts = std::iter::once(start).chain(others.iter().copied());
        let ends = others.iter().copied().chain([self.plain.len()]);
        let mut parts: Vec<Vec<u8>> = starts.zip(ends).map(|(start, end)| self.plain[start..end].to_vec()).collect();
        parts.sort();
        self.plain.truncate(start);
        self.plain.extend(parts.join(b"+".as_slice()));
    }
}

fn cut(bytes: &[u8]) -> Key {
    let mut key = Key::default();
    key.copy_from_slice(&digest(&SHA256, bytes).as_ref()[..16]);
    key
}

/// Takes a value from the beginning of `text`, without its escapes, and returns what follows it.
fn value<'a>(text: &'a [u8], out: &mut Vec<u8>) -> Option<&'a [u8]> {
    let text = text.trim_ascii_start();
    if let Some(hex) = text.strip_prefix(b"#") {
        let end = hex.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(hex.len());
        let bytes: Vec<u8> = hex[..end].chunks(2).map(hex_byte).collect::<Option<_>>()?;
        out.extend_from_slice(string(&bytes).unwrap_or(&bytes));
        return Some(hex[end..].trim_ascii_start());
    }
    let (mut at, is_quoted) = if text.first() == Some(&b'"') { (1, true) } else { (0, false) };
    loop {
        match text.get(at) {
            None if is_quoted => return None,
            None => return Some(&[]),
            Some(b'\\') => {
                if let Some(byte) = text.get(at + 1..at + 3).and_then(hex_byte) {
                    out.push(byte);
                    at += 3;
                } else {
                    out.push(*text.get(at + 1)?);
                    at += 2;
                }
            }
            Some(b'"') if is_quoted => return Some(text[at + 1..].trim_ascii_start()),
            Some(b',' | b';' | b'+') if !is_quoted => return Some(&text[at..]),
            Some(byte) => {
                out.push(*byte);
                at += 1;
            }
        }
    }
}

fn hex_byte(pair: &[u8]) -> Option<u8> {
    let [high, low] = pair else { return None };
    let digit = |byte: &u8| (*byte as char).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// The content of a BER string: octets, UTF-8, printable, teletex or IA5.
fn string(bytes: &[u8]) -> Option<&[u8]> {
    let (tag, start, length) = super::ber::header(bytes).ok()??;
    let is_string = [0x04, 0x0c, 0x13, 0x14, 0x16].contains(&tag);
    (is_string && bytes.len() == start + length).then(|| &bytes[start..])
}

/// Adds a value as it is compared: in small letters, one space where there are several, none around.
fn fold(value: &[u8], out: &mut Vec<u8>) {
    let Ok(text) = std::str::from_utf8(value) else {
        out.extend(value.iter().map(u8::to_ascii_lowercase));
        return;
    };
    let mut small = [0; 4];
    for (number, word) in text.split_whitespace().enumerate() {
        if number > 0 {
            out.push(b' ');
        }
        if word.is_ascii() {
            out.extend(word.bytes().map(|byte| byte.to_ascii_lowercase()));
            continue;
        }
        for letter in word.chars().flat_map(char::to_lowercase) {
            out.extend_from_slice(letter.encode_utf8(&mut small).as_bytes());
        }
    }
}
