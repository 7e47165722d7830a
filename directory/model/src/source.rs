//! A directory source as it is configured.

pub mod address_book;
mod exchange;
mod graph;
mod mapping;
mod pattern;
mod presence;
mod sip;
#[cfg(test)]
mod tests;
mod ucwa;
mod web;

use serde::{Deserialize, Serialize};

pub use self::exchange::{BasicAuthentication, ExchangeAuthentication, ExchangeConnection, PhotoSize};
pub use self::graph::GraphConnection;
pub use self::mapping::{ComputedField, FieldRule, Mapping, Otherwise, Transform};
pub use self::pattern::compiled;
pub use self::presence::{Aspect, PresenceReading};
pub use self::sip::{SipConnection, SipTransport};
pub use self::ucwa::{Publishing, UcwaConnection};
use self::web::refuse_certificates;
pub use self::web::{ClientCredentials, is_web_address, origin_of};
use crate::address::{AddressKind, bare_address};
use crate::country;
use crate::id::SourceId;
use crate::invalid::{Invalid, Refusals, Rule};
use crate::schedule;
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// The longest time between two questions for what changed: a day.
const MAX_POLL_MINUTES: u32 = 1440;
/// The longest time for which ended runs are kept: ten years.
const MAX_KEEP_DAYS: u32 = 3650;
/// The longest list of additional trusted certificates.
const MAX_CERTIFICATE_BYTES: usize = 256 * 1024;

/// What can be set on a directory source. Its secret is set apart and never read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceFields {
    /// Unique in the tenant when folded, 1 to 128 characters.
    pub name: String,
    /// Where the entries are.
    pub connection: Connection,
    /// Which attribute gives which field; the default of the connection's kind when absent.
    #[serde(default)]
    pub mapping: Option<Mapping>,
    /// Work telephone numbers are written internationally (E.164), those without a country as numbers
    /// of this one, such as `DE`; what is no number stays as it is. As the directory has them when
    /// absent.
    #[serde(default)]
    pub normalize_numbers: Option<String>,
    /// Runs by itself at these times, as five cron fields in `time_zone`; never when absent.
    #[serde(default = "default_schedule")]
    pub schedule: Option<String>,
    /// Between these times, asks for what changed every so many minutes, 1 to 1,440, where the
    /// source can tell it; never when absent.
    #[serde(default)]
    pub poll_minutes: Option<u32>,
    /// An IANA time zone.
    #[serde(default = "default_time_zone")]
    pub time_zone: String,
    /// A run that would disable more than this share of the source's contacts waits for approval.
    #[serde(default = "default_threshold")]
    pub approval_threshold_percent: u8,
    /// A run that would change the fields of more than this share of the source's contacts, and of more
    /// than ten, waits for approval, 1 to 100; none does when null.
    #[serde(default = "default_change_threshold")]
    pub change_threshold_percent: Option<u8>,
    /// What becomes of contacts whose entries are not in the source any more; they are kept where the source
    /// cannot list everybody.
    #[serde(default)]
    pub leavers: Leavers,
    /// Ended runs and their entries are kept for so many days, 1 to 3,650; the last ones always, and those
    /// that can still be undone.
    #[serde(default = "default_keep_days")]
    pub keep_days: u32,
    /// What is also read about how available people are; nothing when absent.
    #[serde(default)]
    pub presence: Option<PresenceReading>,
    /// Runs are refused while set.
    #[serde(default)]
    pub is_disabled: bool,
}

/// What becomes of contacts whose entries are not in their source any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case", deny_unknown_fields)]
pub enum Leavers {
    /// They stay in service.
    Keep,
    /// They are disabled.
    Disable,
    /// They are disabled, and removed when their entries have been missing for so long.
    Remove {
        /// Days, 1 to 3,650.
        after_days: u16,
    },
}

impl Default for Leavers {
    fn default() -> Self {
        Self::Remove { after_days: 30 }
    }
}

/// The longest time after which leavers are removed: ten years.
const MAX_LEAVER_DAYS: u16 = 3650;

