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

/// How a request came here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Came {
    /// The other end of the connection.
    pub(crate) peer: SocketAddr,
    /// The connection is over TLS.
    pub(crate) is_tls: bool,
}

/// Whether nobody on the way of a client's request can read along: it comes over TLS, or from this machine or a trusted
/// proxy, which ended TLS unless it says that the client came over plain HTTP (`X-Forwarded-Proto`).
pub(crate) fn is_private(came: Came, headers: &HeaderMap, trusted: &[Network]) -> bool {
    let address = came.peer.ip().to_canonical();
    let is_near = address.is_loopback() || trusted.iter().any(|network| network.contains(address));
    let lines = headers.get_all("x-forwarded-proto").iter().next_back();
    let said = lines.and_then(|line| line.to_str().ok()).and_then(|line| line.rsplit(',').next());
    // Some proxies name what the connection becomes.
    let is_plain = |word: &str| ["http", "ws"].iter().any(|plain| word.trim().eq_ignore_ascii_case(plain));
    let is_said_plain = said.is_some_and(is_plain);
    if is_near { !is_said_plain } else { came.is_tls }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_private_from_this_machine_and_from_proxies_that_ended_tls() {
        let trusted: Vec<Network> = vec!["10.0.0.0/8".parse().unwrap()];
        for (peer, is_tls, said, expected) in [
            ("203.0.113.9", true, None, true),
            ("203.0.113.9", false, None, false),
            // Anybody may say so.
            ("203.0.113.9", false, Some("https"), false),
            ("203.0.113.9", true, Some("http"), true),
            ("127.0.0.1", false, None, true),
            ("::1", false, None, true),
            ("::ffff:127.0.0.1", false, None, true),
            ("10.0.0.5", false, None, true),
            ("10.0.0.5", false, Some("https"), true),
            ("10.0.0.5", false, Some("HTTP"), false),
            ("10.0.0.5", true, Some("http"), false),
            ("10.0.0.5", false, Some("https, http"), false),
            ("10.0.0.5", false, Some("ws"), false),
            ("10.0.0.5", false, Some("wss"), true),
            ("127.0.0.1", false, Some("http"), false),
            ("192.168.0.7", false, Some("https"), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(said) = said {
                headers.insert("x-forwarded-proto", said.parse().unwrap());
            }
            let came = Came { peer: SocketAddr::new(peer.parse().unwrap(), 4711), is_tls };
            assert_eq!(is_private(came, &headers, &trusted), expected, "{peer} {is_tls} {said:?}");
        }
    }

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
