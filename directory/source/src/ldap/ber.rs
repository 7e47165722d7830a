//! The little BER (X.690) that answers consist of, decoded in place.
//!
//! LDAP allows definite lengths and one-byte tags only (RFC 4511, 5.1).

/// The encoding breaks the rules; nothing after it can be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// A tag and what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
}

/// Tag, length of the header, length of the content; `None` while bytes are missing.
pub(super) fn header(bytes: &[u8]) -> Result<Option<(u8, usize, usize)>, Malformed> {
    let [tag, first, rest @ ..] = bytes else { return Ok(None) };
    if tag & 0x1f == 0x1f {
        return Err(Malformed);
    }
    let count = usize::from(first & 0x7f);
    match first {
        ..=0x7f => Ok(Some((*tag, 2, count))),
        0x81..=0x84 if rest.len() < count => Ok(None),
        0x81..=0x84 => {
            let length = rest[..count].iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            Ok(Some((*tag, 2 + count, length)))
        }
        _ => Err(Malformed),
    }
}

/// Elements that follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elements<'a>(pub(super) &'a [u8]);

impl<'a> Elements<'a> {
    /// The next element; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Element<'a>>, Malformed> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let (tag, start, length) = header(self.0)?.ok_or(Malformed)?;
        let end = start.checked_add(length).filter(|end| *end <= self.0.len()).ok_or(Malformed)?;
        let content = &self.0[start..end];
        self.0 = &self.0[end..];
        Ok(Some(Element { tag, content }))
    }

    /// The next element as far as it is there, which takes all that is left when it was cut.
    pub(super) fn beginning(&mut self) -> Result<Element<'a>, Malformed> {
        let (tag, start, length) = header(self.0)?.ok_or(Malformed)?;
        let end = start.saturating_add(length).min(self.0.len());
        let content = self.0.get(start..end).ok_or(Malformed)?;
        self.0 = &self.0[end..];
        Ok(Element { tag, content })
    }

    /// The content of the next element, which must have `tag`.
    pub(super) fn expect(&mut self, tag: u8) -> Result<&'a [u8], Malformed> {
        self.next()?.filter(|element| element.tag == tag).map(|element| element.content).ok_or(Malformed)
    }
}

/// A number that is not negative.
pub(super) fn number(content: &[u8]) -> Result<u32, Malformed> {
    let is_negative = content.first().is_none_or(|byte| *byte >= 0x80);
    if is_negative || content.len() > 5 {
        return Err(Malformed);
    }
    let number = content.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    u32::try_from(number).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headers_are_read_when_they_are_complete() {
        for (bytes, expected) in [
            (b"\x30\x05".as_slice(), Ok(Some((0x30, 2, 5)))),
            (b"\x30\x82\x01\x00", Ok(Some((0x30, 4, 256)))),
            (b"\x30\x82\x01", Ok(None)),
            (b"\x30", Ok(None)),
            (b"\x30\x80", Err(Malformed)),
            (b"\x30\x85\0\0\0\0\0", Err(Malformed)),
            (b"\x3f\x01", Err(Malformed)),
        ] {
            assert_eq!(header(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn numbers_are_not_negative_and_fit() {
        for (content, expected) in [
            (b"\x00".as_slice(), Ok(0)),
            (b"\x7f", Ok(127)),
            (b"\x00\xff\xff\xff\xff", Ok(u32::MAX)),
            (b"\xff", Err(Malformed)),
            (b"", Err(Malformed)),
            (b"\x01\0\0\0\0", Err(Malformed)),
        ] {
            assert_eq!(number(content), expected, "{content:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_an_end(bytes: Vec<u8>) {
            let mut elements = Elements(&bytes);
            let mut read = 0;
            while let Ok(Some(element)) = elements.next() {
                read += element.content.len() + 2;
            }
            prop_assert!(read <= bytes.len());
        }
    }
}
