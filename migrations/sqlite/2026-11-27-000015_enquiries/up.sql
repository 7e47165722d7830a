-- What pages do while nobody can be reached, and what visitors leave then.
-- Older code that still runs offers visitors nothing of it; what they left waits until newer code sends it.

ALTER TABLE publications ADD COLUMN when_unreachable TEXT NOT NULL DEFAULT 'next_time';
-- JSON; nothing is set where it is absent.
ALTER TABLE publications ADD COLUMN enquiry_settings TEXT;

-- Who is told what visitors of a page leave.
CREATE TABLE publication_alerts (
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    publication_id INTEGER NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    PRIMARY KEY (publication_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX publication_alerts_alert_idx ON publication_alerts (alert_id);
CREATE INDEX publication_alerts_tenant_idx ON publication_alerts (tenant_id);

CREATE TABLE enquiries (
    id INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    public_id TEXT NOT NULL UNIQUE,
    publication_id INTEGER REFERENCES publications (id) ON DELETE SET NULL,
    -- Whom it is about: one of the two, or neither.
    contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
    group_id INTEGER REFERENCES "groups" (id) ON DELETE SET NULL,
    -- The form that it was written in, which is taken once.
    form TEXT NOT NULL,
    -- What the page called its request, if anything.
    idempotency_key TEXT,
    fingerprint BLOB NOT NULL,
    kind TEXT NOT NULL,
    -- JSON: what the visitor left.
    said TEXT NOT NULL,
    done_at INTEGER,
    done_by TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX enquiries_tenant_form_idx ON enquiries (tenant_id, form);
CREATE UNIQUE INDEX enquiries_tenant_key_idx ON enquiries (tenant_id, idempotency_key);
CREATE INDEX enquiries_tenant_idx ON enquiries (tenant_id, id);
CREATE INDEX enquiries_publication_idx ON enquiries (publication_id);
CREATE INDEX enquiries_contact_idx ON enquiries (contact_id);
CREATE INDEX enquiries_group_idx ON enquiries (group_id);
CREATE INDEX enquiries_expires_idx ON enquiries (expires_at);

-- The row key of the enquiry that a message is about. No reference, because tables refer only to older ones:
-- whoever removes an enquiry removes these as well.
ALTER TABLE alert_outbox ADD COLUMN enquiry_id INTEGER;
CREATE INDEX alert_outbox_enquiry_idx ON alert_outbox (enquiry_id);
