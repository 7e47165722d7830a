//! Claims that outlive a restart.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use diesel::prelude::*;
use diesel::upsert::excluded;
use directory_model::id::TenantId;
use directory_model::presence::Claim;
use directory_model::presence::rules::MAX_SILENCE_MINUTES;
use directory_model::timestamp::Timestamp;

use crate::column::{Column, moment, word};
use crate::connection::{Connection, per_backend};
use crate::error::StoreResult;
use crate::schema::{contacts, presence_claims};
use crate::tenants::key as tenant_key;

/// How many claims one statement writes: fifteen columns each.
const BATCH: usize = 400;

/// The moment up to which claims must have ended for nobody to remember them at `now`.
pub(super) fn forgotten(now: Timestamp) -> Timestamp {
    now.minus(Duration::from_mins(u64::from(MAX_SILENCE_MINUTES)))
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
    is_tentative: bool,
    is_repeated: bool,
    custom: Option<String>,
    since: i64,
    heard_at: i64,
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
            is_tentative: claim.is_tentative,
            is_repeated: claim.is_repeated,
            custom: claim.custom.clone(),
            since: claim.since.millis(),
            heard_at: claim.heard_at.millis(),
            expires_at: claim.expires_at.map(Timestamp::millis),
        }
    }

    /// Also when it was heard later, for sources may count anew, or ends earlier, for devices are lost.
    fn is_newer_than(&self, kept: &Kept) -> bool {
        self.version > kept.version || self.heard_at > kept.heard_at || self.expires_at < kept.expires_at
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
            is_tentative: self.is_tentative,
            is_ringing: false,
            is_repeated: self.is_repeated,
            custom: self.custom,
            since: moment(self.since),
            heard_at: moment(self.heard_at),
            expires_at: self.expires_at.map(moment),
        })
    }
}

/// Keeps the claims that count or may be remembered, each unless a newer version of its slot is kept
/// already. Claims about contacts that do not exist any more are left out.
pub fn save_claims(conn: &mut Connection, tenant: TenantId, claims: &[Claim], now: Timestamp) -> StoreResult<()> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(()) };
    // The newest of each slot: one statement must not write the same row twice.
    let mut newest = BTreeMap::new();
    for claim in claims.iter().filter(|claim| claim.counts_at(forgotten(now))) {
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
        let is_newer = |row: &ClaimRow| kept.get(&row.slot()).is_none_or(|kept| row.is_newer_than(kept));
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

/// How new a claim is that is kept.
struct Kept {
    version: i64,
    heard_at: i64,
    expires_at: Option<i64>,
}

fn kept_versions(conn: &mut Connection, contacts: Vec<i64>) -> StoreResult<HashMap<Slot, Kept>> {
    let rows: Vec<ClaimRow> = presence_claims::table
        .select(ClaimRow::as_select())
        .filter(presence_claims::contact_id.eq_any(contacts))
        .load(conn)?;
    let kept = |row: ClaimRow| {
        let newness = Kept { version: row.version, heard_at: row.heard_at, expires_at: row.expires_at };
        (row.slot(), newness)
    };
    Ok(rows.into_iter().map(kept).collect())
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
            dsl::is_tentative.eq(excluded(dsl::is_tentative)),
            dsl::is_repeated.eq(excluded(dsl::is_repeated)),
            dsl::custom.eq(excluded(dsl::custom)),
            dsl::since.eq(excluded(dsl::since)),
            dsl::heard_at.eq(excluded(dsl::heard_at)),
            dsl::expires_at.eq(excluded(dsl::expires_at)),
        ))
        .execute(conn))?;
    Ok(())
}

/// The tenant's kept claims that count or may be remembered.
pub fn claims(conn: &mut Connection, tenant: TenantId, now: Timestamp) -> StoreResult<Vec<Claim>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<(String, ClaimRow)> = presence_claims::table
        .inner_join(contacts::table.on(contacts::id.eq(presence_claims::contact_id)))
        .select((contacts::public_id, ClaimRow::as_select()))
        .filter(presence_claims::tenant_id.eq(tenant_key))
        .filter(presence_claims::expires_at.is_null().or(presence_claims::expires_at.gt(forgotten(now).millis())))
        .load(conn)?;
    rows.into_iter().map(|(contact, row)| row.read(&contact)).collect()
}
