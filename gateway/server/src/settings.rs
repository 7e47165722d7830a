//! What the gateway is configured to do: one struct for each table of `config/default.toml`.
//!
//! Values come in layers (defaults, file, environment, `*_file` secrets); [`layers`] puts them
//! together, says where each came from, and names file, line and key of one that is refused.

pub mod layers;
mod report;
pub mod value;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use directory_model::secret::Secret;
use directory_source::SourcePolicy;
use directory_store::ssl::SslMode;
use gateway_alerts::mail::Encryption;
use serde::Deserialize;

pub use crate::settings::layers::{Loaded, SettingsError, load};
use crate::settings::value::Network;

/// Everything that can be configured.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where and how HTTP is spoken.
    pub server: ServerSettings,
    /// Where everything is kept.
    pub database: DatabaseSettings,
    /// What seals secrets.
    pub secrets: SecretSettings,
    /// What sources may reach.
    pub sources: SourcePolicy,
    /// How mail is sent.
    pub mail: MailSettings,
    /// Browsers that are signed in.
    pub sessions: SessionSettings,
    /// Live presence.
    pub presence: PresenceSettings,
    /// Streams to visitors.
    pub feed: FeedSettings,
    /// Clients at their sockets.
    pub clients: ClientsSettings,
    /// What is logged.
    pub log: LogSettings,
    /// Who may measure.
    pub metrics: MetricsSettings,
}

/// The `[server]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Where plain HTTP is spoken.
    #[serde(deserialize_with = "value::optional")]
    pub listen: Option<SocketAddr>,
    /// The gateway's address as others write it.
    #[serde(deserialize_with = "value::optional")]
    pub public_url: Option<String>,
    /// Proxies whose word about the client's address counts.
    pub trusted_proxies: Vec<Network>,
    /// How many connections at once.
    pub max_connections: NonZeroU32,
    /// How many of them from one address; 0 for as many as there may be.
    pub max_connections_per_address: u32,
    /// How long a request's head may take.
    #[serde(deserialize_with = "value::duration")]
    pub header_timeout: Duration,
    /// How long requests may take to end on stop.
    #[serde(deserialize_with = "value::duration")]
    pub stop_timeout: Duration,
    /// HTTPS.
    pub tls: TlsSettings,
}

/// The `[server.tls]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSettings {
    /// Where HTTPS is spoken.
    #[serde(deserialize_with = "value::optional")]
    pub listen: Option<SocketAddr>,
    /// The certificate with its chain.
    #[serde(deserialize_with = "value::optional")]
    pub certificate: Option<PathBuf>,
    /// Its private key.
    #[serde(deserialize_with = "value::optional")]
    pub key: Option<PathBuf>,
    /// How often both files are looked at.
    #[serde(deserialize_with = "value::duration")]
    pub reload_interval: Duration,
}

/// The `[database]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite:PATH` or `postgres://…`; may hold a password.
    pub url: Secret,
    /// A file that holds the URL.
    #[serde(deserialize_with = "value::optional")]
    pub url_file: Option<PathBuf>,
    /// Connections that read at the same time.
    pub readers: NonZeroU32,
    /// Whether connections to PostgreSQL are encrypted.
    pub sslmode: SslMode,
    /// The authorities that PostgreSQL's certificate may be of.
    #[serde(deserialize_with = "value::optional")]
    pub ssl_root_cert: Option<PathBuf>,
}

/// The `[secrets]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretSettings {
    /// The key in base64.
    #[serde(deserialize_with = "value::optional_secret")]
    pub key: Option<Secret>,
    /// A file that holds the key's bytes.
    #[serde(deserialize_with = "value::optional")]
    pub key_file: Option<PathBuf>,
}

/// The `[mail]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// The server that takes mail; none is sent without one.
    #[serde(deserialize_with = "value::optional")]
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Encryption,
    /// Whether it may be unencrypted also to another machine.
    pub is_plain_allowed: bool,
    /// As whom mail is handed in.
    #[serde(deserialize_with = "value::optional")]
    pub user: Option<String>,
    /// The user's password.
    #[serde(deserialize_with = "value::optional_secret")]
    pub password: Option<Secret>,
    /// A file that holds the password.
    #[serde(deserialize_with = "value::optional")]
    pub password_file: Option<PathBuf>,
    /// From whom mails are.
    #[serde(deserialize_with = "value::optional")]
    pub from: Option<String>,
    /// A PEM file with a certificate to trust besides the usual authorities.
    #[serde(deserialize_with = "value::optional")]
    pub ca_file: Option<PathBuf>,
}

/// The `[presence]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresenceSettings {
    /// How often claims are written to the database.
    #[serde(deserialize_with = "value::duration")]
    pub persist_interval: Duration,
}

/// The `[feed]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedSettings {
    /// Streams at once.
    pub max_streams: NonZeroU32,
    /// Streams of one client address at once.
    pub max_streams_per_address: NonZeroU32,
}

/// The `[sessions]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionSettings {
    /// How long nobody may do anything.
    #[serde(deserialize_with = "value::idle")]
    pub idle: Duration,
    /// How long it may last at all.
    #[serde(deserialize_with = "value::duration")]
    pub total: Duration,
}

/// The `[clients]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientsSettings {
    /// Whether they are let in only over TLS, or from where it was ended.
    pub require_tls: bool,
    /// After how much silence a client is asked whether it is there.
    #[serde(deserialize_with = "value::duration")]
    pub ping_after: Duration,
    /// How long it may take to answer.
    #[serde(deserialize_with = "value::duration")]
    pub answer_within: Duration,
    /// How long it may leave unread what it is sent.
    #[serde(deserialize_with = "value::duration")]
    pub stall_after: Duration,
    /// How often it is looked whether it may stay.
    #[serde(deserialize_with = "value::duration")]
    pub prove_after: Duration,
}

/// The `[log]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// Levels, as `tracing_subscriber::EnvFilter` reads them.
    #[serde(deserialize_with = "value::level")]
    pub level: String,
    /// How events are written.
    pub format: LogFormat,
}

/// How log events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// The `[metrics]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsSettings {
    /// Who may read them.
    pub allowed: Vec<Network>,
}

impl Settings {
    /// The address under which others reach the gateway, without a slash at its end.
    pub fn public_url(&self) -> String {
        let server = &self.server;
        let listening = match (server.tls.listen, server.listen) {
            (Some(tls), _) => format!("https://{tls}"),
            (None, Some(plain)) => format!("http://{plain}"),
            (None, None) => String::new(),
        };
        server.public_url.as_deref().unwrap_or(&listening).trim_end_matches('/').to_owned()
    }
}
