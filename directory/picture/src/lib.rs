//! Pictures of contacts: what somebody uploads or a directory holds, made into the two sizes that
//! are shown.
//!
//! Nothing of the given file survives but its pixels: what is kept was encoded here, so that
//! positions, cameras, comments and whatever else was hidden in the file are gone. Pure and slow
//! (milliseconds of processor time): call it off the async threads.

mod decode;
mod encode;
mod scale;

use directory_model::invalid::Invalid;

pub use crate::encode::MediaType;

/// The largest picture that may be uploaded, in bytes (seed 001: 300 kB).
pub const MAX_UPLOAD_BYTES: usize = 307_200;

/// The edge of the large rendition, in pixels (seed 001 recommends pictures of this size).
pub const LARGE: u32 = 160;

/// The edge of the small rendition, in pixels.
pub const SMALL: u32 = 64;

/// One size of a picture, a square.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// How it is encoded.
    pub media_type: MediaType,
    /// The encoded picture.
    pub bytes: Vec<u8>,
}

/// A picture in the sizes that are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renditions {
    /// [`LARGE`] pixels each way.
    pub large: Rendition,
    /// [`SMALL`] pixels each way.
    pub small: Rendition,
}

/// Makes the renditions of a JPEG or PNG file: upright, the middle square of what it shows.
/// Refuses other formats, damaged files, and those whose pixels would take too much memory.
pub fn render(field: &str, file: &[u8]) -> Result<Renditions, Invalid> {
    let pixels = decode::decode(file).map_err(|refusal| refusal.of(field, file))?;
    let large = scale::square(&pixels, LARGE).and_then(|large| {
        let small = scale::square(&large, SMALL)?;
        Some(Renditions { large: encode::encode(&large)?, small: encode::encode(&small)? })
    });
    large.ok_or_else(|| decode::Refusal::Damaged.of(field, file))
}

#[cfg(test)]
mod tests;
