//! What must outlive a restart: presence set by hand, claims that have not expired, and notes.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::upsert::excluded;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ContactId, NoteId, TenantId};
use directory_model::presence::{Activity, Availability, Claim, ClaimKind, Note};
use directory_model::timestamp::Timestamp;
use serde_json::{Value, json};

use crate::column::{Column, moment, word};
use crate::connection::{Connection, per_backend};
use crate::error::StoreResult;
use crate::schema::{contacts, manual_presence, presence_claims, presence_notes, tenants};
use crate::tenants::{find as find_tenant, key as tenant_key};
use crate::tx::Tx;

/// The source that claims made by hand name.
pub const MANUAL_SOURCE: &str = "manual";
/// How many claims one statement writes: twelve columns each.
const BATCH: usize = 500;

/// What somebody sets by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualPresence {
    /// The state.
    pub availability: Availability,
    /// What they are doing.
    pub activity: Option<Activity>,
    /// They are out of office.
    pub is_out_of_office: bool,
    /// A named state.
    pub custom: Option<String>,
    /// When it ends by itself; `None` until it is taken back.
    pub expires_at: Option<Timestamp>,
}

/// A note as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptNote {
    /// Its public identity.
    pub id: NoteId,
    /// What it says and until when.
    pub note: Note,
    /// When it was written.
    pub created_at: Timestamp,
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
            custom: self.custom,
            since: moment(self.since),
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

/// Sets the contact's presence by hand; `None` when there is no such contact.
pub fn set_manual(tx: &mut Tx<'_>, contact: ContactId, set: &ManualPresence) -> StoreResult<Option<Claim>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
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

/// Takes back what the contact set by hand; `None` when nothing was set or there is no such contact.
pub fn remove_manual(tx: &mut Tx<'_>, contact: ContactId) -> StoreResult<Option<()>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let Some(old) = manual(tx.conn, tx.tenant, contact)? else { return Ok(None) };
    diesel::delete(manual_presence::table.filter(manual_presence::contact_id.eq(contact_key))).execute(tx.conn)?;
    audit(tx, Act::Update, contact, json!({"availability": [old.availability.word(), null]}))?;
    Ok(Some(()))
}

/// What at most one claim is kept for: contact, kind, source and device.
type Slot = (i64, String, String, String);

#[derive(Insertable, Queryable, Selectable)]
#[diesel(table_name = presence_claims)]
#[diesel(treat_none_as_default_value = false)]
struct ClaimRow {
    contact_id: i64,
    kind: String,
    source: String,
    device: String,
    tenant_id: i64,
    version: i64,
    availability: String,
    activity: Option<String>,
    is_out_of_office: bool,
    custom: Option<String>,
    since: i64,
    expires_at: Option<i64>,
}

impl ClaimRow {
    fn new(tenant_id: i64, contact_id: i64, claim: &Claim) -> Self {
        Self {
            contact_id,
            kind: word(claim.kind),
            source: claim.source.clone(),
            device: claim.device.clone(),
            tenant_id,
            version: claim.version,
            availability: claim.availability.word().to_owned(),
            activity: claim.activity.map(word),
            is_out_of_office: claim.is_out_of_office,
            custom: claim.custom.clone(),
            since: claim.since.millis(),
            expires_at: claim.expires_at.map(Timestamp::millis),
        }
    }

    fn slot(&self) -> Slot {
        (self.contact_id, self.kind.clone(), self.source.clone(), self.device.clone())
    }

    fn read(self, contact: &str) -> StoreResult<Claim> {
        let column = |name| Column("presence_claims", name);
        Ok(Claim {
            contact: Column("contacts", "public_id").id(contact)?,
            kind: column("kind").word(&self.kind)?,
            source: self.source,
            device: self.device,
            version: self.version,
            availability: column("availability").word(&self.availability)?,
            activity: self.activity.map(|activity| column("activity").word(&activity)).transpose()?,
            is_out_of_office: self.is_out_of_office,
            custom: self.custom,
            since: moment(self.since),
            expires_at: self.expires_at.map(moment),
        })
    }
}

/// Keeps the claims that have not expired, each unless a newer version of its slot is kept already.
/// Claims about contacts that do not exist any more are left out.
pub fn save_claims(conn: &mut Connection, tenant: TenantId, claims: &[Claim], now: Timestamp) -> StoreResult<()> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(()) };
    // The newest of each slot: one statement must not write the same row twice.
    let mut newest = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.counts_at(now)) {
        let kept: &mut &Claim = newest.entry((claim.contact, claim.slot())).or_insert(claim);
        if claim.version > kept.version {
            *kept = claim;
        }
    }
    let claims: Vec<&Claim> = newest.into_values().collect();
    for chunk in claims.chunks(BATCH) {
        let ids: Vec<String> = chunk.iter().map(|claim| claim.contact.to_string()).collect();
        let keys = contact_keys(conn, tenant_key, &ids)?;
        let kept = kept_versions(conn, keys.values().copied().collect())?;
        let row = |(id, claim): (&String, &&Claim)| keys.get(id).map(|key| ClaimRow::new(tenant_key, *key, claim));
        let is_newer = |row: &ClaimRow| kept.get(&row.slot()).is_none_or(|version| row.version > *version);
        let rows: Vec<ClaimRow> = ids.iter().zip(chunk).filter_map(row).filter(is_newer).collect();
        upsert(conn, &rows)?;
    }
    Ok(())
}

