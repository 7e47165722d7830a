//! Identity providers: who says of a tenant's users who they are, by OpenID Connect.

use serde::{Deserialize, Serialize};

use crate::id::IdentityProviderId;
use crate::invalid::{Invalid, Refusals, Rule};
use crate::secret::Secret;
use crate::source::{SecretState, is_web_address};
use crate::timestamp::Timestamp;
use crate::valid::Check;

/// The most scopes that are asked for besides `openid`.
pub const MAX_SCOPES: usize = 20;

/// What can be set on an identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityProviderFields {
    /// What its button says; unique in the tenant when folded, 1 to 64 characters.
    pub name: String,
    /// Its address exactly as its tokens give it, such as `https://id.example.com`. What it publishes is
    /// read below that, at `/.well-known/openid-configuration`.
    pub issuer: String,
    /// As what the gateway is registered there, 1 to 256 characters.
    pub client_id: String,
    /// The claim that holds the user's name or user principal name. `email` counts if it is verified.
    #[serde(default = "preferred_username")]
    pub name_claim: String,
    /// What is asked for besides `openid`.
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// Whoever comes for the first time is linked with the user whose user principal name, or else name,
    /// is what the claim says. Only for providers whose people do not choose that themselves. Without it
    /// nobody new can sign in.
    #[serde(default)]
    pub is_linking_allowed: bool,
    /// Signing in by it is possible.
    #[serde(default = "yes")]
    pub is_enabled: bool,
}

fn preferred_username() -> String {
    "preferred_username".to_owned()
}

fn usual_scopes() -> Vec<String> {
    vec!["profile".to_owned(), "email".to_owned()]
}

fn yes() -> bool {
    true
}

/// An identity provider as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Its public identity.
    pub id: IdentityProviderId,
    /// What can be set.
    pub fields: IdentityProviderFields,
    /// Whether a secret is kept and can be opened.
    pub secret: SecretState,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What is needed to speak with a provider.
#[derive(Debug, Clone)]
pub struct ProviderAccess {
    /// What can be set on it.
    pub fields: IdentityProviderFields,
    /// The secret with which the gateway proves itself, if it has one.
    pub secret: Option<Secret>,
}

/// What a sign-in begins with; all but the address is random.
#[derive(Debug, Clone)]
pub struct AuthorizationRequest {
    /// Where the provider sends the browser back to.
    pub redirect_uri: String,
    /// What it sends back with it.
    pub state: String,
    /// What its token must repeat.
    pub nonce: String,
    /// What redeeming the code takes; the provider is shown its hash.
    pub verifier: Secret,
}

/// What the browser brought back, with what it began with.
#[derive(Debug, Clone)]
pub struct AuthorizationAnswer {
    /// What can be redeemed, once.
    pub code: Secret,
    /// Who says that they sent the browser, if they said so (RFC 9207).
    pub issuer: Option<String>,
    /// What the sign-in began with.
    pub request: AuthorizationRequest,
}

/// Who somebody is, by the word of a provider that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The provider's address.
    pub issuer: String,
    /// What it calls them for good.
    pub subject: String,
    /// What the claim of the name says, if it says anything that can be believed.
    pub name: Option<String>,
}

/// Why nobody is known by the word of a provider. The texts are for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityFailure {
    /// It does not answer, or not as it should.
    #[error("the provider cannot be asked: {0}")]
    Away(String),
    /// It knows the gateway or the code not.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// What it said does not hold.
    #[error("the provider's word does not hold: {0}")]
    Untrusted(&'static str),
}

impl Check for IdentityProviderFields {
    fn normal(mut self) -> Self {
        for text in [&mut self.name, &mut self.issuer, &mut self.client_id, &mut self.name_claim] {
            *text = text.trim().to_owned();
        }
        self.scopes.retain(|scope| scope != "openid");
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, 64);
        let is_issuer = is_web_address(&self.issuer) && !self.issuer.contains('?');
        let expected = "an address such as https://id.example.com, without a query";
        refusals.require(is_issuer, "issuer", &self.issuer, Rule::Format { expected: expected.into() });
        refusals.required_text("client_id", &self.client_id, 256);
        refusals.required_text("name_claim", &self.name_claim, 64);
        let is_scope = |scope: &String| {
            let is_sign = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
            (1..=128).contains(&scope.len()) && scope.bytes().all(is_sign)
        };
        for (at, scope) in self.scopes.iter().enumerate().filter(|(_, scope)| !is_scope(scope)) {
            let rule = Rule::Format { expected: "a word without spaces such as profile".into() };
            refusals.require(false, &format!("scopes[{at}]"), scope, rule);
        }
        let rule = Rule::TooLong { max: MAX_SCOPES as u64, unit: "scopes".into() };
        refusals.require(self.scopes.len() <= MAX_SCOPES, "scopes", self.scopes.len(), rule);
        refusals.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(issuer: &str) -> IdentityProviderFields {
        let value = serde_json::json!({"name": " Work ", "issuer": issuer, "client_id": "switchboard"});
        serde_json::from_value(value).expect("fields")
    }

    #[test]
    fn what_is_not_said_is_as_providers_usually_want_it() {
        let checked = fields("https://id.example.com").check().expect("right");
        assert_eq!((checked.name.as_str(), checked.name_claim.as_str()), ("Work", "preferred_username"));
        assert_eq!(checked.scopes, ["profile", "email"]);
        assert!(checked.is_enabled && !checked.is_linking_allowed);
    }

    #[test]
    fn an_issuer_is_an_address_that_nobody_reads_along() {
        for (issuer, is_right) in [
            ("https://id.example.com", true),
            ("https://id.example.com/realms/work", true),
            ("http://127.0.0.1:4000", true),
            ("http://id.example.com", false),
            ("https://id.example.com?x=1", false),
            ("https://a@id.example.com", false),
            ("id.example.com", false),
        ] {
            assert_eq!(fields(issuer).check().is_ok(), is_right, "{issuer}");
        }
    }

    #[test]
    fn scopes_are_few_words() {
        let with = |scopes: &[&str]| IdentityProviderFields {
            scopes: scopes.iter().map(ToString::to_string).collect(),
            ..fields("https://id.example.com")
        };
        assert_eq!(with(&["openid", "groups"]).check().expect("right").scopes, ["groups"]);
        for wrong in [&["two words"][..], &[""], &["x"; 21]] {
            assert!(with(wrong).check().is_err(), "{wrong:?}");
        }
    }
}
