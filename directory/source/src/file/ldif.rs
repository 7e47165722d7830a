//! LDIF content files (RFC 2849).
//!
//! Change records and values by address (`:<`) are refused: a source is what is there, and
//! nothing in a file may make the gateway read another one.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::BufRead;

use base64::prelude::{BASE64_STANDARD, Engine};
use directory_model::invalid::{Invalid, Rule};

use crate::mapping::{MAX_PHOTO_BYTES, MAX_VALUE_BYTES, Mapper, Place, RawEntry, too_large, too_long};
use crate::secret_names::is_secret;

/// The longest entry name.
const MAX_DN_BYTES: usize = 4096;
/// The most values that are kept of one entry.
const MAX_VALUES: usize = 10_000;

/// What the values of a file are read for, which says how long they may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Fields of contacts.
    Fields,
    /// Photos.
    Photos,
    /// Everything, to be looked at.
    Look,
}

impl Purpose {
    /// The longest value that is looked at.
    fn max_bytes(self) -> usize {
        match self {
            Self::Fields => MAX_VALUE_BYTES,
            Self::Photos | Self::Look => MAX_PHOTO_BYTES,
        }
    }

    /// How much of a folded line is kept: the longest value in base64, its name, and one more byte.
    fn kept_bytes(self) -> usize {
        self.max_bytes() * 4 / 3 + 1024
    }

    /// The refusal of a value that was cut.
    fn refusal(self, name: &str, raw: &[u8]) -> Invalid {
        match self {
            Self::Fields | Self::Look => too_long(name, raw),
            Self::Photos => too_large(name, format_args!("more than {MAX_PHOTO_BYTES} bytes"), MAX_PHOTO_BYTES),
        }
    }
}

/// The entries of a file, one after the other.
pub(super) struct LdifEntries<'m, R> {
    lines: Lines<R>,
    mapper: &'m Mapper,
    purpose: Purpose,
    /// Nothing but the version line and comments was seen yet.
    is_at_start: bool,
    has_ended: bool,
}

/// One entry.
#[derive(Default)]
pub(super) struct LdifEntry {
    /// Its distinguished name.
    pub(super) name: String,
    /// The values that the mapper has a place for.
    pub(super) values: RawEntry<'static>,
    /// Why others are not among them, in their order.
    pub(super) refused: Vec<(Place, Invalid)>,
    /// Every attribute with its value, when they are to be looked at.
    pub(super) all: Vec<(String, Vec<u8>)>,
    count: usize,
}

impl<'m, R: BufRead> LdifEntries<'m, R> {
    pub(super) fn new(input: R, mapper: &'m Mapper, purpose: Purpose) -> Self {
        let lines = Lines::new(input, purpose.kept_bytes());
        Self { lines, mapper, purpose, is_at_start: true, has_ended: false }
    }

    /// The next entry; `None` at the end of the file.
    fn entry(&mut self) -> Result<Option<LdifEntry>, String> {
        let Some(mut entry) = self.first_line()? else { return Ok(None) };
        while self.lines.advance()? && !self.lines.line.is_empty() {
            self.attribute(&mut entry).map_err(|detail| self.lines.at(detail))?;
        }
        Ok(Some(entry))
    }

    /// Takes one attribute line into `entry`; the error spoils the whole file.
    fn attribute(&self, entry: &mut LdifEntry) -> Result<(), &'static str> {
        let (name, value) = split(&self.lines.line)?;
        if name.eq_ignore_ascii_case(b"changetype") || name.eq_ignore_ascii_case(b"control") {
            return Err("change records are not read, only entries");
        }
        if matches!(value, Value::Address) {
            return Err("values by address (`:<`) are not read");
        }
        if self.purpose == Purpose::Look && entry.all.len() < MAX_VALUES {
            let value = value.decoded().map_or_else(|_| value.raw().to_vec(), Cow::into_owned);
            let name = String::from_utf8_lossy(name).into_owned();
            let is_hidden = is_secret(&name);
            entry.all.push((name, value));
            if is_hidden {
                return Ok(());
            }
        }
        let Some(place) = self.mapper.place(name) else { return Ok(()) };
        if self.purpose == Purpose::Photos && entry.values.has(place) {
            // One of each is enough, and they are large.
            return Ok(());
        }
        entry.count += 1;
        let name = self.mapper.name(place);
        let refused = if self.lines.line.len() > self.purpose.kept_bytes() {
            self.purpose.refusal(name, value.raw())
        } else if entry.count > MAX_VALUES {
            Invalid::new(name, "", Rule::TooLong { max: MAX_VALUES as u64, unit: "values".into() })
        } else {
            match value.decoded() {
                Ok(value) => {
                    entry.values.push(place, value.into_owned());
                    return Ok(());
                }
                Err(expected) => {
                    let rule = Rule::Format { expected: expected.into() };
                    match self.purpose {
                        Purpose::Fields | Purpose::Look => Invalid::new(name, value.raw().escape_ascii(), rule),
                        Purpose::Photos => Invalid::new(name, format_args!("{} characters", value.raw().len()), rule),
                    }
                }
            }
        };
        if entry.refused.iter().all(|(other, _)| *other != place) {
            entry.refused.push((place, refused));
        }
        Ok(())
    }

    /// The line with the entry's name, after empty lines and the version.
    fn first_line(&mut self) -> Result<Option<LdifEntry>, String> {
        while self.lines.advance()? {
            if self.lines.line.is_empty() {
                continue;
            }
            let name = self.name().map_err(|detail| self.lines.at(detail))?;
            self.is_at_start = false;
            if let Some(name) = name {
                return Ok(Some(LdifEntry { name, ..LdifEntry::default() }));
            }
        }
        Ok(None)
    }

    /// The name of the entry that begins here; `None` on the version line.
    fn name(&self) -> Result<Option<String>, &'static str> {
        let (name, value) = split(&self.lines.line)?;
        if self.is_at_start && name.eq_ignore_ascii_case(b"version") {
            return match value {
                Value::Text(b"1") => Ok(None),
                _ => Err("only version 1 of LDIF is known"),
            };
        }
        if !name.eq_ignore_ascii_case(b"dn") {
            return Err("an entry must begin with `dn:`");
        }
        let name = value.decoded()?;
        let name = std::str::from_utf8(&name).ok().filter(|name| name.len() <= MAX_DN_BYTES);
        name.map(|name| Some(name.to_owned())).ok_or("a `dn` must be UTF-8 and at most 4096 bytes long")
    }
}

