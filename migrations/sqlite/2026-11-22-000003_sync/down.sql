-- Takes back: what sources reported, and what runs made of it.
DROP TABLE sync_requests;
DROP TABLE plan_entries;
DROP TABLE kept_pictures;
DROP TABLE source_groups;
DROP TABLE sync_run_entries;
DROP TABLE sync_runs;
DROP TABLE source_records;
