//! Telephone numbers, written internationally.
//!
//! The one place that calls `phonenumber`, which mangles numbers that name their country when it is
//! told another one: `+33142764978`, read as a number of the United States, loses its first `1`. So
//! a number that begins with `+`, or with what is dialled to leave the country, is read without a
//! country; and whatever the crate answers is believed only if it is a valid number that consists of
//! the digits that were there and is read as itself again.

use phonenumber::country::Id;
use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, PhoneNumber};

/// The longest text that may be a number.
const MAX_CHARS: usize = 64;
/// Internal numbers and those of emergency services are this short.
const MAX_SHORT_DIGITS: usize = 5;
/// The longest extension.
const MAX_EXTENSION_DIGITS: usize = 10;
/// What stands before an extension, the longer before what it contains.
const EXTENSION_MARKS: [&str; 8] = [";ext=", "extension", "extn", "ext", "durchwahl", "dw", "x", "#"];

/// The country with this code.
pub(crate) fn country(code: &str) -> Option<Id> {
    code.parse().ok()
}

/// `text` as E.164, with `;ext=` when it has an extension; `None` when it is no number, an internal
/// one, or one of an emergency service. `country` is that of numbers that name none.
pub(crate) fn e164(text: &str, country: Id) -> Option<String> {
    let text = text.trim();
    if text.chars().count() > MAX_CHARS {
        return None;
    }
    let text =
        text.get(..4).filter(|start| start.eq_ignore_ascii_case("tel:")).map_or(text, |start| &text[start.len()..]);
    let (main, extension) = split_extension(text);
    let dialled = dialled(main)?;
    let digits = dialled.trim_start_matches('+');
    if digits.len() <= MAX_SHORT_DIGITS {
        return None;
    }
    let international = international(&dialled, country);
    let number = match &international {
        Some(international) => valid(None, international),
        None => valid(Some(country), digits),
    }?;
    let written = number.format().mode(Mode::E164).to_string();
    let national = number.national().to_string();
    let is_made_of_them = match &international {
        // Some write the zero of the national form behind the country.
        Some(all) => *all == written || *all == format!("+{}0{national}", number.code().value()),
        None => digits.ends_with(&national),
    };
    let is_itself = valid(None, &written).is_some_and(|again| again.format().mode(Mode::E164).to_string() == written);
    let extension = extension.map(|digits| format!(";ext={digits}")).unwrap_or_default();
    (is_made_of_them && is_itself).then(|| written + &extension)
}

/// The number with its country in front, when it names one.
fn international(dialled: &str, country: Id) -> Option<String> {
    if dialled.starts_with('+') {
        return Some(dialled.to_owned());
    }
    let prefix = DATABASE.by_id(country.as_ref()).and_then(|plan| plan.international_prefix())?;
    let found = prefix.find(dialled).filter(|found| found.start() == 0)?;
    let rest = &dialled[found.end()..];
    (!rest.starts_with('0')).then(|| format!("+{rest}"))
}

fn valid(country: Option<Id>, digits: &str) -> Option<PhoneNumber> {
    phonenumber::parse(country, digits).ok().filter(phonenumber::is_valid)
}

/// The digits of a number, and the plus before them, if there is nothing else but what divides them
/// for the eye; the zero in `+49 (0) 30` is not dialled.
fn dialled(text: &str) -> Option<String> {
    let text = text.trim();
    let is_international = text.starts_with('+');
    let text = if is_international { text.replace("(0)", " ") } else { text.to_owned() };
    let mut dialled = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' => dialled.push(c),
            '+' if at == 0 => dialled.push(c),
            ' ' | '\u{a0}' | '-' | '\u{2010}'..='\u{2015}' | '.' | '/' | '(' | ')' => {}
            _ => return None,
        }
    }
    Some(dialled)
}

