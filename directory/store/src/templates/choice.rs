//! Which templates publications chose.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use directory_model::invalid::{Invalid, Rule};
use directory_model::publication::PublicationFields;
use directory_model::template::{TemplateKind, TemplateName};

use super::{find_row, ids};
use crate::column::Column;
use crate::connection::{Connection, per_backend};
use crate::error::StoreResult;
use crate::refs::CHUNK;
use crate::schema::publication_templates;
use crate::tx::Tx;

const KIND: Column = Column("publication_templates", "kind");

/// A kind, and the row key of the template that was chosen; none for the built-in one.
pub(crate) type Choice = (TemplateKind, Option<i64>);

/// The row keys of what a publication chooses. Refuses what is missing, of another kind, or of another site than
/// the publication.
pub(crate) fn choices(
    tx: &mut Tx<'_>,
    fields: &PublicationFields,
    refusals: &mut Vec<Invalid>,
) -> StoreResult<Vec<Choice>> {
    let mut choices = Vec::new();
    for (kind, name) in &fields.templates {
        let TemplateName::Own(id) = name else {
            choices.push((*kind, None));
            continue;
        };
        let row = find_row(tx.conn, tx.tenant, id)?;
        let found = row.map(|row| Ok::<_, crate::error::StoreError>((row.id, row.fields()?))).transpose()?;
        let may_have =
            found.filter(|(_, found)| found.kind == *kind && (found.site.is_none() || found.site == fields.site));
        match may_have {
            Some((key, _)) => choices.push((*kind, Some(key))),
            None => refusals.push(Invalid::new(format!("templates.{}", kind.code()), id, Rule::Unknown)),
        }
    }
    Ok(choices)
}

#[derive(Insertable)]
#[diesel(table_name = publication_templates)]
struct ChoiceRow {
    tenant_id: i64,
    publication_id: i64,
    kind: &'static str,
    template_id: Option<i64>,
}

/// Replaces what the publication chose.
pub(crate) fn choose(tx: &mut Tx<'_>, publication: i64, choices: &[Choice]) -> StoreResult<()> {
    let old = publication_templates::table.filter(publication_templates::publication_id.eq(publication));
    diesel::delete(old).execute(tx.conn)?;
    let (tenant_id, publication_id) = (tx.tenant_key, publication);
    let row = |(kind, template_id): &Choice| ChoiceRow {
        tenant_id,
        publication_id,
        kind: kind.code(),
        template_id: *template_id,
    };
    let rows: Vec<ChoiceRow> = choices.iter().map(row).collect();
    per_backend!(tx.conn, |conn| diesel::insert_into(publication_templates::table).values(&rows).execute(conn))?;
    Ok(())
}

/// What publications chose, by their row keys.
pub(crate) fn chosen(
    conn: &mut Connection,
    publications: &[i64],
) -> StoreResult<HashMap<i64, BTreeMap<TemplateKind, TemplateName>>> {
    let mut rows: Vec<(i64, String, Option<i64>)> = Vec::new();
    for keys in publications.chunks(CHUNK) {
        let found = publication_templates::table.filter(publication_templates::publication_id.eq_any(keys)).select((
            publication_templates::publication_id,
            publication_templates::kind,
            publication_templates::template_id,
        ));
        rows.extend(found.load::<(i64, String, Option<i64>)>(conn)?);
    }
    let names = ids(conn, rows.iter().filter_map(|(_, _, template)| *template))?;
    let mut chosen: HashMap<i64, BTreeMap<TemplateKind, TemplateName>> = HashMap::new();
    for (publication, kind, template) in rows {
        let kind: TemplateKind = KIND.word(&kind)?;
        let own = template.map(|key| names.get(&key).copied().map(TemplateName::Own));
        let name = own.unwrap_or(Some(TemplateName::BuiltIn(kind)));
        chosen.entry(publication).or_default().extend(name.map(|name| (kind, name)));
    }
    Ok(chosen)
}

/// The row keys of the publications that chose one of these templates.
pub(super) fn chosen_by(conn: &mut Connection, templates: &[i64]) -> StoreResult<Vec<i64>> {
    let mut found = BTreeSet::new();
    for keys in templates.chunks(CHUNK) {
        let keys: Vec<Option<i64>> = keys.iter().copied().map(Some).collect();
        let of_these = publication_templates::table.filter(publication_templates::template_id.eq_any(keys));
        found.extend(of_these.select(publication_templates::publication_id).load::<i64>(conn)?);
    }
    Ok(found.into_iter().collect())
}
