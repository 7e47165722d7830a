//! Puts the layers of configuration on top of each other, one value at a time, so that a refused
//! value can be traced to the file and line, or the variable, that it came from.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};

use gateway_alerts::mail::Encryption;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

use crate::settings::{MailSettings, Settings};

/// The embedded defaults.
const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// Variables that begin so are configuration.
const PREFIX: &str = "SWITCHBOARD__";

/// The values that are secrets, shown only as "set".
pub(super) const SECRETS: [&str; 3] = ["database.url", "secrets.key", "mail.password"];

/// The values that may stand in a file of their own, named by the key with `_file` at its end.
const IN_FILES: [&str; 2] = ["database.url", "mail.password"];

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The embedded defaults.
    Default,
    /// A line of the configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A variable of the environment.
    Environment(String),
    /// A file named by a `*_file` key.
    SecretFile(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::SecretFile(path) => write!(f, "{}", path.display()),
        }
    }
}

/// The configuration cannot be used. The message is one line that says where and why.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// A file is not TOML.
    #[error("{}:{line}: {reason}", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A value is refused.
    #[error("{origin}: `{key}`: {reason}")]
    Refused {
        /// Where the value came from.
        origin: Origin,
        /// The key with its path.
        key: String,
        /// What is wrong.
        reason: String,
    },
    /// The values do not fit each other.
    #[error("`{key}`: {reason}")]
    Unfit {
        /// The key to look at first.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// The configuration in force.
#[derive(Debug)]
pub struct Loaded {
    /// The values.
    pub settings: Settings,
    pub(super) table: Table,
    pub(super) origins: BTreeMap<String, Origin>,
}

/// Loads the configuration: the defaults, `file`, and `environment` (all of the process's
/// variables; only those with the prefix count).
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, SettingsError> {
    let mut layers = Layers::from_defaults()?;
    if let Some(path) = file {
        layers.add_file(path)?;
    }
    let mut variables: Vec<_> = environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
    variables.sort();
    for (name, text) in variables {
        layers.add_variable(name, &text)?;
    }
    for key in IN_FILES {
        layers.add_secret_file(key)?;
    }
    layers.finish()
}

struct Layers {
    table: Table,
    origins: BTreeMap<String, Origin>,
}

impl Layers {
    fn from_defaults() -> Result<Self, SettingsError> {
        let table: Table = toml::from_str(DEFAULTS).map_err(|reason| SettingsError::NotToml {
            path: "default.toml".into(),
            line: line_at(DEFAULTS, reason.span().as_ref()),
            reason: reason.message().to_owned(),
        })?;
        Ok(Self { table, origins: BTreeMap::new() })
    }

    fn add_file(&mut self, path: &Path) -> Result<(), SettingsError> {
        let text = std::fs::read_to_string(path)
            .map_err(|reason| SettingsError::Unreadable { path: path.to_owned(), reason })?;
        let not_toml = |reason: toml::de::Error| SettingsError::NotToml {
            path: path.to_owned(),
            line: line_at(&text, reason.span().as_ref()),
            reason: reason.message().to_owned(),
        };
        let spans = DeTable::parse(&text).map_err(not_toml)?;
        let values: Table = toml::from_str(&text).map_err(not_toml)?;
        let mut leaves = Vec::new();
        collect_leaves("", spans.get_ref(), &values, &mut leaves);
        for leaf in leaves {
            let origin = Origin::File { path: path.to_owned(), line: line_at(&text, Some(&leaf.span)) };
            self.set(&leaf.key, leaf.value, origin)?;
        }
        Ok(())
    }

    fn add_variable(&mut self, name: String, text: &str) -> Result<(), SettingsError> {
        let key = name.trim_start_matches(PREFIX).to_lowercase().replace("__", ".");
        let value = match self.get(&key) {
            Some(Value::String(_)) | None => Value::String(text.to_owned()),
            Some(Value::Array(_)) if !text.trim_start().starts_with('[') => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Value::Array(parts.map(|part| Value::String(part.to_owned())).collect())
            }
            // What does not read as TOML is refused as text by the type that it is for.
            Some(_) => text.parse::<Value>().unwrap_or_else(|_| Value::String(text.to_owned())),
        };
        self.set(&key, value, Origin::Environment(name))
    }

    fn add_secret_file(&mut self, key: &str) -> Result<(), SettingsError> {
        let named_by = format!("{key}_file");
        let Some(path) = self.get(&named_by).and_then(Value::as_str).filter(|path| !path.is_empty()) else {
            return Ok(());
        };
        let path = PathBuf::from(path);
        if let Some(origin) = self.origins.get(key) {
            let reason = format!("is set, and so is `{named_by}`; set only one of them");
            return Err(SettingsError::Refused { origin: origin.clone(), key: key.into(), reason });
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|reason| SettingsError::Unreadable { path: path.clone(), reason })?;
        self.set(key, Value::String(text.trim_end().to_owned()), Origin::SecretFile(path))
    }

    fn get(&self, key: &str) -> Option<&Value> {
        let (table, name) = key.rsplit_once('.')?;
        let mut at = &self.table;
        for part in table.split('.') {
            at = at.get(part)?.as_table()?;
        }
        at.get(name)
    }

    /// Sets one value and asks at once whether the whole still holds.
    fn set(&mut self, key: &str, value: Value, origin: Origin) -> Result<(), SettingsError> {
        let refused = |origin, reason| SettingsError::Refused { origin, key: key.to_owned(), reason };
        let mut at = &mut self.table;
        let (table, name) = key.rsplit_once('.').unwrap_or(("", key));
        for part in table.split('.').filter(|part| !part.is_empty()) {
            let next = at.entry(part).or_insert_with(|| Value::Table(Table::new())).as_table_mut();
            at = next.ok_or_else(|| refused(origin.clone(), "is below a value that is not a table".into()))?;
        }
        at.insert(name.to_owned(), value);
        if let Err(reason) = self.table.clone().try_into::<Settings>() {
            return Err(refused(origin, reason.message().trim_end().replace('\n', "; ")));
        }
        self.origins.insert(key.to_owned(), origin);
        Ok(())
    }

    fn finish(self) -> Result<Loaded, SettingsError> {
        let Self { table, origins } = self;
        let mut settings: Settings = table.clone().try_into().map_err(|reason: toml::de::Error| {
            SettingsError::NotToml { path: "default.toml".into(), line: 1, reason: reason.message().to_owned() }
        })?;
        // Empty text means "not set" here too, but the type is the source crate's.
        settings.sources.file_folder = settings.sources.file_folder.filter(|path| !path.as_os_str().is_empty());
        require_fit(&settings)?;
        Ok(Loaded { settings, table, origins })
    }
}

