//! CSV files (RFC 4180) with a header line, as office programs write them.
//!
//! The delimiter is guessed from the header. Text is UTF-8, or Windows-1252 where it is not; with
//! a byte order mark it must be UTF-8.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use csv::{ByteRecord, Reader, ReaderBuilder};
use directory_model::invalid::{Invalid, Rule};
use directory_model::record::Reported;
use encoding_rs::WINDOWS_1252;

use crate::mapping::{Mapper, Place, RawEntry};
use crate::secret_names::is_secret;

/// The longest record; an unclosed quote would otherwise swallow the rest of the file.
const MAX_RECORD_BYTES: usize = 1024 * 1024;
/// The most columns.
const MAX_COLUMNS: usize = 1000;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// An entry with every column.
pub(super) struct Row {
    pub(super) reported: Reported,
    /// The values that the mapper has a place for.
    pub(super) values: RawEntry<'static>,
    /// Every column with its value.
    pub(super) all: Vec<(String, Vec<u8>)>,
}

/// The entries of a file, one after the other.
pub(super) struct CsvEntries<'m, R> {
    reader: Reader<Limited<R>>,
    mapper: &'m Mapper,
    path: &'m str,
    /// Where the values of each column go.
    places: Vec<Option<Place>>,
    is_marked: bool,
    /// Lines end as in Windows; of the two bytes the reader counts the second with the next line.
    has_crlf: bool,
    record: ByteRecord,
    has_ended: bool,
}

impl<'m, R: BufRead> CsvEntries<'m, R> {
    /// Reads the header; the error spoils the whole file.
    pub(super) fn new(mut input: R, path: &'m str, mapper: &'m Mapper) -> Result<Self, String> {
        let start = input.fill_buf().map_err(|reason| words_for(&reason))?;
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return Err("it is written in UTF-16; UTF-8 or Windows-1252 is needed".into());
        }
        let is_marked = start.starts_with(BYTE_ORDER_MARK);
        let (delimiter, has_crlf) = shape(start);
        if is_marked {
            input.consume(BYTE_ORDER_MARK.len());
        }
        let limited = Limited { input, left: MAX_RECORD_BYTES };
        let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(limited);
        let header = reader.byte_headers().map_err(|reason| refusal(&reason))?;
        if header.len() > MAX_COLUMNS {
            return Err(format!("it has more than {MAX_COLUMNS} columns"));
        }
        let places = header.iter().map(|name| mapper.place(&decoded(name.trim_ascii(), is_marked))).collect();
        let entries =
            Self { reader, mapper, path, places, is_marked, has_crlf, record: ByteRecord::new(), has_ended: false };
        if entries.has_id_column() {
            Ok(entries)
        } else {
            let named = mapper.id_attributes().collect::<Vec<_>>().join(", ");
            Err(format!("no column of its header holds what identifies an entry; it may be called: {named}"))
        }
    }

    /// The next entry with every column; `None` at the end of the file.
    pub(super) fn row(&mut self) -> Result<Option<Row>, String> {
        let Some(reported) = self.entry()? else { return Ok(None) };
        let header = self.reader.byte_headers().map_err(|reason| refusal(&reason))?.clone();
        let mut row = Row { reported, values: RawEntry::default(), all: Vec::with_capacity(header.len()) };
        for ((name, place), value) in header.iter().zip(&self.places).zip(&self.record) {
            let value = decoded(value, self.is_marked).into_owned();
            let name = String::from_utf8_lossy(&decoded(name.trim_ascii(), self.is_marked)).into_owned();
            if let Some(place) = place.filter(|_| !is_secret(&name)) {
                row.values.push(place, value.clone());
            }
            row.all.push((name, value));
        }
        Ok(Some(row))
    }

    fn has_id_column(&self) -> bool {
        let ids = self.mapper.id_attributes().filter_map(|name| self.mapper.place(name.as_bytes()));
        ids.into_iter().any(|id| self.places.contains(&Some(id)))
    }

    /// The next entry; `None` at the end of the file.
    fn entry(&mut self) -> Result<Option<Reported>, String> {
        self.reader.get_mut().left = MAX_RECORD_BYTES;
        if !self.reader.read_byte_record(&mut self.record).map_err(|reason| refusal(&reason))? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line) + u64::from(self.has_crlf);
        let locator = format!("{}:{line}", self.path);
        let mut values = RawEntry::default();
        for (place, value) in self.places.iter().zip(&self.record) {
            if let Some(place) = place {
                values.push(*place, decoded(value, self.is_marked));
            }
        }
        let (found, expected) = (self.record.len(), self.places.len());
        Ok(Some(if found == expected {
            self.mapper.map(locator, &values)
        } else {
            let rule = Rule::Format { expected: format!("a line with {expected} columns").into() };
            self.mapper.set_aside(locator, &values, Invalid::new("columns", found, rule))
        }))
    }
}

impl<R: BufRead> Iterator for CsvEntries<'_, R> {
    type Item = Result<Reported, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let entry = self.entry();
        self.has_ended = !matches!(entry, Ok(Some(_)));
        entry.transpose()
    }
}

/// The delimiter that the header has most of, outside quotes, a comma when it has none; and
/// whether the header ends with a carriage return as well.
fn shape(start: &[u8]) -> (u8, bool) {
    let mut is_quoted = false;
    let mut counts = [(b'\t', 0), (b';', 0), (b',', 0)];
    let mut last = b' ';
    for byte in start {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => break,
            _ if is_quoted => {}
            byte => counts.iter_mut().filter(|(delimiter, _)| delimiter == byte).for_each(|(_, count)| *count += 1),
        }
        last = *byte;
    }
    // The last of equals, so the comma.
    let delimiter = counts.into_iter().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| delimiter);
    (delimiter, last == b'\r')
}

/// The value in UTF-8. A marked file says that it is UTF-8, and is checked for it later.
fn decoded(value: &[u8], is_marked: bool) -> Cow<'_, [u8]> {
    if is_marked || std::str::from_utf8(value).is_ok() {
        return Cow::Borrowed(value);
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(value);
    Cow::Owned(text.into_owned().into_bytes())
}

fn refusal(reason: &csv::Error) -> String {
    match reason.kind() {
        csv::ErrorKind::Io(reason) => words_for(reason),
        _ => "it is not CSV".into(),
    }
}

fn words_for(reason: &io::Error) -> String {
    match reason.kind() {
        io::ErrorKind::FileTooLarge => {
            format!("a record is longer than {MAX_RECORD_BYTES} bytes; a quote may not be closed")
        }
        kind => format!("it cannot be read: {kind}"),
    }
}

/// Gives no more than a record may have before the next one is asked for.
struct Limited<R> {
    input: R,
    left: usize,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let room = buffer.len().min(self.left);
        let read = self.input.read(&mut buffer[..room])?;
        self.left -= read;
        Ok(read)
    }
}
