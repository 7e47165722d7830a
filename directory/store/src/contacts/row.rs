//! A contact as a row.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl;
use diesel::upsert::excluded;
use directory_model::contact::{Contact, ContactFields, DisabledBy};
use directory_model::id::{GroupId, SiteId};
use directory_model::text::{search_key, sort_key};

use super::provenance;
use crate::column::{Column, moment, word};
use crate::connection::Connection;
use crate::connection::rows::sqlite_row;
use crate::error::{StoreError, StoreResult};
use crate::refs::CHUNK;
use crate::schema::contacts;
use crate::{groups, sites};

/// A whole row.
#[derive(Queryable, Selectable)]
#[diesel(table_name = contacts)]
pub(crate) struct ContactRow {
    pub(crate) id: i64,
    pub(super) public_id: String,
    pub(super) created_at: i64,
    #[diesel(embed)]
    pub(super) columns: Columns,
}

/// What a change of a contact writes.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Debug, Clone)]
#[diesel(table_name = contacts, treat_none_as_default_value = false, treat_none_as_null = true)]
#[expect(clippy::struct_excessive_bools, reason = "the contact's check-boxes")]
pub(crate) struct Columns {
    sip: Option<String>,
    mail: Option<String>,
    skype: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    company: Option<String>,
    job_title: Option<String>,
    office: Option<String>,
    work_phone: Option<String>,
    work_country: Option<String>,
    work_state: Option<String>,
    work_zip_code: Option<String>,
    work_city: Option<String>,
    work_street: Option<String>,
    home_site_id: Option<i64>,
    is_vcard_enabled: bool,
    can_be_contacted_on_busy: bool,
    is_contactable_through_consumer_skype: bool,
    is_ucma_endpoint: bool,
    is_display_name_overwrite_enabled: bool,
    service_display_name: Option<String>,
    staffed_by_id: Option<i64>,
    is_hybrid: bool,
    disabled_by: Option<String>,
    provenance: String,
    sort_key: String,
    search_key: String,
    revision: i64,
    updated_at: i64,
}

/// A new row.
#[derive(Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
pub(crate) struct NewRow {
    pub(super) tenant_id: i64,
    pub(super) public_id: String,
    pub(super) created_at: i64,
    #[diesel(embed)]
    pub(super) columns: Columns,
}

/// A new row whose key is known.
#[derive(Insertable)]
#[diesel(table_name = contacts)]
pub(crate) struct KeyedRow {
    pub(super) id: i64,
    #[diesel(embed)]
    pub(super) row: NewRow,
}

sqlite_row!(KeyedRow, contacts, |keyed| {
    id: keyed.id,
    tenant_id: keyed.row.tenant_id,
    public_id: keyed.row.public_id,
    created_at: keyed.row.created_at,
    sip: keyed.row.columns.sip,
    mail: keyed.row.columns.mail,
    skype: keyed.row.columns.skype,
    first_name: keyed.row.columns.first_name,
    last_name: keyed.row.columns.last_name,
    display_name: keyed.row.columns.display_name,
    company: keyed.row.columns.company,
    job_title: keyed.row.columns.job_title,
    office: keyed.row.columns.office,
    work_phone: keyed.row.columns.work_phone,
    work_country: keyed.row.columns.work_country,
    work_state: keyed.row.columns.work_state,
    work_zip_code: keyed.row.columns.work_zip_code,
    work_city: keyed.row.columns.work_city,
    work_street: keyed.row.columns.work_street,
    home_site_id: keyed.row.columns.home_site_id,
    is_vcard_enabled: keyed.row.columns.is_vcard_enabled,
    can_be_contacted_on_busy: keyed.row.columns.can_be_contacted_on_busy,
    is_contactable_through_consumer_skype: keyed.row.columns.is_contactable_through_consumer_skype,
    is_ucma_endpoint: keyed.row.columns.is_ucma_endpoint,
    is_display_name_overwrite_enabled: keyed.row.columns.is_display_name_overwrite_enabled,
    service_display_name: keyed.row.columns.service_display_name,
    staffed_by_id: keyed.row.columns.staffed_by_id,
    is_hybrid: keyed.row.columns.is_hybrid,
    disabled_by: keyed.row.columns.disabled_by,
    provenance: keyed.row.columns.provenance,
    sort_key: keyed.row.columns.sort_key,
    search_key: keyed.row.columns.search_key,
    revision: keyed.row.columns.revision,
    updated_at: keyed.row.columns.updated_at,
});

/// What a row that is there already takes of the one that was to be inserted.
macro_rules! excluded_columns {
    ($($column:ident),+ $(,)?) => { ($(contacts::$column.eq(excluded(contacts::$column)),)+) };
}

