//! Whom a client may speak to: the services that it was made for, at addresses that the platform allows.
//!
//! The two are looked at in two places. A name is resolved here, and only allowed addresses are handed on; an address
//! in the place of a name is never resolved, so it is looked at before the request is sent.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use directory_model::source::is_web_address;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::error::SourceError;
use crate::outbound::{OutboundPolicy, no_address};

/// The name of a host has no address that may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("no address")]
pub(super) struct NoAddress;

/// Scheme, host and port of a service.
type Origin = (String, String, u16);

/// The most services that a client is led to; whoever points to more does not mean well.
const MAX_ORIGINS: usize = 20;

/// The services of one client.
#[derive(Debug)]
pub(super) struct Gate {
    policy: OutboundPolicy,
    // Those it was made for, and those in the domains that it was led to.
    origins: Mutex<Vec<Origin>>,
    domains: Vec<String>,
}

impl Gate {
    /// A gate to the services at `urls`, and to encrypted ones in `domains`.
    pub(super) fn new(policy: &OutboundPolicy, urls: &[&Url], domains: &[String]) -> Result<Arc<Self>, SourceError> {
        let origins = urls.iter().map(|url| {
            let origin = origin(url).filter(|_| is_web_address(url.as_str()));
            origin.ok_or_else(|| unreachable(url, "it is not an address such as https://host/path"))
        });
        let origins = Mutex::new(origins.collect::<Result<_, _>>()?);
        let domains = domains.iter().map(|domain| domain.to_ascii_lowercase()).collect();
        Ok(Arc::new(Self { policy: policy.clone(), origins, domains }))
    }

    /// A gate to whatever is admitted, one by one.
    pub(super) fn closed(policy: &OutboundPolicy) -> Arc<Self> {
        Arc::new(Self { policy: policy.clone(), origins: Mutex::default(), domains: Vec::new() })
    }

    /// Lets the client speak to the service at `url`, as long as the answer is kept.
    pub(super) fn admit(self: &Arc<Self>, url: &Url) -> Result<Admitted, SourceError> {
        let origin = origin(url).filter(|_| is_web_address(url.as_str()));
        let origin = origin.ok_or_else(|| unreachable(url, "it is not an address such as https://host/path"))?;
        self.origins.lock().unwrap_or_else(PoisonError::into_inner).push(origin.clone());
        Ok(Admitted { gate: Arc::clone(self), origin })
    }

    /// Refuses to speak to anybody else, and to an address that is not allowed.
    pub(super) fn check(&self, url: &Url) -> Result<(), SourceError> {
        let is_known = |origin: &Origin| url.username().is_empty() && self.knows(origin);
        let Some((_, host, port)) = origin(url).filter(is_known) else {
            return Err(unreachable(url, "the service points to another one, which is not asked"));
        };
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(ip) if !self.policy.allows(SocketAddr::new(ip, port)) => Err(unreachable(url, no_address(&host))),
            _ => Ok(()),
        }
    }

    /// Whether the service is one of the client's; one in its domains becomes one.
    fn knows(&self, origin: &Origin) -> bool {
        let mut origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        if origins.contains(origin) {
            return true;
        }
        let (scheme, host, _) = origin;
        let is_in = |domain: &String| {
            host == domain || host.strip_suffix(domain.as_str()).is_some_and(|name| name.ends_with('.'))
        };
        let is_led = scheme == "https" && origins.len() < MAX_ORIGINS && self.domains.iter().any(is_in);
        if is_led {
            origins.push(origin.clone());
        }
        is_led
    }

    /// Whether all services at `host` may be reached at `address`, whose port is not known yet.
    fn allows(&self, host: &str, address: SocketAddr) -> bool {
        let origins = self.origins.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ports = origins.iter().filter(|(_, of, _)| of == host).map(|(_, _, port)| *port).peekable();
        ports.peek().is_some() && ports.all(|port| self.policy.allows(SocketAddr::new(address.ip(), port)))
    }
}

/// A service that a client may speak to for now; each that is admitted twice stays until both went.
#[derive(Debug)]
pub(super) struct Admitted {
    gate: Arc<Gate>,
    origin: Origin,
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut origins = self.gate.origins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = origins.iter().position(|origin| *origin == self.origin) {
            origins.swap_remove(at);
        }
    }
}

fn unreachable(url: &Url, detail: impl Into<String>) -> SourceError {
    SourceError::Unreachable { url: shown(url), detail: detail.into() }
}

fn origin(url: &Url) -> Option<Origin> {
    Some((url.scheme().to_owned(), url.host_str()?.to_owned(), url.port_or_known_default()?))
}

