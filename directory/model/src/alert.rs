//! Who is told when synchronization needs somebody, or when visitors leave something.

use serde::{Deserialize, Serialize};

use crate::enquiry::EnquiryTold;
use crate::id::{AlertId, RunId, SourceId, TenantId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::run::{Counts, RunProblem};
use crate::source::{SecretState, is_web_address};
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// The most mail addresses of one channel.
pub const MAX_ADDRESSES: usize = 20;
/// The longest time without a success that is waited for: 30 days.
pub const MAX_SILENT_HOURS: u32 = 720;

/// A way to tell somebody, and about what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertFields {
    /// Unique in the tenant when folded, 1 to 128 characters.
    pub name: String,
    /// Where alerts go.
    pub channel: AlertChannel,
    /// When a run over all of a source fails that did not fail for the same reason the time before.
    #[serde(default = "yes")]
    pub is_on_failure: bool,
    /// When a run waits at a guard for approval.
    #[serde(default = "yes")]
    pub is_on_waiting: bool,
    /// When a source in service has not succeeded for so many hours, 1 to 720; never when absent.
    #[serde(default)]
    pub silent_hours: Option<u32>,
    /// Nobody is told anything while set.
    #[serde(default)]
    pub is_disabled: bool,
}

fn yes() -> bool {
    true
}

/// Where alerts go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AlertChannel {
    /// By mail, as far as the gateway can send any.
    Mail {
        /// To whom, 1 to 20 addresses.
        addresses: Vec<String>,
        /// In which language.
        #[serde(default)]
        language: Language,
    },
    /// As a request to a web server, signed with the channel's secret.
    Webhook {
        /// Where to, `https://…`.
        url: String,
    },
}

/// A language that mails are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

/// A channel as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its public identity.
    pub id: AlertId,
    /// What can be set.
    pub fields: AlertFields,
    /// Whether a secret is kept and can be opened.
    pub secret: SecretState,
    /// When something last arrived.
    pub delivered_at: Option<Timestamp>,
    /// Why the last attempt failed, when it did.
    pub failure: Option<DeliveryFailure>,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Why nothing arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum DeliveryFailure {
    /// The gateway is not configured to send mail.
    NoMail,
    /// The channel has no secret, or it cannot be opened and must be entered again.
    NoSecret,
    /// Nobody answered, or not as hoped.
    Unanswered {
        /// What happened.
        detail: String,
    },
    /// The message was refused.
    Refused {
        /// What was answered.
        detail: String,
    },
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A run failed.
    RunFailed,
    /// A run waits at a guard.
    RunWaiting,
    /// A source has not succeeded for long.
    SourceSilent,
    /// A visitor left something on a page, because nobody could be reached.
    Enquiry,
    /// Nothing: somebody wants to see whether alerts arrive.
    Test,
}

/// What happened to the object of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AlertObject {
    /// The tenant's name.
    pub tenant_name: String,
    /// The source; absent when it is about none.
    pub source: Option<SourceId>,
    /// The source's name; absent when it is about none.
    pub source_name: Option<String>,
    /// The run; absent when it is about no single one.
    pub run: Option<RunId>,
    /// How many entries had which fate.
    pub counts: Option<Counts>,
    /// Why the run stopped or waits.
    pub problem: Option<RunProblem>,
    /// The same in one English sentence.
    pub message: Option<String>,
    /// When a run over all of the source last succeeded; absent when none ever did.
    pub succeeded_at: Option<Timestamp>,
    /// For how many hours it has not succeeded.
    pub hours: Option<u32>,
    /// What a visitor left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enquiry: Option<Box<EnquiryTold>>,
}

/// One alert as it goes out, the same however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AlertMessage {
    /// The version of this form: 1.
    pub v: u8,
    /// What identifies the message: whoever gets it twice drops one.
    pub id: String,
    /// Whose it is.
    pub tenant: TenantId,
    /// When it happened.
    pub at: Timestamp,
    /// What it is about.
    pub kind: AlertKind,
    /// What happened.
    pub object: AlertObject,
}

