-- Who may sign in with clients, and what people allow each other to see of their presence.
-- Older code that still runs knows neither: it lets nobody in with a client.

ALTER TABLE users ADD COLUMN is_client_allowed BOOLEAN NOT NULL DEFAULT FALSE;

-- `level` is the number of what the watcher may see of the owner (AsnPresenceRightsFlags).
CREATE TABLE presence_allowances (
    owner_id BIGINT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    watcher_id BIGINT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    tenant_id BIGINT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    level BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (owner_id, watcher_id)
);
CREATE INDEX presence_allowances_watcher_idx ON presence_allowances (watcher_id);
CREATE INDEX presence_allowances_tenant_idx ON presence_allowances (tenant_id);
