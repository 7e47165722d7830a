//! Where a message ends: on streams by Content-Length (RFC 3261, 18.3), in datagrams by themselves.

use super::message::{MAX_BODY, MAX_HEAD, Message};

/// A body that is longer is not even passed over: the connection ends.
const MAX_SKIPPED: u64 = 64 * 1024 * 1024;
const PING: &[u8] = b"\r\n\r\n";

/// What arrived.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A whole message.
    Message(Message),
    /// A message whose body is too large; it is not kept.
    TooLarge(Message),
    /// The other side asks whether we are there (RFC 5626, 4.4.1).
    Ping,
}

/// The connection says nothing that can be read any more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

/// The messages of a stream; holds no more than one of them.
#[derive(Debug, Default)]
pub(super) struct Framer {
    buffer: Vec<u8>,
    /// How much of a body that is too large is still to come.
    to_skip: u64,
    /// As long as the buffer is shorter there is nothing to look for again: whoever sends single bytes costs nothing.
    wanted: usize,
    /// Up to where no end of a head was found.
    searched: usize,
}

impl Framer {
    /// Takes what was read. [`Self::next`] must have given everything before.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        let skipped = usize::try_from(self.to_skip).unwrap_or(usize::MAX).min(bytes.len());
        self.to_skip -= skipped as u64;
        bytes = &bytes[skipped..];
        self.buffer.extend_from_slice(bytes);
    }

    /// The next frame that is complete.
    pub(super) fn next(&mut self) -> Result<Option<Frame>, Broken> {
        if self.buffer.len() < self.wanted {
            return Ok(None);
        }
        if self.buffer.starts_with(PING) {
            self.take(PING.len());
            return Ok(Some(Frame::Ping));
        }
        // One empty line is an answer to our own ping. Only clients ask, so half a question is none.
        let start = self.buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if start == self.buffer.len() {
            if start > 1 {
                self.take(start);
            }
            return Ok(None);
        }
        self.take(start);
        let Some(head) = find(&self.buffer[self.searched..], PING).map(|at| self.searched + at) else {
            self.searched = self.buffer.len().saturating_sub(PING.len() - 1);
            return if self.buffer.len() > MAX_HEAD { Err(Broken) } else { Ok(None) };
        };
        let mut message = Message::read_head(&self.buffer[..head]).ok_or(Broken)?;
        let length = message.announced_length().map_err(|()| Broken)?.unwrap_or(0);
        let body = head + PING.len();
        if length > MAX_BODY as u64 {
            if length > MAX_SKIPPED {
                return Err(Broken);
            }
            let here = (self.buffer.len() - body).min(usize::try_from(length).map_err(|_| Broken)?);
            self.to_skip = length - here as u64;
            self.take(body + here);
            return Ok(Some(Frame::TooLarge(message)));
        }
        let end = body + usize::try_from(length).map_err(|_| Broken)?;
        if self.buffer.len() < end {
            self.wanted = end;
            return Ok(None);
        }
        message.body = self.buffer[body..end].to_vec();
        self.take(end);
        Ok(Some(Frame::Message(message)))
    }

    fn take(&mut self, count: usize) {
        if count > 0 {
            (self.wanted, self.searched) = (0, 0);
        }
        self.buffer.drain(..count);
        // A large message leaves no large buffer behind.
        if self.buffer.is_empty() && self.buffer.capacity() > MAX_HEAD {
            self.buffer = Vec::new();
        }
    }
}

