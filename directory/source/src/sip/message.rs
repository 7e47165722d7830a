//! Messages of SIP (RFC 3261, 7), read within limits and written.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The longest start line and headers together, in bytes.
pub(super) const MAX_HEAD: usize = 16 * 1024;
/// The largest body that is kept, in bytes. A presence document has a hundredth of it.
pub(super) const MAX_BODY: usize = 128 * 1024;
/// The most headers of a message.
const MAX_HEADERS: usize = 128;

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    /// A request: its method, and what it is addressed to.
    Request {
        /// As it is written: methods are compared with their case.
        method: String,
        /// The Request-URI.
        uri: String,
    },
    /// A response with its status code.
    Response(u16),
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) start: Start,
    headers: Vec<(Cow<'static, str>, String)>,
    pub(super) body: Vec<u8>,
}

impl Message {
    /// A request without headers.
    pub(super) fn request(method: &str, uri: &str) -> Self {
        let start = Start::Request { method: method.to_owned(), uri: uri.to_owned() };
        Self { start, headers: Vec::new(), body: Vec::new() }
    }

    /// The answer to `request` with what every answer repeats of it (8.2.6.2). `tag` names who answers, where the
    /// request names nobody.
    pub(super) fn answer(request: &Self, status: u16, tag: &str) -> Self {
        let mut answer = Self { start: Start::Response(status), headers: Vec::new(), body: Vec::new() };
        for (name, canonical) in [("via", "Via"), ("record-route", "Record-Route"), ("from", "From")] {
            for value in request.all(name) {
                answer.push(canonical, value);
            }
        }
        if let Some(to) = request.header("to") {
            let is_tagged = super::header::Address::parse(to).is_some_and(|to| to.tag().is_some());
            answer.push("To", if is_tagged { to.to_owned() } else { format!("{to};tag={tag}") });
        }
        for (name, canonical) in [("call-id", "Call-ID"), ("cseq", "CSeq")] {
            for value in request.all(name) {
                answer.push(canonical, value);
            }
        }
        answer
    }

    /// Adds a header; control characters are left out of its value.
    pub(super) fn push(&mut self, name: &'static str, value: impl Into<String>) {
        let mut value: String = value.into();
        value.retain(|c| !c.is_control());
        self.headers.push((Cow::Borrowed(name), value));
    }

    /// The same with one more header.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.push(name, value);
        self
    }

    /// The first header `name`, written in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(of, _)| of.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Every header `name`, in order.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(of, _)| of.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The length that is announced for the body. `Err` when it is no number, or two different ones.
    pub(super) fn announced_length(&self) -> Result<Option<u64>, ()> {
        let mut lengths = self.all("content-length").map(|value| value.trim().parse::<u64>());
        let Some(first) = lengths.next() else { return Ok(None) };
        let first = first.map_err(|_| ())?;
        if lengths.all(|length| length == Ok(first)) { Ok(Some(first)) } else { Err(()) }
    }

    /// The start line and headers of a message, up to but without the empty line; `None` when it is none.
    pub(super) fn read_head(head: &[u8]) -> Option<Self> {
        if head.len() > MAX_HEAD {
            return None;
        }
        let text = std::str::from_utf8(head).ok()?;
        if text.chars().any(|c| c.is_control() && !matches!(c, '\r' | '\n' | '\t')) {
            return None;
        }
        let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        let start = start(lines.next()?)?;
        let mut headers: Vec<(Cow<'static, str>, String)> = Vec::new();
        for line in lines {
            // A carriage return in the middle would be a line of its own to others.
            if line.contains('\r') {
                return None;
            }
            if line.starts_with([' ', '\t']) {
                let (_, folded) = headers.last_mut()?;
                folded.push(' ');
                folded.push_str(line.trim());
                continue;
            }
            let (name, value) = line.split_once(':')?;
            let name = name.trim_end();
            if !is_token(name) || headers.len() == MAX_HEADERS {
                return None;
            }
            headers.push((full_name(name), value.trim().replace('\t', " ")));
        }
        Some(Self { start, headers, body: Vec::new() })
    }

    /// The message as it is sent.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut text = match &self.start {
            Start::Request { method, uri } => format!("{method} {uri} SIP/2.0\r\n"),
            Start::Response(status) => format!("SIP/2.0 {status} {}\r\n", phrase(*status)),
        };
        for (name, value) in &self.headers {
            if !name.eq_ignore_ascii_case("content-length") {
                // Writing into a `String` cannot fail.
                let _ = write!(text, "{name}: {value}\r\n");
            }
        }
        let _ = write!(text, "Content-Length: {}\r\n\r\n", self.body.len());
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

fn start(line: &str) -> Option<Start> {
    if let Some(rest) = line.strip_prefix("SIP/2.0 ") {
        let status = rest.get(..3)?.parse().ok().filter(|status| (100..700).contains(status))?;
        return matches!(rest.as_bytes().get(3), None | Some(b' ')).then_some(Start::Response(status));
    }
    let mut parts = line.split(' ');
    let (method, uri, version) = (parts.next()?, parts.next()?, parts.next()?);
    let is_request = is_token(method) && !uri.is_empty() && version == "SIP/2.0" && parts.next().is_none();
    is_request.then(|| Start::Request { method: method.to_owned(), uri: uri.to_owned() })
}

/// RFC 3261, 25.1.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&byte))
}

