//! Signatures of requests, as Standard Webhooks says: HMAC-SHA256 over id, time and body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use directory_model::secret::Secret;
use ring::hmac;

/// What a secret begins with whose rest is the key in base64.
const PREFIX: &str = "whsec_";

/// The value of `webhook-signature` for a message: its identity, when it is sent in seconds, its body.
pub fn sign(secret: &Secret, id: &str, seconds: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key(secret));
    let mut signing = hmac::Context::with_key(&key);
    for part in [id, ".", &seconds.to_string(), ".", body] {
        signing.update(part.as_bytes());
    }
    format!("v1,{}", STANDARD.encode(signing.sign()))
}

/// The key that the secret stands for: the bytes behind `whsec_`, or those of the text itself.
fn key(secret: &Secret) -> Vec<u8> {
    let text = secret.expose();
    let encoded = text.strip_prefix(PREFIX).and_then(|encoded| STANDARD.decode(encoded).ok());
    encoded.unwrap_or_else(|| text.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_convention_is_signed_alike() {
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signature = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");

        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn every_part_changes_the_signature() {
        let secret = Secret::new("a secret of some length");
        let signature = sign(&secret, "msg_1", 1, "{}");
        for other in [
            sign(&Secret::new("another secret of some length"), "msg_1", 1, "{}"),
            sign(&secret, "msg_2", 1, "{}"),
            sign(&secret, "msg_1", 2, "{}"),
            sign(&secret, "msg_1", 1, "{ }"),
        ] {
            assert_ne!(other, signature);
        }
    }
}
