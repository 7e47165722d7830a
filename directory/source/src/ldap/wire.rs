//! Messages on a connection: one request at a time, its answers as they come.

use std::io;

use bytes::{Buf, BytesMut};
use ldap3::asn1::{
    ASNTag, Boolean, Enumerated, Integer, Null, OctetString, PL, Sequence, StructureTag, Tag, TagClass, write,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::ber::{ENUMERATED, Element, Elements, INTEGER, Malformed, OCTET_STRING, SEQUENCE, header, number};

/// The largest message that is accepted. Only mapped attributes are asked for, which are short, but
/// for a photo.
pub(super) const MAX_MESSAGE_BYTES: usize = 4 * 1024 * 1024;
/// How much is kept of a larger one: far more than a name takes.
const CUT_BYTES: usize = 64 * 1024;
/// How much is read at once.
const READ_BYTES: usize = 64 * 1024;

const PAGED_RESULTS: &str = "1.2.840.113556.1.4.319";
/// Deleted objects are found as well (MS-ADTS 3.1.1.3.4.1.14).
const SHOW_DELETED: &str = "1.2.840.113556.1.4.417";
const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

pub(super) const BIND_RESPONSE: u8 = 0x61;
pub(super) const SEARCH_ENTRY: u8 = 0x64;
pub(super) const SEARCH_DONE: u8 = 0x65;
pub(super) const SEARCH_REFERENCE: u8 = 0x73;
pub(super) const EXTENDED_RESPONSE: u8 = 0x78;
pub(super) const INTERMEDIATE_RESPONSE: u8 = 0x79;

/// What a connection can fail with; the words may be shown.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum WireError {
    #[error("the connection was closed")]
    Closed,
    #[error("the connection broke: {0}")]
    Broken(io::ErrorKind),
    #[error("the answer is not LDAP")]
    Malformed,
    #[error("an answer is larger than {0} bytes")]
    TooLarge(usize),
}

impl From<io::Error> for WireError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // TLS calls it so when the other side just goes away.
            io::ErrorKind::UnexpectedEof => Self::Closed,
            kind => Self::Broken(kind),
        }
    }
}

impl From<Malformed> for WireError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// What is done with a message that is larger than may be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TooLarge {
    /// It ends the connection's use.
    Fails,
    /// It may be so large; what is larger ends the connection's use.
    FailsAbove(usize),
    /// Its beginning is handed out and the rest thrown away.
    IsCut,
}

/// A connection and what was read ahead from it.
pub(super) struct Wire<S> {
    stream: S,
    read: BytesMut,
    // Bytes to come that belong to a message which was cut.
    unwanted: usize,
    last_id: i32,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, read: BytesMut::new(), unwanted: 0, last_id: 0 }
    }

    /// The bare connection, unless something was sent that nobody asked for.
    pub(super) fn into_stream(self) -> Option<S> {
        self.read.is_empty().then_some(self.stream)
    }

    /// Sends a request; its answers carry the identity that is returned.
    pub(super) async fn send(&mut self, request: Tag, controls: Vec<Control>) -> Result<u32, WireError> {
        self.last_id += 1;
        let mut parts = vec![Tag::Integer(Integer { inner: self.last_id.into(), ..Integer::default() }), request];
        if !controls.is_empty() {
            let controls = controls.into_iter().map(|control| control.into_tag().into_structure()).collect();
            let structure = StructureTag { id: 0, class: TagClass::Context, payload: PL::C(controls) };
            parts.push(Tag::StructureTag(structure));
        }
        let message = Sequence { inner: parts, ..Sequence::default() }.into_structure();
        let mut bytes = BytesMut::new();
        write::encode_into(&mut bytes, message)?;
        self.stream.write_all(&bytes).await?;
        self.stream.flush().await?;
        u32::try_from(self.last_id).map_err(|_| WireError::Malformed)
    }

    /// Waits for the next message. Safe to drop and call again.
    pub(super) async fn receive(&mut self, too_large: TooLarge) -> Result<Message, WireError> {
        loop {
            let unwanted = self.unwanted.min(self.read.len());
            self.read.advance(unwanted);
            self.unwanted -= unwanted;
            if let Some((tag, start, length)) = header(&self.read)? {
                if tag != SEQUENCE {
                    return Err(WireError::Malformed);
                }
                let (most, may_be_cut) = match too_large {
                    TooLarge::Fails => (MAX_MESSAGE_BYTES, false),
                    TooLarge::FailsAbove(most) => (most, false),
                    TooLarge::IsCut => (MAX_MESSAGE_BYTES, true),
                };
                let is_cut = length > most;
                if is_cut && !may_be_cut {
                    return Err(WireError::TooLarge(most));
                }
                let kept = if is_cut { CUT_BYTES } else { start + length };
                if self.read.len() >= kept {
                    self.unwanted = start + length - kept;
                    let bytes = self.read.split_to(kept);
                    return Ok(Message { bytes, start, is_cut });
                }
                self.read.reserve(kept - self.read.len());
            }
            self.read.reserve(READ_BYTES);
            if self.stream.read_buf(&mut self.read).await? == 0 {
                return Err(WireError::Closed);
            }
        }
    }

    /// Says good-bye; whether it arrives does not matter.
    pub(super) async fn unbind(mut self) {
        let request = Null { id: 2, class: TagClass::Application, inner: () };
        if self.send(Tag::Null(request), Vec::new()).await.is_ok() {
            let _ = self.stream.shutdown().await;
        }
    }
}

