use directory_model::invalid::Rule;
use image::{DynamicImage, GenericImageView, ImageFormat, Luma, LumaA, Rgb, RgbImage, Rgba};
use proptest::prelude::*;

use super::*;

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/", $name)).as_slice()
    };
}

/// Every kind of picture that is taken, with what it must look like in the middle.
const TAKEN: [(&str, &[u8], MediaType); 8] = [
    ("baseline JPEG", fixture!("plain.jpg"), MediaType::Jpeg),
    ("progressive JPEG", fixture!("progressive.jpg"), MediaType::Jpeg),
    ("CMYK JPEG", fixture!("cmyk.jpg"), MediaType::Jpeg),
    ("gray JPEG", fixture!("gray.jpg"), MediaType::Jpeg),
    ("turned JPEG", fixture!("rotated.jpg"), MediaType::Jpeg),
    ("PNG with 16 bits a channel", fixture!("deep.png"), MediaType::Jpeg),
    ("transparent PNG", fixture!("clear.png"), MediaType::Png),
    ("PNG with a palette", fixture!("palette.png"), MediaType::Jpeg),
];

fn pixel(rendition: &Rendition, x: u32, y: u32) -> Rgba<u8> {
    image::load_from_memory(&rendition.bytes).unwrap().get_pixel(x, y)
}

fn is_near(found: Rgba<u8>, wanted: [u8; 3]) -> bool {
    found.0.iter().zip(wanted).all(|(found, wanted)| found.abs_diff(wanted) < 24)
}

fn expectation(file: &[u8]) -> Rule {
    let refused = render("picture", file).unwrap_err();
    assert_eq!(refused.field, "picture");
    refused.rule
}

/// A PNG's head that promises `width` × `height` pixels, and no pixels.
fn promise(width: u32, height: u32) -> Vec<u8> {
    let mut png = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', 0, 0, 0, 13];
    let mut head = b"IHDR".to_vec();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    head.extend([8, 6, 0, 0, 0]);
    let sum = checksum(&head);
    png.extend(head);
    png.extend(sum.to_be_bytes());
    png.extend([0, 0, 0, 0]);
    png.extend(b"IDAT");
    png.extend(checksum(b"IDAT").to_be_bytes());
    png
}

/// The CRC of PNG (ISO 3309).
fn checksum(bytes: &[u8]) -> u32 {
    let turn = |sum: u32| (0..8).fold(sum, |sum, _| if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 });
    !bytes.iter().fold(!0, |sum, byte| turn(sum ^ u32::from(*byte)))
}

#[test]
fn every_kind_of_picture_becomes_two_squares() {
    for (kind, file, media_type) in TAKEN {
        let renditions = render("picture", file).unwrap_or_else(|refused| panic!("{kind}: {refused}"));

        for (rendition, edge) in [(&renditions.large, LARGE), (&renditions.small, SMALL)] {
            let shown = image::load_from_memory(&rendition.bytes).unwrap();
            assert_eq!((rendition.media_type, shown.dimensions()), (media_type, (edge, edge)), "{kind}");
        }
    }
}

#[test]
fn inks_of_cmyk_become_the_color_that_was_printed() {
    let large = render("picture", fixture!("cmyk.jpg")).unwrap().large;

    assert!(is_near(pixel(&large, 80, 80), [200, 40, 40]), "{:?}", pixel(&large, 80, 80));
}

#[test]
fn a_picture_that_says_that_it_lies_on_its_side_is_put_upright() {
    // Red on the left, green on the right; to be shown turned clockwise by a quarter.
    let large = render("picture", fixture!("rotated.jpg")).unwrap().large;

    let (above, below) = (pixel(&large, 80, 20), pixel(&large, 80, 140));
    assert!(is_near(above, [255, 0, 0]) && is_near(below, [0, 128, 0]), "{above:?} over {below:?}");
}

const QUARTERS: [[u8; 3]; 4] = [[230, 30, 30], [30, 180, 30], [30, 30, 230], [240, 240, 240]];

