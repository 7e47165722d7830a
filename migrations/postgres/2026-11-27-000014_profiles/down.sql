-- Takes back: presence profiles, client profiles, and the call settings that follow them.
DROP TABLE group_extension_lists;
DROP TABLE extension_lists;
DROP TABLE call_settings;
DROP TABLE profile_overrides;
DROP TABLE profile_selections;
DROP TABLE client_profiles;
DROP TABLE presence_profiles;
ALTER TABLE users DROP COLUMN client_profile;
ALTER TABLE sites DROP COLUMN is_reachable_when_unavailable;
ALTER TABLE resellers DROP COLUMN presence_mode;
