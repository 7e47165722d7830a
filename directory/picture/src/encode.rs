//! From pixels to the file that is served.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageEncoder};

use crate::Rendition;

/// The quality of JPEGs, of 100: in 160 pixels nobody sees more.
const QUALITY: u8 = 85;

/// How a rendition is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `image/jpeg`
    Jpeg,
    /// `image/png`, for pictures with transparent parts.
    Png,
}

impl MediaType {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// Encodes a square: transparent ones as PNG, all others as JPEG.
pub(crate) fn encode(picture: &DynamicImage) -> Option<Rendition> {
    let mut bytes = Vec::with_capacity(8 * 1024);
    let (width, height, color) = (picture.width(), picture.height(), picture.color().into());
    let media_type = if picture.color().has_alpha() { MediaType::Png } else { MediaType::Jpeg };
    let written = match media_type {
        MediaType::Jpeg => {
            JpegEncoder::new_with_quality(&mut bytes, QUALITY).write_image(picture.as_bytes(), width, height, color)
        }
        MediaType::Png => PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive)
            .write_image(picture.as_bytes(), width, height, color),
    };
    written.ok()?;
    Some(Rendition { media_type, bytes })
}
