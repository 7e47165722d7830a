-- Takes back: users, what they may do, and how they sign in.
DROP TABLE sign_in_links;
DROP TABLE setup_tokens;
DROP TABLE api_tokens;
DROP TABLE sessions;
DROP TABLE grants;
DROP TABLE users;
