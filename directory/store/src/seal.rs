//! Secrets at rest: sealed with a key that is not in the database.
//!
//! An envelope reads `v1:<key id>:<nonce>:<ciphertext>` and opens only at the place it was sealed
//! for: tenant, object and field. A wrong or lost key is no failure; it leaves secrets that must be
//! entered again.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use directory_model::id::TenantId;
use directory_model::secret::Secret;
use directory_model::source::SecretState;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// The length of a key, in bytes.
pub const KEY_BYTES: usize = 32;
/// How many bytes of a key's hash name it.
const KEY_ID_BYTES: usize = 6;
/// The only form of envelope so far.
const VERSION: &str = "v1";

/// Why there is no key, or no envelope.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key file cannot be read or made.
    #[error("`{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The key is not of the right length.
    #[error("a key has {KEY_BYTES} bytes and this one has {0}")]
    Length(usize),
    /// The system gave no random numbers, or the cipher failed.
    #[error("the secret could not be sealed")]
    Cipher,
}

/// A key that seals and opens secrets.
pub struct SealingKey {
    id: String,
    key: LessSafeKey,
}

/// Where a secret belongs; it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Whose secret it is.
    pub tenant: TenantId,
    /// The public identity of the object that has it.
    pub object: &'a str,
    /// Which of the object's fields it is.
    pub field: &'static str,
}

/// A secret that was kept, for the one who uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenedSecret {
    /// None was entered.
    Absent,
    /// The secret.
    Opened(Secret),
    /// The key changed or was lost: it must be entered again.
    EnterAgain,
}

impl OpenedSecret {
    /// What may be said of the secret.
    pub fn state(&self) -> SecretState {
        match self {
            Self::Absent => SecretState::Absent,
            Self::Opened(_) => SecretState::Present,
            Self::EnterAgain => SecretState::EnterAgain,
        }
    }
}

impl SealingKey {
    /// The key with these bytes.
    pub fn new(bytes: &[u8]) -> Result<Self, SealError> {
        if bytes.len() != KEY_BYTES {
            return Err(SealError::Length(bytes.len()));
        }
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| SealError::Length(bytes.len()))?;
        let hash = digest(&SHA256, bytes);
        let id = URL_SAFE_NO_PAD.encode(&hash.as_ref()[..KEY_ID_BYTES]);
        Ok(Self { id, key: LessSafeKey::new(key) })
    }

    /// A key that is kept nowhere: what it seals must be entered again after a restart.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "the system's random source does not fail on supported systems"
    )]
    pub fn for_this_process() -> Self {
        let bytes = random_key().expect("the system has random numbers");
        Self::new(bytes.as_slice()).expect("a random key has the right length")
    }

    /// The key in the file at `path`, which is made, readable by its owner only, when it is missing.
    pub fn load_or_create(path: &Path) -> Result<Self, SealError> {
        let failed = |error| SealError::File { path: path.to_owned(), error };
        match fs::read(path) {
            Ok(bytes) => Self::new(Zeroizing::new(bytes).as_slice()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                create(path).map_err(failed)?;
                let bytes = Zeroizing::new(fs::read(path).map_err(failed)?);
                Self::new(bytes.as_slice())
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Names the key without saying anything else about it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Seals `secret` for `place`.
    pub fn seal(&self, place: Place<'_>, secret: &Secret) -> Result<String, SealError> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| SealError::Cipher)?;
        let mut bytes = secret.expose().as_bytes().to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), place.binding(), &mut bytes)
            .map_err(|_| SealError::Cipher)?;
        let (nonce, text) = (URL_SAFE_NO_PAD.encode(nonce), URL_SAFE_NO_PAD.encode(bytes));
        Ok(format!("{VERSION}:{}:{nonce}:{text}", self.id))
    }

    /// Opens an envelope. `None` when it was sealed with another key, for another place, or was
    /// tampered with: in each case only entering the secret again helps.
    pub fn open(&self, place: Place<'_>, envelope: &str) -> Option<Secret> {
        let mut parts = envelope.split(':');
        let (version, id, nonce, text) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if version != VERSION || id != self.id || parts.next().is_some() {
            return None;
        }
        let nonce: [u8; NONCE_LEN] = URL_SAFE_NO_PAD.decode(nonce).ok()?.try_into().ok()?;
        let mut bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        let opened =
            self.key.open_in_place(Nonce::assume_unique_for_key(nonce), place.binding(), bytes.as_mut_slice()).ok()?;
        std::str::from_utf8(opened).ok().map(Secret::new)
    }

    /// What is kept at `place`, if anything.
    pub(crate) fn open_kept(&self, place: Place<'_>, envelope: Option<&str>) -> OpenedSecret {
        let Some(envelope) = envelope else { return OpenedSecret::Absent };
        self.open(place, envelope).map_or(OpenedSecret::EnterAgain, OpenedSecret::Opened)
    }

    /// Whether an envelope names this key.
    pub(crate) fn sealed(&self, envelope: &str) -> bool {
        envelope.strip_prefix(VERSION).and_then(|rest| rest.strip_prefix(':')).and_then(|rest| rest.split(':').next())
            == Some(&self.id)
    }
}

