//! What must outlive a restart: presence set by hand, claims that have not expired, and notes.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, CustomStateId, TenantId};
use directory_model::invalid::Rule;
use directory_model::presence::{Activity, Availability, Claim, ClaimKind};
use directory_model::timestamp::Timestamp;
use serde_json::{Value, json};

use crate::column::{Column, moment, word};
use crate::connection::Connection;
use crate::custom_states;
use crate::error::{StoreError, StoreResult};
use crate::profile_selections;
use crate::schema::{contacts, manual_presence, out_of_office, presence_claims, presence_notes, tenants};
use crate::tenants::{find as find_tenant, key as tenant_key};
use crate::tx::Tx;

mod claims;
mod notes;

pub use claims::{claims, save_claims};
pub use notes::{KeptNote, all_notes, insert_note, notes, remove_note, replace_note, update_note};

/// The source that claims made by hand name.
pub const MANUAL_SOURCE: &str = "manual";
/// The source of the claims that mark who is out of office.
pub const OUT_OF_OFFICE_SOURCE: &str = "out_of_office";

/// What somebody sets by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualPresence {
    /// The state, unless a named state says which.
    pub availability: Availability,
    /// The tenant's named state that they chose.
    pub custom_state: Option<CustomStateId>,
    /// What they are doing.
    pub activity: Option<Activity>,
    /// They are out of office.
    pub is_out_of_office: bool,
    /// A named state.
    pub custom: Option<String>,
    /// When it ends by itself; `None` until it is taken back.
    pub expires_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = manual_presence)]
struct ManualRow {
    version: i64,
    availability: String,
    activity: Option<String>,
    is_out_of_office: bool,
    custom: Option<String>,
    since: i64,
    expires_at: Option<i64>,
}

impl ManualRow {
    fn read(self, contact: &str) -> StoreResult<Claim> {
        let column = |name| Column("manual_presence", name);
        Ok(Claim {
            contact: Column("contacts", "public_id").id(contact)?,
            kind: ClaimKind::Manual,
            source: MANUAL_SOURCE.into(),
            device: String::new(),
            version: self.version,
            availability: column("availability").word(&self.availability)?,
            activity: self.activity.map(|activity| column("activity").word(&activity)).transpose()?,
            is_out_of_office: self.is_out_of_office,
            is_tentative: false,
            is_ringing: false,
            is_repeated: false,
            custom: self.custom,
            since: moment(self.since),
            heard_at: moment(self.since),
            expires_at: self.expires_at.map(moment),
        })
    }
}

/// What the contact set by hand, expired or not.
pub fn manual(conn: &mut Connection, tenant: TenantId, contact: ContactId) -> StoreResult<Option<Claim>> {
    let row: Option<ManualRow> = manual_presence::table
        .inner_join(contacts::table.on(contacts::id.eq(manual_presence::contact_id)))
        .inner_join(tenants::table.on(tenants::id.eq(manual_presence::tenant_id)))
        .select(ManualRow::as_select())
        .filter(contacts::public_id.eq(contact.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()))
        .first(conn)
        .optional()?;
    row.map(|row| row.read(&contact.to_string())).transpose()
}

/// Everything of the tenant that was set by hand and has not ended.
pub fn all_manual(conn: &mut Connection, tenant: TenantId, now: Timestamp) -> StoreResult<Vec<Claim>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<(String, ManualRow)> = manual_presence::table
        .inner_join(contacts::table.on(contacts::id.eq(manual_presence::contact_id)))
        .select((contacts::public_id, ManualRow::as_select()))
        .filter(manual_presence::tenant_id.eq(tenant_key))
        .filter(manual_presence::expires_at.is_null().or(manual_presence::expires_at.gt(now.millis())))
        .load(conn)?;
    rows.into_iter().map(|(contact, row)| row.read(&contact)).collect()
}

/// Sets the contact's presence by hand; `None` when there is no such contact. Refuses a named state
/// that the tenant does not have.
pub fn set_manual(tx: &mut Tx<'_>, contact: ContactId, set: &ManualPresence) -> StoreResult<Option<Claim>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let set = named(tx, set)?;
    let old = manual(tx.conn, tx.tenant, contact)?;
    let version = old.as_ref().map_or(1, |old| old.version + 1);
    diesel::delete(manual_presence::table.filter(manual_presence::contact_id.eq(contact_key))).execute(tx.conn)?;
    diesel::insert_into(manual_presence::table)
        .values((
            manual_presence::contact_id.eq(contact_key),
            manual_presence::tenant_id.eq(tx.tenant_key),
            manual_presence::version.eq(version),
            manual_presence::availability.eq(set.availability.word()),
            manual_presence::activity.eq(set.activity.map(word)),
            manual_presence::is_out_of_office.eq(set.is_out_of_office),
            manual_presence::custom.eq(&set.custom),
            manual_presence::since.eq(tx.now().millis()),
            manual_presence::expires_at.eq(set.expires_at.map(Timestamp::millis)),
        ))
        .execute(tx.conn)?;
    let before = old.map(|old| old.availability.word());
    audit(tx, Act::Update, contact, json!({"availability": [before, set.availability.word()]}))?;
    manual(tx.conn, tx.tenant, contact)
}

