//! Digest authentication (RFC 3261, 22; RFC 7616; RFC 8760): what a challenge asks for, and what answers it.
//!
//! The strongest algorithm that a realm offers is used. A nonce is used again, counted, until the server gives another
//! one, so that a subscription is renewed without being asked who we are each time.

use std::cmp::Reverse;
use std::fmt::Write as _;

use directory_model::secret::Secret;
use md5::{Digest as _, Md5};
use ring::digest::{SHA256, SHA512_256, digest};

use super::header::{split, unquoted};
use super::hex;
use super::message::Message;

/// The most realms that are remembered; a call passes one or two.
const MAX_REALMS: usize = 8;

/// How a digest is computed, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hash {
    Md5,
    Sha256,
    Sha512256,
}

impl Hash {
    fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
            Self::Sha512256 => "SHA-512-256",
        }
    }

    fn of(self, parts: &[&str]) -> String {
        let text = parts.join(":");
        match self {
            Self::Md5 => hex(&Md5::digest(text.as_bytes())),
            Self::Sha256 => hex(digest(&SHA256, text.as_bytes()).as_ref()),
            Self::Sha512256 => hex(digest(&SHA512_256, text.as_bytes()).as_ref()),
        }
    }
}

/// Who asks who we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asking {
    Server,
    Proxy,
}

/// What a server asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Challenge {
    asking: Asking,
    realm: String,
    nonce: String,
    opaque: Option<String>,
    hash: Hash,
    /// `-sess`: the key is bound to the nonces.
    is_session: bool,
    /// Whether requests are counted (`qop=auth`); else as in RFC 2069.
    is_counted: bool,
    is_stale: bool,
}

impl Challenge {
    /// `None` when it is none that we can answer.
    fn parse(value: &str, asking: Asking) -> Option<Self> {
        let (scheme, rest) = value.trim().split_once(char::is_whitespace)?;
        if !scheme.eq_ignore_ascii_case("digest") {
            return None;
        }
        let parameters: Vec<(String, String)> = split(rest, ',')
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), unquoted(value.trim())))
            .collect();
        let get = |name: &str| parameters.iter().find(|(of, _)| of == name).map(|(_, value)| value.clone());
        let algorithm = get("algorithm").unwrap_or_else(|| "MD5".into()).to_ascii_uppercase();
        let (name, is_session) = match algorithm.strip_suffix("-SESS") {
            Some(name) => (name, true),
            None => (algorithm.as_str(), false),
        };
        let hash = [Hash::Md5, Hash::Sha256, Hash::Sha512256].into_iter().find(|hash| hash.name() == name)?;
        let is_counted = match get("qop") {
            None => false,
            Some(offered) if offered.split(',').any(|qop| qop.trim().eq_ignore_ascii_case("auth")) => true,
            Some(_) => return None,
        };
        Some(Self {
            asking,
            realm: get("realm")?,
            nonce: get("nonce")?,
            opaque: get("opaque"),
            hash,
            is_session,
            // A key that is bound to our nonce needs one, which is only sent when requests are counted.
            is_counted: is_counted || is_session,
            is_stale: get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
        })
    }

    fn asks_as(&self, other: &Self) -> bool {
        self.asking == other.asking && self.realm == other.realm
    }
}

/// A challenge that was accepted, and how often it was answered.
#[derive(Debug)]
struct Accepted {
    challenge: Challenge,
    cnonce: String,
    count: u32,
}

/// The challenges that one request has already answered afresh: one of them again means that the password is wrong.
#[derive(Debug, Clone, Default)]
pub(super) struct Answered(Vec<(Asking, String)>);

/// Who we are, and what servers asked of us.
#[derive(Debug)]
pub(super) struct Keyring {
    user: String,
    password: Option<Secret>,
    accepted: Vec<Accepted>,
}

impl Keyring {
    pub(super) fn new(user: impl Into<String>, password: Option<Secret>) -> Self {
        Self { user: user.into(), password, accepted: Vec::new() }
    }

