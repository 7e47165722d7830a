//! The profile that each user is in, and what contacts show by it. Whoever selected none is in the default one.

use diesel::prelude::*;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, TenantId, UserId};
use directory_model::invalid::Rule;
use directory_model::presence::{Claim, Note, NoteKind};
use directory_model::profile::built_in::BuiltIn;
use directory_model::profile::client::ClientProfileFields;
use directory_model::profile::{MESSAGE, PresenceMode, PresenceProfile, ProfileName, fixed_claim};
use directory_model::timestamp::Timestamp;
use directory_model::user::{User, UserFields};
use serde_json::{Value, json};

use crate::column::{Column, moment};
use crate::connection::Connection;
use crate::error::{Conflict, StoreError, StoreResult};
use crate::schema::{contacts, profile_overrides, profile_selections, tenants, users};
use crate::tenants::key as tenant_key;
use crate::tx::Tx;
use crate::{call_settings, client_profiles, presence_profiles, presence_rows, resellers};

/// What somebody selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The profile.
    pub profile: ProfileName,
    /// What the user says beside it.
    pub message: Option<String>,
    /// When the message disappears; `None` until it is taken back.
    pub message_expires_at: Option<Timestamp>,
}

/// The profile that a user is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserProfile {
    /// The contact that the user is.
    pub contact: Option<ContactId>,
    /// The profile.
    pub profile: PresenceProfile,
    /// Since when; never for the default that nobody selected.
    pub selected_at: Option<Timestamp>,
    /// The user may use a client: is permitted, and the tenant has licences.
    pub has_client: bool,
    /// What the user may do with it.
    pub rights: ClientProfileFields,
    /// What profiles do to calls.
    pub mode: PresenceMode,
    /// What the user says beside the profile.
    pub message: Option<Note>,
}

/// The profile that the user is in.
pub fn find(conn: &mut Connection, tenant: TenantId, id: UserId, now: Timestamp) -> StoreResult<Option<UserProfile>> {
    let Some(user) = crate::users::find(conn, tenant, id)? else { return Ok(None) };
    let of_tenant = crate::tenants::find(conn, tenant)?;
    let (licences, reseller) =
        of_tenant.map(|found| (found.fields.client_licences, found.fields.reseller)).unwrap_or_default();
    let has_client = licences > 0 && user.fields.is_client_allowed && !user.fields.is_disabled;
    let rights = client_profiles::find(conn, tenant, user.fields.client_profile)?;
    let reseller = reseller.map(|id| resellers::find(conn, id)).transpose()?.flatten();
    let row = selected(conn, tenant, id)?.filter(|_| has_client);
    let profile = row.map(|(name, _)| presence_profiles::find(conn, tenant, name)).transpose()?.flatten();
    let notes = match user.fields.contact {
        Some(contact) => presence_rows::notes(conn, tenant, contact, now)?,
        None => Vec::new(),
    };
    Ok(Some(UserProfile {
        contact: user.fields.contact,
        selected_at: profile.as_ref().and(row).map(|(_, since)| since),
        profile: profile.unwrap_or_else(|| BuiltIn::Available.profile()),
        has_client,
        rights: rights.map(|found| found.fields).unwrap_or_default(),
        mode: reseller.map(|found| found.fields.presence_mode).unwrap_or_default(),
        message: notes.into_iter().map(|kept| kept.note).find(|note| note.source == MESSAGE),
    }))
}

