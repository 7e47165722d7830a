-- Who may sign in with clients, and what people allow each other to see of their presence.
-- Older code that still runs knows neither: it lets nobody in with a client.

ALTER TABLE users ADD COLUMN is_client_allowed INTEGER NOT NULL DEFAULT 0 CHECK (is_client_allowed IN (0, 1));

-- `level` is the number of what the watcher may see of the owner (AsnPresenceRightsFlags).
CREATE TABLE presence_allowances (
    owner_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    watcher_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    level INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (owner_id, watcher_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_allowances_watcher_idx ON presence_allowances (watcher_id);
CREATE INDEX presence_allowances_tenant_idx ON presence_allowances (tenant_id);