/// One message, whole unless it was cut.
pub(super) struct Message {
    bytes: BytesMut,
    start: usize,
    is_cut: bool,
}

/// A message, taken apart.
pub(super) struct Answer<'a> {
    /// The request that it answers; 0 when the server speaks by itself.
    pub(super) id: u32,
    pub(super) operation: Element<'a>,
    controls: &'a [u8],
}

impl Message {
    /// Whether it was too large, and this is its beginning.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    pub(super) fn answer(&self) -> Result<Answer<'_>, Malformed> {
        let mut parts = Elements(&self.bytes[self.start..]);
        let id = number(parts.expect(INTEGER)?)?;
        let operation = if self.is_cut { parts.beginning()? } else { parts.next()?.ok_or(Malformed)? };
        let controls = parts.next()?.filter(|part| part.tag == 0xa0).map(|part| part.content).unwrap_or_default();
        Ok(Answer { id, operation, controls })
    }
}

/// How an operation ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) result: u32,
    /// What the server says about it, made fit to be shown.
    pub(super) text: String,
}

impl<'a> Answer<'a> {
    pub(super) fn outcome(&self) -> Result<Outcome, Malformed> {
        let mut parts = Elements(self.operation.content);
        let result = number(parts.expect(ENUMERATED)?)?;
        parts.expect(OCTET_STRING)?;
        Ok(Outcome { result, text: shown(parts.expect(OCTET_STRING)?) })
    }

    /// What to send to get the next page; empty when this was the last.
    pub(super) fn page_cookie(&self) -> Result<&'a [u8], Malformed> {
        let Some(value) = self.control(PAGED_RESULTS)? else { return Ok(&[]) };
        let mut page = Elements(Elements(value).expect(SEQUENCE)?);
        page.expect(INTEGER)?;
        page.expect(OCTET_STRING)
    }

    /// The value of a control that came with the answer.
    pub(super) fn control(&self, oid: &str) -> Result<Option<&'a [u8]>, Malformed> {
        let mut controls = Elements(self.controls);
        while let Some(control) = controls.next()? {
            let mut parts = Elements(control.content);
            if parts.expect(OCTET_STRING)? != oid.as_bytes() {
                continue;
            }
            while let Some(part) = parts.next()? {
                if part.tag == OCTET_STRING {
                    return Ok(Some(part.content));
                }
            }
        }
        Ok(None)
    }
}

/// Text from a server, without control characters and short.
pub(super) fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
}