    /// Takes up what a 401 or 407 asks for. False when it cannot be answered, or was: then the name or the password is
    /// wrong. `cnonce` is our part of the key.
    pub(super) fn take_up(&mut self, refusal: &Message, answered: &mut Answered, cnonce: &str) -> bool {
        let from = |name: &'static str, asking| {
            refusal.all(name).filter_map(move |value| Challenge::parse(value, asking)).collect::<Vec<_>>()
        };
        let mut offered = from("www-authenticate", Asking::Server);
        offered.extend(from("proxy-authenticate", Asking::Proxy));
        if self.password.is_none() || offered.is_empty() {
            return false;
        }
        // The strongest of each realm.
        offered.sort_by_key(|challenge| Reverse(challenge.hash));
        let mut chosen: Vec<Challenge> = Vec::new();
        for challenge in offered {
            if !chosen.iter().any(|other| other.asks_as(&challenge)) {
                chosen.push(challenge);
            }
        }
        for challenge in chosen.into_iter().take(MAX_REALMS) {
            let key = (challenge.asking, challenge.realm.clone());
            if answered.0.contains(&key) {
                // Only a nonce that is too old may be asked for again.
                if !challenge.is_stale {
                    self.accepted.retain(|accepted| !accepted.challenge.asks_as(&challenge));
                    return false;
                }
            } else {
                answered.0.push(key);
            }
            self.accepted.retain(|accepted| !accepted.challenge.asks_as(&challenge));
            if self.accepted.len() == MAX_REALMS {
                self.accepted.remove(0);
            }
            self.accepted.push(Accepted { challenge, cnonce: cnonce.to_owned(), count: 0 });
        }
        true
    }

    /// Adds to `request` what answers the challenges that were taken up.
    pub(super) fn sign(&mut self, request: &mut Message, method: &str, uri: &str) {
        let Some(password) = &self.password else { return };
        for accepted in &mut self.accepted {
            accepted.count = accepted.count.saturating_add(1);
            let value = accepted.answer(&self.user, password, method, uri);
            let name = match accepted.challenge.asking {
                Asking::Server => "Authorization",
                Asking::Proxy => "Proxy-Authorization",
            };
            request.push(name, value);
        }
    }
}

