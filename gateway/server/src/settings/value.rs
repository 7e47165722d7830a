//! The kinds of values that TOML has no word for: durations, networks, "not set".

use std::fmt::Display;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use directory_model::secret::Secret;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// An address, or all addresses that share its first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether `address` is in the network; an IPv4 address inside IPv6 counts as IPv4.
    pub fn contains(self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.bits);
                base.to_bits().checked_shr(shift) == address.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.bits);
                base.to_bits().checked_shr(shift) == address.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is not an address or network such as 10.0.0.5 or 10.1.0.0/16");
        let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
        let base = base.parse::<IpAddr>().map_err(|_| refused())?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| refused()))?;
        if bits > most {
            return Err(refused());
        }
        Ok(Self { base, bits })
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        String::deserialize(input)?.parse().map_err(D::Error::custom)
    }
}

/// Reads a duration such as "30s" or "1h 30m".
pub(super) fn duration<'de, D: Deserializer<'de>>(input: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(input)?;
    let refused = || D::Error::custom(format!("`{text}` is not a duration such as \"30s\" or \"5m\""));
    let signed = text.parse::<jiff::SignedDuration>().map_err(|_| refused())?;
    Duration::try_from(signed).ok().filter(|duration| !duration.is_zero()).ok_or_else(refused)
}

/// Reads how long nobody may do anything: when a session was used last is known to a minute, and a minute
/// before the end somebody is warned.
pub(super) fn idle<'de, D: Deserializer<'de>>(input: D) -> Result<Duration, D::Error> {
    let idle = duration(input)?;
    let is_enough = idle >= Duration::from_mins(2);
    if is_enough { Ok(idle) } else { Err(D::Error::custom("a session that nobody uses lasts at least \"2m\"")) }
}

/// Reads a value for which empty text means "not set".
pub(super) fn optional<'de, D, T>(input: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
    T::Err: Display,
{
    let text = String::deserialize(input)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|reason| D::Error::custom(format!("`{text}`: {reason}")))
}

/// Reads a secret for which empty text means "not set"; an error does not repeat it.
pub(super) fn optional_secret<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Secret>, D::Error> {
    let text = String::deserialize(input)?;
    Ok((!text.is_empty()).then(|| Secret::new(text)))
}

/// Reads log levels and refuses what the filter would ignore.
pub(super) fn level<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let text = String::deserialize(input)?;
    match tracing_subscriber::EnvFilter::builder().parse(&text) {
        Ok(_) => Ok(text),
        Err(reason) => Err(D::Error::custom(format!("`{text}`: {reason}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_the_addresses_that_share_its_bits() {
        for (network, address, inside) in [
            ("10.1.0.0/16", "10.1.200.3", true),
            ("10.1.0.0/16", "10.2.0.1", false),
            ("10.0.0.5", "10.0.0.5", true),
            ("10.0.0.5", "10.0.0.6", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true),
            ("2001:db8::/32", "2001:db8:1::2", true),
            ("::1", "127.0.0.1", false),
            ("::/0", "2001:db8::1", true),
        ] {
            let network: Network = network.parse().unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), inside, "{network:?} {address}");
        }
        for text in ["10.0.0.0/33", "ten", "::/129", "10.0.0.0/", ""] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
