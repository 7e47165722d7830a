//! Codes as an authenticator makes them, apart from the gateway's own.

use directory_model::timestamp::Timestamp;
use ring::hmac;

/// The code that an authenticator with this secret (base32) shows at `now`.
pub fn code(secret: &str, now: Timestamp) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &base32(secret));
    let step = u64::try_from(now.millis() / 30_000).expect("after 1970");
    let hash = hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(hash.as_ref()[19] & 15);
    let number = hash.as_ref()[at..at + 4].iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

fn base32(text: &str) -> Vec<u8> {
    let digit = |sign: u8| match sign {
        b'A'..=b'Z' => u64::from(sign - b'A'),
        _ => u64::from(sign - b'2') + 26,
    };
    let groups = text.as_bytes().chunks(8);
    groups
        .flat_map(|group| group.iter().fold(0, |bits, sign| bits << 5 | digit(*sign)).to_be_bytes()[3..].to_vec())
        .collect()
}