/// Selects a profile for the user, and takes back what was said by hand before. Refuses users without a client or
/// whose client profile does not allow it, and a message of a user who is no contact.
pub fn select(tx: &mut Tx<'_>, id: UserId, selection: &Selection) -> StoreResult<Option<()>> {
    let (tenant, now) = (tx.tenant, tx.now());
    let Some(old) = find(tx.conn, tenant, id, now)? else { return Ok(None) };
    if !old.has_client {
        return Err(Conflict::NoClient.into());
    }
    if !old.rights.may_select_presence {
        return Err(Conflict::ClientProfile.into());
    }
    if presence_profiles::find(tx.conn, tenant, selection.profile)?.is_none() {
        return Err(StoreError::refused("profile", selection.profile, Rule::Unknown));
    }
    let Some(user_key) = crate::users::key(tx.conn, tenant, id)? else { return Ok(None) };
    if old.selected_at.is_none() || old.profile.id != selection.profile {
        forget(tx, user_key)?;
        diesel::insert_into(profile_selections::table)
            .values((
                profile_selections::user_id.eq(user_key),
                profile_selections::tenant_id.eq(tx.tenant_key),
                profile_selections::profile.eq(selection.profile.to_string()),
                profile_selections::selected_at.eq(now.millis()),
            ))
            .execute(tx.conn)?;
    }
    say(tx, old.contact, selection)?;
    audit(tx, id, json!({"profile": [old.profile.id, selection.profile]}))?;
    touch(tx, old.contact)?;
    call_settings::mark(tx.conn, tx.tenant_key, user_key, now)?;
    Ok(Some(()))
}

/// Says the message beside the profile, and nothing by hand any more.
fn say(tx: &mut Tx<'_>, contact: Option<ContactId>, selection: &Selection) -> StoreResult<()> {
    let (text, expires_at) = (selection.message.clone(), selection.message_expires_at);
    let Some(contact) = contact else {
        let Some(text) = text else { return Ok(()) };
        return Err(StoreError::refused("message", text, Rule::Needs { other: "contact".into() }));
    };
    let note = text.map(|text| Note { text, kind: NoteKind::Personal, source: MESSAGE.to_owned(), expires_at });
    presence_rows::replace_note(tx, contact, MESSAGE, note.as_ref())?;
    presence_rows::remove_manual(tx, contact)?;
    Ok(())
}

/// What the contact shows by the profile of its user, if the tenant has clients.
pub fn claim(conn: &mut Connection, tenant: TenantId, contact: ContactId) -> StoreResult<Option<Claim>> {
    Ok(claims(conn, tenant, Some(contact))?.into_iter().find_map(|(_, claim)| claim))
}

/// Every contact that a user of the tenant is, with what it shows by the profile of that user.
pub fn all_claims(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<(ContactId, Option<Claim>)>> {
    claims(conn, tenant, None)
}

/// A user as it decides a claim: contact, permission, since when there is one, and the selection.
type Chosen = (String, bool, i64, Option<String>, Option<i64>);

fn claims(
    conn: &mut Connection,
    tenant: TenantId,
    only: Option<ContactId>,
) -> StoreResult<Vec<(ContactId, Option<Claim>)>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let mut query = users::table
        .inner_join(contacts::table.on(users::contact_id.eq(contacts::id.nullable())))
        .left_join(profile_selections::table.on(profile_selections::user_id.eq(users::id)))
        .filter(users::tenant_id.eq(tenant_key).and(users::is_disabled.eq(false)))
        .select((
            contacts::public_id,
            users::is_client_allowed,
            users::created_at,
            profile_selections::profile.nullable(),
            profile_selections::selected_at.nullable(),
        ))
        .order((contacts::id.asc(), users::id.asc()))
        .into_boxed();
    if let Some(contact) = only {
        query = query.filter(contacts::public_id.eq(contact.to_string()));
    }
    let rows: Vec<Chosen> = query.load(conn)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let is_licensed = crate::tenants::find(conn, tenant)?.is_some_and(|found| found.fields.client_licences > 0);
    let own = match only {
        None => presence_profiles::own(conn, tenant)?,
        Some(_) => selected_by(conn, tenant, &rows)?,
    };
    let mut claims: Vec<(ContactId, Option<Claim>)> = Vec::new();
    for user in rows {
        let (contact, claim) = claim_of(user, &own)?;
        let claim = claim.filter(|_| is_licensed);
        match claims.last_mut().filter(|(known, _)| *known == contact) {
            // Of several users who are one contact, the one who selected something last decides.
            Some((_, decided)) => *decided = better(decided.take(), claim),
            None => claims.push((contact, claim)),
        }
    }
    Ok(claims)
}

