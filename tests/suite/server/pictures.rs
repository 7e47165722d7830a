//! Pictures with as many pixels as may be, and with one more: memory is bounded by what is taken.

use std::io::Write;
use std::net::TcpStream;

use reqwest::Method;
use serde_json::{Value, json};
use suite::picture::{blank_jpeg, blank_png, png_bomb};
use suite::process::wait_until;
use suite::program::{Client, Program};
use tokio::task::JoinSet;

use super::large::{peak, peak_from_now, serve};

/// How much more memory the largest picture may take than the gateway had, in kB.
const ALLOWANCE: u64 = 256 * 1024;

/// How many pictures are decoded at once, however many are uploaded.
const AT_ONCE: u64 = 2;

/// How many are uploaded at once.
const UPLOADS: usize = 6;

/// How much more a refusal may take, in kB: less than the pixels of any of them.
const REFUSAL: u64 = 8 * 1024;

/// The largest upload, in bytes.
const UPLOAD: usize = 307_200;

/// A gateway that has taken a picture, and where more are uploaded.
async fn office() -> (Program, Client, String) {
    let (program, admin, tenant) = serve().await;
    let anna = admin.make(&format!("/tenants/{tenant}/contacts"), json!({ "display_name": "Anna" })).await;
    let path = format!("/tenants/{tenant}/contacts/{anna}/avatars");
    // Takes what is taken once.
    admin.upload(&path, blank_jpeg(640, 640, 3, false)).await;
    (program, admin, path)
}

/// Every kind of picture with as many pixels as it may have.
fn largest() -> [(&'static str, Vec<u8>); 4] {
    let files = [
        ("baseline JPEG", blank_jpeg(8000, 8000, 1, false)),
        ("progressive JPEG", blank_jpeg(6000, 4000, 4, true)),
        ("narrow JPEG", blank_jpeg(12_000, 8, 1, false)),
        ("PNG", blank_png(4096, 4096)),
    ];
    for (what, file) in &files {
        assert!(file.len() <= UPLOAD, "{what}: {} bytes", file.len());
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_with_a_pixel_too_many_takes_no_memory() {
    let (program, admin, path) = office().await;
    let before = peak_from_now(&program);

    for (what, file, value, max) in [
        ("baseline JPEG", blank_jpeg(8008, 8000, 1, false), "8008 × 8000", 64_000_000),
        ("progressive JPEG", blank_jpeg(6008, 4000, 4, true), "6008 × 4000", 24_000_000),
        ("narrow JPEG", blank_jpeg(12_008, 8, 1, false), "12008 × 8", 64_000_000),
        ("PNG", blank_png(4104, 4096), "4104 × 4096", 16_777_216),
        ("PNG bomb", png_bomb(), "65000 × 65000", 16_777_216),
    ] {
        assert!(file.len() <= UPLOAD, "{what}: {} bytes", file.len());
        let (status, problem) = admin.try_upload(&path, file).await;
        let field = &problem["fields"][0];
        assert_eq!(
            (status, &field["field"], &field["value"]),
            (422, &json!("picture"), &json!(value)),
            "{what}: {problem}"
        );
        assert_eq!(field["rule"], json!({ "code": "too_long", "max": max, "unit": "pixels" }), "{what}");
        assert!(peak(&program) < before + REFUSAL, "{what}: {before} kB before, {} kB after", peak(&program));
    }
    let list: Value = admin.ask(Method::GET, &path, None).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "nothing was kept of what was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_pixels_as_may_be_take_bounded_memory() {
    let (program, admin, path) = office().await;

    for (what, file) in largest() {
        let before = peak_from_now(&program);
        let (status, answer) = admin.try_upload(&path, file).await;
        assert_eq!(status, 201, "{what}: {answer}");
        let after = peak(&program);
        assert!(after < before + ALLOWANCE, "{what}: {before} kB before, {after} kB after");
    }
}

/// The picture that takes the most.
fn heaviest() -> Vec<u8> {
    blank_jpeg(6000, 4000, 4, true)
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_take_no_more_than_two() {
    let (program, admin, path) = office().await;
    let before = peak_from_now(&program);
    let mut uploads = JoinSet::new();
    for _ in 0..UPLOADS {
        let (admin, path) = (admin.clone(), path.clone());
        uploads.spawn(async move { admin.try_upload(&path, heaviest()).await.0 });
    }

    assert_eq!(uploads.join_all().await, [201; UPLOADS]);

    let after = peak(&program);
    assert!(after < before + AT_ONCE * ALLOWANCE, "{before} kB before, {after} kB after");
}

/// Uploads that nobody reads the answers of.
fn unread(program: &Program, path: &str, token: &str) -> Vec<TcpStream> {
    let (address, file) = (program.url.trim_start_matches("http://"), heaviest());
    let head = format!(
        "POST /api/v1{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\
         content-type: image/jpeg\r\ncontent-length: {}\r\n\r\n",
        file.len()
    );
    let upload = || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&file).unwrap();
        stream
    };
    std::iter::repeat_with(upload).take(UPLOADS).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_makes_no_room_before_the_picture_is_done() {
    let (program, admin, path) = office().await;
    let tenant = path.split('/').nth(2).expect("a tenant").to_owned();
    let token = admin.token(&tenant).await;
    let before = peak_from_now(&program);

    let first = unread(&program, &path, &token);
    wait_until("a picture to be decoded", || peak(&program) > before + ALLOWANCE / 4);
    drop(first);
    let second = unread(&program, &path, &token);

    // Its turn comes when the others have had theirs.
    admin.upload(&path, blank_jpeg(640, 640, 3, false)).await;
    let after = peak(&program);
    assert!(after < before + AT_ONCE * ALLOWANCE, "{before} kB before, {after} kB after");
    drop(second);
}
