//! The one way out to hosts that tenants name: resolve, check every address, connect to exactly
//! an address that was checked.
//!
//! A name that resolves only to refused addresses is reported like a name that does not resolve,
//! so that nobody can look around in the platform's own network by asking for names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use crate::error::no_answer_within;

/// Where connections may go. Private networks are allowed: that is where directories are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutboundPolicy {
    /// Allow this machine itself (127.0.0.0/8, `::1`).
    pub is_loopback_allowed: bool,
    /// Allow link-local addresses (169.254.0.0/16, `fe80::/10`), where clouds keep their metadata.
    pub is_link_local_allowed: bool,
    /// Never allowed, whatever else is: our own database, for one.
    pub refused: Vec<SocketAddr>,
}

impl OutboundPolicy {
    /// Whether a connection to `address` may be made.
    pub fn allows(&self, address: SocketAddr) -> bool {
        let ip = embedded(address.ip());
        let is_refused =
            self.refused.iter().any(|refused| refused.port() == address.port() && embedded(refused.ip()) == ip);
        let class = match ip {
            IpAddr::V4(ip) => class_of_v4(ip),
            IpAddr::V6(ip) => class_of_v6(ip),
        };
        !is_refused
            && match class {
                Class::Ordinary => true,
                Class::Loopback => self.is_loopback_allowed,
                Class::LinkLocal => self.is_link_local_allowed,
                Class::Unusable => false,
            }
    }

    /// Connects to the first allowed address of `host` that answers, each having its share of
    /// `patience`; the error may be shown.
    pub async fn connect(&self, host: &str, port: u16, patience: Duration) -> Result<TcpStream, String> {
        let allowed = self.resolve(host, port, patience).await;
        allowed
            .connect(patience)
            .await
            .unwrap_or_else(|| Err(format!("`{host}` has no address that the gateway may connect to")))
    }

    /// The addresses of `host` that may be connected to; none when it has none or cannot be resolved.
    pub(crate) async fn resolve(&self, host: &str, port: u16, patience: Duration) -> Allowed {
        // What the system says tells a missing name from a refused one, and is not shown.
        let found = timeout(patience, tokio::net::lookup_host((host, port))).await;
        let addresses = found.ok().and_then(Result::ok).into_iter().flatten();
        Allowed(addresses.filter(|address| self.allows(*address)).collect())
    }
}

/// Addresses that were checked.
pub(crate) struct Allowed(Vec<SocketAddr>);

impl Allowed {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Connects to the first that answers, each having its share of `patience`; `None` when there is
    /// none. The error may be shown.
    pub(crate) async fn connect(self, patience: Duration) -> Option<Result<TcpStream, String>> {
        let share = patience / u32::try_from(self.0.len().max(1)).unwrap_or(u32::MAX);
        let mut failure = None;
        for address in self.0 {
            failure = match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Some(Ok(stream)),
                Ok(Err(reason)) => Some(words_for(&reason)),
                Err(_) => Some(no_answer_within(share)),
            };
        }
        failure.map(Err)
    }

    /// A socket that sends to the first of them, and hears nobody else; `None` when there is none. The error may be
    /// shown.
    pub(crate) async fn socket(self) -> Option<Result<UdpSocket, String>> {
        let address = self.0.into_iter().next()?;
        let any: IpAddr = if address.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
        let socket = async {
            let socket = UdpSocket::bind((any, 0)).await?;
            socket.connect(address).await?;
            Ok(socket)
        };
        Some(socket.await.map_err(|reason: std::io::Error| words_for(&reason)))
    }
}

/// What is said of a host that cannot be connected to, whether it is missing or refused.
pub(crate) fn no_address(host: &str) -> String {
    format!("`{host}` has no address that the gateway may connect to")
}

/// The system's words without its error numbers.
pub(crate) fn words_for(reason: &std::io::Error) -> String {
    match reason.kind() {
        std::io::ErrorKind::ConnectionRefused => "the connection is refused".into(),
        std::io::ErrorKind::TimedOut => "no answer".into(),
        kind => kind.to_string(),
    }
}

enum Class {
    Ordinary,
    Loopback,
    LinkLocal,
    Unusable,
}

/// The IPv4 address inside a mapped (`::ffff:0:0/96`) or translated (`64:ff9b::/96`) one.
fn embedded(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) if v6.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0] => {
            let [.., a, b, c, d] = v6.octets();
            Ipv4Addr::new(a, b, c, d).into()
        }
        ip => ip,
    }
}

fn class_of_v4(ip: Ipv4Addr) -> Class {
    match ip {
        _ if ip.is_loopback() => Class::Loopback,
        _ if ip.is_link_local() => Class::LinkLocal,
        // All of 0.0.0.0/8 means "this host".
        _ if ip.octets()[0] == 0 || ip.is_multicast() || ip.is_broadcast() => Class::Unusable,
        _ => Class::Ordinary,
    }
}

fn class_of_v6(ip: Ipv6Addr) -> Class {
    match ip {
        _ if ip.is_loopback() => Class::Loopback,
        _ if ip.is_unicast_link_local() => Class::LinkLocal,
        // Besides `::` this covers the old IPv4-compatible form, which could hide a loopback address.
        _ if ip.is_multicast() || ip.segments()[..6] == [0; 6] => Class::Unusable,
        _ => Class::Ordinary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ordinary_addresses_are_allowed_by_default() {
        let policy = OutboundPolicy::default();

        for (address, allowed) in [
            ("10.0.0.1:389", true),
            ("192.168.1.10:636", true),
            ("[2001:db8::1]:389", true),
            ("[64:ff9b::a00:1]:389", true),
            ("127.0.0.1:389", false),
            ("[::1]:389", false),
            ("[::ffff:127.0.0.1]:389", false),
            ("[64:ff9b::7f00:1]:389", false),
            ("[::7f00:1]:389", false),
            ("169.254.169.254:80", false),
            ("[fe80::1]:389", false),
            ("0.0.0.0:389", false),
            ("0.1.2.3:389", false),
            ("[::]:389", false),
            ("224.0.0.1:389", false),
            ("[ff02::1]:389", false),
            ("255.255.255.255:389", false),
        ] {
            assert_eq!(policy.allows(address.parse().unwrap()), allowed, "{address}");
        }
    }

    #[test]
    fn configuration_allows_loopback_but_never_what_it_refuses() {
        let policy = OutboundPolicy {
            is_loopback_allowed: true,
            refused: vec!["127.0.0.1:5432".parse().unwrap()],
            ..OutboundPolicy::default()
        };

        assert!(policy.allows("127.0.0.1:389".parse().unwrap()));
        assert!(!policy.allows("127.0.0.1:5432".parse().unwrap()));
        assert!(!policy.allows("[::ffff:127.0.0.1]:5432".parse().unwrap()));
        assert!(!policy.allows("169.254.169.254:80".parse().unwrap()));
    }

    #[tokio::test]
    async fn a_refused_name_reads_like_a_missing_one() {
        let policy = OutboundPolicy::default();
        let ask = async |host| policy.connect(host, 389, Duration::from_secs(5)).await.expect_err(host);

        let refused = ask("localhost").await.replace("localhost", "…");
        let missing = ask("no-such-host.invalid").await.replace("no-such-host.invalid", "…");

        assert_eq!(refused, missing);
    }
}
