//! Directory sources and their sealed secrets.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{SourceId, TenantId};
use directory_model::page::{Cursor, Page, PageRequest};
use directory_model::secret::Secret;
use directory_model::source::{
    ExchangeConnection, GraphConnection, SecretState, SipConnection, Source, SourceFields, UcwaConnection,
    mirrors_groups,
};
use directory_model::tenant::TenantFields;
use directory_model::text::sort_key;
use directory_model::valid::Valid;
use serde_json::json;

use crate::column::{Column, difference, moment};
use crate::connection::Connection;
use crate::error::{StoreError, StoreResult};
use crate::named::refuse_taken;
use crate::page::{keyset, nothing, page_of};
use crate::rekey::{Rekeyed, reseal_all};
use crate::schema::{contacts, source_records as records, sources, tenants};
use crate::seal::{OpenedSecret, Place, SealingKey};
use crate::tenants::key as tenant_key;
use crate::tx::Tx;
use crate::{groups, source_records, source_values};

const SETTINGS: Column = Column("sources", "settings");
const PUBLIC_ID: Column = Column("sources", "public_id");

#[derive(Queryable, Selectable)]
#[diesel(table_name = sources)]
struct SourceRow {
    id: i64,
    public_id: String,
    name_key: String,
    settings: String,
    secret: Option<String>,
    revision: i64,
    created_at: i64,
    updated_at: i64,
}

impl SourceRow {
    fn open(&self, key: &SealingKey, tenant: TenantId) -> OpenedSecret {
        key.open_kept(place(tenant, &self.public_id), self.secret.as_deref())
    }

    fn read(self, key: &SealingKey, tenant: TenantId) -> StoreResult<Source> {
        Ok(Source {
            id: PUBLIC_ID.id(&self.public_id)?,
            secret: self.open(key, tenant).state(),
            fields: read_fields(&self.settings)?,
            revision: self.revision,
            created_at: moment(self.created_at),
            updated_at: moment(self.updated_at),
        })
    }
}

/// The source.
pub fn find(conn: &mut Connection, key: &SealingKey, tenant: TenantId, id: SourceId) -> StoreResult<Option<Source>> {
    find_row(conn, tenant, id)?.map(|row| row.read(key, tenant)).transpose()
}

/// Whether the tenant has the source.
pub fn is_there(conn: &mut Connection, tenant: TenantId, id: SourceId) -> StoreResult<bool> {
    Ok(find_row(conn, tenant, id)?.is_some())
}

/// The tenant's sources, by name.
pub fn list(
    conn: &mut Connection,
    key: &SealingKey,
    tenant: TenantId,
    page: &PageRequest,
) -> StoreResult<Page<Source>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(nothing()) };
    let of_tenant = sources::table.select(SourceRow::as_select()).filter(sources::tenant_id.eq(tenant_key));
    let rows: Vec<SourceRow> =
        keyset!(of_tenant, page, sort: sources::name_key, id: sources::id, search: sources::name_key).load(conn)?;
    let cursor = |row: &SourceRow| Cursor { sort: row.name_key.clone(), key: row.id };
    page_of(rows, page, cursor, |row| row.read(key, tenant))
}

/// Every source that is not switched off, of tenants that are not, for the schedule.
pub fn all_enabled(conn: &mut Connection, key: &SealingKey) -> StoreResult<Vec<(TenantId, Source)>> {
    let rows: Vec<(String, SourceRow)> = sources::table
        .inner_join(tenants::table.on(tenants::id.eq(sources::tenant_id)))
        .select((tenants::public_id, SourceRow::as_select()))
        .filter(sources::is_disabled.eq(false))
        .filter(tenants::is_disabled.eq(false))
        .order(sources::id.asc())
        .load(conn)?;
    let read = |(tenant, row): (String, SourceRow)| {
        let tenant = Column("tenants", "public_id").id(&tenant)?;
        Ok((tenant, row.read(key, tenant)?))
    };
    rows.into_iter().map(read).collect()
}

/// What of a source whoever runs the gateway may count.
pub(crate) struct Standing {
    /// The row.
    pub(crate) row: i64,
    /// It, or its tenant, is switched off.
    pub(crate) is_off: bool,
    /// Whether its secret can be opened.
    pub(crate) secret: SecretState,
    /// Where it is.
    pub(crate) connection: directory_model::source::Connection,
}

