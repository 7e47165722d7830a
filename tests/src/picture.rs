//! Pictures for tests, drawn and encoded here.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

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

/// The color in the middle of a picture file.
pub fn color(file: &[u8]) -> [u8; 3] {
    let picture = image::load_from_memory(file).expect("a picture").to_rgb8();
    picture.get_pixel(picture.width() / 2, picture.height() / 2).0
}

/// Whether two colors are the same but for what an encoder leaves out.
pub fn is_near(one: [u8; 3], other: [u8; 3]) -> bool {
    one.into_iter().zip(other).all(|(one, other)| one.abs_diff(other) < 12)
}
