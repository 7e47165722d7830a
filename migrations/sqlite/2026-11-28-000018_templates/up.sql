-- What visitors see around contacts and forms, and which publications have which.
-- Older code that still runs shows visitors the built-in ones.

-- Those that tenants made; the built-in ones have no rows.
CREATE TABLE templates (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL,
    -- JSON.
    settings TEXT NOT NULL,
    -- Set once: they stand in the settings as well.
    site_id INTEGER REFERENCES sites (id) ON DELETE CASCADE,
    base_id INTEGER REFERENCES templates (id),
    -- The kind, if publications that say nothing else have it.
    default_for TEXT,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX templates_tenant_name_idx ON templates (tenant_id, name_key);
CREATE INDEX templates_site_idx ON templates (site_id);
CREATE INDEX templates_base_idx ON templates (base_id);

-- What publications chose; the built-in one where there is no template.
CREATE TABLE publication_templates (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    publication_id INTEGER NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    template_id INTEGER REFERENCES templates (id) ON DELETE CASCADE,
    PRIMARY KEY (publication_id, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_templates_template_idx ON publication_templates (template_id);
CREATE INDEX publication_templates_tenant_idx ON publication_templates (tenant_id);
