//! ID tokens: what must hold before their word counts (OpenID Connect Core 1.0, 3.1.3.7).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use directory_model::identity::IdentityFailure;
use directory_model::timestamp::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::keys::{Algorithm, Keys, Verified};

/// A longer token is not looked at.
const MAX_BYTES: usize = 32 * 1024;
/// How far the provider's clock may be from ours, in seconds.
const SKEW_SECONDS: f64 = 60.0;
/// The longest subject (Core, 2).
const MAX_SUBJECT: usize = 255;

/// Whom a token must be from, for and about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) now: Timestamp,
}

/// What a token that holds says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Claims {
    pub(crate) subject: String,
    all: Map<String, Value>,
}

/// Why a token does not count, or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is signed with a key that is not known; it may have been published since.
    UnknownKey,
    /// For good.
    Untrusted(&'static str),
}

#[derive(Deserialize)]
struct Header {
    alg: Algorithm,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Standard {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    iat: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    azp: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl From<Refusal> for IdentityFailure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownKey => Self::Untrusted("it is signed with a key that the provider does not publish"),
            Refusal::Untrusted(why) => Self::Untrusted(why),
        }
    }
}

/// What `token` says, if it is signed with one of `keys` and all that is expected holds.
pub(crate) fn verify(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, Refusal> {
    let unreadable = || Refusal::Untrusted("it is no token");
    if token.len() > MAX_BYTES {
        return Err(unreadable());
    }
    let (signed, signature) = token.rsplit_once('.').ok_or_else(unreadable)?;
    let (header, payload) = signed.split_once('.').ok_or_else(unreadable)?;
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| unreadable());
    let header: Header = serde_json::from_slice(&decoded(header)?)
        .map_err(|_| Refusal::Untrusted("it is signed in a way that is not accepted"))?;
    if header.crit.is_some() {
        return Err(Refusal::Untrusted("it asks for more than is understood"));
    }
    match keys.verify(header.alg, header.kid.as_deref(), signed.as_bytes(), &decoded(signature)?) {
        Verified::Right => {}
        Verified::UnknownKey => return Err(Refusal::UnknownKey),
        Verified::Wrong => return Err(Refusal::Untrusted("its signature is wrong")),
    }
    let payload = decoded(payload)?;
    let standard: Standard = serde_json::from_slice(&payload).map_err(|_| unreadable())?;
    let all: Map<String, Value> = serde_json::from_slice(&payload).map_err(|_| unreadable())?;
    standard.hold(expected)?;
    Ok(Claims { subject: standard.sub, all })
}

impl Standard {
    fn hold(&self, expected: &Expected<'_>) -> Result<(), Refusal> {
        let is_for_us = match &self.aud {
            Audience::One(one) => one == expected.client_id,
            Audience::Several(all) => all.iter().any(|one| one == expected.client_id),
        };
        // Whoever else it is for may have it, too: then it must say that we asked.
        let is_shared = matches!(&self.aud, Audience::Several(all) if all.len() > 1);
        let is_ours = match &self.azp {
            Some(asked) => asked == expected.client_id,
            None => !is_shared,
        };
        #[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^52")]
        let now = expected.now.millis().div_euclid(1000) as f64;
        let skew = SKEW_SECONDS;
        let is_subject = (1..=MAX_SUBJECT).contains(&self.sub.len());
        let rules = [
            (self.iss == expected.issuer, "it is from another provider"),
            (is_for_us && is_ours, "it is for somebody else"),
            (self.exp + skew > now, "it has expired"),
            (self.iat - skew <= now && self.nbf.is_none_or(|from| from - skew <= now), "it is from the future"),
            (self.nonce.as_deref() == Some(expected.nonce), "it is for another sign-in"),
            (is_subject, "it says of nobody who they are"),
        ];
        match rules.into_iter().find(|(holds, _)| !holds) {
            Some((_, why)) => Err(Refusal::Untrusted(why)),
            None => Ok(()),
        }
    }
}

impl Claims {
    /// What the claim says, if it says anything that can be believed.
    pub(crate) fn name(&self, claim: &str) -> Option<String> {
        believed(&self.all, claim)
    }
}

/// The text of a claim; a mail address counts if it is verified.
pub(crate) fn believed(claims: &Map<String, Value>, claim: &str) -> Option<String> {
    let is_believed = claim != "email" || claims.get("email_verified") == Some(&Value::Bool(true));
    let text = claims.get(claim)?.as_str()?.trim();
    (is_believed && !text.is_empty() && text.len() <= 512).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
