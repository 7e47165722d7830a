-- Takes back: what pages do while nobody can be reached, and what visitors left.
DELETE FROM alert_outbox WHERE enquiry_id IS NOT NULL;
DROP INDEX alert_outbox_enquiry_idx;
ALTER TABLE alert_outbox DROP COLUMN enquiry_id;
DROP TABLE enquiries;
DROP TABLE publication_alerts;
ALTER TABLE publications DROP COLUMN enquiry_settings;
ALTER TABLE publications DROP COLUMN when_unreachable;
