//! Actions as types, so that a handler's signature says what was proven before it runs.

use directory_model::rights::Action;

/// Who may do something to what is their own, besides those with the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Own {
    /// Nobody.
    Never,
    /// Those who hold this action anywhere.
    With(Action),
    /// Everybody.
    Always,
}

/// An action that was proven, and the action that makes its objects visible.
pub(crate) trait Permission: Send + Sync + 'static {
    /// What is done.
    const ACTION: Action;
    /// Without this, the object does not exist for the caller.
    const SIGHT: Action;
    /// Another action that also allows it.
    const OR: Option<Action> = None;
    /// Whether it may also be done to one's own contact or user.
    const OWN: Own = Own::Never;
}

macro_rules! permissions {
    ($($name:ident = $action:ident $(or $or:ident)? sees $sight:ident $(, own $own:expr)?;)+) => {$(
        #[derive(Debug, Clone, Copy)]
        pub(crate) enum $name {}

        impl Permission for $name {
            const ACTION: Action = Action::$action;
            const SIGHT: Action = Action::$sight;
            $(const OR: Option<Action> = Some(Action::$or);)?
            $(const OWN: Own = $own;)?
        }
    )+};
}

permissions! {
    ManagePlatform = ManagePlatform sees ManagePlatform;
    ManageTenants = ManageTenants sees ReadTenant;
    ReadTenant = ReadTenant sees ReadTenant;
    ChangeTenant = ChangeTenantSettings or ManageTenants sees ReadTenant;
    ManageUsers = ManageUsers sees ReadUsers;
    ReadUsers = ReadUsers sees ReadUsers, own Own::Always;
    ChangePassword = ManageUsers sees ReadUsers, own Own::Always;
    ManageSessions = ManageUsers sees ReadUsers, own Own::Always;
    ManageIdentityProviders = ChangeTenantSettings sees ReadTenant;
    ReadIdentityProviders = ChangeTenantSettings sees ReadTenant;
    ManageDomains = ManageDomains sees ReadDomains;
    ReadDomains = ReadDomains sees ReadDomains;
    ManageSites = ManageSites sees ReadSites;
    ChangeSite = ChangeSite sees ReadSites;
    ReadSites = ReadSites sees ReadSites;
    ManageGroups = ManageGroups sees ReadGroups;
    ReadGroups = ReadGroups sees ReadGroups;
    ManagePublications = ManagePublications sees ReadPublications;
    ReadPublications = ReadPublications sees ReadPublications;
    ManageContacts = ManageContacts sees ReadContacts;
    ReadContacts = ReadContacts sees ReadContacts, own Own::With(Action::SetOwnPresence);
    ReadPastPresence = ChangeTenantSettings sees ReadContacts;
    SetPresence = SetPresence sees ReadContacts, own Own::With(Action::SetOwnPresence);
    ManageCustomStates = ChangeTenantSettings sees ReadTenant;
    ReadCustomStates = ReadContacts or SetOwnPresence sees ReadContacts;
    ManagePresenceProfiles = ChangeTenantSettings sees ReadTenant;
    ReadPresenceProfiles = ReadContacts or SetOwnPresence sees ReadContacts;
    ManageClientProfiles = ManageUsers sees ReadUsers;
    ReadClientProfiles = ReadUsers sees ReadUsers;
    ReadUserProfile = ReadUsers sees ReadUsers, own Own::With(Action::SetOwnPresence);
    SetUserProfile = SetPresence sees ReadUsers, own Own::With(Action::SetOwnPresence);
    ManageSources = ManageSources sees ReadSources;
    ReadSources = ReadSources sees ReadSources;
    Synchronize = Synchronize sees ReadSources;
    ReadEnquiries = ReadEnquiries sees ReadEnquiries;
    AnswerEnquiries = AnswerEnquiries sees ReadEnquiries;
    RemoveEnquiries = ManagePublications sees ReadEnquiries;
    ReadAudit = ReadAudit sees ReadAudit;
}
