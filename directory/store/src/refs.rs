//! From public identities to row keys and back.

/// Stamps look-ups of one table: `key` and `keys` from identities to row keys, `ids` back.
macro_rules! refs {
    ($table:ident, $id:ty: $($way:ident),+) => {
        $($crate::refs::refs!(@$way $table, $id);)+
    };
    (@key $table:ident, $id:ty) => {
        /// The row key of the object, if the tenant has it.
        pub(crate) fn key(
            conn: &mut $crate::connection::Connection,
            tenant_key: i64,
            id: $id,
        ) -> $crate::error::StoreResult<Option<i64>> {
            use ::diesel::prelude::*;
            use $crate::schema::$table;
            Ok($table::table
                .filter($table::tenant_id.eq(tenant_key))
                .filter($table::public_id.eq(id.to_string()))
                .select($table::id)
                .get_result(conn)
                .optional()?)
        }
    };
    (@keys $table:ident, $id:ty) => {
        /// The row keys of those objects that the tenant has.
        pub(crate) fn keys(
            conn: &mut $crate::connection::Connection,
            tenant_key: i64,
            ids: &[$id],
        ) -> $crate::error::StoreResult<::std::collections::HashMap<$id, i64>> {
            use ::diesel::prelude::*;
            use $crate::schema::$table;
            let mut keys = ::std::collections::HashMap::with_capacity(ids.len());
            for ids in ids.chunks($crate::refs::CHUNK) {
                let rows: Vec<(i64, String)> = $table::table
                    // As a sum, so that SQLite does not look through all of the tenant for a few of it.
                    .filter(($table::tenant_id + 0).eq(tenant_key))
                    .filter($table::public_id.eq_any(ids.iter().map(ToString::to_string)))
                    .select(($table::id, $table::public_id))
                    .load(conn)?;
                for (key, id) in rows {
                    keys.insert($crate::column::Column(stringify!($table), "public_id").id(&id)?, key);
                }
            }
            Ok(keys)
        }
    };
    (@ids $table:ident, $id:ty) => {
        /// The public identities of rows.
        pub(crate) fn ids(
            conn: &mut $crate::connection::Connection,
            keys: impl IntoIterator<Item = i64>,
        ) -> $crate::error::StoreResult<::std::collections::HashMap<i64, $id>> {
            use ::diesel::prelude::*;
            use $crate::schema::$table;
            let keys: ::std::collections::BTreeSet<i64> = keys.into_iter().collect();
            let keys: Vec<i64> = keys.into_iter().collect();
            let mut ids = ::std::collections::HashMap::with_capacity(keys.len());
            for keys in keys.chunks($crate::refs::CHUNK) {
                let rows: Vec<(i64, String)> =
                    $table::table.filter($table::id.eq_any(keys)).select(($table::id, $table::public_id)).load(conn)?;
                for (key, id) in rows {
                    ids.insert(key, $crate::column::Column(stringify!($table), "public_id").id(&id)?);
                }
            }
            Ok(ids)
        }
    };
}
pub(crate) use refs;

/// How many values one `IN` list holds at most.
pub(crate) const CHUNK: usize = 500;
