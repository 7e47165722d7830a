-- Takes back: whether groups of a publication show one result for all their members.
ALTER TABLE publications DROP COLUMN is_group_result;
