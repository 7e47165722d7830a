use directory_model::invalid::Rule;
use image::{GenericImageView, Rgba};
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