/// How every source stands, of all tenants.
pub(crate) fn standing_of_all(conn: &mut Connection, key: &SealingKey) -> StoreResult<Vec<Standing>> {
    let rows: Vec<((String, bool, String), SourceRow)> = sources::table
        .inner_join(tenants::table.on(tenants::id.eq(sources::tenant_id)))
        .select(((tenants::public_id, tenants::is_disabled, tenants::settings), SourceRow::as_select()))
        .load(conn)?;
    let read = |((tenant, is_tenant_off, settings), row): ((String, bool, String), SourceRow)| {
        let tenant = Column("tenants", "public_id").id(&tenant)?;
        let settings: TenantFields = Column("tenants", "settings").json(&settings)?;
        let (key_of_row, source) = (row.id, row.read(key, tenant)?);
        let SourceFields { is_disabled, connection, presence, .. } = source.fields;
        // Whether presence is asked for is no matter of synchronization.
        let is_idle = !settings.is_directory_sync_enabled && connection.has_entries() && presence.is_none();
        Ok(Standing {
            row: key_of_row,
            is_off: is_disabled || is_tenant_off || is_idle,
            secret: source.secret,
            connection,
        })
    };
    rows.into_iter().map(read).collect()
}

/// The tenant's sources that are not switched off, by name.
pub fn in_service(conn: &mut Connection, key: &SealingKey, tenant: TenantId) -> StoreResult<Vec<Source>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let rows: Vec<SourceRow> = sources::table
        .filter(sources::tenant_id.eq(tenant_key).and(sources::is_disabled.eq(false)))
        .select(SourceRow::as_select())
        .order((sources::name_key.asc(), sources::id.asc()))
        .load(conn)?;
    rows.into_iter().map(|row| row.read(key, tenant)).collect()
}

/// Every source of the tenant, by name.
pub fn ids(conn: &mut Connection, tenant: TenantId) -> StoreResult<Vec<SourceId>> {
    let Some(tenant_key) = tenant_key(conn, tenant)? else { return Ok(Vec::new()) };
    let ids: Vec<String> = sources::table
        .filter(sources::tenant_id.eq(tenant_key))
        .select(sources::public_id)
        .order((sources::name_key.asc(), sources::id.asc()))
        .load(conn)?;
    ids.iter().map(|id| PUBLIC_ID.id(id)).collect()
}