/// The profiles of the tenant's own that these users are in.
fn selected_by(conn: &mut Connection, tenant: TenantId, users: &[Chosen]) -> StoreResult<Vec<PresenceProfile>> {
    let mut found = Vec::new();
    for name in users.iter().filter_map(|(_, _, _, profile, _)| profile.as_deref()) {
        let name: ProfileName = Column("profile_selections", "profile").id(name)?;
        if matches!(name, ProfileName::Custom(_)) {
            found.extend(presence_profiles::find(conn, tenant, name)?);
        }
    }
    Ok(found)
}

fn claim_of(user: Chosen, own: &[PresenceProfile]) -> StoreResult<(ContactId, Option<Claim>)> {
    let (contact, is_allowed, created_at, profile, selected_at) = user;
    let contact = Column("contacts", "public_id").id(&contact)?;
    if !is_allowed {
        return Ok((contact, Some(fixed_claim(contact, moment(created_at)))));
    }
    let Some((profile, since)) = profile.zip(selected_at) else { return Ok((contact, None)) };
    let name: ProfileName = Column("profile_selections", "profile").id(&profile)?;
    let found = match name {
        ProfileName::BuiltIn(built_in) => Some(built_in.profile()),
        ProfileName::Custom(_) => own.iter().find(|profile| profile.id == name).cloned(),
    };
    Ok((contact, found.map(|profile| profile.claim(contact, moment(since)))))
}

/// The claim that counts of two users who are one contact: what was selected, the later before the earlier.
fn better(one: Option<Claim>, other: Option<Claim>) -> Option<Claim> {
    one.into_iter().chain(other).max_by_key(|claim| (!claim.is_fixed(), claim.since))
}

/// Records that the contact may show something else, if the tenant has clients.
pub(crate) fn touch(tx: &mut Tx<'_>, contact: Option<ContactId>) -> StoreResult<()> {
    let Some(contact) = contact else { return Ok(()) };
    let tenant = crate::tenants::find(tx.conn, tx.tenant)?;
    if tenant.is_some_and(|tenant| tenant.fields.client_licences > 0) {
        tx.changed(ObjectKind::Presence, contact);
    }
    Ok(())
}

/// The contact is somebody else's from now on, or nobody's: what its user said beside a profile goes.
pub(crate) fn leave(tx: &mut Tx<'_>, contact: Option<ContactId>) -> StoreResult<()> {
    let Some(id) = contact else { return Ok(()) };
    presence_rows::replace_note(tx, id, MESSAGE, None)?;
    touch(tx, contact)
}

/// The contact, and who is it, are there again, or not any more.
pub(crate) fn reunited(tx: &mut Tx<'_>, contact: Option<ContactId>, user_keys: &[i64]) -> StoreResult<()> {
    touch(tx, contact)?;
    let now = tx.now();
    user_keys.iter().try_for_each(|user_key| call_settings::mark_if_kept(tx.conn, *user_key, now))
}

/// Brings the profile in line with a user who was changed: who may not select one is in the default one.
pub(crate) fn user_changed(tx: &mut Tx<'_>, user_key: i64, old: &User, new: &UserFields) -> StoreResult<()> {
    let is_of_client =
        |fields: &UserFields| (fields.is_client_allowed, fields.is_disabled, fields.client_profile, fields.contact);
    if is_of_client(&old.fields) == is_of_client(new) {
        return Ok(());
    }
    if old.fields.contact != new.contact {
        leave(tx, old.fields.contact)?;
    }
    touch(tx, new.contact)?;
    if !new.is_client_allowed {
        reset(tx, user_key, old.id)?;
    }
    let tenant = tx.tenant;
    if let Some(rights) = client_profiles::find(tx.conn, tenant, new.client_profile)? {
        rights_are(tx, user_key, &rights.fields)?;
    }
    let now = tx.now();
    call_settings::mark_if_kept(tx.conn, user_key, now)
}

