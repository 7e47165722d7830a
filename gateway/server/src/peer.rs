//! Who is at the other end of a connection, as far as trusted proxies tell it.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use crate::settings::value::Network;

/// The client's address: the connection's, or the right-most address in `X-Forwarded-For` that is
/// not a trusted proxy's, if the connection comes from a trusted proxy.
pub(crate) fn client(peer: SocketAddr, headers: &HeaderMap, trusted: &[Network]) -> SocketAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut address = peer.ip();
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let mut hops = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.rsplit(','));
    while is_trusted(address) {
        let Some(hop) = hops.next().and_then(|hop| hop.trim().parse().ok()) else { break };
        address = hop;
    }
    SocketAddr::new(address.to_canonical(), peer.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_most_untrusted_hop_is_the_client() {
        let trusted: Vec<Network> = ["10.0.0.0/8", "192.0.2.1"].iter().map(|text| text.parse().unwrap()).collect();
        for (peer, lines, client_ip) in [
            ("203.0.113.9", vec!["198.51.100.7"], "203.0.113.9"),
            ("10.0.0.5", vec![], "10.0.0.5"),
            ("10.0.0.5", vec!["198.51.100.7"], "198.51.100.7"),
            ("::ffff:10.0.0.5", vec!["198.51.100.7"], "198.51.100.7"),
            ("10.0.0.5", vec!["6.6.6.6, 198.51.100.7, 192.0.2.1"], "198.51.100.7"),
            ("10.0.0.5", vec!["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
            ("10.0.0.5", vec!["nonsense"], "10.0.0.5"),
            ("10.0.0.5", vec!["2001:db8::7"], "2001:db8::7"),
        ] {
            let mut headers = HeaderMap::new();
            for line in &lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            let peer = SocketAddr::new(peer.parse().unwrap(), 4711);
            let expected = SocketAddr::new(client_ip.parse().unwrap(), 4711);
            assert_eq!(client(peer, &headers, &trusted), expected, "{peer} {lines:?}");
        }
    }
}