/// The long form of a header's name, in lower case (7.3.3; RFC 6665, 8.2.1).
fn full_name(name: &str) -> Cow<'static, str> {
    let long = match name.to_ascii_lowercase().as_str() {
        "v" => "via",
        "f" => "from",
        "t" => "to",
        "i" => "call-id",
        "m" => "contact",
        "l" => "content-length",
        "c" => "content-type",
        "e" => "content-encoding",
        "o" => "event",
        "k" => "supported",
        other => return Cow::Owned(other.to_owned()),
    };
    Cow::Borrowed(long)
}

fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        405 => "Method Not Allowed",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        481 => "Subscription Does Not Exist",
        489 => "Bad Event",
        500 => "Server Internal Error",
        _ => "Answer",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOTIFY: &str = "NOTIFY sip:gw@192.0.2.1:5062 SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\n\
        Via: SIP/2.0/TCP 192.0.2.8\r\nFrom : <sip:anna@example.com>;tag=a\r\nt: \"Gateway\"\r\n <sip:gw@example.com>;tag=b\r\n\
        Call-ID: 1\r\nCSeq: 7 NOTIFY\r\no: presence\r\nl: 3\r\nX-Other:\r\n";

    #[test]
    fn short_names_and_folded_lines_are_read() {
        let read = Message::read_head(NOTIFY.trim_end().as_bytes()).expect("a message");

        assert_eq!(read.all("via").count(), 2);
        assert_eq!(read.header("to"), Some("\"Gateway\" <sip:gw@example.com>;tag=b"));
        assert_eq!(read.header("from"), Some("<sip:anna@example.com>;tag=a"));
        assert_eq!((read.header("event"), read.header("x-other")), (Some("presence"), Some("")));
        assert_eq!(read.announced_length(), Ok(Some(3)));
    }

    #[test]
    fn an_answer_repeats_what_it_must() {
        let request = Message::read_head(
            NOTIFY.replace("<sip:gw@example.com>;tag=b", "<sip:gw@example.com>").trim_end().as_bytes(),
        );
        let answer = Message::answer(&request.expect("a message"), 200, "mine").to_bytes();
        let answer = String::from_utf8(answer).expect("text");

        assert!(
            answer.starts_with("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1\r\nVia: "),
            "{answer}"
        );
        assert!(answer.contains("To: \"Gateway\" <sip:gw@example.com>;tag=mine\r\n"), "{answer}");
        assert!(answer.ends_with("CSeq: 7 NOTIFY\r\nContent-Length: 0\r\n\r\n"), "{answer}");
    }

    #[test]
    fn what_is_no_message_is_refused() {
        for text in [
            "",
            "NOTIFY",
            "NOTIFY sip:a SIP/3.0",
            "NOTIFY  sip:a SIP/2.0",
            "NOTIFY sip:a b SIP/2.0",
            "SIP/2.0 99 Low",
            "SIP/2.0 700 High",
            "SIP/2.0 2000",
            "SIP/2.0 x",
            "NOTIFY sip:a SIP/2.0\r\nno header",
            "NOTIFY sip:a SIP/2.0\r\n: empty",
            "NOTIFY sip:a SIP/2.0\r\n folded: at once",
            "NOTIFY sip:a SIP/2.0\r\nVia: a\rb",
            "NOTIFY sip:a SIP/2.0\r\nVia: a\0b",
        ] {
            assert_eq!(Message::read_head(text.as_bytes()), None, "{text}");
        }
        let many = format!("NOTIFY sip:a SIP/2.0{}", "\r\na: b".repeat(MAX_HEADERS + 1));
        assert_eq!(Message::read_head(many.as_bytes()), None);
        assert_eq!(Message::read_head(b"SIP/2.0 200 \xff"), None);
    }

    #[test]
    fn a_length_is_one_number() {
        let length = |lines: &str| {
            Message::read_head(format!("SIP/2.0 200 OK{lines}").as_bytes()).expect("a message").announced_length()
        };
        assert_eq!(length(""), Ok(None));
        assert_eq!(length("\r\nl: 5\r\nContent-Length: 5"), Ok(Some(5)));
        assert_eq!(length("\r\nl: 5\r\nContent-Length: 6"), Err(()));
        assert_eq!(length("\r\nl: -1"), Err(()));
        assert_eq!(length("\r\nl: 99999999999999999999"), Err(()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Message::read_head(&bytes);
        }

        #[test]
        fn what_is_written_is_read_as_the_same(
            method in "[A-Z]{1,10}",
            uri in "sip:[a-z0-9@.:]{1,20}",
            values in proptest::collection::vec("[ -~äß☎]{0,30}", 0..6),
        ) {
            let mut written = Message::request(&method, &uri);
            for value in &values {
                written.push("X-Value", value.clone());
            }
            let bytes = written.to_bytes();
            let head = bytes.strip_suffix(b"\r\n\r\n").expect("no body");
            let read = Message::read_head(head).expect("a message");
            prop_assert_eq!(&read.start, &written.start);
            let trimmed: Vec<&str> = values.iter().map(|value| value.trim()).collect();
            prop_assert_eq!(read.all("x-value").collect::<Vec<_>>(), trimmed);
        }

        #[test]
        fn a_header_is_never_two(value in any::<String>()) {
            let bytes = Message::request("OPTIONS", "sip:a").with("X-Value", value).to_bytes();
            prop_assert_eq!(String::from_utf8_lossy(&bytes).matches('\n').count(), 4);
        }
    }
}