impl Accepted {
    fn answer(&self, user: &str, password: &Secret, method: &str, uri: &str) -> String {
        let Challenge { realm, nonce, opaque, hash, is_session, is_counted, .. } = &self.challenge;
        let (cnonce, count) = (self.cnonce.as_str(), format!("{:08x}", self.count));
        let mut key = hash.of(&[user, realm, password.expose()]);
        if *is_session {
            key = hash.of(&[&key, nonce, cnonce]);
        }
        let request = hash.of(&[method, uri]);
        let response = if *is_counted {
            hash.of(&[&key, nonce, &count, cnonce, "auth", &request])
        } else {
            hash.of(&[&key, nonce, &request])
        };
        let session = if *is_session { "-sess" } else { "" };
        let mut value = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\", algorithm={}{session}",
            quoted(user),
            quoted(realm),
            quoted(nonce),
            quoted(uri),
            hash.name(),
        );
        if *is_counted {
            let _ = write!(value, ", qop=auth, nc={count}, cnonce={}", quoted(cnonce));
        }
        if let Some(opaque) = opaque {
            let _ = write!(value, ", opaque={}", quoted(opaque));
        }
        value
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn challenged(headers: &[(&'static str, &str)]) -> Message {
        let mut refusal = Message::read_head(b"SIP/2.0 401 Unauthorized").expect("a message");
        for (name, value) in headers {
            refusal.push(name, *value);
        }
        refusal
    }

    fn signed(keyring: &mut Keyring, method: &str, uri: &str) -> Vec<String> {
        let mut request = Message::request(method, uri);
        keyring.sign(&mut request, method, uri);
        ["authorization", "proxy-authorization"]
            .iter()
            .flat_map(|name| request.all(name).map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    fn answer(user: &str, password: &str, challenge: &str, cnonce: &str, uri: &str) -> String {
        let mut keyring = Keyring::new(user, Some(Secret::new(password)));
        let refusal = challenged(&[("WWW-Authenticate", challenge)]);
        assert!(keyring.take_up(&refusal, &mut Answered::default(), cnonce), "{challenge}");
        signed(&mut keyring, "GET", uri).pop().expect("an answer")
    }

    /// RFC 7616, 3.9.1 (with the algorithms' names), and RFC 2617, 3.5.
    #[test]
    fn the_examples_of_the_standards_are_answered_as_they_say() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let opaque = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS";
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let challenge = format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, nonce=\"{nonce}\", opaque=\"{opaque}\""
            );
            let answer = answer("Mufasa", "Circle of Life", &challenge, cnonce, "/dir/index.html");
            assert!(answer.contains(&format!("response=\"{response}\"")), "{answer}");
            assert!(answer.contains(&format!("algorithm={algorithm}, qop=auth, nc=00000001, ")), "{answer}");
            assert!(answer.ends_with(&format!("opaque=\"{opaque}\"")), "{answer}");
        }
        let challenge =
            "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";
        let answer = answer("Mufasa", "Circle Of Life", challenge, "0a4f113b", "/dir/index.html");
        assert!(answer.contains("response=\"6629fae49393a05397450978507c4ef1\""), "{answer}");
    }

    /// Expected values by another program.
    #[test]
    fn sessions_old_servers_and_the_longer_hash_are_answered() {
        for (parameters, response) in [
            (", algorithm=SHA-512-256, qop=auth", SHA_512_256),
            (", algorithm=MD5-sess, qop=auth", MD5_SESSION),
            ("", MD5_UNCOUNTED),
        ] {
            let challenge = format!("digest nonce=\"n\", realm=\"r\"{parameters}");
            let answer = answer("u", "p", &challenge, "c", "/");
            assert!(answer.contains(&format!("response=\"{response}\"")), "{parameters}: {answer}");
        }
    }

    const SHA_512_256: &str = "519cb229dddd3519d9837260180352bc20d17680bb51c2ee862b66f4d1c4b50f";
    const MD5_SESSION: &str = "6e4aac8b22e97762f88ccd0d5ccf5b1d";
    const MD5_UNCOUNTED: &str = "f23121ca97143c6b358da620220c83b4";

    #[test]
    fn the_strongest_of_each_realm_is_answered() {
        let mut keyring = Keyring::new("u", Some(Secret::new("p")));
        let refusal = challenged(&[
            ("WWW-Authenticate", "Digest realm=\"a\", nonce=\"1\", algorithm=MD5"),
            ("WWW-Authenticate", "Digest realm=\"a\", nonce=\"2\", algorithm=SHA-256, qop=\"auth\""),
            ("WWW-Authenticate", "Digest realm=\"a\", nonce=\"3\", algorithm=SHA-3000"),
            ("WWW-Authenticate", "Digest realm=\"a\", nonce=\"4\", algorithm=SHA-512-256, qop=\"auth-int\""),
            ("WWW-Authenticate", "Basic realm=\"a\""),
            ("Proxy-Authenticate", "Digest realm=\"b\", nonce=\"5\""),
        ]);
        assert!(keyring.take_up(&refusal, &mut Answered::default(), "c"));

        let answers = signed(&mut keyring, "SUBSCRIBE", "sip:a@b");
        assert_eq!(answers.len(), 2, "{answers:?}");
        assert!(answers[0].contains("nonce=\"2\"") && answers[1].contains("nonce=\"5\""), "{answers:?}");
    }

    #[test]
    fn a_nonce_is_counted_until_there_is_another() {
        let mut keyring = Keyring::new("u", Some(Secret::new("p")));
        let asks = |nonce: &str, stale: &str| {
            challenged(&[("WWW-Authenticate", &format!("Digest realm=\"a\", nonce=\"{nonce}\", qop=\"auth\"{stale}"))])
        };
        let mut answered = Answered::default();
        assert!(keyring.take_up(&asks("1", ""), &mut answered, "c"));
        assert!(signed(&mut keyring, "SUBSCRIBE", "sip:a@b")[0].contains("nc=00000001"));
        assert!(signed(&mut keyring, "SUBSCRIBE", "sip:a@b")[0].contains("nc=00000002"));
        assert!(keyring.take_up(&asks("2", ", stale=TRUE"), &mut answered, "c"));
        assert!(signed(&mut keyring, "SUBSCRIBE", "sip:a@b")[0].contains("nonce=\"2\""));

        assert!(!keyring.take_up(&asks("3", ""), &mut answered, "c"), "the password is wrong");
        assert!(signed(&mut keyring, "SUBSCRIBE", "sip:a@b").is_empty(), "and is not tried again by itself");
        assert!(!Keyring::new("u", None).take_up(&asks("1", ""), &mut Answered::default(), "c"));
        assert!(!keyring.take_up(&challenged(&[]), &mut Answered::default(), "c"));
    }

    #[test]
    fn what_is_quoted_stays_quoted() {
        let answer = answer("a\"b", "p", r#"Digest realm="r\"s", nonce="n\\""#, "c", "/");
        assert!(answer.starts_with(r#"Digest username="a\"b", realm="r\"s", nonce="n\\", "#), "{answer}");
    }

    proptest! {
        #[test]
        fn any_challenge_is_read_without_a_panic(text in "[ -~]{0,120}") {
            let _ = Challenge::parse(&text, Asking::Server);
            let _ = Challenge::parse(&format!("Digest {text}"), Asking::Proxy);
        }
    }
}