fn contact_keys(conn: &mut Connection, tenant_key: i64, ids: &[String]) -> StoreResult<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = contacts::table
        .select((contacts::public_id, contacts::id))
        .filter(contacts::tenant_id.eq(tenant_key))
        .filter(contacts::public_id.eq_any(ids))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

fn kept_versions(conn: &mut Connection, contacts: Vec<i64>) -> StoreResult<HashMap<Slot, i64>> {
    let rows: Vec<ClaimRow> = presence_claims::table
        .select(ClaimRow::as_select())
        .filter(presence_claims::contact_id.eq_any(contacts))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.slot(), row.version)).collect())
}

fn upsert(conn: &mut Connection, rows: &[ClaimRow]) -> StoreResult<()> {
    use presence_claims::dsl;
    if rows.is_empty() {
        return Ok(());
    }
    per_backend!(conn, |conn| diesel::insert_into(presence_claims::table)
        .values(rows)
        .on_conflict((dsl::contact_id, dsl::kind, dsl::source, dsl::device))
        .do_update()
        .set((
            dsl::version.eq(excluded(dsl::version)),
            dsl::availability.eq(excluded(dsl::availability)),
            dsl::activity.eq(excluded(dsl::activity)),
            dsl::is_out_of_office.eq(excluded(dsl::is_out_of_office)),
            dsl::custom.eq(excluded(dsl::custom)),
            dsl::since.eq(excluded(dsl::since)),
            dsl::expires_at.eq(excluded(dsl::expires_at)),
        ))
        .execute(conn))?;
    Ok(())
}

/// The tenant's kept claims that have not expired.
pub fn claims(conn: &mut Connection, tenant: TenantId, now: Timestamp) -> StoreResult<Vec<Claim>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<(String, ClaimRow)> = presence_claims::table
        .inner_join(contacts::table.on(contacts::id.eq(presence_claims::contact_id)))
        .select((contacts::public_id, ClaimRow::as_select()))
        .filter(presence_claims::tenant_id.eq(tenant_key))
        .filter(presence_claims::expires_at.is_null().or(presence_claims::expires_at.gt(now.millis())))
        .load(conn)?;
    rows.into_iter().map(|(contact, row)| row.read(&contact)).collect()
}

/// Forgets claims and notes that have expired; says how many.
pub fn purge(conn: &mut Connection, now: Timestamp) -> StoreResult<u64> {
    let claims = diesel::delete(presence_claims::table.filter(presence_claims::expires_at.le(now.millis())));
    let claims = claims.execute(conn)?;
    let notes = diesel::delete(presence_notes::table.filter(presence_notes::expires_at.le(now.millis())));
    Ok((claims + notes.execute(conn)?) as u64)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = presence_notes)]
struct NoteRow {
    public_id: String,
    text: String,
    created_at: i64,
    expires_at: Option<i64>,
}