impl std::fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealingKey({})", self.id)
    }
}

impl Place<'_> {
    fn binding(self) -> Aad<Vec<u8>> {
        Aad::from(format!("{}/{}/{}", self.tenant, self.object, self.field).into_bytes())
    }
}

fn random_key() -> Result<Zeroizing<[u8; KEY_BYTES]>, SealError> {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    SystemRandom::new().fill(bytes.as_mut_slice()).map_err(|_| SealError::Cipher)?;
    Ok(bytes)
}

/// Makes the key file whole or not at all; an existing one stays as it is.
fn create(path: &Path) -> std::io::Result<()> {
    let bytes = random_key().map_err(std::io::Error::other)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let part = path.with_extension(format!("{}.part", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    let written = file.write_all(bytes.as_slice()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| match fs::hard_link(&part, path) {
        // Another process was faster; its key counts.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    fs::remove_file(&part)?;
    linked?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use directory_model::id::CountedIds;

    use super::*;

    #[test]
    fn an_envelope_opens_only_with_its_key_at_its_place() {
        let here = Place { tenant: TenantId::new(&CountedIds::default()), object: "one", field: "secret" };
        let [key, other] = [7, 8].map(|byte| SealingKey::new(&[byte; KEY_BYTES]).expect("a key"));
        let secret = Secret::new("pässword");

        let envelope = key.seal(here, &secret).expect("sealed");

        assert_eq!(key.open(here, &envelope), Some(secret.clone()));
        assert_eq!(other.open(here, &envelope), None);
        assert_eq!(key.open(Place { object: "two", ..here }, &envelope), None);
        assert_eq!(key.open(Place { field: "other", ..here }, &envelope), None);
        assert_eq!(key.open(here, &envelope.replace("v1:", "v2:")), None);
        assert_eq!(key.open(here, &envelope[..envelope.len() - 3]), None);
        assert_eq!(key.open(here, ""), None);
        assert!(
            envelope.starts_with(&format!("v1:{}:", key.id())) && key.sealed(&envelope) && !other.sealed(&envelope)
        );
        assert_ne!(key.seal(here, &secret).expect("sealed again"), envelope);
    }

    #[test]
    fn a_missing_key_file_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret.key");

        let made = SealingKey::load_or_create(&path).expect("made");
        let loaded = SealingKey::load_or_create(&path).expect("loaded");

        assert_eq!(made.id(), loaded.id());
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret.key");
        fs::write(&path, [1; 31]).expect("written");

        assert!(matches!(SealingKey::load_or_create(&path), Err(SealError::Length(31))));
    }
}