/// A file whose four quarters have four colors, red and green above blue and white, and the Exif data that it is
/// to be shown in this orientation.
fn quarters(format: ImageFormat, orientation: u8) -> Vec<u8> {
    let (width, height) = (200, 240);
    let quarter = |x, y| Rgb(QUARTERS[usize::from(y >= height / 2) * 2 + usize::from(x >= width / 2)]);
    let mut file = std::io::Cursor::new(Vec::new());
    RgbImage::from_fn(width, height, quarter).write_to(&mut file, format).unwrap();
    let mut file = file.into_inner();
    let exif =
        [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[orientation, 0, 0, 0, 0, 0, 0, 0]].concat();
    if format == ImageFormat::Jpeg {
        let length = u16::try_from(exif.len() + 8).unwrap().to_be_bytes();
        file.splice(2..2, [&[0xFF, 0xE1], length.as_slice(), b"Exif\0\0", &exif].concat());
    } else {
        let length = u32::try_from(exif.len()).unwrap().to_be_bytes();
        let chunk = [b"eXIf", exif.as_slice()].concat();
        // After the head, which is the first chunk.
        file.splice(33..33, [length.as_slice(), &chunk, &checksum(&chunk).to_be_bytes()].concat());
    }
    file
}

#[test]
fn jpegs_and_pngs_are_put_upright_from_every_orientation() {
    // Which quarters are then above, and which below; what is no orientation changes nothing.
    for (orientation, shown) in [
        (0, [0, 1, 2, 3]),
        (1, [0, 1, 2, 3]),
        (2, [1, 0, 3, 2]),
        (3, [3, 2, 1, 0]),
        (4, [2, 3, 0, 1]),
        (5, [0, 2, 1, 3]),
        (6, [2, 0, 3, 1]),
        (7, [3, 1, 2, 0]),
        (8, [1, 3, 0, 2]),
        (9, [0, 1, 2, 3]),
    ] {
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            let renditions = render("picture", &quarters(format, orientation)).unwrap();
            for (rendition, edge) in [(renditions.large, LARGE), (renditions.small, SMALL)] {
                let (near, far) = (edge / 4, edge * 3 / 4);
                for ((x, y), quarter) in [(near, near), (far, near), (near, far), (far, far)].into_iter().zip(shown) {
                    let found = pixel(&rendition, x, y);
                    assert!(is_near(found, QUARTERS[quarter]), "{format:?} {orientation}: {found:?} at {x}, {y}");
                }
            }
        }
    }
}

#[test]
fn grays_of_16_bits_keep_their_gray() {
    let (plain, clear) = (Luma([0x9A_u16 << 8]), LumaA([0x9A_u16 << 8, 0x40 << 8]));
    for (what, drawn, wanted) in [
        ("gray", DynamicImage::from(image::ImageBuffer::from_pixel(200, 200, plain)), [0x9A, 0x9A, 0x9A, 0xFF]),
        ("transparent gray", image::ImageBuffer::from_pixel(200, 200, clear).into(), [0x9A, 0x9A, 0x9A, 0x40]),
    ] {
        let mut file = std::io::Cursor::new(Vec::new());
        drawn.write_to(&mut file, ImageFormat::Png).unwrap();

        let renditions = render("picture", file.get_ref()).unwrap_or_else(|refused| panic!("{what}: {refused}"));

        for rendition in [renditions.large, renditions.small] {
            let found = pixel(&rendition, 32, 32);
            assert!(found.0.iter().zip(wanted).all(|(found, wanted)| found.abs_diff(wanted) < 4), "{what}: {found:?}");
        }
    }
}

/// A JPEG of one gray with 8 × 8 pixels: the kind of its frame, and the bits of a sample.
fn one_square(frame: u8, bits: u8) -> Vec<u8> {
    let table = [[0].as_slice(), &[1; 64]].concat();
    let codes = [[0, 1].as_slice(), &[0; 16]].concat();
    let (square, scan) = ([bits, 0, 8, 0, 8, 1, 1, 0x11, 0], [1, 1, 0, 0, 63, 0]);
    // A predictor where the others say how many frequencies there are.
    let scan = if frame == 3 { [1, 1, 0, 1, 0, 0] } else { scan };
    let of_frequencies = [[0x10, 1].as_slice(), &[0; 16]].concat();
    let mut file = vec![0xFF, 0xD8];
    for (marker, content) in
        [(0xDB, table), (0xC0 | frame, square.into()), (0xC4, codes), (0xC4, of_frequencies), (0xDA, scan.into())]
    {
        file.extend([0xFF, marker, 0, u8::try_from(content.len() + 2).unwrap()]);
        file.extend(content);
    }
    file.extend([0; 8]);
    file.extend([0xFF, 0xD9]);
    file
}

