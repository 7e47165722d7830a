//! Where a contact appears.

use diesel::prelude::*;
use directory_model::id::{ContactId, GroupId, PublicationId, TenantId};

use crate::column::Column;
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{group_members, groups, publication_entries, publications};
use crate::tenants;

/// Where a contact appears, and therefore what its removal changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// Groups that it was made a member of, with their names.
    pub groups: Vec<(GroupId, String)>,
    /// Publications that list it, with their titles.
    pub publications: Vec<(PublicationId, String)>,
}

/// Where the contact appears; `None` when there is no such contact.
pub fn uses(conn: &mut Connection, tenant: TenantId, id: ContactId) -> StoreResult<Option<Uses>> {
    let Some(tenant_key) = tenants::key(conn, tenant)? else { return Ok(None) };
    let Some(key) = super::key(conn, tenant_key, id)? else { return Ok(None) };
    let in_groups: Vec<(String, String)> = group_members::table
        .inner_join(groups::table.on(groups::id.eq(group_members::group_id)))
        .filter(group_members::contact_id.eq(key))
        .select((groups::public_id, groups::name))
        .order((groups::name_key.asc(), groups::id.asc()))
        .load(conn)?;
    let shown_in: Vec<(String, String)> = publication_entries::table
        .inner_join(publications::table.on(publications::id.eq(publication_entries::publication_id)))
        .filter(publication_entries::contact_id.eq(key))
        .select((publications::public_id, publications::title))
        .order((publications::title_key.asc(), publications::id.asc()))
        .load(conn)?;
    let mut uses = Uses::default();
    for (id, name) in in_groups {
        uses.groups.push((Column("groups", "public_id").id(&id)?, name));
    }
    for (id, title) in shown_in {
        uses.publications.push((Column("publications", "public_id").id(&id)?, title));
    }
    Ok(Some(uses))
}
