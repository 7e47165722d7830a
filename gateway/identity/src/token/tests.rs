use proptest::prelude::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::json;

use super::*;

const NOW: i64 = 1_800_000_000;

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A provider with one key of a curve.
struct Provider {
    key: EcdsaKeyPair,
    random: SystemRandom,
}

impl Provider {
    fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).expect("a key");
        Self { key, random }
    }

    fn published(&self, id: &str) -> Value {
        let point = self.key.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "kid": id, "x": text(&point[1..33]), "y": text(&point[33..])})
    }

    fn keys(&self) -> Keys {
        keys(&[self.published("one")])
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", text(header.to_string().as_bytes()), text(claims.to_string().as_bytes()));
        let signature = self.key.sign(&self.random, signed.as_bytes()).expect("signed");
        format!("{signed}.{}", text(signature.as_ref()))
    }

    fn token(&self, claims: &Value) -> String {
        self.sign(&json!({"alg": "ES256", "kid": "one"}), claims)
    }
}

fn keys(all: &[Value]) -> Keys {
    Keys::read(json!({ "keys": all }).to_string().as_bytes()).expect("keys")
}

fn claims() -> Value {
    json!({
        "iss": "https://id.example.com", "sub": "anna", "aud": "switchboard", "nonce": "once",
        "iat": NOW - 1, "exp": NOW + 300, "preferred_username": "anna@example.com",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut all = claims();
    all[name] = value;
    all
}

fn expected() -> Expected<'static> {
    let now = Timestamp::from_millis(NOW * 1000);
    Expected { issuer: "https://id.example.com", client_id: "switchboard", nonce: "once", now }
}

#[test]
fn what_must_hold_is_looked_at() {
    let provider = Provider::new();
    let keys = provider.keys();
    for (name, value, holds) in [
        ("aud", json!("switchboard"), true),
        ("aud", json!(["switchboard"]), true),
        ("aud", json!(["switchboard", "other"]), false),
        ("aud", json!("other"), false),
        ("aud", json!([]), false),
        ("aud", json!(null), false),
        ("azp", json!("switchboard"), true),
        ("azp", json!("other"), false),
        ("iss", json!("https://id.example.com/"), false),
        ("sub", json!(""), false),
        ("sub", json!("x".repeat(256)), false),
        ("sub", json!(7), false),
        ("nonce", json!("twice"), false),
        ("nonce", json!(null), false),
        ("exp", json!(NOW - 59), true),
        ("exp", json!(NOW - 60), false),
        ("exp", json!(null), false),
        ("iat", json!(NOW + 60), true),
        ("iat", json!(NOW + 61), false),
        ("nbf", json!(NOW + 61), false),
    ] {
        let verified = verify(&provider.token(&with(name, value.clone())), &keys, &expected());
        assert_eq!(verified.is_ok(), holds, "{name}: {value} {verified:?}");
    }
    let mut shared = with("aud", json!(["switchboard", "other"]));
    shared["azp"] = json!("switchboard");
    assert!(verify(&provider.token(&shared), &keys, &expected()).is_ok());
}

#[test]
fn only_the_providers_own_signature_counts() {
    let (provider, other) = (Provider::new(), Provider::new());
    let keys_of = provider.keys();
    let good = provider.token(&claims());
    assert_eq!(verify(&good, &keys_of, &expected()).expect("it holds").subject, "anna");

    let wrong = Refusal::Untrusted("its signature is wrong");
    let unaccepted = Refusal::Untrusted("it is signed in a way that is not accepted");
    let (signed, _) = good.rsplit_once('.').expect("three parts");
    for (token, refusal) in [
        (other.token(&claims()), wrong.clone()),
        (format!("{signed}."), wrong.clone()),
        (format!("{}x", &good[..good.len() - 1]), wrong),
        (provider.sign(&json!({"alg": "none"}), &claims()), unaccepted.clone()),
        (provider.sign(&json!({"alg": "HS256", "kid": "one"}), &claims()), unaccepted),
        (provider.sign(&json!({"alg": "ES256", "kid": "two"}), &claims()), Refusal::UnknownKey),
        (provider.sign(&json!({"alg": "RS256", "kid": "one"}), &claims()), Refusal::UnknownKey),
        (
            provider.sign(&json!({"alg": "ES256", "kid": "one", "crit": ["x"]}), &claims()),
            Refusal::Untrusted("it asks for more than is understood"),
        ),
        (good.replace('.', "!"), Refusal::Untrusted("it is no token")),
        ("x".repeat(MAX_BYTES + 1), Refusal::Untrusted("it is no token")),
    ] {
        let refused = verify(&token, &keys_of, &expected()).expect_err("it does not hold");
        // A last letter may stand for the same bytes as another one; then the token is no base64.
        let is_garbled = refused == Refusal::Untrusted("it is no token");
        assert!(refused == refusal || (is_garbled && token.ends_with('x')), "{token}: {refused:?}");
    }
}

#[test]
fn keys_that_are_for_something_else_are_not_taken() {
    let provider = Provider::new();
    let token = provider.token(&claims());
    for (change, refusal) in [
        (json!({"use": "enc"}), Some(Refusal::UnknownKey)),
        (json!({"alg": "ES384"}), Some(Refusal::UnknownKey)),
        (json!({"use": "sig", "alg": "ES256"}), None),
        (json!({"kid": null}), None),
    ] {
        let mut key = provider.published("one");
        key.as_object_mut().expect("an object").extend(change.as_object().cloned().expect("an object"));
        assert_eq!(verify(&token, &keys(&[key]), &expected()).err(), refusal, "{change}");
    }
    let nameless = provider.sign(&json!({"alg": "ES256"}), &claims());
    let both = keys(&[Provider::new().published("other"), json!({"kty": "oct", "k": "x"}), provider.published("one")]);
    assert!(verify(&nameless, &both, &expected()).is_ok());
}

#[test]
fn ed25519_is_understood() {
    let random = SystemRandom::new();
    let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).expect("a key");
    let key = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).expect("a key");
    let published = json!({"kty": "OKP", "crv": "Ed25519", "x": text(key.public_key().as_ref())});
    let signed = format!("{}.{}", text(br#"{"alg":"EdDSA"}"#), text(claims().to_string().as_bytes()));
    let token = format!("{signed}.{}", text(key.sign(signed.as_bytes()).as_ref()));

    assert!(verify(&token, &keys(&[published]), &expected()).is_ok());
}

#[test]
fn a_mail_address_counts_if_it_is_verified() {
    let provider = Provider::new();
    for (claim, change, name) in [
        ("preferred_username", json!({}), Some("anna@example.com")),
        ("email", json!({"email": "a@x.org"}), None),
        ("email", json!({"email": "a@x.org", "email_verified": "true"}), None),
        ("email", json!({"email": "a@x.org", "email_verified": true}), Some("a@x.org")),
        ("upn", json!({"upn": " "}), None),
        ("upn", json!({"upn": 7}), None),
    ] {
        let mut all = claims();
        all.as_object_mut().expect("an object").extend(change.as_object().cloned().expect("an object"));
        let verified = verify(&provider.token(&all), &provider.keys(), &expected()).expect("it holds");
        assert_eq!(verified.name(claim).as_deref(), name, "{claim} {change}");
    }
}

proptest! {
    #[test]
    fn whatever_is_sent_as_a_token_breaks_nothing(token in "[\\PC.]{0,200}", keys in "\\PC{0,200}") {
        let keys = Keys::read(keys.as_bytes()).unwrap_or_default();
        prop_assert!(verify(&token, &keys, &expected()).is_err());
    }
}