#[test]
fn jpegs_that_nothing_shows_are_refused_by_their_kind() {
    assert!(render("picture", &one_square(0, 8)).is_ok(), "but for its kind there is nothing wrong with it");
    for (what, file) in [
        ("lossless", one_square(3, 8)),
        ("lossless with 16 bits of gray", one_square(3, 16)),
        ("with 12 bits", one_square(1, 12)),
        ("arithmetic", one_square(9, 8)),
        ("lossless and arithmetic", one_square(11, 8)),
        ("hierarchical", one_square(5, 8)),
    ] {
        let refused = render("picture", &file).expect_err(what);
        let rule = Rule::Format { expected: "a baseline or progressive JPEG, or a PNG picture".into() };
        assert_eq!((refused.rule, refused.value), (rule, format!("JPEG, {} bytes", file.len())), "{what}");
    }
}

#[test]
fn transparent_parts_stay_transparent() {
    let large = render("picture", fixture!("clear.png")).unwrap().large;

    assert!(pixel(&large, 80, 3).0[3] < 40 && pixel(&large, 80, 157).0[3] > 215);
}

#[test]
fn nothing_but_pixels_survives() {
    // A picture that is an archive and a web page as well, with a comment and a position inside.
    let mut polyglot = fixture!("rotated.jpg").to_vec();
    let comment = b"<script>alert(1)</script>";
    let length = u16::try_from(comment.len() + 2).unwrap().to_be_bytes();
    polyglot.splice(2..2, [&[0xFF, 0xFE], length.as_slice(), comment].concat());
    polyglot.extend(b"PK\x03\x04<html><script>alert(2)</script></html>");

    let renditions = render("picture", &polyglot).unwrap();

    for rendition in [renditions.large, renditions.small] {
        for hidden in [b"script".as_slice(), b"Exif", b"PK\x03\x04"] {
            assert!(!rendition.bytes.windows(hidden.len()).any(|part| part == hidden));
        }
    }
}

#[test]
fn other_formats_are_refused_whatever_they_are_called() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    for (other, value) in [
        (&fixture!("gif.gif")[..30], "GIF, 30 bytes"),
        (svg.as_slice(), "SVG, 71 bytes"),
        (b"", "0 bytes"),
        (b"\xFF\xD8", "2 bytes"),
        (b"BM", "BMP, 2 bytes"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP, 16 bytes"),
        (b"II*\0\x08\0\0\0", "TIFF, 8 bytes"),
        (b"\0\0\0\x18ftypheic", "HEIF, 12 bytes"),
    ] {
        let refused = render("picture", other).unwrap_err();
        assert_eq!(refused.rule, Rule::Format { expected: "a JPEG or PNG picture".into() });
        assert_eq!((refused.field.as_str(), refused.value.as_str()), ("picture", value));
    }
}

#[test]
fn a_bomb_is_refused_by_what_it_promises() {
    assert_eq!(expectation(&promise(65_000, 65_000)), Rule::TooLong { max: 16_777_216, unit: "pixels".into() });
    let refused = render("picture", &promise(65_000, 65_000)).unwrap_err();
    assert_eq!(refused.value, "65000 × 65000");
    // Few pixels, but an edge that no picture has.
    assert_eq!(expectation(&promise(12_001, 1)), Rule::TooLong { max: 16_777_216, unit: "pixels".into() });
}

#[test]
fn a_picture_that_is_cut_anywhere_is_refused_or_shown_but_never_more() {
    for (kind, file, _) in TAKEN {
        for end in (0..file.len()).step_by(41) {
            if let Ok(renditions) = render("picture", &file[..end]) {
                assert!(image::load_from_memory(&renditions.large.bytes).is_ok(), "{kind} cut at {end}");
            }
        }
        assert!(render("picture", &file[..file.len() / 2]).is_err(), "{kind} cut in half");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn damage_never_panics(kind in 0..TAKEN.len(), spots in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut file = TAKEN[kind].1.to_vec();
        for (at, byte) in spots {
            let at = at.index(file.len());
            file[at] = byte;
        }

        drop(render("picture", &file));
    }
}