#[expect(clippy::unnecessary_wraps, reason = "serde wants the type of the field")]
fn default_schedule() -> Option<String> {
    Some("30 1 * * *".into())
}

fn default_time_zone() -> String {
    "UTC".into()
}

fn default_threshold() -> u8 {
    10
}

#[expect(clippy::unnecessary_wraps, reason = "serde wants the type of the field")]
fn default_change_threshold() -> Option<u8> {
    Some(20)
}

/// For how many days ended runs are kept where nothing is said.
fn default_keep_days() -> u32 {
    30
}

/// Where the entries of a source are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Connection {
    /// An LDAP directory.
    Ldap(LdapConnection),
    /// An LDIF or CSV file on the gateway's machine, inside the folder that its configuration allows.
    File(FileConnection),
    /// An Exchange Server, in which people are looked up one by one.
    Exchange(ExchangeConnection),
    /// A Microsoft Entra tenant.
    Graph(GraphConnection),
    /// A Lync or Skype for Business server, in which people are looked up one by one.
    Ucwa(UcwaConnection),
    /// A SIP server, which says only how available people are.
    Sip(SipConnection),
}

impl Connection {
    /// Whether everybody can be read; in other sources people are looked up one by one.
    pub fn lists_everybody(&self) -> bool {
        !matches!(self, Self::Exchange(_) | Self::Ucwa(_) | Self::Sip(_))
    }

    /// Whether it has entries at all, of which contacts are made; others say only how available people are.
    pub fn has_entries(&self) -> bool {
        !matches!(self, Self::Sip(_))
    }

    /// Whether somebody with this address is asked for, in a source in which people are looked up: one whose
    /// domain the settings name, or anybody where they name none.
    pub fn may_know(&self, kind: AddressKind, address: &str) -> bool {
        let domains = match self {
            Self::Exchange(exchange) => &exchange.address_domains,
            Self::Ucwa(ucwa) => &ucwa.address_domains,
            Self::Sip(sip) => &sip.address_domains,
            Self::Ldap(_) | Self::File(_) | Self::Graph(_) => return true,
        };
        let domain = bare_address(kind, address).rsplit_once('@').map(|(_, domain)| domain);
        domains.is_empty() || domain.is_some_and(|of| domains.iter().any(|domain| domain.eq_ignore_ascii_case(of)))
    }

    /// Whose photos are shown when several sources have one: those of the lowest number. What people
    /// see in their mail goes before what somebody once put into the directory.
    pub fn photo_rank(&self) -> u8 {
        match self {
            Self::Exchange(_) => 0,
            Self::Graph(_) => 1,
            Self::Ucwa(_) => 2,
            Self::Ldap(_) | Self::File(_) | Self::Sip(_) => 3,
        }
    }

    /// The one attribute that identifies an entry, where entries can be found again by nothing else.
    pub fn only_identity(&self) -> Option<&'static str> {
        match self {
            Self::Exchange(_) => Some("Mailbox/EmailAddress"),
            Self::Graph(_) => Some("id"),
            Self::Ucwa(_) => Some("uri"),
            Self::Ldap(_) | Self::File(_) | Self::Sip(_) => None,
        }
    }
}

/// How an LDAP directory is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LdapConnection {
    /// `ldap://host:port` or `ldaps://host:port`.
    pub url: String,
    /// Upgrade a plain connection before anything else is said.
    #[serde(default)]
    pub is_starttls: bool,
    /// PEM certificates to trust besides the system's.
    #[serde(default)]
    pub trusted_certificates: Option<String>,
    /// The DN to bind as; anonymous when absent.
    #[serde(default)]
    pub bind_dn: Option<String>,
    /// Where to search.
    pub base_dn: String,
    /// What to search for.
    #[serde(default = "default_filter")]
    pub filter: String,
    /// Which groups are mirrored with the people who belong to them; none when absent.
    #[serde(default)]
    pub group_filter: Option<String>,
    /// Where to search for groups, and for groups in groups; where the people are when absent.
    #[serde(default)]
    pub group_base_dn: Option<String>,
    /// Entries per page, 1 to 5,000.
    #[serde(default = "default_page_size")]
    pub page_size: u32,
    /// How long connecting, binding, or one page may take, 1 to 600.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: u32,
}

