//! The BER that LDAP is written in (RFC 4511, 5.1).

/// A tag and what it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
}

impl<'a> Element<'a> {
    pub(super) fn children(&self) -> Vec<Element<'a>> {
        elements(self.content)
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.content).into_owned()
    }

    pub(super) fn number(&self) -> u64 {
        self.content.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

/// Length of the header, and of the content.
fn lengths(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*bytes.get(1)?);
    if first < 0x80 {
        return Some((2, first));
    }
    let count = first - 0x80;
    let digits = bytes.get(2..2 + count)?;
    Some((2 + count, digits.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))))
}

/// The first message's content and its length in all, once it is there as a whole.
pub(super) fn whole(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let (header, length) = lengths(bytes)?;
    Some((bytes.get(header..header + length)?, header + length))
}

/// The elements that follow each other.
pub(super) fn elements(mut bytes: &[u8]) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    while let Some((content, length)) = whole(bytes) {
        found.push(Element { tag: bytes[0], content });
        bytes = &bytes[length..];
    }
    found
}

/// Elements as they are written.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn add(&mut self, tag: u8, content: &[u8]) {
        self.0.push(tag);
        if let Ok(short @ ..0x80) = u8::try_from(content.len()) {
            self.0.push(short);
        } else {
            self.0.push(0x84);
            self.0.extend(u32::try_from(content.len()).expect("less than 4 GB").to_be_bytes());
        }
        self.0.extend_from_slice(content);
    }
}