/// Makes a source without a secret. Conflicts when the name is taken.
pub fn insert(tx: &mut Tx<'_>, fields: &Valid<SourceFields>) -> StoreResult<Source> {
    refuse_taken(tx, &fields.name, None)?;
    let (id, now) = (SourceId::new(tx.ids()), tx.now());
    diesel::insert_into(sources::table)
        .values((
            sources::tenant_id.eq(tx.tenant_key),
            sources::public_id.eq(id.to_string()),
            sources::name.eq(&fields.name),
            sources::name_key.eq(sort_key(&fields.name)),
            sources::is_disabled.eq(fields.is_disabled),
            sources::settings.eq(SETTINGS.to_json(&**fields)?),
            sources::revision.eq(1),
            sources::created_at.eq(now.millis()),
            sources::updated_at.eq(now.millis()),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Create, ObjectKind::Source, id, &difference(None, Some(&**fields)))?;
    let fields = (**fields).clone();
    Ok(Source { id, fields, secret: SecretState::Absent, revision: 1, created_at: now, updated_at: now })
}

/// Changes a source. A secret goes when the source would now be sent to another place, so that
/// whoever may change the address cannot have the secret sent there. The groups that mirror its own go
/// when it is to mirror none any more. Fails when the name is taken
/// or the source changed since `expected_revision`.
pub fn update(
    tx: &mut Tx<'_>,
    key: &SealingKey,
    id: SourceId,
    expected_revision: i64,
    fields: &Valid<SourceFields>,
) -> StoreResult<Option<Source>> {
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
    if mirrors_groups(&old.fields.connection) && !mirrors_groups(&fields.connection) {
        groups::synced::remove_all(tx, row_key)?;
    }
    if old.fields.connection != fields.connection {
        // What was said elsewhere, or of others, is not to be mapped anew.
        source_values::forget_source(tx.conn, row_key)?;
    }
    let secret = secret.filter(|_| is_same_place(&old.fields, fields));
    diesel::update(sources::table.filter(sources::id.eq(row_key)))
        .set((
            sources::name.eq(&fields.name),
            sources::name_key.eq(sort_key(&fields.name)),
            sources::is_disabled.eq(fields.is_disabled),
            sources::settings.eq(SETTINGS.to_json(&**fields)?),
            sources::secret.eq(secret),
            sources::revision.eq(sources::revision + 1),
            sources::updated_at.eq(tx.now().millis()),
        ))
        .execute(tx.conn)?;
    if old.fields.name != fields.name {
        groups::synced::follow_name(tx, row_key)?;
    }
    tx.audit(Act::Update, ObjectKind::Source, id, &difference(Some(&old.fields), Some(&**fields)))?;
    find(tx.conn, key, tenant, id)
}

/// Removes a source with its records and runs, and the groups that mirror its own; its contacts stay. Fails when it changed since
/// `expected_revision`.
pub fn remove(tx: &mut Tx<'_>, id: SourceId, expected_revision: Option<i64>) -> StoreResult<Option<()>> {
    let Some(row) = find_row(tx.conn, tx.tenant, id)? else { return Ok(None) };
    if expected_revision.is_some_and(|expected| expected != row.revision) {
        return Err(StoreError::Stale);
    }
    groups::synced::remove_all(tx, row.id)?;
    diesel::delete(sources::table.filter(sources::id.eq(row.id))).execute(tx.conn)?;
    source_records::promote(tx.conn, tx.tenant_key)?;
    let fields = read_fields(&row.settings)?;
    tx.audit(Act::Remove, ObjectKind::Source, id, &difference(Some(&fields), None))?;
    Ok(Some(()))
}

/// Seals the source's secret, or forgets it.
pub fn set_secret(tx: &mut Tx<'_>, key: &SealingKey, id: SourceId, secret: Option<&Secret>) -> StoreResult<Option<()>> {
    let tenant = tx.tenant;
    let Some(row) = find_row(tx.conn, tenant, id)? else { return Ok(None) };
    let envelope = secret.map(|secret| key.seal(place(tenant, &row.public_id), secret)).transpose()?;
    set_envelope(tx.conn, row.id, envelope)?;
    tx.audit(Act::Rotate, ObjectKind::Source, id, &json!({"secret": ["***", secret.map(|_| "***")]}))?;
    Ok(Some(()))
}

/// The source's secret.
pub fn open_secret(
    conn: &mut Connection,
    key: &SealingKey,
    tenant: TenantId,
    id: SourceId,
) -> StoreResult<Option<OpenedSecret>> {
    Ok(find_row(conn, tenant, id)?.map(|row| row.open(key, tenant)))
}

/// Seals the tenant's secrets with `new` instead of `old`; says how many, and how many could not be
/// opened and stay as they are. What is sealed with `new` already is left alone.
pub(crate) fn reseal(tx: &mut Tx<'_>, old: &SealingKey, new: &SealingKey) -> StoreResult<Rekeyed> {
    let kept = sources::table
        .select((sources::id, sources::public_id, sources::secret.assume_not_null()))
        .filter(sources::tenant_id.eq(tx.tenant_key).and(sources::secret.is_not_null()))
        .load(tx.conn)?;
    let set = |tx: &mut Tx<'_>, row_key, envelope| set_envelope(tx.conn, row_key, Some(envelope));
    reseal_all(tx, (old, new), (ObjectKind::Source, "secret", place), kept, set)
}

/// Whether the source of this row is to mirror groups as it is now.
pub(crate) fn is_mirroring(conn: &mut Connection, row_key: i64) -> StoreResult<bool> {
    Ok(mirrors_groups(&fields_of(conn, row_key)?.connection))
}

/// What is set on the source of this row.
pub(crate) fn fields_of(conn: &mut Connection, row_key: i64) -> StoreResult<SourceFields> {
    let settings: String = sources::table.find(row_key).select(sources::settings).get_result(conn)?;
    read_fields(&settings)
}

/// Whether the contact's photo is taken from the source, by their rows.
pub(crate) fn gives_photo_to(conn: &mut Connection, row_key: i64, contact_key: i64) -> StoreResult<bool> {
    let connection = fields_of(conn, row_key)?.connection;
    if connection.gives_to(false) {
        return Ok(true);
    }
    let is_hybrid = contacts::table.find(contact_key).select(contacts::is_hybrid).get_result(conn)?;
    let is_extra: Option<bool> = records::table
        .filter(records::source_id.eq(row_key).and(records::contact_id.eq(contact_key)))
        .select(records::is_extra)
        .first(conn)
        .optional()?;
    Ok(connection.gives_photo_to(is_hybrid, is_extra.unwrap_or(true)))
}

/// What is set on a source, as it is kept in `sources.settings`.
pub(crate) fn read_fields(settings: &str) -> StoreResult<SourceFields> {
    SETTINGS.json(settings)
}

/// Whether the source runs without anybody starting it.
pub(crate) fn runs_by_itself(fields: &SourceFields) -> bool {
    fields.schedule.is_some() || fields.poll_minutes.is_some()
}

/// The source's row key.
pub(crate) fn key(conn: &mut Connection, tenant: TenantId, id: SourceId) -> StoreResult<Option<i64>> {
    Ok(find_row(conn, tenant, id)?.map(|row| row.id))
}

fn find_row(conn: &mut Connection, tenant: TenantId, id: SourceId) -> StoreResult<Option<SourceRow>> {
    let row = sources::table
        .inner_join(tenants::table.on(tenants::id.eq(sources::tenant_id)))
        .select(SourceRow::as_select())
        .filter(sources::public_id.eq(id.to_string()))
        .filter(tenants::public_id.eq(tenant.to_string()));
    Ok(row.first(conn).optional()?)
}

fn set_envelope(conn: &mut Connection, row_key: i64, envelope: Option<String>) -> StoreResult<()> {
    diesel::update(sources::table.filter(sources::id.eq(row_key))).set(sources::secret.eq(envelope)).execute(conn)?;
    Ok(())
}

fn place(tenant: TenantId, public_id: &str) -> Place<'_> {
    Place { tenant, object: public_id, field: "sources.secret" }
}

