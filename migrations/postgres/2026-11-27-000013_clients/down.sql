-- Takes back: who may sign in with clients, and what people allow each other to see.
DROP TABLE presence_allowances;
ALTER TABLE users DROP COLUMN is_client_allowed;
