//! Tables of what tenants give names and otherwise keep as settings: profiles, named states and the like.

/// Stamps a module with what such a table's rows have in common. The table has `tenant_id`, `public_id`, `name_key`,
/// `settings`, `revision`, `created_at` and `updated_at`; `$fields` is what the settings hold, and has a `name`.
macro_rules! named_rows {
    ($table:ident, $fields:ty, at most $most:expr, $unit:literal) => {
        const SETTINGS: $crate::column::Column = $crate::column::Column(stringify!($table), "settings");

        #[derive(::diesel::Queryable, ::diesel::Selectable)]
        #[diesel(table_name = $table)]
        struct Row {
            id: i64,
            public_id: String,
            name_key: String,
            settings: String,
            revision: i64,
            created_at: i64,
            updated_at: i64,
        }

        impl Row {
            fn public_id<T: ::std::str::FromStr<Err: ToString>>(&self) -> $crate::error::StoreResult<T> {
                $crate::column::Column(stringify!($table), "public_id").id(&self.public_id)
            }

            fn fields(&self) -> $crate::error::StoreResult<$fields> {
                SETTINGS.json(&self.settings)
            }
        }

        fn find_row(
            conn: &mut $crate::connection::Connection,
            tenant: ::directory_model::id::TenantId,
            id: impl ToString,
        ) -> $crate::error::StoreResult<Option<Row>> {
            use $crate::schema::tenants;
            let row = $table::table
                .inner_join(tenants::table.on(tenants::id.eq($table::tenant_id)))
                .select(Row::as_select())
                .filter($table::public_id.eq(id.to_string()).and(tenants::public_id.eq(tenant.to_string())));
            Ok(row.first(conn).optional()?)
        }

        /// The row, unless it changed since `expected_revision`.
        fn require_row(
            tx: &mut $crate::tx::Tx<'_>,
            id: impl ToString,
            expected_revision: Option<i64>,
        ) -> $crate::error::StoreResult<Option<Row>> {
            let row = find_row(tx.conn, tx.tenant, id)?;
            match (&row, expected_revision) {
                (Some(row), Some(expected)) if row.revision != expected => Err($crate::error::StoreError::Stale),
                _ => Ok(row),
            }
        }

        /// All of the tenant, by name.
        fn rows(
            conn: &mut $crate::connection::Connection,
            tenant: ::directory_model::id::TenantId,
        ) -> $crate::error::StoreResult<Vec<Row>> {
            let Some(tenant_key) = $crate::tenants::key(conn, tenant)? else { return Ok(Vec::new()) };
            let of_tenant = $table::table.select(Row::as_select()).filter($table::tenant_id.eq(tenant_key));
            let mut rows: Vec<Row> = of_tenant.load(conn)?;
            rows.sort_unstable_by(|one, other| (&one.name_key, one.id).cmp(&(&other.name_key, other.id)));
            Ok(rows)
        }

        /// Conflicts when the name is taken, and refuses more than a tenant may have.
        fn insert_row(
            tx: &mut $crate::tx::Tx<'_>,
            id: impl ToString,
            fields: &$fields,
        ) -> $crate::error::StoreResult<()> {
            refuse_taken(tx, &fields.name, None)?;
            let of_tenant = $table::table.filter($table::tenant_id.eq(tx.tenant_key));
            let known: i64 = of_tenant.count().get_result(tx.conn)?;
            if usize::try_from(known).is_ok_and(|known| known >= $most) {
                let rule = ::directory_model::invalid::Rule::TooLong { max: $most as u64, unit: $unit.into() };
                return Err($crate::error::StoreError::refused("name", &fields.name, rule));
            }
            let now = tx.now().millis();
            diesel::insert_into($table::table)
                .values((
                    $table::tenant_id.eq(tx.tenant_key),
                    $table::public_id.eq(id.to_string()),
                    $table::name_key.eq(::directory_model::text::sort_key(&fields.name)),
                    $table::settings.eq(SETTINGS.to_json(fields)?),
                    $table::revision.eq(1),
                    $table::created_at.eq(now),
                    $table::updated_at.eq(now),
                ))
                .execute(tx.conn)?;
            Ok(())
        }

        /// Conflicts when the name is taken.
        fn update_row(tx: &mut $crate::tx::Tx<'_>, row_key: i64, fields: &$fields) -> $crate::error::StoreResult<()> {
            refuse_taken(tx, &fields.name, Some(row_key))?;
            diesel::update($table::table.find(row_key))
                .set((
                    $table::name_key.eq(::directory_model::text::sort_key(&fields.name)),
                    $table::settings.eq(SETTINGS.to_json(fields)?),
                    $table::revision.eq($table::revision + 1),
                    $table::updated_at.eq(tx.now().millis()),
                ))
                .execute(tx.conn)?;
            Ok(())
        }

        $crate::named::refuse_taken!($table);
    };
}
pub(crate) use named_rows;

/// Stamps a module with `refuse_taken`, which conflicts when another row of the tenant has the name.
macro_rules! refuse_taken {
    ($table:ident) => {
        fn refuse_taken(
            tx: &mut $crate::tx::Tx<'_>,
            name: &str,
            own_key: Option<i64>,
        ) -> $crate::error::StoreResult<()> {
            let key = ::directory_model::text::sort_key(name);
            let taken: Option<i64> = $table::table
                .select($table::id)
                .filter($table::tenant_id.eq(tx.tenant_key).and($table::name_key.eq(key)))
                .filter($table::id.ne(own_key.unwrap_or(0)))
                .first(tx.conn)
                .optional()?;
            match taken {
                Some(_) => Err($crate::error::Conflict::Name { field: "name", value: name.to_owned() }.into()),
                None => Ok(()),
            }
        }
    };
}
pub(crate) use refuse_taken;
