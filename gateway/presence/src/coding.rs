//! How the bytes of a stream are written: as they are, or as gzip for those who take it.
//!
//! A gzip stream (RFC 1952) that goes on for hours would need a compressor for each visitor. Here everybody is sent the
//! same pieces: the header, a snapshot that was compressed once, and small events as blocks that are stored as they are
//! (RFC 1951, 3.2.4). Every piece ends with a whole byte and refers to nothing before it, so that any may follow any other.

use bytes::{BufMut, Bytes, BytesMut};
use flate2::{Compress, Compression, FlushCompress, Status};

/// A header that says nothing but that DEFLATE follows: no name, no time, an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// How many bytes a stored block may have.
const LONGEST_BLOCK: usize = 0xffff;

/// How the bytes of a stream are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coding {
    /// As they are.
    #[default]
    Plain,
    /// As gzip.
    Gzip,
}

impl Coding {
    /// `bytes` as the first piece of a stream.
    pub(crate) fn first(self, bytes: Bytes) -> Bytes {
        match self {
            Self::Plain => bytes,
            Self::Gzip => [&HEADER, stored(&bytes).as_ref()].concat().into(),
        }
    }

    /// `bytes` as a piece of a stream, at no cost.
    pub(crate) fn piece(self, bytes: Bytes) -> Bytes {
        match self {
            Self::Plain => bytes,
            Self::Gzip => stored(&bytes),
        }
    }

    /// `bytes` as a piece of a stream that is worth to be made small, because many are sent it.
    pub(crate) fn small_piece(self, bytes: &Bytes) -> Bytes {
        match self {
            Self::Plain => bytes.clone(),
            Self::Gzip => deflated(bytes),
        }
    }
}

fn stored(bytes: &[u8]) -> Bytes {
    let blocks = bytes.len().div_ceil(LONGEST_BLOCK);
    let mut piece = BytesMut::with_capacity(bytes.len() + 5 * blocks);
    for block in bytes.chunks(LONGEST_BLOCK) {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        // Not the last, stored; the rest of the byte is left out.
        piece.put_u8(0);
        piece.put_u16_le(length);
        piece.put_u16_le(!length);
        piece.put_slice(block);
    }
    piece.freeze()
}

fn deflated(bytes: &[u8]) -> Bytes {
    let mut compress = Compress::new(Compression::default(), false);
    let mut piece = Vec::with_capacity(bytes.len() / 4 + 64);
    loop {
        let done = usize::try_from(compress.total_in()).unwrap_or(usize::MAX);
        let rest = bytes.get(done..).unwrap_or_default();
        // What does not become smaller is right as it is.
        let Ok(Status::Ok | Status::BufError) = compress.compress_vec(rest, &mut piece, FlushCompress::Sync) else {
            return stored(bytes);
        };
        // Where room is left everything was written, with the empty block that ends at a whole byte.
        if piece.len() < piece.capacity() {
            return piece.into();
        }
        piece.reserve(piece.len());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// What a reader has read when everything that was sent so far is there and the stream goes on.
    fn read(sent: &[u8]) -> Vec<u8> {
        let mut read = Vec::new();
        let mut decoder = GzDecoder::new(sent);
        let mut some = [0; 4096];
        while let Ok(length) = decoder.read(&mut some) {
            if length == 0 {
                break;
            }
            read.extend_from_slice(&some[..length]);
        }
        read
    }

    #[test]
    fn a_snapshot_becomes_much_smaller() {
        let cards: Vec<String> =
            (0..20_000).map(|at| format!("{{\"id\":{at},\"kind\":\"person\",\"state\":\"busy\"}},")).collect();
        let cards = cards.concat();

        let small = Coding::Gzip.small_piece(&Bytes::from(cards.clone()));

        let sent = [Coding::Gzip.first(Bytes::from_static(b"x")), small.clone()].concat();
        assert_eq!(read(&sent), format!("x{cards}").into_bytes());
        assert!(small.len() * 5 < cards.len(), "{} of {}", small.len(), cards.len());
        assert_eq!(Coding::Plain.small_piece(&Bytes::from(cards.clone())), cards);
    }

    #[test]
    fn long_pieces_are_stored_in_several_blocks() {
        let long = Bytes::from(vec![b'x'; 3 * LONGEST_BLOCK + 7]);

        let sent = Coding::Gzip.first(long.clone());

        assert_eq!(sent.len(), HEADER.len() + long.len() + 4 * 5);
        assert_eq!(read(&sent), long);
    }

    proptest! {
        #[test]
        fn every_piece_can_be_read_as_soon_as_it_is_there(
            pieces in vec((any::<bool>(), vec(any::<u8>(), 1..3_000)), 1..8),
        ) {
            let mut sent = Coding::Gzip.first(Bytes::from_static(b"retry: 1\n\n")).to_vec();
            let mut plain = b"retry: 1\n\n".to_vec();
            for (is_small, piece) in pieces {
                let bytes = Bytes::from(piece);
                plain.extend_from_slice(&bytes);
                sent.extend_from_slice(&if is_small { Coding::Gzip.small_piece(&bytes) } else { Coding::Gzip.piece(bytes) });
                prop_assert_eq!(read(&sent), plain.clone());
            }
        }
    }
}
