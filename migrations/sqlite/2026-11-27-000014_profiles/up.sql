-- Presence profiles, client profiles, and the call settings that follow them.
-- Older code that still runs knows none of it: profiles drive nothing meanwhile, and nobody loses what is set.

ALTER TABLE resellers ADD COLUMN presence_mode TEXT NOT NULL DEFAULT 'passive';
ALTER TABLE sites ADD COLUMN is_reachable_when_unavailable INTEGER NOT NULL DEFAULT 0 CHECK (is_reachable_when_unavailable IN (0, 1));
-- The code of a built-in client profile, or the public identity of one of the tenant, which is not removed while it
-- is used.
ALTER TABLE users ADD COLUMN client_profile TEXT NOT NULL DEFAULT 'default';

-- Profiles that tenants made; the built-in ones have no rows.
CREATE TABLE presence_profiles (
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
CREATE UNIQUE INDEX presence_profiles_tenant_name_idx ON presence_profiles (tenant_id, name_key);

CREATE TABLE client_profiles (
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
CREATE UNIQUE INDEX client_profiles_tenant_name_idx ON client_profiles (tenant_id, name_key);

-- The profile that a user selected, by its code or public identity; without a row the default.
CREATE TABLE profile_selections (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    profile TEXT NOT NULL,
    selected_at INTEGER NOT NULL
) STRICT;
CREATE INDEX profile_selections_tenant_idx ON profile_selections (tenant_id);

-- What users chose for their calls in a profile.
CREATE TABLE profile_overrides (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    profile TEXT NOT NULL,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- JSON.
    choices TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, profile)
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_overrides_tenant_idx ON profile_overrides (tenant_id);

-- How calls for a user ring, and how far that follows the profile. `due_at` is set in the transaction in which
-- something changed that it depends on, and taken away by what makes the settings so, unless `marked` counted on.
CREATE TABLE call_settings (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    -- JSON.
    settings TEXT NOT NULL,
    profile TEXT,
    is_meeting INTEGER NOT NULL CHECK (is_meeting IN (0, 1)),
    is_managed INTEGER NOT NULL CHECK (is_managed IN (0, 1)),
    wanted_hash TEXT,
    applied_at INTEGER,
    due_at INTEGER,
    marked INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    problem TEXT
) STRICT;
CREATE INDEX call_settings_tenant_idx ON call_settings (tenant_id);
CREATE INDEX call_settings_due_idx ON call_settings (due_at);

-- The devices of a user that ring for calls to groups, and the groups that call them in place of the user.
CREATE TABLE extension_lists (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    -- JSON; empty for all devices.
    devices TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX extension_lists_tenant_idx ON extension_lists (tenant_id);

CREATE TABLE group_extension_lists (
    group_id INTEGER NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    extension_list_id INTEGER NOT NULL REFERENCES extension_lists (id) ON DELETE CASCADE,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, extension_list_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_extension_lists_list_idx ON group_extension_lists (extension_list_id);
CREATE INDEX group_extension_lists_tenant_idx ON group_extension_lists (tenant_id);
