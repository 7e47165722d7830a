//! Codes that change with the time (RFC 6238, SHA-1, six digits, every thirty seconds: what every
//! authenticator knows), and recovery codes for who has none at hand. All but the random numbers is pure.

use data_encoding::{BASE32, BASE32_NOPAD};
use directory_model::secret::Secret;
use directory_model::timestamp::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;

use super::secret::{bytes, is_same};
use crate::problem::Problem;

/// How long a code holds, in seconds.
const STEP_SECONDS: i64 = 30;
/// How many digits a code has.
const DIGITS: usize = 6;
/// How many steps a clock may be off, in either direction.
const SKEW_STEPS: i64 = 1;
/// The length of a secret, in bytes: that of the hash.
const SECRET_BYTES: usize = 20;
/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// The length of a recovery code, in bytes: too many to try, whoever has read their hashes.
const RECOVERY_BYTES: usize = 10;

/// What RFC 3986 does not let stand as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A new secret, in base32.
pub(crate) fn new_secret() -> Result<Secret, Problem> {
    Ok(Secret::new(BASE32_NOPAD.encode(&bytes::<SECRET_BYTES>()?)))
}

/// New recovery codes such as `ABCD-EFGH-IJKL-MNOP`.
pub(crate) fn new_recovery_codes() -> Result<Vec<String>, Problem> {
    let code = || bytes::<RECOVERY_BYTES>().map(|bytes| grouped(&BASE32.encode(&bytes)));
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

/// What an authenticator reads, also as a picture.
pub(crate) fn uri(tenant: &str, user: &str, secret: &Secret) -> String {
    let (issuer, secret) = (escaped("Switchboard"), secret.expose());
    let place = if tenant.is_empty() { user.to_owned() } else { format!("{user} ({tenant})") };
    let account = escaped(&place);
    format!("otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

/// Whether what somebody entered is meant as a code of an authenticator, and not as a recovery code.
pub(crate) fn is_code(entered: &str) -> bool {
    let digits = digits(entered);
    digits.len() == DIGITS && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// The step whose code was entered at `now`, if it is later than the one that was used last.
pub(crate) fn matching_step(secret: &Secret, entered: &str, now: Timestamp, used: Option<i64>) -> Option<i64> {
    let key = BASE32_NOPAD.decode(secret.expose().as_bytes()).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let (entered, current) = (digits(entered), now.millis().div_euclid(1000 * STEP_SECONDS));
    let steps = (current - SKEW_STEPS..=current + SKEW_STEPS).filter(|step| used.is_none_or(|used| *step > used));
    // All are compared, so that the time does not tell which one it was.
    steps.fold(None, |found, step| if is_same(&code(&key, step), &entered) { Some(step) } else { found })
}

/// A recovery code as it is hashed, however it was written.
pub(crate) fn normal_recovery_code(entered: &str) -> String {
    let letters = entered.chars().filter(char::is_ascii_alphanumeric).take(64);
    letters.map(|letter| letter.to_ascii_uppercase()).collect()
}

fn code(key: &hmac::Key, step: i64) -> String {
    let hash = hmac::sign(key, &step.to_be_bytes());
    let hash = hash.as_ref();
    let at = usize::from(hash.last().copied().unwrap_or_default() & 0xf);
    let four = hash.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok()).unwrap_or_default();
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000;
    format!("{number:06}")
}

/// What was entered without the spaces with which authenticators show codes.
fn digits(entered: &str) -> String {
    entered.chars().filter(|sign| !sign.is_whitespace()).take(DIGITS + 1).collect()
}

fn grouped(letters: &str) -> String {
    let groups = letters.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join("-")
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn secret() -> Secret {
        Secret::new(BASE32_NOPAD.encode(b"12345678901234567890"))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(matching_step(&secret(), code, at(seconds), None), Some(seconds / 30), "{code}");
        }
    }

    #[test]
    fn a_code_holds_one_step_more_in_either_direction_and_once() {
        let code = "081804";
        let step = 1_111_111_109 / 30;
        for (offset, holds) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let now = at((step + offset) * 30);
            assert_eq!(matching_step(&secret(), code, now, None).is_some(), holds, "{offset}");
        }
        let now = at(step * 30);
        assert_eq!(matching_step(&secret(), code, now, Some(step)), None, "used");
        assert_eq!(matching_step(&secret(), code, now, Some(step - 1)), Some(step));
        assert_eq!(matching_step(&secret(), "081 804", now, None), Some(step), "as it is shown");
        for wrong in ["", "081805", "81804", "0818040", "abcdef"] {
            assert_eq!(matching_step(&secret(), wrong, now, None), None, "{wrong}");
        }
    }

    #[test]
    fn a_recovery_code_is_the_same_however_it_is_written() {
        let codes = new_recovery_codes().expect("random numbers");
        assert_eq!(codes.len(), 10);
        for code in codes {
            assert_eq!(code.len(), 19, "{code}");
            assert!(!is_code(&code));
            let careless = format!(" {} ", code.to_lowercase().replace('-', " "));
            assert_eq!(normal_recovery_code(&careless), normal_recovery_code(&code));
        }
    }

    #[test]
    fn an_authenticator_is_told_whose_code_it_is() {
        assert_eq!(
            uri("Müller & Co", "anna@x.org", &Secret::new("ABC")),
            "otpauth://totp/Switchboard:anna%40x.org%20%28M%C3%BCller%20%26%20Co%29?secret=ABC&issuer=Switchboard\
             &algorithm=SHA1&digits=6&period=30"
        );
    }
}
