-- Lists of contacts can be narrowed without reading contacts, and contacts removed by hand can come back.
-- Older code that still runs lists as before, and removes contacts for good.

-- Lists, searches and filters read this index alone.
DROP INDEX contacts_list_idx;
CREATE INDEX contacts_list_idx ON contacts (tenant_id, sort_key, id, search_key, home_site_id, is_ucma_endpoint,
    is_hybrid, is_vcard_enabled, disabled_by);
-- Says from which sources a contact comes, without its entries.
DROP INDEX source_records_contact_idx;
CREATE INDEX source_records_contact_idx ON source_records (contact_id, source_id, is_extra);

CREATE TABLE removed_contacts (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    removed_at INTEGER NOT NULL,
    -- All that it was, as JSON.
    contact TEXT NOT NULL
) STRICT;
CREATE INDEX removed_contacts_tenant_idx ON removed_contacts (tenant_id, removed_at);

-- Pictures that nobody may show any more but that a contact that comes back would need.
CREATE TABLE removed_pictures (
    removed_id INTEGER NOT NULL REFERENCES removed_contacts (id) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    PRIMARY KEY (removed_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_pictures_digest_idx ON removed_pictures (digest);
CREATE INDEX removed_pictures_tenant_idx ON removed_pictures (tenant_id);