/// What was chosen, in the words of the tenant's named state.
fn named(tx: &mut Tx<'_>, set: &ManualPresence) -> StoreResult<ManualPresence> {
    let Some(id) = set.custom_state else { return Ok(set.clone()) };
    let unknown = || StoreError::refused("custom_state", id, Rule::Unknown);
    let state = custom_states::find(tx.conn, tx.tenant, id)?.ok_or_else(unknown)?.fields;
    let activity = set.activity.or(state.activity);
    Ok(ManualPresence { availability: state.availability, activity, custom: Some(state.name), ..set.clone() })
}

/// Takes back what the contact set by hand; `None` when nothing was set or there is no such contact.
pub fn remove_manual(tx: &mut Tx<'_>, contact: ContactId) -> StoreResult<Option<()>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let Some(old) = manual(tx.conn, tx.tenant, contact)? else { return Ok(None) };
    diesel::delete(manual_presence::table.filter(manual_presence::contact_id.eq(contact_key))).execute(tx.conn)?;
    audit(tx, Act::Update, contact, json!({"availability": [old.availability.word(), null]}))?;
    Ok(Some(()))
}

/// Takes back exactly the word that was given as `version` at `since`: the tenant's rules say that it
/// counts no more. Nothing happens when another one was given meanwhile.
pub fn end_manual(tx: &mut Tx<'_>, contact: ContactId, version: i64, since: Timestamp) -> StoreResult<()> {
    let held = manual(tx.conn, tx.tenant, contact)?;
    if held.is_some_and(|held| (held.version, held.since) == (version, since)) {
        remove_manual(tx, contact)?;
    }
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = out_of_office)]
struct OutOfOfficeRow {
    since: i64,
    expires_at: Option<i64>,
}

impl OutOfOfficeRow {
    /// As a claim that says nothing about the state.
    fn read(self, contact: &str) -> StoreResult<Claim> {
        Ok(Claim {
            contact: Column("contacts", "public_id").id(contact)?,
            kind: ClaimKind::Manual,
            source: OUT_OF_OFFICE_SOURCE.into(),
            device: String::new(),
            version: 1,
            availability: Availability::Unknown,
            activity: None,
            is_out_of_office: true,
            is_tentative: false,
            is_ringing: false,
            is_repeated: false,
            custom: None,
            since: moment(self.since),
            heard_at: moment(self.since),
            expires_at: self.expires_at.map(moment),
        })
    }
}

/// That the contact is out of office, as a claim, expired or not.
pub fn out_of_office(conn: &mut Connection, tenant: TenantId, contact: ContactId) -> StoreResult<Option<Claim>> {
    let row: Option<OutOfOfficeRow> = out_of_office::table
        .inner_join(contacts::table.on(contacts::id.eq(out_of_office::contact_id)))
        .inner_join(tenants::table.on(tenants::id.eq(out_of_office::tenant_id)))
        .select(OutOfOfficeRow::as_select())
        .filter(contacts::public_id.eq(contact.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()))
        .first(conn)
        .optional()?;
    row.map(|row| row.read(&contact.to_string())).transpose()
}

/// Everybody of the tenant who is out of office at `now`, as claims.
pub fn all_out_of_office(conn: &mut Connection, tenant: TenantId, now: Timestamp) -> StoreResult<Vec<Claim>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<(String, OutOfOfficeRow)> = out_of_office::table
        .inner_join(contacts::table.on(contacts::id.eq(out_of_office::contact_id)))
        .select((contacts::public_id, OutOfOfficeRow::as_select()))
        .filter(out_of_office::tenant_id.eq(tenant_key))
        .filter(out_of_office::expires_at.is_null().or(out_of_office::expires_at.gt(now.millis())))
        .load(conn)?;
    rows.into_iter().map(|(contact, row)| row.read(&contact)).collect()
}