/// The number and the digits of its extension; all of the text when there is none.
fn split_extension(text: &str) -> (&str, Option<&str>) {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, extension) = text.split_at(text.len() - digits);
    let before = before.trim_end_matches([' ', ':', '.']);
    let mark = EXTENSION_MARKS.into_iter().find_map(|mark| {
        let start = before.len().checked_sub(mark.len())?;
        before.get(start..).filter(|end| end.eq_ignore_ascii_case(mark)).map(|_| start)
    });
    match mark {
        Some(start) if (1..=MAX_EXTENSION_DIGITS).contains(&digits) => {
            (before[..start].trim_end_matches([' ', ',', ';']), Some(extension))
        }
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use directory_model::country::CODES;
    use proptest::prelude::*;

    use super::*;

    fn written(code: &str, text: &str) -> Option<String> {
        e164(text, country(code).expect(code))
    }

    #[test]
    fn numbers_are_written_internationally() {
        for (code, text, expected) in [
            ("DE", "030 1234567", "+49301234567"),
            ("DE", "(030) 123-45 67", "+49301234567"),
            ("DE", "030/1234567", "+49301234567"),
            ("DE", "+49 (0)30 1234567", "+49301234567"),
            ("DE", "0049 30 1234567", "+49301234567"),
            ("DE", "tel:+49301234567;ext=12", "+49301234567;ext=12"),
            ("DE", "+49 30 1234567 ext. 0012", "+49301234567;ext=0012"),
            ("DE", "030 1234567 Durchwahl 89", "+49301234567;ext=89"),
            ("DE", "0170 1234567", "+491701234567"),
            ("AT", "01 58858-0", "+431588580"),
            ("CH", "044 668 18 00", "+41446681800"),
            // Italian numbers keep their zero.
            ("IT", "06 6982 1234", "+390669821234"),
            ("GB", "020 7946 0018", "+442079460018"),
            ("US", "(212) 555-0134 x99", "+12125550134;ext=99"),
            ("US", "1-212-555-0134", "+12125550134"),
            // Numbers of other countries are those of their own, whatever country is set.
            ("US", "+33142764978", "+33142764978"),
            ("US", "011 33 1 42 76 49 78", "+33142764978"),
            ("DE", "0033 1 42 76 49 78", "+33142764978"),
            ("GB", "+1 212 555 0134", "+12125550134"),
            ("FR", "+39 06 6982 1234", "+390669821234"),
        ] {
            assert_eq!(written(code, text).as_deref(), Some(expected), "{code} {text}");
        }
    }

    #[test]
    fn what_is_no_number_gives_none() {
        for text in [
            "",
            " ",
            "+",
            "200",
            "4711",
            "12345",
            "110",
            "112",
            "911",
            "999",
            "n/a",
            "anonymous",
            "*31#0301234567",
            "sip:anna@example.com",
            "0800 FLOWERS",
            "+49 30 1234567 / +49 30 7654321",
            "+999 1234567890",
            "00 00 00 00 00",
            "30 1234567+",
            "+49 30 1234567;phone-context=x",
            "٠٣٠١٢٣٤٥٦٧",
            "03012345678901234567890123456789012345678901234567890123456789012345",
        ] {
            assert_eq!(written("DE", text), None, "{text}");
        }
    }

    #[test]
    fn every_country_of_the_model_is_known() {
        for code in CODES {
            assert!(country(code).is_some_and(|id| DATABASE.by_id(id.as_ref()).is_some()), "{code}");
        }
    }

    proptest! {
        #[test]
        fn whatever_it_makes_is_made_of_the_same_digits(
            text in "[+0-9 ()/.x-]{0,24}|\\+[1-9][0-9]{6,14}|0[0-9]{5,12}|\\PC{0,30}",
            code in proptest::sample::select(CODES.to_vec()),
        ) {
            let Some(number) = written(code, &text) else { return Ok(()) };

            let (main, _) = number.split_once(";ext=").unwrap_or((&number, ""));
            prop_assert!(main.starts_with('+') && main[1..].bytes().all(|byte| byte.is_ascii_digit()), "{}", number);
            prop_assert_eq!(written(code, &number), Some(number.clone()), "written again");
            if text.starts_with('+') {
                let digits: String = text.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
                let all: String = number.chars().filter(char::is_ascii_digit).collect();
                let is_all = (1..4).any(|code| digits == main[1..] || digits == format!("{}0{}", &main[1..=code], &main[code + 1..]));
                prop_assert!(is_all || digits == all, "{} of {}", number, text);
            }
        }
    }
}
