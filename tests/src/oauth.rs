//! A token service (OAuth 2.0) for one registered application, as Microsoft Entra answers.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::emulator::{Reply, Seen};
use crate::process::{run, scratch};

/// As what the gateway is registered.
pub const CLIENT_ID: &str = "11111111-2222-3333-4444-555555555555";
/// Its secret.
pub const CLIENT_SECRET: &str = "s3cret & more + than = letters";
/// What its tokens are for.
pub const SCOPE: &str = "https://service.example.com/.default";

/// The service, without a port of its own: it is part of another emulator.
#[derive(Debug, Clone, Default)]
pub struct TokenService {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    given: u32,
    oldest_valid: u32,
    lifetime: Option<u64>,
    certificate: Option<RegisteredCertificate>,
    replies: Vec<Reply>,
}

/// A certificate with which the application may prove itself.
#[derive(Debug, Clone)]
pub struct RegisteredCertificate {
    folder: PathBuf,
}

impl RegisteredCertificate {
    /// Makes one, with a key of RSA.
    pub fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let folder = scratch().join(format!("registered-{}", MADE.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&folder).expect("a folder can be made");
        run(Command::new("openssl")
            .current_dir(&folder)
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=gateway"])
            .args(["-keyout", "key.pem", "-out", "certificate.pem"]));
        run(Command::new("openssl").current_dir(&folder).args([
            "x509",
            "-in",
            "certificate.pem",
            "-pubkey",
            "-noout",
            "-out",
            "public.pem",
        ]));
        Self { folder }
    }

    /// The certificate in PEM.
    pub fn pem(&self) -> String {
        fs::read_to_string(self.folder.join("certificate.pem")).expect("the certificate can be read")
    }

    /// Its private key in PEM.
    pub fn key(&self) -> String {
        fs::read_to_string(self.folder.join("key.pem")).expect("the key can be read")
    }

    /// Whether openssl finds that the key signed `signed`.
    fn has_signed(&self, signed: &str, signature: &[u8]) -> bool {
        fs::write(self.folder.join("signed"), signed).expect("it can be written");
        fs::write(self.folder.join("signature"), signature).expect("it can be written");
        let mut check = Command::new("openssl");
        check.current_dir(&self.folder).args(["dgst", "-sha256", "-verify", "public.pem", "-signature", "signature"]);
        check.arg("signed").output().is_ok_and(|done| done.status.success())
    }

    /// Its SHA-1 hash, as openssl shows it.
    fn thumbprint(&self) -> Vec<u8> {
        let mut show = Command::new("openssl");
        show.current_dir(&self.folder).args(["x509", "-in", "certificate.pem", "-noout", "-fingerprint", "-sha1"]);
        let shown = String::from_utf8(show.output().expect("openssl runs").stdout).expect("it is text");
        let digits = shown.trim().rsplit('=').next().expect("it is shown after its name");
        digits.split(':').map(|byte| u8::from_str_radix(byte, 16).expect("it is hexadecimal")).collect()
    }
}

impl Default for RegisteredCertificate {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenService {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes assertions that are signed with this certificate, and the secret no longer.
    pub fn register(&self, certificate: RegisteredCertificate) {
        self.state().certificate = Some(certificate);
    }

    /// Makes every token that was given out invalid.
    pub fn revoke(&self) {
        let mut state = self.state();
        state.oldest_valid = state.given + 1;
    }

    /// Says from now on that tokens live for so many seconds.
    pub fn set_lifetime(&self, seconds: u64) {
        self.state().lifetime = Some(seconds);
    }

    /// Answers the next request so, and the ones after it with what is ordered then.
    pub fn reply_next(&self, reply: Reply) {
        self.state().replies.insert(0, reply);
    }

    /// How many tokens were given out.
    pub fn given(&self) -> u32 {
        self.state().given
    }

    /// Whether the request carries a token that holds.
    pub fn accepts(&self, request: &Seen) -> bool {
        let number = request.header("authorization").strip_prefix("Bearer token.").and_then(|text| text.parse().ok());
        let state = self.state();
        number.is_some_and(|number: u32| (state.oldest_valid..=state.given).contains(&number))
    }

    /// Answers a request for a token.
    pub fn answer(&self, request: &Seen, token_url: &str) -> Reply {
        let form = request.form();
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let mut state = self.state();
        if let Some(reply) = state.replies.pop() {
            return reply;
        }
        if request.header("content-type") != "application/x-www-form-urlencoded" {
            return refusal(400, "invalid_request", "AADSTS900144: The request body is no form.");
        }
        if field("grant_type") != "client_credentials" {
            return refusal(400, "unsupported_grant_type", "AADSTS70003: The grant type is not supported.");
        }
        if field("client_id") != CLIENT_ID {
            return refusal(400, "unauthorized_client", "AADSTS700016: The application was not found.");
        }
        if field("scope") != SCOPE && !field("scope").starts_with("http://127.0.0.1:") {
            return refusal(400, "invalid_scope", "AADSTS70011: The scope is not valid.");
        }
        let is_proven = match &state.certificate {
            Some(certificate) => proves(certificate, &form, token_url),
            None => field("client_secret") == CLIENT_SECRET,
        };
        if !is_proven {
            let text = "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 00000000-0000";
            return refusal(401, "invalid_client", text);
        }
        state.given += 1;
        let answer = json!({
            "token_type": "Bearer", "expires_in": state.lifetime.unwrap_or(3599),
            "access_token": format!("token.{}", state.given),
        });
        Reply::new(200, "application/json; charset=utf-8", answer.to_string())
    }
}

fn refusal(status: u16, error: &str, description: &str) -> Reply {
    let answer = json!({"error": error, "error_description": description, "error_codes": [1]});
    Reply::new(status, "application/json; charset=utf-8", answer.to_string())
}

/// Whether the assertion is one of the application, made for this service and signed by its key.
fn proves(
    certificate: &RegisteredCertificate,
    form: &std::collections::BTreeMap<String, String>,
    token_url: &str,
) -> bool {
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if field("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        || form.contains_key("client_secret")
    {
        return false;
    }
    let Some((signed, signature)) = field("client_assertion").rsplit_once('.') else { return false };
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let part = |number: usize| -> Value {
        serde_json::from_slice(&decode(signed.split('.').nth(number).unwrap_or_default())).unwrap_or_default()
    };
    let (header, claims) = (part(0), part(1));
    let is_living = claims["exp"].as_i64() > claims["nbf"].as_i64() && claims["nbf"].is_i64();
    header["alg"] == "RS256"
        && header["x5t"] == BASE64_URL_SAFE_NO_PAD.encode(certificate.thumbprint())
        && claims["aud"] == token_url
        && claims["iss"] == CLIENT_ID
        && claims["sub"] == CLIENT_ID
        && claims["jti"].as_str().is_some_and(|number| number.len() > 10)
        && is_living
        && certificate.has_signed(signed, &decode(signature))
}
