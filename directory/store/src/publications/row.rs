//! A publication as a row, its domains and its entries.

use std::collections::HashMap;

use diesel::prelude::*;
use directory_model::id::{AlertId, DomainId};
use directory_model::publication::{Publication, PublicationEntry, PublicationFields};
use directory_model::text::sort_key;

use crate::column::{Column, moment, word};
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::{publication_alerts, publication_domains, publication_entries, publications};
use crate::{alerts, contacts, domains, groups, sites, templates};

const OPENING_HOURS: Column = Column("publications", "opening_hours");
const ENQUIRY_SETTINGS: Column = Column("publications", "enquiry_settings");
const MODALITIES: Column = Column("publications", "modalities");

#[derive(Queryable, Selectable)]
#[diesel(table_name = publications)]
pub(super) struct PublicationRow {
    pub(super) id: i64,
    public_id: String,
    created_at: i64,
    #[diesel(embed)]
    pub(super) columns: Columns,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = publications, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct Columns {
    key: String,
    title: String,
    pub(super) title_key: String,
    site_id: Option<i64>,
    is_enabled: bool,
    opening_hours: Option<String>,
    modalities: Option<String>,
    is_coarse: bool,
    is_group_result: bool,
    when_unreachable: String,
    enquiry_settings: Option<String>,
    revision: i64,
    updated_at: i64,
}

impl Columns {
    /// The columns of a publication whose site has the given row key.
    pub(super) fn new(publication: &Publication, site_id: Option<i64>) -> StoreResult<Self> {
        let fields = &publication.fields;
        Ok(Self {
            key: publication.key.clone(),
            title: fields.title.clone(),
            title_key: sort_key(&fields.title),
            site_id,
            is_enabled: fields.is_enabled,
            opening_hours: fields.opening_hours.as_ref().map(|hours| OPENING_HOURS.to_json(hours)).transpose()?,
            modalities: fields.modalities.as_ref().map(|offered| MODALITIES.to_json(offered)).transpose()?,
            is_coarse: fields.is_coarse,
            is_group_result: fields.is_group_result,
            when_unreachable: word(fields.when_unreachable),
            enquiry_settings: Some(ENQUIRY_SETTINGS.to_json(&fields.enquiries)?),
            revision: publication.revision,
            updated_at: publication.updated_at.millis(),
        })
    }
}

/// Reads rows, with their domains and entries.
pub(super) fn read_all(conn: &mut Connection, rows: Vec<PublicationRow>) -> StoreResult<Vec<Publication>> {
    let keys: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let sites = sites::ids(conn, rows.iter().filter_map(|row| row.columns.site_id))?;
    let mut domains = domains_of(conn, &keys)?;
    let mut alerts = alerts_of(conn, &keys)?;
    let mut chosen = templates::chosen(conn, &keys)?;
    let mut entries = entries_of(conn, &keys)?;
    let read = |row: PublicationRow| {
        let columns = row.columns;
        Ok(Publication {
            id: Column("publications", "public_id").id(&row.public_id)?,
            key: columns.key,
            fields: PublicationFields {
                title: columns.title,
                site: columns.site_id.and_then(|key| sites.get(&key).copied()),
                is_enabled: columns.is_enabled,
                domains: domains.remove(&row.id).unwrap_or_default(),
                opening_hours: columns.opening_hours.map(|hours| OPENING_HOURS.json(&hours)).transpose()?,
                modalities: columns.modalities.map(|offered| MODALITIES.json(&offered)).transpose()?,
                is_coarse: columns.is_coarse,
                is_group_result: columns.is_group_result,
                when_unreachable: Column("publications", "when_unreachable").word(&columns.when_unreachable)?,
                enquiries: columns
                    .enquiry_settings
                    .map(|settings| ENQUIRY_SETTINGS.json(&settings))
                    .transpose()?
                    .unwrap_or_default(),
                alerts: alerts.remove(&row.id).unwrap_or_default(),
                templates: chosen.remove(&row.id).unwrap_or_default(),
            },
            entries: entries.remove(&row.id).unwrap_or_default(),
            revision: columns.revision,
            created_at: moment(row.created_at),
            updated_at: moment(columns.updated_at),
        })
    };
    rows.into_iter().map(read).collect()
}

fn domains_of(conn: &mut Connection, keys: &[i64]) -> StoreResult<HashMap<i64, Vec<DomainId>>> {
    let mut rows: Vec<(i64, i64)> = Vec::new();
    for keys in keys.chunks(CHUNK) {
        let found = publication_domains::table
            .filter(publication_domains::publication_id.eq_any(keys))
            .order((publication_domains::publication_id.asc(), publication_domains::position.asc()))
            .select((publication_domains::publication_id, publication_domains::domain_id));
        rows.extend(found.load::<(i64, i64)>(conn)?);
    }
    let ids = domains::ids(conn, rows.iter().map(|(_, domain)| *domain))?;
    let mut domains: HashMap<i64, Vec<DomainId>> = HashMap::new();
    for (publication, domain) in rows {
        domains.entry(publication).or_default().extend(ids.get(&domain).copied());
    }
    Ok(domains)
}

fn alerts_of(conn: &mut Connection, keys: &[i64]) -> StoreResult<HashMap<i64, Vec<AlertId>>> {
    let mut rows: Vec<(i64, i64)> = Vec::new();
    for keys in keys.chunks(CHUNK) {
        let found = publication_alerts::table
            .filter(publication_alerts::publication_id.eq_any(keys))
            .order((publication_alerts::publication_id.asc(), publication_alerts::position.asc()))
            .select((publication_alerts::publication_id, publication_alerts::alert_id));
        rows.extend(found.load::<(i64, i64)>(conn)?);
    }
    let ids = alerts::ids(conn, rows.iter().map(|(_, alert)| *alert))?;
    let mut alerts: HashMap<i64, Vec<AlertId>> = HashMap::new();
    for (publication, alert) in rows {
        alerts.entry(publication).or_default().extend(ids.get(&alert).copied());
    }
    Ok(alerts)
}

fn entries_of(conn: &mut Connection, keys: &[i64]) -> StoreResult<HashMap<i64, Vec<PublicationEntry>>> {
    let mut rows: Vec<(i64, Option<i64>, Option<i64>)> = Vec::new();
    for keys in keys.chunks(CHUNK) {
        let found = publication_entries::table
            .filter(publication_entries::publication_id.eq_any(keys))
            .order((publication_entries::publication_id.asc(), publication_entries::position.asc()))
            .select((
                publication_entries::publication_id,
                publication_entries::contact_id,
                publication_entries::group_id,
            ));
        rows.extend(found.load::<(i64, Option<i64>, Option<i64>)>(conn)?);
    }
    let contacts = contacts::ids(conn, rows.iter().filter_map(|(_, contact, _)| *contact))?;
    let groups = groups::ids(conn, rows.iter().filter_map(|(_, _, group)| *group))?;
    let mut entries: HashMap<i64, Vec<PublicationEntry>> = HashMap::new();
    for (publication, contact, group) in rows {
        let contact = contact.and_then(|key| contacts.get(&key)).copied().map(PublicationEntry::Contact);
        let group = group.and_then(|key| groups.get(&key)).copied().map(PublicationEntry::Group);
        entries.entry(publication).or_default().extend(contact.or(group));
    }
    Ok(entries)
}