/// Marks that the contact is out of office until `expires_at`, or until that is taken back; `None` when
/// there is no such contact.
pub fn set_out_of_office(
    tx: &mut Tx<'_>,
    contact: ContactId,
    expires_at: Option<Timestamp>,
) -> StoreResult<Option<Claim>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let before = out_of_office(tx.conn, tx.tenant, contact)?.is_some();
    diesel::delete(out_of_office::table.filter(out_of_office::contact_id.eq(contact_key))).execute(tx.conn)?;
    diesel::insert_into(out_of_office::table)
        .values((
            out_of_office::contact_id.eq(contact_key),
            out_of_office::tenant_id.eq(tx.tenant_key),
            out_of_office::since.eq(tx.now().millis()),
            out_of_office::expires_at.eq(expires_at.map(Timestamp::millis)),
        ))
        .execute(tx.conn)?;
    audit(tx, Act::Update, contact, json!({"is_out_of_office": [before, true]}))?;
    out_of_office(tx.conn, tx.tenant, contact)
}

/// Takes back that the contact is out of office; `None` when it was not or there is no such contact.
pub fn remove_out_of_office(tx: &mut Tx<'_>, contact: ContactId) -> StoreResult<Option<()>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let marks = diesel::delete(out_of_office::table.filter(out_of_office::contact_id.eq(contact_key)));
    if marks.execute(tx.conn)? == 0 {
        return Ok(None);
    }
    audit(tx, Act::Update, contact, json!({"is_out_of_office": [true, false]}))?;
    Ok(Some(()))
}

/// What is set by hand for the contact and counts at `now`: a state, that it is out of office, and the profile.
pub fn stored(conn: &mut Connection, tenant: TenantId, contact: ContactId, now: Timestamp) -> StoreResult<Vec<Claim>> {
    let (state, mark) = (manual(conn, tenant, contact)?, out_of_office(conn, tenant, contact)?);
    let profile = profile_selections::claim(conn, tenant, contact)?;
    Ok(state.into_iter().chain(mark).chain(profile).filter(|claim| claim.counts_at(now)).collect())
}

/// Forgets claims that nobody remembers, and notes and marks of who is out of office that have expired; says how many.
/// States that were set by hand stay, because the next one counts on from them.
pub fn purge(conn: &mut Connection, now: Timestamp) -> StoreResult<u64> {
    let claims =
        diesel::delete(presence_claims::table.filter(presence_claims::expires_at.le(claims::forgotten(now).millis())));
    let claims = claims.execute(conn)?;
    let notes = diesel::delete(presence_notes::table.filter(presence_notes::expires_at.le(now.millis())));
    let marks = diesel::delete(out_of_office::table.filter(out_of_office::expires_at.le(now.millis())));
    Ok((claims + notes.execute(conn)? + marks.execute(conn)?) as u64)
}

/// Records that somebody looked at what a contact showed in the past, and at which moment if at one; `None` when
/// there is no such contact.
pub fn looked_at(tx: &mut Tx<'_>, contact: ContactId, moment: Option<Timestamp>) -> StoreResult<Option<()>> {
    let moment = moment.map(|moment| moment.to_string());
    look(tx, contact, json!({ "at": [null, moment] }))
}

/// Records that somebody looked at why a contact shows what it does now; `None` when there is no such contact.
pub fn looked_into(tx: &mut Tx<'_>, contact: ContactId) -> StoreResult<Option<()>> {
    look(tx, contact, json!({}))
}

fn look(tx: &mut Tx<'_>, contact: ContactId, changes: Value) -> StoreResult<Option<()>> {
    if contact_key(tx, contact)?.is_none() {
        return Ok(None);
    }
    audit(tx, Act::Look, contact, changes)?;
    Ok(Some(()))
}

fn contact_key(tx: &mut Tx<'_>, contact: ContactId) -> StoreResult<Option<i64>> {
    crate::users::find_contact_key(tx.conn, tx.tenant_key, contact)
}

/// Records who changed a contact's presence, and to what unless the tenant keeps no history.
fn audit(tx: &mut Tx<'_>, act: Act, contact: ContactId, changes: Value) -> StoreResult<()> {
    audit_of(tx, act, ObjectKind::Presence, &contact.to_string(), changes)
}

/// The same for another object that tells how available somebody is.
pub(crate) fn audit_as(tx: &mut Tx<'_>, kind: ObjectKind, object: &str, changes: Value) -> StoreResult<()> {
    audit_of(tx, Act::Update, kind, object, changes)
}

fn audit_of(tx: &mut Tx<'_>, act: Act, kind: ObjectKind, object: &str, changes: Value) -> StoreResult<()> {
    let is_no_history = find_tenant(tx.conn, tx.tenant)?.is_some_and(|tenant| tenant.fields.is_no_history);
    let changes = if is_no_history { json!({}) } else { changes };
    tx.audit(act, kind, object, &changes)
}
