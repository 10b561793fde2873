/**
 * - entity: every queue, topic, subscription and dead-letter queue that was ever declared.
 * - message: one row per message and place, small, since locking and releasing rewrite it. Waiting when neither
 *   scheduled_at nor locked_until is set. Instants are milliseconds since 1970.
 * - content: what the sender said, written once and removed with its message.
 * - duplicate: message ids seen within the detection window.
 *
 * Each question of the broker has its index, so no cost grows with the number of waiting messages.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE COLLATE NOCASE
  ) STRICT;

  CREATE TABLE message (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    entity_id INTEGER NOT NULL REFERENCES entity (id),
    content_id INTEGER NOT NULL,
    delivery_count INTEGER NOT NULL DEFAULT 0,
    enqueued_at INTEGER NOT NULL,
    scheduled_at INTEGER,
    expires_at INTEGER,
    locked_until INTEGER,
    lock_token TEXT,
    dead_letter_reason TEXT,
    dead_letter_description TEXT
  ) STRICT;
  CREATE INDEX message_by_entity ON message (entity_id, sequence);
  CREATE INDEX message_waiting ON message (entity_id, sequence) WHERE scheduled_at IS NULL AND locked_until IS NULL;
  CREATE INDEX message_locked ON message (entity_id, locked_until) WHERE locked_until IS NOT NULL;
  CREATE INDEX message_scheduled ON message (entity_id, scheduled_at, sequence) WHERE scheduled_at IS NOT NULL;
  CREATE INDEX message_expiring ON message (entity_id, expires_at)
    WHERE expires_at IS NOT NULL AND scheduled_at IS NULL AND locked_until IS NULL;

  CREATE TABLE content (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    body TEXT NOT NULL,
    content_type TEXT,
    subject TEXT,
    correlation_id TEXT,
    destination TEXT,
    application_properties TEXT NOT NULL
  ) STRICT;

  CREATE TABLE duplicate (
    entity_id INTEGER NOT NULL REFERENCES entity (id),
    message_id TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (entity_id, message_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX duplicate_by_age ON duplicate (entity_id, seen_at);
  `,
];
