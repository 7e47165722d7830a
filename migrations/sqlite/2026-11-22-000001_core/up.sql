-- Tenants, their directory and what it shows, the line of changes, the audit trail.
-- The first of its kind: no older code runs beside it.

CREATE TABLE resellers (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    client_licences INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- `settings` holds the fields that nothing but the gateway itself looks into, as JSON.
CREATE TABLE tenants (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    reseller_id INTEGER REFERENCES resellers (id),
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    settings TEXT NOT NULL,
    sdk_key TEXT NOT NULL UNIQUE,
    change_seq INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tenants_reseller_idx ON tenants (reseller_id);

-- The reserved tenant that platform users belong to and in which changes to resellers and tenants
-- are numbered. Its empty name cannot be given to a customer.
INSERT INTO tenants (public_id, name, name_key, is_disabled, settings, sdk_key, change_seq, revision, created_at, updated_at)
VALUES ('00000000000000000000000000', '', '', FALSE, '{}', '', 0, 1, 0, 0);

CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    -- The source's fields as JSON, and its sealed secret.
    settings TEXT NOT NULL,
    secret TEXT,
    -- JSON: where the last run ended that read all of the source, and of which settings.
    cursor TEXT,
    -- A digest of where the entries were that the last run over all of it compared.
    place TEXT,
    -- A run was taken back, so the next one asks before it changes anything.
    is_cautious INTEGER NOT NULL DEFAULT 0 CHECK (is_cautious IN (0, 1)),
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sources_tenant_name_idx ON sources (tenant_id, name_key);

CREATE TABLE sites (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
    street TEXT,
    zip_code TEXT,
    city TEXT,
    state TEXT,
    country TEXT,
    time_zone TEXT NOT NULL,
    -- JSON lists.
    number_ranges TEXT NOT NULL,
    features TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sites_tenant_name_idx ON sites (tenant_id, name_key);

CREATE TABLE "groups" (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    parent_id INTEGER REFERENCES "groups" (id) ON DELETE CASCADE,
    root_of_site_id INTEGER UNIQUE REFERENCES sites (id) ON DELETE CASCADE,
    -- The source that the group is mirrored from, and what identifies it there; the node above these
    -- groups has only the source.
    synced_from_id INTEGER REFERENCES sources (id) ON DELETE CASCADE,
    external_id BLOB,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
-- Root groups are named after their site and stand outside this rule.
CREATE UNIQUE INDEX groups_sibling_name_idx ON "groups" (tenant_id, COALESCE(parent_id, 0), name_key) WHERE root_of_site_id IS NULL;
CREATE INDEX groups_parent_idx ON "groups" (parent_id);
CREATE INDEX groups_tenant_name_idx ON "groups" (tenant_id, name_key, id);
CREATE UNIQUE INDEX groups_synced_from_idx ON "groups" (synced_from_id, external_id);

CREATE TABLE domains (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    -- A JSON list.
    hosts TEXT NOT NULL,
    is_http_allowed INTEGER NOT NULL CHECK (is_http_allowed IN (0, 1)),
    is_https_allowed INTEGER NOT NULL CHECK (is_https_allowed IN (0, 1)),
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX domains_tenant_title_idx ON domains (tenant_id, title_key);

CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    sip TEXT,
    mail TEXT,
    skype TEXT,
    first_name TEXT,
    last_name TEXT,
    display_name TEXT,
    company TEXT,
    job_title TEXT,
    office TEXT,
    work_phone TEXT,
    work_country TEXT,
    work_state TEXT,
    work_zip_code TEXT,
    work_city TEXT,
    work_street TEXT,
    home_site_id INTEGER REFERENCES sites (id) ON DELETE SET NULL,
    is_vcard_enabled INTEGER NOT NULL CHECK (is_vcard_enabled IN (0, 1)),
    can_be_contacted_on_busy INTEGER NOT NULL CHECK (can_be_contacted_on_busy IN (0, 1)),
    is_contactable_through_consumer_skype INTEGER NOT NULL CHECK (is_contactable_through_consumer_skype IN (0, 1)),
    is_ucma_endpoint INTEGER NOT NULL CHECK (is_ucma_endpoint IN (0, 1)),
    is_display_name_overwrite_enabled INTEGER NOT NULL CHECK (is_display_name_overwrite_enabled IN (0, 1)),
    service_display_name TEXT,
    staffed_by_id INTEGER REFERENCES "groups" (id) ON DELETE SET NULL,
    is_hybrid INTEGER NOT NULL CHECK (is_hybrid IN (0, 1)),
    -- `manual` or `sync`; absent while in service.
    disabled_by TEXT,
    -- Which source and run wrote which field, as JSON; empty when all was entered by hand.
    provenance TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    search_key TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
-- Lists and searches read this index alone.
CREATE INDEX contacts_list_idx ON contacts (tenant_id, sort_key, id, search_key);
CREATE INDEX contacts_home_site_idx ON contacts (home_site_id) WHERE home_site_id IS NOT NULL;
CREATE INDEX contacts_staffed_by_idx ON contacts (staffed_by_id) WHERE staffed_by_id IS NOT NULL;

-- The addresses in use: unique in the tenant and for their kind. A disabled contact has none here.
CREATE TABLE contact_keys (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    folded TEXT NOT NULL,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    PRIMARY KEY (tenant_id, kind, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_keys_contact_idx ON contact_keys (contact_id);

CREATE TABLE group_members (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    group_id INTEGER NOT NULL REFERENCES "groups" (id) ON DELETE CASCADE,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_contact_idx ON group_members (contact_id);
CREATE INDEX group_members_tenant_idx ON group_members (tenant_id);

CREATE TABLE publications (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    site_id INTEGER REFERENCES sites (id) ON DELETE SET NULL,
    is_enabled INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
    -- JSON; absent for "always open" and "all of the tenant's".
    opening_hours TEXT,
    modalities TEXT,
    is_coarse INTEGER NOT NULL CHECK (is_coarse IN (0, 1)),
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX publications_tenant_title_idx ON publications (tenant_id, title_key);
CREATE INDEX publications_site_idx ON publications (site_id);

CREATE TABLE publication_domains (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    publication_id INTEGER NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    domain_id INTEGER NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
    PRIMARY KEY (publication_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_domains_domain_idx ON publication_domains (domain_id);
CREATE INDEX publication_domains_tenant_idx ON publication_domains (tenant_id);

CREATE TABLE publication_entries (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    publication_id INTEGER NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    -- One of the two.
    contact_id INTEGER REFERENCES contacts (id) ON DELETE CASCADE,
    group_id INTEGER REFERENCES "groups" (id) ON DELETE CASCADE,
    PRIMARY KEY (publication_id, position),
    CHECK ((contact_id IS NULL) <> (group_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_entries_contact_idx ON publication_entries (contact_id);
CREATE INDEX publication_entries_group_idx ON publication_entries (group_id);
CREATE INDEX publication_entries_tenant_idx ON publication_entries (tenant_id);

-- What changed at which number of the tenant's line.
CREATE TABLE changes (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    at INTEGER NOT NULL,
    is_removal INTEGER NOT NULL CHECK (is_removal IN (0, 1)),
    PRIMARY KEY (tenant_id, seq, kind, object)
) STRICT, WITHOUT ROWID;

-- Append-only: the store has no function that changes or removes a row.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    act TEXT NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    -- {"field": [old, new]} as JSON.
    changes TEXT NOT NULL,
    request TEXT
) STRICT;
CREATE INDEX audit_tenant_idx ON audit (tenant_id, id);

-- Who may serve this database, until when, and under which fencing number.
CREATE TABLE gateway_lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    fence INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
