//! Input that is too large or no text: refused in clear words, without taking memory, and nothing
//! is stored.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use serde_json::{Value, json};
use suite::backend::new_folder;
use suite::program::{Client, Program};

use super::place::PROGRAM;

/// How much more memory a refusal may take than the gateway had, in kB.
const ALLOWANCE: u64 = 64 * 1024;

const GIGABYTE: u64 = 1 << 30;

/// Less than a file may have, and more than memory may grow.
const ENDLESS: u64 = 128 << 20;

pub(super) async fn serve() -> (Program, Client, String) {
    let folder = new_folder();
    let settings = format!("[sources]\nfile_folder = \"{}\"", folder.join("files").display());
    let start = move || Program::start_in(folder, Command::new(PROGRAM), "", &settings);
    let program = tokio::task::spawn_blocking(start).await.unwrap();
    let (admin, tenant) = Client::of_new_tenant(&program).await;
    fs::create_dir_all(program.folder.join("files").join(&tenant)).unwrap();
    (program, admin, tenant)
}

/// Lets the program's peak begin anew, and says what it has now, in kB.
pub(super) fn peak_from_now(program: &Program) -> u64 {
    fs::write(format!("/proc/{}/clear_refs", program.id()), "5").unwrap();
    peak(program)
}

/// The most memory that the program had since [`peak_from_now`], in kB.
pub(super) fn peak(program: &Program) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Runs a source over a file of `length` that begins with `head` and has nothing after it.
async fn run((program, admin, tenant): (&Program, &Client, &str), format: &str, head: &str, length: u64) -> Value {
    let path = format!("large.{format}");
    let mut file = File::create(program.folder.join("files").join(tenant).join(&path)).unwrap();
    file.write_all(head.as_bytes()).unwrap();
    file.set_len(length).unwrap();
    let connection = json!({ "kind": "file", "path": path, "format": format });
    let source = json!({ "name": path, "connection": connection });
    let source = admin.make(&format!("/tenants/{tenant}/sources"), source).await;
    admin.run(tenant, &source).await
}

async fn require_nobody(admin: &Client, tenant: &str) {
    let contacts = admin.get(&format!("/tenants/{tenant}/contacts")).await;
    assert_eq!(contacts["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_above_the_limit_is_refused_before_it_is_read() {
    let (program, admin, tenant) = serve().await;
    let before = peak_from_now(&program);

    for format in ["csv", "ldif"] {
        let run = run((&program, &admin, &tenant), format, "", GIGABYTE).await;

        let message = format!(
            "The file `large.{format}` was refused (it has 1073741824 bytes, the limit is 268435456 bytes), so no contact \
             was changed."
        );
        assert_eq!((run["state"].as_str(), run["message"].as_str()), (Some("failed"), Some(message.as_str())));
        assert_eq!(run["counts"]["read"], 0);
    }
    require_nobody(&admin, &tenant).await;
    assert!(peak(&program) < before + ALLOWANCE, "{before} kB before, {} kB after", peak(&program));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_endless_line_takes_no_more_memory_than_any_other() {
    let (program, admin, tenant) = serve().await;
    let before = peak_from_now(&program);

    let csv = run((&program, &admin, &tenant), "csv", "external_id,display_name\n1,Anna\n", ENDLESS).await;
    let ldif = run((&program, &admin, &tenant), "ldif", "dn: cn=ben\nentryUUID: 1\ndisplayName: ", ENDLESS).await;
    let entries = admin.get(&format!("/tenants/{tenant}/runs/{}/entries", ldif["id"].as_str().unwrap())).await;

    let message = csv["message"].as_str().unwrap_or_default();
    assert!(csv["state"] == "failed" && message.contains("a record is longer than 1048576 bytes"), "{csv}");
    let reason = &entries["items"][0]["reason"];
    assert_eq!((&reason["field"], &reason["rule"]["code"]), (&json!("displayName"), &json!("too_long")), "{entries}");
    assert_eq!((&ldif["counts"]["created"], &ldif["counts"]["set_aside"]), (&json!(0), &json!(1)), "{ldif}");
    assert!(peak(&program) < before + ALLOWANCE, "{before} kB before, {} kB after", peak(&program));
}

/// What the gateway answers to a body that is sent as it stands.
fn answer(program: &Program, bearer: &str, path: &str, body: &[u8]) -> (String, Value) {
    let address = program.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/v1{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {bearer}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // As clients do: all of the body, and only then a look at the answer.
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
    (head.lines().next().unwrap().to_owned(), serde_json::from_str(body).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_or_no_text_is_refused() {
    let (program, admin, tenant) = serve().await;
    let (token, path) = (admin.token(&tenant).await, format!("/tenants/{tenant}/contacts"));
    let before = peak_from_now(&program);
    let large = format!("{{\"display_name\":\"{}\"}}", "x".repeat(10 << 20)).into_bytes();

    let (status, problem) = answer(&program, &token, &path, &large);
    assert_eq!(status, "HTTP/1.1 413 Payload Too Large", "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("1048576")), "{problem}");
    let (status, problem) = answer(&program, &token, &path, b"{\"display_name\":\"\xff\xfe\"}");
    assert_eq!(status, "HTTP/1.1 400 Bad Request", "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("UTF-8")), "{problem}");

    require_nobody(&admin, &tenant).await;
    assert!(peak(&program) < before + ALLOWANCE, "{before} kB before, {} kB after", peak(&program));
}
