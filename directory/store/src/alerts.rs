//! Who is told when synchronization needs somebody, and their sealed secrets.

use diesel::prelude::*;
use directory_model::alert::{Alert, AlertChannel, AlertFields};
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{AlertId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::secret::Secret;
use directory_model::source::{SecretState, origin_of};
use directory_model::text::sort_key;
use directory_model::valid::Valid;
use serde_json::json;

use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::named::refuse_taken;
use crate::page::{keyset, nothing, page_of};
use crate::publications;
use crate::refs::refs;
use crate::rekey::{Rekeyed, reseal_all};
use crate::schema::{alerts, publication_alerts, tenants};
use crate::seal::{OpenedSecret, Place, SealingKey};
use crate::tenants::key as tenant_key;
use crate::tx::Tx;

refs!(alerts, AlertId: keys, ids);

pub(crate) const SETTINGS: Column = Column("alerts", "settings");
const PUBLIC_ID: Column = Column("alerts", "public_id");

#[derive(Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub(crate) struct AlertRow {
    pub(crate) id: i64,
    public_id: String,
    name_key: String,
    settings: String,
    secret: Option<String>,
    delivered_at: Option<i64>,
    failure: Option<String>,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl AlertRow {
    pub(crate) fn open(&self, key: &SealingKey, tenant: TenantId) -> OpenedSecret {
        key.open_kept(place(tenant, &self.public_id), self.secret.as_deref())
    }

    pub(crate) fn read(self, key: &SealingKey, tenant: TenantId) -> StoreResult<Alert> {
        Ok(Alert {
            id: PUBLIC_ID.id(&self.public_id)?,
            secret: self.open(key, tenant).state(),
            fields: SETTINGS.json(&self.settings)?,
            delivered_at: self.delivered_at.map(moment),
            failure: self.failure.map(|failure| Column("alerts", "failure").json(&failure)).transpose()?,
            revision: self.revision,
            created_at: moment(self.created_at),
            updated_at: moment(self.updated_at),
        })
    }
}

/// The channel.
pub fn find(conn: &mut Connection, key: &SealingKey, tenant: TenantId, id: AlertId) -> StoreResult<Option<Alert>> {
    find_row(conn, tenant, id)?.map(|row| row.read(key, tenant)).transpose()
}

/// Whether the tenant has the channel.
pub fn is_there(conn: &mut Connection, tenant: TenantId, id: AlertId) -> StoreResult<bool> {
    Ok(find_row(conn, tenant, id)?.is_some())
}

/// The tenant's channels, by name.
pub fn list(conn: &mut Connection, key: &SealingKey, tenant: TenantId, page: &PageRequest) -> StoreResult<Page<Alert>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(nothing()) };
    let of_tenant = alerts::table.select(AlertRow::as_select()).filter(alerts::tenant_id.eq(tenant_key));
    let rows: Vec<AlertRow> =
        keyset!(of_tenant, page, sort: alerts::name_key, id: alerts::id, search: alerts::name_key).load(conn)?;
    let cursor = |row: &AlertRow| Cursor { sort: row.name_key.clone(), key: row.id };
    page_of(rows, page, cursor, |row| row.read(key, tenant))
}

