-- How users sign in besides their passwords: second factors and identity providers.
-- Older code that still runs knows neither: it asks nobody for a code.

-- A sealed envelope; a second factor is in use once it was confirmed.
ALTER TABLE users ADD COLUMN totp_secret TEXT;
ALTER TABLE users ADD COLUMN totp_confirmed_at INTEGER;
-- The time step of the code that was used last.
ALTER TABLE users ADD COLUMN totp_step INTEGER;

-- The public identity of the identity provider by which the session began.
ALTER TABLE sessions ADD COLUMN provider TEXT;

-- Codes that each work once in the place of a second factor.
CREATE TABLE recovery_codes (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_codes_tenant_idx ON recovery_codes (tenant_id);

CREATE TABLE identity_providers (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    name_key TEXT NOT NULL,
    -- JSON.
    settings TEXT NOT NULL,
    -- A sealed envelope.
    secret TEXT,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identity_providers_tenant_name_idx ON identity_providers (tenant_id, name_key);

-- Whom an issuer calls what.
CREATE TABLE identities (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identities_tenant_issuer_subject_idx ON identities (tenant_id, issuer, subject);
CREATE UNIQUE INDEX identities_user_issuer_idx ON identities (user_id, issuer);
