-- Presence that outlives a restart, notes and pictures.
-- The first of its kind: no older code runs beside it.

CREATE TABLE manual_presence (
    contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    availability TEXT NOT NULL,
    activity TEXT,
    is_out_of_office INTEGER NOT NULL CHECK (is_out_of_office IN (0, 1)),
    custom TEXT,
    since INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;
CREATE INDEX manual_presence_tenant_idx ON manual_presence (tenant_id);

-- Who is out of office, whatever the state.
CREATE TABLE out_of_office (
    contact_id INTEGER PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    since INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;
CREATE INDEX out_of_office_tenant_idx ON out_of_office (tenant_id);

-- How the tenant's claims become presence; without a row as by default.
CREATE TABLE presence_rules (
    tenant_id INTEGER PRIMARY KEY REFERENCES tenants (id) ON DELETE CASCADE,
    -- JSON.
    rules TEXT NOT NULL,
    revision INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- States that the tenant gave a name.
CREATE TABLE custom_states (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL,
    -- JSON.
    settings TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX custom_states_tenant_name_idx ON custom_states (tenant_id, name_key);

-- Claims, written now and then so that a restart does not forget them; also some that have ended, as
-- the last word of sources that fell silent.
CREATE TABLE presence_claims (
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    device TEXT NOT NULL,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    availability TEXT NOT NULL,
    activity TEXT,
    is_out_of_office INTEGER NOT NULL CHECK (is_out_of_office IN (0, 1)),
    is_tentative INTEGER NOT NULL CHECK (is_tentative IN (0, 1)),
    is_repeated INTEGER NOT NULL CHECK (is_repeated IN (0, 1)),
    custom TEXT,
    since INTEGER NOT NULL,
    heard_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (contact_id, kind, source, device)
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_claims_tenant_idx ON presence_claims (tenant_id);
CREATE INDEX presence_claims_expires_idx ON presence_claims (expires_at);

CREATE TABLE presence_notes (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
) STRICT;
CREATE INDEX presence_notes_contact_idx ON presence_notes (contact_id);
CREATE INDEX presence_notes_tenant_idx ON presence_notes (tenant_id);

-- Pictures, kept once for each content.
CREATE TABLE blobs (
    digest BLOB PRIMARY KEY,
    media_type TEXT NOT NULL,
    bytes BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- A picture of a contact, or what a domain shows for contacts without one.
CREATE TABLE avatars (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    contact_id INTEGER REFERENCES contacts (id) ON DELETE CASCADE,
    domain_id INTEGER REFERENCES domains (id) ON DELETE CASCADE,
    large BLOB NOT NULL REFERENCES blobs (digest),
    small BLOB NOT NULL REFERENCES blobs (digest),
    is_synced INTEGER NOT NULL CHECK (is_synced IN (0, 1)),
    synced_from_id INTEGER REFERENCES sources (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    CHECK ((contact_id IS NULL) <> (domain_id IS NULL))
) STRICT;
CREATE INDEX avatars_contact_idx ON avatars (contact_id);
CREATE INDEX avatars_domain_idx ON avatars (domain_id);
CREATE UNIQUE INDEX avatars_photo_idx ON avatars (contact_id) WHERE is_synced = 1;
CREATE INDEX avatars_tenant_idx ON avatars (tenant_id);
CREATE INDEX avatars_large_idx ON avatars (large);
CREATE INDEX avatars_small_idx ON avatars (small);
CREATE INDEX avatars_synced_from_idx ON avatars (synced_from_id);

-- Which picture is shown in which state; each state of a contact or domain has at most one.
CREATE TABLE avatar_statuses (
    avatar_id INTEGER NOT NULL REFERENCES avatars (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    contact_id INTEGER REFERENCES contacts (id) ON DELETE CASCADE,
    domain_id INTEGER REFERENCES domains (id) ON DELETE CASCADE,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    PRIMARY KEY (avatar_id, status),
    CHECK ((contact_id IS NULL) <> (domain_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX avatar_statuses_contact_idx ON avatar_statuses (contact_id, status);
CREATE UNIQUE INDEX avatar_statuses_domain_idx ON avatar_statuses (domain_id, status);
CREATE INDEX avatar_statuses_tenant_idx ON avatar_statuses (tenant_id);
