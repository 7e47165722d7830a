//! A directory that gives at most 1,500 values of an attribute at once, as Active Directory does
//! (MS-ADTS 3.1.1.3.1.3.3) and Samba does not. It knows nothing but what is needed for that, and shares
//! no code with what it is to show.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use directory_model::source::LdapConnection;

/// How many values come at once.
pub const AT_ONCE: usize = 1500;

/// The running server. It ends with the process.
#[derive(Debug)]
pub struct Ranged {
    port: u16,
    parts: Arc<AtomicUsize>,
}

/// What is in the directory.
struct Content {
    people: usize,
    groups: Vec<(String, usize)>,
    hangs_up_after: Option<usize>,
    parts: Arc<AtomicUsize>,
}

impl Ranged {
    /// A directory with so many people, and groups of which each has so many of them. It hangs up instead of
    /// giving another part of a group after so many, if that is said.
    pub fn start(people: usize, groups: &[(&str, usize)], hangs_up_after: Option<usize>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let parts = Arc::<AtomicUsize>::default();
        let groups = groups.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect();
        let content = Arc::new(Content { people, groups, hangs_up_after, parts: Arc::clone(&parts) });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let content = Arc::clone(&content);
                thread::spawn(move || content.serve(stream));
            }
        });
        Self { port, parts }
    }

    /// How many parts of groups were asked for.
    pub fn parts(&self) -> usize {
        self.parts.load(Ordering::Relaxed)
    }

    /// A connection that reads people and groups.
    pub fn connection(&self) -> LdapConnection {
        LdapConnection {
            url: format!("ldap://127.0.0.1:{}", self.port),
            is_starttls: false,
            trusted_certificates: None,
            bind_dn: None,
            base_dn: "DC=x".into(),
            filter: "(objectClass=user)".into(),
            group_filter: Some("(objectClass=group)".into()),
            group_base_dn: None,
            page_size: 1000,
            timeout_seconds: 30,
        }
    }
}

impl Content {
    /// Answers until the other side goes.
    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        loop {
            let (id, operation, content) = request(&mut stream)?;
            match operation {
                0x60 => stream.write_all(&answer(&id, 0x61, &done())).ok()?,
                0x63 => self.search(&mut stream, &id, &content)?,
                _ => return None,
            }
        }
    }

    fn search(&self, stream: &mut TcpStream, id: &[u8], content: &[u8]) -> Option<()> {
        let (_, base, rest) = element(content)?;
        let mut parts = Vec::new();
        let mut rest = rest;
        while let Some((_, part, after)) = element(rest) {
            parts.push(part);
            rest = after;
        }
        let base = String::from_utf8_lossy(base).into_owned();
        let attributes = String::from_utf8_lossy(parts.last()?).into_owned();
        if let Some((_, range)) = attributes.split_once("member;range=") {
            let start: usize = range.split('-').next()?.parse().ok()?;
            if self.hangs_up_after.is_some_and(|most| self.parts.fetch_add(1, Ordering::Relaxed) >= most) {
                return None;
            }
            self.parts.fetch_add(usize::from(self.hangs_up_after.is_none()), Ordering::Relaxed);
            let (name, size) = self.groups.iter().find(|(name, _)| base == group_dn(name))?;
            stream.write_all(&answer(id, 0x64, &entry(&group_dn(name), &[members(start, *size)]))).ok()?;
        } else if attributes.contains("member") {
            for (number, (name, size)) in self.groups.iter().enumerate() {
                let identity = attribute("objectGUID", &[format!("group {number}").into_bytes()]);
                let named = attribute("cn", &[name.clone().into_bytes()]);
                stream
                    .write_all(&answer(id, 0x64, &entry(&group_dn(name), &[identity, named, members(0, *size)])))
                    .ok()?;
            }
        } else {
            for number in 0..self.people {
                let identity = attribute("objectGUID", &[format!("person {number}").into_bytes()]);
                stream.write_all(&answer(id, 0x64, &entry(&person_dn(number), &[identity]))).ok()?;
            }
        }
        stream.write_all(&answer(id, 0x65, &done())).ok()
    }
}

fn group_dn(name: &str) -> String {
    format!("CN={name},OU=Groups,DC=x")
}

fn person_dn(number: usize) -> String {
    format!("CN=Person {number},OU=People,DC=x")
}

/// The members from `start` on, as many as come at once, under the name that says which these are.
fn members(start: usize, size: usize) -> Vec<u8> {
    let end = (start + AT_ONCE).min(size);
    let values: Vec<Vec<u8>> = (start..end).map(|number| person_dn(number).into_bytes()).collect();
    match (start, end == size) {
        (0, true) => attribute("member", &values),
        (_, true) => attribute(&format!("member;range={start}-*"), &values),
        (0, false) => [attribute("member", &[]), attribute(&format!("member;range=0-{}", end - 1), &values)].concat(),
        (_, false) => attribute(&format!("member;range={start}-{}", end - 1), &values),
    }
}

fn attribute(name: &str, values: &[Vec<u8>]) -> Vec<u8> {
    let values: Vec<u8> = values.iter().flat_map(|value| written(0x04, value)).collect();
    written(0x30, &[written(0x04, name.as_bytes()), written(0x31, &values)].concat())
}

fn entry(dn: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    [written(0x04, dn.as_bytes()), written(0x30, &attributes.concat())].concat()
}

/// Success, without more words.
fn done() -> Vec<u8> {
    [written(0x0a, &[0]), written(0x04, &[]), written(0x04, &[])].concat()
}

fn answer(id: &[u8], operation: u8, content: &[u8]) -> Vec<u8> {
    written(0x30, &[written(0x02, id), written(operation, content)].concat())
}

fn written(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("small").to_be_bytes();
    [&[tag, 0x84], length.as_slice(), content].concat()
}

/// The identity of the next request, its kind and what is in it.
fn request(stream: &mut TcpStream) -> Option<(Vec<u8>, u8, Vec<u8>)> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).ok()?;
    let mut length = usize::from(head[1]);
    if head[1] & 0x80 != 0 {
        let mut more = vec![0; length & 0x7f];
        stream.read_exact(&mut more).ok()?;
        length = more.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message).ok()?;
    let (_, id, rest) = element(&message)?;
    let (operation, content, _) = element(rest)?;
    Some((id.to_vec(), operation, content.to_vec()))
}

/// Tag, content, and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, first) = (*bytes.first()?, usize::from(*bytes.get(1)?));
    let (start, length) = if first & 0x80 == 0 {
        (2, first)
    } else {
        let end = 2 + (first & 0x7f);
        (end, bytes.get(2..end)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
    };
    Some((tag, bytes.get(start..start + length)?, bytes.get(start + length..)?))
}
