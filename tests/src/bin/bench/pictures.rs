//! Processor time for each picture that is uploaded, against `vipsthumbnail` that makes one
//! thumbnail of it. Ours reads the file, makes both sizes and writes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage};
use suite::process::scratch;

use crate::measure::{children_cpu_seconds, median};

/// How this program is called when it starts itself to have its processor time measured apart.
pub(crate) const CHILD: &str = "render";

const ROUNDS: usize = 5;

/// What is measured: its name, edges in pixels, quality, how many, and the ratio allowed.
const CASES: [(&str, u32, u32, u8, usize, f64); 2] =
    [("640 x 640", 640, 640, 80, 200, 0.9), ("12 megapixels", 4000, 3000, 85, 12, 1.5)];

/// Prints the ratio for each case, the median of five interleaved rounds.
pub(crate) fn run() {
    for (name, width, height, quality, count, limit) in CASES {
        let folder = scratch().join(format!("pictures-{width}"));
        fs::create_dir_all(folder.join("out")).expect("a folder");
        let files: Vec<PathBuf> = (0..count).map(|number| folder.join(format!("{number}.jpg"))).collect();
        for (seed, file) in files.iter().enumerate() {
            fs::write(file, picture(width, height, quality, seed)).expect("a picture is written");
        }
        let mut ratios = Vec::new();
        for round in 1..=ROUNDS {
            let (ours, theirs) = (ours(&files), vips(&folder, &files));
            println!("round {round}: {name}: ours {:.2} ms, vipsthumbnail {:.2} ms each", ours * 1e3, theirs * 1e3);
            ratios.push(ours / theirs);
        }
        println!("{name} to 160 (and 64): {:.2} x vipsthumbnail (at most {limit})", median(&mut ratios));
    }
}

/// Makes and writes the renditions of `files`, one after another.
pub(crate) fn render(files: &[&str]) {
    for file in files {
        let renditions = directory_picture::render("picture", &fs::read(file).expect("a file")).expect("a picture");
        let out = Path::new(file).with_extension("");
        fs::write(out.with_extension("large"), renditions.large.bytes).expect("a rendition is written");
        fs::write(out.with_extension("small"), renditions.small.bytes).expect("a rendition is written");
    }
}

fn ours(files: &[PathBuf]) -> f64 {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg(CHILD).args(files);
    each(&mut command, files.len())
}

fn vips(folder: &Path, files: &[PathBuf]) -> f64 {
    let mut command = Command::new("vipsthumbnail");
    let target = format!("{}/%s.jpg[Q=85,strip]", folder.join("out").display());
    // As ours: the middle square, on one thread.
    command.args(["--vips-concurrency=1", "--size", "160x160", "--smartcrop", "centre", "-o", &target]).args(files);
    each(&mut command, files.len())
}

/// Processor seconds of `command`, divided by `count`.
fn each(command: &mut Command, count: usize) -> f64 {
    let before = children_cpu_seconds();
    let status = command.stdout(Stdio::null()).status();
    let status = status.unwrap_or_else(|_| panic!("vipsthumbnail is missing: `apt-get install libvips-tools`"));
    assert!(status.success(), "every picture is made smaller");
    #[expect(clippy::cast_precision_loss, reason = "a few hundred pictures")]
    let count = count as f64;
    (children_cpu_seconds() - before) / count
}

/// A JPEG with slow changes of colour and the noise of a camera.
fn picture(width: u32, height: u32, quality: u8, seed: usize) -> Vec<u8> {
    let mut noise = 0x9E37_79B9_7F4A_7C15 ^ (seed as u64 + 1);
    let picture = RgbImage::from_fn(width, height, |x, y| {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        let [grain, ..] = noise.to_le_bytes();
        let shade = |part: u32, whole: u32| u8::try_from(part * 200 / whole).unwrap_or(u8::MAX) + grain % 24;
        image::Rgb([shade(x, width), shade(y, height), shade(x + y, width + height)])
    });
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder.write_image(picture.as_raw(), width, height, ExtendedColorType::Rgb8).expect("a JPEG is encoded");
    bytes
}