/// Makes a channel without a secret. Conflicts when the name is taken.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<AlertFields>) -> StoreResult<Alert> {
    refuse_taken(tx, &fields.name, None)?;
    let (id, now) = (AlertId::new(tx.ids()), tx.now());
    diesel::insert_into(alerts::table)
        .values((
            alerts::tenant_id.eq(tx.tenant_key),
            alerts::public_id.eq(id.to_string()),
            alerts::name_key.eq(sort_key(&fields.name)),
            alerts::settings.eq(SETTINGS.to_json(&**fields)?),
            alerts::revision.eq(1),
            alerts::created_at.eq(now.millis()),
            alerts::updated_at.eq(now.millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::Alert, id, &audited(None, Some(fields)))?;
    let (fields, secret) = ((**fields).clone(), SecretState::Absent);
    Ok(Alert { id, fields, secret, delivered_at: None, failure: None, revision: 1, created_at: now, updated_at: now })
}

/// Changes a channel. Its secret goes when it would now sign for another address, and what became of
/// earlier messages when these went elsewhere. Fails when the name is taken or the channel changed since
/// `expected_revision`.
pub fn update(
    tx: &mut Tx<'_>,
    key: &SealingKey,
    id: AlertId,
    expected_revision: i64,
    fields: &Valid<AlertFields>,
) -> StoreResult<Option<Alert>> {
    let tenant = tx.tenant;
    let Some(row) = find_row(tx.conn, tenant, id)? else { return Ok(None) };
    let (row_key, secret) = (row.id, row.secret.clone());
    let old = row.read(key, tenant)?;
    if old.revision != expected_revision {
        return Err(StoreError::Stale);
    }
    if old.fields == **fields {
        return Ok(Some(old));
    }
    refuse_taken(tx, &fields.name, Some(row_key))?;
    let secret = secret.filter(|_| is_same_place(&old.fields.channel, &fields.channel));
    diesel::update(alerts::table.find(row_key))
        .set((
            alerts::name_key.eq(sort_key(&fields.name)),
            alerts::settings.eq(SETTINGS.to_json(&**fields)?),
            alerts::secret.eq(secret),
            alerts::revision.eq(alerts::revision + 1),
            alerts::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    if old.fields.channel != fields.channel {
        let nothing = (alerts::delivered_at.eq(None::<i64>), alerts::failure.eq(None::<String>));
        diesel::update(alerts::table.find(row_key)).set(nothing).execute(tx.conn)?;
    }
    tx.audit(Act::Update, ObjectKind::Alert, id, &audited(Some(&old.fields), Some(fields)))?;
    find(tx.conn, key, tenant, id)
}

/// Removes a channel, from pages whose enquiries it is told too, and what is on its way to it. Fails when it changed since `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, id: AlertId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some(row) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != row.revision) {
        return Err(StoreError::Stale);
    }
    let used_by: Vec<i64> = publication_alerts::table
        .filter(publication_alerts::alert_id.eq(row.id))
        .select(publication_alerts::publication_id)
        .load(tx.conn)?;
    diesel::delete(alerts::table.find(row.id)).execute(tx.conn)?;
    publications::touch(tx, &used_by)?;
    let fields: AlertFields = SETTINGS.json(&row.settings)?;
    tx.audit(Act::Remove, ObjectKind::Alert, id, &audited(Some(&fields), None))?;
    Ok(Some(()))
}

/// Seals the channel's secret, or forgets it.
pub fn set_secret(tx: &mut Tx<'_>, key: &SealingKey, id: AlertId, secret: Option<&Secret>) -> StoreResult<Option<()>> {
    let tenant = tx.tenant;
    let Some(row) = find_row(tx.conn, tenant, id)? else { return Ok(None) };
    let envelope = secret.map(|secret| key.seal(place(tenant, &row.public_id), secret)).transpose()?;
    set_envelope(tx.conn, row.id, envelope)?;
    tx.audit(Act::Rotate, ObjectKind::Alert, id, &json!({"secret": ["***", secret.map(|_| "***")]}))?;
    Ok(Some(()))
}

/// Seals the tenant's secrets with `new` instead of `old`; says how many, and how many could not be
/// opened and stay as they are. What is sealed with `new` already is left alone.
pub(crate) fn reseal(tx: &mut Tx<'_>, old: &SealingKey, new: &SealingKey) -> StoreResult<Rekeyed> {
    let kept = alerts::table
        .select((alerts::id, alerts::public_id, alerts::secret.assume_not_null()))
        .filter(alerts::tenant_id.eq(tx.tenant_key).and(alerts::secret.is_not_null()))
        .load(tx.conn)?;
    let set = |tx: &mut Tx<'_>, row_key, envelope| set_envelope(tx.conn, row_key, Some(envelope));
    reseal_all(tx, (old, new), (ObjectKind::Alert, "secret", place), kept, set)
}

pub(crate) fn find_row(conn: &mut Connection, tenant: TenantId, id: AlertId) -> StoreResult<Option<AlertRow>> {
    let row = alerts::table
        .inner_join(tenants::table.on(tenants::id.eq(alerts::tenant_id)))
        .select(AlertRow::as_select())
        .filter(alerts::public_id.eq(id.to_string()).and(tenants::public_id.eq(tenant.to_string())));
    Ok(row.first(conn).optional()?)
}

fn set_envelope(conn: &mut Connection, row_key: i64, envelope: Option<String>) -> StoreResult<()> {
    diesel::update(alerts::table.find(row_key)).set(alerts::secret.eq(envelope)).execute(conn)?;
    Ok(())
}

fn place(tenant: TenantId, public_id: &str) -> Place<'_> {
    Place { tenant, object: public_id, field: "alerts.secret" }
}

/// What is written down of a change: of web servers no more than scheme, host and port, for the rest of
/// an address may be a secret. That it changed is said all the same.
fn audited(old: Option<&AlertFields>, new: Option<&AlertFields>) -> serde_json::Value {
    let shown = |fields: Option<&AlertFields>| {
        fields.cloned().map(|mut fields| {
            if let AlertChannel::Webhook { url } = &mut fields.channel {
                *url = origin_of(url).to_owned();
            }
            fields
        })
    };
    let (shown_old, shown_new) = (shown(old), shown(new));
    let mut changes = difference(shown_old.as_ref(), shown_new.as_ref());
    if let (Some(old), Some(new)) = (old, new)
        && old.channel != new.channel
    {
        let channel = |shown: Option<AlertFields>| shown.map(|fields| fields.channel);
        changes["channel"] = json!([channel(shown_old), channel(shown_new)]);
    }
    changes
}

fn is_same_place(old: &AlertChannel, new: &AlertChannel) -> bool {
    matches!((old, new), (AlertChannel::Webhook { url: old }, AlertChannel::Webhook { url: new }) if old == new)
}

refuse_taken!(alerts);
