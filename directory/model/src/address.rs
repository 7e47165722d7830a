//! The addresses by which a contact is known, and the keys by which they are compared.

use serde::{Deserialize, Serialize};

use crate::invalid::{Invalid, Rule};
use crate::text::fold;

/// The longest address, in characters (RFC 5321: 64 + 1 + 255, with room for a scheme).
pub const ADDRESS_CHARS: usize = 326;

/// The kinds of address that are unique in a tenant, each for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// A SIP address of Lync, Skype for Business or a telephone system.
    Sip,
    /// An e-mail address.
    Mail,
    /// A consumer Skype name.
    Skype,
}

impl AddressKind {
    /// Every kind, in the order in which conflicts are reported.
    pub const ALL: [Self; 3] = [Self::Sip, Self::Mail, Self::Skype];

    /// The word for it in the conflict message (seed 001): `SIP`, `Mail` or `Skype`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sip => "SIP",
            Self::Mail => "Mail",
            Self::Skype => "Skype",
        }
    }

    /// The word for it in fields and rows: `sip`, `mail` or `skype`.
    pub fn field(self) -> &'static str {
        match self {
            Self::Sip => "sip",
            Self::Mail => "mail",
            Self::Skype => "skype",
        }
    }
}

/// The folded form under which an address is unique in its tenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContactKey {
    /// Which of the three address spaces.
    pub kind: AddressKind,
    /// The folded address, without scheme.
    pub folded: String,
}

impl ContactKey {
    /// The key of `address`: scheme and URI parameters dropped, folded.
    pub fn new(kind: AddressKind, address: &str) -> Self {
        Self { kind, folded: fold(bare_address(kind, address)) }
    }
}

/// The address without scheme and URI parameters, otherwise as it is written.
pub fn bare_address(kind: AddressKind, address: &str) -> &str {
    let bare = match kind {
        AddressKind::Sip => strip_scheme(address, &["sip:", "sips:"]),
        AddressKind::Mail => strip_scheme(address, &["mailto:", "smtp:"]),
        AddressKind::Skype => strip_scheme(address, &["skype:"]),
    };
    if kind == AddressKind::Sip { bare.split([';', '?']).next().unwrap_or(bare) } else { bare }
}

/// The normal form of an address as it is kept: trimmed, SIP with its scheme, the others without.
pub fn normal_address(kind: AddressKind, address: &str) -> String {
    let address = address.trim();
    match kind {
        AddressKind::Sip => {
            let scheme = if has_scheme(address, "sips:") { "sips:" } else { "sip:" };
            format!("{scheme}{}", strip_scheme(address, &["sip:", "sips:"]))
        }
        AddressKind::Mail => strip_scheme(address, &["mailto:", "smtp:"]).to_owned(),
        AddressKind::Skype => strip_scheme(address, &["skype:"]).to_owned(),
    }
}

/// Refuses an address that is not of its kind's form.
pub fn check_address(kind: AddressKind, address: &str) -> Result<(), Invalid> {
    let refuse = |rule| Err(Invalid::new(kind.field(), address.escape_debug(), rule));
    if address.chars().count() > ADDRESS_CHARS {
        return refuse(Rule::TooLong { max: ADDRESS_CHARS as u64, unit: "characters".into() });
    }
    let bare = ContactKey::new(kind, address).folded;
    let plain = !bare.is_empty() && !bare.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"\\,".contains(c));
    let holds = match kind {
        AddressKind::Sip | AddressKind::Mail => plain && is_mailbox(&bare),
        AddressKind::Skype => plain,
    };
    if holds { Ok(()) } else { refuse(Rule::Format { expected: expected(kind).into() }) }
}

fn expected(kind: AddressKind) -> &'static str {
    match kind {
        AddressKind::Sip => "a SIP address such as sip:anna@example.com",
        AddressKind::Mail => "a mail address such as anna@example.com",
        AddressKind::Skype => "a Skype name without spaces, such as live:anna",
    }
}

fn is_mailbox(bare: &str) -> bool {
    match bare.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && !domain.is_empty()
                && !domain.contains('@')
                && !domain.starts_with(['.', '-'])
                && !domain.ends_with(['.', '-'])
                && !domain.contains("..")
        }
        None => false,
    }
}

fn has_scheme(address: &str, scheme: &str) -> bool {
    address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

fn strip_scheme<'a>(address: &'a str, schemes: &[&str]) -> &'a str {
    let address = address.trim();
    schemes.iter().find(|scheme| has_scheme(address, scheme)).map_or(address, |scheme| &address[scheme.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_mean_the_same_have_one_key() {
        for (kind, one, other) in [
            (AddressKind::Sip, "sip:Anna@Example.com;transport=tls", "SIPS:anna@example.COM"),
            (AddressKind::Sip, "anna@example.com", "sip:anna@example.com"),
            (AddressKind::Mail, "SMTP:Anna@Example.com", "anna@example.com"),
            (AddressKind::Skype, "skype:Live:Anna", "live:anna"),
        ] {
            assert_eq!(ContactKey::new(kind, one), ContactKey::new(kind, other));
        }
    }

    #[test]
    fn addresses_of_the_wrong_form_are_refused() {
        for (kind, address, allowed) in [
            (AddressKind::Sip, "sip:anna@example.com", true),
            (AddressKind::Sip, "sip:+49301234@example.com", true),
            (AddressKind::Sip, "anna", false),
            (AddressKind::Sip, "sip:", false),
            (AddressKind::Mail, "anna@b@c", false),
            (AddressKind::Mail, "an na@b.c", false),
            (AddressKind::Mail, "müller@example.de", true),
            (AddressKind::Mail, "a@.de", false),
            (AddressKind::Skype, "live:anna", true),
            (AddressKind::Skype, "two words", false),
            (AddressKind::Skype, "\u{0}", false),
        ] {
            assert_eq!(check_address(kind, address).is_ok(), allowed, "{kind:?} {address:?}");
        }
    }
}
