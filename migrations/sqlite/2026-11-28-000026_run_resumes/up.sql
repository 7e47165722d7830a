-- How often a run was taken up again after a start of the gateway without having done anything since.
-- Older code that still runs takes every approved run up again.

ALTER TABLE sync_runs ADD COLUMN resumes INTEGER NOT NULL DEFAULT 0;