impl<R: BufRead> Iterator for LdifEntries<'_, R> {
    type Item = Result<LdifEntry, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let entry = self.entry();
        self.has_ended = !matches!(entry, Ok(Some(_)));
        entry.transpose()
    }
}

/// What stands after an attribute's name.
enum Value<'l> {
    Text(&'l [u8]),
    Base64(&'l [u8]),
    Address,
}

impl<'l> Value<'l> {
    fn raw(&self) -> &'l [u8] {
        match self {
            Self::Text(raw) | Self::Base64(raw) => raw,
            Self::Address => b"",
        }
    }

    fn decoded(&self) -> Result<Cow<'l, [u8]>, &'static str> {
        match self {
            Self::Text(raw) => Ok(Cow::Borrowed(raw)),
            Self::Base64(raw) => BASE64_STANDARD.decode(raw).map(Cow::Owned).map_err(|_| "base64 after `::`"),
            Self::Address => Err("a value, not an address"),
        }
    }
}

/// Takes `name: value` apart.
fn split(line: &[u8]) -> Result<(&[u8], Value<'_>), &'static str> {
    let colon = line.iter().position(|byte| *byte == b':').filter(|colon| *colon > 0);
    let colon = colon.ok_or("a line must be `name: value`")?;
    let (name, rest) = (&line[..colon], &line[colon + 1..]);
    Ok((
        name,
        match rest {
            [b':', base64 @ ..] => Value::Base64(base64.trim_ascii()),
            [b'<', ..] => Value::Address,
            text => Value::Text(text.trim_ascii_start()),
        },
    ))
}

/// Logical lines: folded ones joined, comments left out, and of each no more than is needed.
struct Lines<R> {
    input: R,
    /// How much of a line is kept; one byte more shows that there was more.
    kept_bytes: usize,
    /// The logical line that is being handed out.
    line: Vec<u8>,
    /// The physical line that was read ahead to see whether it continues the one before.
    ahead: Option<Vec<u8>>,
    number: u64,
    started_at: u64,
}

impl<R: BufRead> Lines<R> {
    fn new(input: R, kept_bytes: usize) -> Self {
        Self { input, kept_bytes, line: Vec::new(), ahead: None, number: 0, started_at: 0 }
    }

    /// `detail` with the place in the file where it is.
    fn at(&self, detail: &str) -> String {
        format!("line {}: {detail}", self.started_at)
    }

    /// Goes to the next logical line, which is empty between entries; `false` at the end.
    fn advance(&mut self) -> Result<bool, String> {
        loop {
            let first = match self.ahead.take() {
                Some(ahead) => Some(ahead),
                None => self.physical()?,
            };
            let Some(first) = first else { return Ok(false) };
            self.started_at = self.number;
            self.line = first;
            match self.line.first() {
                None => return Ok(true),
                Some(b' ') => return Err(self.at("a continuation without a line to continue")),
                Some(_) => self.unfold()?,
            }
            if self.line[0] != b'#' {
                return Ok(true);
            }
        }
    }

    /// Appends the lines that continue this one.
    fn unfold(&mut self) -> Result<(), String> {
        while let Some(next) = self.physical()? {
            let Some((b' ', rest)) = next.split_first() else {
                self.ahead = Some(next);
                break;
            };
            let room = (self.kept_bytes + 1).saturating_sub(self.line.len());
            self.line.extend_from_slice(&rest[..rest.len().min(room)]);
        }
        Ok(())
    }

    /// One line of the file without its end, cut at what is kept of a logical one.
    fn physical(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut line = Vec::new();
        let mut has_any = false;
        loop {
            let chunk = self.input.fill_buf().map_err(|reason| format!("it cannot be read: {}", reason.kind()))?;
            if chunk.is_empty() {
                break;
            }
            has_any = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            let room = (self.kept_bytes + 2).saturating_sub(line.len());
            line.extend_from_slice(&part[..part.len().min(room)]);
            let used = end.map_or(chunk.len(), |end| end + 1);
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !has_any {
            return Ok(None);
        }
        self.number += 1;
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if self.number == 1 && line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        Ok(Some(line))
    }
}