/// Whether the secret is still sent to the same server, as safely, in the same name.
pub fn is_same_place(old: &SourceFields, new: &SourceFields) -> bool {
    use directory_model::source::Connection::{Exchange, Graph, Ldap, Sip, Ucwa};
    match (&old.connection, &new.connection) {
        (Ldap(old), Ldap(new)) => {
            old.url == new.url
                && old.is_starttls == new.is_starttls
                && old.trusted_certificates == new.trusted_certificates
                && old.bind_dn == new.bind_dn
        }
        (Exchange(old), Exchange(new)) => {
            let (photo_size, timeout_seconds) = (old.photo_size, old.timeout_seconds);
            let address_domains = old.address_domains.clone();
            *old == ExchangeConnection { photo_size, timeout_seconds, address_domains, ..new.clone() }
        }
        (Graph(old), Graph(new)) => *old == GraphConnection { timeout_seconds: old.timeout_seconds, ..new.clone() },
        (Ucwa(old), Ucwa(new)) => {
            let (timeout_seconds, address_domains) = (old.timeout_seconds, old.address_domains.clone());
            let (subscription_minutes, publishes) = (old.subscription_minutes, old.publishes);
            *old == UcwaConnection { timeout_seconds, address_domains, subscription_minutes, publishes, ..new.clone() }
        }
        (Sip(old), Sip(new)) => {
            let (expires_seconds, timeout_seconds) = (old.expires_seconds, old.timeout_seconds);
            let address_domains = old.address_domains.clone();
            *old == SipConnection { expires_seconds, timeout_seconds, address_domains, ..new.clone() }
        }
        (old, new) => old == new,
    }
}

refuse_taken!(sources);

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_secret_stays_with_whoever_is_asked_in_whose_name() {
        let exchange = json!({"kind": "exchange", "url": "https://mail/EWS", "timeout_seconds": 5,
            "photo_size": "HR48x48", "authentication": {"method": "basic", "user_name": "a"}});
        let graph = json!({"kind": "graph", "tenant": "example.com", "client_id": "a", "timeout_seconds": 5});
        let ucwa = json!({"kind": "ucwa", "url": "https://lync/", "domains": ["example.com"], "user_name": "a"});
        let sip = json!({"kind": "sip", "host": "sip.example.com", "address": "sip:gw@example.com"});
        let fields = |connection: &Value| -> SourceFields {
            serde_json::from_value(json!({"name": "x", "connection": connection})).expect("a source")
        };

        for (connection, field, value, stays) in [
            (&exchange, "timeout_seconds", json!(9), true),
            (&exchange, "photo_size", json!("HR96x96"), true),
            (&exchange, "address_domains", json!(["example.com"]), true),
            (&exchange, "url", json!("https://elsewhere/EWS"), false),
            (&exchange, "trusted_certificates", json!("PEM"), false),
            (&exchange, "authentication", json!({"method": "basic", "user_name": "b"}), false),
            (&graph, "timeout_seconds", json!(9), true),
            (&graph, "url", json!("https://elsewhere/v1.0"), false),
            (&graph, "token_url", json!("https://elsewhere/token"), false),
            (&ucwa, "timeout_seconds", json!(9), true),
            (&ucwa, "address_domains", json!(["example.com"]), true),
            (&ucwa, "subscription_minutes", json!(10), true),
            (&ucwa, "publishes", json!("own_word"), true),
            (&ucwa, "domains", json!(["example.org"]), false),
            (&sip, "expires_seconds", json!(600), true),
            (&sip, "timeout_seconds", json!(9), true),
            (&sip, "address_domains", json!(["example.com"]), true),
            (&sip, "host", json!("elsewhere.example.com"), false),
            (&sip, "user_name", json!("4711"), false),
            (&sip, "transport", json!("tcp"), false),
            (&graph, "tenant", json!("example.org"), false),
        ] {
            let mut changed = connection.clone();
            changed[field] = value;
            assert_eq!(is_same_place(&fields(connection), &fields(&changed)), stays, "{field}");
        }
        assert!(!is_same_place(&fields(&exchange), &fields(&graph)));
    }
}
