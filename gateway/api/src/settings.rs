//! What can be configured about HTTP.

use std::net::IpAddr;
use std::time::Duration;

pub use crate::auth::limit::Rate;

/// How the API behaves.
#[derive(Debug, Clone)]
pub struct ApiSettings {
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The gateway's address as browsers know it, such as `https://switchboard.example.com`.
    pub public_url: String,
    /// Session cookies are sent over TLS only.
    pub is_cookie_secure: bool,
    /// A session ends after this long without a request.
    pub session_idle: Duration,
    /// A session ends after this long, whatever happens.
    pub session_total: Duration,
    /// How long a request may take.
    pub request_timeout: Duration,
    /// Attempts to sign in from one address.
    pub sign_in_per_source: Rate,
    /// Attempts to sign in to one account from one address.
    pub sign_in_per_account: Rate,
    /// What visitors leave from one address.
    pub enquiries_per_source: Rate,
    /// What visitors leave on one page.
    pub enquiries_per_publication: Rate,
    /// How long clients at their sockets are waited for.
    pub clients: ClientPatience,
    /// Clients at their sockets are let in only where nobody on the way can read along.
    pub do_clients_need_tls: bool,
}

/// How long clients at their sockets are waited for.
#[derive(Debug, Clone, Copy)]
pub struct ClientPatience {
    /// After how much silence a client is asked whether it is there.
    pub ping_after: Duration,
    /// How long it may take to answer.
    pub answer_within: Duration,
    /// How long it may leave unread what it is sent.
    pub stall_after: Duration,
    /// How often it is looked whether it may stay.
    pub prove_after: Duration,
}

impl Default for ClientPatience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        let (ping_after, answer_within) = (seconds(25), seconds(20));
        Self { ping_after, answer_within, stall_after: seconds(15), prove_after: seconds(60) }
    }
}

impl Default for ApiSettings {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            public_url: "http://127.0.0.1:8080".to_owned(),
            is_cookie_secure: false,
            session_idle: Duration::from_mins(30),
            session_total: Duration::from_hours(12),
            request_timeout: Duration::from_secs(30),
            sign_in_per_source: Rate { burst: 20, seconds_each: 6 },
            sign_in_per_account: Rate { burst: 5, seconds_each: 30 },
            enquiries_per_source: Rate { burst: 10, seconds_each: 30 },
            enquiries_per_publication: Rate { burst: 100, seconds_each: 5 },
            clients: ClientPatience::default(),
            do_clients_need_tls: true,
        }
    }
}
