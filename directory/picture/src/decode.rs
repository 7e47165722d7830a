//! From a file to pixels, with limits that are checked before memory is taken.

use std::io::Cursor;

use directory_model::invalid::{Invalid, Rule};
use image::codecs::png::PngDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, Limits, RgbImage};
use jpeg_decoder::{CodingProcess, Decoder, Error, PixelFormat};

use crate::LARGE;

/// The longest edge that is decoded, in pixels.
const MAX_EDGE: u32 = 12_000;

/// The most pixels of a JPEG, which is decoded in a smaller size: more than any phone makes.
const MAX_JPEG_PIXELS: u64 = 64_000_000;

/// The most pixels of a progressive JPEG, whose coefficients are all in memory at once, two bytes each.
const MAX_PROGRESSIVE_PIXELS: u64 = 24_000_000;

/// The most memory that a PNG's pixels may take, in bytes: 16 megapixels with transparency.
const MAX_PNG_BYTES: u64 = 64 * 1024 * 1024;

/// Why a file is not a picture that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Neither JPEG nor PNG.
    Format,
    /// Cut short, or not what its first bytes say.
    Damaged,
    /// A JPEG of a kind that cameras and browsers do not make: lossless, arithmetic, with 12 or 16 bits.
    Unusual,
    /// More pixels than are decoded.
    TooLarge { width: u32, height: u32, max: u64 },
}

impl Refusal {
    /// The refusal of `file`.
    pub(crate) fn of(&self, field: &str, file: &[u8]) -> Invalid {
        let (value, rule) = match self {
            Self::Format => (described(file), Rule::Format { expected: "a JPEG or PNG picture".into() }),
            Self::Damaged => {
                let expected = "a complete and undamaged JPEG or PNG picture".into();
                (described(file), Rule::Format { expected })
            }
            Self::Unusual => {
                (described(file), Rule::Format { expected: "a baseline or progressive JPEG, or a PNG picture".into() })
            }
            Self::TooLarge { width, height, max } => {
                (format!("{width} × {height}"), Rule::TooLong { max: *max, unit: "pixels".into() })
            }
        };
        Invalid::new(field, value, rule)
    }
}

/// The size of a file, and what it is as far as its first bytes say that.
fn described(file: &[u8]) -> String {
    let size = format!("{} bytes", file.len());
    match kind(file) {
        "" => size,
        kind => format!("{kind}, {size}"),
    }
}

/// What the first bytes of a file say that it is; nothing when they say nothing that is known.
fn kind(file: &[u8]) -> &'static str {
    match file {
        [0xFF, 0xD8, 0xFF, ..] => "JPEG",
        [0x89, b'P', b'N', b'G', ..] => "PNG",
        [b'G', b'I', b'F', b'8', ..] => "GIF",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "WebP",
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => "TIFF",
        [b'B', b'M', ..] => "BMP",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "HEIF",
        [b'<', ..] => "SVG",
        _ => "",
    }
}

/// The picture, upright; JPEGs perhaps smaller than they are, but with twice the pixels needed.
pub(crate) fn decode(file: &[u8]) -> Result<DynamicImage, Refusal> {
    match file {
        [0xFF, 0xD8, 0xFF, ..] => jpeg(file),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => png(file),
        _ => Err(Refusal::Format),
    }
}

fn check(width: u32, height: u32, max: u64) -> Result<(), Refusal> {
    if width > MAX_EDGE || height > MAX_EDGE || u64::from(width) * u64::from(height) > max {
        return Err(Refusal::TooLarge { width, height, max });
    }
    Ok(())
}

fn jpeg(file: &[u8]) -> Result<DynamicImage, Refusal> {
    let mut decoder = Decoder::new(Cursor::new(file));
    decoder.read_info().map_err(|error| match error {
        Error::Unsupported(_) => Refusal::Unusual,
        _ => Refusal::Damaged,
    })?;
    let info = decoder.info().ok_or(Refusal::Damaged)?;
    let max = match info.coding_process {
        CodingProcess::DctSequential => MAX_JPEG_PIXELS,
        CodingProcess::DctProgressive => MAX_PROGRESSIVE_PIXELS,
        // It would not be decoded in a smaller size, but in its own and several times over.
        CodingProcess::Lossless => return Err(Refusal::Unusual),
    };
    check(info.width.into(), info.height.into(), max)?;
    // Scaling a picture down while decoding it is coarse: the last halving is left to the resizer.
    let wanted = u16::try_from(LARGE * 2).unwrap_or(u16::MAX);
    let (width, height) = decoder.scale(wanted, wanted).map_err(|_| Refusal::Damaged)?;
    let pixels = decoder.decode().map_err(|_| Refusal::Damaged)?;
    let orientation = decoder.exif_data().and_then(Orientation::from_exif_chunk);
    let mut picture = raw(info.pixel_format, width.into(), height.into(), pixels).ok_or(Refusal::Damaged)?;
    picture.apply_orientation(orientation.unwrap_or(Orientation::NoTransforms));
    Ok(picture)
}

fn raw(format: PixelFormat, width: u32, height: u32, pixels: Vec<u8>) -> Option<DynamicImage> {
    match format {
        PixelFormat::L8 => GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8),
        PixelFormat::RGB24 => RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8),
        PixelFormat::CMYK32 => RgbImage::from_raw(width, height, rgb(&pixels)).map(DynamicImage::ImageRgb8),
        // Only of lossless files.
        PixelFormat::L16 => None,
    }
}

/// What is left of white paper under four inks. (Files hold ink inverted; the decoder turns it back.)
fn rgb(cmyk: &[u8]) -> Vec<u8> {
    let light = |ink: u8| u16::from(u8::MAX - ink);
    let mixed = |ink: u8, black: u8| u8::try_from(light(ink) * light(black) / 255).unwrap_or(u8::MAX);
    cmyk.as_chunks::<4>().0.iter().flat_map(|&[c, m, y, k]| [mixed(c, k), mixed(m, k), mixed(y, k)]).collect()
}

fn png(file: &[u8]) -> Result<DynamicImage, Refusal> {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_PNG_BYTES);
    let mut decoder = PngDecoder::with_limits(Cursor::new(file), limits).map_err(|_| Refusal::Damaged)?;
    let (width, height) = decoder.dimensions();
    let max = MAX_PNG_BYTES / u64::from(decoder.color_type().bytes_per_pixel());
    check(width, height, max)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Refusal::Damaged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}
