//! Pictures for tests, drawn and encoded here.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageFormat, Rgb, RgbImage, RgbaImage};

/// A JPEG file of one color, larger than it is shown.
pub fn jpeg(color: [u8; 3]) -> Vec<u8> {
    encoded(color, ImageFormat::Jpeg)
}

/// A PNG file of one color, larger than it is shown.
pub fn png(color: [u8; 3]) -> Vec<u8> {
    encoded(color, ImageFormat::Png)
}

fn encoded(color: [u8; 3], format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    RgbImage::from_pixel(200, 240, Rgb(color)).write_to(&mut file, format).expect("the picture can be encoded");
    file.into_inner()
}

/// A gray JPEG file of `width` × `height` pixels with so many components that is as small as such a
/// file can be: a bit or two for every square of 8 × 8 pixels.
pub fn blank_jpeg(width: u16, height: u16, components: u8, is_progressive: bool) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8];
    let mut segment = |marker: u8, content: &[u8]| {
        file.extend([0xFF, marker]);
        file.extend(u16::try_from(content.len() + 2).expect("a short segment").to_be_bytes());
        file.extend(content);
    };
    segment(0xDB, &[[0].as_slice(), &[1; 64]].concat());
    let mut frame = vec![8];
    frame.extend([height.to_be_bytes(), width.to_be_bytes()].concat());
    frame.push(components);
    let mut scan = vec![components];
    for component in 1..=components {
        frame.extend([component, 0x11, 0]);
        scan.extend([component, 0]);
    }
    segment(if is_progressive { 0xC2 } else { 0xC0 }, &frame);
    // The one bit `0` means "as before" in one table, and "nothing more in this square" in the other.
    for table in [0x00, 0x10] {
        segment(0xC4, &[&[table, 1], [0; 16].as_slice()].concat());
    }
    scan.extend(if is_progressive { [0, 0, 0] } else { [0, 63, 0] });
    segment(0xDA, &scan);
    let squares = usize::from(width.div_ceil(8)) * usize::from(height.div_ceil(8)) * usize::from(components);
    let bits = if is_progressive { squares } else { squares * 2 };
    file.resize(file.len() + bits.div_ceil(8), 0);
    file.extend([0xFF, 0xD9]);
    file
}

/// A transparent PNG file of `width` × `height` pixels.
pub fn blank_png(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let small = PngEncoder::new_with_quality(&mut file, CompressionType::Best, FilterType::NoFilter);
    RgbaImage::new(width, height).write_with_encoder(small).expect("the picture can be encoded");
    file
}

/// A PNG file that promises 65,000 × 65,000 pixels, and has none.
pub fn png_bomb() -> Vec<u8> {
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xfd\xe8\0\0\xfd\xe8\x08\x06\0\0\0".as_slice(),
        // The checksum of these very bytes.
        &0xa257_d90a_u32.to_be_bytes(),
        b"\0\0\0\0IDAT",
        &0x35af_061e_u32.to_be_bytes(),
    ]
    .concat()
}

/// The color in the middle of a picture file.
pub fn color(file: &[u8]) -> [u8; 3] {
    let picture = image::load_from_memory(file).expect("a picture").to_rgb8();
    picture.get_pixel(picture.width() / 2, picture.height() / 2).0
}

/// Whether two colors are the same but for what an encoder leaves out.
pub fn is_near(one: [u8; 3], other: [u8; 3]) -> bool {
    one.into_iter().zip(other).all(|(one, other)| one.abs_diff(other) < 12)
}