fn require_fit(settings: &Settings) -> Result<(), SettingsError> {
    let tls = &settings.server.tls;
    let unfit = |key, reason: &str| Err(SettingsError::Unfit { key, reason: reason.to_owned() });
    if settings.server.listen.is_none() && tls.listen.is_none() {
        return unfit("server.listen", "neither it nor `server.tls.listen` is set");
    }
    if tls.listen.is_some() && (tls.certificate.is_none() || tls.key.is_none()) {
        return unfit("server.tls.listen", "needs `certificate` and `key`");
    }
    require_fit_mail(&settings.mail)
}

/// Refuses mail that would be handed in otherwise than it looks: as nobody, or readable by everybody.
fn require_fit_mail(mail: &MailSettings) -> Result<(), SettingsError> {
    let unfit = |key, reason| Err(SettingsError::Unfit { key, reason });
    match (&mail.user, &mail.password) {
        (Some(user), None) => {
            return unfit("mail.user", format!("is `{user}`, but `mail.password` is empty: set both or neither"));
        }
        (None, Some(_)) => {
            return unfit("mail.password", "is set, but `mail.user` is empty: set both or neither".into());
        }
        _ => {}
    }
    let Some(host) = &mail.host else { return Ok(()) };
    let is_here = host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
    if mail.tls == Encryption::None && !is_here && !mail.is_plain_allowed {
        let rule = "only mail to this machine itself may be unencrypted unless `mail.is_plain_allowed` is true";
        return unfit("mail.tls", format!("is `none`, but `mail.host` is `{host}`: {rule}"));
    }
    Ok(())
}

struct Leaf {
    key: String,
    value: Value,
    span: Range<usize>,
}

fn collect_leaves(above: &str, spans: &DeTable<'_>, values: &Table, leaves: &mut Vec<Leaf>) {
    for (name, spanned) in spans {
        let Some(value) = values.get(name.get_ref().as_ref()) else { continue };
        let key = if above.is_empty() { name.get_ref().to_string() } else { format!("{above}.{}", name.get_ref()) };
        match (spanned.get_ref(), value) {
            (DeValue::Table(spans), Value::Table(values)) => collect_leaves(&key, spans, values, leaves),
            _ => leaves.push(Leaf { key, value: value.clone(), span: name.span() }),
        }
    }
    // In the order of the file, so that the first mistake is named first.
    leaves.sort_by_key(|leaf| leaf.span.start);
}

fn line_at(text: &str, span: Option<&Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start).min(text.len());
    text[..start].matches('\n').count() + 1
}

#[cfg(test)]
mod tests;
