-- Takes back: answers that are repeated.
DROP TABLE idempotency_keys;
