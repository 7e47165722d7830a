//! Public identities: ULIDs, one `Copy` newtype for each kind of thing.
//!
//! Rows have integer keys inside the store; these are what leaves it.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::clock::Clock;

/// The text is not a ULID (26 characters of Crockford base 32).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected 26 characters of Crockford base 32")]
pub struct NotAnId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(into = "String", try_from = "String")]
        #[schema(value_type = String, min_length = 26, max_length = 26)]
        pub struct $name(Ulid);

        impl $name {
            /// The identity that no identity source hands out.
            pub const NIL: Self = Self(Ulid::nil());

            /// Takes the next identity from `ids`.
            pub fn new(ids: &dyn IdSource) -> Self {
                Self(ids.next_ulid())
            }

            /// The identity as a ULID.
            pub fn ulid(self) -> Ulid {
                self.0
            }
        }

        impl From<Ulid> for $name {
            fn from(ulid: Ulid) -> Self {
                Self(ulid)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                text.parse()
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Ulid::from_string(text).map(Self).map_err(|_| NotAnId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A reseller: a tenant's parent.
    ResellerId,
    /// A customer organisation.
    TenantId,
    /// A place of a tenant.
    SiteId,
    /// A node of a tenant's group tree.
    GroupId,
    /// A web origin that may embed publications.
    DomainId,
    /// What one web page shows.
    PublicationId,
    /// A person or service that can be reached.
    ContactId,
    /// An account that signs in.
    UserId,
    /// A grant of a role on a scope.
    GrantId,
    /// A signed-in browser.
    SessionId,
    /// An API token.
    TokenId,
    /// Who says of users who they are.
    IdentityProviderId,
    /// A system that is read.
    SourceId,
    /// One synchronisation run.
    RunId,
    /// Somebody who is told when synchronization needs somebody.
    AlertId,
    /// A picture of a contact.
    AvatarId,
    /// A manual note on a contact.
    NoteId,
    /// A state that a tenant gave a name.
    CustomStateId,
    /// A presence profile that a tenant made.
    PresenceProfileId,
    /// A client profile that a tenant made.
    ClientProfileId,
    /// A user's list of devices that ring for calls to groups.
    ExtensionListId,
    /// One entry of the audit trail.
    AuditId,
    /// What a visitor left when nobody could be reached.
    EnquiryId,
    /// A template that a tenant made.
    TemplateId,
    /// One request, for logs and problem documents.
    RequestId,
}

impl TenantId {
    /// The reserved tenant of the platform itself: its users belong to it, and changes to resellers
    /// and tenants are numbered in its line.
    pub const PLATFORM: Self = Self::NIL;
}

/// Where identities come from; injected, so that tests can count.
pub trait IdSource: Send + Sync {
    /// A ULID that was not handed out before.
    fn next_ulid(&self) -> Ulid;
}

/// Identities from the clock and the system's random numbers.
pub struct SystemIds<C> {
    clock: C,
    /// Random numbers that were not used yet: every request needs one, and asking the system costs
    /// more than the rest of an identity.
    pool: Mutex<Vec<[u8; 16]>>,
}

/// How many random numbers are asked for at once.
const POOL: usize = 64;

impl<C: Clock> SystemIds<C> {
    /// Identities whose time part follows `clock`.
    pub fn new(clock: C) -> Self {
        Self { clock, pool: Mutex::default() }
    }

    fn random(&self) -> u128 {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let random = pool.pop().unwrap_or_else(|| {
            let mut fresh = [[0; 16]; POOL];
            // Without random numbers nothing here is safe to hand out: sessions come from the same source.
            #[expect(clippy::expect_used, reason = "the system's random source does not fail on supported systems")]
            getrandom::fill(fresh.as_flattened_mut()).expect("the system has random numbers");
            let [first, rest @ ..] = fresh;
            pool.extend(rest);
            first
        });
        u128::from_le_bytes(random)
    }
}

impl<C: fmt::Debug> fmt::Debug for SystemIds<C> {
    /// Without the numbers that are still to come.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemIds").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl<C: Clock> IdSource for SystemIds<C> {
    fn next_ulid(&self) -> Ulid {
        let millis = u64::try_from(self.clock.now().millis()).unwrap_or(0);
        Ulid::from_parts(millis, self.random())
    }
}

/// Identities that count from one: for tests, where they must be foreseeable.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl IdSource for CountedIds {
    fn next_ulid(&self) -> Ulid {
        Ulid::from_parts(0, u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::clock::ManualClock;
    use crate::timestamp::Timestamp;

    #[test]
    fn no_two_identities_of_one_moment_are_alike() {
        let ids = SystemIds::new(ManualClock::new(Timestamp::from_millis(1)));

        let made: HashSet<Ulid> = (0..10 * POOL).map(|_| ids.next_ulid()).collect();

        assert_eq!(made.len(), 10 * POOL);
    }

    #[test]
    fn an_identity_survives_its_text() {
        let id = ContactId::new(&CountedIds::default());

        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("no".parse::<ContactId>(), Err(NotAnId));
    }
}
