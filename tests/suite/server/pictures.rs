//! Pictures with as many pixels as may be, and with one more: memory is bounded by what is taken.

use reqwest::Method;
use serde_json::{Value, json};
use suite::picture::{blank_jpeg, blank_png};

use super::large::{peak, serve};

/// How much more memory the largest pictures may take than the gateway had, in kB.
const ALLOWANCE: u64 = 256 * 1024;

/// How much more a refusal may take, in kB: less than the pixels of any of them.
const REFUSAL: u64 = 8 * 1024;

/// The largest upload, in bytes.
const UPLOAD: usize = 307_200;

#[tokio::test(flavor = "multi_thread")]
async fn as_many_pixels_as_may_be_take_bounded_memory_and_one_more_none() {
    let (program, admin, tenant) = serve().await;
    let anna = admin.make(&format!("/tenants/{tenant}/contacts"), json!({ "display_name": "Anna" })).await;
    let path = format!("/tenants/{tenant}/contacts/{anna}/avatars");
    // Takes what is taken once.
    admin.upload(&path, blank_jpeg(640, 640, 3, false)).await;
    let before = peak(&program);

    for (what, file, value, max) in [
        ("baseline JPEG", blank_jpeg(8008, 8000, 1, false), "8008 × 8000", 64_000_000),
        ("progressive JPEG", blank_jpeg(6008, 4000, 4, true), "6008 × 4000", 24_000_000),
        ("narrow JPEG", blank_jpeg(12_008, 8, 1, false), "12008 × 8", 64_000_000),
        ("PNG", blank_png(4104, 4096), "4104 × 4096", 16_777_216),
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
    }
    let refused = peak(&program);
    assert!(refused < before + REFUSAL, "{before} kB before, {refused} kB after the refusals");

    for (what, file) in [
        ("baseline JPEG", blank_jpeg(8000, 8000, 1, false)),
        ("progressive JPEG", blank_jpeg(6000, 4000, 4, true)),
        ("narrow JPEG", blank_jpeg(12_000, 8, 1, false)),
        ("PNG", blank_png(4096, 4096)),
    ] {
        assert!(file.len() <= UPLOAD, "{what}: {} bytes", file.len());
        let (status, answer) = admin.try_upload(&path, file).await;
        assert_eq!(status, 201, "{what}: {answer}");
    }
    let after = peak(&program);
    assert!(after < before + ALLOWANCE, "{before} kB before, {after} kB after");
    let list: Value = admin.ask(Method::GET, &path, None).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(5), "nothing was kept of what was refused");
}
