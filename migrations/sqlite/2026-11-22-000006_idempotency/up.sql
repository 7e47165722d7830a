-- Answers that are repeated when a request is repeated with the same Idempotency-Key.
-- Older code that still runs does not know the table, and does the work again.

CREATE TABLE idempotency_keys (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    -- SHA-256 of what was asked.
    fingerprint BLOB NOT NULL,
    -- JSON; absent while the request is being worked on.
    answer TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX idempotency_keys_tenant_user_key_idx ON idempotency_keys (tenant_id, user_id, key);
CREATE INDEX idempotency_keys_user_idx ON idempotency_keys (user_id);
