//! Users' lists of devices that ring for calls to groups, and the groups that call them in place of the user.

use diesel::prelude::*;
use directory_model::audit::Act;
use directory_model::change::ObjectKind;
use directory_model::id::{ExtensionListId, GroupId, TenantId, UserId};
use serde_json::json;

use crate::column::Column;
use crate::connection::Connection;
use crate::error::StoreResult;
use crate::schema::{extension_lists, group_extension_lists, groups, tenants, users};
use crate::tx::Tx;

const DEVICES: Column = Column("extension_lists", "devices");
const ID: Column = Column("extension_lists", "public_id");

/// The devices of a user that ring for calls to groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionList {
    /// Its public identity.
    pub id: ExtensionListId,
    /// Whose.
    pub user: UserId,
    /// As the telephone system calls them; all of the user's devices when empty.
    pub devices: Vec<String>,
}

type Row = (String, String, String);

fn read((id, user, devices): Row) -> StoreResult<ExtensionList> {
    let user = Column("users", "public_id").id(&user)?;
    Ok(ExtensionList { id: ID.id(&id)?, user, devices: DEVICES.json(&devices)? })
}

macro_rules! lists {
    () => {
        extension_lists::table
            .inner_join(users::table.on(users::id.eq(extension_lists::user_id)))
            .inner_join(tenants::table.on(tenants::id.eq(extension_lists::tenant_id)))
    };
}

/// The list.
pub fn find(conn: &mut Connection, tenant: TenantId, id: ExtensionListId) -> StoreResult<Option<ExtensionList>> {
    let row: Option<Row> = lists!()
        .filter(extension_lists::public_id.eq(id.to_string()).and(tenants::public_id.eq(tenant.to_string())))
        .select((extension_lists::public_id, users::public_id, extension_lists::devices))
        .first(conn)
        .optional()?;
    row.map(read).transpose()
}

/// The user's list, if there is one.
pub fn of_user(conn: &mut Connection, tenant: TenantId, user: UserId) -> StoreResult<Option<ExtensionList>> {
    let row: Option<Row> = lists!()
        .filter(users::public_id.eq(user.to_string()).and(tenants::public_id.eq(tenant.to_string())))
        .select((extension_lists::public_id, users::public_id, extension_lists::devices))
        .first(conn)
        .optional()?;
    row.map(read).transpose()
}

/// The lists that the group calls in place of their users; `None` when there is no such group.
pub fn of_group(conn: &mut Connection, tenant: TenantId, group: GroupId) -> StoreResult<Option<Vec<ExtensionList>>> {
    let Some(group_key) = group_key(conn, tenant, group)? else { return Ok(None) };
    let rows: Vec<Row> = lists!()
        .inner_join(group_extension_lists::table.on(group_extension_lists::extension_list_id.eq(extension_lists::id)))
        .filter(group_extension_lists::group_id.eq(group_key).and(tenants::public_id.eq(tenant.to_string())))
        .select((extension_lists::public_id, users::public_id, extension_lists::devices))
        .order(extension_lists::id.asc())
        .load(conn)?;
    rows.into_iter().map(read).collect::<StoreResult<Vec<_>>>().map(Some)
}

/// Makes the list a member of the group; `None` when one of them does not exist.
pub fn add_to_group(tx: &mut Tx<'_>, group: GroupId, list: ExtensionListId) -> StoreResult<Option<()>> {
    let Some((group_key, list_key)) = keys(tx, group, list)? else { return Ok(None) };
    let known = group_extension_lists::table.find((group_key, list_key));
    if diesel::select(diesel::dsl::exists(known)).get_result(tx.conn)? {
        return Ok(Some(()));
    }
    diesel::insert_into(group_extension_lists::table)
        .values((
            group_extension_lists::group_id.eq(group_key),
            group_extension_lists::extension_list_id.eq(list_key),
            group_extension_lists::tenant_id.eq(tx.tenant_key),
        ))
        .execute(tx.conn)?;
    tx.audit(Act::Update, ObjectKind::Group, group, &json!({"extension_list": [null, list]}))?;
    Ok(Some(()))
}

/// Takes the list out of the group; `None` when it is not in it.
pub fn remove_from_group(tx: &mut Tx<'_>, group: GroupId, list: ExtensionListId) -> StoreResult<Option<()>> {
    let Some((group_key, list_key)) = keys(tx, group, list)? else { return Ok(None) };
    let removal = diesel::delete(group_extension_lists::table.find((group_key, list_key)));
    if removal.execute(tx.conn)? == 0 {
        return Ok(None);
    }
    tx.audit(Act::Update, ObjectKind::Group, group, &json!({"extension_list": [list, null]}))?;
    Ok(Some(()))
}

/// Makes the user's list hold these devices, or takes it away with its places in groups.
pub(crate) fn follow(tx: &mut Tx<'_>, user_key: i64, user: UserId, devices: Option<&[String]>) -> StoreResult<()> {
    let tenant = tx.tenant;
    let old = of_user(tx.conn, tenant, user)?;
    let of_user = extension_lists::table.filter(extension_lists::user_id.eq(user_key));
    let (act, id) = match (old, devices) {
        (None, None) => return Ok(()),
        (Some(old), Some(devices)) if old.devices == devices => return Ok(()),
        (Some(old), None) => {
            diesel::delete(of_user).execute(tx.conn)?;
            (Act::Remove, old.id)
        }
        (Some(old), Some(devices)) => {
            let updated_at = extension_lists::updated_at.eq(tx.now().millis());
            let change = (extension_lists::devices.eq(DEVICES.to_json(devices)?), updated_at);
            diesel::update(of_user).set(change).execute(tx.conn)?;
            (Act::Update, old.id)
        }
        (None, Some(devices)) => {
            let id = ExtensionListId::new(tx.ids());
            diesel::insert_into(extension_lists::table)
                .values((
                    extension_lists::tenant_id.eq(tx.tenant_key),
                    extension_lists::public_id.eq(id.to_string()),
                    extension_lists::user_id.eq(user_key),
                    extension_lists::devices.eq(DEVICES.to_json(devices)?),
                    extension_lists::updated_at.eq(tx.now().millis()),
                ))
                .execute(tx.conn)?;
            (Act::Create, id)
        }
    };
    tx.audit(act, ObjectKind::ExtensionList, id, &json!({"user": [null, user]}))
}

fn keys(tx: &mut Tx<'_>, group: GroupId, list: ExtensionListId) -> StoreResult<Option<(i64, i64)>> {
    let tenant = tx.tenant;
    let Some(group) = group_key(tx.conn, tenant, group)? else { return Ok(None) };
    let of_tenant = extension_lists::table.filter(extension_lists::tenant_id.eq(tx.tenant_key));
    let list: Option<i64> = of_tenant
        .filter(extension_lists::public_id.eq(list.to_string()))
        .select(extension_lists::id)
        .first(tx.conn)
        .optional()?;
    Ok(list.map(|list| (group, list)))
}

fn group_key(conn: &mut Connection, tenant: TenantId, group: GroupId) -> StoreResult<Option<i64>> {
    let key = groups::table
        .inner_join(tenants::table.on(tenants::id.eq(groups::tenant_id)))
        .filter(groups::public_id.eq(group.to_string()).and(tenants::public_id.eq(tenant.to_string())))
        .select(groups::id);
    Ok(key.first(conn).optional()?)
}
