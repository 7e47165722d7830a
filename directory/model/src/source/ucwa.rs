//! A Lync or Skype for Business server as it is configured.

use serde::{Deserialize, Serialize};

use crate::invalid::{Refusals, Rule};

use super::web::{refuse_address, refuse_certificates, refuse_domains, refuse_seconds};

/// How a Lync or Skype for Business server is asked, over UCWA.
///
/// It cannot list everybody: people and photos are looked up by SIP or mail address. How available people are it tells by
/// itself, to whoever subscribes to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UcwaConnection {
    /// Where the server says who is asked: `https://lyncdiscoverinternal.example.com/`.
    pub url: String,
    /// Besides that one, servers in these domains may be asked when it points to them.
    pub domains: Vec<String>,
    /// People are asked for whose SIP or mail address is in one of these domains; everybody when empty.
    #[serde(default)]
    pub address_domains: Vec<String>,
    /// `anna@example.com`, a user who is enabled for the server; the source's secret is the password.
    pub user_name: String,
    /// PEM certificates to trust besides the system's.
    #[serde(default)]
    pub trusted_certificates: Option<String>,
    /// How long one request may take, 1 to 600.
    #[serde(default = "super::default_timeout")]
    pub timeout_seconds: u32,
    /// For how many minutes it is subscribed to people before that is renewed, 10 to 30.
    #[serde(default = "longest_subscription")]
    pub subscription_minutes: u32,
    /// What the server is told of the account that signs in; only while presence is read.
    #[serde(default)]
    pub publishes: Publishing,
}

/// What a server is told of the account that signs in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Publishing {
    /// Nothing: nobody sees that it is signed in.
    #[default]
    Nothing,
    /// That it is there: it is shown as available and active for as long as the gateway is connected.
    Activity,
    /// What the contact with its SIP address says of itself here, for as long as it says so.
    OwnWord,
}

/// The most that a server allows (features.md §4.5).
fn longest_subscription() -> u32 {
    30
}

impl UcwaConnection {
    pub(super) fn refuse(&self, refusals: &mut Refusals) {
        refuse_address("connection.url", &self.url, refusals);
        refuse_domains("connection.domains", &self.domains, refusals);
        refuse_domains("connection.address_domains", &self.address_domains, refusals);
        refusals.required_text("connection.user_name", &self.user_name, 256);
        refuse_certificates("connection.trusted_certificates", self.trusted_certificates.as_deref(), refusals);
        refuse_seconds("connection.timeout_seconds", self.timeout_seconds, refusals);
        let minutes = self.subscription_minutes;
        let rule = Rule::OutOfRange { min: 10, max: 30 };
        refusals.require((10..=30).contains(&minutes), "connection.subscription_minutes", minutes, rule);
    }
}
