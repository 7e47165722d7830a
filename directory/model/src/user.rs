//! Accounts that sign in, and what they may do where.

use serde::{Deserialize, Serialize};

use crate::id::{ContactId, GrantId, IdentityProviderId, SessionId, TokenId, UserId};
use crate::invalid::{Invalid, Refusals, Rule};
use crate::profile::client::ClientProfileName;
use crate::rights::{Role, Scope};
use crate::timestamp::Timestamp;
use crate::valid::{Check, trimmed};

/// The shortest password, in characters.
pub const PASSWORD_MIN_CHARS: usize = 12;
/// The longest password, in characters.
pub const PASSWORD_MAX_CHARS: usize = 256;

/// What can be set on a user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UserFields {
    /// The name to sign in with; unique in the tenant when folded, 2 to 128 characters.
    pub name: String,
    /// User principal name, for single sign-on.
    pub upn: Option<String>,
    /// First name, at most 128 characters.
    pub first_name: Option<String>,
    /// Last name, at most 128 characters.
    pub last_name: Option<String>,
    /// Mail address.
    pub mail: Option<String>,
    /// The contact that the user is.
    pub contact: Option<ContactId>,
    /// May not sign in.
    pub is_disabled: bool,
    /// May sign in with clients, as long as the tenant has a licence free.
    pub is_client_allowed: bool,
    /// What the user may do with clients; `default` allows everything.
    pub client_profile: ClientProfileName,
}

impl UserFields {
    /// Whether this and `other` say the same but for what the person is called.
    pub fn is_same_but_for_person_names(&self, other: &Self) -> bool {
        let (first_name, last_name) = (other.first_name.clone(), other.last_name.clone());
        Self { first_name, last_name, ..self.clone() } == *other
    }
}

/// A user as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its public identity.
    pub id: UserId,
    /// What can be set.
    pub fields: UserFields,
    /// Whether a password is set.
    pub has_password: bool,
    /// Since when a second factor is asked for, when there is one.
    pub second_factor_since: Option<Timestamp>,
    /// When the user last signed in.
    pub signed_in_at: Option<Timestamp>,
    /// The number of changes; the entity tag.
    pub revision: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A role on a scope, given to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its public identity.
    pub id: GrantId,
    /// To whom.
    pub user: UserId,
    /// What.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// When.
    pub created_at: Timestamp,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its public identity.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// The browser, as it calls itself, at most 256 characters.
    pub user_agent: String,
    /// The identity provider by which it began, if it was one.
    pub provider: Option<IdentityProviderId>,
}

/// An API token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its public identity.
    pub id: TokenId,
    /// Whose rights it has, cut down to `role` on `scope`.
    pub user: UserId,
    /// What it is for, 1 to 128 characters.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

impl Check for UserFields {
    fn normal(mut self) -> Self {
        self.name = self.name.trim().to_owned();
        self.upn = trimmed(self.upn);
        self.first_name = trimmed(self.first_name);
        self.last_name = trimmed(self.last_name);
        self.mail = trimmed(self.mail);
        self
    }

    fn refusals(&self) -> Result<(), Vec<Invalid>> {
        let mut refusals = Refusals::default();
        refusals.required_text("name", &self.name, 128);
        refusals.require(self.name.chars().count() >= 2, "name", &self.name, Rule::TooShort { min: 2 });
        refusals.text("upn", self.upn.as_deref().unwrap_or_default(), 326);
        refusals.text("first_name", self.first_name.as_deref().unwrap_or_default(), 128);
        refusals.text("last_name", self.last_name.as_deref().unwrap_or_default(), 128);
        let mail = self.mail.as_deref();
        let bad = mail.and_then(|mail| crate::address::check_address(crate::address::AddressKind::Mail, mail).err());
        refusals.extend(bad);
        refusals.finish()
    }
}

/// Refuses a password that is too short, too long, or the user's own name.
pub fn check_password(password: &str, user_name: &str) -> Result<(), Invalid> {
    let refuse = |rule| Err(Invalid::new("password", "(not shown)", rule));
    let length = password.chars().count();
    if length < PASSWORD_MIN_CHARS {
        return refuse(Rule::TooShort { min: PASSWORD_MIN_CHARS as u64 });
    }
    if length > PASSWORD_MAX_CHARS {
        return refuse(Rule::TooLong { max: PASSWORD_MAX_CHARS as u64, unit: "characters".into() });
    }
    if crate::text::fold(password).contains(&crate::text::fold(user_name)) {
        return refuse(Rule::Format { expected: "a password that does not contain the user name".into() });
    }
    Ok(())
}
