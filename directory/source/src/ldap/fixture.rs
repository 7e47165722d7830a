//! What a directory answers, byte by byte, and a server that says it.

use directory_model::source::LdapConnection;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};

pub(super) const SEQUENCE_TAG: u8 = 0x30;

pub(super) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x84], length.as_slice(), &content].concat()
}

pub(super) fn text(text: &str) -> Vec<u8> {
    element(0x04, &[text.as_bytes()])
}

pub(super) fn message(id: u8, operation: &[u8], controls: &[u8]) -> Vec<u8> {
    element(SEQUENCE_TAG, &[&element(0x02, &[&[id]]), operation, controls])
}

pub(super) fn result(tag: u8, code: u8) -> Vec<u8> {
    element(tag, &[&element(0x0a, &[&[code]]), &text(""), &text("so it is")])
}

pub(super) fn entry_named(id: u8, name: &[u8]) -> Vec<u8> {
    let attribute = |name: &str, value: &str| element(SEQUENCE_TAG, &[&text(name), &element(0x31, &[&text(value)])]);
    let attributes = element(SEQUENCE_TAG, &[&attribute("ENTRYUUID", "1"), &attribute("cn", "Anna")]);
    message(id, &element(0x64, &[&element(0x04, &[name]), &attributes]), &[])
}

/// The end of a page after which there is another.
pub(super) fn end_of_page(id: u8) -> Vec<u8> {
    let value = element(SEQUENCE_TAG, &[&element(0x02, &[&[0]]), &text("more")]);
    let control = element(SEQUENCE_TAG, &[&text("1.2.840.113556.1.4.319"), &element(0x04, &[&value])]);
    message(id, &result(0x65, 0), &element(0xa0, &[&control]))
}

pub(super) fn end(id: u8, code: u8) -> Vec<u8> {
    message(id, &result(0x65, code), &[])
}

/// Lets `read` talk to a server that says `answers` and hangs up, or stays silent.
pub(super) async fn served<T>(answers: &[u8], hangs_up: bool, read: impl AsyncFnOnce(DuplexStream) -> T) -> T {
    let (client, mut server) = duplex(64 * 1024);
    let serving = async {
        // The read may end before everything is said.
        let _ = server.write_all(answers).await;
        if hangs_up {
            let _ = server.shutdown().await;
        }
        server
    };
    let (result, _server) = tokio::join!(read(client), serving);
    result
}

/// A directory that is never connected to.
pub(super) fn connection() -> LdapConnection {
    LdapConnection {
        url: "ldap://directory.example".into(),
        is_starttls: false,
        trusted_certificates: None,
        bind_dn: None,
        base_dn: "dc=example".into(),
        filter: "(objectClass=person)".into(),
        group_filter: None,
        group_base_dn: None,
        page_size: 10,
        timeout_seconds: 30,
    }
}
