//! From which address a request comes.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::problem::Problem;
use crate::state::ApiState;

/// The other end of the connection; the accept loop puts it into the request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Whether others on the way may read along; the accept loop puts it into the request's extensions.
#[derive(Debug, Clone, Copy)]
pub struct Privacy {
    /// Nobody can: the request came over TLS, or from where TLS was ended.
    pub is_private: bool,
}

/// The address that asks, as far as trusted proxies tell it; IPv6 by its network of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Source(pub(crate) IpAddr);

impl FromRequestParts<ApiState> for Source {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.0.ip());
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let forwarded: Vec<&str> = forwarded.flat_map(|line| line.split(',')).collect();
        Ok(Self(network(behind(peer, &forwarded, &state.settings().trusted_proxies))))
    }
}

/// The last address that no trusted proxy vouches away.
fn behind(peer: IpAddr, forwarded: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let mut address = peer;
    for earlier in forwarded.iter().rev() {
        if !trusted.contains(&address.to_canonical()) {
            break;
        }
        let Ok(parsed) = earlier.trim().parse::<IpAddr>() else { break };
        address = parsed;
    }
    address.to_canonical()
}

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() & (u128::MAX << 64))),
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        for (peer, forwarded, source) in [
            ("192.0.2.9", vec!["198.51.100.1"], "192.0.2.9"),
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["203.0.113.5", "198.51.100.1", " 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", vec!["nonsense"], "10.0.0.1"),
            ("10.0.0.1", vec![], "10.0.0.1"),
        ] {
            assert_eq!(behind(ip(peer), &forwarded, &trusted), ip(source), "{peer} {forwarded:?}");
        }
        assert_eq!(network(ip("2001:db8:1:2:3::4")), ip("2001:db8:1:2::"));
    }
}
