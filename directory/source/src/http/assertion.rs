//! Signed assertions with which an application proves itself by its certificate (RFC 7523).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use directory_model::timestamp::Timestamp;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;

/// For how many seconds an assertion holds.
const LIFETIME: i64 = 600;

/// Signs for the token service at `audience` as `client_id`; the error may be shown.
pub(super) fn sign(
    audience: &str,
    client_id: &str,
    certificate: &str,
    key: &str,
    now: Timestamp,
) -> Result<String, String> {
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes());
    let certificate = certificate.map_err(|_| "the certificate of the application is not PEM".to_owned())?;
    let key = private_key(key)?;
    let random = SystemRandom::new();
    let mut number = [0; 16];
    random.fill(&mut number).map_err(|_| "there is no randomness to sign with".to_owned())?;
    let seconds = now.millis() / 1000;
    let text = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    // Entra finds the certificate by its SHA-1 thumbprint; nothing rests on that hash being strong.
    let thumbprint = text(digest(&SHA1_FOR_LEGACY_USE_ONLY, &certificate).as_ref());
    let header = json!({"alg": "RS256", "typ": "JWT", "x5t": thumbprint});
    let claims = json!({
        "aud": audience, "iss": client_id, "sub": client_id, "jti": text(&number),
        "iat": seconds, "nbf": seconds, "exp": seconds + LIFETIME,
    });
    let signed = format!("{}.{}", text(header.to_string().as_bytes()), text(claims.to_string().as_bytes()));
    let mut signature = vec![0; key.public().modulus_len()];
    let signing = key.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature);
    signing.map_err(|_| "the private key of the application cannot sign".to_owned())?;
    Ok(format!("{signed}.{}", text(&signature)))
}

fn private_key(pem: &str) -> Result<RsaKeyPair, String> {
    let unusable = || "the secret of the source is not a private RSA key of at least 2048 bits in PEM".to_owned();
    let key = match PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| unusable())? {
        PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
        _ => return Err(unusable()),
    };
    key.map_err(|_| unusable())
}
