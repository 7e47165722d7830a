//! What sipp publishes (RFC 3903), and the documents.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{ATTEMPTS, DOMAIN};
use crate::process::free_port;

/// What one device publishes, and as what the server knows it since the last time.
#[derive(Debug, Clone)]
pub struct Publication {
    user: String,
    event: &'static str,
    kind: &'static str,
    tag: Option<String>,
}

impl Publication {
    /// A device of `user` that tells of presence.
    pub fn presence(user: &str) -> Self {
        Self { user: user.into(), event: "presence", kind: "application/pidf+xml", tag: None }
    }

    /// A telephone of `user` that tells of calls.
    pub fn calls(user: &str) -> Self {
        Self { user: user.into(), event: "dialog", kind: "application/dialog-info+xml", tag: None }
    }

    /// Whom it is about.
    pub fn address(&self) -> String {
        format!("sip:{}@{DOMAIN}", self.user)
    }
}

/// A presence document about `user` with one device, and the activities of the person as elements of RPID.
pub fn pidf(user: &str, device: &str, is_open: bool, activities: &str) -> String {
    let basic = if is_open { "open" } else { "closed" };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" \
         xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\" xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\" \
         entity=\"sip:{user}@{DOMAIN}\"><tuple id=\"{device}\"><status><basic>{basic}</basic></status></tuple>\
         <dm:person id=\"p-{device}\"><rpid:activities>{activities}</rpid:activities></dm:person></presence>"
    )
}

/// A document about the calls of `user`, each with its identity, its state and `local` or other elements.
pub fn dialog_info(user: &str, calls: &[(&str, &str, &str)]) -> String {
    let dialog =
        |(id, state, more): &(&str, &str, &str)| format!("<dialog id=\"{id}\"><state>{state}</state>{more}</dialog>");
    let dialogs = calls.iter().map(dialog).collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\"?>\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"0\" state=\"full\" \
         entity=\"sip:{user}@{DOMAIN}\">{dialogs}</dialog-info>"
    )
}

pub(super) fn publish(server: &str, folder: &Path, publication: &mut Publication, body: &str, expires: u32) {
    static WRITTEN: AtomicU32 = AtomicU32::new(0);
    let found = Command::new("sipp").arg("-v").output().is_ok();
    assert!(found, "sipp is missing and the tests need it: `apt-get install sip-tester`");
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let (scenario, log) = (folder.join(format!("publish-{number}.xml")), folder.join(format!("publish-{number}.log")));
    fs::write(&scenario, steps(publication, body, expires)).expect("the scenario can be written");
    // Between finding free ports and listening on them another process may take one.
    let is_done = (0..ATTEMPTS).any(|_| send(&sipp(server, folder, publication, &scenario, &log)));
    assert!(is_done, "sipp finds free ports");
    let written = fs::read_to_string(&log).expect("sipp writes what it is told");
    let tag = written.split("tag is ").nth(1).and_then(|rest| rest.split(" and nothing else").next());
    publication.tag = (expires > 0).then(|| tag.expect("the server names it").trim().to_owned());
}

fn sipp(server: &str, folder: &Path, publication: &Publication, scenario: &Path, log: &Path) -> Output {
    let (port, control, media) = (free_port(), free_port(), free_port());
    let mut command = Command::new("sipp");
    command.current_dir(folder).args([server, "-s", &publication.user, "-m", "1", "-nostdin", "-timeout", "30s"]);
    command.args(["-timeout_error", "-i", "127.0.0.1", "-ci", "127.0.0.1", "-mi", "127.0.0.1"]);
    command.args(["-p", &port.to_string(), "-cp", &control.to_string(), "-mp", &media.to_string()]);
    command.arg("-sf").arg(scenario).arg("-trace_logs").arg("-log_file").arg(log);
    command.env("TERM", "dumb").output().expect("sipp starts")
}

/// Whether it was sent and taken.
fn send(output: &Output) -> bool {
    let errors = String::from_utf8_lossy(&output.stderr);
    let is_taken = errors.contains("Address already in use");
    assert!(is_taken || output.status.success(), "sipp: {errors}");
    !is_taken
}

fn steps(publication: &Publication, body: &str, expires: u32) -> String {
    let Publication { event, kind, tag, .. } = publication;
    let known = tag.as_ref().map_or_else(String::new, |tag| format!("SIP-If-Match: {tag}\n"));
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<scenario name="publish">
<send retrans="500"><![CDATA[
PUBLISH sip:[service]@{DOMAIN} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:[service]@{DOMAIN}>;tag=[pid]p[call_number]
To: <sip:[service]@{DOMAIN}>
Call-ID: [call_id]
CSeq: 1 PUBLISH
Event: {event}
Expires: {expires}
{known}Content-Type: {kind}
Content-Length: [len]

{body}
]]></send>
<recv response="200">
<action>
<ereg regexp=".*" search_in="hdr" header="SIP-ETag:" assign_to="tag"/>
<log message="tag is [$tag] and nothing else"/>
</action>
</recv>
</scenario>
"#
    )
}
