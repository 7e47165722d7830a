//! Search filters (RFC 4511, 4.5.1.7), as far as the connector may send them.

use super::Attributes;
use super::ber::Element;

#[derive(Debug, Clone)]
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Equal(String, Vec<u8>),
    AtLeast(String, Vec<u8>),
    AtMost(String, Vec<u8>),
    Present(String),
    /// Nothing that is not known holds.
    Unknown,
}

impl Filter {
    pub(super) fn read(element: &Element<'_>) -> Self {
        let all = || element.children().iter().map(Self::read).collect();
        let pair = || {
            let parts = element.children();
            (parts[0].text(), parts[1].content.to_vec())
        };
        match element.tag {
            0xa0 => Self::All(all()),
            0xa1 => Self::Any(all()),
            0xa2 => element.children().first().map_or(Self::Unknown, |inner| Self::Not(Box::new(Self::read(inner)))),
            0xa3 => {
                let (name, value) = pair();
                Self::Equal(name, value)
            }
            0xa5 => {
                let (name, value) = pair();
                Self::AtLeast(name, value)
            }
            0xa6 => {
                let (name, value) = pair();
                Self::AtMost(name, value)
            }
            0x87 => Self::Present(element.text()),
            _ => Self::Unknown,
        }
    }

    /// The number that an attribute must have at least.
    pub(super) fn least(&self, attribute: &str) -> Option<u64> {
        match self {
            Self::All(inner) => inner.iter().find_map(|filter| filter.least(attribute)),
            Self::AtLeast(name, wanted) if name.eq_ignore_ascii_case(attribute) => Some(number(wanted)),
            _ => None,
        }
    }

    pub(super) fn holds(&self, attributes: &Attributes) -> bool {
        let values = |name: &str| {
            let of_name = attributes.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
            of_name.flat_map(|(_, values)| values.iter()).collect::<Vec<_>>()
        };
        match self {
            Self::All(inner) => inner.iter().all(|filter| filter.holds(attributes)),
            Self::Any(inner) => inner.iter().any(|filter| filter.holds(attributes)),
            Self::Not(inner) => !inner.holds(attributes),
            Self::Equal(name, wanted) => values(name).iter().any(|value| value.eq_ignore_ascii_case(wanted)),
            Self::AtLeast(name, wanted) => values(name).iter().any(|value| number(value) >= number(wanted)),
            Self::AtMost(name, wanted) => values(name).iter().any(|value| number(value) <= number(wanted)),
            Self::Present(name) => name.eq_ignore_ascii_case("objectClass") || !values(name).is_empty(),
            Self::Unknown => false,
        }
    }
}

fn number(value: &[u8]) -> u64 {
    std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}
