-- Who is told when synchronization needs somebody, and what is on its way to them.
-- Older code that still runs does not know the tables, and tells nobody.

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL,
    -- JSON.
    settings TEXT NOT NULL,
    -- A sealed envelope.
    secret TEXT,
    delivered_at INTEGER,
    -- JSON: why the last attempt failed.
    failure TEXT,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX alerts_tenant_name_idx ON alerts (tenant_id, name_key);

-- Messages that have not arrived yet. They are the same however often they are sent.
CREATE TABLE alert_outbox (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    -- JSON.
    message TEXT NOT NULL,
    -- JSON: to which addresses it need not be sent again.
    told TEXT,
    -- Somebody wants to see whether it arrives; once is enough.
    is_test INTEGER NOT NULL CHECK (is_test IN (0, 1)),
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_outbox_tenant_idx ON alert_outbox (tenant_id, id);
CREATE INDEX alert_outbox_alert_idx ON alert_outbox (alert_id);
CREATE INDEX alert_outbox_next_idx ON alert_outbox (next_at);

-- Sources whose silence was told, until they succeed again.
CREATE TABLE alert_silences (
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (alert_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_silences_source_idx ON alert_silences (source_id);
CREATE INDEX alert_silences_tenant_idx ON alert_silences (tenant_id);
