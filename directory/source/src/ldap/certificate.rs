//! Until when a certificate is valid: the one thing that is read of it besides what TLS checks.

use directory_model::timestamp::Timestamp;

use super::ber::{Elements, Malformed, SEQUENCE};

const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The end of the certificate's validity (RFC 5280, 4.1.2.5); `None` when it cannot be read.
pub(super) fn expires_at(der: &[u8]) -> Option<Timestamp> {
    not_after(der).ok().flatten()
}

fn not_after(der: &[u8]) -> Result<Option<Timestamp>, Malformed> {
    let mut parts = Elements(Elements(Elements(der).expect(SEQUENCE)?).expect(SEQUENCE)?);
    let first = parts.next()?.ok_or(Malformed)?;
    if first.tag == VERSION {
        // The serial number.
        parts.next()?;
    }
    let (_signature, _issuer) = (parts.expect(SEQUENCE)?, parts.expect(SEQUENCE)?);
    let mut validity = Elements(parts.expect(SEQUENCE)?);
    validity.next()?;
    let end = validity.next()?.ok_or(Malformed)?;
    Ok(moment(end.tag, end.content))
}

/// `YYMMDDHHMMSSZ`, or the same with four digits of the year.
fn moment(tag: u8, text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.is_ascii())?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = text.split_at_checked(2)?;
            let century = if year < "50" { "20" } else { "19" };
            (format!("{century}{year}"), rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = text.split_at_checked(4)?;
            (year.to_owned(), rest)
        }
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2);
    let date = format!("{year}-{}-{}T{}:{}:{}Z", part(0)?, part(2)?, part(4)?, part(6)?, part(8)?);
    date.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_writing_a_moment_are_read() {
        for (tag, text, expected) in [
            (UTC_TIME, "261224093000Z", Some("2026-12-24T09:30:00Z")),
            (UTC_TIME, "500101000000Z", Some("1950-01-01T00:00:00Z")),
            (GENERALIZED_TIME, "20511224093000Z", Some("2051-12-24T09:30:00Z")),
            (UTC_TIME, "2612", None),
            (UTC_TIME, "269924093000Z", None),
            (0x04, "261224093000Z", None),
        ] {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(moment(tag, text.as_bytes()), expected, "{text}");
        }
        assert_eq!(expires_at(b"no certificate"), None);
    }
}
