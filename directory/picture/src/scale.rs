//! The middle square of a picture in another size.

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::{DynamicImage, RgbImage, RgbaImage};

/// The middle square of `picture`, `edge` pixels each way.
pub(crate) fn square(picture: &DynamicImage, edge: u32) -> Option<DynamicImage> {
    let (width, height) = (picture.width(), picture.height());
    let is_transparent = picture.color().has_alpha();
    let (kind, pixels) = if is_transparent {
        (PixelType::U8x4, picture.to_rgba8().into_raw())
    } else {
        (PixelType::U8x3, picture.to_rgb8().into_raw())
    };
    let source = Image::from_vec_u8(width, height, pixels, kind).ok()?;
    let mut target = Image::new(edge, edge, kind);
    let options = ResizeOptions::new().fit_into_destination(None);
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    let pixels = target.into_vec();
    if is_transparent {
        RgbaImage::from_raw(edge, edge, pixels).map(DynamicImage::ImageRgba8)
    } else {
        RgbImage::from_raw(edge, edge, pixels).map(DynamicImage::ImageRgb8)
    }
}
