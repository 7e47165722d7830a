//! Telephone numbers that people enter.

use directory_model::port::PhoneNumbers;

use crate::mapping::number::{country, e164};

/// What the numbering plans of all countries say.
#[derive(Debug, Clone, Copy, Default)]
pub struct NumberingPlans;

/// A country that decides nothing about numbers that name theirs.
const ANY: &str = "DE";

impl PhoneNumbers for NumberingPlans {
    fn e164(&self, text: &str, of: Option<&str>) -> Option<String> {
        let names_country = text.trim_start().starts_with('+');
        let of = of.or(names_country.then_some(ANY))?;
        e164(text, country(of)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_their_own_country_or_the_one_of_the_page() {
        for (entered, of, read) in [
            ("030 1234567", Some("DE"), Some("+49301234567")),
            ("+44 20 7946 0018", Some("DE"), Some("+442079460018")),
            ("+44 20 7946 0018", None, Some("+442079460018")),
            ("030 1234567", None, None),
            ("110", Some("DE"), None),
            ("call me", Some("DE"), None),
            ("", Some("DE"), None),
        ] {
            assert_eq!(NumberingPlans.e164(entered, of).as_deref(), read, "{entered} {of:?}");
        }
    }
}
