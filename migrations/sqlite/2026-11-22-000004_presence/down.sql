-- Takes back: presence that outlives a restart, notes and pictures.
DROP TABLE avatar_statuses;
DROP TABLE avatars;
DROP TABLE blobs;
DROP TABLE presence_notes;
DROP TABLE presence_claims;
DROP TABLE custom_states;
DROP TABLE presence_rules;
DROP TABLE out_of_office;
DROP TABLE manual_presence;