/// What is in a datagram; `None` when it is nothing to be answered.
pub(super) fn datagram(bytes: &[u8]) -> Option<Frame> {
    if bytes == PING {
        return Some(Frame::Ping);
    }
    let start = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let bytes = &bytes[start..];
    let head = find(bytes, PING)?;
    let mut message = Message::read_head(&bytes[..head])?;
    let rest = &bytes[head + PING.len()..];
    let length = message.announced_length().ok()?.unwrap_or(rest.len() as u64);
    if length > MAX_BODY as u64 {
        return Some(Frame::TooLarge(message));
    }
    // What comes behind the announced length is no part of the message; a shorter one was cut off.
    message.body = rest.get(..usize::try_from(length).ok()?)?.to_vec();
    Some(Frame::Message(message))
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SMALL: &[u8] = b"NOTIFY sip:a SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 4\r\n\r\nbody";

    fn all(framer: &mut Framer) -> Result<Vec<Frame>, Broken> {
        let mut found = Vec::new();
        while let Some(frame) = framer.next()? {
            found.push(frame);
        }
        Ok(found)
    }

    fn read(bytes: &[u8], piece: usize) -> Result<Vec<Frame>, Broken> {
        let (mut framer, mut found) = (Framer::default(), Vec::new());
        for piece in bytes.chunks(piece.max(1)) {
            framer.push(piece);
            found.extend(all(&mut framer)?);
        }
        Ok(found)
    }

    fn large(length: u64) -> Vec<u8> {
        format!("NOTIFY sip:a SIP/2.0\r\nCall-ID: 2\r\nContent-Length: {length}\r\n\r\n").into_bytes()
    }

    #[test]
    fn messages_follow_each_other() {
        let frames = read(&[SMALL, b"\r\n", SMALL, b"\r\n\r\n", SMALL].concat(), 1024).expect("frames");
        let mut answered = Framer::default();
        for _ in 0..3 {
            answered.push(b"\r\n");
            assert_eq!(answered.next(), Ok(None), "answers are no questions");
        }

        assert_eq!(frames.len(), 4, "{frames:?}");
        assert_eq!(frames[2], Frame::Ping);
        assert!(
            frames.iter().all(|frame| matches!(frame, Frame::Ping)
                || matches!(frame, Frame::Message(message) if message.body == b"body"))
        );
    }

    #[test]
    fn a_large_body_is_passed_over_and_never_kept() {
        let length = 10 * 1024 * 1024;
        let mut framer = Framer::default();
        framer.push(&large(length));
        assert!(matches!(all(&mut framer).expect("frames")[..], [Frame::TooLarge(_)]));
        let piece = vec![b'x'; 65_536];
        for _ in 0..length / piece.len() as u64 {
            framer.push(&piece);
            assert_eq!(framer.next(), Ok(None));
            assert!(framer.buffer.capacity() <= MAX_HEAD, "{}", framer.buffer.capacity());
        }
        framer.push(SMALL);
        assert!(matches!(all(&mut framer).expect("frames")[..], [Frame::Message(_)]));
    }

    #[test]
    fn a_stream_that_cannot_be_followed_is_broken() {
        assert_eq!(read(&large(MAX_SKIPPED + 1), 100), Err(Broken));
        assert_eq!(read(&vec![b'x'; MAX_HEAD + 1], 1000), Err(Broken));
        assert_eq!(read(b"nonsense\r\n\r\n", 1000), Err(Broken));
        assert_eq!(read(b"NOTIFY sip:a SIP/2.0\r\nl: 1\r\nl: 2\r\n\r\n", 1000), Err(Broken));
    }

    #[test]
    fn a_datagram_is_one_message() {
        assert!(matches!(datagram(SMALL), Some(Frame::Message(message)) if message.body == b"body"));
        let longer = [SMALL, b" and more"].concat();
        assert!(matches!(datagram(&longer), Some(Frame::Message(message)) if message.body == b"body"));
        assert_eq!(datagram(&SMALL[..SMALL.len() - 1]), None);
        assert!(
            matches!(datagram(b"\r\nNOTIFY sip:a SIP/2.0\r\n\r\nbody"), Some(Frame::Message(message)) if message.body == b"body")
        );
        assert!(matches!(datagram(&large(10 * 1024 * 1024)), Some(Frame::TooLarge(_))));
        assert_eq!(datagram(b"\r\n\r\n"), Some(Frame::Ping));
        assert_eq!((datagram(b"\r\n"), datagram(b"")), (None, None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), piece in 1usize..50) {
            let _ = datagram(&bytes);
            let _ = read(&bytes, piece);
        }

        #[test]
        fn pieces_change_nothing(piece in 1usize..200) {
            let bytes = [SMALL, SMALL, &large(MAX_BODY as u64 + 5), &vec![b'y'; MAX_BODY + 5], SMALL].concat();
            let frames = read(&bytes, piece).expect("frames");
            prop_assert_eq!(frames.len(), 4);
        }
    }
}
