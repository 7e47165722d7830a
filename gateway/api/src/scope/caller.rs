//! Who asks: a user with a session, or a program with an API token.

use directory_model::audit::Actor;
use directory_model::id::{ContactId, SessionId, TenantId, UserId};
use directory_model::rights::{Action, Held, Role, Scope, Target, allows, allows_within, may_give, may_take};

/// Somebody who is known, with everything they hold.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) user: UserId,
    /// The tenant whose user it is.
    pub(crate) home: TenantId,
    pub(crate) actor: Actor,
    /// The contact that the user is.
    pub(crate) contact: Option<ContactId>,
    /// The session, when there is one.
    pub(crate) session: Option<SessionId>,
    /// What the user holds.
    pub(crate) held: Vec<Held>,
    /// What the API token cuts it down to.
    pub(crate) narrowed: Option<Held>,
}

impl Caller {
    /// Whether the caller may do `action` to what `target` contains.
    pub(crate) fn may(&self, action: Action, target: &Target) -> bool {
        allows(&self.held, action, target) && self.narrowed.is_none_or(|token| token.allows(action, target))
    }

    /// The same, by a role in the tenant itself and not by one above it.
    pub(crate) fn may_within(&self, action: Action, target: &Target) -> bool {
        let by_token = self.narrowed.is_none_or(|token| allows_within(&[token], action, target));
        allows_within(&self.held, action, target) && by_token
    }

    /// Whether the caller may give `role` on the scope that `target` is.
    pub(crate) fn may_give(&self, role: Role, target: &Target) -> bool {
        let by_token = self.narrowed.is_none_or(|token| may_give(&[token], role, target));
        may_give(&self.held, role, target) && by_token
    }

    /// Whether the caller may change those who have `role` on the scope that `target` is.
    pub(crate) fn may_take(&self, role: Role, target: &Target) -> bool {
        let by_token = self.narrowed.is_none_or(|token| may_take(&[token], role, target));
        may_take(&self.held, role, target) && by_token
    }

    /// Whether the caller may do `action` to anything at all.
    pub(crate) fn may_anywhere(&self, action: Action) -> bool {
        let holds = |held: &Held| held.role.actions().contains(&action);
        self.held.iter().any(holds) && self.narrowed.as_ref().is_none_or(holds)
    }

    /// Whether the caller may do `action` to something of `tenant`, whose own target is `target`.
    pub(crate) fn may_somewhere(&self, action: Action, tenant: TenantId, target: &Target) -> bool {
        let reaches = |held: &Held| {
            held.role.actions().contains(&action) && (target.is_inside(held.scope) || self.is_part(held.scope, tenant))
        };
        self.held.iter().any(reaches) && self.narrowed.as_ref().is_none_or(reaches)
    }

    /// Whether the caller may know anything of `tenant` at all, as far as that can be told without
    /// looking the tenant up.
    pub(crate) fn may_reach(&self, tenant: TenantId) -> bool {
        self.home == tenant || self.held.iter().any(|held| held.scope.is_above_tenants())
    }

    /// A part of a tenant is only ever held by users of that tenant.
    fn is_part(&self, scope: Scope, tenant: TenantId) -> bool {
        self.home == tenant && matches!(scope, Scope::Site(_) | Scope::Group(_) | Scope::Publication(_))
    }
}