/// Takes from the user what the client profile does not allow.
pub(crate) fn rights_are(tx: &mut Tx<'_>, user_key: i64, rights: &ClientProfileFields) -> StoreResult<()> {
    let id: String = users::table.find(user_key).select(users::public_id).get_result(tx.conn)?;
    let id: UserId = Column("users", "public_id").id(&id)?;
    if !rights.may_select_presence {
        reset(tx, user_key, id)?;
    }
    if !rights.may_override_profiles {
        let chosen = profile_overrides::table.filter(profile_overrides::user_id.eq(user_key));
        if diesel::delete(chosen).execute(tx.conn)? > 0 {
            audit(tx, id, json!({"overrides": ["(chosen)", null]}))?;
            let now = tx.now();
            call_settings::mark(tx.conn, tx.tenant_key, user_key, now)?;
        }
    }
    Ok(())
}

/// The user is in the default profile again, if that is another one.
fn reset(tx: &mut Tx<'_>, user_key: i64, id: UserId) -> StoreResult<()> {
    let tenant = tx.tenant;
    let Some((old, _)) = selected(tx.conn, tenant, id)? else { return Ok(()) };
    forget(tx, user_key)?;
    let contact = crate::users::find(tx.conn, tenant, id)?.and_then(|user| user.fields.contact);
    if let Some(contact) = contact {
        presence_rows::replace_note(tx, contact, MESSAGE, None)?;
    }
    audit(tx, id, json!({"profile": [old, ProfileName::default()]}))?;
    touch(tx, contact)?;
    let now = tx.now();
    call_settings::mark(tx.conn, tx.tenant_key, user_key, now)
}

/// Whoever is in the profile shows, and is called, as it says now.
pub(crate) fn profile_changed(tx: &mut Tx<'_>, name: ProfileName) -> StoreResult<()> {
    let rows: Vec<(i64, Option<String>)> = profile_selections::table
        .inner_join(users::table.on(users::id.eq(profile_selections::user_id)))
        .left_join(contacts::table.on(users::contact_id.eq(contacts::id.nullable())))
        .filter(profile_selections::tenant_id.eq(tx.tenant_key).and(profile_selections::profile.eq(name.to_string())))
        .select((users::id, contacts::public_id.nullable()))
        .load(tx.conn)?;
    for (user_key, contact) in rows {
        if let Some(contact) = contact {
            tx.changed(ObjectKind::Presence, contact);
        }
        let now = tx.now();
        call_settings::mark(tx.conn, tx.tenant_key, user_key, now)?;
    }
    Ok(())
}

/// What the user selected, and when.
fn selected(conn: &mut Connection, tenant: TenantId, id: UserId) -> StoreResult<Option<(ProfileName, Timestamp)>> {
    let row: Option<(String, i64)> = profile_selections::table
        .inner_join(users::table.on(users::id.eq(profile_selections::user_id)))
        .inner_join(tenants::table.on(tenants::id.eq(profile_selections::tenant_id)))
        .filter(users::public_id.eq(id.to_string()).and(tenants::public_id.eq(tenant.to_string())))
        .select((profile_selections::profile, profile_selections::selected_at))
        .first(conn)
        .optional()?;
    let read = |(profile, at): (String, i64)| {
        Ok::<_, StoreError>((Column("profile_selections", "profile").id(&profile)?, moment(at)))
    };
    row.map(read).transpose()
}

fn forget(tx: &mut Tx<'_>, user_key: i64) -> StoreResult<()> {
    diesel::delete(profile_selections::table.filter(profile_selections::user_id.eq(user_key))).execute(tx.conn)?;
    Ok(())
}

/// Records who changed a user's profile, and to what unless the tenant keeps no history.
pub(crate) fn audit(tx: &mut Tx<'_>, id: UserId, changes: Value) -> StoreResult<()> {
    presence_rows::audit_as(tx, ObjectKind::ProfileSelection, &id.to_string(), changes)
}
