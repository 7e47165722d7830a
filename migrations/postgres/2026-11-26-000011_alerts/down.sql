-- Takes back: who is told when synchronization needs somebody.
DROP TABLE alert_silences;
DROP TABLE alert_outbox;
DROP TABLE alerts;
