//! Microsoft Graph as it is configured.

use serde::{Deserialize, Serialize};

use crate::invalid::{Refusals, Rule};

use super::web::{ClientCredentials, refuse_address, refuse_certificates, refuse_seconds};

/// How the people of a Microsoft Entra tenant are read, over Microsoft Graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GraphConnection {
    /// Where Graph is, with its version; national clouds have others.
    #[serde(default = "default_url")]
    pub url: String,
    /// The Entra tenant: its identity, or one of its domains.
    pub tenant: String,
    /// As what the gateway is registered there.
    pub client_id: String,
    /// The registered certificate in PEM; the source's secret is then its private key (RSA, PKCS #8 or PKCS #1)
    /// instead of a client secret.
    #[serde(default)]
    pub certificate: Option<String>,
    /// Where tokens are given; Microsoft's own service for the tenant when absent.
    #[serde(default)]
    pub token_url: Option<String>,
    /// PEM certificates to trust besides the system's.
    #[serde(default)]
    pub trusted_certificates: Option<String>,
    /// How long one request may take, 1 to 600.
    #[serde(default = "super::default_timeout")]
    pub timeout_seconds: u32,
}

fn default_url() -> String {
    "https://graph.microsoft.com/v1.0".into()
}

impl GraphConnection {
    /// How a token is got: for everything that the registration may do.
    pub fn credentials(&self) -> ClientCredentials {
        let service = || format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", self.tenant);
        let end = self.url.find("://").map_or(0, |at| at + 3);
        let origin = self.url[end..].find('/').map_or(self.url.as_str(), |path| &self.url[..end + path]);
        ClientCredentials {
            token_url: self.token_url.clone().unwrap_or_else(service),
            client_id: self.client_id.clone(),
            scope: format!("{origin}/.default"),
            certificate: self.certificate.clone(),
        }
    }

    pub(super) fn refuse(&self, refusals: &mut Refusals) {
        refuse_address("connection.url", &self.url, refusals);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let is_tenant = (1..=256).contains(&self.tenant.len()) && self.tenant.chars().all(is_plain);
        let expected = "the identity of an Entra tenant, or a domain such as example.onmicrosoft.com";
        let rule = Rule::Format { expected: expected.into() };
        refusals.require(is_tenant, "connection.tenant", &self.tenant, rule);
        refusals.required_text("connection.client_id", &self.client_id, 256);
        refuse_certificates("connection.certificate", self.certificate.as_deref(), refusals);
        if let Some(address) = &self.token_url {
            refuse_address("connection.token_url", address, refusals);
        }
        refuse_certificates("connection.trusted_certificates", self.trusted_certificates.as_deref(), refusals);
        refuse_seconds("connection.timeout_seconds", self.timeout_seconds, refusals);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_asked_for_at_the_tenants_own_service() {
        let json = r#"{"tenant": "example.onmicrosoft.com", "client_id": "gateway"}"#;
        let mut graph: GraphConnection = serde_json::from_str(json).expect("everything else has a default");

        let credentials = graph.credentials();
        assert_eq!(
            credentials.token_url,
            "https://login.microsoftonline.com/example.onmicrosoft.com/oauth2/v2.0/token"
        );
        assert_eq!(credentials.scope, "https://graph.microsoft.com/.default");
        graph.url = "https://graph.microsoft.us".into();
        assert_eq!(graph.credentials().scope, "https://graph.microsoft.us/.default");
    }
}