impl Check for AlertFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        match &mut self.channel {
            AlertChannel::Mail { addresses, .. } => {
                for address in addresses.iter_mut() {
                    *address = address.trim().to_owned();
                }
            }
            AlertChannel::Webhook { url } => *url = url.trim().to_owned(),
        }
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, 128);
        match &self.channel {
            AlertChannel::Mail { addresses, .. } => refuse_addresses(addresses, &mut refusals),
            AlertChannel::Webhook { url } => {
                let expected = "an address such as https://hooks.example.com/switchboard, without a user name";
                let rule = Rule::Format { expected: expected.into() };
                refusals.require(is_web_address(url), "channel.url", url, rule);
            }
        }
        if let Some(hours) = self.silent_hours {
            let range = Rule::OutOfRange { min: 1, max: MAX_SILENT_HOURS.into() };
            refusals.require((1..=MAX_SILENT_HOURS).contains(&hours), "silent_hours", hours, range);
        }
        refusals.finish()
    }
}

fn refuse_addresses(addresses: &[String], refusals: &mut Refusals) {
    let rule = Rule::TooLong { max: MAX_ADDRESSES as u64, unit: "addresses".into() };
    refusals.require(addresses.len() <= MAX_ADDRESSES, "channel.addresses", addresses.len(), rule);
    refusals.require(!addresses.is_empty(), "channel.addresses", "", Rule::Required);
    for (at, address) in addresses.iter().enumerate() {
        let field = format!("channel.addresses[{at}]");
        let expected = "a mail address such as anna@example.com";
        refusals.require(is_mail_address(address), &field, address, Rule::Format { expected: expected.into() });
        let is_first = !addresses[..at].iter().any(|other| other.eq_ignore_ascii_case(address));
        refusals.require(is_first, &field, address, Rule::Duplicate);
    }
}

/// Whether mail may be sent there: one address, without a name, quotes or anything that could begin
/// another header.
pub(crate) fn is_mail_address(address: &str) -> bool {
    let is_local = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
    let Some((local, host)) = address.split_once('@') else { return false };
    let is_dotted = |text: &str| !text.split('.').any(str::is_empty);
    (1..=64).contains(&local.len())
        && address.len() <= 254
        && local.chars().all(is_local)
        && host.chars().all(is_host)
        && is_dotted(local)
        && is_dotted(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(addresses: &[&str]) -> AlertFields {
        let addresses = addresses.iter().map(|&address| address.to_owned()).collect();
        let channel = AlertChannel::Mail { addresses, language: Language::En };
        AlertFields {
            name: "Desk".into(),
            channel,
            is_on_failure: true,
            is_on_waiting: true,
            silent_hours: None,
            is_disabled: false,
        }
    }

    fn webhook(url: &str) -> AlertFields {
        AlertFields { channel: AlertChannel::Webhook { url: url.into() }, ..mail(&[]) }
    }

    #[test]
    fn refusals_name_the_field() {
        let many: Vec<String> = (0..21).map(|number| format!("a{number}@example.com")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        mail(&[" anna@example.com "]).check().expect("valid");
        webhook("https://hooks.example.com/x?y").check().expect("valid");

        for (fields, field) in [
            (AlertFields { name: " ".into(), ..mail(&["a@b.c"]) }, "name"),
            (mail(&[]), "channel.addresses"),
            (mail(&many), "channel.addresses"),
            (mail(&["anna"]), "channel.addresses[0]"),
            (mail(&["a@b.c", "A@B.C"]), "channel.addresses[1]"),
            (webhook("http://hooks.example.com/"), "channel.url"),
            (webhook("https://me@hooks.example.com/"), "channel.url"),
            (AlertFields { silent_hours: Some(0), ..mail(&["a@b.c"]) }, "silent_hours"),
            (AlertFields { silent_hours: Some(721), ..mail(&["a@b.c"]) }, "silent_hours"),
        ] {
            assert_eq!(fields.check().expect_err(field)[0].field, field);
        }
    }

    #[test]
    fn addresses_cannot_carry_anything_else() {
        for (address, allowed) in [
            ("anna.berg+it@mail.example.com", true),
            ("anna@localhost", true),
            ("Anna <anna@example.com>", false),
            ("anna@example.com, ben@example.com", false),
            ("anna@example.com\r\nBcc: x@y.z", false),
            ("\"a b\"@example.com", false),
            ("anna@", false),
            ("@example.com", false),
            ("anna@exam..ple.com", false),
            ("anna@example.com.", false),
            ("müller@example.com", false),
            ("", false),
        ] {
            assert_eq!(is_mail_address(address), allowed, "{address}");
        }
    }
}
