-- What sources reported, and what runs made of it.
-- The first of its kind: no older code runs beside it. Rows that belong to a source or a run go
-- with it, and so with its tenant.

-- One row for each entry that a source ever reported, with what was last believed about it.
CREATE TABLE source_records (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    external_id BLOB NOT NULL,
    locator TEXT NOT NULL,
    contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
    hash BLOB NOT NULL,
    -- JSON: the mapped record, and why the entry is left out.
    mapped TEXT NOT NULL,
    set_aside TEXT,
    -- The SHA-256 hash of the photo that the contact was last given from the entry.
    photo BLOB,
    -- The tag that the photo came with, where the source asks by it whether it changed.
    photo_tag TEXT,
    -- JSON: what of the entry was taken back and is left alone until the directory changes it.
    holds TEXT,
    -- Since when the entry is missing, as far as its contact was taken out of service for it.
    gone_since INTEGER,
    -- Another entry says what the contact's fields are; this one gives its photo.
    is_extra INTEGER NOT NULL DEFAULT 0 CHECK (is_extra IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX source_records_source_external_idx ON source_records (source_id, external_id);
CREATE INDEX source_records_contact_idx ON source_records (contact_id);
-- Few entries have a photo, and whoever looks for these should not read all.
CREATE INDEX source_records_photo_idx ON source_records (source_id) WHERE photo IS NOT NULL;
CREATE INDEX source_records_holds_idx ON source_records (source_id) WHERE holds IS NOT NULL;
CREATE INDEX source_records_gone_idx ON source_records (source_id) WHERE gone_since IS NOT NULL;

CREATE TABLE sync_runs (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    -- JSON: the public identities of the contacts that the run is about; all of the source when null.
    contacts TEXT,
    started_by TEXT NOT NULL,
    state TEXT NOT NULL,
    -- JSON.
    counts TEXT NOT NULL,
    problem TEXT,
    -- How much of the source is read, and why it is more than was asked for.
    extent TEXT NOT NULL,
    whole_because TEXT,
    -- JSON: where the next run continues once this one succeeded.
    cursor TEXT,
    -- A digest of where the entries are.
    place TEXT,
    -- The number of the tenant's line that the plan was made from; the plan is stale once it grows.
    planned_at_seq INTEGER,
    -- Another server answered than last time, and may not have heard of everybody.
    may_lag INTEGER NOT NULL DEFAULT 0 CHECK (may_lag IN (0, 1)),
    -- The public identity of the run that this one takes back.
    undoes TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
-- Some contacts may be looked after while a plan for the whole source waits for approval.
CREATE UNIQUE INDEX sync_runs_one_whole_idx ON sync_runs (source_id) WHERE ended_at IS NULL AND contacts IS NULL;
CREATE UNIQUE INDEX sync_runs_one_limited_idx ON sync_runs (source_id)
    WHERE ended_at IS NULL AND contacts IS NOT NULL;
CREATE INDEX sync_runs_tenant_idx ON sync_runs (tenant_id, id);
CREATE INDEX sync_runs_source_idx ON sync_runs (source_id, id);

-- The record of what a run did. `contact` is a public identity, so that the record outlives it.
CREATE TABLE sync_run_entries (
    run_id INTEGER NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    tenant_id INTEGER NOT NULL,
    action TEXT NOT NULL,
    locator TEXT NOT NULL,
    contact TEXT,
    changes TEXT NOT NULL,
    reason TEXT,
    -- JSON: what it takes to undo the line, beyond what it shows.
    undo TEXT,
    PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

-- What a source last said of each of its groups: a digest, empty when it was not there; and whether what a run did
-- with the group was taken back and is left alone until the source says something else.
CREATE TABLE source_groups (
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    external_id BLOB NOT NULL,
    tenant_id INTEGER NOT NULL,
    digest BLOB NOT NULL,
    is_held INTEGER NOT NULL CHECK (is_held IN (0, 1)),
    PRIMARY KEY (source_id, external_id)
) STRICT, WITHOUT ROWID;

-- Pictures that nobody may show any more but that undoing a run would need.
CREATE TABLE kept_pictures (
    run_id INTEGER NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    digest BLOB NOT NULL,
    tenant_id INTEGER NOT NULL,
    PRIMARY KEY (run_id, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_pictures_digest_idx ON kept_pictures (digest);

-- The steps of a plan that waits for approval or was approved, until they are done.
CREATE TABLE plan_entries (
    run_id INTEGER NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    tenant_id INTEGER NOT NULL,
    step TEXT NOT NULL,
    PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;

-- Contacts that are to be synchronised from a source as soon as none of its runs is in the way.
CREATE TABLE sync_requests (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    started_by TEXT NOT NULL,
    -- The run that sees to it; it waits while there is none.
    run_id INTEGER REFERENCES sync_runs (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sync_requests_source_contact_idx ON sync_requests (source_id, contact_id);
CREATE INDEX sync_requests_tenant_idx ON sync_requests (tenant_id);
CREATE INDEX sync_requests_contact_idx ON sync_requests (contact_id);
CREATE INDEX sync_requests_run_idx ON sync_requests (run_id);