fn octets(inner: impl Into<Vec<u8>>) -> Tag {
    Tag::OctetString(OctetString { inner: inner.into(), ..OctetString::default() })
}

fn context(id: u64, inner: impl Into<Vec<u8>>) -> Tag {
    Tag::OctetString(OctetString { id, class: TagClass::Context, inner: inner.into() })
}

fn sequence(inner: Vec<Tag>) -> Tag {
    Tag::Sequence(Sequence { inner, ..Sequence::default() })
}

fn application(id: u64, inner: Vec<Tag>) -> Tag {
    Tag::Sequence(Sequence { id, class: TagClass::Application, inner })
}

fn integer(inner: i64) -> Tag {
    Tag::Integer(Integer { inner, ..Integer::default() })
}

/// A simple bind; with both empty it is anonymous.
pub(super) fn bind_request(name: &str, password: &str) -> Tag {
    application(0, vec![integer(3), octets(name), context(0, password)])
}

pub(super) fn start_tls_request() -> Tag {
    application(23, vec![context(0, START_TLS)])
}

/// How far below its base a search looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Only the base itself.
    Base,
    /// What lies directly below the base.
    OneLevel,
    /// The base and everything below.
    Subtree,
}

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) scope: Scope,
    /// The names of attributes without their values.
    pub(super) is_types_only: bool,
    /// The most entries; no limit when 0.
    pub(super) limit: u32,
}

/// A search from `base` for `attributes`.
pub(super) fn search_request<'a>(
    base: &str,
    bounds: Bounds,
    filter: Tag,
    attributes: impl Iterator<Item = &'a str>,
) -> Tag {
    let enumerated = |inner| Tag::Enumerated(Enumerated { inner, ..Enumerated::default() });
    let (never_follow_aliases, no_limit) = (0, 0);
    application(
        3,
        vec![
            octets(base),
            enumerated(match bounds.scope {
                Scope::Base => 0,
                Scope::OneLevel => 1,
                Scope::Subtree => 2,
            }),
            enumerated(never_follow_aliases),
            integer(bounds.limit.into()),
            integer(no_limit),
            Tag::Boolean(Boolean { inner: bounds.is_types_only, ..Boolean::default() }),
            filter,
            sequence(attributes.map(octets).collect()),
        ],
    )
}

/// What goes with a request (RFC 4511, 4.1.11).
pub(super) struct Control {
    oid: &'static str,
    is_critical: bool,
    value: Option<Vec<u8>>,
}

impl Control {
    /// Asks for the page after `cookie`. Not critical: a server without paging then answers as far as
    /// its limits allow, and says so.
    pub(super) fn page(size: u32, cookie: &[u8]) -> Result<Self, WireError> {
        let value = encoded(sequence(vec![integer(size.into()), octets(cookie)]))?;
        Ok(Self { oid: PAGED_RESULTS, is_critical: false, value: Some(value) })
    }

    /// Asks for deleted objects as well.
    pub(super) fn show_deleted() -> Self {
        Self { oid: SHOW_DELETED, is_critical: true, value: None }
    }

    /// Asks for what changed since `cookie` (RFC 4533, 2.2), and then for an end.
    pub(super) fn refresh(cookie: &[u8]) -> Result<Self, WireError> {
        let refresh_only = Tag::Enumerated(Enumerated { inner: 1, ..Enumerated::default() });
        let value = encoded(sequence(vec![refresh_only, octets(cookie)]))?;
        Ok(Self { oid: super::refresh::SYNC_REQUEST, is_critical: true, value: Some(value) })
    }

    fn into_tag(self) -> Tag {
        let mut parts = vec![octets(self.oid)];
        if self.is_critical {
            parts.push(Tag::Boolean(Boolean { inner: true, ..Boolean::default() }));
        }
        parts.extend(self.value.map(octets));
        sequence(parts)
    }
}

fn encoded(tag: Tag) -> Result<Vec<u8>, WireError> {
    let mut value = BytesMut::new();
    write::encode_into(&mut value, tag.into_structure())?;
    Ok(value.to_vec())
}
