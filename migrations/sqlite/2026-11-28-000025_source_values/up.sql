-- What entries of sources said before they were mapped, so that a changed mapping can be applied to it.
-- Older code that still runs keeps nothing; entries that it reads are read again before they are mapped anew.

-- Which attributes were asked for, once for all entries that were read by the same list.
CREATE TABLE source_value_lists (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    -- JSON: the names, sorted.
    names TEXT NOT NULL
) STRICT;
CREATE INDEX source_value_lists_tenant_idx ON source_value_lists (tenant_id);
CREATE INDEX source_value_lists_source_idx ON source_value_lists (source_id);

CREATE TABLE source_values (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    external_id BLOB NOT NULL,
    locator TEXT NOT NULL,
    origin_id BLOB,
    -- The list of its attributes, in source_value_lists.
    list INTEGER NOT NULL,
    -- Of everything here, so that only what changed is written.
    digest INTEGER NOT NULL,
    -- JSON, at most 16 KiB.
    entry_values TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX source_values_source_external_idx ON source_values (source_id, external_id);