/// An address as it may be shown: what is asked for there may be about somebody.
pub(super) fn shown(url: &Url) -> String {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    bare.to_string()
}

/// [`Gate`] as the client's resolver.
pub(super) struct Resolver(pub(super) Arc<Gate>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let gate = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map(Vec::from_iter).unwrap_or_default();
            let allowed: Vec<SocketAddr> =
                found.into_iter().filter(|address| gate.allows(name.as_str(), *address)).collect();
            if allowed.is_empty() { Err(NoAddress.into()) } else { Ok(Box::new(allowed.into_iter()) as Addrs) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_client_speaks_to_its_own_services_alone() {
        let own = [&url("https://graph.example.com/v1.0"), &url("https://10.0.0.1:8443/token"), &url("https://[::1]/")];
        let gate = Gate::new(&OutboundPolicy::default(), &own, &[]).unwrap();

        for (address, allowed) in [
            ("https://graph.example.com/v1.0/users/delta?$skiptoken=x", true),
            ("https://GRAPH.example.com:443/elsewhere", true),
            ("https://10.0.0.1:8443/", true),
            ("https://graph.example.com.example.org/", false),
            ("https://graph.example.com:444/", false),
            ("http://graph.example.com/", false),
            ("https://somebody@graph.example.com/", false),
            ("https://10.0.0.1/", false),
            ("https://[::1]/", false),
            ("https://127.0.0.1/", false),
            ("data:text/plain,x", false),
        ] {
            assert_eq!(gate.check(&url(address)).is_ok(), allowed, "{address}");
        }
    }

    #[test]
    fn a_client_is_led_to_encrypted_services_in_its_domains_alone() {
        let domains = ["Example.com".to_owned()];
        let gate = Gate::new(&OutboundPolicy::default(), &[&url("https://discover.example.org/")], &domains).unwrap();
        assert!(!gate.allows("pool.example.com", "10.0.0.1:0".parse().unwrap()), "nobody pointed there yet");

        for (address, allowed) in [
            ("https://pool.example.com/ucwa", true),
            ("https://example.com:8443/ucwa", true),
            ("https://discover.example.org/other", true),
            ("https://pool.example.org/", false),
            ("https://evilexample.com/", false),
            ("https://example.com.evil.org/", false),
            ("http://pool.example.com/", false),
            ("https://a@pool.example.com/", false),
        ] {
            assert_eq!(gate.check(&url(address)).is_ok(), allowed, "{address}");
        }
        assert!(gate.allows("pool.example.com", "10.0.0.1:0".parse().unwrap()));
        let many = (0..100).filter(|n| gate.check(&url(&format!("https://p{n}.example.com/"))).is_ok()).count();
        assert_eq!(many, MAX_ORIGINS - 3);
    }

    #[test]
    fn who_is_admitted_is_spoken_to_for_as_long_as_that_holds() {
        let gate = Gate::closed(&OutboundPolicy::default());
        let hook = url("https://hooks.example.com/T0");
        assert!(gate.check(&hook).is_err());

        let (first, second) = (gate.admit(&hook).unwrap(), gate.admit(&hook).unwrap());
        drop(first);
        assert!(gate.check(&hook).is_ok() && gate.allows("hooks.example.com", "10.0.0.1:0".parse().unwrap()));
        drop(second);

        assert!(gate.check(&hook).is_err() && !gate.allows("hooks.example.com", "10.0.0.1:0".parse().unwrap()));
        assert!(gate.admit(&url("http://hooks.example.com/")).is_err());
    }

    #[test]
    fn there_is_no_gate_to_where_everybody_can_read_along() {
        for address in ["http://graph.example.com/", "ftp://graph.example.com/", "https://a:b@graph.example.com/"] {
            assert!(Gate::new(&OutboundPolicy::default(), &[&url(address)], &[]).is_err(), "{address}");
        }
    }

    #[test]
    fn an_address_must_be_allowed_at_every_port_of_its_host() {
        let policy = OutboundPolicy { refused: vec!["10.0.0.1:5432".parse().unwrap()], ..OutboundPolicy::default() };
        let at = |address: &str| address.parse().unwrap();
        let gate = |urls: &[&Url]| Gate::new(&policy, urls, &[]).unwrap();

        let one = gate(&[&url("https://db.example.com/")]);
        let both = gate(&[&url("https://db.example.com/"), &url("https://db.example.com:5432/")]);

        assert!(one.allows("db.example.com", at("10.0.0.1:0")));
        assert!(!one.allows("other.example.com", at("10.0.0.1:0")));
        assert!(!one.allows("db.example.com", at("127.0.0.1:0")));
        assert!(!both.allows("db.example.com", at("10.0.0.1:0")));
    }
}
