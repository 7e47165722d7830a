DROP TABLE removed_pictures;
DROP TABLE removed_contacts;
DROP INDEX source_records_contact_idx;
CREATE INDEX source_records_contact_idx ON source_records (contact_id);
DROP INDEX contacts_list_idx;
CREATE INDEX contacts_list_idx ON contacts (tenant_id, sort_key, id, search_key);
