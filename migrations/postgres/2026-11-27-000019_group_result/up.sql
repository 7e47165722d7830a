-- Whether groups of a publication show one result for all their members.
-- Older code that still runs shows each member's own.

ALTER TABLE publications ADD COLUMN is_group_result BOOLEAN NOT NULL DEFAULT FALSE;
