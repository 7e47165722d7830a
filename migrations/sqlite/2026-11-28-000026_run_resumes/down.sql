-- Takes back: how often a run was taken up again.
ALTER TABLE sync_runs DROP COLUMN resumes;