impl Columns {
    /// The columns of a contact whose references have the given row keys.
    pub(super) fn new(contact: Contact, home_site_id: Option<i64>, staffed_by_id: Option<i64>) -> Self {
        let fields = contact.fields;
        Self {
            sort_key: sort_key(&fields.shown_name()),
            search_key: search_key(fields.search_parts()),
            sip: fields.sip,
            mail: fields.mail,
            skype: fields.skype,
            first_name: fields.first_name,
            last_name: fields.last_name,
            display_name: fields.display_name,
            company: fields.company,
            job_title: fields.job_title,
            office: fields.office,
            work_phone: fields.work_phone,
            work_country: fields.work_country,
            work_state: fields.work_state,
            work_zip_code: fields.work_zip_code,
            work_city: fields.work_city,
            work_street: fields.work_street,
            home_site_id,
            is_vcard_enabled: fields.is_vcard_enabled,
            can_be_contacted_on_busy: fields.can_be_contacted_on_busy,
            is_contactable_through_consumer_skype: fields.is_contactable_through_consumer_skype,
            is_ucma_endpoint: fields.is_ucma_endpoint,
            is_display_name_overwrite_enabled: fields.is_display_name_overwrite_enabled,
            service_display_name: fields.service_display_name,
            staffed_by_id,
            is_hybrid: fields.is_hybrid,
            disabled_by: contact.disabled_by.map(word),
            provenance: provenance::write(&contact.provenance),
            revision: contact.revision,
            updated_at: contact.updated_at.millis(),
        }
    }
}

impl ContactRow {
    fn read(self, sites: &HashMap<i64, SiteId>, groups: &HashMap<i64, GroupId>) -> StoreResult<Contact> {
        let columns = self.columns;
        let disabled_by: Option<DisabledBy> =
            columns.disabled_by.map(|by| Column("contacts", "disabled_by").word(&by)).transpose()?;
        let fields = ContactFields {
            sip: columns.sip,
            mail: columns.mail,
            skype: columns.skype,
            first_name: columns.first_name,
            last_name: columns.last_name,
            display_name: columns.display_name,
            company: columns.company,
            job_title: columns.job_title,
            office: columns.office,
            work_phone: columns.work_phone,
            work_country: columns.work_country,
            work_state: columns.work_state,
            work_zip_code: columns.work_zip_code,
            work_city: columns.work_city,
            work_street: columns.work_street,
            home_site: columns.home_site_id.and_then(|key| sites.get(&key).copied()),
            is_vcard_enabled: columns.is_vcard_enabled,
            can_be_contacted_on_busy: columns.can_be_contacted_on_busy,
            is_contactable_through_consumer_skype: columns.is_contactable_through_consumer_skype,
            is_ucma_endpoint: columns.is_ucma_endpoint,
            is_display_name_overwrite_enabled: columns.is_display_name_overwrite_enabled,
            service_display_name: columns.service_display_name,
            staffed_by: columns.staffed_by_id.and_then(|key| groups.get(&key).copied()),
            is_hybrid: columns.is_hybrid,
            is_disabled: disabled_by.is_some(),
        };
        Ok(Contact {
            id: Column("contacts", "public_id").id(&self.public_id)?,
            fields,
            disabled_by,
            provenance: provenance::read(&columns.provenance)?,
            revision: columns.revision,
            created_at: moment(self.created_at),
            updated_at: moment(columns.updated_at),
        })
    }
}

/// Reads rows, and looks up what they refer to.
pub(crate) fn read_all(conn: &mut Connection, rows: Vec<ContactRow>) -> StoreResult<Vec<Contact>> {
    let sites = sites::ids(conn, rows.iter().filter_map(|row| row.columns.home_site_id))?;
    let groups = groups::ids(conn, rows.iter().filter_map(|row| row.columns.staffed_by_id))?;
    rows.into_iter().map(|row| row.read(&sites, &groups)).collect()
}

/// Writes rows over those with their keys, each of which must be one revision behind: one by one where statements
/// cost nothing, and many at once where each is a way to the server and back.
pub(super) fn update_all(conn: &mut Connection, rows: &[KeyedRow]) -> StoreResult<()> {
    let mut written = 0;
    match conn {
        Connection::Sqlite(conn) => {
            for KeyedRow { id, row } in rows {
                let before = contacts::id.eq(id).and(contacts::revision.eq(row.columns.revision - 1));
                written +=
                    diesel::update(FilterDsl::filter(contacts::table, before)).set(&row.columns).execute(conn)?;
            }
        }
        Connection::Postgres(conn) => {
            for rows in rows.chunks(CHUNK) {
                let upsert =
                    diesel::insert_into(contacts::table).values(rows).on_conflict(contacts::id).do_update().set(
                        excluded_columns!(
                            sip,
                            mail,
                            skype,
                            first_name,
                            last_name,
                            display_name,
                            company,
                            job_title,
                            office,
                            work_phone,
                            work_country,
                            work_state,
                            work_zip_code,
                            work_city,
                            work_street,
                            home_site_id,
                            is_vcard_enabled,
                            can_be_contacted_on_busy,
                            is_contactable_through_consumer_skype,
                            is_ucma_endpoint,
                            is_display_name_overwrite_enabled,
                            service_display_name,
                            staffed_by_id,
                            is_hybrid,
                            disabled_by,
                            provenance,
                            sort_key,
                            search_key,
                            revision,
                            updated_at,
                        ),
                    );
                let is_next = (contacts::revision + 1).eq(excluded(contacts::revision));
                written += FilterDsl::filter(upsert, is_next).execute(conn)?;
            }
        }
    }
    if written == rows.len() { Ok(()) } else { Err(StoreError::Stale) }
}
