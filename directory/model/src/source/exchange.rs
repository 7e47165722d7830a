//! An Exchange Server as it is configured.

use serde::{Deserialize, Serialize};

use crate::invalid::Refusals;

use super::web::{ClientCredentials, refuse_address, refuse_certificates, refuse_domains, refuse_seconds};

/// How an Exchange Server is asked, over Exchange Web Services.
///
/// It cannot list everybody: people and photos are looked up by mail or SIP address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangeConnection {
    /// `https://mail.example.com/EWS/Exchange.asmx`.
    pub url: String,
    /// How the gateway signs in; the source's secret goes with it.
    pub authentication: ExchangeAuthentication,
    /// People are asked for whose mail or SIP address is in one of these domains; everybody when empty.
    #[serde(default)]
    pub address_domains: Vec<String>,
    /// Ask in the name of the person who is asked about, as registered applications must.
    #[serde(default)]
    pub is_impersonating: bool,
    /// PEM certificates to trust besides the system's.
    #[serde(default)]
    pub trusted_certificates: Option<String>,
    /// The photos that are asked for; Exchange gives the next smaller one that it has.
    #[serde(default)]
    pub photo_size: PhotoSize,
    /// How long one request may take, 1 to 600.
    #[serde(default = "super::default_timeout")]
    pub timeout_seconds: u32,
}

/// How the gateway signs in at an Exchange Server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum ExchangeAuthentication {
    /// By name and password (RFC 7617).
    Basic(BasicAuthentication),
    /// With tokens.
    Oauth2(ClientCredentials),
}

/// A name; the source's secret is its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BasicAuthentication {
    /// `EXAMPLE\switchboard` or `switchboard@example.com`.
    pub user_name: String,
}

/// The sizes in which Exchange keeps photos, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub enum PhotoSize {
    /// 48 × 48: from the directory's `thumbnailPhoto`.
    #[serde(rename = "HR48x48")]
    Hr48,
    /// 64 × 64.
    #[serde(rename = "HR64x64")]
    Hr64,
    /// 96 × 96.
    #[serde(rename = "HR96x96")]
    Hr96,
    /// 120 × 120.
    #[serde(rename = "HR120x120")]
    Hr120,
    /// 240 × 240.
    #[default]
    #[serde(rename = "HR240x240")]
    Hr240,
    /// 360 × 360.
    #[serde(rename = "HR360x360")]
    Hr360,
    /// 432 × 432.
    #[serde(rename = "HR432x432")]
    Hr432,
    /// 504 × 504.
    #[serde(rename = "HR504x504")]
    Hr504,
    /// 648 × 648.
    #[serde(rename = "HR648x648")]
    Hr648,
}

impl PhotoSize {
    /// The size as Exchange spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hr48 => "HR48x48",
            Self::Hr64 => "HR64x64",
            Self::Hr96 => "HR96x96",
            Self::Hr120 => "HR120x120",
            Self::Hr240 => "HR240x240",
            Self::Hr360 => "HR360x360",
            Self::Hr432 => "HR432x432",
            Self::Hr504 => "HR504x504",
            Self::Hr648 => "HR648x648",
        }
    }
}

impl ExchangeConnection {
    pub(super) fn refuse(&self, refusals: &mut Refusals) {
        refuse_address("connection.url", &self.url, refusals);
        refuse_domains("connection.address_domains", &self.address_domains, refusals);
        match &self.authentication {
            ExchangeAuthentication::Basic(basic) => {
                let field = "connection.authentication.user_name";
                refusals.required_text(field, &basic.user_name, 256);
                let expected = "a name without a colon, which would end it".into();
                let rule = crate::invalid::Rule::Format { expected };
                refusals.require(!basic.user_name.contains(':'), field, &basic.user_name, rule);
            }
            ExchangeAuthentication::Oauth2(client) => client.refuse("connection.authentication", refusals),
        }
        refuse_certificates("connection.trusted_certificates", self.trusted_certificates.as_deref(), refusals);
        refuse_seconds("connection.timeout_seconds", self.timeout_seconds, refusals);
    }
}
