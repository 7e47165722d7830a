//! Opens what is kept: the database and the key that seals secrets.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use directory_model::clock::SystemClock;
use directory_model::id::{IdSource, SystemIds};
use directory_store::database::{Database, OpenOptions};
use directory_store::seal::SealingKey;
use directory_store::ssl::Ssl;

use crate::failure::Failure;
use crate::settings::Settings;

/// The key's file when nothing else is said.
const KEY_FILE: &str = "secret.key";

/// Where PostgreSQL answers when nothing else is said.
const POSTGRES_PORT: u16 = 5432;

/// The file of the configured database; `None` when it is not SQLite.
pub(crate) fn database_file(settings: &Settings) -> Option<PathBuf> {
    let path = settings.database.url.expose().strip_prefix("sqlite:")?;
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

/// Where the configured database answers; `None` when it is a file.
pub(crate) fn database_host(settings: &Settings) -> Option<(String, u16)> {
    let url = settings.database.url.expose();
    let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"))?;
    let place = rest.split(['/', '?']).next()?;
    let host = place.rsplit_once('@').map_or(place, |(_, host)| host);
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (host, POSTGRES_PORT),
    };
    Some((host.trim_matches(['[', ']']).to_owned(), port))
}

/// Opens the configured database without touching its schema.
pub(crate) async fn database(settings: &Settings) -> Result<Database, Failure> {
    database_at(settings, settings.database.url.expose()).await
}

/// Opens the database at `url` as the configured one would be opened.
pub(crate) async fn database_at(settings: &Settings, url: &str) -> Result<Database, Failure> {
    let ids: Arc<dyn IdSource> = Arc::new(SystemIds::new(SystemClock));
    let mut options = OpenOptions::new(url, ids);
    options.readers = settings.database.readers.get();
    options.sealing_key = Arc::new(sealing_key(settings)?);
    options.ssl = Ssl { mode: settings.database.sslmode, root_cert: settings.database.ssl_root_cert.clone() };
    Ok(Database::open(&options).await?)
}

fn sealing_key(settings: &Settings) -> Result<SealingKey, Failure> {
    let unusable = |reason: &dyn std::fmt::Display| Failure::said(format!("the sealing key cannot be used: {reason}"));
    if let Some(text) = &settings.secrets.key {
        let bytes = STANDARD.decode(text.expose().trim()).map_err(|_| unusable(&"`secrets.key` is not base64"))?;
        return SealingKey::new(&bytes).map_err(|reason| unusable(&reason));
    }
    SealingKey::load_or_create(&key_file(settings)).map_err(|reason| unusable(&reason))
}

/// The file that holds the key, whether it exists or not.
pub(crate) fn key_file(settings: &Settings) -> PathBuf {
    let beside = || database_file(settings).map(|file| file.with_file_name(KEY_FILE));
    settings.secrets.key_file.clone().or_else(beside).unwrap_or_else(|| Path::new(KEY_FILE).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_database_is_known_by_its_address() {
        let mut settings = crate::settings::load(None, []).unwrap().settings;
        for (url, place) in [
            ("postgres://u:p@db.example.com/x", Some(("db.example.com", 5432))),
            ("postgresql://u@[::1]:6000/x?sslmode=disable", Some(("::1", 6000))),
            ("postgres://[2001:db8::5]/x", Some(("2001:db8::5", 5432))),
            ("postgres://u:p%40@127.0.0.1:5433", Some(("127.0.0.1", 5433))),
            ("sqlite:a.db", None),
        ] {
            settings.database.url = directory_model::secret::Secret::new(url);
            let expected = place.map(|(host, port)| (host.to_owned(), port));
            assert_eq!(database_host(&settings), expected, "{url}");
        }
    }
}
