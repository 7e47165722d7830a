//! Somebody whom an Exchange Server knows.

/// A mailbox with what its owner's directory entry says.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The primary SMTP address.
    pub address: String,
    /// Further addresses, with their kind before them: `smtp:`, `SIP:`, `X500:`.
    pub proxies: Vec<String>,
    /// Display name.
    pub name: String,
    /// Given name and surname.
    pub names: Option<(String, String)>,
    /// SIP address.
    pub sip: Option<String>,
    /// Company, job title, office and telephone number.
    pub work: Option<[String; 4]>,
    /// Street, city, state, country and postal code.
    pub place: Option<[String; 5]>,
    /// The file of a photo.
    pub photo: Option<Vec<u8>>,
}

impl Person {
    /// Somebody with nothing but an address and a name.
    pub fn new(address: &str, name: &str) -> Self {
        Self { address: address.into(), name: name.into(), ..Self::default() }
    }

    /// Anna Berg of whom everything is known.
    pub fn anna() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            address: text("anna.berg@example.com"),
            proxies: vec![text("smtp:a.berg@example.com"), text("SIP:anna.berg@example.com")],
            name: text("Berg, Anna <R&D>"),
            names: Some((text("Anna"), text("Berg"))),
            sip: Some(text("sip:anna.berg@example.com")),
            work: Some([text("Example & Co"), text("Engineer"), text("B1/12"), text("+49 30 1234")]),
            place: Some([text("Torstraße 1"), text("Berlin"), text("BE"), text("Germany"), text("10115")]),
            photo: None,
        }
    }

    /// The same with a photo.
    #[must_use]
    pub fn pictured(self, file: impl Into<Vec<u8>>) -> Self {
        Self { photo: Some(file.into()), ..self }
    }

    /// Whether mail to `address` arrives here.
    pub(super) fn is_at(&self, address: &str) -> bool {
        let alias = |proxy: &String| {
            proxy.get(..5).is_some_and(|kind| kind.eq_ignore_ascii_case("smtp:"))
                && proxy[5..].eq_ignore_ascii_case(address)
        };
        self.address.eq_ignore_ascii_case(address) || self.proxies.iter().any(alias)
    }

    /// Whether the name may be meant: names are resolved by how they begin.
    pub(super) fn is_like(&self, entry: &str) -> bool {
        let begins = |text: &str, start: &str| text.to_lowercase().starts_with(&start.to_lowercase());
        match entry.split_once(':') {
            Some((kind, start)) if kind.eq_ignore_ascii_case("smtp") => {
                begins(&self.address, start) || self.proxies.iter().any(|proxy| begins(proxy, &format!("smtp:{start}")))
            }
            Some((kind, start)) if kind.eq_ignore_ascii_case("sip") => {
                self.sip.as_ref().is_some_and(|sip| begins(sip, &format!("sip:{start}")))
            }
            _ => begins(&self.address, entry) || self.name.split([' ', ',']).any(|word| begins(word, entry)),
        }
    }
}

/// The tag of a photo.
pub(super) fn etag(photo: &[u8]) -> String {
    let sum = photo.iter().fold(photo.len() as u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    format!("\"{sum}\"")
}