fn default_filter() -> String {
    "(objectClass=person)".into()
}

fn default_page_size() -> u32 {
    1000
}

fn default_timeout() -> u32 {
    30
}

/// What file is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileConnection {
    /// Path below the folder that the gateway's configuration allows.
    pub path: String,
    /// How it is written.
    pub format: FileFormat,
}

/// How a file source is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// LDIF (RFC 2849).
    Ldif,
    /// CSV (RFC 4180) with a header line.
    Csv,
}

/// A directory source as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its public identity.
    pub id: SourceId,
    /// What can be set.
    pub fields: SourceFields,
    /// Whether a secret is kept and can be opened.
    pub secret: SecretState,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whether photos may come from the source: files of columns hold none, nor does a directory whose
/// mapping names no attribute for them.
pub fn gives_photos(source: &Source) -> bool {
    if source.fields.mapping.as_ref().is_some_and(|mapping| mapping.photo.is_empty()) {
        return false;
    }
    match &source.fields.connection {
        Connection::Ldap(_) | Connection::Exchange(_) | Connection::Graph(_) | Connection::Ucwa(_) => true,
        Connection::File(file) => file.format == FileFormat::Ldif,
        Connection::Sip(_) => false,
    }
}

/// Whether groups of the source are mirrored.
pub fn mirrors_groups(connection: &Connection) -> bool {
    matches!(connection, Connection::Ldap(ldap) if ldap.group_filter.is_some())
}

/// What is known about a kept secret without opening it to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecretState {
    /// None was entered.
    Absent,
    /// It can be opened.
    Present,
    /// The key changed or was lost: it must be entered again.
    EnterAgain,
}

impl Check for SourceFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        self.presence = self.presence.filter(|reading| *reading != PresenceReading::default());
        if !self.connection.lists_everybody() {
            // Whoever is not found may be there nevertheless, and what changed is not told.
            (self.poll_minutes, self.leavers) = (None, Leavers::Keep);
        }
        if !self.connection.has_entries() {
            (self.schedule, self.mapping) = (None, None);
        }
        if let Connection::Ldap(ldap) = &mut self.connection {
            let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
            ldap.group_filter = filled(ldap.group_filter.take());
            ldap.group_base_dn = filled(ldap.group_base_dn.take());
        }
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, 128);
        refusals.require(
            self.approval_threshold_percent <= 100,
            "approval_threshold_percent",
            self.approval_threshold_percent,
            Rule::OutOfRange { min: 0, max: 100 },
        );
        refusals.require(
            jiff::tz::TimeZone::get(&self.time_zone).is_ok(),
            "time_zone",
            &self.time_zone,
            Rule::Format { expected: "an IANA time zone such as Europe/Berlin".into() },
        );
        if let Some(percent) = self.change_threshold_percent {
            let range = Rule::OutOfRange { min: 1, max: 100 };
            refusals.require((1..=100).contains(&percent), "change_threshold_percent", percent, range);
        }
        if let Leavers::Remove { after_days } = self.leavers {
            let range = Rule::OutOfRange { min: 1, max: MAX_LEAVER_DAYS.into() };
            refusals.require((1..=MAX_LEAVER_DAYS).contains(&after_days), "leavers.after_days", after_days, range);
        }
        if let Some(minutes) = self.poll_minutes {
            let range = Rule::OutOfRange { min: 1, max: MAX_POLL_MINUTES.into() };
            refusals.require((1..=MAX_POLL_MINUTES).contains(&minutes), "poll_minutes", minutes, range);
        }
        let range = Rule::OutOfRange { min: 1, max: MAX_KEEP_DAYS.into() };
        refusals.require((1..=MAX_KEEP_DAYS).contains(&self.keep_days), "keep_days", self.keep_days, range);
        if let Some(schedule) = &self.schedule {
            let expected = "five cron fields within their ranges, such as 30 1 * * *";
            refusals.require(
                schedule::pattern(schedule).is_some(),
                "schedule",
                schedule,
                Rule::Format { expected: expected.into() },
            );
        }
        if let Some(code) = &self.normalize_numbers {
            refusals.require(country::is_known(code), "normalize_numbers", code, country::rule());
        }
        if let Some(mapping) = &self.mapping {
            mapping.refuse(&mut refusals);
            let is_csv = matches!(&self.connection, Connection::File(file) if file.format == FileFormat::Csv);
            let excludes = Rule::Excludes { other: "a CSV file".into() };
            refusals.require(!is_csv || mapping.photo.is_empty(), "mapping.photo", mapping.photo.join(", "), excludes);
            if let Some(only) = self.connection.only_identity() {
                let holds = mapping.external_id.iter().all(|name| name.trim().eq_ignore_ascii_case(only));
                let rule = Rule::OneOf { allowed: only.into() };
                refusals.require(holds, "mapping.external_id", mapping.external_id.join(", "), rule);
            }
        }
        if let Some(reading) = &self.presence {
            reading.refuse(&self.connection, &mut refusals);
        }
        self.connection.refuse(&mut refusals);
        refusals.finish()
    }
}

