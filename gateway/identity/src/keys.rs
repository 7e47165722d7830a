//! The keys of a provider (RFC 7517), and what they signed (RFC 7515). Signatures that need a shared
//! secret, and none at all, are not known here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::Deserialize;
use serde_json::Value;

/// More keys of one provider are not kept.
const MAX_KEYS: usize = 50;

/// A way to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

/// A key as it is published.
#[derive(Debug, Clone, Deserialize)]
struct PublishedKey {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    alg: Option<Value>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
}

/// A key that can be verified with.
#[derive(Debug, Clone)]
struct Key {
    id: Option<String>,
    /// The one algorithm that it is for, when that is said.
    algorithm: Option<Algorithm>,
    public: Public,
}

#[derive(Debug, Clone)]
enum Public {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// The keys of one provider.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys(Vec<Key>);

/// What a signature was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verified {
    /// Made with one of the keys.
    Right,
    /// Made with a key that is not known; it may have been published since.
    UnknownKey,
    /// Wrong.
    Wrong,
}

impl Keys {
    /// Reads the published keys; those of other kinds are left out. The error is for the log.
    pub(crate) fn read(body: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = serde_json::from_slice(body).map_err(|reason| format!("its keys: {reason}"))?;
        let known = set.keys.into_iter().take(MAX_KEYS).filter_map(|key| serde_json::from_value(key).ok());
        Ok(Self(known.filter_map(usable).collect()))
    }

    /// Whether `signature` over `message` was made with one of the keys: the one called `id`, if it has a name.
    pub(crate) fn verify(&self, algorithm: Algorithm, id: Option<&str>, message: &[u8], signature: &[u8]) -> Verified {
        let is_candidate = |key: &&Key| {
            let is_named = id.is_none_or(|id| key.id.as_deref().is_none_or(|own| own == id));
            let is_for = key.algorithm.is_none_or(|own| own == algorithm);
            is_named && is_for && key.public.fits(algorithm)
        };
        let mut candidates = self.0.iter().filter(is_candidate).peekable();
        if candidates.peek().is_none() {
            return Verified::UnknownKey;
        }
        let is_right = candidates.any(|key| key.public.verifies(algorithm, message, signature));
        if is_right { Verified::Right } else { Verified::Wrong }
    }
}

impl Public {
    fn fits(&self, algorithm: Algorithm) -> bool {
        use Algorithm::{EdDsa, Es256, Es384};
        match self {
            Self::Rsa { .. } => !matches!(algorithm, Es256 | Es384 | EdDsa),
            Self::P256(_) => algorithm == Es256,
            Self::P384(_) => algorithm == Es384,
            Self::Ed25519(_) => algorithm == EdDsa,
        }
    }

    fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let plain = |how: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(how, key).verify(message, signature).is_ok()
        };
        match self {
            Self::Rsa { n, e } => {
                let parameters = rsa(algorithm);
                let key = RsaPublicKeyComponents { n, e };
                parameters.is_some_and(|parameters| key.verify(parameters, message, signature).is_ok())
            }
            Self::P256(key) => plain(&ECDSA_P256_SHA256_FIXED, key),
            Self::P384(key) => plain(&ECDSA_P384_SHA384_FIXED, key),
            Self::Ed25519(key) => plain(&ED25519, key),
        }
    }
}

fn rsa(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    Some(match algorithm {
        Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
        Algorithm::Ps384 => &RSA_PSS_2048_8192_SHA384,
        Algorithm::Ps512 => &RSA_PSS_2048_8192_SHA512,
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::EdDsa => return None,
    })
}

fn usable(key: PublishedKey) -> Option<Key> {
    if key.usage.as_deref().is_some_and(|usage| usage != "sig") {
        return None;
    }
    let point = || Some([vec![4], bytes(key.x.as_deref())?, bytes(key.y.as_deref())?].concat());
    let public = match (key.kty.as_str(), key.crv.as_deref()) {
        ("RSA", _) => Public::Rsa { n: number(key.n.as_deref())?, e: number(key.e.as_deref())? },
        ("EC", Some("P-256")) => Public::P256(point()?),
        ("EC", Some("P-384")) => Public::P384(point()?),
        ("OKP", Some("Ed25519")) => Public::Ed25519(bytes(key.x.as_deref())?),
        _ => return None,
    };
    // A key for what is not known here is for nothing.
    let algorithm = key.alg.filter(|alg| !alg.is_null()).map(serde_json::from_value).transpose().ok()?;
    Some(Key { id: key.kid, algorithm, public })
}

fn bytes(text: Option<&str>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text?).ok()
}

/// A number without the zeros with which some begin it.
fn number(text: Option<&str>) -> Option<Vec<u8>> {
    let bytes = bytes(text)?;
    let start = bytes.iter().position(|byte| *byte != 0)?;
    bytes.get(start..).map(<[u8]>::to_vec)
}
