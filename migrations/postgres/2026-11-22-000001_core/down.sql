-- Takes back: tenants, their directory and what it shows, the line of changes, the audit trail.
DROP TABLE meta;
DROP TABLE gateway_lease;
DROP TABLE audit;
DROP TABLE changes;
DROP TABLE publication_entries;
DROP TABLE publication_domains;
DROP TABLE publications;
DROP TABLE group_members;
DROP TABLE contact_keys;
DROP TABLE contacts;
DROP TABLE domains;
DROP TABLE "groups";
DROP TABLE sites;
DROP TABLE sources;
DROP TABLE tenants;
DROP TABLE resellers;
