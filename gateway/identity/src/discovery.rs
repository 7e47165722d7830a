//! What a provider publishes about itself (OpenID Connect Discovery 1.0).

use directory_model::source::is_web_address;
use serde::Deserialize;

/// Where a provider is asked what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    #[serde(default)]
    pub(crate) userinfo_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) end_session_endpoint: Option<String>,
    /// How clients prove themselves; by HTTP's own way when nothing is said.
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// It says with each answer that the answer is its own (RFC 9207).
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

/// The address of the document.
pub(crate) fn address(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

impl Metadata {
    /// Reads the document of the provider at `issuer`; the error is for the log.
    pub(crate) fn read(body: &[u8], issuer: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_slice(body).map_err(|reason| format!("its configuration: {reason}"))?;
        if read.issuer != issuer {
            return Err(format!("it calls itself `{}`", read.issuer));
        }
        let optional = [&read.userinfo_endpoint, &read.end_session_endpoint].into_iter().flatten();
        let all = [&read.authorization_endpoint, &read.token_endpoint, &read.jwks_uri];
        let wrong = all.into_iter().chain(optional).find(|address| !is_web_address(address)).cloned();
        match wrong {
            Some(wrong) => Err(format!("it is asked at `{wrong}`, which anybody could read")),
            None => Ok(read),
        }
    }

    /// Whether the secret is sent in the form, because the provider takes it in no header.
    pub(crate) fn takes_secret_in_form(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        let takes = |method: &str| methods.is_some_and(|all| all.iter().any(|known| known == method));
        !takes("client_secret_basic") && takes("client_secret_post")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const ISSUER: &str = "https://id.example.com";

    fn document() -> Value {
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example.com/auth",
            "token_endpoint": "https://id.example.com/token",
            "jwks_uri": "https://keys.example.com/jwks",
            "scopes_supported": ["openid"],
        })
    }

    fn with(field: &str, value: Value) -> Vec<u8> {
        let mut document = document();
        document[field] = value;
        document.to_string().into_bytes()
    }

    #[test]
    fn a_provider_is_what_it_calls_itself_and_nobody_reads_along() {
        assert!(Metadata::read(document().to_string().as_bytes(), ISSUER).is_ok());
        for (field, value) in [
            ("issuer", json!("https://id.example.com/")),
            ("issuer", json!("https://evil.example.com")),
            ("token_endpoint", json!("http://id.example.com/token")),
            ("jwks_uri", json!(null)),
            ("end_session_endpoint", json!("javascript:alert(1)")),
            ("userinfo_endpoint", json!("https://a@id.example.com/")),
        ] {
            assert!(Metadata::read(&with(field, value.clone()), ISSUER).is_err(), "{field} {value}");
        }
    }

    #[test]
    fn the_secret_goes_into_the_form_only_where_nothing_else_is_taken() {
        let methods = "token_endpoint_auth_methods_supported";
        for (value, is_form) in [
            (json!(["client_secret_post"]), true),
            (json!(["client_secret_post", "client_secret_basic"]), false),
            (json!(["private_key_jwt"]), false),
            (json!(null), false),
        ] {
            let read = Metadata::read(&with(methods, value.clone()), ISSUER).expect("read");
            assert_eq!(read.takes_secret_in_form(), is_form, "{value}");
        }
    }

    #[test]
    fn the_document_is_below_the_issuer() {
        assert_eq!(address("https://a.test/realms/x/"), "https://a.test/realms/x/.well-known/openid-configuration");
    }

    proptest! {
        #[test]
        fn whatever_is_published_breaks_nothing(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Metadata::read(&body, ISSUER);
        }
    }
}
