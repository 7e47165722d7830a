-- Takes back: second factors and identity providers.
DROP TABLE identities;
DROP TABLE identity_providers;
DROP TABLE recovery_codes;
ALTER TABLE sessions DROP COLUMN provider;
ALTER TABLE users DROP COLUMN totp_step;
ALTER TABLE users DROP COLUMN totp_confirmed_at;
ALTER TABLE users DROP COLUMN totp_secret;