impl NoteRow {
    fn read(self) -> StoreResult<KeptNote> {
        Ok(KeptNote {
            id: Column("presence_notes", "public_id").id(&self.public_id)?,
            note: Note { text: self.text, expires_at: self.expires_at.map(moment) },
            created_at: moment(self.created_at),
        })
    }
}

/// The contact's notes that have not expired, oldest first.
pub fn notes(
    conn: &mut Connection,
    tenant: TenantId,
    contact: ContactId,
    now: Timestamp,
) -> StoreResult<Vec<KeptNote>> {
    let rows: Vec<NoteRow> = presence_notes::table
        .inner_join(contacts::table.on(contacts::id.eq(presence_notes::contact_id)))
        .inner_join(tenants::table.on(tenants::id.eq(presence_notes::tenant_id)))
        .select(NoteRow::as_select())
        .filter(contacts::public_id.eq(contact.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()))
        .filter(presence_notes::expires_at.is_null().or(presence_notes::expires_at.gt(now.millis())))
        .order(presence_notes::id.asc())
        .load(conn)?;
    rows.into_iter().map(NoteRow::read).collect()
}

/// The tenant's notes that have not expired, with their contacts, oldest first.
pub fn all_notes(conn: &mut Connection, tenant: TenantId, now: Timestamp) -> StoreResult<Vec<(ContactId, KeptNote)>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<(String, NoteRow)> = presence_notes::table
        .inner_join(contacts::table.on(contacts::id.eq(presence_notes::contact_id)))
        .select((contacts::public_id, NoteRow::as_select()))
        .filter(presence_notes::tenant_id.eq(tenant_key))
        .filter(presence_notes::expires_at.is_null().or(presence_notes::expires_at.gt(now.millis())))
        .order(presence_notes::id.asc())
        .load(conn)?;
    let contact = Column("contacts", "public_id");
    rows.into_iter().map(|(id, row)| Ok((contact.id(&id)?, row.read()?))).collect()
}

/// Keeps a note of the contact; `None` when there is no such contact.
pub fn insert_note(tx: &mut Tx<'_>, contact: ContactId, note: &Note) -> StoreResult<Option<KeptNote>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let id = NoteId::new(tx.ids());
    diesel::insert_into(presence_notes::table)
        .values((
            presence_notes::tenant_id.eq(tx.tenant_key),
            presence_notes::public_id.eq(id.to_string()),
            presence_notes::contact_id.eq(contact_key),
            presence_notes::text.eq(&note.text),
            presence_notes::created_at.eq(tx.now().millis()),
            presence_notes::expires_at.eq(note.expires_at.map(Timestamp::millis)),
        ))
        .execute(tx.conn)?;
    audit(tx, Act::Update, contact, json!({"note": [null, note.text]}))?;
    Ok(Some(KeptNote { id, note: note.clone(), created_at: tx.now() }))
}

/// Removes a note of the contact.
pub fn remove_note(tx: &mut Tx<'_>, contact: ContactId, note: NoteId) -> StoreResult<Option<()>> {
    let Some(contact_key) = contact_key(tx, contact)? else { return Ok(None) };
    let found: Option<(i64, String)> = presence_notes::table
        .select((presence_notes::id, presence_notes::text))
        .filter(presence_notes::public_id.eq(note.to_string()))
        .filter(presence_notes::contact_id.eq(contact_key))
        .first(tx.conn)
        .optional()?;
    let Some((key, text)) = found else { return Ok(None) };
    diesel::delete(presence_notes::table.filter(presence_notes::id.eq(key))).execute(tx.conn)?;
    audit(tx, Act::Update, contact, json!({"note": [text, null]}))?;
    Ok(Some(()))
}

fn contact_key(tx: &mut Tx<'_>, contact: ContactId) -> StoreResult<Option<i64>> {
    crate::users::find_contact_key(tx.conn, tx.tenant_key, contact)
}

/// Records who changed a contact's presence, and to what unless the tenant keeps no history.
fn audit(tx: &mut Tx<'_>, act: Act, contact: ContactId, changes: Value) -> StoreResult<()> {
    let is_no_history = find_tenant(tx.conn, tx.tenant)?.is_some_and(|tenant| tenant.fields.is_no_history);
    let changes = if is_no_history { json!({}) } else { changes };
    tx.audit(act, ObjectKind::Presence, contact, &changes)
}
