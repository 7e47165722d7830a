-- Takes back: presence that outlives a restart, notes and pictures.
DROP TABLE avatar_statuses;
DROP TABLE avatars;
DROP TABLE blobs;
DROP TABLE presence_notes;
DROP TABLE presence_claims;
DROP TABLE manual_presence;