impl Connection {
    fn refuse(&self, refusals: &mut Refusals) {
        match self {
            Self::Ldap(ldap) => ldap.refuse(refusals),
            Self::File(file) => file.refuse(refusals),
            Self::Exchange(exchange) => exchange.refuse(refusals),
            Self::Graph(graph) => graph.refuse(refusals),
            Self::Ucwa(ucwa) => ucwa.refuse(refusals),
            Self::Sip(sip) => sip.refuse(refusals),
        }
    }
}

impl LdapConnection {
    fn refuse(&self, refusals: &mut Refusals) {
        let host = self.url.strip_prefix("ldaps://").or_else(|| self.url.strip_prefix("ldap://")).unwrap_or_default();
        let plain = !host.is_empty() && !host.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/');
        refusals.require(
            plain && self.url.len() <= 512,
            "connection.url",
            &self.url,
            Rule::Format { expected: "an address such as ldaps://dc1.example.com:636".into() },
        );
        let encrypted = self.url.starts_with("ldaps://");
        let excludes = Rule::Excludes { other: "an ldaps:// address".into() };
        refusals.require(!(self.is_starttls && encrypted), "connection.is_starttls", true, excludes);
        refuse_certificates("connection.trusted_certificates", self.trusted_certificates.as_deref(), refusals);
        refusals.text("connection.bind_dn", self.bind_dn.as_deref().unwrap_or_default(), 1024);
        refusals.required_text("connection.base_dn", &self.base_dn, 1024);
        refusals.required_text("connection.filter", &self.filter, 4096);
        refusals.text("connection.group_filter", self.group_filter.as_deref().unwrap_or_default(), 4096);
        let base = self.group_base_dn.as_deref().unwrap_or_default();
        refusals.text("connection.group_base_dn", base, 1024);
        let needs = Rule::Needs { other: "connection.group_filter".into() };
        refusals.require(base.is_empty() || self.group_filter.is_some(), "connection.group_base_dn", base, needs);
        let (pages, seconds) = (i64::from(self.page_size), i64::from(self.timeout_seconds));
        let range = Rule::OutOfRange { min: 1, max: 5000 };
        refusals.require((1..=5000).contains(&pages), "connection.page_size", pages, range);
        let range = Rule::OutOfRange { min: 1, max: 600 };
        refusals.require((1..=600).contains(&seconds), "connection.timeout_seconds", seconds, range);
    }
}

impl FileConnection {
    fn refuse(&self, refusals: &mut Refusals) {
        refusals.required_text("connection.path", &self.path, 512);
        let inside = !self.path.starts_with('/') && !self.path.split(['/', '\\']).any(|part| part == "..");
        refusals.require(
            inside,
            "connection.path",
            &self.path,
            Rule::Format { expected: "a path below the folder for file sources, without `..`".into() },
        );
    }
}
